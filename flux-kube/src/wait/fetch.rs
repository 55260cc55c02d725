//! Objects as the API server sends them, and the time that it was there.

use chrono::{DateTime, Utc};
use http::header::DATE;
use kube::Client;
use kube::core::params::{GetParams, ListParams};
use kube::core::{DynamicObject, Request, Resource};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::sync::Semaphore;

use crate::Clock;
use crate::endpoint::{exchange, is_path_segment};
use crate::error::{Class, Error, Verb};
use crate::mapper::Kind;

/// Reads for one wait, so many at a time.
pub(super) struct Fetch<'w> {
    client: &'w Client,
    clock: &'w Clock,
    permits: Semaphore,
}

/// What was read.
#[derive(Debug)]
pub(super) struct Fetched<T> {
    pub(super) content: T,
    /// When, by the clock that also writes the creation times of objects, if the answer told.
    pub(super) now: DateTime<Utc>,
}

/// The objects of a list that were wanted, and how many were sent for them.
#[derive(Debug, Default)]
pub(super) struct Listed {
    pub(super) objects: Vec<Value>,
    pub(super) total: usize,
}

#[derive(Deserialize)]
struct Page {
    #[serde(default)]
    metadata: PageMetadata,
    items: Vec<Value>,
}

#[derive(Default, Deserialize)]
struct PageMetadata {
    #[serde(rename = "continue")]
    token: Option<String>,
}

/// Requests in flight for one wait.
const CONCURRENCY: usize = 16;
/// Objects of a page, as Flux asks for them.
pub(super) const PAGE: u32 = 500;
/// How often a list is begun, if its continue token expires on the way.
const LISTS: u32 = 3;

impl<'w> Fetch<'w> {
    pub(super) fn new(client: &'w Client, clock: &'w Clock) -> Self {
        let permits = Semaphore::new(CONCURRENCY);
        Self {
            client,
            clock,
            permits,
        }
    }

    pub(super) async fn object(
        &self,
        kind: &Kind,
        namespace: &str,
        name: &str,
    ) -> Result<Fetched<Value>, Error> {
        let subject = || subject(kind, namespace, name);
        if name.is_empty() || !is_path_segment(name) {
            return Err(no_name(Verb::Get, subject(), name));
        }
        let url = url(Verb::Get, kind, namespace)?;
        let sent = match url.get(name, &GetParams::default()) {
            Ok(request) => self.send(request).await,
            Err(error) => Err(kube::Error::BuildRequest(error)),
        };
        let mut fetched: Fetched<Value> =
            sent.map_err(|error| Error::new(Verb::Get, subject(), error))?;
        name_kind(&mut fetched.content, kind);
        Ok(fetched)
    }

    /// Lists in pages, and keeps only what is wanted. The list is begun again if its continue token expires.
    pub(super) async fn list(
        &self,
        kind: &Kind,
        namespace: &str,
        selector: &str,
        wanted: impl Fn(&Value) -> bool,
    ) -> Result<Fetched<Listed>, Error> {
        let mut begun = 1;
        loop {
            match self.list_once(kind, namespace, selector, &wanted).await {
                Err(error) if error.class() == Class::Gone && begun < LISTS => begun += 1,
                result => return result,
            }
        }
    }

    async fn list_once(
        &self,
        kind: &Kind,
        namespace: &str,
        selector: &str,
        wanted: impl Fn(&Value) -> bool,
    ) -> Result<Fetched<Listed>, Error> {
        let fail = |error| Error::new(Verb::List, subject(kind, namespace, ""), error);
        let url = url(Verb::List, kind, namespace)?;
        let mut params = ListParams::default().limit(PAGE).labels(selector);
        if selector.is_empty() {
            params.label_selector = None;
        }
        let mut listed = Listed::default();
        loop {
            let request = url.list(&params).map_err(kube::Error::BuildRequest);
            let fetched: Fetched<Page> = self.send(request.map_err(fail)?).await.map_err(fail)?;
            let page = fetched.content;
            listed.total += page.items.len();
            let objects = page.items.into_iter().filter(&wanted);
            listed.objects.extend(objects.map(|mut object| {
                name_kind(&mut object, kind);
                object
            }));
            match page.metadata.token.filter(|token| !token.is_empty()) {
                Some(token) => params.continue_token = Some(token),
                None => {
                    return Ok(Fetched {
                        content: listed,
                        now: fetched.now,
                    });
                }
            }
        }
    }

    async fn send<T: DeserializeOwned>(
        &self,
        request: http::Request<Vec<u8>>,
    ) -> Result<Fetched<T>, kube::Error> {
        // The semaphore is never closed.
        let _permit = self.permits.acquire().await;
        let answer = exchange(self.client, request).await?;
        let date = answer.headers().get(DATE);
        let date = date.and_then(|date| date.to_str().ok());
        let date = date.and_then(|date| DateTime::parse_from_rfc2822(date).ok());
        Ok(Fetched {
            content: serde_json::from_slice(answer.body()).map_err(kube::Error::SerdeError)?,
            now: date.map_or_else(|| self.clock.now(), |date| date.to_utc()),
        })
    }
}

fn url(verb: Verb, kind: &Kind, namespace: &str) -> Result<Request, Error> {
    let namespace = kind.is_namespaced().then_some(namespace);
    match namespace.filter(|namespace| !is_path_segment(namespace)) {
        Some(namespace) => Err(no_name(verb, kind.resource.kind.clone(), namespace)),
        None => Ok(Request::new(DynamicObject::url_path(
            &kind.resource,
            namespace,
        ))),
    }
}

fn no_name(verb: Verb, subject: String, name: &str) -> Error {
    Error::other(
        verb,
        subject,
        Class::Invalid,
        format!("invalid name {name:?}"),
    )
}

/// The items of a list say neither version nor kind.
fn name_kind(object: &mut Value, kind: &Kind) {
    if let Value::Object(object) = object {
        let resource = &kind.resource;
        for (key, text) in [
            ("apiVersion", &resource.api_version),
            ("kind", &resource.kind),
        ] {
            object
                .entry(key)
                .or_insert_with(|| Value::String(text.clone()));
        }
    }
}

fn subject(kind: &Kind, namespace: &str, name: &str) -> String {
    let parts = [kind.resource.kind.as_str(), namespace, name];
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join("/")
}
