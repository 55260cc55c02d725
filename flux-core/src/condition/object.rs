//! What is sent to the API server when a reconciliation changed its object.
//!
//! Source: `fluxcd/pkg: runtime/patch/patch.go (Helper.Patch)` v0.110.1.

use chrono::{DateTime, Utc};
use fluxcd_api::meta::{Condition, Time, time};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Conditions, Conflict, Ownership, Patch, merge_patch};

/// What is sent, in this order: conditions, object, status. Each part is sent although one before it failed.
///
/// 1. Conditions: read the object, [`ObjectPatch::condition_body`] on what was read, to the status subresource. The body has
///    a resource version, so the API server refuses it (409) when the object changed again: then once more, up to five times
///    with 100 to 200 ms in between. First, because the other parts change that version.
/// 2. The object, without lock.
/// 3. The status without conditions, to the status subresource, without lock.
///
/// All bodies are JSON merge patches.
///
/// # Differences
///
/// Upstream sends a status patch without content where only conditions changed, and one that repeats the changes of the
/// metadata; neither does anything.
///
/// # Examples
///
/// ```
/// use fluxcd_core::condition::ObjectPatch;
/// use serde_json::json;
///
/// let before = json!({"metadata": {"finalizers": ["finalizers.fluxcd.io"]}, "status": {"url": "http://a"}});
/// let after = json!({"metadata": {}, "status": {"url": "http://b", "conditions": []}});
/// let patch = ObjectPatch::between(&before, &after);
/// assert_eq!(patch.object, Some(json!({"metadata": {"finalizers": null}})));
/// assert_eq!(patch.status, Some(json!({"status": {"url": "http://b"}})));
/// assert!(patch.conditions.is_empty());
/// ```
#[must_use]
#[derive(Debug, Clone, PartialEq)]
pub struct ObjectPatch {
    /// The changes of `status.conditions`.
    pub conditions: Patch,
    /// Changes of `metadata` and `spec`.
    pub object: Option<Value>,
    /// Changes of `status`, but for its conditions.
    pub status: Option<Value>,
}

impl ObjectPatch {
    /// The changes from an object as it was read to what it is to be. Set `status.observedGeneration` before, where
    /// [`Conditions::is_observed`].
    pub fn between(before: &Value, after: &Value) -> Self {
        let focus = |object: &Value, keys: &[&str]| {
            let members = object.as_object().into_iter().flatten();
            let kept = members.filter(|(key, _)| keys.contains(&key.as_str()));
            kept.map(|(key, value)| (key.clone(), value.clone()))
                .collect::<Map<_, _>>()
                .into()
        };
        let object: [Value; 2] = [before, after].map(|it| focus(it, &["metadata", "spec"]));
        let status = [before, after].map(|object| {
            let status = object.get("status").and_then(Value::as_object);
            let mut status = status.cloned().unwrap_or_default();
            status.remove("conditions");
            json!({ "status": status })
        });
        Self {
            conditions: Patch::between(&read(before), &read(after)),
            object: merge_patch::diff(&object[0], &object[1]),
            status: merge_patch::diff(&status[0], &status[1]),
        }
    }

    /// The merge patch that makes the changes of conditions on the object as the API server has it now; `None` where there
    /// is nothing left to change. It holds for that `metadata.resourceVersion` only: `latest` must be as it was read.
    ///
    /// # Errors
    ///
    /// [`Conflict`], when somebody else changed the same conditions.
    pub fn condition_body(
        &self,
        latest: &Value,
        ownership: Ownership<'_>,
        now: DateTime<Utc>,
    ) -> Result<Option<Value>, Box<Conflict>> {
        let metadata = |key| latest.get("metadata").and_then(|it| it.get(key));
        let generation = metadata("generation").and_then(Value::as_i64);
        let list = read(latest);
        let mut conditions = Conditions::new(list.clone(), generation.unwrap_or_default(), now);
        conditions.apply(&self.conditions, ownership)?;
        if conditions.list() == list {
            return Ok(None);
        }
        Ok(Some(json!({
            "metadata": {"resourceVersion": metadata("resourceVersion")},
            "status": {"conditions": conditions.into_list()},
        })))
    }
}

/// `status.conditions` of any object. What is missing or of another type is empty, and an entry that is no object is left
/// out.
///
/// # Examples
///
/// ```
/// use fluxcd_core::condition;
/// use serde_json::json;
///
/// let object = json!({"status": {"conditions": [{"type": "Ready", "status": "True"}]}});
/// assert!(condition::is_ready(&condition::read(&object)));
/// ```
#[must_use]
pub fn read(object: &Value) -> Vec<Condition> {
    let list = object.get("status").and_then(|it| it.get("conditions"));
    let entries = list.and_then(Value::as_array).into_iter().flatten();
    let entries = entries.filter_map(Value::as_object).map(|entry| {
        let text = |key| {
            entry
                .get(key)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        let time = entry.get("lastTransitionTime").map(Time::deserialize);
        Condition {
            type_: text("type"),
            status: text("status"),
            reason: text("reason"),
            message: text("message"),
            observed_generation: entry.get("observedGeneration").and_then(Value::as_i64),
            last_transition_time: time.and_then(Result::ok).unwrap_or_else(time::unix_epoch),
        }
    });
    entries.collect()
}
