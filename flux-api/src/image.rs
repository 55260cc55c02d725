//! `image.toolkit.fluxcd.io`: what image-reflector-controller and image-automation-controller do.

pub mod v1;
