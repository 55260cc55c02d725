use chrono::{DateTime, Offset, TimeZone};
use chrono_tz::Tz;

use super::civil::{Civil, DAY, days_before};
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
            Self::Named(zone) => {
                let moment = DateTime::from_timestamp(within_tables(seconds), 0);
                moment.map_or(0, |moment| {
                    let offset = zone.offset_from_utc_datetime(&moment.naive_utc());
                    i64::from(offset.fix().local_minus_utc())
                })
            }
        }
    }
}

/// A moment of the same rules: the tables of zones end with the year 2099, behind which the last rule of each holds. Any
/// 28 years in a row have one with the same days of the week.
fn within_tables(seconds: i64) -> i64 {
    let year = Civil::new(seconds).year;
    if year < 2_100 {
        return seconds;
    }
    let alike = (2_072..2_100).find(|other| {
        let length = |year: i64| days_before(year + 1, 1, 1) - days_before(year, 1, 1);
        let shift = days_before(year, 1, 1) - days_before(*other, 1, 1);
        length(year) == length(*other) && shift % 7 == 0
    });
    alike.map_or(seconds, |other| {
        seconds - (days_before(year, 1, 1) - days_before(other, 1, 1)) * DAY
    })
}

const FAR: i64 = 1 << 32;
