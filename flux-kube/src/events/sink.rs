use std::fmt;
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use fluxcd_api::event::v1beta1::Event;
use fluxcd_core::notify::{Report, Reporter};
use serde_json::Value;

use crate::Clock;

/// Takes events, at once.
pub trait EventSink: Send + Sync {
    /// Takes an event. Whatever becomes of it, the caller goes on.
    fn emit(&self, event: Event);
}

/// Makes events of what is reported.
#[derive(Clone)]
pub struct Recorder {
    reporter: Reporter,
    sink: Arc<dyn EventSink>,
    clock: Clock,
}

/// Keeps events, for tests. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct Memory(Arc<Mutex<Vec<Event>>>);

impl Recorder {
    /// Reports in that name, to that sink.
    #[must_use]
    pub fn new(reporter: Reporter, sink: Arc<dyn EventSink>) -> Self {
        Self {
            reporter,
            sink,
            clock: Clock::system(),
        }
    }

    /// Takes the time from that clock.
    #[must_use]
    pub fn with_clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Records what happened to an object, as it is in the cluster: its annotations become part of the event.
    pub fn record(&self, object: &Value, report: Report) {
        let event = report.about(object, &self.reporter, self.clock.now());
        tracing::debug!(
            kind = event.involved_object.kind,
            namespace = event.involved_object.namespace,
            name = event.involved_object.name,
            severity = event.severity.as_str(),
            reason = event.reason,
            "{}",
            event.message
        );
        self.sink.emit(event);
    }
}

impl Memory {
    /// What was recorded since the last call.
    #[must_use]
    pub fn take(&self) -> Vec<Event> {
        mem::take(&mut self.events())
    }

    fn events(&self) -> MutexGuard<'_, Vec<Event>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl EventSink for Memory {
    fn emit(&self, event: Event) {
        self.events().push(event);
    }
}

/// Forgets them.
impl EventSink for () {
    fn emit(&self, _: Event) {}
}

/// Each takes them.
impl EventSink for Vec<Arc<dyn EventSink>> {
    fn emit(&self, event: Event) {
        for sink in self {
            sink.emit(event.clone());
        }
    }
}

impl<S: EventSink + ?Sized> EventSink for Arc<S> {
    fn emit(&self, event: Event) {
        self.as_ref().emit(event);
    }
}

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorder")
            .field("reporter", &self.reporter)
            .finish_non_exhaustive()
    }
}
