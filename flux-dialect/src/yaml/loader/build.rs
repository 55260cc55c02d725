//! The builder: takes events, keeps open collections on a stack, and ends with a value.

mod map;
mod node;
mod rewrite;
mod unholdable;

use std::collections::HashMap;

use serde_json::Value;

use self::map::{CollectionKind, KeyState, MapFrame, Role};
use self::node::Anchored;
use self::rewrite::Either;
use super::{Dialect, Failure, Loader, Stage};
use crate::yaml::error::{Error, ErrorKind};
use crate::yaml::input::Input;
use crate::yaml::parser::{Event, EventKind, Flow, Parser};
use crate::yaml::resolve::Tag;
use crate::yaml::spans::{Segment, Span, Spans};

enum Frame {
    List(Vec<Value>, ListOf),
    Map(MapFrame),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum ListOf {
    Values,
    /// The sources of a merge.
    Sources,
}

/// A collection that is not closed yet.
struct Open {
    frame: Frame,
    flow: Flow,
    anchor: Option<usize>,
    /// Nodes counted before this one.
    before: usize,
    start: usize,
    span: Option<usize>,
    /// Failures known before this one.
    failures: usize,
}

pub(super) struct Builder<'i, 's> {
    parser: Parser<'i>,
    text: &'i str,
    dialect: Dialect,
    loader: Loader,
    pub(super) spans: Option<&'s mut Spans>,
    open: Vec<Open>,
    /// How many of them are flow collections, and how many have an anchor.
    flows: usize,
    open_anchors: usize,
    /// Values under an anchor that depend on where they stand: in a block, in a flow collection (v3).
    either: Vec<Either>,
    anchors: HashMap<&'i str, usize>,
    anchored: Vec<Anchored<'i>>,
    /// Nodes decoded, and those of them that came through aliases.
    nodes: usize,
    aliased: usize,
    /// The limit on aliases was reached; none is expanded any more.
    exhausted: bool,
    /// Mistakes that upstream notices later than the parser, in the order of the text.
    failures: Vec<Failure>,
    /// What JSON cannot hold. It counts only if it is still part of the document at its end.
    unholdable: Vec<Error>,
    /// End of the last scalar, alias or flow collection.
    last_end: usize,
    root: Option<Value>,
    /// The root has the tag of null, which is all that kustomize looks at.
    root_is_null: bool,
}

impl<'i, 's> Builder<'i, 's> {
    pub(super) fn new(input: &'i Input<'_>, loader: &Loader, spans: Option<&'s mut Spans>) -> Self {
        Self {
            parser: Parser::new(input, loader.dialect),
            text: &input.text,
            dialect: loader.dialect,
            loader: *loader,
            spans,
            open: Vec::new(),
            flows: 0,
            open_anchors: 0,
            either: Vec::new(),
            anchors: HashMap::new(),
            anchored: Vec::new(),
            nodes: 0,
            aliased: 0,
            exhausted: false,
            failures: Vec::new(),
            unholdable: Vec::new(),
            last_end: 0,
            root: None,
            root_is_null: false,
        }
    }

    /// Reads the first document. `None` where there is none, or where kustomize drops it as empty.
    pub(super) fn run(&mut self) -> Result<Option<Value>, Failure> {
        if matches!(self.event()?.kind, EventKind::StreamEnd) {
            return Ok(None);
        }
        // The document is a node for the limit on aliases.
        self.nodes = 1;
        loop {
            let event = self.event()?;
            match event.kind {
                EventKind::DocumentEnd | EventKind::StreamEnd => break,
                EventKind::DocumentStart => {}
                EventKind::Alias(name) => self.alias(name, event.span)?,
                EventKind::Scalar(text, style) => {
                    self.scalar(text, style, event.anchor, &event.tag, event.span)?
                }
                EventKind::SequenceStart(flow) => {
                    let of = if self.merges() {
                        ListOf::Sources
                    } else {
                        ListOf::Values
                    };
                    self.start(Frame::List(Vec::new(), of), flow, &event)?;
                }
                EventKind::MappingStart(flow) => {
                    let frame = MapFrame::new(self.map_role(), event.span.start);
                    self.start(Frame::Map(frame), flow, &event)?;
                }
                EventKind::SequenceEnd | EventKind::MappingEnd => self.end(&event.span)?,
            }
        }
        self.finish()
    }

    fn event(&mut self) -> Result<Event<'i>, Failure> {
        self.parser.next().map_err(Failure::parse)
    }

    fn finish(&mut self) -> Result<Option<Value>, Failure> {
        if self.root_is_null {
            return Ok(None);
        }
        if let Some(failure) = self
            .failures
            .iter()
            .min_by_key(|failure| (failure.stage, failure.order))
        {
            return Err(failure.clone());
        }
        let root = self.root.take();
        if !self.unholdable.is_empty()
            && let Some(error) = root.as_ref().and_then(|root| self.first_unholdable(root))
        {
            return Err(Failure {
                stage: Stage::Json,
                order: 0,
                error,
            });
        }
        Ok(root)
    }

    fn fail(&mut self, stage: Stage, kind: ErrorKind, message: &'static str, span: Span) {
        self.failures.push(Failure {
            stage,
            order: 0,
            error: Error::new(kind, message, span),
        });
    }

    /// Forgets what was found wrong since `mark`, because upstream does not decode that part.
    fn forget_failures(&mut self, mark: usize) {
        let recent = self.failures.split_off(mark.min(self.failures.len()));
        self.failures.extend(
            recent
                .into_iter()
                .filter(|failure| failure.stage <= Stage::Rewrite),
        );
    }

    /// Counts nodes, and applies the limits.
    fn count(&mut self, own: usize, aliased: usize, span: &Span) -> Result<(), Failure> {
        self.nodes = self.nodes.saturating_add(own).saturating_add(aliased);
        self.aliased = self.aliased.saturating_add(aliased);
        if self.aliased > 100 && self.nodes > 1000 && !self.exhausted && self.exceeds_alias_share()
        {
            self.exhausted = true;
            self.fail(
                Stage::Decode,
                ErrorKind::Limit,
                "document contains excessive aliasing",
                span.clone(),
            );
        }
        if self.nodes > self.loader.limits.nodes && !self.exhausted {
            let error = Error::new(ErrorKind::Limit, "more nodes than the limit", span.clone());
            return Err(Failure::parse(error));
        }
        Ok(())
    }

    /// Source: `go.yaml.in/yaml/v2: decode.go (allowedAliasRatio)`.
    #[expect(clippy::cast_precision_loss, reason = "as Go computes it")]
    fn exceeds_alias_share(&self) -> bool {
        const LOW: usize = 400_000;
        const HIGH: usize = 4_000_000;
        let allowed = match self.nodes {
            ..=LOW => 0.99,
            HIGH.. => 0.10,
            nodes => 0.99 - 0.89 * ((nodes - LOW) as f64 / (HIGH - LOW) as f64),
        };
        self.aliased as f64 / self.nodes as f64 > allowed
    }

    fn anchor(&mut self, name: Option<&'i str>, anchored: Anchored<'i>) -> Option<usize> {
        let name = name?;
        let number = self.anchored.len();
        self.anchored.push(anchored);
        self.anchors.insert(name, number);
        Some(number)
    }

    fn start(&mut self, frame: Frame, flow: Flow, event: &Event<'i>) -> Result<(), Failure> {
        if self.open.len() >= self.loader.limits.depth {
            let error = Error::new(
                ErrorKind::Limit,
                "nested deeper than the limit",
                event.span.clone(),
            );
            return Err(Failure::parse(error));
        }
        let before = self.nodes;
        let merged = self.merges();
        if !(merged && matches!(frame, Frame::List(..))) {
            self.count(1, 0, &event.span)?;
        }
        // The entries of a source stand in the map that it is merged into.
        let flow = if merged { Flow::No } else { flow };
        if self.open.is_empty() && self.dialect == Dialect::V3 {
            self.root_is_null = Tag::new(&event.tag, self.dialect) == Tag::Null;
        }
        let anchor = self.anchor(
            event.anchor,
            Anchored::Open {
                is_map: matches!(frame, Frame::Map(_)),
            },
        );
        let span = if self.expects_key() {
            None
        } else {
            self.add_span(event.span.clone())
        };
        let failures = self.failures.len();
        self.open_anchors += usize::from(anchor.is_some());
        self.flows += usize::from(flow == Flow::Yes);
        self.open.push(Open {
            frame,
            flow,
            anchor,
            before,
            start: event.span.start,
            span,
            failures,
        });
        Ok(())
    }

    fn end(&mut self, span: &Span) -> Result<(), Failure> {
        let Some(open) = self.open.pop() else {
            return Ok(());
        };
        self.flows -= usize::from(open.flow == Flow::Yes);
        self.last_end = self
            .last_end
            .max(if span.is_empty() { 0 } else { span.end });
        let span = open.start..self.last_end.max(open.start);
        if let (Some(spans), Some(number)) = (self.spans.as_deref_mut(), open.span) {
            spans.close(number, span.end);
        }
        let (mut value, kind) = match open.frame {
            Frame::List(items, _) => (Value::Array(items), CollectionKind::List),
            Frame::Map(frame) => {
                let (entries, kind) = self.close_map(frame, open.failures);
                (Value::Object(entries), kind)
            }
        };
        let nodes = self.nodes.saturating_sub(open.before);
        if let Some(slot) = open.anchor.and_then(|number| self.anchored.get_mut(number)) {
            *slot = match kind {
                CollectionKind::RepeatingMap => Anchored::Repeating(value.clone(), nodes),
                _ => Anchored::Collection(value.clone(), nodes),
            };
            self.open_anchors -= 1;
            value = self.settle(value);
        }
        if self.expects_key() {
            self.collection_key(kind, open.failures, span);
        } else {
            self.place(value, &span);
        }
        Ok(())
    }

    /// Puts a scalar or an alias where it belongs.
    fn value(&mut self, value: Value, span: Span) {
        self.add_span(span.clone());
        self.place(value, &span);
    }

    fn place(&mut self, value: Value, span: &Span) {
        match self.open.last_mut().map(|open| &mut open.frame) {
            None => self.root = Some(value),
            Some(Frame::List(items, _)) => items.push(value),
            Some(Frame::Map(_)) => self.entry(value, span),
        }
    }

    fn map(&mut self) -> Option<&mut MapFrame> {
        match &mut self.open.last_mut()?.frame {
            Frame::Map(frame) => Some(frame),
            Frame::List(..) => None,
        }
    }

    /// The map that the source of a merge is for, once that source is off the stack.
    fn merging(&mut self) -> Option<&mut MapFrame> {
        self.open
            .iter_mut()
            .rev()
            .find_map(|open| match &mut open.frame {
                Frame::Map(frame) => Some(frame),
                Frame::List(..) => None,
            })
    }

    /// Whether the keys of this map are those of the root.
    fn is_printed(&self) -> bool {
        let mut maps = self.open.iter().rev().filter_map(|open| match &open.frame {
            Frame::Map(frame) => Some(frame.role()),
            Frame::List(..) => None,
        });
        maps.find(|role| *role != Role::Source) == Some(Role::Root)
    }

    fn expects_key(&self) -> bool {
        matches!(self.open.last(), Some(Open { frame: Frame::Map(frame), .. }) if matches!(frame.key, KeyState::Expected))
    }

    /// What the map that starts here is for.
    fn map_role(&self) -> Role {
        match self.open.is_empty() {
            true => Role::Root,
            false if self.merges() => Role::Source,
            false => Role::Value,
        }
    }

    /// Whether the next node is a source of a merge.
    fn merges(&self) -> bool {
        match self.open.last().map(|open| &open.frame) {
            Some(Frame::Map(frame)) => matches!(frame.key, KeyState::Merge(_)),
            Some(Frame::List(_, of)) => *of == ListOf::Sources,
            None => false,
        }
    }

    fn add_span(&mut self, span: Span) -> Option<usize> {
        let spans = self.spans.as_deref_mut()?;
        let (segment, key) = match self.open.last().map(|open| &open.frame) {
            None => (Segment::Index(0), 0..0),
            Some(Frame::List(items, _)) => (Segment::Index(items.len()), 0..0),
            Some(Frame::Map(frame)) => match &frame.key {
                KeyState::Key(key, at) => (Segment::Key(key.clone()), at.clone()),
                KeyState::Merge(at) => (Segment::Key("<<".to_owned()), at.clone()),
                KeyState::Expected | KeyState::Discard(_) => return None,
            },
        };
        let parent = self.open.last().and_then(|open| open.span);
        if parent.is_none() && !self.open.is_empty() {
            return None;
        }
        Some(spans.add(parent, segment, key, span))
    }
}
