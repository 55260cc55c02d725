//! Condition types, and looking into a list of conditions.
//!
//! # Traps
//!
//! - [`RECONCILING`] and [`STALLED`] are only there while they are `True`; their absence is the normal state.
//! - A condition speaks about the generation in its `observedGeneration`, not about the object as it is now.
//!
//! Source: `fluxcd/pkg: apis/meta/conditions.go`.

use super::Condition;

/// Whether the last reconciliation of the current generation went well.
pub const READY: &str = "Ready";
/// Nothing will be tried again before the object changes. Present only when `True`.
pub const STALLED: &str = "Stalled";
/// Work is going on, or will be tried again. Present only when `True`.
pub const RECONCILING: &str = "Reconciling";
/// Whether the applied objects became healthy (Kustomization).
pub const HEALTHY: &str = "Healthy";
/// A reference to another namespace was refused. Present only when `True`.
pub const ACCESS_DENIED: &str = "AccessDenied";

/// The condition of that type.
///
/// # Examples
///
/// ```
/// use fluxcd_api::meta::condition;
///
/// assert!(condition::find(&[], condition::READY).is_none());
/// ```
#[must_use]
pub fn find<'a>(conditions: &'a [Condition], type_: &str) -> Option<&'a Condition> {
    conditions.iter().find(|condition| condition.type_ == type_)
}

/// Whether the condition of that type is there and `True`.
#[must_use]
pub fn is_true(conditions: &[Condition], type_: &str) -> bool {
    find(conditions, type_).is_some_and(|condition| condition.status == "True")
}
