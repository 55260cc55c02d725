//! Floating-point numbers as Go reads them.
//!
//! `f64::from_str` of Rust takes `1e400` for infinity, and neither `1_000` nor `0x1p4` for numbers; Go does the opposite.
//!
//! # Sources
//!
//! Go 1.26: `src/strconv/atof.go (ParseFloat)`, `src/strconv/atoi.go (underscoreOK)`.

use std::borrow::Cow;

/// The number that a text stands for, or nothing.
///
/// | form | |
/// |---|---|
/// | `1`, `-1.5`, `+.5`, `1.`, `007`, `1e3`, `1E-3` | a decimal number; one that is too small becomes 0, one that is too large is none |
/// | `0x1p4`, `0x1.8P-2` | a hexadecimal number; its exponent, a power of two, must be there |
/// | `1_000`, `0x_1p0` | underscores between digits, or behind `0x` |
/// | `inf`, `-Infinity`, `nan` | in any case; only infinity has a sign |
///
/// ```
/// use fluxcd_dialect::float;
///
/// assert_eq!(float::parse("2024_01"), Some(202_401.0));
/// assert_eq!(float::parse("0x1p4"), Some(16.0));
/// assert_eq!((float::parse("1e400"), float::parse("0x10")), (None, None));
/// ```
#[must_use]
pub fn parse(text: &str) -> Option<f64> {
    if let Some(integer) = digits(text) {
        return Some(integer);
    }
    let (negative, unsigned) = match text.as_bytes().first()? {
        b'-' => (true, text.get(1..)?),
        b'+' => (false, text.get(1..)?),
        _ => (false, text),
    };
    let named = |name: &str| unsigned.eq_ignore_ascii_case(name);
    let magnitude = if named("inf") || named("infinity") {
        return Some(if negative {
            f64::NEG_INFINITY
        } else {
            f64::INFINITY
        });
    } else if text.eq_ignore_ascii_case("nan") {
        return Some(f64::NAN);
    } else if let [b'0', b'x' | b'X', ..] = unsigned.as_bytes() {
        hexadecimal(&without_underscores(unsigned, true)?)?
    } else {
        decimal(&without_underscores(unsigned, false)?)?
    };
    Some(if negative { -magnitude } else { magnitude })
}

/// A number of digits only, few enough for a float to hold it.
fn digits(text: &str) -> Option<f64> {
    if !(1..=15).contains(&text.len()) {
        return None;
    }
    let digits = text.bytes().map(|byte| byte.wrapping_sub(b'0'));
    digits
        .map(|digit| (digit < 10).then_some(f64::from(digit)))
        .try_fold(0.0, |sum, digit| Some(sum * 10.0 + digit?))
}

/// The text without its underscores; nothing if one of them does not stand between digits.
fn without_underscores(text: &str, hexadecimal: bool) -> Option<Cow<'_, str>> {
    if !text.contains('_') {
        return Some(Cow::Borrowed(text));
    }
    // The prefix counts as a digit.
    let digits = text.get(if hexadecimal { 2 } else { 0 }..)?;
    let mut before = hexadecimal.then_some('0');
    for character in digits.chars() {
        let is_digit = character.is_digit(if hexadecimal { 16 } else { 10 });
        let misplaced = match character {
            '_' => before != Some('0'),
            _ => before == Some('_') && !is_digit,
        };
        if misplaced {
            return None;
        }
        before = Some(if is_digit { '0' } else { character });
    }
    (before != Some('_')).then(|| Cow::Owned(text.replace('_', "")))
}

fn decimal(text: &str) -> Option<f64> {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let mantissa_fits =
        digits(whole) && digits(fraction) && !(whole.is_empty() && fraction.is_empty());
    let exponent_fits = exponent.is_none_or(|exponent| power(exponent).is_some());
    if !mantissa_fits || !exponent_fits {
        return None;
    }
    text.parse().ok().filter(|float: &f64| float.is_finite())
}

/// An exponent, large ones cut to 10,000 or more.
fn power(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let size = digits.bytes().fold(0, |size: i64, digit| {
        if size < 10_000 {
            size * 10 + i64::from(digit - b'0')
        } else {
            size
        }
    });
    Some(if text.starts_with('-') { -size } else { size })
}

fn hexadecimal(text: &str) -> Option<f64> {
    let (mantissa, exponent) = text.get(2..)?.split_once(['p', 'P'])?;
    let mut exponent = power(exponent)?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    // The leading 60 bits, and whether anything but zeros follows them.
    let (mut bits, mut sticky) = (0_u64, false);
    let places = whole.chars().map(|digit| (digit, 0));
    for (digit, shift) in places.chain(fraction.chars().map(|digit| (digit, 4))) {
        let digit = digit.to_digit(16)?;
        exponent -= shift;
        if bits >> 56 == 0 {
            bits = bits << 4 | u64::from(digit);
        } else {
            sticky |= digit != 0;
            exponent += 4;
        }
    }
    scale(bits, exponent, sticky)
}

/// `bits` times two to the power of `exponent`, rounded to the nearest, to even where there are two; `sticky` stands for a
/// little more than that. Nothing beyond the largest number.
fn scale(bits: u64, exponent: i64, sticky: bool) -> Option<f64> {
    if bits == 0 {
        return Some(0.0);
    }
    // As an integer of 64 bits whose highest one is set.
    let zeros = i64::from(bits.leading_zeros());
    let bits = bits << zeros;
    let exponent = exponent - zeros;
    // 53 bits are kept, fewer where the exponent is below the smallest one.
    let dropped = (-1074 - exponent).max(11);
    if exponent + 63 > 1023 {
        return None;
    }
    if dropped > 64 {
        return Some(0.0);
    }
    let wide = u128::from(bits) << 1 | u128::from(sticky);
    let unit = 1_u128 << (dropped + 1);
    let (kept, rest) = (wide / unit, wide % unit);
    let up = rest > unit / 2 || rest == unit / 2 && kept % 2 == 1;
    let kept = u64::try_from(kept + u128::from(up)).ok()?;
    // At most 2^53, so the product is exact; the power may be below the smallest normal one.
    let power = exponent + dropped;
    let (first, second) = (power / 2, power - power / 2);
    let two = |power: i64| i32::try_from(power).map(|power| 2_f64.powi(power)).ok();
    let float = kept as f64 * two(first)? * two(second)?;
    float.is_finite().then_some(float)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_number_for_go_is_none() {
        for text in [
            "", ".", "-", "1e", "1e+", "--1", " 1", "1 ", "1,5", "1.2.3", "v5", "0x10", "0x",
            "0xp1", "0b1", "0o7", "1f", "infin", "1e400", "-1e400", "+nan", "-nan", "_1", "1_",
            "1__0", "1_.5", "1._5", "1_e3", "1e_3", "0x_p1", "0x1p1_", "0x1p1024", "é", "0x1.gp1",
            "1e5e5", "1p3",
        ] {
            assert_eq!(parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn what_is_a_number_for_go_is_that_number() {
        for (text, float) in [
            ("1", 1.0),
            ("+1", 1.0),
            ("-1", -1.0),
            ("1.", 1.0),
            (".5", 0.5),
            ("007", 7.0),
            ("1E3", 1000.0),
            ("1e-400", 0.0),
            ("1_000", 1000.0),
            ("1e1_0", 1e10),
            ("0x1p4", 16.0),
            ("0X1P-2", 0.25),
            ("0x1_0p0", 16.0),
            ("0x_1p0", 1.0),
            ("0x.8p1", 1.0),
            ("-0xap-1", -5.0),
            ("0x1.fffffffffffffp1023", f64::MAX),
            ("0x1p-1074", 5e-324),
            ("0x1p-1075", 0.0),
            ("0x1.8p-1075", 5e-324),
            ("0x1p-1022", f64::MIN_POSITIVE),
            // Half-way, to even; half-way and a little more.
            ("0x1.00000000000008p0", 1.0),
            ("0x1.00000000000018p0", 1.000_000_000_000_000_4),
            ("0x1.000000000000080000000001p0", 1.000_000_000_000_000_2),
            ("0x0p99999", 0.0),
            ("20240101120000123457", 20_240_101_120_000_123_456.0),
            ("999999999999999", 999_999_999_999_999.0),
            ("000000000000007", 7.0),
        ] {
            assert_eq!(parse(text), Some(float), "{text:?}");
        }
        assert!(parse("NaN").is_some_and(f64::is_nan));
        assert_eq!(parse("-inf"), Some(f64::NEG_INFINITY));
        assert_eq!(parse("+Infinity"), Some(f64::INFINITY));
    }
}
