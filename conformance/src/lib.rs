//! Holds the library against vectors: decisions that the upstream code itself took.
//!
//! `README.md` of this package describes the format, the `OPS.md` of a room its operations. This package is the runner:
//! it reads every vector file below a directory, finds the function of each operation in one table
//! ([`ops::TABLE`]), and reports every case that differs.
//!
//! ```text
//! cargo test -p fluxcd-conformance                            the vectors of this repository
//! FLUXCD_VECTORS=<dir> cargo test -p fluxcd-conformance       any other directory in the same format
//! ```
//!
//! # Map
//!
//! - [`case`]: one line of a vector file.
//! - [`compare`]: when two results are the same.
//! - [`ops`]: the table, and what every operation does with the library.
//! - [`runner`]: directory in, [`runner::Report`] out.
//!
//! Nothing here is published. A check of the library from outside can use the same files with a runner of its own.

pub mod case;
pub mod compare;
pub mod ops;
pub mod runner;
