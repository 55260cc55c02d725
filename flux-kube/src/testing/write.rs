//! Creating, replacing, patching and deleting, as the API server does it.

use std::sync::Arc;

use fluxcd_core::condition::merge_patch;
use http::Method;
use serde_json::{Value, json};

use super::call::Call;
use super::checks::{
    check_finalizers, check_identity, check_nulls, drop_empty, fold_text, is_same_wish,
};
use super::json::{self as at, text};
use super::json_patch;
use super::kinds::Served;
use super::managers::{self, Force, Writer};
use super::refusal::Refusal;
use super::rules;
use super::state::{Collect, Id, State, has_finalizers};

/// HTTP status and object.
pub(super) type Answer = Result<(u16, Value), Refusal>;

/// How something is written.
struct Way<'w> {
    writer: Writer<'w>,
    subresource: &'w str,
    dry_run: bool,
    /// Nobody asked the server: status and times are taken as they are.
    by_hand: bool,
}

impl State {
    /// Anything but reading.
    pub(super) fn write(&mut self, kind: &Arc<Served>, call: &Call) -> Answer {
        let request = &call.recorded;
        let id = (request.namespace.clone(), request.name.clone());
        let api_version = request.api_version();
        let time = self.now();
        let way = Way {
            writer: Writer {
                manager: call.manager(),
                api_version: &api_version,
                subresource: &request.subresource,
                time: &time,
            },
            subresource: &request.subresource,
            dry_run: request.dry_run,
            by_hand: false,
        };
        match (request.subresource.as_str(), kind.status) {
            ("", _) | ("status", true) => {}
            _ => return Err(Refusal::no_subresource(kind, &id.1)),
        }
        if call.method == Method::DELETE {
            return self.delete(kind, &id, call);
        }
        let body = match &request.body {
            Some(body) if !call.unreadable => body.clone(),
            _ => {
                let expected = kind.kind.as_str();
                return Err(Refusal::bad_request(format!(
                    "the object provided is unrecognized (must be of type {expected}): couldn't get version/kind; json parse error"
                )));
            }
        };
        match call.method {
            Method::POST if kind.namespaced && request.namespace.is_empty() => {
                Err(Refusal::method_not_allowed())
            }
            Method::POST => self.create(kind, &request.namespace, body, &way),
            Method::PUT => {
                let live = self.live(kind, &id)?;
                check_identity(&id, &body)?;
                if kind.is_custom() && text(&body, "/metadata/resourceVersion").is_empty() {
                    let problem = "Invalid value: 0: must be specified for an update";
                    let field = "metadata.resourceVersion";
                    return Err(Refusal::invalid_resource(kind, &id.1, field, problem));
                }
                self.replace(kind, &id, &live, body, &way)
            }
            Method::PATCH => self.patch(kind, &id, &body, &way, call),
            _ => Err(Refusal::method_not_allowed()),
        }
    }

    pub(super) fn live(&self, kind: &Served, id: &Id) -> Result<Value, Refusal> {
        let live = self.object(kind, id).cloned();
        live.ok_or_else(|| Refusal::not_found(kind, &id.1))
    }

    fn create(
        &mut self,
        kind: &Arc<Served>,
        namespace: &str,
        mut object: Value,
        way: &Way<'_>,
    ) -> Answer {
        let prefix = text(&object, "/metadata/generateName").to_owned();
        if text(&object, "/metadata/name").is_empty() {
            if prefix.is_empty() {
                let problem = "Required value: name or generateName is required";
                return Err(Refusal::invalid(kind, "", "metadata.name", problem));
            }
            let name = format!("{prefix}{:05}", self.next_number());
            at::set(&mut object, &["metadata", "name"], name);
        }
        let name = text(&object, "/metadata/name").to_owned();
        let id = (namespace.to_owned(), name.clone());
        check_identity(&id, &object)?;
        if kind.namespaced {
            at::set(&mut object, &["metadata", "namespace"], namespace);
            self.check_namespace(kind, &name, namespace)?;
        }
        if let Some(live) = self.object(kind, &id) {
            let mut refusal = Refusal::already_exists(kind, &name);
            if !text(live, "/metadata/deletionTimestamp").is_empty() {
                refusal.message.insert_str(0, "object is being deleted: ");
            }
            return Err(refusal);
        }
        if !way.by_hand {
            if !text(&object, "/metadata/resourceVersion").is_empty() {
                let message = "resourceVersion should not be set on objects to be created";
                return Err(Refusal::new(500, "", message));
            }
            if kind.status {
                at::remove(&mut object, &["status"]);
            }
            for field in [
                "deletionTimestamp",
                "creationTimestamp",
                "uid",
                "generation",
            ] {
                at::remove(&mut object, &["metadata", field]);
            }
        }
        fold_text(kind, &mut object);
        drop_empty(kind, &mut object);
        at::remove(&mut object, &["metadata", "resourceVersion"]);
        at::set(&mut object, &["kind"], kind.kind.as_str());
        at::set(
            &mut object,
            &["apiVersion"],
            kind.api_version(kind.preferred()),
        );
        let uid = self.next_uid();
        let metadata = at::object_at(&mut object, &["metadata"]);
        metadata.entry("uid").or_insert_with(|| uid.into());
        metadata
            .entry("creationTimestamp")
            .or_insert_with(|| way.writer.time.into());
        if kind.generation {
            metadata.entry("generation").or_insert_with(|| 1.into());
        }
        let is_owned = metadata.contains_key("managedFields");
        if kind.key() == "/secrets" {
            let map = at::object_at(&mut object, &[]);
            map.entry("type").or_insert_with(|| "Opaque".into());
        }
        if !is_owned {
            managers::track_update(kind, None, &mut object, &way.writer);
        }
        if way.dry_run {
            return Ok((201, object));
        }
        Ok((201, self.store(kind, id, object)))
    }

    fn check_namespace(&self, kind: &Served, name: &str, namespace: &str) -> Result<(), Refusal> {
        let Some(found) = self.namespace(namespace) else {
            let namespaces = self.kinds.by_kind("v1", "Namespace");
            return Err(match namespaces {
                Some(namespaces) => Refusal::not_found(namespaces, namespace),
                None => Refusal::no_resource(),
            });
        };
        if text(found, "/status/phase") == "Terminating" {
            let why = format!(
                "unable to create new content in namespace {namespace} because it is being terminated"
            );
            return Err(Refusal::forbidden(kind, name, &why));
        }
        Ok(())
    }

    /// Puts `new` in the place of `live`, as far as that is allowed.
    fn replace(
        &mut self,
        kind: &Arc<Served>,
        id: &Id,
        live: &Value,
        mut new: Value,
        way: &Way<'_>,
    ) -> Answer {
        self.prepare(kind, id, live, &mut new, way)?;
        managers::track_update(kind, Some(live), &mut new, &way.writer);
        self.finish(kind, id, live, new, way)
    }

    /// Checks versions, and puts back what only the server sets, or this way of writing cannot.
    fn prepare(
        &self,
        kind: &Served,
        id: &Id,
        live: &Value,
        new: &mut Value,
        way: &Way<'_>,
    ) -> Result<(), Refusal> {
        let version = text(new, "/metadata/resourceVersion");
        if !way.by_hand && !version.is_empty() && version != text(live, "/metadata/resourceVersion")
        {
            return Err(Refusal::modified(kind, &id.1));
        }
        let uid = text(new, "/metadata/uid");
        if !uid.is_empty() && uid != text(live, "/metadata/uid") {
            let problem = format!("Invalid value: \"{uid}\": field is immutable");
            return Err(Refusal::invalid(kind, &id.1, "metadata.uid", &problem));
        }
        if way.subresource == "status" {
            let status = new.get("status").cloned();
            let managed = new.pointer("/metadata/managedFields").cloned();
            *new = live.clone();
            at::keep(new, &["status"], status.as_ref());
            at::keep(new, &["metadata", "managedFields"], managed.as_ref());
        } else if kind.status && !way.by_hand {
            at::keep(new, &["status"], live.get("status"));
        }
        at::keep(new, &["kind"], live.get("kind"));
        at::keep(new, &["apiVersion"], live.get("apiVersion"));
        for field in [
            "name",
            "namespace",
            "uid",
            "resourceVersion",
            "creationTimestamp",
        ] {
            at::keep(
                new,
                &["metadata", field],
                live.pointer(&format!("/metadata/{field}")),
            );
        }
        if !way.by_hand {
            for field in ["deletionTimestamp", "deletionGracePeriodSeconds"] {
                at::keep(
                    new,
                    &["metadata", field],
                    live.pointer(&format!("/metadata/{field}")),
                );
            }
        }
        fold_text(kind, new);
        drop_empty(kind, new);
        Ok(())
    }

    /// Checks the rules, counts the generation, and stores the object if it is another one than before.
    fn finish(
        &mut self,
        kind: &Arc<Served>,
        id: &Id,
        live: &Value,
        mut new: Value,
        way: &Way<'_>,
    ) -> Answer {
        if !way.by_hand {
            check_finalizers(kind, id, live, &new)?;
            check_nulls(kind, id, &new)?;
            rules::check(&self.rules, kind, live, &new)?;
        }
        if kind.generation {
            let count = |object: &Value| {
                let generation = object.pointer("/metadata/generation");
                generation.and_then(Value::as_i64).unwrap_or_default()
            };
            let generation = match is_same_wish(kind, live, &new) {
                true => count(live),
                false => count(live) + 1,
            };
            let stated = if way.by_hand { count(&new) } else { 0 };
            at::set(
                &mut new,
                &["metadata", "generation"],
                generation.max(stated),
            );
        } else {
            at::remove(&mut new, &["metadata", "generation"]);
        }
        if new == *live || way.dry_run {
            return Ok((200, new));
        }
        if !text(&new, "/metadata/deletionTimestamp").is_empty() && !has_finalizers(&new) {
            // The last finalizer is gone. A namespace still waits until it is empty.
            if kind.key() == "/namespaces" {
                let new = self.store(kind, id.clone(), new);
                self.empty_namespaces();
                return Ok((200, new));
            }
            let objects = self.objects.entry(kind.key()).or_default();
            objects.insert(id.clone(), new.clone());
            self.erase(kind, id, Collect::Dependents);
            return Ok((200, new));
        }
        Ok((200, self.store(kind, id.clone(), new)))
    }

    fn patch(
        &mut self,
        kind: &Arc<Served>,
        id: &Id,
        body: &Value,
        way: &Way<'_>,
        call: &Call,
    ) -> Answer {
        let content_type = call
            .recorded
            .content_type
            .split(';')
            .next()
            .unwrap_or_default();
        if content_type.starts_with("application/apply-patch") {
            return self.apply(kind, id, body, way, call);
        }
        let patched = match content_type.trim() {
            "application/merge-patch+json" => merge_patch::merge(self.live(kind, id)?, body),
            "application/json-patch+json" => {
                let mut live = self.live(kind, id)?;
                json_patch::apply(&mut live, body).ok_or_else(Refusal::bad_patch)?;
                live
            }
            _ => return Err(Refusal::unsupported_patch()),
        };
        check_identity(id, &patched)?;
        let live = self.live(kind, id)?;
        self.replace(kind, id, &live, patched, way)
    }

    fn apply(
        &mut self,
        kind: &Arc<Served>,
        id: &Id,
        body: &Value,
        way: &Way<'_>,
        call: &Call,
    ) -> Answer {
        if call.query("fieldManager").is_empty() {
            return Err(Refusal::no_field_manager());
        }
        let (api_version, name) = (text(body, "/apiVersion"), text(body, "/kind"));
        if api_version != way.writer.api_version || name != kind.kind {
            let (group, version) = api_version.rsplit_once('/').unwrap_or(("", api_version));
            let message = format!("invalid object type: {group}/{version}, Kind={name}");
            return Err(Refusal::bad_request(message));
        }
        if body
            .pointer("/metadata/managedFields")
            .is_some_and(|fields| !fields.is_null())
        {
            return Err(Refusal::bad_request("metadata.managedFields must be nil"));
        }
        check_identity(id, body)?;
        let mut body = body.clone();
        if way.subresource == "status" {
            let status = body.get("status").cloned();
            body =
                json!({"apiVersion": api_version, "kind": name, "metadata": body.get("metadata")});
            at::keep(&mut body, &["status"], status.as_ref());
        } else if kind.status {
            at::remove(&mut body, &["status"]);
        }
        fold_text(kind, &mut body);
        let force = match call.query("force") {
            "true" => Force::Yes,
            _ => Force::No,
        };
        let Some(live) = self.object(kind, id).cloned() else {
            if way.subresource == "status" {
                return Err(Refusal::not_found(kind, &id.1));
            }
            let uid = text(&body, "/metadata/uid");
            if !uid.is_empty() {
                let why = format!(
                    "uid mismatch: the provided object specified uid {uid}, and no existing object was found"
                );
                return Err(Refusal::conflict(kind, &id.1, &why));
            }
            at::remove(&mut body, &["metadata", "resourceVersion"]);
            at::set(&mut body, &["metadata", "name"], id.1.as_str());
            let new = managers::apply(kind, None, &body, &way.writer, force)?;
            return self.create(kind, &id.0, new, way);
        };
        let mut new = managers::apply(kind, Some(&live), &body, &way.writer, force)?;
        self.prepare(kind, id, &live, &mut new, way)?;
        self.finish(kind, id, &live, new, way)
    }

    /// What somebody else does, who may write everything.
    pub(super) fn put(&mut self, mut object: Value) -> Answer {
        let api_version = text(&object, "/apiVersion").to_owned();
        let kind = self
            .kinds
            .by_kind(&api_version, text(&object, "/kind"))
            .cloned();
        let Some(kind) = kind else {
            return Err(Refusal::no_resource());
        };
        let name = text(&object, "/metadata/name").to_owned();
        let namespace = match text(&object, "/metadata/namespace") {
            _ if !kind.namespaced => String::new(),
            "" => "default".to_owned(),
            namespace => namespace.to_owned(),
        };
        if kind.namespaced {
            self.ensure_namespace(&namespace);
        }
        let id = (namespace, name);
        let time = self.now();
        let way = Way {
            writer: Writer {
                manager: "somebody",
                api_version: &api_version,
                subresource: "",
                time: &time,
            },
            subresource: "",
            dry_run: false,
            by_hand: true,
        };
        let uid = text(&object, "/metadata/uid");
        match self.object(&kind, &id).cloned() {
            Some(live) if uid.is_empty() || uid == text(&live, "/metadata/uid") => {
                at::set(&mut object, &["metadata", "name"], id.1.as_str());
                self.replace(&kind, &id, &live, object, &way)
            }
            Some(_) => {
                self.erase(&kind, &id, Collect::Dependents);
                self.create(&kind, &id.0, object, &way)
            }
            None => self.create(&kind, &id.0, object, &way),
        }
    }
}
