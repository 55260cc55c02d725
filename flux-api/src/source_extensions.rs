//! `source.extensions.fluxcd.io`: what source-watcher makes out of other sources.

pub mod v1beta1;
