//! How a run ends: from what its steps say to conditions, the next run, and whether the generation is observed.
//!
//! A run of source-controller is a row of steps. Each says how urgent the next run is ([`StepResult`]), or fails with an
//! error of a class ([`StepError`]) that says what follows.
//!
//! | result | error | next run | returned | conditions | observes the generation | event |
//! |---|---|---|---|---|---|---|
//! | success | - | interval | - | no `Reconciling`, no `Stalled` | yes | - |
//! | requeue | - | at once | - | no `Stalled`; `Reconciling` with retry | no | - |
//! | empty | - | on a change | - | no `Stalled`; `Reconciling` with retry | yes | - |
//! | empty | stalling | on a change | - | `Stalled`, no `Reconciling` | yes | warning |
//! | other | stalling | growing waits | the error | `Stalled` stays as it was; `Reconciling` with retry | no | warning |
//! | any | waiting | its own time, else interval | - | no `Stalled`; `Reconciling` with retry | no | trace |
//! | any | ignored | interval | - | no `Reconciling`, no `Stalled` | yes | trace |
//! | any | generic | growing waits | the error | no `Stalled`; `Reconciling` with retry | no | warning |
//! | any | plain | growing waits | the error | no `Stalled`; `Reconciling` with retry | no | none |
//!
//! *With retry* means that a `Reconciling` that is there and holds gets the reason `ProgressingWithRetry`. The generation
//! is observed only where a condition is there to tell of it: `Reconciling` counts, even if it goes.

use fluxcd_api::meta::condition::{RECONCILING, STALLED};
use fluxcd_api::meta::{Duration, Effective, reason};

use crate::condition::Conditions;
use crate::schedule::{Because, Next, Requeue};

#[cfg(test)]
mod tests;

/// How urgent the next run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StepResult {
    /// There is nothing to wait for; also that of a step that fails.
    Empty,
    /// All went well: at the interval.
    Success,
    /// At once.
    Requeue,
}

/// An error of a step.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct StepError {
    /// What follows from it.
    pub class: ErrorClass,
    /// Reason of the condition and of the event.
    pub reason: String,
    /// Message of the condition and of the event.
    pub message: String,
}

/// What follows from an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorClass {
    /// Nobody but the user can mend it.
    Stalling,
    /// Something else must happen first: look again after that time; zero is the interval.
    Waiting(Duration),
    /// It may go away by itself.
    Generic,
    /// It is none: there was nothing to do.
    Ignored,
    /// It says nothing about itself.
    Plain,
}

/// Who hears of an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EventType {
    /// An event of Kubernetes, and of Flux with the severity `error`.
    Warning,
    /// An event of Kubernetes only.
    Trace,
}

/// What follows from a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[must_use]
pub struct Outcome {
    /// When the result asks for the next run. [`Outcome::next`] is when it begins.
    pub asked: Next,
    /// Whether the run ends in its error, which the queue answers with growing waits.
    pub returns_error: bool,
    /// Whether `status.observedGeneration` becomes the generation.
    pub observes_generation: bool,
    /// Whether it counts as a success that the result asks for this: it is the time of the interval.
    pub is_success: bool,
}

impl StepResult {
    /// Of two steps, the one that asks for the earlier run decides.
    ///
    /// Source: `source-controller: internal/reconcile/reconcile.go (LowestRequeuingResult)`.
    #[must_use]
    pub fn most_urgent(self, other: Self) -> Self {
        self.max(other)
    }
}

impl StepError {
    /// An error of that class.
    pub fn new(class: ErrorClass, reason: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            class,
            reason: reason.into(),
            message: message.into(),
        }
    }
}

impl ErrorClass {
    /// Who hears of it, unless a step says otherwise.
    ///
    /// Source: `source-controller: internal/error/error.go (NewStalling, NewWaiting, NewGeneric)`,
    /// `internal/reconcile/summarize/processor.go (recordEvent)`.
    #[must_use]
    pub const fn event(self) -> Option<EventType> {
        match self {
            Self::Stalling | Self::Generic => Some(EventType::Warning),
            Self::Waiting(_) | Self::Ignored => Some(EventType::Trace),
            Self::Plain => None,
        }
    }
}

impl Outcome {
    /// Ends a run: changes the conditions, and says what follows, as the table above has it.
    ///
    /// The interval is not spread yet: [`Next::jittered`] does that.
    ///
    /// Source: `source-controller: internal/reconcile/reconcile.go (ComputeReconcileResult, BuildRuntimeResult)` v1.9.4.
    ///
    /// # Examples
    ///
    /// ```
    /// use chrono::DateTime;
    /// use fluxcd_api::meta::{Duration, Effective};
    /// use fluxcd_core::condition::Conditions;
    /// use fluxcd_core::schedule::Requeue;
    /// use fluxcd_core::source::{ErrorClass, Outcome, StepError, StepResult};
    ///
    /// let mut conditions = Conditions::new(Vec::new(), 2, DateTime::UNIX_EPOCH);
    /// conditions.mark_reconciling("Progressing", "reconciliation in progress");
    /// let error = StepError::new(ErrorClass::Stalling, "URLInvalid", "no address: x");
    /// let interval = Effective::default_value(Duration::from_mins(1));
    /// let outcome = Outcome::settle(&mut conditions, StepResult::Empty, Some(&error), interval);
    ///
    /// assert_eq!(outcome.next().requeue, Requeue::OnChange);
    /// assert!(outcome.observes_generation && conditions.is_stalled());
    /// ```
    pub fn settle(
        conditions: &mut Conditions,
        result: StepResult,
        error: Option<&StepError>,
        interval: Effective<Duration>,
    ) -> Self {
        let class = error.map(|error| error.class);
        let asked = ask(result, class, interval);
        let outcome = |returns_error, observes_generation| Self {
            asked,
            returns_error,
            observes_generation,
            is_success: is_success(asked, interval.value),
        };
        if class.is_none() && result == StepResult::Success {
            conditions.delete(RECONCILING);
        }
        if conditions.is_reconciling() {
            mark_retry(conditions);
        }
        match (error, class) {
            (Some(error), Some(ErrorClass::Stalling)) if result == StepResult::Empty => {
                conditions.mark_stalled(&error.reason, &error.message);
                outcome(false, true)
            }
            // A result beside such an error is a mistake of the step: it is treated as any error, and nothing stalls.
            (_, Some(ErrorClass::Stalling)) => outcome(true, false),
            (_, Some(ErrorClass::Waiting(_))) => {
                conditions.delete(STALLED);
                outcome(false, false)
            }
            (_, Some(ErrorClass::Ignored)) => {
                conditions.delete(STALLED);
                let observes_generation = !conditions.list().is_empty();
                conditions.delete(RECONCILING);
                outcome(false, observes_generation)
            }
            (_, Some(ErrorClass::Generic | ErrorClass::Plain)) => {
                conditions.delete(STALLED);
                outcome(true, false)
            }
            (_, None) => {
                let is_done = result != StepResult::Requeue;
                let observes_generation = is_done && !conditions.list().is_empty();
                conditions.delete(STALLED);
                outcome(false, observes_generation)
            }
        }
    }

    /// The same, once `Ready` is brought in line by [`summarise`](super::summarise): a success that leaves the object neither
    /// ready nor stalled ends in an error after all, and the message of `Ready` is its text.
    ///
    /// Source: `source-controller: internal/reconcile/summarize/summary.go (SummarizeAndPatch)` v1.9.4.
    pub fn confirm(self, conditions: &Conditions) -> Self {
        let fails = self.is_success && !conditions.is_stalled() && !conditions.is_ready();
        Self {
            returns_error: self.returns_error || fails,
            ..self
        }
    }

    /// When the next run begins: with growing waits after an error, else as the result asks.
    pub fn next(&self) -> Next {
        if self.returns_error {
            Next {
                requeue: Requeue::Backoff,
                because: Because::Error,
            }
        } else {
            self.asked
        }
    }
}

fn ask(result: StepResult, class: Option<ErrorClass>, interval: Effective<Duration>) -> Next {
    let after_interval = Next {
        requeue: Requeue::after(interval.value),
        because: Because::Interval(interval.origin),
    };
    match (class, result) {
        (Some(ErrorClass::Waiting(time)), _) if !time.is_zero() => Next {
            requeue: Requeue::after(time),
            because: Because::Wait,
        },
        (Some(ErrorClass::Waiting(_) | ErrorClass::Ignored), _) => after_interval,
        (_, StepResult::Success) => after_interval,
        (_, StepResult::Requeue) => Next {
            requeue: Requeue::Now,
            because: Because::BeginAgain,
        },
        (Some(ErrorClass::Stalling), StepResult::Empty) => Next {
            requeue: Requeue::OnChange,
            because: Because::Stalled,
        },
        (_, StepResult::Empty) => Next {
            requeue: Requeue::OnChange,
            because: Because::Nothing,
        },
    }
}

/// Upstream compares times: a wait that is as long as the interval counts, and so does any result beside an interval of
/// zero.
fn is_success(asked: Next, interval: Duration) -> bool {
    match (asked.because, asked.requeue) {
        (Because::Interval(_), _) => true,
        (_, Requeue::After(time)) => time == interval,
        _ => interval.is_zero(),
    }
}

/// A `Reconciling` that is still there tells that the run did not succeed.
fn mark_retry(conditions: &mut Conditions) {
    if let Some(mut reconciling) = conditions.find(RECONCILING).cloned() {
        reason::PROGRESSING_WITH_RETRY.clone_into(&mut reconciling.reason);
        conditions.set(reconciling);
    }
}
