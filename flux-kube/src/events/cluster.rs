use std::fmt;

use chrono::{DateTime, SecondsFormat, Utc};
use fluxcd_api::event::v1beta1::{Event, ObjectReference};
use fluxcd_api::meta::time;
use fluxcd_core::notify::kubernetes_type;
use kube::Client;
use kube::api::{Patch, PatchParams, PostParams};
use kube::core::Request;
use serde::de::IgnoredAny;
use serde_json::{Value, json};

use super::Deliver;
use super::correlator::{Correlator, Written};
use crate::Clock;
use crate::error::{Class, Error, Verb};

/// Writes Kubernetes events.
///
/// They are `core/v1` Events with the metadata as annotations, in the namespace of their object or else in `default`.
pub struct ClusterEvents {
    client: Client,
    clock: Clock,
    correlator: Correlator,
    /// In the name of the last event.
    stamp: i64,
}

impl ClusterEvents {
    /// Writes through that client.
    #[must_use]
    pub fn new(client: Client) -> Self {
        Self {
            client,
            clock: Clock::system(),
            correlator: Correlator::new(),
            stamp: 0,
        }
    }

    /// Names events by the time of that clock.
    #[must_use]
    pub fn with_clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// No two events get one name.
    fn name(&mut self, object: &ObjectReference) -> String {
        let nanos = self.clock.now().timestamp_nanos_opt().unwrap_or_default();
        self.stamp = nanos.max(self.stamp.saturating_add(1));
        let object = object.name.as_deref().unwrap_or_default();
        let name = format!("{object}.{:x}", self.stamp);
        match is_subdomain(&name) {
            true => name,
            false => format!("event.{:x}", self.stamp),
        }
    }

    async fn send(
        &self,
        verb: Verb,
        subject: String,
        request: Result<http::Request<Vec<u8>>, kube::core::request::Error>,
    ) -> Result<(), Error> {
        let sent = match request {
            Ok(request) => self.client.request::<IgnoredAny>(request).await,
            Err(error) => Err(kube::Error::BuildRequest(error)),
        };
        sent.map(|_| ())
            .map_err(|error| Error::new(verb, subject, error))
    }
}

impl Deliver for ClusterEvents {
    async fn deliver(&mut self, event: &Event) -> Result<(), Error> {
        let now = time::to_chrono(&event.timestamp).unwrap_or_default();
        let name = self.name(&event.involved_object);
        let Some(written) = self.correlator.decide(event, name, now) else {
            tracing::debug!(reason = event.reason, "too many events of one object");
            return Ok(());
        };
        let namespace = event.involved_object.namespace.as_deref();
        let namespace = namespace.unwrap_or("default");
        let subject = || format!("Event/{namespace}/{}", written.name);
        let url = Request::new(format!("/api/v1/namespaces/{namespace}/events"));
        if written.count > 1 {
            let patch = json!({
                "count": written.count,
                "lastTimestamp": seconds(written.last),
                "message": written.message,
            });
            let patch = url.patch(&written.name, &PatchParams::default(), &Patch::Merge(patch));
            match self.send(Verb::Patch, subject(), patch).await {
                // It was there for too long.
                Err(error) if error.class() == Class::NotFound => {}
                sent => return sent,
            }
        }
        let body = body(event, &written, namespace).to_string().into_bytes();
        let create = url.create(&PostParams::default(), body);
        self.send(Verb::Create, subject(), create).await
    }
}

/// Source: k8s.io/client-go v0.36.2: `tools/record/event.go (makeEvent)`.
fn body(event: &Event, written: &Written, namespace: &str) -> Value {
    let annotations = match written.is_combined {
        true => None,
        false => event.metadata.as_ref(),
    };
    json!({
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": {
            "name": written.name,
            "namespace": namespace,
            "annotations": annotations,
        },
        "involvedObject": event.involved_object,
        "reason": event.reason,
        "message": written.message,
        "source": {"component": event.reporting_controller},
        "firstTimestamp": seconds(written.first),
        "lastTimestamp": seconds(written.last),
        "count": written.count,
        "type": kubernetes_type(&event.severity),
        "reportingComponent": event.reporting_controller,
        "reportingInstance": "",
    })
}

fn seconds(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// Whether it is a name that objects may have. Those of roles need not be.
fn is_subdomain(name: &str) -> bool {
    let end = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit();
    let is_label = |label: &str| {
        let bytes = label.as_bytes();
        let ends = bytes.first().copied().zip(bytes.last().copied());
        ends.is_some_and(|(first, last)| end(first) && end(last))
            && bytes.iter().all(|c| end(*c) || *c == b'-')
    };
    name.len() <= 253 && name.split('.').all(is_label)
}

impl fmt::Debug for ClusterEvents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClusterEvents")
    }
}
