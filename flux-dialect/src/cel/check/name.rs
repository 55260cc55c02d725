//! Names that stand for something without being declared: types, and the messages of protocol buffers that upstream knows.

use super::types::Term;

/// A message that can be written as `name{field: value}`.
#[derive(Debug)]
pub(super) struct Message {
    name: &'static str,
    /// The type of the message, of which the parts are dynamic but for the key of a map.
    pub(super) is: Known,
    pub(super) fields: &'static [(&'static str, Known)],
}

/// A type without parts that vary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Known {
    Plain(Term),
    /// `list(dyn)`.
    List,
    /// A list of unknown elements: what `list` is the name of.
    AnyList,
    /// Likewise for `map`.
    AnyMap,
    /// `map(string, dyn)`.
    Map,
    Wrapper(Term),
}

impl Message {
    /// Whether its name passes the checker, and yet is nothing at run time: values of its type count as another one.
    pub(super) fn is_undefined(&self) -> bool {
        !matches!(
            self.is,
            Known::Plain(Term::Duration | Term::Message(_) | Term::Timestamp)
        )
    }
}

/// The type for which a name stands.
pub(super) fn type_named(name: &str) -> Option<Known> {
    let simple = match name {
        "bool" => Known::Plain(Term::Bool),
        "bytes" => Known::Plain(Term::Bytes),
        "double" => Known::Plain(Term::Double),
        "int" => Known::Plain(Term::Int),
        "list" => Known::AnyList,
        "map" => Known::AnyMap,
        "null_type" => Known::Plain(Term::Null),
        // Upstream knows nothing of what such a value may hold, here alone.
        "optional_type" => Known::Plain(Term::Message("optional_type")),
        "string" => Known::Plain(Term::String),
        "type" => Known::Plain(Term::TypeOfTypes),
        "uint" => Known::Plain(Term::Uint),
        _ => return message(name).map(|message| message.is),
    };
    Some(simple)
}

/// The message with that name.
pub(super) fn message(name: &str) -> Option<&'static Message> {
    let name = name.strip_prefix("google.protobuf.")?;
    MESSAGES.iter().find(|message| message.name == name)
}

/// The type of a field.
pub(super) fn field(fields: &[(&str, Known)], name: &str) -> Option<Known> {
    let mut fields = fields.iter();
    fields
        .find(|(field, _)| *field == name)
        .map(|(_, known)| *known)
}

/// The name of the constant with a value of type int.
pub(super) const NULL_VALUE: &str = "google.protobuf.NullValue.NULL_VALUE";
/// The parts of the longest name here.
pub(super) const LONGEST: usize = 4;

const DYN: Known = Known::Plain(Term::Dyn);
const INT: Known = Known::Plain(Term::Int);
const STRING: Known = Known::Plain(Term::String);

const fn wrapper(
    name: &'static str,
    value: Term,
    fields: &'static [(&'static str, Known)],
) -> Message {
    Message {
        name,
        is: Known::Wrapper(value),
        fields,
    }
}

const MESSAGES: &[Message] = &[
    Message {
        name: "Any",
        is: Known::Plain(Term::Any),
        fields: &[("type_url", STRING), ("value", Known::Plain(Term::Bytes))],
    },
    wrapper(
        "BoolValue",
        Term::Bool,
        &[("value", Known::Plain(Term::Bool))],
    ),
    wrapper(
        "BytesValue",
        Term::Bytes,
        &[("value", Known::Plain(Term::Bytes))],
    ),
    wrapper(
        "DoubleValue",
        Term::Double,
        &[("value", Known::Plain(Term::Double))],
    ),
    Message {
        name: "Duration",
        is: Known::Plain(Term::Duration),
        fields: &[("seconds", INT), ("nanos", INT)],
    },
    Message {
        name: "Empty",
        is: Known::Plain(Term::Message("google.protobuf.Empty")),
        fields: &[],
    },
    wrapper(
        "FloatValue",
        Term::Double,
        &[("value", Known::Plain(Term::Double))],
    ),
    wrapper("Int32Value", Term::Int, &[("value", INT)]),
    wrapper("Int64Value", Term::Int, &[("value", INT)]),
    Message {
        name: "ListValue",
        is: Known::List,
        fields: &[("values", Known::List)],
    },
    wrapper("StringValue", Term::String, &[("value", STRING)]),
    Message {
        name: "Struct",
        is: Known::Map,
        fields: &[("fields", Known::Map)],
    },
    Message {
        name: "Struct.FieldsEntry",
        is: Known::Plain(Term::Message("google.protobuf.Struct.FieldsEntry")),
        fields: &[("key", STRING), ("value", DYN)],
    },
    Message {
        name: "Timestamp",
        is: Known::Plain(Term::Timestamp),
        fields: &[("seconds", INT), ("nanos", INT)],
    },
    wrapper(
        "UInt32Value",
        Term::Uint,
        &[("value", Known::Plain(Term::Uint))],
    ),
    wrapper(
        "UInt64Value",
        Term::Uint,
        &[("value", Known::Plain(Term::Uint))],
    ),
    Message {
        name: "Value",
        is: DYN,
        fields: &[
            ("null_value", INT),
            ("number_value", Known::Plain(Term::Double)),
            ("string_value", STRING),
            ("bool_value", Known::Plain(Term::Bool)),
            ("struct_value", Known::Map),
            ("list_value", Known::List),
        ],
    },
];
