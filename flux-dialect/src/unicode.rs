//! Characters as Go classifies them: Unicode 15.0, whatever version the Rust library is at.
//!
//! Go maps a character to one character. Rust's `to_uppercase` follows the full mapping (`ß` to `SS`), and both know
//! different versions of Unicode, so neither the standard library nor a crate of tables gives the same answers.
//!
//! # Sources
//!
//! Go 1.26: `src/unicode (IsLetter, IsDigit, ToUpper, ToLower)`, `src/unicode/utf8 (DecodeRune)`.

use std::cmp::Ordering;

#[cfg(feature = "regexp")]
pub(crate) mod classes;
#[cfg(feature = "regexp")]
pub(crate) mod fold;
mod tables;

/// The first character of a text, and how many bytes it takes. A byte that begins no character stands for U+FFFD by
/// itself; at the end of the text nothing is taken.
///
/// Source: Go 1.26: `src/unicode/utf8 (DecodeRune)`.
///
/// ```
/// use fluxcd_dialect::unicode::decode;
///
/// assert_eq!(decode("éa".as_bytes()), ('é', 2));
/// assert_eq!(decode(b"\xC3"), ('\u{FFFD}', 1));
/// assert_eq!(decode(b""), ('\u{FFFD}', 0));
/// ```
#[must_use]
pub fn decode(text: &[u8]) -> (char, usize) {
    let longest = text.get(..4).unwrap_or(text);
    let valid = match std::str::from_utf8(longest) {
        Ok(valid) => valid,
        Err(error) => longest
            .get(..error.valid_up_to())
            .and_then(|valid| std::str::from_utf8(valid).ok())
            .unwrap_or_default(),
    };
    match valid.chars().next() {
        Some(character) => (character, character.len_utf8()),
        None => (char::REPLACEMENT_CHARACTER, longest.len().min(1)),
    }
}

/// Whether it is a letter of any script: the categories Lu, Ll, Lt, Lm and Lo.
///
/// ```
/// use fluxcd_dialect::unicode::is_letter;
///
/// assert!(is_letter('é') && is_letter('日'));
/// // Alphabetic, but no letter.
/// assert!(!is_letter('Ⓐ') && !is_letter('1'));
/// ```
#[must_use]
pub fn is_letter(character: char) -> bool {
    if character.is_ascii() {
        return character.is_ascii_alphabetic();
    }
    holds(tables::LETTERS, character)
}

/// Whether it is a decimal digit of any script: the category Nd.
#[must_use]
pub fn is_digit(character: char) -> bool {
    if character.is_ascii() {
        return character.is_ascii_digit();
    }
    holds(tables::DIGITS, character)
}

/// The one capital letter that stands for it; itself where there is none.
///
/// ```
/// use fluxcd_dialect::unicode::to_upper;
///
/// assert_eq!((to_upper('é'), to_upper('ß'), to_upper('ᾳ')), ('É', 'ß', 'ᾼ'));
/// ```
#[must_use]
pub fn to_upper(character: char) -> char {
    if character.is_ascii() {
        return character.to_ascii_uppercase();
    }
    map(character, |case| case.upper)
}

/// The one small letter that stands for it; itself where there is none.
///
/// ```
/// use fluxcd_dialect::unicode::to_lower;
///
/// assert_eq!((to_lower('É'), to_lower('İ'), to_lower('Σ')), ('é', 'i', 'σ'));
/// ```
#[must_use]
pub fn to_lower(character: char) -> char {
    if character.is_ascii() {
        return character.to_ascii_lowercase();
    }
    map(character, |case| case.lower)
}

fn holds(ranges: &[(u32, u32)], character: char) -> bool {
    let code = u32::from(character);
    let found = ranges.binary_search_by(|(first, last)| position(*first, *last, code));
    found.is_ok()
}

fn map(character: char, to: fn(&Case) -> To) -> char {
    let code = u32::from(character);
    let found = tables::CASES.binary_search_by(|case| position(case.first, case.last, code));
    let Some(case) = found.ok().and_then(|at| tables::CASES.get(at)) else {
        return character;
    };
    let mapped = match to(case) {
        To::Shifted(by) => code.checked_add_signed(by),
        To::Even => Some(code - (code - case.first) % 2),
        To::Odd => Some(code + 1 - (code - case.first) % 2),
    };
    mapped.and_then(char::from_u32).unwrap_or(character)
}

fn position(first: u32, last: u32, code: u32) -> Ordering {
    if last < code {
        Ordering::Less
    } else if first > code {
        Ordering::Greater
    } else {
        Ordering::Equal
    }
}

/// A range of characters whose other cases are found by one rule.
struct Case {
    first: u32,
    last: u32,
    upper: To,
    lower: To,
}

#[derive(Clone, Copy)]
enum To {
    Shifted(i32),
    /// Capitals stand at even places of the range.
    Even,
    /// Small letters stand at odd places of the range.
    Odd,
}

impl Case {
    const fn shift(first: u32, last: u32, upper: i32, lower: i32) -> Self {
        Self {
            first,
            last,
            upper: To::Shifted(upper),
            lower: To::Shifted(lower),
        }
    }

    const fn pairs(first: u32, last: u32) -> Self {
        Self {
            first,
            last,
            upper: To::Even,
            lower: To::Odd,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted_and_disjoint() {
        for ranges in [tables::LETTERS, tables::DIGITS] {
            assert!(ranges.iter().all(|(first, last)| first <= last));
            assert!(ranges.windows(2).all(|pair| pair[0].1 < pair[1].0));
        }
        let cases = tables::CASES;
        assert!(cases.windows(2).all(|pair| pair[0].last < pair[1].first));
    }

    #[test]
    fn characters_that_came_after_unicode_15_are_unknown() {
        // Rust's library knows them: Garay of 16.0, an ideograph of 15.1.
        for character in ['\u{10D50}', '\u{2EBF0}'] {
            assert!(character.is_alphabetic() && !is_letter(character));
        }
        // A letter of old that got its capital in 16.0.
        assert_eq!(to_upper('\u{19B}'), '\u{19B}');
    }

    #[test]
    fn a_mapping_of_one_character_is_that_of_the_standard_library() {
        let one = |mut mapped: Box<dyn Iterator<Item = char>>| {
            mapped.next().filter(|_| mapped.next().is_none())
        };
        let mut differing = Vec::new();
        for character in ('\0'..char::MAX).filter(|c| is_letter(*c)) {
            for (ours, theirs) in [
                (to_upper(character), one(Box::new(character.to_uppercase()))),
                (to_lower(character), one(Box::new(character.to_lowercase()))),
            ] {
                if ours != theirs.unwrap_or(character) {
                    differing.push(character);
                }
            }
        }
        // Title case stands in for a capital of two letters, and `İ` for a small letter with a dot; what is left are
        // letters whose partner came after Unicode 15.
        let known = "ᾀᾁᾂᾃᾄᾅᾆᾇᾐᾑᾒᾓᾔᾕᾖᾗᾠᾡᾢᾣᾤᾥᾦᾧᾳῃῳİ";
        differing.retain(|character| !known.contains(*character) && u32::from(*character) < 0x180);
        assert_eq!(differing, []);
    }
}
