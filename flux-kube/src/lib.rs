//! Does on a cluster what `fluxcd-core` decided.
//!
//! This is the only crate of the project that talks to anything. It decides nothing: every choice is a call into the
//! crates below, and what is here is the doing, in a way that survives what an API server can do to its clients. It stands
//! on kube, takes its `Client`, and gives kube what it does not have: apply sets, prune, readiness of any object, status
//! writing under conflict, retries that are safe, and a loop around a reconcile function.
//!
//! # Rooms
//!
//! | room | does |
//! |---|---|
//! | [`client`], [`mapper`] | connects with deadlines and safe repetitions, as an account or to a remote cluster; learns which kinds there are |
//! | [`apply`], [`prune`], [`wait`] | server-side apply in stages, deletion of what is stale, waiting for any object to be healthy or gone |
//! | [`status`], [`request`], [`events`] | conditions and status while others write them, too; reconcile, suspend, resume; Kubernetes events and notification-controller |
//! | [`lookup`], [`artifact`] | what objects refer to, under the rules of access; what sources offer, verified and extracted |
//! | [`runtime`], [`cache`] | a loop around a reconcile function; watched objects in little memory |
//! | `testing` (feature) | a scripted API server with faults, in virtual time; a real one, started from its programs; a server of artifacts |
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
