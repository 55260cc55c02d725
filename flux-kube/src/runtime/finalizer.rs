//! Adding and removing the finalizer, so that nobody else's is lost.

use fluxcd_api::meta::ObjectMeta;
use http::header::CONTENT_TYPE;
use kube::Client;
use serde_json::{Value, json};

use crate::error::{Class, Error, Verb};

/// What became of the patch.
#[derive(Debug)]
pub(super) enum Patched {
    Done,
    /// Somebody changed the finalizers meanwhile, or what is known of them is old, or the object is gone. Which of it, the
    /// next look will tell.
    Raced,
    Failed(Error),
}

pub(super) fn has(metadata: &ObjectMeta, finalizer: &str) -> bool {
    let finalizers = metadata.finalizers.as_deref().unwrap_or_default();
    finalizers.iter().any(|found| found == finalizer)
}

/// Adds it behind the others, if those are still as they were.
pub(super) fn add(metadata: &ObjectMeta, finalizer: &str) -> Value {
    let others = metadata.finalizers.as_deref().unwrap_or_default();
    let path = "/metadata/finalizers";
    let add = if others.is_empty() {
        [
            json!({"op": "test", "path": path, "value": null}),
            json!({"op": "add", "path": path, "value": [finalizer]}),
        ]
    } else {
        [
            json!({"op": "test", "path": path, "value": others}),
            json!({"op": "add", "path": format!("{path}/-"), "value": finalizer}),
        ]
    };
    guarded(metadata, add)
}

/// Removes it, if it still stands where it stood. `None` where it does not.
pub(super) fn remove(metadata: &ObjectMeta, finalizer: &str) -> Option<Value> {
    let mut finalizers = metadata.finalizers.iter().flatten();
    let index = finalizers.position(|found| found == finalizer)?;
    let path = format!("/metadata/finalizers/{index}");
    let remove = [
        json!({"op": "test", "path": path, "value": finalizer}),
        json!({"op": "remove", "path": path}),
    ];
    Some(guarded(metadata, remove))
}

/// Only where it is the same object, not another of its name.
fn guarded(metadata: &ObjectMeta, steps: [Value; 2]) -> Value {
    let uid = metadata.uid.as_ref();
    let test = uid.map(|uid| json!({"op": "test", "path": "/metadata/uid", "value": uid}));
    Value::Array(test.into_iter().chain(steps).collect())
}

pub(super) async fn send(client: &Client, path: &str, subject: &str, patch: &Value) -> Patched {
    let fail = |error| Error::new(Verb::Patch, subject, error);
    let request = http::Request::patch(path)
        .header(CONTENT_TYPE, "application/json-patch+json")
        .body(patch.to_string().into_bytes());
    let request = match request {
        Ok(request) => request,
        Err(error) => return Patched::Failed(fail(kube::Error::HttpError(error))),
    };
    match client.request::<Value>(request).await.map_err(fail) {
        Ok(_) => Patched::Done,
        Err(error) => match error.class() {
            Class::Conflict | Class::NotFound => Patched::Raced,
            // A test that fails is answered without a cause; a finalizer that is no name has one.
            Class::Invalid if !has_causes(&error) => Patched::Raced,
            _ => Patched::Failed(error),
        },
    }
}

fn has_causes(error: &Error) -> bool {
    let details = error.status().and_then(|status| status.details.as_ref());
    details.is_some_and(|details| !details.causes.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metadata(finalizers: &[&str]) -> ObjectMeta {
        let finalizers = finalizers.iter().map(|it| (*it).to_owned()).collect();
        ObjectMeta {
            uid: Some("1".to_owned()),
            finalizers: Some(finalizers),
            ..ObjectMeta::default()
        }
    }

    #[test]
    fn a_finalizer_is_removed_from_where_it_stands() {
        let object = metadata(&["a", "mine"]);
        assert!(has(&object, "mine") && !has(&object, "other"));
        let patch = remove(&object, "mine").unwrap();
        assert_eq!(
            patch[1],
            json!({"op": "test", "path": "/metadata/finalizers/1", "value": "mine"})
        );
        assert_eq!(remove(&object, "other"), None);
    }

    #[test]
    fn a_finalizer_is_added_only_to_what_was_seen() {
        let patch = add(&metadata(&["a"]), "mine");
        assert_eq!(
            patch[0],
            json!({"op": "test", "path": "/metadata/uid", "value": "1"})
        );
        assert_eq!(
            patch[1],
            json!({"op": "test", "path": "/metadata/finalizers", "value": ["a"]})
        );
        let patch = add(&metadata(&[]), "mine");
        assert_eq!(
            patch[2],
            json!({"op": "add", "path": "/metadata/finalizers", "value": ["mine"]})
        );
    }
}
