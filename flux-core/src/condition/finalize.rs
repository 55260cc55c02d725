//! What the end of a reconciliation makes of the conditions.
//!
//! Source: `fluxcd/pkg: runtime/reconcile/result.go` v0.110.1.

use std::collections::BTreeMap;
use std::fmt::Display;

use fluxcd_api::meta::condition::{READY, RECONCILING, STALLED};
use fluxcd_api::meta::{Duration, key, reason};

use super::{Conditions, MergeOptions};

/// When a reconciliation that did not fail wants to run again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Requeue {
    /// Not before something happens. A pause of zero is the same.
    Never,
    /// At once.
    Now,
    /// After a pause.
    After(Duration),
}

/// Brings the conditions in line with how a reconciliation ended.
///
/// # Examples
///
/// ```
/// use chrono::DateTime;
/// use fluxcd_api::meta::Duration;
/// use fluxcd_core::condition::{Conditions, Requeue, ResultFinalizer};
///
/// let interval = Requeue::After(Duration::from_secs(600));
/// let finalizer = ResultFinalizer::new(interval, "stored artifact");
///
/// let mut conditions = Conditions::new(Vec::new(), 1, DateTime::UNIX_EPOCH);
/// conditions.progress("Progressing", "fetching");
/// finalizer.finalize::<&str>(&mut conditions, Ok(interval))?;
/// assert!(conditions.is_ready());
/// assert_eq!(conditions.find("Ready").map(|it| &*it.message), Some("stored artifact"));
/// # Ok::<(), fluxcd_core::condition::RunError<&str>>(())
/// ```
#[must_use]
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ResultFinalizer<'a> {
    success: Requeue,
    message: &'a str,
    summaries: &'a [(&'a str, MergeOptions<'a>)],
}

/// Why a reconciliation counts as failed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum RunError<E> {
    /// It said so itself.
    #[error("{0}")]
    Failed(E),
    /// It ended as a success does, but `Ready` is `False` with this message.
    #[error("{message}")]
    NotReady {
        /// The message of `Ready`.
        message: String,
    },
}

impl<'a> ResultFinalizer<'a> {
    /// A reconciliation without error is a success where it asks for `success`; the message is that of `Ready` then.
    ///
    /// [`Requeue::Never`] is for a controller that runs on events only.
    pub const fn new(success: Requeue, message: &'a str) -> Self {
        Self {
            success: success.without_zero(),
            message,
            summaries: &[],
        }
    }

    /// Also summarises conditions: targets and how they are made, in that order.
    pub const fn with_summaries(mut self, summaries: &'a [(&'a str, MergeOptions<'a>)]) -> Self {
        self.summaries = summaries;
        self
    }

    /// Changes the conditions so that they tell how the reconciliation ended.
    ///
    /// In this order:
    ///
    /// 1. `Stalled` goes where there is an error, or a requeue that is no success. Otherwise, where it is `True` without a
    ///    success (or success is [`Requeue::Never`]) and `Ready` is not `False`, `Ready` becomes `False` with its reason.
    /// 2. `Reconciling` goes after a success, and where `Stalled` is `True`.
    /// 3. An error becomes `Ready`: `False`, `Failed`, unless that is `False` already.
    /// 4. The summaries are made.
    /// 5. After a success that is requeued, a `Ready` that is `False` without stalling is the error to return.
    /// 6. After a success, a `Ready` that is absent or `Unknown` becomes `True`, `Succeeded`, unless the object is reconciling
    ///    or stalled.
    ///
    /// Trap: a requeue that is no success leaves an object without `Ready` as it is.
    ///
    /// # Errors
    ///
    /// What the controller's runtime is to back off for, and to log.
    pub fn finalize<E: Display>(
        &self,
        conditions: &mut Conditions,
        outcome: Result<Requeue, E>,
    ) -> Result<Requeue, RunError<E>> {
        let requeue = outcome.as_ref().ok().map(|it| it.without_zero());
        let is_success = requeue == Some(self.success);
        let is_requeued = self.success != Requeue::Never;

        if !is_success && requeue != Some(Requeue::Never) {
            conditions.delete(STALLED);
        }
        let stalled = conditions.find(STALLED).filter(|it| it.status == "True");
        let stalled = stalled.map(|it| (it.reason.clone(), it.message.clone()));
        if let Some((reason, message)) = &stalled
            && !(is_success && is_requeued)
            && is_open(conditions)
        {
            conditions.mark_false(READY, reason, message);
        }
        if is_success || stalled.is_some() {
            conditions.delete(RECONCILING);
        }
        if let Err(error) = &outcome
            && is_open(conditions)
        {
            conditions.mark_false(READY, reason::FAILED, error.to_string());
        }
        for (target, options) in self.summaries {
            conditions.summarise(target, options);
        }
        if is_success && is_requeued && !conditions.is_stalled() {
            let ready = conditions.find(READY);
            if let Some(ready) = ready.filter(|it| it.status == "False") {
                let message = ready.message.clone();
                return Err(RunError::NotReady { message });
            }
        }
        if is_success
            && conditions.is_unknown(READY)
            && !conditions.is_reconciling()
            && !conditions.is_stalled()
        {
            conditions.mark_true(READY, reason::SUCCEEDED, self.message);
        }
        outcome.map(Requeue::without_zero).map_err(RunError::Failed)
    }
}

impl Requeue {
    const fn without_zero(self) -> Self {
        match self {
            Self::After(pause) if pause.is_zero() => Self::Never,
            other => other,
        }
    }
}

impl Conditions {
    /// Says that work goes on: `Reconciling` becomes `True`, and `Ready` becomes `Unknown` where it is absent or that already.
    /// The `Ready` of an earlier run stays.
    pub fn progress(&mut self, reason: &str, message: &str) {
        self.mark_reconciling(reason, message);
        if self.is_unknown(READY) {
            self.mark_unknown(READY, reason, message);
        }
    }

    /// Says that work goes on because the object is not what it should be: as [`Conditions::progress`], and `Ready` becomes
    /// `Unknown` in any case.
    pub fn progress_on_drift(&mut self, reason: &str, message: &str) {
        self.mark_reconciling(reason, message);
        self.mark_unknown(READY, reason, message);
    }

    /// Whether `status.observedGeneration` becomes the generation of the object: where it is stalled or ready.
    ///
    /// Source: `fluxcd/pkg: runtime/reconcile/result.go (AddPatchOptions)` v0.110.1.
    #[must_use]
    pub fn is_observed(&self) -> bool {
        self.is_stalled() || self.is_ready()
    }
}

/// What `status.lastHandledReconcileAt` becomes at the end of a reconciliation, also of one that failed: the token of the
/// annotation that asks for one. `None` leaves it as it is.
///
/// Source: `fluxcd/pkg: apis/meta/annotations.go (ReconcileAnnotationValue)` v1.30.1.
#[must_use]
pub fn handled_request(annotations: Option<&BTreeMap<String, String>>) -> Option<&str> {
    annotations?.get(key::RECONCILE_REQUEST).map(String::as_str)
}

/// Whether `Ready` may still be decided.
fn is_open(conditions: &Conditions) -> bool {
    conditions.is_unknown(READY) || conditions.is_true(READY)
}
