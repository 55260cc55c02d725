//! The words in [`Event::action`](super::v1beta1::Event::action), by controller. Flux 2.10 and later.
//!
//! Sources: `action.go` of the API modules of Flux 2.10.

/// Words of kustomize-controller.
pub const KUSTOMIZE: &[&str] = &[
    "Reconcile",
    "CheckDependencies",
    "ResolveSource",
    "Decrypt",
    "Apply",
    "Prune",
    "HealthCheck",
    "Finalize",
    "WaitForTermination",
];
/// Words of source-controller.
pub const SOURCE: &[&str] = &[
    "Reconcile",
    "ReconcileStorage",
    "ReconcileSource",
    "VerifySource",
    "ReconcileArtifact",
    "GarbageCollect",
    "Finalize",
];
/// Words of helm-controller.
pub const HELM: &[&str] = &[
    "Reconcile",
    "CheckDependencies",
    "ResolveSource",
    "ResolveValues",
    "HealthCheck",
    "DriftDetection",
    "HelmInstall",
    "HelmUpgrade",
    "HelmRollback",
    "HelmTest",
    "HelmUninstall",
    "Unlock",
];
/// Words of image-reflector-controller.
pub const IMAGE_REFLECTOR: &[&str] = &["Scan", "SelectImage"];
/// Words of image-automation-controller.
pub const IMAGE_AUTOMATION: &[&str] = &[
    "Reconcile",
    "ListPolicies",
    "ConfigureSource",
    "ApplyPolicies",
    "CommitAndPush",
];
/// Words of source-watcher.
pub const SOURCE_WATCHER: &[&str] = &[
    "Reconcile",
    "ResolveSource",
    "FetchSource",
    "Build",
    "Publish",
];
/// Words of notification-controller.
pub const NOTIFICATION: &[&str] = &[
    "Reconciling",
    "Reconciled",
    "Fetching",
    "Validating",
    "Failed",
];
