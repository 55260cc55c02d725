//! What a pattern means, as a tree. Its shape is that of Go's, because Go's limits are about the shape.

use super::class::{Class, MAX};
use crate::unicode::fold::simple_fold;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Node {
    pub(super) op: Op,
    pub(super) flags: Flags,
    pub(super) subs: Vec<Self>,
    /// Levels below and including it, once computed.
    pub(super) height: u32,
    /// Instructions that Go would need, once computed; not computed again when a literal grows, as in Go.
    pub(super) size: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Op {
    /// Matches nothing, not even the empty text.
    Nothing,
    Empty,
    Literal(Vec<u32>),
    Class(Class),
    AnyButNewline,
    Any,
    Look(Look),
    Capture(usize),
    Star,
    Plus,
    Question,
    Repeat(u32, Option<u32>),
    Concat,
    Alternate,
    /// Within the parser only: alternatives whose common beginnings are still to be taken out.
    Unfactored,
    /// On the parser's stack only: an open group with its number, if it captures.
    Open(Option<usize>),
    /// On the parser's stack only.
    Bar,
}

/// What must hold between two characters. Words are ASCII.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    Start,
    End,
    StartOfLine,
    EndOfLine,
    WordBoundary,
    NoWordBoundary,
}

/// The state of the flags where a node was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Flags(u8);

impl Flags {
    pub(super) const NONE: Self = Self(0);
    pub(super) const FOLD: Self = Self(1);
    pub(super) const DOT_NEWLINE: Self = Self(2);
    pub(super) const ONE_LINE: Self = Self(4);
    pub(super) const LAZY: Self = Self(8);
    /// Those that no pattern can change, as one; what the parser makes up itself lacks it.
    const FIXED: Self = Self(16);
    /// Those that Go's `regexp.Compile` begins with.
    pub(super) const PERL: Self = Self::FIXED.with(Self::ONE_LINE);

    pub(super) const fn has(self, flag: Self) -> bool {
        self.0 & flag.0 != 0
    }

    pub(super) const fn with(self, flag: Self) -> Self {
        Self(self.0 | flag.0)
    }

    pub(super) const fn without(self, flag: Self) -> Self {
        Self(self.0 & !flag.0)
    }

    pub(super) const fn toggled(self, flag: Self) -> Self {
        Self(self.0 ^ flag.0)
    }

    pub(super) const fn inverted(self) -> Self {
        Self(!self.0)
    }

    pub(super) fn agrees(self, other: Self, flag: Self) -> bool {
        self.has(flag) == other.has(flag)
    }
}

impl Node {
    pub(super) fn new(op: Op, flags: Flags) -> Self {
        Self {
            op,
            flags,
            subs: Vec::new(),
            height: 0,
            size: 0,
        }
    }

    /// On the parser's stack only: it bounds what can be joined.
    pub(super) fn is_pseudo(&self) -> bool {
        matches!(self.op, Op::Open(_) | Op::Bar)
    }

    /// Whether it or a node below it looks at that.
    pub(super) fn has(&self, look: Look) -> bool {
        self.op == Op::Look(look) || self.subs.iter().any(|sub| sub.has(look))
    }

    /// How many numbers Go keeps for it.
    pub(super) fn runes(&self) -> usize {
        match &self.op {
            Op::Literal(runes) => runes.len(),
            Op::Class(class) => class.ranges().len() * 2,
            _ => 0,
        }
    }

    /// Whether it matches one character, always; and if so, how complex it is.
    pub(super) fn class_rank(&self) -> Option<(u8, usize)> {
        let rank = match &self.op {
            Op::Literal(runes) if runes.len() == 1 => 0,
            Op::Class(_) => 1,
            Op::AnyButNewline => 2,
            Op::Any => 3,
            _ => return None,
        };
        Some((rank, self.runes()))
    }

    pub(super) fn is_class(&self) -> bool {
        self.class_rank().is_some()
    }

    fn matches_newline(&self) -> bool {
        match &self.op {
            Op::Literal(runes) => **runes == [NEWLINE],
            Op::Class(class) => class.contains(NEWLINE),
            Op::Any => true,
            _ => false,
        }
    }

    /// Makes it match what the other matches as well. Both match one character, and it is the more complex one.
    pub(super) fn merge(&mut self, other: &Self) {
        let add = |class: &mut Class, node: &Self| match &node.op {
            Op::Literal(runes) => runes
                .iter()
                .for_each(|rune| match node.flags.has(Flags::FOLD) {
                    true => class.add_letter(*rune),
                    false => class.add(*rune, *rune),
                }),
            Op::Class(other) => class.extend(other.ranges()),
            _ => {}
        };
        let is_same = self.op == other.op && self.flags == other.flags;
        match &mut self.op {
            Op::AnyButNewline if other.matches_newline() => self.op = Op::Any,
            Op::Class(class) => add(class, other),
            Op::Literal(_) if !is_same => {
                let mut class = Class::default();
                add(&mut class, self);
                add(&mut class, other);
                self.op = Op::Class(class);
            }
            _ => {}
        }
    }

    /// Brings a class into its final form.
    pub(super) fn clean(&mut self) {
        let Op::Class(class) = &mut self.op else {
            return;
        };
        class.clean();
        match *class.ranges() {
            [(0, MAX)] => self.op = Op::Any,
            [(0, BEFORE_NEWLINE), (AFTER_NEWLINE, MAX)] => self.op = Op::AnyButNewline,
            _ => {}
        }
    }

    /// A class of one character, or of the two cases of one, as a literal: the character, and whether case matters not.
    pub(super) fn as_letter(&self) -> Option<(u32, bool)> {
        let Op::Class(class) = &self.op else {
            return None;
        };
        let pair = |a: u32, b: u32| fold(a) == b && fold(b) == a;
        match *class.ranges() {
            [(a, b)] if a == b => Some((a, false)),
            [(a, a_too), (b, b_too)] if a == a_too && b == b_too && pair(a, b) => Some((a, true)),
            [(a, b)] if a + 1 == b && pair(a, b) => Some((a, true)),
            _ => None,
        }
    }
}

/// The next case of a rune; that of a surrogate is itself.
pub(super) fn fold(rune: u32) -> u32 {
    char::from_u32(rune).map_or(rune, |character| simple_fold(character).into())
}

pub(super) const NEWLINE: u32 = 0xA;
const BEFORE_NEWLINE: u32 = 0x9;
const AFTER_NEWLINE: u32 = 0xB;
