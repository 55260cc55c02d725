//! Names of what other dialects know and Go does not.

use super::ErrorKind;

/// By the kind of the error and the piece of the pattern that it quotes.
pub(super) fn name(kind: ErrorKind, piece: &[u8]) -> &'static str {
    let known = match kind {
        ErrorKind::InvalidPerlOp => PERL,
        ErrorKind::InvalidNamedCapture => NAMED,
        ErrorKind::InvalidEscape => ESCAPES,
        ErrorKind::InvalidRepeatOp if piece.ends_with(b"+") => return "possessive repetition",
        ErrorKind::InvalidRepeatOp => return "repeated repetition",
        ErrorKind::InvalidCharRange => CLASSES,
        _ => &[],
    };
    let found = known
        .iter()
        .find(|(begin, _)| piece.starts_with(begin.as_bytes()));
    found.map_or(kind.code(), |(_, name)| name)
}

type Names = &'static [(&'static str, &'static str)];

static PERL: Names = &[
    ("(?=", "look-ahead"),
    ("(?!", "negative look-ahead"),
    ("(?>", "atomic group"),
    ("(?|", "branch reset"),
    ("(?#", "comment"),
    ("(?(", "conditional"),
    ("(?P=", "named back-reference"),
    ("(?P>", "recursion"),
    ("(?&", "recursion"),
    ("(?R", "recursion"),
    ("(?0", "recursion"),
    ("(?1", "recursion"),
    ("(?'", "named group in quotes"),
    ("(?C", "callout"),
    ("(?", "unknown flag"),
];

static NAMED: Names = &[
    ("(?<=", "look-behind"),
    ("(?<!", "negative look-behind"),
    ("(?<", "name of a group"),
    ("(?P<", "name of a group"),
];

static ESCAPES: Names = &[
    ("\\1", "back-reference"),
    ("\\2", "back-reference"),
    ("\\3", "back-reference"),
    ("\\4", "back-reference"),
    ("\\5", "back-reference"),
    ("\\6", "back-reference"),
    ("\\7", "back-reference"),
    ("\\8", "back-reference"),
    ("\\9", "back-reference"),
    ("\\k", "named back-reference"),
    ("\\g", "back-reference or recursion"),
    ("\\C", "single byte"),
    ("\\Z", "end before a last newline"),
    ("\\G", "end of the last match"),
    ("\\K", "reset of the match"),
    ("\\R", "any line break"),
    ("\\X", "extended grapheme"),
    ("\\h", "horizontal white space"),
    ("\\H", "horizontal white space"),
    ("\\N", "any but a line break"),
    ("\\u", "code point of four digits"),
    ("\\U", "code point of eight digits"),
    ("\\x", "code point in hexadecimal digits"),
    ("\\e", "escape character"),
    ("\\c", "control character"),
    ("\\b", "word boundary in a class"),
    ("\\B", "word boundary in a class"),
    ("\\A", "start of the text in a class"),
    ("\\z", "end of the text in a class"),
    ("\\Q", "quotation in a class"),
    ("\\E", "end of a quotation that did not begin"),
    ("\\d", "end of a range that is a class"),
    ("\\D", "end of a range that is a class"),
    ("\\s", "end of a range that is a class"),
    ("\\S", "end of a range that is a class"),
    ("\\w", "end of a range that is a class"),
    ("\\W", "end of a range that is a class"),
    ("\\p", "end of a range that is a class"),
    ("\\P", "end of a range that is a class"),
];

static CLASSES: Names = &[
    ("[:", "unknown POSIX class"),
    ("\\p", "unknown Unicode class"),
    ("\\P", "unknown Unicode class"),
    ("", "range that ends before it begins"),
];
