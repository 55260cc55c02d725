//! What follows from the end of a run, and how it is written.

use fluxcd_api::event::v1beta1::Severity;
use fluxcd_api::meta::condition::{READY, RECONCILING};
use fluxcd_api::meta::{Duration, reason};

use crate::condition::Conditions;
use crate::schedule::Next;

/// What follows from an [`Ending`](super::Ending).
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct Conclusion {
    /// What is written to `Ready`; `None`: it stays as it is.
    pub ready: Option<Ready>,
    /// Whether `Stalled` is set, with reason and message of `Ready`.
    pub stalled: Stalled,
    /// What is told to those who listen.
    pub event: Option<RunEvent>,
    /// When the next run begins. The interval is not spread yet.
    pub next: Next,
}

/// A state of the condition `Ready`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ready {
    /// `True` or `False`.
    pub is_true: bool,
    /// Its reason.
    pub reason: &'static str,
    /// Its message.
    pub message: String,
}

/// Whether an ending stalls the object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stalled {
    /// No.
    No,
    /// Yes, but `status.observedGeneration` stays.
    Yes,
    /// Yes, and `status.observedGeneration` becomes the generation.
    Observed,
}

/// An event of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunEvent {
    /// How bad it is.
    pub severity: Severity,
    /// What is said.
    pub message: String,
    /// The word for what was done, in the events of 2.10.
    pub action: &'static str,
}

/// What applying a [`Conclusion`] comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[must_use]
pub struct Applied {
    /// Whether `status.observedGeneration` becomes the generation.
    pub observes_generation: bool,
    /// Whether the object is ready now. Then, unless it is suspended, the run ends with the event [`RunEvent::finished`]:
    /// also a run that added a finalizer, or one that deleted the object.
    pub is_ready: bool,
}

impl Conclusion {
    pub(super) fn of(next: Next) -> Self {
        Self {
            ready: None,
            stalled: Stalled::No,
            event: None,
            next,
        }
    }

    pub(super) fn failing(mut self, reason: &'static str, message: impl Into<String>) -> Self {
        self.ready = Some(Ready {
            is_true: false,
            reason,
            message: message.into(),
        });
        self
    }

    /// Stalls, and tells the message of `Ready`.
    pub(super) fn stalling(mut self, stalled: Stalled, action: &'static str) -> Self {
        self.stalled = stalled;
        let message = self.ready.as_ref().map(|ready| ready.message.clone());
        self.with_event(Severity::Error, action, message.unwrap_or_default())
    }

    pub(super) fn with_event(
        mut self,
        severity: Severity,
        action: &'static str,
        message: impl Into<String>,
    ) -> Self {
        self.event = Some(RunEvent {
            severity,
            message: message.into(),
            action,
        });
        self
    }

    /// Writes it to the conditions, and ends the run: `Reconciling` goes when `Ready` is `True`, and gets the reason
    /// `ProgressingWithRetry` when that is `False`.
    ///
    /// # Examples
    ///
    /// ```
    /// use chrono::DateTime;
    /// use fluxcd_api::meta::{Duration, Effective};
    /// use fluxcd_core::FluxVersion;
    /// use fluxcd_core::condition::Conditions;
    /// use fluxcd_core::kustomization::{Ending, Progress};
    /// use fluxcd_core::schedule::{REQUEUE_DEPENDENCY, Timing};
    ///
    /// let mut conditions = Conditions::new(Vec::new(), 3, DateTime::UNIX_EPOCH);
    /// Progress::Fetching.mark(&mut conditions, "main@sha1:1234", Duration::from_mins(5));
    /// let ending = Ending::Succeeded { revision: "main@sha1:1234" };
    /// let wait = Effective::default_value(REQUEUE_DEPENDENCY);
    /// let conclusion = ending.conclude(&Timing::default(), wait, FluxVersion::V2_9);
    ///
    /// assert!(conclusion.apply(&mut conditions).observes_generation);
    /// assert_eq!(conditions.list().len(), 1);
    /// assert_eq!(conditions.list()[0].message, "Applied revision: main@sha1:1234");
    /// ```
    pub fn apply(&self, conditions: &mut Conditions) -> Applied {
        if let Some(ready) = &self.ready {
            let mark = match ready.is_true {
                true => Conditions::mark_true,
                false => Conditions::mark_false,
            };
            mark(conditions, READY, ready.reason, &ready.message);
            if self.stalled != Stalled::No {
                conditions.mark_stalled(ready.reason, &ready.message);
            }
        }
        if conditions.is_true(READY) {
            conditions.delete(RECONCILING);
        }
        if conditions.is_false(READY)
            && let Some(mut reconciling) = conditions.find(RECONCILING).cloned()
        {
            reason::PROGRESSING_WITH_RETRY.clone_into(&mut reconciling.reason);
            conditions.set(reconciling);
        }
        Applied {
            observes_generation: self.stalled == Stalled::Observed || conditions.is_true(READY),
            is_ready: conditions.is_ready(),
        }
    }
}

impl RunEvent {
    /// What a run that leaves the object ready tells at its end, after so long. The controller adds the metadata
    /// `commit_status: update`; the gate `DisableCommitStatusEvent` suppresses it.
    #[must_use]
    pub fn finished(elapsed: Duration, interval: Duration) -> Self {
        Self {
            severity: Severity::Info,
            message: format!("Reconciliation finished in {elapsed}, next run in {interval}"),
            action: "Reconcile",
        }
    }

    /// Its reason: that of `Ready` when it is told, else its severity.
    #[must_use]
    pub fn reason<'a>(&'a self, conditions: &'a Conditions) -> &'a str {
        let ready = conditions.find(READY).map(|ready| ready.reason.as_str());
        ready
            .filter(|reason| !reason.is_empty())
            .unwrap_or_else(|| self.severity.as_str())
    }
}
