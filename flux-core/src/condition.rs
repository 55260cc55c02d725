//! Conditions: what a status says about an object, and how a controller changes it.
//!
//! # Contract
//!
//! A list of conditions, the generation that is being reconciled and the time go into [`Conditions`]; it is changed in
//! the words of the Go SDK of Flux, and comes out as [`Conditions::into_list`]. The getters take any list, also one of
//! another object.
//!
//! | step of a reconciliation | function |
//! |---|---|
//! | it begins, it goes on | [`Conditions::progress`], [`Conditions::progress_on_drift`] |
//! | it finds something out | [`Conditions::set`] and the marks |
//! | it ends | [`ResultFinalizer`], [`Conditions::is_observed`], [`handled_request`] |
//! | its object is stored | [`ObjectPatch`], with [`Patch`] for the conditions |
//! | a test looks at it | [`check`] |
//!
//! # Examples
//!
//! ```
//! use chrono::DateTime;
//! use fluxcd_api::meta::Duration;
//! use fluxcd_core::condition::{Conditions, Requeue, ResultFinalizer};
//!
//! let interval = Requeue::After(Duration::from_secs(600));
//! let mut conditions = Conditions::new(Vec::new(), 1, DateTime::UNIX_EPOCH);
//! conditions.progress("Progressing", "reconciliation in progress");
//! let outcome = Err("no such path");
//! let ended = ResultFinalizer::new(interval, "applied").finalize(&mut conditions, outcome);
//! assert!(ended.is_err() && conditions.is_false("Ready") && conditions.is_reconciling());
//! ```
//!
//! # Traps
//!
//! - [`is_unknown`] also holds where there is no such condition.
//! - With both `Stalled` and `Reconciling` at `True`, neither [`is_stalled`] nor [`is_reconciling`] holds, so that
//!   [`is_ready`] can.
//! - A required time that nobody set is the start of 1970 in Rust: [`Conditions::set`] takes that for unset.
//!
//! # Sources
//!
//! fluxcd/pkg runtime v0.110.1: `conditions`, `conditions/check`, `reconcile`, `patch`. Vectors:
//! `conformance/condition/condition.jsonl`.

pub use self::finalize::{Requeue, ResultFinalizer, RunError, handled_request};
pub use self::getter::{find, is_false, is_ready, is_reconciling, is_stalled, is_true, is_unknown};
pub use self::merge::{NoSource, Source};
pub use self::object::{ObjectPatch, read};
pub use self::options::MergeOptions;
pub use self::patch::{Change, Conflict, ConflictKind, Ownership, Patch};
pub use self::setter::{Conditions, LONGEST_MESSAGE};

pub mod check;
mod finalize;
mod getter;
mod merge;
pub mod merge_patch;
mod object;
mod options;
mod patch;
mod setter;
#[cfg(test)]
mod tests;
