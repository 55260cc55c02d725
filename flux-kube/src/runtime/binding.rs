//! Objects of other kinds that wake the objects of a controller.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use fluxcd_core::request::is_revised;
use kube::runtime::watcher::Event;
use serde_json::Value;

use super::context::Cause;
use super::queue::Urgency;
use super::watch::Watch;
use crate::cache::{Cache, Key};

/// A ConfigMap or Secret that an object reads. See [`Runner::watches_configs`](super::Runner::watches_configs).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Config {
    /// A ConfigMap.
    ConfigMap(Key),
    /// A Secret.
    Secret(Key),
}

/// One other kind, and whom its objects wake.
pub(super) struct Binding {
    pub(super) watch: Watch,
    pub(super) rule: Rule,
    pub(super) whom: Whom,
}

/// Which changes count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rule {
    /// All that the API server counts.
    Any,
    /// Those of the revision of its artifact.
    Revision,
}

type Mapping = Box<dyn Fn(&Value) -> Vec<Key> + Send + Sync>;

/// Whom a change wakes.
pub(super) enum Whom {
    /// Those that an index of the cache finds under the key.
    Referrers { index: String },
    /// Those that its owner references name. They may have caused it themselves, so they are woken gently.
    Owners { group: String, kind: String },
    /// Those that the user says.
    Mapped(Mapping),
}

/// What is remembered of each object.
#[derive(Default)]
pub(super) struct Memory {
    objects: BTreeMap<Key, Remembered>,
    listed: BTreeSet<Key>,
}

#[derive(Default, PartialEq)]
struct Remembered {
    version: Option<String>,
    wakes: Vec<Key>,
}

impl Binding {
    /// Whom an event wakes, and what caused it.
    pub(super) fn observe<K: serde::de::DeserializeOwned>(
        &self,
        event: Event<Value>,
        memory: &mut Memory,
        cache: &Cache<K>,
    ) -> Vec<(Key, Arc<Cause>)> {
        match event {
            Event::Init => {
                memory.listed.clear();
                Vec::new()
            }
            Event::InitApply(object) => {
                memory.listed.extend(Key::of(&object));
                self.changed(&object, memory, cache)
            }
            Event::Apply(object) => self.changed(&object, memory, cache),
            Event::Delete(object) => match Key::of(&object) {
                Some(key) => self.deleted(&key, &object, memory, cache),
                None => Vec::new(),
            },
            Event::InitDone => {
                let listed = std::mem::take(&mut memory.listed);
                let gone = memory.objects.keys().filter(|key| !listed.contains(key));
                let gone: Vec<_> = gone.cloned().collect();
                let woken = |key: &Key| self.deleted(key, &Value::Null, memory, cache);
                gone.iter().flat_map(woken).collect()
            }
        }
    }

    fn changed<K: serde::de::DeserializeOwned>(
        &self,
        object: &Value,
        memory: &mut Memory,
        cache: &Cache<K>,
    ) -> Vec<(Key, Arc<Cause>)> {
        let Some(key) = Key::of(object) else {
            return Vec::new();
        };
        let path = match self.rule {
            Rule::Any => "/metadata/resourceVersion",
            Rule::Revision => "/status/artifact/revision",
        };
        let version = object.pointer(path).and_then(Value::as_str);
        let new = Remembered {
            version: version.map(str::to_owned),
            wakes: self.whom.of(object),
        };
        let cause = Cause::of(self.watch.kind(), &key, object);
        let old = memory.objects.insert(key.clone(), new).unwrap_or_default();
        let Some(new) = memory.objects.get(&key) else {
            return Vec::new();
        };
        let passes = match self.rule {
            Rule::Any => old != *new,
            Rule::Revision => is_revised(old.version.as_deref(), new.version.as_deref()),
        };
        let wakes = old.wakes.into_iter().chain(new.wakes.iter().cloned());
        let wakes = wakes.chain(self.whom.referring(&key, cache));
        // What is not in the cache is woken by its own appearance.
        let wakes: BTreeSet<_> = wakes.filter(|key| passes && cache.contains(key)).collect();
        wakes
            .into_iter()
            .map(|key| (key, Arc::clone(&cause)))
            .collect()
    }

    fn deleted<K: serde::de::DeserializeOwned>(
        &self,
        key: &Key,
        object: &Value,
        memory: &mut Memory,
        cache: &Cache<K>,
    ) -> Vec<(Key, Arc<Cause>)> {
        let old = memory.objects.remove(key).unwrap_or_default();
        if self.rule == Rule::Revision {
            return Vec::new();
        }
        let cause = Cause::of(self.watch.kind(), key, object);
        let wakes = old.wakes.into_iter().chain(self.whom.referring(key, cache));
        let wakes: BTreeSet<_> = wakes.filter(|key| cache.contains(key)).collect();
        wakes
            .into_iter()
            .map(|key| (key, Arc::clone(&cause)))
            .collect()
    }

    pub(super) const fn urgency(&self) -> Urgency {
        match self.whom {
            Whom::Owners { .. } => Urgency::Gently,
            Whom::Referrers { .. } | Whom::Mapped(_) => Urgency::AtOnce,
        }
    }
}

impl Whom {
    /// Those that the object itself names.
    fn of(&self, object: &Value) -> Vec<Key> {
        match self {
            Self::Referrers { .. } => Vec::new(),
            Self::Mapped(keys) => keys(object),
            Self::Owners { group, kind } => {
                let owners = object.pointer("/metadata/ownerReferences");
                let owners = owners.and_then(Value::as_array).into_iter().flatten();
                let owners = owners.filter(|owner| {
                    let text = |name| owner.get(name).and_then(Value::as_str).unwrap_or_default();
                    let is_controller = owner.get("controller").and_then(Value::as_bool);
                    is_controller == Some(true)
                        && text("kind") == kind
                        && group_of(text("apiVersion")) == group
                });
                let names = owners.filter_map(|owner| owner.get("name").and_then(Value::as_str));
                let namespace = object
                    .pointer("/metadata/namespace")
                    .and_then(Value::as_str);
                // An owner may belong to the whole cluster: only one of the two is in the cache.
                let keys = |name| {
                    [
                        Key::new(namespace.unwrap_or_default(), name),
                        Key::new("", name),
                    ]
                };
                names.flat_map(keys).collect()
            }
        }
    }

    fn referring<K: serde::de::DeserializeOwned>(&self, key: &Key, cache: &Cache<K>) -> Vec<Key> {
        match self {
            Self::Referrers { index } => cache.by_index(index, &key.to_string()),
            _ => Vec::new(),
        }
    }
}

/// What stands before the slash of an `apiVersion`; nothing for the core group.
pub(super) fn group_of(api_version: &str) -> &str {
    api_version.split_once('/').map_or("", |(group, _)| group)
}
