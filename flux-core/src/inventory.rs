//! Which objects belong to a Kustomization or a HelmRelease.
//!
//! # Sources
//!
//! fluxcd/cli-utils v1.2.2: `pkg/object`; fluxcd/pkg ssa v0.76.1: `sort.go`, `utils/fmt.go`.

pub use self::error::Error;
pub use self::id::ObjectId;

mod error;
mod id;
pub mod order;
#[cfg(test)]
mod tests;
