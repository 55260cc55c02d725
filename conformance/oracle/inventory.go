package main

import (
	"encoding/json"

	cliobject "github.com/fluxcd/cli-utils/pkg/object"
	kustomizev1 "github.com/fluxcd/kustomize-controller/api/v1"
	kustomize "github.com/fluxcd/kustomize-controller/oracle"
	"github.com/fluxcd/pkg/apis/meta"
	"github.com/fluxcd/pkg/ssa"
	ssautil "github.com/fluxcd/pkg/ssa/utils"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

type inventoryEntries []kustomizev1.ResourceRef

func (e inventoryEntries) inventory() *kustomizev1.ResourceInventory {
	return &kustomizev1.ResourceInventory{Entries: e}
}

func inventoryID(raw json.RawMessage) answer {
	in := input[struct{ Object map[string]any }](raw)
	u := &unstructured.Unstructured{Object: in.Object}
	set := ssa.NewChangeSet()
	set.Add(ssa.ChangeSetEntry{
		ObjMetadata:  cliobject.UnstructuredToObjMetadata(u),
		GroupVersion: u.GroupVersionKind().Version,
	})
	inv := inventoryEntries{}.inventory()
	if err := kustomize.AddChangeSet(inv, set); err != nil {
		return failed(unclassified, err)
	}
	return ok(object{
		"id":      inv.Entries[0].ID,
		"v":       inv.Entries[0].Version,
		"subject": ssautil.FmtUnstructured(u),
	})
}

func inventoryParse(raw json.RawMessage) answer {
	in := input[struct{ ID string }](raw)
	id, err := cliobject.ParseObjMetadata(in.ID)
	if err != nil {
		return failed("id", err)
	}
	return ok(object{
		"namespace": id.Namespace,
		"name":      id.Name,
		"group":     id.GroupKind.Group,
		"kind":      id.GroupKind.Kind,
		"id":        id.String(),
	})
}

func inventoryDiff(raw json.RawMessage) answer {
	in := input[struct{ Old, New inventoryEntries }](raw)
	stale, err := kustomize.Diff(in.Old.inventory(), in.New.inventory())
	if err != nil {
		return failed("id", err)
	}
	seen := map[string]string{}
	for _, u := range stale {
		id, version := cliobject.UnstructuredToObjMetadata(u).String(), u.GroupVersionKind().Version
		if other, twice := seen[id]; twice && other != version {
			return unstable("objects of one id come in the order of a map")
		}
		seen[id] = version
	}
	return ok(object{"stale": resources(stale)})
}

func inventoryList(raw json.RawMessage) answer {
	in := input[struct{ Entries inventoryEntries }](raw)
	listed, err := kustomize.List(in.Entries.inventory())
	if err != nil {
		return failed("id", err)
	}
	return ok(object{"objects": resources(listed)})
}

func inventoryMerge(raw json.RawMessage) answer {
	in := input[struct {
		Entries inventoryEntries
		Objects []map[string]any
	}](raw)
	inv := in.Entries.inventory()
	objects := make([]*unstructured.Unstructured, len(in.Objects))
	for i, o := range in.Objects {
		objects[i] = &unstructured.Unstructured{Object: o}
	}
	kustomize.Merge(inv, objects)
	return ok(object{"entries": inv.Entries})
}

func inventoryReferences(raw json.RawMessage) answer {
	in := input[struct {
		HealthChecks []meta.NamespacedObjectKindReference
	}](raw)
	set, err := kustomize.ReferenceToObjMetadataSet(in.HealthChecks)
	if err != nil {
		return failed("api-version", err)
	}
	ids := []string{}
	for _, id := range set {
		ids = append(ids, id.String())
	}
	return ok(object{"ids": ids})
}

func resources(objects []*unstructured.Unstructured) []object {
	result := []object{}
	for _, u := range objects {
		gvk := u.GroupVersionKind()
		result = append(result, object{
			"group":     gvk.Group,
			"version":   gvk.Version,
			"kind":      gvk.Kind,
			"namespace": u.GetNamespace(),
			"name":      u.GetName(),
		})
	}
	return result
}
