//! Fields of an object, as Go finds them in an unstructured one.

use serde_json::{Map, Value};

use super::Error;
use super::error::{Misshapen, Part};

/// A field has another type than it should.
pub(super) struct OtherType;

/// A text; `None` where nothing stands there. An explicit null is no text.
pub(super) fn text<'o>(object: &'o Value, path: &[&str]) -> Result<Option<&'o str>, OtherType> {
    match find(object, path)? {
        None => Ok(None),
        Some(value) => value.as_str().map(Some).ok_or(OtherType),
    }
}

/// A 64-bit integer; `None` where nothing stands there. An explicit null and `2.0` are none.
pub(super) fn integer(object: &Value, path: &[&str]) -> Result<Option<i64>, OtherType> {
    match find(object, path)? {
        None => Ok(None),
        Some(value) => value.as_i64().map(Some).ok_or(OtherType),
    }
}

/// What stands at a path. A null on the way there is as good as nothing, any other value that is no map is an error.
pub(super) fn find<'o>(object: &'o Value, path: &[&str]) -> Result<Option<&'o Value>, OtherType> {
    let mut value = object;
    for key in path {
        value = match value {
            Value::Null => return Ok(None),
            Value::Object(map) => match in_map(map, key) {
                Some(value) => value,
                None => return Ok(None),
            },
            _ => return Err(OtherType),
        };
    }
    Ok(Some(value))
}

/// A member of an object; `None` also where that is none.
pub(super) fn member<'o>(object: &'o Value, key: &str) -> Option<&'o Value> {
    in_map(object.as_object()?, key)
}

/// The maps of an object are small, and each of their keys is a text elsewhere in memory. Going through all of them touches
/// only those of the same length; a binary search touches every one that it compares with.
fn in_map<'o>(map: &'o Map<String, Value>, key: &str) -> Option<&'o Value> {
    let mut members = map.iter();
    members
        .find(|(name, _)| *name == key)
        .map(|(_, value)| value)
}

/// A text below a part of the object; the default also where something else stands.
pub(super) fn text_or<'o>(part: Option<&'o Value>, key: &str, default: &'o str) -> &'o str {
    let text = part.and_then(|part| member(part, key)?.as_str());
    text.unwrap_or(default)
}

/// An integer below a part of the object; the default also where something else stands.
pub(super) fn integer_or(part: Option<&Value>, key: &str, default: i64) -> i64 {
    let integer = part.and_then(|part| member(part, key)?.as_i64());
    integer.unwrap_or(default)
}

/// API group and kind. An `apiVersion` with more than one slash leaves both empty.
pub(super) fn group_kind(object: &Value) -> (&str, &str) {
    match group(text_or(Some(object), "apiVersion", "")) {
        Some(group) => (group, kind(object)),
        None => ("", ""),
    }
}

/// The kind as it is written.
pub(super) fn kind(object: &Value) -> &str {
    text_or(Some(object), "kind", "")
}

/// The group of an `apiVersion`; `None` for more than one slash.
pub(super) fn group(api_version: &str) -> Option<&str> {
    match api_version.split_once('/') {
        None => Some(""),
        Some((_, version)) if version.contains('/') => None,
        Some((group, _)) => Some(group),
    }
}

/// The conditions of an object, which have the shape that they should.
pub(super) struct Conditions<'o>(Vec<Condition<'o>>);

/// One condition; absent fields are empty.
#[derive(Clone, Copy, Default)]
pub(super) struct Condition<'o> {
    pub(super) kind: &'o str,
    pub(super) status: &'o str,
    pub(super) reason: &'o str,
    pub(super) message: &'o str,
}

impl<'o> Conditions<'o> {
    /// Every field has to have its shape, whether it is needed or not, as upstream has it.
    pub(super) fn of(object: &'o Value) -> Result<Self, Error> {
        let conditions = match member(object, "status") {
            None | Some(Value::Null) => None,
            Some(Value::Object(status)) => in_map(status, "conditions"),
            Some(other) => return Err(Misshapen::new(Part::Map, other).into()),
        };
        let list = match conditions {
            None | Some(Value::Null) => &[],
            Some(Value::Array(list)) => list.as_slice(),
            Some(other) => return Err(Misshapen::new(Part::List, other).into()),
        };
        let conditions: Result<_, Misshapen> = list.iter().map(Condition::parse).collect();
        Ok(Self(conditions?))
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Condition<'o>> {
        self.0.iter().copied()
    }

    /// The first condition of that type and status.
    pub(super) fn find(&self, kind: &str, status: &str) -> Option<Condition<'o>> {
        self.iter()
            .find(|condition| condition.kind == kind && condition.status == status)
    }
}

impl<'o> Condition<'o> {
    /// One pass over the map: a look-up of each field takes three times as long.
    fn parse(value: &'o Value) -> Result<Self, Misshapen> {
        let mut condition = Self::default();
        let fields = match value {
            Value::Null => return Ok(condition),
            Value::Object(fields) => fields,
            other => return Err(Misshapen::new(Part::Map, other)),
        };
        for (key, value) in fields {
            let field = match key.as_str() {
                "type" => &mut condition.kind,
                "status" => &mut condition.status,
                "reason" => &mut condition.reason,
                "message" => &mut condition.message,
                _ => continue,
            };
            match value {
                Value::String(text) => *field = text,
                Value::Null => {}
                _ => return Err(first_misshapen(fields, value)),
            }
        }
        Ok(condition)
    }
}

/// The error about the field that upstream looks at first, of which `other` is one that has another type.
fn first_misshapen(fields: &Map<String, Value>, other: &Value) -> Misshapen {
    for key in ["type", "status", "reason", "message"] {
        match fields.get(key) {
            None | Some(Value::Null | Value::String(_)) => {}
            Some(other) if key == "status" => return Misshapen::new(Part::ConditionStatus, other),
            Some(other) => return Misshapen::new(Part::Text, other),
        }
    }
    Misshapen::new(Part::Text, other)
}
