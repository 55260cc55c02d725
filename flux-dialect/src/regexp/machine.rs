//! A machine of our own for patterns that the crate does not take: nested too deeply for its recursion, or with more states
//! than are worth their memory. It works on characters, so that a class is one instruction however many ranges it has.
//!
//! The algorithm is Pike's, as in Go: all ways to match go forward together, the preferred first, one character at a time.
//! Time is linear in text times instructions, memory in instructions.

use regex_automata::util::primitives::NonMaxUsize;

use super::slots::Slot;
use super::tree::{Look, NEWLINE};
use crate::unicode;

pub(super) use self::emit::emit;

mod emit;
mod threads;

use self::threads::Threads;

#[derive(Debug, Clone)]
pub(super) struct Machine {
    code: Vec<Inst>,
    classes: Vec<Vec<(char, char)>>,
    start: u32,
}

#[derive(Debug, Clone, Copy)]
enum Inst {
    Match,
    Fail,
    /// The first way is preferred.
    Split(u32, u32),
    Slot(u32, u32),
    Look(Look, u32),
    Char(char, u32),
    Class(u32, u32),
    AnyButNewline(u32),
    Any(u32),
}

/// A place in the text, and what is beside it.
#[derive(Debug, Clone, Copy)]
struct Place {
    at: usize,
    before: Option<char>,
    after: Option<char>,
}

impl Machine {
    /// Whether the text, which is UTF-8, matches; the places where groups begin and end go to the slots.
    pub(super) fn search(&self, text: &[u8], slots: &mut [Slot]) -> bool {
        let mut now = Threads::new(self.code.len(), slots.len());
        let mut next = Threads::new(self.code.len(), slots.len());
        let mut blank = vec![None; slots.len()];
        let mut found = false;
        let mut place = Place {
            at: 0,
            before: None,
            after: first(text),
        };
        loop {
            if now.is_empty() && (found || place.at > 0 && self.is_anchored()) {
                break;
            }
            if !found {
                if let Some(begin) = blank.first_mut() {
                    *begin = NonMaxUsize::new(place.at);
                }
                self.follow(&mut now, self.start, place, &blank);
            }
            let ahead = place.after.map(|character| {
                let at = place.at + character.len_utf8();
                Place {
                    at,
                    before: Some(character),
                    after: first(text.get(at..).unwrap_or_default()),
                }
            });
            for (inst, thread_slots) in now.iter() {
                let to = match self.code.get(inst) {
                    Some(Inst::Match) => {
                        slots.copy_from_slice(thread_slots);
                        if let Some(end) = slots.get_mut(1) {
                            *end = NonMaxUsize::new(place.at);
                        }
                        found = true;
                        // The others are less preferred.
                        break;
                    }
                    Some(inst) => place.after.and_then(|character| self.step(inst, character)),
                    None => None,
                };
                if let (Some(to), Some(ahead)) = (to, ahead) {
                    self.follow(&mut next, to, ahead, thread_slots);
                }
            }
            now.clear();
            std::mem::swap(&mut now, &mut next);
            match ahead {
                Some(ahead) if !(found && slots.is_empty()) => place = ahead,
                _ => break,
            }
        }
        found
    }

    /// Where an instruction leads that reads this character.
    fn step(&self, inst: &Inst, character: char) -> Option<u32> {
        match *inst {
            Inst::Char(wanted, to) => (character == wanted).then_some(to),
            Inst::Any(to) => Some(to),
            Inst::AnyButNewline(to) => (u32::from(character) != NEWLINE).then_some(to),
            Inst::Class(class, to) => {
                let ranges = self.classes.get(class as usize)?;
                let at = ranges.partition_point(|(_, last)| *last < character);
                ranges
                    .get(at)
                    .is_some_and(|(first, _)| *first <= character)
                    .then_some(to)
            }
            _ => None,
        }
    }

    /// Adds the instructions that read a character or match, and to which others lead from here.
    fn follow(&self, threads: &mut Threads, from: u32, place: Place, slots: &[Slot]) {
        threads.begin(from, slots);
        while let Some(at) = threads.next_way() {
            let Some(inst) = self.code.get(at as usize) else {
                continue;
            };
            match *inst {
                Inst::Fail => {}
                Inst::Split(first, second) => {
                    threads.add_way(second);
                    threads.add_way(first);
                }
                Inst::Slot(slot, to) => {
                    threads.set_slot(slot, NonMaxUsize::new(place.at));
                    threads.add_way(to);
                }
                Inst::Look(look, to) if holds(look, place) => threads.add_way(to),
                Inst::Look(..) => {}
                _ => threads.add_thread(at),
            }
        }
    }

    fn is_anchored(&self) -> bool {
        matches!(
            self.code.get(self.start as usize),
            Some(Inst::Look(Look::Start, _))
        )
    }
}

fn first(text: &[u8]) -> Option<char> {
    (!text.is_empty()).then(|| unicode::decode(text).0)
}

fn holds(look: Look, place: Place) -> bool {
    let is_word = |side: Option<char>| side.is_some_and(|c| c == '_' || c.is_ascii_alphanumeric());
    let is_newline = |side: Option<char>| side.is_none_or(|c| c == '\n');
    match look {
        Look::Start => place.before.is_none(),
        Look::End => place.after.is_none(),
        Look::StartOfLine => is_newline(place.before),
        Look::EndOfLine => is_newline(place.after),
        Look::WordBoundary => is_word(place.before) != is_word(place.after),
        Look::NoWordBoundary => is_word(place.before) == is_word(place.after),
    }
}
