//! fluxcd for Rust.
