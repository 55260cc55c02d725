//! How far a run is, for those who look at the object meanwhile.

use fluxcd_api::meta::condition::{HEALTHY, READY};
use fluxcd_api::meta::{Duration, reason};

use crate::condition::Conditions;

/// A step of a run that takes its time. The controller writes the status when one begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Progress {
    /// The artifact is fetched. With it the run begins: `Ready` is `Unknown` from here on.
    Fetching,
    /// The objects are built. From here on, `status.lastAttemptedRevision` is the revision.
    Building,
    /// The objects are compared with the cluster, and applied.
    DetectingDrift,
    /// Objects are waited for; `Healthy` is `Unknown` meanwhile.
    CheckingHealth,
}

impl Progress {
    /// Marks the step in the conditions: `Reconciling` says what is going on, and a `Stalled` of an earlier run goes.
    ///
    /// `timeout` is [`Timing::timeout`](crate::schedule::Timing) of the object.
    pub fn mark(self, conditions: &mut Conditions, revision: &str, timeout: Duration) {
        let doing = match self {
            Self::Fetching => "Fetching manifests",
            Self::Building => "Building manifests",
            Self::DetectingDrift => "Detecting drift",
            Self::CheckingHealth => "Running health checks",
        };
        let message = format!("{doing} for revision {revision} with a timeout of {timeout}");
        if self == Self::Fetching {
            conditions.mark_unknown(READY, reason::PROGRESSING, "Reconciliation in progress");
        }
        conditions.mark_reconciling(reason::PROGRESSING, message.as_str());
        if self == Self::CheckingHealth {
            conditions.mark_unknown(HEALTHY, reason::PROGRESSING, message);
        }
    }
}

/// What became of waiting for health.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Health<'a> {
    /// There is nothing to check.
    Unchecked,
    /// All objects became healthy.
    Passed {
        /// After how long.
        elapsed: Duration,
    },
    /// They did not. The run then ends in [`Step::HealthCheck`](super::Step).
    Failed {
        /// Which ones, without how long it took.
        error: &'a str,
    },
}

impl Health<'_> {
    /// Marks it in the condition `Healthy`.
    pub fn mark(self, conditions: &mut Conditions) {
        match self {
            Self::Unchecked => conditions.delete(HEALTHY),
            Self::Passed { elapsed } => {
                let message = format!("Health check passed in {elapsed}");
                conditions.mark_true(HEALTHY, reason::SUCCEEDED, message);
            }
            Self::Failed { error } => {
                conditions.mark_false(HEALTHY, reason::HEALTH_CHECK_FAILED, error);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    #[test]
    fn a_run_that_begins_is_no_longer_stalled() {
        let mut conditions = Conditions::new(Vec::new(), 1, DateTime::UNIX_EPOCH);
        conditions.mark_false(READY, "AccessDenied", "no");
        conditions.mark_stalled("AccessDenied", "no");
        Progress::Fetching.mark(&mut conditions, "v1", Duration::from_mins(5));
        assert!(conditions.is_reconciling() && conditions.is_unknown(READY));

        Progress::CheckingHealth.mark(&mut conditions, "v1", Duration::from_mins(5));
        let message = "Running health checks for revision v1 with a timeout of 5m0s";
        let told: Vec<_> = conditions
            .list()
            .iter()
            .map(|it| (it.type_.as_str(), it.message.as_str()))
            .collect();
        assert_eq!(
            told,
            [
                ("Reconciling", message),
                ("Ready", "Reconciliation in progress"),
                ("Healthy", message),
            ]
        );
    }

    #[test]
    fn health_is_told_until_nothing_is_checked() {
        let mut conditions = Conditions::new(Vec::new(), 1, DateTime::UNIX_EPOCH);
        Health::Failed { error: "timeout" }.mark(&mut conditions);
        assert!(conditions.is_false(HEALTHY));
        let elapsed = Duration::from_millis(1_500);
        Health::Passed { elapsed }.mark(&mut conditions);
        let healthy = conditions.find(HEALTHY).map(|it| it.message.as_str());
        assert_eq!(healthy, Some("Health check passed in 1.5s"));
        Health::Unchecked.mark(&mut conditions);
        assert!(conditions.list().is_empty());
    }
}
