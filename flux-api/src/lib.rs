//! Every Flux kind as a Rust type.
