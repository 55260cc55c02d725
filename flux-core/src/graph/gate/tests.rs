use fluxcd_api::helm::v2::HelmRelease;
use fluxcd_api::kustomize::v1::Kustomization;
use serde_json::{Value, json};

use super::fields;
use super::{Expressions, Gate, NotReady};

fn kustomization(name: &str, spec: Value, status: Value) -> Kustomization {
    let mut object = json!({
        "apiVersion": "kustomize.toolkit.fluxcd.io/v1",
        "kind": "Kustomization",
        "metadata": {"name": name, "namespace": "apps", "generation": 2},
        "spec": {"interval": "1m", "prune": true, "sourceRef": {"kind": "GitRepository", "name": "repo"}},
        "status": status,
    });
    object["spec"]
        .as_object_mut()
        .unwrap()
        .extend(spec.as_object().unwrap().clone());
    serde_json::from_value(object).unwrap()
}

fn ready() -> Value {
    json!({
        "observedGeneration": 2,
        "lastAppliedRevision": "main@sha1:1",
        "conditions": [{
            "type": "Ready", "status": "True", "reason": "R", "message": "",
            "lastTransitionTime": "2024-01-01T00:00:00Z",
        }],
    })
}

/// What keeps an object waiting for `x`, as text.
fn judge(gate: Gate, expression: &str, dependency: &Kustomization) -> Option<(NotReady, String)> {
    let entry = json!({"dependsOn": [{"name": "x", "readyExpr": expression}]});
    let object = kustomization("me", entry, json!({}));
    let waiting = gate.kustomization(&object, "main@sha1:1", |_| Some(dependency))?;
    let text = waiting.to_string();
    Some((waiting.why, text))
}

#[test]
fn an_expression_replaces_the_other_checks_unless_it_adds_to_them() {
    let stuck = kustomization("x", json!({}), json!({}));
    assert_eq!(judge(Gate::default(), "true", &stuck), None);
    let adding = Gate {
        expressions: Expressions::Add,
    };
    let (why, text) = judge(adding, "true", &stuck).unwrap();
    assert_eq!(
        why,
        NotReady::Outdated {
            generation: 2,
            observed: 0
        }
    );
    assert_eq!(text, "dependency 'apps/x' is not ready");
    assert_eq!(
        judge(adding, "true", &kustomization("x", json!({}), ready())),
        None
    );
}

#[test]
fn an_expression_that_is_no_bool_is_terminal_and_one_that_fails_is_not() {
    let dependency = kustomization("x", json!({}), ready());
    let object = kustomization(
        "me",
        json!({"dependsOn": [{"name": "x", "readyExpr": "dep.status.ok"}]}),
        json!({}),
    );
    let waiting = Gate::default()
        .kustomization(&object, "", |_| Some(&dependency))
        .unwrap();
    assert!(waiting.is_terminal());
    assert_eq!(
        waiting.to_string(),
        "terminal error: failed to evaluate dependency x: CEL expression output type mismatch: expected bool, got dyn"
    );
    let (why, text) = judge(Gate::default(), "dep.status.ok == 1", &dependency).unwrap();
    assert!(matches!(why, NotReady::ExpressionFailed(_)));
    assert_eq!(
        text,
        "failed to evaluate the CEL expression 'dep.status.ok == 1': no such key: ok"
    );
    let (why, text) = judge(Gate::default(), "dep.spec.interval == '1m'", &dependency).unwrap();
    assert_eq!(why, NotReady::ExpressionFalse);
    assert_eq!(
        text,
        "dependency 'apps/x' is not ready according to readyExpr eval"
    );
}

#[test]
fn an_empty_expression_is_none() {
    let dependency = kustomization("x", json!({}), json!({}));
    assert!(matches!(
        judge(Gate::default(), "", &dependency),
        Some((NotReady::Outdated { .. }, _))
    ));
}

#[test]
fn the_same_source_asks_for_the_same_revision() {
    let dependency = kustomization(
        "x",
        json!({"sourceRef": {"kind": "GitRepository", "name": "repo", "namespace": "apps"}}),
        ready(),
    );
    let object = kustomization("me", json!({"dependsOn": [{"name": "x"}]}), json!({}));
    let judge = |revision| Gate::default().kustomization(&object, revision, |_| Some(&dependency));
    assert_eq!(judge("main@sha1:1"), None);
    let waiting = judge("main@sha1:2").unwrap();
    assert_eq!(
        waiting.why,
        NotReady::Revision {
            applied: "main@sha1:1".to_owned(),
            wanted: "main@sha1:2".to_owned()
        }
    );
    assert_eq!(
        waiting.to_string(),
        "dependency 'apps/x' revision is not up to date"
    );
}

#[test]
fn helm_releases_follow_the_same_rule_in_their_own_words_and_without_revisions() {
    let release = |name: &str, depends_on: Value, status: Value| -> HelmRelease {
        serde_json::from_value(json!({
            "metadata": {"name": name, "namespace": "apps", "generation": 2},
            "spec": {"interval": "1m", "dependsOn": depends_on},
            "status": status,
        }))
        .unwrap()
    };
    let object = release("me", json!([{"name": "x"}]), json!({}));
    let judge = |dependency| {
        let waiting = Gate::default().helm_release(&object, |_| dependency);
        waiting.map(|waiting| waiting.to_string())
    };
    assert_eq!(
        judge(None).unwrap(),
        "unable to get 'apps/x' dependency: helmreleases.helm.toolkit.fluxcd.io \"x\" not found"
    );
    let mut status = ready();
    status
        .as_object_mut()
        .unwrap()
        .remove("lastAppliedRevision");
    let (ready, stuck) = (
        release("x", json!([]), status),
        release("x", json!([]), json!({})),
    );
    assert_eq!(judge(Some(&ready)), None);
    assert_eq!(
        judge(Some(&stuck)).unwrap(),
        "dependency 'apps/x' is not ready"
    );
}

#[test]
fn fields_that_are_empty_are_left_out_as_go_leaves_them_out() {
    let spec = json!({
        "suspend": false, "wait": false, "prune": false, "path": "", "healthChecks": [], "interval": "90s",
        "dependsOn": [{"name": "x", "readyExpr": ""}], "postBuild": {"substitute": {}}, "timeout": "1m",
        "commonMetadata": {"labels": {"a": ""}},
    });
    let status = json!({"observedGeneration": 0, "conditions": ready()["conditions"], "lastAppliedRevision": ""});
    let object = kustomization("x", spec, status);
    let expected = json!({
        "metadata": {"name": "x", "namespace": "apps", "generation": 2},
        "spec": {
            "interval": "1m30s", "prune": false, "sourceRef": {"kind": "GitRepository", "name": "repo"},
            "dependsOn": [{"name": "x"}], "postBuild": {}, "timeout": "1m0s", "commonMetadata": {"labels": {"a": ""}},
        },
        "status": {"conditions": ready()["conditions"]},
    });
    assert_eq!(fields::without_type(&object), expected);
    let this = fields::of(&object);
    assert_eq!(this["kind"], "Kustomization");
    assert_eq!(fields::of(&Kustomization::default())["status"], json!({}));
}

#[test]
fn what_go_can_tell_from_nothing_stays() {
    let snapshot = json!({
        "digest": "d", "name": "x", "namespace": "apps", "version": 0, "status": "deployed", "chartName": "c",
        "chartVersion": "1", "configDigest": "", "firstDeployed": "2024-01-01T00:00:00Z",
        "lastDeployed": "2024-01-01T00:00:00Z", "appVersion": "", "testHooks": {"h": {"phase": ""}},
    });
    let object: HelmRelease = serde_json::from_value(json!({
        "metadata": {"name": "x", "namespace": "apps"},
        "spec": {
            "interval": "1m", "suspend": false, "maxHistory": 0, "install": {"remediation": {"retries": 0}},
            "upgrade": {"remediation": {"remediateLastFailure": false}}, "test": {"enable": false, "filters": []},
            "values": {"a": {"b": false, "c": ""}},
        },
        "status": {"history": [snapshot]},
    }))
    .unwrap();
    let found = fields::without_type(&object);
    assert_eq!(
        found["spec"],
        json!({
            "interval": "1m0s", "maxHistory": 0, "install": {"remediation": {}},
            "upgrade": {"remediation": {"remediateLastFailure": false}}, "test": {"filters": []},
            "values": {"a": {"b": false, "c": ""}},
        })
    );
    let snapshot = &found["status"]["history"][0];
    assert_eq!(snapshot["deleted"], Value::Null);
    assert!(snapshot.get("deleted").is_some() && snapshot.get("appVersion").is_none());
    assert_eq!(snapshot["version"], 0);
    assert_eq!(
        snapshot["testHooks"]["h"],
        json!({"lastCompleted": null, "lastStarted": null})
    );
}
