use fluxcd_api::meta;
use fluxcd_core::schedule::Backoff;
use tokio::time::{Duration, Instant, sleep};

use crate::clock::Dice;
use crate::error::Error;

/// Without a failure for so long, the next one is the first again.
const CALM: Duration = Duration::from_secs(120);

/// With an event between them, two failures that lie so far apart have nothing to do with each other.
const APART: Duration = Duration::from_secs(10);

/// How often a failure that lasts is logged.
const LOG: Duration = Duration::from_secs(300);

/// How long a watch waits after a failure, and whether the failure is logged.
pub(super) struct Pace {
    kind: String,
    failures: u32,
    failed: Option<Instant>,
    progressed: bool,
    logged: Option<Instant>,
}

impl Pace {
    pub(super) fn new(kind: &str) -> Self {
        Self {
            kind: kind.to_owned(),
            failures: 0,
            failed: None,
            progressed: false,
            logged: None,
        }
    }

    /// An event came.
    pub(super) fn progress(&mut self) {
        self.progressed = true;
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
        let apart = if self.progressed { APART } else { CALM };
        if self.failed.is_some_and(|failed| failed.elapsed() >= apart) {
            self.failures = 0;
        }
        self.progressed = false;
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The wait after a failure, in milliseconds.
    async fn wait(pace: &mut Pace, asked: Option<Duration>) -> u128 {
        let begun = Instant::now();
        pace.wait(asked, &Dice::new(|| 0.0)).await;
        begun.elapsed().as_millis()
    }

    #[tokio::test(start_paused = true)]
    async fn waits_grow_also_where_an_event_comes_before_each_failure() {
        let mut pace = Pace::new("Kustomization");
        for expected in [800, 1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000] {
            pace.progress();
            sleep(Duration::from_secs(1)).await;
            assert_eq!(wait(&mut pace, None).await, expected);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_wait_is_small_again_after_a_while_and_never_shorter_than_the_server_asks() {
        let mut pace = Pace::new("Kustomization");
        for (calm, has_event, asked, expected) in [
            (0, false, None, 800),
            (60, false, None, 1600),
            (120, false, None, 800),
            (9, true, None, 1600),
            (10, true, None, 800),
            (0, false, Some(Duration::from_secs(9)), 9000),
            (0, false, Some(Duration::from_secs(1)), 3200),
        ] {
            sleep(Duration::from_secs(calm)).await;
            if has_event {
                pace.progress();
            }
            assert_eq!(wait(&mut pace, asked).await, expected, "{calm} {has_event}");
        }
    }
}
