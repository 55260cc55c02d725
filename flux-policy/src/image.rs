//! Images: which repository a name stands for, what a scan keeps of its tags, which tag a policy elects, and why each other
//! one lost.
//!
//! # Contract
//!
//! | | in -> out |
//! |---|---|
//! | [`TagPolicy`] | an ImagePolicy -> compiled once; with tags -> the [`Elected`] one, or why there is none ([`NoWinner`]) |
//! | [`TagPolicy::explain`] | with tags -> the same, and a [`Reason`] for every tag that lost |
//! | [`ImageReference`] | `spec.image` -> registry, repository, scheme |
//! | [`Exclusions`], [`Scan`] | `exclusionList` and the tags of a registry -> what is stored, its revision |
//! | [`ScanDue`] | an ImageRepository and the time -> whether it is scanned, why, when next |
//! | [`Reflection`] | digest policy and the image before -> whether the digest is fetched; with it -> the images in the status |
//! | [`PolicyRun`] | an ImagePolicy and what the cluster and the storage say -> its conditions, images and requeue |
//!
//! # Laws
//!
//! - Every tag is the winner or has exactly one reason.
//! - The order of the tags does not matter. Without a loser the winner is the same; one more tag wins itself or changes
//!   nothing. (Values that are not comparable, NaN, aside.)
//! - No pattern, range or tag panics. Memory is linear in the tags, which are borrowed.
//!
//! # Traps
//!
//! - With `filterTags`, the policy sees extracts, not tags. Equal extracts stand for the smallest of their tags by bytes, and
//!   between equal ranks upstream elects another tag from run to run: [`Elected::tied`] names them all.
//! - A name in `extract` that the pattern does not have is the empty text, without an error: `$ts1` is not `${ts}1`.
//! - Patterns match anywhere unless they have `^` and `$`.
//! - One value that is no number fails a numerical policy. `12e5` is one, `9f` is none.
//! - Numbers are 64-bit floats: beyond 2^53 different tags have the same rank.
//! - A range that names no prerelease admits none.
//!
//! # Sources
//!
//! image-reflector-controller v1.2.4: `internal/policy`, `internal/registry`,
//! `internal/controller/{imagepolicy,imagerepository}_controller.go`. Vectors: `conformance/image/`.
//!
//! # Differences
//!
//! - Where upstream leaves the winner to chance, an order is defined here: that of the list without `filterTags`, in
//!   descending order of bytes.

mod digest;
mod error;
mod exclusion;
mod explain;
mod filter;
mod policy;
mod reason;
mod reference;
mod rule;
mod scan;
mod scan_due;
mod status;

pub use self::digest::{
    DigestOrigin, FetchError, FetchReason, FetchStep, NextRefs, PendingDigest, Reflection,
};
pub use self::error::{NoWinner, PolicyError, SelectError};
pub use self::exclusion::{ExclusionError, Exclusions};
pub use self::explain::{Explanation, Group};
pub use self::filter::TagFilter;
pub use self::policy::{Elected, TagPolicy, elect};
pub use self::reason::Reason;
pub use self::reference::{ImageReference, ReferenceError, Scheme};
pub use self::rule::{Direction, Rule};
pub use self::scan::{Excluded, Scan, TagStorage, scan_message};
pub use self::scan_due::{ScanDue, ScanReason, StoredTags};
pub use self::status::{PendingRun, PolicyFacts, PolicyOutcome, PolicyRun, PolicyVerdict};
