//! Durations as Go reads and writes them: `90m` is read, `1h30m0s` is written.
//!
//! # Contract
//!
//! Text goes to a signed count of nanoseconds in 64 bits and back. [`Duration::parse`] accepts exactly what Go's
//! `time.ParseDuration` accepts, with the same value, and refuses the rest in the same words. `Display` writes what
//! `Duration.String` writes. `FromStr`, `TryFrom<&str>` and serde agree with the two.
//!
//! # Laws
//!
//! - `Duration::parse(&d.to_string()) == Ok(d)` for every `d`, the minimum included.
//! - The text need not survive: `60s`, `1m` and `1m0s` are one value, written as `1m0s`.
//! - No input panics, and the time taken is linear in its length.
//!
//! # Traps
//!
//! - There are no days: `1d` is an unknown unit. Units tell upper from lower case.
//! - The canonical text of less than a millisecond holds a non-ASCII character: `1µs`.
//! - A text that a CRD pattern accepts may still overflow here (`99999999999h`), and a text that is legal here may be
//!   refused by a pattern (`-1m`, `0`). The patterns are not known to this crate.
//! - Go adds the terms up in 64 bits without a check of the carry. Two terms of 2^63 nanoseconds each therefore cancel
//!   out, and the sum is zero where an error would be expected. So they do here.
//!
//! # Sources
//!
//! Go 1.26: `src/time/format.go (ParseDuration, quote)`, `src/time/time.go (Duration.String)`;
//! k8s.io/apimachinery v0.36.2: `pkg/apis/meta/v1/duration.go`. Vectors: `conformance/duration/duration.jsonl`.

use std::fmt;
use std::str::FromStr;

use serde::de::{Deserializer, Visitor};
use serde::{Deserialize, Serialize, Serializer};

pub use self::error::{Error, ErrorKind};

mod error;
mod parse;
#[cfg(test)]
mod tests;

/// A signed length of time in nanoseconds, as `time.Duration` in Go and `metav1.Duration` in Kubernetes.
///
/// The range is that of an `i64`: about 292 years in either direction. The default is zero. `Debug` prints the canonical
/// text, so that a failed assertion reads `1h30m0s` and not a number of thirteen digits.
///
/// In serde's model it is a string, never a number: `"5m"` decodes, `300` does not. An absent value is an
/// `Option<Duration>`, whose `null` is `None`.
///
/// # Examples
///
/// ```
/// use fluxcd_dialect::duration::Duration;
///
/// let interval = Duration::parse("90m")?;
/// assert_eq!(interval, Duration::from_mins(90));
/// assert_eq!(interval.to_string(), "1h30m0s");
/// # Ok::<(), fluxcd_dialect::duration::Error>(())
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Duration(i64);

impl Duration {
    /// No time at all, written `0s`.
    pub const ZERO: Self = Self(0);
    /// The longest duration, written `2562047h47m16.854775807s`.
    pub const MAX: Self = Self(i64::MAX);
    /// The most negative duration, written `-2562047h47m16.854775808s`.
    pub const MIN: Self = Self(i64::MIN);

    /// That many nanoseconds.
    #[must_use]
    pub const fn from_nanos(nanos: i64) -> Self {
        Self(nanos)
    }

    /// That many milliseconds; beyond the range, [`Duration::MAX`] or [`Duration::MIN`].
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis.saturating_mul(MILLISECOND))
    }

    /// That many seconds; beyond the range, [`Duration::MAX`] or [`Duration::MIN`].
    #[must_use]
    pub const fn from_secs(secs: i64) -> Self {
        Self(secs.saturating_mul(SECOND))
    }

    /// That many minutes; beyond the range, [`Duration::MAX`] or [`Duration::MIN`].
    #[must_use]
    pub const fn from_mins(mins: i64) -> Self {
        Self(mins.saturating_mul(MINUTE))
    }

    /// That many hours; beyond the range, [`Duration::MAX`] or [`Duration::MIN`].
    #[must_use]
    pub const fn from_hours(hours: i64) -> Self {
        Self(hours.saturating_mul(HOUR))
    }

    /// Reads a duration in Go's grammar.
    ///
    /// An optional sign, then one or more terms: a decimal number with a unit directly behind it. The units are `ns`,
    /// `us`, `µs` (U+00B5), `μs` (U+03BC), `ms`, `s`, `m`, `h`; they may repeat and come in any order. The lone number
    /// `0` needs no unit. A fraction is cut, not rounded, at the nanosecond.
    ///
    /// Source: Go: `src/time/format.go (ParseDuration)`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind`] names the three ways to fail. The error prints Go's message and holds the span of the fault.
    ///
    /// # Examples
    ///
    /// ```
    /// use fluxcd_dialect::duration::{Duration, ErrorKind};
    ///
    /// assert_eq!(Duration::parse("30m1h"), Ok(Duration::from_mins(90)));
    /// assert_eq!(Duration::parse("1.5h"), Ok(Duration::from_mins(90)));
    ///
    /// let error = Duration::parse("1d").unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::UnknownUnit);
    /// assert_eq!(error.span(), 1..2);
    /// assert_eq!(error.to_string(), r#"time: unknown unit "d" in duration "1d""#);
    /// ```
    pub fn parse(text: &str) -> Result<Self, Error> {
        parse::nanoseconds(text).map(Self)
    }

    /// The whole value in nanoseconds.
    #[must_use]
    pub const fn as_nanos(self) -> i64 {
        self.0
    }

    /// The value in seconds, as near as a float can say it. Source: Go: `src/time/time.go (Duration.Seconds)`.
    #[must_use]
    pub fn as_secs_f64(self) -> f64 {
        // Go splits the value too: a direct division would round the whole seconds of a long duration.
        (self.0 / SECOND) as f64 + (self.0 % SECOND) as f64 / 1e9
    }

    /// Whether this is exactly no time.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// The sum, or `None` beyond the range.
    #[must_use]
    pub const fn checked_add(self, other: Self) -> Option<Self> {
        match self.0.checked_add(other.0) {
            Some(nanos) => Some(Self(nanos)),
            None => None,
        }
    }

    /// The difference, or `None` beyond the range.
    #[must_use]
    pub const fn checked_sub(self, other: Self) -> Option<Self> {
        match self.0.checked_sub(other.0) {
            Some(nanos) => Some(Self(nanos)),
            None => None,
        }
    }

    /// The product, or `None` beyond the range.
    #[must_use]
    pub const fn checked_mul(self, factor: i64) -> Option<Self> {
        match self.0.checked_mul(factor) {
            Some(nanos) => Some(Self(nanos)),
            None => None,
        }
    }

    /// The sum; beyond the range, the nearest end of it.
    #[must_use]
    pub const fn saturating_add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// The difference; beyond the range, the nearest end of it.
    #[must_use]
    pub const fn saturating_sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// The product; beyond the range, the nearest end of it.
    #[must_use]
    pub const fn saturating_mul(self, factor: i64) -> Self {
        Self(self.0.saturating_mul(factor))
    }

    fn canonical(self) -> String {
        let sign = if self.0 < 0 { "-" } else { "" };
        let nanos = self.0.unsigned_abs();
        match nanos {
            0 => "0s".to_owned(),
            1..1_000 => format!("{sign}{nanos}ns"),
            1_000..1_000_000 => format!("{sign}{}µs", decimal(nanos, 3)),
            1_000_000..1_000_000_000 => format!("{sign}{}ms", decimal(nanos, 6)),
            _ => {
                let minutes = nanos / MINUTE.unsigned_abs();
                let seconds = decimal(nanos % MINUTE.unsigned_abs(), 9);
                match (minutes / 60, minutes % 60) {
                    (0, 0) => format!("{sign}{seconds}s"),
                    (0, m) => format!("{sign}{m}m{seconds}s"),
                    (h, m) => format!("{sign}{h}h{m}m{seconds}s"),
                }
            }
        }
    }
}

/// `value / 10^places` as a decimal number without needless zeros.
fn decimal(value: u64, places: u32) -> String {
    let unit = 10_u64.pow(places);
    let (whole, fraction) = (value / unit, value % unit);
    if fraction == 0 {
        return whole.to_string();
    }
    let text = format!("{whole}.{fraction:0places$}", places = places as usize);
    text.trim_end_matches('0').to_owned()
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.canonical())
    }
}

impl fmt::Debug for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Duration {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::parse(text)
    }
}

impl TryFrom<&str> for Duration {
    type Error = Error;

    fn try_from(text: &str) -> Result<Self, Error> {
        Self::parse(text)
    }
}

/// Fails beyond about 292 years.
impl TryFrom<std::time::Duration> for Duration {
    type Error = std::num::TryFromIntError;

    fn try_from(std: std::time::Duration) -> Result<Self, Self::Error> {
        std.as_nanos().try_into().map(Self)
    }
}

/// Fails on a negative duration, which the standard library cannot express.
impl TryFrom<Duration> for std::time::Duration {
    type Error = std::num::TryFromIntError;

    fn try_from(duration: Duration) -> Result<Self, Self::Error> {
        duration.0.try_into().map(Self::from_nanos)
    }
}

impl Serialize for Duration {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.canonical())
    }
}

impl<'de> Deserialize<'de> for Duration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor)
    }
}

struct TextVisitor;

impl Visitor<'_> for TextVisitor {
    type Value = Duration;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a duration in a string, such as \"1h30m\"")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Duration, E> {
        Duration::parse(text).map_err(E::custom)
    }
}

const MILLISECOND: i64 = 1_000_000;
const SECOND: i64 = 1_000 * MILLISECOND;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
