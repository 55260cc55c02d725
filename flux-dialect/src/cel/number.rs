//! Doubles as Go writes them, and as integers.

use std::fmt::Write;

/// As `%g` prints it: `1`, `0.5`, `1e+06`, `+Inf`, `NaN`.
pub(super) fn shortest(number: f64) -> String {
    if !number.is_finite() {
        return not_finite(number).into();
    }
    let (negative, digits, exponent) = parts(number);
    let mut text = String::new();
    if negative {
        text.push('-');
    }
    if !(-4..6).contains(&exponent) {
        scientific(&mut text, &digits, exponent);
    } else {
        plain(&mut text, &digits, exponent);
    }
    text
}

/// As `%f` prints it, with as many digits as it takes: `1`, `0.5`, `1000000`.
pub(super) fn decimal(number: f64) -> String {
    let (negative, digits, exponent) = parts(number);
    let mut text = String::new();
    if negative {
        text.push('-');
    }
    plain(&mut text, &digits, exponent);
    text
}

/// Sign, the shortest digits that mean the number, and the power of ten of the first of them.
fn parts(number: f64) -> (bool, String, i32) {
    let text = format!("{:e}", number.abs());
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let digits = digits.replace('.', "");
    (
        number.is_sign_negative(),
        digits,
        exponent.parse().unwrap_or(0),
    )
}

fn scientific(text: &mut String, digits: &str, exponent: i32) {
    let (first, rest) = digits.split_at(1);
    text.push_str(first);
    if !rest.is_empty() {
        text.push('.');
        text.push_str(rest);
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    let _ = write!(text, "e{sign}{:02}", exponent.abs());
}

fn plain(text: &mut String, digits: &str, exponent: i32) {
    let zeros = |count: i32| "0".repeat(usize::try_from(count).unwrap_or(0));
    let point = usize::try_from(exponent + 1).unwrap_or(0);
    if exponent < 0 {
        text.push_str("0.");
        text.push_str(&zeros(-exponent - 1));
        text.push_str(digits);
    } else if let Some((whole, fraction)) = digits.split_at_checked(point) {
        text.push_str(whole);
        if !fraction.is_empty() {
            text.push('.');
            text.push_str(fraction);
        }
    } else {
        text.push_str(digits);
        text.push_str(&zeros(
            exponent + 1 - i32::try_from(digits.len()).unwrap_or(0),
        ));
    }
}

fn not_finite(number: f64) -> &'static str {
    if number.is_nan() {
        "NaN"
    } else if number > 0.0 {
        "+Inf"
    } else {
        "-Inf"
    }
}

/// `%.*e` as Go prints it.
pub(super) fn scientific_with(number: f64, precision: usize) -> String {
    // Beyond these digits a double has none but zeros.
    let some = precision.min(MOST_DIGITS);
    let text = format!("{number:.some$e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let zeros = "0".repeat(precision - some);
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{digits}{zeros}e{sign}{:02}", exponent.abs())
}

/// `%.*f` as Go prints it.
pub(super) fn fixed_with(number: f64, precision: usize) -> String {
    let some = precision.min(MOST_DIGITS);
    format!("{number:.some$}{}", "0".repeat(precision - some))
}

const MOST_DIGITS: usize = 1_100;

/// The integer towards zero.
///
/// cel-go v0.26.1: `common/types/overflow.go (doubleToInt64Checked)`; the two ends of the range are refused.
pub(super) fn to_int(number: f64) -> Option<i64> {
    const END: f64 = 9_223_372_036_854_775_808.0;
    #[expect(clippy::cast_possible_truncation, reason = "within the range")]
    (number > -END && number < END).then_some(number as i64)
}

/// The unsigned integer towards zero.
///
/// cel-go v0.26.1: `common/types/overflow.go (doubleToUint64Checked)`.
pub(super) fn to_uint(number: f64) -> Option<u64> {
    const END: f64 = 18_446_744_073_709_551_616.0;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "within the range"
    )]
    (0.0..END).contains(&number).then_some(number as u64)
}

/// The integer that a double is.
pub(super) fn to_int_exactly(number: f64) -> Option<i64> {
    let int = to_int(number)?;
    #[expect(
        clippy::cast_precision_loss,
        reason = "compared with where it came from"
    )]
    (int as f64 == number).then_some(int)
}

/// The unsigned integer that a double is.
pub(super) fn to_uint_exactly(number: f64) -> Option<u64> {
    let uint = to_uint(number)?;
    #[expect(
        clippy::cast_precision_loss,
        reason = "compared with where it came from"
    )]
    (uint as f64 == number).then_some(uint)
}
