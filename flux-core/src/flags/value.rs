//! Values of flags, read as pflag reads them.

use fluxcd_dialect::duration::Duration;
use fluxcd_dialect::float;

use super::table::FlagKind;

/// The value of a flag.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum FlagValue {
    /// Of [`FlagKind::Bool`].
    Bool(bool),
    /// Of [`FlagKind::Integer`], [`FlagKind::Byte`] and [`FlagKind::Short`].
    Integer(i64),
    /// Of [`FlagKind::Float`].
    Float(f32),
    /// Of [`FlagKind::Duration`].
    Duration(Duration),
    /// Of [`FlagKind::Text`].
    Text(String),
    /// Of [`FlagKind::List`] and [`FlagKind::CommaList`].
    List(Vec<String>),
}

impl FlagValue {
    /// Nothing if the text is no such value. Gates have none of their own.
    pub(super) fn parse(kind: FlagKind, text: &str) -> Option<Self> {
        let ranged = |most| {
            let integer = unsigned(text).filter(|integer| *integer <= most);
            integer
                .and_then(|integer| i64::try_from(integer).ok())
                .map(Self::Integer)
        };
        match kind {
            FlagKind::Bool => boolean(text).map(Self::Bool),
            FlagKind::Integer => integer(text).map(Self::Integer),
            FlagKind::Byte => ranged(u8::MAX.into()),
            FlagKind::Short => ranged(u16::MAX.into()),
            FlagKind::Float => {
                let wide = float::parse(text)?;
                let float = wide as f32;
                (float.is_infinite() == wide.is_infinite()).then_some(Self::Float(float))
            }
            FlagKind::Duration => Duration::parse(text).ok().map(Self::Duration),
            FlagKind::Text => Some(Self::Text(text.to_owned())),
            FlagKind::List => Some(Self::List(vec![text.to_owned()])),
            FlagKind::CommaList => record(text).map(Self::List),
            FlagKind::Gates => None,
        }
    }

    /// What a flag holds that was not given.
    pub(super) fn default_of(kind: FlagKind, text: &str) -> Option<Self> {
        match kind {
            FlagKind::List | FlagKind::CommaList if text.is_empty() => Some(Self::List(Vec::new())),
            _ => Self::parse(kind, text),
        }
    }
}

/// strconv.ParseBool.
pub(super) fn boolean(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "TRUE" | "true" | "True" => Some(true),
        "0" | "f" | "F" | "FALSE" | "false" | "False" => Some(false),
        _ => None,
    }
}

/// strconv.ParseInt with base 0.
fn integer(text: &str) -> Option<i64> {
    let magnitude = i128::from(unsigned(text.strip_prefix(['+', '-']).unwrap_or(text))?);
    let signed = if text.starts_with('-') {
        -magnitude
    } else {
        magnitude
    };
    i64::try_from(signed).ok()
}

/// strconv.ParseUint with base 0: `0x`, `0o`, `0b` and a leading 0 set the base, and underscores may stand between digits.
fn unsigned(text: &str) -> Option<u64> {
    let lower = text.to_ascii_lowercase();
    let prefixed = |prefix| lower.strip_prefix(prefix).filter(|rest| !rest.is_empty());
    let (base, digits, has_prefix) = match (prefixed("0x"), prefixed("0o"), prefixed("0b")) {
        (Some(rest), ..) => (16, rest, true),
        (_, Some(rest), _) => (8, rest, true),
        (.., Some(rest)) => (2, rest, true),
        _ if lower.len() > 1 && lower.starts_with('0') => (8, &*lower, false),
        _ => (10, &*lower, false),
    };
    let between = if has_prefix {
        digits.strip_prefix('_').unwrap_or(digits)
    } else {
        digits
    };
    let is_sound = !between.starts_with('_') && !between.ends_with('_') && !between.contains("__");
    let plain: String = digits.chars().filter(|c| *c != '_').collect();
    let is_number = !plain.is_empty() && plain.chars().all(|c| c.is_digit(base));
    (is_sound && is_number)
        .then(|| u64::from_str_radix(&plain, base).ok())
        .flatten()
}

/// The first record of comma-separated values; an empty text is an empty one. Source: Go: `src/encoding/csv/reader.go`.
fn record(text: &str) -> Option<Vec<String>> {
    if text.is_empty() {
        return Some(Vec::new());
    }
    let lines = text.replace("\r\n", "\n");
    let mut rest = lines
        .strip_suffix('\r')
        .unwrap_or(&lines)
        .trim_start_matches('\n');
    if rest.is_empty() {
        return None;
    }
    let mut values = Vec::new();
    loop {
        let value;
        (value, rest) = match rest.strip_prefix('"') {
            Some(quoted) => quoted_value(quoted)?,
            None => {
                let (value, rest) = rest.split_at(rest.find([',', '\n']).unwrap_or(rest.len()));
                (!value.contains('"')).then(|| (value.to_owned(), rest))?
            }
        };
        values.push(value);
        match rest.strip_prefix(',') {
            Some(next) => rest = next,
            None => return (rest.is_empty() || rest.starts_with('\n')).then_some(values),
        }
    }
}

/// A value behind its opening quote, and what follows the closing one.
fn quoted_value(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut rest = text;
    loop {
        let (part, after) = rest.split_once('"')?;
        value += part;
        match after.strip_prefix('"') {
            Some(next) => {
                value.push('"');
                rest = next;
            }
            None => return Some((value, after)),
        }
    }
}
