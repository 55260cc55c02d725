//! Plain scalars.

use std::borrow::Cow;

use super::text::signed;
use super::{Scanner, Style, TokenKind};
use crate::yaml::error::Error;

impl<'a> Scanner<'a> {
    pub(super) fn fetch_plain(&mut self) -> Result<(), Error> {
        self.save_simple_key()?;
        self.simple_key_allowed = false;
        let start = self.pos;
        let indent = self.indent + 1;
        let mut value = Cow::Borrowed("");
        let mut end = start;
        let mut folded = Folding::default();
        let mut broken;
        loop {
            broken = false;
            self.require(4)?;
            if (self.pos == self.line_start && self.at_document_indicator()) || self.at(0) == b'#' {
                broken = folded.pending();
                break;
            }
            // One stretch of text on one line, with the blanks inside it.
            let from = self.pos;
            let to = self.plain_end();
            if to > from {
                if folded.pending() {
                    folded.write(value.to_mut());
                    value.to_mut().push_str(self.slice(from, to));
                } else {
                    value = Cow::Borrowed(self.slice(from, to));
                }
                end = to;
                self.pos = to;
            }
            if !self.blank_or_end(0) || self.pos >= self.bytes.len() {
                broken = folded.pending();
                break;
            }
            // Blanks and line breaks behind it.
            loop {
                if self.blank(0) {
                    if broken && self.at(0) == b'\t' && signed(self.pos - self.line_start) < indent
                    {
                        return Err(
                            self.error_at("found a tab character that violates indentation", start)
                        );
                    }
                    self.pos += 1;
                } else if self.break_width(self.pos) > 0 {
                    folded.push(self.read_break());
                    broken = true;
                } else {
                    break;
                }
            }
            if self.flow_level == 0 && signed(self.pos - self.line_start) < indent {
                break;
            }
            if !broken {
                break;
            }
        }
        if broken {
            self.simple_key_allowed = true;
        }
        self.push(TokenKind::Scalar(value, Style::Plain), start, end);
        self.require(2)
    }

    /// End of the plain text that begins here, on this line, without trailing blanks.
    fn plain_end(&self) -> usize {
        let flow = self.flow_level > 0;
        let mut at = self.pos;
        let mut end = at;
        let mut after_blank = false;
        while let Some(byte) = self.bytes.get(at) {
            match byte {
                b' ' | b'\t' => {
                    after_blank = true;
                    at += 1;
                    continue;
                }
                b'\n' | b'\r' => break,
                0xC2 | 0xE2 if self.break_width(at) > 0 => break,
                b'#' if after_blank => break,
                b':' => match self.bytes.get(at + 1) {
                    None | Some(b' ' | b'\t' | b'\n' | b'\r') => break,
                    Some(0xC2 | 0xE2) if self.break_width(at + 1) > 0 => break,
                    Some(_) => {}
                },
                b',' | b'?' | b'[' | b']' | b'{' | b'}' if flow => break,
                _ => {}
            }
            after_blank = false;
            at += 1;
            end = at;
        }
        end
    }
}

/// The line breaks between two lines of a flow scalar: the first folds into a space, unless others follow.
#[derive(Default)]
pub(super) struct Folding {
    first: &'static str,
    others: String,
    seen: bool,
}

impl Folding {
    pub(super) const fn pending(&self) -> bool {
        self.seen
    }

    pub(super) fn push(&mut self, text: &'static str) {
        if self.seen {
            self.others.push_str(text);
        } else {
            self.seen = true;
            self.first = text;
        }
    }

    /// An escaped line break: it stands for nothing, and what follows is as after a line break.
    pub(super) fn escape(&mut self) {
        self.seen = true;
        self.first = "";
    }

    pub(super) fn write(&mut self, value: &mut String) {
        match (self.first, self.others.is_empty()) {
            ("\n", true) => value.push(' '),
            ("\n", false) => value.push_str(&self.others),
            (first, _) => {
                value.push_str(first);
                value.push_str(&self.others);
            }
        }
        self.seen = false;
        self.first = "";
        self.others.clear();
    }
}
