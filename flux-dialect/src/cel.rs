//! Expressions of the Common Expression Language, as Flux evaluates them. Feature `cel`.
//!
//! The language of `healthCheckExprs`, `readyExpr`, `commitStatusExpr` and the filters of receivers, in the environment
//! that the controllers make: optional values, the functions of texts, sets and base64, numbers of all types compared with
//! one another, UTC.
//!
//! # Contract
//!
//! - [`Program::parse`] reads an expression and makes a program of it, as health checks do: names and types are not looked
//!   at. [`Program::compile`] checks it first, as `readyExpr` does.
//! - [`Program::evaluate`] gives the value under [`Variables`], which borrow JSON, or the error that upstream gives.
//! - An [`Error`] has a kind that tells who can repair it, a span, and one line of text in the words of upstream.
//!   [`Error::explain`] puts it into the sentence that conditions show.
//!
//! # Laws
//!
//! - No expression and no data panics, and none overflows a stack of 2 MiB.
//! - An evaluation ends after so many steps and so many bytes: see [`Limits`]. Nothing absorbs that error.
//! - The same program and variables give the same value. Maps are in the order of their keys.
//! - `x && y` and `y && x` are the same but for the text of an error; so it is with `||`. Equality is symmetric, and never
//!   an error.
//!
//! # Traps
//!
//! - A field that is not there is an error, and not false or null: ask `has(a.b)`, or `a.?b.orValue(0)`. `has(a.b)` is an
//!   error itself where `a` is not there.
//! - `&&`, `||`, `all` and `exists` absorb errors where one operand decides; `map`, `filter` and `exists_one` do not.
//! - What the constants of an expression make impossible (`int('x')`, `s.matches('(')`, a duration of `1d`) keeps the whole
//!   expression from becoming a program.
//! - Without a check, a function that does not exist is an error of the evaluation, if it has arguments.
//! - `1 == 1.0`, but `1 + 1.0` is an error. Numbers of JSON without a point are ints.
//! - `getMonth`, `getDayOfMonth` and `getDayOfYear` count from 0, `getDate` from 1.
//!
//! # Differences
//!
//! - Upstream knows no limits but those of the parser.
//! - Upstream goes through maps in random order.
//! - The variable of `optMap` on an empty list can be changed by adding to it upstream:
//!   `optional.of([]).optMap(x, (x + [1]).size() + x.size())` is 2 there, and 1 here.
//! - Bytes as a key of a map end the process of upstream while it makes the program, or the evaluation. Here they are an
//!   error likewise, which nothing absorbs.
//! - Of the messages that upstream knows, `Any`, `Empty` and those that describe messages are unknown here. A timestamp that
//!   is written as a message must be one between the years 1 and 9999.
//! - Zones are those of the tables that this library was built with. Of those tables, zones that only differed before 1970
//!   are one zone.
//! - In `'%s'.format([b])`, bytes that are no text become U+FFFD.
//!
//! # Sources
//!
//! fluxcd/pkg runtime v0.110.1: `cel/expression.go (NewExpression)`; google/cel-go v0.26.1: the directories `parser`,
//! `interpreter`, `checker`, `common/types`, `common/stdlib`, `ext`, and `cel/library.go`. Vectors:
//! `conformance/cel/cel.jsonl`.

pub use self::check::{Declarations, Type};
pub use self::error::{Error, ErrorKind};
pub use self::limit::Limits;
pub use self::program::{Options, Program, Variables};
pub use self::time::Timestamp;
pub use self::value::{List, Map, Text, TypeName, Value};

mod check;
mod error;
mod evaluate;
mod format;
mod function;
mod lex;
mod limit;
mod macros;
mod message;
mod number;
mod parse;
mod plan;
mod program;
#[cfg(test)]
mod tests;
mod time;
mod tree;
mod value;
