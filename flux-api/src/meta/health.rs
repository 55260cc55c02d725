//! Health rules for custom resources.

use serde::{Deserialize, Serialize};

/// CEL expressions that tell the health of a kind that Flux does not know.
///
/// Source: `fluxcd/pkg: apis/kustomize/kustomize_types.go (CustomHealthCheck)`.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CustomHealthCheck {
    /// Group and version of the objects that it judges.
    pub api_version: String,
    /// Their kind; absent means every kind of that group and version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// True while the object is still on its way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_progress: Option<String>,
    /// True when it will not get there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failed: Option<String>,
    /// True when it has arrived.
    pub current: String,
}
