use std::fmt;

use super::{Comparator, Group, Why};

/// What a range says of a version.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub enum Verdict<'r> {
    /// The first group that admits it.
    Admitted(&'r Group),
    /// No group admits it: the first comparator of each group that refuses it, in the order of the groups.
    Refused(Vec<Miss<'r>>),
}

/// A comparator that refuses a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Miss<'r> {
    /// The first one of its group that does. For a prerelease that the group does not admit it is simply the first one.
    pub comparator: &'r Comparator,
    /// Why it does.
    pub why: Why,
}

impl Verdict<'_> {
    /// Whether the range admits the version.
    #[must_use]
    pub fn is_admitted(&self) -> bool {
        matches!(self, Self::Admitted(_))
    }

    /// The verdict in words: `too high for <2.0, too low for ^3`.
    #[must_use]
    pub fn explain(&self) -> String {
        match self {
            Self::Admitted(group) => {
                let texts: Vec<String> = group
                    .comparators()
                    .iter()
                    .map(Comparator::to_string)
                    .collect();
                format!("admitted by {}", texts.join(" "))
            }
            Self::Refused(misses) => explain(misses),
        }
    }
}

/// Misses in words, separated by commas.
pub(in crate::version) fn explain(misses: &[Miss<'_>]) -> String {
    let texts: Vec<String> = misses.iter().map(Miss::to_string).collect();
    texts.join(", ")
}

/// `too high for <2.0`
impl fmt::Display for Miss<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { comparator, why } = self;
        match why {
            Why::TooLow => write!(f, "too low for {comparator}"),
            Why::TooHigh => write!(f, "too high for {comparator}"),
            Why::Excluded => write!(f, "excluded by {comparator}"),
            Why::Prerelease => write!(f, "a prerelease, and {comparator} admits none"),
        }
    }
}
