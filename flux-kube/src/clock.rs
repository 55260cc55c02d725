//! What time it is, and what chance says: the two things that a program cannot compute.
//!
//! Sleeping is tokio's, so a test with a paused clock waits for nothing; times that end up in objects come from a
//! [`Clock`], and whatever is spread at random from [`Dice`].

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};
use tokio::time::Instant;

/// Tells the time.
///
/// # Examples
///
/// ```
/// use fluxcd_kube::clock::Clock;
///
/// let noon = "2026-05-01T12:00:00Z".parse()?;
/// assert_eq!(Clock::new(move || noon).now(), noon);
/// # Ok::<(), chrono::ParseError>(())
/// ```
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>);

impl Clock {
    /// The clock of the machine.
    #[must_use]
    pub fn system() -> Self {
        Self::new(|| SystemTime::now().into())
    }

    /// A clock of the caller's own.
    #[must_use]
    pub fn new(now: impl Fn() -> DateTime<Utc> + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// A clock that shows `start` now and goes as tokio's time does: in a test with paused time, it moves when the test
    /// sleeps.
    #[must_use]
    pub fn starting_at(start: DateTime<Utc>) -> Self {
        let begun = Instant::now();
        Self::new(move || start + begun.elapsed())
    }

    /// What time it is.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        (self.0)()
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::system()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Clock").field(&self.now()).finish()
    }
}

/// Gives numbers from zero up to one, one not included, that spread delays.
#[derive(Clone)]
pub struct Dice(Arc<dyn Fn() -> f64 + Send + Sync>);

impl Dice {
    /// Numbers at random.
    #[must_use]
    pub fn random() -> Self {
        Self::new(fastrand::f64)
    }

    /// Numbers of the caller's own. `Dice::new(|| 0.5)` leaves a delay with jitter as it is.
    #[must_use]
    pub fn new(unit: impl Fn() -> f64 + Send + Sync + 'static) -> Self {
        Self(Arc::new(unit))
    }

    /// The next number.
    #[must_use]
    pub fn unit(&self) -> f64 {
        (self.0)()
    }
}

impl Default for Dice {
    fn default() -> Self {
        Self::random()
    }
}

impl fmt::Debug for Dice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Dice")
    }
}

/// When that time is over. What is longer than a year is no limit, and no moment that a clock can hold.
pub(crate) fn end(within: Duration) -> Instant {
    Instant::now() + within.min(LONGEST)
}

const LONGEST: Duration = Duration::from_secs(86_400 * 365);

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_clock_of_a_test_goes_as_the_test_sleeps() {
        let start = DateTime::UNIX_EPOCH;
        let clock = Clock::starting_at(start);
        tokio::time::sleep(Duration::from_secs(90)).await;
        assert_eq!(clock.now(), start + Duration::from_secs(90));
    }

    #[test]
    fn chance_lies_between_zero_and_one() {
        let dice = Dice::random();
        assert!((0..1000).all(|_| (0.0..1.0).contains(&dice.unit())));
    }
}
