//! The characters at the current place: lines, columns, breaks, blanks.

use super::Scanner;

impl<'a> Scanner<'a> {
    pub(super) fn at(&self, distance: usize) -> u8 {
        self.bytes
            .get(self.pos + distance)
            .copied()
            .unwrap_or_default()
    }

    pub(super) fn slice(&self, start: usize, end: usize) -> &'a str {
        self.text.get(start..end).unwrap_or_default()
    }

    /// Column in characters, counted from 0.
    pub(super) fn column(&mut self) -> usize {
        if self.ascii {
            return self.pos - self.line_start;
        }
        let (from, column) = match self.counted {
            (at, column) if at >= self.line_start && at <= self.pos => (at, column),
            _ => (self.line_start, 0),
        };
        let column = column + characters(self.bytes.get(from..self.pos).unwrap_or_default());
        self.counted = (self.pos, column);
        column
    }

    /// Whether more than `count` characters lie between `start` and the current place.
    pub(super) fn further_than(&self, start: usize, count: usize) -> bool {
        let bytes = self.pos.saturating_sub(start);
        if bytes <= count {
            return false;
        }
        self.ascii
            || bytes > 4 * count
            || characters(self.bytes.get(start..self.pos).unwrap_or_default()) > count
    }

    /// Width of the line break at an offset: LF, CR, CR LF, NEL, LS, PS; 0 where there is none.
    pub(super) fn break_width(&self, at: usize) -> usize {
        match self.bytes.get(at..).unwrap_or_default() {
            [b'\r', b'\n', ..] => 2,
            [b'\n' | b'\r', ..] => 1,
            [0xC2, 0x85, ..] => 2,
            [0xE2, 0x80, 0xA8 | 0xA9, ..] => 3,
            _ => 0,
        }
    }

    pub(super) fn skip_break(&mut self) -> bool {
        let width = self.break_width(self.pos);
        if width == 0 {
            return false;
        }
        self.pos += width;
        self.line_start = self.pos;
        true
    }

    /// The line break at the current place, as the text that stands for it in a scalar.
    pub(super) fn read_break(&mut self) -> &'static str {
        let text = match self.bytes.get(self.pos..).unwrap_or_default() {
            [0xE2, 0x80, 0xA8, ..] => "\u{2028}",
            [0xE2, 0x80, 0xA9, ..] => "\u{2029}",
            _ => "\n",
        };
        if self.skip_break() { text } else { "" }
    }

    /// Offset of the next line break or of the end.
    pub(super) fn line_end(&self, from: usize) -> usize {
        let rest = self.bytes.get(from..).unwrap_or_default();
        if self.ascii {
            return memchr::memchr2(b'\n', b'\r', rest).map_or(self.bytes.len(), |at| from + at);
        }
        let mut at = from;
        while let Some(byte) = self.bytes.get(at) {
            if matches!(byte, b'\n' | b'\r' | 0xC2 | 0xE2) && self.break_width(at) > 0 {
                break;
            }
            at += 1;
        }
        at
    }

    pub(super) fn blank(&self, distance: usize) -> bool {
        matches!(self.at(distance), b' ' | b'\t')
    }

    /// Blank, line break or end of the text.
    pub(super) fn blank_or_end(&self, distance: usize) -> bool {
        match self.bytes.get(self.pos + distance) {
            None | Some(b' ' | b'\t' | b'\n' | b'\r') => true,
            Some(0xC2 | 0xE2) => self.break_width(self.pos + distance) > 0,
            Some(_) => false,
        }
    }

    /// `---` or `...` with a blank or the end behind it.
    pub(super) fn at_document_indicator(&self) -> bool {
        matches!(
            self.bytes.get(self.pos..self.pos + 3),
            Some(b"---" | b"...")
        ) && self.blank_or_end(3)
    }
}

pub(super) fn characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count()
}

pub(super) fn signed(column: usize) -> isize {
    isize::try_from(column).unwrap_or(isize::MAX)
}
