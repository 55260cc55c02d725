//! Objects that are watched, kept small.
//!
//! A store of typed objects costs a multiple of what the objects are: every field is a string of its own, and most of an
//! object is `managedFields`, which nobody reads. Here an object is one piece of compact JSON without `managedFields` and
//! without the copy of itself that `kubectl apply` leaves in an annotation. It is decoded when it is read, which for a
//! reconcile is once.
//!
//! # Laws
//!
//! - What is read is what the API server sent, but for those two.
//! - An object that cannot be decoded makes that read fail, and no other: neither the watch nor the other objects.
//! - An object that was deleted while nobody watched is gone after the next list.
//!
//! # Traps
//!
//! - A cache lags behind the API server. What is about to be destroyed or claimed is read there, not here.
//! - Applying needs `managedFields`, so it never starts from a cached object.
//!
//! # Examples
//!
//! ```
//! use fluxcd_api::helm::v2::HelmRelease;
//! use fluxcd_kube::cache::{Cache, Key};
//! use serde_json::json;
//!
//! let releases = Cache::<HelmRelease>::new().index("chart", |release| {
//!     let chart = release.spec.chart.as_ref();
//!     chart.and_then(|chart| chart.spec.chart.clone()).into_iter().collect()
//! });
//! releases.insert(json!({
//!     "metadata": {"name": "web", "namespace": "apps", "managedFields": [{"manager": "flux"}]},
//!     "spec": {"interval": "5m", "chart": {"spec": {"chart": "podinfo", "sourceRef": {"kind": "HelmRepository", "name": "a"}}}},
//! }));
//!
//! let key = Key::new("apps", "web");
//! let release = releases.get(&key).unwrap()?;
//! assert_eq!(release.spec.interval.to_string(), "5m0s");
//! assert_eq!(release.metadata.managed_fields, None);
//! assert_eq!(releases.by_index("chart", "podinfo"), [key]);
//! # Ok::<(), fluxcd_kube::Error>(())
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::marker::PhantomData;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use fluxcd_api::meta::ObjectMeta;
use kube::runtime::watcher::Event;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::error::{Class, Error, Verb};

mod key;
#[cfg(test)]
mod tests;

pub use self::key::Key;

/// A store of the objects of one kind. Clones share it.
pub struct Cache<K> {
    objects: Arc<RwLock<BTreeMap<Key, Box<[u8]>>>>,
    indexes: Vec<Arc<Index<K>>>,
}

type Values<K> = Box<dyn Fn(&K) -> Vec<String> + Send + Sync>;

struct Index<K> {
    name: String,
    values: Values<K>,
    keys: RwLock<BTreeMap<String, BTreeSet<Key>>>,
    kind: PhantomData<fn() -> K>,
}

/// Where a cached object stood before it was replaced or removed.
#[derive(Deserialize)]
struct Stored {
    metadata: ObjectMeta,
}

impl<K: DeserializeOwned> Cache<K> {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self {
            objects: Arc::default(),
            indexes: Vec::new(),
        }
    }

    /// Also finds objects by values of theirs, for [`Cache::by_index`]. Say so before the first object comes, and before
    /// the cache is cloned.
    ///
    /// An object that cannot be decoded has no values.
    #[must_use]
    pub fn index(
        mut self,
        name: impl Into<String>,
        values: impl Fn(&K) -> Vec<String> + Send + Sync + 'static,
    ) -> Self {
        self.indexes.push(Arc::new(Index {
            name: name.into(),
            values: Box::new(values),
            keys: RwLock::default(),
            kind: PhantomData,
        }));
        self
    }

    /// The object of that key.
    ///
    /// # Errors
    ///
    /// The stored object is none of this kind; [`Class::Decode`].
    #[must_use]
    pub fn get(&self, key: &Key) -> Option<Result<K, Error>> {
        let objects = read(&self.objects);
        objects.get(key).map(|bytes| decode(key, bytes))
    }

    /// The objects of a namespace, or of all, in the order of their keys. What cannot be decoded is an error of its own.
    #[must_use]
    pub fn list(&self, namespace: Option<&str>) -> Vec<Result<K, Error>> {
        let objects = read(&self.objects);
        let start = Key::new(namespace.unwrap_or_default(), "");
        let objects = objects.range(start..);
        let objects = objects
            .take_while(|(key, _)| namespace.is_none_or(|namespace| key.namespace == namespace));
        objects.map(|(key, bytes)| decode(key, bytes)).collect()
    }

    /// The keys of all objects, sorted.
    #[must_use]
    pub fn keys(&self) -> Vec<Key> {
        read(&self.objects).keys().cloned().collect()
    }

    /// The keys of the objects that have that value, sorted. An index that was never declared has none.
    #[must_use]
    pub fn by_index(&self, name: &str, value: &str) -> Vec<Key> {
        let index = self.indexes.iter().find(|index| index.name == name);
        let keys = index.and_then(|index| read(&index.keys).get(value).cloned());
        keys.unwrap_or_default().into_iter().collect()
    }

    /// The object of that key as a value, whatever its kind can hold.
    #[must_use]
    pub fn value(&self, key: &Key) -> Option<Value> {
        serde_json::from_slice(read(&self.objects).get(key)?).ok()
    }

    /// The metadata of the object of that key, without decoding the rest.
    #[must_use]
    pub fn metadata(&self, key: &Key) -> Option<ObjectMeta> {
        metadata(read(&self.objects).get(key)?)
    }

    /// Whether there is such an object.
    #[must_use]
    pub fn contains(&self, key: &Key) -> bool {
        read(&self.objects).contains_key(key)
    }

    /// How many objects there are.
    #[must_use]
    pub fn len(&self) -> usize {
        read(&self.objects).len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Stores an object, and returns the metadata of the one that it replaces. An object without a name is not stored.
    pub fn insert(&self, mut object: Value) -> Option<ObjectMeta> {
        let key = Key::of(&object)?;
        strip(&mut object);
        let bytes = serde_json::to_vec(&object).ok()?.into_boxed_slice();
        let new = self.values(&key, Some(&bytes));
        // Held to the end, or two writers could leave the index of one with the object of the other.
        let mut objects = write(&self.objects);
        let old = objects.insert(key.clone(), bytes);
        self.reindex(&key, old.as_deref(), &new);
        metadata(&old?)
    }

    /// Removes an object, and returns the metadata that it had.
    pub fn remove(&self, key: &Key) -> Option<ObjectMeta> {
        let mut objects = write(&self.objects);
        let old = objects.remove(key)?;
        self.reindex(key, Some(&old), &vec![Vec::new(); self.indexes.len()]);
        metadata(&old)
    }

    /// Keeps a cache up to date with the events of a [`Watch`](crate::runtime::Watch): give it each of them, with a set
    /// that lives as long as the watch.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # use fluxcd_api::helm::v2::HelmRelease;
    /// # use fluxcd_kube::{cache::Cache, runtime::Watch};
    /// # async fn example(client: kube::Client) {
    /// let releases = Cache::<HelmRelease>::new();
    /// let watch = Watch::new::<HelmRelease>(client, None);
    /// let mut listed = Default::default();
    /// watch.follow(|event| releases.observe(event, &mut listed)).await;
    /// # }
    /// ```
    pub fn observe(&self, event: Event<Value>, listed: &mut BTreeSet<Key>) {
        match event {
            Event::Init => listed.clear(),
            Event::InitApply(object) => {
                listed.extend(Key::of(&object));
                self.insert(object);
            }
            Event::InitDone => {
                for key in self.unlisted(listed) {
                    self.remove(&key);
                }
                listed.clear();
            }
            Event::Apply(object) => drop(self.insert(object)),
            Event::Delete(object) => {
                if let Some(key) = Key::of(&object) {
                    self.remove(&key);
                }
            }
        }
    }

    /// What is stored and was not listed.
    pub(crate) fn unlisted(&self, listed: &BTreeSet<Key>) -> Vec<Key> {
        let objects = read(&self.objects);
        let gone = objects.keys().filter(|key| !listed.contains(key));
        gone.cloned().collect()
    }

    fn values(&self, key: &Key, bytes: Option<&[u8]>) -> Vec<Vec<String>> {
        let object = bytes.filter(|_| !self.indexes.is_empty());
        let object = object.and_then(|bytes| decode::<K>(key, bytes).ok());
        let values = |index: &Arc<Index<K>>| object.as_ref().map(|object| (index.values)(object));
        let values = self
            .indexes
            .iter()
            .map(|index| values(index).unwrap_or_default());
        values.collect()
    }

    fn reindex(&self, key: &Key, old: Option<&[u8]>, new: &[Vec<String>]) {
        let old = self.values(key, old);
        for (index, (old, new)) in self.indexes.iter().zip(old.iter().zip(new)) {
            if old == new {
                continue;
            }
            let mut keys = write(&index.keys);
            for value in old {
                if let Some(found) = keys.get_mut(value) {
                    found.remove(key);
                    if found.is_empty() {
                        keys.remove(value);
                    }
                }
            }
            for value in new {
                keys.entry(value.clone()).or_default().insert(key.clone());
            }
        }
    }
}

/// What the two annotations and fields that nobody reads would cost is not stored.
fn strip(object: &mut Value) {
    let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) else {
        return;
    };
    metadata.remove("managedFields");
    let annotations = metadata
        .get_mut("annotations")
        .and_then(Value::as_object_mut);
    if let Some(annotations) = annotations {
        annotations.remove("kubectl.kubernetes.io/last-applied-configuration");
    }
}

fn decode<K: DeserializeOwned>(key: &Key, bytes: &[u8]) -> Result<K, Error> {
    serde_json::from_slice(bytes)
        .map_err(|error| Error::other(Verb::Watch, key.to_string(), Class::Decode, error))
}

fn metadata(bytes: &[u8]) -> Option<ObjectMeta> {
    let stored: Stored = serde_json::from_slice(bytes).ok()?;
    Some(stored.metadata)
}

fn read<T>(lock: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

fn write<T>(lock: &RwLock<T>) -> RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}

impl<K> Clone for Cache<K> {
    fn clone(&self) -> Self {
        Self {
            objects: Arc::clone(&self.objects),
            indexes: self.indexes.clone(),
        }
    }
}

impl<K: DeserializeOwned> Default for Cache<K> {
    fn default() -> Self {
        Self::new()
    }
}

/// Only how many there are: Secrets may be among them.
impl<K> fmt::Debug for Cache<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let objects = read(&self.objects).len();
        f.debug_struct("Cache").field("objects", &objects).finish()
    }
}
