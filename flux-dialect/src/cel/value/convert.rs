//! From JSON and back.

use std::fmt;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::{List, Map, Text, Value};
use crate::cel::number;

/// As the API server's objects are read: a number without a point that fits is an int, every other one a double.
impl<'v> From<&'v serde_json::Value> for Value<'v> {
    fn from(value: &'v serde_json::Value) -> Self {
        match value {
            serde_json::Value::Null => Self::Null,
            serde_json::Value::Bool(value) => Self::Bool(*value),
            serde_json::Value::Number(number) => match number.as_i64() {
                Some(int) => Self::Int(int),
                None => Self::Double(number.as_f64().unwrap_or(f64::NAN)),
            },
            serde_json::Value::String(text) => Self::String(Text::from(&**text)),
            serde_json::Value::Array(list) => Self::List(List::from(list)),
            serde_json::Value::Object(map) => Self::Map(Map::from(map)),
        }
    }
}

impl<'v> From<&'v str> for Value<'v> {
    fn from(text: &'v str) -> Self {
        Self::String(text.into())
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Self::String(text.into())
    }
}

impl From<Vec<u8>> for Value<'_> {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes.into())
    }
}

impl From<bool> for Value<'_> {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Value<'_> {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<Vec<Self>> for Value<'_> {
    fn from(list: Vec<Self>) -> Self {
        Self::List(list.into())
    }
}

/// An optional.
impl From<Option<Self>> for Value<'_> {
    fn from(value: Option<Self>) -> Self {
        Self::Optional(value.map(Arc::new))
    }
}

impl Value<'_> {
    /// The value as JSON. Bytes become base64, durations, timestamps and types their text, keys of maps theirs; an
    /// optional is its content or null, and so are doubles that JSON cannot hold.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        match self {
            Self::Null | Self::Optional(None) => serde_json::Value::Null,
            Self::Bool(value) => (*value).into(),
            Self::Int(value) => (*value).into(),
            Self::Uint(value) => (*value).into(),
            Self::Double(value) => (*value).into(),
            Self::String(value) => (**value).into(),
            Self::Bytes(value) => STANDARD.encode(value).into(),
            Self::List(value) => value.iter().map(|element| element.to_json()).collect(),
            Self::Map(value) => value
                .iter()
                .map(|(key, value)| (key.to_string(), value.to_json()))
                .collect(),
            Self::Duration(value) => value.to_string().into(),
            Self::Timestamp(value) => value.to_string().into(),
            Self::Type(value) => value.name().into(),
            Self::Optional(Some(value)) => value.to_json(),
        }
    }
}

/// Texts, and what has a text, as such; lists and maps as JSON.
impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Double(number) => f.write_str(&number::shortest(*number)),
            Self::String(text) => f.write_str(text),
            Self::Optional(Some(value)) => value.fmt(f),
            other => match other.to_json() {
                serde_json::Value::String(text) => f.write_str(&text),
                other => other.fmt(f),
            },
        }
    }
}
