//! The name of a Helm release, and the namespaces that go with it.
//!
//! # Contract
//!
//! A HelmRelease has a *raw* name, which [`Derivation`] explains, and a [`ReleaseName`], which is the raw name cut to the
//! 53 bytes that Helm allows. Look-ups in the storage, install, upgrade and test use the latter.
//!
//! # Traps
//!
//! - The cut is at a byte, so a raw name with a character of several bytes may give a name that is no UTF-8. Kubernetes
//!   names are ASCII, and so it takes a hand-written `releaseName` beyond the schema; it must not panic nevertheless.
//! - The first 40 bytes may end in a point, and then Helm refuses the name: `x.-0123456789ab`. Objects may have points in
//!   their names.
//! - A target namespace goes before the name of the object even if it is the object's own namespace.
//! - Messages about failures show the raw name, messages about successes the shortened one.
//!
//! # Sources
//!
//! helm-controller v1.6.3: `api/v2/helmrelease_types.go (GetReleaseName, GetReleaseNamespace, GetStorageNamespace)`,
//! `internal/release/name.go (ShortenName)`; helm v4.2.4: `pkg/chart/common/util/validate_name.go (ValidateReleaseName)`.

use std::fmt;

use fluxcd_api::helm::v2::HelmRelease;
use fluxcd_api::meta::{Effective, Origin};
use sha2::{Digest, Sha256};

#[cfg(test)]
mod tests;

/// A name that is short enough for Helm, in bytes.
///
/// # Examples
///
/// ```
/// use fluxcd_core::helm::ReleaseName;
///
/// let name = ReleaseName::shorten("podinfo");
/// assert_eq!(name.as_str(), Some("podinfo"));
///
/// let name = ReleaseName::shorten("a-very-lengthy-target-namespace-with-a-nice-object-name");
/// assert_eq!(name.to_string(), "a-very-lengthy-target-namespace-with-a-n-97af5d7f41f3");
/// assert_eq!(name.fault(), None);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReleaseName(Vec<u8>);

/// What Helm finds wrong with a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NameFault {
    /// It is empty.
    Empty,
    /// It has more than [`MAX_LENGTH`] bytes. A shortened name never has.
    TooLong,
    /// It is not made of labels of `a-z`, `0-9` and inner `-`, joined by points: the byte at `offset`, or the end of the
    /// name there, is out of place.
    Pattern {
        /// Zero-based.
        offset: usize,
    },
}

/// How a HelmRelease comes to its name.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct Derivation {
    /// The name before it is shortened.
    pub raw: String,
    /// Where the raw name is from.
    pub rule: Rule,
    /// The name that Helm is given.
    pub name: ReleaseName,
}

/// Where a raw name is from; the first that applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rule {
    /// `spec.releaseName`.
    ReleaseName,
    /// `spec.targetNamespace`, a hyphen, and the name of the object.
    TargetNamespace,
    /// The name of the object.
    ObjectName,
}

impl ReleaseName {
    /// The name itself up to 53 bytes; beyond, its first 40 bytes, a hyphen, and the first 12 hexadecimal digits of the
    /// SHA-256 of the whole.
    ///
    /// Source: helm-controller: `internal/release/name.go (ShortenName)`.
    #[must_use]
    pub fn shorten(raw: &str) -> Self {
        if raw.len() <= MAX_LENGTH {
            return Self(raw.as_bytes().to_vec());
        }
        let digest = Sha256::digest(raw.as_bytes());
        let digits = digest.iter().flat_map(|byte| [byte >> 4, byte & 0xf]);
        let digits = digits.map(|digit| HEX.get(usize::from(digit)).copied().unwrap_or_default());
        let cut = MAX_LENGTH - HASH_LENGTH - 1;
        Self(
            raw.bytes()
                .take(cut)
                .chain([b'-'])
                .chain(digits.take(HASH_LENGTH))
                .collect(),
        )
    }

    /// The bytes of the name.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The name as text, unless the cut went through a character.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        std::str::from_utf8(&self.0).ok()
    }

    /// What Helm finds wrong with the name, if anything.
    ///
    /// Source: helm: `pkg/chart/common/util/validate_name.go (ValidateReleaseName)`.
    ///
    /// # Examples
    ///
    /// ```
    /// use fluxcd_core::helm::ReleaseName;
    /// use fluxcd_core::helm::release_name::NameFault;
    ///
    /// let fault = |raw: &str| ReleaseName::shorten(raw).fault();
    /// assert_eq!(fault("web-1.example"), None);
    /// assert_eq!(fault(""), Some(NameFault::Empty));
    /// assert_eq!(fault("under_score"), Some(NameFault::Pattern { offset: 5 }));
    /// assert_eq!(fault("trail-"), Some(NameFault::Pattern { offset: 6 }));
    /// ```
    #[must_use]
    pub fn fault(&self) -> Option<NameFault> {
        if self.0.is_empty() {
            return Some(NameFault::Empty);
        }
        if self.0.len() > MAX_LENGTH {
            return Some(NameFault::TooLong);
        }
        let alphanumeric = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        // A letter or digit must come first, after a point, and last.
        let mut before = b'.';
        for (offset, byte) in self.0.iter().copied().enumerate() {
            let fits = match byte {
                b'-' => before != b'.',
                b'.' => alphanumeric(before),
                _ => alphanumeric(byte),
            };
            if !fits {
                return Some(NameFault::Pattern { offset });
            }
            before = byte;
        }
        let offset = self.0.len();
        (!alphanumeric(before)).then_some(NameFault::Pattern { offset })
    }
}

impl Derivation {
    /// The name of the release that a HelmRelease asks for.
    ///
    /// Source: helm-controller: `api/v2/helmrelease_types.go (GetReleaseName)`.
    ///
    /// # Examples
    ///
    /// ```
    /// use fluxcd_api::helm::v2::{HelmRelease, HelmReleaseSpec};
    /// use fluxcd_core::helm::release_name::{Derivation, Rule};
    ///
    /// let spec = HelmReleaseSpec { target_namespace: Some("team-a".into()), ..Default::default() };
    /// let derivation = Derivation::of(&HelmRelease::new("podinfo", spec).in_namespace("apps"));
    /// assert_eq!(derivation.raw, "team-a-podinfo");
    /// assert_eq!(derivation.rule, Rule::TargetNamespace);
    /// assert!(!derivation.is_shortened());
    /// ```
    pub fn of(release: &HelmRelease) -> Self {
        let object = release.metadata.name.as_deref().unwrap_or_default();
        let target = written(release.spec.target_namespace.as_ref());
        let (raw, rule) = match (written(release.spec.release_name.as_ref()), target) {
            (Some(name), _) => (name.to_owned(), Rule::ReleaseName),
            (None, Some(target)) => (format!("{target}-{object}"), Rule::TargetNamespace),
            (None, None) => (object.to_owned(), Rule::ObjectName),
        };
        let name = ReleaseName::shorten(&raw);
        Self { raw, rule, name }
    }

    /// Whether the raw name was too long.
    #[must_use]
    pub fn is_shortened(&self) -> bool {
        self.raw.len() > MAX_LENGTH
    }
}

/// Where the objects of the release go: `spec.targetNamespace`, else the namespace of the HelmRelease.
///
/// Source: helm-controller: `api/v2/helmrelease_types.go (GetReleaseNamespace)`.
#[must_use]
pub fn release_namespace(release: &HelmRelease) -> Effective<&str> {
    namespace_or_own(release, release.spec.target_namespace.as_ref())
}

/// Where Helm keeps its records of the release: `spec.storageNamespace`, else the namespace of the HelmRelease, whatever
/// its target namespace is.
///
/// Source: helm-controller: `api/v2/helmrelease_types.go (GetStorageNamespace)`.
#[must_use]
pub fn storage_namespace(release: &HelmRelease) -> Effective<&str> {
    namespace_or_own(release, release.spec.storage_namespace.as_ref())
}

fn namespace_or_own<'a>(release: &'a HelmRelease, named: Option<&'a String>) -> Effective<&'a str> {
    match written(named) {
        Some(value) => Effective {
            value,
            origin: Origin::Spec,
        },
        None => Effective::default_value(release.metadata.namespace.as_deref().unwrap_or_default()),
    }
}

/// Go cannot tell an empty text from an absent one.
fn written(text: Option<&String>) -> Option<&str> {
    text.map(String::as_str).filter(|text| !text.is_empty())
}

/// The text of the name; a character that was cut through shows as `U+FFFD`.
impl fmt::Display for ReleaseName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.0))
    }
}

/// The fields that gave the name.
impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ReleaseName => "spec.releaseName",
            Self::TargetNamespace => "spec.targetNamespace and metadata.name",
            Self::ObjectName => "metadata.name",
        })
    }
}

/// A sentence about the name, without the name.
impl fmt::Display for NameFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("is empty"),
            Self::TooLong => write!(f, "is longer than {MAX_LENGTH} bytes"),
            Self::Pattern { offset } => write!(
                f,
                "is not made of lower-case letters, digits and inner hyphens in labels joined by points, at byte {offset}"
            ),
        }
    }
}

/// The longest name that Helm takes, in bytes.
pub const MAX_LENGTH: usize = 53;

const HASH_LENGTH: usize = 12;
const HEX: &[u8; 16] = b"0123456789abcdef";
