//! Every kind of Flux as a Rust type: the fields of Flux 2.10, which read the objects of Flux 2.9 as well.
//!
//! For controllers, checks, dashboards and tools that read or write Flux objects, with kube or without a cluster.
//!
//! ```
//! use fluxcd_api::object::FluxObject;
//! use fluxcd_api::resource::FluxResource;
//!
//! let object: FluxObject = serde_json::from_str(
//!     r#"{ "apiVersion": "kustomize.toolkit.fluxcd.io/v1", "kind": "Kustomization",
//!          "metadata": { "name": "apps", "namespace": "flux-system" },
//!          "spec": { "interval": "10m", "prune": true, "sourceRef": { "kind": "GitRepository", "name": "fleet" } } }"#,
//! )?;
//! assert_eq!((object.kind(), object.name(), object.suspended()), ("Kustomization", "apps", false));
//! assert_eq!(object.source_ref().unwrap().kind, "GitRepository");
//! # Ok::<(), serde_json::Error>(())
//! ```
//!
//! # Map
//!
//! | module | what |
//! |---|---|
//! | [`meta`] | what kinds share: references, artifact, conditions, history, keys, durations, times |
//! | [`kustomize`], [`helm`], [`source`], [`source_extensions`], [`image`], [`notification`] | the kinds, by group and version |
//! | [`event`] | what controllers post to notification-controller |
//! | [`object`] | one enum over all kinds |
//! | [`resource`] | one view of all kinds |
//! | [`registry`] | group, version, plural, short names of every kind |
//! | `schema` | JSON schemas and CustomResourceDefinitions (feature `schema`) |
//!
//! # Rules that hold everywhere
//!
//! - What is optional on the wire is an `Option`. What is unset stays unset, and an explicit empty list or zero stays too.
//! - Defaults are not filled in on reading. Accessors named `effective_*` do that, and say where the value came from.
//! - Word lists are open: a word that is not known is kept as `Other`. Unknown fields are ignored, and lost on writing.
//! - Kinds implement kube's `Resource`, so they work with `kube::Api`.
//!
//! # Features
//!
//! | feature | default | what |
//! |---|---|---|
//! | `schema` | no | schemars' `JsonSchema` for every type, `CustomResourceExt::crd()` for every kind |
//!
//! A program must choose the version of Kubernetes, as every user of k8s-openapi must:
//! `k8s-openapi = { version = "0.29", features = ["latest"] }`. A library must not.
//!
//! # Out of scope
//!
//! Talking to a cluster, YAML, and every decision: see the other crates of this workspace.

pub mod event;
pub mod helm;
pub mod image;
pub mod kustomize;
pub mod meta;
pub mod notification;
pub mod object;
pub mod registry;
pub mod resource;
#[cfg(feature = "schema")]
pub mod schema;
pub mod source;
pub mod source_extensions;

mod wire;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
