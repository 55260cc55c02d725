//! Classes: `[...]`, `\d`, `\pL`, `[:alpha:]`.

use super::named::{ascii_class, perl_class, unicode_ranges};
use super::{Class, Fault, Flags, Parser};
use crate::regexp::error::ErrorKind;

impl<'p> Parser<'p> {
    /// Source: Go 1.26: `src/regexp/syntax/parse.go (parser.parseClass)`.
    pub(super) fn bracket(&mut self, begin: &'p [u8]) -> Result<&'p [u8], Fault> {
        self.limits.allocate();
        let mut class = Class::default();
        let (negated, mut rest) = match begin {
            [_, b'^', rest @ ..] => (true, rest),
            _ => (false, begin.get(1..).unwrap_or_default()),
        };
        // A bracket that comes first closes nothing.
        let mut is_first = true;
        while is_first || !matches!(rest, [b']', ..]) {
            is_first = false;
            rest = self.member(rest, begin, &mut class)?;
        }
        class.clean();
        self.push_class(if negated { class.negated() } else { class })?;
        Ok(rest.get(1..).unwrap_or_default())
    }

    /// Adds one character, range or class.
    fn member(
        &self,
        rest: &'p [u8],
        begin: &'p [u8],
        class: &mut Class,
    ) -> Result<&'p [u8], Fault> {
        if let Some(after) = self.ascii_class(rest, class)? {
            return Ok(after);
        }
        if let Some(after) = self.unicode_class(rest, class)? {
            return Ok(after);
        }
        if let Some(after) = self.perl_class(rest, class) {
            return Ok(after);
        }
        let (first, mut after) = self.class_rune(rest, begin)?;
        let mut last = first;
        // A hyphen before the closing bracket stands for itself.
        if let [b'-', not_end, ..] = after
            && *not_end != b']'
        {
            let second = after.get(1..).unwrap_or_default();
            (last, after) = self.class_rune(second, begin)?;
            if last < first {
                return Err(self.fault(ErrorKind::InvalidCharRange, rest, after));
            }
        }
        match self.flags.has(Flags::FOLD) {
            true => class.add_folded(first, last, &self.folds),
            false => class.add(first, last),
        }
        Ok(after)
    }

    fn class_rune(&self, rest: &'p [u8], begin: &'p [u8]) -> Result<(u32, &'p [u8]), Fault> {
        match rest {
            [] => Err(self.fault(ErrorKind::MissingBracket, begin, &[])),
            [b'\\', ..] => self.escape(rest),
            _ => self.rune(rest),
        }
    }

    /// `[:alpha:]`, within brackets only.
    fn ascii_class(&self, rest: &'p [u8], class: &mut Class) -> Result<Option<&'p [u8]>, Fault> {
        let Some(name) = rest.strip_prefix(b"[:") else {
            return Ok(None);
        };
        let Some(end) = name.windows(2).position(|pair| pair == b":]") else {
            return Ok(None);
        };
        let (name, after) = name.split_at(end);
        let after = after.get(2..).unwrap_or_default();
        let (negated, name) = match name.strip_prefix(b"^") {
            Some(name) => (true, name),
            None => (false, name),
        };
        let Some(ranges) = ascii_class(name) else {
            return Err(self.fault(ErrorKind::InvalidCharRange, rest, after));
        };
        self.add_group(class, ranges, negated);
        Ok(Some(after))
    }

    /// `\d`, `\S` and the like.
    pub(super) fn perl_class(&self, rest: &'p [u8], class: &mut Class) -> Option<&'p [u8]> {
        let [b'\\', letter, after @ ..] = rest else {
            return None;
        };
        let ranges = perl_class(letter.to_ascii_lowercase())?;
        self.add_group(class, ranges, letter.is_ascii_uppercase());
        Some(after)
    }

    fn add_group(&self, class: &mut Class, ranges: &[(u32, u32)], negated: bool) {
        let mut group = Class::default();
        match self.flags.has(Flags::FOLD) {
            true => group.add_all_folded(ranges, &self.folds),
            false => group.extend(ranges),
        }
        class.extend_with(&group, negated);
    }

    /// `\pL`, `\P{Greek}`, `\p{^Lu}`.
    ///
    /// Source: Go 1.26: `src/regexp/syntax/parse.go (parser.parseUnicodeClass)`.
    pub(super) fn unicode_class(
        &self,
        rest: &'p [u8],
        class: &mut Class,
    ) -> Result<Option<&'p [u8]>, Fault> {
        let [b'\\', sign @ (b'p' | b'P'), name @ ..] = rest else {
            return Ok(None);
        };
        let (first, after) = self.rune(name)?;
        let (name, after) = if char::from_u32(first) == Some('{') {
            let Some(end) = after.iter().position(|byte| *byte == b'}') else {
                self.utf8(rest, &[])?;
                return Err(self.fault(ErrorKind::InvalidCharRange, rest, &[]));
            };
            let (name, end) = after.split_at(end);
            self.utf8(name, end)?;
            (name, end.get(1..).unwrap_or_default())
        } else {
            (
                name.get(..name.len() - after.len()).unwrap_or_default(),
                after,
            )
        };
        let (negated, name) = match name.strip_prefix(b"^") {
            Some(name) => (true, name),
            None => (false, name),
        };
        let folds = self.flags.has(Flags::FOLD).then_some(&self.folds);
        let Some(ranges) = unicode_ranges(name, folds) else {
            return Err(self.fault(ErrorKind::InvalidCharRange, rest, after));
        };
        class.extend_with(&ranges, negated != (*sign == b'P'));
        Ok(Some(after))
    }
}
