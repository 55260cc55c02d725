use std::fmt;
use std::sync::{Arc, OnceLock};

use fluxcd_core::notify::Report;
use kube::Client;
use kube::core::TypeMeta;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::cache::{Cache, Key};
use crate::clock::{Clock, Dice};
use crate::events::Recorder;

/// What woke an object: the object itself, or one that it depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// The kind of the object that changed.
    pub kind: String,
    /// Its namespace and name.
    pub key: Key,
    /// Its uid.
    pub uid: String,
    /// The version that was seen.
    pub resource_version: String,
}

/// What a run may know and use besides its object.
pub struct Ctx<K> {
    pub(super) client: Client,
    pub(super) cache: Cache<K>,
    pub(super) clock: Clock,
    pub(super) dice: Dice,
    pub(super) shutdown: CancellationToken,
    pub(super) key: Key,
    pub(super) failures: u32,
    pub(super) cause: Option<Arc<Cause>>,
    pub(super) interrupt: Interrupt,
    pub(super) types: TypeMeta,
    pub(super) recorder: Option<Recorder>,
}

/// Says to a run that its object has been woken again.
#[derive(Clone)]
pub(super) struct Interrupt {
    pub(super) token: CancellationToken,
    pub(super) cause: Arc<OnceLock<Arc<Cause>>>,
}

impl<K: DeserializeOwned> Ctx<K> {
    /// What a run is given outside of a [`Runner`](super::Runner): for tests of a reconciler by itself.
    #[must_use]
    pub fn new(client: Client, key: Key) -> Self {
        let shutdown = CancellationToken::new();
        Self {
            client,
            cache: Cache::new(),
            clock: Clock::default(),
            dice: Dice::default(),
            interrupt: Interrupt::new(&shutdown),
            shutdown,
            key,
            failures: 0,
            cause: None,
            types: TypeMeta::default(),
            recorder: None,
        }
    }

    /// Tells what happened to the object, if there is somebody to be [told](super::Runner::events). It never waits.
    pub fn record(&self, report: Report) {
        let Some(recorder) = &self.recorder else {
            return;
        };
        if let Some(Value::Object(mut object)) = self.cache.value(&self.key) {
            // Lists of built-in kinds leave out what each item is.
            let TypeMeta { api_version, kind } = self.types.clone();
            object.insert("apiVersion".to_owned(), api_version.into());
            object.insert("kind".to_owned(), kind.into());
            recorder.record(&Value::Object(object), report);
        }
    }
}

impl<K> Ctx<K> {
    /// Speaks to the API server as the controller.
    #[must_use]
    pub const fn client(&self) -> &Client {
        &self.client
    }

    /// All objects of the kind, as the controller last saw them.
    #[must_use]
    pub const fn cache(&self) -> &Cache<K> {
        &self.cache
    }

    /// Namespace and name of the object.
    #[must_use]
    pub const fn key(&self) -> &Key {
        &self.key
    }

    /// The time.
    #[must_use]
    pub const fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Chance.
    #[must_use]
    pub const fn dice(&self) -> &Dice {
        &self.dice
    }

    /// How many runs in a row have failed before this one.
    #[must_use]
    pub const fn failures(&self) -> u32 {
        self.failures
    }

    /// What woke the object; `None` where its time had come.
    #[must_use]
    pub fn cause(&self) -> Option<&Cause> {
        self.cause.as_deref()
    }

    /// What has woken the object since this run began. It is run again as soon as this run ends, so whatever is only being
    /// waited for may end now.
    #[must_use]
    pub fn superseded(&self) -> Option<&Cause> {
        self.interrupt.cause.get().map(AsRef::as_ref)
    }

    /// Is cancelled when the run is [superseded](Self::superseded), and when the controller shuts down. For waiting, not for
    /// writing: what is begun should be told in the status.
    #[must_use]
    pub const fn interrupt(&self) -> &CancellationToken {
        &self.interrupt.token
    }

    /// Is cancelled when the controller shuts down. The run has the [grace](super::Runner::grace) to end in order.
    #[must_use]
    pub const fn shutdown(&self) -> &CancellationToken {
        &self.shutdown
    }
}

impl Interrupt {
    pub(super) fn new(shutdown: &CancellationToken) -> Self {
        Self {
            token: shutdown.child_token(),
            cause: Arc::default(),
        }
    }

    pub(super) fn fire(&self, cause: &Arc<Cause>) {
        // The first cause is told, as the listeners of Flux hear one event.
        let _ = self.cause.set(Arc::clone(cause));
        self.token.cancel();
    }
}

impl Cause {
    pub(super) fn of(kind: &str, key: &Key, object: &Value) -> Arc<Self> {
        let text = |name| {
            let text = object
                .get("metadata")
                .and_then(|metadata| metadata.get(name));
            text.and_then(Value::as_str).unwrap_or_default().to_owned()
        };
        Arc::new(Self {
            kind: kind.to_owned(),
            key: key.clone(),
            uid: text("uid"),
            resource_version: text("resourceVersion"),
        })
    }
}

/// `GitRepository/apps/web`.
impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind, self.key)
    }
}

impl<K> fmt::Debug for Ctx<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ctx")
            .field("key", &self.key)
            .field("failures", &self.failures)
            .field("cause", &self.cause)
            .field("superseded", &self.superseded())
            .finish_non_exhaustive()
    }
}
