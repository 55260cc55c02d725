//! The objects, what happened to them, and what happens by itself: definitions get established, namespaces emptied,
//! dependents collected.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::SecondsFormat;
use serde_json::{Value, json};
use tokio::time::Instant;

use super::call::Recorded;
use super::json::{self as at, text};
use super::kinds::{Kinds, Served};
use super::rules::Rule;
use super::script::{Fault, On, Script};
use crate::Clock;

/// When a `CustomResourceDefinition` becomes established, and its kind served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Establish {
    /// Right after it was created.
    AtOnce,
    /// That long after it was created.
    After(Duration),
    /// Never.
    Never,
}

/// Something that happened to an object.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Event {
    /// The version that it made.
    pub version: u64,
    /// See [`Served::key`].
    pub(super) key: String,
    /// The object as it was then; if it was deleted, its last state.
    pub object: Value,
    /// The object before; none if it was created.
    pub before: Option<Value>,
    /// Whether it was deleted.
    pub is_deleted: bool,
}

/// Namespace and name.
pub(super) type Id = (String, String);

/// All that the server knows.
pub(super) struct State {
    pub(super) kinds: Kinds,
    pub(super) objects: BTreeMap<String, BTreeMap<Id, Value>>,
    pub(super) events: Vec<Event>,
    pub(super) version: u64,
    /// Events up to this version are forgotten.
    pub(super) compacted: u64,
    pub(super) script: Script,
    pub(super) requests: Vec<Recorded>,
    pub(super) rules: Vec<Rule>,
    pub(super) establish: Establish,
    /// What was done to watches that run.
    pub(super) interruptions: Vec<(On, Fault)>,
    pub(super) clock: Clock,
    /// Definitions that are to be established.
    pub(super) due: Vec<(Instant, String)>,
    names: u64,
}

impl State {
    pub(super) fn new(clock: Clock) -> Self {
        let mut state = Self {
            kinds: Kinds::new(),
            objects: BTreeMap::new(),
            events: Vec::new(),
            version: 0,
            compacted: 0,
            script: Script::default(),
            requests: Vec::new(),
            rules: Rule::built_in(),
            establish: Establish::AtOnce,
            interruptions: Vec::new(),
            clock,
            due: Vec::new(),
            names: 0,
        };
        for name in ["default", "kube-system"] {
            state.ensure_namespace(name);
        }
        state
    }

    pub(super) fn now(&self) -> String {
        self.clock.now().to_rfc3339_opts(SecondsFormat::Secs, true)
    }

    pub(super) fn next_number(&mut self) -> u64 {
        self.names += 1;
        self.names
    }

    pub(super) fn object(&self, kind: &Served, id: &Id) -> Option<&Value> {
        self.objects.get(&kind.key())?.get(id)
    }

    pub(super) fn namespace(&self, name: &str) -> Option<&Value> {
        let id = (String::new(), name.to_owned());
        self.objects.get("/namespaces")?.get(&id)
    }

    pub(super) fn ensure_namespace(&mut self, name: &str) {
        let Some(kind) = self.kinds.by_kind("v1", "Namespace").cloned() else {
            return;
        };
        if self.namespace(name).is_none() {
            let object = json!({
                "apiVersion": "v1",
                "kind": "Namespace",
                "metadata": {
                    "name": name,
                    "labels": {"kubernetes.io/metadata.name": name},
                    "uid": self.next_uid(),
                    "creationTimestamp": self.now(),
                },
                "spec": {"finalizers": ["kubernetes"]},
                "status": {"phase": "Active"},
            });
            self.store(&kind, (String::new(), name.to_owned()), object);
        }
    }

    pub(super) fn next_uid(&mut self) -> String {
        format!("00000000-0000-4000-8000-{:012}", self.next_number())
    }

    /// Stores an object in a new version, and returns it.
    pub(super) fn store(&mut self, kind: &Arc<Served>, id: Id, mut object: Value) -> Value {
        self.version += 1;
        at::set(
            &mut object,
            &["metadata", "resourceVersion"],
            self.version.to_string(),
        );
        let key = kind.key();
        let objects = self.objects.entry(key.clone()).or_default();
        let before = objects.insert(id, object.clone());
        let is_new = before.is_none();
        self.events.push(Event {
            version: self.version,
            key,
            object: object.clone(),
            before,
            is_deleted: false,
        });
        if kind.kind == "CustomResourceDefinition" {
            self.definition_changed(&object, is_new);
        }
        object
    }

    /// Takes an object away, and returns its last state.
    pub(super) fn erase(&mut self, kind: &Arc<Served>, id: &Id, collect: Collect) -> Option<Value> {
        let key = kind.key();
        let mut object = self.objects.get_mut(&key)?.remove(id)?;
        let before = Some(object.clone());
        self.version += 1;
        at::set(
            &mut object,
            &["metadata", "resourceVersion"],
            self.version.to_string(),
        );
        self.events.push(Event {
            version: self.version,
            key,
            object: object.clone(),
            before,
            is_deleted: true,
        });
        if kind.kind == "CustomResourceDefinition" {
            self.definition_gone(&object);
        }
        if collect == Collect::Dependents {
            self.collect(text(&object, "/metadata/uid"));
        }
        self.empty_namespaces();
        Some(object)
    }

    /// What becomes of an object that is to be deleted: it goes, or waits for its finalizers.
    pub(super) fn end(&mut self, kind: &Arc<Served>, id: &Id, collect: Collect) {
        let Some(mut object) = self.object(kind, id).cloned() else {
            return;
        };
        let is_namespace = kind.key() == "/namespaces";
        if !has_finalizers(&object) && !is_namespace {
            self.erase(kind, id, collect);
            return;
        }
        if !text(&object, "/metadata/deletionTimestamp").is_empty() {
            return;
        }
        at::set(&mut object, &["metadata", "deletionTimestamp"], self.now());
        if is_namespace {
            at::set(&mut object, &["status", "phase"], "Terminating");
        } else {
            at::set(&mut object, &["metadata", "deletionGracePeriodSeconds"], 0);
        }
        let generation = object
            .pointer("/metadata/generation")
            .and_then(Value::as_i64);
        if let Some(generation) = generation {
            at::set(&mut object, &["metadata", "generation"], generation + 1);
        }
        self.store(kind, id.clone(), object);
        if is_namespace {
            self.end_all(|_, id_of, _| id_of.0 == id.1);
            self.empty_namespaces();
        }
    }

    fn end_all(&mut self, wanted: impl Fn(&Served, &Id, &Value) -> bool) {
        let mut found = Vec::new();
        for kind in self.kinds.iter() {
            let objects = self.objects.get(&kind.key()).into_iter().flatten();
            let objects = objects.filter(|(id, object)| wanted(kind, id, object));
            found.extend(objects.map(|(id, _)| (Arc::clone(kind), id.clone())));
        }
        for (kind, id) in found {
            self.end(&kind, &id, Collect::Dependents);
        }
    }

    /// Deletes what only the object of this uid owned.
    fn collect(&mut self, uid: &str) {
        let uids: Vec<String> = self
            .objects
            .values()
            .flat_map(BTreeMap::values)
            .map(|object| text(object, "/metadata/uid").to_owned())
            .collect();
        self.end_all(|_, _, object| {
            let owners = object
                .pointer("/metadata/ownerReferences")
                .and_then(Value::as_array);
            let owners: Vec<_> = owners
                .into_iter()
                .flatten()
                .map(|owner| text(owner, "/uid"))
                .collect();
            owners.contains(&uid)
                && !owners
                    .iter()
                    .any(|owner| uids.iter().any(|uid| uid == owner))
        });
    }

    /// Namespaces that are to go do so once nothing is left in them.
    pub(super) fn empty_namespaces(&mut self) {
        let Some(kind) = self.kinds.by_kind("v1", "Namespace").cloned() else {
            return;
        };
        let namespaces = self.objects.get("/namespaces").into_iter().flatten();
        let namespaces = namespaces.filter(|(_, object)| {
            text(object, "/status/phase") == "Terminating" && !has_finalizers(object)
        });
        let all = || self.objects.values().flat_map(BTreeMap::keys);
        let empty = namespaces.filter(|(id, _)| !all().any(|other| other.0 == id.1));
        let empty: Vec<Id> = empty.map(|(id, _)| id.clone()).collect();
        for id in empty {
            self.erase(&kind, &id, Collect::Dependents);
        }
    }

    fn definition_changed(&mut self, definition: &Value, is_new: bool) {
        if is_established(definition) {
            if let Some(kind) = Served::of_definition(definition) {
                self.kinds.serve(kind);
            }
            return;
        }
        let name = text(definition, "/metadata/name").to_owned();
        match self.establish {
            Establish::AtOnce if is_new => self.establish(&name),
            Establish::After(delay) if is_new => self.due.push((Instant::now() + delay, name)),
            _ => {}
        }
    }

    fn definition_gone(&mut self, definition: &Value) {
        let group = text(definition, "/spec/group").to_owned();
        let plural = text(definition, "/spec/names/plural").to_owned();
        let key = format!("{group}/{plural}");
        self.end_all(|kind, _, _| kind.key() == key);
        self.objects.remove(&key);
        self.kinds.forget(&group, &plural);
    }

    /// Establishes the definitions whose time has come.
    pub(super) fn establish_due(&mut self) {
        let now = Instant::now();
        let (due, later) = std::mem::take(&mut self.due)
            .into_iter()
            .partition(|(when, _)| *when <= now);
        self.due = later;
        let due: Vec<(Instant, String)> = due;
        for (_, name) in due {
            self.establish(&name);
        }
    }

    fn establish(&mut self, name: &str) {
        let kind = self
            .kinds
            .by_kind("apiextensions.k8s.io/v1", "CustomResourceDefinition");
        let Some(kind) = kind.cloned() else { return };
        let id = (String::new(), name.to_owned());
        let Some(mut definition) = self.object(&kind, &id).cloned() else {
            return;
        };
        let now = self.now();
        let condition = |type_: &str, reason: &str, message: &str| {
            json!({
                "type": type_,
                "status": "True",
                "reason": reason,
                "message": message,
                "lastTransitionTime": now,
            })
        };
        let names = definition
            .pointer("/spec/names")
            .cloned()
            .unwrap_or_default();
        let versions = definition
            .pointer("/spec/versions")
            .and_then(Value::as_array);
        let stored = versions.into_iter().flatten();
        let stored = stored.filter(|version| version.get("storage") == Some(&Value::Bool(true)));
        let stored: Vec<_> = stored
            .map(|version| text(version, "/name").to_owned())
            .collect();
        let status = json!({
            "conditions": [
                condition("NamesAccepted", "NoConflicts", "no conflicts found"),
                condition("Established", "InitialNamesAccepted", "the initial names have been accepted"),
            ],
            "acceptedNames": names,
            "storedVersions": stored,
        });
        at::set(&mut definition, &["status"], status);
        self.store(&kind, id, definition);
    }
}

/// What becomes of the dependents of an object that is deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Collect {
    Dependents,
    Nothing,
}

pub(super) fn has_finalizers(object: &Value) -> bool {
    let finalizers = object
        .pointer("/metadata/finalizers")
        .and_then(Value::as_array);
    finalizers.is_some_and(|list| !list.is_empty())
}

fn is_established(definition: &Value) -> bool {
    let conditions = definition
        .pointer("/status/conditions")
        .and_then(Value::as_array);
    conditions.into_iter().flatten().any(|condition| {
        text(condition, "/type") == "Established" && text(condition, "/status") == "True"
    })
}
