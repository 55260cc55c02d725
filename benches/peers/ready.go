package main

import (
	"bytes"

	"github.com/fluxcd/cli-utils/pkg/kstatus/status"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

func ready(stream []byte) {
	var objects []*unstructured.Unstructured
	for line := range bytes.SplitSeq(stream, []byte("\n")) {
		object := &unstructured.Unstructured{}
		if err := object.UnmarshalJSON(line); err != nil {
			fail(err)
		}
		objects = append(objects, object)
	}
	results := make([]*status.Result, len(objects))
	measure("compute", nothing, func() {
		for i, object := range objects {
			result, err := status.Compute(object)
			if err != nil {
				fail(err)
			}
			results[i] = result
		}
	})
	measure("hot", nothing, func() {
		for range 100 {
			for i, object := range objects[:100] {
				result, err := status.Compute(object)
				if err != nil {
					fail(err)
				}
				results[i] = result
			}
		}
	})
	var texts [][]byte
	for _, result := range results {
		texts = append(texts, []byte(result.Status.String()+" "+result.Message+"\n"))
	}
	checksum("compute", texts)
}
