use chrono::{DateTime, Offset, TimeZone};
use chrono_tz::Tz;

use crate::cel::error::Fault;

/// A clock somewhere.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::cel) enum Zone {
    /// Seconds east of UTC.
    Fixed(i64),
    Named(Tz),
}

impl Zone {
    pub(in crate::cel) const UTC: Self = Self::Fixed(0);

    /// Reads `Europe/Berlin`, `+01:00`, `-1:30`; an empty text and `Local` are UTC.
    ///
    /// cel-go v0.26.1: `common/stdlib/standard.go (inTimeZone)`; Go 1.26: `src/time/zoneinfo.go (LoadLocation)`.
    pub(in crate::cel) fn parse(text: &str) -> Result<Self, Fault> {
        let Some((hours, minutes)) = text.split_once(':') else {
            return match text {
                "" | "UTC" | "Local" => Ok(Self::UTC),
                _ => text
                    .parse()
                    .map(Self::Named)
                    .map_err(|_| Fault::new(format!("unknown time zone {text}"))),
            };
        };
        let number = |text: &str| {
            let number = text.parse::<i64>();
            number.map_err(|_| {
                let quoted = crate::quote::Quoted(text);
                Fault::new(format!("strconv.Atoi: parsing {quoted}: invalid syntax"))
            })
        };
        let (east, minutes) = (number(hours)?, number(minutes)?);
        let minutes = if hours.starts_with('-') {
            east.wrapping_mul(60).wrapping_sub(minutes)
        } else {
            east.wrapping_mul(60).wrapping_add(minutes)
        };
        // Beyond a few years of offset upstream's arithmetic overflows; no clock is that far off.
        Ok(Self::Fixed(minutes.clamp(-FAR, FAR) * 60))
    }

    /// Seconds east of UTC at that moment.
    pub(super) fn offset(&self, seconds: i64) -> i64 {
        match self {
            Self::Fixed(offset) => *offset,
            Self::Named(zone) => DateTime::from_timestamp(seconds, 0).map_or(0, |moment| {
                let offset = zone.offset_from_utc_datetime(&moment.naive_utc());
                i64::from(offset.fix().local_minus_utc())
            }),
        }
    }
}

const FAR: i64 = 1 << 32;
