//! What Go's package `fmt` prints where a format and a value do not fit, which upstream hands on to users.
//!
//! Go 1.26: `src/fmt/print.go (badVerb, doPrintf)`, `src/fmt/format.go (fmtInteger)`.

use crate::cel::number;
use crate::cel::value::Value;

/// An integer under `%f` or `%e`: `%!f(int64=000012)`, its digits padded to the precision.
pub(super) fn integer(value: &Value<'_>, verb: char, precision: usize) -> Option<String> {
    let (kind, negative, digits) = match value {
        Value::Int(int) => ("int64", *int < 0, int.unsigned_abs().to_string()),
        Value::Uint(uint) => ("uint64", false, uint.to_string()),
        _ => return None,
    };
    if is_too_precise(precision) {
        return Some(format!(
            "%!(NOVERB)%!(EXTRA {kind}={})",
            decimal(negative, &digits)
        ));
    }
    let digits = match digits.as_str() {
        // A zero of no digits is nothing, but for the width of one that upstream asks for under `%e`.
        "0" if precision == 0 => if verb == 'e' { " " } else { "" }.to_owned(),
        _ => {
            let zeros = "0".repeat(precision.saturating_sub(digits.len()));
            decimal(negative, &format!("{zeros}{digits}"))
        }
    };
    Some(format!("%!{verb}({kind}={digits})"))
}

/// A double under a precision that Go does not read.
pub(super) fn no_verb(double: f64) -> String {
    format!("%!(NOVERB)%!(EXTRA float64={})", number::shortest(double))
}

/// Go gives up once the digits that it has read mean more than a million.
pub(super) fn is_too_precise(precision: usize) -> bool {
    precision / 10 > 1_000_000
}

fn decimal(negative: bool, digits: &str) -> String {
    let sign = if negative { "-" } else { "" };
    format!("{sign}{digits}")
}
