use serde_json::json;

use super::*;

#[test]
fn a_later_version_is_kept_and_still_seen() {
    let value = json!({
        "apiVersion": "kustomize.toolkit.fluxcd.io/v2",
        "kind": "Kustomization",
        "metadata": { "name": "apps", "namespace": "flux-system" },
        "spec": {
            "interval": "90s",
            "suspend": true,
            "sourceRef": { "kind": "GitRepository", "name": "fleet" },
            "dependsOn": [{ "name": "infra" }]
        },
        "status": {
            "observedGeneration": 7,
            "conditions": [{
                "type": "Ready", "status": "True", "reason": "Succeeded", "message": "",
                "lastTransitionTime": "2026-01-01T00:00:00Z"
            }]
        }
    });
    let object = FluxObject::decode(value.clone()).unwrap();
    assert!(matches!(object, FluxObject::Unknown(_)));
    assert_eq!(
        (object.kind(), object.name(), object.namespace()),
        ("Kustomization", "apps", Some("flux-system"))
    );
    assert_eq!(object.api_version(), "kustomize.toolkit.fluxcd.io/v2");
    assert!(object.suspended());
    assert_eq!(
        object.interval(),
        Some(crate::meta::Duration::from_secs(90))
    );
    assert_eq!(object.observed_generation(), Some(7));
    assert_eq!(object.depends_on().len(), 1);
    assert_eq!(object.source_ref().unwrap().name, "fleet");
    assert_eq!(object.condition("Ready").unwrap().status, "True");
    assert_eq!(object.encode().unwrap(), value);
}

#[test]
fn a_wrong_type_is_named_with_its_path() {
    let error = FluxObject::decode(json!({
        "apiVersion": "kustomize.toolkit.fluxcd.io/v1",
        "kind": "Kustomization",
        "metadata": { "name": "apps" },
        "spec": {
            "interval": "10m", "prune": true,
            "sourceRef": { "kind": "GitRepository", "name": "fleet" },
            "dependsOn": [{ "name": 7 }]
        }
    }))
    .unwrap_err();
    assert_eq!(error.path(), Some("spec.dependsOn[0].name"));
    assert!(
        error.to_string().starts_with(
            "Kustomization in kustomize.toolkit.fluxcd.io/v1: spec.dependsOn[0].name: "
        )
    );
}

#[test]
fn a_wrong_type_in_the_flat_chart_template_is_named_with_its_path() {
    let error = FluxObject::decode(json!({
        "apiVersion": "helm.toolkit.fluxcd.io/v2",
        "kind": "HelmRelease",
        "spec": { "interval": "10m", "chart": { "spec": { "chart": "a", "layerSelector": { "mediaType": [] } } } }
    }))
    .unwrap_err();
    assert_eq!(
        error.path(),
        Some("spec.chart.spec.layerSelector.mediaType")
    );
}

#[test]
fn a_missing_field_is_named() {
    let error = FluxObject::decode(json!({
        "apiVersion": "kustomize.toolkit.fluxcd.io/v1", "kind": "Kustomization", "spec": { "prune": true }
    }))
    .unwrap_err();
    assert!(
        error.to_string().contains("missing field `interval`"),
        "{error}"
    );
}

#[test]
fn a_value_without_type_is_refused() {
    for (value, member) in [
        (json!({ "kind": "Alert" }), "apiVersion"),
        (json!({ "apiVersion": "v1" }), "kind"),
    ] {
        let error = FluxObject::decode(value).unwrap_err();
        assert_eq!(error.to_string(), format!("{member} is missing or no text"));
    }
}

#[test]
fn one_version_is_not_read_as_another() {
    let beta = json!({
        "apiVersion": "notification.toolkit.fluxcd.io/v1beta3", "kind": "Alert",
        "spec": { "providerRef": { "name": "slack" }, "eventSources": [], "summary": "prod" }
    });
    assert!(serde_json::from_value::<v1::Alert>(beta.clone()).is_err());
    assert!(serde_json::from_value::<v1::Provider>(beta.clone()).is_err());
    let FluxObject::AlertV1Beta3(alert) = FluxObject::decode(beta).unwrap() else {
        panic!("other kind")
    };
    assert_eq!(alert.spec.summary.as_deref(), Some("prod"));
}

#[test]
fn a_broken_item_of_a_list_hides_no_other() {
    let item = |interval: serde_json::Value| {
        json!({
            "apiVersion": "source.toolkit.fluxcd.io/v1", "kind": "GitRepository",
            "spec": { "interval": interval, "url": "https://example.com/a" }
        })
    };
    let list = json!({ "apiVersion": "v1", "kind": "List", "items": [item(json!("1x")), item(json!("1m"))] });
    let objects = FluxObject::decode_all(list);
    assert_eq!(
        objects.iter().map(Result::is_ok).collect::<Vec<_>>(),
        [false, true]
    );
}

#[test]
fn a_kind_that_only_sounds_like_a_list_is_an_object() {
    let objects = FluxObject::decode_all(
        json!({ "apiVersion": "example.com/v1", "kind": "AllowList", "spec": {} }),
    );
    assert!(matches!(objects.as_slice(), [Ok(FluxObject::Unknown(_))]));
}

#[test]
fn nesting_that_would_overflow_the_stack_is_refused() {
    let mut values = json!(1);
    for _ in 0..900 {
        values = json!([values]);
    }
    let object = json!({
        "apiVersion": "helm.toolkit.fluxcd.io/v2",
        "kind": "HelmRelease",
        "metadata": { "name": "deep" },
        "spec": { "interval": "1m", "values": { "deep": values } }
    });
    let error = FluxObject::decode(object).unwrap_err();
    assert!(matches!(error, Error::TooDeep { .. }), "{error}");
}
