//! ExternalArtifact: an artifact that some other controller made.
//!
//! Source: `source-controller: api/v1/externalartifact_types.go`, version 1.10.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::meta::{Artifact, Condition, NamespacedObjectKindReference, ObjectMeta};
use crate::registry::{self, Registered, Registration};
use crate::resource::{FluxResource, View};
use crate::wire::kind;

kind! {
    /// Offers an artifact that some other controller made, such as source-watcher.
    ///
    /// source-controller only reads it; whoever makes it also writes the status.
    ExternalArtifact { spec?: ExternalArtifactSpec, status: ExternalArtifactStatus }
    registration: registry::EXTERNAL_ARTIFACT_V1,
    crd: [ExternalArtifact]
}

/// Where the artifact comes from.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ExternalArtifactSpec {
    /// The object that makes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_ref: Option<NamespacedObjectKindReference>,
}

/// What its maker last did.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ExternalArtifactStatus {
    /// What is offered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub artifact: Option<Artifact>,
    /// Ready.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "schema",
        schemars(with = "Option<crate::schema::Conditions>")
    )]
    pub conditions: Option<Vec<Condition>>,
    /// Free-form values for those who template with them (2.10).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "schema",
        schemars(with = "Option<crate::schema::AnyValueMap>")
    )]
    pub exported_inputs: Option<BTreeMap<String, Value>>,
}

impl FluxResource for ExternalArtifact {
    fn registration(&self) -> Option<&'static Registration> {
        Some(Self::REGISTRATION)
    }

    fn metadata(&self) -> &ObjectMeta {
        &self.metadata
    }

    fn view(&self) -> View<'_> {
        View {
            conditions: self
                .status
                .as_ref()
                .and_then(|status| status.conditions.as_deref())
                .unwrap_or_default(),
            sources: self
                .spec
                .iter()
                .filter_map(|spec| spec.source_ref.clone())
                .collect(),
            ..View::default()
        }
    }
}
