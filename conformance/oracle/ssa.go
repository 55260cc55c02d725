package main

import (
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"sort"
	"strings"

	objectid "github.com/fluxcd/cli-utils/pkg/object"
	"github.com/fluxcd/pkg/ssa"
	"github.com/fluxcd/pkg/ssa/jsondiff"
	"github.com/fluxcd/pkg/ssa/utils"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	utiljson "k8s.io/apimachinery/pkg/util/json"
	utilruntime "k8s.io/apimachinery/pkg/util/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

const (
	ssaGroup   = "kustomize.toolkit.fluxcd.io"
	ssaManager = "kustomize-controller"
)

func init() {
	// Managed fields that cannot be read are part of the questions.
	utilruntime.ErrorHandlers = nil
}

// wire is an object as a client decodes it: integers stay integers.
type wire struct{ unstructured.Unstructured }

func (o *wire) UnmarshalJSON(raw []byte) error {
	return utiljson.Unmarshal(raw, &o.Object)
}

// oneObject is a cluster with one object or none.
type oneObject struct {
	client.Client
	live *wire
}

func (c oneObject) Get(_ context.Context, key client.ObjectKey, into client.Object, _ ...client.GetOption) error {
	if c.live == nil {
		return apierrors.NewNotFound(schema.GroupResource{}, key.Name)
	}
	c.live.DeepCopyInto(into.(*unstructured.Unstructured))
	return nil
}

func (c oneObject) Delete(context.Context, client.Object, ...client.DeleteOption) error { return nil }

func ssaResourceManager(live *wire) *ssa.ResourceManager {
	return ssa.NewResourceManager(oneObject{live: live}, nil, ssa.Owner{Field: ssaManager, Group: ssaGroup})
}

// ssaOptions are those of kustomize-controller: internal/controller/kustomization_controller.go (apply).
func ssaOptions() ssa.ApplyOptions {
	opts := ssa.DefaultApplyOptions()
	opts.ExclusionSelector = map[string]string{ssaGroup + "/reconcile": "Disabled", ssaGroup + "/ssa": "Ignore"}
	opts.IfNotPresentSelector = map[string]string{ssaGroup + "/ssa": "IfNotPresent"}
	opts.ForceSelector = map[string]string{ssaGroup + "/force": "Enabled"}
	return opts
}

// existing is what upstream has read of the cluster: an object that holds
// nothing but its kind where there is none.
func existing(desired wire, live *wire) *unstructured.Unstructured {
	if live != nil {
		return &live.Unstructured
	}
	absent := &unstructured.Unstructured{}
	absent.SetGroupVersionKind(desired.GroupVersionKind())
	return absent
}

func ids(objects []*unstructured.Unstructured) []string {
	sort.Sort(ssa.SortableUnstructureds(objects))
	ids := []string{}
	for _, o := range objects {
		ids = append(ids, objectid.UnstructuredToObjMetadata(o).String())
	}
	return ids
}

func ssaSort(raw json.RawMessage) answer {
	in := input[struct{ Objects []*wire }](raw)
	var objects []*unstructured.Unstructured
	for _, o := range in.Objects {
		objects = append(objects, &o.Unstructured)
	}
	return ok(object{"order": ids(objects)})
}

// ssaOrder transcribes the switch of ApplyAllStaged, which cannot run without a cluster.
func ssaOrder(raw json.RawMessage) answer {
	in := input[struct {
		Objects          []*wire
		CustomStageKinds string
	}](raw)
	custom, err := utils.ParseGroupKindSet(in.CustomStageKinds)
	if err != nil {
		panic(err)
	}
	stages := map[string][]*unstructured.Unstructured{}
	for _, o := range in.Objects {
		stage := "rest"
		switch u := &o.Unstructured; {
		case utils.IsClusterDefinition(u):
			stage = "definitions"
		case utils.IsClassDefinition(u):
			stage = "classes"
		case utils.IsCustomStage(u, custom):
			stage = "custom"
		}
		stages[stage] = append(stages[stage], &o.Unstructured)
	}
	answer := object{}
	for _, stage := range []string{"definitions", "classes", "custom", "rest"} {
		answer[stage] = ids(stages[stage])
	}
	return ok(answer)
}

func ssaSkip(raw json.RawMessage) answer {
	in := input[struct {
		Desired wire
		Live    *wire
	}](raw)
	skip, _ := shouldSkipApply(ssaResourceManager(nil), &in.Desired.Unstructured, existing(in.Desired, in.Live), ssaOptions())
	return ok(object{"skip": skip})
}

func ssaPrune(raw json.RawMessage) answer {
	in := input[struct {
		Object wire
		Owner  struct{ Name, Namespace string }
		Live   *wire
	}](raw)
	manager := ssaResourceManager(in.Live)
	change, err := manager.Delete(context.Background(), &in.Object.Unstructured, ssa.DeleteOptions{
		PropagationPolicy: metav1.DeletePropagationBackground,
		Inclusions:        manager.GetOwnerLabels(in.Owner.Name, in.Owner.Namespace),
		Exclusions: map[string]string{
			ssaGroup + "/prune":     "Disabled",
			ssaGroup + "/reconcile": "Disabled",
			ssaGroup + "/ssa":       "Ignore",
		},
	})
	if err != nil {
		return failed("owner", err)
	}
	return ok(object{"action": change.Action, "text": change.String()})
}

func ssaForce(raw json.RawMessage) answer {
	in := input[struct {
		Desired wire
		Live    *wire
		Force   bool
		Error   struct {
			Message string
			Code    *int32
			Reason  metav1.StatusReason
		}
	}](raw)
	err := errors.New(in.Error.Message)
	if in.Error.Code != nil {
		err = &apierrors.StatusError{ErrStatus: metav1.Status{
			Code: *in.Error.Code, Reason: in.Error.Reason, Message: in.Error.Message,
		}}
	}
	opts := ssaOptions()
	opts.Force = in.Force
	recreate := shouldForceApply(ssaResourceManager(nil), &in.Desired.Unstructured, existing(in.Desired, in.Live), opts, err)
	return ok(object{"recreate": recreate})
}

func ssaSelect(raw json.RawMessage) answer {
	in := input[struct {
		Target jsondiff.Selector
		Object wire
	}](raw)
	selector, err := jsondiff.NewSelectorRegex(&in.Target)
	if err != nil {
		return failed("selector", err)
	}
	return ok(object{"matches": selector.MatchUnstructured(&in.Object.Unstructured)})
}

type ssaComparison struct {
	Live, DryRun, Payload wire
	Ignore                []struct {
		Paths  []string
		Target *jsondiff.Selector
	}
}

// rules are those of the case, and in every order of those that apply to the
// object one rule with all their paths: upstream's own order is random.
func (c ssaComparison) rules() (compiled jsondiff.CompiledIgnoreRules, orders []jsondiff.CompiledIgnoreRules, err error) {
	var rules []jsondiff.IgnoreRule
	for _, rule := range c.Ignore {
		rules = append(rules, jsondiff.IgnoreRule{Paths: rule.Paths, Selector: rule.Target})
	}
	if len(rules) == 0 {
		return nil, nil, nil
	}
	if compiled, err = jsondiff.CompileIgnoreRules(rules); err != nil {
		return nil, nil, err
	}
	var matching [][]string
	for selector, paths := range compiled {
		if selector.MatchUnstructured(&c.DryRun.Unstructured) && len(paths) > 0 {
			matching = append(matching, paths)
		}
	}
	if len(matching) > 1 {
		for _, order := range permutations(matching) {
			orders = append(orders, jsondiff.CompiledIgnoreRules{nil: slices.Concat(order...)})
		}
	}
	return compiled, orders, nil
}

func permutations(items [][]string) [][][]string {
	if len(items) < 2 {
		return [][][]string{items}
	}
	var all [][][]string
	for i := range items {
		rest := slices.Concat(items[:i:i], items[i+1:])
		for _, order := range permutations(rest) {
			all = append(all, append([][]string{items[i]}, order...))
		}
	}
	return all
}

// inEveryOrder asks with the rules as they are, and says so where another
// order of them, or of the keys of a map, would be answered otherwise.
func (c ssaComparison) inEveryOrder(ask func(jsondiff.CompiledIgnoreRules) answer) answer {
	compiled, orders, err := c.rules()
	if err != nil {
		return failed("selector", err)
	}
	first := ask(compiled)
	if mayNameOneItemTwice(c.Live) {
		for range 100 {
			orders = append(orders, compiled)
		}
	}
	for _, order := range orders {
		other := ask(order)
		if (first.Error == nil) != (other.Error == nil) || !reflect.DeepEqual(first.OK, other.OK) {
			return unstable("the order of a map decides")
		}
	}
	return first
}

// mayNameOneItemTwice tells whether the keys of two elements do not exclude
// one another, so that upstream takes the one that a map brings first.
func mayNameOneItemTwice(live wire) bool {
	var elements []map[string]any
	seen := map[string]bool{}
	var walk func(any)
	walk = func(value any) {
		fields, _ := value.(map[string]any)
		for element, below := range fields {
			walk(below)
			var keys map[string]any
			text, isKey := strings.CutPrefix(element, "k:")
			if isKey && !seen[element] && json.Unmarshal([]byte(text), &keys) == nil {
				seen[element] = true
				elements = append(elements, keys)
			}
		}
	}
	for _, entry := range live.GetManagedFields() {
		var fields any
		if entry.FieldsV1 != nil && json.Unmarshal(entry.FieldsV1.Raw, &fields) == nil {
			walk(fields)
		}
	}
	for i, a := range elements {
		for _, b := range elements[:i] {
			excluded := false
			for key, value := range a {
				other, both := b[key]
				excluded = excluded || both && !reflect.DeepEqual(value, other)
			}
			if !excluded {
				return true
			}
		}
	}
	return false
}

func ssaDrift(raw json.RawMessage) answer {
	in := input[ssaComparison](raw)
	return in.inEveryOrder(func(rules jsondiff.CompiledIgnoreRules) answer {
		drifted, err := hasDriftedWithIgnore(ssaResourceManager(nil), in.Live.DeepCopy(), in.DryRun.DeepCopy(), rules)
		if err != nil {
			return failed("path", err)
		}
		return ok(object{"drifted": drifted})
	})
}

func ssaIgnore(raw json.RawMessage) answer {
	in := input[ssaComparison](raw)
	return in.inEveryOrder(func(rules jsondiff.CompiledIgnoreRules) answer {
		payload := in.Payload.DeepCopy()
		result := computeDriftedPaths(in.Live.DeepCopy(), in.DryRun.DeepCopy(), rules, ssaManager)
		if err := applyDriftResult(payload, result); err != nil {
			return failed("path", err)
		}
		return ok(object{"payload": payload.Object})
	})
}

func ssaCleanup(raw json.RawMessage) answer {
	in := input[struct {
		Live             wire
		OverrideManagers []string
	}](raw)
	live := &in.Live.Unstructured
	managers := []ssa.FieldManager{
		{Name: "kubectl", OperationType: metav1.ManagedFieldsOperationApply},
		{Name: "kubectl", OperationType: metav1.ManagedFieldsOperationUpdate},
		{Name: "before-first-apply", OperationType: metav1.ManagedFieldsOperationUpdate},
		{Name: ssaManager, OperationType: metav1.ManagedFieldsOperationUpdate},
	}
	for _, name := range in.OverrideManagers {
		managers = append(managers,
			ssa.FieldManager{Name: name, OperationType: metav1.ManagedFieldsOperationApply},
			ssa.FieldManager{Name: name, OperationType: metav1.ManagedFieldsOperationUpdate})
	}
	patch := []ssa.JSONPatch{}
	patch = append(patch, ssa.PatchRemoveAnnotations(live, []string{
		"kubectl.kubernetes.io/last-applied-configuration",
		"kustomize.toolkit.fluxcd.io/checksum",
		"fluxcd.io/sync-checksum",
	})...)
	patch = append(patch, ssa.PatchRemoveLabels(live, []string{"fluxcd.io/sync-gc-mark"})...)
	fields, err := ssa.PatchReplaceFieldsManagers(live, managers, ssaManager)
	if err != nil {
		return failed("fields", err)
	}
	return ok(object{"patch": append(patch, fields...)})
}
