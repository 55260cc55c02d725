//! One object at the API server, as a value: what the rooms that read and patch single objects have in common.

use fluxcd_api::meta::NamespacedObjectKindReference;
use fluxcd_api::registry;
use fluxcd_core::condition::merge_patch;
use kube::Client;
use kube::api::{DynamicObject, GetParams, Patch, PatchParams};
use kube::core::{ApiResource, GroupVersionKind, Request};
use serde_json::{Value, json};

use crate::Error;
use crate::endpoint::{exchange, is_path_segment};
use crate::error::{Class, Verb};
use crate::mapper::Mapper;

/// An object by its address.
#[derive(Clone)]
pub(crate) struct Target {
    client: Client,
    subject: String,
    path: String,
    name: String,
    /// Whether the path leads to that object and to no other.
    is_one_place: bool,
}

impl Target {
    /// The object of that name; in no namespace, the kind is one of the cluster.
    pub(crate) fn new(
        client: Client,
        resource: &ApiResource,
        namespace: Option<&str>,
        name: &str,
    ) -> Self {
        let namespace = namespace.filter(|namespace| !namespace.is_empty());
        let subject = match namespace {
            Some(namespace) => format!("{}/{namespace}/{name}", resource.kind),
            None => format!("{}/{name}", resource.kind),
        };
        Self {
            client,
            subject,
            path: <DynamicObject as kube::Resource>::url_path(resource, namespace),
            name: name.to_owned(),
            is_one_place: namespace.into_iter().chain([name]).all(is_path_segment),
        }
    }

    /// The object behind a reference: in the version that is written, else in the one that the API server prefers for that
    /// kind of Flux.
    pub(crate) async fn find(
        client: &Client,
        mapper: &Mapper,
        reference: &NamespacedObjectKindReference,
    ) -> Result<Self, Error> {
        let NamespacedObjectKindReference {
            api_version,
            kind,
            name,
            namespace,
        } = reference;
        let found = match (api_version, registry::by_kind(kind).first()) {
            (Some(api_version), _) => {
                let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
                mapper
                    .resolve(&GroupVersionKind::gvk(group, version, kind))
                    .await?
            }
            (None, Some(known)) => mapper.resolve_kind(known.group, kind).await?,
            (None, None) => {
                let text = "a kind that is none of Flux needs an apiVersion";
                return Err(Error::other(Verb::Discover, kind, Class::NotFound, text));
            }
        };
        let namespace = namespace.as_deref().filter(|_| found.is_namespaced());
        Ok(Self::new(client.clone(), &found.resource, namespace, name))
    }

    /// `Kind/namespace/name`.
    pub(crate) fn subject(&self) -> &str {
        &self.subject
    }

    /// The object as the API server has it now, not as one of its caches does.
    pub(crate) async fn get(&self) -> Result<Value, Error> {
        let request = Request::new(&self.path).get(&self.name, &GetParams::default());
        self.send(Verb::Get, request).await
    }

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
        let (request, patch) = (Request::new(&self.path), Patch::Merge(body));
        let request = match subresource {
            Some(subresource) => {
                request.patch_subresource(subresource, &self.name, &params, &patch)
            }
            None => request.patch(&self.name, &params, &patch),
        };
        self.send(Verb::Patch, request).await
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
                    return Err(Error::other(Verb::Patch, &self.subject, class, REPLACED));
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

    async fn send(
        &self,
        verb: Verb,
        request: Result<http::Request<Vec<u8>>, kube::core::request::Error>,
    ) -> Result<Value, Error> {
        if !self.is_one_place {
            let text = "a name or namespace that is none";
            return Err(Error::other(verb, &self.subject, Class::Invalid, text));
        }
        let failed = |error| Error::new(verb, self.subject.clone(), error);
        let request = request.map_err(|error| failed(kube::Error::BuildRequest(error)))?;
        let body = exchange(&self.client, request).await.map_err(failed)?;
        serde_json::from_slice(&body).map_err(|error| failed(kube::Error::SerdeError(error)))
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
