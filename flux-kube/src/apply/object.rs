use std::borrow::Cow;

use fluxcd_core::inventory::Resource;
use fluxcd_core::ready::{State, Status};
use fluxcd_core::ssa::{
    self, Action, Change, Cleanup, Metadata, Operation, Outcome, Patch, Skip, Step, recreate,
};
use kube::api::Preconditions;
use kube::core::GroupVersionKind;
use serde_json::Value;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use super::failure::api_error;
use super::{Applier, ApplyOptions, Failure};
use crate::endpoint::{self, Effect, Endpoint};
use crate::error::{Class, Error, Verb};

/// One run of an apply.
#[derive(Clone, Copy)]
pub(super) struct Run<'r> {
    pub(super) applier: &'r Applier,
    pub(super) options: &'r ApplyOptions,
    pub(super) cancel: &'r CancellationToken,
}

/// What an object needs.
pub(super) struct Planned<'o> {
    pub(super) desired: &'o Value,
    pub(super) done: Done,
    /// What is sent; nothing if nothing is written.
    pub(super) payload: Option<Cow<'o, Value>>,
    endpoint: Endpoint,
}

/// What became of an object.
pub(super) struct Done {
    pub(super) change: Change,
    /// How far it was when it was seen last.
    pub(super) state: Option<State>,
}

/// A live object, or what is known of it.
struct Repair {
    live: Value,
    metadata: Metadata,
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
        let end = Instant::now() + self.options.deadline;
        let endpoint = self.applier.endpoint(&Resource::of(desired), end).await;
        let endpoint = endpoint.map_err(|error| Failure::dry_run(desired, error))?;
        match self.probe(&endpoint, desired).await {
            // Somebody created it meanwhile, so it is live now.
            Err(failure) if failure.class() == Class::AlreadyExists => {
                self.probe(&endpoint, desired).await
            }
            planned => planned,
        }
    }

    /// How far an object of the cluster is.
    pub(super) async fn state(&self, resource: &Resource, end: Instant) -> State {
        let read = async {
            let endpoint = self.applier.endpoint(resource, end).await?;
            endpoint.read().await
        };
        match read.await {
            Ok(None) => Status::NotFound.into(),
            Ok(Some(live)) => self.read(&live),
            Err(error) => State {
                status: Status::Unknown,
                error: Some(error.to_string()),
            },
        }
    }

    fn read(&self, object: &Value) -> State {
        let now = self.applier.clock.now();
        (&self.options.reader.read(object, [], now)).into()
    }

    pub(super) fn concurrency(&self) -> usize {
        self.options.concurrency.max(1)
    }

    async fn probe<'o>(
        &self,
        endpoint: &Endpoint,
        desired: &'o Value,
    ) -> Result<Planned<'o>, Failure> {
        let (options, manager) = (self.options, &self.applier.owner.manager);
        let refused = |error| Failure::dry_run(desired, error);
        let undecidable = |error| Failure::undecidable(desired, error);
        let mut metadata = Metadata::AsItWas;
        let mut live = endpoint.read().await.map_err(refused)?;

        if Skip::decide(desired, live.as_ref()).is_some() {
            let existing = live.as_ref().filter(|live| endpoint::uid(live).is_some());
            let change = Change::new(existing.unwrap_or(desired), Action::Skipped);
            return Ok(self.planned(endpoint, desired, change, live.as_ref(), None));
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

        let dry_run = match endpoint.apply(desired, manager, Effect::DryRun).await {
            Ok(dry_run) => dry_run,
            Err(error) => {
                let Some(found) = live.filter(|live| self.is_recreated(desired, live, &error))
                else {
                    return Err(refused(error));
                };
                self.remove(endpoint, desired, &found).await?;
                live = None;
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
            Outcome::Created => Some(Cow::Borrowed(desired)),
            Outcome::Configured { payload, .. } => Some(Cow::Owned(payload)),
            Outcome::Unchanged => None,
        };
        Ok(self.planned(endpoint, desired, change, live.as_ref(), payload))
    }

    fn planned<'o>(
        &self,
        endpoint: &Endpoint,
        desired: &'o Value,
        change: Change,
        live: Option<&Value>,
        payload: Option<Cow<'o, Value>>,
    ) -> Planned<'o> {
        let state = live.map(|live| self.read(live));
        let endpoint = endpoint.clone();
        let done = Done { change, state };
        Planned {
            desired,
            done,
            payload,
            endpoint,
        }
    }

    /// Writes what was planned.
    ///
    /// An answer that did not come, or cannot be read, says nothing about what was done: the object is read again, and is
    /// done if nothing is left to do.
    pub(super) async fn write(&self, planned: Planned<'_>) -> Result<Done, Failure> {
        let Planned {
            desired,
            mut done,
            payload,
            endpoint,
        } = planned;
        let Some(payload) = payload else {
            return Ok(done);
        };
        let manager = &self.applier.owner.manager;
        let endpoint = endpoint.until(Instant::now() + self.options.deadline);
        let applied = match endpoint.apply(&payload, manager, Effect::Real).await {
            Ok(applied) => applied,
            Err(error) if error.class() == Class::AlreadyExists => {
                let again = self.probe(&endpoint, desired).await?;
                done = again.done;
                let Some(payload) = again.payload else {
                    return Ok(done);
                };
                let applied = endpoint.apply(&payload, manager, Effect::Real).await;
                applied.map_err(|error| Failure::at(desired, Step::Apply, error))?
            }
            Err(error) => {
                let unknown = error.class().is_outcome_unknown();
                let applied = match unknown {
                    true => self.applied(&endpoint, desired).await,
                    false => None,
                };
                applied.ok_or_else(|| Failure::at(desired, Step::Apply, error))?
            }
        };
        done.state = Some(self.read(&applied));
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

    /// Repairs the metadata of a live object, if there is something to repair. Somebody who changed the object since it was
    /// read is not overwritten: it is read and looked at again.
    async fn repair(
        &self,
        endpoint: &Endpoint,
        desired: &Value,
        step: Step,
        mut live: Value,
        plan: impl Fn(&Value) -> Result<Patch, ssa::Error>,
    ) -> Result<Repair, Failure> {
        let mut metadata = Metadata::AsItWas;
        let mut attempts = REPAIRS;
        loop {
            let patch = plan(&live).map_err(|error| Failure::undecidable(desired, error))?;
            if patch.is_empty() {
                return Ok(Repair { live, metadata });
            }
            metadata = Metadata::Repaired;
            attempts -= 1;
            let patch = locked(patch, &live);
            match endpoint.patch(&patch, &self.applier.owner.manager).await {
                Ok(repaired) => {
                    return Ok(Repair {
                        live: repaired,
                        metadata,
                    });
                }
                Err(error) => {
                    let class = error.class();
                    let raced = matches!(class, Class::Conflict | Class::Invalid);
                    let again = match attempts > 0 && (raced || class.is_outcome_unknown()) {
                        true => endpoint.read().await.ok().flatten(),
                        false => None,
                    };
                    live = again.ok_or_else(|| Failure::at(desired, step, error))?;
                }
            }
        }
    }

    pub(super) fn is_recreated(&self, desired: &Value, live: &Value, error: &Error) -> bool {
        let (force, rule) = (self.options.force, self.options.immutable);
        endpoint::uid(live).is_some()
            && recreate(desired, live, force, &api_error(error), rule).is_some()
    }

    /// Deletes an object that cannot be changed, and waits until it is gone.
    async fn remove(
        &self,
        endpoint: &Endpoint,
        desired: &Value,
        live: &Value,
    ) -> Result<(), Failure> {
        let uid = endpoint::uid(live).map(str::to_owned);
        let preconditions = Preconditions {
            uid: uid.clone(),
            resource_version: None,
        };
        let deleted = endpoint.delete(preconditions).await;
        let unsure = match deleted {
            Ok(()) => None,
            Err(error) if error.class() == Class::NotFound => None,
            Err(error) if error.class().is_outcome_unknown() => Some(error),
            Err(error) => return Err(Failure::at(desired, Step::Recreate, error)),
        };
        let waiting = |error| Failure::at(desired, Step::WaitForDeletion, error);
        let mut found = endpoint.read().await.map_err(waiting)?;
        if let (Some(error), Some(live)) = (unsure, &found)
            && endpoint::uid(live) == uid.as_deref()
            && !endpoint::is_terminating(live)
        {
            return Err(Failure::at(desired, Step::Recreate, error));
        }
        let begun = Instant::now();
        while found
            .as_ref()
            .is_some_and(|live| endpoint::uid(live) == uid.as_deref())
        {
            let next = Instant::now() + self.options.interval;
            if next > endpoint.end() {
                let after = begun.elapsed();
                return Err(waiting(Error::elapsed(
                    Verb::Delete,
                    endpoint.subject(),
                    after,
                )));
            }
            let pause = sleep(self.options.interval);
            if self.cancel.run_until_cancelled(pause).await.is_none() {
                return Err(waiting(Error::cancelled(Verb::Delete, endpoint.subject())));
            }
            found = match endpoint.read().await {
                // No news: it is asked again until the time is over.
                Err(error) if error.is_retryable() => continue,
                read => read.map_err(waiting)?,
            };
        }
        Ok(())
    }
}

impl Applier {
    /// Where an object lives.
    pub(crate) async fn endpoint(
        &self,
        resource: &Resource,
        end: Instant,
    ) -> Result<Endpoint, Error> {
        let Resource { id, version } = resource;
        let kind = GroupVersionKind::gvk(&id.group, version, &id.kind);
        let kind = self.mapper.resolve(&kind).await?;
        Endpoint::new(self.client.clone(), &kind, id, end)
    }
}

/// A patch that fails if somebody else was faster.
fn locked(mut patch: Patch, live: &Value) -> Patch {
    if let Some(version) = endpoint::resource_version(live) {
        patch.0.push(Operation::Replace {
            path: "/metadata/resourceVersion".to_owned(),
            value: version.into(),
        });
    }
    patch
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

/// How often a repair is tried while others change the object.
const REPAIRS: u32 = 3;
