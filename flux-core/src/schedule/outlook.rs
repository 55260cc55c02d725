//! What a condition lets expect: will it be tried again by itself, and when, or must somebody change something?
//!
//! # Contract
//!
//! [`reasons`] has every reason that the controllers write to the conditions of each kind. [`Outlook::of`] reads the
//! conditions of an object, and says which one decides.
//!
//! # Traps
//!
//! - The same reason can be either: `FetchFailed` with `InvalidProviderConfiguration` may stall a GitRepository, or be tried
//!   again. `Stalled` tells, and has the last word here.
//! - `Ready` of a source repeats the reason of the condition that decides, such as `FetchFailed`.
//! - A Kustomization that stalls keeps nothing running: also its interval timer has stopped.
//!
//! # Sources
//!
//! The controllers of Flux 2.9: `internal/controller/*_controller.go`, and source-controller: `internal/helm/chart/
//! errors.go`.

use std::fmt;

use fluxcd_api::meta::Condition;
use fluxcd_api::meta::condition::{self, READY, RECONCILING, STALLED};

mod apply;
mod image;
mod notification;
mod source;
#[cfg(test)]
mod tests;

/// What is to be expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outlook {
    /// All is well. The next run is due at the interval, if there is one.
    Well,
    /// Work is going on.
    Working,
    /// It is tried again by itself, after one of these waits.
    Retries(&'static [Wait]),
    /// Nothing happens before somebody changes the object, or the settings of its controller.
    Stalls,
    /// Either of the two: `Stalled` tells.
    MayStall(&'static [Wait]),
}

/// What a retry waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Wait {
    /// Growing waits, from 750 ms to 15 minutes: [`Backoff`](super::Backoff).
    Backoff,
    /// The same without an error: the run asks to begin again.
    BeginAgain,
    /// The interval between failures.
    RetryInterval,
    /// The wait for dependencies, `--requeue-dependency`.
    Dependency,
}

/// The reasons of one condition of one kind, where it has that status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reasons {
    /// The kind.
    pub kind: &'static str,
    /// The type of the condition.
    pub condition: &'static str,
    /// Its status: `True`, `False` or `Unknown`.
    pub status: &'static str,
    /// The reasons, and what each lets expect.
    pub reasons: &'static [(&'static str, Outlook)],
}

/// What an object lets expect, and the condition that says so.
#[derive(Debug, Clone, Copy, PartialEq)]
#[must_use]
pub struct Expected<'a> {
    /// What is to be expected; `None` where the reason is not known.
    pub outlook: Option<Outlook>,
    /// The condition that decides.
    pub condition: &'a Condition,
}

/// Every reason that the controllers write, by condition and kind.
///
/// Left out are `Reconciling`, which has `Progressing` or `ProgressingWithRetry`, and `Stalled`, which repeats a reason
/// that stalls, but for that of a HelmRelease, which has reasons of its own.
pub fn reasons() -> impl Iterator<Item = &'static Reasons> {
    [apply::ROWS, image::ROWS, notification::ROWS, source::ROWS]
        .into_iter()
        .flatten()
}

const fn row(
    kind: &'static str,
    condition: &'static str,
    status: &'static str,
    reasons: &'static [(&'static str, Outlook)],
) -> Reasons {
    Reasons {
        kind,
        condition,
        status,
        reasons,
    }
}

/// Tried again with growing waits.
const BACKOFF: Outlook = Outlook::Retries(&[Wait::Backoff]);
/// Tried again after the wait for dependencies.
const DEPENDENCY: Outlook = Outlook::Retries(&[Wait::Dependency]);
/// Stalls, or is tried again with growing waits.
const STALLS_OR_BACKOFF: Outlook = Outlook::MayStall(&[Wait::Backoff]);

impl Outlook {
    /// What that reason of that condition lets expect. A `Ready` of a source may have the reason of any of its conditions.
    ///
    /// # Examples
    ///
    /// ```
    /// use fluxcd_core::schedule::Outlook;
    ///
    /// assert_eq!(Outlook::find("Bucket", "FetchFailed", "URLInvalid"), Some(Outlook::Stalls));
    /// let retries = Outlook::find("Kustomization", "Ready", "BuildFailed").unwrap();
    /// assert_eq!(retries.to_string(), "tried again after the interval between failures");
    /// ```
    #[must_use]
    pub fn find(kind: &str, condition: &str, reason: &str) -> Option<Self> {
        let of = |it: &&Reasons| it.kind == kind && it.condition == condition;
        let find = |it: &Reasons| it.reasons.iter().find(|(known, _)| *known == reason);
        let own = reasons().filter(of).find_map(find);
        let found = own.or_else(|| {
            let mut of_kind = reasons().filter(|it| condition == READY && it.kind == kind);
            of_kind.find_map(find)
        });
        found.map(|(_, outlook)| *outlook)
    }

    /// What the conditions of an object of that kind let expect; `None` where they say nothing.
    ///
    /// | conditions | what decides |
    /// |---|---|
    /// | `Stalled` holds, and `Reconciling` does not | `Stalled`: nothing happens before a change |
    /// | else, `Ready` is there | its reason; one that may stall does not |
    /// | else, `Reconciling` holds | `Reconciling`: work is going on |
    ///
    /// # Examples
    ///
    /// ```
    /// use chrono::DateTime;
    /// use fluxcd_core::condition::Conditions;
    /// use fluxcd_core::schedule::Outlook;
    ///
    /// let mut conditions = Conditions::new(Vec::new(), 1, DateTime::UNIX_EPOCH);
    /// conditions.mark_false("Ready", "ArtifactFailed", "no artifact");
    /// let expected = Outlook::of("HelmRelease", conditions.list()).unwrap();
    /// assert_eq!(expected.outlook.unwrap().retries(), Some(true));
    ///
    /// conditions.mark_stalled("RetriesExceeded", "failed to install after 1 attempt(s)");
    /// let expected = Outlook::of("HelmRelease", conditions.list()).unwrap();
    /// assert_eq!(expected.outlook, Some(Outlook::Stalls));
    /// assert_eq!(expected.condition.reason, "RetriesExceeded");
    /// ```
    #[must_use]
    pub fn of<'a>(kind: &str, conditions: &'a [Condition]) -> Option<Expected<'a>> {
        let find = |type_| condition::find(conditions, type_);
        let find_true = |type_| find(type_).filter(|it| it.status == "True");
        let reconciling = find_true(RECONCILING);
        if let (Some(condition), None) = (find_true(STALLED), reconciling) {
            let outlook = Some(Self::Stalls);
            return Some(Expected { outlook, condition });
        }
        if let Some(condition) = find(READY) {
            let outlook = match condition.status.as_str() {
                "True" => Some(Self::Well),
                "Unknown" => Some(Self::Working),
                _ => Self::find(kind, READY, &condition.reason).map(Self::without_stalling),
            };
            return Some(Expected { outlook, condition });
        }
        let outlook = Some(Self::Working);
        reconciling.map(|condition| Expected { outlook, condition })
    }

    /// Whether it is tried again by itself; `None` where that depends. What is well, or going on, is.
    #[must_use]
    pub const fn retries(self) -> Option<bool> {
        match self {
            Self::Well | Self::Working | Self::Retries(_) => Some(true),
            Self::Stalls => Some(false),
            Self::MayStall(_) => None,
        }
    }

    const fn without_stalling(self) -> Self {
        match self {
            Self::MayStall(waits) => Self::Retries(waits),
            other => other,
        }
    }
}

impl fmt::Display for Outlook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let waits = match self {
            Self::Well => return f.write_str("all is well"),
            Self::Working => return f.write_str("work is going on"),
            Self::Stalls => return f.write_str("nothing happens before a change"),
            Self::Retries(waits) => waits,
            Self::MayStall(waits) => {
                f.write_str("nothing happens before a change where it is stalled, else ")?;
                waits
            }
        };
        f.write_str("tried again ")?;
        for (index, wait) in waits.iter().enumerate() {
            if index > 0 {
                f.write_str(" or ")?;
            }
            f.write_str(match wait {
                Wait::Backoff => "with growing waits",
                Wait::BeginAgain => "at once",
                Wait::RetryInterval => "after the interval between failures",
                Wait::Dependency => "after the wait for dependencies",
            })?;
        }
        Ok(())
    }
}
