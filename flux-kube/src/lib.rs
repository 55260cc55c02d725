//! Does on a cluster what `fluxcd-core` decided.
//!
//! This is the only crate of the project that talks to anything. It decides nothing: every choice is a call into the
//! crates below, and what is here is the doing, in a way that survives what an API server can do to its clients. It stands
//! on kube, takes its `Client`, and gives kube what it does not have: apply sets, prune, readiness of any object, status
//! writing under conflict, retries that are safe, and a loop around a reconcile function.
//!
//! Nothing is read from the environment, and no Kubernetes version of `k8s-openapi` is chosen; the final program does both.

mod abreast;
pub mod apply;
pub mod artifact;
pub mod cache;
pub mod client;
pub mod clock;
mod endpoint;
pub mod error;
pub mod events;
pub mod lookup;
pub mod mapper;
pub mod prune;
pub mod request;
pub mod runtime;
pub mod status;
#[cfg(feature = "testing")]
pub mod testing;
pub mod wait;

pub use self::clock::{Clock, Dice};
pub use self::error::{Class, Error};
