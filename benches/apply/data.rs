//! The set: 1,000 objects of nine kinds that are ready without a controller, or whose status can be written by hand; the
//! same on every machine.

use serde_json::{Value, json};

/// How many.
pub(crate) const OBJECTS: usize = 1_000;

/// The objects in that namespace. With `changed`, every tenth has another content.
pub(crate) fn objects(namespace: &str, changed: bool) -> Vec<Value> {
    (0..OBJECTS)
        .map(|index| {
            object(
                index,
                namespace,
                changed && (index + index / 20).is_multiple_of(10),
            )
        })
        .collect()
}

fn object(index: usize, namespace: &str, changed: bool) -> Value {
    let replicas = if changed { 3 } else { 2 };
    let tag = if changed { "6.9.1" } else { "6.9.0" };
    let (version, kind, content) = match index % 20 {
        0..6 => (
            "v1",
            "ConfigMap",
            json!({"data": {
                "config.yaml": format!("replicas: {replicas}\n{}", "level: info\n".repeat(20 + index % 7 * 20)),
                "features": "metrics,tracing",
            }}),
        ),
        6..9 => (
            "v1",
            "Secret",
            json!({"type": "Opaque", "stringData": {"password": format!("p-{index}-{tag}"), "user": "app"}}),
        ),
        9..11 => (
            "v1",
            "ServiceAccount",
            json!({"automountServiceAccountToken": changed}),
        ),
        11..13 => (
            "rbac.authorization.k8s.io/v1",
            "Role",
            json!({"rules": [{
                "apiGroups": ["", "apps"],
                "resources": if changed { json!(["pods", "deployments"]) } else { json!(["pods"]) },
                "verbs": ["get", "list", "watch"],
            }]}),
        ),
        13..15 => (
            "rbac.authorization.k8s.io/v1",
            "RoleBinding",
            json!({
                "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "reader"},
                "subjects": [{"kind": "ServiceAccount", "name": if changed { "other" } else { "app" }, "namespace": namespace}],
            }),
        ),
        15..17 => (
            "v1",
            "Service",
            json!({"spec": {
                "type": "ClusterIP",
                "selector": {"app": format!("app-{index}"), "version": tag},
                "ports": [{"name": "http", "port": 80, "targetPort": 8080}, {"name": "grpc", "port": 9999, "protocol": "TCP"}],
            }}),
        ),
        17 => (
            "kustomize.toolkit.fluxcd.io/v1",
            "Kustomization",
            json!({"spec": {
                "interval": "10m", "path": format!("./apps/{index}"), "prune": changed,
                "sourceRef": {"kind": "GitRepository", "name": "fleet"},
            }}),
        ),
        18 => (
            "helm.toolkit.fluxcd.io/v2",
            "HelmRelease",
            json!({"spec": {
                "interval": "30m", "chartRef": {"kind": "OCIRepository", "name": "podinfo"},
                "values": {"replicaCount": replicas, "image": {"tag": tag}, "ingress": {"enabled": true, "hosts": ["a.example.com"]}},
            }}),
        ),
        _ => (
            "source.toolkit.fluxcd.io/v1",
            "GitRepository",
            json!({"spec": {
                "interval": "5m", "url": "https://example.com/org/fleet", "ref": {"tag": tag},
            }}),
        ),
    };
    let mut object = json!({
        "apiVersion": version,
        "kind": kind,
        "metadata": {
            "name": format!("app-{index}"),
            "namespace": namespace,
            "labels": {"app.kubernetes.io/name": format!("app-{index}"), "app.kubernetes.io/part-of": "bench"},
            "annotations": {"example.com/team": "platform"},
        },
    });
    if let (Value::Object(object), Value::Object(content)) = (&mut object, content) {
        object.extend(content);
    }
    object
}
