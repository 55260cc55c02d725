//! HelmRelease: a chart with values, installed, upgraded, tested, repaired.
//!
//! Source: `helm-controller: api/v2/helmrelease_types.go`, version 1.7.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::meta::{
    CommonMetadata, CustomHealthCheck, DependencyReference, Duration, Effective,
    KubeConfigReference, ObjectMeta, SourceReference,
};
use crate::registry::{self, Registered, Registration};
use crate::resource::{FluxResource, View, status_view};
use crate::wire::{kind, open_enum, setters};

mod action;
mod chart;
mod post_render;
mod status;
mod values;

pub use self::action::{
    ActionStrategy, ActionStrategyName, ChartNameChangeStrategy, CrdsPolicy, DeletionPropagation,
    Install, InstallRemediation, RemediationStrategy, Rollback, ServerSideApplyMode, Test,
    TestFilter, Uninstall, Upgrade, UpgradeRemediation,
};
pub use self::chart::{ChartKind, HelmChartTemplate, HelmChartTemplateSpec};
pub use self::post_render::{
    DriftDetection, DriftDetectionMode, KustomizePostRenderer, PostRenderStrategy, PostRenderer,
};
pub use self::status::{HelmReleaseStatus, ReleaseAction, Snapshot, TestHookStatus};
pub use self::values::{ValuesKind, ValuesReference};

kind! {
    /// Keeps a Helm release as it should be.
    ///
    /// # Examples
    ///
    /// ```
    /// use fluxcd_api::helm::v2::{HelmRelease, HelmReleaseSpec};
    /// use fluxcd_api::meta::{Duration, Kind, SourceReference};
    ///
    /// let chart = SourceReference::new(Kind::OCIRepository, "podinfo");
    /// let spec = HelmReleaseSpec::from_chart_ref(Duration::from_mins(10), chart)
    ///     .with_values(serde_json::json!({ "replicaCount": 2 }));
    /// let release = HelmRelease::new("podinfo", spec).in_namespace("apps");
    /// assert_eq!(release.spec.values.unwrap()["replicaCount"], 2);
    /// ```
    HelmRelease { spec: HelmReleaseSpec, status: HelmReleaseStatus }
    registration: registry::HELM_RELEASE_V2,
    crd: [HelmRelease]
}

/// Which chart is released, with which values, and how.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(
    feature = "schema",
    schemars(extend("x-kubernetes-validations" = [
        {
            "rule": "(has(self.chart) && !has(self.chartRef)) || (!has(self.chart) && has(self.chartRef))",
            "message": "either chart or chartRef must be set"
        },
    ]))
)]
#[serde(rename_all = "camelCase")]
pub struct HelmReleaseSpec {
    /// A HelmChart or OCIRepository that helm-controller makes for this release.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chart: Option<HelmChartTemplate>,
    /// A chart that already is in the cluster. Exactly one of this and `chart` is set.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "schema",
        schemars(extend("x-overlay" = {
            "properties/kind": { "enum": ["OCIRepository", "HelmChart", "ExternalArtifact"] },
            "properties/name": { "minLength": 1, "maxLength": 253 },
            "properties/namespace": { "minLength": 1, "maxLength": 63 }
        }))
    )]
    pub chart_ref: Option<SourceReference>,
    /// How often the release is compared with what is wanted.
    #[cfg_attr(feature = "schema", schemars(with = "crate::schema::Interval"))]
    pub interval: Duration,
    /// Another cluster to release to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kube_config: Option<KubeConfigReference>,
    /// True switches reconciliation off. The release stays.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suspend: Option<bool>,
    /// Name of the release. Absent: made from the target namespace and the name of the object.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("minLength" = 1, "maxLength" = 53)))]
    pub release_name: Option<String>,
    /// Namespace of the release. Absent: the namespace of the object.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("minLength" = 1, "maxLength" = 63)))]
    pub target_namespace: Option<String>,
    /// Namespace where Helm keeps its records. Absent: the namespace of the object.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("minLength" = 1, "maxLength" = 63)))]
    pub storage_namespace: Option<String>,
    /// HelmReleases that must be ready before this one is released.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub depends_on: Option<Vec<DependencyReference>>,
    /// Limit for one Helm action or hook. Absent: 5 minutes.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<crate::schema::Interval>"))]
    pub timeout: Option<Duration>,
    /// How many records Helm keeps; 0 keeps all. Absent: 5.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<crate::schema::Integer>"))]
    pub max_history: Option<i64>,
    /// Account whose rights are used for releasing; in the namespace of the object.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("minLength" = 1, "maxLength" = 253)))]
    pub service_account_name: Option<String>,
    /// False reads the API of the cluster anew for every action, which charts that install an API need. Absent: true.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub persistent_client: Option<bool>,
    /// Whether changes made by others are found and undone. Absent: not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drift_detection: Option<DriftDetection>,
    /// How the first release is made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub install: Option<Install>,
    /// How a release is replaced by a newer one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upgrade: Option<Upgrade>,
    /// Whether and how chart tests are run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub test: Option<Test>,
    /// How a failed upgrade is taken back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rollback: Option<Rollback>,
    /// How a release is removed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uninstall: Option<Uninstall>,
    /// ConfigMaps and Secrets with values. Later ones win.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub values_from: Option<Vec<ValuesReference>>,
    /// Values of the chart. They win over those of `valuesFrom`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<crate::schema::AnyValue>"))]
    pub values: Option<Value>,
    /// Labels and annotations put on every object of the release.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub common_metadata: Option<CommonMetadata>,
    /// Changes to the rendered objects, in this order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub post_renderers: Option<Vec<PostRenderer>>,
    /// Whether post-renderers also see hooks. Absent: as the controller is set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub post_render_strategy: Option<PostRenderStrategy>,
    /// Health rules for kinds that Flux does not know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub health_check_exprs: Option<Vec<CustomHealthCheck>>,
    /// How the health of released objects is watched. Absent: as the controller is set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wait_strategy: Option<WaitStrategy>,
}

/// How the health of released objects is watched.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct WaitStrategy {
    /// The way to watch.
    pub name: WaitStrategyName,
}

open_enum! {
    /// How the health of released objects is watched.
    WaitStrategyName {
        /// As kustomize-controller does, which knows custom resources.
        Poller = "poller",
        /// As Helm 3 does.
        Legacy = "legacy",
    }
}

setters! {
    HelmReleaseSpec {
        with_depends_on => depends_on: Vec<DependencyReference>,
        with_drift_detection => drift_detection: DriftDetection,
        with_install => install: Install,
        with_kube_config => kube_config: KubeConfigReference,
        with_max_history => max_history: i64,
        with_post_renderers => post_renderers: Vec<PostRenderer>,
        with_release_name => release_name: String,
        with_service_account_name => service_account_name: String,
        with_storage_namespace => storage_namespace: String,
        with_suspend => suspend: bool,
        with_target_namespace => target_namespace: String,
        with_timeout => timeout: Duration,
        with_upgrade => upgrade: Upgrade,
        with_values => values: Value,
        with_values_from => values_from: Vec<ValuesReference>,
    }
}

impl HelmReleaseSpec {
    /// Releases a chart that already is in the cluster.
    #[must_use]
    pub fn from_chart_ref(interval: Duration, chart_ref: SourceReference) -> Self {
        Self {
            interval,
            chart_ref: Some(chart_ref),
            ..Self::default()
        }
    }

    /// Releases a chart that helm-controller fetches through an object of its own.
    #[must_use]
    pub fn from_template(interval: Duration, chart: HelmChartTemplate) -> Self {
        Self {
            interval,
            chart: Some(chart),
            ..Self::default()
        }
    }

    /// Limit for each Helm action that has none of its own.
    ///
    /// Source: `helm-controller: api/v2/helmrelease_types.go (GetTimeout)`.
    #[must_use]
    pub fn effective_timeout(&self) -> Effective<Duration> {
        Effective::spec_or(self.timeout, Duration::from_mins(5))
    }

    /// Interval of the generated source object: the one of the chart template, else that of the release.
    ///
    /// Source: `helm-controller: api/v2/helmrelease_types.go (GetTemplateInterval)`.
    #[must_use]
    pub fn effective_template_interval(&self) -> Effective<Duration> {
        let written = self
            .chart
            .as_ref()
            .and_then(|chart| chart.spec.source.interval);
        Effective::spec_or(written, self.interval)
    }
}

impl FluxResource for HelmRelease {
    fn registration(&self) -> Option<&'static Registration> {
        Some(Self::REGISTRATION)
    }

    fn metadata(&self) -> &ObjectMeta {
        &self.metadata
    }

    /// Its source is what the user wrote: `chartRef`, else the `sourceRef` of the chart template. A template of kind
    /// OCIRepository has none, since the object behind it is made by helm-controller.
    fn view(&self) -> View<'_> {
        let written = self
            .spec
            .chart
            .as_ref()
            .and_then(|chart| chart.spec.source_ref.as_ref());
        View {
            suspended: self.spec.suspend.unwrap_or_default(),
            interval: Some(self.spec.interval),
            timeout: self.spec.timeout,
            sources: self
                .spec
                .chart_ref
                .as_ref()
                .or(written)
                .cloned()
                .map(Into::into)
                .into_iter()
                .collect(),
            depends_on: self.spec.depends_on.as_deref().unwrap_or_default(),
            ..status_view!(self.status)
        }
    }
}
