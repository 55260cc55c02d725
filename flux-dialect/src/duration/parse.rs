use super::{Error, ErrorKind};

/// Go: `src/time/format.go (ParseDuration)`.
pub(super) fn nanoseconds(text: &str) -> Result<i64, Error> {
    let (negative, unsigned) = match text.as_bytes().first() {
        Some(b'-') => (true, text.get(1..)),
        Some(b'+') => (false, text.get(1..)),
        _ => (false, Some(text)),
    };
    let mut rest = unsigned.unwrap_or_default();
    if rest == "0" {
        return Ok(0);
    }
    let error = |kind, from: &str, to: &str| {
        let span = text.len() - from.len()..text.len() - to.len();
        Error::new(kind, text, span)
    };
    if rest.is_empty() {
        return Err(error(ErrorKind::Invalid, text, ""));
    }

    let mut sum = 0_u64;
    while !rest.is_empty() {
        let term = rest;
        let (whole, after) = digits(term);
        let (fraction, after) = match after.strip_prefix('.') {
            Some(after) => digits(after),
            None => ("", after),
        };
        if whole.is_empty() && fraction.is_empty() {
            return Err(error(ErrorKind::Invalid, term, after));
        }
        // Overflow of the number is found before its unit is looked at.
        let whole = whole_number(whole).ok_or_else(|| error(ErrorKind::Invalid, term, after))?;

        let end = after.find(|c: char| c == '.' || c.is_ascii_digit());
        let (name, after_unit) = after.split_at(end.unwrap_or(after.len()));
        if name.is_empty() {
            return Err(error(ErrorKind::MissingUnit, term, after));
        }
        let unit = unit(name).ok_or_else(|| error(ErrorKind::UnknownUnit, after, after_unit))?;

        let nanos = term_nanoseconds(whole, fraction, unit);
        // The sum wraps before it is compared, as in Go: see the traps of the room.
        sum = nanos.map_or(u64::MAX, |nanos| sum.wrapping_add(nanos));
        if sum > LIMIT {
            return Err(error(ErrorKind::Invalid, term, after_unit));
        }
        rest = after_unit;
    }

    match i64::try_from(sum) {
        Ok(nanos) if negative => Ok(-nanos),
        Ok(nanos) => Ok(nanos),
        Err(_) if negative => Ok(i64::MIN),
        Err(_) => Err(error(ErrorKind::Invalid, text, "")),
    }
}

fn digits(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_ascii_digit());
    text.split_at(end.unwrap_or(text.len()))
}

/// Go: `leadingInt`. `None` beyond 2^63.
fn whole_number(digits: &str) -> Option<u64> {
    digits.bytes().try_fold(0_u64, |number, digit| {
        let number = number
            .checked_mul(10)?
            .checked_add(u64::from(digit - b'0'))?;
        (number <= LIMIT).then_some(number)
    })
}

/// The nanoseconds of `whole.fraction` units, `None` beyond 2^63.
fn term_nanoseconds(whole: u64, fraction: &str, unit: u64) -> Option<u64> {
    let whole = whole.checked_mul(unit).filter(|nanos| *nanos <= LIMIT)?;
    let (fraction, scale) = leading_fraction(fraction);
    // The order of the operations is Go's; another one rounds differently.
    let part = fraction as f64 * (unit as f64 / scale);
    whole
        .checked_add(part as u64)
        .filter(|nanos| *nanos <= LIMIT)
}

/// Go: `leadingFraction`. Digits that 63 bits cannot hold are dropped, not rounded.
fn leading_fraction(digits: &str) -> (u64, f64) {
    let (mut number, mut scale) = (0_u64, 1.0);
    for digit in digits.bytes() {
        if number > i64::MAX.unsigned_abs() / 10 {
            break;
        }
        let next = number * 10 + u64::from(digit - b'0');
        if next > LIMIT {
            break;
        }
        number = next;
        scale *= 10.0;
    }
    (number, scale)
}

fn unit(name: &str) -> Option<u64> {
    Some(match name {
        "ns" => 1,
        "us" | "\u{b5}s" | "\u{3bc}s" => 1_000,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        _ => return None,
    })
}

/// The largest magnitude: that of the most negative value.
const LIMIT: u64 = 1 << 63;
