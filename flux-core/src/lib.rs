//! The decisions that Flux CD takes at run time, as pure functions that say why.
//!
//! For programs that need to know what Flux will do without running it: checks in CI, portals, bots, tests of policies,
//! and controllers. A decision here is the one that the Go controllers take, measured by vectors that their own code
//! produced, and it carries its reason: which rule, which input, where a default came from.
//!
//! ```
//! use fluxcd_core::graph::{Graph, Node};
//!
//! let graph: Graph = [
//!     Node::new("flux-system", "apps").waits_for("infrastructure"),
//!     Node::new("flux-system", "infrastructure"),
//! ]
//! .into_iter()
//! .collect();
//! for step in graph.order()? {
//!     println!("{}", step.name);
//!     for edge in step.waits_for {
//!         println!("  because {edge}");
//!     }
//! }
//! # Ok::<(), fluxcd_core::graph::Cycle>(())
//! ```
//!
//! # Rooms
//!
//! | room | in -> out |
//! |---|---|
//! | [`access`] | reference, flags, lists of access -> followed or denied, with the message; account to act as; kubeconfig rules |
//! | [`condition`] | conditions and the outcome of a reconciliation -> conditions, their patch, violations of their rules |
//! | [`flags`] | arguments of a controller -> every flag and gate with its origin, or why it would not start |
//! | [`graph`] | nodes with `dependsOn` -> order, or a cycle, what is missing, what keeps a node waiting |
//! | [`helm`] | HelmRelease -> names, chart, options of each Helm action, remediation |
//! | [`inventory`] | objects -> ids; old and new inventory -> what is stale; live object -> deleted or kept, with the reason |
//! | [`kustomization`] | where a run of kustomize-controller ends -> conditions, event, next run |
//! | [`manifest`] | files -> documents with a result each; documents -> objects, fragments, or every problem |
//! | [`notify`] | what happened, object -> event; event -> sent to notification-controller, or why not |
//! | [`ready`] | live objects -> how far they are, and why; what a wait for health decides |
//! | [`request`] | reconcile, force, reset, suspend, resume -> merge patch, or why not; what became of a request |
//! | [`schedule`] | object, outcome of a run, random unit -> interval and timeout with their rule, next run and who decided it |
//! | [`source`] | what the steps of a run of source-controller say -> conditions, next run, observed generation |
//! | [`ssa`] | desired, live and dry-run objects -> normalised objects, stages, skip / create / patch / recreate, drift as a JSON patch, clean-ups |
//! | [`substitute`] | texts and objects with `${variables}`, layers of values -> texts and objects, or every undefined variable |
//!
//! # Laws
//!
//! - Pure: no clock, randomness, file, network, environment, global state, and nothing async. What the world knows comes
//!   in as an argument.
//! - Total: objects that decode have an answer. A refusal, a wait or a cycle is an outcome, not a panic.
//! - The same input gives the same bytes.
//!
//! [`FluxVersion`] is an argument of the few functions that decide differently in Flux 2.9 and 2.10.
//!
//! # Out of scope
//!
//! The types of the kinds are in `fluxcd-api`. Judging what a user wrote, building overlays and talking to a cluster are
//! left to crates above this one.

pub mod access;
pub mod condition;
pub mod flags;
pub mod graph;
pub mod helm;
pub mod inventory;
pub mod kustomization;
pub mod manifest;
pub mod notify;
pub mod ready;
pub mod request;
pub mod schedule;
pub mod source;
pub mod ssa;
pub mod substitute;
mod version;

pub use self::version::FluxVersion;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
