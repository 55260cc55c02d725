//! Kustomization: builds an overlay out of a source, applies it, prunes, and waits for health.
//!
//! Source: `kustomize-controller: api/v1/kustomization_types.go`, version 1.10.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::meta::{
    CommonMetadata, Condition, CustomHealthCheck, DependencyReference, Duration, Effective,
    IgnoreRule, Image, KubeConfigReference, LocalObjectReference, NamespacedObjectKindReference,
    ObjectMeta, Patch, ResourceInventory, Snapshot, SourceReference,
};
use crate::registry::{self, Registered, Registration};
use crate::resource::{FluxResource, View, status_view};
use crate::wire::{kind, open_enum, setters};

kind! {
    /// Applies an overlay of a source to a cluster, and keeps it so.
    ///
    /// # Examples
    ///
    /// ```
    /// use fluxcd_api::kustomize::v1::{Kustomization, KustomizationSpec};
    /// use fluxcd_api::meta::{Duration, Kind, SourceReference};
    ///
    /// let source = SourceReference::new(Kind::GitRepository, "fleet");
    /// let spec = KustomizationSpec::new(Duration::from_mins(10), source).with_path("./apps").pruning();
    /// let apps = Kustomization::new("apps", spec).in_namespace("flux-system");
    /// let json = serde_json::to_value(&apps).unwrap();
    /// assert_eq!(json["spec"]["interval"], "10m0s");
    /// assert_eq!(json["spec"]["prune"], true);
    /// ```
    Kustomization { spec: KustomizationSpec, status: KustomizationStatus }
    registration: registry::KUSTOMIZATION_V1,
    crd: [Kustomization]
}

/// What a Kustomization applies, from where, and how.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct KustomizationSpec {
    /// Labels and annotations put on every applied object.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub common_metadata: Option<CommonMetadata>,
    /// Kustomizations that must be ready before this one is applied.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub depends_on: Option<Vec<DependencyReference>>,
    /// How encrypted files and values are decrypted. Absent: not at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decryption: Option<Decryption>,
    /// How often the cluster is compared with the source, also when nothing changed.
    #[cfg_attr(feature = "schema", schemars(with = "crate::schema::Interval"))]
    pub interval: Duration,
    /// When a failed reconciliation is tried again. Absent: after `interval`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<crate::schema::Interval>"))]
    pub retry_interval: Option<Duration>,
    /// Another cluster to apply to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kube_config: Option<KubeConfigReference>,
    /// Directory of the overlay inside the source. Absent: the root.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Variables that are put into the built objects.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub post_build: Option<PostBuild>,
    /// Whether objects that are no longer built are deleted.
    pub prune: bool,
    /// What happens to the applied objects when the Kustomization is deleted. Absent: `MirrorPrune`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deletion_policy: Option<DeletionPolicy>,
    /// Objects that must become healthy. Without effect while `wait` is true.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub health_checks: Option<Vec<NamespacedObjectKindReference>>,
    /// Text put before every object name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("minLength" = 1, "maxLength" = 200)))]
    pub name_prefix: Option<String>,
    /// Text put behind every object name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("minLength" = 1, "maxLength" = 200)))]
    pub name_suffix: Option<String>,
    /// Patches applied to the built objects.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patches: Option<Vec<Patch>>,
    /// Images that are replaced.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub images: Option<Vec<Image>>,
    /// Account whose rights are used for applying; in the namespace of the Kustomization.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_account_name: Option<String>,
    /// Where the files come from.
    #[cfg_attr(
        feature = "schema",
        schemars(extend("x-overlay" = {
            "properties/kind": { "enum": ["OCIRepository", "GitRepository", "Bucket", "ExternalArtifact"] }
        }))
    )]
    pub source_ref: SourceReference,
    /// True switches reconciliation off. Applied objects stay.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suspend: Option<bool>,
    /// Namespace that every namespaced object is moved to.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("minLength" = 1, "maxLength" = 63)))]
    pub target_namespace: Option<String>,
    /// Limit for building, applying and waiting. Absent: `interval` less 30 seconds; never below 30 seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<crate::schema::Interval>"))]
    pub timeout: Option<Duration>,
    /// True replaces objects whose change the API server refuses because a field is immutable.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("default" = false)))]
    pub force: Option<bool>,
    /// True waits for the health of every applied object.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wait: Option<bool>,
    /// Directories of kustomize components, relative to `path`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub components: Option<Vec<String>>,
    /// True skips components whose directory does not exist.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ignore_missing_components: Option<bool>,
    /// Health rules for kinds that Flux does not know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub health_check_exprs: Option<Vec<CustomHealthCheck>>,
    /// Annotations about their origin that built objects get.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub build_metadata: Option<Vec<BuildMetadata>>,
    /// Fields that are left to other owners.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ignore: Option<Vec<IgnoreRule>>,
}

/// How encrypted files and values are decrypted.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Decryption {
    /// The tool that encrypted them.
    pub provider: DecryptionProvider,
    /// Account whose identity reaches the key service of a cloud.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_account_name: Option<String>,
    /// Secret with private keys or credentials of key services.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret_ref: Option<LocalObjectReference>,
}

/// Variables that are put into the built objects, in the place of `${name}`.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PostBuild {
    /// Values by name. They win over those of `substituteFrom`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub substitute: Option<BTreeMap<String, String>>,
    /// ConfigMaps and Secrets with more values. Later ones win.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub substitute_from: Option<Vec<SubstituteReference>>,
    /// Whether substitution also runs without any variable. Absent: `WithVariables`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub substitute_strategy: Option<SubstituteStrategy>,
}

/// A ConfigMap or Secret whose entries become variables.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SubstituteReference {
    /// Which of the two.
    pub kind: SubstituteKind,
    /// Its name, in the namespace of the Kustomization.
    #[cfg_attr(feature = "schema", schemars(extend("minLength" = 1, "maxLength" = 253)))]
    pub name: String,
    /// True carries on without it when it does not exist.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("default" = false)))]
    pub optional: Option<bool>,
}

/// What kustomize-controller last did.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(extend("default" = {"observedGeneration": -1})))]
#[serde(rename_all = "camelCase")]
pub struct KustomizationStatus {
    /// Generation that this status speaks about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,
    /// Ready, Healthy, Reconciling, Stalled.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "schema",
        schemars(with = "Option<crate::schema::Conditions>")
    )]
    pub conditions: Option<Vec<Condition>>,
    /// The last reconcile request that was acted on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_handled_reconcile_at: Option<String>,
    /// Source revision that was applied with success.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_applied_revision: Option<String>,
    /// Revision behind that one, such as the commit that an OCI artifact was made from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_applied_origin_revision: Option<String>,
    /// Source revision that was tried last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_attempted_revision: Option<String>,
    /// The objects that were applied.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inventory: Option<ResourceInventory>,
    /// Ends of earlier reconciliations, newest first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub history: Option<Vec<Snapshot>>,
}

open_enum! {
    /// The tool that encrypted the secrets of a source.
    DecryptionProvider { Sops = "sops" }
}

open_enum! {
    /// What happens to the applied objects when their Kustomization is deleted.
    DeletionPolicy {
        /// They go if `prune` is true, and stay otherwise.
        MirrorPrune = "MirrorPrune",
        /// They go.
        Delete = "Delete",
        /// They go, and the Kustomization waits until they are gone.
        WaitForTermination = "WaitForTermination",
        /// They stay.
        Orphan = "Orphan",
    }
}

open_enum! {
    /// When variables are substituted.
    SubstituteStrategy {
        /// When there is at least one variable.
        WithVariables = "WithVariables",
        /// Always, so that `${missing}` becomes empty even without any variable.
        Always = "Always",
    }
}

open_enum! {
    /// Where variables come from.
    SubstituteKind { Secret = "Secret", ConfigMap = "ConfigMap" }
}

open_enum! {
    /// Annotations that kustomize writes about the origin of an object.
    BuildMetadata {
        /// The file that the object came from.
        OriginAnnotations = "originAnnotations",
        /// The transformers that changed it.
        TransformerAnnotations = "transformerAnnotations",
    }
}

setters! {
    KustomizationSpec {
        with_decryption => decryption: Decryption,
        with_deletion_policy => deletion_policy: DeletionPolicy,
        with_depends_on => depends_on: Vec<DependencyReference>,
        with_images => images: Vec<Image>,
        with_kube_config => kube_config: KubeConfigReference,
        with_patches => patches: Vec<Patch>,
        with_path => path: String,
        with_post_build => post_build: PostBuild,
        with_retry_interval => retry_interval: Duration,
        with_service_account_name => service_account_name: String,
        with_suspend => suspend: bool,
        with_target_namespace => target_namespace: String,
        with_timeout => timeout: Duration,
        with_wait => wait: bool,
    }
}

impl KustomizationSpec {
    /// Applies the root of that source, without pruning.
    #[must_use]
    pub fn new(interval: Duration, source_ref: SourceReference) -> Self {
        Self {
            interval,
            source_ref,
            ..Self::default()
        }
    }

    /// The same with pruning.
    #[must_use]
    pub fn pruning(mut self) -> Self {
        self.prune = true;
        self
    }

    /// Limit for one reconciliation: the written timeout, else the interval less 30 seconds; never below 30 seconds.
    ///
    /// Source: `kustomize-controller: api/v1/kustomization_types.go (GetTimeout)`.
    ///
    /// # Examples
    ///
    /// ```
    /// use fluxcd_api::kustomize::v1::KustomizationSpec;
    /// use fluxcd_api::meta::{Duration, Origin};
    ///
    /// let spec = KustomizationSpec { interval: Duration::from_mins(10), ..Default::default() };
    /// let timeout = spec.effective_timeout();
    /// assert_eq!((timeout.value.to_string(), timeout.origin), ("9m30s".to_owned(), Origin::Default));
    /// ```
    #[must_use]
    pub fn effective_timeout(&self) -> Effective<Duration> {
        let shortest = Duration::from_secs(30);
        // Go's subtraction wraps around where it overflows.
        let rest = Duration::from_nanos(self.interval.as_nanos().wrapping_sub(shortest.as_nanos()));
        let chosen = Effective::spec_or(self.timeout, rest);
        if chosen.value < shortest {
            Effective::default_value(shortest)
        } else {
            chosen
        }
    }

    /// When a failed reconciliation is tried again: the written interval, else `interval`.
    ///
    /// Source: `kustomize-controller: api/v1/kustomization_types.go (GetRetryInterval)`.
    #[must_use]
    pub fn effective_retry_interval(&self) -> Effective<Duration> {
        Effective::spec_or(self.retry_interval, self.interval)
    }

    /// What happens to the applied objects on deletion; an empty word counts as unset.
    ///
    /// Source: `kustomize-controller: api/v1/kustomization_types.go (GetDeletionPolicy)`.
    #[must_use]
    pub fn effective_deletion_policy(&self) -> Effective<DeletionPolicy> {
        let written = self
            .deletion_policy
            .clone()
            .filter(|policy| !policy.as_str().is_empty());
        Effective::spec_or(written, DeletionPolicy::MirrorPrune)
    }

    /// When variables are substituted; an empty word counts as unset.
    ///
    /// Source: `kustomize-controller: api/v1/kustomization_types.go (GetSubstituteStrategy)`.
    #[must_use]
    pub fn effective_substitute_strategy(&self) -> Effective<SubstituteStrategy> {
        let written = self
            .post_build
            .as_ref()
            .and_then(|post_build| post_build.substitute_strategy.clone());
        Effective::spec_or(
            written.filter(|word| !word.as_str().is_empty()),
            SubstituteStrategy::WithVariables,
        )
    }
}

impl FluxResource for Kustomization {
    fn registration(&self) -> Option<&'static Registration> {
        Some(Self::REGISTRATION)
    }

    fn metadata(&self) -> &ObjectMeta {
        &self.metadata
    }

    fn view(&self) -> View<'_> {
        View {
            suspended: self.spec.suspend.unwrap_or_default(),
            interval: Some(self.spec.interval),
            timeout: self.spec.timeout,
            sources: vec![self.spec.source_ref.clone().into()],
            depends_on: self.spec.depends_on.as_deref().unwrap_or_default(),
            ..status_view!(self.status)
        }
    }
}
