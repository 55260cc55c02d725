use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use fluxcd_api::event::v1beta1::Event;
use tokio::sync::Notify;
use tokio::time::timeout;
use tokio_util::sync::{CancellationToken, DropGuard};

use super::EventSink;
use crate::Error;

/// Somewhere events are sent to, one after another.
pub trait Deliver: Send + 'static {
    /// Sends an event, or finds that it is not meant to be sent.
    fn deliver(&mut self, event: &Event) -> impl Future<Output = Result<(), Error>> + Send;
}

/// Sends events in the background. Clones share the queue; what is left in it when the last one is dropped is still sent,
/// as long as the runtime lives.
#[derive(Clone)]
pub struct Queue {
    shared: Arc<Shared>,
    _open: Arc<DropGuard>,
}

/// What became of the events of a queue.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Tally {
    /// Sent, or not meant to be.
    pub delivered: u64,
    /// Could not be sent.
    pub failed: u64,
    /// Pushed out of a full queue by newer ones.
    pub dropped: u64,
    /// Not sent yet.
    pub waiting: usize,
}

struct Shared {
    capacity: usize,
    state: Mutex<State>,
    arrived: Notify,
    idle: Notify,
}

#[derive(Default)]
struct State {
    events: VecDeque<Event>,
    /// One is being sent.
    in_flight: bool,
    tally: Tally,
}

impl Queue {
    /// So many events wait at most, if nothing else is said.
    pub const CAPACITY: usize = 1000;

    /// Sends from now on, in a task of the current runtime.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime.
    #[must_use]
    pub fn spawn(to: impl Deliver, capacity: usize) -> Self {
        let shared = Arc::new(Shared {
            capacity: capacity.max(1),
            state: Mutex::default(),
            arrived: Notify::new(),
            idle: Notify::new(),
        });
        let closed = CancellationToken::new();
        tokio::spawn(shared.clone().run(to, closed.clone()));
        Self {
            shared,
            _open: Arc::new(closed.drop_guard()),
        }
    }

    /// What became of the events until now.
    #[must_use]
    pub fn tally(&self) -> Tally {
        let state = self.shared.state();
        Tally {
            waiting: state.events.len() + usize::from(state.in_flight),
            ..state.tally
        }
    }

    /// Waits until everything is sent, but no longer than that. Returns how many events are left.
    pub async fn flush(&self, within: Duration) -> usize {
        let idle = async {
            loop {
                let notified = self.shared.idle.notified();
                if self.tally().waiting == 0 {
                    return;
                }
                notified.await;
            }
        };
        // What is left is counted, whether the time is over or not.
        timeout(within, idle).await.ok();
        self.tally().waiting
    }
}

impl EventSink for Queue {
    fn emit(&self, event: Event) {
        let mut state = self.shared.state();
        if state.events.len() >= self.shared.capacity {
            state.events.pop_front();
            state.tally.dropped += 1;
        }
        state.events.push_back(event);
        drop(state);
        self.shared.arrived.notify_one();
    }
}

impl Shared {
    async fn run(self: Arc<Self>, mut to: impl Deliver, closed: CancellationToken) {
        loop {
            match self.next() {
                Some(event) => {
                    let sent = to.deliver(&event).await;
                    self.end(&event, sent);
                }
                None if closed.is_cancelled() => return,
                None => {
                    closed.run_until_cancelled(self.arrived.notified()).await;
                }
            }
        }
    }

    fn next(&self) -> Option<Event> {
        let mut state = self.state();
        let event = state.events.pop_front();
        state.in_flight = event.is_some();
        event
    }

    fn end(&self, event: &Event, sent: Result<(), Error>) {
        let mut state = self.state();
        state.in_flight = false;
        match &sent {
            Ok(()) => state.tally.delivered += 1,
            Err(_) => state.tally.failed += 1,
        }
        let is_idle = state.events.is_empty();
        drop(state);
        if let Err(error) = sent {
            let object = &event.involved_object;
            tracing::warn!(
                kind = object.kind,
                namespace = object.namespace,
                name = object.name,
                reason = event.reason,
                %error,
                "an event was lost"
            );
        }
        if is_idle {
            self.idle.notify_waiters();
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Queue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Queue").field(&self.tally()).finish()
    }
}
