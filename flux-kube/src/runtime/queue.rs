//! Which key is worked on next: a plain data structure that neither sleeps nor locks.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use fluxcd_core::schedule::Queued;
use tokio::time::{Duration, Instant};

use crate::cache::Key;

/// The work queue of a controller. `C` says what woke a key.
///
/// # Laws
///
/// - A key is worked on by one worker at a time, and waits in one place at most.
/// - Keys that are ready are handed out in the order in which they became so: a key that comes back stands behind those
///   that wait, however often it comes.
/// - What is added while a key is worked on is not lost: it is handed out again when its worker is done.
/// - The end of a run replaces every timer that the key had.
/// - While a key backs off, [`add_gently`](Queue::add_gently) does not shorten the wait. What a run that failed has itself
///   changed would otherwise wake it at once, and there would be no back-off at all.
#[derive(Debug)]
pub(super) struct Queue<C> {
    entries: BTreeMap<Key, Entry<C>>,
    ready: VecDeque<Key>,
    timers: BTreeSet<(Instant, Key)>,
    running: usize,
}

#[derive(Debug)]
struct Entry<C> {
    state: State<C>,
    failures: u32,
    cause: Option<C>,
}

#[derive(Debug)]
enum State<C> {
    Ready,
    Waiting { until: Instant },
    Idle,
    Running { again: Option<Again<C>> },
}

#[derive(Debug)]
enum Again<C> {
    Gently(C),
    AtOnce(C),
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

impl<C> Queue<C> {
    pub(super) const fn new() -> Self {
        Self {
            entries: BTreeMap::new(),
            ready: VecDeque::new(),
            timers: BTreeSet::new(),
            running: 0,
        }
    }

    /// Wakes a key, also one that backs off.
    pub(super) fn add(&mut self, key: &Key, cause: C) -> Added {
        self.wake(key, cause, false)
    }

    /// Wakes a key, unless it backs off.
    pub(super) fn add_gently(&mut self, key: &Key, cause: C) -> Added {
        self.wake(key, cause, true)
    }

    fn wake(&mut self, key: &Key, cause: C, gently: bool) -> Added {
        let entry = self.entries.entry(key.clone()).or_insert(Entry {
            state: State::Idle,
            failures: 0,
            cause: None,
        });
        match &mut entry.state {
            State::Running { again } => {
                if !gently {
                    *again = Some(Again::AtOnce(cause));
                } else if again.is_none() {
                    *again = Some(Again::Gently(cause));
                }
                Added::Running
            }
            State::Ready => Added::Waits,
            State::Waiting { .. } if gently && entry.failures > 0 => Added::Waits,
            State::Waiting { until } => {
                self.timers.remove(&(*until, key.clone()));
                entry.state = State::Ready;
                entry.cause = Some(cause);
                self.ready.push_back(key.clone());
                Added::Ready
            }
            State::Idle => {
                entry.state = State::Ready;
                entry.cause = Some(cause);
                self.ready.push_back(key.clone());
                Added::Ready
            }
        }
    }

    /// Hands out the next key, and what woke it: nothing does when its time has come.
    pub(super) fn pop(&mut self, now: Instant) -> Option<(Key, Option<C>)> {
        while let Some((until, _)) = self.timers.first()
            && *until <= now
        {
            let Some((_, key)) = self.timers.pop_first() else {
                break;
            };
            if let Some(entry) = self.entries.get_mut(&key) {
                entry.state = State::Ready;
            }
            self.ready.push_back(key);
        }
        let key = self.ready.pop_front()?;
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
        match (again, after) {
            (Some(Again::AtOnce(cause)), _) => self.make_ready(key, cause),
            (Some(Again::Gently(cause)), None) => self.make_ready(key, cause),
            (Some(Again::Gently(cause)), Some(_)) if queued.failures == 0 => {
                self.make_ready(key, cause);
            }
            (_, Some(after)) => {
                let until = now + after;
                entry.state = State::Waiting { until };
                self.timers.insert((until, key.clone()));
            }
            (None, None) if queued.failures == 0 => drop(self.entries.remove(key)),
            (None, None) => {}
        }
    }

    fn make_ready(&mut self, key: &Key, cause: C) {
        if let Some(entry) = self.entries.get_mut(key) {
            entry.state = State::Ready;
            entry.cause = Some(cause);
            self.ready.push_back(key.clone());
        }
    }

    /// What was being worked on was not finished, and is ready again.
    pub(super) fn give_back(&mut self) -> Vec<Key> {
        let mut keys = Vec::new();
        for (key, entry) in &mut self.entries {
            if let State::Running { again } = &mut entry.state {
                entry.cause = again.take().map(|again| match again {
                    Again::Gently(cause) | Again::AtOnce(cause) => cause,
                });
                entry.state = State::Ready;
                keys.push(key.clone());
            }
        }
        self.ready.extend(keys.iter().cloned());
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
}

#[cfg(test)]
mod tests;
