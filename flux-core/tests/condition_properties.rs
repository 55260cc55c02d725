//! Laws of conditions, their patches and the ends of reconciliations.
#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

use std::cmp::Reverse;

use chrono::{DateTime, Utc};
use fluxcd_api::meta::{Condition, Duration};
use fluxcd_core::condition::check::{self, Observed, Severity};
use fluxcd_core::condition::{
    self, Conditions, MergeOptions, ObjectPatch, Ownership, Patch, Requeue, ResultFinalizer,
    Source, merge_patch,
};
use proptest::collection::{hash_map, vec};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Value, json};

const TYPES: [&str; 7] = [
    "Ready",
    "Reconciling",
    "Stalled",
    "FetchFailed",
    "A",
    "B",
    "zeta",
];
const GENERATION: i64 = 3;
const SUCCESSES: [Requeue; 2] = [Requeue::Never, Requeue::After(Duration::from_secs(60))];

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_700_000_000, 0).unwrap()
}

fn condition() -> impl Strategy<Value = Condition> {
    let status = select(&["True", "False", "Unknown"][..]);
    let word = || select(&["r", "s", "t @ x"][..]);
    let status_of_word = (select(&TYPES[..]), status, word(), word());
    (status_of_word, 0..=GENERATION, 1..4_i64).prop_map(
        |((type_, status, reason, message), generation, hour)| {
            let time = DateTime::from_timestamp(1_600_000_000 + hour * 3600, 0).unwrap();
            Condition {
                type_: type_.to_owned(),
                status: status.to_owned(),
                reason: reason.to_owned(),
                message: message.to_owned(),
                observed_generation: (generation > 0).then_some(generation),
                last_transition_time: fluxcd_api::meta::time::from_chrono(time).unwrap(),
            }
        },
    )
}

/// A list as the API server has it: one condition of a type.
fn list() -> impl Strategy<Value = Vec<Condition>> {
    vec(condition(), 0..7).prop_map(|mut list| {
        let mut seen = Vec::new();
        list.retain(|it| {
            !seen.contains(&it.type_) && {
                seen.push(it.type_.clone());
                true
            }
        });
        list
    })
}

/// What a controller does to a list.
fn work() -> impl Strategy<Value = Vec<(Condition, bool)>> {
    vec((condition(), any::<bool>()), 0..5)
}

fn worked_on(list: Vec<Condition>, work: &[(Condition, bool)]) -> Conditions {
    let mut conditions = Conditions::new(list, GENERATION, now());
    for (condition, is_set) in work {
        match is_set {
            true => {
                let (reason, message) = (&*condition.reason, &*condition.message);
                match &*condition.status {
                    "True" => conditions.mark_true(&condition.type_, reason, message),
                    "False" => conditions.mark_false(&condition.type_, reason, message),
                    _ => conditions.mark_unknown(&condition.type_, reason, message),
                }
            }
            false => conditions.delete(&condition.type_),
        }
    }
    conditions
}

fn by_type(conditions: &[Condition]) -> Vec<Condition> {
    let mut sorted = conditions.to_vec();
    sorted.sort_by(|a, b| a.type_.cmp(&b.type_));
    sorted
}

/// What a patch makes of the first list: the second, but that a condition that came back to its old state has its old time.
fn patched(before: &[Condition], after: &[Condition]) -> Vec<Condition> {
    let mut patched = by_type(after);
    for condition in &mut patched {
        let state = |it: &Condition| (it.status.clone(), it.reason.clone(), it.message.clone());
        let old = condition::find(before, &condition.type_);
        if let Some(old) = old.filter(|old| state(old) == state(condition)) {
            condition.last_transition_time = old.last_transition_time.clone();
        }
    }
    patched
}

fn place(condition: &Condition) -> (usize, Reverse<i64>, String) {
    let first = ["Stalled", "Reconciling", "Ready"];
    let type_ = condition.type_.clone();
    match first.iter().position(|it| *it == type_) {
        Some(place) => (place, Reverse(0), String::new()),
        None => (
            3,
            Reverse(condition.observed_generation.unwrap_or_default()),
            type_,
        ),
    }
}

/// A value of an object, without null.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        any::<bool>().prop_map(Value::from),
        (0..3).prop_map(Value::from),
        select(&["", "x"][..]).prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let key = select(&["a", "b", "c"][..]).prop_map(str::to_owned);
        prop_oneof![
            vec(inner.clone(), 0..3).prop_map(Value::from),
            hash_map(key, inner, 0..4).prop_map(|it| Value::Object(it.into_iter().collect())),
        ]
    })
}

fn object() -> impl Strategy<Value = Value> {
    let members = || hash_map(select(&["a", "b", "c"][..]), value(), 0..4);
    let members = || members().prop_map(|it| json!(it));
    (members(), members(), members(), list()).prop_map(|(metadata, spec, mut status, list)| {
        status["conditions"] = json!(list);
        json!({"metadata": metadata, "spec": spec, "status": status})
    })
}

proptest! {
    #[test]
    fn a_patch_makes_one_list_of_the_other(before in list(), work in work()) {
        let after = worked_on(before.clone(), &work);
        let patch = Patch::between(&before, after.list());
        let mut latest = Conditions::new(before.clone(), GENERATION, now());
        latest.apply(&patch, Ownership::Types(&[])).unwrap();
        prop_assert_eq!(by_type(latest.list()), patched(&before, after.list()));
        prop_assert!(Patch::between(after.list(), after.list()).is_empty());
    }

    #[test]
    fn a_patch_applied_twice_does_what_it_does_once(
        (before, after, latest) in (list(), list(), list()),
        owned in subsequence(&TYPES[..], 0..7),
    ) {
        let patch = Patch::between(&before, &after);
        let mut once = Conditions::new(latest, GENERATION, now());
        if once.apply(&patch, Ownership::Types(&owned)).is_ok() {
            let mut twice = once.clone();
            twice.apply(&patch, Ownership::Types(&owned)).unwrap();
            prop_assert_eq!(twice, once);
        }
    }

    #[test]
    fn owned_conditions_never_conflict_and_a_conflict_changes_nothing(
        (before, after, latest) in (list(), list(), list()),
        owned in subsequence(&TYPES[..], 0..7),
    ) {
        let patch = Patch::between(&before, &after);
        let mut conditions = Conditions::new(latest, GENERATION, now());
        let original = conditions.clone();
        if let Err(conflict) = conditions.apply(&patch, Ownership::Types(&owned)) {
            prop_assert!(!owned.contains(&conflict.change.type_()));
            prop_assert_eq!(&conditions, &original);
        }
        for ownership in [Ownership::All, Ownership::Types(&TYPES)] {
            conditions.clone().apply(&patch, ownership).unwrap();
        }
    }

    #[test]
    fn a_set_keeps_the_order_and_the_others(before in list(), new in condition()) {
        let mut conditions = Conditions::new(before.clone(), GENERATION, now());
        conditions.set(new.clone());
        prop_assert!(conditions.list().is_sorted_by_key(place));
        let set = conditions.find(&new.type_).unwrap();
        prop_assert_eq!((&set.status, set.observed_generation), (&new.status, Some(GENERATION)));
        for other in before.iter().filter(|it| it.type_ != new.type_) {
            prop_assert_eq!(conditions.find(&other.type_), Some(other));
        }
        let once = conditions.clone();
        conditions.set(new);
        prop_assert_eq!(conditions, once);
    }

    /// But for the reason where all that is in scope is unknown, some of either polarity.
    #[test]
    fn a_summary_does_not_depend_on_the_order(
        before in list(),
        (scope, negative) in (subsequence(&TYPES[..], 0..7), subsequence(&TYPES[..], 0..7)),
    ) {
        let options = MergeOptions::new().with_conditions(&scope).with_negative_polarity(&negative);
        let summary = |list: Vec<Condition>| {
            let mut conditions = Conditions::new(list, GENERATION, now());
            conditions.summarise("Summary", &options);
            conditions.find("Summary").cloned()
        };
        let backwards = before.iter().rev().cloned().collect();
        let (one, other) = (summary(before), summary(backwards));
        prop_assert_eq!(one.as_ref().map(|it| &it.status), other.as_ref().map(|it| &it.status));
        if one.as_ref().is_some_and(|it| it.status != "Unknown") {
            prop_assert_eq!(one, other);
        }
    }

    #[test]
    fn an_aggregate_of_true_sources_has_no_error(lists in vec(list(), 0..4)) {
        let source = |conditions| Source { kind: "Kustomization", name: "app", conditions };
        let sources: Vec<_> = lists.iter().map(|it| source(it)).collect();
        let mut conditions = Conditions::new(Vec::new(), GENERATION, now());
        let options = MergeOptions::new().with_source_ref();
        conditions.aggregate("Ready", &sources, &options.with_true_sources()).unwrap();
        let is_there = lists.iter().any(|it| !it.is_empty());
        prop_assert_eq!(conditions.find("Ready").is_some(), is_there);
        let surplus = lists.iter().any(|it| it.len() > lists.len());
        prop_assert_eq!(conditions.aggregate("Ready", &sources, &options).is_err(), surplus);
    }

    /// What upstream promises: after success, failure or stalling, a run that began with reporting progress leaves a status
    /// that breaks no rule.
    #[test]
    fn the_end_of_a_run_breaks_no_rule(
        before in list(),
        is_drift in any::<bool>(),
        end in 0..3,
        success in select(&SUCCESSES[..]),
    ) {
        let kept = ["Ready", "Reconciling", "Stalled"];
        let before: Vec<_> = before.into_iter().filter(|it| kept.contains(&&*it.type_)).collect();
        let ready = condition::find(&before, "Ready");
        let is_new = ready.is_some_and(|it| it.observed_generation != Some(GENERATION));
        let mut conditions = Conditions::new(before, GENERATION, now());
        match is_drift || is_new {
            true => conditions.progress_on_drift("Progressing", "working"),
            false => conditions.progress("Progressing", "working"),
        }
        let in_progress = check::in_progress(&Observed {
            conditions: conditions.list(),
            generation: GENERATION,
            observed_generation: 0,
        });
        prop_assert!(in_progress.is_empty(), "{:?}", in_progress);
        let outcome = match end {
            0 => Ok(success),
            1 => Err("boom"),
            _ => {
                conditions.mark_stalled("Bad", "hopeless");
                Ok(Requeue::Never)
            }
        };
        let ended = ResultFinalizer::new(success, "good").finalize(&mut conditions, outcome);
        let observed_generation = match conditions.is_observed() {
            true => GENERATION,
            false => GENERATION - 1,
        };
        let observed = Observed {
            conditions: conditions.list(),
            generation: GENERATION,
            observed_generation,
        };
        let violations = check::final_state(&observed, &["Stalled", "Reconciling"]);
        let failures = violations.iter().filter(|it| it.rule.severity() == Severity::Fail);
        prop_assert_eq!(failures.count(), 0, "{:?}", violations);
        prop_assert_eq!(conditions.is_stalled(), end == 2);
        prop_assert!(ended.is_err() || end != 1);
    }

    #[test]
    fn a_merge_patch_makes_one_value_of_the_other((before, after) in (value(), value())) {
        let patch = merge_patch::diff(&before, &after);
        prop_assert_eq!(patch.is_none(), before == after);
        let merged = patch.map_or(before.clone(), |patch| merge_patch::merge(before, &patch));
        prop_assert_eq!(merged, after);
    }

    #[test]
    fn the_parts_of_an_object_patch_make_one_object_of_the_other(
        (before, mut after) in (object(), object()),
        work in work(),
    ) {
        let conditions = worked_on(condition::read(&before), &work);
        after["status"]["conditions"] = json!(conditions.list());
        let mut latest = before.clone();
        latest["metadata"]["generation"] = json!(GENERATION);
        latest["metadata"]["resourceVersion"] = json!("7");
        let patch = ObjectPatch::between(&before, &after);
        let body = patch.condition_body(&latest, Ownership::Types(&[]), now()).unwrap();
        for part in [body, patch.object, patch.status].into_iter().flatten() {
            latest = merge_patch::merge(latest, &part);
        }
        let made = by_type(&condition::read(&latest));
        prop_assert_eq!(made, patched(&condition::read(&before), conditions.list()));
        for object in [&mut latest, &mut after] {
            object["status"]["conditions"] = json!([]);
        }
        after["metadata"]["generation"] = json!(GENERATION);
        after["metadata"]["resourceVersion"] = json!("7");
        prop_assert_eq!(latest, after);
    }
}
