use chrono::DateTime;
use fluxcd_api::meta::{Condition, time};

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
