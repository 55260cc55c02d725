//! Namespaces that an ArtifactGenerator makes for its artifacts (2.10).
//!
//! Source: `source-watcher: api/v1beta1/{artifactgenerator,namespacemetadata}_types.go`, version 2.3.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::meta::CommonMetadata;
use crate::wire::open_enum;

/// Which namespaces are made, with which metadata, and when they go.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ManagedNamespaces {
    /// CEL expressions over `ns`: a namespace is managed when any is true. `default`, `kube-system`, `kube-public` and
    /// `flux-system` never are.
    #[cfg_attr(feature = "schema", schemars(extend("minItems" = 1)))]
    pub allowed_names: Vec<String>,
    /// Whether managed namespaces that are no longer targets are deleted.
    pub prune: bool,
    /// Labels and annotations that managed namespaces get.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<NamespaceMetadataOperations>,
}

/// Labels and annotations of managed namespaces. `fromSource` comes first, then `from` in its order.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(
    feature = "schema",
    schemars(extend("x-kubernetes-validations" = [
        {
            "rule": "has(self.fromSource) || (has(self.from) && size(self.from) > 0)",
            "message": "either fromSource or at least one from operation must be set"
        },
    ]))
)]
#[serde(rename_all = "camelCase")]
pub struct NamespaceMetadataOperations {
    /// Metadata out of a file of a source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from_source: Option<NamespaceMetadataFromSource>,
    /// Metadata that is written here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Vec<NamespaceMetadataOperation>>,
}

/// Metadata out of a file of a source, as far as it is allowed.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(
    feature = "schema",
    schemars(extend("x-kubernetes-validations" = [
        {
            "rule": "(has(self.allowedAnnotations) && size(self.allowedAnnotations) > 0) || (has(self.allowedLabels) && size(self.allowedLabels) > 0)",
            "message": "at least one annotation or label must be set"
        },
    ]))
)]
#[serde(rename_all = "camelCase")]
pub struct NamespaceMetadataFromSource {
    /// `@alias/path` of a file with a `NamespaceMetadata` document.
    #[cfg_attr(
        feature = "schema",
        schemars(extend(
            "maxLength" = 1024,
            "minLength" = 1,
            "pattern" = "^@([a-z0-9]([a-z0-9_-]*[a-z0-9])?)/(.*)$"
        ))
    )]
    pub path: String,
    /// CEL expression over `value` by annotation key. Keys that are not listed are ignored.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowed_annotations: Option<BTreeMap<String, String>>,
    /// CEL expression over `value` by label key. Keys that are not listed are ignored.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowed_labels: Option<BTreeMap<String, String>>,
}

/// One change to the metadata of namespaces.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct NamespaceMetadataOperation {
    /// How it is put on top of what is there.
    pub strategy: NamespaceMetadataStrategy,
    /// Which namespace; `*` is all.
    #[cfg_attr(
        feature = "schema",
        schemars(extend(
            "maxLength" = 63,
            "pattern" = "^(\\*|[a-z0-9]([-a-z0-9]*[a-z0-9])?)$"
        ))
    )]
    pub namespace: String,
    /// Annotations.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub annotations: Option<BTreeMap<String, String>>,
    /// Labels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub labels: Option<BTreeMap<String, String>>,
}

/// A document in a file of a source, not an object in the cluster: metadata for a namespace.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct NamespaceMetadata {
    /// Group and version of ArtifactGenerator.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api_version: Option<String>,
    /// `NamespaceMetadata`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The labels and annotations.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<CommonMetadata>,
}

open_enum! {
    /// How metadata is put on top of what is there.
    NamespaceMetadataStrategy {
        /// What is there is cleared first.
        Reset = "Reset",
        /// Keys that are there are replaced.
        Override = "Override",
        /// Keys that are there stay.
        Merge = "Merge",
    }
}
