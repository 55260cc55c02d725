//! Functions of lists, maps and sets.
//!
//! cel-go v0.26.1: `ext/sets.go`, `cel/library.go (first, last, optUnwrap)`, `common/stdlib/standard.go (inAggregate)`.

use super::{Function, contains, unknown_to};
use crate::cel::error::Fault;
use crate::cel::limit::Meter;
use crate::cel::value::{List, Value, equal};

/// The value of one of these functions; nothing for other functions, and where it has no such form.
pub(super) fn call<'v>(
    function: Function,
    arguments: &[Value<'v>],
    meter: &mut Meter,
) -> Result<Option<Value<'v>>, Fault> {
    let value = match (function, arguments) {
        (Function::First, [Value::List(list)]) => list.at(0).into(),
        (Function::Last, [Value::List(list)]) => {
            let last = list.len().checked_sub(1);
            last.and_then(|last| list.at(last)).into()
        }
        (Function::SetsContains, [Value::List(a), Value::List(b)]) => {
            Value::Bool(contains_all(a, b, meter)?)
        }
        (Function::SetsEquivalent, [Value::List(a), Value::List(b)]) => {
            Value::Bool(contains_all(a, b, meter)? && contains_all(b, a, meter)?)
        }
        (Function::SetsIntersects, [Value::List(a), Value::List(b)]) => {
            Value::Bool(intersects(a, b, meter)?)
        }
        (Function::Unwrap, [Value::List(list)]) => return unwrap(list, meter),
        _ => return Ok(None),
    };
    Ok(Some(value))
}

pub(super) fn is_in(
    wanted: &Value<'_>,
    place: &Value<'_>,
    meter: &mut Meter,
) -> Result<bool, Fault> {
    match place {
        Value::List(list) => contains(list, wanted, meter),
        Value::Map(map) => Ok(map.find(wanted)?.is_some()),
        _ => Err(Fault::no_overload()),
    }
}

pub(super) fn size<'v>(value: &Value<'v>, meter: &mut Meter) -> Result<Value<'v>, Fault> {
    let size = match value {
        Value::String(text) => {
            meter.scan(text.len())?;
            text.chars().count()
        }
        Value::Bytes(bytes) => bytes.len(),
        Value::List(list) => list.len(),
        Value::Map(map) => map.len(),
        _ => return Err(unknown_to("size", value)),
    };
    Ok(Value::Int(i64::try_from(size).unwrap_or(i64::MAX)))
}

/// Whether `list` holds every element of `others`.
fn contains_all(list: &List<'_>, others: &List<'_>, meter: &mut Meter) -> Result<bool, Fault> {
    for other in others.iter() {
        if !contains(list, &other, meter)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn intersects(a: &List<'_>, b: &List<'_>, meter: &mut Meter) -> Result<bool, Fault> {
    for element in a.iter() {
        for other in b.iter() {
            meter.step()?;
            if equal(&element, &other, meter)? {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// The contents of all optionals that have one. As everywhere, the type of a list is that of its first element.
fn unwrap<'v>(list: &List<'v>, meter: &mut Meter) -> Result<Option<Value<'v>>, Fault> {
    meter.steps(list.len())?;
    meter.make(list.len() * size_of::<Value<'_>>())?;
    let mut contents = Vec::new();
    for (place, element) in list.iter().enumerate() {
        match element {
            Value::Optional(content) => contents.extend(content.map(|content| (*content).clone())),
            _ if place == 0 => return Ok(None),
            other => {
                let kind = other.kind().name();
                return Err(Fault::new(format!("value of type {kind} is not optional")));
            }
        }
    }
    Ok(Some(contents.into()))
}
