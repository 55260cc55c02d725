package main

import (
	"encoding/json"

	helmv2 "github.com/fluxcd/helm-controller/api/v2"
	"github.com/fluxcd/pkg/apis/meta"
)

// asked implements meta.ObjectWithAnnotationRequests.
type asked struct {
	Annotations            map[string]string
	Key                    string
	LastHandledReconcileAt string
	LastHandled            string
}

func (a asked) GetAnnotations() map[string]string      { return a.Annotations }
func (a asked) GetLastHandledReconcileRequest() string { return a.LastHandledReconcileAt }

func requestHandle(raw json.RawMessage) answer {
	in := input[asked](raw)
	act := meta.HandleAnnotationRequest(in, in.Key, &in.LastHandled)
	return ok(object{"act": act, "lastHandled": in.LastHandled})
}

func helmAnnotations(raw json.RawMessage) answer {
	hr, _ := release(raw)
	force := helmv2.ShouldHandleForceRequest(hr)
	reset := helmv2.ShouldHandleResetRequest(hr)
	return ok(object{
		"force":              force,
		"reset":              reset,
		"lastHandledForceAt": hr.Status.LastHandledForceAt,
		"lastHandledResetAt": hr.Status.LastHandledResetAt,
	})
}
