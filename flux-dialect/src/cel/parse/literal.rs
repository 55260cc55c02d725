use super::{Parsed, Parser};
use crate::cel::lex::{Token, TokenKind};
use crate::cel::tree::{Kind, Literal, NodeId};

impl Parser<'_> {
    /// Whether a minus and a number come next, which are one literal.
    pub(super) fn is_signed_number(&self) -> bool {
        let token = |ahead: usize| self.tokens.get(self.at + ahead).map(|token| token.kind);
        token(0) == Some(TokenKind::Sign("-"))
            && matches!(token(1), Some(TokenKind::Int | TokenKind::Double))
    }

    pub(super) fn literal(&mut self) -> Parsed<NodeId> {
        let first = self.peek();
        let negative = self.is_signed_number();
        if negative {
            self.next();
        }
        let token = self.peek();
        let text = self.text(token);
        let literal = match token.kind {
            TokenKind::Int => int(text, negative).ok_or("invalid int literal"),
            TokenKind::Uint => uint(text).ok_or("invalid uint literal"),
            TokenKind::Double => double(text, negative).ok_or("invalid double literal"),
            TokenKind::String => unescape(text, false).and_then(|bytes| {
                let text = String::from_utf8(bytes).map_err(|_| "unable to unescape string")?;
                Ok(Literal::String(text.into()))
            }),
            TokenKind::Bytes => {
                let text = text.get(1..).unwrap_or_default();
                unescape(text, true).map(|bytes| Literal::Bytes(bytes.into()))
            }
            TokenKind::Sign("true") => Ok(Literal::Bool(true)),
            TokenKind::Sign("false") => Ok(Literal::Bool(false)),
            TokenKind::Sign("null") => Ok(Literal::Null),
            _ => return Err(self.unexpected("")),
        };
        let Token { end, .. } = self.next();
        let span = first.start..end;
        match literal {
            Ok(literal) => self.push(Kind::Literal(literal), span, first.start),
            Err(message) => {
                let error = self.error(message, span.clone(), first.start);
                self.replace(error, span)
            }
        }
    }
}

fn int(text: &str, negative: bool) -> Option<Literal> {
    let sign = if negative { "-" } else { "" };
    let number = match text.strip_prefix("0x") {
        Some(digits) => i64::from_str_radix(&format!("{sign}{digits}"), 16),
        None => format!("{sign}{text}").parse(),
    };
    number.ok().map(Literal::Int)
}

fn uint(text: &str) -> Option<Literal> {
    let text = text.trim_end_matches(['u', 'U']);
    let number = match text.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16),
        None => text.parse(),
    };
    number.ok().map(Literal::Uint)
}

fn double(text: &str, negative: bool) -> Option<Literal> {
    let number = crate::float::parse(text)?;
    Some(Literal::Double(if negative { -number } else { number }))
}

/// The content of a text with its quotes, whose escapes the lexer has checked for their form.
///
/// cel-go v0.26.1: `parser/unescape.go (unescape)`.
fn unescape(text: &str, is_bytes: bool) -> Result<Vec<u8>, &'static str> {
    let quoted = text.trim_start_matches(['r', 'R']);
    let raw = quoted.len() < text.len();
    let marks = match quoted.as_bytes() {
        [b'"', b'"', b'"', .., b'"', b'"', b'"'] if quoted.len() >= 6 => 3,
        [b'\'', b'\'', b'\'', .., b'\'', b'\'', b'\''] if quoted.len() >= 6 => 3,
        _ => 1,
    };
    let content = quoted.get(marks..quoted.len() - marks).unwrap_or_default();
    let content = content.replace("\r\n", "\n").replace('\r', "\n");
    let mut bytes = Vec::with_capacity(content.len());
    let mut rest = content.as_str();
    while let Some(at) = rest.find('\\').filter(|_| !raw) {
        let (before, escape) = rest.split_at(at);
        bytes.extend_from_slice(before.as_bytes());
        rest = unescape_one(escape, is_bytes, &mut bytes)?;
    }
    bytes.extend_from_slice(rest.as_bytes());
    Ok(bytes)
}

/// Appends what the escape at the front stands for, and returns what follows.
fn unescape_one<'t>(
    escape: &'t str,
    is_bytes: bool,
    bytes: &mut Vec<u8>,
) -> Result<&'t str, &'static str> {
    let simple = match escape.as_bytes().get(1) {
        Some(b'a') => 0x07,
        Some(b'b') => 0x08,
        Some(b'f') => 0x0C,
        Some(b'n') => b'\n',
        Some(b'r') => b'\r',
        Some(b't') => b'\t',
        Some(b'v') => 0x0B,
        Some(b'x' | b'X') => return coded(escape, 2..4, 16, is_bytes, bytes),
        Some(b'u' | b'U') if is_bytes => return Err("unable to unescape string"),
        Some(b'u') => return coded(escape, 2..6, 16, is_bytes, bytes),
        Some(b'U') => return coded(escape, 2..10, 16, is_bytes, bytes),
        Some(b'0'..=b'3') => return coded(escape, 1..4, 8, is_bytes, bytes),
        Some(other) => *other,
        None => return Err("unable to unescape string"),
    };
    bytes.push(simple);
    Ok(escape.get(2..).unwrap_or_default())
}

/// Appends the character, or in bytes the byte, with the number whose digits stand there.
fn coded<'t>(
    escape: &'t str,
    digits: std::ops::Range<usize>,
    radix: u32,
    is_bytes: bool,
    bytes: &mut Vec<u8>,
) -> Result<&'t str, &'static str> {
    let rest = escape.get(digits.end..).unwrap_or_default();
    let digits = escape.get(digits).unwrap_or_default();
    let code = u32::from_str_radix(digits, radix).map_err(|_| "unable to unescape string")?;
    if let Some(byte) = u8::try_from(code).ok().filter(|_| is_bytes) {
        bytes.push(byte);
    } else {
        let character = char::from_u32(code).ok_or("invalid unicode code point")?;
        bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
    }
    Ok(rest)
}
