//! Equality, which every two values have, and order, which those of one type have and all numbers.
//!
//! cel-go v0.26.1: `common/types/{compare,list,map,util}.go`.

use std::cmp::Ordering;

use super::Value;
use crate::cel::error::Fault;
use crate::cel::limit::Meter;

/// Whether `a == b`. Values of different types are different, but for numbers.
pub(in crate::cel) fn equal(
    a: &Value<'_>,
    b: &Value<'_>,
    meter: &mut Meter,
) -> Result<bool, Fault> {
    Ok(match (a, b) {
        (Value::Null, Value::Null) => true,
        (Value::Bool(a), Value::Bool(b)) => a == b,
        (Value::String(a), Value::String(b)) => {
            meter.scan(a.len())?;
            a == b
        }
        (Value::Bytes(a), Value::Bytes(b)) => {
            meter.scan(a.len())?;
            a == b
        }
        (Value::Duration(a), Value::Duration(b)) => a == b,
        (Value::Timestamp(a), Value::Timestamp(b)) => a.instant() == b.instant(),
        (Value::Type(a), Value::Type(b)) => a == b,
        (Value::Optional(None), Value::Optional(None)) => true,
        (Value::Optional(Some(a)), Value::Optional(Some(b))) => equal(a, b, meter)?,
        (Value::List(a), Value::List(b)) => {
            if a.len() != b.len() {
                return Ok(false);
            }
            for (a, b) in a.iter().zip(b.iter()) {
                meter.step()?;
                if !equal(&a, &b, meter)? {
                    return Ok(false);
                }
            }
            true
        }
        (Value::Map(a), Value::Map(b)) => {
            if a.len() != b.len() {
                return Ok(false);
            }
            for (key, value) in a.iter() {
                meter.step()?;
                match b.find(&key)? {
                    Some(other) if equal(&value, &other, meter)? => {}
                    _ => return Ok(false),
                }
            }
            true
        }
        _ => numbers(a, b) == Some(Ordering::Equal),
    })
}

/// How `a` stands to `b`.
pub(in crate::cel) fn compare(
    a: &Value<'_>,
    b: &Value<'_>,
    meter: &mut Meter,
) -> Result<Ordering, Fault> {
    match (a, b) {
        (Value::Bool(a), Value::Bool(b)) => Ok(a.cmp(b)),
        (Value::String(a), Value::String(b)) => {
            meter.scan(a.len().min(b.len()))?;
            Ok(a.cmp(b))
        }
        (Value::Bytes(a), Value::Bytes(b)) => {
            meter.scan(a.len().min(b.len()))?;
            Ok(a.cmp(b))
        }
        (Value::Duration(a), Value::Duration(b)) => Ok(a.cmp(b)),
        (Value::Timestamp(a), Value::Timestamp(b)) => Ok(a.instant().cmp(&b.instant())),
        (
            Value::Int(_) | Value::Uint(_) | Value::Double(_),
            Value::Int(_) | Value::Uint(_) | Value::Double(_),
        ) => numbers(a, b).ok_or_else(|| Fault::new(NOT_ORDERED)),
        (Value::Double(a), _) if a.is_nan() => Err(Fault::new(NOT_ORDERED)),
        _ => Err(Fault::no_overload()),
    }
}

const NOT_ORDERED: &str = "NaN values cannot be ordered";

/// How two numbers stand to each other; none for NaN, and for what is no number.
fn numbers(a: &Value<'_>, b: &Value<'_>) -> Option<Ordering> {
    match (a, b) {
        (Value::Int(a), Value::Int(b)) => Some(a.cmp(b)),
        (Value::Uint(a), Value::Uint(b)) => Some(a.cmp(b)),
        (Value::Double(a), Value::Double(b)) => a.partial_cmp(b),
        (Value::Int(a), Value::Uint(b)) => Some(int_to_uint(*a, *b)),
        (Value::Uint(a), Value::Int(b)) => Some(int_to_uint(*b, *a).reverse()),
        (Value::Double(a), Value::Int(b)) => double_to_int(*a, *b),
        (Value::Int(a), Value::Double(b)) => double_to_int(*b, *a).map(Ordering::reverse),
        (Value::Double(a), Value::Uint(b)) => double_to_uint(*a, *b),
        (Value::Uint(a), Value::Double(b)) => double_to_uint(*b, *a).map(Ordering::reverse),
        _ => None,
    }
}

fn int_to_uint(a: i64, b: u64) -> Ordering {
    u64::try_from(a).map_or(Ordering::Less, |a| a.cmp(&b))
}

/// The integer loses its last digits on the way, as upstream: 2^63 - 1 equals 2^63 as a double.
fn double_to_int(a: f64, b: i64) -> Option<Ordering> {
    #[expect(clippy::cast_precision_loss, reason = "as upstream")]
    a.partial_cmp(&(b as f64))
}

fn double_to_uint(a: f64, b: u64) -> Option<Ordering> {
    #[expect(clippy::cast_precision_loss, reason = "as upstream")]
    a.partial_cmp(&(b as f64))
}
