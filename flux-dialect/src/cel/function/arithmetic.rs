//! cel-go v0.26.1: `common/types/overflow.go`, the methods of `common/types/{int,uint,double,duration,timestamp}.go`.

use super::unknown_to;
use crate::cel::error::Fault;
use crate::cel::limit::Meter;
use crate::cel::tree::operator;
use crate::cel::value::{TypeName, Value};

type Outcome<'v> = Result<Value<'v>, Fault>;

pub(super) fn add<'v>(a: &Value<'v>, b: &Value<'v>, meter: &mut Meter) -> Outcome<'v> {
    match (a, b) {
        (Value::Int(a), Value::Int(b)) => int(a.checked_add(*b)),
        (Value::Uint(a), Value::Uint(b)) => uint(a.checked_add(*b)),
        (Value::Double(a), Value::Double(b)) => Ok(Value::Double(a + b)),
        (Value::String(a), Value::String(b)) => {
            meter.make(a.len() + b.len())?;
            Ok(Value::from(format!("{a}{b}")))
        }
        (Value::Bytes(a), Value::Bytes(b)) => {
            meter.make(a.len() + b.len())?;
            Ok(Value::from([&**a, &**b].concat()))
        }
        (Value::List(a), Value::List(b)) => {
            if a.is_empty() {
                return Ok(Value::List(b.clone()));
            }
            if b.is_empty() {
                return Ok(Value::List(a.clone()));
            }
            let length = a.len() + b.len();
            meter.steps(length)?;
            meter.make(length * size_of::<Value<'_>>())?;
            Ok(Value::from(a.iter().chain(b.iter()).collect::<Vec<_>>()))
        }
        (Value::Duration(a), Value::Duration(b)) => duration(a.checked_add(*b)),
        (Value::Timestamp(time), Value::Duration(by))
        | (Value::Duration(by), Value::Timestamp(time)) => timestamp(time.add(*by)),
        _ => Err(refusal(operator::ADD, a)),
    }
}

pub(super) fn subtract<'v>(a: &Value<'v>, b: &Value<'v>) -> Outcome<'v> {
    match (a, b) {
        (Value::Int(a), Value::Int(b)) => int(a.checked_sub(*b)),
        (Value::Uint(a), Value::Uint(b)) => uint(a.checked_sub(*b)),
        (Value::Double(a), Value::Double(b)) => Ok(Value::Double(a - b)),
        (Value::Duration(a), Value::Duration(b)) => duration(a.checked_sub(*b)),
        (Value::Timestamp(a), Value::Timestamp(b)) => duration(a.since(*b)),
        (Value::Timestamp(time), Value::Duration(by)) => {
            let back = by.checked_mul(-1).ok_or_else(int_overflow)?;
            timestamp(time.add(back))
        }
        _ => Err(refusal(operator::SUBTRACT, a)),
    }
}

pub(super) fn multiply<'v>(a: &Value<'v>, b: &Value<'v>) -> Outcome<'v> {
    match (a, b) {
        (Value::Int(a), Value::Int(b)) => int(a.checked_mul(*b)),
        (Value::Uint(a), Value::Uint(b)) => uint(a.checked_mul(*b)),
        (Value::Double(a), Value::Double(b)) => Ok(Value::Double(a * b)),
        _ => Err(refusal(operator::MULTIPLY, a)),
    }
}

pub(super) fn divide<'v>(a: &Value<'v>, b: &Value<'v>) -> Outcome<'v> {
    match (a, b) {
        (Value::Int(_), Value::Int(0)) | (Value::Uint(_), Value::Uint(0)) => {
            Err(Fault::new("division by zero"))
        }
        (Value::Int(a), Value::Int(b)) => int(a.checked_div(*b)),
        (Value::Uint(a), Value::Uint(b)) => uint(a.checked_div(*b)),
        (Value::Double(a), Value::Double(b)) => Ok(Value::Double(a / b)),
        _ => Err(refusal(operator::DIVIDE, a)),
    }
}

pub(super) fn modulo<'v>(a: &Value<'v>, b: &Value<'v>) -> Outcome<'v> {
    match (a, b) {
        (Value::Int(_), Value::Int(0)) | (Value::Uint(_), Value::Uint(0)) => {
            Err(Fault::new("modulus by zero"))
        }
        (Value::Int(a), Value::Int(b)) => int(a.checked_rem(*b)),
        (Value::Uint(a), Value::Uint(b)) => uint(a.checked_rem(*b)),
        _ => Err(refusal(operator::MODULO, a)),
    }
}

pub(super) fn negate<'v>(a: &Value<'v>) -> Outcome<'v> {
    match a {
        Value::Int(a) => int(a.checked_neg()),
        Value::Double(a) => Ok(Value::Double(-a)),
        Value::Duration(a) => duration(a.checked_mul(-1)),
        Value::Bool(_) => Err(Fault::no_overload()),
        _ => Err(unknown_to(operator::NEGATE, a)),
    }
}

fn int<'v>(result: Option<i64>) -> Outcome<'v> {
    result.map(Value::Int).ok_or_else(int_overflow)
}

fn uint<'v>(result: Option<u64>) -> Outcome<'v> {
    let result = result.map(Value::Uint);
    result.ok_or_else(|| Fault::new("unsigned integer overflow"))
}

fn duration<'v>(result: Option<crate::duration::Duration>) -> Outcome<'v> {
    result.map(Value::Duration).ok_or_else(int_overflow)
}

fn timestamp<'v>(result: Option<crate::cel::time::Timestamp>) -> Outcome<'v> {
    let result = result.map(Value::Timestamp);
    result.ok_or_else(|| Fault::new("timestamp overflow"))
}

fn int_overflow() -> Fault {
    Fault::new("integer overflow")
}

/// Either the first operand knows the operation, but not with the second, or it does not know it at all.
fn refusal(name: &str, a: &Value<'_>) -> Fault {
    let knows = match a.kind() {
        TypeName::Int
        | TypeName::Uint
        | TypeName::Timestamp
        | TypeName::Duration
        | TypeName::String => true,
        TypeName::Double => name != operator::MODULO,
        TypeName::Bytes | TypeName::List => name == operator::ADD,
        TypeName::Bool | TypeName::Map | TypeName::Null | TypeName::Optional | TypeName::Type => {
            false
        }
    };
    if knows {
        return Fault::no_overload();
    }
    unknown_to(name, a)
}
