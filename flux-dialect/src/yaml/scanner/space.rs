//! White space and comments between tokens.

use super::Scanner;
use crate::yaml::Dialect;
use crate::yaml::error::Error;

impl Scanner<'_> {
    /// Spaces, comments and line breaks, up to the next token.
    pub(super) fn skip_to_next_token(&mut self) -> Result<(), Error> {
        loop {
            self.require(1)?;
            if self.pos == self.line_start && self.starts_with_mark() {
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
                    self.skip_more_comments();
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

    /// A second byte order mark. Upstream looks for it at the start of its buffer instead of at the current place, so that
    /// one such mark costs every following line of the buffer its first character.
    pub(super) fn starts_with_mark(&self) -> bool {
        self.text.starts_with('\u{FEFF}') && self.pos + 4 <= self.bytes.len().min(512)
    }

    /// v3 collects the comments of several lines at once, and minds no tabs in front of them.
    pub(super) fn skip_more_comments(&mut self) {
        while let Some(next) = self.comment_ahead(true) {
            while self.pos < next {
                if !self.skip_break() {
                    self.pos += 1;
                }
            }
            self.skip_comment();
        }
    }

    /// v3 takes the comment behind a token with the token.
    pub(super) fn skip_line_comment(&mut self) {
        let Some(comment) = self.comment_ahead(false) else {
            return;
        };
        let line = self
            .bytes
            .get(self.line_start..self.pos)
            .unwrap_or_default();
        // Only behind a token that ends on this line.
        if self.line_start == 0 || line.iter().any(|byte| !matches!(byte, b' ' | b'\t')) {
            self.pos = comment;
            self.skip_comment();
        }
    }

    /// Offset of a `#` behind blanks (and line breaks), at most 512 characters away.
    pub(super) fn comment_ahead(&self, breaks: bool) -> Option<usize> {
        let mut at = self.pos;
        for _ in 0..512 {
            match self.bytes.get(at).copied().unwrap_or_default() {
                b' ' | b'\t' => at += 1,
                b'#' => return Some(at),
                _ => match self.break_width(at) {
                    width if width > 0 && breaks => {
                        at += if self.bytes.get(at) == Some(&b'\r') {
                            1
                        } else {
                            width
                        }
                    }
                    _ => return None,
                },
            }
        }
        None
    }

    pub(super) fn skip_comment(&mut self) {
        self.pos = self.line_end(self.pos);
    }
}
