//! Scalars and aliases.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::Builder;
use super::map::{CollectionKind, Written};
use crate::yaml::error::{Error, ErrorKind};
use crate::yaml::loader::{Dialect, Failure, Stage};
use crate::yaml::resolve::{Scalar, Tag, resolve};
use crate::yaml::scanner::Style;
use crate::yaml::spans::Span;
use crate::yaml::{base64, number};

/// A scalar node, as far as keys and values need it.
#[derive(Debug, Clone)]
pub(super) struct ScalarNode<'a> {
    pub(super) text: Cow<'a, str>,
    pub(super) tag: Tag,
    /// `None` where the tag does not fit.
    pub(super) resolved: Option<Scalar>,
    /// The tag is `!`, or there is none and the style is plain.
    pub(super) implicit: bool,
    pub(super) style: Style,
}

impl ScalarNode<'_> {
    /// Nothing stands there at all: null, but for kustomize not everywhere.
    pub(super) fn is_empty(&self) -> bool {
        self.text.is_empty() && self.tag == Tag::None
    }
}

/// What an anchor stands for.
pub(super) enum Anchored<'a> {
    /// Its node, a map or a list, is still being read: an alias here contains itself.
    Open {
        is_map: bool,
    },
    Scalar(ScalarNode<'a>),
    /// A list or a map, with the number of nodes in it.
    Collection(Value, usize),
    /// A map with a repeated key (v3), which is decoded to nothing.
    Repeating(Value, usize),
}

impl<'i> Builder<'i, '_> {
    pub(super) fn scalar(
        &mut self,
        text: Cow<'i, str>,
        style: Style,
        anchor: Option<&'i str>,
        tag: &str,
        span: Span,
    ) -> Result<(), Failure> {
        let is_key = self.expects_key();
        let node = self.scalar_node(text, style, tag);
        let is_merge = is_key && node.is_merge(self.dialect);
        if !is_merge {
            self.count(1, 0, &span)?;
        }
        self.last_end = span.end;
        if anchor.is_some() {
            self.anchor(anchor, Anchored::Scalar(node.clone()));
        }
        if self.merges() {
            // No source of a merge, whatever it says.
            self.value(Value::Null, span);
            return Ok(());
        }
        if is_key {
            self.key(node, Written::InPlace, span);
            return Ok(());
        }
        let is_null = node.tag == Tag::Null || node.resolved == Some(Scalar::Null);
        let value = self.scalar_value(node, &span);
        if self.open.is_empty() && self.dialect == Dialect::V3 {
            // v3 wants a map or a list at the root, and drops a document that is null.
            self.root_is_null = is_null;
            self.fail(
                Stage::Collected,
                ErrorKind::Shape,
                "a document must be a map or a list",
                span.clone(),
            );
        }
        self.value(value, span);
        Ok(())
    }

    pub(super) fn scalar_node<'t>(
        &self,
        text: Cow<'t, str>,
        style: Style,
        tag: &str,
    ) -> ScalarNode<'t> {
        let plain = style == Style::Plain;
        // v3 takes the tag `!` for none; in v2 it makes a scalar text.
        let tag_text = if self.dialect == Dialect::V3 && tag == "!" {
            ""
        } else {
            tag
        };
        let mut read_as = Tag::new(tag_text, self.dialect);
        if read_as == Tag::None && !plain {
            read_as = Tag::Str;
        }
        let resolved = resolve(read_as, &text, self.dialect);
        ScalarNode {
            text,
            tag: read_as,
            resolved,
            implicit: tag == "!" || tag.is_empty() && plain,
            style,
        }
    }

    /// The value of a scalar. A mistake is recorded and gives null.
    pub(super) fn scalar_value(&mut self, node: ScalarNode<'_>, span: &Span) -> Value {
        if self.dialect == Dialect::V3 {
            self.refuse_unreadable(&node, span);
        }
        match node.resolved {
            None => {
                self.fail(
                    Stage::Decode,
                    ErrorKind::Tag,
                    "the tag does not fit the value",
                    span.clone(),
                );
                Value::Null
            }
            Some(Scalar::Null) if self.dialect == Dialect::V3 && node.is_empty() => {
                self.either(Value::Null, Value::String(String::new()))
            }
            Some(Scalar::Null) => Value::Null,
            Some(Scalar::Bool(value)) => Value::Bool(value),
            Some(Scalar::Int(value)) => Value::from(value),
            Some(Scalar::Uint(value)) => Value::from(value),
            Some(Scalar::Float(value)) => match number::json(value) {
                Some(value) => value,
                None => self.unholdable(
                    ErrorKind::Value,
                    "JSON has no infinity and no not-a-number",
                    span.clone(),
                ),
            },
            Some(Scalar::Timestamp(timestamp)) if self.dialect == Dialect::V3 => {
                let block = if timestamp.is_writable() {
                    Value::String(timestamp.to_string())
                } else {
                    let message = "the offset of the timestamp is out of range";
                    self.unholdable(ErrorKind::Value, message, span.clone())
                };
                // A time of day is quoted in a flow collection, for its colons, and is text when it is read again.
                if node.text.contains(':') {
                    self.either(block, Value::String(node.text.into_owned()))
                } else {
                    block
                }
            }
            Some(Scalar::Text) if self.dialect == Dialect::V3 && node.style != Style::Plain => {
                let block = Value::String(self.rewritten(&node, span));
                self.either(block, Value::String(node.text.into_owned()))
            }
            Some(Scalar::Text | Scalar::Timestamp(_)) => Value::String(node.text.into_owned()),
            Some(Scalar::Binary) => Value::String(self.binary(&node.text, span)),
        }
    }

    pub(super) fn binary(&mut self, text: &str, span: &Span) -> String {
        base64::decode(text).unwrap_or_else(|| {
            self.fail(
                Stage::Decode,
                ErrorKind::Tag,
                "!!binary value contains invalid base64 data",
                span.clone(),
            );
            String::new()
        })
    }

    pub(super) fn alias(&mut self, name: &'i str, span: Span) -> Result<(), Failure> {
        let Some(number) = self.anchors.get(name).copied() else {
            let error = Error::new(ErrorKind::Anchor, "unknown anchor referenced", span);
            return Err(Failure::parse(error));
        };
        self.last_end = span.end;
        let (value, nodes) = match self.anchored.get(number) {
            Some(Anchored::Scalar(node)) => {
                let node = node.clone();
                self.count(1, 1, &span)?;
                if self.expects_key() {
                    self.key(node, Written::Alias, span);
                } else if self.merges() {
                    self.value(Value::Null, span);
                } else {
                    let value = self.scalar_value(node, &span);
                    self.value(value, span);
                }
                return Ok(());
            }
            Some(Anchored::Collection(value, nodes) | Anchored::Repeating(value, nodes)) => {
                let value = match value {
                    Value::Object(_) if self.exhausted => Value::Object(Map::new()),
                    Value::Array(_) if self.exhausted => Value::Array(Vec::new()),
                    value => value.clone(),
                };
                let value = if self.merges() {
                    self.settle_source(value)
                } else {
                    self.settle(value)
                };
                (value, *nodes)
            }
            // A list is no source of a merge, and nobody looks into it there.
            Some(Anchored::Open { is_map: false }) if self.merges() => (Value::Null, 0),
            Some(Anchored::Open { .. }) | None => {
                let stage = if self.dialect == Dialect::V3 {
                    Stage::Expand
                } else {
                    Stage::Decode
                };
                self.fail(
                    stage,
                    ErrorKind::Recursive,
                    "the anchor contains itself",
                    span.clone(),
                );
                (Value::Object(Map::new()), 0)
            }
        };
        self.count(1, nodes, &span)?;
        if self.expects_key() {
            let kind = match self.anchored.get(number) {
                Some(Anchored::Repeating(..)) => CollectionKind::RepeatingMap,
                _ if value.is_object() => CollectionKind::Map,
                _ => CollectionKind::List,
            };
            self.collection_key(kind, self.failures.len(), span);
        } else {
            self.value(value, span);
        }
        Ok(())
    }
}
