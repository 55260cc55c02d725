use std::fmt;
use std::ops::Range;

use super::construct;

/// Why a text is no pattern. Whoever wrote the pattern can repair it.
///
/// `Display` is Go's message, because controllers show it to users: ``error parsing regexp: missing closing ): `a(b` ``.
/// Bytes of the pattern that are not UTF-8 stand as U+FFFD in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Error {
    kind: ErrorKind,
    span: Range<usize>,
    piece: Box<[u8]>,
}

/// The ways to fail, which are Go's: of several problems the first that its parser meets, reading from left to right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A range that ends before it begins, a class between `[:` and `:]` or behind `\p` that Go does not know.
    InvalidCharRange,
    /// A backslash before a letter or digit that Go gives no meaning, back-references and `\C` among them.
    InvalidEscape,
    /// A name of a group that is empty, not closed by `>`, or of other characters than ASCII letters, digits and `_`.
    /// Look-behind is read as this.
    InvalidNamedCapture,
    /// Something else behind `(?`: look-ahead, atomic groups, flags that Go does not know.
    InvalidPerlOp,
    /// An operator of repetition directly behind another: `a**`, `a*+`.
    InvalidRepeatOp,
    /// More than 1000 repetitions, nested ones multiplied, or a maximum below the minimum.
    InvalidRepeatSize,
    /// Bytes that are not UTF-8.
    InvalidUtf8,
    /// A `[` without its `]`.
    MissingBracket,
    /// A `(` without its `)`.
    MissingParen,
    /// An operator of repetition with nothing before it.
    MissingRepeatArgument,
    /// A backslash at the end.
    TrailingBackslash,
    /// A `)` without its `(`.
    UnexpectedParen,
    /// More than 1000 levels.
    NestingDepth,
    /// More than Go's limit of 128 MiB for instructions or characters; or more than this library spends where Go knows no
    /// limit: a long text repeated to more than 3,355,443 characters, or ends of groups times instructions beyond 33,554,432.
    TooLarge,
}

impl ErrorKind {
    /// Go's words for it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::InvalidCharRange => "invalid character class range",
            Self::InvalidEscape => "invalid escape sequence",
            Self::InvalidNamedCapture => "invalid named capture",
            Self::InvalidPerlOp => "invalid or unsupported Perl syntax",
            Self::InvalidRepeatOp => "invalid nested repetition operator",
            Self::InvalidRepeatSize => "invalid repeat count",
            Self::InvalidUtf8 => "invalid UTF-8",
            Self::MissingBracket => "missing closing ]",
            Self::MissingParen => "missing closing )",
            Self::MissingRepeatArgument => "missing argument to repetition operator",
            Self::TrailingBackslash => "trailing backslash at end of expression",
            Self::UnexpectedParen => "unexpected )",
            Self::NestingDepth => "expression nests too deeply",
            Self::TooLarge => "expression too large",
        }
    }
}

impl Error {
    pub(super) fn new(fault: Fault, pattern: &[u8]) -> Self {
        let piece = pattern.get(fault.span.clone()).unwrap_or_default();
        Self {
            kind: fault.kind,
            piece: piece.into(),
            span: fault.span,
        }
    }

    /// Which way it failed.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The bytes of the pattern that are at fault, as Go quotes them: the whole pattern where a parenthesis is missing or
    /// too much, or where it is too large or too deep.
    #[must_use]
    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// That piece of the pattern.
    #[must_use]
    pub fn piece(&self) -> &[u8] {
        &self.piece
    }

    /// What the author had in mind, for a reader who knows other dialects: `look-ahead`, `back-reference`, `possessive
    /// repetition`. Where nothing better is known, [`ErrorKind::code`].
    ///
    /// ```
    /// use fluxcd_dialect::regexp::Regexp;
    ///
    /// let construct = |pattern| Regexp::parse(pattern).unwrap_err().construct();
    /// assert_eq!(construct("^v(?!0)"), "negative look-ahead");
    /// assert_eq!(construct(r"(a)\1"), "back-reference");
    /// assert_eq!(construct("a)"), "unexpected )");
    /// ```
    #[must_use]
    pub fn construct(&self) -> &'static str {
        construct::name(self.kind, &self.piece)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error parsing regexp: {}: `", self.kind.code())?;
        // Go quotes nothing of a pattern that ends too early.
        if self.kind != ErrorKind::TrailingBackslash {
            for chunk in self.piece.utf8_chunks() {
                f.write_str(chunk.valid())?;
                chunk
                    .invalid()
                    .iter()
                    .try_for_each(|_| f.write_str("\u{FFFD}"))?;
            }
        }
        f.write_str("`")
    }
}

/// An error before its piece of the pattern is known.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) kind: ErrorKind,
    pub(super) span: Range<usize>,
}
