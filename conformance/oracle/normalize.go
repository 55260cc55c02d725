package main

import (
	"encoding/json"

	"github.com/fluxcd/pkg/ssa"
	"github.com/fluxcd/pkg/ssa/normalize"
	ssautils "github.com/fluxcd/pkg/ssa/utils"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	utiljson "k8s.io/apimachinery/pkg/util/json"
)

func ssaNormalize(raw json.RawMessage) answer {
	given := wireObject(raw)
	if err := normalize.UnstructuredList([]*unstructured.Unstructured{given}); err != nil {
		return failed("normalize", err)
	}
	return ok(object{"object": given.Object})
}

func ssaNormalizeDryRun(raw json.RawMessage) answer {
	given := wireObject(raw)
	if err := normalize.DryRunUnstructured(given); err != nil {
		return failed("normalize", err)
	}
	return ok(object{"object": given.Object})
}

// wireObject is the object of the input with the numbers that the client of
// Kubernetes would read.
func wireObject(raw json.RawMessage) *unstructured.Unstructured {
	content := map[string]any{}
	if err := utiljson.Unmarshal(input[struct{ Object json.RawMessage }](raw).Object, &content); err != nil {
		panic(err)
	}
	return &unstructured.Unstructured{Object: content}
}

func ssaMetadata(raw json.RawMessage) answer {
	in := input[struct {
		Owner  *struct{ Name, Namespace string }
		Common *struct{ Labels, Annotations map[string]string }
	}](raw)
	given := []*unstructured.Unstructured{wireObject(raw)}
	if in.Owner != nil {
		manager := ssa.NewResourceManager(nil, nil, ssa.Owner{Group: "kustomize.toolkit.fluxcd.io"})
		manager.SetOwnerLabels(given, in.Owner.Name, in.Owner.Namespace)
	}
	if in.Common != nil {
		ssautils.SetCommonMetadata(given, in.Common.Labels, in.Common.Annotations)
	}
	return ok(object{"object": given[0].Object})
}
