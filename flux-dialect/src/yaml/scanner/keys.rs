//! Simple keys, indentation, and the queue of tokens that both reach back into.

use super::text::signed;
use super::{MAX_DEPTH, MAX_SIMPLE_KEY, Scanner, SimpleKey, Token, TokenKind};
use crate::yaml::error::{Error, ErrorKind};

impl<'a> Scanner<'a> {
    pub(super) fn simple_key_is_valid(&mut self, level: usize) -> Result<bool, Error> {
        let Some(key) = self
            .simple_keys
            .get(level)
            .copied()
            .filter(|key| key.possible)
        else {
            return Ok(false);
        };
        if key.line_start == self.line_start && !self.further_than(key.start, MAX_SIMPLE_KEY) {
            return Ok(true);
        }
        if key.required {
            return Err(self.error_at("could not find expected ':'", key.start));
        }
        if let Some(key) = self.simple_keys.get_mut(level) {
            key.possible = false;
        }
        Ok(false)
    }

    pub(super) fn save_simple_key(&mut self) -> Result<(), Error> {
        if !self.simple_key_allowed {
            return Ok(());
        }
        let column = self.column();
        let key = SimpleKey {
            possible: true,
            required: self.flow_level == 0 && self.indent == signed(column),
            token: self.next_token(),
            start: self.pos,
            line_start: self.line_start,
            column,
        };
        self.remove_simple_key()?;
        self.pending_key = Some(self.simple_keys.len().saturating_sub(1));
        if let Some(last) = self.simple_keys.last_mut() {
            *last = key;
        }
        Ok(())
    }

    pub(super) fn remove_simple_key(&mut self) -> Result<(), Error> {
        let Some(key) = self.simple_keys.last_mut().filter(|key| key.possible) else {
            return Ok(());
        };
        let removed = *key;
        if removed.required {
            return Err(self.error_at("could not find expected ':'", removed.start));
        }
        key.possible = false;
        self.forget_key_token(removed.token);
        Ok(())
    }

    /// The token with this number no longer begins a simple key.
    pub(super) fn forget_key_token(&mut self, number: usize) {
        let Some(index) = number.checked_sub(self.taken) else {
            return;
        };
        if let Some(token) = self.tokens.get_mut(index) {
            token.simple_key = None;
        } else if index == self.tokens.len() {
            self.pending_key = None;
        }
    }

    pub(super) fn next_token(&self) -> usize {
        self.taken + self.tokens.len()
    }

    pub(super) fn roll_indent(
        &mut self,
        column: usize,
        token: Option<usize>,
        kind: TokenKind<'a>,
        start: usize,
    ) -> Result<(), Error> {
        if self.flow_level > 0 || self.indent >= signed(column) {
            return Ok(());
        }
        self.indents.push(self.indent);
        self.indent = signed(column);
        if self.indents.len() > MAX_DEPTH {
            return Err(Error::new(
                ErrorKind::Limit,
                "exceeded max depth of 10000",
                self.pos..self.pos,
            ));
        }
        self.insert(token, kind, start);
        Ok(())
    }

    pub(super) fn unroll_indent(&mut self, column: isize) {
        if self.flow_level > 0 {
            return;
        }
        while self.indent > column {
            self.push(TokenKind::BlockEnd, self.pos, self.pos);
            self.indent = self.indents.pop().unwrap_or(-1);
        }
    }

    // The queue.

    pub(super) fn push(&mut self, kind: TokenKind<'a>, start: usize, end: usize) {
        let simple_key = self.pending_key.take();
        self.tokens.push_back(Token {
            kind,
            start,
            end,
            simple_key,
        });
    }

    pub(super) fn push_indicator(&mut self, kind: TokenKind<'a>) {
        let start = self.pos;
        self.pos += 1;
        self.push(kind, start, self.pos);
    }

    /// Puts a token where the token with this number stands, or at the end where that one was taken already.
    pub(super) fn insert(&mut self, number: Option<usize>, kind: TokenKind<'a>, start: usize) {
        let token = Token {
            kind,
            start,
            end: start,
            simple_key: None,
        };
        match number.and_then(|number| number.checked_sub(self.taken)) {
            Some(index) if index <= self.tokens.len() => self.tokens.insert(index, token),
            _ => self.tokens.push_back(token),
        }
    }
}
