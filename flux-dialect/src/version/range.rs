use std::fmt;
use std::str::FromStr;

use super::{Error, Version};

pub use self::comparator::{Comparator, Operator, Why};
pub(super) use self::verdict::explain as explain_misses;
pub use self::verdict::{Miss, Verdict};

mod comparator;
mod explain;
mod hyphen;
mod interval;
mod parse;
#[cfg(test)]
mod tests;
mod verdict;

/// A range of versions in the language of Masterminds/semver: `>=1.2 <2 || ~3.1`.
///
/// It is parsed once and asked often. `Display` writes the text that it was parsed from. Two ranges are equal if their texts
/// are.
///
/// # Examples
///
/// ```
/// use fluxcd_dialect::version::{Dialect, Range, Version};
///
/// let range = Range::parse("1.2 - 1.4 || ^2.0.0-rc.1")?;
/// let admits = |text| Version::parse(text, Dialect::Flux).is_ok_and(|version| range.matches(&version));
/// assert!(admits("1.4.9") && admits("2.7.0") && admits("v2.0.0-rc.2"));
/// // The second group names a prerelease, the first one does not.
/// assert!(!admits("1.3.0-rc.1") && !admits("3.0.0-rc.1"));
/// assert_eq!(
///     range.explain(),
///     "at least 1.2.0, below 1.5.0, no prereleases; or at least 2.0.0-rc.1, below 3.0.0-0, prereleases too"
/// );
/// # Ok::<(), fluxcd_dialect::version::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Range {
    text: Box<str>,
    groups: Vec<Group>,
}

/// One alternative of a range: comparators that must all hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    comparators: Vec<Comparator>,
    prereleases: Prereleases,
}

/// Whether a group admits prereleases at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Prereleases {
    /// A comparator of the group has a prerelease in its operand, so prereleases of **every** version in range pass.
    Admitted,
    /// No comparator has one, so every prerelease is refused, whatever the operators say.
    Refused,
}

impl Range {
    /// Reads a range.
    ///
    /// Alternatives stand between `||`; the comparators of one stand between white space or one comma, and each is an
    /// operator (`=`, `!=`, `>`, `<`, `>=`, `=>`, `<=`, `=<`, `~`, `~>`, `^`, or none, which means `=`) with a version, whose
    /// numbers may be absent or `x`, `X`, `*`. `1.2 - 2` is short for `>= 1.2, <= 2`. The room's page has the traps.
    ///
    /// Source: Masterminds/semver: `constraints.go (NewConstraint)`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind`](super::ErrorKind) names the four ways to fail, from `ImproperConstraint` on. The error prints upstream's
    /// message and holds the span of the alternative or operand at fault.
    ///
    /// # Examples
    ///
    /// ```
    /// use fluxcd_dialect::version::{ErrorKind, Range};
    ///
    /// assert!(Range::parse(">=1.0, <2.0").is_ok());
    /// let error = Range::parse("^1 || >=2 && <3").unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::ImproperConstraint);
    /// assert_eq!(error.span(), 5..15);
    /// assert_eq!(error.to_string(), r#"improper constraint: " >=2 && <3""#);
    /// ```
    pub fn parse(text: &str) -> Result<Self, Error> {
        let groups = parse::groups(text)?;
        Ok(Self {
            text: text.into(),
            groups,
        })
    }

    /// Whether the range admits a version. Source: Masterminds/semver: `constraints.go (Constraints.Check)`, without its
    /// option to include prereleases, which Flux never sets.
    #[must_use]
    pub fn matches(&self, version: &Version<'_>) -> bool {
        let version = version.precedence();
        self.groups
            .iter()
            .any(|group| group.first_miss(&version).is_none())
    }

    /// Whether the range admits a version, and by which group; or which comparator of each group refuses it, and why.
    ///
    /// `range.verdict(v).is_admitted() == range.matches(v)`, always.
    ///
    /// # Examples
    ///
    /// ```
    /// use fluxcd_dialect::version::{Dialect, Range, Verdict, Version, Why};
    ///
    /// let range = Range::parse(">=1.0 <2.0 || ^3")?;
    /// let verdict = range.verdict(&Version::parse("2.5.0", Dialect::Flux)?);
    /// let Verdict::Refused(misses) = &verdict else { unreachable!() };
    /// assert_eq!((misses[0].comparator.operand(), misses[0].why), ("2.0", Why::TooHigh));
    /// assert_eq!((misses[1].comparator.operand(), misses[1].why), ("3", Why::TooLow));
    /// assert_eq!(verdict.explain(), "too high for <2.0, too low for ^3");
    /// # Ok::<(), fluxcd_dialect::version::Error>(())
    /// ```
    pub fn verdict(&self, version: &Version<'_>) -> Verdict<'_> {
        let mut misses = Vec::new();
        match self.admit(version, &mut misses) {
            Some(group) => Verdict::Admitted(group),
            None => Verdict::Refused(misses),
        }
    }

    /// The group that admits a version; else one miss for each group is appended.
    pub(super) fn admit<'r>(
        &'r self,
        version: &Version<'_>,
        misses: &mut Vec<Miss<'r>>,
    ) -> Option<&'r Group> {
        let version = version.precedence();
        let before = misses.len();
        for group in &self.groups {
            match group.first_miss(&version) {
                Some(miss) => misses.push(miss),
                None => {
                    misses.truncate(before);
                    return Some(group);
                }
            }
        }
        None
    }

    /// The alternatives, in their order. There is at least one.
    #[must_use]
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// The text that was parsed.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What the range means, in words: the bounds of each alternative, what it leaves out, and whether prereleases pass.
    ///
    /// Comparators are taken together, so that only what counts is said. A bound such as `below 2.0.0-0` says that
    /// prereleases of 2.0.0 are out as well, since no version of 2.0.0 is lower.
    ///
    /// # Examples
    ///
    /// ```
    /// use fluxcd_dialect::version::Range;
    ///
    /// for (range, words) in [
    ///     ("^1.2", "at least 1.2.0, below 2.0.0, no prereleases"),
    ///     ("1.2.3", "exactly 1.2.3"),
    ///     ("*", "any version, no prereleases"),
    ///     (">=1.0 <3 !=2.1.x", "at least 1.0.0, below 3.0.0, not 2.1.x, no prereleases"),
    ///     ("1.0 2.0", "no version at all"),
    /// ] {
    ///     assert_eq!(Range::parse(range)?.explain(), words);
    /// }
    /// # Ok::<(), fluxcd_dialect::version::Error>(())
    /// ```
    #[must_use]
    pub fn explain(&self) -> String {
        let groups: Vec<String> = self.groups.iter().map(explain::group).collect();
        groups.join("; or ")
    }
}

impl Group {
    /// The comparators, in their order. There is at least one.
    #[must_use]
    pub fn comparators(&self) -> &[Comparator] {
        &self.comparators
    }

    /// Whether prereleases can pass.
    #[must_use]
    pub fn prereleases(&self) -> Prereleases {
        self.prereleases
    }

    fn first_miss(&self, version: &super::value::Precedence<'_>) -> Option<Miss<'_>> {
        let refused = self.prereleases == Prereleases::Refused && !version.prerelease.is_empty();
        self.comparators.iter().find_map(|comparator| {
            let why = match refused {
                true => Some(Why::Prerelease),
                false => comparator.refuses(version),
            };
            why.map(|why| Miss { comparator, why })
        })
    }
}

impl PartialEq for Range {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Range {}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl FromStr for Range {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::parse(text)
    }
}

impl TryFrom<&str> for Range {
    type Error = Error;

    fn try_from(text: &str) -> Result<Self, Error> {
        Self::parse(text)
    }
}
