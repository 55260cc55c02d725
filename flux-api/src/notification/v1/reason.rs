//! Reasons of notification kinds, beside those of [`meta::reason`](crate::meta::reason).
//!
//! Source: `notification-controller: api/v1/condition_types.go`, version 1.10.

/// The object was seen and is usable.
pub const INITIALIZED: &str = "Initialized";
/// The settings do not fit together.
pub const INVALID_CONFIG: &str = "InvalidConfig";
/// Metadata could not be added to an event.
pub const METADATA_APPEND_FAILED: &str = "MetadataAppendFailed";
/// The object was moved to another form.
pub const MIGRATION: &str = "Migration";
/// An event could not be sent.
pub const NOTIFICATION_DISPATCH_FAILED: &str = "NotificationDispatchFailed";
/// The object that an event is about could not be read.
pub const SOURCE_FETCH_FAILED: &str = "SourceFetchFailed";
/// The Secret lacks the token.
pub const TOKEN_NOT_FOUND: &str = "TokenNotFound";
/// The spec does not make sense.
pub const VALIDATION_FAILED: &str = "ValidationFailed";
