//! Live objects, what is around them, and health checks.

use std::collections::BTreeMap;

use chrono::DateTime;
use fluxcd_core::ready::{self, Error, Reader, Reason, WorkloadReason};
use serde_json::{Value, json};

use crate::agree;
use crate::rng::Rng;

/// Inputs that are looked at to see what the generators reach.
const SAMPLE: u64 = 40_000;

#[test]
fn objects_are_judged_as_kstatus_judges_them() {
    agree("ready.kstatus", |rng| json!({ "object": object(rng) }));
}

#[test]
fn jobs_are_judged_as_flux_judges_them() {
    agree("ready.job", |rng| {
        let job = of_kind(rng, "batch/v1", "Job");
        json!({ "object": damaged(rng, job) })
    });
}

#[test]
fn objects_are_read_as_the_controller_reads_them() {
    agree("ready.read", read_case);
}

#[test]
fn health_checks_find_what_upstream_s_find() {
    agree("ready.cel", |rng| {
        let object = checked_object(rng);
        json!({ "object": object, "healthChecks": health_checks(rng) })
    });
}

#[test]
fn waits_end_where_upstream_s_end() {
    agree("ready.wait", wait_case);
}

#[test]
fn statuses_are_aggregated_as_upstream_aggregates_them() {
    agree("ready.aggregate", |rng| {
        let word = |rng: &mut Rng| match rng.percent(60) {
            true => "Current".to_owned(),
            false => rng
                .word("InProgress Failed Current Terminating NotFound Unknown")
                .to_owned(),
        };
        let statuses: Vec<String> = (0..rng.below(5)).map(|_| word(rng)).collect();
        json!({ "statuses": statuses, "desired": word(rng) })
    });
}

/// Without it the tests above could pass because nothing worth comparing is asked.
#[test]
fn objects_reach_every_reason_of_every_kind_and_every_error() {
    let mut hits = BTreeMap::<String, u64>::new();
    let now = DateTime::from_timestamp_nanos(1_893_456_000_000_000_000);
    for case in 0..SAMPLE {
        let object = object(&mut Rng::new(1, case));
        let kind = object["kind"].as_str().unwrap_or_default().to_owned();
        let what = match ready::compute(&object, now) {
            Ok(readiness) => format!("{kind} {}", name(&readiness.reason)),
            Err(error) => error_name(&error),
        };
        *hits.entry(what).or_default() += 1;
        let job = of_kind(&mut Rng::new(2, case), "batch/v1", "Job");
        if let Ok(readiness) = ready::compute_job(&job) {
            let what = format!("Flux {}", name(&readiness.reason));
            *hits.entry(what).or_default() += 1;
        }
        let input = read_case(&mut Rng::new(3, case));
        let related = input["related"].as_array().map_or(&[][..], Vec::as_slice);
        match Reader::new().read(&input["object"], related, now) {
            Err(error) => *hits.entry(error_name(&error)).or_default() += 1,
            Ok(readiness) => {
                if let Reason::Workload(WorkloadReason::PodsFailed(_)) = readiness.reason {
                    *hits.entry("PodsFailed".to_owned()).or_default() += 1;
                }
            }
        }
    }
    let generic = "Deletion GenerationNotObserved Reconciling Stalled";
    let own = [
        ("Widget", "Ready NotReady NoRule"),
        ("ConfigMap", "AlwaysReady"),
        ("Secret", "AlwaysReady"),
        ("CronJob", "AlwaysReady"),
        ("PodDisruptionBudget", "DisruptionsComputed"),
        ("Service", "ServiceReady NoClusterIp"),
        ("PersistentVolumeClaim", "ClaimBound ClaimNotBound"),
        (
            "Pod",
            "PodSucceeded PodFailed PodReady PodCrashLooping PodNotReady PodNotScheduled PodUnschedulable PodPending PodNotObserved",
        ),
        (
            "Deployment",
            "Replicas Updated Extra Available Ready DeadlineExceeded ReplicaSetNotAvailable NotAvailable DeploymentAvailable",
        ),
        (
            "StatefulSet",
            "OnDelete Replicas Ready Extra PartitionUpdated PartitionComplete CurrentReplicas RevisionMismatch Scheduled",
        ),
        (
            "ReplicaSet",
            "ReplicaFailure Labelled Available Ready Extra ReplicaSetAvailable",
        ),
        (
            "DaemonSet",
            "NoGeneration NoObservedGeneration NoDesiredNumber CurrentNodes Updated Available Ready Scheduled",
        ),
        ("Job", "Complete Failed NotStarted Running"),
        (
            "CustomResourceDefinition",
            "Established NamesNotAccepted NotEstablished Installing",
        ),
    ];
    let mut expected: Vec<String> = own
        .iter()
        .flat_map(|(kind, reasons)| {
            let reasons = generic.split(' ').chain(reasons.split(' '));
            reasons.map(move |reason| format!("{kind} {reason}"))
        })
        .collect();
    let flux = "Suspended Complete Failed NotStarted Unfinished";
    expected.extend(flux.split(' ').map(|reason| format!("Flux {reason}")));
    let errors = "DeletionTimestamp Generation ObservedGeneration Conditions Phase ContainerStatuses Crash Selector PodsFailed";
    expected.extend(errors.split(' ').map(str::to_owned));
    let missing: Vec<_> = expected
        .iter()
        .filter(|what| hits.get(*what).copied().unwrap_or_default() < 3)
        .collect();
    assert!(missing.is_empty(), "not reached: {missing:?}");
}

/// The innermost word of a reason: `Workload(Fewer { counted: Ready, ..` is `Ready`.
fn name(reason: &Reason) -> String {
    let text = format!("{reason:?}");
    let text = match text.split_once("counted: ") {
        Some((_, counted)) => counted,
        None => ["Core(", "Workload(", "Job(", "Definition("]
            .iter()
            .find_map(|lead| text.strip_prefix(lead))
            .unwrap_or(&text),
    };
    let end = text.find(|c: char| !c.is_alphanumeric());
    text[..end.unwrap_or(text.len())].to_owned()
}

fn error_name(error: &Error) -> String {
    let text = format!("{error:?}");
    text.split('(').next().unwrap().to_owned()
}

/// A live object: most are as controllers write them, some have a part that nobody writes.
fn object(rng: &mut Rng) -> Value {
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

fn of_kind(rng: &mut Rng, version: &str, kind: &str) -> Value {
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
fn damaged(rng: &mut Rng, mut object: Value) -> Value {
    if rng.percent(70) {
        return object;
    }
    for _ in 0..rng.between(1, 2) {
        damage(rng, &mut object, 0);
    }
    object
}

fn damage(rng: &mut Rng, value: &mut Value, depth: usize) {
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

/// An object with what is around it.
fn read_case(rng: &mut Rng) -> Value {
    let mut object = match rng.below(10) {
        0..4 => of_kind(rng, "apps/v1", "StatefulSet"),
        4..6 => of_kind(rng, "apps/v1", "ReplicaSet"),
        6 => of_kind(rng, "apps/v1", "Deployment"),
        7 => of_kind(rng, "batch/v1", "Job"),
        _ => object(rng),
    };
    if object["spec"].is_object() && rng.percent(95) {
        object["spec"]["selector"] = selector(rng);
    }
    if rng.percent(3) {
        drop(
            object["metadata"]
                .as_object_mut()
                .map(|map| map.remove("namespace")),
        );
    }
    let object = match rng.percent(15) {
        true => damaged(rng, object),
        false => object,
    };
    let related: Vec<Value> = (0..rng.below(4)).map(|_| related(rng)).collect();
    let mut input = json!({ "object": object, "related": related });
    // The expression reader asks for an `apiVersion` once more, and crashes on one that is no text.
    if rng.percent(15)
        && input["object"]["apiVersion"].is_string()
        && input["object"]["kind"].is_string()
    {
        input["healthChecks"] = health_checks(rng);
    }
    input
}

/// What the expressions of [`health_check`] ask about.
fn checked_object(rng: &mut Rng) -> Value {
    let (version, kind) = rng.pick(&[
        ("example.com/v1", "Widget"),
        ("example.com/v1", "Widget"),
        ("example.com/v2", "Gadget"),
        ("apps/v1", "StatefulSet"),
        ("v1", "Pod"),
        ("other.io/v1", "Widget"),
    ]);
    let mut object = of_kind(rng, version, kind);
    let generation = rng.pick(&["1", "1", "1", "2", "1.0", "null", "\"1\""]);
    object["status"]["observedGeneration"] = generation.parse().unwrap();
    object["metadata"]["generation"] = rng.pick(&["1", "1", "1", "1", "2", "1.0"]).parse().unwrap();
    if rng.percent(15) {
        let status = &mut object["status"];
        damage(rng, status, 0);
    }
    if rng.percent(5) {
        drop(object.as_object_mut().unwrap().remove("status"));
    }
    object
}

fn health_checks(rng: &mut Rng) -> Value {
    let checks: Vec<Value> = (0..rng.pick(&[1, 1, 2, 2, 3]))
        .map(|_| health_check(rng))
        .collect();
    json!(checks)
}

fn health_check(rng: &mut Rng) -> Value {
    let version =
        rng.word("example.com/v1 example.com/v1 example.com/v2 apps/v1 v1 other.io/v1 a/b/c");
    let mut check = json!({ "apiVersion": version });
    if rng.percent(75) {
        check["kind"] = json!(rng.pick(&["Widget", "Widget", "Gadget", "StatefulSet", "Pod", ""]));
    }
    for (key, chance) in [("current", 98), ("failed", 50), ("inProgress", 50)] {
        if rng.percent(chance) {
            check[key] = json!(health_expression(rng));
        }
    }
    check
}

fn health_expression(rng: &mut Rng) -> &'static str {
    match rng.percent(95) {
        true => rng.pick(&[
            "true",
            "false",
            "false",
            "status.phase == 'Running'",
            "status.phase != 'Running'",
            "status.phase in ['Pending', 'Failed']",
            "has(status.phase) && status.phase == 'Failed'",
            "has(status.startTime)",
            "status.replicas == 2",
            "status.replicas > status.readyReplicas",
            "status.replicas >= 1.5",
            "status.conditions.filter(e, e.type == 'Ready').all(e, e.status == 'True')",
            "status.conditions.exists(e, e.type == 'Ready' && e.status == 'False')",
            "status.conditions.exists_one(e, e.type == 'Healthy')",
            "status.conditions.map(e, e.type).size() > 2",
            "metadata.generation == status.observedGeneration",
            "status.?phase.orValue('') == 'Running'",
            "size(status.conditions) == 0",
            "metadata.name.startsWith('x') && kind == 'Widget'",
            "spec.nope == 1 || true",
            "spec.nope == 1",
            "nope == 1",
        ]),
        false => rng.pick(&[
            "",
            "(",
            "status",
            "1",
            "'x'",
            "has(status)",
            "a b",
            "status.phase ==",
            "1.e(2)",
        ]),
    }
}

/// Objects, and what polls see of them. Upstream needs a millisecond for each.
fn wait_case(rng: &mut Rng) -> Value {
    const IDS: [&str; 4] = [
        "apps_web_apps_Deployment",
        "apps_migrate_batch_Job",
        "_x__Namespace",
        "apps_a.b_example.com_Widget",
    ];
    let objects: Vec<&str> = IDS.into_iter().filter(|_| rng.percent(60)).collect();
    let ttl: Vec<&str> = objects
        .iter()
        .copied()
        .filter(|_| rng.percent(25))
        .collect();
    let changes = match objects.len() {
        0 => 0,
        _ => rng.below(8),
    };
    let changes: Vec<Value> = (0..changes)
        .map(|_| {
            let status = match rng.percent(45) {
                true => "Current",
                false => {
                    rng.word("InProgress InProgress Failed Terminating NotFound NotFound Unknown")
                }
            };
            let mut change = json!({"object": rng.below(objects.len()), "status": status});
            if status == "Unknown" && rng.percent(60) {
                change["error"] = json!("boom");
            }
            change
        })
        .collect();
    json!({
        "objects": objects, "ttl": ttl, "blind": rng.percent(4), "failFast": rng.percent(50), "changes": changes,
    })
}

fn selector(rng: &mut Rng) -> Value {
    let label = |rng: &mut Rng| {
        let key = rng.word("app app tier example.com/app");
        (key.to_owned(), rng.word("a a b c").to_owned())
    };
    let mut selector = match rng.below(8) {
        0 => json!({}),
        1 => json!({"matchExpressions": [expression(rng)]}),
        2 => {
            json!({"matchLabels": {"app": "a"}, "matchExpressions": [expression(rng), expression(rng)]})
        }
        3 => json!({"MatchLabels": {"app": "a"}, "matchexpressions": null}),
        _ => {
            let (key, value) = label(rng);
            json!({"matchLabels": {key: value}})
        }
    };
    if rng.percent(6) {
        let key = rng.pick(&[
            "", "a/b/c", "/a", "a/", "A/b", "a-/b", "-a", "a_b.c-d", "é", "a b", "a..b/c", "0/0",
        ]);
        selector["matchLabels"] =
            json!({key: rng.pick(&["", "a b", "-", "a", "é", "a_", "A.b-C_d"])});
    }
    if rng.percent(2) {
        let (length, dots) = rng.pick(&[(63, false), (64, false), (253, true), (254, true)]);
        let long: String = (0..length)
            .map(|at| if dots && at % 50 == 49 { '.' } else { 'x' })
            .collect();
        let key = if dots { format!("{long}/a") } else { long };
        selector["matchLabels"] = json!({key: "a"});
    }
    if rng.percent(6) {
        damage(rng, &mut selector, 0);
    }
    selector
}

fn expression(rng: &mut Rng) -> Value {
    let operator = rng.word("In In NotIn Exists DoesNotExist Like");
    let mut expression = json!({"key": rng.word("app tier example.com/app"), "operator": operator});
    if operator.ends_with("In") && rng.percent(95) || rng.percent(5) {
        let values: Vec<&str> = (0..rng.between(1, 2)).map(|_| rng.word("a b c")).collect();
        expression["values"] = json!(values);
    }
    expression
}

fn related(rng: &mut Rng) -> Value {
    let (version, kind) = rng.pick(&[
        ("v1", "Pod"),
        ("v1", "Pod"),
        ("v1", "Pod"),
        ("v1", "Pod"),
        ("apps/v1", "ReplicaSet"),
        ("example.com/v1", "Pod"),
    ]);
    let mut object = of_kind(rng, version, kind);
    let labels = match rng.below(12) {
        0 => json!({"app": null}),
        1 => json!({"app": "a", "tier": 1}),
        2 => json!(null),
        3 => json!({"example.com/app": "a", "tier": "b"}),
        _ => json!({"app": rng.word("a a a b"), "tier": rng.word("a b")}),
    };
    object["metadata"]["labels"] = labels;
    if rng.percent(10) {
        object["metadata"]["namespace"] = json!("other");
    }
    match rng.percent(15) {
        true => damaged(rng, object),
        false => object,
    }
}
