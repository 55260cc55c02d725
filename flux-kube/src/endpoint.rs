//! Requests about one object, in its wire form.
//!
//! kube's `Api` reads objects into a type of its own, and its client writes an answer that it cannot read into the log,
//! a Secret too. What is applied here is what the user wrote, and what is compared is what the API server answered.

mod merge;

use bytes::Bytes;
use fluxcd_api::meta::NamespacedObjectKindReference;
use fluxcd_api::registry;
use fluxcd_core::inventory::ObjectId;
use fluxcd_core::ssa::Patch as JsonPatch;
use http::{HeaderValue, Response, header};
use http_body_util::BodyExt;
use kube::api::{DeleteParams, DynamicObject, GetParams, Patch, PatchParams, Preconditions};
use kube::client::Body;
use kube::core::{ApiResource, GroupVersionKind, Request, Status};
use kube::{Client, Resource};
use serde_json::Value;
use tokio::time::{Instant, timeout_at};

pub(crate) use self::merge::{REPLACED, is_in_effect, is_same, with_uid};
use crate::client::refusal;
use crate::error::{Class, Error, Verb};
use crate::mapper::{Kind, Mapper};

/// Where one object lives, and until when it may take.
#[derive(Clone)]
pub(crate) struct Endpoint {
    client: Client,
    request: Request,
    name: String,
    subject: String,
    end: Option<Instant>,
}

/// Whether what is sent is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    /// It is.
    Real,
    /// The API server only tells what would be.
    DryRun,
}

impl Endpoint {
    /// The place of the object of that name, without a time limit; in no namespace, the kind is one of the cluster.
    ///
    /// # Errors
    ///
    /// Of [`Class::Invalid`] where the name, or the namespace, is none that fits into a path.
    pub(crate) fn new(
        client: Client,
        resource: &ApiResource,
        namespace: Option<&str>,
        name: &str,
    ) -> Result<Self, Error> {
        let namespace = namespace.filter(|namespace| !namespace.is_empty());
        let subject = match namespace {
            Some(namespace) => format!("{}/{namespace}/{name}", resource.kind),
            None => format!("{}/{name}", resource.kind),
        };
        let refuse = |reason| Err(Error::other(Verb::Get, &*subject, Class::Invalid, reason));
        if name.is_empty() {
            return refuse("resource name may not be empty".to_owned());
        }
        if !is_path_segment(name) {
            return refuse(format!("invalid resource name {name:?}"));
        }
        if let Some(namespace) = namespace.filter(|namespace| !is_path_segment(namespace)) {
            return refuse(format!("invalid namespace {namespace:?}"));
        }
        Ok(Self {
            client,
            request: Request::new(DynamicObject::url_path(resource, namespace)),
            name: name.to_owned(),
            subject,
            end: None,
        })
    }

    /// The place of an object of that kind.
    ///
    /// # Errors
    ///
    /// Those of [`new`](Self::new), and of [`Class::NotFound`] for an object without the namespace that it needs.
    pub(crate) fn of(client: Client, kind: &Kind, id: &ObjectId) -> Result<Self, Error> {
        let namespace = kind.is_namespaced().then_some(id.namespace.as_str());
        let place = Self::new(client, &kind.resource, namespace, &id.name)?;
        if namespace.is_some_and(str::is_empty) {
            let status = Status::failure(NO_NAMESPACE, "NotFound").with_code(404);
            let error = kube::Error::Api(Box::new(status));
            return Err(Error::new(Verb::Get, place.subject, error));
        }
        Ok(place)
    }

    /// The place of the object behind a reference: in the version that is written, else in the one that the API server
    /// prefers for that kind of Flux.
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
                let kind = GroupVersionKind::gvk(group, version, kind);
                mapper.resolve(&kind).await?
            }
            (None, Some(known)) => mapper.resolve_kind(known.group, kind).await?,
            (None, None) => {
                let text = "a kind that is none of Flux needs an apiVersion";
                return Err(Error::other(Verb::Discover, kind, Class::NotFound, text));
            }
        };
        let namespace = namespace.as_deref().filter(|_| found.is_namespaced());
        Self::new(client.clone(), &found.resource, namespace, name)
    }

    /// The same place with a time limit.
    pub(crate) fn until(self, end: Instant) -> Self {
        let end = Some(end);
        Self { end, ..self }
    }

    pub(crate) const fn end(&self) -> Option<Instant> {
        self.end
    }

    /// `Kind/namespace/name`.
    pub(crate) fn subject(&self) -> &str {
        &self.subject
    }

    /// The object as the API server has it now, read with a quorum, not as one of its caches has it.
    pub(crate) async fn get(&self) -> Result<Value, Error> {
        let request = self.request.get(&self.name, &GetParams::default());
        self.send_json(Verb::Get, request).await
    }

    /// The same; `None` if it does not exist.
    pub(crate) async fn read(&self) -> Result<Option<Value>, Error> {
        match self.get().await {
            Ok(object) => Ok(Some(object)),
            Err(error) if error.class() == Class::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Applies the object, taking over the fields that others own. The answer is what the object is then.
    pub(crate) async fn apply(
        &self,
        object: &Value,
        manager: &str,
        effect: Effect,
    ) -> Result<Value, Error> {
        let mut params = PatchParams::apply(manager).force();
        params.dry_run = effect == Effect::DryRun;
        let verb = match effect {
            Effect::Real => Verb::Apply,
            Effect::DryRun => Verb::DryRun,
        };
        let request = self
            .request
            .patch(&self.name, &params, &Patch::Apply(object));
        self.send_json(verb, request).await
    }

    /// Sends a JSON patch. The answer is what the object is then.
    pub(crate) async fn patch(&self, patch: &JsonPatch, manager: &str) -> Result<Value, Error> {
        let params = PatchParams {
            field_manager: Some(manager.to_owned()),
            ..PatchParams::default()
        };
        // kube takes JSON patches of one library only; what differs is the name of the format.
        let request = self
            .request
            .patch(&self.name, &params, &Patch::Merge(patch))
            .map(|mut request| {
                let format = HeaderValue::from_static("application/json-patch+json");
                request.headers_mut().insert(header::CONTENT_TYPE, format);
                request
            });
        self.send_json(Verb::Patch, request).await
    }

    /// Deletes the object if it still is that one; what it owns goes after it.
    pub(crate) async fn delete(&self, preconditions: Preconditions) -> Result<(), Error> {
        let params = DeleteParams::background().preconditions(preconditions);
        let request = self.request.delete(&self.name, &params);
        self.send(Verb::Delete, request).await.map(drop)
    }

    async fn send_json(
        &self,
        verb: Verb,
        request: Result<http::Request<Vec<u8>>, kube::core::request::Error>,
    ) -> Result<Value, Error> {
        let body = self.send(verb, request).await?;
        serde_json::from_slice(&body)
            .map_err(|error| Error::new(verb, &*self.subject, kube::Error::SerdeError(error)))
    }

    async fn send(
        &self,
        verb: Verb,
        request: Result<http::Request<Vec<u8>>, kube::core::request::Error>,
    ) -> Result<Bytes, Error> {
        let failed = |error| Error::new(verb, &*self.subject, error);
        let request = request.map_err(|error| failed(kube::Error::BuildRequest(error)))?;
        let begun = Instant::now();
        let sent = exchange(&self.client, request);
        let answer = match self.end {
            None => sent.await,
            Some(end) => match timeout_at(end, sent).await {
                Ok(answer) => answer,
                Err(_) => return Err(Error::elapsed(verb, &*self.subject, begun.elapsed())),
            },
        };
        answer.map(Response::into_body).map_err(failed)
    }
}

/// The kind of an object, if discovery tells it in time.
pub(crate) async fn found_by(
    end: Instant,
    id: &ObjectId,
    kind: impl Future<Output = Result<Kind, Error>>,
) -> Result<Kind, Error> {
    let begun = Instant::now();
    let late = |_| {
        Err(Error::elapsed(
            Verb::Discover,
            id.subject(),
            begun.elapsed(),
        ))
    };
    timeout_at(end, kind).await.unwrap_or_else(late)
}

/// The whole of a success, or why it was none. kube's own functions write an answer that is no JSON into the log.
pub(crate) async fn exchange(
    client: &Client,
    request: http::Request<Vec<u8>>,
) -> Result<Response<Bytes>, kube::Error> {
    let method = request.method().clone();
    let answer = client.send(request.map(Body::from)).await?;
    let (parts, body) = answer.into_parts();
    let body = body.collect().await?.to_bytes();
    if parts.status.is_success() {
        return Ok(Response::from_parts(parts, body));
    }
    let refusal = refusal(&method, parts.status, &parts.headers, &body);
    Err(kube::Error::Api(Box::new(refusal)))
}

/// Whether a text is one segment of a path and nothing more.
///
/// Source: k8s.io/apimachinery v0.36.2: `pkg/api/validation/path/name.go (IsValidPathSegmentName)`; `?` and `#` end a path.
pub(crate) fn is_path_segment(text: &str) -> bool {
    !matches!(text, "." | "..") && !text.contains(['/', '%', '?', '#'])
}

/// What the API server answers to a request without the namespace that the kind needs.
const NO_NAMESPACE: &str = "the server could not find the requested resource";

/// The uid of an object.
pub(crate) fn uid(object: &Value) -> Option<&str> {
    text(object, "uid")
}

/// The version of an object.
pub(crate) fn resource_version(object: &Value) -> Option<&str> {
    text(object, "resourceVersion")
}

/// Whether an object is being deleted.
pub(crate) fn is_terminating(object: &Value) -> bool {
    text(object, "deletionTimestamp").is_some()
}

fn text<'o>(object: &'o Value, key: &str) -> Option<&'o str> {
    let text = object.get("metadata")?.get(key)?.as_str()?;
    Some(text).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_lead_to_another_object() {
        for name in ["a/status", "..", ".", "a%2fb", "a?dryRun=All", "a#b"] {
            assert!(!is_path_segment(name), "{name}");
        }
        for name in ["a", "system:view", "a.b"] {
            assert!(is_path_segment(name), "{name}");
        }
    }
}
