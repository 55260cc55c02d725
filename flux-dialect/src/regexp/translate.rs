//! From the tree to a program of `regex-automata`.
//!
//! Nothing of the crate's own syntax is involved: no text is written and read again, classes go over as ranges, groups
//! without their names.

use regex_automata::meta;
use regex_syntax::hir::{Capture, Class, ClassUnicode, ClassUnicodeRange, Hir, Look, Repetition};

use super::tree::{self, Flags, Node, Op};
use crate::unicode::fold::other_cases;

/// What the crate may spend on instructions. The weight comes first; this is for what it does not foresee.
const SIZE_LIMIT: usize = 32 << 20;

/// The program, unless it is too large.
pub(super) fn translate(root: &Node) -> Option<meta::Regex> {
    let config = meta::Config::new()
        .nfa_size_limit(Some(SIZE_LIMIT))
        .utf8_empty(true);
    meta::Builder::new()
        .configure(config)
        .build_from_hir(&hir(root))
        .ok()
}

/// What the crate spends on it: about the number of states for ASCII, and more for other characters. It works on bytes, so
/// that a class is a tree of them, which takes time to build.
pub(super) fn weight(node: &Node) -> u64 {
    let below = node.subs.iter().map(weight).fold(0, u64::saturating_add);
    let own = match &node.op {
        Op::Literal(runes) => 4 * runes.len() as u64,
        Op::Class(class) => {
            let ranges = class.ranges().iter();
            1 + 8 * ranges.filter(|(_, last)| *last > 0x7F).count() as u64
        }
        Op::Any | Op::AnyButNewline => 9,
        Op::Repeat(min, max) => {
            let times = u64::from(max.unwrap_or(*min).max(1));
            return times.saturating_mul(below.saturating_add(1));
        }
        _ => 1,
    };
    below.saturating_add(own)
}

fn hir(node: &Node) -> Hir {
    let subs = || node.subs.iter().map(hir);
    let sub = || Box::new(subs().next().unwrap_or_else(Hir::empty));
    let repeated = |min, max| {
        Hir::repetition(Repetition {
            min,
            max,
            greedy: !node.flags.has(Flags::LAZY),
            sub: sub(),
        })
    };
    match &node.op {
        Op::Empty => Hir::empty(),
        Op::Literal(runes) => literal(runes, node.flags.has(Flags::FOLD)),
        Op::Class(class) => self::class(class.characters()),
        Op::AnyButNewline => self::class([('\0', '\t'), ('\u{B}', char::MAX)]),
        Op::Any => self::class([('\0', char::MAX)]),
        Op::Look(look) => Hir::look(match look {
            tree::Look::Start => Look::Start,
            tree::Look::End => Look::End,
            tree::Look::StartOfLine => Look::StartLF,
            tree::Look::EndOfLine => Look::EndLF,
            tree::Look::WordBoundary => Look::WordAscii,
            tree::Look::NoWordBoundary => Look::WordAsciiNegate,
        }),
        Op::Capture(group) => Hir::capture(Capture {
            index: u32::try_from(*group).unwrap_or(u32::MAX),
            name: None,
            sub: sub(),
        }),
        Op::Star => repeated(0, None),
        Op::Plus => repeated(1, None),
        Op::Question => repeated(0, Some(1)),
        Op::Repeat(min, max) => repeated(*min, *max),
        Op::Concat => Hir::concat(subs().collect()),
        Op::Alternate => Hir::alternation(subs().collect()),
        Op::Nothing | Op::Unfactored | Op::Open(_) | Op::Bar => Hir::fail(),
    }
}

fn literal(runes: &[u32], folds: bool) -> Hir {
    let runes = runes.iter().map(|rune| match char::from_u32(*rune) {
        // A surrogate is in no text.
        None => Hir::fail(),
        Some(character) if folds => {
            let cases = std::iter::once(character).chain(other_cases(character));
            class(cases.map(|case| (case, case)))
        }
        Some(character) => Hir::literal(character.encode_utf8(&mut [0; 4]).as_bytes()),
    });
    Hir::concat(runes.collect())
}

fn class(ranges: impl IntoIterator<Item = (char, char)>) -> Hir {
    let ranges = ranges.into_iter();
    let ranges = ranges.map(|(first, last)| ClassUnicodeRange::new(first, last));
    Hir::class(Class::Unicode(ClassUnicode::new(ranges)))
}
