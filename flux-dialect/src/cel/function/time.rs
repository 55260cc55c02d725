//! Parts of moments and of spans of time.
//!
//! cel-go v0.26.1: `common/stdlib/standard.go`, `common/types/duration.go`; Go 1.26: `src/time/time.go (Hours)`.

use crate::cel::error::Fault;
use crate::cel::number;
use crate::cel::time::{Timestamp, Zone};
use crate::cel::value::Value;
use crate::duration::Duration;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cel) enum Part {
    FullYear,
    Month,
    DayOfYear,
    DayOfMonth,
    Date,
    DayOfWeek,
    Hours,
    Minutes,
    Seconds,
    Milliseconds,
}

impl Part {
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "getFullYear" => Self::FullYear,
            "getMonth" => Self::Month,
            "getDayOfYear" => Self::DayOfYear,
            "getDayOfMonth" => Self::DayOfMonth,
            "getDate" => Self::Date,
            "getDayOfWeek" => Self::DayOfWeek,
            "getHours" => Self::Hours,
            "getMinutes" => Self::Minutes,
            "getSeconds" => Self::Seconds,
            "getMilliseconds" => Self::Milliseconds,
            _ => return None,
        })
    }
}

/// The part of a timestamp, in UTC or a zone, or of a duration; nothing for other values.
pub(super) fn part<'v>(part: Part, arguments: &[Value<'v>]) -> Result<Option<Value<'v>>, Fault> {
    let value = match arguments {
        [Value::Timestamp(timestamp)] => Some(of_timestamp(part, *timestamp, &Zone::UTC)),
        [Value::Timestamp(timestamp), Value::String(zone)] => {
            Some(of_timestamp(part, *timestamp, &Zone::parse(zone)?))
        }
        [Value::Duration(duration)] => of_duration(part, *duration),
        _ => None,
    };
    Ok(value.map(Value::Int))
}

fn of_timestamp(part: Part, timestamp: Timestamp, zone: &Zone) -> i64 {
    let civil = timestamp.in_zone(zone);
    match part {
        Part::FullYear => civil.year,
        Part::Month => civil.month - 1,
        Part::DayOfYear => civil.day_of_year(),
        Part::DayOfMonth => civil.day - 1,
        Part::Date => civil.day,
        Part::DayOfWeek => civil.day_of_week(),
        Part::Hours => civil.hour,
        Part::Minutes => civil.minute,
        Part::Seconds => civil.second,
        Part::Milliseconds => i64::from(timestamp.nanos()) / 1_000_000,
    }
}

/// The whole span in that unit. Upstream goes through a double, which may round up.
fn of_duration(part: Part, duration: Duration) -> Option<i64> {
    let nanos = duration.as_nanos();
    let whole = |unit: i64| {
        #[expect(clippy::cast_precision_loss, reason = "as upstream")]
        let double = (nanos / unit) as f64 + (nanos % unit) as f64 / unit as f64;
        number::to_int(double)
    };
    match part {
        Part::Hours => whole(3_600_000_000_000),
        Part::Minutes => whole(60_000_000_000),
        Part::Seconds => whole(1_000_000_000),
        Part::Milliseconds => Some(nanos / 1_000_000),
        _ => None,
    }
}
