//! What is wrong with an object that can be read.

use std::fmt;

use super::place::{FieldPath, Place};

/// One mistake in an object, and where it stands.
///
/// `Display` writes a line for people: ``3:3: unknown field `spec.intervall` ``.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What is wrong.
    pub what: Fault,
    /// The field, from the object on.
    pub path: FieldPath,
    /// Where in the file: the key of an unknown or repeated field, the value of a wrong one, the parent of a missing one.
    pub place: Place,
}

/// What may be wrong with a field.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The kind has no such field. An API server that validates strictly refuses the object, others drop the field.
    UnknownField,
    /// The value does not fit the field.
    WrongType {
        /// What was found and what is expected.
        message: String,
    },
    /// The field is required, and absent or null.
    MissingField,
    /// The key stands in the map more than once. The last one wins, unless the file is read by kustomize, which refuses it.
    RepeatedKey,
    /// The value is nested more than 128 levels deep. It is not decoded, as `serde_json` reads no such text either.
    TooDeep,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { what, path, place } = self;
        match what {
            Fault::UnknownField => write!(f, "{place}: unknown field `{path}`"),
            Fault::WrongType { message } => write!(f, "{place}: `{path}`: {message}"),
            Fault::MissingField => write!(f, "{place}: missing field `{path}`"),
            Fault::RepeatedKey => write!(f, "{place}: repeated key `{path}`"),
            Fault::TooDeep => write!(f, "{place}: nested too deep: `{path}`"),
        }
    }
}
