//! What kustomize does to scalars by writing them out and reading them again.
//!
//! `RNode.MarshalJSON` prints the node as YAML and decodes that text. Three things change on the way: a folded scalar
//! gains line breaks, an empty value in a flow collection becomes empty text, and a block scalar that begins with a tab
//! cannot be read again.
//!
//! Source: `go.yaml.in/yaml/v3: emitterc.go (yaml_emitter_write_folded_scalar)`, v3.0.4.

use std::borrow::Cow;

use serde_json::Value;

use super::Builder;
use super::node::ScalarNode;
use crate::yaml::error::ErrorKind;
use crate::yaml::loader::Stage;
use crate::yaml::scanner::Style;
use crate::yaml::spans::Span;

/// Marks an empty value whose place is not known yet.
const EMPTY: &str = "\0\0fluxcd.empty";

impl Builder<'_, '_> {
    pub(super) fn in_flow(&self) -> bool {
        self.flows > 0
    }

    /// A time of day is quoted in a flow collection, for its colons, and is text when it is read again.
    pub(super) fn quotes_timestamp(&self, text: &str) -> bool {
        self.in_flow() && text.contains(':')
    }

    /// An empty value: `''` in a flow collection, nothing elsewhere. Under an anchor it may become either, and is marked
    /// until it is known where it stands.
    pub(super) fn empty_value(&mut self) -> Value {
        if self.in_flow() {
            Value::String(String::new())
        } else if self.open_anchors > 0 {
            self.marks_empty = true;
            Value::String(EMPTY.to_owned())
        } else {
            Value::Null
        }
    }

    /// Replaces marks by what an empty value is at this place.
    pub(super) fn settle_empty(&self, mut value: Value) -> Value {
        if self.marks_empty && (self.in_flow() || self.open_anchors == 0) {
            let empty = if self.in_flow() {
                Value::String(String::new())
            } else {
                Value::Null
            };
            settle(&mut value, &empty);
        }
        value
    }

    fn only_comments_follow(&self, span: &Span) -> bool {
        let rest = self.text.get(span.end..).unwrap_or_default();
        let mut lines = rest
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .peekable();
        lines.peek().is_some() && lines.all(|line| line.starts_with('#'))
    }

    /// Refuses what kustomize writes and cannot read again.
    pub(super) fn refuse_unreadable(&mut self, node: &ScalarNode<'_>, span: &Span) {
        if !self.in_flow() && node.text.starts_with('\t') && is_block(node) {
            let message = "kustomize cannot read a block scalar that begins with a tab";
            self.fail(Stage::Rewrite, ErrorKind::Syntax, message, span.clone());
        }
    }

    /// The text of a scalar in a block collection after it was written and read again.
    pub(super) fn rewritten<'t>(&self, node: ScalarNode<'t>, span: &Span) -> Cow<'t, str> {
        if self.in_flow() || !is_block(&node) {
            return node.text;
        }
        let mut text = match node.style {
            Style::Folded => Cow::Owned(read_folded(&write_folded(&node.text), &node.text)),
            _ => node.text,
        };
        // A comment at the end of the document is set off by an empty line, which the scalar keeps.
        let keeps = text
            .strip_suffix('\n')
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('\n'));
        if keeps && self.only_comments_follow(span) {
            text.to_mut().push('\n');
        }
        text
    }
}

fn settle(value: &mut Value, empty: &Value) {
    match value {
        Value::String(text) if text == EMPTY => *value = empty.clone(),
        Value::Array(items) => items.iter_mut().for_each(|item| settle(item, empty)),
        Value::Object(entries) => entries.values_mut().for_each(|value| settle(value, empty)),
        _ => {}
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
    let printable = |character| {
        matches!(character, '\t' | '\n' | ' '..='~' | '\u{A0}'..='\u{FFFD}')
            && character != '\u{FEFF}'
    };
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

const fn is_break(character: char) -> bool {
    matches!(character, '\n' | '\u{2028}' | '\u{2029}')
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
