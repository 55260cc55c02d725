//! Conditions: their changes, patches and ends, and the rules for them.

use std::collections::BTreeMap;

use fluxcd_api::meta::Condition;
use fluxcd_conformance::ops::{Failure, Op};
use fluxcd_core::condition::check::{self, Observed};
use fluxcd_core::condition::{self, merge_patch};
use serde_json::{Value, json};

use crate::rng::Rng;
use crate::{agree, agree_with, operation};

/// Inputs that are looked at to see what the generators reach.
const SAMPLE: u64 = 20_000;
/// The vectors have no such operations: they would be asked of every library.
const CHECK: Op = Op::new("condition.check", broken);
const MERGE_PATCH: Op = Op::new("condition.merge_patch", merge_patches);

const TYPES: &str = "Ready Ready Reconciling Stalled FetchFailed A B zeta";

#[test]
fn conditions_change_as_upstream_changes_them() {
    agree("condition.apply", changes);
}

#[test]
fn conditions_read_as_upstream_reads_them() {
    agree("condition.is", |rng| json!({"conditions": conditions(rng)}));
}

#[test]
fn conditions_are_patched_as_upstream_patches_them() {
    agree("condition.patch", patch);
}

#[test]
fn reconciliations_end_as_upstream_ends_them() {
    agree("condition.finalize", end);
}

#[test]
fn messages_are_cut_where_upstream_cuts_them() {
    agree("condition.trim", |rng| {
        let repeat = rng.word("x é 漢 🎈 ab é漢");
        let fitting = 32_768 / repeat.len();
        let suffix: String = (0..rng.below(4)).map(|_| rng.word("x é 漢 🎈")).collect();
        json!({"repeat": repeat, "times": rng.between(fitting - 4, fitting + 2), "suffix": suffix})
    });
}

#[test]
fn histories_grow_as_upstream_lets_them_grow() {
    agree("condition.history", |rng| {
        let times = rng.between(0, 9);
        let upserts: Vec<Value> = (0..times)
            .map(|hour| {
                let mut upsert = json!({
                    "digest": rng.word("a b c d"),
                    "status": rng.word("S F"),
                    "timestamp": format!("2024-01-01T0{hour}:00:00Z"),
                    "duration": rng.word("1.5s 0s 2m0.25s"),
                });
                if rng.percent(50) {
                    upsert["metadata"] = json!({"revision": rng.word("1 2")});
                }
                upsert
            })
            .collect();
        json!({"history": [], "upserts": upserts})
    });
}

#[test]
fn statuses_break_the_rules_that_upstream_finds_broken() {
    agree_with(&CHECK, status);
}

#[test]
fn objects_differ_as_upstream_s_merge_patches_say() {
    agree_with(&MERGE_PATCH, |rng| {
        let before = document(rng, 3);
        let after = match rng.percent(50) {
            true => document(rng, 3),
            false => altered(rng, &before),
        };
        json!({"before": before, "after": after})
    });
}

#[test]
fn the_generators_reach_everything() {
    let mut hits = BTreeMap::<String, u64>::new();
    let mut hit = |what: String| *hits.entry(what).or_default() += 1;
    for case in 0..SAMPLE {
        let rng = || Rng::new(1, case);
        let input = changes(&mut rng());
        for step in input["steps"].as_array().unwrap() {
            hit(step["do"].as_str().unwrap().to_owned());
            for option in step["options"].as_object().into_iter().flatten() {
                hit(format!("{} {}", step["do"].as_str().unwrap(), option.0));
            }
        }
        match operation("condition.apply").run(&input) {
            Ok(result) => {
                for condition in result["conditions"].as_array().unwrap() {
                    let texts = ["message", "reason"].map(|key| condition[key].as_str().unwrap());
                    let found = [" of ", "completed", " @ "];
                    let found = found.map(|it| texts.iter().any(|text| text.contains(it)));
                    hit(format!("result {found:?}"));
                    hit(format!("result {}", condition["status"]));
                }
            }
            Err(failure) => hit(failure.kind),
        }
        match operation("condition.patch").run(&patch(&mut rng())) {
            Ok(result) => {
                for operation in result["operations"].as_array().unwrap() {
                    let verb = operation.as_str().unwrap().split(' ').next();
                    hit(verb.unwrap_or_default().to_owned());
                }
            }
            Err(failure) => hit(failure.kind),
        }
        let input = end(&mut rng());
        let result = operation("condition.finalize").run(&input).unwrap();
        let error = ["given", "made"][usize::from(input["error"].is_null())];
        hit(format!("error {error} {}", result["error"].is_string()));
        for rule in broken(&status(&mut rng())).unwrap()["broken"]
            .as_array()
            .unwrap()
        {
            hit(rule.as_str().unwrap().split(' ').next().unwrap().to_owned());
        }
    }
    let steps = "set markTrue markFalse markUnknown markReconciling markStalled delete summary aggregate mirror \
                 progressive";
    let options = "conditions negativePolarity counter counterIfOnly stepCounter stepCounterIfOnly sourceRef \
                   sourceRefIf latestGeneration";
    let outcomes =
        "panic Add Change Remove conflict-add conflict-change conflict-deleted conflict-remove";
    let rules = "FAIL0001 FAIL0002 FAIL0003 FAIL0004 FAIL0005 FAIL0006 FAIL0007 FAIL0008 FAIL0009 FAIL0011 WARN0001 \
                 WARN0002 WARN0003 WARN0004 WARN0005";
    let merges = ["summary", "aggregate"].into_iter();
    let merges = merges.flat_map(|step| options.split(' ').map(move |it| format!("{step} {it}")));
    let results = ["error given true", "error made true", "error made false"];
    let statuses = ["True", "False", "Unknown"].map(|it| format!("result {it:?}"));
    let texts = [
        [false, false, false],
        [true, false, false],
        [true, true, false],
        [false, false, true],
        [true, false, true],
    ];
    let expected = [steps, outcomes, rules]
        .into_iter()
        .flat_map(|it| it.split(' '));
    let expected = expected
        .map(str::to_owned)
        .chain(merges)
        .chain(results.map(str::to_owned))
        .chain(statuses)
        .chain(texts.map(|it| format!("result {it:?}")));
    for what in expected {
        assert!(hits.get(&what) > Some(&20), "{what}: {hits:?}");
    }
}

fn changes(rng: &mut Rng) -> Value {
    let steps: Vec<Value> = (0..rng.between(1, 5)).map(|_| step(rng)).collect();
    json!({"generation": rng.between(1, 3), "conditions": conditions(rng), "steps": steps})
}

fn step(rng: &mut Rng) -> Value {
    let type_ = rng.word(TYPES);
    let (reason, message) = (rng.word("R S T@x Failed"), message(rng));
    match rng.below(14) {
        0 | 1 => json!({"do": "set", "condition": condition(rng)}),
        2 | 3 => {
            let verb = rng.word("markTrue markFalse markUnknown");
            json!({"do": verb, "type": type_, "reason": reason, "message": message})
        }
        4 => {
            let verb = rng.word("markReconciling markStalled");
            json!({"do": verb, "reason": reason, "message": message})
        }
        5 => json!({"do": "delete", "type": type_}),
        6 | 7 => {
            let drift = rng.percent(40);
            json!({"do": "progressive", "drift": drift, "reason": reason, "message": message})
        }
        8 => {
            let mut step = json!({"do": "mirror", "type": type_, "from": conditions(rng)});
            if rng.percent(60) {
                let status = rng.percent(50);
                step["fallback"] = json!({"status": status, "reason": reason, "message": message});
            }
            step
        }
        9 | 10 => {
            // Upstream's order of more than 12 conditions is not defined.
            let objects: Vec<Value> = (0..rng.below(5))
                .map(|_| {
                    let conditions: Vec<Value> =
                        (0..rng.below(4)).map(|_| condition(rng)).collect();
                    json!({"name": rng.word("a b c d"), "conditions": conditions})
                })
                .collect();
            json!({"do": "aggregate", "type": type_, "from": objects, "options": options(rng)})
        }
        _ => json!({"do": "summary", "type": type_, "options": options(rng)}),
    }
}

fn options(rng: &mut Rng) -> Value {
    let mut options = json!({});
    let lists = [
        ("conditions", 40),
        ("negativePolarity", 60),
        ("counterIfOnly", 20),
        ("stepCounterIfOnly", 20),
        ("sourceRefIf", 20),
    ];
    for (key, chance) in lists {
        if rng.percent(chance) {
            let types: Vec<&str> = (0..rng.below(6)).map(|_| rng.word(TYPES)).collect();
            options[key] = json!(types);
        }
    }
    for key in ["counter", "stepCounter", "sourceRef", "latestGeneration"] {
        if rng.percent(30) {
            options[key] = json!(true);
        }
    }
    options
}

fn conditions(rng: &mut Rng) -> Vec<Value> {
    let mut list: Vec<Value> = Vec::new();
    for _ in 0..rng.below(6) {
        let condition = condition(rng);
        let is_new = list.iter().all(|it| it["type"] != condition["type"]);
        if is_new || rng.percent(5) {
            list.push(condition);
        }
    }
    list
}

fn condition(rng: &mut Rng) -> Value {
    let status = match rng.percent(1) {
        true => rng.word("Odd true _"),
        false => rng.word("True False Unknown"),
    };
    let mut condition = json!({
        "type": rng.word(TYPES),
        "status": status,
        "reason": rng.word("R S T@x Failed"),
        "message": message(rng),
        "lastTransitionTime": null,
    });
    if rng.percent(90) {
        let time = rng.word(
            "2024-01-01T00:00:00Z 2024-01-01T00:00:00Z 2023-12-31T23:00:00-01:00 2024-01-01T00:00:00.5Z \
             2025-05-05T05:05:05Z",
        );
        condition["lastTransitionTime"] = json!(time);
    }
    let generation = rng.below(4);
    if generation > 0 {
        condition["observedGeneration"] = json!(generation);
    } else if rng.percent(5) {
        condition["observedGeneration"] = json!(-1);
    }
    condition
}

fn message(rng: &mut Rng) -> String {
    match rng.below(400) {
        0 => "x".repeat(rng.between(32_767, 32_770)),
        _ => rng.word("m n fine").to_owned(),
    }
}

fn patch(rng: &mut Rng) -> Value {
    let before = conditions(rng);
    let after = alike(rng, &before);
    let latest = match rng.percent(50) {
        true => alike(rng, &before),
        false => alike(rng, &after),
    };
    let owned: Vec<&str> = (0..rng.below(4)).map(|_| rng.word(TYPES)).collect();
    let mut input = json!({
        "generation": rng.between(1, 3),
        "before": before,
        "after": after,
        "latest": latest,
    });
    if rng.percent(50) {
        input["owned"] = json!(owned);
    }
    if rng.percent(10) {
        input["force"] = json!(true);
    }
    input
}

/// A list that somebody worked on.
fn alike(rng: &mut Rng, list: &[Value]) -> Vec<Value> {
    let mut list = list.to_vec();
    for _ in 0..rng.below(3) {
        let key = rng.word("status reason message observedGeneration lastTransitionTime");
        let new = condition(rng);
        match rng.below(4) {
            0 => list.push(new),
            1 if !list.is_empty() => drop(list.remove(rng.below(list.len()))),
            _ if !list.is_empty() => {
                let at = rng.below(list.len());
                list[at][key] = new[key].clone();
                if list[at][key].is_null() {
                    list[at].as_object_mut().unwrap().remove(key);
                }
            }
            _ => {}
        }
    }
    list
}

fn end(rng: &mut Rng) -> Value {
    let mut input = json!({
        "generation": rng.between(1, 3),
        "conditions": conditions(rng),
        "result": rng.word("zero interval after requeue"),
        "success": rng.word("requeue no-requeue"),
    });
    if rng.percent(40) {
        input["error"] = json!(rng.word("boom _ 100%"));
    }
    if rng.percent(40) {
        let types: Vec<&str> = (0..rng.between(1, 4)).map(|_| rng.word(TYPES)).collect();
        let negative: Vec<&str> = (0..rng.below(4)).map(|_| rng.word(TYPES)).collect();
        let target = rng.word("Ready Ready Ready A Stalled");
        input["summarize"] =
            json!({"target": target, "conditions": types, "negativePolarity": negative});
    }
    if rng.percent(30) {
        let key = rng.word("reconcile.fluxcd.io/requestedAt other");
        input["annotations"] = json!({key: rng.word("now _")});
    }
    if rng.percent(30) {
        input["lastHandledReconcileAt"] = json!("before");
    }
    input
}

fn status(rng: &mut Rng) -> Value {
    let negative: Vec<&str> = (0..rng.below(4)).map(|_| rng.word(TYPES)).collect();
    json!({
        "generation": rng.between(1, 3),
        "observedGeneration": rng.below(5),
        "conditions": conditions(rng),
        "negativePolarity": negative,
        "inProgress": rng.percent(30),
    })
}

/// The rules that a status breaks, with the types at fault as Go prints a list.
fn broken(input: &Value) -> Result<Value, Failure> {
    let list: Vec<Condition> =
        condition::read(&json!({"status": {"conditions": input["conditions"]}}));
    let observed = Observed {
        conditions: &list,
        generation: input["generation"].as_i64().unwrap(),
        observed_generation: input["observedGeneration"].as_i64().unwrap(),
    };
    let negative = input["negativePolarity"].as_array().unwrap().iter();
    let negative: Vec<&str> = negative.filter_map(Value::as_str).collect();
    let violations = match input["inProgress"].as_bool() {
        Some(true) => check::in_progress(&observed),
        _ => check::final_state(&observed, &negative),
    };
    let violations = violations.iter().map(|it| {
        let text = format!("{} {}", it.rule.code(), it.types.join(" "));
        text.trim_end().to_owned()
    });
    Ok(json!({"broken": violations.collect::<Vec<_>>()}))
}

fn merge_patches(input: &Value) -> Result<Value, Failure> {
    let (before, after) = (&input["before"], &input["after"]);
    let patch = merge_patch::diff(before, after).unwrap_or(json!({}));
    let merged = merge_patch::merge(before.clone(), &patch);
    Ok(json!({"patch": patch, "merged": merged}))
}

/// An object without null.
fn document(rng: &mut Rng, depth: usize) -> Value {
    let members = (0..rng.below(4)).map(|_| (rng.word("a b c d").to_owned(), value(rng, depth)));
    Value::Object(members.collect())
}

fn value(rng: &mut Rng, depth: usize) -> Value {
    match rng.below(if depth == 0 { 3 } else { 6 }) {
        0 => json!(rng.below(2)),
        1 => json!(rng.word("x y")),
        2 => json!(rng.percent(50)),
        3 => (0..rng.below(3)).map(|_| value(rng, depth - 1)).collect(),
        _ => document(rng, depth - 1),
    }
}

fn altered(rng: &mut Rng, value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let mut members = members.clone();
            members.retain(|_, _| rng.percent(85));
            for member in members.values_mut() {
                *member = altered(rng, member);
            }
            Value::Object(members)
        }
        _ if rng.percent(20) => self::value(rng, 1),
        _ => value.clone(),
    }
}
