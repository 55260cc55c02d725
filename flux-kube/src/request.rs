//! Asking objects of Flux for something: reconcile now, force, reset, suspend, resume; and waiting until it is done.
//!
//! # Contract
//!
//! [`Requests::ask`] reads the object, lets `fluxcd_core::request` plan the patch, and sends it. [`Requests::wait`] polls the
//! object until its controller has noted a request in its status. Whether the run that followed went well is a matter of its
//! conditions, and of `fluxcd_core::ready`.
//!
//! # Laws
//!
//! - An object that answers no request is not patched: it is suspended, nobody reconciles it, or its kind knows no such thing.
//! - A patch of unknown outcome is looked for on the object before it is sent again; sending it twice is asking once.
//! - A wait ends at its deadline, or at once when it is cancelled, also in the middle of a call.
//!
//! # Guards against
//!
//! K1 and K7. A failure to read the object is no end of a wait where it can pass by itself.
//!
//! # Traps
//!
//! A later request of somebody else replaces the one that is waited for. The run that handles that one began later, so the wait
//! goes on until it is handled.
//!
//! # Examples
//!
//! ```
//! # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
//! use fluxcd_api::meta::NamespacedObjectKindReference;
//! use fluxcd_core::request::Ask;
//! use fluxcd_kube::mapper::Mapper;
//! use fluxcd_kube::request::{Answer, Requests};
//! use fluxcd_kube::testing::FakeApi;
//! use serde_json::json;
//!
//! let api = FakeApi::new();
//! api.put(json!({
//!     "apiVersion": "source.toolkit.fluxcd.io/v1",
//!     "kind": "OCIRepository",
//!     "metadata": {"name": "podinfo", "namespace": "default"},
//!     "spec": {"url": "oci://ghcr.io/stefanprodan/manifests/podinfo", "interval": "5m"},
//! }));
//! let requests = Requests::new(api.client(), Mapper::new(api.client()));
//! let podinfo = NamespacedObjectKindReference {
//!     kind: "OCIRepository".to_owned(),
//!     name: "podinfo".to_owned(),
//!     namespace: Some("default".to_owned()),
//!     ..Default::default()
//! };
//! assert_eq!(requests.ask(&podinfo, Ask::Suspend).await?, Answer::Sent);
//! assert!(matches!(requests.ask(&podinfo, Ask::Reconcile).await?, Answer::Refused(_)));
//! assert_eq!(requests.ask(&podinfo, Ask::Resume).await?, Answer::Sent);
//! assert_eq!(requests.ask(&podinfo, Ask::Reconcile).await?, Answer::Sent);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::time::Duration;

use fluxcd_api::meta::NamespacedObjectKindReference;
use fluxcd_api::object::FluxObject;
use fluxcd_core::request::{Ask, Plan, Progress, Refusal, plan, progress};
use kube::Client;
use serde_json::Value;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::endpoint::{Endpoint, with_uid};
use crate::error::{Class, Verb};
use crate::mapper::Mapper;
use crate::{Clock, Error};

/// Asks objects of Flux for something.
#[derive(Clone)]
pub struct Requests {
    client: Client,
    mapper: Mapper,
    clock: Clock,
}

/// What became of asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Answer {
    /// The object bears the request.
    Sent,
    /// It is suspended, or not, already.
    Done,
    /// It would be in vain.
    Refused(Refusal),
}

/// What became of waiting.
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub enum Waited {
    /// The request is handled. The object is as it was read then.
    Handled(Box<FluxObject>),
    /// The object bears no request: there is nothing to wait for, or not any more.
    Absent,
}

/// How long, and how often.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct WaitOptions {
    /// The pause between two looks at the object: two seconds.
    pub interval: Duration,
    /// The time for all of it: five minutes.
    pub deadline: Duration,
    /// Ends the wait.
    pub cancel: CancellationToken,
}

impl Requests {
    /// Asks with this client; the mapper finds the version that the API server prefers.
    #[must_use]
    pub fn new(client: Client, mapper: Mapper) -> Self {
        Self {
            client,
            mapper,
            clock: Clock::system(),
        }
    }

    /// With another clock, from which the tokens of requests are made.
    #[must_use]
    pub fn with_clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Asks an object for something.
    ///
    /// # Errors
    ///
    /// What the API server says; [`Class::Invalid`] for an object that is not as its kind is.
    pub async fn ask(
        &self,
        object: &NamespacedObjectKindReference,
        ask: Ask,
    ) -> Result<Answer, Error> {
        let place = Endpoint::find(&self.client, &self.mapper, object).await?;
        let live = place.get().await?;
        let patch = match plan(&decode(&place, live.clone())?, ask, self.clock.now()) {
            Plan::Patch(patch) => with_uid(patch, &live),
            Plan::Done => return Ok(Answer::Done),
            Plan::Refuse(refusal) => return Ok(Answer::Refused(refusal)),
        };
        place.merge_for_sure(None, None, &patch).await?;
        Ok(Answer::Sent)
    }

    /// Waits until the request to reconcile that an object bears is handled.
    ///
    /// # Errors
    ///
    /// [`Class::Timeout`] at the deadline, [`Class::Cancelled`], and what the API server says where that stays as it is: the
    /// object does not exist, or may not be read.
    pub async fn wait(
        &self,
        object: &NamespacedObjectKindReference,
        options: &WaitOptions,
    ) -> Result<Waited, Error> {
        let waited = timeout(options.deadline, self.poll(object, options.interval));
        let subject = format!("{}/{}", object.kind, object.name);
        match options.cancel.run_until_cancelled(waited).await {
            None => Err(Error::cancelled(Verb::Get, subject)),
            Some(Err(_)) => Err(Error::elapsed(Verb::Get, subject, options.deadline)),
            Some(Ok(outcome)) => outcome,
        }
    }

    async fn poll(
        &self,
        object: &NamespacedObjectKindReference,
        interval: Duration,
    ) -> Result<Waited, Error> {
        loop {
            match self.look(object).await {
                Ok(Some(waited)) => return Ok(waited),
                Ok(None) => {}
                Err(error) if may_pass(error.class()) => {
                    tracing::debug!(%error, "the wait for a request goes on");
                }
                Err(error) => return Err(error),
            }
            sleep(interval).await;
        }
    }

    async fn look(&self, object: &NamespacedObjectKindReference) -> Result<Option<Waited>, Error> {
        let place = Endpoint::find(&self.client, &self.mapper, object).await?;
        let object = decode(&place, place.get().await?)?;
        Ok(match progress(&object) {
            Progress::Absent => Some(Waited::Absent),
            Progress::Pending(_) => None,
            Progress::Handled(_) => Some(Waited::Handled(Box::new(object))),
        })
    }
}

impl Default for WaitOptions {
    fn default() -> Self {
        Self {
            interval: Duration::from_secs(2),
            deadline: Duration::from_secs(300),
            cancel: CancellationToken::new(),
        }
    }
}

fn decode(place: &Endpoint, object: Value) -> Result<FluxObject, Error> {
    let subject = place.subject();
    FluxObject::decode(object)
        .map_err(|error| Error::other(Verb::Get, subject, Class::Invalid, error))
}

/// A failure to read that says nothing about the next time. Half an answer is one of them.
const fn may_pass(class: Class) -> bool {
    class.is_retryable() || class.is_outcome_unknown()
}
