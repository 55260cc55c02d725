//! Reasons of image kinds, beside those of [`meta::reason`](crate::meta::reason).
//!
//! Sources: `image-reflector-controller: api/v1/condition_types.go`, `image-automation-controller:
//! api/v1/condition_types.go`, versions 1.3.

// Scanning and choosing.

/// No tag could be chosen, or the database could not be read.
pub const FAILURE: &str = "Failure";
/// The spec of the policy does not make sense.
pub const INVALID_POLICY: &str = "InvalidPolicy";
/// Credentials are missing, wrong or unusable.
pub const AUTHENTICATION_FAILED: &str = "AuthenticationFailed";
/// The image name cannot be understood.
pub const IMAGE_URL_INVALID: &str = "ImageURLInvalid";
/// Digests are to be looked up, but there is no interval.
pub const INTERVAL_NOT_CONFIGURED: &str = "IntervalNotConfigured";
/// The registry or the database could not be read.
pub const READ_OPERATION_FAILED: &str = "ReadOperationFailed";

// Updating.

/// Git reported an error.
pub const GIT_OPERATION_FAILED: &str = "GitOperationFailed";
/// The label selector cannot be understood.
pub const INVALID_POLICY_SELECTOR: &str = "InvalidPolicySelector";
/// The source and the settings do not fit together.
pub const INVALID_SOURCE_CONFIGURATION: &str = "InvalidSourceConfiguration";
/// The way to change files is not known.
pub const INVALID_UPDATE_STRATEGY: &str = "InvalidUpdateStrategy";
/// The message template uses a field that is gone.
pub const REMOVED_TEMPLATE_FIELD: &str = "RemovedTemplateField";
/// The repository could not be made ready.
pub const SOURCE_MANAGER_FAILED: &str = "SourceManagerFailed";
/// Files could not be changed.
pub const UPDATE_FAILED: &str = "UpdateFailed";
