//! The set: 10,000 HelmReleases as the API server returns them, with their managed fields and the history of three
//! releases, the same on every machine.

use serde_json::{Map, Value, json};

/// How many.
pub(crate) const OBJECTS: usize = 10_000;

/// The objects as text.
pub(crate) fn objects() -> Vec<String> {
    (0..OBJECTS)
        .map(|index| object(index).to_string())
        .collect()
}

fn object(index: usize) -> Value {
    let (namespace, name) = (format!("team-{}", index % 50), format!("app-{index}"));
    let version = format!("6.{}.{}", index % 9, index % 4);
    let spec = json!({
        "interval": "30m",
        "timeout": "5m",
        "releaseName": name,
        "chart": {"spec": {
            "chart": "podinfo", "version": "6.x", "interval": "12h",
            "sourceRef": {"kind": "HelmRepository", "name": "charts", "namespace": "flux-system"},
        }},
        "install": {"crds": "CreateReplace", "remediation": {"retries": 3}},
        "upgrade": {"crds": "CreateReplace", "remediation": {"retries": 3, "strategy": "rollback"}},
        "driftDetection": {"mode": "enabled", "ignore": [{"paths": ["/spec/replicas"], "target": {"kind": "Deployment"}}]},
        "dependsOn": [{"name": "redis"}, {"name": "cert-manager", "namespace": "infra"}],
        "valuesFrom": [{"kind": "ConfigMap", "name": "cluster-vars"}, {"kind": "Secret", "name": format!("{name}-values"), "optional": true}],
        "values": {
            "replicaCount": 1 + index % 5,
            "image": {"repository": "registry.example.com/team/app", "tag": version, "pullPolicy": "IfNotPresent"},
            "resources": {"requests": {"cpu": "100m", "memory": "128Mi"}, "limits": {"memory": "512Mi"}},
            "ingress": {
                "enabled": true, "className": "nginx",
                "annotations": {"cert-manager.io/cluster-issuer": "letsencrypt"},
                "hosts": [{"host": format!("{name}.example.com"), "paths": [{"path": "/", "pathType": "Prefix"}]}],
            },
            "env": [{"name": "LOG_LEVEL", "value": "info"}, {"name": "REGION", "value": "eu-west-1"}],
        },
    });
    let condition = |type_: &str, reason: &str| {
        json!({
            "type": type_, "status": "True", "reason": reason, "observedGeneration": 7,
            "lastTransitionTime": "2026-03-01T12:00:00Z",
            "message": format!("Helm upgrade succeeded for release {namespace}/{name}.v7 with chart podinfo@{version}"),
        })
    };
    let snapshot = |revision: usize| {
        json!({
            "digest": format!("sha256:{:064x}", index * 31 + revision),
            "name": name, "namespace": namespace, "version": revision, "apiVersion": "v2",
            "status": if revision == 7 { "deployed" } else { "superseded" },
            "chartName": "podinfo", "chartVersion": version, "appVersion": version,
            "configDigest": format!("sha256:{:064x}", index * 37 + revision),
            "firstDeployed": "2026-01-01T12:00:00Z", "lastDeployed": "2026-03-01T12:00:00Z",
        })
    };
    let status = json!({
        "observedGeneration": 7,
        "conditions": [condition("Ready", "UpgradeSucceeded"), condition("Released", "UpgradeSucceeded"), condition("TestSuccess", "TestSucceeded")],
        "helmChart": format!("flux-system/{namespace}-{name}"),
        "history": [snapshot(7), snapshot(6), snapshot(5)],
        "lastAppliedRevision": version, "lastAttemptedRevision": version, "lastAttemptedGeneration": 7,
        "lastAttemptedReleaseAction": "upgrade",
        "lastAttemptedConfigDigest": format!("sha256:{:064x}", index * 37 + 7),
        "lastHandledReconcileAt": "2026-03-01T11:59:58.123456789Z",
        "observedPostRenderersDigest": format!("sha256:{:064x}", index * 41),
        "storageNamespace": namespace,
    });
    let labels = json!({
        "app.kubernetes.io/name": name, "app.kubernetes.io/managed-by": "flux",
        "kustomize.toolkit.fluxcd.io/name": "apps", "kustomize.toolkit.fluxcd.io/namespace": "flux-system",
    });
    let applied = json!({"f:metadata": {"f:labels": fields(&labels)}, "f:spec": fields(&spec)});
    let finalized =
        json!({"f:metadata": {"f:finalizers": {".": {}, "v:\"finalizers.fluxcd.io\"": {}}}});
    let reported = json!({"f:status": fields(&status)});
    let managed = |manager: &str, operation: &str, fields: Value| {
        json!({
            "manager": manager, "operation": operation, "apiVersion": "helm.toolkit.fluxcd.io/v2",
            "time": "2026-03-01T12:00:00Z", "fieldsType": "FieldsV1", "fieldsV1": fields,
        })
    };
    let mut status_entry = managed("helm-controller", "Update", reported);
    if let Value::Object(entry) = &mut status_entry {
        entry.insert("subresource".to_owned(), json!("status"));
    }
    json!({
        "apiVersion": "helm.toolkit.fluxcd.io/v2",
        "kind": "HelmRelease",
        "metadata": {
            "name": name, "namespace": namespace, "labels": labels,
            "uid": format!("{index:08x}-1c2d-4e3f-8a9b-000000000000"),
            "resourceVersion": (1_000_000 + index).to_string(), "generation": 7,
            "creationTimestamp": "2025-11-01T12:00:00Z", "finalizers": ["finalizers.fluxcd.io"],
            "managedFields": [
                managed("kustomize-controller", "Apply", applied),
                managed("helm-controller", "Update", finalized),
                status_entry,
            ],
        },
        "spec": spec,
        "status": status,
    })
}

/// The fields of a value, as the API server records them: lists whole, but for conditions.
fn fields(value: &Value) -> Value {
    let Value::Object(members) = value else {
        return json!({});
    };
    let mut set = Map::new();
    set.insert(".".to_owned(), json!({}));
    for (name, member) in members {
        let content = match member {
            Value::Array(conditions) if name == "conditions" => {
                let entries = conditions.iter().map(|condition| {
                    let type_ = condition.get("type").unwrap_or(&Value::Null);
                    (format!("k:{}", json!({"type": type_})), fields(condition))
                });
                Value::Object(entries.collect())
            }
            member => fields(member),
        };
        set.insert(format!("f:{name}"), content);
    }
    Value::Object(set)
}
