//! The text of a file, and the way from an offset in it to a line and column.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use fluxcd_dialect::yaml::{Segment, Span, Spans};

use super::place::Place;

const MARK: &[u8] = &[0xEF, 0xBB, 0xBF];

/// A file in UTF-8. Of a file in UTF-16 the UTF-8 form is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Text<'a> {
    pub(super) bytes: Cow<'a, [u8]>,
    encoding: Encoding,
    /// Whether UTF-16 ends before the file does. The text is what stands before.
    pub(super) broken: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Utf8,
    Utf16,
}

impl<'a> Text<'a> {
    pub(super) fn new(file: &'a [u8]) -> Self {
        let (text, broken) = match file {
            [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
            [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
            _ => {
                return Self {
                    bytes: Cow::Borrowed(file),
                    encoding: Encoding::Utf8,
                    broken: false,
                };
            }
        };
        Self {
            bytes: Cow::Owned(text.into_bytes()),
            encoding: Encoding::Utf16,
            broken,
        }
    }

    pub(super) fn slice(&self, range: Range<usize>) -> &[u8] {
        self.bytes.get(range).unwrap_or_default()
    }

    pub(super) const fn start(&self) -> Cursor {
        let file = match self.encoding {
            Encoding::Utf8 => 0,
            Encoding::Utf16 => 2,
        };
        Cursor {
            at: 0,
            line: 1,
            column: 1,
            file,
        }
    }
}

/// The text up to what is no UTF-16, and whether there is such a thing.
fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> (String, bool) {
    let pairs = bytes.chunks_exact(2);
    let odd = !pairs.remainder().is_empty();
    let units = pairs.filter_map(|pair| <[u8; 2]>::try_from(pair).ok().map(unit));
    let mut text = String::with_capacity(bytes.len());
    for character in char::decode_utf16(units) {
        match character {
            Ok(character) => text.push(character),
            Err(_) => return (text, true),
        }
    }
    (text, odd)
}

/// A position in a text that moves forward only, so that many places cost one walk over the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cursor {
    /// Offset in the text.
    pub(super) at: usize,
    line: usize,
    column: usize,
    /// Offset in the file.
    file: usize,
}

impl Cursor {
    /// Moves to an offset that is not before the current one; at most to the end of the text.
    pub(super) fn advance(&mut self, text: &Text<'_>, to: usize) {
        let to = to.min(text.bytes.len()).max(self.at);
        let passed = text.slice(self.at..to);
        let tail = match memchr::memrchr(b'\n', passed) {
            Some(newline) => {
                self.line += memchr::memchr_iter(b'\n', passed).count();
                self.column = 1;
                passed.get(newline + 1..).unwrap_or_default()
            }
            None => passed,
        };
        self.column += tail.iter().filter(|byte| **byte & 0xC0 != 0x80).count();
        if self.at == 0 && passed.starts_with(MARK) && tail.len() == passed.len() {
            self.column -= 1;
        }
        self.file += match text.encoding {
            Encoding::Utf8 => passed.len(),
            Encoding::Utf16 => passed.iter().map(|byte| utf16_width(*byte)).sum(),
        };
        self.at = to;
    }

    /// The place of a span of the text that begins at or behind the cursor.
    pub(super) fn place(&mut self, text: &Text<'_>, span: &Span) -> Place {
        self.advance(text, span.start);
        let mut end = *self;
        end.advance(text, span.end);
        Place {
            span: self.file..end.file,
            line: self.line,
            column: self.column,
        }
    }
}

/// What the character that begins with this byte takes in UTF-16.
const fn utf16_width(byte: u8) -> usize {
    match byte {
        0x80..0xC0 => 0,
        0xF0.. => 4,
        _ => 2,
    }
}

/// One document of a text before its lists are opened; its items share it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Source<'a> {
    pub(super) text: Arc<Text<'a>>,
    pub(super) range: Range<usize>,
    /// The place of the document's first byte.
    pub(super) start: Cursor,
    /// Places within `range`.
    pub(super) spans: Spans,
    /// The repeated keys, with their places within `range`.
    pub(super) repeated: Vec<(Vec<Segment>, Span)>,
}

impl Source<'_> {
    /// The places of spans within the document. They are looked up in order of their position.
    pub(super) fn places(&self, spans: &[Span]) -> Vec<Place> {
        let mut order: Vec<usize> = (0..spans.len()).collect();
        order.sort_by_key(|number| spans.get(*number).map(|span| span.start));
        let mut cursor = self.start;
        let mut places: Vec<(usize, Place)> = order
            .into_iter()
            .filter_map(|number| {
                let span = spans.get(number)?;
                let shift = |at: usize| (at + self.range.start).min(self.range.end);
                Some((
                    number,
                    cursor.place(&self.text, &(shift(span.start)..shift(span.end))),
                ))
            })
            .collect();
        places.sort_by_key(|(number, _)| *number);
        places.into_iter().map(|(_, place)| place).collect()
    }

    pub(super) fn place(&self, span: Span) -> Place {
        let mut cursor = self.start;
        let shift = |at: usize| (at + self.range.start).min(self.range.end);
        cursor.place(&self.text, &(shift(span.start)..shift(span.end)))
    }
}
