//! Reads a pattern as Go's parser does: from left to right, with a stack of what was read.
//!
//! Source: Go 1.26: `src/regexp/syntax/parse.go (parse)`. The order of checks decides which error is the first, and the
//! shape of the tree decides where Go's limits lie, so both follow Go's.

use super::class::{Class, Folds};
use super::error::{ErrorKind, Fault};
use super::tree::{Flags, Look, Node, Op};
use crate::unicode;

pub(super) use self::limit::{MAX_SIZE, compute_height};

mod bracket;
mod escape;
mod factor;
mod group;
mod limit;
mod named;
mod repeat;
mod stack;
#[cfg(test)]
mod tests;

/// A pattern that was understood.
#[derive(Debug)]
pub(super) struct Tree {
    pub(super) root: Node,
    /// The name of each group, in order of the opening parentheses; empty where it has none.
    pub(super) names: Vec<Box<str>>,
}

pub(super) fn parse(pattern: &[u8]) -> Result<Tree, Fault> {
    let mut parser = Parser::new(pattern);
    let mut rest = pattern;
    while !rest.is_empty() {
        rest = parser.item(rest)?;
    }
    parser.alternatives()?;
    match parser.stack.pop() {
        Some(root) if parser.stack.is_empty() => Ok(Tree {
            root,
            names: parser.names,
        }),
        _ => Err(parser.whole(ErrorKind::MissingParen)),
    }
}

struct Parser<'p> {
    pattern: &'p [u8],
    flags: Flags,
    stack: Vec<Node>,
    names: Vec<Box<str>>,
    /// Where the last item began, if it was a repetition.
    repetition: Option<&'p [u8]>,
    limits: limit::Limits,
    folds: Folds,
}

impl<'p> Parser<'p> {
    fn new(pattern: &'p [u8]) -> Self {
        Self {
            pattern,
            flags: Flags::PERL,
            stack: Vec::new(),
            names: Vec::new(),
            repetition: None,
            limits: limit::Limits::default(),
            folds: Folds::default(),
        }
    }

    /// Reads one item and returns what follows it.
    fn item(&mut self, rest: &'p [u8]) -> Result<&'p [u8], Fault> {
        let repetition = self.repetition.take();
        match rest {
            [b'(', b'?', ..] => self.special_group(rest),
            [b'(', after @ ..] => {
                self.open("")?;
                Ok(after)
            }
            [b'|', after @ ..] => {
                self.bar()?;
                Ok(after)
            }
            [b')', after @ ..] => {
                self.close()?;
                Ok(after)
            }
            [b'^', after @ ..] => {
                let multiline = !self.flags.has(Flags::ONE_LINE);
                let look = if multiline {
                    Look::StartOfLine
                } else {
                    Look::Start
                };
                self.push_new(Op::Look(look))?;
                Ok(after)
            }
            [b'$', after @ ..] => {
                let multiline = !self.flags.has(Flags::ONE_LINE);
                let look = if multiline {
                    Look::EndOfLine
                } else {
                    Look::End
                };
                self.push_new(Op::Look(look))?;
                Ok(after)
            }
            [b'.', after @ ..] => {
                let any = self.flags.has(Flags::DOT_NEWLINE);
                self.push_new(if any { Op::Any } else { Op::AnyButNewline })?;
                Ok(after)
            }
            [b'[', ..] => self.bracket(rest),
            [b'*' | b'+' | b'?' | b'{', ..] => self.repetition(rest, repetition),
            [b'\\', ..] => self.backslash(rest),
            _ => {
                let (rune, after) = self.rune(rest)?;
                self.literal(rune)?;
                Ok(after)
            }
        }
    }

    fn backslash(&mut self, rest: &'p [u8]) -> Result<&'p [u8], Fault> {
        let look = match rest {
            [_, b'A', ..] => Some(Look::Start),
            [_, b'z', ..] => Some(Look::End),
            [_, b'b', ..] => Some(Look::WordBoundary),
            [_, b'B', ..] => Some(Look::NoWordBoundary),
            _ => None,
        };
        match (look, rest) {
            (Some(look), [_, _, after @ ..]) => {
                self.push_new(Op::Look(look))?;
                return Ok(after);
            }
            (_, [_, b'C', after @ ..]) => {
                return Err(self.fault(ErrorKind::InvalidEscape, rest, after));
            }
            (_, [_, b'Q', quoted @ ..]) => return self.quotation(quoted),
            _ => {}
        }
        let mut class = Class::default();
        self.limits.allocate();
        if let Some(after) = self.unicode_class(rest, &mut class)? {
            self.push_class(class)?;
            return Ok(after);
        }
        if let Some(after) = self.perl_class(rest, &mut class) {
            self.push_class(class)?;
            return Ok(after);
        }
        self.limits.free();
        let (rune, after) = self.escape(rest)?;
        self.literal(rune)?;
        Ok(after)
    }

    /// Everything up to `\E` stands for itself.
    fn quotation(&mut self, quoted: &'p [u8]) -> Result<&'p [u8], Fault> {
        let end = quoted.windows(2).position(|pair| pair == b"\\E");
        let (mut literal, after) = quoted.split_at(end.unwrap_or(quoted.len()));
        while !literal.is_empty() {
            let begin = self.offset(after) - literal.len();
            let (rune, rest) = rune(literal).ok_or(Fault {
                kind: ErrorKind::InvalidUtf8,
                span: begin..begin + literal.len(),
            })?;
            self.literal(rune)?;
            literal = rest;
        }
        Ok(after.get(2..).unwrap_or_default())
    }

    /// The first character of a suffix of the pattern.
    fn rune(&self, rest: &'p [u8]) -> Result<(u32, &'p [u8]), Fault> {
        rune(rest).ok_or_else(|| self.fault(ErrorKind::InvalidUtf8, rest, &[]))
    }

    /// Fails where a piece of the pattern is not UTF-8; what follows the piece is given too.
    fn utf8(&self, piece: &'p [u8], after: &'p [u8]) -> Result<(), Fault> {
        match std::str::from_utf8(piece) {
            Ok(_) => Ok(()),
            Err(error) => {
                let end = self.offset(after);
                Err(Fault {
                    kind: ErrorKind::InvalidUtf8,
                    span: end - piece.len() + error.valid_up_to()..end,
                })
            }
        }
    }

    /// Where a suffix of the pattern begins.
    fn offset(&self, rest: &[u8]) -> usize {
        self.pattern.len() - rest.len()
    }

    /// An error about what lies between the beginnings of two suffixes.
    fn fault(&self, kind: ErrorKind, from: &[u8], to: &[u8]) -> Fault {
        Fault {
            kind,
            span: self.offset(from)..self.offset(to),
        }
    }

    fn whole(&self, kind: ErrorKind) -> Fault {
        self.fault(kind, self.pattern, &[])
    }
}

/// The first character, unless the bytes there are none. At the end it is U+FFFD of no length, as in Go.
fn rune(text: &[u8]) -> Option<(u32, &[u8])> {
    let (character, length) = unicode::decode(text);
    if character == char::REPLACEMENT_CHARACTER && length == 1 {
        return None;
    }
    Some((character.into(), text.get(length..).unwrap_or_default()))
}
