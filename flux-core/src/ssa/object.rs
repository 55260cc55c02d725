//! Objects in their wire form as Go's accessors read them, and its equality of values.
//!
//! Sources: k8s.io/apimachinery v0.36.2: `pkg/apis/meta/v1/unstructured`, `pkg/api/equality`, `pkg/util/json`.

use std::collections::BTreeMap;

use serde_json::{Number, Value};

use crate::inventory::{self, Place};

/// The labels or annotations, null as the empty text; none where they cannot be read.
pub(super) fn texts(object: &Value, place: Place) -> BTreeMap<&str, &str> {
    let texts = inventory::texts(object, place).into_iter().flatten();
    texts
        .map(|(key, value)| (key.as_str(), value.as_str().unwrap_or_default()))
        .collect()
}

/// A text of the metadata, empty where it is none.
pub(super) fn metadata<'o>(object: &'o Value, key: &str) -> &'o str {
    let text = object.get("metadata").and_then(|meta| meta.get(key));
    text.and_then(Value::as_str).unwrap_or_default()
}

/// A text at the top, empty where it is none.
pub(super) fn top<'o>(object: &'o Value, key: &str) -> &'o str {
    object.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// Group, version and kind; all empty for an `apiVersion` with more than one slash.
pub(super) fn group_version_kind(object: &Value) -> (&str, &str, &str) {
    let kind = top(object, "kind");
    match top(object, "apiVersion").split_once('/') {
        None => ("", top(object, "apiVersion"), kind),
        Some((_, version)) if version.contains('/') => ("", "", ""),
        Some((group, version)) => (group, version, kind),
    }
}

/// Whether two values are equal to Go: an integer and a number with a point never are, whatever their size.
pub(super) fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => same_number(a, b),
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            let differs = |(key, value): (&String, &Value)| {
                !b.get(key).is_some_and(|other| same(value, other))
            };
            a.len() == b.len() && !a.iter().any(differs)
        }
        _ => a == b,
    }
}

fn same_number(a: &Number, b: &Number) -> bool {
    match (a.as_i64(), b.as_i64()) {
        (None, None) => a.as_f64() == b.as_f64(),
        (a, b) => a == b,
    }
}

/// What is left of a value that Go writes as JSON and reads again: a number with a point but without a fraction
/// becomes an integer.
pub(super) fn reread(value: &mut Value) {
    match value {
        Value::Number(number) if number.is_f64() => {
            let integer = number.as_f64().and_then(integer);
            if let Some(integer) = integer {
                *value = integer.into();
            }
        }
        Value::Array(items) => items.iter_mut().for_each(reread),
        Value::Object(map) => map.values_mut().for_each(reread),
        _ => {}
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the range is tested")]
fn integer(float: f64) -> Option<i64> {
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    (float.fract() == 0.0 && (-LIMIT..LIMIT).contains(&float)).then_some(float as i64)
}

/// An index of an array as Go's `strconv.Atoi` reads it: a sign and leading zeros are welcome.
pub(super) fn index(text: &str) -> Option<i64> {
    text.parse().ok()
}
