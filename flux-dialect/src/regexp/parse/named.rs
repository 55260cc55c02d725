//! Classes that have a name.

use crate::regexp::class::{Class, Folds};
use crate::unicode::classes::{ALIASES, CATEGORIES, SCRIPTS};

type Ranges = &'static [(u32, u32)];

const DIGIT: (u32, u32) = (0x30, 0x39);
const UPPER: (u32, u32) = (0x41, 0x5A);
const LOWER: (u32, u32) = (0x61, 0x7A);
const UNDERSCORE: (u32, u32) = (0x5F, 0x5F);
const SPACE: (u32, u32) = (0x20, 0x20);
const ASCII: (u32, u32) = (0, 0x7F);

/// Behind a backslash. White space lacks the vertical tab here.
pub(super) fn perl_class(letter: u8) -> Option<Ranges> {
    Some(match letter {
        b'd' => &[DIGIT],
        b's' => &[(0x9, 0xA), (0xC, 0xD), SPACE],
        b'w' => &[DIGIT, UPPER, UNDERSCORE, LOWER],
        _ => return None,
    })
}

/// Between `[:` and `:]`.
pub(super) fn ascii_class(name: &[u8]) -> Option<Ranges> {
    Some(match name {
        b"alnum" => &[DIGIT, UPPER, LOWER],
        b"alpha" => &[UPPER, LOWER],
        b"ascii" => &[ASCII],
        b"blank" => &[(0x9, 0x9), SPACE],
        b"cntrl" => &[(0, 0x1F), (0x7F, 0x7F)],
        b"digit" => &[DIGIT],
        b"graph" => &[(0x21, 0x7E)],
        b"lower" => &[LOWER],
        b"print" => &[(0x20, 0x7E)],
        b"punct" => &[(0x21, 0x2F), (0x3A, 0x40), (0x5B, 0x60), (0x7B, 0x7E)],
        b"space" => &[(0x9, 0xD), SPACE],
        b"upper" => &[UPPER],
        b"word" => &[DIGIT, UPPER, UNDERSCORE, LOWER],
        b"xdigit" => &[DIGIT, (0x41, 0x46), (0x61, 0x66)],
        _ => return None,
    })
}

/// A category or script of Unicode by a name in any case, with or without lines and spaces; with the other cases of its
/// letters, where `folds` is given.
///
/// Source: Go 1.26: `src/regexp/syntax/parse.go (unicodeTable)`.
pub(super) fn unicode_ranges(name: &[u8], folds: Option<&Folds>) -> Option<Class> {
    let name = canonical(name);
    let mut class = Class::default();
    match &*name {
        "Any" => class.extend_with_others(&[]),
        "Ascii" => class.extend(&[ASCII]),
        "Assigned" => class = category("Cn")?.negated(),
        // Its only key that is not canonical.
        "Lc" => class = category("LC")?,
        _ => {
            let script = || find(SCRIPTS, &name).map(from);
            let alias = || find_alias(&name).and_then(category);
            class = category(&name).or_else(script).or_else(alias)?;
        }
    }
    // Go has no other cases of the letters that have a case: one character is missing.
    let knows_cases = !matches!(&*name, "Lc" | "Casedletter");
    if let Some(folds) = folds.filter(|_| knows_cases) {
        let mut folded = Class::default();
        folded.add_all_folded(class.ranges(), folds);
        class = folded;
    }
    Some(class)
}

/// A capital, then small letters, without lines and spaces.
fn canonical(name: &[u8]) -> String {
    let letters = name.iter().filter(|byte| !b"_- ".contains(byte));
    let letters = letters.enumerate().map(|(at, byte)| match at {
        0 => byte.to_ascii_uppercase(),
        _ => byte.to_ascii_lowercase(),
    });
    String::from_utf8(letters.collect()).unwrap_or_default()
}

fn category(name: &str) -> Option<Class> {
    let mut class = Class::default();
    match name {
        "C" => {
            ["Z", "L", "M", "N", "P", "S"]
                .into_iter()
                .for_each(|part| add_all(&mut class, part));
            class.clean();
            class = class.negated();
        }
        "Cn" => {
            add_all(&mut class, "");
            class.clean();
            class = class.negated();
        }
        "LC" => {
            ["Ll", "Lt", "Lu"]
                .into_iter()
                .for_each(|part| add_all(&mut class, part));
            class.clean();
        }
        "L" | "M" | "N" | "P" | "S" | "Z" => {
            add_all(&mut class, name);
            class.clean();
        }
        _ => class = from(find(CATEGORIES, name)?),
    }
    Some(class)
}

/// Adds the categories whose names begin so.
fn add_all(class: &mut Class, begin: &str) {
    let parts = CATEGORIES
        .iter()
        .filter(|(name, _)| name.starts_with(begin));
    parts.for_each(|(_, ranges)| class.extend(ranges));
}

fn from(ranges: Ranges) -> Class {
    let mut class = Class::default();
    class.extend(ranges);
    class
}

fn find(table: &'static [(&str, Ranges)], name: &str) -> Option<Ranges> {
    let at = table.binary_search_by_key(&name, |(name, _)| name).ok()?;
    table.get(at).map(|(_, ranges)| *ranges)
}

fn find_alias(name: &str) -> Option<&'static str> {
    let at = ALIASES.binary_search_by_key(&name, |(name, _)| name).ok()?;
    ALIASES.get(at).map(|(_, category)| *category)
}
