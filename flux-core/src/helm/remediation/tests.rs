use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn release(spec: Value) -> HelmRelease {
    with_status(spec, json!({}))
}

fn with_status(mut spec: Value, mut status: Value) -> HelmRelease {
    spec["interval"] = json!("10m");
    status["observedGeneration"] = json!(1);
    let object = json!({"metadata": {"name": "podinfo", "namespace": "apps"}, "spec": spec, "status": status});
    serde_json::from_value(object).unwrap()
}

fn of_upgrade(remediation: Value) -> Remediation {
    Remediation::of_upgrade(&release(json!({"upgrade": {"remediation": remediation}})))
}

fn of_install(remediation: Value) -> Remediation {
    Remediation::of_install(&release(json!({"install": {"remediation": remediation}})))
}

fn spec<T>(value: T) -> Effective<T> {
    Effective {
        value,
        origin: Origin::Spec,
    }
}

#[test]
fn without_a_word_there_is_a_remediation_without_retries() {
    let unset = release(json!({}));
    let install = Remediation::of_install(&unset);
    let upgrade = Remediation::of_upgrade(&unset);
    for remediation in [&install, &upgrade] {
        assert_eq!(remediation.retries, Effective::default_value(0));
        assert_eq!(
            remediation.remediate_last_failure,
            Effective::default_value(false)
        );
        assert_eq!(remediation.attempts(0), Attempts::Left(0));
        assert_eq!(remediation.attempts(1), Attempts::Exhausted);
    }
    assert_eq!(
        install.strategy,
        Effective::default_value(RemediationStrategy::Uninstall)
    );
    assert_eq!(
        upgrade.strategy,
        Effective::default_value(RemediationStrategy::Rollback)
    );
}

#[test]
fn retries_undo_the_last_failure_of_an_upgrade_and_not_of_an_install() {
    assert_eq!(
        of_upgrade(json!({"retries": 1})).remediate_last_failure,
        Effective::default_value(true)
    );
    assert_eq!(
        of_install(json!({"retries": 1})).remediate_last_failure,
        Effective::default_value(false)
    );
    assert_eq!(
        of_upgrade(json!({"retries": 1, "remediateLastFailure": false})).remediate_last_failure,
        spec(false)
    );
    assert_eq!(
        of_install(json!({"remediateLastFailure": true})).remediate_last_failure,
        spec(true)
    );
}

#[test]
fn unlimited_retries_are_never_exhausted_and_undo_no_last_failure() {
    let upgrade = of_upgrade(json!({"retries": -1}));
    assert_eq!(upgrade.attempts(i64::MAX), Attempts::Unlimited);
    assert!(!upgrade.remediate_last_failure.value);
}

#[test]
fn only_an_upgrade_can_be_followed_by_an_uninstall_that_makes_room() {
    let upgrade = of_upgrade(json!({"strategy": "uninstall"}));
    assert_eq!(upgrade.strategy, spec(RemediationStrategy::Uninstall));
    assert!(upgrade.is_uninstall_after_upgrade());
    assert!(!of_upgrade(json!({"strategy": "rollback"})).is_uninstall_after_upgrade());
    assert!(!of_install(json!({})).is_uninstall_after_upgrade());
}

#[test]
fn an_empty_strategy_stays_empty() {
    let upgrade = of_upgrade(json!({"strategy": ""}));
    assert_eq!(upgrade.strategy.value.as_str(), "");
    assert_eq!(upgrade.strategy.origin, Origin::Spec);
}

#[test]
fn a_failed_test_is_ignored_where_the_action_or_else_the_test_says_so() {
    let ignored = |action: Value, test: Value| {
        let spec = json!({"install": {"remediation": action}, "test": test});
        Remediation::of_install(&release(spec)).ignore_test_failures
    };
    assert_eq!(
        ignored(json!({}), json!({})),
        Effective::default_value(false)
    );
    assert_eq!(
        ignored(json!({}), json!({"ignoreFailures": true})),
        spec(true)
    );
    assert_eq!(
        ignored(
            json!({"ignoreTestFailures": false}),
            json!({"ignoreFailures": true})
        ),
        spec(false)
    );
    assert_eq!(
        ignored(json!({"ignoreTestFailures": true}), json!({})),
        spec(true)
    );
}

#[test]
fn a_strategy_that_is_written_beats_the_gate() {
    let on = Gates::default().with_default_to_retry_on_failure(true);
    let retry =
        |strategy: Value, gates| Retry::of_upgrade(&release(json!({"upgrade": strategy})), gates);

    assert_eq!(retry(json!({}), Gates::default()), None);
    let by_gate = retry(json!({}), on).unwrap();
    assert_eq!(by_gate.chosen_by, Origin::Flag);
    assert_eq!(
        by_gate.interval,
        Effective::default_value(Duration::from_mins(5))
    );
    assert_eq!(
        retry(json!({"strategy": {"name": "RemediateOnFailure"}}), on),
        None
    );

    let written = json!({"strategy": {"name": "RetryOnFailure", "retryInterval": "1m"}});
    let written = retry(written, on).unwrap();
    assert_eq!(written.chosen_by, Origin::Spec);
    assert_eq!(written.interval, spec(Duration::from_mins(1)));
}

#[test]
fn the_last_attempted_action_alone_decides_what_is_in_force() {
    let spec = json!({
        "install": {"strategy": {"name": "RetryOnFailure"}},
        "upgrade": {"remediation": {"retries": 2}},
    });
    let after = |action: Value| with_status(spec.clone(), action);

    let install = after(json!({"lastAttemptedReleaseAction": "install"}));
    assert_eq!(active(&install).unwrap().action, Action::Install);
    assert!(active_retry(&install, Gates::default()).is_some());

    let upgrade = after(json!({"lastAttemptedReleaseAction": "upgrade"}));
    assert_eq!(active(&upgrade).unwrap().retries.value, 2);
    assert_eq!(active_retry(&upgrade, Gates::default()), None);

    for status in [json!({}), json!({"lastAttemptedReleaseAction": "other"})] {
        assert_eq!(active(&after(status.clone())), None);
        assert_eq!(active_retry(&after(status), Gates::default()), None);
    }
}

#[test]
fn each_action_has_its_own_counter() {
    let release = with_status(
        json!({}),
        json!({"installFailures": 1, "upgradeFailures": 2, "failures": 7}),
    );
    assert_eq!(Remediation::of_install(&release).failures(&release), 1);
    assert_eq!(Remediation::of_upgrade(&release).failures(&release), 2);
}

proptest! {
    #[test]
    fn more_failures_never_leave_more_attempts(retries in -3_i64..10, failures in 0_i64..20) {
        let remediation = of_upgrade(json!({"retries": retries}));
        let (now, next) = (remediation.attempts(failures), remediation.attempts(failures + 1));
        match (now, next) {
            (Attempts::Left(now), Attempts::Left(next)) => prop_assert_eq!(now, next + 1),
            (Attempts::Left(now), Attempts::Exhausted) => prop_assert_eq!(now, 0),
            (now, next) => prop_assert_eq!(now, next),
        }
    }
}
