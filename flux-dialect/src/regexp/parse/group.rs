//! What follows `(?`: names and flags.

use super::{Fault, Flags, Op, Parser};
use crate::regexp::error::ErrorKind;

impl<'p> Parser<'p> {
    /// Source: Go 1.26: `src/regexp/syntax/parse.go (parser.parsePerlFlags)`.
    pub(super) fn special_group(&mut self, rest: &'p [u8]) -> Result<&'p [u8], Fault> {
        match rest {
            // One more character must follow, or it is not read as a name.
            [_, _, b'P', b'<', name @ ..] | [_, _, b'<', name @ ..] if !name.is_empty() => {
                self.named_group(rest, name)
            }
            [_, _, flags @ ..] => self.set_flags(rest, flags),
            _ => Ok(rest),
        }
    }

    fn named_group(&mut self, rest: &'p [u8], name: &'p [u8]) -> Result<&'p [u8], Fault> {
        let Some(end) = name.iter().position(|byte| *byte == b'>') else {
            self.utf8(rest, &[])?;
            return Err(self.fault(ErrorKind::InvalidNamedCapture, rest, &[]));
        };
        let (name, end) = name.split_at(end);
        let after = end.get(1..).unwrap_or_default();
        self.utf8(name, end)?;
        let is_valid = |byte: &u8| *byte == b'_' || byte.is_ascii_alphanumeric();
        match std::str::from_utf8(name) {
            Ok(text) if !name.is_empty() && name.iter().all(is_valid) => self.open(text)?,
            _ => return Err(self.fault(ErrorKind::InvalidNamedCapture, rest, after)),
        }
        Ok(after)
    }

    fn set_flags(&mut self, rest: &'p [u8], mut after: &'p [u8]) -> Result<&'p [u8], Fault> {
        let mut flags = self.flags;
        let mut clears = false;
        let mut is_complete = true;
        while !after.is_empty() {
            let (rune, next) = self.rune(after)?;
            after = next;
            let flag = match char::from_u32(rune) {
                Some('i') => Flags::FOLD,
                Some('s') => Flags::DOT_NEWLINE,
                Some('U') => Flags::LAZY,
                Some('m') => {
                    flags = flags.without(Flags::ONE_LINE);
                    is_complete = true;
                    continue;
                }
                // What follows is cleared: it is set in the complement.
                Some('-') if !clears => {
                    flags = flags.inverted();
                    clears = true;
                    is_complete = false;
                    continue;
                }
                Some(end @ (':' | ')')) if is_complete => {
                    if end == ':' {
                        self.push_new(Op::Open(None))?;
                    }
                    self.flags = if clears { flags.inverted() } else { flags };
                    return Ok(after);
                }
                _ => break,
            };
            flags = flags.with(flag);
            is_complete = true;
        }
        Err(self.fault(ErrorKind::InvalidPerlOp, rest, after))
    }
}
