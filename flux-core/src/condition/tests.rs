use chrono::DateTime;
use fluxcd_api::meta::{Condition, Duration, time};
use serde_json::json;

use super::*;

fn at(seconds: i64) -> chrono::DateTime<chrono::Utc> {
    DateTime::from_timestamp(seconds, 900_000_000).unwrap()
}

fn seconds(condition: &Condition) -> i64 {
    condition.last_transition_time.0.as_second()
}

fn types(conditions: &Conditions) -> Vec<&str> {
    conditions.list().iter().map(|it| &*it.type_).collect()
}

#[test]
fn a_time_is_that_of_the_last_change() {
    let mut first = Conditions::new(Vec::new(), 1, at(10));
    first.mark_true("Ready", "Ok", "fine");
    let mut second = Conditions::new(first.into_list(), 2, at(20));
    second.mark_true("Ready", "Ok", "fine");
    let ready = second.find("Ready").unwrap();
    assert_eq!((seconds(ready), ready.observed_generation), (10, Some(2)));
    second.mark_true("Ready", "Ok", "better");
    let ready = second.find("Ready").unwrap();
    assert_eq!(seconds(ready), 20);
    assert_eq!(ready.last_transition_time.0.subsec_nanosecond(), 0);
}

#[test]
fn the_time_of_the_caller_counts_for_new_conditions_only() {
    let mut conditions = Conditions::new(Vec::new(), 1, at(10));
    for unset in [
        time::unix_epoch(),
        time::from_chrono(DateTime::from_timestamp(-62_135_596_800, 0).unwrap()).unwrap(),
    ] {
        let condition = Condition {
            last_transition_time: unset,
            ..setter::new_condition("A", "True", "r", "m")
        };
        conditions.delete("A");
        conditions.set(condition);
        assert_eq!(seconds(conditions.find("A").unwrap()), 10);
    }
    let own = Condition {
        last_transition_time: time::from_chrono(at(5)).unwrap(),
        ..setter::new_condition("B", "True", "r", "m")
    };
    conditions.set(own.clone());
    assert_eq!(seconds(conditions.find("B").unwrap()), 5);
    conditions.set(Condition {
        status: "False".to_owned(),
        ..own
    });
    assert_eq!(seconds(conditions.find("B").unwrap()), 10);
}

#[test]
fn the_order_is_stalled_reconciling_ready_then_the_newest() {
    let mut old = Conditions::new(Vec::new(), 1, at(0));
    old.mark_true("Alpha", "r", "m");
    let mut conditions = Conditions::new(old.into_list(), 2, at(0));
    conditions.mark_true("Zeta", "r", "m");
    conditions.mark_true("Ready", "r", "m");
    conditions.mark_reconciling("r", "m");
    conditions.mark_true("Stalled", "r", "m");
    assert_eq!(
        types(&conditions),
        ["Stalled", "Reconciling", "Ready", "Zeta", "Alpha"]
    );
}

#[test]
fn stalled_and_reconciling_exclude_each_other() {
    let mut conditions = Conditions::new(Vec::new(), 1, at(0));
    conditions.mark_reconciling("r", "m");
    assert!(conditions.is_reconciling());
    conditions.mark_stalled("r", "m");
    assert_eq!(types(&conditions), ["Stalled"]);
    assert!(conditions.is_stalled());
    conditions.mark_reconciling("r", "m");
    assert_eq!(types(&conditions), ["Reconciling"]);
}

#[test]
fn a_cut_message_stays_text() {
    for (text, kept) in [
        ("x".repeat(32_768), 32_768),
        ("x".repeat(32_769), 32_768),
        ("é".repeat(20_000), 32_767),
    ] {
        let mut conditions = Conditions::new(Vec::new(), 1, at(0));
        conditions.mark_true("A", "r", text);
        let message = &conditions.find("A").unwrap().message;
        assert_eq!(message.len(), kept);
    }
}

fn list(entries: &[(&str, &str, &str)]) -> Vec<Condition> {
    let mut conditions = Conditions::new(Vec::new(), 1, at(0));
    for (type_, status, reason) in entries {
        conditions.set(setter::new_condition(type_, status, reason, *reason));
    }
    conditions.into_list()
}

#[test]
fn an_aggregate_names_the_wrong_source_unless_told_otherwise() {
    let first = list(&[("Ready", "True", "Fine"), ("Zeta", "True", "Fine")]);
    let second = list(&[("Ready", "False", "Broken")]);
    let sources = [("a", &first), ("b", &second)].map(|(name, conditions)| Source {
        kind: "Kustomization",
        name,
        conditions,
    });
    let reason = |options: MergeOptions<'_>| {
        let mut conditions = Conditions::new(Vec::new(), 1, at(0));
        let done = conditions.aggregate("Ready", &sources, &options);
        done.map(|()| conditions.find("Ready").unwrap().reason.clone())
    };
    let options = MergeOptions::new().with_source_ref();
    assert_eq!(reason(options).unwrap(), "Broken @ Kustomization/a");
    let options = options.with_true_sources();
    assert_eq!(reason(options).unwrap(), "Broken @ Kustomization/b");
}

#[test]
fn an_aggregate_that_upstream_dies_of_is_an_error() {
    let conditions = list(&[("Ready", "True", "Fine"), ("Zeta", "True", "Fine")]);
    let source = Source {
        kind: "Kustomization",
        name: "a",
        conditions: &conditions,
    };
    let mut target = Conditions::new(Vec::new(), 1, at(0));
    let error = NoSource {
        condition: 1,
        objects: 1,
    };
    let options = MergeOptions::new();
    assert_eq!(target.aggregate("Ready", &[source], &options), Err(error));
    assert!(target.list().is_empty());
    // Out of scope it does no harm.
    let options = options.with_conditions(&["Ready"]);
    assert_eq!(target.aggregate("Ready", &[source], &options), Ok(()));
}

#[test]
fn an_empty_scope_leaves_the_target_and_no_scope_takes_all() {
    let before = list(&[("Ready", "True", "Old"), ("A", "False", "Bad")]);
    let mut conditions = Conditions::new(before, 1, at(0));
    conditions.summarise("Ready", &MergeOptions::new().with_conditions(&[]));
    assert!(conditions.is_true("Ready"));
    conditions.summarise("Ready", &MergeOptions::new());
    assert!(conditions.is_false("Ready"));
}

#[test]
fn a_conflict_says_what_the_go_sdk_says() {
    let (mine, theirs) = (
        list(&[("A", "True", "Mine")]),
        list(&[("A", "True", "Theirs")]),
    );
    let patch = Patch::between(&[], &mine);
    let mut latest = Conditions::new(theirs.clone(), 1, at(0));
    let conflict = latest.apply(&patch, Ownership::Types(&["B"])).unwrap_err();
    assert_eq!(
        conflict.to_string(),
        "error patching conditions: The condition \"A\" was modified by a different process and this caused a \
         merge/AddCondition conflict"
    );
    assert_eq!(conflict.latest.as_ref(), theirs.first());
}

#[test]
fn a_success_with_a_false_ready_is_an_error() {
    let every = Requeue::After(Duration::from_secs(60));
    for (success, is_error) in [(every, true), (Requeue::Never, false)] {
        let mut conditions = Conditions::new(list(&[("Ready", "False", "Bad")]), 1, at(0));
        let finalizer = ResultFinalizer::new(success, "good");
        let ended = finalizer.finalize::<&str>(&mut conditions, Ok(success));
        assert_eq!(
            ended.map_err(|it| it.to_string()).err(),
            is_error.then(|| "Bad".to_owned())
        );
    }
}

#[test]
fn a_pause_of_zero_is_no_requeue() {
    let zero = Requeue::After(Duration::ZERO);
    let mut conditions = Conditions::new(Vec::new(), 1, at(0));
    let ended =
        ResultFinalizer::new(zero, "good").finalize::<&str>(&mut conditions, Ok(Requeue::Never));
    assert_eq!(ended, Ok(Requeue::Never));
    assert!(conditions.is_ready());
}

#[test]
fn a_status_without_ready_fails_and_does_not_warn_about_its_reason() {
    let conditions = list(&[("FetchFailed", "True", "Bad")]);
    let observed = check::Observed {
        conditions: &conditions,
        generation: 1,
        observed_generation: 0,
    };
    let texts: Vec<_> = check::final_state(&observed, &["FetchFailed"])
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(texts, ["FAIL0002: there is no Ready"]);
}

#[test]
fn conditions_of_an_object_are_sent_with_its_version_where_they_change() {
    let (before, after) = (json!({}), list(&[("A", "True", "Fine")]));
    let after = json!({"status": {"conditions": after}});
    let patch = ObjectPatch::between(&before, &after);
    assert_eq!((&patch.object, &patch.status), (&None, &None));
    let body = |latest| {
        patch
            .condition_body(&latest, Ownership::All, at(0))
            .unwrap()
    };
    let sent = body(json!({"metadata": {"resourceVersion": "7", "generation": 1}}));
    let sent = sent.unwrap();
    assert_eq!(sent["metadata"], json!({"resourceVersion": "7"}));
    assert_eq!(condition_types(&sent), ["A"]);
    let latest = json!({"metadata": {"generation": 1}, "status": sent["status"]});
    assert_eq!(body(latest), None);
}

fn condition_types(object: &serde_json::Value) -> Vec<String> {
    read(object).into_iter().map(|it| it.type_).collect()
}

#[test]
fn an_unreadable_condition_is_as_empty_as_it_can_be() {
    for (status, count) in [
        ("x", 0),
        ("{}", 0),
        ("[1, {}]", 1),
        (r#"[{"lastTransitionTime": "x"}]"#, 1),
    ] {
        let conditions: serde_json::Value = serde_json::from_str(status).unwrap_or_default();
        let object = json!({"status": {"conditions": conditions}});
        let found = read(&object);
        assert_eq!(found.len(), count);
        for condition in found {
            assert_eq!(condition.last_transition_time, time::unix_epoch());
        }
    }
}

#[test]
fn every_type_crosses_threads() {
    const fn crosses<T: Send + Sync + Clone + PartialEq + std::fmt::Debug>() {}
    crosses::<(Conditions, Patch, Ownership<'_>, Conflict, ObjectPatch)>();
    crosses::<(MergeOptions<'_>, Source<'_>, NoSource)>();
    crosses::<(ResultFinalizer<'_>, Requeue, RunError<String>)>();
    crosses::<(check::Observed<'_>, check::Violation, check::Severity)>();
}

/// The failure: a controller reads its object from a cache that has not seen its own last write, finds what it wants to
/// write there, and writes nothing, for ever.
#[test]
fn what_is_owned_is_compared_with_the_latest_object() {
    let made = |ready: &str, others: &[&str]| {
        let mut conditions = Conditions::new(Vec::new(), 1, at(10));
        conditions.set(setter::new_condition("Ready", ready, "r", "m".to_owned()));
        for type_ in others {
            conditions.mark_true(type_, "r", "m");
        }
        conditions.into_list()
    };
    let cached = made("True", &[]);
    let latest = made("False", &["Reconciling", "Audited"]);
    let mine = Ownership::Types(&["Ready", "Reconciling"]);
    assert!(Patch::between(&cached, &cached).is_empty());
    let patch = Patch::against(&cached, &cached, &latest, mine);
    let mut conditions = Conditions::new(latest.clone(), 1, at(20));
    conditions.apply(&patch, mine).unwrap();
    assert!(conditions.is_true("Ready"));
    assert_eq!(types(&conditions), ["Ready", "Audited"]);
    assert_eq!(seconds(conditions.find("Ready").unwrap()), 20);

    // Who owns all does not know of `Audited`, and leaves it alone.
    let patch = Patch::against(&cached, &cached, &latest, Ownership::All);
    assert_eq!(patch.changes.len(), 1);
    // Without a difference there is nothing to do, whatever the cache says.
    assert!(
        Patch::against(&latest, &cached, &cached, mine)
            .changes
            .len()
            == 1
    );
    assert!(Patch::against(&latest, &latest, &latest, mine).is_empty());
}
