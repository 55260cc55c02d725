//! What a built-in type keeps, read from the text of the generated table.

use super::shapes::{KINDS, OTHERS, SHAPES};

/// What the scheme says of an API version and a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Registration {
    /// An object of that shape.
    Object(Shape),
    /// A type that is no object, such as a list.
    Other,
    Unknown,
}

/// runtime: scheme.go (New), schema: group_version.go (ParseGroupVersion).
pub(super) fn registration(api_version: &str, kind: &str) -> Registration {
    let version = canonical(api_version);
    if version.matches('/').count() > 1 {
        return Registration::Unknown;
    }
    let objects = KINDS.binary_search_by(|(known, _)| (*known).cmp(version));
    let objects = objects.ok().and_then(|at| KINDS.get(at));
    let shape = objects.and_then(|(_, kinds)| kinds.iter().find(|(known, _)| *known == kind));
    if let Some((_, number)) = shape {
        return Registration::Object(Shape::numbered(*number));
    }
    let is_other = |(known, kinds): &(&str, &[&str])| {
        (known.is_empty() || *known == version) && kinds.contains(&kind)
    };
    match OTHERS.iter().any(is_other) {
        true => Registration::Other,
        false => Registration::Unknown,
    }
}

/// `/v1` is the core group, as `v1` is.
pub(super) fn canonical(api_version: &str) -> &str {
    api_version.strip_prefix('/').unwrap_or(api_version)
}

/// A struct: its fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shape(&'static str);

impl Shape {
    fn numbered(number: u16) -> Self {
        Self(SHAPES.get(usize::from(number)).unwrap_or(&""))
    }

    pub(super) fn fields(self) -> impl Iterator<Item = Field> {
        self.0.split(' ').filter_map(Field::parse)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    /// Left out where it is empty.
    pub(super) omits_empty: bool,
    /// Left out where it is the zero of its type.
    pub(super) omits_zero: bool,
}

impl Field {
    fn parse(text: &'static str) -> Option<Self> {
        let (marked, kind) = text.split_once(':')?;
        let without_zero = marked.strip_suffix('!').unwrap_or(marked);
        let name = without_zero.strip_suffix('?').unwrap_or(without_zero);
        Some(Self {
            name,
            kind: Kind::parse(kind)?,
            omits_empty: name.len() < without_zero.len(),
            omits_zero: without_zero.len() < marked.len(),
        })
    }
}

/// A type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Pointer(Inner),
    List(Inner),
    Map(Inner),
    Struct(Shape),
    String,
    Bool,
    Int32,
    Int64,
    Bytes,
    Time,
    MicroTime,
    Quantity,
    /// `IntOrString`.
    Port,
    /// `RawExtension` and `FieldsV1`: anything.
    Any,
}

/// The type that a pointer, list or map is of, as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Inner(&'static str);

impl Inner {
    /// The table is tested to hold nothing but types.
    pub(super) fn kind(self) -> Kind {
        Kind::parse(self.0).unwrap_or(Kind::Any)
    }
}

impl Kind {
    fn parse(text: &'static str) -> Option<Self> {
        Some(match text {
            "string" => Self::String,
            "bool" => Self::Bool,
            "int32" => Self::Int32,
            "int64" => Self::Int64,
            "bytes" => Self::Bytes,
            "time" => Self::Time,
            "microtime" => Self::MicroTime,
            "quantity" => Self::Quantity,
            "port" => Self::Port,
            "any" => Self::Any,
            _ => {
                if let Some(inner) = text.strip_prefix('*') {
                    Self::Pointer(Inner(inner))
                } else if let Some(inner) = text.strip_prefix("[]") {
                    Self::List(Inner(inner))
                } else if let Some(inner) = text.strip_prefix("{}") {
                    Self::Map(Inner(inner))
                } else {
                    Self::Struct(Shape::numbered(text.parse().ok()?))
                }
            }
        })
    }

    /// What an error says was expected.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Pointer(inner) => inner.kind().name(),
            Self::List(_) => "list",
            Self::Map(_) => "map",
            Self::Struct(_) => "object",
            Self::String => "text",
            Self::Bool => "boolean",
            Self::Int32 | Self::Int64 => "integer",
            Self::Bytes => "base64 text",
            Self::Time => "time",
            Self::MicroTime => "time with microseconds",
            Self::Quantity => "quantity",
            Self::Port => "text or integer",
            Self::Any => "value",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &'static str) {
        match Kind::parse(text).unwrap_or_else(|| panic!("{text}")) {
            Kind::Pointer(inner) | Kind::List(inner) | Kind::Map(inner) => check(inner.0),
            Kind::Struct(_) => assert!(text.parse::<usize>().unwrap() < SHAPES.len()),
            _ => {}
        }
    }

    #[test]
    fn the_table_holds_nothing_but_types() {
        for shape in SHAPES {
            for field in shape.split(' ').filter(|field| !field.is_empty()) {
                check(field.split_once(':').unwrap().1);
            }
        }
        assert!(KINDS.iter().map(|(version, _)| version).is_sorted());
        for (_, number) in KINDS.iter().flat_map(|(_, kinds)| *kinds) {
            assert!(
                Shape::numbered(*number)
                    .fields()
                    .any(|f| f.name == "metadata")
            );
        }
    }

    #[test]
    fn kinds_are_known_by_group_version_and_name() {
        let object = |version, kind| matches!(registration(version, kind), Registration::Object(_));
        assert!(object("v1", "Pod") && object("/v1", "Pod") && object("apps/v1", "Deployment"));
        assert!(!object("v2", "Pod") && !object("apps/v1", "Pod") && !object("a/v1/b", "Pod"));
        for (version, kind) in [
            ("v1", "PodList"),
            ("apps/v1", "DeleteOptions"),
            ("example.com/v1", "Status"),
        ] {
            assert_eq!(registration(version, kind), Registration::Other);
        }
        assert_eq!(registration("a/b/c", "Status"), Registration::Unknown);
    }
}
