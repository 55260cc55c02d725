//! What a source offers for download.

use std::collections::BTreeMap;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use serde::{Deserialize, Serialize};

/// The archive that a source produced last, and how to check it.
///
/// Source: `fluxcd/pkg: apis/meta/artifact.go (Artifact)`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Artifact {
    /// Where it lies in the storage of the controller.
    pub path: String,
    /// Address from which other controllers fetch it, inside the cluster.
    pub url: String,
    /// What it was made from: a branch and commit, a version, a digest. What stands here depends on the kind.
    pub revision: String,
    /// Algorithm, colon, checksum of the file in hexadecimal.
    #[cfg_attr(
        feature = "schema",
        schemars(extend(
            "pattern" = "^[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[a-zA-Z0-9=_-]+$"
        ))
    )]
    pub digest: String,
    /// When it was stored.
    #[cfg_attr(feature = "schema", schemars(with = "crate::schema::Timestamp"))]
    pub last_update_time: Time,
    /// Length of the file in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<i64>,
    /// What upstream said about it, such as the annotations of an OCI manifest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<BTreeMap<String, String>>,
}

impl Artifact {
    /// Whether it was made from that revision. Texts are compared as they are.
    #[must_use]
    pub fn has_revision(&self, revision: &str) -> bool {
        self.revision == revision
    }

    /// Whether it has that digest. Texts are compared as they are.
    #[must_use]
    pub fn has_digest(&self, digest: &str) -> bool {
        self.digest == digest
    }
}

impl Default for Artifact {
    fn default() -> Self {
        Self {
            path: String::new(),
            url: String::new(),
            revision: String::new(),
            digest: String::new(),
            last_update_time: super::time::unix_epoch(),
            size: None,
            metadata: None,
        }
    }
}
