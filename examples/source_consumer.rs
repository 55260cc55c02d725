//! Keeps what the sources of a cluster offer in a directory, and says so in an event of the source.
//!
//! ```text
//! cargo run --example source_consumer -- DIRECTORY [--namespace NAME] [--source-controller HOST:PORT]
//! ```
//!
//! Each source that has an artifact has a directory `<kind>/<namespace>/<name>` below `DIRECTORY`, which holds the content
//! of that artifact: first the old one, then the new one, never a part of one, and never bytes whose digest is not the one
//! in the status of the source. A suspended source is left alone. What is to be done with the content comes in the place of
//! [`Consumer::announce`]. How to try it is told in `examples/source_consumer/README.md`.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program speaks to its user"
)]

use std::collections::BTreeMap;
use std::env;
use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use fluxcd::api::meta::{Artifact, Origin, key, reason};
use fluxcd::api::resource::FluxResource;
use fluxcd::api::source::v1::{Bucket, ExternalArtifact, GitRepository, HelmChart, OCIRepository};
use fluxcd::core::notify::{Report, Reporter};
use fluxcd::core::schedule::{Because, Next, REQUEUE_DEPENDENCY, Requeue};
use fluxcd::kube::Class;
use fluxcd::kube::artifact::{FetchError, FetchOptions, Fetcher, Tree};
use fluxcd::kube::client::{ClientOptions, Web, connect};
use fluxcd::kube::events::{ClusterEvents, Queue, Recorder};
use fluxcd::kube::runtime::{Ctx, Metrics, Outcome, Reconciler, RunReport, Runner};
use kube::core::NamespaceResourceScope;
use kube::{Api, Client, Config, Resource};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

const USAGE: &str =
    "usage: source_consumer DIRECTORY [--namespace NAME] [--source-controller HOST:PORT]";

/// What the program is asked for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Settings {
    /// Where the content goes.
    pub(crate) directory: PathBuf,
    /// Only the sources of one namespace.
    pub(crate) namespace: Option<String>,
    /// Where source-controller is reached from outside of its cluster.
    pub(crate) source_controller: Option<String>,
}

/// A kind that offers artifacts.
trait Source:
    FluxResource
    + Resource<DynamicType = (), Scope = NamespaceResourceScope>
    + Clone
    + std::fmt::Debug
    + DeserializeOwned
    + Serialize
    + Send
    + Sync
    + 'static
{
    fn artifact(&self) -> Option<&Artifact>;
}

macro_rules! sources {
    ($($kind:ident),+) => {$(
        impl Source for $kind {
            fn artifact(&self) -> Option<&Artifact> {
                self.status.as_ref()?.artifact.as_ref()
            }
        }
    )+};
}

sources!(
    Bucket,
    ExternalArtifact,
    GitRepository,
    HelmChart,
    OCIRepository
);

/// Fetches what a source offers. Its clones share what they know.
#[derive(Clone)]
struct Consumer {
    fetcher: Fetcher,
    recorder: Recorder,
    directory: PathBuf,
    /// The digest of what lies in each directory.
    fetched: Arc<Mutex<BTreeMap<PathBuf, String>>>,
}

impl<S: Source> Reconciler<S> for Consumer {
    async fn reconcile(&self, source: Arc<S>, ctx: &Ctx<S>) -> Outcome {
        let next = |requeue, because| Outcome::from(Next { requeue, because });
        if source.suspended() {
            return next(Requeue::OnChange, Because::Suspended);
        }
        let Some(artifact) = source.artifact() else {
            return next(Requeue::OnChange, Because::Nothing);
        };
        let place = self.place(&*source);
        // What is in the directory is looked at again at the interval of the source, in case that somebody deleted it.
        let requeue = source.interval().map_or(Requeue::OnChange, Requeue::after);
        let rest = || next(requeue, Because::Interval(Origin::Spec));
        if self.holds(&place, artifact) {
            return rest();
        }
        // Until it is done, nobody can say what the directory holds.
        self.known().remove(&place);
        let fetch = self.fetcher.fetch(artifact, &place);
        // A source that offers something else meanwhile makes this one useless.
        let fetched = match ctx.interrupt().run_until_cancelled(fetch).await {
            Some(fetched) => fetched,
            None => return Outcome::done(),
        };
        match fetched {
            Ok(tree) => {
                self.known().insert(place, artifact.digest.clone());
                self.announce(&*source, artifact, tree);
                rest()
            }
            // The source is about to offer another one, for which nobody has to be alarmed.
            Err(FetchError::NotFound) => {
                let requeue = Requeue::after(REQUEUE_DEPENDENCY);
                next(requeue, Because::RequeueDependency(Origin::Default))
            }
            // It offers another one already, of which the cache is about to hear.
            Err(FetchError::Mismatch { .. }) if has_moved_on(&*source, ctx.client()).await => {
                Outcome::done()
            }
            Err(error) => {
                let report = Report::error(reason::ARTIFACT_FAILED, error.to_string());
                self.report(&*source, artifact, report);
                Outcome::failed(error)
            }
        }
    }
}

impl Consumer {
    fn place<S: Source>(&self, source: &S) -> PathBuf {
        let (kind, namespace) = (source.kind().to_lowercase(), source.namespace());
        let path = format!("{kind}/{}/{}", namespace.unwrap_or_default(), source.name());
        self.directory.join(path)
    }

    fn holds(&self, place: &PathBuf, artifact: &Artifact) -> bool {
        self.known().get(place) == Some(&artifact.digest) && place.is_dir()
    }

    fn known(&self) -> MutexGuard<'_, BTreeMap<PathBuf, String>> {
        self.fetched.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Here a real consumer does what it is there for.
    fn announce<S: Source>(&self, source: &S, artifact: &Artifact, tree: Tree) {
        let (files, bytes) = (tree.files, tree.bytes);
        let message = format!(
            "fetched {files} files, {bytes} bytes, of {}",
            artifact.revision
        );
        self.report(source, artifact, Report::info("ArtifactFetched", message));
    }

    fn report<S: Source>(&self, source: &S, artifact: &Artifact, report: Report) {
        let (kind, name) = (source.kind(), source.name());
        let namespace = source.namespace().unwrap_or_default();
        println!("{kind}/{namespace}/{name}: {}", report.message);
        let key = format!("{}/{}", S::group(&()), key::EVENT_REVISION);
        let object = serde_json::to_value(source).unwrap_or_default();
        self.recorder
            .record(&object, report.with(key, &artifact.revision));
    }
}

/// Whether the source offers something else than it did when it was seen.
async fn has_moved_on<S: Source>(seen: &S, client: &Client) -> bool {
    let namespace = seen.namespace().unwrap_or_default();
    let api = Api::<S>::namespaced(client.clone(), namespace);
    let digest = |source: &S| source.artifact().map(|artifact| artifact.digest.clone());
    api.get(seen.name())
        .await
        .is_ok_and(|live| digest(&live) != digest(seen))
}

/// Says what cannot be watched: a right is missing, or the kind is not installed.
struct Complaints;

impl Metrics for Complaints {
    fn watch_failed(&self, kind: &str, class: Class) {
        eprintln!("cannot watch {kind}: {class:?}");
    }
}

/// Consumes the sources of a cluster until it is told to stop.
pub(crate) async fn run(client: Client, settings: Settings, shutdown: CancellationToken) {
    let mut options = FetchOptions::default();
    options.source_controller = settings.source_controller;
    let events = Queue::spawn(ClusterEvents::new(client.clone()), Queue::CAPACITY);
    let reporter = Reporter {
        controller: "source-consumer".to_owned(),
        instance: None,
    };
    let consumer = Consumer {
        fetcher: Fetcher::new(Web::new(&ClientOptions::default()), options),
        recorder: Recorder::new(reporter, Arc::new(events.clone())),
        directory: settings.directory,
        fetched: Arc::default(),
    };
    let namespace = settings.namespace.as_deref();
    let reports: [RunReport; 5] = tokio::join!(
        watch::<Bucket>(&client, namespace, &consumer, &shutdown),
        watch::<ExternalArtifact>(&client, namespace, &consumer, &shutdown),
        watch::<GitRepository>(&client, namespace, &consumer, &shutdown),
        watch::<HelmChart>(&client, namespace, &consumer, &shutdown),
        watch::<OCIRepository>(&client, namespace, &consumer, &shutdown),
    )
    .into();
    let left = events.flush(Duration::from_secs(5)).await;
    let dropped: usize = reports.iter().map(|report| report.dropped.len()).sum();
    println!("stopped; {dropped} fetches were dropped, {left} events not sent");
}

async fn watch<S: Source>(
    client: &Client,
    namespace: Option<&str>,
    consumer: &Consumer,
    shutdown: &CancellationToken,
) -> RunReport {
    Runner::<S>::within(client.clone(), namespace)
        .metrics(Arc::new(Complaints))
        // The same revision has another digest when the source includes other files.
        .wakes_on(|source| {
            let artifact = source.artifact()?;
            Some(format!("{} {}", artifact.revision, artifact.digest))
        })
        .run(consumer.clone(), shutdown.clone())
        .await
}

fn settings(mut arguments: impl Iterator<Item = String>) -> Result<Settings, String> {
    let mut settings = Settings::default();
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or(format!("{argument} needs a value"));
        match argument.as_str() {
            "--namespace" => settings.namespace = Some(value()?),
            "--source-controller" => settings.source_controller = Some(value()?),
            _ if argument.starts_with('-') || !settings.directory.as_os_str().is_empty() => {
                return Err(format!("{argument} is not expected"));
            }
            _ => settings.directory = argument.into(),
        }
    }
    match settings.directory.as_os_str().is_empty() {
        true => Err("there is no directory".to_owned()),
        false => Ok(settings),
    }
}

async fn start(settings: Settings) -> Result<(), Box<dyn Error>> {
    let client = connect(Config::infer().await?, &ClientOptions::default())?;
    let shutdown = CancellationToken::new();
    let stop = shutdown.clone();
    let mut terminated = signal(SignalKind::terminate())?;
    tokio::spawn(async move {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => stop.cancel(),
            _ = terminated.recv() => stop.cancel(),
        }
    });
    run(client, settings, shutdown).await;
    Ok(())
}

#[tokio::main]
async fn main() -> ExitCode {
    let settings = match settings(env::args().skip(1)) {
        Ok(settings) => settings,
        Err(message) => {
            eprintln!("{message}\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match start(settings).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
