//! HelmChart: one version of a chart, out of a repository or built from files.
//!
//! Source: `source-controller: api/v1/helmchart_types.go`, version 1.10.

use serde::{Deserialize, Serialize};

use super::HelmChartVerification;
use crate::meta::{
    Artifact, Condition, Duration, Effective, Kind, NamespacedObjectKindReference, ObjectMeta,
};
use crate::registry::{self, Registered, Registration};
use crate::resource::{FluxResource, View, status_view};
use crate::wire::{kind, open_enum, setters};

kind! {
    /// Fetches or builds one version of a chart. helm-controller makes one for every HelmRelease with a chart template.
    HelmChart { spec: HelmChartSpec, status: HelmChartStatus }
    registration: registry::HELM_CHART_V1,
    crd: [HelmChart]
}

/// Which chart, from where.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(
    feature = "schema",
    schemars(extend("x-kubernetes-validations" = [
        {
            "rule": "!has(self.verify) || self.sourceRef.kind == 'HelmRepository'",
            "message": "spec.verify is only supported when spec.sourceRef.kind is 'HelmRepository'"
        },
    ]))
)]
#[serde(rename_all = "camelCase")]
pub struct HelmChartSpec {
    /// Name of the chart in a HelmRepository, or its directory in a GitRepository or Bucket.
    pub chart: String,
    /// Version or version range. Without effect for a GitRepository or Bucket.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("default" = "*")))]
    pub version: Option<String>,
    /// Where the chart comes from.
    #[cfg_attr(feature = "schema", schemars(extend("x-overlay" = {"properties/kind": {"enum": ["HelmRepository", "GitRepository", "Bucket"]}})))]
    pub source_ref: LocalSourceReference,
    /// How often the source is asked for a new version.
    #[cfg_attr(feature = "schema", schemars(with = "crate::schema::Interval"))]
    pub interval: Duration,
    /// When a new artifact is made.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("default" = "ChartVersion")))]
    pub reconcile_strategy: Option<ReconcileStrategy>,
    /// Files that are merged into the default values, in this order, relative to the source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub values_files: Option<Vec<String>>,
    /// True skips files that do not exist.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ignore_missing_values_files: Option<bool>,
    /// True switches reconciliation off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suspend: Option<bool>,
    /// Whose signature the chart must carry; for HelmRepositories of type `oci`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verify: Option<HelmChartVerification>,
}

/// A source in the same namespace.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct LocalSourceReference {
    /// Group and version; absent means the ones that Flux serves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api_version: Option<String>,
    /// Its kind.
    pub kind: Kind,
    /// Its name.
    pub name: String,
}

/// What source-controller last did.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(extend("default" = {"observedGeneration": -1})))]
#[serde(rename_all = "camelCase")]
pub struct HelmChartStatus {
    /// Generation that this status speaks about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,
    /// Revision of the source that the chart was made from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observed_source_artifact_revision: Option<String>,
    /// Name in the metadata of the chart.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observed_chart_name: Option<String>,
    /// The values files that were found and merged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observed_values_files: Option<Vec<String>>,
    /// Ready, FetchFailed, BuildFailed, and others.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "schema",
        schemars(with = "Option<crate::schema::Conditions>")
    )]
    pub conditions: Option<Vec<Condition>>,
    /// Address of the newest chart in the storage.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The chart that was made last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub artifact: Option<Artifact>,
    /// The last reconcile request that was acted on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_handled_reconcile_at: Option<String>,
}

open_enum! {
    /// When a new chart artifact is made.
    ReconcileStrategy {
        /// When the version of the chart changes.
        ChartVersion = "ChartVersion",
        /// When the revision of the source changes.
        Revision = "Revision",
    }
}

setters! {
    HelmChartSpec {
        with_reconcile_strategy => reconcile_strategy: ReconcileStrategy,
        with_suspend => suspend: bool,
        with_values_files => values_files: Vec<String>,
        with_verify => verify: HelmChartVerification,
        with_version => version: String,
    }
}

impl HelmChartSpec {
    /// The newest version of a chart.
    #[must_use]
    pub fn new(
        chart: impl Into<String>,
        source_ref: LocalSourceReference,
        interval: Duration,
    ) -> Self {
        Self {
            chart: chart.into(),
            source_ref,
            interval,
            ..Self::default()
        }
    }

    /// Version or range; the API server writes `*` where none is given.
    #[must_use]
    pub fn effective_version(&self) -> Effective<&str> {
        Effective::spec_or(
            self.version
                .as_deref()
                .filter(|version| !version.is_empty()),
            "*",
        )
    }

    /// When a new artifact is made; the API server writes `ChartVersion` where nothing is given.
    #[must_use]
    pub fn effective_reconcile_strategy(&self) -> Effective<ReconcileStrategy> {
        let written = self
            .reconcile_strategy
            .clone()
            .filter(|word| !word.as_str().is_empty());
        Effective::spec_or(written, ReconcileStrategy::ChartVersion)
    }
}

impl LocalSourceReference {
    /// A source of that kind and name.
    #[must_use]
    pub fn new(kind: impl Into<Kind>, name: impl Into<String>) -> Self {
        Self {
            kind: kind.into(),
            name: name.into(),
            api_version: None,
        }
    }
}

impl FluxResource for HelmChart {
    fn registration(&self) -> Option<&'static Registration> {
        Some(Self::REGISTRATION)
    }

    fn metadata(&self) -> &ObjectMeta {
        &self.metadata
    }

    fn view(&self) -> View<'_> {
        let source = &self.spec.source_ref;
        View {
            suspended: self.spec.suspend.unwrap_or_default(),
            interval: Some(self.spec.interval),
            sources: vec![NamespacedObjectKindReference {
                api_version: source.api_version.clone(),
                kind: source.kind.as_str().to_owned(),
                name: source.name.clone(),
                namespace: None,
            }],
            ..status_view!(self.status)
        }
    }
}
