//! Text into tokens, by the longest match, as upstream's grammar has it.
//!
//! cel-go v0.26.1: `parser/gen/CEL.g4`.

use std::ops::Range;

use super::error::{Error, ErrorKind};

/// A piece of the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) start: u32,
    pub(super) end: u32,
}

impl Token {
    pub(super) fn span(&self) -> Range<u32> {
        self.start..self.end
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// `==`, `[`, `in` and the like, by their text.
    Sign(&'static str),
    Int,
    Uint,
    Double,
    String,
    Bytes,
    /// A name, which may be a reserved word.
    Name,
    /// A name between back quotes.
    Quoted,
    End,
}

/// The longer sign first.
const SIGNS: [&str; 24] = [
    "==", "!=", "<=", ">=", "&&", "||", "<", ">", "[", "]", "{", "}", "(", ")", ".", ",", "-", "!",
    "?", ":", "+", "*", "/", "%",
];

/// All tokens of the source, and one for its end.
pub(super) fn tokens(source: &str) -> Result<Vec<Token>, Error> {
    let bytes = source.as_bytes();
    let mut tokens = Vec::with_capacity(bytes.len() / 3 + 1);
    let mut at = 0;
    loop {
        at = skip_space(bytes, at);
        let rest = bytes.get(at..).unwrap_or_default();
        if rest.is_empty() {
            break;
        }
        let Some((kind, length)) = token(rest) else {
            let width = source.get(at..).and_then(|s| s.chars().next());
            let end = at + width.map_or(1, char::len_utf8);
            let text = source.get(at..end).unwrap_or_default();
            return Err(Error::new(
                ErrorKind::Parse,
                format!("Syntax error: token recognition error at: '{text}'"),
                place(at)..place(end),
                place(at),
            ));
        };
        tokens.push(Token {
            kind,
            start: place(at),
            end: place(at + length),
        });
        at += length;
    }
    tokens.push(Token {
        kind: TokenKind::End,
        start: place(at),
        end: place(at),
    });
    Ok(tokens)
}

/// The limit on the length of a source keeps places far below 2^32.
fn place(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

fn skip_space(bytes: &[u8], mut at: usize) -> usize {
    loop {
        match bytes.get(at..) {
            Some([b' ' | b'\t' | b'\n' | b'\r' | 0x0C, ..]) => at += 1,
            Some([b'/', b'/', rest @ ..]) => at += 2 + count(rest, |b| b != b'\n'),
            _ => return at,
        }
    }
}

fn count(bytes: &[u8], wanted: impl Fn(u8) -> bool) -> usize {
    bytes.iter().take_while(|byte| wanted(**byte)).count()
}

/// The kind and the length of the first token.
fn token(rest: &[u8]) -> Option<(TokenKind, usize)> {
    if let Some(found) = text(rest) {
        return Some(found);
    }
    match rest {
        [b'a'..=b'z' | b'A'..=b'Z' | b'_', ..] => Some(word(rest)),
        [b'0'..=b'9', ..] | [b'.', b'0'..=b'9', ..] => Some(number(rest)),
        [b'`', inner @ ..] => {
            let length = count(inner, |b| {
                b.is_ascii_alphanumeric() || b"_.-/ ".contains(&b)
            });
            let closed = length > 0 && inner.get(length) == Some(&b'`');
            closed.then_some((TokenKind::Quoted, length + 2))
        }
        _ => SIGNS
            .iter()
            .find(|sign| rest.starts_with(sign.as_bytes()))
            .map(|sign| (TokenKind::Sign(sign), sign.len())),
    }
}

fn word(rest: &[u8]) -> (TokenKind, usize) {
    let length = count(rest, |b| b.is_ascii_alphanumeric() || b == b'_');
    let kind = match rest.get(..length) {
        Some(b"in") => TokenKind::Sign("in"),
        Some(b"true") => TokenKind::Sign("true"),
        Some(b"false") => TokenKind::Sign("false"),
        Some(b"null") => TokenKind::Sign("null"),
        _ => TokenKind::Name,
    };
    (kind, length)
}

fn number(rest: &[u8]) -> (TokenKind, usize) {
    let digits = |from: usize| count(rest.get(from..).unwrap_or_default(), |b| b.is_ascii_digit());
    let unsigned = |end: usize| match rest.get(end) {
        Some(b'u' | b'U') => (TokenKind::Uint, end + 1),
        _ => (TokenKind::Int, end),
    };
    if let [b'0', b'x', hex @ ..] = rest {
        let length = count(hex, |b| b.is_ascii_hexdigit());
        if length > 0 {
            return unsigned(2 + length);
        }
    }
    let whole = digits(0);
    let mut end = whole;
    if rest.get(end) == Some(&b'.') && digits(end + 1) > 0 {
        end += 1 + digits(end + 1);
    }
    if let Some(b'e' | b'E') = rest.get(end) {
        let sign = usize::from(matches!(rest.get(end + 1), Some(b'+' | b'-')));
        let exponent = digits(end + 1 + sign);
        if exponent > 0 {
            end += 1 + sign + exponent;
        }
    }
    if end == whole {
        return unsigned(end);
    }
    (TokenKind::Double, end)
}

/// A text or bytes with their prefix.
fn text(rest: &[u8]) -> Option<(TokenKind, usize)> {
    let (kind, prefix) = match rest {
        [b'b' | b'B', ..] => (TokenKind::Bytes, 1),
        _ => (TokenKind::String, 0),
    };
    let raw = matches!(rest.get(prefix), Some(b'r' | b'R'));
    let start = prefix + usize::from(raw);
    let quoted = rest.get(start..)?;
    let quote = *quoted.first().filter(|b| matches!(b, b'"' | b'\''))?;
    let length = triple(quoted, quote, raw).or_else(|| single(quoted, quote, raw))?;
    Some((kind, start + length))
}

fn triple(quoted: &[u8], quote: u8, raw: bool) -> Option<usize> {
    let marks = [quote; 3];
    if !quoted.starts_with(&marks) {
        return None;
    }
    let mut at = 3;
    loop {
        let rest = quoted.get(at..)?;
        if rest.starts_with(&marks) {
            return Some(at + 3);
        }
        at += piece(rest, raw)?;
    }
}

fn single(quoted: &[u8], quote: u8, raw: bool) -> Option<usize> {
    let mut at = 1;
    loop {
        let rest = quoted.get(at..)?;
        match rest.first()? {
            b'\n' | b'\r' => return None,
            byte if *byte == quote => return Some(at + 1),
            _ => at += piece(rest, raw)?,
        }
    }
}

/// The length of the first character or escape; none where the escape is no escape.
fn piece(rest: &[u8], raw: bool) -> Option<usize> {
    let hex = |from: usize, length: usize| {
        let digits = rest.get(from..from + length)?;
        let all = digits.iter().all(u8::is_ascii_hexdigit);
        all.then_some(from + length)
    };
    match rest {
        [] => None,
        [b'\\', escape @ ..] if !raw => match escape {
            [b'a' | b'b' | b'f' | b'n' | b'r' | b't' | b'v', ..]
            | [b'"' | b'\'' | b'\\' | b'?' | b'`', ..] => Some(2),
            [b'0'..=b'3', b'0'..=b'7', b'0'..=b'7', ..] => Some(4),
            [b'x' | b'X', ..] => hex(2, 2),
            [b'u', ..] => hex(2, 4),
            [b'U', ..] => hex(2, 8),
            _ => None,
        },
        _ => Some(1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(source: &str) -> Vec<(TokenKind, &str)> {
        let tokens = tokens(source).unwrap();
        let text = |token: &Token| &source[token.start as usize..token.end as usize];
        let mut kinds: Vec<_> = tokens.iter().map(|t| (t.kind, text(t))).collect();
        assert_eq!(kinds.pop(), Some((TokenKind::End, "")));
        kinds
    }

    #[test]
    fn the_longest_token_wins() {
        use TokenKind::{Double, Int, Name, Quoted, Sign, String, Uint};
        assert_eq!(
            kinds("1.5.x 1..5 0x 0xFu 12U 1e 1e-3 .5e1"),
            [
                (Double, "1.5"),
                (Sign("."), "."),
                (Name, "x"),
                (Int, "1"),
                (Sign("."), "."),
                (Double, ".5"),
                (Int, "0"),
                (Name, "x"),
                (Uint, "0xFu"),
                (Uint, "12U"),
                (Int, "1"),
                (Name, "e"),
                (Double, "1e-3"),
                (Double, ".5e1"),
            ]
        );
        assert_eq!(
            kinds("in inn truer true // c\n`a b`<=<"),
            [
                (Sign("in"), "in"),
                (Name, "inn"),
                (Name, "truer"),
                (Sign("true"), "true"),
                (Quoted, "`a b`"),
                (Sign("<="), "<="),
                (Sign("<"), "<"),
            ]
        );
        assert_eq!(
            kinds(r#"'' '''a'b''' "" r'\' """""" "#),
            [
                (String, "''"),
                (String, "'''a'b'''"),
                (String, "\"\""),
                (String, r"r'\'"),
                (String, "\"\"\"\"\"\""),
            ]
        );
        assert_eq!(kinds("br'x'")[0].0, TokenKind::Bytes);
        assert_eq!(kinds("rb'x'").len(), 2);
    }

    #[test]
    fn what_is_no_token_is_an_error_at_its_place() {
        for (source, at) in [
            ("a = 1", 2),
            ("'a", 0),
            (r"'\q'", 0),
            ("1 ö", 2),
            ("`", 0),
            ("'\n'", 0),
        ] {
            let error = tokens(source).unwrap_err();
            assert_eq!(
                (error.kind(), error.span().start),
                (ErrorKind::Parse, at),
                "{source}"
            );
        }
    }
}
