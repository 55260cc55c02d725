package main

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	imagev1 "github.com/fluxcd/image-reflector-controller/api/v1"
	"github.com/fluxcd/pkg/runtime/acl"
	"github.com/fluxcd/pkg/runtime/patch"
	"github.com/go-logr/logr"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/tools/record"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"

	"fluxcd-rs/oracle/protocol"

	"github.com/fluxcd/image-reflector-controller/internal/controller"
	"github.com/fluxcd/image-reflector-controller/internal/registry"
)

// imagePolicyStatus reconciles one policy against an API server in memory. The
// controller waits five seconds for tags that are not there.
func imagePolicyStatus(raw json.RawMessage) protocol.Answer {
	in := protocol.Input[struct {
		Policy               imagev1.ImagePolicy
		Repository           *imagev1.ImageRepository
		Namespaces           map[string]map[string]string
		Stored               []string
		RegistryDigest       string
		NoCrossNamespaceRefs bool
	}](raw)
	if in.Policy.Spec.FilterTags != nil && len(anyOrder(in.Policy.Spec, in.Stored)) > 1 {
		return protocol.Unstable("the order of a map decides what is elected, or named")
	}
	ctx := ctrl.LoggerInto(context.Background(), logr.Discard())
	objects := []client.Object{&in.Policy}
	if in.Repository != nil {
		objects = append(objects, in.Repository)
	}
	for name, labels := range in.Namespaces {
		objects = append(objects, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name, Labels: labels}})
	}
	server := fake.NewClientBuilder().WithScheme(scheme()).WithObjects(objects...).WithStatusSubresource(&in.Policy).Build()
	obj := &imagev1.ImagePolicy{}
	if err := server.Get(ctx, client.ObjectKeyFromObject(&in.Policy), obj); err != nil {
		panic(err)
	}
	remote.DefaultTransport = digests(in.RegistryDigest, new(bool))
	r := &controller.ImagePolicyReconciler{
		Client:                    server,
		EventRecorder:             &record.FakeRecorder{},
		Database:                  tagList(in.Stored),
		ACLOptions:                acl.Options{NoCrossNamespaceRefs: in.NoCrossNamespaceRefs},
		AuthOptionsGetter:         &registry.AuthOptionsGetter{Client: server},
		DependencyRequeueInterval: 30 * time.Second,
	}
	result, err := reconcile(r, ctx, patch.NewSerialPatcher(obj, server), obj)
	conditions := []protocol.Object{}
	slices.SortFunc(obj.Status.Conditions, func(a, b metav1.Condition) int { return strings.Compare(a.Type, b.Type) })
	for _, condition := range obj.Status.Conditions {
		conditions = append(conditions, protocol.Object{
			"type":               condition.Type,
			"status":             condition.Status,
			"reason":             condition.Reason,
			"message":            condition.Message,
			"observedGeneration": condition.ObservedGeneration,
		})
	}
	answer := protocol.Object{
		"conditions":          conditions,
		"latestRef":           obj.Status.LatestRef,
		"observedPreviousRef": obj.Status.ObservedPreviousRef,
		"observedGeneration":  obj.Status.ObservedGeneration,
		"requeueAfter_s":      result.RequeueAfter.Seconds(),
		"error":               nil,
	}
	if err != nil {
		answer["error"] = err.Error()
	}
	return protocol.OK(answer)
}

func scheme() *runtime.Scheme {
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{imagev1.AddToScheme, corev1.AddToScheme} {
		if err := add(scheme); err != nil {
			panic(err)
		}
	}
	return scheme
}

// digests is a registry in which every tag has this digest; without one, it
// has no tag. It notes whether it was asked.
func digests(digest string, asked *bool) roundTripper {
	return func(request *http.Request) *http.Response {
		if request.Method == http.MethodGet {
			return reply(http.StatusOK, nil)
		}
		*asked = true
		if digest == "" {
			return reply(http.StatusNotFound, nil)
		}
		response := reply(http.StatusOK, nil)
		response.ContentLength = 1
		response.Header.Set("Content-Type", "application/vnd.oci.image.manifest.v1+json")
		response.Header.Set("Docker-Content-Digest", digest)
		return response
	}
}
