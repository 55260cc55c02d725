//! Tests of your own policies: the manifest and a list of tags in, the winner asserted.
//!
//! ```
//! use fluxcd_policy::testing::assert_elects;
//!
//! let policy = "
//! apiVersion: image.toolkit.fluxcd.io/v1
//! kind: ImagePolicy
//! metadata: {name: podinfo}
//! spec:
//!   imageRepositoryRef: {name: podinfo}
//!   policy: {semver: {range: 6.x}}
//! ";
//! assert_elects(policy, ["6.1.0", "6.0.9", "7.0.0", "latest"], "6.1.0");
//! ```
//!
//! A manifest may hold more documents. An ImageRepository among them brings its `exclusionList`; so a test sees what the two
//! controllers see together. In a repository of policies, `include_str!` reads the manifest.
//!
//! A failed assertion prints the [`Explanation`](crate::image::Explanation): what was elected instead, and why each other
//! tag lost.

#![allow(clippy::panic, reason = "assertions panic")]

use std::fmt;

use fluxcd_api::image::v1::{ImagePolicy, ImageRepository};
use fluxcd_dialect::yaml::{self, Loader};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::image::{ExclusionError, Exclusions, PolicyError, TagPolicy};

/// Asserts that the policy of a manifest elects that tag.
///
/// # Panics
///
/// If it elects another one or none, with the explanation; if the manifest has no valid ImagePolicy, or several; and if
/// the winner is left to chance, for Flux may elect another one.
#[track_caller]
pub fn assert_elects<T: AsRef<str>>(manifest: &str, tags: impl AsRef<[T]>, winner: &str) {
    let policy = read(manifest);
    let explanation = policy.explain(tags.as_ref());
    match explanation.outcome() {
        Ok(elected) if elected.tag() == winner && elected.tied().len() == 1 => {}
        Ok(elected) if elected.tied().contains(&winner) => {
            panic!("whether {winner:?} is elected is left to chance\n{explanation}")
        }
        _ => panic!("{winner:?} is not elected\n{explanation}"),
    }
}

/// Asserts that the policy of a manifest elects none of the tags.
///
/// # Panics
///
/// If it elects one, with the explanation; if the manifest has no valid ImagePolicy, or several.
#[track_caller]
pub fn assert_elects_nothing<T: AsRef<str>>(manifest: &str, tags: impl AsRef<[T]>) {
    let policy = read(manifest);
    let explanation = policy.explain(tags.as_ref());
    if explanation.outcome().is_ok() {
        panic!("a tag is elected\n{explanation}");
    }
}

#[track_caller]
fn read(manifest: &str) -> TagPolicy {
    policy(manifest).unwrap_or_else(|error| panic!("{error}"))
}

/// Compiles the one ImagePolicy of a manifest, with the exclusions of the ImageRepository beside it, if there is one.
///
/// # Errors
///
/// Why there is no such policy.
///
/// # Examples
///
/// ```
/// use fluxcd_policy::testing::policy;
///
/// let error = policy("kind: ConfigMap").unwrap_err();
/// assert_eq!(error.to_string(), "the manifest holds 0 objects of the kind ImagePolicy");
/// ```
pub fn policy(manifest: &str) -> Result<TagPolicy, ManifestError> {
    let documents = yaml::read(manifest.as_bytes(), &Loader::v2())?;
    let policy: ImagePolicy = match &*of_kind(&documents, "ImagePolicy") {
        [only] => decode(only)?,
        others => return Err(ManifestError::Count(others.len())),
    };
    let compiled = TagPolicy::compile(&policy.spec)?;
    let wanted = &policy.spec.image_repository_ref.name;
    for document in of_kind(&documents, "ImageRepository") {
        let repository: ImageRepository = decode(document)?;
        if repository.metadata.name.as_ref() == Some(wanted) {
            let list = repository.spec.exclusion_list.unwrap_or_default();
            return Ok(compiled.excluding(Exclusions::compile(&list)?));
        }
    }
    Ok(compiled)
}

fn of_kind<'a>(documents: &'a [Value], kind: &str) -> Vec<&'a Value> {
    let is = |document: &&Value| document.get("kind").and_then(Value::as_str) == Some(kind);
    documents.iter().filter(is).collect()
}

fn decode<T: DeserializeOwned>(document: &Value) -> Result<T, ManifestError> {
    T::deserialize(document).map_err(|error| ManifestError::Object(error.to_string()))
}

/// Why a manifest has no policy to test.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ManifestError {
    /// It is no YAML.
    Yaml(yaml::Error),
    /// It holds none, or several.
    Count(usize),
    /// An object has a field that is missing or of the wrong type.
    Object(String),
    /// The policy is none.
    Policy(PolicyError),
    /// A pattern of the exclusions is none.
    Exclusion(ExclusionError),
}

impl fmt::Display for ManifestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Yaml(error) => write!(f, "the manifest cannot be read: {error}"),
            Self::Count(count) => {
                write!(
                    f,
                    "the manifest holds {count} objects of the kind ImagePolicy"
                )
            }
            Self::Object(error) => write!(f, "an object cannot be read: {error}"),
            Self::Policy(error) => error.fmt(f),
            Self::Exclusion(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for ManifestError {}

impl From<yaml::Error> for ManifestError {
    fn from(error: yaml::Error) -> Self {
        Self::Yaml(error)
    }
}

impl From<PolicyError> for ManifestError {
    fn from(error: PolicyError) -> Self {
        Self::Policy(error)
    }
}

impl From<ExclusionError> for ManifestError {
    fn from(error: ExclusionError) -> Self {
        Self::Exclusion(error)
    }
}
