//! Objects that evaluation cannot change, and numbers that it does.

use serde_json::{Number, Value};

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
    // Longer keys are rare, and written in another form.
    (breaks == Breaks::Allowed || text.len() <= 128)
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

/// Rounds every number of a value to the nearest float.
///
/// Source: `sigs.k8s.io/kustomize/kyaml: yaml/rnode.go (UnmarshalJSON)`, which reads JSON into Go's `any`.
pub(super) fn round(value: &mut Value) {
    match value {
        Value::Number(number) if !is_kept(number) => {
            if let Some(rounded) = number.as_f64().and_then(rounded) {
                *number = rounded;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(round),
        Value::Object(entries) => entries.values_mut().for_each(round),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
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

    use super::{is_inert, round};

    #[test]
    fn integers_beyond_what_a_float_holds_get_its_digits() {
        let mut value = json!({
            "kept": [9_007_199_254_740_992_u64, -9_007_199_254_740_992_i64, 1.5, -3, 1e30],
            "changed": [9_007_199_254_740_993_u64, i64::MAX, i64::MIN, u64::MAX],
        });
        round(&mut value);
        let text = r#"{
            "kept": [9007199254740992, -9007199254740992, 1.5, -3, 1e30],
            "changed": [9007199254740992, 9223372036854776000, -9223372036854776000, 18446744073709552000]
        }"#;
        assert_eq!(value, serde_json::from_str::<Value>(text).unwrap());
        let once = value.clone();
        round(&mut value);
        assert_eq!(value, once);
    }

    #[test]
    fn only_plain_objects_are_inert() {
        assert!(is_inert(
            &json!({"a": [1, null, {"b c": "x\n y: #'\"\\\n"}], "<<": -0.5})
        ));
        for value in [
            json!("text"),
            json!({"a": "$"}),
            json!({"$": 1}),
            json!({"a": "é"}),
            json!({"a": "\t"}),
            json!({"a\n": 1}),
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
