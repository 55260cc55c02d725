package main

import (
	"encoding/json"
	"math"
	"math/rand"
	"time"

	kustomizev1 "github.com/fluxcd/kustomize-controller/api/v1"
	"github.com/fluxcd/pkg/runtime/controller"
	"github.com/fluxcd/pkg/runtime/jitter"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"
)

func scheduleKustomization(raw json.RawMessage) answer {
	var ks kustomizev1.Kustomization
	if err := json.Unmarshal(raw, &ks); err != nil {
		return failed("decode", err)
	}
	return ok(object{
		"timeout":            ks.GetTimeout().String(),
		"retryInterval":      ks.GetRetryInterval().String(),
		"requeueAfter":       ks.GetRequeueAfter().String(),
		"deletionPolicy":     ks.GetDeletionPolicy(),
		"substituteStrategy": string(ks.GetSubstituteStrategy()),
	})
}

// scheduleBackoff asks for the delay of the last of failures+1 errors.
func scheduleBackoff(raw json.RawMessage) answer {
	in := input[struct {
		Min, Max integer
		Failures int
	}](raw)
	if wait := float64(in.Min) * math.Pow(2, float64(in.Failures)); !fits(wait) && !(wait > math.MaxInt64) {
		return unstable("what an integer makes of such a float depends on the processor")
	}
	limiter := controller.GetRateLimiter(controller.RateLimiterOptions{
		MinRetryDelay: time.Duration(in.Min),
		MaxRetryDelay: time.Duration(in.Max),
	})
	for range in.Failures {
		limiter.When(reconcile.Request{})
	}
	return ok(object{"delay": integer(limiter.When(reconcile.Request{}))})
}

func scheduleJitter(raw json.RawMessage) answer {
	in := input[struct {
		Percentage     uint8
		Interval, Unit integer
	}](raw)
	if in.Percentage >= 100 {
		options := jitter.IntervalOptions{Percentage: in.Percentage}
		return failed("percentage", options.SetGlobalJitter(nil))
	}
	share := float64(in.Percentage) / 100.0
	random := rand.New(unit(in.Unit))
	if !fits(float64(in.Interval) * (1 + share*(2*random.Float64()-1))) {
		return unstable("what an integer makes of such a float depends on the processor")
	}
	spread := jitter.Percent(share, random)(time.Duration(in.Interval))
	return ok(object{"interval": integer(spread)})
}

// fits tells whether a conversion to an integer means the same everywhere.
func fits(value float64) bool {
	return value >= math.MinInt64 && value < math.MaxInt64
}

// unit is a source of random numbers that draws one number for ever, in parts
// of 2^53. A float is made of 63 bits.
type unit int64

func (u unit) Int63() int64 { return int64(u) << 10 }
func (u unit) Seed(int64)   {}
