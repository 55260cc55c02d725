//! ImageUpdateAutomation: writes chosen images to a Git repository.
//!
//! Source: `image-automation-controller: api/v1/{imageupdateautomation_types,git,reference}.go`, version 1.3.

use std::collections::BTreeMap;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use serde::{Deserialize, Serialize};

use super::ImageRef;
use crate::meta::{
    Condition, Duration, Effective, LabelSelector, LocalObjectReference, ObjectMeta,
    SourceReference,
};
use crate::registry::{self, Registered, Registration};
use crate::resource::{FluxResource, View, status_view};
use crate::source::v1::GitRepositoryRef;
use crate::wire::{kind, open_enum, setters};

kind! {
    /// Puts the images that policies chose into the files of a Git repository, and pushes.
    ImageUpdateAutomation { spec: ImageUpdateAutomationSpec, status: ImageUpdateAutomationStatus }
    registration: registry::IMAGE_UPDATE_AUTOMATION_V1,
    crd: [ImageUpdateAutomation]
}

/// Which repository is changed, by which policies, and how.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ImageUpdateAutomationSpec {
    /// The GitRepository that is changed.
    #[cfg_attr(feature = "schema", schemars(extend("x-overlay" = {"properties/kind": {"enum": ["GitRepository"], "default": "GitRepository"}})))]
    pub source_ref: SourceReference,
    /// How it is checked out, committed to and pushed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub git: Option<GitSpec>,
    /// How often the files are looked through.
    #[cfg_attr(feature = "schema", schemars(with = "crate::schema::Interval"))]
    pub interval: Duration,
    /// Which ImagePolicies of the namespace take part. Absent: all.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "schema",
        schemars(with = "Option<crate::schema::LabelSelector>")
    )]
    pub policy_selector: Option<LabelSelector>,
    /// How files are changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("default" = {"strategy": "Setters"})))]
    pub update: Option<UpdateStrategy>,
    /// True switches the automation off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suspend: Option<bool>,
    /// How long to wait after a policy changed, so that several changes share a commit (2.10). Absent: not at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<crate::schema::Interval>"))]
    pub policy_change_delay: Option<Duration>,
}

/// How a repository is checked out, committed to and pushed.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct GitSpec {
    /// What is checked out. Absent: the reference of the GitRepository.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checkout: Option<GitCheckoutSpec>,
    /// How commits look.
    pub commit: CommitSpec,
    /// Where commits go. Absent: to the branch that was checked out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub push: Option<PushSpec>,
}

/// What is checked out.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct GitCheckoutSpec {
    /// The reference.
    #[serde(rename = "ref")]
    pub reference: GitRepositoryRef,
}

/// How commits look.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CommitSpec {
    /// Who they are by.
    pub author: CommitUser,
    /// What they are signed with. Absent: they are not signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signing_key: Option<SigningKey>,
    /// Go template of the message. Absent: `Update from image update automation`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_template: Option<String>,
    /// More values for the template, as `.Values`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_template_values: Option<BTreeMap<String, String>>,
}

/// Who a commit is by.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CommitUser {
    /// Name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Mail address.
    pub email: String,
}

/// What commits are signed with.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SigningKey {
    /// Secret with the private key.
    pub secret_ref: LocalObjectReference,
    /// Kind of the key. Absent: `gpg`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub type_: Option<SigningKeyType>,
}

/// Where commits go.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PushSpec {
    /// Branch; made when it is missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub branch: Option<String>,
    /// Git refspec that is pushed after the branch, not instead of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("pattern" = "^$|^[^+:]")))]
    pub refspec: Option<String>,
    /// Push options of the Git protocol.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub options: Option<BTreeMap<String, String>>,
}

/// How files are changed.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct UpdateStrategy {
    /// The way.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("default" = "Setters")))]
    pub strategy: Option<UpdateStrategyName>,
    /// Directory whose files are looked through. Absent: the root.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
}

/// What image-automation-controller last did.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(extend("default" = {"observedGeneration": -1})))]
#[serde(rename_all = "camelCase")]
pub struct ImageUpdateAutomationStatus {
    /// When the files were last looked through.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "schema",
        schemars(with = "Option<crate::schema::Timestamp>")
    )]
    pub last_automation_run_time: Option<Time>,
    /// The last commit that was pushed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_push_commit: Option<String>,
    /// When it was pushed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "schema",
        schemars(with = "Option<crate::schema::Timestamp>")
    )]
    pub last_push_time: Option<Time>,
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
    /// The images that were last put in, by policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observed_policies: Option<BTreeMap<String, ImageRef>>,
    /// Revision of the repository that was last looked through.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observed_source_revision: Option<String>,
    /// The last reconcile request that was acted on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_handled_reconcile_at: Option<String>,
}

open_enum! {
    /// Kind of a signing key.
    SigningKeyType { Gpg = "gpg", Ssh = "ssh" }
}

open_enum! {
    /// How files are changed.
    UpdateStrategyName {
        /// At the marks in comments.
        Setters = "Setters",
    }
}

setters! {
    ImageUpdateAutomationSpec {
        with_git => git: GitSpec,
        with_policy_change_delay => policy_change_delay: Duration,
        with_policy_selector => policy_selector: LabelSelector,
        with_suspend => suspend: bool,
        with_update => update: UpdateStrategy,
    }
}

impl ImageUpdateAutomationSpec {
    /// Changes that repository at the marks in its files.
    #[must_use]
    pub fn new(source_ref: SourceReference, interval: Duration) -> Self {
        Self {
            source_ref,
            interval,
            ..Self::default()
        }
    }

    /// How long to wait after a policy changed.
    ///
    /// Source: `image-automation-controller: api/v1/imageupdateautomation_types.go (GetPolicyChangeDelay)`.
    #[must_use]
    pub fn effective_policy_change_delay(&self) -> Effective<Duration> {
        Effective::spec_or(self.policy_change_delay, Duration::ZERO)
    }
}

impl FluxResource for ImageUpdateAutomation {
    fn registration(&self) -> Option<&'static Registration> {
        Some(Self::REGISTRATION)
    }

    fn metadata(&self) -> &ObjectMeta {
        &self.metadata
    }

    fn view(&self) -> View<'_> {
        View {
            suspended: self.spec.suspend.unwrap_or_default(),
            interval: Some(self.spec.interval),
            sources: vec![self.spec.source_ref.clone().into()],
            ..status_view!(self.status)
        }
    }
}
