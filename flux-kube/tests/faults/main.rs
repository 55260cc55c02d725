//! What an API server can do to its clients, and what must hold then: the matrix of `docs/adapter.md`, on the scripted
//! server, in virtual time.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod apply;
mod artifact;
mod controller;
mod events;
mod invariants;
mod lookup;
mod mapper;
mod page;
mod prune;
mod read;
mod request;
mod status;
mod wait;
