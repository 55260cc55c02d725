//! What is around an object: a selector, other objects, health checks, a wait.

use serde_json::{Value, json};

use super::object::{damage, damaged, object, of_kind};
use crate::rng::Rng;

/// An object with what is around it.
pub(super) fn read_case(rng: &mut Rng) -> Value {
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
pub(super) fn checked_object(rng: &mut Rng) -> Value {
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

pub(super) fn health_checks(rng: &mut Rng) -> Value {
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
pub(super) fn wait_case(rng: &mut Rng) -> Value {
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
