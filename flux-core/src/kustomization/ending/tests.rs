use chrono::DateTime;
use fluxcd_api::kustomize::v1::{Kustomization, KustomizationSpec};
use fluxcd_api::meta::Origin;
use fluxcd_api::meta::condition::{READY, RECONCILING};

use super::*;
use crate::condition::Conditions;
use crate::kustomization::{Progress, RunEvent};

const WAIT: Effective<Duration> = Effective {
    value: Duration::from_secs(30),
    origin: Origin::Flag,
};

/// Every ending, and every step that can fail.
fn endings() -> Vec<Ending<'static>> {
    let error = "boom";
    let steps = [
        Step::Status,
        Step::Directory,
        Step::Fetch,
        Step::Path,
        Step::Client,
        Step::Build,
        Step::Apply,
        Step::Prune,
        Step::HealthCheck,
    ];
    let mut endings = vec![
        Ending::Deleted,
        Ending::DeletionBlocked,
        Ending::DeletionFailed,
        Ending::FinalizerAdded,
        Ending::Suspended,
        Ending::InvalidHealthChecks { error },
        Ending::FeatureGateDisabled,
        Ending::AccessDenied { error },
        Ending::SourceNotFound { error },
        Ending::SourceFailed { error },
        Ending::NoArtifact,
        Ending::InvalidReadyExpression { error },
        Ending::DependencyNotReady { error },
        Ending::ArtifactNotFound,
        Ending::ArtifactChanged { error },
        Ending::Superseded {
            by: "GitRepository/apps/a",
        },
        Ending::Succeeded { revision: "v1" },
    ];
    endings.extend(steps.map(|at| Ending::Failed { at, error }));
    endings
}

fn timing(interval: &str, retry_interval: Option<&str>) -> Timing {
    let spec = KustomizationSpec {
        interval: Duration::parse(interval).unwrap(),
        retry_interval: retry_interval.map(|text| Duration::parse(text).unwrap()),
        ..KustomizationSpec::default()
    };
    Timing::from(&Kustomization::new("a", spec))
}

fn conclude(ending: &Ending<'_>, version: FluxVersion) -> Conclusion {
    ending.conclude(&timing("10m", Some("2m")), WAIT, version)
}

fn ready() -> Conditions {
    let mut conditions = Conditions::new(Vec::new(), 2, DateTime::UNIX_EPOCH);
    conditions.mark_true(READY, "ReconciliationSucceeded", "Applied revision: v0");
    conditions
}

#[test]
fn what_stalls_has_no_timer_and_what_does_not_stall_is_tried_again() {
    for ending in endings() {
        let conclusion = conclude(&ending, FluxVersion::V2_9);
        let waits = !matches!(
            conclusion.next.requeue,
            Requeue::OnChange | Requeue::Terminal
        );
        let is_over = matches!(ending, Ending::Deleted | Ending::Suspended);
        let stalls = conclusion.stalled != Stalled::No;
        assert_eq!(waits, !stalls && !is_over, "{ending:?}");
        assert_eq!(
            stalls,
            conclusion.next.because == Because::Stalled,
            "{ending:?}"
        );
    }
}

#[test]
fn the_generation_is_observed_when_ready_or_when_an_expression_is_wrong() {
    for ending in endings() {
        let mut conditions = ready();
        Progress::Fetching.mark(&mut conditions, "v1", Duration::from_mins(5));
        let applied = conclude(&ending, FluxVersion::V2_9).apply(&mut conditions);
        let expected = matches!(
            ending,
            Ending::Succeeded { .. }
                | Ending::InvalidHealthChecks { .. }
                | Ending::InvalidReadyExpression { .. }
        );
        assert_eq!(applied.observes_generation, expected, "{ending:?}");
        let succeeded = matches!(ending, Ending::Succeeded { .. });
        assert_eq!(applied.is_ready, succeeded, "{ending:?}");
    }
}

#[test]
fn a_suspended_object_that_is_ready_observes_its_generation() {
    let mut conditions = ready();
    let applied = conclude(&Ending::Suspended, FluxVersion::V2_9).apply(&mut conditions);
    assert!(applied.observes_generation && applied.is_ready);
}

#[test]
fn a_failure_during_the_run_leaves_a_reconciling_with_retry() {
    for ending in endings() {
        let mut conditions = ready();
        Progress::Building.mark(&mut conditions, "v1", Duration::from_mins(5));
        let conclusion = conclude(&ending, FluxVersion::V2_9);
        let _ = conclusion.apply(&mut conditions);
        let reconciling = conditions.find(RECONCILING).map(|it| it.reason.as_str());
        let expected = (conditions.is_false(READY) && conclusion.stalled == Stalled::No)
            .then_some("ProgressingWithRetry");
        assert_eq!(reconciling, expected, "{ending:?}");
    }
}

#[test]
fn an_artifact_that_changed_is_a_failure_in_2_9_and_a_wait_in_2_10() {
    let ending = Ending::ArtifactChanged {
        error: "failed to verify archive: digest mismatch",
    };
    let old = conclude(&ending, FluxVersion::V2_9);
    assert_eq!(old.next.because, Because::RetryInterval(Origin::Spec));
    let told = "failed to verify archive: digest mismatch";
    assert_eq!(old.event.unwrap().message, told);
    assert_eq!(old.ready.unwrap().message, told);

    let new = conclude(&ending, FluxVersion::V2_10);
    assert_eq!(new.next.requeue, Requeue::After(WAIT.value));
    assert_eq!(new.next.because, Because::RequeueDependency(Origin::Flag));
    assert_eq!(new.event, None);
    assert_eq!(
        new.ready.unwrap().message,
        "Source is not ready, artifact digest changed, retrying in 30s"
    );
}

#[test]
fn nothing_else_differs_in_2_10() {
    for ending in endings() {
        if !matches!(ending, Ending::ArtifactChanged { .. }) {
            let [old, new] =
                [FluxVersion::V2_9, FluxVersion::V2_10].map(|it| conclude(&ending, it));
            assert_eq!(old, new);
        }
    }
}

#[test]
fn events_have_the_reason_of_ready_else_their_severity() {
    let failed = Ending::Failed {
        at: Step::Build,
        error: "boom",
    };
    let conclusion = conclude(&failed, FluxVersion::V2_9);
    let event = conclusion.event.as_ref().unwrap();
    let mut conditions = Conditions::new(Vec::new(), 2, DateTime::UNIX_EPOCH);
    assert_eq!(event.reason(&conditions), "error");
    let _ = conclusion.apply(&mut conditions);
    assert_eq!(event.reason(&conditions), "BuildFailed");

    let finished = RunEvent::finished(Duration::from_millis(1_500), Duration::from_mins(10));
    assert_eq!(
        finished.message,
        "Reconciliation finished in 1.5s, next run in 10m0s"
    );
}

#[test]
fn only_what_was_built_and_touched_the_cluster_is_in_the_history() {
    let told: Vec<_> = endings()
        .iter()
        .filter_map(Ending::history_status)
        .collect();
    assert_eq!(
        told,
        [
            "ReconciliationSucceeded",
            "ReconciliationFailed",
            "PruneFailed",
            "HealthCheckFailed",
        ]
    );
}

#[test]
fn an_interval_of_zero_sets_no_timer() {
    let timing = timing("0s", None);
    let next = |ending: Ending| ending.conclude(&timing, WAIT, FluxVersion::V2_9).next;
    assert_eq!(
        next(Ending::Succeeded { revision: "v1" }).requeue,
        Requeue::OnChange
    );
    assert_eq!(
        next(Ending::SourceNotFound { error: "x" }).requeue,
        Requeue::OnChange
    );
}
