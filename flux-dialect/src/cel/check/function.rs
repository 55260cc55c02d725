//! The functions that an expression may call, with their overloads, in upstream's order: the first that fits decides about
//! types which are not known yet.
//!
//! cel-go: `common/stdlib/standard.go`, `cel/library.go` (optional types), `ext/{strings,sets,encoders}.go`.

use self::Shape::{
    A, B, Bool, Bytes, Double, Duration, Dyn, Int, List, Map, Optional, String, Timestamp, Type,
    Uint,
};
use crate::cel::tree::operator;

/// One way to call a function.
#[derive(Debug)]
pub(super) struct Overload {
    pub(super) style: Style,
    /// The receiver, if there is one, and the arguments.
    pub(super) arguments: &'static [Shape],
    pub(super) result: Shape,
}

/// `f(x)` or `x.f()`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Function,
    Method,
}

/// A type in a signature; [`Shape::A`] and [`Shape::B`] are any types, the same ones throughout.
#[derive(Debug, Clone, Copy)]
pub(super) enum Shape {
    A,
    B,
    Bool,
    Bytes,
    Double,
    Duration,
    Dyn,
    Int,
    List(&'static Self),
    Map(&'static Self, &'static Self),
    Optional(&'static Self),
    String,
    Timestamp,
    Type(&'static Self),
    Uint,
}

/// The overloads of a function; none if there is no such function.
pub(super) fn overloads(name: &str) -> Option<&'static [Overload]> {
    let place = FUNCTIONS
        .binary_search_by(|(function, _)| (*function).cmp(name))
        .ok()?;
    FUNCTIONS.get(place).map(|(_, overloads)| *overloads)
}

const fn function(arguments: &'static [Shape], result: Shape) -> Overload {
    Overload {
        style: Style::Function,
        arguments,
        result,
    }
}

const fn method(arguments: &'static [Shape], result: Shape) -> Overload {
    Overload {
        style: Style::Method,
        arguments,
        result,
    }
}

const LIST: Shape = List(&A);
const MAP: Shape = Map(&A, &B);
const MAYBE: Shape = Optional(&A);
const MAYBES: Shape = List(&MAYBE);
const TEXTS: Shape = List(&String);

const COMPARISONS: &[Overload] = &[
    function(&[Bool, Bool], Bool),
    function(&[Int, Int], Bool),
    function(&[Int, Double], Bool),
    function(&[Int, Uint], Bool),
    function(&[Uint, Uint], Bool),
    function(&[Uint, Double], Bool),
    function(&[Uint, Int], Bool),
    function(&[Double, Double], Bool),
    function(&[Double, Int], Bool),
    function(&[Double, Uint], Bool),
    function(&[String, String], Bool),
    function(&[Bytes, Bytes], Bool),
    function(&[Timestamp, Timestamp], Bool),
    function(&[Duration, Duration], Bool),
];
const EQUALITY: &[Overload] = &[function(&[A, A], Bool)];
const LOGIC: &[Overload] = &[function(&[Bool, Bool], Bool)];
const LISTS_COMPARED: &[Overload] = &[function(&[LIST, LIST], Bool)];
const TEXTS_COMPARED: &[Overload] = &[method(&[String, String], Bool)];
const TEXT_CHANGED: &[Overload] = &[method(&[String], String)];
const TEXT_SEARCHED: &[Overload] = &[
    method(&[String, String], Int),
    method(&[String, String, Int], Int),
];
const ELEMENT: &[Overload] = &[method(&[LIST], MAYBE)];
const DATE: &[Overload] = &[method(&[Timestamp], Int), method(&[Timestamp, String], Int)];
const TIME: &[Overload] = &[
    method(&[Timestamp], Int),
    method(&[Timestamp, String], Int),
    method(&[Duration], Int),
];

/// Sorted by name.
const FUNCTIONS: &[(&str, &[Overload])] = &[
    (operator::NOT, &[function(&[Bool], Bool)]),
    (
        operator::NEGATE,
        &[function(&[Double], Double), function(&[Int], Int)],
    ),
    (
        operator::IN,
        &[function(&[A, LIST], Bool), function(&[A, MAP], Bool)],
    ),
    (operator::NOT_STRICTLY_FALSE, &[function(&[Bool], Bool)]),
    (operator::NOT_EQUALS, EQUALITY),
    (
        operator::MODULO,
        &[function(&[Int, Int], Int), function(&[Uint, Uint], Uint)],
    ),
    (operator::AND, LOGIC),
    (
        operator::MULTIPLY,
        &[
            function(&[Double, Double], Double),
            function(&[Int, Int], Int),
            function(&[Uint, Uint], Uint),
        ],
    ),
    (
        operator::ADD,
        &[
            function(&[Bytes, Bytes], Bytes),
            function(&[Double, Double], Double),
            function(&[Duration, Duration], Duration),
            function(&[Duration, Timestamp], Timestamp),
            function(&[Timestamp, Duration], Timestamp),
            function(&[Int, Int], Int),
            function(&[LIST, LIST], LIST),
            function(&[String, String], String),
            function(&[Uint, Uint], Uint),
        ],
    ),
    (
        operator::SUBTRACT,
        &[
            function(&[Double, Double], Double),
            function(&[Duration, Duration], Duration),
            function(&[Int, Int], Int),
            function(&[Timestamp, Duration], Timestamp),
            function(&[Timestamp, Timestamp], Duration),
            function(&[Uint, Uint], Uint),
        ],
    ),
    (
        operator::DIVIDE,
        &[
            function(&[Double, Double], Double),
            function(&[Int, Int], Int),
            function(&[Uint, Uint], Uint),
        ],
    ),
    (operator::LESS_EQUALS, COMPARISONS),
    (operator::LESS, COMPARISONS),
    (operator::EQUALS, EQUALITY),
    (operator::GREATER_EQUALS, COMPARISONS),
    (operator::GREATER, COMPARISONS),
    (operator::CONDITIONAL, &[function(&[Bool, A, A], A)]),
    (
        operator::OPTIONAL_INDEX,
        &[
            function(&[LIST, Int], MAYBE),
            function(&[Optional(&LIST), Int], MAYBE),
            function(&[Map(&B, &A), B], MAYBE),
            function(&[Optional(&Map(&B, &A)), B], MAYBE),
        ],
    ),
    (
        operator::INDEX,
        &[
            function(&[LIST, Int], A),
            function(&[MAP, A], B),
            function(&[Optional(&LIST), Int], MAYBE),
            function(&[Optional(&Map(&B, &A)), B], MAYBE),
        ],
    ),
    (operator::OR, LOGIC),
    ("base64.decode", &[function(&[String], Bytes)]),
    ("base64.encode", &[function(&[Bytes], String)]),
    (
        "bool",
        &[function(&[Bool], Bool), function(&[String], Bool)],
    ),
    (
        "bytes",
        &[function(&[Bytes], Bytes), function(&[String], Bytes)],
    ),
    ("charAt", &[method(&[String, Int], String)]),
    ("contains", TEXTS_COMPARED),
    (
        "double",
        &[
            function(&[Double], Double),
            function(&[Int], Double),
            function(&[String], Double),
            function(&[Uint], Double),
        ],
    ),
    (
        "duration",
        &[
            function(&[Duration], Duration),
            function(&[Int], Duration),
            function(&[String], Duration),
        ],
    ),
    ("dyn", &[function(&[A], Dyn)]),
    ("endsWith", TEXTS_COMPARED),
    ("first", ELEMENT),
    ("format", &[method(&[String, List(&Dyn)], String)]),
    ("getDate", DATE),
    ("getDayOfMonth", DATE),
    ("getDayOfWeek", DATE),
    ("getDayOfYear", DATE),
    ("getFullYear", DATE),
    ("getHours", TIME),
    ("getMilliseconds", TIME),
    ("getMinutes", TIME),
    ("getMonth", DATE),
    ("getSeconds", TIME),
    ("hasValue", &[method(&[MAYBE], Bool)]),
    ("indexOf", TEXT_SEARCHED),
    (
        "int",
        &[
            function(&[Int], Int),
            function(&[Double], Int),
            function(&[Duration], Int),
            function(&[String], Int),
            function(&[Timestamp], Int),
            function(&[Uint], Int),
        ],
    ),
    (
        "join",
        &[method(&[TEXTS], String), method(&[TEXTS, String], String)],
    ),
    ("last", ELEMENT),
    ("lastIndexOf", TEXT_SEARCHED),
    ("lowerAscii", TEXT_CHANGED),
    (
        "matches",
        &[
            function(&[String, String], Bool),
            method(&[String, String], Bool),
        ],
    ),
    ("optional.none", &[function(&[], MAYBE)]),
    ("optional.of", &[function(&[A], MAYBE)]),
    ("optional.ofNonZeroValue", &[function(&[A], MAYBE)]),
    ("optional.unwrap", &[function(&[MAYBES], LIST)]),
    ("or", &[method(&[MAYBE, MAYBE], MAYBE)]),
    ("orValue", &[method(&[MAYBE, A], A)]),
    (
        "replace",
        &[
            method(&[String, String, String], String),
            method(&[String, String, String, Int], String),
        ],
    ),
    ("reverse", TEXT_CHANGED),
    ("sets.contains", LISTS_COMPARED),
    ("sets.equivalent", LISTS_COMPARED),
    ("sets.intersects", LISTS_COMPARED),
    (
        "size",
        &[
            function(&[Bytes], Int),
            method(&[Bytes], Int),
            function(&[LIST], Int),
            method(&[LIST], Int),
            function(&[MAP], Int),
            method(&[MAP], Int),
            function(&[String], Int),
            method(&[String], Int),
        ],
    ),
    (
        "split",
        &[
            method(&[String, String], TEXTS),
            method(&[String, String, Int], TEXTS),
        ],
    ),
    ("startsWith", TEXTS_COMPARED),
    (
        "string",
        &[
            function(&[String], String),
            function(&[Bool], String),
            function(&[Bytes], String),
            function(&[Double], String),
            function(&[Duration], String),
            function(&[Int], String),
            function(&[Timestamp], String),
            function(&[Uint], String),
        ],
    ),
    ("strings.quote", &[function(&[String], String)]),
    (
        "substring",
        &[
            method(&[String, Int], String),
            method(&[String, Int, Int], String),
        ],
    ),
    (
        "timestamp",
        &[
            function(&[Timestamp], Timestamp),
            function(&[Int], Timestamp),
            function(&[String], Timestamp),
        ],
    ),
    ("trim", TEXT_CHANGED),
    ("type", &[function(&[A], Type(&A))]),
    (
        "uint",
        &[
            function(&[Uint], Uint),
            function(&[Double], Uint),
            function(&[Int], Uint),
            function(&[String], Uint),
        ],
    ),
    ("unwrapOpt", &[method(&[MAYBES], LIST)]),
    ("upperAscii", TEXT_CHANGED),
    ("value", &[method(&[MAYBE], A)]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_so_that_every_function_is_found() {
        assert!(
            FUNCTIONS
                .iter()
                .map(|(name, _)| *name)
                .is_sorted_by(|a, b| a < b)
        );
        assert!(FUNCTIONS.iter().all(|(name, _)| overloads(name).is_some()));
        assert!(overloads("nope").is_none());
    }
}
