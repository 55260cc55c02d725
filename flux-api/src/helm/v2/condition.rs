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
