//! Where in a file something stands, and how a path is written.

use std::fmt;
use std::ops::Deref;

use fluxcd_dialect::yaml::{Segment, Span};

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Place {
    /// Bytes of the file.
    pub span: Span,
    /// Line of the first byte, counted from 1.
    pub line: usize,
    /// Column of the first byte in characters, counted from 1. A byte order mark takes none.
    pub column: usize,
}

/// `line:column`, as compilers write it.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// A path from an object to one of its fields.
///
/// ```
/// use fluxcd_core::manifest::FieldPath;
///
/// let path: FieldPath = ["spec".into(), "dependsOn".into(), 0.into(), "name".into()].into_iter().collect();
/// assert_eq!(path.to_string(), "spec.dependsOn[0].name");
///
/// let path: FieldPath = ["metadata".into(), "labels".into(), "app.kubernetes.io/name".into()].into_iter().collect();
/// assert_eq!(path.to_string(), r#"metadata.labels["app.kubernetes.io/name"]"#);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct FieldPath(Vec<Segment>);

impl FieldPath {
    /// The path of a field or item below this one.
    #[must_use]
    pub fn join(&self, segment: impl Into<Segment>) -> Self {
        let mut longer = self.clone();
        longer.0.push(segment.into());
        longer
    }

    /// The path of what holds this field; nothing for the object itself.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        let (_, parent) = self.0.split_last()?;
        Some(Self(parent.to_vec()))
    }
}

impl Deref for FieldPath {
    type Target = [Segment];

    fn deref(&self) -> &[Segment] {
        &self.0
    }
}

impl From<Vec<Segment>> for FieldPath {
    fn from(segments: Vec<Segment>) -> Self {
        Self(segments)
    }
}

impl FromIterator<Segment> for FieldPath {
    fn from_iter<I: IntoIterator<Item = Segment>>(segments: I) -> Self {
        Self(segments.into_iter().collect())
    }
}

/// Keys behind dots, indices in brackets; a key that is no plain word stands quoted in brackets. Empty for the object.
impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (depth, segment) in self.0.iter().enumerate() {
            match segment {
                Segment::Index(index) => write!(f, "[{index}]")?,
                Segment::Key(key) if !is_word(key) => write!(f, "[{key:?}]")?,
                Segment::Key(key) if depth == 0 => f.write_str(key)?,
                Segment::Key(key) => write!(f, ".{key}")?,
            }
        }
        Ok(())
    }
}

fn is_word(key: &str) -> bool {
    let plain =
        |character: char| character.is_ascii_alphanumeric() || matches!(character, '_' | '-' | '$');
    !key.is_empty() && key.chars().all(plain)
}
