use std::any::TypeId;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use fluxcd_core::schedule::{Backoff, Jitter};
use kube::api::ApiResource;
use kube::core::{ClusterResourceScope, DynamicObject, GroupVersionKind};
use kube::{Client, Resource};
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::sync::watch;

use super::binding::{Binding, Config, Rule, Whom, group_of};
use super::metrics::{Guarded, Metrics, NoMetrics};
use super::watch::Watch;
use crate::cache::{Cache, Key};
use crate::clock::{Clock, Dice};
use crate::events::Recorder;

type Path = Arc<dyn Fn(Option<&str>) -> String + Send + Sync>;
type News<K> = Box<dyn Fn(&K) -> Option<String> + Send + Sync>;

/// A controller of the objects of kind `K`: says what wakes them, and runs a [`Reconciler`](super::Reconciler) for each.
///
/// Unless it is told otherwise, it has four workers, waits 750 ms to 15 m after failures, and spreads intervals by five
/// percent, as the controllers of Flux do.
pub struct Runner<K> {
    pub(super) client: Client,
    pub(super) kind: String,
    pub(super) path: Path,
    pub(super) own: Watch,
    pub(super) cache: Cache<K>,
    pub(super) bindings: Vec<Binding>,
    pub(super) news: Option<News<K>>,
    pub(super) finalizer: Option<String>,
    pub(super) concurrency: usize,
    pub(super) backoff: Backoff,
    pub(super) jitter: Jitter,
    pub(super) grace: Duration,
    pub(super) gate: Option<watch::Receiver<bool>>,
    pub(super) clock: Clock,
    pub(super) dice: Dice,
    pub(super) metrics: Arc<dyn Metrics>,
    pub(super) api_version: String,
    namespace: Option<String>,
    pub(super) recorder: Option<Recorder>,
    freshness: Option<Duration>,
}

impl<K: Resource + DeserializeOwned + Send + Sync + 'static> Runner<K> {
    /// A controller of the objects of all namespaces.
    #[must_use]
    pub fn new(client: Client) -> Self
    where
        K::DynamicType: Default + Send + Sync + 'static,
    {
        Self::within(client, None)
    }

    /// A controller of the objects of one namespace, or of all. In one, objects of other kinds wake it only if they are in
    /// the same, or in none: `--watch-all-namespaces=false`.
    #[must_use]
    pub fn within(client: Client, namespace: Option<&str>) -> Self
    where
        K::DynamicType: Default + Send + Sync + 'static,
    {
        let kind = K::DynamicType::default();
        Self {
            own: Watch::of::<K>(client.clone(), &kind, namespace),
            client,
            kind: K::kind(&kind).into_owned(),
            api_version: K::api_version(&kind).into_owned(),
            recorder: None,
            namespace: namespace.map(str::to_owned),
            path: Arc::new(move |namespace| K::url_path(&kind, namespace)),
            cache: Cache::new(),
            bindings: Vec::new(),
            news: None,
            finalizer: None,
            concurrency: 4,
            backoff: Backoff::default(),
            jitter: Jitter::default(),
            grace: Duration::from_secs(30),
            gate: None,
            clock: Clock::default(),
            dice: Dice::default(),
            metrics: Arc::new(NoMetrics),
            freshness: None,
        }
    }

    /// Only the objects that a label selector matches: `--watch-label-selector`.
    #[must_use]
    pub fn labels(mut self, selector: &str) -> Self {
        self.own = self.own.labels(selector);
        self
    }

    /// Puts that finalizer on every object before it is first reconciled, and takes it away when
    /// [`finalize`](super::Reconciler::finalize) is finished. Without one, objects go without being finalized.
    #[must_use]
    pub fn finalizer(mut self, finalizer: impl Into<String>) -> Self {
        self.finalizer = Some(finalizer.into());
        self
    }

    /// How many objects are reconciled at the same time; at least one. `--concurrent`.
    #[must_use]
    pub fn concurrency(mut self, workers: usize) -> Self {
        self.concurrency = workers.max(1);
        self
    }

    /// How long an object waits after failures: `--min-retry-delay`, `--max-retry-delay`.
    #[must_use]
    pub const fn backoff(mut self, backoff: Backoff) -> Self {
        self.backoff = backoff;
        self
    }

    /// By how much intervals are spread: `--interval-jitter-percentage`.
    #[must_use]
    pub const fn jitter(mut self, jitter: Jitter) -> Self {
        self.jitter = jitter;
        self
    }

    /// How long runs may go on after the controller was told to shut down. 30 s unless it is set; less than the pod has.
    #[must_use]
    pub const fn grace(mut self, grace: Duration) -> Self {
        self.grace = grace;
        self
    }

    /// Works only while that says `true`, which is how a leader is told. When it says `false`, or its sender is gone, the
    /// runs are dropped at once, for another leader may have begun; they are made up for when it says `true` again.
    /// Watching goes on meanwhile.
    ///
    /// The receiver is dropped when [`run`](Self::run) returns: whoever releases a lease when nobody listens any more, as
    /// `kube-lease-manager` does, releases it when nothing is running. The Leases of Flux have the names that
    /// [`lease_name`](fluxcd_core::flags::lease_name) gives.
    #[must_use]
    pub fn gate(mut self, leader: watch::Receiver<bool>) -> Self {
        self.gate = Some(leader);
        self
    }

    /// After how much silence the connections of watches are renewed. See [`Watch::freshness`].
    #[must_use]
    pub const fn freshness(mut self, freshness: Duration) -> Self {
        self.freshness = Some(freshness);
        self
    }

    /// Tells the time.
    #[must_use]
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Spreads intervals and waits.
    #[must_use]
    pub fn dice(mut self, dice: Dice) -> Self {
        self.dice = dice;
        self
    }

    /// Gets what a run [records](super::Ctx::record) about its object.
    #[must_use]
    pub fn events(mut self, recorder: Recorder) -> Self {
        self.recorder = Some(recorder);
        self
    }

    /// Is told what happens.
    #[must_use]
    pub fn metrics(mut self, metrics: Arc<dyn Metrics>) -> Self {
        self.metrics = Arc::new(Guarded(metrics));
        self
    }

    /// Also finds objects in the [cache](super::Ctx::cache) by values of theirs.
    #[must_use]
    pub fn index(
        mut self,
        name: impl Into<String>,
        values: impl Fn(&K) -> Vec<String> + Send + Sync + 'static,
    ) -> Self {
        self.cache = self.cache.index(name, values);
        self
    }

    /// An object also wakes itself when the function reads something new from it: for a controller that waits for what
    /// another one writes into the status, such as the artifact of a source.
    ///
    /// What is read no longer wakes nobody.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use fluxcd_api::source::v1::GitRepository;
    /// use fluxcd_kube::runtime::Runner;
    ///
    /// # fn example(client: kube::Client) -> Runner<GitRepository> {
    /// Runner::<GitRepository>::new(client).wakes_on(|source| {
    ///     let artifact = source.status.as_ref()?.artifact.as_ref()?;
    ///     // The same revision has another digest when the source includes other files.
    ///     Some(format!("{} {}", artifact.revision, artifact.digest))
    /// })
    /// # }
    /// ```
    #[must_use]
    pub fn wakes_on(mut self, news: impl Fn(&K) -> Option<String> + Send + Sync + 'static) -> Self {
        self.news = Some(Box::new(news));
        self
    }

    /// The owner is reconciled when an object changes that it controls: one that names it in `ownerReferences` with
    /// `controller: true`. An owner that backs off is not woken, for it may have made the change itself.
    #[must_use]
    pub fn owns<O: Resource<DynamicType: Default, Scope: 'static>>(self) -> Self {
        let whom = Whom::Owners {
            group: group_of(&self.api_version).to_owned(),
            kind: self.kind.clone(),
        };
        let watch = self.other::<O>().metadata_only();
        self.bind(watch, Rule::Any, whom)
    }

    /// Every change of an object of another kind wakes those that the function names, before the change and after.
    #[must_use]
    pub fn watches<O>(self, whom: impl Fn(&O) -> Vec<Key> + Send + Sync + 'static) -> Self
    where
        O: Resource<DynamicType: Default, Scope: 'static> + DeserializeOwned,
    {
        let watch = self.other::<O>();
        let whom = move |object: &Value| match O::deserialize(object) {
            Ok(object) => whom(&object),
            Err(error) => {
                tracing::warn!(%error, "cannot read a watched object");
                Vec::new()
            }
        };
        self.bind(watch, Rule::Any, Whom::Mapped(Box::new(whom)))
    }

    /// A new revision of a source wakes the objects that are made from it. The function says from which objects of the kind
    /// `O` one is made.
    ///
    /// Its other changes wake nobody, and neither does its end.
    #[must_use]
    pub fn watches_revisions<O: Resource<DynamicType: Default, Scope: 'static>>(
        self,
        sources: impl Fn(&K) -> Vec<Key> + Send + Sync + 'static,
    ) -> Self {
        let watch = self.other::<O>();
        self.referring(watch, Rule::Revision, move |object| sources(object))
    }

    /// A change of a ConfigMap or a Secret wakes the objects that read it. Only those that the selector matches are
    /// watched, in Flux those with the label `reconcile.fluxcd.io/watch: Enabled`, and of them only the metadata.
    #[must_use]
    pub fn watches_configs(
        self,
        selector: &str,
        configs: impl Fn(&K) -> Vec<Config> + Send + Sync + 'static,
    ) -> Self {
        let configs = Arc::new(configs);
        let of_kind = |runner: Self, kind: &str, pick: fn(Config) -> Option<Key>| {
            let resource = ApiResource::from_gvk(&GroupVersionKind::gvk("", "v1", kind));
            let namespace = runner.namespace.as_deref();
            let watch = Watch::of::<DynamicObject>(runner.client.clone(), &resource, namespace);
            let watch = watch.labels(selector).metadata_only();
            let configs = Arc::clone(&configs);
            runner.referring(watch, Rule::Any, move |object| {
                configs(object).into_iter().filter_map(pick).collect()
            })
        };
        let runner = of_kind(self, "ConfigMap", |config| match config {
            Config::ConfigMap(key) => Some(key),
            Config::Secret(_) => None,
        });
        of_kind(runner, "Secret", |config| match config {
            Config::Secret(key) => Some(key),
            Config::ConfigMap(_) => None,
        })
    }

    fn other<O: Resource<DynamicType: Default, Scope: 'static>>(&self) -> Watch {
        let is_of_cluster = TypeId::of::<O::Scope>() == TypeId::of::<ClusterResourceScope>();
        let namespace = self.namespace.as_deref().filter(|_| !is_of_cluster);
        Watch::new::<O>(self.client.clone(), namespace)
    }

    fn referring(
        mut self,
        watch: Watch,
        rule: Rule,
        references: impl Fn(&K) -> Vec<Key> + Send + Sync + 'static,
    ) -> Self {
        let index = format!("watched {} {}", self.bindings.len(), watch.kind());
        self.cache = self.cache.index(index.clone(), move |object| {
            references(object).iter().map(Key::to_string).collect()
        });
        self.bind(watch, rule, Whom::Referrers { index })
    }

    fn bind(mut self, watch: Watch, rule: Rule, whom: Whom) -> Self {
        self.bindings.push(Binding { watch, rule, whom });
        self
    }

    /// Gives the watches what was set after they were made.
    pub(super) fn observed(&self, watch: &Watch) -> Watch {
        let watch = watch.clone();
        let watch = match self.freshness {
            Some(freshness) => watch.freshness(freshness),
            None => watch,
        };
        let (dice, clock) = (self.dice.clone(), self.clock.clone());
        watch.observed(dice, clock, Arc::clone(&self.metrics))
    }
}

impl<K> fmt::Debug for Runner<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Runner")
            .field("own", &self.own)
            .field("finalizer", &self.finalizer)
            .field("concurrency", &self.concurrency)
            .finish_non_exhaustive()
    }
}
