//! How far live objects are: kstatus with the rules of Flux.
//!
//! # Contract
//!
//! An object as the API server returns it goes in; out comes a [`Readiness`]: the [`Status`], and as [`Reason`] the rule
//! that decided with the numbers that it saw. [`Readiness::message`] makes upstream's text of it, and
//! [`Readiness::waits_for`] a sentence part for a person.
//!
//! | function | answer |
//! |---|---|
//! | [`compute`] | an object by itself, as kstatus sees it |
//! | [`compute_job`] | a Job, as Flux sees it |
//! | [`Reader`] | an object as kustomize-controller sees it while it waits: the rule that applies, and the Pods of workloads |
//! | `HealthChecks` (feature `cel`) | an object under custom health checks |
//! | [`pod_selector`] | the Pods of a workload, as the query of a list |
//! | [`health_checks`] | the objects for which a Kustomization waits |
//! | [`Wait`] | states of many objects -> wait, done, failed, timed out |
//! | [`aggregate`] | one status for many objects |
//!
//! # Laws
//!
//! - Total: every JSON value has an answer. A malformed status is a typed [`Error`], which counts as Unknown.
//! - An object is Terminating exactly when it has a deletion timestamp, except for Jobs and under a custom health check.
//! - The time matters only for a Pod that cannot be scheduled, and there only once: it changes from InProgress to Failed.
//! - The status follows from the reason.
//!
//! # Traps
//!
//! - An object without a rule and without `Ready` is Current at once: Ingress, HorizontalPodAutoscaler, APIService, and
//!   every custom resource whose controller was not there yet. [`Reason::NoRule`] tells.
//! - Current is not health: a Pod in the phase `Failed` is Current.
//! - `Ready`=False is InProgress and never Failed, so it is waited for until the time is over.
//! - An `observedGeneration` that is no integer makes the object Unknown until the time is over.
//! - A Deployment below its replicas is InProgress, and only its deadline makes it Failed. A StatefulSet has no deadline:
//!   it fails with its Pods.
//!
//! # Sources
//!
//! fluxcd/cli-utils v1.2.2: `pkg/kstatus/{status,polling}`; fluxcd/pkg runtime v0.110.1: `statusreaders`, `cel`; ssa
//! v0.76.1: `manager_wait.go`; kustomize-controller v1.9.4. Vectors: `conformance/ready/{kstatus,read,cel,wait}.jsonl`.

mod error;
mod expression;
mod generic;
#[cfg(feature = "cel")]
mod health_check;
mod job;
mod kstatus;
mod object;
mod reader;
mod readiness;
mod selector;
mod status;
#[cfg(test)]
mod tests;
mod wait;

pub use self::error::{Error, Misshapen};
pub use self::expression::ExpressionReason;
pub use self::generic::compute;
#[cfg(feature = "cel")]
pub use self::health_check::{HealthCheckError, HealthChecks};
pub use self::job::compute_job;
pub use self::kstatus::apiextensions::DefinitionReason;
pub use self::kstatus::apps::{Counted, WorkloadReason};
pub use self::kstatus::batch::{JobReason, Pods};
pub use self::kstatus::core::CoreReason;
pub use self::kstatus::has_rule;
pub use self::reader::{Reader, Rule};
pub use self::readiness::{Readiness, Reason, Standard, Told};
pub use self::selector::pod_selector;
pub use self::status::{Status, aggregate};
pub use self::wait::{Decision, OnFailure, State, Time, Unready, Wait, has_ttl, health_checks};
