use std::collections::BTreeMap;
use std::fmt;
use std::ops::ControlFlow;
use std::time::Duration;

use fluxcd_core::inventory::ObjectId;
use fluxcd_core::ready::{Decision, Reader, Time, Unready, Wait};
use futures::future::join_all;
use kube::Client;
use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;

use super::WaitOptions;
use super::batch::Batch;
use super::fetch::Fetch;
use super::poll::poll;
use super::reading::{self, Reading};
use crate::Clock;
use crate::error::{Error, Verb};
use crate::mapper::Mapper;

/// Waits for the health of objects, or for their end.
///
/// # Examples
///
/// ```
/// use fluxcd_core::inventory::ObjectId;
/// use fluxcd_kube::mapper::Mapper;
/// use fluxcd_kube::testing::FakeApi;
/// use fluxcd_kube::wait::{WaitOptions, Waiter};
/// use serde_json::json;
/// use tokio_util::sync::CancellationToken;
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let server = FakeApi::new();
/// server.put(json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "apps"}}));
/// server.put(json!({
///     "apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "db", "namespace": "apps"},
///     "spec": {"replicas": 2, "selector": {"matchLabels": {"app": "db"}}},
///     "status": {"replicas": 2, "readyReplicas": 1},
/// }));
///
/// let waiter = Waiter::new(server.client(), Mapper::new(server.client()));
/// let db = ObjectId::parse("apps_db_apps_StatefulSet")?;
/// let outcome = waiter.wait([db], &WaitOptions::default(), &CancellationToken::new()).await?;
/// assert_eq!(
///     outcome.into_result().unwrap_err().to_string(),
///     "timeout waiting for: [StatefulSet/apps/db status: 'InProgress']",
/// );
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Waiter {
    pub(super) client: Client,
    pub(super) mapper: Mapper,
    pub(super) reader: Reader,
    pub(super) clock: Clock,
}

/// How a wait ended.
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct Outcome {
    /// Done, failed or timed out; never [`Decision::Wait`].
    pub decision: Decision,
    /// What was seen last of each object.
    pub readings: BTreeMap<ObjectId, Reading>,
}

/// How far a wait is, whenever something has changed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Progress<'w> {
    /// What was seen last of each object.
    pub readings: &'w BTreeMap<ObjectId, Reading>,
    /// How many of them are not Current yet.
    pub pending: usize,
    /// Since the wait began.
    pub elapsed: Duration,
}

impl Waiter {
    /// Reads through that client, by the rules of Flux without custom health checks.
    #[must_use]
    pub fn new(client: Client, mapper: Mapper) -> Self {
        Self {
            client,
            mapper,
            reader: Reader::new(),
            clock: Clock::system(),
        }
    }

    /// Judges by these rules.
    #[must_use]
    pub fn with_reader(mut self, reader: Reader) -> Self {
        self.reader = reader;
        self
    }

    /// Takes the time from that clock where the API server does not tell its own.
    #[must_use]
    pub fn with_clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Looks at objects once. What cannot be read is Unknown, with the reason.
    ///
    /// # Errors
    ///
    /// An object without a namespace, whose kind has namespaces ([`Class::Invalid`](crate::Class::Invalid)).
    pub async fn poll(
        &self,
        objects: impl IntoIterator<Item = ObjectId>,
    ) -> Result<BTreeMap<ObjectId, Reading>, Error> {
        let (mut readings, batches) = begin(objects);
        let fetch = Fetch::new(&self.client, &self.clock);
        let read = async |mut batch: Batch| {
            reading::read(&mut batch, &fetch, &self.mapper, &self.reader).await
        };
        for news in join_all(batches.into_iter().map(read)).await {
            readings.extend(news?);
        }
        Ok(readings)
    }

    /// Waits until all objects are Current, until some have failed, or until the time is over: at once where nothing is
    /// waited for.
    ///
    /// The token ends the wait when the object that waits was changed in the meantime, or the program ends. What is being
    /// read then, or when the time is over, is dropped.
    ///
    /// # Errors
    ///
    /// - [`Class::Cancelled`](crate::Class::Cancelled): the token.
    /// - [`Class::Invalid`](crate::Class::Invalid): an object without a namespace, whose kind has namespaces.
    ///
    /// No failure of the API server is an error here: the objects are Unknown as long as it lasts.
    pub async fn wait(
        &self,
        objects: impl IntoIterator<Item = ObjectId>,
        options: &WaitOptions,
        cancel: &CancellationToken,
    ) -> Result<Outcome, Error> {
        self.wait_with(objects, options, cancel, |_| {}).await
    }

    /// Like [`wait`](Self::wait), and tells how far it is.
    ///
    /// # Errors
    ///
    /// Those of [`wait`](Self::wait).
    pub async fn wait_with(
        &self,
        objects: impl IntoIterator<Item = ObjectId>,
        options: &WaitOptions,
        cancel: &CancellationToken,
        mut progress: impl FnMut(Progress<'_>) + Send,
    ) -> Result<Outcome, Error> {
        let begun = Instant::now();
        let (mut readings, batches) = begin(objects);
        let mut wait = Wait::new(readings.keys().cloned())
            .with_ttl(options.jobs_with_ttl.iter().cloned())
            .on_failure(options.on_failure);
        let fetch = Fetch::new(&self.client, &self.clock);
        let read = async |mut batch: Batch| {
            let news = reading::read(&mut batch, &fetch, &self.mapper, &self.reader).await;
            (batch, news)
        };
        let take = |_: &mut Batch, news: Vec<(ObjectId, Reading)>| {
            let mut has_changed = false;
            for (id, reading) in news {
                wait.observe(&id, reading.state.clone());
                has_changed |= readings.get(&id) != Some(&reading);
                readings.insert(id, reading);
            }
            if has_changed {
                progress(Progress {
                    readings: &readings,
                    pending: wait.pending().count(),
                    elapsed: begun.elapsed(),
                });
            }
            match wait.decide(Time::Left) {
                Decision::Wait => ControlFlow::Continue(()),
                _ => ControlFlow::Break(()),
            }
        };
        let polls = timeout(options.timeout, poll(batches, options.interval, read, take));
        let time = match cancel.run_until_cancelled(polls).await {
            None => return Err(Error::cancelled(Verb::Wait, "objects")),
            Some(Ok(polled)) => polled.map(|()| Time::Left)?,
            Some(Err(_)) => Time::Over,
        };
        let decision = wait.decide(time);
        Ok(Outcome { decision, readings })
    }
}

impl Outcome {
    /// Whether all are healthy.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.decision == Decision::Done
    }

    /// The objects that are not healthy, as an error with upstream's text.
    ///
    /// # Errors
    ///
    /// Some have failed, or the time is over.
    pub fn into_result(self) -> Result<(), Unready> {
        match self.decision {
            Decision::Wait | Decision::Done => Ok(()),
            Decision::Failed(unready) | Decision::TimedOut(unready) => Err(unready),
        }
    }
}

impl fmt::Debug for Waiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Waiter")
            .field("reader", &self.reader)
            .field("clock", &self.clock)
            .finish_non_exhaustive()
    }
}

fn begin(objects: impl IntoIterator<Item = ObjectId>) -> (BTreeMap<ObjectId, Reading>, Vec<Batch>) {
    let unknown = |id| (id, Reading::unknown(None));
    let readings: BTreeMap<_, _> = objects.into_iter().map(unknown).collect();
    let batches = Batch::of(readings.keys());
    (readings, batches)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn futures_can_move_between_threads() {
        fn is_send<T: Send>(_: &T) {}
        let _ = |waiter: &Waiter, options: &WaitOptions, cancel: &CancellationToken| {
            is_send(&waiter.wait([], options, cancel));
            is_send(&waiter.wait_gone([], options, cancel));
            is_send(&waiter.poll([]));
        };
    }
}
