//! Objects that evaluation cannot change, and what becomes of the result of any other.

use fluxcd_dialect::yaml::Segment;
use serde_json::{Map, Number, Value};

use super::Integers;
use crate::substitute::failure::Unreadable;

/// The largest integer up to which a 64-bit float holds all of them.
const EXACT: u64 = 1 << 53;
/// Beyond, the limit of the writer is left to the writer.
const DEPTH: usize = 100;

/// Whether evaluation gives the same object whatever the variables are, so that it need not be written and read again.
///
/// That is so for a map without `$` whose texts are printable ASCII: what is written is read as it was (a law of
/// `yaml::to_string`), numbers are the same where a float holds them.
pub(super) fn is_inert(object: &Value) -> bool {
    object.is_object() && is_inert_below(object, DEPTH)
}

fn is_inert_below(value: &Value, depth: usize) -> bool {
    match value {
        Value::Null | Value::Bool(_) => true,
        Value::Number(number) => is_kept(number),
        Value::String(text) => is_plain(text, Breaks::Allowed),
        Value::Array(items) => {
            depth > 0 && items.iter().all(|item| is_inert_below(item, depth - 1))
        }
        Value::Object(entries) => {
            depth > 0
                && entries.iter().all(|(key, value)| {
                    is_plain(key, Breaks::Refused) && is_inert_below(value, depth - 1)
                })
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Breaks {
    Allowed,
    Refused,
}

fn is_plain(text: &str, breaks: Breaks) -> bool {
    let plain = |byte: u8| {
        (b' '..=b'~').contains(&byte) & (byte != b'$')
            | (byte == b'\n') & (breaks == Breaks::Allowed)
    };
    // Longer keys are rare, and written in another form; `<<` is written plain and read as a merge.
    (breaks == Breaks::Allowed || text.len() <= 128 && text != "<<")
        && text
            .as_bytes()
            .chunks(64)
            .all(|block| block.iter().fold(true, |all, byte| all & plain(*byte)))
}

fn is_kept(number: &Number) -> bool {
    match (number.as_i64(), number.as_u64()) {
        (Some(integer), _) => integer.unsigned_abs() <= EXACT,
        (None, Some(integer)) => integer <= EXACT,
        // A whole float comes back as an integer.
        (None, None) => number.as_f64().is_some_and(|float| float.fract() != 0.0),
    }
}

/// Rounds every number of a value to the nearest float, if that is wanted.
///
/// Source: `sigs.k8s.io/kustomize/kyaml: yaml/rnode.go (UnmarshalJSON)`, which reads JSON into Go's `any`.
///
/// # Errors
///
/// What kustomize cannot take over, with the path to it, from its end.
pub(super) fn settle(
    value: &mut Value,
    integers: Integers,
) -> Result<(), (Unreadable, Vec<Segment>)> {
    let below = |segment: Segment| {
        |(why, mut path): (Unreadable, Vec<Segment>)| {
            path.push(segment);
            (why, path)
        }
    };
    let tab = Unreadable::LeadingTab;
    match value {
        Value::Number(number) if integers == Integers::Rounded && !is_kept(number) => {
            if let Some(rounded) = number.as_f64().and_then(rounded) {
                *number = rounded;
            }
        }
        Value::String(text) if begins_with_tab(text) => return Err((tab, Vec::new())),
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                settle(item, integers).map_err(below(index.into()))?;
            }
        }
        Value::Object(entries) => {
            while let Some(source) = entries.remove("<<") {
                merge(entries, source).ok_or_else(|| (Unreadable::Merge, vec!["<<".into()]))?;
            }
            for (key, value) in entries {
                if begins_with_tab(key) {
                    return Err((tab, vec![key.as_str().into()]));
                }
                settle(value, integers).map_err(below(key.as_str().into()))?;
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
    Ok(())
}

/// A key that became `<<` in quotes is text to the controller's reader. Kustomize writes it plain, and merges when it reads
/// that; what is in the map already stays.
fn merge(entries: &mut Map<String, Value>, source: Value) -> Option<()> {
    let sources = match source {
        Value::Array(sources) => sources,
        source => vec![source],
    };
    for source in sources {
        let Value::Object(source) = source else {
            return None;
        };
        for (key, value) in source {
            entries.entry(key).or_insert(value);
        }
    }
    Some(())
}

/// Kustomize writes the result once more, under the rules of goyaml v3, and reads it again. Its writer takes the literal
/// style for text of several lines that begins with a tab, which its reader refuses.
///
/// Source: `go.yaml.in/yaml/v3: encode.go (stringv)`, `emitterc.go (yaml_emitter_analyze_scalar)`, v3.0.4.
fn begins_with_tab(text: &str) -> bool {
    let is_break = |character| matches!(character, '\n' | '\u{2028}' | '\u{2029}');
    let is_printable = |character| {
        matches!(character, '\t' | '\n' | ' '..='~' | '\u{A0}'..='\u{FFFD}')
            && character != '\u{FEFF}'
    };
    text.starts_with('\t')
        && text.contains('\n')
        && !text.ends_with(' ')
        && text.chars().all(is_printable)
        && !text
            .chars()
            .zip(text.chars().skip(1))
            .any(|(before, after)| before == ' ' && is_break(after))
}

/// The number that Go's JSON text of the float stands for: its shortest digits with zeros behind them.
fn rounded(float: f64) -> Option<Number> {
    let digits = float.to_string();
    let whole = digits.parse::<u64>().map(Number::from);
    whole
        .or_else(|_| digits.parse::<i64>().map(Number::from))
        .ok()
        .or_else(|| Number::from_f64(float))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{begins_with_tab, is_inert, settle};
    use crate::substitute::{Integers, Unreadable};

    #[test]
    fn integers_beyond_what_a_float_holds_get_its_digits() {
        let mut value = json!({
            "kept": [9_007_199_254_740_992_u64, -9_007_199_254_740_992_i64, 1.5, -3, 1e30],
            "changed": [9_007_199_254_740_993_u64, i64::MAX, i64::MIN, u64::MAX],
        });
        settle(&mut value, Integers::Rounded).unwrap();
        let text = r#"{
            "kept": [9007199254740992, -9007199254740992, 1.5, -3, 1e30],
            "changed": [9007199254740992, 9223372036854776000, -9223372036854776000, 18446744073709552000]
        }"#;
        assert_eq!(value, serde_json::from_str::<Value>(text).unwrap());
        let once = value.clone();
        settle(&mut value, Integers::Rounded).unwrap();
        assert_eq!(value, once);
        let exact = json!({"a": u64::MAX});
        value = exact.clone();
        settle(&mut value, Integers::Exact).unwrap();
        assert_eq!(value, exact);
    }

    #[test]
    fn lines_behind_a_tab_are_not_taken_over() {
        for text in ["\ta\nb", "\t\n", "\té\n\u{2028}x"] {
            assert!(begins_with_tab(text), "{text:?}");
            let refused = settle(&mut json!({"a": [1, text]}), Integers::Exact).unwrap_err();
            let path = vec![1.into(), "a".into()];
            assert_eq!(refused, (Unreadable::LeadingTab, path));
        }
        assert!(settle(&mut json!({"\ta\n": 1}), Integers::Exact).is_err());
        for text in [
            "\ta", "a\n\tb", "\n\ta", "\ta \nb", "\ta\n ", "\t🙂\n", "\t\r\n",
        ] {
            assert!(!begins_with_tab(text), "{text:?}");
        }
    }

    #[test]
    fn quoted_merge_keys_are_merged_in_the_end() {
        let mut value = json!({"m": {"a": 1, "<<": [{"a": 2, "b": 2}, {"b": 3, "<<": {"c": 4}}]}});
        settle(&mut value, Integers::Exact).unwrap();
        assert_eq!(value, json!({"m": {"a": 1, "b": 2, "c": 4}}));
        let refused = settle(&mut json!({"m": {"<<": 5}}), Integers::Exact).unwrap_err();
        assert_eq!(refused, (Unreadable::Merge, vec!["<<".into(), "m".into()]));
    }

    #[test]
    fn only_plain_objects_are_inert() {
        assert!(is_inert(
            &json!({"a": [1, null, {"b c": "x\n y: #'\"\\\n"}], "<": -0.5})
        ));
        for value in [
            json!("text"),
            json!({"a": "$"}),
            json!({"$": 1}),
            json!({"a": "é"}),
            json!({"a": "\t"}),
            json!({"a\n": 1}),
            json!({"<<": {}}),
            json!({"a": "\u{7F}"}),
            json!({"a": 1.0}),
            json!({"a": -0.0}),
            json!({"a": u64::MAX}),
            json!({"a": [1_u64 << 53 | 1]}),
            (0..200).fold(json!({}), |inner, _| json!({"a": inner})),
        ] {
            assert!(!is_inert(&value), "{value}");
        }
    }
}
