use std::fmt;

/// How far an object is, in the words of kstatus.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// On its way.
    InProgress,
    /// It will not get there by itself.
    Failed,
    /// It is what its spec asks for.
    Current,
    /// It is being deleted.
    Terminating,
    /// It does not exist.
    NotFound,
    /// It could not be read, or has a status that cannot be understood.
    Unknown,
}

impl Status {
    /// The word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InProgress => "InProgress",
            Self::Failed => "Failed",
            Self::Current => "Current",
            Self::Terminating => "Terminating",
            Self::NotFound => "NotFound",
            Self::Unknown => "Unknown",
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// One status for many objects.
///
/// `Failed` if one has failed; else `Unknown` if one is unknown; else `desired` if all are; else `InProgress`. No objects
/// at all have the desired status.
///
/// Source: fluxcd/cli-utils v1.2.2: `pkg/kstatus/polling/aggregator/aggregator.go (AggregateStatus)`.
///
/// # Examples
///
/// ```
/// use fluxcd_core::ready::{Status, aggregate};
///
/// assert_eq!(aggregate([Status::Current, Status::Current], Status::Current), Status::Current);
/// assert_eq!(aggregate([Status::Current, Status::Unknown], Status::Current), Status::Unknown);
/// assert_eq!(aggregate([Status::Unknown, Status::Failed], Status::Current), Status::Failed);
/// assert_eq!(aggregate([Status::Current, Status::NotFound], Status::NotFound), Status::InProgress);
/// ```
#[must_use]
pub fn aggregate(statuses: impl IntoIterator<Item = Status>, desired: Status) -> Status {
    let (mut all_desired, mut any_unknown) = (true, false);
    for status in statuses {
        if status == Status::Failed {
            return Status::Failed;
        }
        any_unknown |= status == Status::Unknown;
        all_desired &= status == desired;
    }
    match (any_unknown, all_desired) {
        (true, _) => Status::Unknown,
        (false, true) => desired,
        (false, false) => Status::InProgress,
    }
}
