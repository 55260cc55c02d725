//! White space and comments between tokens.

use super::Scanner;
use crate::yaml::Dialect;
use crate::yaml::error::Error;

impl Scanner<'_> {
    /// Spaces, comments and line breaks, up to the next token.
    pub(super) fn skip_to_next_token(&mut self) -> Result<(), Error> {
        loop {
            self.require(1)?;
            // A second byte order mark: upstream looks for it at the start of its buffer instead of at the current place, so
            // that one such mark costs every line its first character, as long as the buffer stays where it is.
            if self.marked && self.pos == self.line_start {
                self.pos += self
                    .text
                    .get(self.pos..)
                    .and_then(|rest| rest.chars().next())
                    .map_or(0, char::len_utf8);
            }
            let tabs = self.flow_level > 0 || !self.simple_key_allowed;
            while self.at(0) == b' ' || (tabs && self.at(0) == b'\t') {
                self.pos += 1;
            }
            if self.at(0) == b'#' {
                self.skip_comment();
                if self.dialect == Dialect::V3 {
                    self.skip_more_comments()?;
                }
            }
            if !self.skip_break() {
                return Ok(());
            }
            if self.flow_level == 0 {
                self.simple_key_allowed = true;
            }
        }
    }

    /// v3 collects the comments of several lines at once, and minds no tabs in front of them.
    fn skip_more_comments(&mut self) -> Result<(), Error> {
        loop {
            match self.ahead(Across::Lines) {
                Ahead::Comment(next) => {
                    while self.pos < next {
                        if !self.skip_break() {
                            self.pos += 1;
                        }
                    }
                    self.skip_comment();
                }
                Ahead::End => return self.require(usize::MAX),
                Ahead::Other => return Ok(()),
            }
        }
    }

    /// v3 takes the comment behind a token with the token.
    pub(super) fn skip_line_comment(&mut self) -> Result<(), Error> {
        let ahead = self.ahead(Across::Blanks);
        if ahead == Ahead::Other {
            return Ok(());
        }
        let line = self
            .bytes
            .get(self.line_start..self.pos)
            .unwrap_or_default();
        // Only behind a token that ends on this line.
        if self.line_start > 0 && line.iter().all(|byte| matches!(byte, b' ' | b'\t')) {
            return Ok(());
        }
        match ahead {
            Ahead::Comment(comment) => {
                self.pos = comment;
                self.skip_comment();
                Ok(())
            }
            Ahead::End => self.require(usize::MAX),
            Ahead::Other => Ok(()),
        }
    }

    /// What stands behind blanks (and line breaks), at most 512 characters away.
    fn ahead(&self, across: Across) -> Ahead {
        let mut at = self.pos;
        for _ in 0..512 {
            match self.bytes.get(at) {
                None => return Ahead::End,
                Some(b' ' | b'\t') => at += 1,
                Some(b'#') => return Ahead::Comment(at),
                Some(byte) => match self.break_width(at) {
                    width if width > 0 && across == Across::Lines => {
                        at += if *byte == b'\r' { 1 } else { width };
                    }
                    _ => return Ahead::Other,
                },
            }
        }
        Ahead::Other
    }

    fn skip_comment(&mut self) {
        self.pos = self.line_end(self.pos);
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Across {
    Blanks,
    Lines,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Ahead {
    Comment(usize),
    /// The end of what can be read.
    End,
    Other,
}
