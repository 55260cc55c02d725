//! What an object refers to: ConfigMaps, Secrets, sources, the labels of namespaces.
//!
//! # Contract
//!
//! | function | answer |
//! |---|---|
//! | [`Lookup::config_map`], [`Lookup::secret`] | its [`Entries`], which know where they are from; nothing where it does not exist |
//! | [`Lookup::follow`] | the object behind a reference that may cross namespaces: found, missing, or denied by `fluxcd_core::access` |
//! | [`Lookup::substitution`] | `spec.postBuild` with what its `substituteFrom` holds, for `fluxcd_core::substitute` |
//! | [`Lookup::values`] | what `spec.valuesFrom` of a HelmRelease refers to, in its order |
//! | [`Lookup::namespace_labels`] | the labels of a namespace |
//!
//! A denial and an object that is missing are outcomes; a failure ([`Error`]) is what the API server did not answer. Only the
//! failure is worth a repetition.
//!
//! # Laws
//!
//! - A reference that flags deny is not read at all; within one namespace, the namespace is not read.
//! - Everything is read from the API server, not from a cache, each object once for one question: two references to one
//!   ConfigMap see the same state of it.
//! - The content of a Secret is never printed, neither by `Debug` nor in an error.
//!
//! # Traps
//!
//! - Flux reads ConfigMaps and Secrets with the identity of the controller, also where it applies as a service account. Who
//!   wants it otherwise gives a client of that identity.
//! - `binaryData` of a ConfigMap is not read, as Flux does not read it.
//!
//! # Examples
//!
//! ```
//! # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
//! use fluxcd_api::kustomize::v1::PostBuild;
//! use fluxcd_kube::lookup::Lookup;
//! use fluxcd_kube::mapper::Mapper;
//! use fluxcd_kube::testing::FakeApi;
//! use serde_json::json;
//!
//! let api = FakeApi::new();
//! api.put(json!({
//!     "apiVersion": "v1", "kind": "Secret",
//!     "metadata": {"name": "db", "namespace": "default"},
//!     "data": {"password": "aHVudGVyMg=="},
//! }));
//! let lookup = Lookup::new(api.client(), Mapper::new(api.client()));
//!
//! let secret = lookup.secret("default", "db").await?.ok_or("no such Secret")?;
//! assert_eq!(secret.text("password"), Some("hunter2"));
//! assert_eq!(secret.origin(), "Secret/default/db");
//! assert!(!format!("{secret:?}").contains("hunter2"));
//!
//! let post_build: PostBuild = serde_json::from_value(json!({
//!     "substituteFrom": [{"kind": "Secret", "name": "db"}, {"kind": "ConfigMap", "name": "extra", "optional": true}],
//! }))?;
//! let substitution = lookup.substitution("default", &post_build).await?;
//! assert_eq!(substitution.variables().value("password"), Some(&b"hunter2"[..]));
//! assert_eq!(substitution.missing().len(), 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::collections::{BTreeMap, BTreeSet};

use fluxcd_api::kustomize::v1::{PostBuild, SubstituteReference};
use fluxcd_api::meta::{AccessFrom, NamespacedObjectKindReference};
use fluxcd_core::access::{Access, Cause, Denial, Facts, Field, Reference};
use fluxcd_core::substitute::{Layer, Substitution};
use futures::{StreamExt, TryStreamExt, stream};
use kube::Client;
use kube::core::ApiResource;
use serde::Deserialize;
use serde_json::Value;

pub use self::entries::{Entries, EntriesKind};
pub use self::values::{Content, ValuesFault, ValuesLayer};
use crate::Error;
use crate::endpoint::Endpoint;
use crate::error::{Class, Verb};
use crate::mapper::Mapper;

mod entries;
mod values;

/// Finds what objects refer to.
#[derive(Clone)]
pub struct Lookup {
    client: Client,
    mapper: Mapper,
}

/// What became of a reference.
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub enum Followed {
    /// The object, as the API server has it.
    Found(Box<Value>),
    /// There is no such object.
    Missing,
    /// The reference is not followed.
    Denied(Denial),
}

/// ConfigMaps and Secrets by kind and name; nothing for one that does not exist.
type Shelf = BTreeMap<(EntriesKind, String), Option<Entries>>;

impl Lookup {
    /// Reads with this client; the mapper finds the kinds of sources.
    #[must_use]
    pub const fn new(client: Client, mapper: Mapper) -> Self {
        Self { client, mapper }
    }

    /// The `data` of a ConfigMap.
    ///
    /// # Errors
    ///
    /// What the API server says, but for an object that does not exist.
    pub async fn config_map(&self, namespace: &str, name: &str) -> Result<Option<Entries>, Error> {
        self.entries(EntriesKind::ConfigMap, namespace, name).await
    }

    /// The `data` of a Secret, decoded.
    ///
    /// # Errors
    ///
    /// What the API server says, but for an object that does not exist.
    pub async fn secret(&self, namespace: &str, name: &str) -> Result<Option<Entries>, Error> {
        self.entries(EntriesKind::Secret, namespace, name).await
    }

    /// The labels of a namespace.
    ///
    /// # Errors
    ///
    /// What the API server says, but for a namespace that does not exist.
    pub async fn namespace_labels(
        &self,
        name: &str,
    ) -> Result<Option<BTreeMap<String, String>>, Error> {
        let place = Endpoint::new(self.client.clone(), &core("Namespace"), None, name)?;
        let Some(object) = place.read().await? else {
            return Ok(None);
        };
        let labels = object
            .pointer("/metadata/labels")
            .map(BTreeMap::deserialize);
        let labels = labels.transpose().map_err(|error| decode(&place, error))?;
        Ok(Some(labels.unwrap_or_default()))
    }

    /// Follows a reference as the controller of its field does.
    ///
    /// `facts` says how that controller runs; what the object of the reference and the own namespace say
    /// (`access_from`, `namespace_labels`) is read where the decision depends on it.
    ///
    /// # Errors
    ///
    /// What the API server says; [`Class::NotFound`] for a kind that is none of Flux or is not served.
    pub async fn follow(
        &self,
        reference: &Reference,
        facts: &Facts<'_>,
    ) -> Result<Followed, Error> {
        if let Access::Deny(denial) = reference.decide(facts)
            && matches!(denial.cause, Cause::Blocked | Cause::GateOff)
        {
            return Ok(Followed::Denied(denial));
        }
        let written = NamespacedObjectKindReference {
            api_version: None,
            kind: reference.kind.as_str().to_owned(),
            name: reference.name.clone(),
            namespace: Some(reference.namespace.clone()),
        };
        let place = Endpoint::find(&self.client, &self.mapper, &written).await?;
        let Some(object) = place.read().await? else {
            return Ok(Followed::Missing);
        };
        if reference.field != Field::ImageRepository || !reference.crosses() {
            return Ok(Followed::Found(Box::new(object)));
        }
        let access_from = object.pointer("/spec/accessFrom");
        let access_from = access_from.map(Option::<AccessFrom>::deserialize);
        let access_from = access_from
            .transpose()
            .map_err(|error| decode(&place, error))?
            .flatten();
        let labels = match &access_from {
            Some(_) => self.namespace_labels(&reference.own_namespace).await?,
            None => None,
        };
        let mut facts = *facts;
        facts.access_from = access_from.as_ref();
        facts.namespace_labels = labels.as_ref();
        Ok(match reference.decide(&facts) {
            Access::Allow(_) => Followed::Found(Box::new(object)),
            Access::Deny(denial) => Followed::Denied(denial),
        })
    }

    /// The substitution of a Kustomization in that namespace. What does not exist is in it: see
    /// [`Substitution::missing`], and the error of its application.
    ///
    /// # Errors
    ///
    /// What the API server says, but for an object that does not exist.
    pub async fn substitution(
        &self,
        namespace: &str,
        post_build: &PostBuild,
    ) -> Result<Substitution, Error> {
        let key = |reference: &SubstituteReference| {
            let kind = EntriesKind::named(reference.kind.as_str())?;
            Some((kind, reference.name.clone()))
        };
        let references = post_build.substitute_from.iter().flatten();
        let shelf = self.shelf(namespace, references.filter_map(key)).await?;
        Ok(Substitution::plan(post_build, |reference| {
            shelf.get(&key(reference)?)?.as_ref().map(Layer::from)
        }))
    }

    async fn shelf(
        &self,
        namespace: &str,
        wanted: impl Iterator<Item = (EntriesKind, String)>,
    ) -> Result<Shelf, Error> {
        let wanted: BTreeSet<_> = wanted.collect();
        let read = stream::iter(wanted).map(|(kind, name)| async move {
            let entries = self.entries(kind, namespace, &name).await?;
            Ok(((kind, name), entries))
        });
        read.buffered(AT_ONCE).try_collect().await
    }

    async fn entries(
        &self,
        kind: EntriesKind,
        namespace: &str,
        name: &str,
    ) -> Result<Option<Entries>, Error> {
        let resource = core(kind.as_str());
        let place = Endpoint::new(self.client.clone(), &resource, Some(namespace), name)?;
        let object = place.read().await?;
        let entries = object.map(|object| Entries::read(kind, namespace, name, &object));
        entries.transpose().map_err(|error| decode(&place, error))
    }
}

/// A kind of the core group. Its plural needs no discovery.
fn core(kind: &str) -> ApiResource {
    ApiResource {
        group: String::new(),
        version: "v1".to_owned(),
        api_version: "v1".to_owned(),
        kind: kind.to_owned(),
        plural: format!("{}s", kind.to_lowercase()),
    }
}

fn decode(place: &Endpoint, error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::other(Verb::Get, place.subject(), Class::Decode, error)
}

/// How many objects are read at the same time for one question.
const AT_ONCE: usize = 4;
