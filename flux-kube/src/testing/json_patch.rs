//! JSON patches as the API server applies them: all operations, or none.

use serde_json::Value;

/// Changes `document`, or returns nothing if the patch cannot be applied, or one of its tests fails.
pub(super) fn apply(document: &mut Value, patch: &Value) -> Option<()> {
    for operation in patch.as_array()? {
        let path = operation.get("path")?.as_str()?;
        let from = || operation.get("from")?.as_str();
        let value = || operation.get("value").cloned();
        match operation.get("op")?.as_str()? {
            "add" => add(document, path, value()?)?,
            "remove" => _ = remove(document, path)?,
            "replace" => replace(document, path, value()?)?,
            "test" => {
                let found = document.pointer(path).unwrap_or(&Value::Null);
                (*found == value()?).then_some(())?;
            }
            "move" => {
                let value = remove(document, from()?)?;
                add(document, path, value)?;
            }
            "copy" => {
                let value = document.pointer(from()?)?.clone();
                add(document, path, value)?;
            }
            _ => return None,
        }
    }
    Some(())
}

fn parent<'d>(document: &'d mut Value, path: &str) -> Option<(&'d mut Value, String)> {
    let (parent, last) = path.rsplit_once('/')?;
    let last = last.replace("~1", "/").replace("~0", "~");
    Some((document.pointer_mut(parent)?, last))
}

fn add(document: &mut Value, path: &str, value: Value) -> Option<()> {
    if path.is_empty() {
        *document = value;
        return Some(());
    }
    let (parent, last) = parent(document, path)?;
    match parent {
        Value::Object(map) => _ = map.insert(last, value),
        Value::Array(items) => {
            let index = match last.as_str() {
                "-" => items.len(),
                index => index.parse().ok().filter(|index| *index <= items.len())?,
            };
            items.insert(index, value);
        }
        _ => return None,
    }
    Some(())
}

/// A member of an object need not be there.
fn replace(document: &mut Value, path: &str, value: Value) -> Option<()> {
    if let Some(found) = document.pointer_mut(path) {
        *found = value;
        return Some(());
    }
    let (parent, last) = parent(document, path)?;
    parent.as_object_mut()?.insert(last, value);
    Some(())
}

fn remove(document: &mut Value, path: &str) -> Option<Value> {
    let (parent, last) = parent(document, path)?;
    match parent {
        Value::Object(map) => map.remove(&last),
        Value::Array(items) => {
            let index = last.parse().ok().filter(|index| *index < items.len())?;
            Some(items.remove(index))
        }
        _ => None,
    }
}
