//! The chart template spec as it is on the wire.
//!
//! Upstream embeds the OCIRepository spec into it. `serde(flatten)` would do the same, but hides unknown fields from
//! strict readers and loses the path of a wrong type; hence this second, private shape.

use serde::{Deserialize, Serialize};

use super::HelmChartTemplateSpec;
use crate::meta::{Duration, LocalObjectReference, SourceReference};
use crate::source::v1::{
    OCILayerSelector, OCIProvider, OCIRepositoryRef, OCIRepositorySpec, OCIRepositoryVerification,
    ReconcileStrategy,
};

/// Both sets of members in one object.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct FlatSpec {
    /// Name of the chart in a HelmRepository, or its directory in a GitRepository or Bucket.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("minLength" = 1, "maxLength" = 2048)))]
    pub chart: Option<String>,
    /// Version or version range. Absent: `*`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Where the chart comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "schema",
        schemars(extend("x-overlay" = {
            "properties/kind": { "enum": ["HelmRepository", "GitRepository", "Bucket"] },
            "properties/name": { "minLength": 1, "maxLength": 253 },
            "properties/namespace": { "minLength": 1, "maxLength": 63 }
        }))
    )]
    pub source_ref: Option<SourceReference>,
    /// When a new chart artifact is made. Absent: `ChartVersion`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reconcile_strategy: Option<ReconcileStrategy>,
    /// Files that are merged into the default values.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub values_files: Option<Vec<String>>,
    /// True skips values files that do not exist.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ignore_missing_values_files: Option<bool>,
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

impl From<FlatSpec> for HelmChartTemplateSpec {
    fn from(flat: FlatSpec) -> Self {
        Self {
            chart: flat.chart,
            version: flat.version,
            source_ref: flat.source_ref,
            reconcile_strategy: flat.reconcile_strategy,
            values_files: flat.values_files,
            ignore_missing_values_files: flat.ignore_missing_values_files,
            source: OCIRepositorySpec {
                url: flat.url,
                reference: flat.reference,
                layer_selector: flat.layer_selector,
                provider: flat.provider,
                secret_ref: flat.secret_ref,
                verify: flat.verify,
                service_account_name: flat.service_account_name,
                cert_secret_ref: flat.cert_secret_ref,
                proxy_secret_ref: flat.proxy_secret_ref,
                interval: flat.interval,
                timeout: flat.timeout,
                ignore: flat.ignore,
                insecure: flat.insecure,
                suspend: flat.suspend,
            },
        }
    }
}

impl From<HelmChartTemplateSpec> for FlatSpec {
    fn from(spec: HelmChartTemplateSpec) -> Self {
        let source = spec.source;
        Self {
            chart: spec.chart,
            version: spec.version,
            source_ref: spec.source_ref,
            reconcile_strategy: spec.reconcile_strategy,
            values_files: spec.values_files,
            ignore_missing_values_files: spec.ignore_missing_values_files,
            url: source.url,
            reference: source.reference,
            layer_selector: source.layer_selector,
            provider: source.provider,
            secret_ref: source.secret_ref,
            verify: source.verify,
            service_account_name: source.service_account_name,
            cert_secret_ref: source.cert_secret_ref,
            proxy_secret_ref: source.proxy_secret_ref,
            interval: source.interval,
            timeout: source.timeout,
            ignore: source.ignore,
            insecure: source.insecure,
            suspend: source.suspend,
        }
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for HelmChartTemplateSpec {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "HelmChartTemplateSpec".into()
    }
    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        FlatSpec::json_schema(generator)
    }
}
