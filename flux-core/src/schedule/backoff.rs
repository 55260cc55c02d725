//! How long an object waits after an error.

use fluxcd_api::meta::Duration;

/// Exponential back-off of one object: `min * 2^failures`, at most `max`.
///
/// A failure counts for one object, and is forgotten when a run ends without an error. The defaults are those of every
/// Flux controller: 750 ms (`--min-retry-delay`) and 15 m (`--max-retry-delay`).
///
/// Sources: `fluxcd/pkg: runtime/controller/rate_limiter.go (GetRateLimiter)`, `client-go: util/workqueue/
/// default_rate_limiters.go (TypedItemExponentialFailureRateLimiter.When)`.
///
/// # Examples
///
/// ```
/// use fluxcd_core::schedule::Backoff;
///
/// let backoff = Backoff::default();
/// let waits: Vec<_> = (0..4).map(|failures| backoff.delay(failures).to_string()).collect();
/// assert_eq!(waits, ["750ms", "1.5s", "3s", "6s"]);
/// assert_eq!(backoff.delay(11).to_string(), "15m0s");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Backoff {
    /// The wait after the first failure.
    pub min: Duration,
    /// No wait is longer.
    pub max: Duration,
}

impl Default for Backoff {
    fn default() -> Self {
        Self {
            min: Duration::from_millis(750),
            max: Duration::from_mins(15),
        }
    }
}

impl Backoff {
    /// The wait after an error that was preceded by that many others.
    ///
    /// What Go leaves to the processor, the conversion of a float that no duration can hold, is the nearest duration here.
    #[must_use]
    pub fn delay(self, failures: u32) -> Duration {
        let factor = 2_f64.powi(i32::try_from(failures).unwrap_or(i32::MAX));
        let wait = self.min.as_nanos() as f64 * factor;
        // A conversion by `as` keeps to the range, and makes zero of what is no number.
        Duration::from_nanos(wait as i64).min(self.max)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_wait_doubles_until_the_maximum() {
        let backoff = Backoff::default();
        assert_eq!(backoff.delay(10), Duration::from_secs(768));
        for failures in [11, 12, 64, 1_023, 1_024, u32::MAX] {
            assert_eq!(backoff.delay(failures), Duration::from_mins(15));
        }
    }

    #[test]
    fn a_minimum_of_zero_never_waits() {
        let min = Duration::ZERO;
        let backoff = Backoff {
            min,
            ..Backoff::default()
        };
        for failures in [0, 1, 1_023, 1_024, u32::MAX] {
            assert_eq!(backoff.delay(failures), Duration::ZERO);
        }
    }

    proptest! {
        #[test]
        fn more_failures_never_shorten_a_wait(min in 0_i64.., max in 0_i64.., failures in 0_u32..1_100) {
            let (min, max) = (Duration::from_nanos(min), Duration::from_nanos(max));
            let backoff = Backoff { min, max };
            prop_assert!(backoff.delay(failures) <= backoff.delay(failures + 1));
            prop_assert!(backoff.delay(failures) <= max);
        }
    }
}
