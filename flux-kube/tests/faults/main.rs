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

use fluxcd_kube::testing::Fault;

/// Everything that leaves a request without a whole answer.
fn lost() -> Vec<Fault> {
    vec![
        Fault::Reset,
        Fault::ResetAfter,
        Fault::Refused,
        Fault::Truncate,
        Fault::BreakBody,
        Fault::HangBody,
        Fault::NotJson,
        Fault::Hang,
        Fault::HangAfter,
    ]
}

/// Runs a property: its time is virtual.
fn in_no_time<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build();
    runtime.unwrap().block_on(work)
}
