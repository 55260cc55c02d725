use super::{MAX, MIN, Timestamp, civil};

/// Why a text is no timestamp.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cel) enum Problem {
    Form,
    Range,
}

impl Timestamp {
    /// Reads RFC 3339 as Go does: with a `T` and a `Z` in capitals, a comma for a point, an hour of one digit.
    ///
    /// Nothing for any other form, and outside the years 1 to 9999.
    ///
    /// Go 1.26: `src/time/format.go (Parse)`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::parse_explained(text).ok()
    }

    pub(in crate::cel) fn parse_explained(text: &str) -> Result<Self, Problem> {
        let (local, nanos, offset) = fields(text.as_bytes()).ok_or(Problem::Form)?;
        let seconds = local - i64::from(offset);
        if !(MIN..=MAX).contains(&seconds) {
            return Err(Problem::Range);
        }
        Ok(Self {
            seconds,
            nanos,
            offset,
        })
    }
}

/// Seconds by the clock that shows the text, nanoseconds, and the offset of that clock.
fn fields(text: &[u8]) -> Option<(i64, u32, i32)> {
    let mut rest = text;
    let year = digits(&mut rest, 4)?;
    literal(&mut rest, b'-')?;
    let month = digits(&mut rest, 2).filter(|month| (1..=12).contains(month))?;
    literal(&mut rest, b'-')?;
    let day = digits(&mut rest, 2)?;
    literal(&mut rest, b'T')?;
    let hour = digits(&mut rest, 2).or_else(|| digits(&mut rest, 1));
    let hour = hour.filter(|hour| *hour < 24)?;
    literal(&mut rest, b':')?;
    let minute = digits(&mut rest, 2).filter(|minute| *minute < 60)?;
    literal(&mut rest, b':')?;
    let second = digits(&mut rest, 2).filter(|second| *second < 60)?;
    let nanos = fraction(&mut rest);
    let offset = offset(rest)?;
    let seconds = civil::seconds((year, month, day), (hour, minute, second))?;
    Some((seconds, nanos, offset))
}

fn literal(rest: &mut &[u8], wanted: u8) -> Option<()> {
    let (first, others) = rest.split_first()?;
    *rest = others;
    (*first == wanted).then_some(())
}

/// The number with exactly so many digits, which are left behind if they are there.
fn digits(rest: &mut &[u8], count: usize) -> Option<i64> {
    let (digits, others) = rest.split_at_checked(count)?;
    if !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    *rest = others;
    let number = digits
        .iter()
        .fold(0, |n, digit| n * 10 + i64::from(digit - b'0'));
    Some(number)
}

/// Nanoseconds; digits beyond the ninth do not count.
fn fraction(rest: &mut &[u8]) -> u32 {
    let [b'.' | b',', others @ ..] = *rest else {
        return 0;
    };
    let count = others.iter().take_while(|b| b.is_ascii_digit()).count();
    let (digits, others) = others.split_at(count);
    if count == 0 {
        return 0;
    }
    *rest = others;
    let padded = digits.iter().chain(std::iter::repeat(&b'0')).take(9);
    padded.fold(0, |n, digit| n * 10 + u32::from(digit - b'0'))
}

/// `Z`, or hours to 24 and minutes to 60 east of it.
fn offset(mut rest: &[u8]) -> Option<i32> {
    if rest == b"Z" {
        return Some(0);
    }
    let (sign, others) = rest.split_first()?;
    rest = others;
    let hours = digits(&mut rest, 2).filter(|hours| *hours <= 24)?;
    literal(&mut rest, b':')?;
    let minutes = digits(&mut rest, 2).filter(|minutes| *minutes <= 60)?;
    let offset = i32::try_from((hours * 60 + minutes) * 60).ok()?;
    match (sign, rest) {
        (b'+', []) => Some(offset),
        (b'-', []) => Some(-offset),
        _ => None,
    }
}
