use fluxcd_core::ssa::{self, Metadata, Operation, Patch, Step, recreate};
use kube::api::Preconditions;
use serde_json::Value;
use tokio::time::{Instant, sleep};

use super::Failure;
use super::failure::api_error;
use super::object::Run;
use crate::clock;
use crate::endpoint::{self, Endpoint};
use crate::error::{Class, Error, Verb};

/// A live object after a repair of its metadata.
pub(super) struct Repaired {
    pub(super) live: Value,
    pub(super) metadata: Metadata,
}

impl Run<'_> {
    /// Repairs the metadata of a live object, if there is something to repair. Somebody who changed the object since it was
    /// read is not overwritten: it is read and looked at again.
    pub(super) async fn repair(
        &self,
        endpoint: &Endpoint,
        desired: &Value,
        step: Step,
        mut live: Value,
        plan: impl Fn(&Value) -> Result<Patch, ssa::Error>,
    ) -> Result<Repaired, Failure> {
        let mut metadata = Metadata::AsItWas;
        let mut attempts = REPAIRS;
        loop {
            let patch = plan(&live).map_err(|error| Failure::undecidable(desired, error))?;
            if patch.is_empty() {
                return Ok(Repaired { live, metadata });
            }
            metadata = Metadata::Repaired;
            attempts -= 1;
            let patch = locked(patch, &live);
            match endpoint.patch(&patch, &self.applier.owner.manager).await {
                Ok(repaired) => {
                    return Ok(Repaired {
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
    pub(super) async fn remove(
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
        let mut unsure = match deleted {
            Ok(()) => None,
            Err(error) if error.class() == Class::NotFound => return Ok(()),
            Err(error) if error.class().is_outcome_unknown() => Some(error),
            Err(error) => return Err(Failure::at(desired, Step::Recreate, error)),
        };
        let waiting = |error| Failure::at(desired, Step::WaitForDeletion, error);
        let begun = Instant::now();
        loop {
            match endpoint.read().await {
                Ok(Some(live)) if endpoint::uid(&live) == uid.as_deref() => {
                    let deleted = endpoint::is_terminating(&live);
                    if let Some(error) = unsure.take_if(|_| !deleted) {
                        return Err(Failure::at(desired, Step::Recreate, error));
                    }
                }
                // If it is there, somebody else has created it.
                Ok(_) => return Ok(()),
                // No news: it is asked again until the time is over.
                Err(error) if error.is_retryable() => {}
                Err(error) => return Err(waiting(error)),
            }
            let (verb, subject) = (Verb::Delete, endpoint.subject());
            let next = clock::end(self.options.interval);
            if endpoint.end().is_some_and(|end| next > end) {
                return Err(waiting(Error::elapsed(verb, subject, begun.elapsed())));
            }
            let pause = sleep(self.options.interval);
            if self.cancel.run_until_cancelled(pause).await.is_none() {
                return Err(waiting(Error::cancelled(verb, subject)));
            }
        }
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

/// How often a repair is tried while others change the object.
const REPAIRS: u32 = 3;
