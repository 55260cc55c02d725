//! One run for one object.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use fluxcd_api::meta::Duration;
use fluxcd_core::schedule::Requeue;
use futures::FutureExt;
use kube::Resource;
use kube::core::TypeMeta;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::time::Instant;

use super::Reconciler;
use super::context::{Cause, Ctx, Interrupt};
use super::finalizer::{self, Patched};
use super::metrics::Ended;
use super::outcome::Outcome;
use super::run::Shared;
use crate::cache::Key;

/// After this time an object is looked at again whose finalizer was added; that it was is told by its watch, sooner.
const SEEN: Duration = Duration::from_secs(30);

/// What the queue is told.
pub(super) struct Finished {
    pub(super) key: Key,
    pub(super) requeue: Requeue,
    /// `None` where nothing was run.
    pub(super) ended: Option<Ended>,
}

impl<K: Resource + DeserializeOwned + Send + Sync + 'static> Shared<K> {
    pub(super) fn context(
        &self,
        key: Key,
        failures: u32,
        cause: Option<Arc<Cause>>,
        interrupt: Interrupt,
    ) -> Ctx<K> {
        let runner = &self.runner;
        Ctx {
            client: runner.client.clone(),
            cache: runner.cache.clone(),
            clock: runner.clock.clone(),
            dice: runner.dice.clone(),
            shutdown: self.shutdown.clone(),
            key,
            failures,
            cause,
            interrupt,
            types: TypeMeta {
                api_version: runner.api_version.clone(),
                kind: runner.kind.clone(),
            },
            recorder: runner.recorder.clone(),
        }
    }

    pub(super) async fn reconcile<R: Reconciler<K>>(
        self: Arc<Self>,
        reconciler: Arc<R>,
        ctx: Ctx<K>,
    ) -> Finished {
        let begun = Instant::now();
        let run = AssertUnwindSafe(self.step(&*reconciler, &ctx)).catch_unwind();
        let (outcome, is_panic) = match run.await {
            Ok(Some(outcome)) => (outcome, false),
            Ok(None) => return nothing(ctx.key),
            Err(panic) => (Outcome::failed(said(panic.as_ref())), true),
        };
        let runner = &self.runner;
        let next = outcome.next().jittered(runner.jitter, ctx.dice.unit());
        let ended = match next.requeue {
            _ if is_panic => Ended::Panicked,
            Requeue::Terminal => Ended::Stalled,
            Requeue::Backoff => Ended::Failed,
            _ if outcome.error().is_some() => Ended::Failed,
            Requeue::Now => Ended::Again,
            Requeue::After(_) | Requeue::OnChange => Ended::Done,
        };
        let (kind, key, took) = (&runner.kind, ctx.key, begun.elapsed());
        match outcome.error() {
            Some(error) => tracing::error!(kind, %key, ?took, error = %error, %next, "run failed"),
            None => tracing::debug!(kind, %key, ?took, %next, "run ended"),
        }
        runner.metrics.reconciled(kind, &key, took, ended);
        Finished {
            key,
            requeue: next.requeue,
            ended: Some(ended),
        }
    }

    /// `None` where the object is none of this controller's business.
    async fn step<R: Reconciler<K>>(&self, reconciler: &R, ctx: &Ctx<K>) -> Option<Outcome> {
        let object = match self.runner.cache.get(&ctx.key) {
            Some(Ok(object)) => Arc::new(object),
            // Only a change of the object can mend that.
            Some(Err(error)) => return Some(Outcome::failed_until(Requeue::Terminal, error)),
            None => return self.forget(ctx),
        };
        let metadata = object.meta();
        let finalizer = self.runner.finalizer.as_deref();
        match (metadata.deletion_timestamp.is_some(), finalizer) {
            (true, Some(name)) if finalizer::has(metadata, name) => {
                let outcome = reconciler.finalize(Arc::clone(&object), ctx).await;
                if !outcome.is_finished() {
                    return Some(outcome);
                }
                let patch = finalizer::remove(metadata, name)?;
                Some(self.patch(ctx, &patch, outcome).await)
            }
            (true, _) => self.forget(ctx),
            (false, Some(name)) if !finalizer::has(metadata, name) => {
                let patch = finalizer::add(metadata, name);
                Some(self.patch(ctx, &patch, Requeue::After(SEEN).into()).await)
            }
            (false, _) => Some(reconciler.reconcile(object, ctx).await),
        }
    }

    fn forget(&self, ctx: &Ctx<K>) -> Option<Outcome> {
        self.runner.metrics.forgotten(&self.runner.kind, &ctx.key);
        None
    }

    async fn patch(&self, ctx: &Ctx<K>, patch: &Value, done: Outcome) -> Outcome {
        let path = (self.runner.path)(ctx.key.namespace());
        let path = format!("{path}/{}", ctx.key.name);
        let subject = format!("{}/{}", self.runner.kind, ctx.key);
        match finalizer::send(&ctx.client, &path, &subject, patch).await {
            Patched::Done => done,
            Patched::Raced => Requeue::Now.into(),
            Patched::Failed(error) => Outcome::failed(error),
        }
    }
}

fn nothing(key: Key) -> Finished {
    Finished {
        key,
        requeue: Requeue::OnChange,
        ended: None,
    }
}

fn said(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    format!("panicked: {}", text.unwrap_or("without a text"))
}
