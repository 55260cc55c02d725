//! Bytes to text: byte order marks, UTF-16, and the characters that the reader refuses.
//!
//! Source: `go.yaml.in/yaml/v2: readerc.go (yaml_parser_update_buffer)`, v2.4.4; v3 is the same.

use std::borrow::Cow;

use super::error::{Error, ErrorKind};

/// Upstream decodes its input in pieces of this many bytes. It shows: a bad byte is reported before a syntax error that
/// stands earlier in the same piece, and not at all when the first document ends in an earlier piece.
const PIECE: usize = 512;

/// Text that is ready to be scanned.
pub(super) struct Input<'a> {
    /// The text, without byte order mark, up to the piece that holds the first bad character.
    pub(super) text: Cow<'a, str>,
    /// Offset of `text` in the bytes given.
    pub(super) base: usize,
    /// What to report when the scanner runs past the end of `text`.
    pub(super) refused: Option<Error>,
}

impl<'a> Input<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        match bytes {
            [0xFF, 0xFE, rest @ ..] => Self::utf16(rest, u16::from_le_bytes),
            [0xFE, 0xFF, rest @ ..] => Self::utf16(rest, u16::from_be_bytes),
            [0xEF, 0xBB, 0xBF, rest @ ..] => Self::utf8(rest, 3),
            _ => Self::utf8(bytes, 0),
        }
    }

    fn utf8(bytes: &'a [u8], base: usize) -> Self {
        let (valid, broken) = match std::str::from_utf8(bytes) {
            Ok(text) => (text, None),
            Err(error) => {
                let end = error.valid_up_to();
                (
                    bytes
                        .get(..end)
                        .and_then(|head| std::str::from_utf8(head).ok())
                        .unwrap_or_default(),
                    Some(end),
                )
            }
        };
        let refused = match (control_character(valid.as_bytes()), broken) {
            (Some(at), _) => Some((
                at,
                ErrorKind::Encoding,
                "control characters are not allowed",
            )),
            (None, Some(at)) if beyond_unicode(bytes.get(at..).unwrap_or_default()) => {
                Some((at, ErrorKind::Syntax, "invalid Unicode character"))
            }
            (None, Some(at)) => Some((at, ErrorKind::Encoding, "invalid UTF-8")),
            (None, None) => None,
        };
        let Some((at, kind, message)) = refused else {
            return Self {
                text: Cow::Borrowed(valid),
                base,
                refused: None,
            };
        };
        let read = readable(valid, at..at + width(bytes.get(at)), base, bytes.len());
        let text = valid.get(..read).unwrap_or_default();
        let error = Error::new(kind, message, at + base..at + base + 1);
        Self {
            text: Cow::Borrowed(text),
            base: base.min(bytes.len()),
            refused: Some(error),
        }
    }

    fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Self {
        let pairs = bytes.chunks_exact(2);
        let odd = !pairs.remainder().is_empty();
        let units = pairs.filter_map(|pair| <[u8; 2]>::try_from(pair).ok().map(unit));
        let mut text = String::with_capacity(bytes.len());
        let mut broken = false;
        for decoded in char::decode_utf16(units) {
            match decoded {
                Ok(character) => text.push(character),
                Err(_) => {
                    broken = true;
                    break;
                }
            }
        }
        let cut_off = text.chars().map(char::len_utf16).sum::<usize>() * 2 + 2 >= bytes.len();
        let refused = if let Some(at) = control_character(text.as_bytes()) {
            Some((at, false, "control characters are not allowed"))
        } else if broken {
            Some((text.len(), cut_off, "invalid UTF-16"))
        } else if odd {
            Some((text.len(), true, "incomplete UTF-16 character"))
        } else {
            None
        };
        let refused = refused.map(|(at, cut_off, message)| {
            let error = Error::new(ErrorKind::Encoding, message, at..at + 1);
            if cut_off {
                text.truncate(at);
                return error;
            }
            // Two bytes a character, nearly always: the piece starts where that many characters were read.
            let read = text.get(..at).unwrap_or_default().encode_utf16().count() * 2 + 2;
            let kept = (read / PIECE * PIECE).saturating_sub(2) / 2;
            let start = text
                .char_indices()
                .nth(kept)
                .map_or(text.len(), |(start, _)| start)
                .min(at);
            text.truncate(start);
            error
        });
        Self {
            text: Cow::Owned(text),
            base: 0,
            refused,
        }
    }
}

/// How many bytes a character has that begins with this one.
fn width(first: Option<&u8>) -> usize {
    match first {
        Some(0xC0..0xE0) => 2,
        Some(0xE0..0xF0) => 3,
        Some(0xF0..0xF8) => 4,
        _ => 1,
    }
}

/// Well-formed bytes of a code point that is no character: a surrogate, or one above U+10FFFF. Upstream's error for it is
/// counted as one of syntax.
const fn beyond_unicode(bytes: &[u8]) -> bool {
    matches!(
        bytes,
        [0xED, 0xA0..=0xBF, 0x80..=0xBF, ..]
            | [0xF4, 0x90..=0xBF, 0x80..=0xBF, 0x80..=0xBF, ..]
            | [0xF5..=0xF7, 0x80..=0xBF, 0x80..=0xBF, 0x80..=0xBF, ..]
    )
}

/// Offset of the first character that may not stand in YAML text.
pub(super) fn control_character(bytes: &[u8]) -> Option<usize> {
    const fn suspicious(byte: u8) -> bool {
        (byte < 0x20 && byte != b'\n') | (byte == 0x7F) | (byte == 0xC2) | (byte == 0xEF)
    }
    for (index, block) in bytes.chunks(64).enumerate() {
        // Without an early exit, the block is judged by a few vector instructions.
        if !block
            .iter()
            .fold(false, |found, byte| found | suspicious(*byte))
        {
            continue;
        }
        for (inner, byte) in block.iter().enumerate() {
            let at = index * 64 + inner;
            let following = |distance: usize| bytes.get(at + distance).copied().unwrap_or_default();
            let refused = match byte {
                b'\t' | b'\n' | b'\r' => false,
                0..0x20 | 0x7F => true,
                0xC2 => (0x80..0xA0).contains(&following(1)) && following(1) != 0x85,
                0xEF => following(1) == 0xBF && matches!(following(2), 0xBE | 0xBF),
                _ => false,
            };
            if refused {
                return Some(at);
            }
        }
    }
    None
}

/// How far upstream reads before it meets the bad character at `bad`: up to the piece that holds it, or up to the
/// character itself where the end of its piece or of the text cuts it off, which is noticed when more is asked for.
fn readable(text: &str, bad: std::ops::Range<usize>, base: usize, length: usize) -> usize {
    let mut start = 0;
    let mut end = PIECE - base;
    loop {
        let mut boundary = end.min(text.len());
        while boundary > start && !text.is_char_boundary(boundary) {
            boundary -= 1;
        }
        if bad.start < end || boundary <= start {
            return if bad.end > end.min(length) {
                bad.start
            } else {
                start
            };
        }
        start = boundary;
        end = boundary + PIECE;
    }
}
