//! Messages that every environment of the language knows, written as `google.protobuf.Duration{seconds: 1}`.
//!
//! cel-go v0.26.1: `common/types/provider.go (NewValue)`.

use super::error::Fault;
use super::time::Timestamp;
use super::value::{Entries, Value};
use crate::duration::Duration;

/// A message, by its name without `google.protobuf.`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Message {
    Bool,
    Bytes,
    Double,
    Duration,
    Float,
    Int32,
    Int64,
    /// Any JSON.
    Json,
    JsonList,
    JsonObject,
    String,
    Timestamp,
    Uint32,
    Uint64,
}

impl Message {
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name.strip_prefix("google.protobuf.")? {
            "BoolValue" => Self::Bool,
            "BytesValue" => Self::Bytes,
            "DoubleValue" => Self::Double,
            "Duration" => Self::Duration,
            "FloatValue" => Self::Float,
            "Int32Value" => Self::Int32,
            "Int64Value" => Self::Int64,
            "ListValue" => Self::JsonList,
            "StringValue" => Self::String,
            "Struct" => Self::JsonObject,
            "Timestamp" => Self::Timestamp,
            "UInt32Value" => Self::Uint32,
            "UInt64Value" => Self::Uint64,
            "Value" => Self::Json,
            _ => return None,
        })
    }

    /// What the message means with these fields, a later one instead of an earlier.
    pub(super) fn value<'v>(self, fields: &[(&str, Value<'v>)]) -> Result<Value<'v>, Fault> {
        let known: &[&str] = match self {
            Self::Duration | Self::Timestamp => &["seconds", "nanos"],
            Self::Json => &[
                "null_value",
                "number_value",
                "string_value",
                "bool_value",
                "struct_value",
                "list_value",
            ],
            Self::JsonList => &["values"],
            Self::JsonObject => &["fields"],
            _ => &["value"],
        };
        if let Some((name, _)) = fields.iter().find(|(name, _)| !known.contains(name)) {
            return Err(Fault::new(format!("no such field: {name}")));
        }
        let field = |wanted: &str| {
            let field = fields.iter().rfind(|(name, _)| *name == wanted);
            field.map(|(_, value)| value.opened())
        };
        match self {
            Self::Duration | Self::Timestamp => {
                let seconds = int(field("seconds"))?;
                let nanos = int32(field("nanos"))?;
                self.moment(seconds, nanos)
            }
            Self::Json => {
                fields
                    .last()
                    .map_or(Ok(Value::Null), |(name, value)| match (*name, value) {
                        ("null_value", Value::Int(_)) => Ok(Value::Null),
                        ("number_value", Value::Double(_))
                        | ("string_value", Value::String(_))
                        | ("bool_value", Value::Bool(_)) => Ok(value.clone()),
                        ("struct_value", Value::Map(_)) | ("list_value", Value::List(_)) => {
                            json(value)
                        }
                        _ => Err(unsettable(value)),
                    })
            }
            Self::JsonList => match field("values") {
                None => Ok(Value::from(Vec::<Value<'v>>::new())),
                Some(list @ Value::List(_)) => json(list),
                Some(other) => Err(unsettable(other)),
            },
            Self::JsonObject => match field("fields") {
                None => Ok(Value::Map(Entries::default().finish())),
                Some(map @ Value::Map(_)) => json(map),
                Some(other) => Err(unsettable(other)),
            },
            _ => self.wrapped(field("value")),
        }
    }

    fn moment<'v>(self, seconds: i64, nanos: i64) -> Result<Value<'v>, Fault> {
        let nanoseconds = i128::from(seconds) * 1_000_000_000 + i128::from(nanos);
        if self == Self::Duration {
            // Upstream stays at the ends of the range.
            let total = nanoseconds.clamp(i64::MIN.into(), i64::MAX.into());
            let total = i64::try_from(total).unwrap_or(i64::MAX);
            return Ok(Value::Duration(Duration::from_nanos(total)));
        }
        let seconds = i64::try_from(nanoseconds.div_euclid(1_000_000_000)).unwrap_or(i64::MAX);
        let nanos = u32::try_from(nanoseconds.rem_euclid(1_000_000_000)).unwrap_or(0);
        let timestamp = Timestamp::new(seconds, nanos);
        timestamp
            .map(Value::Timestamp)
            .ok_or_else(|| Fault::new("timestamp overflow"))
    }

    fn wrapped<'v>(self, value: Option<&Value<'v>>) -> Result<Value<'v>, Fault> {
        let Some(value) = value else {
            return Ok(match self {
                Self::Bool => Value::Bool(false),
                Self::Bytes => Value::from(Vec::<u8>::new()),
                Self::Double | Self::Float => Value::Double(0.0),
                Self::String => Value::from(""),
                Self::Uint32 | Self::Uint64 => Value::Uint(0),
                _ => Value::Int(0),
            });
        };
        match (self, value) {
            (Self::Bool, Value::Bool(_))
            | (Self::Bytes, Value::Bytes(_))
            | (Self::Double, Value::Double(_))
            | (Self::Int64, Value::Int(_))
            | (Self::String, Value::String(_))
            | (Self::Uint64, Value::Uint(_)) => Ok(value.clone()),
            #[expect(clippy::cast_possible_truncation, reason = "what the message is for")]
            (Self::Float, Value::Double(double)) => Ok(Value::Double(f64::from(*double as f32))),
            (Self::Int32, _) => int32(Some(value)).map(Value::Int),
            (Self::Uint32, Value::Uint(uint)) => match u32::try_from(*uint) {
                Ok(_) => Ok(value.clone()),
                Err(_) => Err(Fault::new("unsigned integer overflow")),
            },
            _ => Err(unsettable(value)),
        }
    }
}

/// A value as JSON has it: numbers are doubles, or texts where a double is too short, and so is everything else.
fn json<'v>(value: &Value<'v>) -> Result<Value<'v>, Fault> {
    const SAFE: u64 = 1 << 53;
    #[expect(clippy::cast_precision_loss, reason = "within the range of a double")]
    Ok(match value {
        Value::Int(int) if int.unsigned_abs() < SAFE => Value::Double(*int as f64),
        Value::Uint(uint) if *uint < SAFE => Value::Double(*uint as f64),
        Value::Int(_) | Value::Uint(_) | Value::Timestamp(_) | Value::Bytes(_) => {
            Value::from(value.to_string())
        }
        Value::Duration(duration) => Value::from(super::function::seconds_text(*duration)),
        Value::Null | Value::Bool(_) | Value::Double(_) | Value::String(_) => value.clone(),
        Value::List(list) => {
            let list: Result<Vec<_>, _> = list.iter().map(|element| json(&element)).collect();
            Value::from(list?)
        }
        Value::Map(map) => {
            let mut entries = Entries::default();
            for (key, value) in map.iter() {
                if !matches!(key, Value::String(_)) {
                    return Err(unsettable(&key));
                }
                entries.set(key, Some(json(&value)?))?;
            }
            Value::Map(entries.finish())
        }
        Value::Optional(Some(value)) => json(value)?,
        Value::Optional(None) => return Err(Fault::new("optional.none() dereference")),
        Value::Type(_) => return Err(unsettable(value)),
    })
}

fn int(value: Option<&Value<'_>>) -> Result<i64, Fault> {
    match value {
        None => Ok(0),
        Some(Value::Int(int)) => Ok(*int),
        Some(other) => Err(unsettable(other)),
    }
}

fn int32(value: Option<&Value<'_>>) -> Result<i64, Fault> {
    let int = int(value)?;
    match i32::try_from(int) {
        Ok(_) => Ok(int),
        Err(_) => Err(Fault::new("integer overflow")),
    }
}

fn unsettable(value: &Value<'_>) -> Fault {
    let kind = value.kind().name();
    Fault::new(format!("unsupported field type for a value of type {kind}"))
}
