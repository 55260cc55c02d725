//! Times, as `metav1.Time` and `metav1.MicroTime` read and write them.

use chrono::{Datelike, NaiveDate, NaiveDateTime, TimeDelta, Timelike};

/// What is written of a fraction of a second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ssa) enum Precision {
    /// Nothing; any fraction is read.
    Seconds,
    /// Six digits, which must be there when reading.
    Microseconds,
}

/// The time in UTC; the outer `None` if the text is none, the inner one for the first instant of year 1, which Go takes for
/// "not set".
pub(in crate::ssa) fn rewrite(text: &str, precision: Precision) -> Option<Option<String>> {
    let time = parse(text, precision)?;
    let zero = NaiveDate::from_ymd_opt(1, 1, 1)?.and_hms_opt(0, 0, 0)?;
    Some((time != zero).then(|| render(time, precision)))
}

/// `time.Parse` with the layout of RFC 3339. It is laxer than the RFC: hours may have one digit, a fraction may follow a
/// comma, and the offset may be 24 hours.
fn parse(text: &str, precision: Precision) -> Option<NaiveDateTime> {
    let mut rest = Rest(text.as_bytes());
    let year = rest.digits(4)?;
    rest.byte(b'-')?;
    let month = rest.digits(2)?;
    rest.byte(b'-')?;
    let day = rest.digits(2)?;
    rest.byte(b'T')?;
    let hour = rest.digits(2).or_else(|| rest.digits(1))?;
    rest.byte(b':')?;
    let minute = rest.digits(2)?;
    rest.byte(b':')?;
    let second = rest.digits(2)?;
    let nanosecond = match precision {
        Precision::Seconds => rest.fraction(),
        Precision::Microseconds => rest.microseconds()? * 1000,
    };
    let offset = rest.offset()?;
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?
        .and_hms_nano_opt(hour, minute, second, nanosecond)?
        .checked_sub_signed(TimeDelta::seconds(offset))
}

fn render(time: NaiveDateTime, precision: Precision) -> String {
    let sign = if time.year() < 0 { "-" } else { "" };
    let year = time.year().unsigned_abs();
    let fraction = match precision {
        Precision::Seconds => String::new(),
        Precision::Microseconds => format!(".{:06}", time.nanosecond() / 1000),
    };
    format!(
        "{sign}{year:04}{}{fraction}Z",
        time.format("-%m-%dT%H:%M:%S")
    )
}

struct Rest<'a>(&'a [u8]);

impl Rest<'_> {
    fn byte(&mut self, wanted: u8) -> Option<()> {
        let (first, rest) = self.0.split_first()?;
        (*first == wanted).then(|| self.0 = rest)
    }

    fn digits(&mut self, count: usize) -> Option<u32> {
        let (digits, rest) = self.0.split_at_checked(count)?;
        let number = number(digits)?;
        self.0 = rest;
        Some(number)
    }

    /// Nanoseconds; 0 where no fraction stands.
    fn fraction(&mut self) -> u32 {
        let Some((b'.' | b',', after)) = self.0.split_first() else {
            return 0;
        };
        let count = after.iter().take_while(|b| b.is_ascii_digit()).count();
        let (digits, rest) = after.split_at_checked(count).unwrap_or_default();
        if count > 0 {
            self.0 = rest;
        }
        let padded = digits.iter().chain([b'0'; 9].iter()).take(9);
        padded.fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0'))
    }

    /// A point or comma and six digits, the first of which may be a sign: `atoi` reads them.
    fn microseconds(&mut self) -> Option<u32> {
        let (b'.' | b',', after) = self.0.split_first()? else {
            return None;
        };
        let (digits, rest) = after.split_at_checked(6)?;
        self.0 = rest;
        match digits.split_first()? {
            (b'+', digits) => number(digits),
            (b'-', digits) => number(digits).filter(|number| *number == 0),
            _ => number(digits),
        }
    }

    /// Seconds east of UTC, to the end of the text.
    fn offset(mut self) -> Option<i64> {
        if self.0 == b"Z" {
            return Some(0);
        }
        let sign = match self.0.first()? {
            b'+' => 1,
            b'-' => -1,
            _ => return None,
        };
        self.0 = self.0.get(1..)?;
        let hours = self.digits(2).filter(|hours| *hours <= 24)?;
        self.byte(b':')?;
        let minutes = self.digits(2).filter(|minutes| *minutes <= 60)?;
        (self.0.is_empty()).then(|| sign * i64::from((hours * 60 + minutes) * 60))
    }
}

fn number(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |sum, digit| {
        (digit.is_ascii_digit()).then(|| sum * 10 + u32::from(digit - b'0'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_go_reads_them() {
        let seconds = |text| rewrite(text, Precision::Seconds);
        let time = |text: &str| Some(Some(text.to_owned()));
        for (text, expected) in [
            ("2024-01-02T03:04:05Z", time("2024-01-02T03:04:05Z")),
            ("2024-01-02T3:04:05,9Z", time("2024-01-02T03:04:05Z")),
            ("2024-01-02T03:04:05+24:60", time("2024-01-01T02:04:05Z")),
            ("0000-01-01T00:00:00+00:01", time("-0001-12-31T23:59:00Z")),
            ("0001-01-01T00:00:00Z", Some(None)),
            ("0001-01-01T00:00:00.1Z", time("0001-01-01T00:00:00Z")),
            ("2024-02-30T03:04:05Z", None),
            ("2024-01-02T03:04:60Z", None),
            ("2024-01-02 03:04:05Z", None),
            ("2024-01-02T03:04:05", None),
            ("2024-01-02T03:04:05Z ", None),
        ] {
            assert_eq!(seconds(text), expected, "{text}");
        }
    }

    #[test]
    fn microseconds_need_six_digits() {
        let micro = |text| rewrite(text, Precision::Microseconds);
        let time = Some(Some("2024-01-02T03:04:05.012345Z".to_owned()));
        assert_eq!(micro("2024-01-02T03:04:05.012345Z"), time);
        assert_eq!(micro("2024-01-02T03:04:05.+12345Z"), time);
        for text in ["2024-01-02T03:04:05Z", "2024-01-02T03:04:05.0123456Z"] {
            assert_eq!(micro(text), None);
        }
    }
}
