//! Maps: keys, merges, repetitions, and what JSON cannot hold.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::Builder;
use super::node::ScalarNode;
use super::unholdable::MARK;
use crate::yaml::emitter::{MAX_SIMPLE_KEY, has_break};
use crate::yaml::error::{Error, ErrorKind};
use crate::yaml::loader::{Dialect, Duplicates, Failure, Stage};
use crate::yaml::number;
use crate::yaml::resolve::{Scalar, Tag};
use crate::yaml::spans::Span;

#[derive(Debug)]
pub(super) enum KeyState {
    /// A key comes next.
    Expected,
    /// The value of this key comes next.
    Key(String, Span),
    /// The value of `<<` comes next.
    Merge(Span),
    /// A value that is not wanted comes next; failures from this number on may be forgotten with it.
    Discard(Option<usize>),
}

/// The type of a key: `1` and `"1"` are two keys until they are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum KeyType {
    Text,
    Null,
    Bool,
    Int,
    Uint,
    Float(u64),
}

/// What a map is for, which v3 makes differences by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Root,
    Value,
    /// A source of a merge, written in place: kustomize copies its entries one by one.
    Source,
}

/// How a key stands in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Written {
    InPlace,
    Alias,
}

/// What kind of collection a key is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CollectionKind {
    List,
    Map,
    /// A map with a repeated key (v3).
    RepeatingMap,
}

#[derive(Debug)]
pub(super) struct MapFrame {
    entries: Map<String, Value>,
    pub(super) key: KeyState,
    role: Role,
    start: usize,
    /// Failures known before the current value.
    value_mark: usize,
    rare: Option<Box<Rare>>,
}

/// What most maps do not have.
#[derive(Debug, Default)]
struct Rare {
    /// Types of printed keys that are no text, and of text that met such a key.
    types: BTreeMap<String, Vec<KeyType>>,
    merge_seen: bool,
    /// A merge key is an alias (v3).
    merges_late: bool,
    /// Keys under the tag `!!binary`, as they are written (v3).
    binary: BTreeSet<String>,
    /// Sources of `<<` in v3, in order of precedence.
    merges: Vec<Map<String, Value>>,
    /// Failures in the values of inline sources.
    merge_failures: Vec<(String, Vec<Failure>)>,
    /// Failures in the values of this map, if it is such a source.
    value_failures: Vec<(String, Vec<Failure>)>,
    /// First repeated key (v3).
    duplicate: Option<Span>,
    /// A key that is no text (v3, below the root).
    untyped: Option<Span>,
    /// Lists and maps among the keys (v3).
    lists: usize,
    maps: usize,
}

impl MapFrame {
    pub(super) fn new(role: Role, start: usize) -> Self {
        Self {
            entries: Map::new(),
            key: KeyState::Expected,
            role,
            start,
            value_mark: 0,
            rare: None,
        }
    }

    pub(super) const fn role(&self) -> Role {
        self.role
    }

    fn rare(&mut self) -> &mut Rare {
        self.rare.get_or_insert_default()
    }

    /// Whether a key of this type, printed like this, is in the map already; notes it if not.
    fn repeats(&mut self, key: &str, kind: KeyType) -> bool {
        let is_entry = self.entries.contains_key(key);
        if self.rare.is_none() && kind == KeyType::Text {
            return is_entry;
        }
        let types = &mut self.rare().types;
        match types.get_mut(key) {
            Some(known) if known.contains(&kind) => true,
            Some(known) => {
                known.push(kind);
                false
            }
            None if is_entry && kind == KeyType::Text => true,
            None if is_entry => {
                types.insert(key.to_owned(), vec![KeyType::Text, kind]);
                false
            }
            None if kind == KeyType::Text => false,
            None => {
                types.insert(key.to_owned(), vec![kind]);
                false
            }
        }
    }
}

impl ScalarNode<'_> {
    pub(super) fn is_merge(&self, dialect: Dialect) -> bool {
        match dialect {
            Dialect::V2 => self.text == "<<" && (self.implicit || self.tag == Tag::Merge),
            Dialect::V3 => self.tag == Tag::Merge || self.text == "<<" && self.tag == Tag::None,
        }
    }
}

impl Builder<'_, '_> {
    /// A scalar key.
    pub(super) fn key(&mut self, node: ScalarNode<'_>, written: Written, span: Span) {
        let merges = node.is_merge(self.dialect);
        let state = match (self.dialect, written) {
            (_, Written::InPlace) if merges => self.merge_key(span),
            // Kustomize resolves the alias after the merges; the merge is met when the text is read again.
            (Dialect::V3, Written::Alias) if merges => {
                if let Some(frame) = self.map() {
                    frame.rare().merges_late = true;
                }
                KeyState::Merge(span)
            }
            (Dialect::V2, _) => self.key_v2(node, span),
            (Dialect::V3, _) => self.key_v3(node, written, span),
        };
        let mark = self.failures.len();
        if let Some(frame) = self.map() {
            frame.key = state;
            frame.value_mark = mark;
        }
    }

    fn merge_key(&mut self, span: Span) -> KeyState {
        if self.dialect == Dialect::V3
            && let Some(frame) = self.map()
            && std::mem::replace(&mut frame.rare().merge_seen, true)
        {
            self.fail_merge(ErrorKind::Duplicate, "duplicate merge key", span.clone());
        }
        KeyState::Merge(span)
    }

    /// v3 resolves merges before it decodes, from the outside in, and looks for a second merge key first. Merges inside of
    /// a source stay, and are met when the text is read again.
    fn fail_merge(&mut self, kind: ErrorKind, message: &'static str, span: Span) {
        let (start, late) = self.map().map_or((0, false), |frame| {
            let late = frame.rare.as_ref().is_some_and(|rare| rare.merges_late);
            (frame.start, late || frame.role == Role::Source)
        });
        let (stage, order) = match self.dialect {
            Dialect::V3 if !late => (
                Stage::Expand,
                start * 2 + usize::from(kind != ErrorKind::Duplicate),
            ),
            Dialect::V2 | Dialect::V3 => (Stage::Decode, 0),
        };
        self.failures.push(Failure {
            stage,
            order,
            error: Error::new(kind, message, span),
        });
    }

    fn key_v2(&mut self, node: ScalarNode<'_>, span: Span) -> KeyState {
        let unholdable = "JSON keys are text, numbers up to 2^63-1 and booleans";
        let (key, kind) = match node.resolved {
            None => {
                self.fail(
                    Stage::Decode,
                    ErrorKind::Tag,
                    "the tag does not fit the key",
                    span,
                );
                return KeyState::Discard(None);
            }
            Some(Scalar::Text | Scalar::Timestamp(_)) => (node.text.into_owned(), KeyType::Text),
            Some(Scalar::Binary) => (self.binary(&node.text, &span), KeyType::Text),
            Some(Scalar::Bool(value)) => (value.to_string(), KeyType::Bool),
            Some(Scalar::Int(value)) => (value.to_string(), KeyType::Int),
            Some(Scalar::Float(value)) => {
                (number::format_32(value), KeyType::Float(value.to_bits()))
            }
            Some(Scalar::Null) => (self.unholdable_key(unholdable, span.clone()), KeyType::Null),
            Some(Scalar::Uint(value)) => {
                let key = self.unholdable_key(unholdable, span.clone());
                (format!("{key}:{value}"), KeyType::Uint)
            }
        };
        if self.loader.duplicates == Duplicates::Refused {
            self.refuse_repeated(&key, kind, &span);
        }
        KeyState::Key(key, span)
    }

    fn refuse_repeated(&mut self, key: &str, kind: KeyType, span: &Span) {
        // Not-a-number is never equal to itself; keys that cannot be held are compared by their type and number.
        let name = match kind {
            KeyType::Float(bits) if f64::from_bits(bits).is_nan() => return,
            KeyType::Null => "null",
            KeyType::Uint => key.rsplit(':').next().unwrap_or_default(),
            _ => key,
        };
        let repeats = self.map().is_some_and(|frame| frame.repeats(name, kind));
        if repeats {
            self.fail(
                Stage::Collected,
                ErrorKind::Duplicate,
                "the key is in the map already",
                span.clone(),
            );
        }
    }

    /// v3: a key is its text. Below the root, a map with a key that is no text cannot be written as JSON.
    fn key_v3(&mut self, node: ScalarNode<'_>, written: Written, span: Span) -> KeyState {
        // At the root every key is printed, also one that is merged into it.
        let is_root = self.is_printed();
        let is_empty = node.is_empty();
        let (tag, resolved) = (node.tag, node.resolved);
        // A short key on one line is written on one line, and quoted where that is needed.
        let is_simple = node.text.len() <= MAX_SIMPLE_KEY && !has_break(&node.text);
        if !is_simple {
            self.refuse_unreadable(&node, &span);
        }
        let mut key = if is_simple || self.in_flow() {
            node.text.into_owned()
        } else {
            self.rewritten(&node, &span)
        };
        let is_null = tag == Tag::Null || resolved == Some(Scalar::Null);
        if is_null && !key.is_empty() && written == Written::InPlace {
            // Kustomize copies the entries of a map by name, and an explicit null has none: it is there twice then.
            if let Some(frame) = self.map().filter(|frame| frame.role != Role::Source) {
                frame.rare().duplicate.get_or_insert(span.clone());
            }
        }
        // Repeated keys are found by their text.
        let is_binary = resolved == Some(Scalar::Binary);
        if let Some(frame) = self.map().filter(|frame| frame.role != Role::Source) {
            let was_binary = |rare: &Rare| rare.binary.contains(&key);
            if frame.entries.contains_key(&key) || frame.rare.as_deref().is_some_and(was_binary) {
                frame.rare().duplicate.get_or_insert(span.clone());
            }
            if is_binary && is_root {
                frame.rare().binary.insert(key.clone());
            }
        }
        if resolved.is_none() {
            self.fail(
                Stage::Decode,
                ErrorKind::Tag,
                "the tag does not fit the key",
                span.clone(),
            );
        }
        if is_binary {
            let decoded = self.binary(&key, &span);
            if is_root {
                key = decoded;
            }
        }
        let mark = self.failures.len();
        // An empty key is written as `''`, and is text when it is read again.
        let is_quoted = is_empty
            || matches!(resolved, Some(Scalar::Timestamp(_)))
                && self.in_flow()
                && key.contains(':');
        let is_text =
            tag == Tag::Str || tag == Tag::None && (is_quoted || resolved == Some(Scalar::Text));
        let Some(frame) = self.map() else {
            return KeyState::Expected;
        };
        if !is_text && !is_root {
            frame.rare().untyped.get_or_insert(span.clone());
        }
        if resolved == Some(Scalar::Null) && !is_empty && is_root {
            return KeyState::Discard(Some(mark));
        }
        KeyState::Key(key, span)
    }

    /// A list or a map as a key; `mark` is the number of failures before it.
    pub(super) fn collection_key(&mut self, kind: CollectionKind, mark: usize, span: Span) {
        let mut stage = Stage::Decode;
        if self.dialect == Dialect::V3 {
            if self.map().is_some_and(|frame| frame.role == Role::Root) {
                // Upstream wants text here, and looks into neither the key nor its value.
                self.forget_failures(mark);
                stage = Stage::Collected;
            }
            if let Some(frame) = self.map() {
                let count = match kind {
                    CollectionKind::List => &mut frame.rare().lists,
                    CollectionKind::Map | CollectionKind::RepeatingMap => &mut frame.rare().maps,
                };
                *count += 1;
                if *count > 1 {
                    frame.rare().duplicate.get_or_insert(span.clone());
                }
            }
        }
        // A map that is decoded to nothing is no key at all; what is reported of it is its repeated key.
        let is_nothing = kind == CollectionKind::RepeatingMap;
        if is_nothing && stage == Stage::Collected {
            self.fail(
                stage,
                ErrorKind::Duplicate,
                "the key is in the map already",
                span.clone(),
            );
        }
        if !is_nothing {
            let message = "a list or a map cannot be a key";
            self.fail(stage, ErrorKind::Key, message, span);
        }
        let skips = is_nothing || stage == Stage::Collected;
        let mark = skips.then_some(self.failures.len());
        if let Some(frame) = self.map() {
            frame.key = KeyState::Discard(mark);
        }
    }

    /// The value of the current key.
    pub(super) fn entry(&mut self, value: Value, span: &Span) {
        let copied_by_kustomize = self.dialect == Dialect::V3;
        let Some(frame) = self.map() else { return };
        match std::mem::replace(&mut frame.key, KeyState::Expected) {
            KeyState::Key(key, _) if frame.role == Role::Source && copied_by_kustomize => {
                self.source_entry(key, value)
            }
            KeyState::Key(key, _) => {
                frame.entries.insert(key, value);
            }
            KeyState::Merge(_) => self.merge(value, span),
            KeyState::Discard(Some(mark)) => self.forget_failures(mark),
            KeyState::Discard(None) | KeyState::Expected => {}
        }
    }

    /// An entry of a source: the first of repeated keys counts, and what is wrong in a value counts if it is merged.
    fn source_entry(&mut self, key: String, value: Value) {
        let mark = self
            .map()
            .map_or(0, |frame| frame.value_mark)
            .min(self.failures.len());
        let failures = self.failures.split_off(mark);
        let Some(frame) = self.map() else { return };
        if !frame.entries.contains_key(&key) {
            if !failures.is_empty() {
                frame.rare().value_failures.push((key.clone(), failures));
            }
            frame.entries.insert(key, value);
        }
    }

    fn merge(&mut self, value: Value, span: &Span) {
        let sources = match value {
            Value::Array(items) => items,
            value => vec![value],
        };
        if !sources.iter().all(Value::is_object) {
            self.fail_merge(
                ErrorKind::Merge,
                "map merge requires map or sequence of maps as the value",
                span.clone(),
            );
            return;
        }
        let sources = sources.into_iter().filter_map(|source| match source {
            Value::Object(source) => Some(source),
            _ => None,
        });
        if self.dialect == Dialect::V3 {
            if let Some(frame) = self.map() {
                frame.rare().merges.extend(sources);
            }
            return;
        }
        // Backwards, since the first of several has precedence, and what comes later overrides here.
        for source in sources.rev() {
            for (key, value) in source {
                if self.loader.duplicates == Duplicates::Refused {
                    self.refuse_repeated(&key, KeyType::Text, span);
                }
                if let Some(frame) = self.map() {
                    frame.entries.insert(key, value);
                }
            }
        }
    }

    /// The entries of a map at its end; `mark` is the number of failures before it.
    pub(super) fn close_map(
        &mut self,
        mut frame: MapFrame,
        mark: usize,
    ) -> (Map<String, Value>, CollectionKind) {
        if self.dialect == Dialect::V2 {
            return (frame.entries, CollectionKind::Map);
        }
        let mut kind = CollectionKind::Map;
        let rare = frame.rare.take().map(|rare| *rare).unwrap_or_default();
        if let Some(span) = rare.duplicate {
            kind = CollectionKind::RepeatingMap;
            // Upstream compares the keys before it decodes any value.
            self.forget_failures(mark);
            self.fail(
                Stage::Collected,
                ErrorKind::Duplicate,
                "the key is in the map already",
                span,
            );
        }
        if !rare.merge_seen {
            // Kustomize clears the merge key by its name, and takes a quoted one with it.
            frame.entries.remove("<<");
        }
        for (key, failures) in rare.merge_failures {
            if !frame.entries.contains_key(&key) {
                self.failures.extend(failures);
            }
        }
        for (key, value) in rare.merges.into_iter().flatten() {
            // At the root every key is printed.
            if !(frame.role == Role::Root && key.starts_with(MARK)) {
                frame.entries.entry(key).or_insert(value);
            }
        }
        if frame.role == Role::Source
            && let Some(parent) = self.merging()
        {
            parent.rare().merge_failures.extend(rare.value_failures);
        }
        if let Some(span) = rare.untyped {
            let key =
                self.unholdable_key("below the root, kustomize needs keys that are text", span);
            frame.entries.insert(key, Value::Null);
        }
        (frame.entries, kind)
    }
}
