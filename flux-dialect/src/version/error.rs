use std::borrow::Cow;
use std::ops::Range;

use super::{MAX_GROUPS, MAX_RANGE_LEN, MAX_VERSION_LEN};
use crate::quote::Quoted;

/// Why a text is no version, or no range. Whoever wrote the text can repair it.
///
/// `Display` is upstream's message to the byte. Those of ranges reach users in the conditions of objects:
/// `improper constraint: ">> 1"`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    kind: ErrorKind,
    span: Range<usize>,
    message: Cow<'static, str>,
}

/// The ways to fail: up to [`InvalidMetadata`](ErrorKind::InvalidMetadata) those of versions, then those of ranges.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Not the form of a version.
    Invalid,
    /// Fewer than two points in the whole text, where Flux wants them.
    TooFewDots,
    /// A version of more than [`MAX_VERSION_LEN`] bytes.
    TooLong,
    /// A major, minor or patch number of more than 64 bits.
    NumberTooLarge,
    /// A zero in front of a numeric identifier of a prerelease; in the strict dialect of a number as well.
    SegmentStartsZero,
    /// Strict dialect: no text at all.
    Empty,
    /// Strict dialect: one of the three numbers has no digits.
    MissingNumber,
    /// Strict dialect: something other than digits in one of the three numbers, a leading `v` among them.
    InvalidCharacters,
    /// Strict dialect: a prerelease with an empty identifier or a byte that none may have.
    InvalidPrerelease,
    /// Strict dialect: build metadata with an empty identifier or a byte that none may have.
    InvalidMetadata,
    /// An alternative of a range that has not the form of one: the syntax is at fault.
    ImproperConstraint,
    /// The syntax of the range fits, but an operand is no version.
    InvalidOperand,
    /// A range of more than [`MAX_RANGE_LEN`] bytes.
    RangeTooLong,
    /// A range of more than [`MAX_GROUPS`] alternatives.
    TooManyGroups,
}

impl Error {
    /// An error whose message is always the same.
    pub(super) fn new(kind: ErrorKind, span: Range<usize>) -> Self {
        let message = match kind {
            ErrorKind::Invalid | ErrorKind::TooFewDots => "invalid semantic version",
            ErrorKind::TooLong => {
                const { assert!(MAX_VERSION_LEN == 256) };
                "version string is too long (max 256 bytes)"
            }
            ErrorKind::SegmentStartsZero => "version segment starts with 0",
            ErrorKind::Empty => "version string empty",
            ErrorKind::MissingNumber => r#"strconv.ParseUint: parsing "": invalid syntax"#,
            ErrorKind::InvalidCharacters => "invalid characters in version",
            ErrorKind::InvalidPrerelease => "invalid prerelease string",
            ErrorKind::InvalidMetadata => "invalid metadata string",
            ErrorKind::NumberTooLarge => "value out of range",
            ErrorKind::ImproperConstraint => "improper constraint",
            ErrorKind::InvalidOperand => "constraint parser error",
            ErrorKind::RangeTooLong => {
                const { assert!(MAX_RANGE_LEN == 512) };
                "constraint string is too long (max 512 bytes)"
            }
            ErrorKind::TooManyGroups => {
                const { assert!(MAX_GROUPS == 32) };
                "too many constraint groups (max 32)"
            }
        };
        Self {
            kind,
            span,
            message: Cow::Borrowed(message),
        }
    }

    /// A number beyond 64 bits; `lead_in` is what upstream puts before the words of Go's library.
    pub(super) fn number_too_large(lead_in: &str, digits: &str, span: Range<usize>) -> Self {
        let message = format!(
            "{lead_in}strconv.ParseUint: parsing {}: value out of range",
            Quoted(digits)
        );
        Self {
            kind: ErrorKind::NumberTooLarge,
            span,
            message: Cow::Owned(message),
        }
    }

    pub(super) fn improper(group: &str, span: Range<usize>) -> Self {
        Self {
            kind: ErrorKind::ImproperConstraint,
            span,
            message: Cow::Owned(format!("improper constraint: {}", Quoted(group))),
        }
    }

    /// Which way it failed.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The bytes of the text that are at fault.
    ///
    /// Of a version: the number, the identifier, or what is left where the form of a version ends. Of a range: the
    /// alternative or the operand, in the text as it was given.
    #[must_use]
    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }
}
