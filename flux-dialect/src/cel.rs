//! Expressions of the Common Expression Language, as Flux evaluates them.

pub use self::error::{Error, ErrorKind};
pub use self::limit::Limits;
pub use self::program::{Options, Program, Variables};
pub use self::time::Timestamp;
pub use self::value::{List, Map, Text, TypeName, Value};

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
#[allow(dead_code)]
mod program;
mod time;
#[allow(dead_code)]
mod tree;
mod value;
