//! Live objects.

use serde_json::{Value, json};

use crate::rng::Rng;

/// A live object: most are as controllers write them, some have a part that nobody writes.
pub(super) fn object(rng: &mut Rng) -> Value {
    let (version, kind) = rng.pick(&[
        ("v1", "Service"),
        ("v1", "Pod"),
        ("v1", "Pod"),
        ("v1", "PersistentVolumeClaim"),
        ("v1", "Secret"),
        ("v1", "ConfigMap"),
        ("apps/v1", "Deployment"),
        ("apps/v1", "Deployment"),
        ("apps/v1", "StatefulSet"),
        ("apps/v1", "StatefulSet"),
        ("apps/v1", "ReplicaSet"),
        ("apps/v1", "DaemonSet"),
        ("extensions/v1beta1", "Deployment"),
        ("extensions/v1beta1", "ReplicaSet"),
        ("extensions/v1beta1", "DaemonSet"),
        ("extensions/v1beta1", "StatefulSet"),
        ("batch/v1", "Job"),
        ("batch/v1", "CronJob"),
        ("policy/v1", "PodDisruptionBudget"),
        ("apiextensions.k8s.io/v1", "CustomResourceDefinition"),
        ("example.com/v1", "Widget"),
        ("kustomize.toolkit.fluxcd.io/v1", "Kustomization"),
        ("networking.k8s.io/v1", "Ingress"),
        ("example.com/v1", "Deployment"),
        ("example.com/v1", "Pod"),
    ]);
    let version = match rng.below(60) {
        0 => rng.pick(&[
            "apps",
            "/v1",
            "v1/",
            "apps/v1/x",
            "",
            "/",
            "apps/",
            "batch/v2",
        ]),
        _ => version,
    };
    let object = of_kind(rng, version, kind);
    damaged(rng, object)
}

pub(super) fn of_kind(rng: &mut Rng, version: &str, kind: &str) -> Value {
    let generation = rng.below(3);
    let mut object = json!({
        "apiVersion": version,
        "kind": kind,
        "metadata": {"name": "x", "namespace": "ns", "creationTimestamp": creation(rng)},
        "spec": spec(rng),
        "status": status(rng, kind),
    });
    if rng.percent(85) {
        object["metadata"]["generation"] = json!(generation);
    }
    if rng.percent(75) {
        let older = usize::from(rng.percent(8));
        object["status"]["observedGeneration"] = json!(generation.saturating_sub(older));
    }
    if rng.percent(3) {
        let time = rng.pick(&["2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z", ""]);
        object["metadata"]["deletionTimestamp"] = json!(time);
    }
    object
}

fn creation(rng: &mut Rng) -> &'static str {
    match rng.percent(90) {
        true => rng.pick(&["2000-01-01T00:00:00Z", "2090-01-01T00:00:00Z"]),
        false => rng.pick(&[
            "2090-01-01T00:00:00.25Z",
            "2090-01-01t00:00:00Z",
            "2090-01-01T00:00:00z",
            "2090-01-01 00:00:00Z",
            "2090-01-01T00:00:60Z",
            "2090-01-01T23:59:60Z",
            "2090-01-01T24:00:00Z",
            "2090-02-30T00:00:00Z",
            "2090-01-01T00:00:00+02:00",
            "2090-01-01T00:00:00-00:00",
            "2090-01-01T00:00:00",
            "2090-01-01",
            "null",
            "",
            "soon",
        ]),
    }
}

fn spec(rng: &mut Rng) -> Value {
    let mut spec = json!({});
    let mut set = |rng: &mut Rng, chance, key: &str, value: Value| {
        if rng.percent(chance) {
            spec[key] = value;
        }
    };
    let value = count(rng);
    set(rng, 70, "replicas", value);
    let deadline = rng.pick(&[600, 600, 2_147_483_647]);
    set(rng, 60, "progressDeadlineSeconds", json!(deadline));
    let value = count(rng);
    set(rng, 50, "parallelism", value);
    let value = count(rng);
    set(rng, 50, "completions", value);
    let suspend = rng.percent(40);
    set(rng, 25, "suspend", json!(suspend));
    let kind = rng.pick(&["ClusterIP", "LoadBalancer", "LoadBalancer", "NodePort"]);
    set(rng, 70, "type", json!(kind));
    let address = rng.pick(&["", "10.0.0.1", "None"]);
    set(rng, 60, "clusterIP", json!(address));
    let strategy = match rng.below(5) {
        0 => json!({"type": "OnDelete"}),
        1 => json!({"type": "RollingUpdate"}),
        2 | 3 => {
            let partition = rng.pick(&[-2, -1, 0, 0, 1, 1, 2, 5]);
            json!({"type": "RollingUpdate", "rollingUpdate": {"partition": partition}})
        }
        _ => json!({}),
    };
    set(rng, 60, "updateStrategy", strategy);
    spec
}

/// Numbers that are mostly equal, so that late comparisons are reached.
fn count(rng: &mut Rng) -> Value {
    json!(rng.pick(&[0, 1, 1, 2, 2, 2, 2, 3]))
}

fn status(rng: &mut Rng, kind: &str) -> Value {
    let mut status = json!({});
    let full = rng.percent(45);
    for key in [
        "replicas",
        "readyReplicas",
        "availableReplicas",
        "updatedReplicas",
        "currentReplicas",
        "fullyLabeledReplicas",
        "desiredNumberScheduled",
        "currentNumberScheduled",
        "updatedNumberScheduled",
        "numberAvailable",
        "numberReady",
        "succeeded",
        "active",
        "failed",
    ] {
        if full || rng.percent(80) {
            status[key] = match full && rng.percent(85) {
                true => json!(2),
                false => count(rng),
            };
        }
    }
    for (key, words) in [
        ("currentRevision", "a a b"),
        ("updateRevision", "a a b"),
        ("startTime", "2026-01-01T00:00:00Z"),
    ] {
        if rng.percent(60) {
            status[key] = json!(rng.word(words));
        }
    }
    if rng.percent(85) {
        status["phase"] = json!(match kind {
            "PersistentVolumeClaim" => rng.word("Bound Bound Pending Lost"),
            _ => rng.word("Running Running Running Pending Pending Succeeded Failed Unknown Odd"),
        });
    }
    if rng.percent(60) {
        let statuses: Vec<Value> = (0..rng.below(4)).map(|_| container(rng)).collect();
        status["containerStatuses"] = json!(statuses);
        if rng.percent(3) {
            damage(rng, &mut status["containerStatuses"], 0);
        }
    }
    if rng.percent(85) {
        let conditions: Vec<Value> = (0..rng.below(5)).map(|_| condition(rng, kind)).collect();
        status["conditions"] = json!(conditions);
    }
    status
}

fn container(rng: &mut Rng) -> Value {
    let waiting = match rng.below(4) {
        0 => json!({"running": {"startedAt": "2026-01-01T00:00:00Z"}}),
        1 => json!({"waiting": {"reason": "ImagePullBackOff"}}),
        _ => json!({"waiting": {"reason": "CrashLoopBackOff", "message": "back-off"}}),
    };
    json!({"name": rng.word("app side-car init é"), "state": waiting, "ready": false})
}

fn condition(rng: &mut Rng, kind: &str) -> Value {
    let types = match kind {
        "Deployment" => "Progressing Progressing Available Available ReplicaFailure",
        "ReplicaSet" => "ReplicaFailure",
        "Pod" => "Ready Ready PodScheduled PodScheduled ContainersReady Initialized",
        "Job" => "Complete Failed Suspended FailureTarget SuccessCriteriaMet",
        "CustomResourceDefinition" => "NamesAccepted Established Established",
        _ => "Ready Ready Healthy Synced",
    };
    let kind = match rng.percent(8) {
        true => rng.word("Reconciling Stalled Ready"),
        false => rng.word(types),
    };
    let mut condition = json!({
        "type": kind,
        "status": rng.word("True True True False False Unknown true Odd"),
        "lastTransitionTime": "2026-01-01T00:00:00Z",
    });
    if rng.percent(85) {
        condition["reason"] = json!(rng.pick(&[
            "NewReplicaSetAvailable",
            "NewReplicaSetAvailable",
            "ProgressDeadlineExceeded",
            "Unschedulable",
            "Unschedulable",
            "Installing",
            "NotAccepted",
            "Progressing",
            "",
        ]));
    }
    if rng.percent(80) {
        condition["message"] = json!(rng.pick(&["because", "no luck: é", "", "a\nb", "1/2"]));
    }
    condition
}

/// Mostly the object itself; else one in which parts are away, or have another type.
pub(super) fn damaged(rng: &mut Rng, mut object: Value) -> Value {
    if rng.percent(70) {
        return object;
    }
    for _ in 0..rng.between(1, 2) {
        damage(rng, &mut object, 0);
    }
    object
}

pub(super) fn damage(rng: &mut Rng, value: &mut Value, depth: usize) {
    let stop = depth > 0 && rng.percent(25);
    match value {
        Value::Object(map) if !map.is_empty() && !stop => {
            let at = rng.below(map.len());
            let key = map.keys().nth(at).unwrap().clone();
            match rng.percent(15) && depth > 0 {
                true => drop(map.remove(&key)),
                false => damage(rng, &mut map[&key], depth + 1),
            }
        }
        Value::Array(list) if !list.is_empty() && !stop => {
            let at = rng.below(list.len());
            match rng.percent(10) {
                true => drop(list.remove(at)),
                false => damage(rng, &mut list[at], depth + 1),
            }
        }
        _ => {
            *value = match rng.below(16) {
                0 => json!(null),
                1 => json!("2"),
                2 => json!(""),
                3 => json!(2.0),
                4 => json!(true),
                5 => json!([]),
                6 => json!({}),
                7 => json!(["x"]),
                8 => json!({"x": 1}),
                9 => json!(-1),
                10 => json!(i64::MAX),
                11 => json!(i64::MIN),
                12 => json!(u64::MAX),
                13 => json!(0.5),
                14 => json!([null]),
                _ => json!(2),
            }
        }
    }
}
