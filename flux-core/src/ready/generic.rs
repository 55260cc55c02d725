use chrono::{DateTime, Utc};
use serde_json::Value;

use super::object::{self, Condition, Conditions};
use super::readiness::Told;
use super::{Error, Readiness, Reason, kstatus};

/// How far an object is, by itself: without those that it generates, and without custom health checks.
///
/// The first that applies decides:
///
/// 1. `metadata.deletionTimestamp`: Terminating.
/// 2. `metadata.generation` and `status.observedGeneration` are both there and differ: InProgress.
/// 3. In the order of the list, the first condition that is `Reconciling`=True (InProgress) or `Stalled`=True (Failed).
/// 4. The rule of the kind, if it [has one](super::has_rule).
/// 5. The first condition `Ready`: Current if true, InProgress if false or unknown. Other values are passed over.
/// 6. Current.
///
/// Flux judges Jobs by [`compute_job`](super::compute_job) instead; [`Reader`](super::Reader) chooses as Flux does. `now`
/// matters for Pods that cannot be scheduled only.
///
/// Source: fluxcd/cli-utils v1.2.2: `pkg/kstatus/status/status.go (Compute)`, `generic.go (checkGenericProperties)`.
///
/// # Errors
///
/// [`Error`] for fields of another type than these steps expect; the first one that is met.
///
/// # Examples
///
/// ```
/// use chrono::DateTime;
/// use fluxcd_core::ready::{self, Reason, Status};
/// use serde_json::json;
///
/// let now = DateTime::UNIX_EPOCH;
/// let claim = json!({
///     "apiVersion": "v1", "kind": "PersistentVolumeClaim", "status": {"phase": "Pending"},
/// });
/// let readiness = ready::compute(&claim, now)?;
/// assert_eq!(readiness.status, Status::InProgress);
/// assert_eq!(readiness.message(), "PVC is not Bound. phase: Pending");
///
/// // Nothing tells how such an object is: it counts as Current at once.
/// let ingress = json!({"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "status": {}});
/// let readiness = ready::compute(&ingress, now)?;
/// assert_eq!((readiness.status, readiness.reason), (Status::Current, Reason::NoRule));
/// # Ok::<(), ready::Error>(())
/// ```
pub fn compute(object: &Value, now: DateTime<Utc>) -> Result<Readiness, Error> {
    let deletion = object::text(object, &["metadata", "deletionTimestamp"])
        .map_err(|_| Error::DeletionTimestamp)?;
    if deletion.is_some_and(|time| !time.is_empty()) {
        return Ok(Reason::Deletion.into());
    }
    let generation = generation(object)?;
    if let Some(generation) = generation
        && let Some(observed) = observed_generation(object)?
        && generation != observed
    {
        let kind = object::kind(object).to_owned();
        return Ok(Reason::GenerationNotObserved {
            kind,
            generation,
            observed,
        }
        .into());
    }
    let conditions = Conditions::of(object)?;
    for condition in conditions.iter() {
        match (condition.kind, condition.status) {
            ("Reconciling", "True") => return Ok(Reason::Reconciling(condition.told()).into()),
            ("Stalled", "True") => return Ok(Reason::Stalled(condition.told()).into()),
            _ => {}
        }
    }
    let (group, kind) = object::group_kind(object);
    match kstatus::rule(group, kind) {
        Some(rule) => rule(&kstatus::Live {
            object,
            conditions,
            now,
        })
        .map(Readiness::from),
        None => Ok(by_ready_condition(&conditions).into()),
    }
}

/// `metadata.generation`.
pub(super) fn generation(object: &Value) -> Result<Option<i64>, Error> {
    object::integer(object, &["metadata", "generation"]).map_err(|_| Error::Generation)
}

/// `status.observedGeneration`.
pub(super) fn observed_generation(object: &Value) -> Result<Option<i64>, Error> {
    object::integer(object, &["status", "observedGeneration"])
        .map_err(|_| Error::ObservedGeneration)
}

fn by_ready_condition(conditions: &Conditions<'_>) -> Reason {
    for condition in conditions.iter().filter(|one| one.kind == "Ready") {
        match condition.status {
            "True" => return Reason::Ready,
            "False" | "Unknown" => return Reason::NotReady(condition.told()),
            _ => {}
        }
    }
    Reason::NoRule
}

impl Condition<'_> {
    pub(super) fn told(self) -> Told {
        Told {
            reason: self.reason.to_owned(),
            message: self.message.to_owned(),
        }
    }
}
