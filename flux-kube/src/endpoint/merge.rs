//! JSON merge patches.

use fluxcd_core::condition::merge_patch;
use kube::api::{Patch, PatchParams};
use serde_json::{Value, json};

use super::Endpoint;
use crate::error::{Class, Error, Verb};

impl Endpoint {
    /// Sends a JSON merge patch to the object, or to a subresource of it. The answer is the object after it.
    pub(crate) async fn merge(
        &self,
        subresource: Option<&str>,
        manager: Option<&str>,
        body: &Value,
    ) -> Result<Value, Error> {
        let params = PatchParams {
            field_manager: manager.map(str::to_owned),
            ..PatchParams::default()
        };
        let (name, patch) = (&self.name, Patch::Merge(body));
        let request = match subresource {
            Some(subresource) => {
                let request = &self.request;
                request.patch_subresource(subresource, name, &params, &patch)
            }
            None => self.request.patch(name, &params, &patch),
        };
        self.send_json(Verb::Patch, request).await
    }

    /// Sends a JSON merge patch that has no lock. Where it is not known what became of it, the object is read: the patch is in
    /// effect, or is sent once more.
    pub(crate) async fn merge_for_sure(
        &self,
        subresource: Option<&str>,
        manager: Option<&str>,
        body: &Value,
    ) -> Result<(), Error> {
        let mut is_second = false;
        loop {
            let error = match self.merge(subresource, manager, body).await {
                Ok(answer) if is_same(&answer, body) => return Ok(()),
                Ok(_) => {
                    let class = Class::NotFound;
                    return Err(Error::other(Verb::Patch, self.subject(), class, REPLACED));
                }
                Err(error) => error,
            };
            if !error.class().is_outcome_unknown() {
                return Err(error);
            }
            match self.get().await {
                Ok(live) if is_in_effect(body, &live) => return Ok(()),
                Ok(_) if !is_second => is_second = true,
                Err(read) if read.class() == Class::NotFound => return Err(read),
                _ => return Err(error),
            }
        }
    }
}

/// The body for that object only: the API server refuses it for another one that has got its name meanwhile.
pub(crate) fn with_uid(mut body: Value, object: &Value) -> Value {
    let uid = object
        .pointer("/metadata/uid")
        .filter(|uid| uid.is_string());
    if let (Some(uid), Some(members)) = (uid, body.as_object_mut()) {
        let metadata = members.entry("metadata").or_insert_with(|| json!({}));
        if let Some(metadata) = metadata.as_object_mut() {
            metadata.insert("uid".to_owned(), uid.clone());
        }
    }
    body
}

/// Whether a merge patch has nothing left to change.
pub(crate) fn is_in_effect(body: &Value, live: &Value) -> bool {
    merge_patch::merge(live.clone(), body) == *live
}

/// Whether both are the same object, not only of the same name. An object without uid was not read from an API server.
pub(crate) fn is_same(a: &Value, b: &Value) -> bool {
    let [a, b] = [a, b].map(|object| object.pointer("/metadata/uid").and_then(Value::as_str));
    a.is_none() || b.is_none() || a == b
}

/// Why an object that is there is not the one that is meant.
pub(crate) const REPLACED: &str = "another object has got its name";
