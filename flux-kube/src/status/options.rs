//! How a status is written.

use std::time::Duration;

use fluxcd_api::meta::condition::{READY, RECONCILING, STALLED};

use crate::{Clock, Dice};

/// How a status is written.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct StatusOptions {
    /// The conditions that nobody else writes.
    pub owned: Owned,
    /// The name under which the API server remembers what was written. Absent: the name of the program.
    pub manager: Option<String>,
    /// Where the status is written. Absent: what the registry says about a kind of Flux, else the subresource.
    pub endpoint: Option<StatusEndpoint>,
    /// Who sets `status.observedGeneration`.
    pub observation: Observation,
    /// The time for all parts of a write together: two minutes.
    pub deadline: Duration,
    /// Gives the time of transitions.
    pub clock: Clock,
    /// Spreads repetitions.
    pub dice: Dice,
}

/// The conditions that a writer owns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Owned {
    /// Those of these types.
    Types(Vec<String>),
    /// All that the object had or is to have.
    All,
}

/// Where a status is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StatusEndpoint {
    /// To `<object>/status`.
    Subresource,
    /// To the object: its kind has a status, and no subresource for it.
    Object,
    /// Nowhere: its kind has no status.
    Absent,
}

/// Who sets `status.observedGeneration`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Observation {
    /// The writer: it becomes the generation of the object where that is ready or stalled.
    WhenSettled,
    /// The caller, or nobody.
    AsGiven,
}

impl StatusOptions {
    /// The defaults, for a writer that owns the conditions of these types.
    #[must_use]
    pub fn owning<T: Into<String>>(types: impl IntoIterator<Item = T>) -> Self {
        Self {
            owned: Owned::Types(types.into_iter().map(Into::into).collect()),
            manager: None,
            endpoint: None,
            observation: Observation::WhenSettled,
            deadline: Duration::from_secs(120),
            clock: Clock::system(),
            dice: Dice::random(),
        }
    }
}

/// Owns `Ready`, `Reconciling` and `Stalled`.
impl Default for StatusOptions {
    fn default() -> Self {
        Self::owning([READY, RECONCILING, STALLED])
    }
}
