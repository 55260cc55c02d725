//! Telling what happened: as Kubernetes events, and to notification-controller.
//!
//! # Contract
//!
//! A [`Recorder`] makes an event of a report about an object (`fluxcd_core::notify`) and hands it to an [`EventSink`], which
//! takes it at once. A [`Queue`] sends in the background what it took:
//!
//! | sink | sends |
//! |---|---|
//! | [`Queue`] of [`ClusterEvents`] | `core/v1` Events, as the controllers of Flux make them: `kubectl describe`, `flux events` |
//! | [`Queue`] of a [`Webhook`] | a POST to notification-controller, for alerts |
//! | [`Memory`] | nothing: it keeps them, for tests |
//! | `Vec<Arc<dyn EventSink>>` | to each |
//! | `()` | nothing |
//!
//! # Laws
//!
//! - No reconcile waits for an event. A queue that is full drops its oldest event and counts it.
//! - An event is sent in the order in which it was recorded, each by itself; one that fails is counted and logged, never
//!   returned.
//! - Creating a Kubernetes event is not repeated, but after 429 (K4): a second try could make a second event.
//! - A Kubernetes event that happened before is counted in the one that is there. Of one object and type, 25 are written at
//!   once and then one every five minutes. Of one reason, from the tenth message in ten minutes on, all are one event.
//!   This is what client-go does.
//!
//! # Traps
//!
//! - Events are lost when the program ends before [`Queue::flush`] is done.
//! - kube's own recorder writes `events.k8s.io/v1` without annotations, where a note of more than 1024 bytes is refused, and
//!   may give two events one name (kube-rs/kube#2122). Messages of Flux are longer.
//! - A controller needs the right to `create` and `patch` `events` of the core group.
//! - notification-controller answers 429 to an event that it saw before: that is a success.
//!
//! # Differences
//!
//! - Upstream posts to notification-controller within the reconcile, for up to 40 seconds.
//! - Upstream waits as long as notification-controller asks for with 503; here 30 seconds at most.
//! - client-go tries to write a Kubernetes event up to twelve times when there is no connection.
//!
//! # Examples
//!
//! ```
//! use std::sync::Arc;
//!
//! use fluxcd_core::notify::{Report, Reporter};
//! use fluxcd_kube::events::{Memory, Recorder};
//! use serde_json::json;
//!
//! let memory = Memory::default();
//! let reporter = Reporter { controller: "demo".to_owned(), instance: None };
//! let recorder = Recorder::new(reporter, Arc::new(memory.clone()));
//!
//! let apps = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a", "namespace": "b"}});
//! recorder.record(&apps, Report::info("Applied", "it is there"));
//! assert_eq!(memory.take()[0].message, "it is there");
//! ```
//!
//! # Sources
//!
//! fluxcd/pkg runtime v0.110.3: `events/recorder.go`; k8s.io/client-go v0.36.2: `tools/record/{event,events_cache}.go`;
//! hashicorp/go-retryablehttp: `client.go`.

mod cluster;
mod correlator;
mod lru;
mod queue;
mod sink;
mod webhook;

pub use self::cluster::ClusterEvents;
pub use self::queue::{Deliver, Queue, Tally};
pub use self::sink::{EventSink, Memory, Recorder};
pub use self::webhook::Webhook;
