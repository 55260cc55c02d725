//! `source.toolkit.fluxcd.io`: what source-controller fetches.

pub mod v1;
