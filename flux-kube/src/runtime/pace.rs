use fluxcd_api::meta;
use fluxcd_core::schedule::Backoff;
use tokio::time::{Duration, Instant, sleep};

use crate::clock::Dice;
use crate::error::Error;

/// Without a failure for so long, the next one is the first again.
const CALM: Duration = Duration::from_secs(120);

/// How often a failure that lasts is logged.
const LOG: Duration = Duration::from_secs(300);

/// How long a watch waits after a failure, and whether the failure is logged.
pub(super) struct Pace {
    kind: String,
    failures: u32,
    failed: Option<Instant>,
    logged: Option<Instant>,
}

impl Pace {
    pub(super) fn new(kind: &str) -> Self {
        Self {
            kind: kind.to_owned(),
            failures: 0,
            failed: None,
            logged: None,
        }
    }

    /// An event came.
    pub(super) fn progress(&mut self) {
        self.failures = 0;
        if self.logged.take().is_some() {
            tracing::info!(kind = self.kind, "watching again");
        }
    }

    pub(super) fn log(&mut self, error: &Error) {
        if self.logged.is_none_or(|logged| logged.elapsed() >= LOG) {
            self.logged = Some(Instant::now());
            tracing::warn!(kind = self.kind, %error, "cannot watch");
        } else {
            tracing::debug!(kind = self.kind, %error, "still cannot watch");
        }
    }

    /// Waits, and no shorter than the server asks for.
    pub(super) async fn wait(&mut self, asked: Option<Duration>, dice: &Dice) {
        if self.failed.is_some_and(|failed| failed.elapsed() >= CALM) {
            self.failures = 0;
        }
        let backoff = Backoff {
            min: meta::Duration::from_millis(800),
            max: meta::Duration::from_secs(30),
        };
        let delay = Duration::try_from(backoff.delay(self.failures)).unwrap_or_default();
        let delay = delay.mul_f64(1.0 + dice.unit().clamp(0.0, 1.0));
        self.failures = self.failures.saturating_add(1);
        sleep(delay.max(asked.unwrap_or_default())).await;
        self.failed = Some(Instant::now());
    }
}
