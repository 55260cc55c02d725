//! Changes to rendered objects, and changes made by others.

use serde::{Deserialize, Serialize};

use crate::meta::{IgnoreRule, Image, Patch};
use crate::wire::open_enum;

/// One step that changes the rendered objects.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PostRenderer {
    /// Patches and images, as kustomize applies them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kustomize: Option<KustomizePostRenderer>,
}

/// What kustomize changes in the rendered objects.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct KustomizePostRenderer {
    /// Patches.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patches: Option<Vec<Patch>>,
    /// Images that are replaced.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub images: Option<Vec<Image>>,
}

/// Whether changes made by others are found, and what becomes of them.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct DriftDetection {
    /// What is done. Absent: `disabled`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<DriftDetectionMode>,
    /// Fields that are left to other owners.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ignore: Option<Vec<IgnoreRule>>,
}

open_enum! {
    /// What is done about changes made by others.
    DriftDetectionMode {
        /// They are found and undone.
        Enabled = "enabled",
        /// They are found and reported.
        Warn = "warn",
        /// Nothing.
        Disabled = "disabled",
    }
}

open_enum! {
    /// Whether post-renderers see hooks.
    PostRenderStrategy {
        /// They do not.
        NoHooks = "nohooks",
        /// They see hooks and templates in one go.
        Combined = "combined",
        /// They see hooks and templates one after the other.
        Separate = "separate",
    }
}
