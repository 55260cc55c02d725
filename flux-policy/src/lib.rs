//! Judgements on what users of Flux CD wrote, as functions that a unit test can call.
//!
//! | room | in -> out |
//! |---|---|
//! | [`image`] | the name of an image -> its registry and repository |
//!
//! # Laws
//!
//! - Pure: no clock, randomness, file, network, environment, global state, and nothing async.
//! - Total: what decodes has an answer. A refusal is an outcome, not a panic.
//! - The same input gives the same bytes.

pub mod image;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
