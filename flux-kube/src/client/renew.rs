//! A client that is built again when its identity is refused or has expired.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::future::BoxFuture;
use http::{Request, Response};
use kube::client::Body;
use kube::{Client, Config};
use tokio::time::Instant;

use crate::clock::Clock;
use crate::error::{Class, Error, Verb};

/// How a client is built again.
pub(super) type Build = Arc<dyn Fn() -> BoxFuture<'static, Result<Client, Error>> + Send + Sync>;

/// A client, and how to build it again.
pub(super) struct Renewing {
    state: Mutex<State>,
    /// One at a time builds.
    turn: tokio::sync::Mutex<()>,
    build: Option<Build>,
    clock: Clock,
}

struct State {
    client: Client,
    built: Option<Instant>,
}

/// A server that refuses every identity does not make a program run over and over.
const PAUSE: Duration = Duration::from_secs(10);

impl Renewing {
    pub(super) fn new(client: Client, build: Option<Build>, clock: Clock) -> Self {
        let state = State {
            client,
            built: None,
        };
        Self {
            state: Mutex::new(state),
            turn: tokio::sync::Mutex::new(()),
            build,
            clock,
        }
    }

    /// Sends a request with an identity that has not expired.
    pub(super) async fn send(&self, request: Request<Body>) -> Result<Response<Body>, kube::Error> {
        let mut client = self.state().client.clone();
        if self.is_expired(&client) && self.renew().await {
            client = self.state().client.clone();
        }
        client.send(request).await
    }

    /// Builds the client again. False if that is not possible, or was done a moment ago.
    pub(super) async fn renew(&self) -> bool {
        let Some(build) = &self.build else {
            return false;
        };
        let asked = Instant::now();
        let _turn = self.turn.lock().await;
        match self.state().built {
            // Somebody else did, while this one waited for its turn.
            Some(built) if built >= asked => return true,
            Some(built) if built.elapsed() < PAUSE => return false,
            _ => {}
        }
        let built = build().await;
        let mut state = self.state();
        state.built = Some(Instant::now());
        match built {
            Ok(client) => {
                tracing::debug!("renewed the identity of a client");
                state.client = client;
                true
            }
            Err(error) => {
                tracing::warn!(%error, "the identity of a client cannot be renewed");
                false
            }
        }
    }

    fn is_expired(&self, client: &Client) -> bool {
        let until = client.valid_until().as_ref();
        until.is_some_and(|until| until.as_second() <= self.clock.now().timestamp())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The client of a configuration, without any layer of ours. It may run a program and read files.
pub(super) fn build(mut config: Config) -> Result<Client, Error> {
    config.default_retry = false;
    let subject = config.cluster_url.to_string();
    Client::try_from(config)
        .map_err(|error| Error::other(Verb::Connect, subject, Class::Other, error))
}

/// The same, where nothing may block.
pub(super) async fn build_aside(config: Config) -> Result<Client, Error> {
    let subject = config.cluster_url.to_string();
    let built = tokio::task::spawn_blocking(move || build(config)).await;
    built.map_err(|error| Error::other(Verb::Connect, subject, Class::Other, error))?
}

/// How a client of that configuration is built again; nothing if another try would bring no other identity.
pub(super) fn rebuild(config: &Config) -> Option<Build> {
    let auth = &config.auth_info;
    let renewable = auth.exec.is_some()
        || auth.auth_provider.is_some()
        || auth.token_file.is_some()
        || auth.client_certificate.is_some()
        || auth.client_key.is_some();
    let config = renewable.then(|| config.clone())?;
    Some(Arc::new(move || Box::pin(build_aside(config.clone()))))
}

#[cfg(test)]
mod tests;
