//! Applies objects to a cluster, as kustomize-controller does.
//!
//! # Contract
//!
//! Objects in their wire form go in, as their author wrote them. Each is read, sent as a dry run, compared, and written
//! only if it is not what it should be; every decision on the way is one of [`fluxcd_core::ssa`]. Out comes what became of
//! each of them, or [`Partial`]: what was done, what failed, and what was not begun.
//!
//! | function | what it does |
//! |---|---|
//! | [`Applier::prepare`] | labels of the owner, normal form, common metadata |
//! | [`Applier::diff`] | what an apply of one object would do |
//! | [`Applier::apply`] | one object |
//! | [`Applier::apply_all`] | all dry runs, then the writes, in apply order |
//! | [`Applier::apply_staged`] | the same in stages: definitions and classes first, which become ready before the rest |
//!
//! # Examples
//!
//! ```
//! use fluxcd_kube::apply::{Applier, ApplyOptions, Owner};
//! use fluxcd_kube::mapper::Mapper;
//! use fluxcd_kube::testing::FakeApi;
//! use serde_json::json;
//! use tokio_util::sync::CancellationToken;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let client = FakeApi::new().client(); // that of a cluster, in production
//! let applier = Applier::new(client.clone(), Mapper::new(client), Owner::new("apps", "flux-system"));
//! let mut objects = [
//!     json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "web", "namespace": "shop"}}),
//!     json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}}),
//! ];
//! applier.prepare(&mut objects, None)?;
//! let (options, cancel) = (ApplyOptions::default(), CancellationToken::new());
//! let changes = applier.apply_staged(&objects, &options, &cancel).await?;
//! assert_eq!(changes.to_string(), "Namespace/shop created\nConfigMap/shop/web created");
//! # Ok(())
//! # }
//! ```
//!
//! # Laws
//!
//! - An object that is as it should be is not written.
//! - An object that exists costs a read and a dry run; a write is one request more.
//! - An answer that was lost says nothing about what was done: the object is read again.
//! - Nothing is deleted, unless recreating was asked for and the error is one about a field that cannot be changed; then
//!   only the very object that was read.
//! - When it is cancelled, what is in flight ends, and nothing more is begun.
//!
//! # Traps
//!
//! - Live objects are always read from the API server. A store that dropped `managedFields` would hide who owns what.
//! - Typed objects of Rust claim fields that nobody wrote: they send `null` and required defaults (K16). Apply what was read
//!   from a manifest.
//! - A kind that ends in `Class` is waited for, custom resources too.
//!
//! # Differences
//!
//! - An object that fails does not keep the others from being applied: [`OnFailure::HoldBack`] does what the controllers do.
//! - A 409 Conflict never deletes an object, even under force: see [`ApplyOptions::immutable`].
//! - A read that is refused fails the object. Upstream goes on as if the object did not exist.
//! - Repairs of metadata do not overwrite what others wrote since the object was read.
//! - Every dry run of a stage ends, and every object that failed is told. Upstream stops at the first and tells that one.
//! - An object that is to be created again is deleted only if it is the one that was read, and what is waited for then has an
//!   end. Upstream deletes whatever has the name, and waits for ever.
//! - A kind that was just defined is waited for. Upstream fails, and succeeds in a later run.
//!
//! # Sources
//!
//! fluxcd/pkg ssa v0.76.1: `manager_apply.go`, `manager_diff.go`; kustomize-controller v1.9.6:
//! `internal/controller/kustomization_controller.go (apply)`.

mod applier;
mod diff;
mod failure;
mod object;
mod options;
mod repair;
mod set;

pub use self::applier::Applier;
pub use self::diff::{Diff, Difference};
pub use self::failure::{Failure, Partial, Stopped};
pub use self::options::{ApplyOptions, OnFailure, Owner};
