//! Small steps in JSON that cannot fail.

use serde_json::{Map, Value};

/// The text at a JSON pointer, or none.
pub(super) fn text<'v>(value: &'v Value, pointer: &str) -> &'v str {
    let found = value.pointer(pointer).and_then(Value::as_str);
    found.unwrap_or_default()
}

/// The object below `path`, made where it is missing.
pub(super) fn object_at<'v>(mut value: &'v mut Value, path: &[&str]) -> &'v mut Map<String, Value> {
    for step in path {
        value = as_object(value).entry(*step).or_insert(Value::Null);
    }
    as_object(value)
}

/// Sets the value at `path`; objects on the way are made.
pub(super) fn set(value: &mut Value, path: &[&str], new: impl Into<Value>) {
    if let Some((last, parents)) = path.split_last() {
        object_at(value, parents).insert((*last).to_owned(), new.into());
    }
}

/// Takes the value at `path` away.
pub(super) fn remove(value: &mut Value, path: &[&str]) -> Option<Value> {
    let (last, parents) = path.split_last()?;
    let mut value = value;
    for step in parents {
        value = value.get_mut(step)?;
    }
    value.as_object_mut()?.remove(*last)
}

/// Sets the value at `path`, or takes it away if there is none.
pub(super) fn keep(value: &mut Value, path: &[&str], old: Option<&Value>) {
    match old {
        Some(old) => set(value, path, old.clone()),
        None => _ = remove(value, path),
    }
}

fn as_object(value: &mut Value) -> &mut Map<String, Value> {
    if !value.is_object() {
        *value = Value::Object(Map::new());
    }
    match value {
        Value::Object(map) => map,
        _ => unreachable!("it was made an object"),
    }
}
