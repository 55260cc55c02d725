//! Timestamps, in the four layouts that goyaml tries.
//!
//! Source: `go.yaml.in/yaml/v2: resolve.go (parseTimestamp)` and Go's `time.Parse` for these layouts.

use std::fmt;

/// A moment as written: wall clock and offset from UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Timestamp {
    year: u32,
    month: u32,
    day: u32,
    hour: u32,
    minute: u32,
    second: u32,
    nanosecond: u32,
    /// Minutes east of UTC.
    offset: i32,
}

impl Timestamp {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut rest = text.as_bytes();
        // All layouts begin with a year of four digits and a hyphen: most numbers end here.
        let (year, after) = match rest {
            [a, b, c, d, b'-', after @ ..] => (four([*a, *b, *c, *d])?, after),
            _ => return None,
        };
        rest = after;
        let month = short(&mut rest)?;
        expect(&mut rest, b'-')?;
        let day = short(&mut rest)?;
        if !(1..=12).contains(&month) || day < 1 || day > days(year, month) {
            return None;
        }
        let mut timestamp = Self {
            year,
            month,
            day,
            hour: 0,
            minute: 0,
            second: 0,
            nanosecond: 0,
            offset: 0,
        };
        let zoned = match rest {
            [] => return Some(timestamp),
            [b'T' | b't', after @ ..] => {
                rest = after;
                true
            }
            [b' ', after @ ..] => {
                rest = after;
                false
            }
            _ => return None,
        };
        timestamp.hour = short(&mut rest).filter(|hour| *hour < 24)?;
        expect(&mut rest, b':')?;
        timestamp.minute = short(&mut rest).filter(|minute| *minute < 60)?;
        expect(&mut rest, b':')?;
        timestamp.second = short(&mut rest).filter(|second| *second < 60)?;
        timestamp.nanosecond = fraction(&mut rest);
        if zoned {
            timestamp.offset = zone(&mut rest)?;
        }
        rest.is_empty().then_some(timestamp)
    }

    /// Whether Go can write it as JSON: an offset of 24 hours can be read, but not written.
    pub(super) const fn is_writable(self) -> bool {
        self.offset.abs() < 24 * 60
    }
}

/// RFC 3339 with as many fractional digits as are needed.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            year,
            month,
            day,
            hour,
            minute,
            second,
            nanosecond,
            offset,
        } = self;
        write!(
            f,
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"
        )?;
        if *nanosecond > 0 {
            let digits = format!("{nanosecond:09}");
            write!(f, ".{}", digits.trim_end_matches('0'))?;
        }
        if *offset == 0 {
            return f.write_str("Z");
        }
        let sign = if *offset < 0 { '-' } else { '+' };
        write!(f, "{sign}{:02}:{:02}", offset.abs() / 60, offset.abs() % 60)
    }
}

fn four(digits: [u8; 4]) -> Option<u32> {
    digits.iter().try_fold(0, |year, digit| {
        Some(year * 10 + char::from(*digit).to_digit(10)?)
    })
}

/// One or two digits.
fn short(rest: &mut &[u8]) -> Option<u32> {
    let first = char::from(*rest.first()?).to_digit(10)?;
    let second = rest.get(1).and_then(|byte| char::from(*byte).to_digit(10));
    *rest = rest.get(if second.is_some() { 2 } else { 1 }..)?;
    Some(second.map_or(first, |second| first * 10 + second))
}

fn expect(rest: &mut &[u8], byte: u8) -> Option<()> {
    *rest = rest.strip_prefix(&[byte])?;
    Some(())
}

/// Nanoseconds; digits beyond the ninth are dropped, a comma is as good as a point.
fn fraction(rest: &mut &[u8]) -> u32 {
    let [b'.' | b',', digits @ ..] = rest else {
        return 0;
    };
    let count = digits
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    if count == 0 {
        return 0;
    }
    let padded = digits
        .iter()
        .take(count)
        .copied()
        .chain(std::iter::repeat(b'0'));
    let nanosecond = padded
        .take(9)
        .fold(0, |value, digit| value * 10 + u32::from(digit - b'0'));
    *rest = digits.get(count..).unwrap_or_default();
    nanosecond
}

/// `Z` or `+hh:mm`; Go allows 24 hours and 60 minutes.
fn zone(rest: &mut &[u8]) -> Option<i32> {
    let (sign, hours, minutes, after) = match rest {
        [b'Z', after @ ..] => {
            *rest = after;
            return Some(0);
        }
        [sign @ (b'+' | b'-'), a, b, b':', c, d, after @ ..] => (*sign, [*a, *b], [*c, *d], after),
        _ => return None,
    };
    let two = |digits: [u8; 2]| {
        digits.iter().try_fold(0, |value, digit| {
            Some(value * 10 + i32::try_from(char::from(*digit).to_digit(10)?).ok()?)
        })
    };
    let hours = two(hours).filter(|hours| *hours <= 24)?;
    let minutes = two(minutes).filter(|minutes| *minutes <= 60)?;
    *rest = after;
    let offset = hours * 60 + minutes;
    Some(if sign == b'-' { -offset } else { offset })
}

const fn days(year: u32, month: u32) -> u32 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_four_layouts() {
        for (text, expected) in [
            ("2001-1-2", "2001-01-02T00:00:00Z"),
            (
                "2001-12-14t21:59:43.10-05:00",
                "2001-12-14T21:59:43.1-05:00",
            ),
            ("2001-12-14 21:59:43", "2001-12-14T21:59:43Z"),
            ("2001-12-15T2:59:43.1Z", "2001-12-15T02:59:43.1Z"),
            ("2001-12-15T02:59:43+00:00", "2001-12-15T02:59:43Z"),
        ] {
            assert_eq!(
                Timestamp::parse(text)
                    .map(|timestamp| timestamp.to_string())
                    .as_deref(),
                Some(expected),
                "{text}"
            );
        }
        for text in [
            "2001-02-29",
            "2001-13-01",
            "2001-1-2T",
            "2001-12-14 21:59:43.10 -5",
            "20010-1-1",
            "2001-1-2T1:1:1",
        ] {
            assert_eq!(Timestamp::parse(text), None, "{text}");
        }
    }
}
