//! Server-side apply.

use std::collections::BTreeMap;

use fluxcd_conformance::ops::TABLE;
use serde_json::{Value, json};

use crate::agree;
use crate::rng::Rng;

mod objects;
mod selectors;

/// Inputs that are looked at to see what the generators reach.
const SAMPLE: u64 = 5_000;

#[test]
fn objects_are_sorted_as_upstream_sorts_them() {
    agree("ssa.sort", sort);
}

#[test]
fn objects_are_put_into_the_stages_of_upstream() {
    agree("ssa.order", order);
}

#[test]
fn objects_are_skipped_where_upstream_skips_them() {
    agree("ssa.skip", skip);
}

#[test]
fn objects_are_pruned_where_upstream_prunes_them() {
    agree("ssa.prune", prune);
}

#[test]
fn objects_are_recreated_where_upstream_recreates_them() {
    agree("ssa.force", force);
}

#[test]
fn targets_match_what_upstream_s_match() {
    agree("ssa.select", select);
}

#[test]
fn drift_is_what_upstream_takes_for_it() {
    agree("ssa.drift", drift);
}

#[test]
fn ignored_fields_are_stripped_and_adopted_as_by_upstream() {
    agree("ssa.ignore", ignore);
}

#[test]
fn metadata_is_cleaned_up_as_by_upstream() {
    agree("ssa.cleanup", cleanup);
}

type Generator = fn(&mut Rng) -> Value;

/// Without it the tests above could pass because nothing worth comparing is asked.
#[test]
fn every_operation_reaches_every_answer() {
    let cases: [(&str, Generator, &[&str]); 7] = [
        ("ssa.skip", skip, &["{\"skip\":false}", "{\"skip\":true}"]),
        ("ssa.prune", prune, &["deleted", "skipped"]),
        (
            "ssa.force",
            force,
            &["{\"recreate\":false}", "{\"recreate\":true}"],
        ),
        (
            "ssa.select",
            select,
            &["selector", "{\"matches\":false}", "{\"matches\":true}"],
        ),
        (
            "ssa.drift",
            drift,
            &[
                "path",
                "selector",
                "{\"drifted\":false}",
                "{\"drifted\":true}",
            ],
        ),
        (
            "ssa.ignore",
            ignore,
            &["as it was", "changed", "path", "selector"],
        ),
        (
            "ssa.cleanup",
            cleanup,
            &["fields", "folded", "nothing", "removed"],
        ),
    ];
    for (name, generate, answers) in cases {
        let op = TABLE.iter().find(|op| op.name() == name).unwrap();
        let mut hits = BTreeMap::<String, u64>::new();
        for case in 0..SAMPLE {
            let input = generate(&mut Rng::new(1, case));
            let answer = match (name, op.run(&input)) {
                (_, Err(failure)) => failure.kind,
                ("ssa.prune", Ok(answer)) => answer["action"].as_str().unwrap().to_owned(),
                ("ssa.ignore", Ok(answer)) => match answer["payload"] == input["payload"] {
                    true => "as it was".to_owned(),
                    false => "changed".to_owned(),
                },
                ("ssa.cleanup", Ok(answer)) => {
                    let last = answer["patch"]
                        .as_array()
                        .and_then(|patch| patch.last().cloned());
                    match last.map(|last| last["op"].clone()) {
                        None => "nothing".to_owned(),
                        Some(Value::String(op)) if op == "replace" => "folded".to_owned(),
                        Some(_) => "removed".to_owned(),
                    }
                }
                (_, Ok(answer)) => answer.to_string(),
            };
            *hits.entry(answer).or_default() += 1;
        }
        let reached: Vec<_> = hits.keys().map(String::as_str).collect();
        assert_eq!(reached, answers, "{name}: {hits:?}");
        assert!(hits.values().all(|hits| *hits > 25), "{name}: {hits:?}");
    }
}

fn sort(rng: &mut Rng) -> Value {
    json!({"objects": objects::many(rng)})
}

fn order(rng: &mut Rng) -> Value {
    let mut input = json!({"objects": objects::many(rng)});
    if rng.percent(70) {
        let kinds = [
            "example.com/Widget",
            "apps/Deployment",
            " apps/Deployment ",
            "Pod",
            "/Pod",
            "storage.k8s.io/StorageClass",
            "a/b/c",
            "",
            "v1/Pod",
            "apps/deployment",
        ];
        let kinds: Vec<_> = (0..rng.between(0, 4)).map(|_| rng.pick(&kinds)).collect();
        input["customStageKinds"] = json!(kinds.join(rng.pick(&[",", ",", ", ", ",,"])));
    }
    input
}

fn skip(rng: &mut Rng) -> Value {
    let mut input = json!({"desired": objects::marked(rng)});
    if rng.percent(70) {
        input["live"] = objects::live(rng);
    }
    input
}

fn prune(rng: &mut Rng) -> Value {
    let owner = json!({"name": rng.pick(&["app", "apps", "App"]), "namespace": rng.pick(&["flux-system", "x"])});
    let mut input = json!({"object": objects::marked(rng), "owner": owner});
    if rng.percent(90) {
        let mut live = objects::live(rng);
        if !live["metadata"]["labels"].is_object() {
            live["metadata"]["labels"] = json!({});
        }
        for key in ["name", "namespace"] {
            if rng.percent(90) {
                let value = match rng.percent(85) {
                    true => owner[key].clone(),
                    false => json!("app"),
                };
                live["metadata"]["labels"][format!("kustomize.toolkit.fluxcd.io/{key}")] = value;
            }
        }
        input["live"] = live;
    }
    input
}

fn force(rng: &mut Rng) -> Value {
    let pieces = [
        "is",
        "immutable",
        "field",
        " ",
        " ",
        " ",
        "\t",
        "\n",
        "\u{b}",
        "\u{a0}",
        "not",
        "Is",
        "this is immutable",
        "an immutable field",
    ];
    let message: String = (0..rng.between(0, 6)).map(|_| rng.pick(&pieces)).collect();
    let mut error = json!({"message": message});
    if rng.percent(85) {
        error["code"] = json!(rng.pick(&[400, 403, 404, 409, 409, 422, 422, 500, 0]));
        if rng.percent(90) {
            let reasons = [
                "Conflict",
                "Invalid",
                "AlreadyExists",
                "BadRequest",
                "",
                "Odd",
                "NotFound",
                "invalid",
                "StorageReadError",
            ];
            error["reason"] = json!(rng.pick(&reasons));
        }
    }
    let mut input =
        json!({"desired": objects::marked(rng), "force": rng.percent(40), "error": error});
    if rng.percent(90) {
        input["live"] = objects::live(rng);
    }
    input
}

fn select(rng: &mut Rng) -> Value {
    json!({"target": selectors::target(rng), "object": objects::marked(rng)})
}

fn drift(rng: &mut Rng) -> Value {
    let (live, dry_run) = objects::pair(rng);
    let mut input = json!({"live": live, "dryRun": dry_run});
    if rng.percent(75) {
        input["ignore"] = selectors::rules(rng, &input["live"], &input["dryRun"]);
    }
    input
}

fn ignore(rng: &mut Rng) -> Value {
    let (mut live, dry_run) = objects::pair(rng);
    live["metadata"]["managedFields"] = objects::managed_fields(rng, &live);
    let mut payload = dry_run.clone();
    if rng.percent(30) {
        objects::change(rng, &mut payload);
    }
    let ignore = selectors::rules(rng, &live, &dry_run);
    json!({"live": live, "dryRun": dry_run, "payload": payload, "ignore": ignore})
}

fn cleanup(rng: &mut Rng) -> Value {
    let mut live = objects::marked(rng);
    let leftovers = [
        (
            "annotations",
            "kubectl.kubernetes.io/last-applied-configuration",
        ),
        ("annotations", "kustomize.toolkit.fluxcd.io/checksum"),
        ("annotations", "fluxcd.io/sync-checksum"),
        ("labels", "fluxcd.io/sync-gc-mark"),
        ("annotations", "fluxcd.io/sync-gc-mark"),
    ];
    if !live["metadata"].is_object() {
        live["metadata"] = json!({});
    }
    for (map, key) in leftovers {
        if rng.percent(25) {
            if !live["metadata"][map].is_object() {
                live["metadata"][map] = json!({});
            }
            live["metadata"][map][key] = rng.pick(&["x", "", "{}"]).into();
        }
    }
    if rng.percent(85) {
        live["metadata"]["managedFields"] = objects::managed_fields(rng, &live);
    }
    let mut input = json!({"live": live});
    if rng.percent(40) {
        let names = ["helm", "hpa", "", "kubectl", "flux"];
        let names: Vec<_> = (0..rng.between(0, 2)).map(|_| rng.pick(&names)).collect();
        input["overrideManagers"] = json!(names);
    }
    input
}
