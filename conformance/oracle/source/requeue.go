package main

import (
	"encoding/json"
	"errors"
	"time"

	sourcev1 "github.com/fluxcd/source-controller/api/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"fluxcd-rs/oracle/protocol"

	serror "github.com/fluxcd/source-controller/internal/error"
	"github.com/fluxcd/source-controller/internal/reconcile"
)

var results = map[string]reconcile.Result{
	"empty":   reconcile.ResultEmpty,
	"requeue": reconcile.ResultRequeue,
	"success": reconcile.ResultSuccess,
}

func sourceRequeue(raw json.RawMessage) protocol.Answer {
	in := protocol.Input[struct {
		Result string
		Error  *struct {
			Kind, Reason, Message string
			RequeueAfter          int64 `json:"requeue_after"`
		}
		Interval   int64
		Generation int64
		Conditions []metav1.Condition
	}](raw)
	var failure error
	if e := in.Error; e != nil {
		failure = errors.New(e.Message)
		switch e.Kind {
		case "stalling":
			failure = serror.NewStalling(failure, e.Reason)
		case "waiting":
			waiting := serror.NewWaiting(failure, e.Reason)
			waiting.RequeueAfter = time.Duration(e.RequeueAfter) * time.Second
			failure = waiting
		case "generic":
			failure = serror.NewGeneric(failure, e.Reason)
		case "generic_ignore":
			generic := serror.NewGeneric(failure, e.Reason)
			generic.Ignore = true
			failure = generic
		}
	}
	obj := &sourcev1.GitRepository{}
	obj.Generation = in.Generation
	obj.Status.Conditions = in.Conditions
	builder := reconcile.AlwaysRequeueResultBuilder{RequeueAfter: time.Duration(in.Interval) * time.Second}
	patches, result, err := reconcile.ComputeReconcileResult(obj, results[in.Result], failure, builder)
	conditions := []protocol.Object{}
	for _, condition := range obj.Status.Conditions {
		conditions = append(conditions, protocol.Object{
			"type":    condition.Type,
			"status":  condition.Status,
			"reason":  condition.Reason,
			"message": condition.Message,
		})
	}
	return protocol.OK(protocol.Object{
		"requeue_after_s":         int64(result.RequeueAfter / time.Second),
		"requeue_now":             result.Requeue, //nolint:staticcheck // upstream sets it
		"returned_error":          err != nil,
		"set_observed_generation": len(patches) > 0,
		"conditions":              conditions,
	})
}
