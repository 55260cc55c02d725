use std::fmt;

use crate::duration::Duration;

pub(super) use self::zone::Zone;

mod civil;
mod parse;
mod zone;

pub(super) use self::civil::Civil;
pub(super) use self::parse::Problem;

/// A moment between the years 1 and 9999, to the nanosecond, and the offset in which it was written.
///
/// # Examples
///
/// ```
/// use fluxcd_dialect::cel::Timestamp;
///
/// let timestamp = Timestamp::parse("2024-01-01T00:30:00.5+01:00").unwrap();
/// assert_eq!((timestamp.seconds(), timestamp.nanos()), (1_704_065_400, 500_000_000));
/// assert_eq!(timestamp.to_string(), "2024-01-01T00:30:00.5+01:00");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp {
    seconds: i64,
    nanos: u32,
    offset: i32,
}

/// `0001-01-01T00:00:00Z`
const MIN: i64 = -62_135_596_800;
/// `9999-12-31T23:59:59Z`
const MAX: i64 = 253_402_300_799;

impl Timestamp {
    /// The moment so many seconds, and nanoseconds below a second, after 1970 began; none outside the range.
    #[must_use]
    pub fn new(seconds: i64, nanos: u32) -> Option<Self> {
        let fits = (MIN..=MAX).contains(&seconds) && nanos < 1_000_000_000;
        fits.then_some(Self {
            seconds,
            nanos,
            offset: 0,
        })
    }

    /// Seconds since 1970 began, in UTC.
    #[must_use]
    pub fn seconds(self) -> i64 {
        self.seconds
    }

    /// The nanoseconds on top of the seconds.
    #[must_use]
    pub fn nanos(self) -> u32 {
        self.nanos
    }

    /// What counts for `==` and `<`.
    pub(super) fn instant(self) -> (i64, u32) {
        (self.seconds, self.nanos)
    }

    /// Whether it is the first moment of the year 1.
    pub(super) fn is_zero(self) -> bool {
        self.instant() == (MIN, 0)
    }

    /// The moment that much later, with the same offset.
    ///
    /// cel-go v0.26.1: `common/types/overflow.go (addTimeDurationChecked)`.
    pub(super) fn add(self, duration: Duration) -> Option<Self> {
        let nanos = i128::from(duration.as_nanos())
            + i128::from(self.seconds) * NANOS
            + i128::from(self.nanos);
        let seconds = i64::try_from(nanos.div_euclid(NANOS)).ok()?;
        let nanos = u32::try_from(nanos.rem_euclid(NANOS)).ok()?;
        Some(Self {
            offset: self.offset,
            ..Self::new(seconds, nanos)?
        })
    }

    /// The time since `earlier`; none where 292 years do not reach.
    ///
    /// cel-go v0.26.1: `common/types/overflow.go (subtractTimeChecked)`; the seconds alone must fit.
    pub(super) fn since(self, earlier: Self) -> Option<Duration> {
        let seconds = self.seconds.checked_sub(earlier.seconds)?;
        let nanos = i64::from(self.nanos) - i64::from(earlier.nanos);
        let total = seconds.checked_mul(1_000_000_000)?.checked_add(nanos)?;
        Some(Duration::from_nanos(total))
    }

    /// Year, month and so on as the clocks of a zone show them.
    pub(super) fn in_zone(self, zone: &Zone) -> Civil {
        Civil::new(self.seconds + zone.offset(self.seconds))
    }

    /// The same moment in UTC.
    pub(super) fn utc(self) -> Self {
        Self { offset: 0, ..self }
    }
}

const NANOS: i128 = 1_000_000_000;

/// RFC 3339, with as many digits of the fraction as it takes.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let civil = Civil::new(self.seconds + i64::from(self.offset));
        write!(
            f,
            "{}-{:02}-{:02}T{:02}:{:02}:{:02}",
            civil.year_text(),
            civil.month,
            civil.day,
            civil.hour,
            civil.minute,
            civil.second
        )?;
        if self.nanos > 0 {
            let fraction = format!("{:09}", self.nanos);
            write!(f, ".{}", fraction.trim_end_matches('0'))?;
        }
        if self.offset == 0 {
            return f.write_str("Z");
        }
        let sign = if self.offset < 0 { '-' } else { '+' };
        let minutes = self.offset.abs() / 60;
        write!(f, "{sign}{:02}:{:02}", minutes / 60, minutes % 60)
    }
}
