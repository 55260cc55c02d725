//! `event.toolkit.fluxcd.io`: what controllers tell notification-controller.
//!
//! Events are posted, never stored: they are no kind, and carry no apiVersion.

pub mod action;
pub mod v1beta1;
