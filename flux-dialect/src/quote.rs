//! Texts in quotes as Go writes them: messages of the controllers hold them.
//!
//! # Sources
//!
//! Go 1.26: `src/strconv/quote.go (Quote, IsPrint)`.

mod printed;

use std::fmt::{self, Write};

/// A text that displays in double quotes, as `%q` of Go prints it: what Unicode 15.0 calls printable stays, the rest is
/// escaped.
///
/// ```
/// use fluxcd_dialect::quote::Quoted;
///
/// assert_eq!(Quoted("é \"a\"\n\u{7f}").to_string(), r#""é \"a\"\n\x7f""#);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Quoted<'a>(pub &'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        for character in self.0.chars() {
            match character {
                '"' | '\\' => write!(f, "\\{character}")?,
                '\x07' => f.write_str("\\a")?,
                '\x08' => f.write_str("\\b")?,
                '\x0c' => f.write_str("\\f")?,
                '\n' => f.write_str("\\n")?,
                '\r' => f.write_str("\\r")?,
                '\t' => f.write_str("\\t")?,
                '\x0b' => f.write_str("\\v")?,
                '\0'..' ' | '\x7f' => write!(f, "\\x{:02x}", u32::from(character))?,
                _ if is_printed(character) => f.write_char(character)?,
                '\0'..='\u{ffff}' => write!(f, "\\u{:04x}", u32::from(character))?,
                _ => write!(f, "\\U{:08x}", u32::from(character))?,
            }
        }
        f.write_char('"')
    }
}

/// Letters, marks, numbers, punctuation, symbols and the space of ASCII, by the Unicode version of Go.
fn is_printed(character: char) -> bool {
    let code = u32::from(character);
    let after = printed::PRINTED.partition_point(|(first, _)| *first <= code);
    let range = after.checked_sub(1).and_then(|at| printed::PRINTED.get(at));
    range.is_some_and(|(_, last)| code <= *last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_quoted_as_go_quotes_them() {
        for (text, quoted) in [
            ("", r#""""#),
            (" ~", r#"" ~""#),
            ("\"\\", r#""\"\\""#),
            ("\x07\x08\x0c\n\r\t\x0b", r#""\a\b\f\n\r\t\v""#),
            ("\0\x1b\x7f", r#""\x00\x1b\x7f""#),
            ("é日😀\u{fffd}", "\"é日😀\u{fffd}\""),
            (
                "\u{80}\u{a0}\u{200b}\u{feff}\u{e000}",
                r#""\u0080\u00a0\u200b\ufeff\ue000""#,
            ),
            ("\u{e0001}\u{10ffff}", r#""\U000e0001\U0010ffff""#),
        ] {
            assert_eq!(Quoted(text).to_string(), quoted);
        }
    }
}
