//! ArtifactGenerator: composes and splits artifacts.
//!
//! Source: `source-watcher: api/v1beta1/artifactgenerator_types.go`, version 2.3.

use serde::{Deserialize, Serialize};

use super::ManagedNamespaces;
use crate::meta::{
    CommonMetadata, Condition, Duration, Effective, Kind, NamespacedObjectKindReference,
    ObjectMeta, Origin, key,
};
use crate::registry::{self, Registered, Registration};
use crate::resource::{FluxResource, View};
use crate::wire::{kind, open_enum, setters};

kind! {
    /// Makes ExternalArtifacts out of the files of several sources.
    ArtifactGenerator { spec: ArtifactGeneratorSpec, status: ArtifactGeneratorStatus }
    registration: registry::ARTIFACT_GENERATOR_V1BETA1,
    crd: [ArtifactGenerator]
}

/// Which artifacts are made, and out of what.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(
    feature = "schema",
    schemars(extend("x-kubernetes-validations" = [
        {
            "rule": "has(self.pathPattern) && size(self.pathPattern) > 0 || self.artifacts.all(a, a.name.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$') && a.name.size() <= 253)",
            "message": "artifact names must be valid Kubernetes object names when pathPattern is not set"
        },
        {
            "rule": "has(self.pathPattern) && size(self.pathPattern) > 0 || self.artifacts.all(a, !has(a.__namespace__) || (a.__namespace__.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$') && a.__namespace__.size() <= 63))",
            "message": "artifact namespaces must be valid Kubernetes namespaces when pathPattern is not set"
        },
    ]))
)]
#[serde(rename_all = "camelCase")]
pub struct ArtifactGeneratorSpec {
    /// Labels and annotations put on every artifact.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub common_metadata: Option<CommonMetadata>,
    /// Account whose rights decide in which namespaces artifacts may be made (2.10). Absent: those of the controller,
    /// in the own namespace.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "schema",
        schemars(extend(
            "maxLength" = 63,
            "minLength" = 1,
            "pattern" = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"
        ))
    )]
    pub service_account_name: Option<String>,
    /// Pattern of directories; each match makes the artifacts once, with the captured parts as variables.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "schema",
        schemars(extend(
            "maxLength" = 1024,
            "pattern" = "^@([a-z0-9]([a-z0-9_-]*[a-z0-9])?)/(.*)$"
        ))
    )]
    pub path_pattern: Option<String>,
    /// Where files come from.
    #[cfg_attr(feature = "schema", schemars(extend("maxItems" = 1000, "minItems" = 1)))]
    pub sources: Vec<GeneratorSource>,
    /// What is made.
    #[cfg_attr(feature = "schema", schemars(extend("maxItems" = 1000, "minItems" = 1)))]
    pub artifacts: Vec<OutputArtifact>,
    /// Namespaces that are made for the artifacts (2.10). Absent: they must exist.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub managed_namespaces: Option<ManagedNamespaces>,
}

/// Where files come from.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct GeneratorSource {
    /// Name of the source in paths, as `@alias`.
    #[cfg_attr(
        feature = "schema",
        schemars(extend(
            "maxLength" = 63,
            "pattern" = "^[a-z0-9]([a-z0-9_-]*[a-z0-9])?$"
        ))
    )]
    pub alias: String,
    /// Name of the object.
    #[cfg_attr(
        feature = "schema",
        schemars(extend(
            "maxLength" = 253,
            "pattern" = "^[a-z0-9]([a-z0-9-]*[a-z0-9])?$"
        ))
    )]
    pub name: String,
    /// Its namespace. Absent: that of the generator.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "schema",
        schemars(extend(
            "maxLength" = 63,
            "minLength" = 1,
            "pattern" = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"
        ))
    )]
    pub namespace: Option<String>,
    /// Its kind.
    #[cfg_attr(
        feature = "schema",
        schemars(extend(
            "enum" = ["Bucket", "GitRepository", "OCIRepository", "HelmChart", "ExternalArtifact"]
        ))
    )]
    pub kind: Kind,
}

/// One artifact, or one per match of the path pattern.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct OutputArtifact {
    /// Name of the ExternalArtifact.
    #[cfg_attr(feature = "schema", schemars(extend("maxLength" = 1024)))]
    pub name: String,
    /// Its namespace (2.10). Absent: that of the generator.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("maxLength" = 1024)))]
    pub namespace: Option<String>,
    /// `@alias` of the source whose revision it takes over. Absent: made from its content.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "schema",
        schemars(extend(
            "maxLength" = 64,
            "pattern" = "^@([a-z0-9]([a-z0-9_-]*[a-z0-9])?)$"
        ))
    )]
    pub revision: Option<String>,
    /// `@alias` of the source whose revision is noted as its origin.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "schema",
        schemars(extend(
            "maxLength" = 64,
            "pattern" = "^@([a-z0-9]([a-z0-9_-]*[a-z0-9])?)$"
        ))
    )]
    pub origin_revision: Option<String>,
    /// What is copied into it, in this order.
    #[cfg_attr(feature = "schema", schemars(extend("minItems" = 1)))]
    pub copy: Vec<CopyOperation>,
    /// `@alias/path` of a YAML file that becomes `status.exportedInputs` of the artifact (2.10).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "schema",
        schemars(extend(
            "maxLength" = 1024,
            "minLength" = 1,
            "pattern" = "^@([a-z0-9]([a-z0-9_-]*[a-z0-9])?)/(.*)$"
        ))
    )]
    pub inputs_from: Option<String>,
}

/// Files that are copied into an artifact.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CopyOperation {
    /// `@alias/pattern` of the files.
    #[cfg_attr(
        feature = "schema",
        schemars(extend(
            "maxLength" = 1024,
            "minLength" = 1,
            "pattern" = "^@([a-z0-9]([a-z0-9_-]*[a-z0-9])?)/(.*)$"
        ))
    )]
    pub from: String,
    /// `@artifact/path` where they go.
    #[cfg_attr(
        feature = "schema",
        schemars(extend(
            "maxLength" = 1024,
            "minLength" = 1,
            "pattern" = "^@artifact/([^/]{0,1}|[^./][^/]|[.][^./]|[^/]{3,})(/([^/]{0,1}|[^./][^/]|[.][^./]|[^/]{3,}))*$"
        ))
    )]
    pub to: String,
    /// Patterns of files that are left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("maxItems" = 100, "x-overlay" = {"items": {"maxLength": 1024}})))]
    pub exclude: Option<Vec<String>>,
    /// What happens to files that are there already. Absent: `Overwrite`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub strategy: Option<CopyStrategy>,
    /// True carries on when nothing matches (2.10).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub optional: Option<bool>,
}

/// What source-watcher last did.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ArtifactGeneratorStatus {
    /// Ready, Reconciling, Stalled.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "schema",
        schemars(with = "Option<crate::schema::Conditions>")
    )]
    pub conditions: Option<Vec<Condition>>,
    /// The artifacts and namespaces that were made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inventory: Option<Vec<InventoryRef>>,
    /// Checksum of the sources at the last run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observed_sources_digest: Option<String>,
    /// The last reconcile request that was acted on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_handled_reconcile_at: Option<String>,
}

/// Something that a generator made.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct InventoryRef {
    /// What it is (2.10). Absent: an ExternalArtifact.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<InventoryKind>,
    /// Its name.
    pub name: String,
    /// Its namespace; a Namespace has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// Digest of the archive, or of the metadata of a namespace.
    pub digest: String,
    /// Name of the archive in the storage.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filename: Option<String>,
}

open_enum! {
    /// What happens to files that are there already.
    CopyStrategy {
        /// They are replaced.
        Overwrite = "Overwrite",
        /// YAML and JSON files that match by themselves are merged; files inside of a matching directory are replaced.
        Merge = "Merge",
        /// Archives (`.tar.gz`, `.tgz`) are unpacked; other files are skipped.
        Extract = "Extract",
    }
}

open_enum! {
    /// What a generator made.
    InventoryKind { ExternalArtifact = "ExternalArtifact", Namespace = "Namespace" }
}

setters! {
    ArtifactGeneratorSpec {
        with_managed_namespaces => managed_namespaces: ManagedNamespaces,
        with_path_pattern => path_pattern: String,
        with_service_account_name => service_account_name: String,
    }
}

impl ArtifactGeneratorSpec {
    /// Makes these artifacts out of these sources.
    #[must_use]
    pub fn new(sources: Vec<GeneratorSource>, artifacts: Vec<OutputArtifact>) -> Self {
        Self {
            sources,
            artifacts,
            ..Self::default()
        }
    }
}

impl ArtifactGenerator {
    /// Whether an annotation switches it off. Case does not count, nor does the long s that Unicode folds to `s`.
    ///
    /// Source: `source-watcher: api/v1beta1/artifactgenerator_types.go (IsDisabled)`.
    #[must_use]
    pub fn is_disabled(&self) -> bool {
        let value = self
            .annotation(key::GENERATOR_RECONCILE)
            .unwrap_or_default();
        value
            .replace('\u{17f}', "s")
            .eq_ignore_ascii_case(key::DISABLED)
    }

    /// How often it runs: the annotation of 2.10 when it is a positive duration, else an hour.
    ///
    /// Source: `source-watcher: api/v1beta1/artifactgenerator_types.go (GetRequeueAfter)`.
    ///
    /// # Examples
    ///
    /// ```
    /// use fluxcd_api::meta::{Duration, Origin};
    /// use fluxcd_api::source_extensions::v1beta1::ArtifactGenerator;
    ///
    /// let interval = ArtifactGenerator::default().effective_interval();
    /// assert_eq!((interval.value, interval.origin), (Duration::from_hours(1), Origin::Default));
    /// ```
    #[must_use]
    pub fn effective_interval(&self) -> Effective<Duration> {
        let written = self
            .annotation(key::GENERATOR_RECONCILE_EVERY)
            .and_then(|text| Duration::parse(text).ok());
        match written.filter(|&every| every > Duration::ZERO) {
            Some(value) => Effective {
                value,
                origin: Origin::Annotation,
            },
            None => Effective::default_value(Duration::from_hours(1)),
        }
    }

    fn annotation(&self, key: &str) -> Option<&str> {
        self.metadata
            .annotations
            .as_ref()?
            .get(key)
            .map(String::as_str)
    }
}

impl FluxResource for ArtifactGenerator {
    fn registration(&self) -> Option<&'static Registration> {
        Some(Self::REGISTRATION)
    }

    fn metadata(&self) -> &ObjectMeta {
        &self.metadata
    }

    fn view(&self) -> View<'_> {
        let status = self.status.as_ref();
        let source = |source: &GeneratorSource| NamespacedObjectKindReference {
            api_version: None,
            kind: source.kind.as_str().to_owned(),
            name: source.name.clone(),
            namespace: source.namespace.clone(),
        };
        View {
            conditions: status
                .and_then(|status| status.conditions.as_deref())
                .unwrap_or_default(),
            suspended: self.is_disabled(),
            last_handled_reconcile_at: status
                .and_then(|status| status.last_handled_reconcile_at.as_deref()),
            sources: self.spec.sources.iter().map(source).collect(),
            ..View::default()
        }
    }
}
