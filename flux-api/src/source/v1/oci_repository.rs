//! OCIRepository: an artifact in an OCI registry.
//!
//! Source: `source-controller: api/v1/ocirepository_types.go`, version 1.10.

use serde::{Deserialize, Serialize};

use super::OCIRepositoryVerification;
use crate::meta::{Artifact, Condition, Duration, Effective, LocalObjectReference, ObjectMeta};
use crate::registry::{self, Registered, Registration};
use crate::resource::{FluxResource, View, status_view};
use crate::wire::{kind, open_enum, setters};

kind! {
    /// Fetches an artifact from an OCI registry.
    OCIRepository { spec: OCIRepositorySpec, status: OCIRepositoryStatus }
    registration: registry::OCI_REPOSITORY_V1,
    crd: [OCIRepository]
}

/// Which artifact is fetched, from where, and how.
///
/// A HelmRelease embeds the same spec in its chart template, which is why `url` and `interval` are optional here:
/// an
/// OCIRepository must have both, and a rule of its CustomResourceDefinition says so.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(
    feature = "schema",
    schemars(extend("x-root-validations" = [
        {
            "rule": "has(self.spec) && has(self.spec.url)",
            "message": "spec.url is required"
        },
        {
            "rule": "has(self.spec) && has(self.spec.interval)",
            "message": "spec.interval is required"
        },
    ]))
)]
#[serde(rename_all = "camelCase")]
pub struct OCIRepositorySpec {
    /// Address of the repository, `oci://<registry>/<path>`, without a tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("pattern" = "^oci://.*$")))]
    pub url: Option<String>,
    /// Which artifact of the repository. Absent: tag `latest`.
    #[serde(rename = "ref", skip_serializing_if = "Option::is_none")]
    pub reference: Option<OCIRepositoryRef>,
    /// Which layer of the artifact, and what becomes of it. Absent: the first, extracted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub layer_selector: Option<OCILayerSelector>,
    /// How to log in. Absent: `generic`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<OCIProvider>,
    /// Secret with credentials, as `kubectl create secret docker-registry` makes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret_ref: Option<LocalObjectReference>,
    /// Whose signature it must carry. Absent: it is not verified.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verify: Option<OCIRepositoryVerification>,
    /// Account whose pull secrets or whose identity is used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_account_name: Option<String>,
    /// Secret with `ca.crt`, `tls.crt`, `tls.key` for the registry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cert_secret_ref: Option<LocalObjectReference>,
    /// Secret with `address`, `username`, `password` of a proxy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proxy_secret_ref: Option<LocalObjectReference>,
    /// How often the registry is asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<crate::schema::Interval>"))]
    pub interval: Option<Duration>,
    /// Limit for one fetch. Absent: 60 seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<crate::schema::Timeout>"))]
    pub timeout: Option<Duration>,
    /// Rules for files that are left out, in the form of `.gitignore`. They replace the default rules.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ignore: Option<String>,
    /// True allows plain HTTP.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub insecure: Option<bool>,
    /// True switches reconciliation off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suspend: Option<bool>,
}

/// Which artifact of a repository: `digest` wins over `semver`, `semver` over `tag`.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct OCIRepositoryRef {
    /// Exactly this digest, `sha256:...`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// The newest tag in this version range.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub semver: Option<String>,
    /// Regular expression: only tags that match take part in the range.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub semver_filter: Option<String>,
    /// This tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
}

/// Which layer of an artifact is used, and how.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct OCILayerSelector {
    /// The first layer of this media type. Absent: the first of all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
    /// What becomes of it. Absent: `extract`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation: Option<LayerOperation>,
}

/// What source-controller last did.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(extend("default" = {"observedGeneration": -1})))]
#[serde(rename_all = "camelCase")]
pub struct OCIRepositoryStatus {
    /// Generation that this status speaks about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,
    /// Ready, FetchFailed, SourceVerified, and others.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "schema",
        schemars(with = "Option<crate::schema::Conditions>")
    )]
    pub conditions: Option<Vec<Condition>>,
    /// Address of the newest artifact in the storage.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// What was fetched last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub artifact: Option<Artifact>,
    /// `spec.ignore` when the artifact was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observed_ignore: Option<String>,
    /// `spec.layerSelector` when the artifact was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observed_layer_selector: Option<OCILayerSelector>,
    /// Checksum of the keys that the artifact was verified with (2.10).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_verification_fingerprint: Option<String>,
    /// The last reconcile request that was acted on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_handled_reconcile_at: Option<String>,
}

open_enum! {
    /// How to log in to a registry.
    OCIProvider { Generic = "generic", Aws = "aws", Azure = "azure", Gcp = "gcp" }
}

open_enum! {
    /// What becomes of a layer.
    LayerOperation {
        /// It is unpacked, and the files are the artifact.
        Extract = "extract",
        /// It is the artifact, as it is.
        Copy = "copy",
    }
}

setters! {
    OCIRepositorySpec {
        with_layer_selector => layer_selector: OCILayerSelector,
        with_provider => provider: OCIProvider,
        with_reference => reference: OCIRepositoryRef,
        with_secret_ref => secret_ref: LocalObjectReference,
        with_service_account_name => service_account_name: String,
        with_suspend => suspend: bool,
        with_timeout => timeout: Duration,
        with_verify => verify: OCIRepositoryVerification,
    }
}

impl OCIRepositorySpec {
    /// The tag `latest` of that repository.
    #[must_use]
    pub fn new(url: impl Into<String>, interval: Duration) -> Self {
        Self {
            url: Some(url.into()),
            interval: Some(interval),
            ..Self::default()
        }
    }

    /// How to log in; an empty word counts as unset.
    ///
    /// Source: `source-controller: api/v1/ocirepository_types.go (GetProvider)`.
    #[must_use]
    pub fn effective_provider(&self) -> Effective<OCIProvider> {
        let written = self
            .provider
            .clone()
            .filter(|provider| !provider.as_str().is_empty());
        Effective::spec_or(written, OCIProvider::Generic)
    }

    /// Limit for one fetch. In 2.9 the API server wrote the same 60 seconds into the object.
    ///
    /// Source: `source-controller: api/v1/ocirepository_types.go (GetTimeout)`.
    #[must_use]
    pub fn effective_timeout(&self) -> Effective<Duration> {
        Effective::spec_or(self.timeout, Duration::from_secs(60))
    }

    /// What becomes of the selected layer; an empty word counts as unset.
    ///
    /// Source: `source-controller: api/v1/ocirepository_types.go (GetLayerOperation)`.
    #[must_use]
    pub fn effective_layer_operation(&self) -> Effective<LayerOperation> {
        let written = self
            .layer_selector
            .as_ref()
            .and_then(|layer| layer.operation.clone());
        Effective::spec_or(
            written.filter(|word| !word.as_str().is_empty()),
            LayerOperation::Extract,
        )
    }
}

impl FluxResource for OCIRepository {
    fn registration(&self) -> Option<&'static Registration> {
        Some(Self::REGISTRATION)
    }

    fn metadata(&self) -> &ObjectMeta {
        &self.metadata
    }

    fn view(&self) -> View<'_> {
        View {
            suspended: self.spec.suspend.unwrap_or_default(),
            interval: self.spec.interval,
            timeout: self.spec.timeout,
            ..status_view!(self.status)
        }
    }
}
