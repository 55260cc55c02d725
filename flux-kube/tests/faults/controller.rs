//! The column "watch and controller".

use std::sync::{Arc, Mutex};
use std::time::Duration;

use fluxcd_api::kustomize::v1::Kustomization;
use fluxcd_api::meta;
use fluxcd_core::notify::Report;
use fluxcd_core::schedule::{Jitter, Requeue};
use fluxcd_kube::cache::Key;
use fluxcd_kube::runtime::{Ctx, Outcome, Reconciler, RunReport, Runner};
use fluxcd_kube::testing::FakeApi;
use fluxcd_kube::{Dice, error::Verb};
use kube::ResourceExt as _;
use serde_json::{Value, json};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

mod lifecycle;
mod others;
mod queue;
mod random;
mod watch;

const FINALIZER: &str = "finalizers.fluxcd.io";

/// What a run does, as the path of the Kustomization asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    /// Nothing, and nothing is due.
    Rest,
    /// Nothing, and the next run is due after so many seconds.
    Every(u64),
    /// Fails.
    Fail,
    /// Fails, and only a change can mend it.
    Stall,
    /// Panics.
    Panic,
    /// Takes so many seconds.
    Take(u64),
    /// Waits until it is interrupted.
    Wait,
    /// Writes the time to its own status, and fails.
    Write,
    /// Writes the time to an object that it owns, and fails.
    Touch,
}

/// One run.
#[derive(Debug, Clone, PartialEq)]
struct Run {
    /// How long after the start it began, in milliseconds.
    at: u128,
    name: String,
    generation: i64,
    is_final: bool,
    failures: u32,
    cause: Option<String>,
    /// What it was interrupted by, when it ended.
    superseded: Option<String>,
}

type Script = Box<dyn Fn(&Kustomization) -> Act + Send + Sync>;

struct Probe {
    api: FakeApi,
    begun: Instant,
    runs: Arc<Mutex<Vec<Run>>>,
    script: Script,
}

impl Probe {
    async fn act(
        &self,
        object: &Kustomization,
        ctx: &Ctx<Kustomization>,
        is_final: bool,
    ) -> Outcome {
        let index = {
            let mut runs = self.runs.lock().unwrap();
            runs.push(Run {
                at: self.begun.elapsed().as_millis(),
                name: object.name_any(),
                generation: object.metadata.generation.unwrap_or_default(),
                is_final,
                failures: ctx.failures(),
                cause: ctx.cause().map(ToString::to_string),
                superseded: None,
            });
            runs.len() - 1
        };
        ctx.record(Report::info("Ran", "it ran"));
        let outcome = match (self.script)(object) {
            Act::Rest => Outcome::done(),
            Act::Every(seconds) => every(seconds),
            Act::Fail => Outcome::failed("it failed"),
            Act::Stall => Outcome::failed_until(Requeue::Terminal, "it stalled"),
            Act::Panic => panic!("it panicked"),
            Act::Take(seconds) => {
                sleep(Duration::from_secs(seconds)).await;
                Outcome::done()
            }
            Act::Wait => {
                ctx.interrupt().cancelled().await;
                Outcome::done()
            }
            Act::Write => {
                let mut live = live(&self.api, &object.name_any()).unwrap();
                live["status"] =
                    json!({"lastHandledReconcileAt": self.begun.elapsed().as_millis().to_string()});
                self.api.put(live);
                Outcome::failed("it wrote and failed")
            }
            Act::Touch => {
                self.api.put(owned(
                    &object.name_any(),
                    &self.begun.elapsed().as_millis().to_string(),
                ));
                Outcome::failed("it touched and failed")
            }
        };
        let superseded = ctx.superseded().map(ToString::to_string);
        self.runs.lock().unwrap()[index].superseded = superseded;
        outcome
    }
}

impl Reconciler<Kustomization> for Probe {
    async fn reconcile(&self, object: Arc<Kustomization>, ctx: &Ctx<Kustomization>) -> Outcome {
        self.act(&object, ctx, false).await
    }

    async fn finalize(&self, object: Arc<Kustomization>, ctx: &Ctx<Kustomization>) -> Outcome {
        self.act(&object, ctx, true).await
    }
}

fn every(seconds: u64) -> Outcome {
    Requeue::After(meta::Duration::from_secs(seconds.cast_signed())).into()
}

/// A controller that runs.
struct World {
    api: FakeApi,
    runs: Arc<Mutex<Vec<Run>>>,
    shutdown: CancellationToken,
    report: JoinHandle<RunReport>,
}

impl World {
    /// Starts a controller on objects that there are, or will be.
    fn start(
        api: &FakeApi,
        build: impl FnOnce(Runner<Kustomization>) -> Runner<Kustomization>,
        script: impl Fn(&Kustomization) -> Act + Send + Sync + 'static,
    ) -> Self {
        let runs = Arc::<Mutex<Vec<Run>>>::default();
        let shutdown = CancellationToken::new();
        let runner = Runner::new(api.client());
        let runner = runner
            .jitter(Jitter::NONE)
            .dice(Dice::new(|| 0.0))
            .clock(api.clock());
        let probe = Probe {
            api: api.clone(),
            begun: Instant::now(),
            runs: Arc::clone(&runs),
            script: Box::new(script),
        };
        let report = tokio::spawn(build(runner).run(probe, shutdown.clone()));
        Self {
            api: api.clone(),
            runs,
            shutdown,
            report,
        }
    }

    fn runs(&self) -> Vec<Run> {
        self.runs.lock().unwrap().clone()
    }

    /// The generations that were run for an object.
    fn generations(&self, name: &str) -> Vec<i64> {
        let runs = self.runs();
        let runs = runs.iter().filter(|run| run.name == name);
        runs.map(|run| run.generation).collect()
    }

    /// When the runs of an object began, in milliseconds.
    fn times(&self, name: &str) -> Vec<u128> {
        let runs = self.runs();
        let runs = runs.iter().filter(|run| run.name == name);
        runs.map(|run| run.at).collect()
    }

    /// How often the server was asked, but for discovery.
    fn asked(&self, verb: Verb) -> usize {
        let requests = self.api.requests();
        requests
            .iter()
            .filter(|request| request.verb == verb)
            .count()
    }

    async fn stop(self) -> RunReport {
        self.shutdown.cancel();
        self.report.await.unwrap()
    }
}

/// Time in which whatever is due at once happens.
async fn settle() {
    sleep(Duration::from_millis(100)).await;
}

async fn seconds(seconds: u64) {
    sleep(Duration::from_secs(seconds)).await;
}

/// A Kustomization; another path is another generation.
fn object(name: &str, path: &str) -> Value {
    json!({
        "apiVersion": "kustomize.toolkit.fluxcd.io/v1",
        "kind": "Kustomization",
        "metadata": {"name": name, "namespace": "apps"},
        "spec": {"interval": "10m", "path": path, "prune": true, "sourceRef": {"kind": "GitRepository", "name": "fleet"}},
    })
}

/// A ConfigMap that a Kustomization controls.
fn owned(owner: &str, text: &str) -> Value {
    let owner_reference = json!({
        "apiVersion": "kustomize.toolkit.fluxcd.io/v1", "kind": "Kustomization", "name": owner, "uid": "x", "controller": true,
    });
    json!({
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": format!("of-{owner}"), "namespace": "apps", "ownerReferences": [owner_reference]},
        "data": {"text": text},
    })
}

fn live(api: &FakeApi, name: &str) -> Option<Value> {
    api.get(
        "kustomize.toolkit.fluxcd.io/v1",
        "Kustomization",
        Some("apps"),
        name,
    )
}

fn remove(api: &FakeApi, name: &str) {
    api.remove(
        "kustomize.toolkit.fluxcd.io/v1",
        "Kustomization",
        Some("apps"),
        name,
    );
}

fn key(name: &str) -> Key {
    Key::new("apps", name)
}
