//! What an untyped scalar means: null, boolean, number, timestamp or text.
//!
//! Source: `go.yaml.in/yaml/v2: resolve.go (resolve)`, v2.4.4, and v3, v3.0.4.

use super::Dialect;
use super::timestamp::Timestamp;

/// A scalar after resolution.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Scalar {
    Null,
    Bool(bool),
    Int(i64),
    /// An integer above 2^63-1.
    Uint(u64),
    Float(f64),
    Timestamp(Timestamp),
    /// The text itself.
    Text,
    /// The text is base64, by its tag.
    Binary,
}

/// Explicit tags that change how a scalar is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tag {
    None,
    Null,
    Bool,
    Int,
    Float,
    Str,
    Timestamp,
    Binary,
    Merge,
    /// A tag that nobody knows: the scalar is text.
    Other,
}

impl Tag {
    pub(super) fn new(tag: &str, dialect: Dialect) -> Self {
        let name = match (tag.strip_prefix("tag:yaml.org,2002:"), dialect) {
            (Some(name), _) => name,
            (None, Dialect::V3) if tag.starts_with("!!") => tag.get(2..).unwrap_or_default(),
            (None, _) => {
                return if tag.is_empty() {
                    Self::None
                } else {
                    Self::Other
                };
            }
        };
        match name {
            "null" => Self::Null,
            "bool" => Self::Bool,
            "int" => Self::Int,
            "float" => Self::Float,
            "str" => Self::Str,
            "timestamp" => Self::Timestamp,
            "binary" => Self::Binary,
            "merge" => Self::Merge,
            _ => Self::Other,
        }
    }
}

/// The meaning of a scalar under a tag; `None` where the tag does not fit.
pub(super) fn resolve(tag: Tag, text: &str, dialect: Dialect) -> Option<Scalar> {
    match tag {
        Tag::None => Some(untagged(text, dialect, true)),
        Tag::Str | Tag::Merge | Tag::Other => Some(Scalar::Text),
        Tag::Binary => Some(Scalar::Binary),
        Tag::Null | Tag::Bool | Tag::Int | Tag::Float | Tag::Timestamp => {
            match (tag, untagged(text, dialect, tag == Tag::Timestamp)) {
                (Tag::Null, scalar @ Scalar::Null)
                | (Tag::Bool, scalar @ Scalar::Bool(_))
                | (Tag::Int, scalar @ (Scalar::Int(_) | Scalar::Uint(_)))
                | (Tag::Float, scalar @ Scalar::Float(_))
                | (Tag::Timestamp, scalar @ Scalar::Timestamp(_)) => Some(scalar),
                #[expect(clippy::cast_precision_loss, reason = "as Go converts")]
                (Tag::Float, Scalar::Int(integer)) => Some(Scalar::Float(integer as f64)),
                _ => None,
            }
        }
    }
}

/// The meaning of a plain scalar without a tag.
pub(super) fn untagged(text: &str, dialect: Dialect, timestamps: bool) -> Scalar {
    let bytes = text.as_bytes();
    let Some(first) = bytes.first() else {
        return Scalar::Null;
    };
    match first {
        b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' | b'~' => {
            word(text, dialect)
        }
        b'.' => match text {
            ".nan" | ".NaN" | ".NAN" => Scalar::Float(f64::NAN),
            ".inf" | ".Inf" | ".INF" => Scalar::Float(f64::INFINITY),
            // Only here underscores must stand between digits.
            _ => crate::float::parse(text).map_or(Scalar::Text, Scalar::Float),
        },
        b'+' | b'-' | b'0'..=b'9' => number(text, dialect, timestamps),
        _ => Scalar::Text,
    }
}

fn word(text: &str, dialect: Dialect) -> Scalar {
    match text {
        "true" | "True" | "TRUE" => Scalar::Bool(true),
        "false" | "False" | "FALSE" => Scalar::Bool(false),
        "~" | "null" | "Null" | "NULL" => Scalar::Null,
        _ if dialect == Dialect::V3 => Scalar::Text,
        "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => Scalar::Bool(true),
        "n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => Scalar::Bool(false),
        _ => Scalar::Text,
    }
}

fn number(text: &str, dialect: Dialect, timestamps: bool) -> Scalar {
    match text {
        "+.inf" | "+.Inf" | "+.INF" => return Scalar::Float(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => return Scalar::Float(f64::NEG_INFINITY),
        _ => {}
    }
    if timestamps && let Some(timestamp) = Timestamp::parse(text) {
        return Scalar::Timestamp(timestamp);
    }
    let stripped;
    let plain = if text.contains('_') {
        stripped = text.replace('_', "");
        stripped.as_str()
    } else {
        text
    };
    if let Some(integer) = integer(plain) {
        return integer;
    }
    if let Some(float) = float(plain) {
        return Scalar::Float(float);
    }
    // What the general integers do not take: `0b-101` is -5 to the Go reader.
    let prefixed = match (plain.strip_prefix("0b"), plain.strip_prefix("0o")) {
        (Some(digits), _) => Some((digits, 2)),
        (_, Some(digits)) if dialect == Dialect::V3 => Some((digits, 8)),
        _ => None,
    };
    prefixed
        .and_then(|(digits, radix)| i64::from_str_radix(digits, radix).ok())
        .map_or(Scalar::Text, Scalar::Int)
}

/// Go's `ParseInt` and `ParseUint` with base 0, on text without underscores.
fn integer(text: &str) -> Option<Scalar> {
    let (negative, unsigned) = match text.as_bytes().first()? {
        b'-' => (true, text.get(1..)?),
        b'+' => (false, text.get(1..)?),
        _ => (false, text),
    };
    let (digits, radix) = match unsigned.as_bytes() {
        [b'0', b'x' | b'X', ..] => (unsigned.get(2..)?, 16),
        [b'0', b'b' | b'B', ..] => (unsigned.get(2..)?, 2),
        [b'0', b'o' | b'O', ..] => (unsigned.get(2..)?, 8),
        [b'0', _, ..] => (unsigned.get(1..)?, 8),
        _ => (unsigned, 10),
    };
    if digits.starts_with(['+', '-']) {
        return None;
    }
    let magnitude = u64::from_str_radix(digits, radix).ok()?;
    if negative {
        return (magnitude <= 1 << 63).then(|| Scalar::Int(0_i64.wrapping_sub_unsigned(magnitude)));
    }
    match i64::try_from(magnitude) {
        Ok(integer) => Some(Scalar::Int(integer)),
        // Go reads an unsigned integer without a sign only.
        Err(_) => (!text.starts_with('+')).then_some(Scalar::Uint(magnitude)),
    }
}

/// A decimal floating-point number; numbers too large for one are text.
fn float(text: &str) -> Option<f64> {
    let mut rest = text.as_bytes();
    if let [b'+' | b'-', after @ ..] = rest {
        rest = after;
    }
    let whole = digits(&mut rest);
    let mut fraction = 0;
    if let [b'.', after @ ..] = rest {
        rest = after;
        fraction = digits(&mut rest);
    }
    if whole == 0 && fraction == 0 {
        return None;
    }
    if let [b'e' | b'E', after @ ..] = rest {
        rest = after;
        if let [b'+' | b'-', after @ ..] = rest {
            rest = after;
        }
        if digits(&mut rest) == 0 {
            return None;
        }
    }
    if !rest.is_empty() {
        return None;
    }
    text.parse::<f64>().ok().filter(|float| float.is_finite())
}

fn digits(rest: &mut &[u8]) -> usize {
    let count = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    *rest = rest.get(count..).unwrap_or_default();
    count
}

/// Whether the writer has to quote this text so that it stays text.
pub(super) fn reads_as_text(text: &str) -> bool {
    matches!(untagged(text, Dialect::V2, true), Scalar::Text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_go_reads_them() {
        for (text, expected) in [
            ("08", Scalar::Float(8.0)),
            ("0o10", Scalar::Int(8)),
            ("010", Scalar::Int(8)),
            ("0b101", Scalar::Int(5)),
            ("0b-101", Scalar::Int(-5)),
            ("1_0.5", Scalar::Float(10.5)),
            ("1_", Scalar::Int(1)),
            (".1_0", Scalar::Float(0.1)),
            (".1_", Scalar::Text),
            ("._1", Scalar::Text),
            ("-9223372036854775808", Scalar::Int(i64::MIN)),
            ("18446744073709551615", Scalar::Uint(u64::MAX)),
            (
                "+18446744073709551615",
                Scalar::Float(18_446_744_073_709_551_615.0),
            ),
            (
                "18446744073709551616",
                Scalar::Float(18_446_744_073_709_551_616.0),
            ),
            ("1e1000", Scalar::Text),
            ("190:20:30", Scalar::Text),
            ("0x", Scalar::Text),
            ("-", Scalar::Text),
            (".", Scalar::Text),
            (".5e3", Scalar::Float(500.0)),
            ("1.", Scalar::Float(1.0)),
        ] {
            assert_eq!(untagged(text, Dialect::V2, true), expected, "{text}");
        }
    }

    #[test]
    fn the_dialects_differ_in_booleans() {
        assert_eq!(untagged("yes", Dialect::V2, true), Scalar::Bool(true));
        assert_eq!(untagged("yes", Dialect::V3, true), Scalar::Text);
        assert_eq!(untagged("yEs", Dialect::V2, true), Scalar::Text);
    }
}
