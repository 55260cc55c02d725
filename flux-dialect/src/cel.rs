//! Expressions of the Common Expression Language, as Flux evaluates them.

#[allow(dead_code)]
mod tree;
