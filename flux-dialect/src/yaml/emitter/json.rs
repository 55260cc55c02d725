//! The JSON text that upstream writes on its way to YAML: Go's escapes.

use std::fmt::Write;

use serde_json::Value;

/// How many characters a text takes, without its quotes.
pub(super) fn width(text: &str) -> usize {
    text.chars()
        .map(|character| escape(character).map_or(1, |escaped| escaped.len()))
        .sum()
}

pub(super) fn write(value: &Value, out: &mut String) {
    match value {
        Value::String(text) => write_text(text, out),
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write(item, out);
            }
            out.push(']');
        }
        Value::Object(entries) => {
            out.push('{');
            for (index, (key, value)) in entries.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_text(key, out);
                out.push(':');
                write(value, out);
            }
            out.push('}');
        }
        // Writing to a string does not fail.
        Value::Null | Value::Bool(_) | Value::Number(_) => drop(write!(out, "{value}")),
    }
}

fn write_text(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        match escape(character) {
            Some(escaped) => out.push_str(&escaped),
            None => out.push(character),
        }
    }
    out.push('"');
}

fn escape(character: char) -> Option<String> {
    Some(match character {
        '"' | '\\' => format!("\\{character}"),
        '\n' => "\\n".to_owned(),
        '\r' => "\\r".to_owned(),
        '\t' => "\\t".to_owned(),
        '\u{8}' => "\\b".to_owned(),
        '\u{c}' => "\\f".to_owned(),
        '\0'..' ' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
            format!("\\u{:04x}", u32::from(character))
        }
        _ => return None,
    })
}
