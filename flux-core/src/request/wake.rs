use std::fmt;

use fluxcd_api::meta::ObjectMeta;

use super::progress::is_requested;

/// What about a change wakes the controller of an object. `Display` says it to a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Wake {
    /// It is another object of the same name.
    Replaced,
    /// It is to be deleted.
    Deleted,
    /// Its finalizers changed.
    Finalizers,
    /// Its spec changed, which its generation tells.
    Generation,
    /// An annotation asks for a reconciliation.
    Requested,
    /// Its kind counts no generations, so whatever changed may be its spec.
    Uncounted,
}

/// Whether a change of an object wakes its controller, and why. Creation and deletion always do.
///
/// What a controller writes to the status of its own object does not wake it, or it would never come to rest.
///
/// Sources: fluxcd/pkg runtime v0.110.1: `predicates/reconcile_requested.go`; controller-runtime v0.24.1:
/// `pkg/predicate/predicate.go (GenerationChangedPredicate)`. The API server raises the generation together with
/// `deletionTimestamp`; that, finalizers and the uid are looked at here as well, for a list that skips events.
///
/// # Examples
///
/// ```
/// use fluxcd_api::meta::ObjectMeta;
/// use fluxcd_core::request::{Wake, wake};
///
/// let at = |generation, version: &str| ObjectMeta {
///     generation: Some(generation),
///     resource_version: Some(version.to_owned()),
///     ..ObjectMeta::default()
/// };
/// assert_eq!(wake(&at(1, "7"), &at(2, "8")), Some(Wake::Generation));
/// assert_eq!(wake(&at(2, "8"), &at(2, "9")), None);
/// ```
#[must_use]
pub fn wake(old: &ObjectMeta, new: &ObjectMeta) -> Option<Wake> {
    if old.uid != new.uid {
        return Some(Wake::Replaced);
    }
    if old.deletion_timestamp.is_some() != new.deletion_timestamp.is_some() {
        return Some(Wake::Deleted);
    }
    if old.finalizers.as_deref().unwrap_or_default()
        != new.finalizers.as_deref().unwrap_or_default()
    {
        return Some(Wake::Finalizers);
    }
    if old.generation != new.generation {
        return Some(Wake::Generation);
    }
    if is_requested(old.annotations.as_ref(), new.annotations.as_ref()) {
        return Some(Wake::Requested);
    }
    let is_uncounted = new.generation.is_none() && old.resource_version != new.resource_version;
    is_uncounted.then_some(Wake::Uncounted)
}

/// Whether a change of a source wakes what is made from it: it has an artifact, and had none or one of another revision.
///
/// Source: kustomize-controller v1.9.6: `internal/controller/source_predicate.go (SourceRevisionChangePredicate)`.
#[must_use]
pub fn is_revised(old: Option<&str>, new: Option<&str>) -> bool {
    new.is_some() && old != new
}

impl fmt::Display for Wake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Replaced => "it is another object of the same name",
            Self::Deleted => "it is to be deleted",
            Self::Finalizers => "its finalizers changed",
            Self::Generation => "its spec changed",
            Self::Requested => "an annotation asks for it",
            Self::Uncounted => "it changed",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fluxcd_api::meta::key;
    use serde_json::{Value, json};

    fn meta(value: Value) -> ObjectMeta {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn a_status_write_wakes_nobody_and_all_else_that_matters_does() {
        let old = json!({"uid": "1", "generation": 1, "resourceVersion": "1", "annotations": {key::RECONCILE_REQUEST: "a"}});
        for (path, value, expected) in [
            ("/resourceVersion", json!("2"), None),
            ("/labels", json!({"a": "b"}), None),
            ("/annotations", json!({}), None),
            ("/finalizers", json!([]), None),
            ("/uid", json!("2"), Some(Wake::Replaced)),
            (
                "/deletionTimestamp",
                json!("2026-01-01T00:00:00Z"),
                Some(Wake::Deleted),
            ),
            ("/finalizers", json!(["a"]), Some(Wake::Finalizers)),
            ("/generation", json!(2), Some(Wake::Generation)),
            (
                "/annotations",
                json!({key::RECONCILE_REQUEST: "b"}),
                Some(Wake::Requested),
            ),
        ] {
            let mut new = old.clone();
            new[&path[1..]] = value;
            assert_eq!(wake(&meta(old.clone()), &meta(new)), expected, "{path}");
        }
    }

    #[test]
    fn a_kind_without_generations_wakes_on_every_change() {
        let (old, new) = (
            meta(json!({"resourceVersion": "1"})),
            meta(json!({"resourceVersion": "2"})),
        );
        assert_eq!(wake(&old, &new), Some(Wake::Uncounted));
        assert_eq!(wake(&old, &old), None);
    }

    #[test]
    fn only_a_new_revision_wakes_what_is_made_from_a_source() {
        for (old, new, expected) in [
            (None, None, false),
            (None, Some("a"), true),
            (Some("a"), Some("a"), false),
            (Some("a"), Some("b"), true),
            (Some("a"), None, false),
        ] {
            assert_eq!(is_revised(old, new), expected);
        }
    }
}
