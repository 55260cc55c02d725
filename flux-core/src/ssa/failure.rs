//! Errors of the API server, and what an object that fails its dry run says and needs.

use std::fmt;

use serde_json::Value;

use super::marker::{self, Marker};
use crate::inventory::ObjectId;

/// An error of the API server, or of the way to it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ApiError {
    /// Its message.
    pub message: String,
    /// `code` of the `Status` that came with it; 0 where none came.
    pub code: u16,
    /// `reason` of the `Status`, such as `Invalid`; empty where there is none.
    pub reason: String,
    /// `type` of each cause in the details of the `Status`.
    pub causes: Vec<String>,
}

/// Which errors count as the refusal to change a field that cannot be changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Immutable {
    /// As upstream: every 409 Conflict and every 422 Invalid, whatever it is about, and messages with `is immutable` or
    /// `immutable field`. Under force, an object with a mere mistake in it is deleted and cannot be created again.
    #[default]
    AnyConflict,
    /// Only 422 Invalid, and the same messages. An object that someone else changed at the same time is not deleted.
    Invalid,
}

/// Why an object is deleted and created again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub struct Recreate<'o> {
    /// What makes the error one about a field that cannot be changed.
    pub because: Evidence,
    /// Who asked for it.
    pub asked_by: Force<'o>,
}

/// What tells that a field cannot be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Evidence {
    /// 409 Conflict.
    Conflict,
    /// 422 Invalid.
    Invalid,
    /// The message.
    Message,
}

/// Who asks for objects to be created again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Force<'o> {
    /// `spec.force`.
    Spec,
    /// `force: enabled` on an object.
    Marker(Marker<'o>),
}

impl ApiError {
    /// An error without a `Status`: a timeout, a refused connection.
    #[must_use]
    pub fn of_transport(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            ..Self::default()
        }
    }

    /// An error with a `Status`.
    #[must_use]
    pub fn of_status(code: u16, reason: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            code,
            reason: reason.into(),
            causes: Vec::new(),
        }
    }

    /// Whether the reason says so, or the code where the reason is none that Kubernetes knows.
    fn is(&self, reason: &str, code: u16) -> bool {
        self.reason == reason || (self.code == code && !REASONS.contains(&self.reason.as_str()))
    }

    /// Whether the object, its namespace or its kind does not exist.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.is("NotFound", 404)
    }

    /// What tells that the error is about a field that cannot be changed.
    ///
    /// In messages a single space, tab or line break may stand between the words; case counts.
    ///
    /// Source: fluxcd/pkg ssa v0.76.1: `errors/immutable.go (IsImmutableError)`.
    #[must_use]
    pub fn immutable(&self, rule: Immutable) -> Option<Evidence> {
        if rule == Immutable::AnyConflict && self.is("Conflict", 409) {
            return Some(Evidence::Conflict);
        }
        if self.is("Invalid", 422) {
            return Some(Evidence::Invalid);
        }
        let apart = |first: &str, second: &str| {
            self.message.match_indices(first).any(|(at, _)| {
                let rest = self.message.get(at.saturating_add(first.len())..);
                let rest = rest
                    .unwrap_or_default()
                    .strip_prefix([' ', '\t', '\n', '\u{c}', '\r']);
                rest.is_some_and(|rest| rest.starts_with(second))
            })
        };
        (apart("is", "immutable") || apart("immutable", "field")).then_some(Evidence::Message)
    }
}

/// Whether an object that exists, and whose dry run failed with that error, is deleted and created again; `None` makes
/// the error one of the apply.
///
/// It must be asked for: by `spec.force`, or by `force: enabled` as label or annotation of either object.
///
/// Source: fluxcd/pkg ssa v0.76.1: `manager_apply.go (shouldForceApply)`.
///
/// # Examples
///
/// ```
/// use fluxcd_core::ssa::{ApiError, Evidence, Immutable, recreate};
/// use serde_json::json;
///
/// let desired = json!({"metadata": {"annotations": {"kustomize.toolkit.fluxcd.io/force": "enabled"}}});
/// let live = json!({"metadata": {"uid": "1f2e"}});
/// let error = ApiError::of_status(409, "Conflict", "the object has been modified");
///
/// let upstream = recreate(&desired, &live, false, &error, Immutable::default()).unwrap();
/// assert_eq!(upstream.because, Evidence::Conflict);
/// assert_eq!(recreate(&desired, &live, false, &error, Immutable::Invalid), None);
/// ```
#[must_use]
pub fn recreate<'o>(
    desired: &'o Value,
    live: &'o Value,
    force: bool,
    error: &ApiError,
    rule: Immutable,
) -> Option<Recreate<'o>> {
    let because = error.immutable(rule)?;
    let asked_by = if force {
        Force::Spec
    } else {
        Force::Marker(marker::find_on_either(
            desired,
            Some(live),
            &[marker::FORCE_ENABLED],
        )?)
    };
    Some(Recreate { because, asked_by })
}

/// The text of a failed dry run, as it stands in the conditions and events of a Kustomization.
///
/// Source: fluxcd/pkg ssa v0.76.1: `errors/errors.go (DryRunErr.Error)`.
///
/// # Examples
///
/// ```
/// use fluxcd_core::ssa::{ApiError, dry_run_failure};
/// use serde_json::json;
///
/// let object = json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "namespace": "shop"}});
/// let error = ApiError::of_status(422, "Invalid", "spec.replicas: must be positive");
/// assert_eq!(
///     dry_run_failure(&object, &error),
///     "Deployment/shop/web dry-run failed (Invalid): spec.replicas: must be positive"
/// );
/// ```
#[must_use]
pub fn dry_run_failure(object: &Value, error: &ApiError) -> String {
    let id = ObjectId::of(object);
    let (subject, message) = (id.subject(), &error.message);
    if error.is_not_found() {
        let what = match id.namespace.as_str() {
            "" => "namespace not specified",
            _ => "not found",
        };
        return format!("{subject} {what}: {message}");
    }
    let conflict = error
        .causes
        .iter()
        .find(|cause| *cause == FIELD_MANAGER_CONFLICT);
    match conflict.unwrap_or(&error.reason).as_str() {
        "" => format!("{subject} dry-run failed: {message}"),
        reason => format!("{subject} dry-run failed ({reason}): {message}"),
    }
}

/// The reason, for a person.
impl fmt::Display for Recreate<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.because {
            Evidence::Conflict => "409 Conflict counts as immutable",
            Evidence::Invalid => "422 Invalid counts as immutable",
            Evidence::Message => "the message says immutable",
        })?;
        match self.asked_by {
            Force::Spec => f.write_str(", and spec.force"),
            Force::Marker(marker) => write!(f, ", and {marker}"),
        }
    }
}

const FIELD_MANAGER_CONFLICT: &str = "FieldManagerConflict";

/// The reasons that Kubernetes knows; for any other the code decides.
///
/// Source: k8s.io/apimachinery v0.36.2: `pkg/api/errors/errors.go (knownReasons)`.
const REASONS: [&str; 19] = [
    "AlreadyExists",
    "BadRequest",
    "Conflict",
    "Expired",
    "Forbidden",
    "Gone",
    "InternalError",
    "Invalid",
    "MethodNotAllowed",
    "NotAcceptable",
    "NotFound",
    "RequestEntityTooLarge",
    "ServerTimeout",
    "ServiceUnavailable",
    "StorageReadError",
    "Timeout",
    "TooManyRequests",
    "Unauthorized",
    "UnsupportedMediaType",
];
