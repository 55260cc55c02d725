//! A loop around a reconcile function.
//!
//! [`Runner`] watches the objects of one kind, and others that matter to them, and calls a [`Reconciler`] for each object
//! that has to be looked at. How a run ends says when the next one begins; that and all other choices are made by
//! `fluxcd-core`.
//!
//! # Examples
//!
//! ```
//! use std::sync::Arc;
//!
//! use fluxcd_api::helm::v2::HelmRelease;
//! use fluxcd_api::meta::{Origin, key};
//! use fluxcd_api::source::v1::HelmChart;
//! use fluxcd_core::schedule::{Because, Next, Requeue};
//! use fluxcd_kube::cache::Key;
//! use fluxcd_kube::runtime::{Ctx, Outcome, Reconciler, Runner};
//! # use fluxcd_kube::testing::FakeApi;
//! # use serde_json::json;
//! use tokio_util::sync::CancellationToken;
//!
//! struct Releases;
//!
//! impl Reconciler<HelmRelease> for Releases {
//!     async fn reconcile(&self, release: Arc<HelmRelease>, ctx: &Ctx<HelmRelease>) -> Outcome {
//!         // What there is to do; and then nothing is, until the interval is over or something changes.
//!         println!("{} because of {:?}", ctx.key(), ctx.cause());
//! #       ctx.shutdown().cancel();
//!         let requeue = Requeue::after(release.spec.interval);
//!         Next { requeue, because: Because::Interval(Origin::Spec) }.into()
//!     }
//! }
//!
//! /// The chart that a release is made from.
//! fn charts(release: &HelmRelease) -> Vec<Key> {
//!     let chart = release.status.as_ref().and_then(|status| status.helm_chart.as_deref());
//!     let chart = chart.and_then(|chart| chart.split_once('/'));
//!     chart.map(|(namespace, name)| Key::new(namespace, name)).into_iter().collect()
//! }
//!
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() {
//! # let api = FakeApi::new();
//! # api.put(json!({
//! #     "apiVersion": "helm.toolkit.fluxcd.io/v2", "kind": "HelmRelease", "metadata": {"name": "web", "namespace": "apps"},
//! #     "spec": {"interval": "5m"},
//! # }));
//! # let client = api.client();
//! let shutdown = CancellationToken::new();
//! let runner = Runner::<HelmRelease>::new(client)
//!     .finalizer(key::FINALIZER)
//!     .watches_revisions::<HelmChart>(charts);
//! let report = runner.run(Releases, shutdown).await;
//! # assert_eq!((report.failed, report.dropped.len()), (0, 0));
//! # let live = api.get("helm.toolkit.fluxcd.io/v2", "HelmRelease", Some("apps"), "web").unwrap();
//! # assert_eq!(live["metadata"]["finalizers"], json!([key::FINALIZER]));
//! # }
//! ```
//!
//! # What kube's `Controller` does, and what happens here
//!
//! | kube 5.0.0 | here |
//! |---|---|
//! | a panic of one run ends the whole stream (K8) | it is a failure of that object, which backs off |
//! | the policy for errors is not told of successes, so there is no back-off of an object (K10) | failures are counted for each object, until a run ends without one |
//! | an earlier wake-up replaces a later one, so a write to one's own status ends the back-off (K11) | such a write wakes nobody, and what an object owns does not end its back-off |
//! | any number of runs at the same time (K13) | four |
//! | with a predicate on the generation, deletions and new finalizers are swallowed (K14) | both wake |
//! | signal handlers of its own (K17) | a token of the caller's, a grace, and a report of what was dropped |
//! | a watch that may ask for ever, or without a pause (K2, K12, K15) | [`Watch`] |
//! | whole objects in memory | [`Cache`](crate::cache::Cache) |
//! | no leadership, no metrics | [`Runner::gate`], [`Metrics`] |
//!
//! # Laws
//!
//! - An object is worked on by one worker at a time, and whatever wakes it meanwhile leads to another run.
//! - Objects that are ready are worked on in the order in which they became so; what comes back stands behind the others.
//!   What only the start has woken lets changes go ahead.
//! - A write of a controller to the status of its own object does not wake it, unless [`Runner::wakes_on`] says so; a
//!   deletion, a change of finalizers and whatever is first seen in a list do.
//! - While an object backs off, changes of its own kind, of revisions and of configurations wake it; changes of what it
//!   owns do not.
//! - Nothing that the API server answers ends the loop, nor a panic of the reconciler (K8).
//! - When [`Runner::run`] returns, nothing of it is running.
//!
//! # Traps
//!
//! - The object that a run is given comes from a cache. It may be older than what the run before has written.
//! - Runs are dropped where they wait, when the leadership is lost or the grace is over. A step that must not be torn apart
//!   belongs into one request.
//! - [`Ctx::interrupt`] ends waits, not writes.
//! - An interval is what heals missed events. An object without one is only looked at when something changes.
//!
//! # Differences
//!
//! - controller-runtime keeps a timer of an earlier run beside the new one, and runs twice; here the end of a run replaces
//!   it.
//! - Flux interrupts a run for everything that wakes its object; here not for changes of what the object owns, which the
//!   run itself may have made.
//!
//! # Sources
//!
//! controller-runtime v0.24.1: `pkg/internal/controller/controller.go`; `pkg/controller/
//! priorityqueue/priorityqueue.go`; client-go v0.36.2: `util/workqueue/*.go`;
//! fluxcd/pkg runtime v0.110.1: `controller/{queue,reconciler,builder,rate_limiter}.go`, `predicates/*.go`;
//! kustomize-controller v1.9.6: `internal/controller/{kustomization_manager,kustomization_indexers}.go`.

use std::future::Future;
use std::sync::Arc;

pub use self::binding::Config;
pub use self::context::{Cause, Ctx};
pub use self::metrics::{DURATION_BUCKETS, Ended, Metrics};
pub use self::outcome::Outcome;
pub use self::run::RunReport;
pub use self::runner::Runner;
pub use self::watch::Watch;

mod binding;
mod context;
mod finalizer;
mod metrics;
mod outcome;
mod pace;
mod queue;
mod run;
mod runner;
mod watch;
mod work;

/// What a controller does for one object.
pub trait Reconciler<K>: Send + Sync + 'static {
    /// Makes what the object asks for.
    fn reconcile(&self, object: Arc<K>, ctx: &Ctx<K>) -> impl Future<Output = Outcome> + Send;

    /// Takes away what was made for an object that is being deleted. Only called for a [`Runner::finalizer`].
    ///
    /// The finalizer goes when this returns no error and [`Requeue::OnChange`](fluxcd_core::schedule::Requeue::OnChange),
    /// as [`Outcome::done`] does; with any other outcome it stays, and this is called again.
    fn finalize(&self, object: Arc<K>, ctx: &Ctx<K>) -> impl Future<Output = Outcome> + Send {
        let _ = (object, ctx);
        std::future::ready(Outcome::done())
    }
}
