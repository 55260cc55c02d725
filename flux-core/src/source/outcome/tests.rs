use chrono::DateTime;
use fluxcd_api::meta::Origin;

use super::*;

const MINUTE: Effective<Duration> = Effective {
    value: Duration::from_mins(1),
    origin: Origin::Spec,
};

fn conditions() -> Conditions {
    let mut conditions = Conditions::new(Vec::new(), 2, DateTime::UNIX_EPOCH);
    conditions.mark_reconciling("Progressing", "reconciliation in progress");
    conditions
}

fn settle(result: StepResult, class: ErrorClass) -> (Outcome, Conditions) {
    let mut conditions = conditions();
    let error = StepError::new(class, "Why", "boom");
    let outcome = Outcome::settle(&mut conditions, result, Some(&error), MINUTE);
    (outcome, conditions)
}

#[test]
fn the_earlier_run_of_two_decides() {
    use StepResult::{Empty, Requeue, Success};
    let results = [Empty, Success, Requeue];
    for a in results {
        for b in results {
            assert_eq!(a.most_urgent(b), b.most_urgent(a));
            assert_eq!(Empty.most_urgent(a), a);
            assert_eq!(Requeue.most_urgent(a), Requeue);
        }
    }
}

#[test]
fn a_stalling_error_beside_a_result_does_not_stall() {
    for result in [StepResult::Success, StepResult::Requeue] {
        let (outcome, conditions) = settle(result, ErrorClass::Stalling);
        assert!(!conditions.is_stalled());
        assert_eq!(outcome.next().requeue, crate::schedule::Requeue::Backoff);
    }
}

#[test]
fn waiting_for_no_time_waits_for_the_interval() {
    let next = |time| {
        settle(StepResult::Empty, ErrorClass::Waiting(time))
            .0
            .next()
    };
    let because = Because::Interval(Origin::Spec);
    assert_eq!(next(Duration::ZERO).because, because);
    assert_eq!(next(Duration::ZERO).requeue, Requeue::After(MINUTE.value));
    let half = Duration::from_secs(30);
    assert_eq!(next(half).requeue, Requeue::After(half));
    assert_eq!(next(half).because, Because::Wait);
}

#[test]
fn nothing_is_observed_before_a_condition_tells_of_it() {
    let mut none = Conditions::new(Vec::new(), 2, DateTime::UNIX_EPOCH);
    let outcome = Outcome::settle(&mut none, StepResult::Success, None, MINUTE);
    assert!(!outcome.observes_generation);

    let (outcome, conditions) = settle(StepResult::Empty, ErrorClass::Ignored);
    assert!(outcome.observes_generation && conditions.list().is_empty());
}

#[test]
fn a_run_that_does_not_succeed_leaves_a_reconciling_with_retry() {
    for class in [
        ErrorClass::Generic,
        ErrorClass::Plain,
        ErrorClass::Waiting(Duration::ZERO),
    ] {
        let (_, conditions) = settle(StepResult::Empty, class);
        let reconciling = conditions.find(RECONCILING).unwrap();
        assert_eq!(reconciling.reason, "ProgressingWithRetry");
        assert_eq!(reconciling.message, "reconciliation in progress");
    }
}

#[test]
fn a_success_that_is_not_ready_is_an_error() {
    let mut conditions = conditions();
    let outcome = Outcome::settle(&mut conditions, StepResult::Success, None, MINUTE);
    assert_eq!(outcome.next().because, Because::Interval(Origin::Spec));
    let not_ready = outcome.confirm(&conditions);
    assert_eq!(not_ready.next().because, Because::Error);
    conditions.mark_true("Ready", "Succeeded", "stored");
    assert_eq!(outcome.confirm(&conditions), outcome);

    let (stalled, conditions) = settle(StepResult::Empty, ErrorClass::Stalling);
    assert_eq!(stalled.confirm(&conditions), stalled);
    let (waiting, conditions) = settle(StepResult::Empty, ErrorClass::Waiting(MINUTE.value));
    assert!(waiting.confirm(&conditions).returns_error);
    let (waiting, conditions) = settle(
        StepResult::Empty,
        ErrorClass::Waiting(Duration::from_secs(30)),
    );
    assert!(!waiting.confirm(&conditions).returns_error);
}
