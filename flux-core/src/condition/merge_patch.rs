//! JSON merge patches (RFC 7396).
//!
//! Source: `evanphx/json-patch: v5/merge.go (CreateMergePatch)` v5.9.11.

use serde_json::{Map, Value};

/// The patch that turns `before` into `after`; `None` where they are equal.
///
/// Members of objects are compared one by one; lists are replaced as a whole.
///
/// # Laws
///
/// `merge(before, diff(before, after)) == after`, where no member of an object in `after` is null. A merge patch cannot set
/// one, and Kubernetes takes null for absent.
///
/// # Examples
///
/// ```
/// use fluxcd_core::condition::merge_patch::{diff, merge};
/// use serde_json::json;
///
/// let (before, after) = (json!({"a": 1, "b": {"c": 2, "d": 3}}), json!({"b": {"c": 4, "d": 3}}));
/// let patch = diff(&before, &after);
/// assert_eq!(patch, Some(json!({"a": null, "b": {"c": 4}})));
/// assert_eq!(merge(before, patch.as_ref().unwrap()), after);
/// ```
#[must_use]
pub fn diff(before: &Value, after: &Value) -> Option<Value> {
    let (Value::Object(old), Value::Object(new)) = (before, after) else {
        return (before != after).then(|| after.clone());
    };
    let mut patch = Map::new();
    for (key, value) in new {
        let change = match old.get(key) {
            Some(old) => diff(old, value),
            None => Some(value.clone()),
        };
        patch.extend(change.map(|change| (key.clone(), change)));
    }
    let removed = old.keys().filter(|key| !new.contains_key(*key));
    patch.extend(removed.map(|key| (key.clone(), Value::Null)));
    (!patch.is_empty()).then_some(Value::Object(patch))
}

/// A value with a merge patch applied.
#[must_use]
pub fn merge(target: Value, patch: &Value) -> Value {
    let Value::Object(patch) = patch else {
        return patch.clone();
    };
    let mut result = match target {
        Value::Object(members) => members,
        _ => Map::new(),
    };
    for (key, change) in patch {
        let old = result.remove(key).unwrap_or_default();
        if !change.is_null() {
            result.insert(key.clone(), merge(old, change));
        }
    }
    Value::Object(result)
}
