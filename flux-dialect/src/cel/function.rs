//! The functions: their names, the numbers of arguments for which upstream can make a program, and what they do.
//!
//! cel-go v0.26.1: `common/stdlib/standard.go`, `cel/library.go`, `ext/{strings,sets,encoders}.go`,
//! `interpreter/planner.go (planCall)`.

use std::cmp::Ordering;

use super::error::Fault;
use super::limit::Meter;
use super::tree::operator;
use super::value::{List, TypeName, Value, compare, equal};

mod arithmetic;
mod collection;
mod convert;
pub(super) mod text;
mod time;

pub(super) use self::convert::seconds_text;

/// What a name calls. A call by dot and a call by brackets are the same: the target is the first argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Function {
    Add,
    Base64Decode,
    Base64Encode,
    CharAt,
    Contains,
    Convert(TypeName),
    Divide,
    Dyn,
    EndsWith,
    First,
    Format,
    Greater,
    GreaterEquals,
    HasValue,
    In,
    IndexOf,
    Join,
    Last,
    LastIndexOf,
    Less,
    LessEquals,
    LowerAscii,
    Matches,
    Modulo,
    Multiply,
    Negate,
    None,
    Not,
    NotStrictlyFalse,
    Of,
    OfNonZeroValue,
    Part(time::Part),
    Quote,
    Replace,
    Reverse,
    SetsContains,
    SetsEquivalent,
    SetsIntersects,
    Size,
    Split,
    StartsWith,
    Substring,
    Subtract,
    Trim,
    TypeOf,
    Unwrap,
    UpperAscii,
    Value,
}

/// How many arguments upstream allows when it makes a program. What it lets through may still fail with each value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Arity {
    One,
    Two,
    /// Decided with the values.
    Any,
}

impl Arity {
    pub(super) fn allows(self, count: usize) -> bool {
        match self {
            Self::One => count == 1,
            Self::Two => count == 2,
            Self::Any => true,
        }
    }
}

/// The function of that name.
pub(super) fn find(name: &str) -> Option<(Function, Arity)> {
    use Arity::{Any, One, Two};
    use Function as F;
    Some(match name {
        operator::ADD => (F::Add, Two),
        operator::DIVIDE => (F::Divide, Two),
        operator::GREATER => (F::Greater, Two),
        operator::GREATER_EQUALS => (F::GreaterEquals, Two),
        operator::IN | "_in_" => (F::In, Two),
        operator::LESS => (F::Less, Two),
        operator::LESS_EQUALS => (F::LessEquals, Two),
        operator::MODULO => (F::Modulo, Two),
        operator::MULTIPLY => (F::Multiply, Two),
        operator::NEGATE => (F::Negate, One),
        operator::NOT => (F::Not, One),
        operator::NOT_STRICTLY_FALSE | "__not_strictly_false__" => (F::NotStrictlyFalse, One),
        operator::SUBTRACT => (F::Subtract, Two),
        "base64.decode" => (F::Base64Decode, One),
        "base64.encode" => (F::Base64Encode, One),
        "bool" => (F::Convert(TypeName::Bool), Any),
        "bytes" => (F::Convert(TypeName::Bytes), Any),
        "charAt" => (F::CharAt, Two),
        "contains" => (F::Contains, Two),
        "double" => (F::Convert(TypeName::Double), Any),
        "duration" => (F::Convert(TypeName::Duration), Any),
        "dyn" => (F::Dyn, One),
        "endsWith" => (F::EndsWith, Two),
        "first" => (F::First, One),
        "format" => (F::Format, Any),
        "hasValue" => (F::HasValue, One),
        "indexOf" => (F::IndexOf, Any),
        "int" => (F::Convert(TypeName::Int), Any),
        "join" => (F::Join, Any),
        "last" => (F::Last, One),
        "lastIndexOf" => (F::LastIndexOf, Any),
        "lowerAscii" => (F::LowerAscii, One),
        "matches" => (F::Matches, Two),
        "optional.none" => (F::None, Any),
        "optional.of" => (F::Of, One),
        "optional.ofNonZeroValue" => (F::OfNonZeroValue, One),
        "optional.unwrap" | "unwrapOpt" => (F::Unwrap, One),
        "replace" => (F::Replace, Any),
        "reverse" => (F::Reverse, One),
        "sets.contains" => (F::SetsContains, Two),
        "sets.equivalent" => (F::SetsEquivalent, Two),
        "sets.intersects" => (F::SetsIntersects, Two),
        "size" => (F::Size, One),
        "split" => (F::Split, Any),
        "startsWith" => (F::StartsWith, Two),
        "string" => (F::Convert(TypeName::String), Any),
        "strings.quote" => (F::Quote, One),
        "substring" => (F::Substring, Any),
        "timestamp" => (F::Convert(TypeName::Timestamp), Any),
        "trim" => (F::Trim, One),
        "type" => (F::TypeOf, One),
        "uint" => (F::Convert(TypeName::Uint), Any),
        "upperAscii" => (F::UpperAscii, One),
        "value" => (F::Value, One),
        _ => (F::Part(time::Part::named(name)?), Any),
    })
}

/// The value of a call, whose name is for error texts.
pub(super) fn call<'v>(
    function: Function,
    name: &str,
    arguments: &[Value<'v>],
    meter: &mut Meter,
) -> Result<Value<'v>, Fault> {
    match (function, arguments) {
        (Function::Add, [a, b]) => arithmetic::add(a, b, meter),
        (Function::Subtract, [a, b]) => arithmetic::subtract(a, b),
        (Function::Multiply, [a, b]) => arithmetic::multiply(a, b),
        (Function::Divide, [a, b]) => arithmetic::divide(a, b),
        (Function::Modulo, [a, b]) => arithmetic::modulo(a, b),
        (Function::Negate, [a]) => arithmetic::negate(a),
        (Function::Not, [Value::Bool(a)]) => Ok(Value::Bool(!a)),
        (Function::Not, _) => Err(Fault::no_overload()),
        (Function::Less, [a, b]) => ordered(name, a, b, meter, Ordering::is_lt),
        (Function::LessEquals, [a, b]) => ordered(name, a, b, meter, Ordering::is_le),
        (Function::Greater, [a, b]) => ordered(name, a, b, meter, Ordering::is_gt),
        (Function::GreaterEquals, [a, b]) => ordered(name, a, b, meter, Ordering::is_ge),
        (Function::In, [a, b]) => collection::is_in(a, b, meter).map(Value::Bool),
        (Function::Size, [a]) => collection::size(a, meter),
        (Function::TypeOf, [a]) => Ok(Value::Type(a.kind())),
        (Function::Dyn, [a]) => Ok(a.clone()),
        (Function::Of, [a]) => Ok(Some(a.clone()).into()),
        (Function::OfNonZeroValue, [a]) => Ok((!a.is_zero()).then(|| a.clone()).into()),
        (Function::None, []) => Ok(Value::Optional(None)),
        (Function::HasValue, [Value::Optional(a)]) => Ok(Value::Bool(a.is_some())),
        (Function::Value, [Value::Optional(a)]) => match a {
            Some(a) => Ok((**a).clone()),
            None => Err(Fault::new("optional.none() dereference")),
        },
        (Function::Convert(to), [a]) => {
            convert::convert(to, a, meter)?.ok_or_else(|| no_overload(name, arguments))
        }
        (Function::Part(part), _) => {
            time::part(part, arguments)?.ok_or_else(|| no_overload(name, arguments))
        }
        _ => match collection::call(function, arguments, meter)? {
            Some(value) => Ok(value),
            None => {
                text::call(function, arguments, meter)?.ok_or_else(|| no_overload(name, arguments))
            }
        },
    }
}

fn ordered<'v>(
    name: &str,
    a: &Value<'v>,
    b: &Value<'v>,
    meter: &mut Meter,
    holds: fn(Ordering) -> bool,
) -> Result<Value<'v>, Fault> {
    match a.kind() {
        TypeName::List | TypeName::Map | TypeName::Null | TypeName::Optional | TypeName::Type => {
            Err(unknown_to(name, a))
        }
        _ => compare(a, b, meter).map(|ordering| Value::Bool(holds(ordering))),
    }
}

/// No form of the function takes values of these types.
pub(super) fn no_overload(name: &str, arguments: &[Value<'_>]) -> Fault {
    let types: Vec<&str> = arguments.iter().map(|value| value.kind().name()).collect();
    Fault::new(format!("no such overload: {name}({})", types.join(", ")))
}

/// The first value does not know the function at all.
pub(super) fn unknown_to(name: &str, first: &Value<'_>) -> Fault {
    match first.kind() {
        TypeName::String | TypeName::Timestamp | TypeName::Duration => Fault::no_overload(),
        _ => Fault::new(format!("no such overload: {name}")),
    }
}

/// Whether the list holds the value.
fn contains(list: &List<'_>, wanted: &Value<'_>, meter: &mut Meter) -> Result<bool, Fault> {
    for element in list.iter() {
        meter.step()?;
        if equal(wanted, &element, meter)? {
            return Ok(true);
        }
    }
    Ok(false)
}
