//! Between the `Time` of Kubernetes, which is made of jiff, and chrono, which the decisions of this SDK take.
//!
//! # Laws
//!
//! - `to_chrono(&from_chrono(t)?) == Some(t)` for every `t` between the years -9998 and 9998.
//! - On the wire a `Time` has whole seconds: fractions are cut off when it is written, as Go does.

use chrono::{DateTime, Utc};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use k8s_openapi::jiff::Timestamp;

/// As chrono has it. `None` only outside of chrono's range, which no time of k8s-openapi is.
///
/// # Examples
///
/// ```
/// use fluxcd_api::meta::time;
///
/// let start = time::to_chrono(&time::unix_epoch()).unwrap();
/// assert_eq!(start.timestamp(), 0);
/// assert_eq!(time::from_chrono(start), Some(time::unix_epoch()));
/// ```
#[must_use]
pub fn to_chrono(time: &Time) -> Option<DateTime<Utc>> {
    let nanos = time.0.subsec_nanosecond();
    // jiff counts fractions away from zero, chrono always upwards.
    let (seconds, nanos) = if nanos < 0 {
        (
            time.0.as_second().checked_sub(1)?,
            nanos.checked_add(1_000_000_000)?,
        )
    } else {
        (time.0.as_second(), nanos)
    };
    DateTime::from_timestamp(seconds, u32::try_from(nanos).ok()?)
}

/// As k8s-openapi has it. `None` outside of the years -9999 to 9999.
#[must_use]
pub fn from_chrono(time: DateTime<Utc>) -> Option<Time> {
    let nanos = i32::try_from(time.timestamp_subsec_nanos()).ok()?;
    Timestamp::new(time.timestamp(), nanos).ok().map(Time)
}

/// The start of 1970: what a required time is when nobody set it.
#[must_use]
pub const fn unix_epoch() -> Time {
    Time(Timestamp::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_before_1970_survive() {
        let time = DateTime::from_timestamp(-5, 250_000_000).unwrap();
        assert_eq!(to_chrono(&from_chrono(time).unwrap()), Some(time));
    }

    #[test]
    fn a_year_that_kubernetes_cannot_write_is_refused() {
        assert_eq!(from_chrono(DateTime::<Utc>::MAX_UTC), None);
    }
}
