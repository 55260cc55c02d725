//! What substitution changed, and which variables did it.

mod offsets;
mod source;
mod walk;

use std::fmt;

use serde_json::Value;

use super::layer::{LayerOrigin, Visibility};
use super::substitution::Substituted;
use crate::manifest::FieldPath;

pub(super) use self::source::uses;

/// What substitution changed in one object.
///
/// ```
/// use fluxcd_core::substitute::{Layer, Outcome, Substitution, Taken, Type};
/// use serde_json::json;
///
/// let substitution = Substitution::new([Layer::config_map("vars", [("port", "8080")])].into_iter().collect());
/// let object = json!({"spec": {"port": "${port}", "image": "app:${tag:=1.2}", "host": "example.com"}});
/// let Outcome::Substituted(done) = substitution.apply(&object)? else { unreachable!() };
/// let report = done.report();
///
/// let image = &report.changes()[0];
/// assert_eq!(image.path.to_string(), "spec.image");
/// assert_eq!((&image.before, &image.after), (&Some(json!("app:${tag:=1.2}")), &Some(json!("app:1.2"))));
/// assert_eq!((image.uses[0].name.as_str(), &image.uses[0].taken), ("tag", &Taken::Default));
///
/// let port = &report.changes()[1];
/// assert_eq!(port.retyped, Some((Type::String, Type::Number)));
/// assert_eq!(port.uses[0].to_string(), "port from ConfigMap/vars");
/// # Ok::<(), fluxcd_core::substitute::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Report {
    changes: Vec<Change>,
}

/// A place that differs.
///
/// The changes of an object, put into it in their order, give the result: first everything at `path` goes away (the last
/// change first), then every `after` is put at [`target`](Self::target).
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct Change {
    /// Where it is in the object as built. For a place that is new, where it would be.
    pub path: FieldPath,
    /// Where it is in the result, if a key on the way became another one.
    pub renamed: Option<FieldPath>,
    /// What was there; nothing if the place is new.
    pub before: Option<Value>,
    /// What is there now; nothing if it is gone: its key became that of a later entry, or was merged into its parent, or
    /// an expression took the text for itself. Not shown by `Debug` where a Secret has a part in it.
    pub after: Option<Value>,
    /// The variables that the text asks for, in the order of evaluation. None for what changes without an expression:
    /// `$$`, a number that a 64-bit float does not hold, what another entry hides or brings.
    pub uses: Vec<Use>,
    /// The types before and after, if they differ.
    pub retyped: Option<(Type, Type)>,
    visibility: Visibility,
}

/// One use of a variable.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Use {
    /// Its name.
    pub name: String,
    /// What was taken for it.
    pub taken: Taken,
    /// Whether it stands in an argument of another expression, which need not have taken it over.
    pub nested: bool,
}

/// What stands in for a variable.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Taken {
    /// Its value, which is from this layer.
    Value(LayerOrigin),
    /// The default: it does not exist, or is empty.
    Default,
    /// The empty text: it does not exist, and the mode is lax.
    Unset,
}

/// The type of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Type {
    /// Null.
    Null,
    /// True or false.
    Boolean,
    /// A number.
    Number,
    /// A text.
    String,
    /// A list.
    List,
    /// A map.
    Map,
}

impl Report {
    pub(super) fn new(done: &Substituted<'_>) -> Self {
        let mut changes = walk::changes(done);
        changes.shrink_to_fit();
        Self { changes }
    }

    /// Every place that differs, in the order of the object; none if it is the same.
    ///
    /// An entry whose key became another one is a change with the whole entry, followed by what changed within.
    #[must_use]
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// The places whose value changed its type.
    pub fn retyped(&self) -> impl Iterator<Item = &Change> {
        self.changes
            .iter()
            .filter(|change| change.retyped.is_some())
    }
}

impl Change {
    /// Where it is in the result.
    #[must_use]
    pub fn target(&self) -> &FieldPath {
        self.renamed.as_ref().unwrap_or(&self.path)
    }

    /// Whether a value of a Secret may be part of it.
    #[must_use]
    pub const fn is_secret(&self) -> bool {
        matches!(self.visibility, Visibility::Redacted)
    }
}

impl fmt::Debug for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("Change");
        out.field("path", &format_args!("{}", self.path));
        if let Some(renamed) = &self.renamed {
            out.field("renamed", &format_args!("{renamed}"));
        }
        out.field("before", &self.before);
        match self.visibility {
            Visibility::Shown => out.field("after", &self.after),
            Visibility::Redacted => out.field("after", &format_args!("redacted")),
        };
        out.field("uses", &self.uses)
            .field("retyped", &self.retyped)
            .finish_non_exhaustive()
    }
}

impl Visibility {
    /// Of what is made with these variables.
    pub(super) fn of<'a>(mut uses: impl Iterator<Item = &'a Use>) -> Self {
        let secret =
            uses.any(|one| matches!(&one.taken, Taken::Value(origin) if origin.is_secret()));
        if secret { Self::Redacted } else { Self::Shown }
    }
}

/// `region from ConfigMap/vars`, `region by default`, `region unset`.
impl fmt::Display for Use {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.taken {
            Taken::Value(origin) => write!(f, "{} from {origin}", self.name),
            Taken::Default => write!(f, "{} by default", self.name),
            Taken::Unset => write!(f, "{} unset", self.name),
        }
    }
}

impl Type {
    /// The type of a value.
    #[must_use]
    pub const fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(_) => Self::Boolean,
            Value::Number(_) => Self::Number,
            Value::String(_) => Self::String,
            Value::Array(_) => Self::List,
            Value::Object(_) => Self::Map,
        }
    }

    /// One word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean => "boolean",
            Self::Number => "number",
            Self::String => "string",
            Self::List => "list",
            Self::Map => "map",
        }
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests;
