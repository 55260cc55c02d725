//! The set: 10,000 live objects of mixed kinds, as the API server returns them, the same on every machine.

use serde_json::{Value, json};

/// How many.
pub(crate) const OBJECTS: u64 = 10_000;

/// The objects; nine of ten are ready.
pub(crate) fn objects() -> Vec<Value> {
    (0..OBJECTS).map(object).collect()
}

/// Spreads an index over all bits (splitmix64).
fn mix(index: u64) -> u64 {
    let mut z = index.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

fn object(index: u64) -> Value {
    let hash = mix(index);
    let ready = !hash.is_multiple_of(10);
    let (version, kind, spec, status) = match hash >> 8 & 31 {
        0..5 => deployment(hash, ready),
        5..7 => stateful_set(hash, ready),
        7..15 => pod(hash, ready),
        15..18 => ("v1", "Service", service(hash), json!({"loadBalancer": {}})),
        18..20 => claim(ready),
        20..22 => job(ready),
        22 => definition(hash, ready),
        23..25 => (
            "kustomize.toolkit.fluxcd.io/v1",
            "Kustomization",
            json!({
                "interval": "10m0s", "path": format!("./apps/team-{}", hash >> 16 & 63), "prune": true, "wait": true,
                "sourceRef": {"kind": "GitRepository", "name": "fleet"}, "timeout": "5m0s",
            }),
            flux_status(hash, ready),
        ),
        25..27 => (
            "helm.toolkit.fluxcd.io/v2",
            "HelmRelease",
            json!({
                "interval": "30m0s", "chartRef": {"kind": "OCIRepository", "name": "app"},
                "values": {"replicaCount": 2, "image": {"tag": format!("1.{}.0", hash >> 16 & 63)}},
            }),
            flux_status(hash, ready),
        ),
        27..30 => {
            return with_metadata(
                hash,
                json!({
                    "apiVersion": "v1", "kind": "ConfigMap", "data": {"config.yaml": "key: value\n".repeat(40)},
                }),
            );
        }
        _ => (
            "example.com/v1",
            "Database",
            json!({"size": "large", "version": 16}),
            json!({
                "observedGeneration": 3, "phase": "Running", "endpoint": "db.example.com:5432",
                "conditions": [condition("Synced", true, "Done"), condition("Ready", ready, "Available")],
            }),
        ),
    };
    with_metadata(
        hash,
        json!({"apiVersion": version, "kind": kind, "spec": spec, "status": status}),
    )
}

fn with_metadata(hash: u64, mut object: Value) -> Value {
    let name = format!("app-{:x}", hash >> 40);
    let metadata = json!({
        "name": name,
        "namespace": format!("team-{}", hash >> 16 & 63),
        "uid": format!("{:08x}-1c2d-4e3f-8a9b-{:012x}", hash >> 32, hash & 0xFFFF_FFFF_FFFF),
        "resourceVersion": (hash >> 30).to_string(),
        "generation": 3,
        "creationTimestamp": "2026-01-01T00:00:00Z",
        "labels": {
            "app.kubernetes.io/name": name, "app.kubernetes.io/part-of": "shop",
            "kustomize.toolkit.fluxcd.io/name": "apps", "kustomize.toolkit.fluxcd.io/namespace": "flux-system",
        },
        "annotations": {"checksum/config": format!("{hash:064x}")},
        "managedFields": [
            managed("kustomize-controller", "Apply", &["f:metadata", "f:spec"]),
            managed("kube-controller-manager", "Update", &["f:status"]),
        ],
    });
    if let Value::Object(members) = &mut object {
        members.insert("metadata".to_owned(), metadata);
    }
    object
}

fn managed(manager: &str, operation: &str, parts: &[&str]) -> Value {
    let fields: Value = (0..12)
        .map(|at| {
            (
                format!("f:field{at}"),
                json!({".": {}, "f:name": {}, "f:value": {}}),
            )
        })
        .collect();
    let parts: Value = parts
        .iter()
        .map(|part| ((*part).to_owned(), fields.clone()))
        .collect();
    json!({
        "apiVersion": "apps/v1", "fieldsType": "FieldsV1", "fieldsV1": parts, "manager": manager,
        "operation": operation, "time": "2026-01-01T00:00:00Z",
    })
}

type Parts = (&'static str, &'static str, Value, Value);

fn deployment(hash: u64, ready: bool) -> Parts {
    let (want, have) = replicas(hash, ready);
    let spec = json!({
        "replicas": want, "progressDeadlineSeconds": 600, "revisionHistoryLimit": 10,
        "selector": {"matchLabels": {"app": "a"}}, "strategy": {"type": "RollingUpdate"}, "template": template(),
    });
    let status = json!({
        "observedGeneration": 3, "replicas": want, "updatedReplicas": want, "readyReplicas": have,
        "availableReplicas": have, "conditions": [
            condition("Available", true, "MinimumReplicasAvailable"),
            condition("Progressing", true, "NewReplicaSetAvailable"),
        ],
    });
    ("apps/v1", "Deployment", spec, status)
}

fn stateful_set(hash: u64, ready: bool) -> Parts {
    let (want, have) = replicas(hash, ready);
    let spec = json!({
        "replicas": want, "serviceName": "db", "selector": {"matchLabels": {"app": "a"}}, "template": template(),
        "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"partition": 0}},
    });
    let status = json!({
        "observedGeneration": 3, "replicas": want, "readyReplicas": have, "currentReplicas": want,
        "updatedReplicas": want, "currentRevision": "db-1", "updateRevision": "db-1", "collisionCount": 0,
    });
    ("apps/v1", "StatefulSet", spec, status)
}

fn replicas(hash: u64, ready: bool) -> (u64, u64) {
    let want = 2 + (hash >> 24 & 3);
    (want, if ready { want } else { 1 })
}

fn template() -> Value {
    json!({"metadata": {"labels": {"app": "a"}}, "spec": {"containers": [container()]}})
}

fn container() -> Value {
    json!({
        "name": "app", "image": "registry.example.com/team/app:1.2.3", "ports": [{"containerPort": 8080}],
        "env": [{"name": "LEVEL", "value": "info"}, {"name": "REGION", "value": "eu"}],
        "resources": {"requests": {"cpu": "100m", "memory": "128Mi"}, "limits": {"memory": "256Mi"}},
        "livenessProbe": {"httpGet": {"path": "/healthz", "port": 8080}, "periodSeconds": 10},
    })
}

fn pod(hash: u64, ready: bool) -> Parts {
    let state = match (ready, hash >> 24 & 1) {
        (true, _) => json!({"running": {"startedAt": "2026-01-01T00:00:00Z"}}),
        (false, 0) => {
            json!({"waiting": {"reason": "CrashLoopBackOff", "message": "back-off 5m0s"}})
        }
        (false, _) => json!({"waiting": {"reason": "ContainerCreating"}}),
    };
    let status = json!({
        "phase": "Running", "podIP": "10.0.0.1", "qosClass": "Burstable", "startTime": "2026-01-01T00:00:00Z",
        "containerStatuses": [{"name": "app", "ready": ready, "restartCount": 0, "state": state}],
        "conditions": [
            condition("Initialized", true, ""), condition("ContainersReady", ready, ""),
            condition("PodScheduled", true, ""), condition("Ready", ready, ""),
        ],
    });
    (
        "v1",
        "Pod",
        json!({"containers": [container()], "nodeName": "node-1"}),
        status,
    )
}

fn service(hash: u64) -> Value {
    let kind = if hash >> 24 & 7 == 0 {
        "LoadBalancer"
    } else {
        "ClusterIP"
    };
    json!({"type": kind, "clusterIP": "10.1.2.3", "ports": [{"port": 80}], "selector": {"app": "a"}})
}

fn claim(ready: bool) -> Parts {
    let phase = if ready { "Bound" } else { "Pending" };
    let spec =
        json!({"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "10Gi"}}});
    (
        "v1",
        "PersistentVolumeClaim",
        spec,
        json!({"phase": phase, "capacity": {"storage": "10Gi"}}),
    )
}

fn job(ready: bool) -> Parts {
    let conditions = if ready {
        json!([condition("Complete", true, "")])
    } else {
        json!([])
    };
    let status = json!({"conditions": conditions, "startTime": "2026-01-01T00:00:00Z", "succeeded": u8::from(ready)});
    (
        "batch/v1",
        "Job",
        json!({"completions": 1, "parallelism": 1, "template": template()}),
        status,
    )
}

fn definition(hash: u64, ready: bool) -> Parts {
    let plural = format!("kind{}s", hash >> 24 & 255);
    let spec = json!({"group": "example.com", "names": {"plural": plural}, "scope": "Namespaced", "versions": [
        {"name": "v1", "served": true, "storage": true, "schema": {"openAPIV3Schema": {"type": "object"}}},
    ]});
    let status = json!({"conditions": [
        condition("NamesAccepted", true, "NoConflicts"),
        condition("Established", ready, if ready { "InitialNamesAccepted" } else { "Installing" }),
    ]});
    (
        "apiextensions.k8s.io/v1",
        "CustomResourceDefinition",
        spec,
        status,
    )
}

fn flux_status(hash: u64, ready: bool) -> Value {
    let revision = format!("main@sha1:{hash:040x}");
    let entries: Vec<Value> = (0..20)
        .map(|at| json!({"id": format!("team_app-{at}_apps_Deployment"), "v": "v1"}))
        .collect();
    json!({
        "observedGeneration": 3, "lastAppliedRevision": revision, "inventory": {"entries": entries},
        "conditions": [condition("Ready", ready, if ready { "ReconciliationSucceeded" } else { "HealthCheckFailed" })],
    })
}

fn condition(kind: &str, met: bool, reason: &str) -> Value {
    json!({
        "type": kind, "status": if met { "True" } else { "False" }, "reason": reason,
        "message": format!("{kind}: {reason} since the last change"), "lastTransitionTime": "2026-01-01T00:00:00Z",
        "observedGeneration": 3,
    })
}
