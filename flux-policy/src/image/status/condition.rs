//! The conditions of an object while a run changes them.

use std::cmp::Reverse;

use fluxcd_api::meta::condition::{self, READY, RECONCILING, STALLED};
use fluxcd_api::meta::{Condition, Time};

/// Longer messages are cut.
const LONGEST_MESSAGE: usize = 32768;

/// The conditions, the generation that they speak about from now on, and the time.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Conditions {
    pub(super) list: Vec<Condition>,
    pub(super) generation: i64,
    pub(super) now: Time,
}

impl Conditions {
    /// Source: `fluxcd/pkg: runtime/conditions/setter.go (Set)` v0.110.1.
    pub(super) fn set(&mut self, type_: &str, status: &str, reason: &str, message: &str) {
        let mut new = Condition {
            type_: type_.to_owned(),
            status: status.to_owned(),
            reason: reason.to_owned(),
            message: trimmed(message),
            observed_generation: Some(self.generation),
            last_transition_time: self.now.clone(),
        };
        match self.list.iter_mut().find(|it| it.type_ == type_) {
            Some(old) => {
                let is_same = (&old.status, &old.reason, &old.message)
                    == (&new.status, &new.reason, &new.message);
                if is_same {
                    new.last_transition_time = old.last_transition_time.clone();
                }
                *old = new;
            }
            None => self.list.push(new),
        }
        self.list.sort_by(|a, b| rank(a).cmp(&rank(b)));
    }

    pub(super) fn delete(&mut self, type_: &str) {
        self.list.retain(|it| it.type_ != type_);
    }

    pub(super) fn find(&self, type_: &str) -> Option<&Condition> {
        condition::find(&self.list, type_)
    }

    pub(super) fn is_true(&self, type_: &str) -> bool {
        condition::is_true(&self.list, type_)
    }

    /// Also where there is none.
    pub(super) fn is_unknown(&self, type_: &str) -> bool {
        self.find(type_).is_none_or(|it| it.status == "Unknown")
    }

    /// Source: `fluxcd/pkg: runtime/reconcile/result.go (ProgressiveStatus)` v0.110.1.
    pub(super) fn progress(&mut self, reason: &str, message: &str) {
        self.delete(STALLED);
        self.set(RECONCILING, "True", reason, message);
        if self.is_unknown(READY) {
            self.set(READY, "Unknown", reason, message);
        }
    }

    pub(super) fn stall(&mut self, reason: &str, message: &str) {
        self.delete(RECONCILING);
        self.set(STALLED, "True", reason, message);
    }
}

/// Source: `fluxcd/pkg: runtime/conditions/setter.go (lexicographicLess)` v0.110.1.
fn rank(condition: &Condition) -> (usize, Reverse<i64>, &str) {
    let first = [STALLED, RECONCILING, READY];
    match first.iter().position(|type_| *type_ == condition.type_) {
        Some(place) => (place, Reverse(0), ""),
        None => {
            let generation = condition.observed_generation.unwrap_or_default();
            (first.len(), Reverse(generation), &condition.type_)
        }
    }
}

/// Go cuts bytes; a character that is cut in two becomes U+FFFD.
fn trimmed(message: &str) -> String {
    if message.len() <= LONGEST_MESSAGE {
        return message.to_owned();
    }
    let kept = message.as_bytes().get(..LONGEST_MESSAGE - 3);
    String::from_utf8_lossy(kept.unwrap_or_default()).into_owned() + "..."
}
