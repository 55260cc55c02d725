//! The chart template: a HelmChart or OCIRepository that helm-controller makes.

use serde::{Deserialize, Serialize};

use crate::meta::{CommonMetadata, Effective, Kind, SourceReference};
use crate::source::v1::{OCIRepositorySpec, ReconcileStrategy};
use crate::wire::{open_enum, setters};

mod flat;

use self::flat::FlatSpec;

/// A source object that helm-controller makes for a release.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(
    feature = "schema",
    schemars(extend("x-kubernetes-validations" = [
        {
            "rule": "!has(self.kind) || self.kind != 'OCIRepository' || (has(self.spec.url) && size(self.spec.url) > 0)",
            "message": "chart.spec.url must be set when chart.kind is 'OCIRepository'"
        },
        {
            "rule": "!has(self.spec.url) || (has(self.kind) && self.kind == 'OCIRepository')",
            "message": "chart.spec.url requires chart.kind: 'OCIRepository'; for a HelmChart template set spec.chart and spec.sourceRef instead"
        },
        {
            "rule": "(has(self.kind) && self.kind == 'OCIRepository') || (has(self.spec.chart) && has(self.spec.sourceRef))",
            "message": "chart.spec.chart and chart.spec.sourceRef must be set when chart.kind is not 'OCIRepository'"
        },
        {
            "rule": "!has(self.kind) || self.kind != 'OCIRepository' || !has(self.spec.chart)",
            "message": "chart.spec.chart cannot be set when chart.kind is 'OCIRepository'"
        },
        {
            "rule": "!has(self.kind) || self.kind != 'OCIRepository' || !has(self.spec.version) || self.spec.version == '*'",
            "message": "chart.spec.version cannot be set when chart.kind is 'OCIRepository'"
        },
        {
            "rule": "!has(self.kind) || self.kind != 'OCIRepository' || !has(self.spec.sourceRef)",
            "message": "chart.spec.sourceRef cannot be set when chart.kind is 'OCIRepository'"
        },
        {
            "rule": "!has(self.kind) || self.kind != 'OCIRepository' || !has(self.spec.reconcileStrategy) || self.spec.reconcileStrategy == 'ChartVersion'",
            "message": "chart.spec.reconcileStrategy cannot be set when chart.kind is 'OCIRepository'"
        },
        {
            "rule": "!has(self.kind) || self.kind != 'OCIRepository' || !has(self.spec.valuesFiles)",
            "message": "chart.spec.valuesFiles cannot be set when chart.kind is 'OCIRepository'"
        },
        {
            "rule": "!has(self.kind) || self.kind != 'OCIRepository' || !has(self.spec.ignoreMissingValuesFiles)",
            "message": "chart.spec.ignoreMissingValuesFiles cannot be set when chart.kind is 'OCIRepository'"
        },
    ]))
)]
#[serde(rename_all = "camelCase")]
pub struct HelmChartTemplate {
    /// Kind of the object (2.10). Absent: `HelmChart`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<ChartKind>,
    /// Labels and annotations that it gets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<CommonMetadata>,
    /// What it fetches.
    pub spec: HelmChartTemplateSpec,
}

/// The spec of the generated object: all of an OCIRepository, and of a HelmChart what the former lacks.
///
/// On the wire it is one flat object. In Flux 2.9 only a HelmChart can be generated, and of [`source`](Self::source)
/// there are only `interval` and `verify`.
///
/// # Examples
///
/// ```
/// use fluxcd_api::helm::v2::HelmChartTemplateSpec;
///
/// let json = serde_json::json!({ "chart": "podinfo", "interval": "1h0m0s" });
/// let spec: HelmChartTemplateSpec = serde_json::from_value(json.clone()).unwrap();
/// assert_eq!(spec.chart.as_deref(), Some("podinfo"));
/// assert_eq!(spec.source.interval.unwrap().to_string(), "1h0m0s");
/// assert_eq!(serde_json::to_value(&spec).unwrap(), json);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "FlatSpec", into = "FlatSpec")]
pub struct HelmChartTemplateSpec {
    /// Name of the chart in a HelmRepository, or its directory in a GitRepository or Bucket. For kind HelmChart only.
    pub chart: Option<String>,
    /// Version or version range. For kind HelmChart only. Absent: `*`.
    pub version: Option<String>,
    /// Where the chart comes from. For kind HelmChart only.
    pub source_ref: Option<SourceReference>,
    /// When a new chart artifact is made. For kind HelmChart only. Absent: `ChartVersion`.
    pub reconcile_strategy: Option<ReconcileStrategy>,
    /// Files that are merged into the default values. For kind HelmChart only.
    pub values_files: Option<Vec<String>>,
    /// True skips values files that do not exist. For kind HelmChart only.
    pub ignore_missing_values_files: Option<bool>,
    /// The members that an OCIRepository has too. With kind HelmChart, `interval` and `verify` count.
    pub source: OCIRepositorySpec,
}

open_enum! {
    /// Kind of a generated source object.
    ChartKind { HelmChart = "HelmChart", OCIRepository = "OCIRepository" }
}

setters! {
    HelmChartTemplateSpec {
        with_reconcile_strategy => reconcile_strategy: ReconcileStrategy,
        with_values_files => values_files: Vec<String>,
        with_version => version: String,
    }
}

impl HelmChartTemplate {
    /// Generates a HelmChart.
    #[must_use]
    pub fn helm_chart(chart: impl Into<String>, source_ref: SourceReference) -> Self {
        let spec = HelmChartTemplateSpec {
            chart: Some(chart.into()),
            source_ref: Some(source_ref),
            ..HelmChartTemplateSpec::default()
        };
        Self {
            spec,
            ..Self::default()
        }
    }

    /// Generates an OCIRepository; needs Flux 2.10.
    #[must_use]
    pub fn oci_repository(source: OCIRepositorySpec) -> Self {
        Self {
            kind: Some(ChartKind::OCIRepository),
            spec: HelmChartTemplateSpec {
                source,
                ..HelmChartTemplateSpec::default()
            },
            ..Self::default()
        }
    }

    /// Kind of the generated object; an empty word counts as unset.
    ///
    /// Source: `helm-controller: api/v2/helmrelease_types.go (GetHelmChartTemplateReference)`.
    #[must_use]
    pub fn effective_kind(&self) -> Effective<ChartKind> {
        let written = self.kind.clone().filter(|kind| !kind.as_str().is_empty());
        Effective::spec_or(written, ChartKind::HelmChart)
    }
}

impl HelmChartTemplateSpec {
    /// Version or range.
    ///
    /// Source: `helm-controller: api/v2/helmrelease_types.go (GetVersion)`.
    #[must_use]
    pub fn effective_version(&self) -> Effective<&str> {
        Effective::spec_or(
            self.version
                .as_deref()
                .filter(|version| !version.is_empty()),
            "*",
        )
    }

    /// When a new chart artifact is made.
    ///
    /// Source: `helm-controller: api/v2/helmrelease_types.go (GetReconcileStrategy)`.
    #[must_use]
    pub fn effective_reconcile_strategy(&self) -> Effective<ReconcileStrategy> {
        let written = self
            .reconcile_strategy
            .clone()
            .filter(|word| !word.as_str().is_empty());
        Effective::spec_or(written, ReconcileStrategy::ChartVersion)
    }
}

impl From<ChartKind> for Kind {
    fn from(kind: ChartKind) -> Self {
        Self::from(kind.as_str())
    }
}
