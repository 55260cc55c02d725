//! What source-controller decides about its objects.
//!
//! # Map
//!
//! | module | in -> out |
//! |---|---|
//! | [`outcome`] | what the steps of a run say, conditions -> conditions, next run, observed generation, event |
//! | [`summary`] | kind, conditions -> `Ready` |
//!
//! # Sources
//!
//! source-controller v1.9.4: `internal/reconcile`, `internal/error`. Vectors: `conformance/source/`.

pub mod outcome;
pub mod summary;

pub use self::outcome::{ErrorClass, EventType, Outcome, StepError, StepResult};
pub use self::summary::summarise;
