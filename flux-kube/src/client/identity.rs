//! Clients by identity: the controller, an account that it impersonates, either of them on another cluster.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use fluxcd_api::meta::KubeConfigReference;
use fluxcd_core::access::Identity;
use fluxcd_core::access::kube_config::RemoteCluster;
use http::{HeaderName, HeaderValue, Request};
use kube::client::Body;
use kube::{Client, Config};
use tokio::time::Instant;
use tower::service_fn;

use super::kubeconfig::KubeConfig;
use super::{ClientOptions, connect, over, provider, renew};
use crate::endpoint::is_path_segment;
use crate::error::{Class, Error, Verb};
use crate::lookup::{Entries, Lookup};
use crate::mapper::Mapper;

/// Makes clients for identities, and keeps them.
///
/// An account is impersonated as a user, without groups, which the API server knows of service accounts. The client of an
/// account shares the connections of the controller, and whatever `Impersonate-` header a request carries is replaced:
/// there is no way to send something with such a client that is not the account's.
///
/// Kept are up to 256 clients, those that were used in the last ten minutes.
///
/// Sources: fluxcd/pkg runtime v0.110.3: `client/impersonator.go (GetClient, CanImpersonate)`.
///
/// # Examples
///
/// ```
/// use fluxcd_core::access::Identity;
/// use fluxcd_kube::client::{ClientOptions, Clients, harden};
/// use http::{Request, Response};
/// use kube::client::Body;
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let service = tower::service_fn(|request: Request<Body>| async move {
///     let user = request.headers()["impersonate-user"].as_bytes().to_vec();
///     Ok::<_, std::convert::Infallible>(Response::new(Body::from(user)))
/// });
/// let options = ClientOptions::default();
/// let clients = Clients::new(harden(service, "flux-system", &options), &options);
/// let tenant = clients.local(&Identity::decide("apps", Some("deployer"), None))?;
/// let answer = tenant.request_text(Request::get("/whoami").body(Vec::new())?).await?;
/// assert_eq!(answer, "system:serviceaccount:apps:deployer");
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Clients(Arc<Inner>);

struct Inner {
    /// The controller as itself.
    own: Client,
    /// The one that impersonates: the same, but for a controller that is itself impersonated.
    bare: Client,
    options: ClientOptions,
    kept: Mutex<HashMap<Key, Kept>>,
}

/// The digest of another cluster, and the user who is impersonated.
type Key = (Option<[u8; 32]>, Option<String>);

struct Kept {
    client: Client,
    used: Instant,
}

const MOST: usize = 256;
const IDLE: Duration = Duration::from_secs(600);

impl Clients {
    /// Clients over that of the controller. It must not impersonate anybody by itself.
    #[must_use]
    pub fn new(own: Client, options: &ClientOptions) -> Self {
        Self::over(own.clone(), own, options)
    }

    /// Clients of the cluster of the controller.
    ///
    /// # Errors
    ///
    /// As [`connect`].
    pub fn connect(config: Config, options: &ClientOptions) -> Result<Self, Error> {
        let mut bare = config.clone();
        let auth = &mut bare.auth_info;
        let impersonates = auth.impersonate.take().is_some();
        (auth.impersonate_groups, auth.impersonate_uid) = (None, None);
        auth.impersonate_user_extra = None;
        let own = connect(config, options)?;
        let bare = match impersonates {
            true => connect(bare, options)?,
            false => own.clone(),
        };
        Ok(Self::over(own, bare, options))
    }

    fn over(own: Client, bare: Client, options: &ClientOptions) -> Self {
        Self(Arc::new(Inner {
            own,
            bare,
            options: options.clone(),
            kept: Mutex::default(),
        }))
    }

    /// A client on the own cluster.
    ///
    /// # Errors
    ///
    /// [`Class::Invalid`] if the name of the account cannot stand in a header.
    pub fn local(&self, identity: &Identity<'_>) -> Result<Client, Error> {
        match identity.user() {
            None => Ok(self.0.own.clone()),
            Some(user) => self.kept((None, Some(user.clone())), || {
                impersonating(self.0.bare.clone(), &user)
            }),
        }
    }

    /// A client on the cluster of a kubeconfig, where the account is impersonated too.
    ///
    /// # Errors
    ///
    /// [`Class::Invalid`] if the kubeconfig or the name of the account cannot be used.
    pub async fn remote(
        &self,
        kubeconfig: &KubeConfig,
        identity: &Identity<'_>,
    ) -> Result<Client, Error> {
        let digest = kubeconfig.digest();
        let user = identity.user();
        if let Some(client) = self.find(&(Some(digest), user.clone())) {
            return Ok(client);
        }
        let remote = match self.find(&(Some(digest), None)) {
            Some(client) => client,
            None => {
                for finding in kubeconfig.findings() {
                    tracing::warn!(secret = kubeconfig.secret(), "{finding}");
                }
                let config = kubeconfig.config().await?;
                let namespace = config.default_namespace.clone();
                let build = renew::rebuild(&config);
                let inner = renew::build_aside(config).await?;
                let client = over(inner, build, namespace, &self.0.options);
                self.kept((Some(digest), None), || Ok(client))?
            }
        };
        self.derived(remote, digest, user)
    }

    /// The client for an object: on the own cluster without a reference, else on the cluster that it leads to. Its Secret or
    /// ConfigMap lies in the namespace of the object, and is read as the controller.
    ///
    /// Of the providers that a ConfigMap can name, `generic` is known, with a service account.
    ///
    /// # Errors
    ///
    /// [`Class::NotFound`] without the Secret or ConfigMap; [`Class::Invalid`] if what it says cannot be used; what the API
    /// server says when they are read.
    pub async fn resolve(
        &self,
        reference: Option<&KubeConfigReference>,
        namespace: &str,
        identity: &Identity<'_>,
    ) -> Result<Client, Error> {
        let Some(reference) = reference else {
            return self.local(identity);
        };
        let own = &self.0.own;
        let lookup = Lookup::new(own.clone(), Mapper::new(own.clone()));
        match (&reference.config_map_ref, &reference.secret_ref) {
            (Some(reference), _) => {
                let subject = format!("ConfigMap/{namespace}/{}", reference.name);
                let entries = lookup.config_map(namespace, &reference.name).await?;
                let entries = entries.ok_or_else(|| missing(&subject))?;
                self.provided(namespace, &entries, &subject, identity).await
            }
            (None, Some(reference)) => {
                let subject = format!("Secret/{namespace}/{}", reference.name);
                let entries = lookup.secret(namespace, &reference.name).await?;
                let entries = entries.ok_or_else(|| missing(&subject))?;
                let insecure = self.0.options.insecure;
                let kubeconfig = KubeConfig::from_secret(reference, namespace, &entries, insecure)?;
                self.remote(&kubeconfig, identity).await
            }
            (None, None) => {
                let (subject, class) = ("spec.kubeConfig", Class::Invalid);
                let problem = "neither configMapRef nor secretRef is set";
                Err(Error::other(Verb::Connect, subject, class, problem))
            }
        }
    }

    /// A client on the cluster of a ConfigMap.
    async fn provided(
        &self,
        namespace: &str,
        entries: &Entries,
        subject: &str,
        identity: &Identity<'_>,
    ) -> Result<Client, Error> {
        let texts = entries.values().keys();
        let texts = texts.filter_map(|key| Some((key.clone(), entries.text(key)?.to_owned())));
        let texts = texts.collect();
        let Inner { own, options, .. } = self.0.as_ref();
        let cluster = RemoteCluster::read(&texts, options.flux);
        let (digest, user) = (provider::digest(namespace, &cluster), identity.user());
        if let Some(client) = self.find(&(Some(digest), user.clone())) {
            return Ok(client);
        }
        let remote = match self.find(&(Some(digest), None)) {
            Some(client) => client,
            None => {
                let client = provider::connect(own, namespace, &cluster, subject, options).await?;
                self.kept((Some(digest), None), || Ok(client))?
            }
        };
        self.derived(remote, digest, user)
    }

    /// Whether the account exists on the own cluster. What cannot be told counts as no; the controller itself always
    /// exists.
    pub async fn can_impersonate(&self, identity: &Identity<'_>) -> bool {
        let Identity::ServiceAccount {
            namespace, name, ..
        } = identity
        else {
            return true;
        };
        // kube puts names into paths as they are.
        if ![*namespace, *name].into_iter().all(is_path_segment) {
            return false;
        }
        let path = format!("/api/v1/namespaces/{namespace}/serviceaccounts/{name}");
        let Ok(request) = Request::get(path).body(Vec::new()) else {
            return false;
        };
        self.0.own.request_text(request).await.is_ok()
    }

    fn derived(
        &self,
        remote: Client,
        digest: [u8; 32],
        user: Option<String>,
    ) -> Result<Client, Error> {
        match user {
            None => Ok(remote),
            Some(user) => self.kept((Some(digest), Some(user.clone())), || {
                impersonating(remote, &user)
            }),
        }
    }

    fn find(&self, key: &Key) -> Option<Client> {
        let mut kept = self.0.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = kept.get_mut(key)?;
        kept.used = Instant::now();
        Some(kept.client.clone())
    }

    fn kept(
        &self,
        key: Key,
        make: impl FnOnce() -> Result<Client, Error>,
    ) -> Result<Client, Error> {
        if let Some(client) = self.find(&key) {
            return Ok(client);
        }
        let (client, used) = (make()?, Instant::now());
        let mut kept = self.0.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|_, kept| kept.used.elapsed() < IDLE);
        if kept.len() >= MOST {
            let oldest = kept.iter().min_by_key(|(_, kept)| kept.used);
            if let Some(oldest) = oldest.map(|(key, _)| key.clone()) {
                kept.remove(&oldest);
            }
        }
        let client = &kept.entry(key).or_insert(Kept { client, used }).client;
        Ok(client.clone())
    }
}

/// A client whose every request is another user's.
fn impersonating(client: Client, user: &str) -> Result<Client, Error> {
    let header = HeaderValue::from_str(user);
    let header =
        header.map_err(|error| Error::other(Verb::Connect, user, Class::Invalid, error))?;
    let (namespace, until) = (client.default_namespace().to_owned(), *client.valid_until());
    let service = service_fn(move |mut request: Request<Body>| {
        let headers = request.headers_mut();
        let foreign: Vec<HeaderName> = headers
            .keys()
            .filter(|name| name.as_str().starts_with("impersonate-"))
            .cloned()
            .collect();
        for name in foreign {
            headers.remove(name);
        }
        headers.insert(HeaderName::from_static("impersonate-user"), header.clone());
        let client = client.clone();
        async move { client.send(request).await }
    });
    Ok(Client::new(service, namespace).with_valid_until(until))
}

fn missing(subject: &str) -> Error {
    Error::other(Verb::Get, subject, Class::NotFound, "it does not exist")
}

impl fmt::Debug for Clients {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clients")
    }
}

#[cfg(test)]
mod tests;
