use super::Prereleases;
use super::comparator::{Comparator, Operator, Wildcard};
use crate::version::value::Precedence;

/// The versions between two places in the order of all versions.
///
/// What a comparator admits is such an interval, unless its operator is `!=`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Interval<'a> {
    pub(super) from: Cut<'a>,
    pub(super) to: Cut<'a>,
}

/// A place in the order of all versions, between two of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Cut<'a> {
    At(Precedence<'a>, Side),
    /// Behind every version.
    End,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Side {
    Before,
    After,
}

impl<'a> Interval<'a> {
    pub(super) const EVERYTHING: Self = Self {
        from: Cut::LOWEST,
        to: Cut::End,
    };

    /// What a comparator admits; of `!=`, everything.
    pub(super) fn of(comparator: &'a Comparator) -> Self {
        let before = Cut::At(comparator.precedence(), Side::Before);
        let after = Cut::At(comparator.precedence(), Side::After);
        let beyond = |kept| Cut::beyond(comparator.numbers, kept);
        let (from, to) = match (comparator.operator, comparator.wildcard) {
            (Operator::NotEqual, _) => (Cut::LOWEST, Cut::End),
            (Operator::Equal, Wildcard::None) => (before, after),
            (Operator::Equal | Operator::Tilde, wildcard) => match wildcard {
                Wildcard::None | Wildcard::Major if comparator.numbers == [0; 3] => {
                    (before, Cut::End)
                }
                Wildcard::Minor => (before, beyond(1)),
                _ => (before, beyond(2)),
            },
            (Operator::Caret, wildcard) => match (comparator.numbers, wildcard) {
                (_, Wildcard::Minor) | ([1..=u64::MAX, ..], _) => (before, beyond(1)),
                (_, Wildcard::Patch) | ([_, 1..=u64::MAX, _], _) => (before, beyond(2)),
                _ => (before, beyond(3)),
            },
            (Operator::Greater, Wildcard::Minor) => (beyond(1), Cut::End),
            (Operator::Greater, Wildcard::Patch) => (beyond(2), Cut::End),
            (Operator::Greater, _) => (after, Cut::End),
            (Operator::GreaterOrEqual, _) => (before, Cut::End),
            (Operator::Less, _) => (Cut::LOWEST, before),
            (Operator::LessOrEqual, Wildcard::None) => (Cut::LOWEST, after),
            (Operator::LessOrEqual, Wildcard::Minor) => (Cut::LOWEST, beyond(1)),
            (Operator::LessOrEqual, _) => (Cut::LOWEST, beyond(2)),
        };
        Self { from, to }
    }

    pub(super) fn intersect(self, other: Self) -> Self {
        Self {
            from: self.from.max(other.from),
            to: self.to.min(other.to),
        }
    }

    /// Whether no version lies inside. Between two prereleases there may be none without this being seen.
    pub(super) fn is_empty(&self, prereleases: Prereleases) -> bool {
        match prereleases {
            Prereleases::Admitted => self.from >= self.to,
            Prereleases::Refused => self.from.before_a_release() >= self.to.before_a_release(),
        }
    }

    /// The only version that lies inside.
    pub(super) fn exact(&self) -> Option<Precedence<'a>> {
        match (self.from, self.to) {
            (Cut::At(from, Side::Before), Cut::At(to, Side::After)) if from == to => Some(from),
            _ => None,
        }
    }
}

impl Cut<'_> {
    /// Before every version: no identifier is lower than 0.
    pub(super) const LOWEST: Self = Self::At(
        Precedence {
            numbers: [0; 3],
            prerelease: "0",
        },
        Side::Before,
    );

    /// Before the lowest version in which the first `kept` numbers are greater.
    fn beyond(numbers: [u64; 3], kept: usize) -> Self {
        let mut next = [0; 3];
        let given = next.iter_mut().zip(numbers).take(kept).rev();
        let mut carries = true;
        for (next, number) in given {
            *next = number.wrapping_add(u64::from(carries));
            carries = carries && *next == 0;
        }
        match carries {
            true => Self::End,
            false => Self::At(
                Precedence {
                    numbers: next,
                    prerelease: "0",
                },
                Side::Before,
            ),
        }
    }

    /// The place right before the next release.
    fn before_a_release(self) -> Self {
        let next = match self {
            Self::At(version, Side::After) if version.prerelease.is_empty() => {
                Self::beyond(version.numbers, 3)
            }
            other => other,
        };
        match next {
            Self::At(version, _) => Self::At(
                Precedence {
                    prerelease: "",
                    ..version
                },
                Side::Before,
            ),
            Self::End => Self::End,
        }
    }
}
