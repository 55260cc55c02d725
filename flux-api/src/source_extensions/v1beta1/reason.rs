//! Reasons of ArtifactGenerator, beside those of [`meta::reason`](crate::meta::reason).
//!
//! Source: `source-watcher: api/v1beta1/artifactgenerator_types.go`, version 2.3.

/// A namespace that existed already is now managed (2.10).
pub const ADOPTED: &str = "Adopted";
/// A namespace or artifact belongs to someone else (2.10).
pub const OWNERSHIP_CONFLICT: &str = "OwnershipConflict";
/// An annotation switched reconciliation off.
pub const RECONCILIATION_DISABLED: &str = "ReconciliationDisabled";
/// A source has no artifact, or it could not be fetched.
pub const SOURCE_FETCH_FAILED: &str = "SourceFetchFailed";
/// The spec does not make sense.
pub const VALIDATION_FAILED: &str = "ValidationFailed";
