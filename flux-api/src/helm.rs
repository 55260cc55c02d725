//! `helm.toolkit.fluxcd.io`: what helm-controller releases.

pub mod v2;
