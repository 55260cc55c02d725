use std::sync::Arc;

use super::time::Timestamp;
use crate::duration::Duration;

pub use self::list::List;
pub use self::map::Map;
pub use self::text::Text;

mod compare;
mod convert;
mod list;
mod map;
mod text;

pub(super) use self::compare::{compare, equal};
pub(super) use self::map::Entries;

/// What an expression gives, and what its variables hold.
///
/// A value borrows from the program and the variables of its evaluation where it can. Two values are equal where `==`
/// of the language says so: `1`, `1u` and `1.0` are, `NaN` is not even equal to itself.
///
/// # Examples
///
/// ```
/// use fluxcd_dialect::cel::{Program, Value, Variables};
/// use serde_json::json;
///
/// let object = json!({"spec": {"replicas": 3}});
/// let program = Program::parse("spec.replicas")?;
/// let variables = Variables::of(&object);
/// let value = program.evaluate(&variables)?;
/// assert_eq!(value, Value::Int(3));
/// assert_eq!(value, Value::Double(3.0));
/// assert_eq!(value.to_json(), json!(3));
/// # Ok::<(), fluxcd_dialect::cel::Error>(())
/// ```
#[derive(Debug, Clone)]
pub enum Value<'v> {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// `1`
    Int(i64),
    /// `1u`
    Uint(u64),
    /// `1.0`
    Double(f64),
    /// `'a'`
    String(Text<'v>),
    /// `b'a'`
    Bytes(Arc<[u8]>),
    /// `[1, 2]`
    List(List<'v>),
    /// `{'a': 1}`
    Map(Map<'v>),
    /// `duration('1h')`
    Duration(Duration),
    /// `timestamp('2024-01-01T00:00:00Z')`
    Timestamp(Timestamp),
    /// The type of a value: `int`, `type(1)`
    Type(TypeName),
    /// `optional.of(1)`, `optional.none()`
    Optional(Option<Arc<Self>>),
}

/// The type of a value, at run time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names of the variants of Value")]
pub enum TypeName {
    Bool,
    Bytes,
    Double,
    Duration,
    Int,
    List,
    Map,
    Null,
    Optional,
    String,
    Timestamp,
    Type,
    Uint,
}

impl Value<'_> {
    /// What an optional holds, and what that holds; anything else itself. Upstream takes one for the other where it asks for
    /// the Go value of something.
    pub(super) fn opened(&self) -> &Self {
        let mut value = self;
        while let Self::Optional(Some(inner)) = value {
            value = inner;
        }
        value
    }

    /// The type, as `type(x)` gives it.
    #[must_use]
    pub fn kind(&self) -> TypeName {
        match self {
            Self::Null => TypeName::Null,
            Self::Bool(_) => TypeName::Bool,
            Self::Int(_) => TypeName::Int,
            Self::Uint(_) => TypeName::Uint,
            Self::Double(_) => TypeName::Double,
            Self::String(_) => TypeName::String,
            Self::Bytes(_) => TypeName::Bytes,
            Self::List(_) => TypeName::List,
            Self::Map(_) => TypeName::Map,
            Self::Duration(_) => TypeName::Duration,
            Self::Timestamp(_) => TypeName::Timestamp,
            Self::Type(_) => TypeName::Type,
            Self::Optional(_) => TypeName::Optional,
        }
    }

    /// Whether `optional.ofNonZeroValue` takes it for nothing.
    pub(super) fn is_zero(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Bool(value) => !value,
            Self::Int(value) => *value == 0,
            Self::Uint(value) => *value == 0,
            Self::Double(value) => *value == 0.0,
            Self::String(value) => value.is_empty(),
            Self::Bytes(value) => value.is_empty(),
            Self::List(value) => value.is_empty(),
            Self::Map(value) => value.is_empty(),
            Self::Duration(value) => value.is_zero(),
            Self::Timestamp(value) => value.is_zero(),
            Self::Type(_) | Self::Optional(_) => false,
        }
    }

    /// The same value, with what it holds itself borrowed.
    pub(super) fn borrowed(&self) -> Value<'_> {
        match self {
            Self::String(text) => Value::String(Text::from(&**text)),
            other => other.clone(),
        }
    }
}

impl TypeName {
    /// The name, as `string` and conditions show it: `int`, `null_type`, `google.protobuf.Timestamp`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bool => "bool",
            Self::Bytes => "bytes",
            Self::Double => "double",
            Self::Duration => "google.protobuf.Duration",
            Self::Int => "int",
            Self::List => "list",
            Self::Map => "map",
            Self::Null => "null_type",
            Self::Optional => "optional_type",
            Self::String => "string",
            Self::Timestamp => "google.protobuf.Timestamp",
            Self::Type => "type",
            Self::Uint => "uint",
        }
    }

    /// The type with that name.
    pub(super) fn named(name: &str) -> Option<Self> {
        const ALL: [TypeName; 13] = [
            TypeName::Bool,
            TypeName::Bytes,
            TypeName::Double,
            TypeName::Duration,
            TypeName::Int,
            TypeName::List,
            TypeName::Map,
            TypeName::Null,
            TypeName::Optional,
            TypeName::String,
            TypeName::Timestamp,
            TypeName::Type,
            TypeName::Uint,
        ];
        ALL.into_iter().find(|kind| kind.name() == name)
    }
}

impl PartialEq for Value<'_> {
    fn eq(&self, other: &Self) -> bool {
        let mut unlimited = super::limit::Meter::unlimited();
        equal(self, other, &mut unlimited).unwrap_or(false)
    }
}
