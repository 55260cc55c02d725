//! Sets of fields: what a field manager owns, as `fieldsV1` has it.
//!
//! Source: structured-merge-diff v6.3.2: `fieldpath/serialize.go (FromJSON, ToJSON)`, `fieldpath/serialize-pe.go`,
//! `fieldpath/set.go (Set.Union)`.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::{Deserializer, Map, Value};

/// A set of fields, as a tree of path elements.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Fields(BTreeMap<String, Node>);

#[derive(Debug, Clone, Default, PartialEq)]
struct Node {
    is_member: bool,
    children: Option<Fields>,
}

impl Fields {
    /// Reads `fieldsV1`; `None` for what is no set.
    pub(super) fn read(value: &Value) -> Option<Self> {
        let (children, _) = read(value)?;
        Some(children.unwrap_or_default())
    }

    pub(super) fn union(mut self, other: Self) -> Self {
        for (element, theirs) in other.0 {
            let ours = self.0.entry(element).or_default();
            ours.is_member |= theirs.is_member;
            ours.children = match (ours.children.take(), theirs.children) {
                (Some(ours), Some(theirs)) => Some(ours.union(theirs)),
                (ours, theirs) => ours.or(theirs),
            };
        }
        self
    }

    pub(super) fn write(&self) -> Value {
        let mut map = Map::new();
        for (element, node) in &self.0 {
            let mut value = node
                .children
                .as_ref()
                .map_or_else(|| Value::Object(Map::new()), Self::write);
            if let (true, Some(_), Some(map)) =
                (node.is_member, &node.children, value.as_object_mut())
            {
                map.insert(".".to_owned(), Value::Object(Map::new()));
            }
            map.insert(element.clone(), value);
        }
        Value::Object(map)
    }
}

/// The fields below a field, and whether it is a member itself.
fn read(value: &Value) -> Option<(Option<Fields>, bool)> {
    let map = match value {
        Value::Object(map) => Some(map),
        Value::Null => None,
        _ => return None,
    };
    let mut children: Option<Fields> = None;
    let mut is_member = false;
    for (key, value) in map.into_iter().flatten() {
        if key == "." {
            is_member = true;
            continue;
        }
        let Some(element) = element(key)? else {
            continue;
        };
        let (grandchildren, is_child_member) = read(value)?;
        let node = children
            .get_or_insert_default()
            .0
            .entry(element)
            .or_default();
        node.is_member |= is_child_member;
        if grandchildren.is_some() {
            node.children = grandchildren;
        }
    }
    is_member |= children.is_none();
    Some((children, is_member))
}

/// A path element in its one spelling: `Some(None)` for one of an unknown type, `None` for what is none.
fn element(text: &str) -> Option<Option<String>> {
    let (kind, rest) = text.split_at_checked(2)?;
    let element = match kind {
        "f:" => text.to_owned(),
        "i:" => format!("i:{}", rest.parse::<i64>().ok()?),
        "v:" => format!("v:{}", canonical(&first_value(rest)?)),
        "k:" => match first_value(rest)? {
            key @ Value::Object(_) => format!("k:{}", canonical(&key)),
            Value::Null => "k:{}".to_owned(),
            _ => return None,
        },
        _ if kind.ends_with(':') => return Some(None),
        _ => return None,
    };
    Some(Some(element))
}

/// What stands behind the first value is not looked at.
fn first_value(text: &str) -> Option<Value> {
    Deserializer::from_str(text).into_iter().next()?.ok()
}

/// JSON without white space, as the Go library writes it: every number is a float.
fn canonical(value: &Value) -> String {
    let mut text = String::new();
    write_value(&mut text, value);
    text
}

fn write_value(out: &mut String, value: &Value) {
    match value {
        Value::Number(number) => out.push_str(&float(number.as_f64().unwrap_or_default())),
        Value::String(text) => write_text(out, text, Html::Escaped),
        Value::Array(items) => {
            out.push('[');
            for (place, item) in items.iter().enumerate() {
                out.push_str(if place == 0 { "" } else { "," });
                write_value(out, item);
            }
            out.push(']');
        }
        Value::Object(map) => {
            out.push('{');
            for (place, (key, value)) in map.iter().enumerate() {
                out.push_str(if place == 0 { "" } else { "," });
                write_text(out, key, Html::Plain);
                out.push(':');
                write_value(out, value);
            }
            out.push('}');
        }
        Value::Bool(_) | Value::Null => _ = write!(out, "{value}"),
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Html {
    Escaped,
    Plain,
}

fn write_text(out: &mut String, text: &str, html: Html) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '<' | '>' | '&' if html == Html::Plain => out.push(character),
            '\0'..' ' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                _ = write!(out, "\\u{:04x}", u32::from(character));
            }
            _ => out.push(character),
        }
    }
    out.push('"');
}

/// As Go's JSON has floats.
fn float(value: f64) -> String {
    let size = value.abs();
    if value != 0.0 && !(1e-6..1e21).contains(&size) {
        let text = format!("{value:e}");
        return match text.split_once("e-") {
            Some(_) => text,
            None => text.replace('e', "e+"),
        };
    }
    format!("{value}")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn round(value: &Value) -> Option<Value> {
        Fields::read(value).map(|fields| fields.write())
    }

    #[test]
    fn sets_are_written_as_they_were_read() {
        let set = json!({
            "f:metadata": {"f:labels": {".": {}, "f:a/b": {}}},
            "f:spec": {"f:ports": {"k:{\"port\":80,\"protocol\":\"TCP\"}": {".": {}, "f:port": {}}, "i:3": {}}},
            "f:finalizers": {"v:\"x\"": {}},
        });
        assert_eq!(round(&set), Some(set));
    }

    #[test]
    fn elements_have_one_spelling() {
        for (text, one) in [
            ("k:{\"b\": 1, \"a\" :2.0}", "k:{\"a\":2,\"b\":1}"),
            ("k:null", "k:{}"),
            ("v:1e30", "v:1e+30"),
            ("v:0.0000001", "v:1e-7"),
            ("v:\"a<b\"", "v:\"a\\u003cb\""),
            ("v:[1,\"x\"] and more", "v:[1,\"x\"]"),
            ("i:+07", "i:7"),
        ] {
            assert_eq!(element(text), Some(Some(one.to_owned())), "{text}");
        }
        assert_eq!(element("x:1"), Some(None));
        for text in ["", "f", "fx", "i:x", "k:1", "v:", "é:x"] {
            assert_eq!(element(text), None, "{text}");
        }
    }

    #[test]
    fn what_holds_nothing_is_a_member() {
        let set = json!({"f:a": {"x:new": {"f:b": {}}}, "f:c": null});
        assert_eq!(round(&set), Some(json!({"f:a": {}, "f:c": {}})));
        assert_eq!(round(&json!({"f:a": 1})), None);
    }
}
