//! From the tree to instructions, from the end to the beginning: each knows where it leads.

use std::collections::HashMap;

use super::{Inst, Machine};
use crate::regexp::tree::{Flags, Node, Op};
use crate::unicode::fold::other_cases;

/// The program, unless it needs more instructions than that.
pub(in crate::regexp) fn emit(root: &Node, limit: usize) -> Option<Machine> {
    let mut emitter = Emitter {
        code: vec![Inst::Match],
        classes: Vec::new(),
        known: HashMap::new(),
        limit,
    };
    let start = emitter.node(root, 0)?;
    Some(Machine {
        code: emitter.code,
        classes: emitter.classes,
        start,
    })
}

struct Emitter {
    code: Vec<Inst>,
    classes: Vec<Vec<(char, char)>>,
    known: HashMap<Key, u32>,
    limit: usize,
}

/// What a class was made for.
#[derive(PartialEq, Eq, Hash)]
enum Key {
    Node(usize),
    Letter(char),
}

impl Emitter {
    fn push(&mut self, inst: Inst) -> Option<u32> {
        let at = self.code.len();
        if at > self.limit {
            return None;
        }
        self.code.push(inst);
        u32::try_from(at).ok()
    }

    /// Where the node begins that leads to `to`.
    fn node(&mut self, node: &Node, to: u32) -> Option<u32> {
        let lazy = node.flags.has(Flags::LAZY);
        match &node.op {
            Op::Empty => Some(to),
            Op::Literal(runes) => self.literal(runes, node.flags.has(Flags::FOLD), to),
            Op::Class(class) => {
                let key = Key::Node(std::ptr::from_ref(node).addr());
                let class = self.class(key, || class.characters().collect());
                self.push(Inst::Class(class, to))
            }
            Op::AnyButNewline => self.push(Inst::AnyButNewline(to)),
            Op::Any => self.push(Inst::Any(to)),
            Op::Look(look) => self.push(Inst::Look(*look, to)),
            Op::Capture(group) => {
                let slot = u32::try_from(*group).ok()?.checked_mul(2)?;
                let end = self.push(Inst::Slot(slot + 1, to))?;
                let begin = self.only(node, end)?;
                self.push(Inst::Slot(slot, begin))
            }
            Op::Plus => self.plus(node, lazy, to),
            Op::Star => {
                // As (x+)?, because the order of preference would be wrong for an x that matches the empty text.
                let begin = self.plus(node, lazy, to)?;
                self.split(begin, to, lazy)
            }
            Op::Question => {
                let begin = self.only(node, to)?;
                self.split(begin, to, lazy)
            }
            Op::Repeat(min, max) => self.repeat(node, (*min, *max), lazy, to),
            Op::Concat => node
                .subs
                .iter()
                .rev()
                .try_fold(to, |to, sub| self.node(sub, to)),
            Op::Alternate => {
                let mut subs = node.subs.iter().rev();
                let last = self.node(subs.next()?, to)?;
                subs.try_fold(last, |others, sub| {
                    let first = self.node(sub, to)?;
                    self.push(Inst::Split(first, others))
                })
            }
            Op::Nothing | Op::Unfactored | Op::Open(_) | Op::Bar => self.push(Inst::Fail),
        }
    }

    fn only(&mut self, node: &Node, to: u32) -> Option<u32> {
        self.node(node.subs.first()?, to)
    }

    fn split(&mut self, begin: u32, past: u32, lazy: bool) -> Option<u32> {
        self.push(match lazy {
            true => Inst::Split(past, begin),
            false => Inst::Split(begin, past),
        })
    }

    fn plus(&mut self, node: &Node, lazy: bool, to: u32) -> Option<u32> {
        let again = self.push(Inst::Fail)?;
        let begin = self.only(node, again)?;
        *self.code.get_mut(again as usize)? = match lazy {
            true => Inst::Split(to, begin),
            false => Inst::Split(begin, to),
        };
        Some(begin)
    }

    /// `x{2,4}` is `xx(?:x(?:x)?)?`, `x{2,}` is `xx+`.
    fn repeat(
        &mut self,
        node: &Node,
        (min, max): (u32, Option<u32>),
        lazy: bool,
        to: u32,
    ) -> Option<u32> {
        let (copies, mut begin) = match max {
            Some(max) => {
                let mut begin = to;
                for _ in min..max {
                    let more = self.only(node, begin)?;
                    begin = self.split(more, to, lazy)?;
                }
                (min, begin)
            }
            None => {
                let begin = self.plus(node, lazy, to)?;
                match min {
                    0 => (0, self.split(begin, to, lazy)?),
                    _ => (min - 1, begin),
                }
            }
        };
        for _ in 0..copies {
            begin = self.only(node, begin)?;
        }
        Some(begin)
    }

    fn literal(&mut self, runes: &[u32], folds: bool, to: u32) -> Option<u32> {
        runes.iter().rev().try_fold(to, |to, rune| {
            let Some(character) = char::from_u32(*rune) else {
                // A surrogate is in no text.
                return self.push(Inst::Fail);
            };
            if !folds || other_cases(character).next().is_none() {
                return self.push(Inst::Char(character, to));
            }
            let class = self.class(Key::Letter(character), || cases(character));
            self.push(Inst::Class(class, to))
        })
    }

    /// Copies of a node share their class.
    fn class(&mut self, key: Key, ranges: impl FnOnce() -> Vec<(char, char)>) -> u32 {
        let next = self.classes.len() as u32;
        *self.known.entry(key).or_insert_with(|| {
            self.classes.push(ranges());
            next
        })
    }
}

fn cases(character: char) -> Vec<(char, char)> {
    let mut cases: Vec<_> = other_cases(character).chain([character]).collect();
    cases.sort_unstable();
    cases.into_iter().map(|case| (case, case)).collect()
}
