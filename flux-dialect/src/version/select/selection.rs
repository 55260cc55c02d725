use std::fmt;

use crate::version::ErrorKind;
use crate::version::range::{Miss, explain_misses};

/// The winner among candidates, and what became of each of the others.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct Selection<'r, C> {
    pub(super) candidates: Vec<C>,
    /// One for each candidate.
    pub(super) fates: Vec<Fate>,
    pub(super) winner: Option<usize>,
    /// Those of all refused candidates, one after the other.
    pub(super) misses: Vec<Miss<'r>>,
    /// How many misses a refused candidate has: one for each alternative of the range.
    pub(super) groups: usize,
}

/// A [`Reason`] in few bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    NotAVersion(ErrorKind),
    Filtered,
    /// Holds the index of the first miss.
    Refused(usize),
    Outranked,
    Older,
    /// The winner itself is among the tied.
    Tied,
    NotAsked,
}

/// Why a candidate did not win.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason<'s, 'r> {
    /// The text is no version in the dialect that counts here. Flux drops such candidates without a word.
    NotAVersion(ErrorKind),
    /// The filter in front of the range does not let the text pass.
    Filtered,
    /// The range does not admit the version: one miss for each of its alternatives.
    Refused(&'s [Miss<'r>]),
    /// The range admits the version, and the winner is higher.
    Outranked,
    /// The version is equal to the winner, and its time is earlier.
    Older,
    /// Nothing that upstream compares tells it from the winner.
    Tied,
    /// Another candidate is, to the letter, the text that was asked for.
    NotAsked,
}

/// A candidate that did not win.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Loser<'s, 'r, C> {
    /// Its place among the candidates.
    pub index: usize,
    /// The candidate.
    pub candidate: &'s C,
    /// Why it did not win.
    pub reason: Reason<'s, 'r>,
}

impl<'r, C> Selection<'r, C> {
    /// The candidate that was chosen.
    #[must_use]
    pub fn winner(&self) -> Option<&C> {
        self.candidates.get(self.winner?)
    }

    /// The place of the winner among the candidates.
    #[must_use]
    pub fn winner_index(&self) -> Option<usize> {
        self.winner
    }

    /// The candidates that upstream cannot tell apart and of which it might take any, the winner among them, in the order of
    /// the candidates. A single one where nothing was open.
    pub fn tied(&self) -> impl Iterator<Item = &C> {
        let all = self.candidates.iter().enumerate();
        all.filter(|(index, _)| {
            self.winner == Some(*index) || self.fates.get(*index) == Some(&Fate::Tied)
        })
        .map(|(_, candidate)| candidate)
    }

    /// Everyone else, in the order of the candidates.
    pub fn losers(&self) -> impl Iterator<Item = Loser<'_, 'r, C>> {
        let all = self.candidates.iter().enumerate();
        all.filter_map(|(index, candidate)| {
            let reason = self.reason(index)?;
            Some(Loser {
                index,
                candidate,
                reason,
            })
        })
    }

    /// Why the candidate at that place did not win. `None` for the winner, and where there is no candidate.
    #[must_use]
    pub fn reason(&self, index: usize) -> Option<Reason<'_, 'r>> {
        if self.winner == Some(index) {
            return None;
        }
        Some(match *self.fates.get(index)? {
            Fate::NotAVersion(kind) => Reason::NotAVersion(kind),
            Fate::Filtered => Reason::Filtered,
            Fate::Refused(first) => Reason::Refused(self.misses.get(first..first + self.groups)?),
            Fate::Outranked => Reason::Outranked,
            Fate::Older => Reason::Older,
            Fate::Tied => Reason::Tied,
            Fate::NotAsked => Reason::NotAsked,
        })
    }

    /// All candidates, in the order in which they came.
    #[must_use]
    pub fn candidates(&self) -> &[C] {
        &self.candidates
    }
}

/// The reason in a few words: `too high for <2.0`.
impl fmt::Display for Reason<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotAVersion(ErrorKind::TooFewDots) => "not a version: fewer than two points",
            Self::NotAVersion(ErrorKind::TooLong) => "not a version: too long",
            Self::NotAVersion(ErrorKind::NumberTooLarge) => "not a version: a number is too large",
            Self::NotAVersion(ErrorKind::SegmentStartsZero) => {
                "not a version: a number in the prerelease starts with 0"
            }
            Self::NotAVersion(_) => "not a version",
            Self::Filtered => "filtered out",
            Self::Refused(misses) => return f.write_str(&explain_misses(misses)),
            Self::Outranked => "lower than the winner",
            Self::Older => "equal to the winner and older",
            Self::Tied => "equal to the winner",
            Self::NotAsked => "not the version that was asked for by name",
        })
    }
}
