//! Which kinds an API server has, and under which addresses.
//!
//! The plural of a kind is never guessed, as kube's `ApiResource::from_gvk` does: whoever prunes or waits under a wrong
//! address finds nothing, and takes that for the truth.
//!
//! # Contract
//!
//! - The first question about the core group, and the first about any other, cost one request each: aggregated discovery.
//!   A server that has none is asked group by group.
//! - A kind that is not known is looked for once more, in its own group and version only, and no oftener than once a
//!   second; then it is [`Class::NotFound`].
//! - One question is in flight at a time; whoever else needs the answer waits for it.
//! - What is known is asked again after ten minutes. If that fails, it is still known.
//! - A group whose server is away fails by itself; the others work.
//!
//! # Traps
//!
//! - A CustomResourceDefinition that was deleted and created with another scope or plural is known in its old form for up
//!   to ten minutes. After a definition was changed, [`Mapper::forget`].

mod catalog;
mod kind;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use kube::Client;
use kube::core::GroupVersionKind;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::time::Instant;

use self::catalog::{Catalog, Group, Known, Resources};
pub use self::kind::{Kind, NoMatch};
use crate::error::{Class, Error, Verb};

/// Finds kinds, and remembers them.
///
/// # Examples
///
/// ```
/// use fluxcd_kube::mapper::Mapper;
/// use kube::core::GroupVersionKind;
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() -> Result<(), fluxcd_kube::Error> {
/// # let client = fluxcd_kube::testing::FakeApi::new().client();
/// let mapper = Mapper::new(client);
/// let ingress = mapper.resolve(&GroupVersionKind::gvk("networking.k8s.io", "v1", "Ingress")).await?;
/// assert_eq!(ingress.resource.plural, "ingresses");
/// assert!(ingress.is_namespaced());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Mapper(Arc<State>);

struct State {
    client: Client,
    catalog: Mutex<Catalog>,
    /// Held by whoever asks the server.
    turn: tokio::sync::Mutex<()>,
}

/// How often the server is asked for the same unknown kind.
const PAUSE: Duration = Duration::from_secs(1);
/// How long the server is believed.
const LIFETIME: Duration = Duration::from_secs(600);

impl Mapper {
    /// A mapper that knows nothing yet.
    #[must_use]
    pub fn new(client: Client) -> Self {
        Self(Arc::new(State {
            client,
            catalog: Mutex::default(),
            turn: tokio::sync::Mutex::default(),
        }))
    }

    /// Finds a kind in a version of its group.
    ///
    /// # Errors
    ///
    /// [`Class::NotFound`] with [`NoMatch`] if the server does not have it; otherwise what the server answered.
    pub async fn resolve(&self, gvk: &GroupVersionKind) -> Result<Kind, Error> {
        if let Some(kind) = self.catalog().fresh(&gvk.group, &gvk.version, &gvk.kind) {
            return Ok(kind);
        }
        let _turn = self.0.turn.lock().await;
        self.look_for(&gvk.group, &gvk.version, &gvk.kind)
            .await?
            .ok_or_else(|| no_match(&gvk.group, Some(&gvk.version), &gvk.kind))
    }

    /// Finds a kind in the version that the server prefers among those that have the kind.
    ///
    /// # Errors
    ///
    /// As [`Mapper::resolve`].
    pub async fn resolve_kind(&self, group: &str, kind: &str) -> Result<Kind, Error> {
        if let Some(kind) = self.catalog().fresh_preferred(group, kind) {
            return Ok(kind);
        }
        let _turn = self.0.turn.lock().await;
        self.load(group).await?;
        if let Some(kind) = self.catalog().preferred(group, kind) {
            return Ok(kind);
        }
        if self.may_ask(group, None)
            && let Some(found) = self.fetch::<Group>(&group_path(group, None)).await?
        {
            self.catalog().put_group(group, found);
        }
        let versions = self.catalog().versions(group);
        for version in versions {
            if let Some(kind) = self.look_for(group, &version, kind).await? {
                return Ok(kind);
            }
        }
        Err(no_match(group, None, kind))
    }

    /// Finds the kind of a manifest.
    ///
    /// # Errors
    ///
    /// [`Class::Invalid`] if the manifest has no `apiVersion` or no `kind`; otherwise as [`Mapper::resolve`].
    pub async fn resolve_object(&self, object: &Value) -> Result<Kind, Error> {
        let text = |key| {
            object
                .get(key)
                .and_then(Value::as_str)
                .filter(|text| !text.is_empty())
        };
        let (Some(version), Some(kind)) = (text("apiVersion"), text("kind")) else {
            let problem = "a manifest needs an apiVersion and a kind";
            return Err(Error::other(
                Verb::Discover,
                "manifest",
                Class::Invalid,
                problem,
            ));
        };
        let (group, version) = version.split_once('/').unwrap_or(("", version));
        self.resolve(&GroupVersionKind::gvk(group, version, kind))
            .await
    }

    /// Forgets everything: definitions have changed.
    pub fn forget(&self) {
        self.catalog().forget();
    }

    /// Looks for a kind where it is not known to be. The turn is the caller's.
    async fn look_for(
        &self,
        group: &str,
        version: &str,
        kind: &str,
    ) -> Result<Option<Kind>, Error> {
        self.load(group).await?;
        if let Some(kind) = self.catalog().find(group, version, kind) {
            return Ok(Some(kind));
        }
        if self.may_ask(group, Some(version)) {
            let found = self
                .fetch::<Resources>(&group_path(group, Some(version)))
                .await?;
            self.catalog()
                .put_version(group, version, found.unwrap_or_default());
        }
        Ok(self.catalog().find(group, version, kind))
    }

    /// Loads the half of the catalogue that the group is in, if it is not known or was known for too long.
    async fn load(&self, group: &str) -> Result<(), Error> {
        let (known, epoch) = {
            let catalog = self.catalog();
            (catalog.known(group), catalog.epoch())
        };
        if known == Known::Fresh {
            return Ok(());
        }
        let path = if group.is_empty() { "/api" } else { "/apis" };
        match (self.fetch(path).await, known) {
            (Ok(found), _) => {
                self.catalog()
                    .put_half(group, found.unwrap_or_default(), epoch);
                Ok(())
            }
            (Err(error), Known::Old) => {
                tracing::debug!(%error, "discovery failed: going on with what is known");
                self.catalog().postpone(group);
                Ok(())
            }
            (Err(error), _) => Err(error),
        }
    }

    /// Whether the server is asked once more, which counts from now.
    fn may_ask(&self, group: &str, version: Option<&str>) -> bool {
        self.catalog().may_ask(group, version, Instant::now())
    }

    /// A document of the server; nothing if it has none at that address.
    async fn fetch<T: DeserializeOwned>(&self, path: &str) -> Result<Option<T>, Error> {
        let request = http::Request::get(path).header(http::header::ACCEPT, catalog::ACCEPT);
        let request = request.body(Vec::new()).map_err(kube::Error::HttpError);
        let failed = |error| Error::new(Verb::Discover, path, error);
        match self.0.client.request(request.map_err(failed)?).await {
            Ok(found) => Ok(Some(found)),
            Err(error) => match failed(error) {
                error if error.class() == Class::NotFound => Ok(None),
                error => Err(error),
            },
        }
    }

    fn catalog(&self) -> MutexGuard<'_, Catalog> {
        self.0
            .catalog
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

fn group_path(group: &str, version: Option<&str>) -> String {
    match (group, version) {
        ("", Some(version)) => format!("/api/{version}"),
        ("", None) => "/api".to_owned(),
        (group, Some(version)) => format!("/apis/{group}/{version}"),
        (group, None) => format!("/apis/{group}"),
    }
}

fn no_match(group: &str, version: Option<&str>, kind: &str) -> Error {
    let no_match = NoMatch {
        group: group.to_owned(),
        version: version.map(str::to_owned),
        kind: kind.to_owned(),
    };
    Error::other(Verb::Discover, kind, Class::NotFound, no_match)
}

impl fmt::Debug for Mapper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mapper")
    }
}
