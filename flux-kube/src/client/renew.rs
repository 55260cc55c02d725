//! A client that is built again when its identity is refused or has expired.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::{Request, Response};
use kube::client::Body;
use kube::config::AuthInfo;
use kube::{Client, Config};
use tokio::time::Instant;

use crate::clock::Clock;

/// A client, and how to build it again.
pub(super) struct Renewing {
    state: Mutex<State>,
    /// One at a time builds.
    turn: tokio::sync::Mutex<()>,
    config: Option<Config>,
    clock: Clock,
}

struct State {
    client: Client,
    built: Option<Instant>,
}

/// A server that refuses every identity does not make a program run over and over.
const PAUSE: Duration = Duration::from_secs(10);

impl Renewing {
    /// `config` is what the client was built from; without one it stays as it is, and also when nothing that the
    /// configuration names can give another identity.
    pub(super) fn new(client: Client, config: Option<Config>, clock: Clock) -> Self {
        let state = State {
            client,
            built: None,
        };
        Self {
            state: Mutex::new(state),
            turn: tokio::sync::Mutex::new(()),
            config: config.filter(|config| is_renewable(&config.auth_info)),
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
        let Some(config) = self.config.clone() else {
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
        // It may run a program and read files.
        let built = tokio::task::spawn_blocking(move || Client::try_from(config)).await;
        let mut state = self.state();
        state.built = Some(Instant::now());
        match built {
            Ok(Ok(client)) => {
                tracing::debug!("renewed the identity of a client");
                state.client = client;
                true
            }
            Ok(Err(error)) => {
                tracing::warn!(%error, "the identity of a client cannot be renewed");
                false
            }
            Err(_) => false,
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

fn is_renewable(auth: &AuthInfo) -> bool {
    auth.exec.is_some()
        || auth.auth_provider.is_some()
        || auth.token_file.is_some()
        || auth.client_certificate.is_some()
        || auth.client_key.is_some()
}
