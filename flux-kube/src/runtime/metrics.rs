use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::cache::Key;
use crate::error::Class;

/// Is told what a controller does; every method does nothing unless it is written.
///
/// The names under which the controllers of Flux export it, and what they take from here:
///
/// | name | labels | from |
/// |---|---|---|
/// | `gotk_reconcile_duration_seconds` | `kind`, `name`, `namespace` | [`reconciled`](Self::reconciled); a histogram with [`DURATION_BUCKETS`] |
/// | `controller_runtime_reconcile_total` | `controller`, `result` | [`reconciled`](Self::reconciled) |
/// | `workqueue_depth` | `name` | [`queued`](Self::queued) |
///
/// Readiness and suspension of objects are no metrics of the controllers: kube-state-metrics reads them from the objects
/// (`gotk_resource_info`).
///
/// Series of an object end when [`forgotten`](Self::forgotten) says so, or they stay for ever.
pub trait Metrics: Send + Sync + 'static {
    /// A run came to its end.
    fn reconciled(&self, kind: &str, key: &Key, took: Duration, ended: Ended) {
        let _ = (kind, key, took, ended);
    }

    /// That many keys are ready, and wait for a worker.
    fn queued(&self, kind: &str, depth: usize) {
        let _ = (kind, depth);
    }

    /// An object is gone, or is being deleted and none of this controller's business any more.
    fn forgotten(&self, kind: &str, key: &Key) {
        let _ = (kind, key);
    }

    /// A list or an event of a watch arrived. How long ago that was tells a watch that has died.
    fn watched(&self, kind: &str, at: DateTime<Utc>) {
        let _ = (kind, at);
    }

    /// A list or a watch failed, and is tried again.
    fn watch_failed(&self, kind: &str, class: Class) {
        let _ = (kind, class);
    }
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ended {
    /// Without an error.
    Done,
    /// It asked to begin again.
    Again,
    /// With an error; it is tried again.
    Failed,
    /// With an error that only a change can mend.
    Stalled,
    /// User code panicked.
    Panicked,
    /// It was given up: the leadership was lost, or the time to finish was over.
    Dropped,
}

/// The buckets of `gotk_reconcile_duration_seconds`.
///
/// Source: fluxcd/pkg runtime v0.110.1: `metrics/recorder.go (NewRecorder)`, whose comment names other bounds than its code.
pub const DURATION_BUCKETS: [f64; 10] = [
    0.01, 0.03836, 0.14718, 0.56462, 2.16609, 8.3099, 31.87976, 122.30217, 469.19496, 1800.0,
];

/// Tells nobody.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct NoMetrics;

impl Metrics for NoMetrics {}

/// Tells another, whose panics are none of the controller's business.
pub(super) struct Guarded(pub(super) Arc<dyn Metrics>);

impl Guarded {
    fn tell(&self, tell: impl FnOnce(&dyn Metrics)) {
        if catch_unwind(AssertUnwindSafe(|| tell(self.0.as_ref()))).is_err() {
            tracing::error!("metrics have panicked");
        }
    }
}

impl Metrics for Guarded {
    fn reconciled(&self, kind: &str, key: &Key, took: Duration, ended: Ended) {
        self.tell(|metrics| metrics.reconciled(kind, key, took, ended));
    }

    fn queued(&self, kind: &str, depth: usize) {
        self.tell(|metrics| metrics.queued(kind, depth));
    }

    fn forgotten(&self, kind: &str, key: &Key) {
        self.tell(|metrics| metrics.forgotten(kind, key));
    }

    fn watched(&self, kind: &str, at: DateTime<Utc>) {
        self.tell(|metrics| metrics.watched(kind, at));
    }

    fn watch_failed(&self, kind: &str, class: Class) {
        self.tell(|metrics| metrics.watch_failed(kind, class));
    }
}
