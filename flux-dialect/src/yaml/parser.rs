//! Tokens to events: the grammar of YAML 1.1, as a machine with an explicit stack.
//!
//! Source: `go.yaml.in/yaml/v2: parserc.go`, v2.4.4; v3 differs in comments only.

mod block;
mod flow;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use super::Dialect;
use super::error::{Error, ErrorKind};
use super::input::Input;
use super::scanner::{Scanner, Style, Token, TokenKind};

#[derive(Debug)]
pub(super) enum EventKind<'a> {
    DocumentStart,
    DocumentEnd,
    StreamEnd,
    Alias(&'a str),
    Scalar(Cow<'a, str>, Style),
    SequenceStart(Flow),
    SequenceEnd,
    MappingStart(Flow),
    MappingEnd,
}

/// Whether a collection is written with brackets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flow {
    Yes,
    No,
}

#[derive(Debug)]
pub(super) struct Event<'a> {
    pub(super) kind: EventKind<'a>,
    pub(super) span: Range<usize>,
    pub(super) anchor: Option<&'a str>,
    /// The resolved tag, empty where there is none.
    pub(super) tag: Cow<'static, str>,
}

impl<'a> Event<'a> {
    const fn new(kind: EventKind<'a>, span: Range<usize>) -> Self {
        Self {
            kind,
            span,
            anchor: None,
            tag: Cow::Borrowed(""),
        }
    }

    const fn empty(at: usize) -> Self {
        Self::new(EventKind::Scalar(Cow::Borrowed(""), Style::Plain), at..at)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    StreamStart,
    DocumentStart,
    DocumentContent,
    DocumentEnd,
    BlockNode,
    BlockSequenceFirst,
    BlockSequence,
    IndentlessSequence,
    BlockMappingFirst,
    BlockMappingKey,
    BlockMappingValue,
    FlowSequenceFirst,
    FlowSequence,
    FlowPairKey,
    FlowPairValue,
    FlowPairEnd,
    FlowMappingFirst,
    FlowMappingKey,
    FlowMappingValue,
    FlowMappingEmptyValue,
    End,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Context {
    Block,
    /// Where a sequence may stand at the indentation of its parent's keys.
    BlockOrIndentless,
    Flow,
}

/// Kinds of tokens as far as the grammar looks ahead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    DocumentStart,
    DocumentEnd,
    Directive,
    StreamEnd,
    BlockEntry,
    BlockEnd,
    Key,
    Value,
    FlowEntry,
    FlowSequenceEnd,
    FlowMappingEnd,
    Other,
}

pub(super) struct Parser<'a> {
    scanner: Scanner<'a>,
    state: State,
    states: Vec<State>,
    tags: BTreeMap<Cow<'static, str>, Cow<'static, str>>,
}

impl<'a> Parser<'a> {
    pub(super) fn new(input: &'a Input<'_>, dialect: Dialect) -> Self {
        Self {
            scanner: Scanner::new(input, dialect),
            state: State::StreamStart,
            states: Vec::new(),
            tags: BTreeMap::new(),
        }
    }

    pub(super) fn next(&mut self) -> Result<Event<'a>, Error> {
        match self.state {
            State::StreamStart => {
                self.scanner.peek()?;
                self.scanner.take();
                self.document_start(true)
            }
            State::DocumentStart => self.document_start(false),
            State::DocumentContent => self.document_content(),
            State::DocumentEnd => self.document_end(),
            State::BlockNode => self.node(Context::Block),
            State::BlockSequenceFirst => {
                self.skip();
                self.block_sequence()
            }
            State::BlockSequence => self.block_sequence(),
            State::IndentlessSequence => self.indentless_sequence(),
            State::BlockMappingFirst => {
                self.skip();
                self.block_mapping_key()
            }
            State::BlockMappingKey => self.block_mapping_key(),
            State::BlockMappingValue => self.block_mapping_value(),
            State::FlowSequenceFirst => {
                self.skip();
                self.flow_sequence(true)
            }
            State::FlowSequence => self.flow_sequence(false),
            State::FlowPairKey => self.flow_pair_key(),
            State::FlowPairValue => self.flow_pair_value(),
            State::FlowPairEnd => {
                let (_, at) = self.look()?;
                self.state = State::FlowSequence;
                Ok(Event::new(EventKind::MappingEnd, at.start..at.start))
            }
            State::FlowMappingFirst => {
                self.skip();
                self.flow_mapping_key(true)
            }
            State::FlowMappingKey => self.flow_mapping_key(false),
            State::FlowMappingValue => self.flow_mapping_value(),
            State::FlowMappingEmptyValue => {
                let (_, at) = self.look()?;
                self.state = State::FlowMappingKey;
                Ok(Event::empty(at.start))
            }
            State::End => Ok(Event::new(EventKind::StreamEnd, 0..0)),
        }
    }

    fn document_start(&mut self, implicit: bool) -> Result<Event<'a>, Error> {
        let (mut next, mut at) = self.look()?;
        while !implicit && next == Next::DocumentEnd {
            self.skip();
            (next, at) = self.look()?;
        }
        if next == Next::StreamEnd {
            self.skip();
            self.state = State::End;
            return Ok(Event::new(EventKind::StreamEnd, at));
        }
        if implicit && !matches!(next, Next::Directive | Next::DocumentStart) {
            self.directives()?;
            self.states.push(State::DocumentEnd);
            self.state = State::BlockNode;
            return Ok(Event::new(EventKind::DocumentStart, at));
        }
        self.directives()?;
        let (next, end) = self.look()?;
        if next != Next::DocumentStart {
            return Err(syntax("did not find expected <document start>", end));
        }
        self.states.push(State::DocumentEnd);
        self.state = State::DocumentContent;
        self.skip();
        Ok(Event::new(EventKind::DocumentStart, at.start..end.end))
    }

    fn document_content(&mut self) -> Result<Event<'a>, Error> {
        match self.look()? {
            (Next::Directive | Next::DocumentStart | Next::DocumentEnd | Next::StreamEnd, at) => {
                self.pop();
                Ok(Event::empty(at.start))
            }
            _ => self.node(Context::Block),
        }
    }

    fn document_end(&mut self) -> Result<Event<'a>, Error> {
        let (next, at) = self.look()?;
        if next == Next::DocumentEnd {
            self.skip();
        }
        self.tags.clear();
        self.state = State::DocumentStart;
        Ok(Event::new(EventKind::DocumentEnd, at.start..at.start))
    }

    fn directives(&mut self) -> Result<(), Error> {
        let mut versions = 0;
        loop {
            let token = self.scanner.peek()?;
            let at = token.start..token.end;
            match &token.kind {
                TokenKind::VersionDirective { supported } => {
                    if versions > 0 {
                        return Err(syntax("found duplicate %YAML directive", at));
                    }
                    if !supported {
                        return Err(syntax("found incompatible YAML document", at));
                    }
                    versions += 1;
                }
                TokenKind::TagDirective(directive) => {
                    let (handle, prefix) = (**directive).clone();
                    if self
                        .tags
                        .insert(Cow::Owned(handle), Cow::Owned(prefix))
                        .is_some()
                    {
                        return Err(syntax("found duplicate %TAG directive", at));
                    }
                }
                _ => break,
            }
            self.skip();
        }
        for (handle, prefix) in [("!", "!"), ("!!", "tag:yaml.org,2002:")] {
            self.tags
                .entry(Cow::Borrowed(handle))
                .or_insert(Cow::Borrowed(prefix));
        }
        Ok(())
    }

    fn node(&mut self, context: Context) -> Result<Event<'a>, Error> {
        let token = self.scanner.peek()?;
        let start = token.start;
        let mut span = token.start..token.start;
        if let TokenKind::Alias(name) = token.kind {
            let at = token.start..token.end;
            self.skip();
            self.pop();
            return Ok(Event::new(EventKind::Alias(name), at));
        }
        let mut anchor = None;
        let mut tag = None;
        // One anchor and one tag, in either order.
        loop {
            let token = self.scanner.peek()?;
            match &token.kind {
                TokenKind::Anchor(name) if anchor.is_none() => anchor = Some(*name),
                TokenKind::Tag(parts) if tag.is_none() => {
                    tag = Some(((**parts).clone(), token.start..token.end))
                }
                _ => break,
            }
            span.end = token.end;
            self.skip();
        }
        let tag = tag.map_or(Ok(Cow::Borrowed("")), |((handle, suffix), at)| {
            self.tag(&handle, &suffix, at)
        })?;

        let token = self.scanner.peek()?;
        let (at, end) = (token.start..token.end, token.end);
        let kind = match &token.kind {
            TokenKind::BlockEntry if context == Context::BlockOrIndentless => {
                self.state = State::IndentlessSequence;
                EventKind::SequenceStart(Flow::No)
            }
            TokenKind::Scalar(..) => {
                let Some(Token {
                    kind: TokenKind::Scalar(value, style),
                    ..
                }) = self.scanner.take()
                else {
                    return Err(syntax("no scalar", at));
                };
                self.pop();
                EventKind::Scalar(value, style)
            }
            TokenKind::FlowSequenceStart => {
                self.state = State::FlowSequenceFirst;
                EventKind::SequenceStart(Flow::Yes)
            }
            TokenKind::FlowMappingStart => {
                self.state = State::FlowMappingFirst;
                EventKind::MappingStart(Flow::Yes)
            }
            TokenKind::BlockSequenceStart if context != Context::Flow => {
                self.state = State::BlockSequenceFirst;
                EventKind::SequenceStart(Flow::No)
            }
            TokenKind::BlockMappingStart if context != Context::Flow => {
                self.state = State::BlockMappingFirst;
                EventKind::MappingStart(Flow::No)
            }
            _ if anchor.is_some() || !tag.is_empty() => {
                self.pop();
                let kind = EventKind::Scalar(Cow::Borrowed(""), Style::Plain);
                return Ok(Event {
                    kind,
                    span,
                    anchor,
                    tag,
                });
            }
            _ => return Err(syntax("did not find expected node content", at)),
        };
        Ok(Event {
            kind,
            span: start..end,
            anchor,
            tag,
        })
    }

    fn tag(
        &self,
        handle: &str,
        suffix: &str,
        at: Range<usize>,
    ) -> Result<Cow<'static, str>, Error> {
        if handle.is_empty() {
            return Ok(Cow::Owned(suffix.to_owned()));
        }
        match self.tags.get(handle) {
            Some(prefix) => Ok(Cow::Owned(format!("{prefix}{suffix}"))),
            None => Err(syntax("found undefined tag handle", at)),
        }
    }

    /// Reads a node, then goes on in `state`.
    fn child(&mut self, state: State, context: Context) -> Result<Event<'a>, Error> {
        self.states.push(state);
        self.node(context)
    }

    /// An empty node, then goes on in `state`.
    #[expect(
        clippy::unnecessary_wraps,
        reason = "so that every branch of the grammar reads alike"
    )]
    const fn empty(&mut self, state: State, at: usize) -> Result<Event<'a>, Error> {
        self.state = state;
        Ok(Event::empty(at))
    }

    /// The end of a collection whose closing token is the next one.
    fn end(&mut self, kind: EventKind<'a>, at: Range<usize>) -> Result<Event<'a>, Error> {
        self.skip();
        self.pop();
        Ok(Event::new(kind, at))
    }

    fn pop(&mut self) {
        self.state = self.states.pop().unwrap_or(State::End);
    }

    /// Takes the token that was looked at.
    fn skip(&mut self) {
        self.scanner.take();
    }

    fn look(&mut self) -> Result<(Next, Range<usize>), Error> {
        let token = self.scanner.peek()?;
        let next = match token.kind {
            TokenKind::DocumentStart => Next::DocumentStart,
            TokenKind::DocumentEnd => Next::DocumentEnd,
            TokenKind::VersionDirective { .. } | TokenKind::TagDirective(_) => Next::Directive,
            TokenKind::StreamEnd => Next::StreamEnd,
            TokenKind::BlockEntry => Next::BlockEntry,
            TokenKind::BlockEnd => Next::BlockEnd,
            TokenKind::Key => Next::Key,
            TokenKind::Value => Next::Value,
            TokenKind::FlowEntry => Next::FlowEntry,
            TokenKind::FlowSequenceEnd => Next::FlowSequenceEnd,
            TokenKind::FlowMappingEnd => Next::FlowMappingEnd,
            _ => Next::Other,
        };
        Ok((next, token.start..token.end))
    }
}

const fn syntax(message: &'static str, span: Range<usize>) -> Error {
    Error::new(ErrorKind::Syntax, message, span)
}
