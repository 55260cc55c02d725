//! Condition types and reasons of HelmRelease, beside those of [`meta::condition`](crate::meta::condition) and
//! [`meta::reason`](crate::meta::reason).
//!
//! Source: `helm-controller: api/v2/condition_types.go`, version 1.7.

// Condition types.

/// The last install or upgrade.
pub const RELEASED: &str = "Released";
/// The tests of the last release.
pub const TEST_SUCCESS: &str = "TestSuccess";
/// A failed release was taken back.
pub const REMEDIATED: &str = "Remediated";
/// Objects differ from the release.
pub const DRIFTED: &str = "Drifted";

// Reasons.

/// The install worked.
pub const INSTALL_SUCCEEDED: &str = "InstallSucceeded";
/// The install failed.
pub const INSTALL_FAILED: &str = "InstallFailed";
/// The upgrade worked.
pub const UPGRADE_SUCCEEDED: &str = "UpgradeSucceeded";
/// The upgrade failed.
pub const UPGRADE_FAILED: &str = "UpgradeFailed";
/// The tests passed.
pub const TEST_SUCCEEDED: &str = "TestSucceeded";
/// A test failed.
pub const TEST_FAILED: &str = "TestFailed";
/// The rollback worked.
pub const ROLLBACK_SUCCEEDED: &str = "RollbackSucceeded";
/// The rollback failed.
pub const ROLLBACK_FAILED: &str = "RollbackFailed";
/// The release was removed.
pub const UNINSTALL_SUCCEEDED: &str = "UninstallSucceeded";
/// The release could not be removed.
pub const UNINSTALL_FAILED: &str = "UninstallFailed";
/// Others changed objects of the release.
pub const DRIFT_DETECTED: &str = "DriftDetected";
/// Nobody else changed objects of the release.
pub const NO_DRIFT_DETECTED: &str = "NoDriftDetected";
/// The objects of the release could not be listed.
pub const INVENTORY_BUILD_FAILED: &str = "InventoryBuildFailed";
/// Namespaced kinds could not be told from others.
pub const NAMESPACE_CHECK_SKIPPED: &str = "NamespaceCheckSkipped";

// Reasons that helm-controller writes without a constant in its API.

/// Tests have yet to run.
pub const AWAITING_TESTS: &str = "AwaitingTests";
/// The version of the chart could not be extended by the digest of its source.
pub const CHART_MUTATE_ERROR: &str = "ChartMutateError";
/// Helm could not be set up for the removal of a release.
pub const CONFIG_FACTORY_ERROR: &str = "ConfigFactoryErr";
/// Helm could not be set up.
pub const FACTORY_ERROR: &str = "FactoryError";
/// There is no release to roll back to.
pub const MISSING_ROLLBACK_TARGET: &str = "MissingRollbackTarget";
/// An action of Helm was interrupted, and its lock was removed.
pub const PENDING_RELEASE: &str = "PendingRelease";
/// An action could not do its work.
pub const RECONCILE_ERROR: &str = "ReconcileError";
/// The client for objects of the release could not be made.
pub const RESOURCE_MANAGER_ERROR: &str = "ResourceManagerError";
/// The client for the cluster could not be made.
pub const REST_CLIENT_ERROR: &str = "RESTClientError";
/// There were as many failures as are allowed.
pub const RETRIES_EXCEEDED: &str = "RetriesExceeded";
/// The source has no artifact, or has not seen its newest spec.
pub const SOURCE_NOT_READY: &str = "SourceNotReady";
/// The state of the release could not be determined.
pub const STATE_ERROR: &str = "StateError";
/// The values could not be composed.
pub const VALUES_ERROR: &str = "ValuesError";
