//! The table itself: one entry per kind version.

use super::{PrinterColumn, Registration, Scope, StatusSubresource, Storage};

/// Every kind version that Flux 2.10 serves, sorted by group, kind and version.
pub static ALL: &[&Registration] = &[
    &HELM_RELEASE_V2,
    &IMAGE_POLICY_V1,
    &IMAGE_REPOSITORY_V1,
    &IMAGE_UPDATE_AUTOMATION_V1,
    &KUSTOMIZATION_V1,
    &ALERT_V1,
    &ALERT_V1BETA3,
    &PROVIDER_V1,
    &PROVIDER_V1BETA3,
    &RECEIVER_V1,
    &ARTIFACT_GENERATOR_V1BETA1,
    &BUCKET_V1,
    &EXTERNAL_ARTIFACT_V1,
    &GIT_REPOSITORY_V1,
    &HELM_CHART_V1,
    &HELM_REPOSITORY_V1,
    &OCI_REPOSITORY_V1,
];

/// HelmRelease in `helm.toolkit.fluxcd.io/v2`.
pub static HELM_RELEASE_V2: Registration = Registration {
    group: "helm.toolkit.fluxcd.io",
    version: "v2",
    kind: "HelmRelease",
    plural: "helmreleases",
    singular: "helmrelease",
    list_kind: "HelmReleaseList",
    crd_name: "helmreleases.helm.toolkit.fluxcd.io",
    short_names: &["hr"],
    categories: &["all", "fluxcd", "fluxcd-appliers"],
    scope: Scope::Namespaced,
    storage: Storage::Stored,
    status: StatusSubresource::Enabled,
    deprecation: None,
    columns: &[AGE, READY, STATUS],
};

/// ImagePolicy in `image.toolkit.fluxcd.io/v1`.
pub static IMAGE_POLICY_V1: Registration = Registration {
    group: "image.toolkit.fluxcd.io",
    version: "v1",
    kind: "ImagePolicy",
    plural: "imagepolicies",
    singular: "imagepolicy",
    list_kind: "ImagePolicyList",
    crd_name: "imagepolicies.image.toolkit.fluxcd.io",
    short_names: &["imgpol", "imagepol"],
    categories: &["all", "fluxcd", "fluxcd-images"],
    scope: Scope::Namespaced,
    storage: Storage::Stored,
    status: StatusSubresource::Enabled,
    deprecation: None,
    columns: &[
        column("Image", ".status.latestRef.name", 0),
        column("Tag", ".status.latestRef.tag", 0),
        READY,
        STATUS,
        AGE,
    ],
};

/// ImageRepository in `image.toolkit.fluxcd.io/v1`.
pub static IMAGE_REPOSITORY_V1: Registration = Registration {
    group: "image.toolkit.fluxcd.io",
    version: "v1",
    kind: "ImageRepository",
    plural: "imagerepositories",
    singular: "imagerepository",
    list_kind: "ImageRepositoryList",
    crd_name: "imagerepositories.image.toolkit.fluxcd.io",
    short_names: &["imgrepo", "imagerepo"],
    categories: &["all", "fluxcd", "fluxcd-images"],
    scope: Scope::Namespaced,
    storage: Storage::Stored,
    status: StatusSubresource::Enabled,
    deprecation: None,
    columns: &[
        column("Image", ".spec.image", 0),
        column("Tags", ".status.lastScanResult.tagCount", 0),
        READY,
        STATUS,
        column("Last scan", ".status.lastScanResult.scanTime", 1),
        AGE,
    ],
};

/// ImageUpdateAutomation in `image.toolkit.fluxcd.io/v1`.
pub static IMAGE_UPDATE_AUTOMATION_V1: Registration = Registration {
    group: "image.toolkit.fluxcd.io",
    version: "v1",
    kind: "ImageUpdateAutomation",
    plural: "imageupdateautomations",
    singular: "imageupdateautomation",
    list_kind: "ImageUpdateAutomationList",
    crd_name: "imageupdateautomations.image.toolkit.fluxcd.io",
    short_names: &["iua", "imgupd", "imgauto"],
    categories: &["all", "fluxcd", "fluxcd-images"],
    scope: Scope::Namespaced,
    storage: Storage::Stored,
    status: StatusSubresource::Enabled,
    deprecation: None,
    columns: &[
        READY,
        STATUS,
        column("Last run", ".status.lastAutomationRunTime", 1),
        AGE,
    ],
};

/// Kustomization in `kustomize.toolkit.fluxcd.io/v1`.
pub static KUSTOMIZATION_V1: Registration = Registration {
    group: "kustomize.toolkit.fluxcd.io",
    version: "v1",
    kind: "Kustomization",
    plural: "kustomizations",
    singular: "kustomization",
    list_kind: "KustomizationList",
    crd_name: "kustomizations.kustomize.toolkit.fluxcd.io",
    short_names: &["ks"],
    categories: &["all", "fluxcd", "fluxcd-appliers"],
    scope: Scope::Namespaced,
    storage: Storage::Stored,
    status: StatusSubresource::Enabled,
    deprecation: None,
    columns: &[AGE, READY, STATUS],
};

/// Alert in `notification.toolkit.fluxcd.io/v1`.
pub static ALERT_V1: Registration = Registration {
    group: "notification.toolkit.fluxcd.io",
    version: "v1",
    kind: "Alert",
    plural: "alerts",
    singular: "alert",
    list_kind: "AlertList",
    crd_name: "alerts.notification.toolkit.fluxcd.io",
    short_names: &[],
    categories: &["all", "fluxcd", "fluxcd-notifications"],
    scope: Scope::Namespaced,
    storage: Storage::Stored,
    status: StatusSubresource::Absent,
    deprecation: None,
    columns: &[AGE],
};

/// Alert in `notification.toolkit.fluxcd.io/v1beta3`.
pub static ALERT_V1BETA3: Registration = Registration {
    group: "notification.toolkit.fluxcd.io",
    version: "v1beta3",
    kind: "Alert",
    plural: "alerts",
    singular: "alert",
    list_kind: "AlertList",
    crd_name: "alerts.notification.toolkit.fluxcd.io",
    short_names: &[],
    categories: &["all", "fluxcd", "fluxcd-notifications"],
    scope: Scope::Namespaced,
    storage: Storage::Served,
    status: StatusSubresource::Absent,
    deprecation: Some("v1beta3 Alert is deprecated, upgrade to v1"),
    columns: &[AGE],
};

/// Provider in `notification.toolkit.fluxcd.io/v1`.
pub static PROVIDER_V1: Registration = Registration {
    group: "notification.toolkit.fluxcd.io",
    version: "v1",
    kind: "Provider",
    plural: "providers",
    singular: "provider",
    list_kind: "ProviderList",
    crd_name: "providers.notification.toolkit.fluxcd.io",
    short_names: &[],
    categories: &["all", "fluxcd", "fluxcd-notifications"],
    scope: Scope::Namespaced,
    storage: Storage::Stored,
    status: StatusSubresource::Absent,
    deprecation: None,
    columns: &[AGE],
};

/// Provider in `notification.toolkit.fluxcd.io/v1beta3`.
pub static PROVIDER_V1BETA3: Registration = Registration {
    group: "notification.toolkit.fluxcd.io",
    version: "v1beta3",
    kind: "Provider",
    plural: "providers",
    singular: "provider",
    list_kind: "ProviderList",
    crd_name: "providers.notification.toolkit.fluxcd.io",
    short_names: &[],
    categories: &["all", "fluxcd", "fluxcd-notifications"],
    scope: Scope::Namespaced,
    storage: Storage::Served,
    status: StatusSubresource::Absent,
    deprecation: Some("v1beta3 Provider is deprecated, upgrade to v1"),
    columns: &[AGE],
};

/// Receiver in `notification.toolkit.fluxcd.io/v1`.
pub static RECEIVER_V1: Registration = Registration {
    group: "notification.toolkit.fluxcd.io",
    version: "v1",
    kind: "Receiver",
    plural: "receivers",
    singular: "receiver",
    list_kind: "ReceiverList",
    crd_name: "receivers.notification.toolkit.fluxcd.io",
    short_names: &[],
    categories: &["all", "fluxcd", "fluxcd-notifications"],
    scope: Scope::Namespaced,
    storage: Storage::Stored,
    status: StatusSubresource::Enabled,
    deprecation: None,
    columns: &[AGE, READY, STATUS],
};

/// ArtifactGenerator in `source.extensions.fluxcd.io/v1beta1`.
pub static ARTIFACT_GENERATOR_V1BETA1: Registration = Registration {
    group: "source.extensions.fluxcd.io",
    version: "v1beta1",
    kind: "ArtifactGenerator",
    plural: "artifactgenerators",
    singular: "artifactgenerator",
    list_kind: "ArtifactGeneratorList",
    crd_name: "artifactgenerators.source.extensions.fluxcd.io",
    short_names: &["ag"],
    categories: &["all", "fluxcd", "fluxcd-sources"],
    scope: Scope::Namespaced,
    storage: Storage::Stored,
    status: StatusSubresource::Enabled,
    deprecation: None,
    columns: &[AGE, READY, STATUS],
};

/// Bucket in `source.toolkit.fluxcd.io/v1`.
pub static BUCKET_V1: Registration = Registration {
    group: "source.toolkit.fluxcd.io",
    version: "v1",
    kind: "Bucket",
    plural: "buckets",
    singular: "bucket",
    list_kind: "BucketList",
    crd_name: "buckets.source.toolkit.fluxcd.io",
    short_names: &[],
    categories: &["all", "fluxcd", "fluxcd-sources"],
    scope: Scope::Namespaced,
    storage: Storage::Stored,
    status: StatusSubresource::Enabled,
    deprecation: None,
    columns: &[column("Endpoint", ".spec.endpoint", 0), AGE, READY, STATUS],
};

/// ExternalArtifact in `source.toolkit.fluxcd.io/v1`.
pub static EXTERNAL_ARTIFACT_V1: Registration = Registration {
    group: "source.toolkit.fluxcd.io",
    version: "v1",
    kind: "ExternalArtifact",
    plural: "externalartifacts",
    singular: "externalartifact",
    list_kind: "ExternalArtifactList",
    crd_name: "externalartifacts.source.toolkit.fluxcd.io",
    short_names: &["ea"],
    categories: &["all", "fluxcd", "fluxcd-sources"],
    scope: Scope::Namespaced,
    storage: Storage::Stored,
    status: StatusSubresource::Enabled,
    deprecation: None,
    columns: &[
        AGE,
        READY,
        STATUS,
        column("Source", ".spec.sourceRef.name", 0),
    ],
};

/// GitRepository in `source.toolkit.fluxcd.io/v1`.
pub static GIT_REPOSITORY_V1: Registration = Registration {
    group: "source.toolkit.fluxcd.io",
    version: "v1",
    kind: "GitRepository",
    plural: "gitrepositories",
    singular: "gitrepository",
    list_kind: "GitRepositoryList",
    crd_name: "gitrepositories.source.toolkit.fluxcd.io",
    short_names: &["gitrepo"],
    categories: &["all", "fluxcd", "fluxcd-sources"],
    scope: Scope::Namespaced,
    storage: Storage::Stored,
    status: StatusSubresource::Enabled,
    deprecation: None,
    columns: &[column("URL", ".spec.url", 0), AGE, READY, STATUS],
};

/// HelmChart in `source.toolkit.fluxcd.io/v1`.
pub static HELM_CHART_V1: Registration = Registration {
    group: "source.toolkit.fluxcd.io",
    version: "v1",
    kind: "HelmChart",
    plural: "helmcharts",
    singular: "helmchart",
    list_kind: "HelmChartList",
    crd_name: "helmcharts.source.toolkit.fluxcd.io",
    short_names: &["hc"],
    categories: &["all", "fluxcd", "fluxcd-sources"],
    scope: Scope::Namespaced,
    storage: Storage::Stored,
    status: StatusSubresource::Enabled,
    deprecation: None,
    columns: &[
        column("Chart", ".spec.chart", 0),
        column("Version", ".spec.version", 0),
        column("Source Kind", ".spec.sourceRef.kind", 0),
        column("Source Name", ".spec.sourceRef.name", 0),
        AGE,
        READY,
        STATUS,
    ],
};

/// HelmRepository in `source.toolkit.fluxcd.io/v1`.
pub static HELM_REPOSITORY_V1: Registration = Registration {
    group: "source.toolkit.fluxcd.io",
    version: "v1",
    kind: "HelmRepository",
    plural: "helmrepositories",
    singular: "helmrepository",
    list_kind: "HelmRepositoryList",
    crd_name: "helmrepositories.source.toolkit.fluxcd.io",
    short_names: &["helmrepo"],
    categories: &["all", "fluxcd", "fluxcd-sources"],
    scope: Scope::Namespaced,
    storage: Storage::Stored,
    status: StatusSubresource::Enabled,
    deprecation: None,
    columns: &[column("URL", ".spec.url", 0), AGE, READY, STATUS],
};

/// OCIRepository in `source.toolkit.fluxcd.io/v1`.
pub static OCI_REPOSITORY_V1: Registration = Registration {
    group: "source.toolkit.fluxcd.io",
    version: "v1",
    kind: "OCIRepository",
    plural: "ocirepositories",
    singular: "ocirepository",
    list_kind: "OCIRepositoryList",
    crd_name: "ocirepositories.source.toolkit.fluxcd.io",
    short_names: &["ocirepo"],
    categories: &["all", "fluxcd", "fluxcd-sources"],
    scope: Scope::Namespaced,
    storage: Storage::Stored,
    status: StatusSubresource::Enabled,
    deprecation: None,
    columns: &[column("URL", ".spec.url", 0), READY, STATUS, AGE],
};

const AGE: PrinterColumn = PrinterColumn {
    name: "Age",
    json_path: ".metadata.creationTimestamp",
    type_: "date",
    priority: 0,
};
const READY: PrinterColumn = column(
    "Ready",
    r#".status.conditions[?(@.type=="Ready")].status"#,
    0,
);
const STATUS: PrinterColumn = column(
    "Status",
    r#".status.conditions[?(@.type=="Ready")].message"#,
    0,
);

const fn column(name: &'static str, json_path: &'static str, priority: i32) -> PrinterColumn {
    PrinterColumn {
        name,
        json_path,
        type_: "string",
        priority,
    }
}
