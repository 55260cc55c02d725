package main

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/fluxcd/pkg/runtime/conditions"
	"github.com/fluxcd/pkg/runtime/patch"
	sourcev1 "github.com/fluxcd/source-controller/api/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/tools/record"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"

	"fluxcd-rs/oracle/protocol"

	serror "github.com/fluxcd/source-controller/internal/error"
	"github.com/fluxcd/source-controller/internal/reconcile"
	"github.com/fluxcd/source-controller/internal/reconcile/summarize"
)

var results = map[string]reconcile.Result{
	"empty":   reconcile.ResultEmpty,
	"requeue": reconcile.ResultRequeue,
	"success": reconcile.ResultSuccess,
}

type run struct {
	Kind   string
	Result string
	Error  *struct {
		Kind, Reason, Message string
		RequeueAfter          int64 `json:"requeue_after"`
	}
	Interval   int64
	Generation int64
	Conditions []metav1.Condition
}

func (r run) failure() error {
	if r.Error == nil {
		return nil
	}
	plain := errors.New(r.Error.Message)
	switch r.Error.Kind {
	case "stalling":
		return serror.NewStalling(plain, r.Error.Reason)
	case "waiting":
		waiting := serror.NewWaiting(plain, r.Error.Reason)
		waiting.RequeueAfter = time.Duration(r.Error.RequeueAfter) * time.Second
		return waiting
	case "generic":
		return serror.NewGeneric(plain, r.Error.Reason)
	case "generic_ignore":
		generic := serror.NewGeneric(plain, r.Error.Reason)
		generic.Ignore = true
		return generic
	}
	return plain
}

func (r run) builder() reconcile.AlwaysRequeueResultBuilder {
	return reconcile.AlwaysRequeueResultBuilder{RequeueAfter: time.Duration(r.Interval) * time.Second}
}

func sourceRequeue(raw json.RawMessage) protocol.Answer {
	in := protocol.Input[run](raw)
	obj := &sourcev1.GitRepository{}
	obj.Generation = in.Generation
	obj.Status.Conditions = in.Conditions
	patches, result, err := reconcile.ComputeReconcileResult(obj, results[in.Result], in.failure(), in.builder())
	return protocol.OK(protocol.Object{
		"requeue_after_s":         int64(result.RequeueAfter / time.Second),
		"requeue_now":             result.Requeue, //nolint:staticcheck // upstream sets it
		"returned_error":          err != nil,
		"set_observed_generation": len(patches) > 0,
		"conditions":              wire(obj.Status.Conditions),
	})
}

// sourceFinish ends a run as the controllers do, against an API server in memory.
func sourceFinish(raw json.RawMessage) protocol.Answer {
	in := protocol.Input[run](raw)
	var obj interface {
		client.Object
		conditions.Setter
	}
	switch in.Kind {
	case sourcev1.BucketKind:
		obj = &sourcev1.Bucket{}
	case sourcev1.GitRepositoryKind:
		obj = &sourcev1.GitRepository{}
	case sourcev1.HelmChartKind:
		obj = &sourcev1.HelmChart{}
	case sourcev1.HelmRepositoryKind:
		obj = &sourcev1.HelmRepository{}
	case sourcev1.OCIRepositoryKind:
		obj = &sourcev1.OCIRepository{}
	default:
		panic("kind " + in.Kind)
	}
	obj.SetName("source")
	obj.SetNamespace("default")
	obj.SetGeneration(in.Generation)
	server := fake.NewClientBuilder().WithScheme(scheme).WithObjects(obj).WithStatusSubresource(obj).Build()
	ctx := context.Background()
	if err := server.Get(ctx, client.ObjectKeyFromObject(obj), obj); err != nil {
		panic(err)
	}
	patcher := patch.NewSerialPatcher(obj, server)
	obj.SetConditions(in.Conditions)
	options := []summarize.Option{
		summarize.WithConditions(readyConditions(in.Kind)),
		summarize.WithReconcileResult(results[in.Result]),
		summarize.WithReconcileError(in.failure()),
		summarize.WithResultBuilder(in.builder()),
	}
	if in.Kind == sourcev1.GitRepositoryKind || in.Kind == sourcev1.HelmChartKind || in.Kind == sourcev1.OCIRepositoryKind {
		options = append(options, summarize.WithBiPolarityConditionTypes(sourcev1.SourceVerifiedCondition))
	}
	helper := summarize.NewHelper(&record.FakeRecorder{}, patcher)
	_, err := helper.SummarizeAndPatch(ctx, obj, options...)
	var text any
	if err != nil {
		text = err.Error()
	}
	return protocol.OK(protocol.Object{"conditions": wire(obj.GetConditions()), "error": text})
}

var scheme = func() *runtime.Scheme {
	scheme := runtime.NewScheme()
	if err := sourcev1.AddToScheme(scheme); err != nil {
		panic(err)
	}
	return scheme
}()

// readyConditions are variables of the package of the controllers, which is
// too large to build for five lists.
func readyConditions(kind string) summarize.Conditions {
	ready := summarize.Conditions{Target: "Ready", Owned: []string{"Ready"}}
	for _, condition := range []struct {
		name     string
		negative bool
		kinds    []string
	}{
		{name: "StorageOperationFailed", negative: true},
		{name: "FetchFailed", negative: true},
		{name: "BuildFailed", negative: true, kinds: []string{"HelmChart"}},
		{name: "IncludeUnavailable", negative: true, kinds: []string{"GitRepository"}},
		{name: "ArtifactOutdated", negative: true},
		{name: "ArtifactInStorage"},
		{name: "SourceVerified", kinds: []string{"GitRepository", "HelmChart", "OCIRepository"}},
		{name: "Stalled", negative: true},
		{name: "Reconciling", negative: true},
	} {
		ready.Owned = append(ready.Owned, condition.name)
		if condition.kinds != nil && !slices.Contains(condition.kinds, kind) {
			continue
		}
		ready.Summarize = append(ready.Summarize, condition.name)
		if condition.negative {
			ready.NegativePolarity = append(ready.NegativePolarity, condition.name)
		}
	}
	return ready
}

func wire(list []metav1.Condition) []protocol.Object {
	conditions := []protocol.Object{}
	for _, condition := range list {
		conditions = append(conditions, protocol.Object{
			"type":    condition.Type,
			"status":  condition.Status,
			"reason":  condition.Reason,
			"message": condition.Message,
		})
	}
	return conditions
}
