//! Expressions of the Common Expression Language, as Flux evaluates them.

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
mod time;
mod tree;
mod value;
