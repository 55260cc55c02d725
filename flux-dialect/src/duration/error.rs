use std::fmt::{self, Write};
use std::ops::Range;

/// Why a text is no duration. Whoever wrote the text can repair it.
///
/// `Display` is Go's message to the byte, because controllers show it to users: `time: invalid duration "1h0"`. The
/// quoted text is escaped as Go does here: control characters and every byte of a non-ASCII character as `\xNN`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Error {
    kind: ErrorKind,
    text: Box<str>,
    span: Range<usize>,
}

/// The three ways to fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Nothing to read, no digits where a number must stand, or more nanoseconds than 64 bits hold.
    Invalid,
    /// A number without a unit, and not the lone `0`.
    MissingUnit,
    /// A unit that Go does not know, `d` and `w` among them.
    UnknownUnit,
}

impl Error {
    pub(super) fn new(kind: ErrorKind, text: &str, span: Range<usize>) -> Self {
        Self {
            kind,
            text: text.into(),
            span,
        }
    }

    /// Which way it failed.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The bytes of the text that are at fault: the unit, the number, or the place where a number should begin.
    #[must_use]
    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// The whole text that was read.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = Quoted(&self.text);
        match self.kind {
            ErrorKind::Invalid => write!(f, "time: invalid duration {text}"),
            ErrorKind::MissingUnit => write!(f, "time: missing unit in duration {text}"),
            ErrorKind::UnknownUnit => {
                let unit = Quoted(self.text.get(self.span()).unwrap_or_default());
                write!(f, "time: unknown unit {unit} in duration {text}")
            }
        }
    }
}

/// Go: `src/time/format.go (quote)`, which is not `strconv.Quote`: DEL stays as it is, a newline becomes `\x0a`.
struct Quoted<'a>(&'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        for c in self.0.chars() {
            match c {
                '"' | '\\' => write!(f, "\\{c}")?,
                ' '..='\x7f' => f.write_char(c)?,
                _ => {
                    for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                        write!(f, "\\x{byte:02x}")?;
                    }
                }
            }
        }
        f.write_char('"')
    }
}
