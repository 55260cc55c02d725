//! Types, and the table in which the checker keeps them.

use std::collections::BTreeMap;
use std::fmt;

/// The static type of an expression.
///
/// Printed as upstream prints it: `int`, `list(string)`, `map(string, dyn)`, `google.protobuf.Timestamp`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Type {
    /// A message of any type, `google.protobuf.Any`; as good as [`Type::Dyn`].
    Any,
    /// `true` or `false`.
    Bool,
    /// Bytes.
    Bytes,
    /// A float of 64 bits.
    Double,
    /// A span of time.
    Duration,
    /// Known only when the expression is evaluated.
    Dyn,
    /// A signed integer of 64 bits.
    Int,
    /// A list of elements of that type.
    List(Box<Self>),
    /// A map from keys of the first to values of the second type.
    Map(Box<Self>, Box<Self>),
    /// A message with that name which is none of the other types.
    Message(&'static str),
    /// The type of `null` alone.
    Null,
    /// A value of that type, or none.
    Optional(Box<Self>),
    /// Text.
    String,
    /// A point in time.
    Timestamp,
    /// The type of a type.
    Type(Box<Self>),
    /// What `type` itself stands for.
    TypeOfTypes,
    /// An unsigned integer of 64 bits.
    Uint,
    /// A value of that type, or `null`: one of the wrapper messages, such as `google.protobuf.BoolValue`.
    Wrapper(Box<Self>),
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("google.protobuf.Any"),
            Self::Bool => f.write_str("bool"),
            Self::Bytes => f.write_str("bytes"),
            Self::Double => f.write_str("double"),
            Self::Duration => f.write_str("google.protobuf.Duration"),
            Self::Dyn => f.write_str("dyn"),
            Self::Int => f.write_str("int"),
            Self::List(element) => write!(f, "list({element})"),
            Self::Map(key, value) => write!(f, "map({key}, {value})"),
            Self::Message(name) => f.write_str(name),
            Self::Null => f.write_str("null_type"),
            Self::Optional(value) => write!(f, "optional_type({value})"),
            Self::String => f.write_str("string"),
            Self::Timestamp => f.write_str("google.protobuf.Timestamp"),
            Self::Type(of) => write!(f, "type({of})"),
            Self::TypeOfTypes => f.write_str("type"),
            Self::Uint => f.write_str("uint"),
            Self::Wrapper(value) => write!(f, "wrapper({value})"),
        }
    }
}

/// A type within the checker: its parts are other types of the same table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Term {
    Any,
    Bool,
    Bytes,
    Double,
    Duration,
    Dyn,
    Int,
    List(TypeId),
    Map(TypeId, TypeId),
    Message(&'static str),
    Null,
    Optional(TypeId),
    /// Not known yet; the number is the place of what it stands for.
    Parameter(u32),
    String,
    Timestamp,
    Type(TypeId),
    TypeOfTypes,
    Uint,
    Wrapper(TypeId),
}

/// The place of a type in its table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct TypeId(usize);

/// Every type stands in it once, so types are the same when their places are.
#[derive(Debug, Default)]
pub(super) struct Table {
    rows: Vec<Row>,
    places: BTreeMap<Term, TypeId>,
}

#[derive(Debug, Clone, Copy)]
struct Row {
    term: Term,
    /// The type without the difference between wrappers and what they wrap.
    unwrapped: TypeId,
    has_parameters: bool,
    /// Names in the written form. Parts that occur more than once make it far larger than the table.
    size: u32,
}

/// The size up to which types are written out.
const LARGEST: u32 = 10_000;

impl Table {
    pub(super) fn insert(&mut self, term: Term) -> TypeId {
        if let Some(place) = self.places.get(&term) {
            return *place;
        }
        let place = TypeId(self.rows.len());
        let parts = term.parts();
        let has_parameters = matches!(term, Term::Parameter(_))
            || parts
                .into_iter()
                .flatten()
                .any(|part| self.has_parameters(part));
        let sizes = parts.into_iter().flatten().map(|part| self.size(part));
        let size = sizes.fold(1, u32::saturating_add);
        self.places.insert(term, place);
        self.rows.push(Row {
            term,
            unwrapped: place,
            has_parameters,
            size,
        });
        let unwrapped = match term {
            Term::Wrapper(value) => self.unwrapped(value),
            _ => {
                let unwrapped = term.with_parts(|part| self.unwrapped(part));
                self.insert(unwrapped)
            }
        };
        if let Some(row) = self.rows.get_mut(place.0) {
            row.unwrapped = unwrapped;
        }
        place
    }

    pub(super) fn term(&self, place: TypeId) -> Term {
        self.rows.get(place.0).map_or(Term::Dyn, |row| row.term)
    }

    /// Whether upstream takes the two for the same; it does not tell wrappers from what they wrap.
    pub(super) fn is_exact(&self, a: TypeId, b: TypeId) -> bool {
        self.unwrapped(a) == self.unwrapped(b)
    }

    /// Whether a part of the type is not known yet.
    pub(super) fn has_parameters(&self, place: TypeId) -> bool {
        self.rows.get(place.0).is_some_and(|row| row.has_parameters)
    }

    /// Whether the type is too large to be written out.
    pub(super) fn is_huge(&self, place: TypeId) -> bool {
        self.size(place) > LARGEST
    }

    fn size(&self, place: TypeId) -> u32 {
        self.rows.get(place.0).map_or(1, |row| row.size)
    }

    pub(super) fn is_dyn(&self, place: TypeId) -> bool {
        matches!(self.term(place), Term::Dyn | Term::Any)
    }

    /// The type in an error of the checker, which names some types otherwise than [`Type`] does.
    pub(super) fn name(&self, place: TypeId) -> String {
        if self.is_huge(place) {
            return format!("{}(...)", self.outer_name(place));
        }
        match self.term(place) {
            Term::Any => "any".to_owned(),
            Term::Duration => "duration".to_owned(),
            Term::Null => "null".to_owned(),
            Term::Timestamp => "timestamp".to_owned(),
            Term::Wrapper(value) => format!("wrapper({})", self.name(value)),
            term => match term.parts() {
                [Some(part), None] => format!("{}({})", self.outer_name(place), self.name(part)),
                [Some(key), Some(value)] => {
                    format!(
                        "{}({}, {})",
                        self.outer_name(place),
                        self.name(key),
                        self.name(value)
                    )
                }
                _ => self.outer_name(place).to_owned(),
            },
        }
    }

    /// The name of the type without its parts.
    pub(super) fn outer_name(&self, place: TypeId) -> &'static str {
        match self.term(place) {
            Term::Any => "google.protobuf.Any",
            Term::Bool => "bool",
            Term::Bytes => "bytes",
            Term::Double => "double",
            Term::Duration => "google.protobuf.Duration",
            Term::Dyn | Term::Parameter(_) => "dyn",
            Term::Int => "int",
            Term::List(_) => "list",
            Term::Map(..) => "map",
            Term::Message(name) => name,
            Term::Null => "null_type",
            Term::Optional(_) => "optional_type",
            Term::String => "string",
            Term::Timestamp => "google.protobuf.Timestamp",
            Term::Type(_) | Term::TypeOfTypes => "type",
            Term::Uint => "uint",
            Term::Wrapper(value) => self.outer_name(value),
        }
    }

    fn unwrapped(&self, place: TypeId) -> TypeId {
        self.rows.get(place.0).map_or(place, |row| row.unwrapped)
    }

    /// The type for the user, if it is not huge; what is not known is dynamic.
    pub(super) fn export(&self, place: TypeId) -> Type {
        let export = |part| Box::new(self.export(part));
        match self.term(place) {
            Term::Any => Type::Any,
            Term::Bool => Type::Bool,
            Term::Bytes => Type::Bytes,
            Term::Double => Type::Double,
            Term::Duration => Type::Duration,
            Term::Dyn | Term::Parameter(_) => Type::Dyn,
            Term::Int => Type::Int,
            Term::List(element) => Type::List(export(element)),
            Term::Map(key, value) => Type::Map(export(key), export(value)),
            Term::Message(name) => Type::Message(name),
            Term::Null => Type::Null,
            Term::Optional(value) => Type::Optional(export(value)),
            Term::String => Type::String,
            Term::Timestamp => Type::Timestamp,
            Term::Type(of) => Type::Type(export(of)),
            Term::TypeOfTypes => Type::TypeOfTypes,
            Term::Uint => Type::Uint,
            Term::Wrapper(value) => Type::Wrapper(export(value)),
        }
    }
}

impl Term {
    /// The types of which this one consists.
    pub(super) fn parts(self) -> [Option<TypeId>; 2] {
        match self {
            Self::List(part) | Self::Optional(part) | Self::Type(part) | Self::Wrapper(part) => {
                [Some(part), None]
            }
            Self::Map(key, value) => [Some(key), Some(value)],
            _ => [None, None],
        }
    }

    /// The same type of other parts.
    pub(super) fn with_parts(self, mut change: impl FnMut(TypeId) -> TypeId) -> Self {
        match self {
            Self::List(part) => Self::List(change(part)),
            Self::Map(key, value) => Self::Map(change(key), change(value)),
            Self::Optional(part) => Self::Optional(change(part)),
            Self::Type(part) => Self::Type(change(part)),
            Self::Wrapper(part) => Self::Wrapper(change(part)),
            _ => self,
        }
    }
}
