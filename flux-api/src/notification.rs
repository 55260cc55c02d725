//! `notification.toolkit.fluxcd.io`: what notification-controller sends and receives.
//!
//! Flux 2.10 stores Alert and Provider as [`v1`] and still serves them as [`v1beta3`]; Flux 2.9 knows `v1beta3` only.
//! There is no conversion: an object is relabelled, and fields that the other version lacks are lost.

pub mod v1;
pub mod v1beta3;
