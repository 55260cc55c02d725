//! Images: which repository a name stands for, when a registry is scanned, and what is kept of it.

mod digest;
mod exclusion;
mod reference;
mod scan;
mod scan_due;

pub use self::digest::{
    DigestOrigin, FetchError, FetchReason, FetchStep, NextRefs, PendingDigest, Reflection,
};
pub use self::exclusion::{ExclusionError, Exclusions};
pub use self::reference::{ImageReference, ReferenceError, Scheme};
pub use self::scan::{Excluded, Scan, TagStorage, scan_message};
pub use self::scan_due::{ScanDue, ScanReason, StoredTags};
