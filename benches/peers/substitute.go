package main

import (
	"context"

	"github.com/fluxcd/pkg/envsubst"
	"github.com/fluxcd/pkg/kustomize"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/kustomize/api/provider"
	"sigs.k8s.io/kustomize/api/resource"
)

var variables = map[string]string{
	"domain":  "example.com",
	"region":  "eu-west-1",
	"version": "2.0.1",
}

func substitute(stream []byte) {
	var texts []string
	var loaded []*resource.Resource
	factory := provider.NewDefaultDepProvider().GetResourceFactory()
	for _, document := range documents(stream) {
		texts = append(texts, string(document))
		object, err := factory.FromBytes(document)
		if err != nil {
			fail(err)
		}
		loaded = append(loaded, object)
	}

	measure("text", nothing, func() { evaluate(texts) })
	checksum("text", evaluated(texts))
	first := []string{string(stream[:1<<20])}
	measure("text_1m", nothing, func() { evaluate(first) })
	checksum("text_1m", evaluated(first))

	// Substitution changes the resources, so every run gets its own.
	var objects []*resource.Resource
	copies := func() {
		objects = nil
		for _, object := range loaded {
			objects = append(objects, object.DeepCopy())
		}
	}
	measure("objects", copies, func() { apply(objects) })
	var written [][]byte
	for _, object := range objects {
		text, err := object.MarshalJSON()
		if err != nil {
			fail(err)
		}
		written = append(written, text)
	}
	checksum("objects", written)
}

func evaluate(texts []string) {
	for _, text := range texts {
		eval(text)
	}
}

func evaluated(texts []string) [][]byte {
	var results [][]byte
	for _, text := range texts {
		results = append(results, []byte(eval(text)))
	}
	return results
}

func eval(text string) string {
	result, err := envsubst.Eval(text, func(name string) (string, bool) {
		value, ok := variables[name]
		return value, ok
	})
	if err != nil {
		fail(err)
	}
	return result
}

func apply(objects []*resource.Resource) {
	kustomization := unstructured.Unstructured{Object: map[string]any{}}
	err := unstructured.SetNestedStringMap(kustomization.Object, variables, "spec", "postBuild", "substitute")
	if err != nil {
		fail(err)
	}
	for _, object := range objects {
		// Without substituteFrom no client is asked.
		_, err := kustomize.SubstituteVariables(context.Background(), nil, kustomization, object,
			kustomize.SubstituteWithStrict(true))
		if err != nil {
			fail(err)
		}
	}
}
