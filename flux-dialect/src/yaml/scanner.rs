//! Text to tokens, by the rules of libyaml as goyaml carries it.
//!
//! The rules are those of the Go scanner to the letter: where tabs may stand, the limit of 1,024 characters for a simple
//! key, how far it looks ahead, what ends a plain scalar. Its quirks are kept, because they decide what Flux accepts.
//!
//! Source: `go.yaml.in/yaml/v2: scannerc.go`, v2.4.4, and `go.yaml.in/yaml/v3: scannerc.go`, v3.0.4.

mod block;
mod keys;
mod plain;
mod property;
mod quoted;
mod space;
mod text;

use std::borrow::Cow;
use std::collections::VecDeque;

use self::text::signed;
use super::Dialect;
use super::error::{Error, ErrorKind};
use super::input::Input;

/// Upstream's own bound on nesting; [`Limits::depth`](super::Limits::depth) is below it.
const MAX_DEPTH: usize = 10_000;

/// A simple key must end within this many characters.
const MAX_SIMPLE_KEY: usize = 1024;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    SingleQuoted,
    DoubleQuoted,
    Literal,
    Folded,
}

#[derive(Debug)]
pub(super) enum TokenKind<'a> {
    StreamStart,
    StreamEnd,
    /// Whether it is the one version that the parser knows.
    VersionDirective {
        supported: bool,
    },
    TagDirective(Box<(String, String)>),
    DocumentStart,
    DocumentEnd,
    BlockSequenceStart,
    BlockMappingStart,
    BlockEnd,
    FlowSequenceStart,
    FlowSequenceEnd,
    FlowMappingStart,
    FlowMappingEnd,
    BlockEntry,
    FlowEntry,
    Key,
    Value,
    Alias(&'a str),
    Anchor(&'a str),
    Tag(Box<(String, String)>),
    Scalar(Cow<'a, str>, Style),
}

#[derive(Debug)]
pub(super) struct Token<'a> {
    pub(super) kind: TokenKind<'a>,
    pub(super) start: usize,
    pub(super) end: usize,
    /// Flow level whose simple key this token may begin.
    simple_key: Option<usize>,
}

/// A place where a key without `?` may have begun, one per flow level.
#[derive(Debug, Clone, Copy, Default)]
struct SimpleKey {
    possible: bool,
    required: bool,
    token: usize,
    start: usize,
    line_start: usize,
    column: usize,
}

/// Whether a comment behind a token is read with it (v3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comment {
    OfToken,
    Apart,
}

pub(super) struct Scanner<'a> {
    text: &'a str,
    bytes: &'a [u8],
    ascii: bool,
    refused: Option<&'a Error>,
    dialect: Dialect,
    pos: usize,
    line_start: usize,
    /// Last place whose column was counted, and that column, for lines with characters of several bytes.
    counted: (usize, usize),
    flow_level: usize,
    /// Indentation of the open block collection; -1 outside of any.
    indent: isize,
    indents: Vec<isize>,
    simple_key_allowed: bool,
    simple_keys: Vec<SimpleKey>,
    tokens: VecDeque<Token<'a>>,
    /// How many tokens the parser has taken.
    taken: usize,
    /// The next token may begin the simple key of this flow level.
    pending_key: Option<usize>,
    started: bool,
    /// The text begins with a second byte order mark, and stands at the start of upstream's buffer still.
    marked: bool,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(input: &'a Input<'_>, dialect: Dialect) -> Self {
        let text: &'a str = &input.text;
        Self {
            text,
            bytes: text.as_bytes(),
            ascii: text.is_ascii(),
            refused: input.refused.as_ref(),
            dialect,
            pos: 0,
            line_start: 0,
            counted: (0, 0),
            flow_level: 0,
            indent: -1,
            indents: Vec::new(),
            simple_key_allowed: true,
            simple_keys: vec![SimpleKey::default()],
            tokens: VecDeque::new(),
            taken: 0,
            pending_key: None,
            started: false,
            marked: text.starts_with('\u{FEFF}'),
        }
    }

    /// The next token, without taking it.
    pub(super) fn peek(&mut self) -> Result<&Token<'a>, Error> {
        while self.needs_more()? {
            self.fetch()?;
        }
        // The loop ends with at least one token in the queue.
        self.tokens
            .front()
            .ok_or_else(|| Error::new(ErrorKind::Syntax, "no token", self.pos..self.pos))
    }

    /// Takes the token that was peeked at.
    pub(super) fn take(&mut self) -> Option<Token<'a>> {
        self.taken += 1;
        self.tokens.pop_front()
    }

    fn needs_more(&mut self) -> Result<bool, Error> {
        // v3 looks two tokens further ahead, for its comments.
        let lookahead = match self.dialect {
            Dialect::V2 => 0,
            Dialect::V3 => 2,
        };
        if self.tokens.len() <= lookahead {
            return Ok(true);
        }
        let Some(level) = self.tokens.front().and_then(|token| token.simple_key) else {
            return Ok(false);
        };
        self.simple_key_is_valid(level)
    }

    fn fetch(&mut self) -> Result<(), Error> {
        self.require(1)?;
        if !self.started {
            self.started = true;
            self.push(TokenKind::StreamStart, self.pos, self.pos);
            return Ok(());
        }
        self.skip_to_next_token()?;
        let column = self.column();
        self.unroll_indent(signed(column));
        self.require(4)?;
        let comment = self.fetch_token(column)?;
        if self.dialect == Dialect::V3 && comment == Comment::OfToken {
            self.skip_line_comment()?;
        }
        Ok(())
    }

    /// Reads one token; says what a comment behind it belongs to.
    fn fetch_token(&mut self, column: usize) -> Result<Comment, Error> {
        let flow = self.flow_level > 0;
        if self.pos >= self.bytes.len() {
            return self.fetch_stream_end().map(|()| Comment::Apart);
        }
        let byte = self.at(0);
        if column == 0 {
            match byte {
                b'%' => return self.fetch_directive().map(|()| Comment::Apart),
                b'-' | b'.' if self.at_document_indicator() => {
                    return self.fetch_document_indicator(byte).map(|()| Comment::Apart);
                }
                _ => {}
            }
        }
        match byte {
            b'[' => self.fetch_flow_start(TokenKind::FlowSequenceStart)?,
            b'{' => self.fetch_flow_start(TokenKind::FlowMappingStart)?,
            b']' => self.fetch_flow_end(TokenKind::FlowSequenceEnd)?,
            b'}' => self.fetch_flow_end(TokenKind::FlowMappingEnd)?,
            b',' => {
                self.remove_simple_key()?;
                self.simple_key_allowed = true;
                self.push_indicator(TokenKind::FlowEntry);
            }
            b'-' if self.blank_or_end(1) => {
                self.fetch_block_entry(column)?;
                return Ok(Comment::Apart);
            }
            b'?' if flow || self.blank_or_end(1) => self.fetch_key(column)?,
            b':' if flow || self.blank_or_end(1) => self.fetch_value(column)?,
            b'*' | b'&' => self.fetch_anchor(byte)?,
            b'!' => self.fetch_tag()?,
            b'|' | b'>' if !flow => self.fetch_block_scalar(byte == b'|')?,
            b'\'' | b'"' => self.fetch_quoted(byte)?,
            // `-`, `?` and `:` that begin a plain scalar come last; the cases where they do not were taken above.
            b'#' | b'|' | b'>' | b'%' | b'@' | b'`' | b'\t' => {
                return Err(self.error("found character that cannot start any token"));
            }
            _ => self.fetch_plain()?,
        }
        Ok(Comment::OfToken)
    }

    fn fetch_stream_end(&mut self) -> Result<(), Error> {
        // The end counts as the start of a line of its own.
        if self.pos != self.line_start {
            self.line_start = self.pos;
        }
        self.unroll_indent(-1);
        self.remove_simple_key()?;
        self.simple_key_allowed = false;
        self.push(TokenKind::StreamEnd, self.pos, self.pos);
        Ok(())
    }

    fn fetch_document_indicator(&mut self, byte: u8) -> Result<(), Error> {
        self.unroll_indent(-1);
        self.remove_simple_key()?;
        self.simple_key_allowed = false;
        let start = self.pos;
        self.pos += 3;
        let kind = if byte == b'-' {
            TokenKind::DocumentStart
        } else {
            TokenKind::DocumentEnd
        };
        self.push(kind, start, self.pos);
        Ok(())
    }

    fn fetch_flow_start(&mut self, kind: TokenKind<'a>) -> Result<(), Error> {
        self.save_simple_key()?;
        let inner = SimpleKey {
            token: self.next_token(),
            start: self.pos,
            ..SimpleKey::default()
        };
        self.simple_keys.push(inner);
        self.flow_level += 1;
        if self.flow_level > MAX_DEPTH {
            return Err(Error::new(
                ErrorKind::Limit,
                "exceeded max depth of 10000",
                self.pos..self.pos + 1,
            ));
        }
        self.simple_key_allowed = true;
        self.push_indicator(kind);
        Ok(())
    }

    fn fetch_flow_end(&mut self, kind: TokenKind<'a>) -> Result<(), Error> {
        self.remove_simple_key()?;
        if self.flow_level > 0 {
            self.flow_level -= 1;
            // The key of the closed level has the token number of its opening bracket, and the key that began there is
            // forgotten with it: `[]: a` is no mapping with a list as its key for the goyaml scanner, `[a]: a` is.
            if let Some(key) = self.simple_keys.pop() {
                self.forget_key_token(key.token);
            }
        }
        self.simple_key_allowed = false;
        self.push_indicator(kind);
        Ok(())
    }

    fn fetch_block_entry(&mut self, column: usize) -> Result<(), Error> {
        if self.flow_level == 0 {
            if !self.simple_key_allowed {
                return Err(self.error("block sequence entries are not allowed in this context"));
            }
            self.roll_indent(column, None, TokenKind::BlockSequenceStart, self.pos)?;
        }
        self.remove_simple_key()?;
        self.simple_key_allowed = true;
        self.push_indicator(TokenKind::BlockEntry);
        Ok(())
    }

    fn fetch_key(&mut self, column: usize) -> Result<(), Error> {
        if self.flow_level == 0 {
            if !self.simple_key_allowed {
                return Err(self.error("mapping keys are not allowed in this context"));
            }
            self.roll_indent(column, None, TokenKind::BlockMappingStart, self.pos)?;
        }
        self.remove_simple_key()?;
        self.simple_key_allowed = self.flow_level == 0;
        self.push_indicator(TokenKind::Key);
        Ok(())
    }

    fn fetch_value(&mut self, column: usize) -> Result<(), Error> {
        let level = self.simple_keys.len().saturating_sub(1);
        if self.simple_key_is_valid(level)? {
            let key = self.simple_keys.get(level).copied().unwrap_or_default();
            self.forget_key_token(key.token);
            self.insert(Some(key.token), TokenKind::Key, key.start);
            self.roll_indent(
                key.column,
                Some(key.token),
                TokenKind::BlockMappingStart,
                key.start,
            )?;
            if let Some(key) = self.simple_keys.get_mut(level) {
                key.possible = false;
            }
            self.simple_key_allowed = false;
        } else {
            if self.flow_level == 0 {
                if !self.simple_key_allowed {
                    return Err(self.error("mapping values are not allowed in this context"));
                }
                self.roll_indent(column, None, TokenKind::BlockMappingStart, self.pos)?;
            }
            self.simple_key_allowed = self.flow_level == 0;
        }
        self.push_indicator(TokenKind::Value);
        Ok(())
    }

    // What goes wrong.

    /// Upstream decodes further to see this many characters, and may meet bytes that it refuses.
    fn require(&mut self, characters: usize) -> Result<(), Error> {
        if self.refused.is_none() && !self.marked || self.has(characters) {
            return Ok(());
        }
        self.marked = false;
        self.refused.map_or(Ok(()), |error| Err(error.clone()))
    }

    fn has(&self, count: usize) -> bool {
        let rest = self.bytes.get(self.pos..).unwrap_or_default();
        let read = if self.marked {
            rest.get(..512_usize.saturating_sub(self.pos))
                .unwrap_or(rest)
        } else {
            rest
        };
        read.len() >= count.saturating_mul(4) || text::characters(read) >= count
    }

    fn error(&self, message: &'static str) -> Error {
        self.error_at(message, self.pos)
    }

    fn error_at(&self, message: &'static str, start: usize) -> Error {
        match self.refused {
            Some(error) if self.pos + 1 >= self.bytes.len() => error.clone(),
            _ => Error::new(ErrorKind::Syntax, message, start..self.pos.max(start)),
        }
    }
}
