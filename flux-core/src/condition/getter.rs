//! Looking into a list of conditions. Of several conditions of one type, the first counts.
//!
//! Source: `fluxcd/pkg: runtime/conditions/getter.go` v0.110.1.

use fluxcd_api::meta::Condition;
use fluxcd_api::meta::condition::{READY, RECONCILING, STALLED};
pub use fluxcd_api::meta::condition::{find, is_true};

/// Whether the condition of that type is there and `False`.
#[must_use]
pub fn is_false(conditions: &[Condition], type_: &str) -> bool {
    find(conditions, type_).is_some_and(|it| it.status == "False")
}

/// Whether the condition of that type is `Unknown`, or not there at all.
#[must_use]
pub fn is_unknown(conditions: &[Condition], type_: &str) -> bool {
    find(conditions, type_).is_none_or(|it| it.status == "Unknown")
}

/// Whether `Ready` is `True`, and the object neither [stalled](is_stalled) nor [reconciling](is_reconciling).
///
/// # Examples
///
/// ```
/// use chrono::DateTime;
/// use fluxcd_core::condition::{self, Conditions};
///
/// let mut conditions = Conditions::new(Vec::new(), 1, DateTime::UNIX_EPOCH);
/// conditions.mark_true("Ready", "Succeeded", "applied");
/// assert!(condition::is_ready(conditions.list()));
/// conditions.mark_reconciling("Progressing", "new revision");
/// assert!(!condition::is_ready(conditions.list()));
/// ```
#[must_use]
pub fn is_ready(conditions: &[Condition]) -> bool {
    !is_stalled(conditions) && !is_reconciling(conditions) && is_true(conditions, READY)
}

/// Whether `Stalled` is `True` and `Reconciling` is not.
#[must_use]
pub fn is_stalled(conditions: &[Condition]) -> bool {
    !is_true(conditions, RECONCILING) && is_true(conditions, STALLED)
}

/// Whether `Reconciling` is `True` and `Stalled` is not.
#[must_use]
pub fn is_reconciling(conditions: &[Condition]) -> bool {
    !is_true(conditions, STALLED) && is_true(conditions, RECONCILING)
}
