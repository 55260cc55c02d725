//! A controller with a custom resource of its own: a `ManifestSet` applies the manifests in a ConfigMap, and does what a
//! Kustomization does, to the pruning on deletion. How to try it: `examples/applier/README.md`.

use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, Instant};

use fluxcd::api::meta::{Effective, ResourceInventory, reason};
use fluxcd::core::FluxVersion;
use fluxcd::core::condition::{Conditions, handled_request};
use fluxcd::core::inventory::{self, Resource};
use fluxcd::core::kustomization::{Ending, Health, Progress, Step};
use fluxcd::core::manifest;
use fluxcd::core::notify::{Report, Reporter};
use fluxcd::core::schedule::{REQUEUE_DEPENDENCY, Timing};
use fluxcd::core::ssa::ChangeSet;
use fluxcd::dialect::yaml::Limits;
use fluxcd::kube::apply::{Applier, ApplyOptions, Owner};
use fluxcd::kube::cache::Key;
use fluxcd::kube::client::{ClientOptions, connect};
use fluxcd::kube::events::{ClusterEvents, Queue, Recorder};
use fluxcd::kube::lookup::{Entries, Lookup};
use fluxcd::kube::mapper::Mapper;
use fluxcd::kube::prune::{PruneOptions, PruneReport};
use fluxcd::kube::runtime::{Config, Ctx, Outcome, Reconciler, RunReport, Runner};
use fluxcd::kube::status::{StatusOptions, StatusWriter};
use fluxcd::kube::wait::{WaitOptions, Waiter};
use futures::TryFutureExt;
use kube::{Client, ResourceExt};
use serde_json::Value;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use self::manifest_set::{GROUP, ManifestSet, NAME};

#[path = "applier/manifest_set.rs"]
pub(crate) mod manifest_set;

/// The controller. A ManifestSet behaves as a Kustomization does: what follows from a run, and when the next one begins, is
/// asked of `fluxcd::core::kustomization`.
struct Controller {
    mapper: Mapper,
    recorder: Recorder,
}

/// One run.
struct Run<'r> {
    ctx: &'r Ctx<ManifestSet>,
    controller: &'r Controller,
    applier: Applier,
    writer: StatusWriter,
    object: ManifestSet,
    timing: Timing,
}

/// Where a run stopped, and why.
type Stop = (Step, String);

impl Reconciler<ManifestSet> for Controller {
    async fn reconcile(&self, object: Arc<ManifestSet>, ctx: &Ctx<ManifestSet>) -> Outcome {
        self.begin(&object, ctx)
            .and_then(Run::reconcile)
            .await
            .into()
    }

    async fn finalize(&self, object: Arc<ManifestSet>, ctx: &Ctx<ManifestSet>) -> Outcome {
        self.begin(&object, ctx)
            .and_then(Run::finalize)
            .await
            .into()
    }
}

impl Controller {
    /// The object is read again: a cache may be older than the inventory, and that decides what is deleted.
    async fn begin<'r>(&'r self, object: &ManifestSet, ctx: &'r Ctx<ManifestSet>) -> Done<Run<'r>> {
        let client = ctx.client().clone();
        let mut writer = StatusWriter::new(client.clone(), object, StatusOptions::default())?;
        let object: ManifestSet = writer.refresh().await?;
        let mut owner = Owner::new(object.name_any(), object.namespace().unwrap_or_default());
        (owner.manager, owner.group) = (NAME.to_owned(), GROUP.to_owned());
        Ok(Run {
            ctx,
            controller: self,
            applier: Applier::new(client, self.mapper.clone(), owner),
            writer,
            timing: object.timing(),
            object,
        })
    }
}

impl Run<'_> {
    async fn reconcile(mut self) -> Done<Outcome> {
        let done = match self.object.spec.suspend {
            true => return Ok(self.conclude(Ending::Suspended)),
            false => self.apply().await,
        };
        let by = self.ctx.superseded().map(ToString::to_string);
        let ending = match (&done, &by) {
            (Ok(revision), _) => Ending::Succeeded { revision },
            (Err((Step::HealthCheck, _)), Some(by)) => Ending::Superseded { by },
            (Err((at, error)), _) => Ending::Failed { at: *at, error },
        };
        let outcome = self.conclude(ending);
        let token = handled_request(self.object.metadata.annotations.as_ref());
        self.object.status().last_handled_reconcile_at = token.map(str::to_owned);
        self.writer.write(&self.object).await?;
        Ok(outcome)
    }

    /// Applies, prunes, and waits.
    async fn apply(&mut self) -> Result<String, Stop> {
        let config = self.config_map().await?;
        let revision = format!("{}@{}", config.name(), config.resource_version());
        self.progress(Progress::Fetching, &revision).await?;
        let objects = self.manifests(&config)?;

        let (applier, mut options) = (&self.applier, ApplyOptions::default());
        options.namespace = self.object.namespace();
        let applied = applier.apply_staged(&objects, &options, self.ctx.shutdown());
        let (changes, failure) = match applied.await {
            Ok(changes) => (changes, None),
            Err(partial) => (partial.changes.clone(), Some(partial.condition())),
        };
        self.tell(&changes);
        let old = self.object.status().inventory.clone().unwrap_or_default();
        let mut new = ResourceInventory::default();
        inventory::merge(&mut new, changes.0.iter().map(|change| &change.resource));
        let stale = inventory::diff(&old, &new, FluxVersion::default()).map_err(at(Step::Prune))?;
        let failure = match failure {
            // Nothing is deleted before everything is applied, and nothing is forgotten.
            Some(failure) => {
                inventory::merge(&mut new, &stale);
                Some((Step::Apply, failure))
            }
            None if self.object.spec.prune => {
                let report = self.prune(&stale).await;
                self.tell(&report.changes());
                inventory::merge(&mut new, report.survivors(&stale));
                report.condition().map(|failure| (Step::Prune, failure))
            }
            None => None,
        };
        self.object.status().inventory = Some(new);
        failure.map_or(Ok(()), Err)?;
        self.progress(Progress::CheckingHealth, &revision).await?;
        self.wait(&changes).await?;
        self.object.status().last_applied_revision = Some(revision.clone());
        Ok(revision)
    }

    async fn config_map(&self) -> Result<Entries, Stop> {
        let lookup = Lookup::new(self.ctx.client().clone(), self.controller.mapper.clone());
        let namespace = self.object.namespace().unwrap_or_default();
        let name = &self.object.spec.config_map;
        let found = lookup.config_map(&namespace, name).await;
        let found = found.map_err(at(Step::Fetch))?;
        found.ok_or_else(|| (Step::Fetch, format!("configmaps {name:?} not found")))
    }

    /// The objects in the ConfigMap, as they are to be.
    fn manifests(&self, config: &Entries) -> Result<Vec<Value>, Stop> {
        let mut objects = Vec::new();
        for (key, stream) in config.values() {
            let read = manifest::objects(stream, Limits::default());
            objects.extend(read.map_err(|error| (Step::Build, format!("{key}: {error}")))?);
        }
        let prepared = self.applier.prepare(&mut objects, None);
        prepared.map_err(at(Step::Build))?;
        Ok(objects)
    }

    async fn wait(&mut self, applied: &ChangeSet) -> Result<(), Stop> {
        let begun = Instant::now();
        let options = WaitOptions::within(self.object.timeout().try_into().unwrap_or_default());
        let waiter = Waiter::new(self.ctx.client().clone(), self.controller.mapper.clone());
        let ids = applied.0.iter().map(|change| change.resource.id.clone());
        let ended = match waiter.wait(ids, &options, self.ctx.interrupt()).await {
            Ok(outcome) => outcome.into_result().map_err(|error| error.to_string()),
            Err(error) => Err(error.to_string()),
        };
        let elapsed = begun.elapsed().try_into().unwrap_or_default();
        self.conditions(|conditions| match &ended {
            Ok(()) => Health::Passed { elapsed }.mark(conditions),
            Err(error) => Health::Failed { error }.mark(conditions),
        });
        ended.map_err(at(Step::HealthCheck))
    }

    /// Deletes what belongs to an object that is being deleted.
    async fn finalize(mut self) -> Done<Outcome> {
        let inventory = self.object.status().inventory.take().unwrap_or_default();
        let stale = match self.object.spec.prune && !self.object.spec.suspend {
            true => inventory::list(&inventory)?,
            false => Vec::new(),
        };
        let report = self.prune(&stale).await;
        match (report.is_complete(), report.condition()) {
            (true, _) => Ok(Outcome::done()),
            (false, failure) => Err(failure.unwrap_or("interrupted".to_owned()).into()),
        }
    }

    async fn prune(&self, stale: &[Resource]) -> PruneReport {
        let (options, shutdown) = (PruneOptions::default(), self.ctx.shutdown());
        self.applier.prune(stale, &options, shutdown).await
    }

    /// Tells those who look at the object how far the run is. The inventory goes along, so that it is not forgotten.
    async fn progress(&mut self, step: Progress, revision: &str) -> Result<(), Stop> {
        let timeout = self.object.timeout();
        self.conditions(|conditions| step.mark(conditions, revision, timeout));
        let written = self.writer.write(&self.object).await;
        written.map(drop).map_err(at(Step::Status))
    }

    /// Writes down what follows from the end of a run.
    fn conclude(&mut self, ending: Ending<'_>) -> Outcome {
        let wait = Effective::default_value(REQUEUE_DEPENDENCY);
        let conclusion = ending.conclude(&self.timing, wait, FluxVersion::default());
        self.conditions(|conditions| {
            let _ = conclusion.apply(conditions);
        });
        if let (Some(event), Some(ready)) = (&conclusion.event, &conclusion.ready) {
            let severity = event.severity.clone();
            self.record(Report::new(severity, ready.reason, &*event.message));
        }
        match conclusion.ready {
            Some(ready) if !ready.is_true => Outcome::failed_until(conclusion.next, ready.message),
            _ => conclusion.next.into(),
        }
    }

    /// An event, where something changed.
    fn tell(&self, changes: &ChangeSet) {
        let changes = changes.changes();
        if !changes.0.is_empty() {
            self.record(Report::info(reason::PROGRESSING, changes.to_string()));
        }
    }

    fn record(&self, report: Report) {
        let object = serde_json::to_value(&self.object).unwrap_or_default();
        self.controller.recorder.record(&object, report);
    }

    fn conditions(&mut self, change: impl FnOnce(&mut Conditions)) {
        self.object.mark(self.writer.now(), change);
    }
}

fn at<E: ToString>(step: Step) -> impl Fn(E) -> Stop {
    move |error| (step, error.to_string())
}

type Done<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// Runs the controller until it is told to shut down.
pub(crate) async fn run(client: Client, shutdown: CancellationToken) -> RunReport {
    let events = Queue::spawn(ClusterEvents::new(client.clone()), Queue::CAPACITY);
    let reporter = Reporter {
        controller: NAME.to_owned(),
        instance: None,
    };
    let controller = Controller {
        mapper: Mapper::new(client.clone()),
        recorder: Recorder::new(reporter, Arc::new(events.clone())),
    };
    let runner = Runner::<ManifestSet>::new(client)
        .finalizer("demo.fluxcd.rs/finalizer")
        .watches_configs(WATCHED, |object: &ManifestSet| {
            let namespace = object.namespace().unwrap_or_default();
            let key = Key::new(namespace, &*object.spec.config_map);
            vec![Config::ConfigMap(key)]
        });
    let report = runner.run(controller, shutdown).await;
    events.flush(Duration::from_secs(5)).await;
    report
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let client = connect(kube::Config::infer().await?, &ClientOptions::default())?;
    manifest_set::install(&client).await?;
    let shutdown = CancellationToken::new();
    let mut terminated = signal(SignalKind::terminate())?;
    let controller = tokio::spawn(run(client, shutdown.clone()));
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminated.recv() => {}
    }
    shutdown.cancel();
    let _ = controller.await?;
    Ok(())
}

const WATCHED: &str = "reconcile.fluxcd.io/watch=Enabled";
