use std::borrow::Cow;
use std::ops::Range;

use super::{Parsed, Parser};
use crate::cel::error::{Error, ErrorKind};
use crate::cel::lex::{Token, TokenKind};

impl<'s> Parser<'s> {
    pub(super) fn peek(&self) -> Token {
        let last = Token {
            kind: TokenKind::End,
            start: 0,
            end: 0,
        };
        self.tokens.get(self.at).copied().unwrap_or(last)
    }

    /// The token here, which is left behind unless it is the end.
    pub(super) fn next(&mut self) -> Token {
        let token = self.peek();
        if token.kind != TokenKind::End {
            self.at += 1;
        }
        token
    }

    pub(super) fn accept(&mut self, sign: &'static str) -> bool {
        let found = self.peek().kind == TokenKind::Sign(sign);
        if found {
            self.next();
        }
        found
    }

    pub(super) fn expect(&mut self, sign: &'static str) -> Parsed<()> {
        match self.accept(sign) {
            true => Ok(()),
            false => Err(self.unexpected(&format!(" expecting '{sign}'"))),
        }
    }

    /// The end of the token that was read last.
    pub(super) fn end(&self) -> u32 {
        let last = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        last.map_or(0, |token| token.end)
    }

    pub(super) fn text(&self, token: Token) -> &'s str {
        self.source
            .get(token.start as usize..token.end as usize)
            .unwrap_or_default()
    }

    pub(super) fn unexpected(&self, expected: &str) -> Box<Error> {
        let token = self.peek();
        let text = match token.kind {
            TokenKind::End => "<EOF>",
            _ => self.text(token),
        };
        let message = format!("Syntax error: mismatched input '{text}'{expected}");
        self.error(message, token.span(), token.start)
    }

    pub(in crate::cel) fn error(
        &self,
        message: impl Into<Cow<'static, str>>,
        span: Range<u32>,
        at: u32,
    ) -> Box<Error> {
        Box::new(Error::new(ErrorKind::Parse, message, span, at))
    }
}
