//! When an object is looked at again: intervals, timeouts, requeues, jitter, back-off.
//!
//! # Map
//!
//! | module | in -> out |
//! |---|---|
//! | [`backoff`] | number of failures -> how long to wait after an error |
//! | [`jitter`] | interval, a random unit -> the interval, spread |
//! | [`outlook`] | kind, conditions -> whether it is tried again by itself, and when |
//! | [`requeue`] | how a run ended -> when the next one begins, and who decided |
//! | [`timing`] | an object -> its interval, timeout and retry interval, each with the rule that set it |
//!
//! # Laws
//!
//! - Nothing here sleeps, reads a clock or draws a number: time spans and random units come in and go out as values.
//! - Floats are computed in Go's order, so the same unit gives the same nanosecond.
//! - Back-off never falls when failures grow, and never passes its maximum.
//! - Jitter keeps within its percentage, and does not touch what is not waited for.
//!
//! # Sources
//!
//! fluxcd/pkg runtime v0.110.1: `jitter/`, `controller/rate_limiter.go`; client-go v0.36.2:
//! `util/workqueue/default_rate_limiters.go`; controller-runtime v0.24.1: `pkg/internal/controller/controller.go
//! (reconcileHandler)`; accessors of the API modules. Vectors: `conformance/schedule/`.

pub mod backoff;
pub mod jitter;
pub mod outlook;
pub mod requeue;
pub mod timing;

pub use self::backoff::Backoff;
pub use self::jitter::{Jitter, PercentageError};
pub use self::outlook::{Outlook, Wait};
pub use self::requeue::{Because, Next, Queued, Requeue};
pub use self::timing::{Rule, Setting, Timing};

use fluxcd_api::meta::Duration;

/// How long a controller waits for what its object depends on, unless its flag `--requeue-dependency` says otherwise.
///
/// The default of source-watcher is [`REQUEUE_DEPENDENCY_OF_GENERATORS`].
pub const REQUEUE_DEPENDENCY: Duration = Duration::from_secs(30);

/// [`REQUEUE_DEPENDENCY`] of source-watcher.
pub const REQUEUE_DEPENDENCY_OF_GENERATORS: Duration = Duration::from_secs(5);
