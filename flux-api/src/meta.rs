//! The vocabulary that the kinds of Flux share: one type per idea.
//!
//! | module | what |
//! |---|---|
//! | [`access`] | who may use an object from another namespace |
//! | [`artifact`] | what a source offers for download |
//! | [`condition`] | condition types and the view of a list of conditions |
//! | [`dependency`] | what must be ready first |
//! | [`duration_pattern`] | the texts that a duration field lets through |
//! | [`effective`] | a value together with where it came from |
//! | [`health`] | health rules for custom resources |
//! | [`history`] | what the last reconciliations did |
//! | [`inventory`] | which objects were applied |
//! | [`key`] | annotations, labels, finalizers, field managers, keys of maps |
//! | [`kind`] | the kinds that references may name |
//! | [`overlay`] | the pieces of kustomize that specs embed |
//! | [`reason`] | condition and event reasons that several kinds share |
//! | [`mod@reference`] | references to other objects |
//! | [`time`] | between the `Time` of Kubernetes and chrono |
//!
//! Conditions, object metadata and times are those of k8s-openapi, as every kube user has them; [`Duration`] is ours,
//! because no other reads and writes what Go does.

pub mod access;
pub mod artifact;
pub mod condition;
pub mod dependency;
pub mod duration_pattern;
pub mod effective;
pub mod health;
pub mod history;
pub mod inventory;
pub mod key;
pub mod kind;
pub mod overlay;
pub mod reason;
pub mod reference;
pub mod time;

pub use fluxcd_dialect::duration::Duration;
pub use k8s_openapi::apimachinery::pkg::apis::meta::v1::{
    Condition, LabelSelector, LabelSelectorRequirement, ObjectMeta, Time,
};

pub use self::access::{AccessFrom, NamespaceSelector};
pub use self::artifact::Artifact;
pub use self::dependency::DependencyReference;
pub use self::duration_pattern::DurationPattern;
pub use self::effective::{Effective, Origin};
pub use self::health::CustomHealthCheck;
pub use self::history::Snapshot;
pub use self::inventory::{ResourceInventory, ResourceRef};
pub use self::kind::Kind;
pub use self::overlay::{CommonMetadata, IgnoreRule, Image, Patch, Selector};
pub use self::reference::{
    KubeConfigReference, LocalObjectReference, NamespacedObjectKindReference,
    NamespacedObjectReference, SecretKeyReference, SourceReference,
};
