//! Requests by annotation: reconcile now, force, reset, suspend, resume; and what became of them.
//!
//! # Contract
//!
//! | function | answer |
//! |---|---|
//! | [`plan`] | the merge patch that asks, or why asking is in vain |
//! | [`token`] | the value that the command line of Flux writes |
//! | [`handle`], [`force`], [`reset`] | what a controller makes of a force or reset request, and what it remembers |
//! | [`progress`] | whether a request to reconcile is still to be handled |
//! | [`wake`], [`is_requested`], [`is_revised`], [`is_watched`] | whether a change of an object wakes its controller |
//!
//! # Laws
//!
//! - A request is acted on at most once: with the remembered token, the same annotations are ignored.
//! - A force or reset request that is refused is remembered all the same.
//!
//! # Traps
//!
//! - Tokens are opaque. Controllers compare them and never read them as a time: the one that a Receiver writes is no
//!   RFC 3339.
//! - Force and reset count only together with an equal token for the reconciliation. One that comes late, when its token
//!   has been reconciled already, is lost.
//! - [`handle`] looks at the token of the last reconciliation, so it is asked before that one is replaced, and what it
//!   says must reach the status even when nothing is done.
//! - A suspended object answers no request, but most controllers still note the token as handled, which uses it up.
//! - Taking the annotation away asks for nothing.
//!
//! # Sources
//!
//! fluxcd/pkg apis/meta v1.30.1: `annotations.go (HandleAnnotationRequest)`; runtime v0.110.1:
//! `predicates/reconcile_requested.go`; helm-controller api v1.6.3: `v2/annotations.go`; flux2 v2.9.4:
//! `cmd/flux/{reconcile,suspend,resume}*.go`. Vectors: `conformance/request/handle.jsonl`, operation `helm.annotations`
//! of `conformance/helm/control.jsonl`.

pub use self::handle::{Handled, Ignored, Last, Verdict, force, handle, reset};
pub use self::plan::{Ask, Plan, Refusal, plan, token};
pub use self::progress::{Progress, is_requested, is_watched, progress};
pub use self::wake::{Wake, is_revised, wake};

mod handle;
mod plan;
mod progress;
#[cfg(test)]
mod tests;
mod wake;
