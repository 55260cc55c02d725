//! JSON as Go's decoder takes it from a stream: one value after the other, with nothing between them.
//!
//! Sources: `encoding/json: stream.go (Decoder.Decode)`; `sigs.k8s.io/json: internal/golang/encoding/json/decode.go
//! (unquote, convertNumber)`.

use fluxcd_dialect::yaml::{self, Limits, Span};
use serde_json::{Map, Number, Value};

use super::error::ErrorKind;

/// What is wrong, and at which bytes of the stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) kind: ErrorKind,
    pub(super) message: &'static str,
    pub(super) span: Span,
}

impl Fault {
    pub(super) const fn new(kind: ErrorKind, message: &'static str, span: Span) -> Self {
        Self {
            kind,
            message,
            span,
        }
    }
}

/// The value that begins at or behind `at`, and the offset of its end; nothing where only blanks are left.
pub(super) fn next(
    stream: &[u8],
    at: usize,
    limits: Limits,
) -> Result<Option<(Value, usize)>, Fault> {
    let mut reader = Reader {
        stream,
        at,
        depth: limits.depth,
        too_large: None,
    };
    reader.blanks();
    if reader.peek().is_none() {
        return Ok(None);
    }
    let value = reader.value()?;
    match reader.too_large {
        // Upstream goes over the whole value before it looks at its numbers.
        Some(span) => Err(Fault::new(
            ErrorKind::Shape,
            "a number that no 64-bit float holds",
            span,
        )),
        None => Ok(Some((value, reader.at))),
    }
}

struct Reader<'a> {
    stream: &'a [u8],
    at: usize,
    /// Levels that may still be opened.
    depth: usize,
    too_large: Option<Span>,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.stream.get(self.at).copied()
    }

    fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn blanks(&mut self) {
        while let Some(b' ' | b'\t' | b'\r' | b'\n') = self.peek() {
            self.at += 1;
        }
    }

    fn fault(&self, message: &'static str) -> Fault {
        let end = (self.at + 1).min(self.stream.len());
        Fault::new(ErrorKind::Json, message, self.at.min(end)..end)
    }

    fn value(&mut self) -> Result<Value, Fault> {
        match self.peek() {
            Some(b'{') => self.nested(Self::object),
            Some(b'[') => self.nested(Self::array),
            Some(b'"') => self.string().map(Value::String),
            Some(b'-' | b'0'..=b'9') => self.number().map(Value::Number),
            Some(b't') => self.word(b"true", Value::Bool(true)),
            Some(b'f') => self.word(b"false", Value::Bool(false)),
            Some(b'n') => self.word(b"null", Value::Null),
            _ => Err(self.fault("no JSON value")),
        }
    }

    fn nested(&mut self, read: fn(&mut Self) -> Result<Value, Fault>) -> Result<Value, Fault> {
        let Some(left) = self.depth.checked_sub(1) else {
            let kind = ErrorKind::Yaml(yaml::ErrorKind::Limit);
            let span = self.at..self.at + 1;
            return Err(Fault::new(kind, "nested deeper than the limit", span));
        };
        self.depth = left;
        self.at += 1;
        let value = read(self)?;
        self.depth += 1;
        Ok(value)
    }

    fn object(&mut self) -> Result<Value, Fault> {
        let mut members = Map::new();
        self.blanks();
        if self.eat(b'}') {
            return Ok(Value::Object(members));
        }
        loop {
            self.blanks();
            if self.peek() != Some(b'"') {
                return Err(self.fault("no member name"));
            }
            let key = self.string()?;
            self.blanks();
            if !self.eat(b':') {
                return Err(self.fault("no colon behind a member name"));
            }
            self.blanks();
            let value = self.value()?;
            members.insert(key, value);
            self.blanks();
            if self.eat(b'}') {
                return Ok(Value::Object(members));
            }
            if !self.eat(b',') {
                return Err(self.fault("neither comma nor brace behind a member"));
            }
        }
    }

    fn array(&mut self) -> Result<Value, Fault> {
        let mut items = Vec::new();
        self.blanks();
        if self.eat(b']') {
            return Ok(Value::Array(items));
        }
        loop {
            self.blanks();
            items.push(self.value()?);
            self.blanks();
            if self.eat(b']') {
                return Ok(Value::Array(items));
            }
            if !self.eat(b',') {
                return Err(self.fault("neither comma nor bracket behind an item"));
            }
        }
    }

    fn word(&mut self, word: &[u8], value: Value) -> Result<Value, Fault> {
        for byte in word {
            if !self.eat(*byte) {
                return Err(self.fault("no JSON value"));
            }
        }
        Ok(value)
    }

    fn digits(&mut self) -> Result<(), Fault> {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        if self.at == start {
            return Err(self.fault("no digit in a number"));
        }
        Ok(())
    }

    fn number(&mut self) -> Result<Number, Fault> {
        let start = self.at;
        self.eat(b'-');
        if !self.eat(b'0') {
            self.digits()?;
        }
        if self.eat(b'.') {
            self.digits()?;
        }
        if self.eat(b'e') || self.eat(b'E') {
            let _signed = self.eat(b'+') || self.eat(b'-');
            self.digits()?;
        }
        let text = self.stream.get(start..self.at).unwrap_or_default();
        let text = std::str::from_utf8(text).unwrap_or_default();
        if let Ok(integer) = text.parse::<i64>() {
            return Ok(Number::from(integer));
        }
        let float = text.parse().ok().and_then(float);
        if float.is_none() && self.too_large.is_none() {
            self.too_large = Some(start..self.at);
        }
        Ok(float.unwrap_or_else(|| Number::from(0)))
    }

    fn string(&mut self) -> Result<String, Fault> {
        let mut text = String::new();
        self.at += 1;
        loop {
            let rest = self.stream.get(self.at..).unwrap_or_default();
            let plain = rest
                .iter()
                .position(|byte| matches!(byte, b'"' | b'\\' | ..0x20))
                .unwrap_or(rest.len());
            push(&mut text, rest.get(..plain).unwrap_or_default());
            self.at += plain;
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(text);
                }
                Some(b'\\') => {
                    self.at += 1;
                    let character = self.escape()?;
                    text.push(character);
                }
                _ => return Err(self.fault("text without an end")),
            }
        }
    }

    fn escape(&mut self) -> Result<char, Fault> {
        let character = match self.peek() {
            Some(b'u') => {
                self.at += 1;
                return self.unicode();
            }
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{C}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
            _ => return Err(self.fault("unknown escape")),
        };
        self.at += 1;
        Ok(character)
    }

    /// What stands behind `\u`. Half of a surrogate pair becomes U+FFFD, and what follows it is read by itself.
    fn unicode(&mut self) -> Result<char, Fault> {
        let high = self.hex()?;
        let behind = self.at;
        if (0xD800..0xDC00).contains(&high) && self.eat(b'\\') && self.eat(b'u') {
            // No second half: the loop comes back to it, and reports what is wrong there.
            let low = self.hex().unwrap_or_default();
            if let [Ok(pair)] = *char::decode_utf16([high, low]).collect::<Vec<_>>() {
                return Ok(pair);
            }
        }
        self.at = behind;
        Ok(char::from_u32(high.into()).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn hex(&mut self) -> Result<u16, Fault> {
        let mut unit = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|byte| char::from(byte).to_digit(16));
            let digit = digit.and_then(|digit| u16::try_from(digit).ok());
            unit = unit << 4 | digit.ok_or_else(|| self.fault("no hexadecimal digit"))?;
            self.at += 1;
        }
        Ok(unit)
    }
}

/// A 64-bit float as the number that its JSON text is: Go writes floats below 10^21 with all their digits, so one without
/// fraction comes back as an integer. Nothing for an infinite one.
///
/// Sources: `encoding/json: encode.go (floatEncoder)`; `sigs.k8s.io/json: internal/golang/encoding/json/decode.go
/// (convertNumber)`.
pub(super) fn float(float: f64) -> Option<Number> {
    let text = float.to_string();
    let signed = text.parse::<i64>().ok().map(Number::from);
    let whole = signed.or_else(|| text.parse::<u64>().ok().map(Number::from));
    whole.or_else(|| Number::from_f64(float))
}

/// Each byte that is no UTF-8 becomes one U+FFFD.
fn push(text: &mut String, bytes: &[u8]) {
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        for _ in chunk.invalid() {
            text.push(char::REPLACEMENT_CHARACTER);
        }
    }
}
