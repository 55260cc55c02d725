package main

import (
	"context"
	"encoding/json"

	aclapi "github.com/fluxcd/pkg/apis/acl"
	"github.com/fluxcd/pkg/runtime/acl"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

type aclInput struct {
	Namespace       string
	Reference       struct{ Namespace, Name string }
	AccessFrom      *aclapi.AccessFrom
	NamespaceLabels *map[string]string
}

// namespaces is a cluster with at most one namespace: that of the caller.
type namespaces struct {
	client.Client
	labels *map[string]string
}

func (n namespaces) Get(_ context.Context, key client.ObjectKey, obj client.Object, _ ...client.GetOption) error {
	if n.labels == nil {
		return apierrors.NewNotFound(schema.GroupResource{Resource: "namespaces"}, key.Name)
	}
	obj.SetLabels(*n.labels)
	return nil
}

func accessACL(raw json.RawMessage) answer {
	in := input[aclInput](raw)
	caller := &corev1.ConfigMap{}
	caller.Namespace = in.Namespace
	reference := types.NamespacedName{Namespace: in.Reference.Namespace, Name: in.Reference.Name}
	authorization := acl.NewAuthorization(namespaces{labels: in.NamespaceLabels})
	if err := authorization.HasAccessToRef(context.Background(), caller, reference, in.AccessFrom); err != nil {
		kind := "selector"
		switch {
		case acl.IsAccessDenied(err):
			kind = "denied"
		case apierrors.IsNotFound(err):
			kind = "namespace"
		}
		return failed(kind, err)
	}
	return ok(object{})
}
