//! Which events are written anew, which are counted in one that is there, and which are too many.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use fluxcd_api::event::v1beta1::Event;
use fluxcd_core::notify::kubernetes_type;

use super::lru::Lru;

/// What is remembered of events.
///
/// Source: k8s.io/client-go v0.36.2: `tools/record/events_cache.go (EventCorrelator)`.
#[derive(Debug)]
pub(super) struct Correlator {
    similar: Lru<Similar>,
    written: Lru<Option<Written>>,
    tokens: Lru<Tokens>,
}

/// An event as it is in the cluster, or will be.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Written {
    pub(super) name: String,
    pub(super) message: String,
    pub(super) first: DateTime<Utc>,
    pub(super) last: DateTime<Utc>,
    pub(super) count: u32,
    /// It stands for events with other messages.
    pub(super) is_combined: bool,
}

/// Messages of one reason.
#[derive(Debug)]
struct Similar {
    messages: BTreeSet<String>,
    last: DateTime<Utc>,
}

/// How many events of an object may be written.
#[derive(Debug)]
struct Tokens {
    left: f64,
    at: DateTime<Utc>,
}

const CAPACITY: usize = 4096;
/// So many messages of one reason are one event.
const SIMILAR: usize = 10;
/// After so many seconds without any, the messages of a reason are counted anew.
const SIMILAR_SECONDS: i64 = 600;
const BURST: f64 = 25.0;
const PER_SECOND: f64 = 1.0 / 300.0;

impl Correlator {
    pub(super) fn new() -> Self {
        Self {
            similar: Lru::new(CAPACITY),
            written: Lru::new(CAPACITY),
            tokens: Lru::new(CAPACITY),
        }
    }

    /// What to write of an event: a new one under `name`, or one that is there and has a count above one. `None`: there
    /// were too many.
    pub(super) fn decide(
        &mut self,
        event: &Event,
        name: String,
        now: DateTime<Utc>,
    ) -> Option<Written> {
        let object = object_key(event);
        let reason = format!("{object}\0{}", event.reason);
        let is_combined = self.is_combined(&reason, &event.message, now);
        let (key, message) = match is_combined {
            true => (
                reason,
                format!("(combined from similar events): {}", event.message),
            ),
            false => (
                format!("{reason}\0\0{}", event.message),
                event.message.clone(),
            ),
        };
        let known = self.written.entry(key, || None);
        let (name, first, count) = match known.take() {
            Some(written) => (written.name, written.first, written.count.saturating_add(1)),
            None => (name, now, 1),
        };
        let written = Written {
            name,
            message,
            first,
            last: now,
            count,
            is_combined,
        };
        // The message is in the key already.
        *known = Some(Written {
            message: String::new(),
            ..written.clone()
        });
        self.takes_token(object, now).then_some(written)
    }

    fn is_combined(&mut self, reason: &str, message: &str, now: DateTime<Utc>) -> bool {
        let similar = self.similar.entry(reason.to_owned(), || Similar {
            messages: BTreeSet::new(),
            last: now,
        });
        if (now - similar.last).num_seconds() > SIMILAR_SECONDS {
            similar.messages.clear();
        }
        similar.messages.insert(message.to_owned());
        similar.last = now;
        let is_combined = similar.messages.len() >= SIMILAR;
        if is_combined {
            similar.messages.pop_first();
        }
        is_combined
    }

    fn takes_token(&mut self, object: String, now: DateTime<Utc>) -> bool {
        let tokens = self.tokens.entry(object, || Tokens {
            left: BURST,
            at: now,
        });
        let passed = (now - tokens.at).to_std().unwrap_or_default();
        tokens.left = (tokens.left + passed.as_secs_f64() * PER_SECOND).min(BURST);
        tokens.at = now.max(tokens.at);
        let is_left = tokens.left >= 1.0;
        if is_left {
            tokens.left -= 1.0;
        }
        is_left
    }
}

fn object_key(event: &Event) -> String {
    let object = &event.involved_object;
    let parts = [
        &object.kind,
        &object.namespace,
        &object.name,
        &object.uid,
        &object.api_version,
    ];
    let parts = parts.map(|part| part.as_deref().unwrap_or_default());
    [&parts[..], &[kubernetes_type(&event.severity)]]
        .concat()
        .join("\0")
}
