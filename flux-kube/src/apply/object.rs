use std::borrow::Cow;

use fluxcd_core::inventory::{ObjectId, Resource};
use fluxcd_core::ready::Status;
use fluxcd_core::ssa::{self, Action, Change, Cleanup, Metadata, Outcome, Patch, Skip, Step};
use kube::core::GroupVersionKind;
use serde_json::Value;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::{Applier, ApplyOptions, Failure};
use crate::clock;
use crate::endpoint::{self, Effect, Endpoint};
use crate::error::{Class, Error};
use crate::mapper::Kind;

/// One run of an apply.
#[derive(Clone, Copy)]
pub(super) struct Run<'r> {
    pub(super) applier: &'r Applier,
    pub(super) options: &'r ApplyOptions,
    pub(super) cancel: &'r CancellationToken,
}

/// What an object needs.
pub(super) struct Planned<'o> {
    pub(super) done: Done,
    /// What is sent; nothing if nothing is written.
    pub(super) payload: Option<Payload>,
    /// Whether it had to be deleted, so that it is missing until it is written.
    pub(super) is_missed: bool,
    desired: Cow<'o, Value>,
    endpoint: Endpoint,
}

/// What is sent.
pub(super) enum Payload {
    /// The desired object.
    Desired,
    /// That object, which keeps fields that are left to others.
    Adapted(Value),
}

/// What a read and a dry run say.
struct Probe {
    done: Done,
    payload: Option<Payload>,
    is_missed: bool,
}

/// What became of an object.
pub(super) struct Done {
    pub(super) change: Change,
    /// Whether it was Current when it was seen last.
    pub(super) is_current: bool,
}

impl Payload {
    fn of<'p>(&'p self, desired: &'p Value) -> &'p Value {
        match self {
            Self::Desired => desired,
            Self::Adapted(payload) => payload,
        }
    }
}

impl Planned<'_> {
    /// Whether the other one is of the same kind.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        let ids = (
            &self.done.change.resource.id,
            &other.done.change.resource.id,
        );
        ids.0.group == ids.1.group && ids.0.kind == ids.1.kind
    }
}

impl Run<'_> {
    /// Everything that comes before an object is written: it is read, repaired, sent as a dry run, and compared.
    pub(super) async fn plan<'o>(&self, desired: &'o Value) -> Result<Planned<'o>, Failure> {
        let end = clock::end(self.options.deadline);
        let place = self.place(desired, end).await;
        let (desired, endpoint) = place.map_err(|error| Failure::dry_run(desired, error))?;
        let probe = match self.probe(&endpoint, &desired).await {
            // Somebody created it meanwhile, so it is live now.
            Err(failure) if failure.class() == Class::AlreadyExists => {
                self.probe(&endpoint, &desired).await?
            }
            probe => probe?,
        };
        let Probe {
            done,
            payload,
            is_missed,
        } = probe;
        Ok(Planned {
            done,
            payload,
            is_missed,
            desired,
            endpoint,
        })
    }

    /// Where an object lives, and the object with the namespace that it lives in.
    pub(super) async fn place<'o>(
        &self,
        desired: &'o Value,
        end: Instant,
    ) -> Result<(Cow<'o, Value>, Endpoint), Error> {
        let Resource { id, version } = Resource::of(desired);
        let kind = self.applier.kind(&id, &version, end).await?;
        let mut desired = Cow::Borrowed(desired);
        if let Some(namespace) = &self.options.namespace
            && kind.is_namespaced()
            && id.namespace.is_empty()
            && let Some(Value::Object(metadata)) = desired.to_mut().get_mut("metadata")
        {
            metadata.insert("namespace".to_owned(), namespace.as_str().into());
        }
        let id = ObjectId::of(&desired);
        let endpoint = Endpoint::of(self.applier.client.clone(), &kind, &id)?;
        Ok((desired, endpoint.until(end)))
    }

    fn is_current(&self, object: &Value) -> bool {
        let now = self.applier.clock.now();
        let readiness = self.options.reader.read(object, [], now);
        readiness.is_ok_and(|readiness| readiness.status == Status::Current)
    }

    async fn probe(&self, endpoint: &Endpoint, desired: &Value) -> Result<Probe, Failure> {
        let (options, manager) = (self.options, &self.applier.owner.manager);
        let refused = |error| Failure::dry_run(desired, error);
        let undecidable = |error| Failure::undecidable(desired, error);
        let mut metadata = Metadata::AsItWas;
        let mut live = endpoint.read().await.map_err(refused)?;

        if Skip::decide(desired, live.as_ref()).is_some() {
            let existing = live.as_ref().filter(|live| endpoint::uid(live).is_some());
            let change = Change::new(existing.unwrap_or(desired), Action::Skipped);
            return Ok(Probe {
                done: self.done(change, live.as_ref()),
                payload: None,
                is_missed: false,
            });
        }
        if let Some(found) = live {
            let migrate = |live: &Value| match options.migrate_api_version {
                true => Ok(Patch::of_api_version(desired, live)),
                false => Ok(Patch::default()),
            };
            let managers = &options.override_managers_before_dry_run;
            let take_over =
                |live: &Value| patch(Cleanup::take_over(desired, live, manager, managers)?);
            let found = self
                .repair(endpoint, desired, Step::Migrate, found, migrate)
                .await?;
            metadata = either(metadata, found.metadata);
            let found = self
                .repair(endpoint, desired, Step::TakeOver, found.live, take_over)
                .await?;
            metadata = either(metadata, found.metadata);
            live = Some(found.live);
        }

        let mut is_missed = false;
        let dry_run = match endpoint.apply(desired, manager, Effect::DryRun).await {
            Ok(dry_run) => dry_run,
            Err(error) => {
                let Some(found) = live.filter(|live| self.is_recreated(desired, live, &error))
                else {
                    return Err(refused(error));
                };
                self.remove(endpoint, desired, &found).await?;
                live = None;
                is_missed = true;
                let again = endpoint.apply(desired, manager, Effect::DryRun).await;
                again.map_err(refused)?
            }
        };

        if let Some(found) = live {
            let managers = &options.override_managers;
            let clean_up = |live: &Value| patch(Cleanup::decide(desired, live, manager, managers)?);
            let found = self
                .repair(endpoint, desired, Step::Cleanup, found, clean_up)
                .await?;
            metadata = either(metadata, found.metadata);
            live = Some(found.live);
        }
        let (rules, flux) = (&options.ignore, options.flux);
        let outcome = Outcome::decide(desired, live.as_ref(), &dry_run, rules, metadata, flux)
            .map_err(undecidable)?;
        let change = Change::new(&dry_run, outcome.action());
        let payload = match outcome {
            Outcome::Created => Some(Payload::Desired),
            Outcome::Configured { payload, .. } => Some(Payload::Adapted(payload)),
            Outcome::Unchanged => None,
        };
        Ok(Probe {
            done: self.done(change, live.as_ref()),
            payload,
            is_missed,
        })
    }

    fn done(&self, change: Change, live: Option<&Value>) -> Done {
        let is_current = live.is_some_and(|live| self.is_current(live));
        Done { change, is_current }
    }

    /// Writes what was planned.
    ///
    /// An answer that did not come, or cannot be read, says nothing about what was done: the object is read again, and is
    /// done if nothing is left to do.
    pub(super) async fn write(&self, planned: Planned<'_>) -> Result<Done, Failure> {
        let Planned {
            mut done,
            payload,
            desired,
            endpoint,
            ..
        } = planned;
        let Some(payload) = payload else {
            return Ok(done);
        };
        let manager = &self.applier.owner.manager;
        let endpoint = endpoint.until(clock::end(self.options.deadline));
        let sent = payload.of(&desired);
        let applied = match endpoint.apply(sent, manager, Effect::Real).await {
            Ok(applied) => applied,
            Err(error) if error.class() == Class::AlreadyExists => {
                let again = self.probe(&endpoint, &desired).await?;
                done = again.done;
                let Some(payload) = again.payload else {
                    return Ok(done);
                };
                let sent = payload.of(&desired);
                let applied = endpoint.apply(sent, manager, Effect::Real).await;
                applied.map_err(|error| Failure::at(&desired, Step::Apply, error))?
            }
            Err(error) => {
                let unknown = error.class().is_outcome_unknown();
                let applied = match unknown {
                    true => self.applied(&endpoint, &desired).await,
                    false => None,
                };
                applied.ok_or_else(|| Failure::at(&desired, Step::Apply, error))?
            }
        };
        done.is_current = self.is_current(&applied);
        Ok(done)
    }

    /// The live object, if nothing is left to apply.
    async fn applied(&self, endpoint: &Endpoint, desired: &Value) -> Option<Value> {
        let live = endpoint.read().await.ok()??;
        let manager = &self.applier.owner.manager;
        let dry_run = endpoint.apply(desired, manager, Effect::DryRun).await;
        let (rules, flux) = (&self.options.ignore, self.options.flux);
        let as_it_was = Metadata::AsItWas;
        let outcome = Outcome::decide(desired, Some(&live), &dry_run.ok()?, rules, as_it_was, flux);
        let is_done = matches!(outcome, Ok(Outcome::Unchanged));
        is_done.then_some(live)
    }
}

impl Applier {
    /// Where an object lives.
    pub(crate) async fn endpoint(
        &self,
        resource: &Resource,
        end: Instant,
    ) -> Result<Endpoint, Error> {
        let kind = self.kind(&resource.id, &resource.version, end).await?;
        Ok(Endpoint::of(self.client.clone(), &kind, &resource.id)?.until(end))
    }

    async fn kind(&self, id: &ObjectId, version: &str, end: Instant) -> Result<Kind, Error> {
        let kind = GroupVersionKind::gvk(&id.group, version, &id.kind);
        endpoint::found_by(end, id, self.mapper.resolve(&kind)).await
    }
}

fn patch(cleanup: Cleanup<'_>) -> Result<Patch, ssa::Error> {
    Ok(match cleanup {
        Cleanup::Excluded(_) => Patch::default(),
        Cleanup::Patch(patch) => patch,
    })
}

fn either(before: Metadata, after: Metadata) -> Metadata {
    match before {
        Metadata::Repaired => before,
        Metadata::AsItWas => after,
    }
}
