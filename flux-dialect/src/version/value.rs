use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use super::scan::number;
use super::{Error, parse};

/// A version: three numbers, a prerelease, build metadata, and the text that it was read from.
///
/// It borrows the text and takes 48 bytes, so a hundred thousand tags cost five megabytes.
///
/// **Equality and order are those of precedence**: numbers first, then a prerelease is lower than none, then its identifiers
/// from left to right. How the version is written (`v`, leading zeros) and its metadata do not count; compare
/// [`text`](Self::text) where they should. `Display` writes the text.
///
/// # Examples
///
/// ```
/// use fluxcd_dialect::version::{Dialect, Version};
///
/// let tag = Version::parse("v2025.02.03-rc.1+b7", Dialect::Flux)?;
/// assert_eq!((tag.major(), tag.minor(), tag.patch()), (2025, 2, 3));
/// assert_eq!((tag.prerelease(), tag.metadata()), ("rc.1", "b7"));
/// assert_eq!(tag.canonical(), "2025.2.3-rc.1+b7");
/// assert_eq!(tag.to_string(), "v2025.02.03-rc.1+b7");
///
/// let release = Version::parse("2025.2.3", Dialect::Flux)?;
/// assert!(tag < release);
/// assert_eq!(release, Version::parse("v2025.02.3+other", Dialect::Flux)?);
/// # Ok::<(), fluxcd_dialect::version::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct Version<'t> {
    text: &'t str,
    numbers: [u64; 3],
    // Ends of parts of a text of at most 256 bytes.
    prerelease: (u16, u16),
    metadata: (u16, u16),
}

/// Which texts are versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// Masterminds' `NewVersion`: one to three numbers, leading zeros, a lower-case `v` in front. Helm reads chart versions
    /// like this, and the operands of ranges are such versions.
    Loose,
    /// Masterminds' `StrictNewVersion`: Semantic Versioning 2.0 to the letter. Flux itself does not use it.
    Strict,
    /// Flux' `ParseVersion`: [`Loose`](Self::Loose), with at least two points **anywhere** in the text. So `1.2` is no
    /// version, and `1.2-rc.1` is one. All tags and chart versions among which Flux selects are read like this.
    Flux,
    /// [`Flux`](Self::Flux), in the spelling of OCI tags of Helm charts: a registry allows no `+`, so `_` stands for it.
    ChartTag,
}

impl<'t> Version<'t> {
    /// Reads a version. Sources: Masterminds/semver: `version.go (NewVersion, StrictNewVersion)`; fluxcd/pkg:
    /// `version/version.go (ParseVersion)`; source-controller: `internal/controller/ocirepository_controller.go
    /// (convertOCIToSemVerTag)`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind`](super::ErrorKind) names what is wrong, and the error holds where.
    ///
    /// # Examples
    ///
    /// ```
    /// use fluxcd_dialect::version::{Dialect, ErrorKind, Version};
    ///
    /// assert!(Version::parse("1.2", Dialect::Loose).is_ok());
    /// assert!(Version::parse("1.2-rc.1", Dialect::Flux).is_ok());
    /// let error = Version::parse("1.2", Dialect::Flux).unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::TooFewDots);
    ///
    /// let error = Version::parse("1.2.3-rc.01", Dialect::Flux).unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::SegmentStartsZero);
    /// assert_eq!(error.span(), 9..11);
    /// ```
    pub fn parse(text: &'t str, dialect: Dialect) -> Result<Self, Error> {
        match dialect {
            Dialect::Loose => parse::loose(text),
            Dialect::Strict => parse::strict(text),
            Dialect::Flux => parse::flux(text),
            Dialect::ChartTag => parse::chart_tag(text),
        }
    }

    pub(super) fn of(
        text: &'t str,
        numbers: [u64; 3],
        prerelease: std::ops::Range<usize>,
        metadata: std::ops::Range<usize>,
    ) -> Self {
        // No text is longer than 256 bytes here, so nothing is ever cut.
        let end = |place: usize| u16::try_from(place).unwrap_or(u16::MAX);
        Self {
            text,
            numbers,
            prerelease: (end(prerelease.start), end(prerelease.end)),
            metadata: (end(metadata.start), end(metadata.end)),
        }
    }

    /// The text that was read, `v` and zeros included. This is what Flux reports and what it asks a registry for.
    #[must_use]
    pub fn text(&self) -> &'t str {
        self.text
    }

    /// The first number.
    #[must_use]
    pub fn major(&self) -> u64 {
        self.numbers[0]
    }

    /// The second number, zero where there is none.
    #[must_use]
    pub fn minor(&self) -> u64 {
        self.numbers[1]
    }

    /// The third number, zero where there is none.
    #[must_use]
    pub fn patch(&self) -> u64 {
        self.numbers[2]
    }

    /// What stands behind the hyphen, without it; empty for a release.
    #[must_use]
    pub fn prerelease(&self) -> &'t str {
        self.part(self.prerelease)
    }

    /// What stands behind the plus sign, without it; empty where there is none.
    #[must_use]
    pub fn metadata(&self) -> &'t str {
        self.part(self.metadata)
    }

    /// `M.m.p[-prerelease][+metadata]`, without `v` and leading zeros.
    ///
    /// It reads as an equal version, unless the text had fewer than three numbers and is now longer than
    /// [`MAX_VERSION_LEN`](super::MAX_VERSION_LEN). Source: Masterminds/semver: `version.go (Version.String)`.
    #[must_use]
    pub fn canonical(&self) -> String {
        let [major, minor, patch] = self.numbers;
        let mut text = format!("{major}.{minor}.{patch}");
        for (sign, part) in [('-', self.prerelease()), ('+', self.metadata())] {
            if !part.is_empty() {
                text.push(sign);
                text.push_str(part);
            }
        }
        text
    }

    pub(super) fn precedence(&self) -> Precedence<'t> {
        Precedence {
            numbers: self.numbers,
            prerelease: self.prerelease(),
        }
    }

    fn part(&self, (start, end): (u16, u16)) -> &'t str {
        let part = self.text.get(usize::from(start)..usize::from(end));
        part.unwrap_or_default()
    }
}

impl fmt::Display for Version<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.text)
    }
}

impl fmt::Debug for Version<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Version").field(&self.text).finish()
    }
}

impl PartialEq for Version<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.precedence() == other.precedence()
    }
}

impl Eq for Version<'_> {}

impl PartialOrd for Version<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Version<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.precedence().cmp(&other.precedence())
    }
}

impl Hash for Version<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.precedence().hash(state);
    }
}

/// The part of a version that counts in comparisons.
///
/// Identifiers are equal exactly if their texts are, because none has needless zeros; so equality can be derived.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Precedence<'a> {
    pub(super) numbers: [u64; 3],
    pub(super) prerelease: &'a str,
}

/// Masterminds/semver: `version.go (Version.Compare)`.
impl Ord for Precedence<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        let numbers = self.numbers.cmp(&other.numbers);
        numbers.then_with(|| match (self.prerelease, other.prerelease) {
            (a, b) if a == b => Ordering::Equal,
            ("", _) => Ordering::Greater,
            (_, "") => Ordering::Less,
            (a, b) => compare_identifiers(a, b),
        })
    }
}

impl PartialOrd for Precedence<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Masterminds/semver: `version.go (comparePrerelease, comparePrePart)`.
fn compare_identifiers(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a.split('.'), b.split('.'));
    loop {
        let order = match (a.next(), b.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            // What 64 bits cannot hold is text, and text is above numbers.
            (Some(a), Some(b)) => match (number(a.as_bytes()), number(b.as_bytes())) {
                (Some(a), Some(b)) => a.cmp(&b),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => a.cmp(b),
            },
        };
        if order.is_ne() {
            return order;
        }
    }
}
