use std::ops::Range;

use super::slots::Slots;

/// One match: where the whole of it lies in the text, and where each group does.
///
/// Group 0 is the whole match. Spans are in bytes of the text.
///
/// ```
/// use fluxcd_dialect::regexp::Regexp;
///
/// let pattern = Regexp::parse(r"(?P<year>\d{4})-(\d\d)|(?P<year>\d\d)")?;
/// let captures = pattern.captures("on 2024-05").unwrap();
/// let spans: Vec<_> = captures.spans().collect();
/// assert_eq!(spans, [Some(3..10), Some(3..7), Some(8..10), None]);
/// assert_eq!(captures.piece_of("year"), Some(&b"2024"[..]));
/// # Ok::<(), fluxcd_dialect::regexp::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Captures<'r, 't> {
    names: &'r [Box<str>],
    text: &'t [u8],
    slots: Slots,
}

impl<'r, 't> Captures<'r, 't> {
    pub(super) fn new(names: &'r [Box<str>], text: &'t [u8], slots: Slots) -> Self {
        Self { names, text, slots }
    }

    /// The text that matched.
    #[must_use]
    pub fn text(&self) -> &'t [u8] {
        self.text
    }

    /// Where each group lies, the whole match first; `None` for a group that took no part.
    pub fn spans(&self) -> impl ExactSizeIterator<Item = Option<Range<usize>>> {
        (0..self.names.len() + 1).map(|group| self.span(group))
    }

    /// Where a group lies; `None` where it took no part or is none.
    #[must_use]
    pub fn span(&self, group: usize) -> Option<Range<usize>> {
        let begin = group.checked_mul(2)?;
        let ends = self.slots.as_slice().get(begin..begin.checked_add(2)?)?;
        match ends {
            [Some(begin), Some(end)] => Some(begin.get()..end.get()),
            _ => None,
        }
    }

    /// Where the first group of that name lies that took part.
    #[must_use]
    pub fn span_of(&self, name: &str) -> Option<Range<usize>> {
        let groups = self.names.iter().enumerate();
        let mut named = groups.filter(|(_, known)| !name.is_empty() && ***known == *name);
        named.find_map(|(at, _)| self.span(at + 1))
    }

    /// The piece of the text that a group matched.
    #[must_use]
    pub fn piece(&self, group: usize) -> Option<&'t [u8]> {
        self.text.get(self.span(group)?)
    }

    /// The piece of the text that the first group of that name matched that took part.
    #[must_use]
    pub fn piece_of(&self, name: &str) -> Option<&'t [u8]> {
        self.text.get(self.span_of(name)?)
    }
}
