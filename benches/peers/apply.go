package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/fluxcd/cli-utils/pkg/kstatus/polling"
	"github.com/fluxcd/cli-utils/pkg/kstatus/polling/clusterreader"
	"github.com/fluxcd/cli-utils/pkg/kstatus/polling/engine"
	runtimeclient "github.com/fluxcd/pkg/runtime/client"
	"github.com/fluxcd/pkg/runtime/statusreaders"
	"github.com/fluxcd/pkg/ssa"
	"github.com/fluxcd/pkg/ssa/normalize"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// counted counts the requests that pass.
type counted struct {
	next     http.RoundTripper
	requests atomic.Int64
}

func (c *counted) RoundTrip(request *http.Request) (*http.Response, error) {
	c.requests.Add(1)
	return c.next.RoundTrip(request)
}

// applies does what the kustomize controller does with the objects of one
// Kustomization, on a real server: it applies them when they are new, again,
// and when a tenth of them changed, and waits for them. It prints for each
// "<work> <nanoseconds> <nanoseconds of processor time> <requests> <objects written>".
func applies(stream []byte) {
	var input struct {
		Kubeconfig string
		Objects    []*unstructured.Unstructured
		Changed    []*unstructured.Unstructured
	}
	if err := json.Unmarshal(stream, &input); err != nil {
		fail(err)
	}
	config, err := clientcmd.BuildConfigFromFlags("", input.Kubeconfig)
	if err != nil {
		fail(err)
	}
	// The controller has 50 a second. What is measured is the work, not the brake.
	config.QPS = -1
	count := &counted{}
	config.Wrap(func(next http.RoundTripper) http.RoundTripper {
		count.next = next
		return count
	})
	mapper, err := runtimeclient.NewDynamicRESTMapper(config)
	if err != nil {
		fail(err)
	}
	kube, err := client.New(config, client.Options{Mapper: mapper})
	if err != nil {
		fail(err)
	}
	poller := polling.NewStatusPoller(kube, mapper, polling.Options{
		CustomStatusReaders:  []engine.StatusReader{statusreaders.NewCustomJobStatusReader(mapper)},
		ClusterReaderFactory: engine.ClusterReaderFactoryFunc(clusterreader.NewDirectClusterReader),
	})
	manager := ssa.NewResourceManager(kube, poller, ssa.Owner{
		Field: "kustomize-controller",
		Group: "kustomize.toolkit.fluxcd.io",
	})
	manager.SetConcurrency(4)

	// A controller knows the kinds already.
	for _, object := range input.Objects {
		kind := object.GroupVersionKind()
		if _, err := mapper.RESTMapping(kind.GroupKind(), kind.Version); err != nil {
			fail(err)
		}
	}

	ctx := context.Background()
	work := func(name string, do func() (int, error)) {
		count.requests.Store(0)
		busy, start := processor(), time.Now()
		written, err := do()
		if err != nil {
			fail(fmt.Errorf("%s: %w", name, err))
		}
		took := time.Since(start)
		fmt.Println(name, took.Nanoseconds(), (processor() - busy).Nanoseconds(), count.requests.Load(), written)
	}
	var applied *ssa.ChangeSet
	apply := func(objects []*unstructured.Unstructured) func() (int, error) {
		return func() (written int, err error) {
			manager.SetOwnerLabels(objects, "bench", "flux-system")
			if err := normalize.UnstructuredList(objects); err != nil {
				return 0, err
			}
			if applied, err = manager.ApplyAllStaged(ctx, objects, applyOptions()); err != nil {
				return 0, err
			}
			for _, entry := range applied.Entries {
				if entry.Action != ssa.UnchangedAction {
					written++
				}
			}
			return written, nil
		}
	}
	again := make([]*unstructured.Unstructured, len(input.Objects))
	for i, object := range input.Objects {
		again[i] = object.DeepCopy()
	}
	work("apply", apply(input.Objects))
	work("unchanged", apply(again))
	work("changed", apply(input.Changed))

	for _, object := range input.Changed {
		if object.GetKind() != "Kustomization" && object.GetKind() != "HelmRelease" && object.GetKind() != "GitRepository" {
			continue
		}
		live := object.DeepCopy()
		if err := kube.Get(ctx, client.ObjectKeyFromObject(object), live); err != nil {
			fail(err)
		}
		status := fmt.Sprintf(`{"status":{"observedGeneration":%d,"conditions":[{"type":"Ready","status":"True",`+
			`"reason":"Succeeded","message":"ready","lastTransitionTime":"2026-01-01T00:00:00Z"}]}}`, live.GetGeneration())
		if err := kube.Status().Patch(ctx, live, client.RawPatch(types.MergePatchType, []byte(status))); err != nil {
			fail(err)
		}
	}
	work("wait", func() (int, error) {
		return 0, manager.WaitForSet(applied.ToObjMetadataSet(), ssa.WaitOptions{
			Interval: 5 * time.Second,
			Timeout:  time.Minute,
			FailFast: true,
		})
	})
}

// processor is the time that this process has computed.
func processor() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		fail(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// applyOptions are those of the controller.
func applyOptions() ssa.ApplyOptions {
	const group = "kustomize.toolkit.fluxcd.io"
	options := ssa.DefaultApplyOptions()
	options.ExclusionSelector = map[string]string{group + "/reconcile": "disabled", group + "/ssa": "Ignore"}
	options.IfNotPresentSelector = map[string]string{group + "/ssa": "IfNotPresent"}
	options.ForceSelector = map[string]string{group + "/force": "enabled"}
	options.Cleanup = ssa.ApplyCleanupOptions{
		Annotations: []string{
			"kubectl.kubernetes.io/last-applied-configuration",
			group + "/checksum",
			"fluxcd.io/sync-checksum",
		},
		Labels: []string{"fluxcd.io/sync-gc-mark"},
		FieldManagers: []ssa.FieldManager{
			{Name: "kubectl", OperationType: metav1.ManagedFieldsOperationApply},
			{Name: "kubectl", OperationType: metav1.ManagedFieldsOperationUpdate},
			{Name: "before-first-apply", OperationType: metav1.ManagedFieldsOperationUpdate},
			{Name: "kustomize-controller", OperationType: metav1.ManagedFieldsOperationUpdate},
		},
		Exclusions: map[string]string{group + "/ssa": "Merge"},
	}
	return options
}
