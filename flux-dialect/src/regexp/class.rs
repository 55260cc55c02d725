//! Sets of characters, as ranges that include their ends. Surrogates may be among them, since Go's patterns can name them;
//! they match nothing.

use std::cell::OnceCell;

use crate::unicode::fold::{other_cases, with_cases};

/// A set that grows range by range, the way Go's does: its length counts against Go's limits, so it matters how it grows.
/// Sorted and disjoint after [`Class::clean`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Class(Vec<(u32, u32)>);

pub(super) const MAX: u32 = char::MAX as u32;

/// The first and the last character that exist in several cases.
const FOLDING: (u32, u32) = (0x41, 0x1_E943);

/// Ranges and classes up to these sizes are folded letter by letter; others are worth a table.
const NARROW: u32 = 128;
const MANY: usize = 16;

/// The characters that exist in several cases, each with each of the others, in order. Made when a pattern needs it first,
/// so that one with large classes by the thousand does not look everything up again.
#[derive(Debug, Default)]
pub(super) struct Folds(OnceCell<Vec<(u32, u32)>>);

impl Folds {
    fn within(&self, first: u32, last: u32) -> &[(u32, u32)] {
        let all = self.0.get_or_init(|| {
            let others = |of: char| other_cases(of).map(move |other| (of.into(), other.into()));
            let mut all: Vec<_> = with_cases(0, MAX).flat_map(others).collect();
            all.sort_unstable();
            all.dedup();
            all
        });
        let begin = all.partition_point(|(character, _)| *character < first);
        let end = all.partition_point(|(character, _)| *character <= last);
        all.get(begin..end).unwrap_or_default()
    }
}

impl Class {
    pub(super) fn ranges(&self) -> &[(u32, u32)] {
        &self.0
    }

    /// Adds a range; one of the last two grows if it overlaps or adjoins.
    pub(super) fn add(&mut self, first: u32, last: u32) {
        let near = self.0.iter_mut().rev().take(2);
        for (begin, end) in near {
            if first <= *end + 1 && *begin <= last + 1 {
                *begin = first.min(*begin);
                *end = last.max(*end);
                return;
            }
        }
        self.0.push((first, last));
    }

    /// Adds a letter with its other cases.
    pub(super) fn add_letter(&mut self, rune: u32) {
        self.add(rune, rune);
        for other in char::from_u32(rune).into_iter().flat_map(other_cases) {
            self.add(other.into(), other.into());
        }
    }

    /// Adds a range with the other cases of its letters.
    pub(super) fn add_folded(&mut self, first: u32, last: u32, folds: &Folds) {
        self.add(first, last);
        if first <= FOLDING.0 && last >= FOLDING.1 {
            return;
        }
        if last - first < NARROW {
            with_cases(first, last).for_each(|character| self.add_letter(character.into()));
        } else {
            self.add_others(first, last, folds);
        }
    }

    fn add_others(&mut self, first: u32, last: u32, folds: &Folds) {
        for (_, other) in folds.within(first, last) {
            if !(first..=last).contains(other) {
                self.add(*other, *other);
            }
        }
    }

    pub(super) fn extend(&mut self, ranges: &[(u32, u32)]) {
        for (first, last) in ranges {
            self.add(*first, *last);
        }
    }

    /// Adds ranges with the other cases of their letters, and leaves the set clean.
    pub(super) fn add_all_folded(&mut self, ranges: &[(u32, u32)], folds: &Folds) {
        let are_many = ranges.len() > MANY;
        for (first, last) in ranges {
            if are_many {
                self.add(*first, *last);
                self.add_others(*first, *last, folds);
            } else {
                self.add_folded(*first, *last, folds);
            }
        }
        self.clean();
    }

    /// Adds a clean set, or all that is not in it.
    pub(super) fn extend_with(&mut self, other: &Self, negated: bool) {
        match negated {
            true => self.extend_with_others(&other.0),
            false => self.extend(&other.0),
        }
    }

    /// Adds all characters but those of the ranges, which must be sorted and disjoint.
    pub(super) fn extend_with_others(&mut self, ranges: &[(u32, u32)]) {
        let mut next = 0;
        for (first, last) in ranges {
            if next < *first {
                self.add(next, first - 1);
            }
            next = last + 1;
        }
        if next <= MAX {
            self.add(next, MAX);
        }
    }

    /// All the characters that are not in the set, which must be clean.
    pub(super) fn negated(&self) -> Self {
        let mut others = Self::default();
        others.extend_with_others(&self.0);
        others
    }

    /// Sorts the ranges and joins those that overlap or adjoin.
    pub(super) fn clean(&mut self) {
        self.0.sort_unstable();
        self.0.dedup_by(|(first, last), (_, end)| {
            let joins = *first <= *end + 1;
            if joins {
                *end = (*end).max(*last);
            }
            joins
        });
    }

    pub(super) fn contains(&self, rune: u32) -> bool {
        let mut ranges = self.0.iter();
        ranges.any(|(first, last)| (*first..=*last).contains(&rune))
    }

    /// The ranges without surrogates.
    pub(super) fn characters(&self) -> impl Iterator<Item = (char, char)> {
        let parts = |(first, last): &(u32, u32)| {
            [
                (*first, (*last).min(0xD7FF)),
                ((*first).max(0xE000), (*last)),
            ]
        };
        let parts = self.0.iter().flat_map(parts);
        parts
            .filter(|(first, last)| first <= last)
            .filter_map(|(first, last)| Some((char::from_u32(first)?, char::from_u32(last)?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class(ranges: &[(u32, u32)]) -> Class {
        let mut class = Class::default();
        class.extend(ranges);
        class
    }

    #[test]
    fn ranges_that_touch_one_of_the_last_two_join_it() {
        assert_eq!(
            class(&[(10, 20), (30, 40), (21, 22)]).ranges(),
            [(10, 22), (30, 40)]
        );
        let scattered = class(&[(10, 20), (30, 40), (50, 60), (21, 22)]);
        assert_eq!(scattered.ranges().len(), 4);
        let mut clean = scattered;
        clean.clean();
        assert_eq!(clean.ranges(), [(10, 22), (30, 40), (50, 60)]);
        let mut nested = class(&[(90, 91), (10, 50), (70, 71), (20, 30)]);
        nested.clean();
        assert_eq!(nested.ranges(), [(10, 50), (70, 71), (90, 91)]);
    }

    #[test]
    fn the_others_of_the_others_are_the_set() {
        for ranges in [
            &[][..],
            &[(0, MAX)],
            &[(0, 9)],
            &[(9, MAX)],
            &[(3, 4), (6, 7)],
        ] {
            let class = class(ranges);
            assert_eq!(class.negated().negated(), class);
        }
        assert_eq!(class(&[]).negated().ranges(), [(0, MAX)]);
    }

    #[test]
    fn folding_a_range_is_folding_each_of_its_characters() {
        for (first, last) in [
            (0x41, 0x5A),
            (0x30, 0x4B),
            (0x3B0, 0x3D0),
            (0x1E00, 0x2130),
            (0x42, 0x1_E942),
        ] {
            let mut whole = Class::default();
            whole.add_folded(first, last, &Folds::default());
            whole.clean();
            let mut single = Class::default();
            (first..=last).for_each(|rune| single.add_letter(rune));
            single.clean();
            assert_eq!(whole, single);
            // By the table, as where there are many.
            let mut table = Class::default();
            table.add(first, last);
            table.add_others(first, last, &Folds::default());
            table.clean();
            assert_eq!(table, single);
        }
    }

    #[test]
    fn surrogates_are_no_characters() {
        let all: Vec<_> = class(&[(0, MAX)]).characters().collect();
        assert_eq!(all, [('\0', '\u{D7FF}'), ('\u{E000}', char::MAX)]);
        assert_eq!(class(&[(0xD800, 0xDFFF)]).characters().count(), 0);
        assert_eq!(class(&[(0x61, 0x62)]).characters().count(), 1);
    }
}
