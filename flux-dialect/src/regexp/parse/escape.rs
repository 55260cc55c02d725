//! A backslash with what stands for one character.

use super::{Fault, Parser};
use crate::regexp::class::MAX;
use crate::regexp::error::ErrorKind;

impl<'p> Parser<'p> {
    /// Reads the escape that the text begins with.
    ///
    /// Source: Go 1.26: `src/regexp/syntax/parse.go (parser.parseEscape)`.
    pub(super) fn escape(&self, rest: &'p [u8]) -> Result<(u32, &'p [u8]), Fault> {
        let Some(after @ [_, ..]) = rest.get(1..) else {
            return Err(self.fault(ErrorKind::TrailingBackslash, rest, &[]));
        };
        let (rune, after) = self.rune(after)?;
        let invalid = |after| Err(self.fault(ErrorKind::InvalidEscape, rest, after));
        let control = match char::from_u32(rune) {
            Some('0') => return Ok(octal(rune, after)),
            Some('1'..='7') if matches!(after, [b'0'..=b'7', ..]) => return Ok(octal(rune, after)),
            Some('x') => {
                let (value, after) = self.hexadecimal(after)?;
                return value.map_or_else(|| invalid(after), |value| Ok((value, after)));
            }
            Some('a') => 7,
            Some('t') => 9,
            Some('n') => 10,
            Some('v') => 11,
            Some('f') => 12,
            Some('r') => 13,
            Some(other) if other.is_ascii() && !other.is_ascii_alphanumeric() => rune,
            _ => return invalid(after),
        };
        Ok((control, after))
    }

    /// Two digits, or any number of them in braces: the value, if it is one, and what follows what was read of it.
    fn hexadecimal(&self, after: &'p [u8]) -> Result<(Option<u32>, &'p [u8]), Fault> {
        if after.is_empty() {
            return Ok((None, after));
        }
        let (first, after) = self.rune(after)?;
        if char::from_u32(first) == Some('{') {
            return self.braced(after);
        }
        let (second, after) = self.rune(after)?;
        let value = digit(first).zip(digit(second));
        Ok((value.map(|(high, low)| high * 16 + low), after))
    }

    fn braced(&self, mut after: &'p [u8]) -> Result<(Option<u32>, &'p [u8]), Fault> {
        let mut value = None;
        while !after.is_empty() {
            let (rune, next) = self.rune(after)?;
            after = next;
            if char::from_u32(rune) == Some('}') {
                return Ok((value, after));
            }
            let next = digit(rune).map(|digit| value.unwrap_or(0) * 16 + digit);
            match next.filter(|next| *next <= MAX) {
                Some(next) => value = Some(next),
                None => break,
            }
        }
        Ok((None, after))
    }
}

/// The first digit and up to two more.
fn octal(first: u32, after: &[u8]) -> (u32, &[u8]) {
    let digits = after.iter().take(2);
    let digits = digits.take_while(|byte| matches!(byte, b'0'..=b'7'));
    let zero = u32::from('0');
    let value = digits.clone().fold(first - zero, |value, byte| {
        value * 8 + u32::from(*byte) - zero
    });
    (value, after.get(digits.count()..).unwrap_or_default())
}

fn digit(rune: u32) -> Option<u32> {
    char::from_u32(rune)?.to_digit(16)
}
