//! What kustomize does to scalars by writing them out and reading them again.
//!
//! `RNode.MarshalJSON` prints the node as YAML and decodes that text. On the way, a folded scalar gains line breaks, so does
//! a scalar that keeps them before a comment at the end, an empty value and a time of day in a flow collection become text,
//! and a block scalar that begins with a tab cannot be read again.
//!
//! Source: `go.yaml.in/yaml/v3: emitterc.go (yaml_emitter_write_folded_scalar)`, v3.0.4.

use serde_json::Value;

use super::Builder;
use super::node::ScalarNode;
use crate::yaml::emitter::{is_break, is_printable};
use crate::yaml::error::ErrorKind;
use crate::yaml::loader::Stage;
use crate::yaml::scanner::Style;
use crate::yaml::spans::Span;

/// Marks a value whose place is not known yet.
const EITHER: &str = "\0\0fluxcd.either:";

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Collection {
    Block,
    Flow,
}

/// What a value is in a block and in a flow collection, and in which of them it is written.
#[derive(Debug)]
pub(super) struct Either {
    block: Value,
    flow: Value,
    collection: Collection,
}

impl Either {
    fn at(&self, collection: Collection) -> Value {
        match collection {
            Collection::Block => self.block.clone(),
            Collection::Flow => self.flow.clone(),
        }
    }
}

impl Builder<'_, '_> {
    pub(super) fn in_flow(&self) -> bool {
        self.flows > 0
    }

    /// A value that depends on whether it stands in a flow collection. Under an anchor it may come to stand in both, and
    /// is marked until it is known where it stands.
    pub(super) fn either(&mut self, block: Value, flow: Value) -> Value {
        let collection = self.collection();
        if self.open_anchors > 0 && block != flow {
            self.either.push(Either {
                block,
                flow,
                collection,
            });
            return Value::String(format!("{EITHER}{}", self.either.len() - 1));
        }
        if self.in_flow() { flow } else { block }
    }

    fn collection(&self) -> Collection {
        if self.in_flow() {
            Collection::Flow
        } else {
            Collection::Block
        }
    }

    /// Replaces marks by what their values are at this place.
    pub(super) fn settle(&self, mut value: Value) -> Value {
        if !self.either.is_empty() && (self.in_flow() || self.open_anchors == 0) {
            self.settle_marks(&mut value);
        }
        value
    }

    /// The same for a source of a merge, whose entries come to stand in the map that it is merged into.
    pub(super) fn settle_source(&self, mut value: Value) -> Value {
        if let Value::Object(entries) = &mut value
            && !self.either.is_empty()
        {
            for entry in entries.values_mut() {
                match self.marked(entry) {
                    Some(either) => *entry = either.at(self.collection()),
                    None => self.settle_marks(entry),
                }
            }
        }
        value
    }

    fn settle_marks(&self, value: &mut Value) {
        if let Some(either) = self.marked(value) {
            *value = either.at(self.collection().max(either.collection));
            return;
        }
        match value {
            Value::Array(items) => items.iter_mut().for_each(|item| self.settle_marks(item)),
            Value::Object(entries) => entries
                .values_mut()
                .for_each(|value| self.settle_marks(value)),
            Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn marked(&self, value: &Value) -> Option<&Either> {
        let number = value.as_str()?.strip_prefix(EITHER)?;
        self.either.get(number.parse::<usize>().ok()?)
    }

    /// Whether nothing but comments, on lines of their own, stands behind a block scalar in its document.
    fn only_comments_follow(&self, span: &Span) -> bool {
        let rest = self.text.get(span.end..).unwrap_or_default();
        let mut lines = rest
            .lines()
            .map(str::trim_end)
            .take_while(|line| *line != "...")
            .filter(|line| !line.is_empty())
            .peekable();
        let is_alias = self
            .text
            .get(span.start..)
            .is_some_and(|text| text.starts_with('*'));
        !is_alias && lines.peek().is_some() && lines.all(|line| line.trim_start().starts_with('#'))
    }

    /// Refuses what kustomize writes and cannot read again.
    pub(super) fn refuse_unreadable(&mut self, node: &ScalarNode<'_>, span: &Span) {
        if !self.in_flow() && node.text.starts_with('\t') && is_block(node) {
            let message = "kustomize cannot read a block scalar that begins with a tab";
            self.fail(Stage::Rewrite, ErrorKind::Syntax, message, span.clone());
        }
    }

    /// The text of a scalar in a block collection after it was written and read again.
    pub(super) fn rewritten(&self, node: &ScalarNode<'_>, span: &Span) -> String {
        if !is_block(node) {
            return node.text.to_string();
        }
        let mut text = match node.style {
            Style::Folded => read_folded(&write_folded(&node.text), &node.text),
            _ => node.text.to_string(),
        };
        // A comment at the end of the document is set off by an empty line, which the scalar keeps.
        let keeps = text
            .strip_suffix('\n')
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('\n'));
        if keeps && self.only_comments_follow(span) {
            text.push('\n');
        }
        text
    }
}

/// Whether a scalar is written in a block style, outside of flow collections.
fn is_block(node: &ScalarNode<'_>) -> bool {
    let block = match node.style {
        Style::Literal | Style::Folded => true,
        Style::Plain => node.text.contains('\n'),
        Style::SingleQuoted | Style::DoubleQuoted => false,
    };
    block && stays_block(&node.text)
}

/// Whether the writer may use a block style; it takes double quotes otherwise.
fn stays_block(text: &str) -> bool {
    let printable = |character| character == '\t' || is_printable(character);
    let blank_before_break = || {
        text.chars()
            .zip(text.chars().skip(1))
            .any(|(a, b)| a == ' ' && is_break(b))
    };
    !text.is_empty() && !text.ends_with(' ') && text.chars().all(printable) && !blank_before_break()
}

/// The lines that the writer makes of a folded scalar, without indentation. It looks at the start of the text, where it
/// means the line behind the break, to find out whether a break needs another one.
fn write_folded(text: &str) -> String {
    let starts_blank = text.trim_start_matches(is_break).starts_with(is_blank);
    let mut written = String::with_capacity(text.len() + 8);
    let mut breaks = true;
    let mut leading_blank = true;
    for character in text.chars() {
        if is_break(character) {
            if !breaks && !leading_blank && character == '\n' && !starts_blank {
                written.push('\n');
            }
            breaks = true;
        } else {
            if breaks {
                leading_blank = is_blank(character);
            }
            breaks = false;
        }
        written.push(character);
    }
    written
}

/// Reads the lines of a folded scalar; the chomping indicator comes from the text that was written.
fn read_folded(written: &str, text: &str) -> String {
    let mut value = String::with_capacity(written.len());
    let mut leading_break = String::new();
    let mut breaks = String::new();
    let mut leading_blank = false;
    for line in written.split_inclusive(is_break) {
        let content = line.trim_end_matches(is_break);
        let ending = line.get(content.len()..).unwrap_or_default();
        if content.is_empty() {
            breaks.push_str(ending);
            continue;
        }
        let blank = content.starts_with(is_blank);
        if leading_break == "\n" && !leading_blank && !blank {
            if breaks.is_empty() {
                value.push(' ');
            }
        } else {
            value.push_str(&leading_break);
        }
        value.push_str(&breaks);
        breaks.clear();
        leading_blank = blank;
        value.push_str(content);
        ending.clone_into(&mut leading_break);
    }
    let mut backwards = text.chars().rev();
    if backwards.next().is_some_and(is_break) {
        value.push_str(&leading_break);
        if backwards.next().is_none_or(is_break) {
            value.push_str(&breaks);
        }
    }
    value
}

const fn is_blank(character: char) -> bool {
    matches!(character, ' ' | '\t')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folded_scalars_gain_line_breaks() {
        let again = |text: &str| read_folded(&write_folded(text), text);
        assert_eq!(again("x y\n\n"), "x y\n\n\n");
        assert_eq!(again("x\n  y\n  z\nw\n"), "x\n\n  y\n  z\nw\n");
        assert_eq!(again("x y\n"), "x y\n");
        assert_eq!(again("x y"), "x y");
        assert_eq!(again("a\nb\n"), "a\nb\n");
    }
}
