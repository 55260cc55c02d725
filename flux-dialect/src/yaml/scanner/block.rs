//! Literal and folded block scalars.

use std::borrow::Cow;

use super::{Scanner, Style, TokenKind};
use crate::yaml::error::Error;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Chomping {
    Strip,
    Clip,
    Keep,
}

impl Scanner<'_> {
    pub(super) fn fetch_block_scalar(&mut self, literal: bool) -> Result<(), Error> {
        self.remove_simple_key()?;
        self.simple_key_allowed = true;
        let start = self.pos;
        self.pos += 1;
        let (chomping, increment) = self.block_header(start)?;

        let mut indent = match increment {
            0 => 0,
            _ => self.indent.max(0).unsigned_abs() + increment,
        };
        let mut value = String::new();
        let mut breaks = String::new();
        let mut leading_break = "";
        let mut leading_blank = false;
        let mut end = self.block_breaks(&mut indent, &mut breaks, start)?;
        while self.pos - self.line_start == indent && self.pos < self.bytes.len() {
            let blank = self.blank(0);
            if !literal && leading_break == "\n" && !leading_blank && !blank {
                if breaks.is_empty() {
                    value.push(' ');
                }
            } else {
                value.push_str(leading_break);
            }
            value.push_str(&breaks);
            breaks.clear();
            leading_blank = blank;

            let line_end = self.line_end(self.pos);
            value.push_str(self.slice(self.pos, line_end));
            self.pos = line_end;
            leading_break = self.read_break();
            end = self.block_breaks(&mut indent, &mut breaks, start)?;
        }
        if chomping != Chomping::Strip {
            value.push_str(leading_break);
        }
        if chomping == Chomping::Keep {
            value.push_str(&breaks);
        }
        self.require(1)?;
        let style = if literal {
            Style::Literal
        } else {
            Style::Folded
        };
        self.push(TokenKind::Scalar(Cow::Owned(value), style), start, end);
        Ok(())
    }

    /// Chomping and indentation indicators, and the rest of the line.
    fn block_header(&mut self, start: usize) -> Result<(Chomping, usize), Error> {
        let mut chomping = None;
        let mut increment = 0;
        for _ in 0..2 {
            match self.at(0) {
                b'+' if chomping.is_none() => chomping = Some(Chomping::Keep),
                b'-' if chomping.is_none() => chomping = Some(Chomping::Strip),
                b'0' if increment == 0 => {
                    return Err(self.error_at("found an indentation indicator equal to 0", start));
                }
                digit @ b'1'..=b'9' if increment == 0 => increment = usize::from(digit - b'0'),
                _ => break,
            }
            self.pos += 1;
        }
        while self.blank(0) {
            self.pos += 1;
        }
        if self.at(0) == b'#' {
            self.pos = self.line_end(self.pos);
        }
        if self.pos < self.bytes.len() && !self.skip_break() {
            return Err(self.error_at("did not find expected comment or line break", start));
        }
        Ok((chomping.unwrap_or(Chomping::Clip), increment))
    }

    /// Indentation and empty lines. Finds the indentation where it is not known yet. Returns the end of the scalar if it
    /// ended here.
    fn block_breaks(
        &mut self,
        indent: &mut usize,
        breaks: &mut String,
        start: usize,
    ) -> Result<usize, Error> {
        let mut end = self.pos;
        let mut widest = 0;
        loop {
            while (*indent == 0 || self.pos - self.line_start < *indent) && self.at(0) == b' ' {
                self.pos += 1;
            }
            let column = self.pos - self.line_start;
            widest = widest.max(column);
            if (*indent == 0 || column < *indent) && self.at(0) == b'\t' {
                return Err(self.error_at(
                    "found a tab character where an indentation space is expected",
                    start,
                ));
            }
            if self.break_width(self.pos) == 0 {
                break;
            }
            breaks.push_str(self.read_break());
            end = self.pos;
        }
        if *indent == 0 {
            let least = usize::try_from(self.indent + 1).unwrap_or(0).max(1);
            *indent = widest.max(least);
        }
        Ok(end)
    }
}
