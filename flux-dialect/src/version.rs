//! Versions and ranges of versions as Flux reads them, which is as Masterminds/semver does.
//!
//! # Contract
//!
//! | | in -> out |
//! |---|---|
//! | [`Version::parse`] | text -> version, in one of four [`Dialect`]s; or an [`Error`] with kind and span |
//! | [`Range::parse`] | text -> range; or an [`Error`] whose text is upstream's, because users get to read it |
//! | [`Range::matches`], [`Range::verdict`] | version -> whether the range admits it, and which comparator refuses it, and why |
//! | [`Range::explain`] | range -> what it means in words |
//! | [`select`] | range and candidates -> the one that Flux takes, and why each other one lost |
//!
//! A range is read once and asked often. Versions borrow their text. Nothing here is a regular expression: what upstream has
//! as such is read by hand, in the same language.
//!
//! # Laws
//!
//! - Versions are totally ordered, and equality is that of the order: [`Version`] says what counts.
//! - `range.verdict(v).is_admitted() == range.matches(v)`.
//! - Versions that are equal are admitted by the same ranges, however they are written.
//! - A range and a version print the text that they were read from.
//! - No text panics. A text that is too long is refused before it is looked at, so that time and memory do not grow with it.
//!
//! # Traps
//!
//! Of versions:
//! - Flux wants two points anywhere: `1.2` is no version and `1.2-rc.1` is one, with a prerelease.
//! - `v` and leading zeros are fine and do not count: `v2024.01.02` equals `2024.1.2`. A capital `V` is not fine.
//! - Identifiers of a prerelease beyond 64 bits compare as text. `rc10` is lower than `rc9`; `rc.10` is not lower than `rc.9`.
//!
//! Of ranges:
//! - **This is not the language of Cargo.** A bare `1.2.3` is exactly that; a bare `1.2` is `~1.2`.
//! - A prerelease passes only a group in which **some** operand has a prerelease; then those of every version in range do.
//!   `!=` is no exception.
//! - `<2.0.0` admits `2.0.0-alpha` in such a group; `^1.2-0` does not, because there only numbers count; `<2.0.0-0` is how to
//!   say so.
//! - `>1` means at least 2.0.0, while `<1` means below 1.0.0.
//! - `^*` and `<=*` are not "any version" but 0.0.0 and 0.0.x. `~0.0.0` is everything.
//! - `1 - 2||4 - 5` is an error, because a pipe counts as a digit there; `1 - 2 || 4 - 5` is fine.
//! - `1.x.5` is `1.x`: behind a wildcard nothing counts but a prerelease.
//!
//! # Why not the `semver` crate
//!
//! Its `VersionReq` is another language, its `Version` knows neither `v` nor leading zeros nor partial versions, orders by
//! build metadata, and compares identifiers of any length as numbers. What is left is three numbers and two texts, and those
//! can be borrowed here.
//!
//! # Sources
//!
//! Masterminds/semver v3.5.0: `version.go`, `constraints.go`; fluxcd/pkg version v0.16.0: `version.go (ParseVersion)`. Those of
//! the selections are in [`select`]. Vectors: `conformance/version/*.jsonl`.

pub use self::error::{Error, ErrorKind};
pub use self::range::{Comparator, Group, Miss, Operator, Prereleases, Range, Verdict, Why};
pub use self::value::{Dialect, Version};

pub mod select;

mod error;
mod parse;
mod range;
mod scan;
#[cfg(test)]
mod tests;
mod value;

/// The longest text of a version, in bytes.
pub const MAX_VERSION_LEN: usize = 256;

/// The longest text of a range, in bytes.
pub const MAX_RANGE_LEN: usize = 512;

/// How many alternatives a range can have.
pub const MAX_GROUPS: usize = 32;
