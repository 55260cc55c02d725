//! What can be wrong with a text, and where.

use std::fmt;
use std::ops::Range;

/// Why a text cannot be read, or a value cannot be written.
///
/// The kinds are those that upstream's errors fall into; they say who can repair it. Message texts are ours, not Go's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The text is no YAML. Repaired by whoever wrote the text.
    Syntax,
    /// Bytes that the reader refuses: bad UTF-8 or UTF-16, control characters other than tab, LF, CR and NEL.
    Encoding,
    /// An alias to an anchor that does not exist.
    Anchor,
    /// An anchor that contains itself.
    Recursive,
    /// `<<` with something that is no map and no list of maps.
    Merge,
    /// A repeated key, where repeated keys are refused.
    Duplicate,
    /// A key that JSON cannot hold: null, map, list, integer above 2^63-1.
    Key,
    /// An explicit tag that does not fit its value, or bad base64 under `!!binary`.
    Tag,
    /// A value that JSON cannot hold: infinity or not-a-number.
    Value,
    /// A [limit](super::Limits) was reached: size, depth, number of nodes, or share of nodes that come from aliases.
    Limit,
    /// Text after `---` on a separator line.
    Separator,
    /// A document that is neither a map nor a list where one is needed.
    Shape,
}

impl ErrorKind {
    /// The kind as the word that the conformance vectors use.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Syntax => "syntax",
            Self::Encoding => "encoding",
            Self::Anchor => "anchor",
            Self::Recursive => "recursive",
            Self::Merge => "merge",
            Self::Duplicate => "duplicate",
            Self::Key => "key",
            Self::Tag => "tag",
            Self::Value => "value",
            Self::Limit => "limit",
            Self::Separator => "separator",
            Self::Shape => "shape",
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A text that cannot be read, or a value that cannot be written, with the place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message} at line {line} column {column}")]
pub struct Error {
    kind: ErrorKind,
    message: &'static str,
    span: Range<usize>,
    line: usize,
    column: usize,
    document: Option<usize>,
}

impl Error {
    pub(super) const fn new(kind: ErrorKind, message: &'static str, span: Range<usize>) -> Self {
        Self {
            kind,
            message,
            span,
            line: 1,
            column: 1,
            document: None,
        }
    }

    /// Shifts the error by what the text began with, and computes line and column in the text.
    pub(super) fn located(mut self, text: &[u8], base: usize) -> Self {
        self.span = self.span.start.saturating_add(base)..self.span.end.saturating_add(base);
        (self.line, self.column) = line_column(text, self.span.start);
        self
    }

    /// The error of a piece in the stream that the piece is from; pieces begin with a line, and may have been read with a
    /// line break more at their end.
    pub(super) fn moved(mut self, offset: usize, lines: usize, length: usize) -> Self {
        self.span = self.span.start.min(length) + offset..self.span.end.min(length) + offset;
        self.line += lines;
        self
    }

    pub(super) const fn in_document(mut self, document: usize) -> Self {
        self.document = Some(document);
        self
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

    /// The bytes of the input that the error is about; empty at the end of the text. Zero for errors of writing.
    #[must_use]
    pub const fn span(&self) -> &Range<usize> {
        &self.span
    }

    /// Line, counted from 1.
    #[must_use]
    pub const fn line(&self) -> usize {
        self.line
    }

    /// Column in characters, counted from 1.
    #[must_use]
    pub const fn column(&self) -> usize {
        self.column
    }

    /// Index of the document in its stream, counted from 0, where the error belongs to one document.
    #[must_use]
    pub const fn document(&self) -> Option<usize> {
        self.document
    }
}

/// Line and column (in characters), both counted from 1, of a byte offset.
///
/// Bytes that are no UTF-8 count as one character each. An offset beyond the text counts as its end.
///
/// ```
/// assert_eq!(fluxcd_dialect::yaml::line_column("a: 1\nb: é?\n".as_bytes(), 10), (2, 5));
/// ```
#[must_use]
pub fn line_column(text: &[u8], offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let start = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
    let line = memchr::memchr_iter(b'\n', before).count() + 1;
    let column = before
        .iter()
        .skip(start)
        .filter(|byte| **byte & 0xC0 != 0x80)
        .count()
        + 1;
    (line, column)
}
