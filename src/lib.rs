//! Everything Flux CD knows, as a Rust library: its types, its decisions, and why they were taken.
//!
//! This crate only gathers the layers below it; each of them can be used by itself.
//!
//! | module | crate | feature | what it is |
//! |---|---|---|---|
//! | `api` | `fluxcd-api` | `api` (default) | every kind of Flux as a Rust type, native to kube |
//! | `core` | `fluxcd-core` | `core` (default) | the decisions that Flux takes at run time, as pure functions that say why |
//! | `dialect` | `fluxcd-dialect` | `dialect` (default, part of `core`) | YAML, numbers, versions, patterns and expressions, read and written exactly as Go does |
//! | `kube` | `fluxcd-kube` | `kube` | the adapter: does on a cluster what was decided, and survives the faults of an API server |
//! | `policy` | `fluxcd-policy` | `policy` (default) | judgements on what users wrote: which tag an image policy elects, and why each other one lost |
//!
//! Feature `cel` adds the expressions of health checks and dependencies, `testing` the API servers to test controllers
//! against. Feature `schema` adds the CustomResourceDefinitions of all kinds; it is off because it costs compile time and
//! only installers need it. Features add functions; none changes an answer.
//!
//! The Kubernetes version that `k8s-openapi` needs to know is chosen by the final program, never by a library:
//!
//! ```toml
//! [dependencies]
//! fluxcd = "0.1"
//! k8s-openapi = { version = "0.29", features = ["latest"] }
//! ```
//!
//! # Out of scope
//!
//! Deciding and doing are apart: but for `kube`, none of these crates talks to a cluster, or needs a clock, a disk or a
//! network. They decide, their caller acts.

#[cfg(feature = "api")]
pub use fluxcd_api as api;
#[cfg(feature = "core")]
pub use fluxcd_core as core;
#[cfg(feature = "dialect")]
pub use fluxcd_dialect as dialect;
#[cfg(feature = "kube")]
pub use fluxcd_kube as kube;
#[cfg(feature = "policy")]
pub use fluxcd_policy as policy;

/// The code of the README, so that it is compiled and run.
#[cfg(all(doctest, feature = "core", feature = "policy"))]
#[doc = include_str!("../README.md")]
struct Readme;
