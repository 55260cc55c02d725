//! Writing what a reconciliation found out, when others write the same object.
//!
//! # Contract
//!
//! A [`StatusWriter`] is made from the object as it was read, before a reconciliation changes its copy. [`StatusWriter::write`]
//! sends what is different in the copy, in three merge patches, and goes on when one of them fails:
//!
//! | | what | how |
//! |---|---|---|
//! | 1 | `status.conditions`, with `status.observedGeneration` | on the object as it is now, under its resource version; after a conflict once more, up to [`TRIES`] times with 100 to 200 ms in between |
//! | 2 | `metadata`, `spec` | without lock; as 1 where finalizers or owners change, which are lists that others write as well |
//! | 3 | the rest of `status` | without lock |
//!
//! What the conditions become is decided by `fluxcd_core::condition`. A writer is used again in the same reconciliation: its
//! base is the object of the last write that succeeded.
//!
//! # Laws
//!
//! - Conditions of types that are neither owned nor changed survive every write, to the byte; so do members that the type of
//!   the object does not know, and finalizers and owners of others.
//! - Owned conditions are compared with the API server, never with a cache: a write is not left out because the object was read
//!   before the writer's own last write was seen.
//! - After a failure that leaves the outcome open (no answer, half an answer, a broken connection, 5xx), the object is read
//!   before anything is concluded or sent again.
//! - `status.observedGeneration` never goes ahead without the conditions that speak about it.
//! - Nothing is written to another object that has got the same name meanwhile.
//! - What the API server does not take in the time of the deadline is a failure, not a hang.
//!
//! # Guards against
//!
//! K1 (failures are told by their code as well), K7 (a deadline around everything), K16 (members that are null are not sent),
//! kinds without status subresource (the registry knows those of Flux), conditions replaced as a list by an apply.
//!
//! # Traps
//!
//! - The object of the caller is not refreshed. Its resource version is that of the read, by design.
//! - What a writer is made from and what it writes are of one type: members that only the first of them knows would be deleted.
//! - Only changes are sent from the parts 2 and 3. What they are made from is to be read from the API server
//!   ([`StatusWriter::refresh`]) where it decides about more than the status: an inventory, for instance.
//! - Each write wakes those who watch the object. A controller leaves changes of the resource version alone.
//! - A kind whose `status` is no subresource gets a new generation with each write of its status.
//!
//! # Differences
//!
//! Upstream (`fluxcd/pkg: runtime/patch` v0.110.1) replaces finalizers as a list, without lock; compares owned conditions with the object that was read, labels conditions with the
//! generation that the object has when they are written rather than with the one that was reconciled, and sends
//! `observedGeneration` with the rest of the status, so that it can go ahead alone when the conditions fail.
//!
//! # Examples
//!
//! ```
//! # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
//! use fluxcd_api::kustomize::v1::Kustomization;
//! use fluxcd_api::meta::condition;
//! use fluxcd_core::condition::Conditions;
//! use fluxcd_kube::status::{StatusOptions, StatusWriter};
//! use fluxcd_kube::testing::FakeApi;
//! use serde_json::json;
//!
//! let api = FakeApi::new();
//! let object = api.put(json!({
//!     "apiVersion": "kustomize.toolkit.fluxcd.io/v1",
//!     "kind": "Kustomization",
//!     "metadata": {"name": "apps", "namespace": "default"},
//!     "spec": {"interval": "10m", "prune": true, "sourceRef": {"kind": "GitRepository", "name": "fleet"}},
//! }));
//! let mut object: Kustomization = serde_json::from_value(object)?;
//! let mut writer = StatusWriter::new(api.client(), &object, StatusOptions::default())?;
//!
//! let mut conditions = Conditions::new(Vec::new(), 1, writer.now());
//! conditions.mark_true(condition::READY, "ReconciliationSucceeded", "Applied revision: main@sha1:…");
//! let status = object.status.get_or_insert_default();
//! status.conditions = Some(conditions.into_list());
//! status.last_applied_revision = Some("main@sha1:…".to_owned());
//! writer.write(&object).await?;
//!
//! let live = api.get("kustomize.toolkit.fluxcd.io/v1", "Kustomization", Some("default"), "apps").unwrap();
//! assert_eq!(live["status"]["observedGeneration"], 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::fmt;
use std::time::Duration;

use chrono::{DateTime, Utc};
use fluxcd_api::registry::{self, StatusSubresource};
use fluxcd_core::condition::{Conflict, ObjectPatch, Ownership, Patch};
use kube::Client;
use kube::core::{ApiResource, Resource};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::time::{Instant, sleep, timeout_at};

use self::body::Change;
pub use self::options::{Observation, Owned, StatusEndpoint, StatusOptions};
pub use self::report::{Failure, Part, Section, WriteError, WriteReport};
use crate::Error;
use crate::clock;
use crate::endpoint::{Endpoint, REPLACED, is_same, with_uid};
use crate::error::{Class, Verb};
use crate::mapper::Kind;

mod body;
mod options;
mod report;

/// How often the conditions are sent when others change the object at the same time.
pub const TRIES: u32 = 5;

/// Writes the changes of one object during a reconciliation. See the [room](self).
pub struct StatusWriter {
    target: Endpoint,
    endpoint: StatusEndpoint,
    options: StatusOptions,
    base: Value,
}

impl StatusWriter {
    /// A writer for an object of a type, as it was read.
    ///
    /// # Errors
    ///
    /// [`Class::Invalid`], when the object has no name or is no JSON.
    pub fn new<K>(client: Client, base: &K, options: StatusOptions) -> Result<Self, Error>
    where
        K: Resource<DynamicType = ()> + Serialize,
    {
        let resource = ApiResource::erase::<K>(&());
        Self::of_resource(client, &resource, base, options)
    }

    /// A writer for an object of a kind that the API server has, and of which it knows whether its status is a subresource.
    ///
    /// # Errors
    ///
    /// As [`StatusWriter::new`].
    pub fn of_kind(
        client: Client,
        kind: &Kind,
        base: &impl Serialize,
        mut options: StatusOptions,
    ) -> Result<Self, Error> {
        if !kind.has_status() && registered(&kind.resource).is_none() {
            options.endpoint.get_or_insert(StatusEndpoint::Object);
        }
        Self::of_resource(client, &kind.resource, base, options)
    }

    /// A writer for an object of any kind.
    ///
    /// # Errors
    ///
    /// As [`StatusWriter::new`].
    pub fn of_resource(
        client: Client,
        resource: &ApiResource,
        base: &impl Serialize,
        options: StatusOptions,
    ) -> Result<Self, Error> {
        let base = encode(&resource.kind, base)?;
        let metadata = |key: &str| {
            let member = base.get("metadata").and_then(|metadata| metadata.get(key));
            member.and_then(Value::as_str)
        };
        let Some(name) = metadata("name") else {
            return Err(invalid(&resource.kind, "the object has no name"));
        };
        let target = Endpoint::new(client, resource, metadata("namespace"), name)?;
        let endpoint = match registered(resource) {
            Some(StatusSubresource::Absent) => StatusEndpoint::Absent,
            Some(StatusSubresource::Enabled) | None => StatusEndpoint::Subresource,
        };
        Ok(Self {
            target,
            endpoint: options.endpoint.unwrap_or(endpoint),
            options,
            base,
        })
    }

    /// The time, for the conditions of the object.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.options.clock.now()
    }

    /// Reads the object from the API server, and makes that the base of what is written.
    ///
    /// # Errors
    ///
    /// What the API server says; [`Class::NotFound`] also for another object that has got the same name, [`Class::Decode`]
    /// for one that is not of the type.
    pub async fn refresh<K: DeserializeOwned + Serialize>(&mut self) -> Result<K, Error> {
        let live = self.read().await?;
        let subject = self.target.subject();
        let object: K = serde_json::from_value(live)
            .map_err(|error| Error::other(Verb::Get, subject, Class::Decode, error))?;
        // Not as it was read: what the type does not know would be missing in what is written, and be deleted.
        self.base = encode(subject, &object)?;
        Ok(object)
    }

    /// Sends what is different in the object since it was read, or since the last write that succeeded.
    ///
    /// It can be dropped at any time: what was not answered counts as not written, and the next write repairs that.
    ///
    /// # Errors
    ///
    /// [`WriteError`], when one part or more was not written. All were tried, unless it is of [`Class::Invalid`]: another
    /// object than that of the writer.
    pub async fn write(&mut self, after: &impl Serialize) -> Result<WriteReport, WriteError> {
        self.write_within(after, self.options.deadline).await
    }

    /// [`StatusWriter::write`] with a deadline of its own: the last words of a controller that is shut down, within its grace.
    ///
    /// # Errors
    ///
    /// As [`StatusWriter::write`]. What was not done in time is of [`Class::Timeout`].
    pub async fn write_within(
        &mut self,
        after: &impl Serialize,
        deadline: Duration,
    ) -> Result<WriteReport, WriteError> {
        let until = clock::end(deadline);
        // A part that gets no answer leaves time to the next ones.
        let share = |left: u32| {
            let now = Instant::now();
            now + until.saturating_duration_since(now) / left
        };
        let after = match encode(self.target.subject(), after) {
            Ok(after) => self.observed(after),
            Err(error) => return Err(self.not_encoded(error)),
        };
        if !body::is_one_object(&self.base, &after) {
            let error = invalid(self.target.subject(), "what is written is another object");
            return Err(self.not_encoded(error));
        }
        let change = Change {
            before: &self.base,
            after: &after,
        };
        let mut patch = change.patch();
        if self.endpoint == StatusEndpoint::Absent {
            patch.conditions = Patch::default();
            patch.status = None;
        }
        let observed = patch.status.as_ref().and_then(|it| it.pointer(OBSERVED));
        let observed = observed.cloned();

        let conditions = self.write_conditions(change, &patch, observed.as_ref());
        let conditions = self.in_time(share(3), deadline, conditions).await;
        if observed.is_some() && !matches!(conditions, Ok(Part::Unchanged)) {
            patch.status = patch.status.and_then(without_observed);
        }
        let object = self.write_object(change, patch.object);
        let object = self.in_time(share(2), deadline, object).await;
        let status = match is_gone(&conditions) {
            // The API server does not look at the uid of a status.
            true if patch.status.is_some() => self.gone_or(self.not_found(GONE)),
            _ => {
                let status = self.write_section(self.subresource(), patch.status);
                self.in_time(share(1), deadline, status).await
            }
        };

        let mut failures = Vec::new();
        let mut part = |section, outcome: Result<_, _>| {
            outcome.unwrap_or_else(|failure| {
                failures.push((section, failure));
                Part::Failed
            })
        };
        let report = WriteReport {
            conditions: part(Section::Conditions, conditions),
            object: part(Section::Object, object),
            status: part(Section::Status, status),
        };
        if failures.is_empty() {
            self.base = after;
            return Ok(report);
        }
        Err(self.failed(report, failures))
    }

    async fn write_conditions(
        &self,
        change: Change<'_>,
        patch: &ObjectPatch,
        observed: Option<&Value>,
    ) -> Result<Part, Failure> {
        let types: Vec<&str>;
        let ownership = match &self.options.owned {
            Owned::All => Ownership::All,
            Owned::Types(owned) => {
                types = owned.iter().map(String::as_str).collect();
                Ownership::Types(&types)
            }
        };
        let owns_nothing = ownership == Ownership::Types(&[]);
        let is_idle = owns_nothing && patch.conditions.is_empty() && patch.status.is_none();
        if self.endpoint == StatusEndpoint::Absent || is_idle {
            return Ok(Part::Unchanged);
        }
        let body = |latest: &Value| change.conditions(latest, ownership, observed, self.now());
        self.write_locked(self.subresource(), body).await
    }

    async fn write_object(&self, change: Change<'_>, body: Option<Value>) -> Result<Part, Failure> {
        let Some(body) = body else {
            return Ok(Part::Unchanged);
        };
        if !body::has_shared_lists(&body) {
            return self.write_section(None, Some(body)).await;
        }
        let locked = |latest: &Value| Ok(change.object(&body, latest));
        self.write_locked(None, locked).await
    }

    /// Sends what is to be changed on the object as it is now, under its resource version.
    async fn write_locked(
        &self,
        subresource: Option<&str>,
        body: impl Fn(&Value) -> Result<Option<Value>, Box<Conflict>>,
    ) -> Result<Part, Failure> {
        let mut last: Option<Error> = None;
        let mut tried = 0;
        loop {
            let latest = match self.read().await {
                Ok(latest) => latest,
                Err(error) if error.class() == Class::NotFound => return self.gone_or(error),
                Err(error) => return Err(Failure::Api(last.unwrap_or(error))),
            };
            let Some(body) = body(&latest).map_err(Failure::Conflict)? else {
                return Ok(match last {
                    None => Part::Unchanged,
                    Some(_) => Part::Written,
                });
            };
            if let Some(error) = last.filter(|_| tried == TRIES) {
                return Err(Failure::Api(error));
            }
            let Err(error) = self.send(subresource, &body).await else {
                return Ok(Part::Written);
            };
            tried += 1;
            match error.class() {
                Class::Conflict if tried < TRIES => {}
                // Only the API server knows, and is asked above.
                class if class.is_outcome_unknown() => {}
                _ => return self.gone_or(error),
            }
            tracing::debug!(object = self.target.subject(), %error, "it is not written yet");
            last = Some(error);
            sleep(PAUSE.mul_f64(1.0 + self.options.dice.unit())).await;
        }
    }

    async fn write_section(
        &self,
        subresource: Option<&str>,
        body: Option<Value>,
    ) -> Result<Part, Failure> {
        let Some(body) = body.map(|body| with_uid(body, &self.base)) else {
            return Ok(Part::Unchanged);
        };
        let manager = self.options.manager.as_deref();
        match self
            .target
            .merge_for_sure(subresource, manager, &body)
            .await
        {
            Ok(()) => Ok(Part::Written),
            Err(error) => self.gone_or(error),
        }
    }

    async fn read(&self) -> Result<Value, Error> {
        let live = self.target.get().await?;
        if is_same(&live, &self.base) {
            return Ok(live);
        }
        Err(self.not_found(REPLACED))
    }

    fn not_found(&self, text: &'static str) -> Error {
        Error::other(Verb::Get, self.target.subject(), Class::NotFound, text)
    }

    fn observed(&self, mut after: Value) -> Value {
        if self.options.observation == Observation::WhenSettled {
            body::observe(&mut after, self.now());
        }
        after
    }

    async fn send(&self, subresource: Option<&str>, body: &Value) -> Result<Value, Error> {
        let manager = self.options.manager.as_deref();
        self.target.merge(subresource, manager, body).await
    }

    fn subresource(&self) -> Option<&'static str> {
        (self.endpoint == StatusEndpoint::Subresource).then_some("status")
    }

    /// An object that was being deleted may go at any time: with its last finalizer, which this writer may have taken.
    fn gone_or(&self, error: Error) -> Result<Part, Failure> {
        let deleted = self.base.pointer("/metadata/deletionTimestamp");
        match error.class() {
            Class::NotFound if deleted.is_some_and(|time| !time.is_null()) => Ok(Part::Gone),
            _ => Err(Failure::Api(error)),
        }
    }

    async fn in_time(
        &self,
        until: Instant,
        deadline: Duration,
        part: impl Future<Output = Result<Part, Failure>>,
    ) -> Result<Part, Failure> {
        let outcome = timeout_at(until, part).await;
        outcome.unwrap_or_else(|_| {
            let subject = self.target.subject();
            Err(Failure::Api(Error::elapsed(Verb::Patch, subject, deadline)))
        })
    }

    fn not_encoded(&self, error: Error) -> WriteError {
        let report = WriteReport {
            conditions: Part::Failed,
            object: Part::Failed,
            status: Part::Failed,
        };
        self.failed(report, vec![(Section::Object, Failure::Api(error))])
    }

    fn failed(&self, report: WriteReport, failures: Vec<(Section, Failure)>) -> WriteError {
        WriteError::new(self.target.subject().to_owned(), report, failures)
    }
}

impl fmt::Debug for StatusWriter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StatusWriter")
            .field("object", &self.target.subject())
            .field("endpoint", &self.endpoint)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

fn registered(resource: &ApiResource) -> Option<StatusSubresource> {
    let known = registry::by_type(&resource.api_version, &resource.kind);
    known.map(|known| known.status)
}

fn encode(subject: &str, object: &impl Serialize) -> Result<Value, Error> {
    let value = serde_json::to_value(object).map_err(|error| invalid(subject, error))?;
    Ok(body::without_nulls(value))
}

fn invalid(subject: &str, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::other(Verb::Patch, subject, Class::Invalid, source)
}

/// The rest of the status, without what was sent with the conditions.
fn without_observed(mut body: Value) -> Option<Value> {
    let status = body.get_mut("status").and_then(Value::as_object_mut)?;
    status.remove("observedGeneration");
    let is_empty = status.is_empty();
    (!is_empty).then_some(body)
}

/// Whether the object was looked for, and is not there.
fn is_gone(conditions: &Result<Part, Failure>) -> bool {
    match conditions {
        Ok(part) => *part == Part::Gone,
        Err(Failure::Api(error)) => (error.verb(), error.class()) == (Verb::Get, Class::NotFound),
        Err(Failure::Conflict(_)) => false,
    }
}

const GONE: &str = "the object is not there any more";
const OBSERVED: &str = "/status/observedGeneration";
const PAUSE: Duration = Duration::from_millis(100);
