//! Functions of texts and bytes. Places are counted in characters.
//!
//! cel-go v0.26.1: `ext/strings.go`, `ext/encoders.go`, `common/types/string.go`.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::Function;
use crate::cel::error::Fault;
use crate::cel::format;
use crate::cel::limit::Meter;
use crate::cel::value::{List, Text, Value};
use crate::regexp::Regexp;

mod search;

/// The value of one of these functions; nothing where it has no such form.
pub(super) fn call<'v>(
    function: Function,
    arguments: &[Value<'v>],
    meter: &mut Meter,
) -> Result<Option<Value<'v>>, Fault> {
    let value = match (function, arguments) {
        (Function::Matches, [Value::String(text), Value::String(pattern)]) => {
            Value::Bool(matches(text, pattern, meter)?)
        }
        (Function::Matches, [Value::String(_), _])
        | (Function::Contains | Function::StartsWith | Function::EndsWith, [_, _])
            if !matches!(arguments, [Value::String(_), Value::String(_)]) =>
        {
            return Err(Fault::no_overload());
        }
        (Function::Matches, [first, _]) => return Err(super::unknown_to("matches", first)),
        (Function::Join, [Value::List(list)]) => return join(list, "", meter),
        (Function::Join, [Value::List(list), Value::String(separator)]) => {
            return join(list, separator, meter);
        }
        (Function::Base64Encode, [Value::Bytes(bytes)]) => {
            meter.make(bytes.len() / 3 * 4 + 4)?;
            base64::engine::general_purpose::STANDARD
                .encode(bytes)
                .into()
        }
        (_, [Value::String(text), rest @ ..]) => {
            meter.scan(text.len())?;
            return of_text(function, text, rest, meter);
        }
        _ => return Ok(None),
    };
    Ok(Some(value))
}

fn of_text<'v>(
    function: Function,
    text: &Text<'v>,
    rest: &[Value<'v>],
    meter: &mut Meter,
) -> Result<Option<Value<'v>>, Fault> {
    let made = |meter: &mut Meter, text: String| {
        meter.make(text.len())?;
        Ok::<_, Fault>(Value::from(text))
    };
    let value = match (function, rest) {
        (Function::Contains, [Value::String(piece)]) => Value::Bool(text.contains(&**piece)),
        (Function::StartsWith, [Value::String(piece)]) => Value::Bool(text.starts_with(&**piece)),
        (Function::EndsWith, [Value::String(piece)]) => Value::Bool(text.ends_with(&**piece)),
        (Function::CharAt, [Value::Int(index)]) => search::char_at(text, *index)?.into(),
        (Function::IndexOf, [Value::String(piece)]) => {
            Value::Int(search::index_of(text, piece, 0, meter)?)
        }
        (Function::IndexOf, [Value::String(piece), Value::Int(from)]) => {
            Value::Int(search::index_of(text, piece, *from, meter)?)
        }
        (Function::LastIndexOf, [Value::String(piece)]) => {
            Value::Int(search::last_index_of(text, piece, None, meter)?)
        }
        (Function::LastIndexOf, [Value::String(piece), Value::Int(from)]) => {
            Value::Int(search::last_index_of(text, piece, Some(*from), meter)?)
        }
        (Function::Substring, [Value::Int(start)]) => {
            made(meter, search::substring(text, *start, None)?.into())?
        }
        (Function::Substring, [Value::Int(start), Value::Int(end)]) => {
            made(meter, search::substring(text, *start, Some(*end))?.into())?
        }
        (Function::Replace, [Value::String(old), Value::String(new)]) => {
            search::replace(text, old, new, -1, meter)?.into()
        }
        (Function::Replace, [Value::String(old), Value::String(new), Value::Int(count)]) => {
            search::replace(text, old, new, *count, meter)?.into()
        }
        (Function::Split, [Value::String(separator)]) => split(text, separator, -1, meter)?,
        (Function::Split, [Value::String(separator), Value::Int(count)]) => {
            split(text, separator, *count, meter)?
        }
        (Function::LowerAscii, []) => made(meter, text.to_ascii_lowercase())?,
        (Function::UpperAscii, []) => made(meter, text.to_ascii_uppercase())?,
        (Function::Trim, []) => made(meter, text.trim().into())?,
        (Function::Reverse, []) => made(meter, text.chars().rev().collect())?,
        (Function::Quote, []) => made(meter, quoted(text))?,
        (Function::Format, [Value::List(list)]) => format::format(text, list, meter)?.into(),
        (Function::Base64Decode, []) => decode(text, meter)?.into(),
        _ => return Ok(None),
    };
    Ok(Some(value))
}

/// Matches against a pattern that is compiled for this one call.
fn matches(text: &str, pattern: &str, meter: &mut Meter) -> Result<bool, Fault> {
    meter.steps((100 + pattern.len()) * repetitions(pattern))?;
    let regexp = Regexp::parse(pattern);
    let regexp = regexp.map_err(|error| Fault::new(error.to_string()))?;
    matches_compiled(text, &regexp, meter)
}

/// At most so many times a piece of the pattern is compiled. Patterns beyond 1000 repetitions are refused.
fn repetitions(pattern: &str) -> usize {
    let counts = pattern.split('{').skip(1).filter_map(|rest| {
        let (counts, _) = rest.split_once('}')?;
        counts.rsplit(',').next()?.parse::<usize>().ok()
    });
    counts.fold(1, |product: usize, count| {
        product.saturating_mul(count.max(1)).min(1_000)
    })
}

/// In the worst case a match takes time in proportion to the text and to the pattern.
pub(in crate::cel) fn matches_compiled(
    text: &str,
    regexp: &Regexp,
    meter: &mut Meter,
) -> Result<bool, Fault> {
    meter.steps((text.len() / 64).saturating_mul(1 + regexp.pattern().len() / 64))?;
    Ok(regexp.is_match(text))
}

fn join<'v>(
    list: &List<'v>,
    separator: &str,
    meter: &mut Meter,
) -> Result<Option<Value<'v>>, Fault> {
    let mut joined = String::new();
    for (place, element) in list.iter().enumerate() {
        meter.step()?;
        match element {
            Value::String(text) => {
                meter.make(separator.len() + text.len())?;
                if place > 0 {
                    joined.push_str(separator);
                }
                joined.push_str(&text);
            }
            _ if place == 0 => return Ok(None),
            other => {
                let text = format::shown(&other, meter)?;
                return Err(Fault::new(format!("join: invalid input: {text}")));
            }
        }
    }
    Ok(Some(joined.into()))
}

fn split<'v>(
    text: &str,
    separator: &str,
    count: i64,
    meter: &mut Meter,
) -> Result<Value<'v>, Fault> {
    let most = usize::try_from(count).unwrap_or(usize::MAX);
    let pieces = if separator.is_empty() {
        text.chars().count().min(most)
    } else {
        text.matches(separator).count().min(most) + 1
    };
    meter.steps(pieces)?;
    meter.make(text.len() + pieces * (size_of::<Value<'_>>() + 16))?;
    let pieces: Vec<Value<'v>> = if most == 0 {
        Vec::new()
    } else if separator.is_empty() {
        let starts = text.char_indices().map(|(at, _)| at);
        let starts: Vec<usize> = starts.take(most).collect();
        let ends = starts.iter().copied().skip(1).chain([text.len()]);
        let pieces = starts.iter().zip(ends);
        let pieces = pieces.filter_map(|(start, end)| text.get(*start..end));
        pieces.map(|piece| Value::from(piece.to_owned())).collect()
    } else {
        let pieces = text.splitn(most, separator);
        pieces.map(|piece| Value::from(piece.to_owned())).collect()
    };
    Ok(pieces.into())
}

/// In quotes, with the escapes of the language.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '\x07' => quoted.push_str("\\a"),
            '\x08' => quoted.push_str("\\b"),
            '\x0C' => quoted.push_str("\\f"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '\x0B' => quoted.push_str("\\v"),
            '\\' => quoted.push_str("\\\\"),
            '"' => quoted.push_str("\\\""),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

/// Base64 with or without padding; line ends do not count.
fn decode(text: &str, meter: &mut Meter) -> Result<Vec<u8>, Fault> {
    const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::RequireCanonical);
    const PADDED: GeneralPurpose = GeneralPurpose::new(&STANDARD, LENIENT);
    const BARE: GeneralPurpose = GeneralPurpose::new(
        &STANDARD,
        LENIENT.with_decode_padding_mode(DecodePaddingMode::RequireNone),
    );
    meter.make(text.len())?;
    let text = text.replace(['\r', '\n'], "");
    let decoded = PADDED.decode(&text).or_else(|_| BARE.decode(&text));
    decoded.map_err(|_| Fault::new("illegal base64 data"))
}
