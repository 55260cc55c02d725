//! What is compared, and what is sent.

use chrono::{DateTime, Utc};
use fluxcd_core::condition::{self, Conditions, Conflict, ObjectPatch, Ownership, Patch};
use serde_json::{Value, json};

use crate::endpoint::{is_in_effect, with_uid};

/// Members of `metadata` that the API server writes: a difference in them is no wish of the writer, and a resource version in
/// a body would lock it.
const OF_THE_SERVER: [&str; 7] = [
    "creationTimestamp",
    "deletionGracePeriodSeconds",
    "deletionTimestamp",
    "generation",
    "managedFields",
    "resourceVersion",
    "selfLink",
];

/// Lists of `metadata` with more than one writer.
const SHARED: [&str; 2] = ["/metadata/finalizers", "/metadata/ownerReferences"];

/// An object as it was before a reconciliation, and as it is to be.
#[derive(Clone, Copy)]
pub(super) struct Change<'a> {
    pub(super) before: &'a Value,
    pub(super) after: &'a Value,
}

/// The object without members of its status that are null: that is how some types write what is unset (K16).
pub(super) fn without_nulls(mut object: Value) -> Value {
    if let Some(status) = object.get_mut("status") {
        drop_nulls(status);
        if status.is_null() {
            *status = json!({});
        }
    }
    object
}

fn drop_nulls(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|_, member| !member.is_null());
            members.values_mut().for_each(drop_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(drop_nulls),
        _ => {}
    }
}

/// `status.observedGeneration` becomes the generation where the conditions say that it was dealt with.
pub(super) fn observe(object: &mut Value, now: DateTime<Utc>) {
    let Some(generation) = generation(object) else {
        return;
    };
    let conditions = Conditions::new(condition::read(object), generation, now);
    let status = object.get_mut("status").and_then(Value::as_object_mut);
    if let Some(status) = status.filter(|_| conditions.is_observed()) {
        status.insert("observedGeneration".to_owned(), json!(generation));
    }
}

impl Change<'_> {
    /// The merge patches of metadata and spec, and of the rest of the status.
    pub(super) fn patch(self) -> ObjectPatch {
        let [before, after] = [self.before, self.after].map(|object| {
            let mut object = object.clone();
            let metadata = object.get_mut("metadata").and_then(Value::as_object_mut);
            if let Some(metadata) = metadata {
                metadata.retain(|key, _| !OF_THE_SERVER.contains(&key.as_str()) && key != "uid");
            }
            object
        });
        ObjectPatch::between(&before, &after)
    }

    /// The merge patch of metadata and spec on the latest object, under its resource version: what others have in shared lists
    /// stays. Nothing where it is in effect.
    pub(super) fn object(self, body: &Value, latest: &Value) -> Option<Value> {
        let mut body = body.clone();
        for list in SHARED {
            let entries = |object: &Value| {
                let entries = object.pointer(list).and_then(Value::as_array);
                entries.cloned().unwrap_or_default()
            };
            let [before, after, now] = [self.before, self.after, latest].map(entries);
            if let Some(place) = body.pointer_mut(list) {
                *place = three_way(&before, &after, &now).into();
            }
        }
        let body = with_uid(body, latest);
        if is_in_effect(&body, latest) {
            return None;
        }
        let mut body = body;
        let version = latest.pointer("/metadata/resourceVersion").cloned();
        if let Some(metadata) = body.get_mut("metadata").and_then(Value::as_object_mut) {
            metadata.extend(version.map(|version| ("resourceVersion".to_owned(), version)));
        }
        Some(body)
    }

    /// The merge patch of the conditions on the latest object, under its resource version; nothing where they are as they are
    /// to be. What is written stands for the generation that was reconciled, and `observed`, the new
    /// `status.observedGeneration`, comes with it.
    pub(super) fn conditions(
        self,
        latest: &Value,
        ownership: Ownership<'_>,
        observed: Option<&Value>,
        now: DateTime<Utc>,
    ) -> Result<Option<Value>, Box<Conflict>> {
        let [before, after, list] = [self.before, self.after, latest].map(condition::read);
        let patch = ObjectPatch {
            conditions: Patch::against(&before, &after, &list, ownership),
            object: None,
            status: None,
        };
        let mut reconciled = latest.clone();
        let metadata = reconciled
            .get_mut("metadata")
            .and_then(Value::as_object_mut);
        if let (Some(metadata), Some(generation)) = (metadata, generation(self.after)) {
            metadata.insert("generation".to_owned(), json!(generation));
        }
        let Some(mut body) = patch.condition_body(&reconciled, ownership, now)? else {
            return Ok(None);
        };
        if let Some(status) = body.get_mut("status").and_then(Value::as_object_mut) {
            if let Some(Value::Array(entries)) = status.get_mut("conditions") {
                keep_foreign(entries, latest);
            }
            if let Some(observed) = observed {
                status.insert("observedGeneration".to_owned(), observed.clone());
            }
        }
        Ok(Some(with_uid(body, latest)))
    }
}

/// Whether nothing says that they are two objects. Items of a list say neither version nor kind.
pub(super) fn is_one_object(a: &Value, b: &Value) -> bool {
    let says = [
        "/apiVersion",
        "/kind",
        "/metadata/namespace",
        "/metadata/name",
        "/metadata/uid",
    ];
    says.iter().all(|pointer| {
        let [a, b] = [a, b].map(|object| object.pointer(pointer).and_then(Value::as_str));
        a.is_none() || b.is_none() || a == b
    })
}

/// Whether a merge patch replaces lists of the metadata to which others add as well.
pub(super) fn has_shared_lists(body: &Value) -> bool {
    SHARED.iter().any(|list| body.pointer(list).is_some())
}

/// The entries of the latest list, without those that were taken away and with those that were added.
fn three_way(before: &[Value], after: &[Value], latest: &[Value]) -> Vec<Value> {
    let kept = latest
        .iter()
        .filter(|entry| after.contains(entry) || !before.contains(entry));
    let is_new = |entry: &&Value| !before.contains(entry) && !latest.contains(entry);
    kept.chain(after.iter().filter(is_new)).cloned().collect()
}

/// Conditions that stay as they are keep every member, also those that nobody here knows.
fn keep_foreign(entries: &mut [Value], latest: &Value) {
    let raw = latest
        .pointer("/status/conditions")
        .and_then(Value::as_array);
    let raw = raw.into_iter().flatten().filter(|entry| entry.is_object());
    let known: Vec<_> = condition::read(latest)
        .iter()
        .map(|condition| serde_json::to_value(condition).unwrap_or_default())
        .zip(raw)
        .collect();
    for entry in entries {
        if let Some((_, raw)) = known.iter().find(|(known, _)| known == entry) {
            entry.clone_from(raw);
        }
    }
}

fn generation(object: &Value) -> Option<i64> {
    object
        .pointer("/metadata/generation")
        .and_then(Value::as_i64)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn list() -> impl Strategy<Value = Vec<Value>> {
        let names = prop::sample::subsequence(vec!["a", "b", "c", "d", "e"], 0..5);
        names.prop_map(|names| names.into_iter().map(Value::from).collect())
    }

    proptest! {
        #[test]
        fn a_list_of_several_writers_keeps_what_others_did(before in list(), after in list(), latest in list()) {
            let merged = three_way(&before, &after, &latest);
            for entry in before.iter().chain(&after).chain(&latest) {
                let wanted = match (before.contains(entry), after.contains(entry)) {
                    (true, false) => false,
                    (false, true) => true,
                    _ => latest.contains(entry),
                };
                prop_assert_eq!(merged.contains(entry), wanted);
            }
            prop_assert_eq!(three_way(&before, &after, &merged), merged.clone());
            prop_assert_eq!(three_way(&latest, &merged, &latest), merged);
        }
    }
}
