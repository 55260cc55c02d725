//! The loop: watches fill the queue, workers empty it.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use fluxcd_core::request::{is_revised, wake};
use kube::Resource;
use kube::runtime::watcher::Event;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until, timeout};
use tokio_util::sync::CancellationToken;

use super::Reconciler;
use super::binding::Memory;
use super::context::{Cause, Interrupt};
use super::metrics::Ended;
use super::queue::{Added, Queue, Urgency};
use super::runner::Runner;
use super::work::Finished;
use crate::cache::Key;
use crate::clock;

/// How long workers wait for the first list of other kinds. What is forbidden, or not installed, does not stop the rest.
const OTHERS: Duration = Duration::from_secs(30);

/// What a controller did until it was told to shut down.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
#[must_use]
pub struct RunReport {
    /// How many runs ended without an error.
    pub done: u64,
    /// How many runs ended with an error.
    pub failed: u64,
    /// How many runs panicked.
    pub panicked: u64,
    /// The runs that did not end within the grace, sorted. What they had begun is unknown.
    pub dropped: Vec<Key>,
}

/// What watches and workers share.
pub(super) struct Shared<K> {
    pub(super) runner: Runner<K>,
    pub(super) shutdown: CancellationToken,
    state: Mutex<State>,
    woken: Notify,
}

struct State {
    queue: Queue<Arc<Cause>>,
    interrupts: BTreeMap<Key, Interrupt>,
}

impl<K: Resource + DeserializeOwned + Send + Sync + 'static> Runner<K> {
    /// Reconciles until the token is cancelled, then lets runs end within the [grace](Runner::grace).
    ///
    /// Nothing that the API server does ends it, and no panic of the reconciler. When it returns, nothing of it is running
    /// any more, so a lease may be released; the same holds when the future is dropped, but for the order.
    pub async fn run(
        mut self,
        reconciler: impl Reconciler<K>,
        shutdown: CancellationToken,
    ) -> RunReport {
        let mut gate = Gate {
            leader: self.gate.take(),
            is_gone: false,
        };
        let shared = Arc::new(Shared {
            runner: self,
            shutdown,
            state: Mutex::new(State {
                queue: Queue::new(),
                interrupts: BTreeMap::new(),
            }),
            woken: Notify::new(),
        });
        let mut watches = JoinSet::new();
        let mut report = RunReport::default();
        if shared.start(&mut watches).await {
            let mut workers = JoinSet::new();
            let reconciler = Arc::new(reconciler);
            shared
                .work(&reconciler, &mut gate, &mut workers, &mut report)
                .await;
            shared.finish(&mut gate, &mut workers, &mut report).await;
        }
        watches.shutdown().await;
        report
    }
}

impl<K: Resource + DeserializeOwned + Send + Sync + 'static> Shared<K> {
    /// Starts the watches. `false` if the shutdown came before the objects were listed.
    async fn start(self: &Arc<Self>, watches: &mut JoinSet<()>) -> bool {
        let own = CancellationToken::new();
        let mut others = Vec::new();
        for binding in 0..self.runner.bindings.len() {
            let listed = CancellationToken::new();
            others.push(listed.clone());
            watches.spawn(Arc::clone(self).follow_other(binding, listed));
        }
        watches.spawn(Arc::clone(self).follow_own(own.clone()));
        let others = futures::future::join_all(others.iter().map(CancellationToken::cancelled));
        let listed = async {
            own.cancelled().await;
            drop(timeout(OTHERS, others).await);
        };
        self.shutdown.run_until_cancelled(listed).await.is_some()
    }

    async fn follow_own(self: Arc<Self>, listed: CancellationToken) {
        let mut seen = BTreeSet::new();
        let watch = self.runner.observed(&self.runner.own);
        let tell = |event| {
            let is_listed = matches!(event, Event::InitDone);
            let urgency = after(&listed, Urgency::AtOnce);
            guarded(&self.runner.kind, || {
                self.observe(event, &mut seen, urgency)
            });
            if is_listed {
                listed.cancel();
            }
        };
        watch.follow(tell).await;
    }

    async fn follow_other(self: Arc<Self>, index: usize, listed: CancellationToken) {
        let Some(binding) = self.runner.bindings.get(index) else {
            return;
        };
        let mut memory = Memory::default();
        let watch = self.runner.observed(&binding.watch);
        let tell = |event| {
            let is_listed = matches!(event, Event::InitDone);
            let urgency = after(&listed, binding.urgency());
            guarded(watch.kind(), || {
                for (key, cause) in binding.observe(event, &mut memory, &self.runner.cache) {
                    self.wake(&key, &cause, urgency);
                }
            });
            if is_listed {
                listed.cancel();
            }
        };
        watch.follow(tell).await;
    }

    /// An object of the controller's own kind.
    fn observe(&self, event: Event<Value>, seen: &mut BTreeSet<Key>, urgency: Urgency) {
        match event {
            Event::Init => seen.clear(),
            Event::InitApply(object) => {
                seen.extend(Key::of(&object));
                self.changed(object, urgency);
            }
            Event::Apply(object) => self.changed(object, urgency),
            Event::Delete(object) => {
                if let Some(key) = Key::of(&object) {
                    self.deleted(&key, &object, urgency);
                }
            }
            Event::InitDone => {
                for key in self.runner.cache.unlisted(seen) {
                    self.deleted(&key, &Value::Null, urgency);
                }
                seen.clear();
            }
        }
    }

    fn changed(&self, object: Value, urgency: Urgency) {
        let cache = &self.runner.cache;
        let Some(key) = Key::of(&object) else {
            return;
        };
        let cause = Cause::of(&self.runner.kind, &key, &object);
        let news = || {
            let read = self.runner.news.as_ref()?;
            read(&cache.get(&key)?.ok()?)
        };
        let known = news();
        let old = cache.insert(object);
        let is_new = is_revised(known.as_deref(), news().as_deref());
        let why = old
            .zip(cache.metadata(&key))
            .map(|(old, new)| wake(&old, &new));
        if is_new || why != Some(None) {
            self.wake(&key, &cause, urgency);
        }
    }

    fn deleted(&self, key: &Key, object: &Value, urgency: Urgency) {
        self.runner.cache.remove(key);
        self.wake(key, &Cause::of(&self.runner.kind, key, object), urgency);
    }

    fn wake(&self, key: &Key, cause: &Arc<Cause>, urgency: Urgency) {
        let mut state = self.state();
        match state.queue.add(key, Arc::clone(cause), urgency) {
            Added::Ready => self.woken.notify_one(),
            Added::Running if urgency != Urgency::Gently => {
                if let Some(interrupt) = state.interrupts.get(key) {
                    interrupt.fire(cause);
                }
            }
            Added::Running | Added::Waits => {}
        }
    }

    async fn work<R: Reconciler<K>>(
        self: &Arc<Self>,
        reconciler: &Arc<R>,
        gate: &mut Gate,
        workers: &mut JoinSet<Finished>,
        report: &mut RunReport,
    ) {
        loop {
            let is_open = gate.is_open();
            if is_open {
                self.begin(reconciler, workers);
            } else {
                drop(self.give_back(workers, report).await);
            }
            let timer = self.state().queue.next_timer();
            let timer = timer.filter(|_| is_open && workers.len() < self.runner.concurrency);
            tokio::select! {
                biased;
                () = self.shutdown.cancelled() => return,
                () = gate.turned() => {}
                Some(ended) = workers.join_next() => {
                    if let Ok(finished) = ended {
                        self.finished(finished, report);
                    }
                }
                () = self.woken.notified() => {}
                () = sleep_until(timer.unwrap_or_else(Instant::now)), if timer.is_some() => {}
            }
        }
    }

    /// Starts as many workers as there may be.
    fn begin<R: Reconciler<K>>(
        self: &Arc<Self>,
        reconciler: &Arc<R>,
        workers: &mut JoinSet<Finished>,
    ) {
        let mut state = self.state();
        while state.queue.running() < self.runner.concurrency
            && let Some((key, cause)) = state.queue.pop(Instant::now())
        {
            let interrupt = Interrupt::new(&self.shutdown);
            state.interrupts.insert(key.clone(), interrupt.clone());
            let failures = state.queue.failures(&key);
            let ctx = self.context(key, failures, cause, interrupt);
            workers.spawn(Arc::clone(self).reconcile(Arc::clone(reconciler), ctx));
        }
        let depth = state.queue.depth();
        self.runner.metrics.queued(&self.runner.kind, depth);
    }

    /// Drops what runs; it is ready again.
    async fn give_back(&self, workers: &mut JoinSet<Finished>, report: &mut RunReport) -> Vec<Key> {
        workers.abort_all();
        while let Some(ended) = workers.join_next().await {
            if let Ok(finished) = ended {
                self.finished(finished, report);
            }
        }
        let mut state = self.state();
        state.interrupts.clear();
        let keys = state.queue.give_back();
        let metrics = &self.runner.metrics;
        for key in &keys {
            metrics.reconciled(&self.runner.kind, key, Duration::ZERO, Ended::Dropped);
        }
        keys
    }

    fn finished(&self, finished: Finished, report: &mut RunReport) {
        let Finished {
            key,
            requeue,
            ended,
        } = finished;
        let mut state = self.state();
        state.interrupts.remove(&key);
        let failures = state.queue.failures(&key);
        let queued = requeue.queue(self.runner.backoff, failures);
        state.queue.done(&key, queued, Instant::now());
        match ended {
            Some(Ended::Done | Ended::Again) => report.done += 1,
            Some(Ended::Failed | Ended::Stalled) => report.failed += 1,
            Some(Ended::Panicked) => report.panicked += 1,
            Some(Ended::Dropped) | None => {}
        }
    }

    /// Waits for what runs, no longer than the grace, and not at all for a leader that is none any more.
    async fn finish(
        &self,
        gate: &mut Gate,
        workers: &mut JoinSet<Finished>,
        report: &mut RunReport,
    ) {
        let deadline = clock::end(self.runner.grace);
        while gate.is_open() {
            tokio::select! {
                ended = workers.join_next() => match ended {
                    Some(Ok(finished)) => self.finished(finished, report),
                    Some(Err(_)) => {}
                    None => break,
                },
                () = gate.turned() => {}
                () = sleep_until(deadline) => break,
            }
        }
        report.dropped = self.give_back(workers, report).await;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Says whether this is the leader.
struct Gate {
    leader: Option<watch::Receiver<bool>>,
    is_gone: bool,
}

impl Gate {
    fn is_open(&self) -> bool {
        !self.is_gone && self.leader.as_ref().is_none_or(|leader| *leader.borrow())
    }

    /// Until it may say something else. One that is gone says no for ever.
    async fn turned(&mut self) {
        match &mut self.leader {
            Some(leader) if !self.is_gone => self.is_gone = leader.changed().await.is_err(),
            _ => std::future::pending().await,
        }
    }
}

/// How urgent an event is: less before the end of the first list.
fn after(listed: &CancellationToken, urgency: Urgency) -> Urgency {
    if listed.is_cancelled() {
        urgency
    } else {
        Urgency::Listed
    }
}

/// Functions of the user that are called for an event may panic: that event then wakes nobody, and the watch goes on.
fn guarded(kind: &str, observe: impl FnOnce()) {
    if catch_unwind(AssertUnwindSafe(observe)).is_err() {
        tracing::error!(
            kind,
            "a function that is asked whom an object wakes has panicked"
        );
    }
}
