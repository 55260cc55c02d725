//! Every kind of Flux in every served version: what the API server knows about it besides its schema.
//!
//! [`ALL`] is sorted by group, kind and version. A line here and a file per kind version is all that a new custom
//! resource needs.
//!
//! # Laws
//!
//! - `by_type(r.api_version(), r.kind)` is `Some(r)` for every `r` in [`ALL`].
//! - Each kind has exactly one version with [`Storage::Stored`].
//!
//! # Sources
//!
//! The markers above the kinds in the API modules of Flux 2.10; the facts in `conformance/crds/2.10/`.

mod table;

pub use self::table::{
    ALERT_V1, ALERT_V1BETA3, ALL, ARTIFACT_GENERATOR_V1BETA1, BUCKET_V1, EXTERNAL_ARTIFACT_V1,
    GIT_REPOSITORY_V1, HELM_CHART_V1, HELM_RELEASE_V2, HELM_REPOSITORY_V1, IMAGE_POLICY_V1,
    IMAGE_REPOSITORY_V1, IMAGE_UPDATE_AUTOMATION_V1, KUSTOMIZATION_V1, OCI_REPOSITORY_V1,
    PROVIDER_V1, PROVIDER_V1BETA3, RECEIVER_V1,
};

/// One kind in one version.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Registration {
    /// API group, such as `kustomize.toolkit.fluxcd.io`.
    pub group: &'static str,
    /// Version, such as `v1`.
    pub version: &'static str,
    /// Kind, such as `Kustomization`.
    pub kind: &'static str,
    /// Resource name in URLs, such as `kustomizations`.
    pub plural: &'static str,
    /// Name for one object on the command line, such as `kustomization`.
    pub singular: &'static str,
    /// Kind of a list of such objects, such as `KustomizationList`.
    pub list_kind: &'static str,
    /// Name of the CustomResourceDefinition: plural, dot, group.
    pub crd_name: &'static str,
    /// Short names for the command line.
    pub short_names: &'static [&'static str],
    /// Groups of kinds that `kubectl get <category>` lists.
    pub categories: &'static [&'static str],
    /// Whether objects live in a namespace.
    pub scope: Scope,
    /// Whether this is the version in which objects are stored.
    pub storage: Storage,
    /// Whether `status` is a resource of its own.
    pub status: StatusSubresource,
    /// The warning that the API server sends to those who still use this version.
    pub deprecation: Option<&'static str>,
    /// The columns of `kubectl get`.
    pub columns: &'static [PrinterColumn],
}

impl Registration {
    /// Group and version as written in manifests: `kustomize.toolkit.fluxcd.io/v1`.
    #[must_use]
    pub fn api_version(&self) -> String {
        format!("{}/{}", self.group, self.version)
    }
}

/// Where objects of a kind live.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Scope {
    /// In a namespace. Every kind of Flux does.
    Namespaced,
    /// In the cluster as a whole.
    Cluster,
}

impl Scope {
    /// The word in a CustomResourceDefinition.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Namespaced => "Namespaced",
            Self::Cluster => "Cluster",
        }
    }
}

/// What the API server does with a version.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Storage {
    /// Served, and objects are stored in it.
    Stored,
    /// Served only: objects are relabelled on the way out. There is no conversion, so fields that the stored version
    /// lacks are lost.
    Served,
}

/// Whether `status` has an endpoint of its own.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum StatusSubresource {
    /// Writes to `status` go to `<object>/status`.
    Enabled,
    /// The kind has no status.
    Absent,
}

/// A column of `kubectl get`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct PrinterColumn {
    /// Heading.
    pub name: &'static str,
    /// Where the value is, as a JSONPath.
    pub json_path: &'static str,
    /// How it is shown: `string`, `date`, `integer`.
    pub type_: &'static str,
    /// Zero is always shown; more only with `-o wide`.
    pub priority: i32,
}

/// A type that stands for one kind in one version.
pub trait Registered {
    /// The line of the kind in [`ALL`].
    const REGISTRATION: &'static Registration;
}

/// The registration of that type, if Flux 2.10 serves it.
///
/// # Examples
///
/// ```
/// use fluxcd_api::registry;
///
/// let found = registry::by_type("helm.toolkit.fluxcd.io/v2", "HelmRelease").unwrap();
/// assert_eq!(found.plural, "helmreleases");
/// assert!(registry::by_type("helm.toolkit.fluxcd.io/v2beta2", "HelmRelease").is_none());
/// ```
#[must_use]
pub fn by_type(api_version: &str, kind: &str) -> Option<&'static Registration> {
    let (group, version) = api_version.split_once('/')?;
    ALL.iter()
        .copied()
        .find(|entry| entry.kind == kind && entry.group == group && entry.version == version)
}

/// Every served version of a kind, the stored one first. Kinds of Flux are unique across its groups.
///
/// # Examples
///
/// ```
/// use fluxcd_api::registry;
///
/// let versions: Vec<_> = registry::by_kind("Alert").iter().map(|entry| entry.version).collect();
/// assert_eq!(versions, ["v1", "v1beta3"]);
/// ```
#[must_use]
pub fn by_kind(kind: &str) -> Vec<&'static Registration> {
    let mut found: Vec<_> = ALL
        .iter()
        .copied()
        .filter(|entry| entry.kind == kind)
        .collect();
    found.sort_by_key(|entry| entry.storage != Storage::Stored);
    found
}

/// The version in which objects of a resource are stored, found by plural, singular or short name in any case, as
/// `kubectl` and `flux` take them.
///
/// # Examples
///
/// ```
/// use fluxcd_api::registry;
///
/// assert_eq!(registry::by_name("ks").unwrap().kind, "Kustomization");
/// assert_eq!(registry::by_name("OCIRepository").unwrap().plural, "ocirepositories");
/// ```
#[must_use]
pub fn by_name(name: &str) -> Option<&'static Registration> {
    let name = name.to_lowercase();
    ALL.iter().copied().find(|entry| {
        entry.storage == Storage::Stored
            && (entry.plural == name
                || entry.singular == name
                || entry.short_names.contains(&name.as_str()))
    })
}
