//! What controllers tell of their objects: events, and who gets to see them.
//!
//! # Contract
//!
//! | function | answer |
//! |---|---|
//! | [`Report::about`] | what happened, the object as it is, who says so -> the event |
//! | [`forward`] | event -> sent to notification-controller, or why not |
//! | [`kubernetes_type`] | severity -> type of the Kubernetes event |
//!
//! # Laws
//!
//! - Annotations of the object under `event.toolkit.fluxcd.io/` win over metadata of the report.
//! - A Kubernetes event is made of every event; notification-controller gets those about an object in a namespace, but
//!   none of severity `trace`.
//!
//! # Differences
//!
//! - A message that is longer than the API of events says is cut at a character. Upstream sends it whole.
//! - Upstream crashes on an object whose kind it does not know. Here a reference names what is there.
//!
//! # Sources
//!
//! fluxcd/pkg runtime v0.110.3: `events/recorder.go (AnnotatedEventf)`; k8s.io/client-go v0.36.2:
//! `tools/reference/ref.go (GetReference)`.

mod event;

pub use self::event::{Report, Reporter, Withheld, forward, kubernetes_type, reference};
