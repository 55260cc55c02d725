package main

import (
	"context"
	"encoding/json"
	"errors"
	"strings"

	"github.com/fluxcd/cli-utils/pkg/kstatus/polling/aggregator"
	"github.com/fluxcd/cli-utils/pkg/kstatus/polling/engine"
	"github.com/fluxcd/cli-utils/pkg/kstatus/polling/event"
	kstatusreaders "github.com/fluxcd/cli-utils/pkg/kstatus/polling/statusreaders"
	"github.com/fluxcd/cli-utils/pkg/kstatus/status"
	"github.com/fluxcd/pkg/apis/kustomize"
	"github.com/fluxcd/pkg/runtime/cel"
	"github.com/fluxcd/pkg/runtime/statusreaders"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"
	kjson "k8s.io/apimachinery/pkg/util/json"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// liveObject holds its numbers as the client of the controllers does: those
// without a point are int64.
type liveObject struct{ *unstructured.Unstructured }

func (o *liveObject) UnmarshalJSON(raw []byte) error {
	content := map[string]any{}
	if err := kjson.Unmarshal(raw, &content); err != nil {
		return err
	}
	o.Unstructured = &unstructured.Unstructured{Object: content}
	return nil
}

func readyKstatus(raw json.RawMessage) answer {
	in := input[struct{ Object liveObject }](raw)
	result, err := status.Compute(in.Object.Unstructured)
	if err != nil {
		return failed(readyKind(err), err)
	}
	return ok(readyResult(result))
}

func readyJob(raw json.RawMessage) answer {
	in := input[struct{ Object liveObject }](raw)
	result := statusreaders.ComputeJobStatus(in.Object.Unstructured)
	return ok(readyResult(&result))
}

func readyResult(result *status.Result) object {
	out := object{"status": result.Status, "message": result.Message}
	for _, condition := range result.Conditions {
		out["condition"], out["reason"] = condition.Type, condition.Reason
	}
	return out
}

type readInput struct {
	Object       liveObject
	Related      []liveObject
	HealthChecks []kustomize.CustomHealthCheck
}

func readyRead(raw json.RawMessage) answer {
	in := input[readInput](raw)
	readers := []engine.StatusReader{statusreaders.NewCustomJobStatusReader(readyMapper)}
	if len(in.HealthChecks) > 0 {
		newReader, err := cel.NewStatusReader(in.HealthChecks)
		if err != nil {
			return failed(healthCheckKind(err), err)
		}
		readers = append(readers, newReader(readyMapper))
	}
	reader := kstatusreaders.NewStatusReader(readyMapper, readers...)
	var result *event.ResourceStatus
	if value := recovered(func() {
		var err error
		if result, err = reader.ReadStatusForObject(context.Background(), listed(in.Related), in.Object.Unstructured); err != nil {
			panic(err)
		}
	}); value != nil {
		if recovered(func() { _, _ = status.Compute(in.Object.Unstructured) }) == nil {
			return unstable("upstream crashes on an object below this one")
		}
		return ok(object{"status": status.UnknownStatus, "message": "", "cause": "panic"})
	}
	out := object{"status": result.Status, "message": result.Message}
	if result.Error != nil {
		out["cause"] = readyKind(result.Error)
	}
	return ok(out)
}

func readyCEL(raw json.RawMessage) answer {
	in := input[readInput](raw)
	newReader, err := cel.NewStatusReader(in.HealthChecks)
	if err != nil {
		return failed(healthCheckKind(err), err)
	}
	reader := newReader(readyMapper)
	if !reader.Supports(in.Object.GroupVersionKind().GroupKind()) {
		return ok(object{"supported": false})
	}
	result, err := reader.ReadStatusForObject(context.Background(), listed(nil), in.Object.Unstructured)
	if err != nil {
		return failed(unclassified, err)
	}
	out := object{"supported": true, "status": result.Status}
	if result.Error != nil {
		out["cause"] = readyKind(result.Error)
	}
	return ok(out)
}

func readyAggregate(raw json.RawMessage) answer {
	in := input[struct {
		Statuses []status.Status
		Desired  status.Status
	}](raw)
	var all []*event.ResourceStatus
	for _, one := range in.Statuses {
		all = append(all, &event.ResourceStatus{Status: one})
	}
	return ok(object{"status": aggregator.AggregateStatus(all, in.Desired)})
}

// readyMapper knows the kinds below workloads, as every cluster does.
var readyMapper = func() meta.RESTMapper {
	core, apps := schema.GroupVersion{Version: "v1"}, schema.GroupVersion{Group: "apps", Version: "v1"}
	// Without default versions it would find no kind by its group.
	mapper := meta.NewDefaultRESTMapper([]schema.GroupVersion{core, apps})
	mapper.Add(core.WithKind("Pod"), meta.RESTScopeNamespace)
	mapper.Add(apps.WithKind("ReplicaSet"), meta.RESTScopeNamespace)
	return mapper
}()

// listed lists what is in it as the caching reader of the controllers does:
// by group, kind and namespace, and then by the selector.
type listed []liveObject

func (c listed) ListNamespaceScoped(_ context.Context, list *unstructured.UnstructuredList, namespace string, selector labels.Selector) error {
	wanted := list.GroupVersionKind().GroupKind()
	for _, one := range c {
		if one.GroupVersionKind().GroupKind() == wanted &&
			(namespace == "" || one.GetNamespace() == namespace) &&
			selector.Matches(labels.Set(one.GetLabels())) {
			list.Items = append(list.Items, *one.Unstructured)
		}
	}
	return nil
}

func (c listed) Get(context.Context, client.ObjectKey, *unstructured.Unstructured) error {
	return errors.New("nobody gets an object by its name")
}

func (c listed) ListClusterScoped(context.Context, *unstructured.UnstructuredList, labels.Selector) error {
	return errors.New("nobody lists objects of the whole cluster")
}

func (c listed) Sync(context.Context) error { return nil }

// recovered is the value of a panic of upstream, which crashes on container
// statuses of another shape.
func recovered(run func()) (value any) {
	defer func() { value = recover() }()
	run()
	return nil
}

func readyKind(err error) string {
	message := err.Error()
	switch {
	case strings.HasPrefix(message, "looking up metadata.deletionTimestamp "):
		return "deletion-timestamp"
	case strings.HasPrefix(message, "looking up metadata.generation "):
		return "generation"
	case strings.HasPrefix(message, "looking up status.observedGeneration "):
		return "observed-generation"
	case strings.HasPrefix(message, "unknown phase "):
		return "phase"
	case strings.HasPrefix(message, ".status.containerStatuses accessor error: "):
		return "container-statuses"
	case strings.HasPrefix(message, "failed to evaluate "):
		return "expression"
	case strings.HasPrefix(message, "cannot restore "),
		strings.HasPrefix(message, "cannot convert "),
		strings.HasPrefix(message, "unrecognized type: "):
		return "conditions"
	case strings.HasPrefix(message, "no selector found"),
		strings.HasPrefix(message, ".spec"),
		strings.HasPrefix(message, "json: cannot unmarshal "),
		strings.HasPrefix(message, "key: Invalid value: "),
		strings.HasPrefix(message, "values"),
		strings.HasPrefix(message, "["),
		strings.HasSuffix(message, "is not a valid label selector operator"):
		return "selector"
	}
	return unclassified
}

func healthCheckKind(err error) string {
	message := err.Error()
	switch {
	case strings.HasPrefix(message, "duplicate custom health check "):
		return "duplicate"
	case strings.HasSuffix(message, ": expression Current not specified"):
		return "missing-current"
	case strings.Contains(message, ": failed to parse the expression "):
		return "parse"
	}
	return unclassified
}
