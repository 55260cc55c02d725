//! Why a tag lost.

use std::borrow::Cow;
use std::fmt;

use fluxcd_dialect::version::{self, Verdict};

/// Why a tag was not elected.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Reason<'p, 't> {
    /// A pattern of `exclusionList` of the ImageRepository matches it.
    Excluded {
        /// The first such pattern.
        pattern: &'p str,
    },
    /// The pattern of `filterTags` matches nowhere in it.
    Filtered,
    /// The registry lists the same tag again.
    Repeated,
    /// Another tag has the same extract, and is smaller by bytes.
    Collapsed {
        /// That tag.
        into: &'t str,
        /// The extract of both.
        value: Cow<'t, str>,
    },
    /// The value is no version.
    NotAVersion(version::ErrorKind),
    /// The range does not admit the version.
    OutOfRange(Verdict<'p>),
    /// The value is no number, which fails the policy.
    NotANumber,
    /// The value of another tag is no number, which fails the policy.
    PolicyFails,
    /// The winner has a higher rank.
    Outranked,
    /// The winner has the same rank. With `filterTags`, upstream could have elected this tag as well.
    Tied,
}

impl Reason<'_, '_> {
    /// How far the tag came.
    pub(super) const fn stage(&self) -> u8 {
        match self {
            Self::Tied => 0,
            Self::Outranked => 1,
            Self::NotANumber => 2,
            Self::PolicyFails => 3,
            Self::OutOfRange(_) => 4,
            Self::NotAVersion(_) => 5,
            Self::Collapsed { .. } => 6,
            Self::Repeated => 7,
            Self::Filtered => 8,
            Self::Excluded { .. } => 9,
        }
    }

    /// What is the same for all tags of a group.
    pub(super) fn text(&self) -> Cow<'static, str> {
        match self {
            Self::Excluded { pattern } => format!("excluded by {pattern}").into(),
            Self::Filtered => "not matched by the pattern of filterTags".into(),
            Self::Repeated => "listed before".into(),
            Self::Collapsed { .. } => "of the same extract as a smaller tag".into(),
            Self::NotAVersion(version::ErrorKind::TooFewDots) => {
                "not a version (fewer than two points)".into()
            }
            Self::NotAVersion(_) => "not a version".into(),
            Self::OutOfRange(verdict) => verdict.explain().into(),
            Self::NotANumber => "not a number, which fails the policy".into(),
            Self::PolicyFails => "not looked at, because another value is no number".into(),
            Self::Outranked => "outranked".into(),
            Self::Tied => "of the same rank".into(),
        }
    }
}

/// To be read behind `is`: `too high for <2.0`.
impl fmt::Display for Reason<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Collapsed { into, value } => {
                write!(f, "of the same extract as {into}: {value:?}")
            }
            other => f.write_str(&other.text()),
        }
    }
}
