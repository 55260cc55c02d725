//! Reading: objects, lists in pages, selectors.

use std::collections::BTreeMap;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use fluxcd_core::ssa::LabelSelector;
use serde_json::{Value, json};

use super::call::Call;
use super::json::{self as at, text};
use super::kinds::Served;
use super::refusal::Refusal;
use super::state::{Id, State};

/// What a list or a watch asks for.
#[derive(Debug, Clone)]
pub(super) struct Selection {
    namespace: String,
    name: String,
    labels: LabelSelector,
    fields: Vec<(String, String, bool)>,
}

impl Selection {
    pub(super) fn of(kind: &Served, call: &Call) -> Result<Self, Refusal> {
        let labels = LabelSelector::parse(call.query("labelSelector"))
            .map_err(|error| Refusal::bad_request(error.to_string()))?;
        let mut fields = Vec::new();
        let terms = call.query("fieldSelector").split(',');
        for term in terms.filter(|term| !term.is_empty()) {
            let (field, value, wanted) = match term.split_once("!=") {
                Some((field, value)) => (field, value, false),
                None => {
                    let (field, value) = term.split_once('=').unwrap_or((term, ""));
                    (field, value.trim_start_matches('='), true)
                }
            };
            let is_known = matches!(field, "metadata.name" | "metadata.namespace");
            if kind.is_custom() && !is_known {
                let message = format!("field label not supported: {field}");
                return Err(Refusal::bad_request(message));
            }
            fields.push((
                format!("/{}", field.replace('.', "/")),
                value.to_owned(),
                wanted,
            ));
        }
        Ok(Self {
            namespace: call.recorded.namespace.clone(),
            name: call.recorded.name.clone(),
            labels,
            fields,
        })
    }

    pub(super) fn has(&self, object: &Value) -> bool {
        let labels = object
            .pointer("/metadata/labels")
            .and_then(Value::as_object);
        let labels: BTreeMap<&str, &str> = labels
            .into_iter()
            .flatten()
            .filter_map(|(name, value)| Some((name.as_str(), value.as_str()?)))
            .collect();
        let is = |wanted: &str, pointer| wanted.is_empty() || wanted == text(object, pointer);
        is(&self.namespace, "/metadata/namespace")
            && is(&self.name, "/metadata/name")
            && self.labels.matches(&labels)
            && self
                .fields
                .iter()
                .all(|(field, value, wanted)| (text(object, field) == value) == *wanted)
    }
}

/// An object as clients get it: in the version that they asked for, or its metadata only.
pub(super) fn present(mut object: Value, kind: &Served, call: &Call) -> Value {
    if text(&object, "/kind") == "Status" {
        return object;
    }
    if call.wants_metadata() {
        return json!({
            "kind": "PartialObjectMetadata",
            "apiVersion": "meta.k8s.io/v1",
            "metadata": object.get("metadata"),
        });
    }
    let version = kind.api_version(&call.recorded.version);
    at::set(&mut object, &["apiVersion"], version);
    object
}

/// Where the next page begins.
struct Continue {
    version: u64,
    after: Id,
}

impl Continue {
    fn parse(token: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let value: Value = serde_json::from_slice(&bytes).ok()?;
        Some(Self {
            version: value.get("rv")?.as_u64()?,
            after: (
                text(&value, "/namespace").to_owned(),
                text(&value, "/name").to_owned(),
            ),
        })
    }

    fn token(&self) -> String {
        let (namespace, name) = &self.after;
        let value = json!({"rv": self.version, "namespace": namespace, "name": name});
        URL_SAFE_NO_PAD.encode(value.to_string())
    }
}

impl State {
    pub(super) fn read(&self, kind: &Served, call: &Call) -> Result<Value, Refusal> {
        let request = &call.recorded;
        match (request.subresource.as_str(), kind.status) {
            ("", _) | ("status", true) => {}
            _ => return Err(Refusal::no_subresource(kind, &request.name)),
        }
        if request.name.is_empty() {
            return self.list(kind, call);
        }
        let id = (request.namespace.clone(), request.name.clone());
        let found = self.object(kind, &id).cloned();
        let found = found.ok_or_else(|| Refusal::not_found(kind, &id.1))?;
        Ok(present(found, kind, call))
    }

    /// The ids that a deletion of many asks for.
    pub(super) fn select(&self, kind: &Arc<Served>, call: &Call) -> Result<Vec<Id>, Refusal> {
        let selection = Selection::of(kind, call)?;
        let objects = self.objects.get(&kind.key()).into_iter().flatten();
        let objects = objects.filter(|(_, object)| selection.has(object));
        Ok(objects.map(|(id, _)| id.clone()).collect())
    }

    /// The objects of a kind as they were at a version.
    fn objects_at(&self, kind: &Served, version: u64) -> BTreeMap<Id, Value> {
        let key = kind.key();
        let mut objects = self.objects.get(&key).cloned().unwrap_or_default();
        let later = self.events.iter().rev();
        let later = later.take_while(|event| event.version > version);
        for event in later.filter(|event| event.key == key) {
            let id = (
                text(&event.object, "/metadata/namespace").to_owned(),
                text(&event.object, "/metadata/name").to_owned(),
            );
            match &event.before {
                Some(before) => _ = objects.insert(id, before.clone()),
                None => _ = objects.remove(&id),
            }
        }
        objects
    }

    fn list(&self, kind: &Served, call: &Call) -> Result<Value, Refusal> {
        let selection = Selection::of(kind, call)?;
        let limit = call.query("limit").parse().ok().filter(|limit| *limit > 0);
        let limit: usize = limit.unwrap_or(usize::MAX);
        let token = call.query("continue");
        let from = match token {
            "" => None,
            token => {
                let from = Continue::parse(token).ok_or_else(|| {
                    Refusal::bad_request("continue key is not valid: illegal base64 data")
                })?;
                if from.version < self.compacted {
                    return Err(Refusal::expired_continue());
                }
                Some(from)
            }
        };
        let version = from.as_ref().map_or(self.version, |from| from.version);
        let objects = self.objects_at(kind, version).into_iter();
        let mut rest = objects.filter(|(id, object)| {
            let is_later = from.as_ref().is_none_or(|from| *id > from.after);
            is_later && selection.has(object)
        });
        let page: Vec<(Id, Value)> = rest.by_ref().take(limit).collect();
        let remaining = rest.count();
        let mut metadata = json!({"resourceVersion": version.to_string()});
        if let (Some((last, _)), true) = (page.last(), remaining > 0) {
            let next = Continue {
                version,
                after: last.clone(),
            };
            at::set(&mut metadata, &["continue"], next.token());
            at::set(&mut metadata, &["remainingItemCount"], remaining);
        }
        let items = page.into_iter().map(|(_, object)| {
            let mut item = present(object, kind, call);
            if !kind.is_custom() && !call.wants_metadata() {
                at::remove(&mut item, &["kind"]);
                at::remove(&mut item, &["apiVersion"]);
            }
            item
        });
        let items: Vec<_> = items.collect();
        let (list_kind, api_version) = match call.wants_metadata() {
            true => (
                "PartialObjectMetadataList".to_owned(),
                "meta.k8s.io/v1".to_owned(),
            ),
            false => (
                format!("{}List", kind.kind),
                kind.api_version(&call.recorded.version),
            ),
        };
        Ok(json!({
            "kind": list_kind,
            "apiVersion": api_version,
            "metadata": metadata,
            "items": items,
        }))
    }
}
