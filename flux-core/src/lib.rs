//! The decisions that Flux takes at run time, as pure functions that say why.
