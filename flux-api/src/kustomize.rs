//! `kustomize.toolkit.fluxcd.io`: what kustomize-controller applies.

pub mod v1;
