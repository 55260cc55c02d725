//! HelmRepository: an index of charts, or the address of an OCI registry with charts.
//!
//! Source: `source-controller: api/v1/helmrepository_types.go`, version 1.10.

use serde::{Deserialize, Serialize};

use super::OCIProvider;
use crate::meta::{
    AccessFrom, Artifact, Condition, Duration, Effective, LocalObjectReference, ObjectMeta,
};
use crate::registry::{self, Registered, Registration};
use crate::resource::{FluxResource, View, status_view};
use crate::wire::{kind, open_enum, setters};

kind! {
    /// Fetches the index of a chart repository, or names an OCI registry that holds charts.
    HelmRepository { spec: HelmRepositorySpec, status: HelmRepositoryStatus }
    registration: registry::HELM_REPOSITORY_V1,
    crd: [HelmRepository]
}

/// Where charts are, and how to log in.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct HelmRepositorySpec {
    /// Address of the repository.
    #[cfg_attr(feature = "schema", schemars(extend("pattern" = "^(http|https|oci)://.*$")))]
    pub url: String,
    /// Secret with `username` and `password`, or with the login of a registry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret_ref: Option<LocalObjectReference>,
    /// Secret with `ca.crt`, `tls.crt`, `tls.key`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cert_secret_ref: Option<LocalObjectReference>,
    /// True sends credentials also to other hosts that the index names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pass_credentials: Option<bool>,
    /// How often the index is fetched. Without effect for type `oci`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<crate::schema::Interval>"))]
    pub interval: Option<Duration>,
    /// True allows plain HTTP to an OCI registry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub insecure: Option<bool>,
    /// Limit for fetching the index, and for charts of an OCI registry. Absent: 60 seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<crate::schema::Timeout>"))]
    pub timeout: Option<Duration>,
    /// True switches reconciliation off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suspend: Option<bool>,
    /// Who may use it from other namespaces. Not enforced.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_from: Option<AccessFrom>,
    /// An index or an OCI registry. Absent: `default`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub type_: Option<HelmRepositoryType>,
    /// How to log in, for type `oci`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("default" = "generic")))]
    pub provider: Option<OCIProvider>,
}

/// What source-controller last did. Stays empty for type `oci`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(extend("default" = {"observedGeneration": -1})))]
#[serde(rename_all = "camelCase")]
pub struct HelmRepositoryStatus {
    /// Generation that this status speaks about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,
    /// Ready, FetchFailed, and others.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "schema",
        schemars(with = "Option<crate::schema::Conditions>")
    )]
    pub conditions: Option<Vec<Condition>>,
    /// Address of the newest index in the storage.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The index that was fetched last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub artifact: Option<Artifact>,
    /// The last reconcile request that was acted on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_handled_reconcile_at: Option<String>,
}

open_enum! {
    /// What kind of chart repository it is.
    HelmRepositoryType {
        /// An `index.yaml` behind HTTP.
        Default = "default",
        /// An OCI registry. The object is static: it has no status.
        Oci = "oci",
    }
}

setters! {
    HelmRepositorySpec {
        with_interval => interval: Duration,
        with_provider => provider: OCIProvider,
        with_secret_ref => secret_ref: LocalObjectReference,
        with_suspend => suspend: bool,
        with_timeout => timeout: Duration,
        with_type => type_: HelmRepositoryType,
    }
}

impl HelmRepositorySpec {
    /// The repository at that address.
    #[must_use]
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            ..Self::default()
        }
    }

    /// How often the index is fetched: the written interval unless it is zero, else a minute.
    ///
    /// Source: `source-controller: api/v1/helmrepository_types.go (GetRequeueAfter)`.
    #[must_use]
    pub fn effective_interval(&self) -> Effective<Duration> {
        Effective::spec_or(
            self.interval.filter(|interval| !interval.is_zero()),
            Duration::from_mins(1),
        )
    }

    /// Limit for one fetch.
    ///
    /// Source: `source-controller: api/v1/helmrepository_types.go (GetTimeout)`.
    #[must_use]
    pub fn effective_timeout(&self) -> Effective<Duration> {
        Effective::spec_or(self.timeout, Duration::from_secs(60))
    }

    /// What kind of chart repository it is; an empty word counts as unset.
    #[must_use]
    pub fn effective_type(&self) -> Effective<HelmRepositoryType> {
        let written = self.type_.clone().filter(|word| !word.as_str().is_empty());
        Effective::spec_or(written, HelmRepositoryType::Default)
    }
}

impl FluxResource for HelmRepository {
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
