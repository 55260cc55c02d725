//! Floating-point numbers as Go prints them.
//!
//! Source: Go `strconv.FormatFloat(f, 'g', -1, bits)`.

use serde_json::{Number, Value};

/// The shortest text that reads back as the same number, in exponent form when the exponent is below -4 or above 5.
pub(super) fn format(float: f64) -> String {
    named(float).map_or_else(
        || shortest(zmij::Buffer::new().format_finite(float)),
        str::to_owned,
    )
}

/// The same at 32 bits of precision, which is how keys are printed.
#[expect(
    clippy::cast_possible_truncation,
    reason = "upstream formats the number at 32 bits"
)]
pub(super) fn format_32(float: f64) -> String {
    let float = float as f32;
    named(f64::from(float)).map_or_else(
        || shortest(zmij::Buffer::new().format_finite(float)),
        str::to_owned,
    )
}

fn named(float: f64) -> Option<&'static str> {
    if float.is_nan() {
        Some(".nan")
    } else if float.is_infinite() {
        Some(if float > 0.0 { ".inf" } else { "-.inf" })
    } else {
        None
    }
}

/// The shortest digits, with or without exponent, in the form that Go gives them.
fn shortest(text: &str) -> String {
    let Decimal {
        sign,
        digits,
        point,
    } = Decimal::new(text);
    if digits.is_empty() || (-3..=6).contains(&point) {
        return plain(sign, &digits, point);
    }
    let (first, rest) = digits.split_at_checked(1).unwrap_or((&digits, ""));
    let dot = if rest.is_empty() { "" } else { "." };
    let exponent = point - 1;
    let direction = if exponent < 0 { '-' } else { '+' };
    format!("{sign}{first}{dot}{rest}e{direction}{:02}", exponent.abs())
}

/// Digits without an exponent.
fn plain(sign: &str, digits: &str, point: i32) -> String {
    if digits.is_empty() {
        return format!("{sign}0");
    }
    let Ok(point) = usize::try_from(point) else {
        return format!(
            "{sign}0.{}{digits}",
            "0".repeat(point.unsigned_abs() as usize)
        );
    };
    match digits.split_at_checked(point) {
        Some(("", fraction)) => format!("{sign}0.{fraction}"),
        Some((whole, "")) => format!("{sign}{whole}"),
        Some((whole, fraction)) => format!("{sign}{whole}.{fraction}"),
        None => format!("{sign}{digits}{}", "0".repeat(point - digits.len())),
    }
}

/// A number as 0.digits times ten to the power of `point`.
struct Decimal<'a> {
    sign: &'a str,
    digits: String,
    point: i32,
}

impl<'a> Decimal<'a> {
    fn new(text: &'a str) -> Self {
        let (sign, text) = text
            .strip_prefix('-')
            .map_or(("", text), |rest| ("-", rest));
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = format!("{whole}{fraction}");
        let leading_zeros = all.len() - all.trim_start_matches('0').len();
        let position = |length: usize| i32::try_from(length).unwrap_or(i32::MAX);
        let point = exponent.parse::<i32>().unwrap_or_default() + position(whole.len())
            - position(leading_zeros);
        Self {
            sign,
            digits: all.trim_matches('0').to_owned(),
            point,
        }
    }
}

/// The number that JSON readers see: Go writes a whole number below 10^21 without a point, with its shortest digits and
/// zeros behind them, so it is an integer again.
///
/// `None` for infinities and not-a-number.
pub(super) fn json(float: f64) -> Option<Value> {
    if float.fract() == 0.0 && float.abs() < 1e21 && float != 0.0 {
        let mut buffer = zmij::Buffer::new();
        let Decimal {
            sign,
            digits,
            point,
        } = Decimal::new(buffer.format_finite(float));
        let text = plain(sign, &digits, point);
        if let Ok(integer) = text.parse::<i64>() {
            return Some(Value::from(integer));
        }
        if let Ok(integer) = text.parse::<u64>() {
            return Some(Value::from(integer));
        }
    }
    if float == 0.0 && float.is_sign_positive() {
        return Some(Value::from(0));
    }
    Number::from_f64(float).map(Value::Number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_have_the_digits_of_gos_json() {
        assert_eq!(
            json(5.940_840_941_35e17),
            Some(Value::from(594_084_094_135_000_000_u64))
        );
        assert_eq!(json(8.0), Some(Value::from(8)));
        assert_eq!(json(0.0), Some(Value::from(0)));
        assert!(json(-9_223_372_036_854_775_809.0).is_some_and(|value| value.is_f64()));
        assert_eq!(json(f64::NAN), None);
    }

    #[test]
    fn floats_are_printed_as_go_prints_them() {
        for (float, expected) in [
            (0.1, "0.1"),
            (1e21, "1e+21"),
            (150_000.0, "150000"),
            (1_500_000.0, "1.5e+06"),
            (123_456_789.5, "1.234567895e+08"),
            (-0.0, "-0"),
            (0.0001, "0.0001"),
            (0.00001, "1e-05"),
            (-2.5, "-2.5"),
            (10.0, "10"),
            (738_362_899_319_605.2, "7.383628993196052e+14"),
            (1e-300, "1e-300"),
        ] {
            assert_eq!(format(float), expected);
        }
    }
}
