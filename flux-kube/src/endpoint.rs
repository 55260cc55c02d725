//! Requests about one object, in its wire form.
//!
//! kube's `Api` reads objects into a type of its own, and its client writes an answer that it cannot read into the log,
//! a Secret too. What is applied here is what the user wrote, and what is compared is what the API server answered.

use bytes::Bytes;
use fluxcd_core::inventory::ObjectId;
use fluxcd_core::ssa::Patch as JsonPatch;
use http::{HeaderValue, StatusCode, header};
use http_body_util::BodyExt;
use kube::api::{DeleteParams, DynamicObject, GetParams, Patch, PatchParams, Preconditions};
use kube::client::Body;
use kube::core::{Request, Status};
use kube::{Client, Resource};
use serde_json::Value;
use tokio::time::{Instant, timeout_at};

use crate::error::{Class, Error, Verb};
use crate::mapper::Kind;

/// Where one object lives, and until when it may take.
#[derive(Clone)]
pub(crate) struct Endpoint {
    client: Client,
    request: Request,
    name: String,
    subject: String,
    end: Instant,
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
    /// The place of an object of that kind.
    ///
    /// # Errors
    ///
    /// Of [`Class::Invalid`] where the name, or a namespace, is none that fits into a path.
    pub(crate) fn new(
        client: Client,
        kind: &Kind,
        id: &ObjectId,
        end: Instant,
    ) -> Result<Self, Error> {
        let subject = id.subject();
        let namespace = match kind.is_namespaced() {
            true => Some(id.namespace.as_str()),
            false => None,
        };
        let refuse = |reason: String| {
            let verb = Verb::Get;
            Err(Error::other(verb, &*subject, Class::Invalid, reason))
        };
        if id.name.is_empty() {
            return refuse("resource name may not be empty".to_owned());
        }
        if !is_path_segment(&id.name) {
            return refuse(format!("invalid resource name {:?}", id.name));
        }
        if let Some(namespace) = namespace.filter(|namespace| !is_path_segment(namespace)) {
            return refuse(format!("invalid namespace {namespace:?}"));
        }
        if namespace.is_some_and(str::is_empty) {
            let status = Status::failure(NO_NAMESPACE, "NotFound").with_code(404);
            let error = kube::Error::Api(Box::new(status));
            return Err(Error::new(Verb::Get, subject, error));
        }
        let path = DynamicObject::url_path(&kind.resource, namespace);
        Ok(Self {
            client,
            request: Request::new(path),
            name: id.name.clone(),
            subject,
            end,
        })
    }

    /// The same place with another time limit.
    pub(crate) fn until(self, end: Instant) -> Self {
        Self { end, ..self }
    }

    pub(crate) const fn end(&self) -> Instant {
        self.end
    }

    pub(crate) fn subject(&self) -> &str {
        &self.subject
    }

    /// The object as the API server has it, read with a quorum; `None` if it does not.
    pub(crate) async fn read(&self) -> Result<Option<Value>, Error> {
        let request = self.request.get(&self.name, &GetParams::default());
        match self.send_json(Verb::Get, request).await {
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
        let request = request
            .map_err(|error| Error::new(verb, &*self.subject, kube::Error::BuildRequest(error)))?;
        let begun = Instant::now();
        match timeout_at(self.end, exchange(&self.client, request)).await {
            Ok(Ok(body)) => Ok(body),
            Ok(Err(error)) => Err(Error::new(verb, &*self.subject, error)),
            Err(_) => Err(Error::elapsed(verb, &*self.subject, begun.elapsed())),
        }
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

/// The body of a success, or why it was none. kube's own functions write an answer that is no JSON into the log.
pub(crate) async fn exchange(
    client: &Client,
    request: http::Request<Vec<u8>>,
) -> Result<Bytes, kube::Error> {
    let response = client.send(request.map(Body::from)).await?;
    let code = response.status();
    let body = response.into_body().collect().await?.to_bytes();
    match code.is_success() {
        true => Ok(body),
        false => Err(kube::Error::Api(Box::new(refusal(code, &body)))),
    }
}

/// The answer as a `Status`; a proxy's is none.
fn refusal(code: StatusCode, body: &[u8]) -> Status {
    let status = serde_json::from_slice::<Status>(body).ok();
    let status = status.filter(|status| status.code != 0 || !status.reason.is_empty());
    let text = || String::from_utf8_lossy(body).trim().to_owned();
    let mut status = status.unwrap_or_else(|| Status::failure(&text(), ""));
    if status.code == 0 {
        status.code = code.as_u16();
    }
    status
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

    #[test]
    fn what_a_proxy_answers_is_told_by_its_code() {
        for body in ["<html>", "{}", "{\"error\": \"x\"}", ""] {
            let status = refusal(StatusCode::CONFLICT, body.as_bytes());
            assert_eq!(
                crate::error::classify_status(&status),
                Class::Conflict,
                "{body}"
            );
        }
        let body = br#"{"kind":"Status","reason":"AlreadyExists","message":"m"}"#;
        let status = refusal(StatusCode::CONFLICT, body);
        assert_eq!(crate::error::classify_status(&status), Class::AlreadyExists);
    }
}
