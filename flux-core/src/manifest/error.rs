//! Why a document cannot be read.

use std::fmt;

use fluxcd_dialect::yaml;

use super::place::Place;

/// What kind of mistake keeps a document from being read. Whoever wrote the file can repair each of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The text is no YAML that Go reads, or asks for more than the limits allow.
    Yaml(yaml::ErrorKind),
    /// A stream that was taken for JSON is none.
    Json,
    /// Readable, but no map where an object is needed, or a number that no 64-bit float holds.
    Shape,
    /// An object whose `kind` is absent, empty or no text, or whose `apiVersion` has several slashes.
    KindMissing,
}

impl ErrorKind {
    /// The kind as the word that the conformance vectors use.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Yaml(kind) => kind.as_str(),
            Self::Json => "json",
            Self::Shape => "shape",
            Self::KindMissing => "kind-missing",
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A document that cannot be read, with the place in its file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message} at line {} column {}", place.line, place.column)]
pub struct Error {
    kind: ErrorKind,
    message: &'static str,
    place: Place,
    document: usize,
}

impl Error {
    pub(super) const fn new(
        kind: ErrorKind,
        message: &'static str,
        place: Place,
        document: usize,
    ) -> Self {
        Self {
            kind,
            message,
            place,
            document,
        }
    }

    /// What kind of mistake it is.
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// What is wrong, without the place.
    #[must_use]
    pub const fn message(&self) -> &'static str {
        self.message
    }

    /// Where in the file.
    #[must_use]
    pub const fn place(&self) -> &Place {
        &self.place
    }

    /// Index of the document in its file, counted from 0.
    #[must_use]
    pub const fn document(&self) -> usize {
        self.document
    }
}
