//! What each operator does to a value.
//!
//! Source: `fluxcd/pkg: envsubst/funcs.go`; for its standard library Go 1.26: `src/strings`, `src/strconv`.

use std::borrow::Cow;

use fluxcd_dialect::unicode;
use memchr::memmem;

use super::glob;
use super::template::Operator;

/// What upstream has no limit for.
pub(super) struct Budget {
    /// How long the text may become, with the arguments that are still needed.
    pub(super) bytes: usize,
    /// How many steps patterns may still take.
    pub(super) steps: u64,
}

/// By how much the result may outgrow the text.
const GROWTH: usize = 64 << 20;
/// A fraction of a second.
const STEPS: u64 = 1 << 26;

impl Budget {
    pub(super) const fn for_text(length: usize) -> Self {
        Self {
            bytes: length.saturating_add(GROWTH),
            steps: STEPS,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    OutOfRange,
    Limit,
}

pub(super) fn call<'v>(
    operator: Operator,
    value: &'v [u8],
    arguments: [Option<&[u8]>; 2],
    budget: &mut Budget,
) -> Result<Cow<'v, [u8]>, Fault> {
    let [first, second] = arguments;
    let argument = first.unwrap_or_default();
    Ok(match operator {
        Operator::Value | Operator::Default | Operator::MixedCase => value.into(),
        Operator::Length => value.len().to_string().into_bytes().into(),
        Operator::UpperFirst => map_first(value, unicode::to_upper),
        Operator::Upper => map_all(value, unicode::to_upper),
        Operator::LowerFirst => map_first(value, unicode::to_lower),
        Operator::Lower => map_all(value, unicode::to_lower),
        Operator::Substring => substring(value, argument, second)?.into(),
        Operator::TrimShortestPrefix => glob::trim_shortest(value, argument, budget)?.into(),
        Operator::TrimLongestPrefix => glob::trim_longest(value, argument, budget)?.into(),
        Operator::TrimShortestSuffix => backwards(value, argument, budget, glob::trim_shortest)?,
        Operator::TrimLongestSuffix => backwards(value, argument, budget, glob::trim_longest)?,
        Operator::ReplaceFirst => replace(value, argument, second.unwrap_or_default(), 1, budget)?,
        Operator::ReplaceAll => replace(
            value,
            argument,
            second.unwrap_or_default(),
            usize::MAX,
            budget,
        )?,
        // Without a third part, these two do nothing.
        Operator::ReplacePrefix => match (value.strip_prefix(argument), second) {
            (Some(rest), Some(by)) => [by, rest].concat().into(),
            _ => value.into(),
        },
        Operator::ReplaceSuffix => match (value.strip_suffix(argument), second) {
            (Some(rest), Some(by)) => [rest, by].concat().into(),
            _ => value.into(),
        },
    })
}

/// A first byte that begins no character becomes U+FFFD only if the mapping is asked about it.
fn map_first(value: &[u8], map: fn(char) -> char) -> Cow<'_, [u8]> {
    let (first, width) = unicode::decode(value);
    let mapped = map(first);
    if width == 0 || mapped == first && first != char::REPLACEMENT_CHARACTER {
        return value.into();
    }
    let mut out = mapped.encode_utf8(&mut [0; 4]).as_bytes().to_vec();
    out.extend_from_slice(value.get(width..).unwrap_or_default());
    out.into()
}

fn map_all(value: &[u8], map: fn(char) -> char) -> Cow<'_, [u8]> {
    let mut out = Vec::with_capacity(value.len());
    let mut rest = value;
    while !rest.is_empty() {
        let (character, width) = unicode::decode(rest);
        out.extend_from_slice(map(character).encode_utf8(&mut [0; 4]).as_bytes());
        rest = rest.get(width..).unwrap_or_default();
    }
    out.into()
}

/// Offsets that are no numbers leave the value as it is; negative ones count from its end.
fn substring<'v>(value: &'v [u8], offset: &[u8], length: Option<&[u8]>) -> Result<&'v [u8], Fault> {
    let Some(offset) = integer(offset) else {
        return Ok(value);
    };
    let size = i64::try_from(value.len()).map_err(|_| Fault::Limit)?;
    let start = if offset < 0 {
        size.saturating_add(offset).max(0)
    } else {
        offset
    };
    let end = match length.map(integer) {
        None => size,
        Some(None) => return Ok(value),
        Some(Some(length)) if length < 0 => size.saturating_add(length),
        Some(Some(length)) => start
            .checked_add(length)
            .ok_or(Fault::OutOfRange)?
            .min(size),
    };
    if start >= end {
        return Ok(&[]);
    }
    let index = |at: i64| usize::try_from(at).unwrap_or_default();
    Ok(value.get(index(start)..index(end)).unwrap_or_default())
}

/// Decimal digits with an optional sign, within 64 bits (`strconv.Atoi`).
fn integer(text: &[u8]) -> Option<i64> {
    std::str::from_utf8(text).ok()?.parse().ok()
}

/// Trims a prefix of the value and the pattern read backwards, character by character.
fn backwards<'v>(
    value: &[u8],
    pattern: &[u8],
    budget: &mut Budget,
    trim: impl for<'r> Fn(&'r [u8], &[u8], &mut Budget) -> Result<&'r [u8], Fault>,
) -> Result<Cow<'v, [u8]>, Fault> {
    let value = reversed(value);
    let trimmed = trim(&value, &reversed(pattern), budget)?;
    Ok(reversed(trimmed).into())
}

fn reversed(text: &[u8]) -> Vec<u8> {
    let mut characters = Vec::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let (character, width) = unicode::decode(rest);
        characters.push(character);
        rest = rest.get(width..).unwrap_or_default();
    }
    characters.iter().rev().collect::<String>().into_bytes()
}

/// Replaces up to `most` occurrences. The empty text occurs before each character and at the end.
fn replace<'v>(
    value: &'v [u8],
    from: &[u8],
    to: &[u8],
    most: usize,
    budget: &Budget,
) -> Result<Cow<'v, [u8]>, Fault> {
    let mut out = Vec::new();
    let mut copied = 0;
    let places: &mut dyn Iterator<Item = usize> = match from {
        [] => &mut boundaries(value),
        _ => &mut memmem::find_iter(value, from),
    };
    for place in places.take(most) {
        out.extend_from_slice(value.get(copied..place).unwrap_or_default());
        out.extend_from_slice(to);
        copied = place + from.len();
        if out.len() > budget.bytes {
            return Err(Fault::Limit);
        }
    }
    if copied == 0 && out.is_empty() {
        return Ok(value.into());
    }
    out.extend_from_slice(value.get(copied..).unwrap_or_default());
    Ok(out.into())
}

fn boundaries(value: &[u8]) -> impl Iterator<Item = usize> {
    let mut next = Some(0);
    std::iter::from_fn(move || {
        let at = next?;
        let (_, width) = unicode::decode(value.get(at..).unwrap_or_default());
        next = (width > 0).then_some(at + width);
        Some(at)
    })
}
