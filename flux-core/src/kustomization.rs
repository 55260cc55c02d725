//! A run of kustomize-controller: in which steps it can end, and what then is written, told and waited for.
//!
//! # Map
//!
//! | module | in -> out |
//! |---|---|
//! | [`conclusion`] | what follows from an ending, conditions -> conditions, observed generation |
//! | [`ending`] | where a run ended, times of the object -> `Ready` and `Stalled`, event, next run |
//! | [`progress`] | step that begins, health of what was applied -> the conditions that tell of it |
//!
//! # Contract
//!
//! The caller does the work of a run in the order of [`Ending`], says with [`Progress`] which step begins, and hands in
//! the [`Ending`]. [`Ending::conclude`] decides what follows, and [`Conclusion::apply`] writes it to the conditions,
//! together with what the controller does at the end of every run.
//!
//! # Sources
//!
//! kustomize-controller v1.9.6 and v1.10.1: `internal/controller/kustomization_controller.go (Reconcile, reconcile,
//! checkHealth, finalize, finalizeStatus)`. Vectors: `conformance/kustomization/ending.jsonl`.

pub mod conclusion;
pub mod ending;
pub mod progress;

pub use self::conclusion::{Applied, Conclusion, Ready, RunEvent, Stalled};
pub use self::ending::{Ending, Step};
pub use self::progress::{Health, Progress};
