//! Intervals, spread so that objects with the same interval do not all run at once.

use fluxcd_api::meta::Duration;

/// By how much intervals are spread: a percentage below 100, in either direction.
///
/// The flag `--interval-jitter-percentage` of kustomize-controller, helm-controller, source-controller and
/// source-watcher; 5 unless it is set. The other controllers spread nothing.
///
/// Source: `fluxcd/pkg: runtime/jitter/{interval,jitter}.go (SetGlobalJitter, Percent)`.
///
/// # Examples
///
/// ```
/// use fluxcd_api::meta::Duration;
/// use fluxcd_core::schedule::Jitter;
///
/// let jitter = Jitter::default();
/// let interval = Duration::from_mins(10);
/// assert_eq!(jitter.spread(interval, 0.0).to_string(), "9m30s");
/// assert_eq!(jitter.spread(interval, 0.5).to_string(), "10m0s");
/// assert_eq!(jitter.spread(interval, 0.75).to_string(), "10m15s");
/// assert_eq!(Jitter::NONE.spread(interval, 0.75).to_string(), "10m0s");
/// assert!(Jitter::percentage(100).is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Jitter(u8);

/// A percentage that is not below 100. Whoever starts the controller can repair it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the interval jitter percentage must be a non-negative value and less than 100")]
pub struct PercentageError;

impl Jitter {
    /// Intervals stay as they are.
    pub const NONE: Self = Self(0);

    /// That many percent.
    ///
    /// # Errors
    ///
    /// 100 and more.
    pub const fn percentage(percentage: u8) -> Result<Self, PercentageError> {
        if percentage < 100 {
            Ok(Self(percentage))
        } else {
            Err(PercentageError)
        }
    }

    /// The interval, shortened or lengthened: by the whole percentage at the unit 0, not at all at 0.5.
    ///
    /// `unit` is a random number in `[0, 1)`; what lies outside counts as the nearest end, and what is no number as 0.5.
    /// A result that no duration can hold, which Go leaves to the processor, is the nearest duration.
    #[must_use]
    pub fn spread(self, interval: Duration, unit: f64) -> Duration {
        if self == Self::NONE || unit.is_nan() {
            return interval;
        }
        let share = f64::from(self.0) / 100.0;
        let part = share * (2.0 * unit.clamp(0.0, 1.0) - 1.0);
        Duration::from_nanos((interval.as_nanos() as f64 * (1.0 + part)) as i64)
    }
}

/// Five percent.
impl Default for Jitter {
    fn default() -> Self {
        Self(5)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_no_unit_does_no_harm() {
        let (jitter, interval) = (Jitter::default(), Duration::from_mins(10));
        assert_eq!(jitter.spread(interval, f64::NAN), interval);
        assert_eq!(jitter.spread(interval, -7.0), jitter.spread(interval, 0.0));
        assert_eq!(jitter.spread(interval, f64::INFINITY).to_string(), "10m30s");
        assert_eq!(jitter.spread(Duration::MAX, 1.0), Duration::MAX);
        assert_eq!(jitter.spread(Duration::MIN, 1.0), Duration::MIN);
    }

    proptest! {
        #[test]
        fn an_interval_stays_within_its_percentage(
            nanos in 0_i64..1 << 50,
            percentage in 0_u8..100,
            unit in 0.0..1.0,
        ) {
            let jitter = Jitter::percentage(percentage)?;
            let spread = jitter.spread(Duration::from_nanos(nanos), unit).as_nanos();
            prop_assert!((spread - nanos).abs() <= nanos / 100 * i64::from(percentage) + i64::from(percentage) + 1);
        }

        #[test]
        fn a_greater_unit_never_shortens(nanos in 0_i64.., percentage: u8, a in 0.0..1.0, b in 0.0..1.0) {
            let jitter = Jitter::percentage(percentage % 100)?;
            let spread = |unit| jitter.spread(Duration::from_nanos(nanos), unit);
            prop_assert!(spread(f64::min(a, b)) <= spread(f64::max(a, b)));
        }
    }
}
