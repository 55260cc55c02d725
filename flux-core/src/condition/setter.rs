//! Changing a list of conditions.

use std::cmp::Reverse;

use chrono::{DateTime, Utc};
use fluxcd_api::meta::condition::{READY, RECONCILING, STALLED};
use fluxcd_api::meta::{Condition, Time, time};

use super::getter;

/// Longer messages are cut, in bytes.
pub const LONGEST_MESSAGE: usize = 32768;

/// The conditions of one object while a reconciliation changes them.
///
/// # Laws
///
/// - What [`Conditions::set`] wrote stands for the generation of the object, and its time is that of the last change of
///   status, reason or message.
/// - After a `set` or a mark, the list is in order: `Stalled`, `Reconciling`, `Ready`, then the others, those of the
///   newest generation first, by type.
///
/// Source: `fluxcd/pkg: runtime/conditions/setter.go` v0.110.1.
///
/// # Differences
///
/// Upstream takes the clock at each change; here the time is that of the construction.
///
/// # Examples
///
/// ```
/// use chrono::DateTime;
/// use fluxcd_core::condition::Conditions;
///
/// let now = DateTime::from_timestamp(1_700_000_000, 0).unwrap_or_default();
/// let mut conditions = Conditions::new(Vec::new(), 3, now);
/// conditions.mark_reconciling("Progressing", "building");
/// conditions.mark_false("Ready", "BuildFailed", "no such file");
///
/// let list = conditions.into_list();
/// assert_eq!(list[0].type_, "Reconciling");
/// assert_eq!(list[1].observed_generation, Some(3));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Conditions {
    list: Vec<Condition>,
    generation: i64,
    now: Time,
}

impl Conditions {
    /// The conditions of an object whose `metadata.generation` is that, at that time. Fractions of a second are dropped.
    #[must_use]
    pub fn new(list: Vec<Condition>, generation: i64, now: DateTime<Utc>) -> Self {
        let now = DateTime::from_timestamp(now.timestamp(), 0).and_then(time::from_chrono);
        Self {
            list,
            generation,
            // Out of reach for Kubernetes, which ends with the year 9999.
            now: now.unwrap_or_else(time::unix_epoch),
        }
    }

    /// Sets a condition.
    ///
    /// | a condition of that type | `lastTransitionTime` |
    /// |---|---|
    /// | none | the given one; now where it is unset |
    /// | same status, reason and message | as it was |
    /// | other status, reason or message | now |
    ///
    /// `observedGeneration` becomes that of the object. A message of more than [`LONGEST_MESSAGE`] bytes is cut to that
    /// length, `...` included.
    ///
    /// # Differences
    ///
    /// Where upstream cuts through a character, fewer bytes are kept, as a message is text.
    pub fn set(&mut self, mut condition: Condition) {
        condition.observed_generation = Some(self.generation);
        trim(&mut condition.message);
        match self.list.iter_mut().find(|it| it.type_ == condition.type_) {
            Some(old) => {
                condition.last_transition_time = match is_same_state(old, &condition) {
                    true => old.last_transition_time.clone(),
                    false => self.now.clone(),
                };
                *old = condition;
            }
            None => {
                if is_unset(&condition.last_transition_time) {
                    condition.last_transition_time = self.now.clone();
                }
                self.list.push(condition);
            }
        }
        self.list.sort_by(|a, b| rank(a).cmp(&rank(b)));
    }

    /// Sets a condition to `True`.
    pub fn mark_true(&mut self, type_: &str, reason: &str, message: impl Into<String>) {
        self.set(new_condition(type_, "True", reason, message));
    }

    /// Sets a condition to `False`.
    pub fn mark_false(&mut self, type_: &str, reason: &str, message: impl Into<String>) {
        self.set(new_condition(type_, "False", reason, message));
    }

    /// Sets a condition to `Unknown`.
    pub fn mark_unknown(&mut self, type_: &str, reason: &str, message: impl Into<String>) {
        self.set(new_condition(type_, "Unknown", reason, message));
    }

    /// Sets `Reconciling` to `True` and removes `Stalled`: work goes on.
    pub fn mark_reconciling(&mut self, reason: &str, message: impl Into<String>) {
        self.delete(STALLED);
        self.mark_true(RECONCILING, reason, message);
    }

    /// Sets `Stalled` to `True` and removes `Reconciling`: nothing is tried again before the object changes.
    pub fn mark_stalled(&mut self, reason: &str, message: impl Into<String>) {
        self.delete(RECONCILING);
        self.mark_true(STALLED, reason, message);
    }

    /// Removes the condition of that type. The others stay in the order in which they are.
    pub fn delete(&mut self, type_: &str) {
        self.list.retain(|it| it.type_ != type_);
    }

    /// The conditions, as they are now.
    #[must_use]
    pub fn list(&self) -> &[Condition] {
        &self.list
    }

    /// The conditions, for the status.
    #[must_use]
    pub fn into_list(self) -> Vec<Condition> {
        self.list
    }

    /// The generation of the object.
    #[must_use]
    pub const fn generation(&self) -> i64 {
        self.generation
    }

    /// The condition of that type.
    #[must_use]
    pub fn find(&self, type_: &str) -> Option<&Condition> {
        getter::find(&self.list, type_)
    }

    /// As [`is_true`](getter::is_true).
    #[must_use]
    pub fn is_true(&self, type_: &str) -> bool {
        getter::is_true(&self.list, type_)
    }

    /// As [`is_false`](getter::is_false).
    #[must_use]
    pub fn is_false(&self, type_: &str) -> bool {
        getter::is_false(&self.list, type_)
    }

    /// As [`is_unknown`](getter::is_unknown): also where there is none.
    #[must_use]
    pub fn is_unknown(&self, type_: &str) -> bool {
        getter::is_unknown(&self.list, type_)
    }

    /// As [`is_ready`](getter::is_ready).
    #[must_use]
    pub fn is_ready(&self) -> bool {
        getter::is_ready(&self.list)
    }

    /// As [`is_stalled`](getter::is_stalled).
    #[must_use]
    pub fn is_stalled(&self) -> bool {
        getter::is_stalled(&self.list)
    }

    /// As [`is_reconciling`](getter::is_reconciling).
    #[must_use]
    pub fn is_reconciling(&self) -> bool {
        getter::is_reconciling(&self.list)
    }
}

/// A condition without generation and time.
pub(super) fn new_condition(
    type_: &str,
    status: &str,
    reason: &str,
    message: impl Into<String>,
) -> Condition {
    Condition {
        type_: type_.to_owned(),
        status: status.to_owned(),
        reason: reason.to_owned(),
        message: message.into(),
        observed_generation: None,
        last_transition_time: time::unix_epoch(),
    }
}

/// Time and generation aside.
pub(super) fn is_same_state(a: &Condition, b: &Condition) -> bool {
    (&a.type_, &a.status, &a.reason, &a.message) == (&b.type_, &b.status, &b.reason, &b.message)
}

/// The place of a condition in a status.
pub(super) fn rank(condition: &Condition) -> (usize, Reverse<i64>, &str) {
    let first = [STALLED, RECONCILING, READY];
    match first.iter().position(|type_| *type_ == condition.type_) {
        Some(place) => (place, Reverse(0), ""),
        None => {
            let generation = condition.observed_generation.unwrap_or_default();
            (first.len(), Reverse(generation), &condition.type_)
        }
    }
}

/// The unset time of Rust, or that of Go.
fn is_unset(time: &Time) -> bool {
    const YEAR_1: i64 = -62_135_596_800;
    *time == time::unix_epoch() || (time.0.as_second(), time.0.subsec_nanosecond()) == (YEAR_1, 0)
}

fn trim(message: &mut String) {
    const SUFFIX: &str = "...";
    if message.len() > LONGEST_MESSAGE {
        let end = LONGEST_MESSAGE - SUFFIX.len();
        let end = (0..=end).rev().find(|&at| message.is_char_boundary(at));
        message.truncate(end.unwrap_or_default());
        message.push_str(SUFFIX);
    }
}
