//! What a request asks for.

use std::collections::BTreeMap;
use std::sync::Arc;

use http::{Method, header, request};
use serde_json::Value;
use tokio::time::Instant;

use super::json;
use super::kinds::{Kinds, Served};
use crate::error::Verb;

/// A request that came in.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Recorded {
    /// What it asks for.
    pub verb: Verb,
    /// The path of its address.
    pub path: String,
    /// API group; empty for the core group.
    pub group: String,
    /// API version, such as `v1`.
    pub version: String,
    /// Name of the kind in addresses, such as `configmaps`.
    pub resource: String,
    /// The kind, such as `ConfigMap`; empty if the server has none of that address.
    pub kind: String,
    /// Namespace; empty if there is none in the address.
    pub namespace: String,
    /// Name of the object, where one is created that of the body; empty if there is none.
    pub name: String,
    /// Subresource, such as `status`; empty for the object itself.
    pub subresource: String,
    /// The query.
    pub query: BTreeMap<String, String>,
    /// Type of the body; empty if there is none.
    pub content_type: String,
    /// The body, if it is JSON.
    pub body: Option<Value>,
    /// Whether nothing is to be stored.
    pub dry_run: bool,
    /// When it came in.
    pub at: Instant,
    /// Whom the client impersonates, else the name of the client.
    pub user: Option<String>,
}

impl Recorded {
    /// Group and version as manifests have them.
    #[must_use]
    pub fn api_version(&self) -> String {
        match self.group.as_str() {
            "" => self.version.clone(),
            group => format!("{group}/{}", self.version),
        }
    }
}

/// A request, with what only its answer needs.
pub(super) struct Call {
    pub(super) recorded: Recorded,
    pub(super) method: Method,
    pub(super) accept: String,
    pub(super) unreadable: bool,
}

impl Call {
    pub(super) fn read(
        parts: &request::Parts,
        body: &[u8],
        user: Option<&str>,
        kinds: &Kinds,
    ) -> Self {
        let header = |name: &str| {
            let value = parts
                .headers
                .get(name)
                .and_then(|value| value.to_str().ok());
            value.unwrap_or_default().to_owned()
        };
        let query = read_query(parts.uri.query().unwrap_or_default());
        let json: Option<Value> = serde_json::from_slice(body).ok();
        let impersonated = header("impersonate-user");
        let mut recorded = Recorded {
            verb: Verb::Get,
            path: parts.uri.path().to_owned(),
            group: String::new(),
            version: String::new(),
            resource: String::new(),
            kind: String::new(),
            namespace: String::new(),
            name: String::new(),
            subresource: String::new(),
            dry_run: query.get("dryRun").is_some_and(|mode| mode == "All"),
            query,
            content_type: header(header::CONTENT_TYPE.as_str()),
            body: json,
            at: Instant::now(),
            user: match impersonated.is_empty() {
                false => Some(impersonated),
                true => user.map(str::to_owned),
            },
        };
        let found = recorded.route(kinds);
        recorded.verb = recorded.verb(&parts.method, found.is_some());
        if parts.method == Method::DELETE {
            let options = recorded.body.as_ref();
            let dry_run = options.and_then(|options| options.pointer("/dryRun/0"));
            recorded.dry_run |= dry_run.is_some_and(|mode| mode == "All");
        }
        if recorded.name.is_empty() && recorded.verb == Verb::Create {
            let body = recorded.body.as_ref();
            let name = body.map(|body| json::text(body, "/metadata/name"));
            recorded.name = name.unwrap_or_default().to_owned();
        }
        Self {
            unreadable: recorded.body.is_none() && !body.is_empty(),
            recorded,
            method: parts.method.clone(),
            accept: header(header::ACCEPT.as_str()),
        }
    }

    pub(super) fn query(&self, name: &str) -> &str {
        self.recorded.query.get(name).map_or("", String::as_str)
    }

    /// Whether the client wants metadata only.
    pub(super) fn wants_metadata(&self) -> bool {
        self.accept.contains("as=PartialObjectMetadata")
    }

    /// Who owns the fields that this request sets.
    pub(super) fn manager(&self) -> &str {
        match self.query("fieldManager") {
            "" => "unknown",
            manager => manager,
        }
    }
}

impl Recorded {
    /// Reads the path, and finds the kind that it is about.
    fn route<'k>(&mut self, kinds: &'k Kinds) -> Option<&'k Arc<Served>> {
        let path = self.path.clone();
        let steps: Vec<String> = path.trim_matches('/').split('/').map(decode).collect();
        let mut steps = steps.into_iter();
        match steps.next().as_deref() {
            Some("api") => {}
            Some("apis") => self.group = steps.next().unwrap_or_default(),
            _ => return None,
        }
        self.version = steps.next().unwrap_or_default();
        let rest: Vec<String> = steps.collect();
        let rest: Vec<&str> = rest.iter().map(String::as_str).collect();
        let rest = match *rest.as_slice() {
            ["namespaces", namespace, resource, ref after @ ..]
                if !matches!(resource, "status" | "finalize") =>
            {
                namespace.clone_into(&mut self.namespace);
                [&[resource], after].concat()
            }
            _ => rest,
        };
        let mut rest = rest.into_iter().map(str::to_owned);
        self.resource = rest.next().unwrap_or_default();
        self.name = rest.next().unwrap_or_default();
        self.subresource = rest.next().unwrap_or_default();
        let kind = kinds.by_plural(&self.group, &self.version, &self.resource)?;
        kind.kind.clone_into(&mut self.kind);
        Some(kind)
    }

    fn verb(&self, method: &Method, known: bool) -> Verb {
        let watches = self.query.get("watch");
        let watches = watches.is_some_and(|watch| matches!(watch.as_str(), "true" | "1"));
        match *method {
            Method::GET if !known && self.resource.is_empty() => Verb::Discover,
            Method::GET if watches => Verb::Watch,
            Method::GET if self.name.is_empty() => Verb::List,
            Method::POST => Verb::Create,
            Method::PUT => Verb::Replace,
            Method::PATCH if !self.content_type.starts_with("application/apply-patch") => {
                Verb::Patch
            }
            Method::PATCH if self.dry_run => Verb::DryRun,
            Method::PATCH => Verb::Apply,
            Method::DELETE => Verb::Delete,
            _ => Verb::Get,
        }
    }
}

fn read_query(query: &str) -> BTreeMap<String, String> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    let plain = |text: &str| decode(&text.replace('+', " "));
    pairs
        .map(|(name, value)| (plain(name), plain(value)))
        .collect()
}

/// Undoes percent-encoding.
fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let hex = (byte == b'%').then(|| {
            let mut ahead = rest.clone();
            let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
            Some((digit(ahead.next())? * 16 + digit(ahead.next())?, ahead))
        });
        match hex.flatten() {
            Some((value, ahead)) => {
                bytes.extend(u8::try_from(value));
                rest = ahead;
            }
            None => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
