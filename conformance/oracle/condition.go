package main

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	jsonpatch "github.com/evanphx/json-patch/v5"
	kustomizev1 "github.com/fluxcd/kustomize-controller/api/v1"
	"github.com/fluxcd/pkg/apis/meta"
	"github.com/fluxcd/pkg/runtime/conditions"
	"github.com/fluxcd/pkg/runtime/conditions/check"
	"github.com/fluxcd/pkg/runtime/reconcile"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	ctrl "sigs.k8s.io/controller-runtime"
)

// started tells the times that upstream takes from those of a case.
var started = time.Now().Add(-time.Minute)

func kustomization(name string, generation int64, list []metav1.Condition) *kustomizev1.Kustomization {
	obj := &kustomizev1.Kustomization{}
	obj.Kind = kustomizev1.KustomizationKind
	obj.Name = name
	obj.Namespace = "apps"
	obj.Generation = generation
	obj.Status.Conditions = list
	return obj
}

// shown is the list as the cases have it: with "now" for times of the clock.
func shown(list []metav1.Condition) []object {
	result := []object{}
	for _, condition := range list {
		it := object{
			"type":               condition.Type,
			"status":             condition.Status,
			"reason":             condition.Reason,
			"message":            condition.Message,
			"lastTransitionTime": condition.LastTransitionTime,
		}
		if condition.ObservedGeneration != 0 {
			it["observedGeneration"] = integer(condition.ObservedGeneration)
		}
		if condition.LastTransitionTime.After(started) {
			it["lastTransitionTime"] = "now"
		}
		result = append(result, it)
	}
	return result
}

type mergeOptions struct {
	Conditions, NegativePolarity     *[]string
	Counter, StepCounter             bool
	CounterIfOnly, StepCounterIfOnly *[]string
	SourceRef, LatestGeneration      bool
	SourceRefIf                      *[]string
}

func (o mergeOptions) list() (options []conditions.MergeOption) {
	lists := []struct {
		types  *[]string
		option func(...string) conditions.MergeOption
	}{
		{o.Conditions, conditions.WithConditions},
		{o.NegativePolarity, conditions.WithNegativePolarityConditions},
		{o.CounterIfOnly, conditions.WithCounterIfOnly},
		{o.StepCounterIfOnly, conditions.WithStepCounterIfOnly},
		{o.SourceRefIf, conditions.WithSourceRefIf},
	}
	for _, list := range lists {
		if list.types != nil {
			options = append(options, list.option(*list.types...))
		}
	}
	switches := []struct {
		on     bool
		option func() conditions.MergeOption
	}{
		{o.Counter, conditions.WithCounter},
		{o.StepCounter, conditions.WithStepCounter},
		{o.SourceRef, conditions.WithSourceRef},
		{o.LatestGeneration, conditions.WithLatestGeneration},
	}
	for _, s := range switches {
		if s.on {
			options = append(options, s.option())
		}
	}
	return options
}

type conditionStep struct {
	Do, Type, Reason, Message string
	Condition                 *metav1.Condition
	Drift                     bool
	Options                   mergeOptions
	From                      json.RawMessage
	Fallback                  *struct {
		Status          bool
		Reason, Message string
	}
}

func conditionApply(raw json.RawMessage) answer {
	in := input[struct {
		Generation int64
		Conditions []metav1.Condition
		Steps      []conditionStep
	}](raw)
	obj := kustomization("app", in.Generation, in.Conditions)
	for _, step := range in.Steps {
		step.take(obj)
	}
	return ok(object{"conditions": shown(obj.Status.Conditions)})
}

func (s conditionStep) take(obj *kustomizev1.Kustomization) {
	switch s.Do {
	case "set":
		conditions.Set(obj, s.Condition)
	case "markTrue":
		conditions.MarkTrue(obj, s.Type, s.Reason, "%s", s.Message)
	case "markFalse":
		conditions.MarkFalse(obj, s.Type, s.Reason, "%s", s.Message)
	case "markUnknown":
		conditions.MarkUnknown(obj, s.Type, s.Reason, "%s", s.Message)
	case "markReconciling":
		conditions.MarkReconciling(obj, s.Reason, "%s", s.Message)
	case "markStalled":
		conditions.MarkStalled(obj, s.Reason, "%s", s.Message)
	case "delete":
		conditions.Delete(obj, s.Type)
	case "summary":
		conditions.SetSummary(obj, s.Type, s.Options.list()...)
	case "aggregate":
		var from []conditions.Getter
		for _, it := range input[[]struct {
			Name       string
			Conditions []metav1.Condition
		}](s.From) {
			from = append(from, kustomization(it.Name, 1, it.Conditions))
		}
		conditions.SetAggregate(obj, s.Type, from, s.Options.list()...)
	case "mirror":
		var options []conditions.MirrorOptions
		if f := s.Fallback; f != nil {
			options = append(options, conditions.WithFallbackValue(f.Status, f.Reason, f.Message))
		}
		from := kustomization("from", 1, input[[]metav1.Condition](s.From))
		conditions.SetMirror(obj, s.Type, from, options...)
	case "progressive":
		reconcile.ProgressiveStatus(s.Drift, obj, s.Reason, "%s", s.Message)
	default:
		panic("step " + s.Do)
	}
}

func conditionIs(raw json.RawMessage) answer {
	in := input[struct{ Conditions []metav1.Condition }](raw)
	obj := kustomization("app", 1, in.Conditions)
	const ready = meta.ReadyCondition
	return ok(object{
		"ready":           conditions.IsReady(obj),
		"stalled":         conditions.IsStalled(obj),
		"reconciling":     conditions.IsReconciling(obj),
		"readyTrue":       conditions.IsTrue(obj, ready),
		"readyFalse":      conditions.IsFalse(obj, ready),
		"readyUnknown":    conditions.IsUnknown(obj, ready),
		"readyReason":     conditions.GetReason(obj, ready),
		"readyMessage":    conditions.GetMessage(obj, ready),
		"readyGeneration": conditions.GetObservedGeneration(obj, ready),
	})
}

func conditionPatch(raw json.RawMessage) answer {
	in := input[struct {
		Generation            int64
		Before, After, Latest []metav1.Condition
		Owned                 []string
		Force                 bool
	}](raw)
	patch := conditions.NewPatch(kustomization("app", 1, in.Before), kustomization("app", 1, in.After))
	operations := []string{}
	for _, operation := range patch {
		condition := operation.After
		if condition == nil {
			condition = operation.Before
		}
		operations = append(operations, string(operation.Op)+" "+condition.Type)
	}
	latest := kustomization("app", in.Generation, in.Latest)
	err := patch.Apply(latest, conditions.WithOwnedConditions(in.Owned...), conditions.WithForceOverwrite(in.Force))
	if err == nil {
		return ok(object{"operations": operations, "conditions": shown(latest.Status.Conditions)})
	}
	for part, kind := range map[string]string{
		"modified by a different process and this caused a merge/AddCondition":    "conflict-add",
		"modified by a different process and this caused a merge/ChangeCondition": "conflict-change",
		"deleted by a different process and this caused a merge/ChangeCondition":  "conflict-deleted",
		"modified by a different process and this caused a merge/RemoveCondition": "conflict-remove",
	} {
		if strings.Contains(err.Error(), part) {
			return failed(kind, err)
		}
	}
	return failed("unclassified", err)
}

func conditionFinalize(raw json.RawMessage) answer {
	in := input[struct {
		Generation             int64
		Conditions             []metav1.Condition
		Annotations            map[string]string
		LastHandledReconcileAt string
		Error                  *string
		Result, Success        string
		Summarize              *struct {
			Target                       string
			Conditions, NegativePolarity []string
		}
	}](raw)
	results := map[string]ctrl.Result{
		"zero":     {},
		"interval": {RequeueAfter: time.Minute},
		"after":    {RequeueAfter: 5 * time.Second},
		"requeue":  {Requeue: true},
	}
	success := results["interval"]
	if in.Success == "no-requeue" {
		success = results["zero"]
	}
	isSuccess := func(result ctrl.Result, err error) bool { return err == nil && result == success }
	var summaries []reconcile.Conditions
	if s := in.Summarize; s != nil {
		summaries = append(summaries, reconcile.Conditions{
			Target:           s.Target,
			Summarize:        s.Conditions,
			NegativePolarity: s.NegativePolarity,
		})
	}
	obj := kustomization("app", in.Generation, in.Conditions)
	obj.Annotations = in.Annotations
	obj.Status.LastHandledReconcileAt = in.LastHandledReconcileAt
	var err error
	if in.Error != nil {
		err = errors.New(*in.Error)
	}
	err = reconcile.NewResultFinalizer(isSuccess, "all good", summaries...).Finalize(obj, results[in.Result], err)
	result := object{
		"conditions":             shown(obj.Status.Conditions),
		"lastHandledReconcileAt": obj.Status.LastHandledReconcileAt,
	}
	if err != nil {
		result["error"] = err.Error()
	}
	return ok(result)
}

func conditionTrim(raw json.RawMessage) answer {
	in := input[struct {
		Repeat, Suffix string
		Times          int
	}](raw)
	obj := kustomization("app", 1, nil)
	conditions.MarkTrue(obj, "A", "R", "%s", strings.Repeat(in.Repeat, in.Times)+in.Suffix)
	message := conditions.GetMessage(obj, "A")
	return ok(object{"bytes": len(message), "tail": text(message[max(0, len(message)-12):])})
}

func conditionHistory(raw json.RawMessage) answer {
	in := input[struct {
		History meta.History
		Upserts []struct {
			Digest, Status string
			Timestamp      metav1.Time
			Duration       metav1.Duration
			Metadata       map[string]string
		}
	}](raw)
	history := in.History
	for _, it := range in.Upserts {
		history.Upsert(it.Digest, it.Timestamp.Time, it.Duration.Duration, it.Status, it.Metadata)
	}
	return ok(object{"history": history})
}

// conditionCheck tells the rules that a status breaks, by the names of
// upstream's functions. They have no access to those, but to their texts.
func conditionCheck(raw json.RawMessage) answer {
	in := input[struct {
		Generation, ObservedGeneration int64
		Conditions                     []metav1.Condition
		NegativePolarity               []string
		InProgress                     bool
	}](raw)
	obj := kustomization("app", in.Generation, in.Conditions)
	obj.Status.ObservedGeneration = in.ObservedGeneration
	if !in.InProgress && !conditions.Has(obj, meta.ReadyCondition) {
		// WARN0002 would crash; without context it is not asked.
		in.NegativePolarity = nil
	}
	checker := check.NewChecker(nil, &check.Conditions{NegativePolarity: in.NegativePolarity})
	if in.InProgress {
		checker = check.NewInProgressChecker(nil)
	}
	checker.DisableFetch = true
	fail, warn := checker.Check(context.Background(), obj)
	codes := []string{}
	for _, err := range []error{fail, warn} {
		if err == nil {
			continue
		}
		for _, rule := range checkRules {
			if at := strings.Index(err.Error(), rule.text); at >= 0 {
				types := ""
				if rest := err.Error()[at+len(rule.text):]; strings.HasPrefix(rest, ": ") {
					types, _, _ = strings.Cut(rest[2:], "]")
					types, _, _ = strings.Cut(strings.TrimPrefix(types, "["), "\n")
					types = strings.TrimPrefix(types, "Ready != ")
				}
				codes = append(codes, strings.TrimSpace(rule.code+" "+types))
			}
		}
	}
	return ok(object{"broken": codes})
}

var checkRules = []struct{ code, text string }{
	{"FAIL0001", "Negative polarity condition cannot be True when Ready condition is True"},
	{"FAIL0002", "Ready condition must always be present"},
	{"FAIL0003", "Ready condition must be False when Reconciling condition is True"},
	{"FAIL0004", "Ready condition must be False when Stalled condition is True"},
	{"FAIL0005", "Only one of Reconciling condition or Stalled condition must be present at a time"},
	{"FAIL0006", "The ObservedGeneration must be less than or equal to the object Generation"},
	{"FAIL0007", "Ready condition must be False when the ObservedGeneration is less than the object Generation"},
	{"FAIL0008", "Ready condition must be False when any of the status condition's ObservedGeneration is less than the object Generation"},
	{"FAIL0009", "The status conditions' ObservedGenerations must be equal to the root ObservedGeneration when Ready condition is True"},
	{"FAIL0011", "A mid-reconciliation patched status must have Reconciling=True when Ready=Unknown"},
	{"WARN0001", "Negative polarity condition present when Ready condition is True"},
	{"WARN0002", "Ready condition should have the value of the negative polarity conditon that's present with the highest priority"},
	{"WARN0003", "Reconciling condition can be removed when its value is False"},
	{"WARN0004", "Stalled condition can be removed when its value is False"},
	{"WARN0005", "Missing ObservedGeneration from status condition"},
}

func conditionMergePatch(raw json.RawMessage) answer {
	in := input[struct{ Before, After json.RawMessage }](raw)
	patch, err := jsonpatch.CreateMergePatch(in.Before, in.After)
	if err != nil {
		return failed("unclassified", err)
	}
	merged, err := jsonpatch.MergePatch(in.Before, patch)
	if err != nil {
		return failed("unclassified", err)
	}
	return ok(object{"patch": json.RawMessage(patch), "merged": json.RawMessage(merged)})
}
