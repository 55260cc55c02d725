//! ImagePolicy: the tag that is chosen.
//!
//! Source: `image-reflector-controller: api/v1/imagepolicy_types.go`, version 1.3.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::meta::{
    Condition, Duration, Effective, Kind, NamespacedObjectKindReference, NamespacedObjectReference,
    ObjectMeta,
};
use crate::registry::{self, Registered, Registration};
use crate::resource::{FluxResource, View, status_view};
use crate::wire::{kind, open_enum, setters};

kind! {
    /// Chooses one tag of an ImageRepository.
    ImagePolicy { spec: ImagePolicySpec, status: ImagePolicyStatus }
    registration: registry::IMAGE_POLICY_V1,
    crd: [ImagePolicy]
}

/// Which tag is chosen, out of which repository.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(
    feature = "schema",
    schemars(extend("x-kubernetes-validations" = [
        {
            "rule": "!has(self.interval) || (has(self.digestReflectionPolicy) && self.digestReflectionPolicy == 'Always')",
            "message": "spec.interval is only accepted when spec.digestReflectionPolicy is set to 'Always'"
        },
        {
            "rule": "has(self.interval) || !has(self.digestReflectionPolicy) || self.digestReflectionPolicy != 'Always'",
            "message": "spec.interval must be set when spec.digestReflectionPolicy is set to 'Always'"
        },
    ]))
)]
#[serde(rename_all = "camelCase")]
pub struct ImagePolicySpec {
    /// The ImageRepository whose tags are candidates.
    pub image_repository_ref: NamespacedObjectReference,
    /// How candidates are ordered.
    pub policy: ImagePolicyChoice,
    /// Which tags are candidates, and which part of them is compared. Absent: all, whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter_tags: Option<TagFilter>,
    /// Whether the digest of the chosen tag is looked up.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("default" = "Never")))]
    pub digest_reflection_policy: Option<DigestReflectionPolicy>,
    /// How often the digest is looked up; for `Always` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<crate::schema::Interval>"))]
    pub interval: Option<Duration>,
    /// True switches choosing off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suspend: Option<bool>,
}

/// How candidates are ordered. Exactly one is set.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ImagePolicyChoice {
    /// As versions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub semver: Option<SemVerPolicy>,
    /// As text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alphabetical: Option<AlphabeticalPolicy>,
    /// As numbers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub numerical: Option<NumericalPolicy>,
}

/// The newest version in a range.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SemVerPolicy {
    /// The range.
    pub range: String,
}

/// The last in the order of text.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct AlphabeticalPolicy {
    /// `asc` chooses the last letter, `desc` the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("default" = "asc")))]
    pub order: Option<SortOrder>,
}

/// The last in the order of numbers.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct NumericalPolicy {
    /// `asc` chooses the greatest number, `desc` the least.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("default" = "asc")))]
    pub order: Option<SortOrder>,
}

/// Which tags are candidates, and which part of them is compared.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct TagFilter {
    /// Go regular expression that candidates match.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pattern: Option<String>,
    /// Template over the groups of `pattern`: what is compared instead of the whole tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extract: Option<String>,
}

/// What image-reflector-controller last did.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(extend("default" = {"observedGeneration": -1})))]
#[serde(rename_all = "camelCase")]
pub struct ImagePolicyStatus {
    /// The chosen image.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latest_ref: Option<ImageRef>,
    /// The image that was chosen before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observed_previous_ref: Option<ImageRef>,
    /// Generation that this status speaks about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,
    /// Ready, Reconciling, Stalled.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "schema",
        schemars(with = "Option<crate::schema::Conditions>")
    )]
    pub conditions: Option<Vec<Condition>>,
    /// The last reconcile request that was acted on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_handled_reconcile_at: Option<String>,
}

/// An image with a tag.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ImageRef {
    /// Name without tag.
    pub name: String,
    /// Tag.
    pub tag: String,
    /// Digest that the tag had when it was looked up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
}

impl fmt::Display for ImageRef {
    /// `name:tag`, with `@digest` where it is known.
    ///
    /// Source: `image-reflector-controller: api/v1/imagepolicy_types.go (ImageRef.String)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.name, self.tag)?;
        match self.digest.as_deref().filter(|digest| !digest.is_empty()) {
            Some(digest) => write!(f, "@{digest}"),
            None => Ok(()),
        }
    }
}

open_enum! {
    /// Whether the digest of a chosen tag is looked up.
    DigestReflectionPolicy {
        /// At every interval.
        Always = "Always",
        /// When another tag is chosen.
        IfNotPresent = "IfNotPresent",
        /// Not at all.
        Never = "Never",
    }
}

open_enum! {
    /// Which end of an order is chosen: the last in ascending or in descending order.
    SortOrder { Asc = "asc", Desc = "desc" }
}

setters! {
    ImagePolicySpec {
        with_digest_reflection_policy => digest_reflection_policy: DigestReflectionPolicy,
        with_filter_tags => filter_tags: TagFilter,
        with_interval => interval: Duration,
        with_suspend => suspend: bool,
    }
}

impl ImagePolicySpec {
    /// The newest version in a range.
    #[must_use]
    pub fn semver(
        image_repository_ref: NamespacedObjectReference,
        range: impl Into<String>,
    ) -> Self {
        let policy = ImagePolicyChoice {
            semver: Some(SemVerPolicy {
                range: range.into(),
            }),
            ..ImagePolicyChoice::default()
        };
        Self {
            image_repository_ref,
            policy,
            ..Self::default()
        }
    }

    /// Whether the digest is looked up; an empty word counts as unset.
    ///
    /// Source: `image-reflector-controller: api/v1/imagepolicy_types.go (GetDigestReflectionPolicy)`.
    #[must_use]
    pub fn effective_digest_reflection_policy(&self) -> Effective<DigestReflectionPolicy> {
        let written = self
            .digest_reflection_policy
            .clone()
            .filter(|word| !word.as_str().is_empty());
        Effective::spec_or(written, DigestReflectionPolicy::Never)
    }

    /// How often the digest is looked up: for `Always` the written interval unless it is zero, else ten minutes;
    /// otherwise zero, which is never.
    ///
    /// Source: `image-reflector-controller: api/v1/imagepolicy_types.go (GetInterval)`.
    #[must_use]
    pub fn effective_interval(&self) -> Effective<Duration> {
        if self.effective_digest_reflection_policy().value == DigestReflectionPolicy::Always {
            Effective::spec_or(
                self.interval.filter(|interval| !interval.is_zero()),
                Duration::from_mins(10),
            )
        } else {
            Effective::default_value(Duration::ZERO)
        }
    }
}

impl FluxResource for ImagePolicy {
    fn registration(&self) -> Option<&'static Registration> {
        Some(Self::REGISTRATION)
    }

    fn metadata(&self) -> &ObjectMeta {
        &self.metadata
    }

    fn view(&self) -> View<'_> {
        let source = &self.spec.image_repository_ref;
        View {
            suspended: self.spec.suspend.unwrap_or_default(),
            interval: self.spec.interval,
            sources: vec![NamespacedObjectKindReference {
                kind: Kind::ImageRepository.as_str().to_owned(),
                name: source.name.clone(),
                namespace: source.namespace.clone(),
                api_version: None,
            }],
            ..status_view!(self.status)
        }
    }
}
