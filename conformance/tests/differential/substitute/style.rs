//! Values as somebody would write them in YAML: block and flow, every style of scalars.

use serde_json::Value;

use crate::rng::Rng;

/// The text of an object. Where `wild`, plain scalars may hold what does not belong there.
pub(super) fn yaml(rng: &mut Rng, object: &Value, wild: bool) -> String {
    let mut out = String::new();
    Style { rng, wild }.block(object, 0, &mut out);
    out
}

struct Style<'a> {
    rng: &'a mut Rng,
    wild: bool,
}

impl Style<'_> {
    fn block(&mut self, value: &Value, indent: usize, out: &mut String) {
        let pad = " ".repeat(indent);
        match value {
            Value::Object(members) => {
                for (key, item) in members {
                    let key = self.key(key);
                    *out += &format!("{pad}{key}:");
                    self.behind(item, indent, out);
                }
            }
            Value::Array(items) => {
                for item in items {
                    *out += &format!("{pad}-");
                    self.behind(item, indent, out);
                }
            }
            _ => {}
        }
    }

    /// What stands behind a colon or a dash.
    fn behind(&mut self, value: &Value, indent: usize, out: &mut String) {
        let is_collection = match value {
            Value::Object(members) => !members.is_empty(),
            Value::Array(items) => !items.is_empty(),
            _ => false,
        };
        match value {
            _ if is_collection && self.rng.percent(88) => {
                out.push('\n');
                self.block(value, indent + 2, out);
            }
            Value::String(text) => {
                let scalar = self.scalar(text, indent + 2);
                *out += &format!(" {scalar}\n");
            }
            _ => *out += &format!(" {value}\n"),
        }
    }

    fn key(&mut self, key: &str) -> String {
        let is_word = |c: char| c.is_alphanumeric() || "-_./".contains(c);
        match self.rng.below(20) {
            0..2 => Value::from(key).to_string(),
            2..4 => single_quoted(key),
            _ if key.starts_with("${") || key.starts_with(is_word) && key.chars().all(is_word) => {
                key.to_owned()
            }
            _ => Value::from(key).to_string(),
        }
    }

    fn scalar(&mut self, text: &str, indent: usize) -> String {
        let breaks = text.contains(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']);
        let fits_a_block = text.chars().all(|c| c == '\n' || !c.is_control())
            && !text.starts_with([' ', '\n', '\u{feff}']);
        match self.rng.below(20) {
            0..6 if fits_a_block && text.contains('\n') => self.block_scalar(text, indent),
            6 if fits_a_block && !text.is_empty() => self.block_scalar(text, indent),
            7..10 if !breaks => single_quoted(text),
            10..18 if !breaks && (self.is_plain(text) || self.wild && self.rng.percent(10)) => {
                text.to_owned()
            }
            _ => Value::from(text).to_string(),
        }
    }

    fn is_plain(&mut self, text: &str) -> bool {
        let starts = text.starts_with("${") || text.starts_with(|c: char| c.is_alphanumeric());
        starts && !text.contains([':', '#', '\t', '"']) && !text.ends_with(' ')
    }

    fn block_scalar(&mut self, text: &str, indent: usize) -> String {
        let header = self.rng.word("| | |- |+ > >-");
        let pad = " ".repeat(indent);
        let lines: Vec<String> = text
            .trim_end_matches('\n')
            .split('\n')
            .map(|line| {
                if line.is_empty() {
                    String::new()
                } else {
                    format!("{pad}{line}")
                }
            })
            .collect();
        format!("{header}\n{}", lines.join("\n"))
    }
}

fn single_quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
