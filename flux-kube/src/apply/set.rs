use std::collections::BTreeSet;
use std::time::Duration;

use fluxcd_core::inventory::{ObjectId, Resource};
use fluxcd_core::ready::{Decision, OnFailure as OnUnready, Time, Wait};
use fluxcd_core::ssa::{Action, Change, ChangeSet};
use serde_json::Value;
use tokio::time::{Instant, sleep};

use super::object::{Done, Planned, Run};
use super::{Failure, OnFailure, Partial, Stopped};
use crate::abreast::abreast;
use crate::clock;
use crate::error::Class;
use crate::wait::{WaitOptions, Waiter};

/// An apply of several objects on its way.
pub(super) struct Progress<'r> {
    run: Run<'r>,
    partial: Partial,
    /// The kinds that the definitions of this apply define.
    defined: BTreeSet<(String, String)>,
}

impl<'r> Progress<'r> {
    pub(super) fn new(run: Run<'r>) -> Self {
        let partial = Partial {
            changes: ChangeSet::default(),
            failures: Vec::new(),
            pending: Vec::new(),
            stopped: None,
        };
        Self {
            run,
            partial,
            defined: BTreeSet::new(),
        }
    }

    pub(super) fn end(self) -> Result<ChangeSet, Partial> {
        let mut partial = self.partial;
        if !partial.pending.is_empty() && self.run.cancel.is_cancelled() {
            partial.stopped = Some(Stopped::Cancelled);
        }
        match partial.failures.is_empty() && partial.stopped.is_none() {
            true => Ok(partial.changes),
            false => Err(partial),
        }
    }

    /// Applies the objects of a stage, which stand in their order, and tells what became of those that did not fail.
    pub(super) async fn stage(&mut self, objects: &[&Value]) -> Vec<Done> {
        let mut planned = Vec::new();
        for (object, plan) in objects.iter().zip(self.plan(objects).await) {
            match plan {
                None => self.partial.pending.push(Resource::of(object)),
                Some(Err(failure)) => self.partial.failures.push(failure),
                Some(Ok(plan)) => planned.push(plan),
            }
        }
        let mut done = Vec::new();
        let mut planned = planned.into_iter().peekable();
        while let Some(first) = planned.next() {
            let mut alike = vec![first];
            while let Some(next) =
                planned.next_if(|next| alike.last().is_some_and(|last| last.is_like(next)))
            {
                alike.push(next);
            }
            self.write(alike, &mut done).await;
        }
        let changes = done.iter().map(|done| done.change.clone());
        self.partial.changes.0.extend(changes);
        done
    }

    /// What each of the objects needs; `None` for those that were not begun.
    async fn plan<'o>(&self, objects: &[&'o Value]) -> Vec<Option<Result<Planned<'o>, Failure>>> {
        let until = clock::end(self.run.options.stage_timeout);
        let plan = |object: &&'o Value| {
            let object = *object;
            async move {
                let mut pause = FIRST_PAUSE;
                loop {
                    if self.is_over() {
                        return None;
                    }
                    match self.run.plan(object).await {
                        Err(failure) if Instant::now() < until && self.is_awaited(&failure) => {
                            self.pause(pause).await;
                            pause = pause.saturating_mul(2).min(self.run.options.interval);
                        }
                        planned => return Some(planned),
                    }
                }
            }
        };
        abreast(self.run.options.concurrency, objects.iter().map(plan)).await
    }

    /// Whether the API server does not serve the kind of an object yet that was just defined.
    fn is_awaited(&self, failure: &Failure) -> bool {
        let ObjectId { group, kind, .. } = &failure.resource().id;
        let status = failure.error().status();
        let details = status.and_then(|status| status.details.as_ref());
        let names_object = details.is_some_and(|details| !details.name.is_empty());
        failure.class() == Class::NotFound
            && !names_object
            && self.defined.contains(&(group.clone(), kind.clone()))
    }

    /// Writes objects of one kind.
    async fn write(&mut self, planned: Vec<Planned<'_>>, done: &mut Vec<Done>) {
        let hold_back = self.is_over();
        let run = self.run;
        let writes = planned.into_iter().map(|planned| async move {
            let stays = hold_back || run.cancel.is_cancelled();
            match stays && planned.payload.is_some() && !planned.is_missed {
                true => Err(planned.done.change.resource),
                false => Ok(run.write(planned).await),
            }
        });
        for written in abreast(run.options.concurrency, writes).await {
            match written {
                Ok(Ok(written)) => done.push(written),
                Ok(Err(failure)) => self.partial.failures.push(failure),
                Err(resource) => self.partial.pending.push(resource),
            }
        }
    }

    /// Waits until the objects of a stage are Current. Those that were seen to be are not asked for again.
    pub(super) async fn wait(&mut self, objects: &[&Value], done: &[Done]) {
        let Run {
            applier,
            options,
            cancel,
        } = self.run;
        let pending = done.iter().filter(|done| !done.is_current);
        let pending = pending.map(|done| done.change.resource.id.clone());
        let pending: Vec<ObjectId> = pending.collect();
        if !pending.is_empty() && !self.is_over() {
            self.pause(FIRST_PAUSE).await;
            let waiter = Waiter::new(applier.client.clone(), applier.mapper.clone())
                .with_reader(options.reader.clone())
                .with_clock(applier.clock.clone());
            let left = options.stage_timeout.saturating_sub(FIRST_PAUSE);
            let wait_options = WaitOptions::within(left)
                .every(options.interval)
                .on_failure(OnUnready::WaitForOthers);
            let decision = match waiter.wait(pending.clone(), &wait_options, cancel).await {
                Ok(outcome) => outcome.decision,
                // What has no place cannot become ready.
                Err(_) => Wait::new(pending).decide(Time::Over),
            };
            self.partial.stopped = match decision {
                _ if cancel.is_cancelled() => Some(Stopped::Cancelled),
                Decision::Failed(unready) | Decision::TimedOut(unready) => {
                    Some(Stopped::Unready(unready))
                }
                Decision::Done | Decision::Wait => None,
            };
        }
        self.expect(objects, done);
    }

    /// Remembers the kinds that were defined, and lets them be discovered.
    fn expect(&mut self, objects: &[&Value], done: &[Done]) {
        let applied: BTreeSet<_> = done.iter().map(|done| &done.change.resource.id).collect();
        let text = |object: &Value, pointer| object.pointer(pointer)?.as_str().map(str::to_owned);
        for object in objects {
            let id = ObjectId::of(object);
            if id.kind == "CustomResourceDefinition" && applied.contains(&id) {
                let group = text(object, "/spec/group");
                let kind = text(object, "/spec/names/kind");
                self.defined.extend(group.zip(kind));
            }
        }
        let changed = |done: &Done| {
            let Change { resource, action } = &done.change;
            resource.id.kind == "CustomResourceDefinition"
                && matches!(action, Action::Created | Action::Configured)
        };
        if done.iter().any(changed) {
            self.run.applier.mapper.forget();
        }
    }

    /// Sleeps, if nobody cancels.
    async fn pause(&self, pause: Duration) {
        self.run.cancel.run_until_cancelled(sleep(pause)).await;
    }

    /// Whether nothing more is begun.
    fn is_over(&self) -> bool {
        let held_back =
            self.run.options.on_failure == OnFailure::HoldBack && !self.partial.failures.is_empty();
        held_back || self.partial.stopped.is_some() || self.run.cancel.is_cancelled()
    }
}

/// The pause before a stage is looked at, and before an unknown kind is: a definition is most often established within it.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
