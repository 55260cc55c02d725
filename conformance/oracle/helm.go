package main

import (
	"encoding/json"

	helmv2 "github.com/fluxcd/helm-controller/api/v2"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

type helmInput struct {
	Metadata                metav1.ObjectMeta        `json:"metadata"`
	Spec                    helmv2.HelmReleaseSpec   `json:"spec"`
	Status                  helmv2.HelmReleaseStatus `json:"status"`
	DefaultToRetryOnFailure bool                     `json:"defaultToRetryOnFailure"`
}

func release(raw json.RawMessage) (*helmv2.HelmRelease, bool) {
	in := input[helmInput](raw)
	return &helmv2.HelmRelease{ObjectMeta: in.Metadata, Spec: in.Spec, Status: in.Status}, in.DefaultToRetryOnFailure
}

// helmNames leaves out releaseName and validReleaseName: the functions that
// shorten and check a name are internal to helm-controller.
func helmNames(raw json.RawMessage) answer {
	hr, _ := release(raw)
	out := object{
		"rawReleaseName":   hr.GetReleaseName(),
		"releaseNamespace": hr.GetReleaseNamespace(),
		"storageNamespace": hr.GetStorageNamespace(),
	}
	if hr.Spec.Chart != nil {
		out["helmChart"] = object{
			"name":      hr.GetHelmChartName(),
			"namespace": hr.Spec.Chart.GetNamespace(hr.Namespace),
			"interval":  hr.Spec.Chart.GetInterval(hr.Spec.Interval).Duration.String(),
		}
	}
	if hr.Status.HelmChart != "" {
		namespace, name := hr.Status.GetHelmChart()
		out["statusHelmChart"] = object{"name": name, "namespace": namespace}
	}
	return ok(out)
}

func helmRemediation(raw json.RawMessage) answer {
	hr, defaultToRetry := release(raw)
	var interval any
	if retry := hr.GetActiveRetry(defaultToRetry); retry != nil {
		interval = retry.GetRetryInterval().String()
	}
	return ok(object{
		"install":             remediation(hr, hr.GetInstall().GetRemediation()),
		"upgrade":             remediation(hr, hr.GetUpgrade().GetRemediation()),
		"active":              remediation(hr, hr.GetActiveRemediation()),
		"activeRetryInterval": interval,
	})
}

func remediation(hr *helmv2.HelmRelease, r helmv2.Remediation) any {
	if r == nil {
		return nil
	}
	return object{
		"retries":                 r.GetRetries(),
		"strategy":                r.GetStrategy(),
		"ignoreTestFailures":      r.MustIgnoreTestFailures(hr.GetTest().IgnoreFailures),
		"remediateLastFailure":    r.MustRemediateLastFailure(),
		"isUninstallAfterUpgrade": r.IsUninstallAfterUpgrade(),
		"failureCount":            r.GetFailureCount(hr),
		"retriesExhausted":        r.RetriesExhausted(hr),
	}
}
