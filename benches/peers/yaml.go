package main

import (
	yaml3 "go.yaml.in/yaml/v3"
	"sigs.k8s.io/yaml"
)

func yamls(stream []byte) {
	values := read(stream)
	measure("read", nothing, func() { read(stream) })
	measure("read_v3", nothing, func() { readV3(stream) })
	measure("write", nothing, func() { write(values) })
	checksum("write", write(values))
}

func read(stream []byte) []any {
	var values []any
	for _, document := range documents(stream) {
		var value any
		if err := yaml.Unmarshal(document, &value); err != nil {
			fail(err)
		}
		values = append(values, value)
	}
	return values
}

func readV3(stream []byte) []any {
	var values []any
	for _, document := range documents(stream) {
		var value any
		if err := yaml3.Unmarshal(document, &value); err != nil {
			fail(err)
		}
		values = append(values, value)
	}
	return values
}

func write(values []any) [][]byte {
	texts := make([][]byte, 0, len(values))
	for _, value := range values {
		text, err := yaml.Marshal(value)
		if err != nil {
			fail(err)
		}
		texts = append(texts, text)
	}
	return texts
}
