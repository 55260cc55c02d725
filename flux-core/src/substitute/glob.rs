//! Patterns of `*`, `?` and `[...]`, which match slashes too.
//!
//! Source: `fluxcd/pkg: envsubst/path/match.go, envsubst/funcs.go (trimShortest, trimLongest)`.

use fluxcd_dialect::unicode;

use super::function::{Budget, Fault};

/// The value without its shortest prefix that matches; all of it if none does or the pattern is malformed.
pub(super) fn trim_shortest<'v>(
    value: &'v [u8],
    pattern: &[u8],
    budget: &mut Budget,
) -> Result<&'v [u8], Fault> {
    let mut shortest = 0;
    for length in (1..=value.len()).rev() {
        match matches(pattern, value.get(..length).unwrap_or_default(), budget) {
            Ok(true) => shortest = length,
            Ok(false) => {}
            Err(Refused::Malformed) => return Ok(value),
            Err(Refused::Limit) => return Err(Fault::Limit),
        }
    }
    Ok(value.get(shortest..).unwrap_or_default())
}

/// The value without its longest prefix that matches; all of it if none does or the pattern is malformed.
pub(super) fn trim_longest<'v>(
    value: &'v [u8],
    pattern: &[u8],
    budget: &mut Budget,
) -> Result<&'v [u8], Fault> {
    for length in (1..=value.len()).rev() {
        match matches(pattern, value.get(..length).unwrap_or_default(), budget) {
            Ok(true) => return Ok(value.get(length..).unwrap_or_default()),
            Ok(false) => {}
            Err(Refused::Malformed) => return Ok(value),
            Err(Refused::Limit) => return Err(Fault::Limit),
        }
    }
    Ok(value)
}

enum Refused {
    /// Noticed only where matching comes to the malformed part.
    Malformed,
    Limit,
}

fn matches(mut pattern: &[u8], mut name: &[u8], budget: &mut Budget) -> Result<bool, Refused> {
    'chunks: while !pattern.is_empty() {
        let (star, chunk, rest) = next_chunk(pattern);
        pattern = rest;
        if star && chunk.is_empty() {
            return Ok(true);
        }
        let last = rest.is_empty();
        if let Some(left) = match_chunk(chunk, name, budget)?
            && (left.is_empty() || !last)
        {
            name = left;
            continue;
        }
        if star {
            let mut skip = 1;
            if last && let Some(longest) = longest_match(chunk) {
                // Only what is left at the end can be matched to the end.
                skip = name.len().saturating_sub(longest).max(1);
            }
            while let Some(from) = name.get(skip..) {
                if let Some(left) = match_chunk(chunk, from, budget)?
                    && (left.is_empty() || !last)
                {
                    name = left;
                    continue 'chunks;
                }
                skip += 1;
            }
        }
        return Ok(false);
    }
    Ok(name.is_empty())
}

/// Whether stars lead, the part up to the next star, and the rest.
fn next_chunk(pattern: &[u8]) -> (bool, &[u8], &[u8]) {
    let stars = pattern.iter().take_while(|byte| **byte == b'*').count();
    let pattern = pattern.get(stars..).unwrap_or_default();
    let mut in_class = false;
    let mut at = 0;
    while let Some(byte) = pattern.get(at) {
        match byte {
            b'\\' if at + 1 < pattern.len() => at += 1,
            b'[' => in_class = true,
            b']' => in_class = false,
            b'*' if !in_class => break,
            _ => {}
        }
        at += 1;
    }
    let (chunk, rest) = pattern.split_at_checked(at).unwrap_or((pattern, &[]));
    (stars > 0, chunk, rest)
}

/// The most bytes that a chunk can match; nothing if it may be malformed.
fn longest_match(chunk: &[u8]) -> Option<usize> {
    let mut longest = 0;
    let mut bytes = chunk.iter();
    while let Some(byte) = bytes.next() {
        longest += match byte {
            b'[' => return None,
            b'?' => 4,
            b'\\' => {
                bytes.next()?;
                1
            }
            _ => 1,
        };
    }
    Some(longest)
}

/// What is left of the text behind the chunk, if it begins with it.
fn match_chunk<'n>(
    mut chunk: &[u8],
    mut name: &'n [u8],
    budget: &mut Budget,
) -> Result<Option<&'n [u8]>, Refused> {
    budget.steps = budget.steps.checked_sub(1).ok_or(Refused::Limit)?;
    while let Some((first, rest)) = chunk.split_first() {
        if name.is_empty() {
            return Ok(None);
        }
        match first {
            b'[' => {
                let (character, width) = unicode::decode(name);
                name = name.get(width..).unwrap_or_default();
                let (found, behind) = match_class(rest, character, budget)?;
                if !found {
                    return Ok(None);
                }
                chunk = behind;
            }
            b'?' => {
                let (_, width) = unicode::decode(name);
                name = name.get(width..).unwrap_or_default();
                chunk = rest;
            }
            _ => {
                let literal = match first {
                    b'\\' => rest,
                    _ => chunk,
                };
                let (byte, behind) = literal.split_first().ok_or(Refused::Malformed)?;
                let Some((_, left)) = name.split_first().filter(|(first, _)| *first == byte) else {
                    return Ok(None);
                };
                name = left;
                chunk = behind;
            }
        }
    }
    Ok(Some(name))
}

/// Whether a class, from behind its bracket, holds the character; and what follows the class.
fn match_class<'p>(
    mut class: &'p [u8],
    character: char,
    budget: &mut Budget,
) -> Result<(bool, &'p [u8]), Refused> {
    let mut wanted = true;
    if let Some(rest) = class.strip_prefix(b"^") {
        wanted = false;
        class = rest;
    }
    let mut found = false;
    let mut ranges = 0;
    loop {
        budget.steps = budget.steps.checked_sub(1).ok_or(Refused::Limit)?;
        if ranges > 0
            && let Some(behind) = class.strip_prefix(b"]")
        {
            return Ok((found == wanted, behind));
        }
        let (low, rest) = class_member(class)?;
        let mut high = low;
        class = rest;
        if let Some(rest) = class.strip_prefix(b"-") {
            (high, class) = class_member(rest)?;
        }
        found |= (low..=high).contains(&character);
        ranges += 1;
    }
}

/// One character of a class; something must follow it.
fn class_member(class: &[u8]) -> Result<(char, &[u8]), Refused> {
    let text = match class {
        [] | [b'-' | b']', ..] => return Err(Refused::Malformed),
        [b'\\', rest @ ..] => rest,
        _ => class,
    };
    let (character, width) = unicode::decode(text);
    let rest = text.get(width..).unwrap_or_default();
    if rest.is_empty() || character == char::REPLACEMENT_CHARACTER && width == 1 {
        return Err(Refused::Malformed);
    }
    Ok((character, rest))
}
