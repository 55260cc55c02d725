//! Judgements on what users of Flux CD wrote, as functions that a unit test can call.
//!
//! | room | in -> out |
//! |---|---|
//! | [`image`] | an ImagePolicy and the tags of a registry -> the tag that is elected, and why each other one lost; the name of an image -> its repository |
//! | [`testing`] | assertions for tests of your own policies |
//!
//! # Laws
//!
//! - Pure: no clock, randomness, file, network, environment, global state, and nothing async.
//! - Total: what decodes has an answer. A refusal is an outcome, not a panic.
//! - The same input gives the same bytes.

pub mod image;
pub mod testing;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
