//! Which key is worked on next: a plain data structure that neither sleeps nor locks.

use std::collections::{BTreeMap, BTreeSet};

use fluxcd_core::schedule::Queued;
use tokio::time::{Duration, Instant};

use crate::cache::Key;

/// The work queue of a controller. `C` says what woke a key.
///
/// # Laws
///
/// - A key is worked on by one worker at a time, and waits in one place at most.
/// - Keys that are ready are handed out in the order in which they became so: a key that comes back stands behind those
///   that wait, however often it comes. What only the first list has woken stands behind all others, so that a change is
///   not kept waiting by a start; its timers do, too, until it is woken by a change.
/// - What is added while a key is worked on is not lost: it is handed out again when its worker is done.
/// - The end of a run replaces every timer that the key had.
/// - While a key backs off, [`Urgency::Gently`] does not shorten the wait. What a run that failed has itself changed would
///   otherwise wake it at once, and there would be no back-off at all.
#[derive(Debug)]
pub(super) struct Queue<C> {
    entries: BTreeMap<Key, Entry<C>>,
    ready: BTreeSet<(Lane, u64, Key)>,
    timers: BTreeSet<(Instant, Key)>,
    turns: u64,
    running: usize,
}

/// How much a key is in a hurry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Urgency {
    /// Somebody changed something.
    AtOnce,
    /// Something changed that its own run may have changed.
    Gently,
    /// It was there at the start.
    Listed,
}

/// What became of an addition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Added {
    /// It is ready now.
    Ready,
    /// It was ready before, or backs off.
    Waits,
    /// It is being worked on, and is handed out again afterwards.
    Running,
}

#[derive(Debug)]
struct Entry<C> {
    state: State<C>,
    lane: Lane,
    failures: u32,
    cause: Option<C>,
}

#[derive(Debug)]
enum State<C> {
    Idle,
    Ready { turn: u64 },
    Waiting { until: Instant },
    Running { again: Option<(Urgency, C)> },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Lane {
    Changed,
    Listed,
}

impl<C> Queue<C> {
    pub(super) const fn new() -> Self {
        Self {
            entries: BTreeMap::new(),
            ready: BTreeSet::new(),
            timers: BTreeSet::new(),
            turns: 0,
            running: 0,
        }
    }

    /// Wakes a key.
    pub(super) fn add(&mut self, key: &Key, cause: C, urgency: Urgency) -> Added {
        let lane = match urgency {
            Urgency::AtOnce | Urgency::Gently => Lane::Changed,
            Urgency::Listed => Lane::Listed,
        };
        let entry = self.entries.entry(key.clone()).or_insert(Entry {
            state: State::Idle,
            lane,
            failures: 0,
            cause: None,
        });
        match &mut entry.state {
            State::Running { again } => {
                if again.is_none() || urgency != Urgency::Gently {
                    *again = Some((urgency, cause));
                }
                Added::Running
            }
            State::Ready { turn } if lane < entry.lane => {
                self.ready.remove(&(entry.lane, *turn, key.clone()));
                self.make_ready(key, cause, lane);
                Added::Ready
            }
            State::Ready { .. } => Added::Waits,
            State::Waiting { .. } if urgency == Urgency::Gently && entry.failures > 0 => {
                Added::Waits
            }
            State::Waiting { until } => {
                self.timers.remove(&(*until, key.clone()));
                self.make_ready(key, cause, lane);
                Added::Ready
            }
            State::Idle => {
                self.make_ready(key, cause, lane);
                Added::Ready
            }
        }
    }

    /// Hands out the next key, and what woke it: nothing does when its time has come.
    pub(super) fn pop(&mut self, now: Instant) -> Option<(Key, Option<C>)> {
        while let Some((until, _)) = self.timers.first()
            && *until <= now
            && let Some((_, key)) = self.timers.pop_first()
        {
            self.line_up(&key);
        }
        let (_, _, key) = self.ready.pop_first()?;
        let entry = self.entries.get_mut(&key)?;
        entry.state = State::Running { again: None };
        self.running += 1;
        Some((key, entry.cause.take()))
    }

    /// A worker is done with a key.
    pub(super) fn done(&mut self, key: &Key, queued: Queued, now: Instant) {
        let Some(entry) = self.entries.get_mut(key) else {
            return;
        };
        let State::Running { again } = std::mem::replace(&mut entry.state, State::Idle) else {
            return;
        };
        self.running -= 1;
        entry.failures = queued.failures;
        let after = queued
            .after
            .map(|after| Duration::try_from(after).unwrap_or_default());
        let backs_off = after.is_some() && queued.failures > 0;
        match (again, after) {
            (Some((urgency, cause)), _) if urgency != Urgency::Gently || !backs_off => {
                self.make_ready(key, cause, Lane::Changed);
            }
            (_, Some(after)) => {
                let until = now + after;
                entry.state = State::Waiting { until };
                self.timers.insert((until, key.clone()));
            }
            _ if queued.failures == 0 => drop(self.entries.remove(key)),
            _ => {}
        }
    }

    /// What was being worked on was not finished, and is ready again.
    pub(super) fn give_back(&mut self) -> Vec<Key> {
        let is_running = |entry: &Entry<C>| matches!(entry.state, State::Running { .. });
        let running = self.entries.iter().filter(|(_, entry)| is_running(entry));
        let keys: Vec<Key> = running.map(|(key, _)| key.clone()).collect();
        for key in &keys {
            self.line_up(key);
        }
        self.running = 0;
        keys
    }

    /// When the next timer fires; `None` without one.
    pub(super) fn next_timer(&self) -> Option<Instant> {
        self.timers.first().map(|(until, _)| *until)
    }

    /// How many keys are ready and wait for a worker.
    pub(super) fn depth(&self) -> usize {
        self.ready.len()
    }

    /// How many keys are being worked on.
    pub(super) const fn running(&self) -> usize {
        self.running
    }

    /// How many errors are counted for a key.
    pub(super) fn failures(&self, key: &Key) -> u32 {
        self.entries.get(key).map_or(0, |entry| entry.failures)
    }

    fn make_ready(&mut self, key: &Key, cause: C, lane: Lane) {
        if let Some(entry) = self.entries.get_mut(key) {
            (entry.cause, entry.lane) = (Some(cause), lane);
            self.line_up(key);
        }
    }

    /// Puts a key at the end of its lane.
    fn line_up(&mut self, key: &Key) {
        let Some(entry) = self.entries.get_mut(key) else {
            return;
        };
        self.turns += 1;
        entry.state = State::Ready { turn: self.turns };
        self.ready.insert((entry.lane, self.turns, key.clone()));
    }
}

#[cfg(test)]
mod tests;
