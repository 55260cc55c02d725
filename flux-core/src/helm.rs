//! What helm-controller makes of a HelmRelease before it touches a cluster: names, charts, options, remediation.
//!
//! # Map
//!
//! | module | in -> out |
//! |---|---|
//! | [`chart_reference`] | spec, or `status.helmChart` -> the source object that holds the chart |
//! | [`failure_reset`] | release, chart, values -> whether the failure counts start at 0 again, and why |
//! | [`observed`] | spec -> the digests of post-renderers and common metadata |
//! | [`options`] | spec, [`Gates`] -> what each Helm action is told, every value with its origin |
//! | [`release_name`] | metadata, spec -> the name of the release, shortened as Helm needs it, and its namespaces |
//! | [`remediation`] | spec, status, [`Gates`] -> what follows a failure |
//! | [`summary`] | conditions of a release -> `Ready` |
//! | [`values_digest`] | composed values -> their digest; whether a stored digest is theirs |
//!
//! # Laws
//!
//! - Every function is total: any object that decodes has an answer. A word that Flux does not know is handed on to
//!   Helm as it was written, because that is what the controller does; [`options::Crds`] is the one that is checked.
//! - Go cannot tell an empty text from an absent one, so an empty text is unset. The exceptions are the fields that Go
//!   keeps as pointers: `upgrade.remediation.strategy` and `uninstall.deletionPropagation` stay empty.
//! - Where a value was taken from is part of the value: [`Origin::Spec`](fluxcd_api::meta::Origin) also when it was
//!   inherited from another field of the spec, `Flag` when a feature gate decides.
//!
//! # Sources
//!
//! helm-controller v1.6.3: `api/v2/helmrelease_types.go`, `internal/action/{install,upgrade,rollback,uninstall,test}.go`,
//! `internal/action/{crds,post_render,reset,ssa,wait}.go`, `internal/release/name.go`. The API module v1.7.1 of Flux 2.10 has
//! the same accessors, but for charts. Vectors: `conformance/helm/{conditions,control,names,observed,spec}.jsonl`.

pub mod chart_reference;
pub mod failure_reset;
mod gates;
pub mod observed;
pub mod options;
pub mod release_name;
pub mod remediation;
pub mod summary;
pub mod values_digest;

pub use self::chart_reference::ChartReference;
pub use self::failure_reset::{FailureReset, ResetReason};
pub use self::gates::Gates;
pub use self::options::Options;
pub use self::release_name::ReleaseName;
pub use self::remediation::{Remediation, Retry};
