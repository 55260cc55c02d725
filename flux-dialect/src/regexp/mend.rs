//! Texts that are not UTF-8.
//!
//! Go reads each byte that begins no character as U+FFFD. So such a text is copied with that character in its place, and
//! what is found is found in the copy.

use std::borrow::Cow;

use regex_automata::util::primitives::NonMaxUsize;

use super::slots::Slot;

#[derive(Debug)]
pub(super) struct Mended<'t> {
    text: Cow<'t, [u8]>,
    /// Where the copy has a character for a byte.
    holes: Vec<usize>,
}

impl<'t> Mended<'t> {
    pub(super) fn new(text: &'t [u8]) -> Self {
        if std::str::from_utf8(text).is_ok() {
            return Self {
                text: Cow::Borrowed(text),
                holes: Vec::new(),
            };
        }
        let mut copy = Vec::with_capacity(text.len());
        let mut holes = Vec::new();
        for chunk in text.utf8_chunks() {
            copy.extend_from_slice(chunk.valid().as_bytes());
            for _ in chunk.invalid() {
                holes.push(copy.len());
                copy.extend_from_slice("\u{FFFD}".as_bytes());
            }
        }
        Self {
            text: Cow::Owned(copy),
            holes,
        }
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.text
    }

    /// The place in the original text of one in the copy.
    pub(super) fn original(&self, at: usize) -> usize {
        // Three bytes stand for one.
        at - 2 * self.holes.partition_point(|hole| *hole < at)
    }

    pub(super) fn originals(&self, slots: &mut [Slot]) {
        if !self.holes.is_empty() {
            for slot in slots {
                *slot = slot.and_then(|at| NonMaxUsize::new(self.original(at.get())));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_byte_that_begins_no_character_is_one() {
        // Two bytes of a character of three, a lone continuation, a surrogate.
        let mended = Mended::new(b"a\xE2\x82b\x80\xED\xA0\x80\xC3\xA9");
        assert_eq!(
            mended.as_bytes(),
            "a\u{FFFD}\u{FFFD}b\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}é".as_bytes()
        );
        let places = [0, 1, 4, 7, 8, 11, 14, 17, 20, 22];
        let originals = places.map(|at| mended.original(at));
        assert_eq!(originals, [0, 1, 2, 3, 4, 5, 6, 7, 8, 10]);
    }

    #[test]
    fn a_text_of_characters_is_not_copied() {
        let mended = Mended::new("aé\u{FFFD}".as_bytes());
        assert!(matches!(mended.text, Cow::Borrowed(_)));
        assert_eq!(mended.original(6), 6);
    }
}
