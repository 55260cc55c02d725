//! Single and double quoted scalars.

use std::borrow::Cow;

use super::plain::Folding;
use super::{Scanner, Style, TokenKind};
use crate::yaml::error::Error;

impl<'a> Scanner<'a> {
    pub(super) fn fetch_quoted(&mut self, quote: u8) -> Result<(), Error> {
        self.save_simple_key()?;
        self.simple_key_allowed = false;
        let start = self.pos;
        let style = if quote == b'\'' {
            Style::SingleQuoted
        } else {
            Style::DoubleQuoted
        };
        self.pos += 1;
        let value = match self.quoted_without_escapes(quote) {
            Some(value) => Cow::Borrowed(value),
            None => Cow::Owned(self.quoted(quote, start)?),
        };
        self.require(2)?;
        self.pos += 1;
        self.push(TokenKind::Scalar(value, style), start, self.pos);
        Ok(())
    }

    /// The text up to the closing quote, where nothing in it needs work.
    fn quoted_without_escapes(&mut self, quote: u8) -> Option<&'a str> {
        let start = self.pos;
        let mut at = start;
        loop {
            match self.bytes.get(at)? {
                b'\n' | b'\r' | 0xC2 | 0xE2 => return None,
                b'\\' if quote == b'"' => return None,
                byte if *byte == quote => break,
                _ => at += 1,
            }
        }
        if quote == b'\'' && self.bytes.get(at + 1) == Some(&b'\'') {
            return None;
        }
        // A quoted scalar that begins a line with `---` inside of its quotes is none of these: the quote stands first.
        self.pos = at;
        Some(self.slice(start, at))
    }

    fn quoted(&mut self, quote: u8, start: usize) -> Result<String, Error> {
        let mut value = String::new();
        let mut folded = Folding::default();
        loop {
            self.require(4)?;
            if self.pos == self.line_start && self.at_document_indicator() {
                return Err(self.error_at("found unexpected document indicator", start));
            }
            if self.pos >= self.bytes.len() {
                return Err(
                    self.error_at("found unexpected end of stream in a quoted scalar", start)
                );
            }
            self.quoted_text(quote, start, &mut value, &mut folded)?;
            if self.at(0) == quote && self.pos < self.bytes.len() {
                return Ok(value);
            }
            let blanks = self.pos;
            let mut blanks_end = blanks;
            loop {
                if self.blank(0) {
                    self.pos += 1;
                    if !folded.pending() {
                        blanks_end = self.pos;
                    }
                } else if self.break_width(self.pos) > 0 {
                    folded.push(self.read_break());
                } else {
                    break;
                }
            }
            if folded.pending() {
                folded.write(&mut value);
            } else {
                value.push_str(self.slice(blanks, blanks_end));
            }
        }
    }

    /// Text up to the next blank, line break or closing quote.
    fn quoted_text(
        &mut self,
        quote: u8,
        start: usize,
        value: &mut String,
        folded: &mut Folding,
    ) -> Result<(), Error> {
        let mut from = self.pos;
        while !self.blank_or_end(0) {
            match self.at(0) {
                b'\'' if quote == b'\'' => {
                    self.require(2)?;
                    if self.at(1) != b'\'' {
                        break;
                    }
                    value.push_str(self.slice(from, self.pos + 1));
                    self.pos += 2;
                    from = self.pos;
                }
                b'"' if quote == b'"' => break,
                b'\\' if quote == b'"' => {
                    self.require(3)?;
                    value.push_str(self.slice(from, self.pos));
                    if self.break_width(self.pos + 1) > 0 {
                        self.pos += 1;
                        self.skip_break();
                        folded.escape();
                        return Ok(());
                    }
                    value.push(self.escape(start)?);
                    from = self.pos;
                }
                _ => self.pos += 1,
            }
        }
        value.push_str(self.slice(from, self.pos));
        Ok(())
    }

    fn escape(&mut self, start: usize) -> Result<char, Error> {
        let (character, digits) = match self.at(1) {
            b'0' => ('\0', 0),
            b'a' => ('\x07', 0),
            b'b' => ('\x08', 0),
            b't' | b'\t' => ('\t', 0),
            b'n' => ('\n', 0),
            b'v' => ('\x0B', 0),
            b'f' => ('\x0C', 0),
            b'r' => ('\r', 0),
            b'e' => ('\x1B', 0),
            b' ' => (' ', 0),
            b'"' => ('"', 0),
            b'\'' => ('\'', 0),
            b'\\' => ('\\', 0),
            b'N' => ('\u{85}', 0),
            b'_' => ('\u{A0}', 0),
            b'L' => ('\u{2028}', 0),
            b'P' => ('\u{2029}', 0),
            b'x' => ('\0', 2),
            b'u' => ('\0', 4),
            b'U' => ('\0', 8),
            // `\/` is an escape of YAML 1.2 and of JSON, and none here.
            _ => return Err(self.error_at("found unknown escape character", start)),
        };
        self.pos += 2;
        if digits == 0 {
            return Ok(character);
        }
        self.require(digits)?;
        let mut code = 0_u32;
        for index in 0..digits {
            let Some(digit) = char::from(self.at(index)).to_digit(16) else {
                return Err(self.error_at("did not find expected hexadecimal number", start));
            };
            code = code.saturating_mul(16).saturating_add(digit);
        }
        let Some(character) = char::from_u32(code) else {
            return Err(self.error_at("found invalid Unicode character escape code", start));
        };
        self.pos += digits;
        Ok(character)
    }
}
