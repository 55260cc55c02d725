//! cel-go v0.26.1: the methods `ConvertToType` of `common/types`, and the forms in `common/stdlib/standard.go`.

use crate::cel::error::Fault;
use crate::cel::limit::Meter;
use crate::cel::number;
use crate::cel::time::{Problem, Timestamp};
use crate::cel::value::{TypeName, Value};
use crate::duration::Duration;

/// The value as one of another type; nothing where the function has no form for it.
pub(super) fn convert<'v>(
    to: TypeName,
    value: &Value<'v>,
    meter: &mut Meter,
) -> Result<Option<Value<'v>>, Fault> {
    if value.kind() == to {
        return Ok(Some(value.clone()));
    }
    let converted = match (value, to) {
        (Value::String(text), _) => return from_text(to, text, meter).map(Some),
        (Value::Int(int), TypeName::Uint) => {
            Value::Uint((*int).try_into().map_err(|_| uint_overflow())?)
        }
        #[expect(clippy::cast_precision_loss, reason = "as upstream")]
        (Value::Int(int), TypeName::Double) => Value::Double(*int as f64),
        (Value::Int(int), TypeName::String) => int.to_string().into(),
        (Value::Int(int), TypeName::Timestamp) => {
            let timestamp = Timestamp::new(*int, 0);
            Value::Timestamp(timestamp.ok_or_else(|| Fault::new("timestamp overflow"))?)
        }
        (Value::Int(_), TypeName::Duration) => return Err(refusal(TypeName::Int, to)),
        (Value::Uint(uint), TypeName::Int) => {
            Value::Int((*uint).try_into().map_err(|_| int_overflow())?)
        }
        #[expect(clippy::cast_precision_loss, reason = "as upstream")]
        (Value::Uint(uint), TypeName::Double) => Value::Double(*uint as f64),
        (Value::Uint(uint), TypeName::String) => uint.to_string().into(),
        (Value::Double(double), TypeName::Int) => {
            Value::Int(number::to_int(*double).ok_or_else(int_overflow)?)
        }
        (Value::Double(double), TypeName::Uint) => {
            Value::Uint(number::to_uint(*double).ok_or_else(uint_overflow)?)
        }
        (Value::Double(double), TypeName::String) => number::shortest(*double).into(),
        (Value::Bool(value), TypeName::String) => value.to_string().into(),
        (Value::Bytes(bytes), TypeName::String) => {
            meter.make(bytes.len())?;
            let text = std::str::from_utf8(bytes);
            let text =
                text.map_err(|_| Fault::new("invalid UTF-8 in bytes, cannot convert to string"))?;
            text.to_owned().into()
        }
        (Value::Duration(duration), TypeName::Int) => Value::Int(duration.as_nanos()),
        (Value::Duration(duration), TypeName::String) => seconds_text(*duration).into(),
        (Value::Timestamp(timestamp), TypeName::Int) => Value::Int(timestamp.seconds()),
        (Value::Timestamp(timestamp), TypeName::String) => timestamp.to_string().into(),
        _ => return Ok(None),
    };
    Ok(Some(converted))
}

fn from_text<'v>(to: TypeName, text: &str, meter: &mut Meter) -> Result<Value<'v>, Fault> {
    meter.scan(text.len())?;
    let value = match to {
        TypeName::Int => text.parse().ok().map(Value::Int),
        TypeName::Uint if text.starts_with('+') => None,
        TypeName::Uint => text.parse().ok().map(Value::Uint),
        TypeName::Double => crate::float::parse(text).map(Value::Double),
        TypeName::Bool => match text {
            "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(Value::Bool(true)),
            "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(Value::Bool(false)),
            _ => None,
        },
        TypeName::Bytes => {
            meter.make(text.len())?;
            Some(text.as_bytes().to_vec().into())
        }
        TypeName::Duration => Duration::parse(text).ok().map(Value::Duration),
        TypeName::Timestamp => match Timestamp::parse_explained(text) {
            Ok(timestamp) => Some(Value::Timestamp(timestamp)),
            Err(Problem::Range) => return Err(Fault::new("timestamp overflow")),
            Err(Problem::Form) => None,
        },
        _ => None,
    };
    value.ok_or_else(|| refusal(TypeName::String, to))
}

/// Seconds with a fraction, and an `s`.
pub(in crate::cel) fn seconds_text(duration: Duration) -> String {
    format!("{}s", number::decimal(duration.as_secs_f64()))
}

fn refusal(from: TypeName, to: TypeName) -> Fault {
    Fault::new(format!(
        "type conversion error from '{}' to '{}'",
        from.name(),
        to.name()
    ))
}

fn int_overflow() -> Fault {
    Fault::new("integer overflow")
}

fn uint_overflow() -> Fault {
    Fault::new("unsigned integer overflow")
}
