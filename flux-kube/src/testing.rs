//! API servers to test against: a scripted one, with faults, in virtual time; and a real one, started from its programs
//! ([`ApiServer`]). A server of [`Artifacts`] for consumers of sources.
//!
//! [`FakeApi`] keeps objects as the API server does: versions and generations are counted, status is written on its own,
//! finalizers hold what is deleted, fields have managers, watches tell what happened. And it fails as told: [`On`] chooses
//! requests, [`Fault`] says what happens to them. Every request is [`Recorded`].
//!
//! No time passes but tokio's: in a test with a paused clock, an hour of retries takes a millisecond. Names, uids and
//! versions are counted, so that a run repeats itself to the byte.
//!
//! # What it does of the API server
//!
//! Reading, lists in pages, selectors, watches with bookmarks; creating, replacing, merge patch, JSON patch, server-side
//! apply with managers and conflicts; dry runs, preconditions, finalizers, deletion of namespaces with what is in them and
//! of dependents; the subresource `status`; both forms of discovery; definitions, which get served when they are established;
//! the fields that may not change. Answers are in the words of Kubernetes 1.36.
//!
//! # What it does not
//!
//! No schema is checked, no field gets a default, nothing is converted between versions, no field is pruned; no strategic
//! merge patch, no `scale` and no other subresource but `status`. There is no authorization: script a
//! [`Fault::Forbidden`] for a user. Events of `v1` and of `events.k8s.io/v1` are not the same objects. An apply that changes
//! nothing never makes a new version; a real server makes one if the order of managers changes with the second.
//!
//! The tests of this crate send the same random requests to it and to a real API server, and compare the answers.
//!
//! # Examples
//!
//! A test of one's own code, under a fault:
//!
//! ```
//! use fluxcd_kube::error::Verb;
//! use fluxcd_kube::testing::{FakeApi, Fault, On};
//! use k8s_openapi::api::core::v1::ConfigMap;
//! use kube::api::{Api, Patch, PatchParams};
//! use serde_json::json;
//!
//! /// What is tested.
//! async fn label(maps: &Api<ConfigMap>, name: &str) -> kube::Result<ConfigMap> {
//!     let patch = json!({"metadata": {"labels": {"seen": "yes"}}});
//!     maps.patch(name, &PatchParams::default(), &Patch::Merge(patch)).await
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let api = FakeApi::new();
//! api.put(json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a", "namespace": "default"}}));
//!
//! // The answer gets lost.
//! api.fault(On::any().verb(Verb::Patch).kind("ConfigMap"), Fault::ResetAfter);
//! let maps: Api<ConfigMap> = Api::default_namespaced(api.raw_client());
//! assert!(label(&maps, "a").await.is_err());
//!
//! // But it was done.
//! let live = api.get("v1", "ConfigMap", Some("default"), "a").unwrap();
//! assert_eq!(live["metadata"]["labels"]["seen"], "yes");
//! assert_eq!(api.requests().len(), 1);
//! # }
//! ```

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::DateTime;
use kube::Client;
use kube::core::ApiResource;
use kube::core::discovery::Scope;
use serde_json::Value;
use tokio::sync::watch as changes;

pub mod artifacts;
mod call;
mod checks;
mod delete;
mod discovery;
mod fields;
mod json;
mod json_patch;
mod kinds;
mod managers;
mod read;
mod refusal;
mod rules;
mod script;
pub mod server;
mod service;
mod shape;
mod state;
#[cfg(test)]
mod tests;
mod watch;
mod write;

pub use self::artifacts::{ArtifactFault, Artifacts};
pub use self::call::Recorded;
use self::kinds::Served;
use self::rules::Rule;
pub use self::script::{Fault, On};
pub use self::server::ApiServer;
use self::service::Server;
use self::state::{Collect, State};
pub use self::state::{Establish, Event};
use crate::client::{self, ClientOptions};
use crate::{Clock, Dice};

/// A scripted API server. Clones are the same server.
#[derive(Clone)]
pub struct FakeApi {
    shared: Arc<Shared>,
}

/// The state, and the news that it changed.
struct Shared {
    state: Mutex<State>,
    changed: changes::Sender<u64>,
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.establish_due();
        state
    }

    /// Tells watches that something happened, and sees to what is to happen later.
    fn settle(self: &Arc<Self>) {
        let due = {
            let state = self.state();
            state.due.iter().map(|(when, _)| *when).collect::<Vec<_>>()
        };
        self.changed.send_modify(|count| *count += 1);
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            return;
        };
        for when in due {
            let shared = Arc::downgrade(self);
            runtime.spawn(async move {
                tokio::time::sleep_until(when).await;
                if let Some(shared) = shared.upgrade() {
                    drop(shared.state());
                    shared.changed.send_modify(|count| *count += 1);
                }
            });
        }
    }
}

impl Default for FakeApi {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for FakeApi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FakeApi").finish_non_exhaustive()
    }
}

impl FakeApi {
    /// A server with the namespaces `default` and `kube-system`, the usual built-in kinds, and every kind of Flux. Its
    /// clock begins at 2026-01-01 and goes as tokio's does.
    #[must_use]
    pub fn new() -> Self {
        let start = DateTime::from_timestamp(1_767_225_600, 0).unwrap_or_default();
        let state = State::new(Clock::starting_at(start));
        let shared = Shared {
            state: Mutex::new(state),
            changed: changes::Sender::new(0),
        };
        Self {
            shared: Arc::new(shared),
        }
    }

    fn server(&self, user: Option<&str>) -> Server {
        Server {
            shared: Arc::clone(&self.shared),
            user: user.map(str::to_owned),
        }
    }

    /// A client as it is in production, but that delays are never spread.
    #[must_use]
    pub fn client(&self) -> Client {
        client::harden(self.server(None), "default", &self.options())
    }

    /// A client with nothing around it: each request is sent once, and nobody watches the time.
    #[must_use]
    pub fn raw_client(&self) -> Client {
        Client::new(self.server(None), "default")
    }

    /// A client as it is in production, whose requests are recorded under a name.
    #[must_use]
    pub fn client_as(&self, name: &str) -> Client {
        client::harden(self.server(Some(name)), "default", &self.options())
    }

    /// Those of production, but for chance.
    fn options(&self) -> ClientOptions {
        ClientOptions {
            dice: Dice::new(|| 0.5),
            clock: self.clock(),
            ..ClientOptions::default()
        }
    }

    /// The clock of the server.
    #[must_use]
    pub fn clock(&self) -> Clock {
        self.shared.state().clock.clone()
    }

    /// Somebody else creates or replaces an object, with its status, and returns what is stored: versions and generation
    /// are counted, watches hear of it. A namespace that is missing is made. If the object has another uid than the live
    /// one, that one is deleted before.
    ///
    /// What the server does not know, or refuses, is not stored: then the answer is a `Status`.
    pub fn put(&self, object: Value) -> Value {
        let answer = self.shared.state().put(object);
        self.shared.settle();
        match answer {
            Ok((_, object)) => object,
            Err(refusal) => refusal.status(),
        }
    }

    /// Somebody else takes an object away at once, whatever its finalizers say.
    pub fn remove(&self, api_version: &str, kind: &str, namespace: Option<&str>, name: &str) {
        let id = (namespace.unwrap_or_default().to_owned(), name.to_owned());
        {
            let mut state = self.shared.state();
            if let Some(kind) = state.kinds.by_kind(api_version, kind).cloned() {
                state.erase(&kind, &id, Collect::Dependents);
            }
        }
        self.shared.settle();
    }

    /// The live object, in the version that is asked for.
    #[must_use]
    pub fn get(
        &self,
        api_version: &str,
        kind: &str,
        namespace: Option<&str>,
        name: &str,
    ) -> Option<Value> {
        let state = self.shared.state();
        let kind = state.kinds.by_kind(api_version, kind)?;
        let id = (namespace.unwrap_or_default().to_owned(), name.to_owned());
        let mut object = state.object(kind, &id)?.clone();
        json::set(&mut object, &["apiVersion"], api_version);
        Some(object)
    }

    /// Every object, but the namespaces that were there from the start; sorted by kind, namespace and name.
    #[must_use]
    pub fn objects(&self) -> Vec<Value> {
        let state = self.shared.state();
        let objects = state.objects.iter().flat_map(|(key, objects)| {
            let objects = objects.iter();
            objects.filter(move |(id, _)| {
                key != "/namespaces" || !matches!(id.1.as_str(), "default" | "kube-system")
            })
        });
        objects.map(|(_, object)| object.clone()).collect()
    }

    /// All that happened to objects so far, in order.
    #[must_use]
    pub fn history(&self) -> Vec<Event> {
        self.shared.state().events.clone()
    }

    /// Serves a further kind, or a further version of a kind. It has the subresource `status`.
    pub fn serve(&self, resource: ApiResource, scope: Scope) {
        let kind = Served::of_resource(resource, &scope);
        self.shared.state().kinds.add(kind);
    }

    /// Serves a kind no longer; its objects stay.
    pub fn unserve(&self, group: &str, plural: &str) {
        self.shared.state().kinds.forget(group, plural);
    }

    /// A group whose own server does not answer: discovery has it, but knows no kinds of it.
    pub fn serve_broken(&self, group: &str, version: &str) {
        self.shared.state().kinds.break_group(group, version);
    }

    /// When definitions become established. At once, if nothing else is said.
    pub fn establish(&self, when: Establish) {
        self.shared.state().establish = when;
    }

    /// A field that may not change once an object is created, beside those that every server refuses: a JSON pointer.
    pub fn immutable(&self, group: &str, kind: &str, pointer: &str) {
        let rule = Rule::new(group, kind, pointer);
        self.shared.state().rules.push(rule);
    }

    /// Something goes wrong. Faults are taken in the order in which they were given, each as often as its [`On`] says.
    pub fn fault(&self, on: On, fault: Fault) {
        self.shared.state().script.push(on, fault);
    }

    /// Nothing goes wrong any more.
    pub fn clear_faults(&self) {
        self.shared.state().script.clear();
    }

    /// Something happens to the watches that run and fit: they end ([`Fault::WatchEnd`]), are told that their version is
    /// too old ([`Fault::WatchGone`]), break ([`Fault::Reset`]), are cut ([`Fault::Truncate`], [`Fault::NotJson`]), fail
    /// ([`Fault::Status`]) or fall silent for ever ([`Fault::Hang`]). The counts of `on` mean nothing here.
    pub fn interrupt(&self, on: On, fault: Fault) {
        self.shared.state().interruptions.push((on, fault));
        self.shared.settle();
    }

    /// Forgets what happened so far: older versions are too old for new watches and for continue tokens.
    pub fn compact(&self) {
        let mut state = self.shared.state();
        state.compacted = state.version;
    }

    /// The requests so far, in the order in which they came in.
    #[must_use]
    pub fn requests(&self) -> Vec<Recorded> {
        self.shared.state().requests.clone()
    }

    /// Forgets the requests.
    pub fn clear_requests(&self) {
        self.shared.state().requests.clear();
    }
}
