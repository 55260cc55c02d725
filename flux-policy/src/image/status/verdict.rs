//! How a run ends.

use std::fmt;

use fluxcd_api::image::v1::reason::{IMAGE_URL_INVALID, INTERVAL_NOT_CONFIGURED};
use fluxcd_api::meta::{Duration, reason};
use fluxcd_core::access::Denial;

use crate::image::{FetchError, NextRefs, NoWinner, PolicyError, ReferenceError};

/// How a run of the reflector over an ImagePolicy ends. `Display` is the message of the condition.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum PolicyVerdict {
    /// A tag is elected.
    Elected(Box<NextRefs>),
    /// `digestReflectionPolicy` is `Always`, and there is no interval.
    IntervalNotConfigured,
    /// The policy may not use the ImageRepository.
    AccessDenied(Box<Denial>),
    /// There is no such ImageRepository.
    NoRepository {
        /// Its name.
        name: String,
    },
    /// The image of the ImageRepository is none.
    InvalidImage(ReferenceError),
    /// The ImageRepository names a service account for a provider, and the gate for that is off.
    WorkloadIdentityDisabled,
    /// The policy is none.
    InvalidPolicy(PolicyError),
    /// No tags are stored for the ImageRepository.
    NoTags {
        /// When the controller looks again.
        after: Duration,
    },
    /// The policy elects none of the tags. The images of the policy stay as they were.
    NoWinner(NoWinner),
    /// The digest of the elected tag could not be had. The images of the policy stay as they were.
    FetchFailed(FetchError),
}

impl PolicyVerdict {
    /// The reason of the conditions.
    #[must_use]
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::Elected(_) => reason::SUCCEEDED,
            Self::IntervalNotConfigured => INTERVAL_NOT_CONFIGURED,
            Self::AccessDenied(_) => reason::ACCESS_DENIED,
            Self::NoRepository { .. } | Self::NoTags { .. } => reason::DEPENDENCY_NOT_READY,
            Self::InvalidImage(_) => IMAGE_URL_INVALID,
            Self::WorkloadIdentityDisabled => reason::FEATURE_GATE_DISABLED,
            Self::InvalidPolicy(_) => PolicyError::REASON,
            Self::NoWinner(error) => error.reason(),
            Self::FetchFailed(_) => reason::FAILED,
        }
    }

    /// Whether the controller gives up until the policy changes.
    #[must_use]
    pub const fn is_stalled(&self) -> bool {
        matches!(
            self,
            Self::IntervalNotConfigured
                | Self::InvalidImage(_)
                | Self::WorkloadIdentityDisabled
                | Self::InvalidPolicy(_)
        )
    }
}

/// Source: `image-reflector-controller: internal/controller/imagepolicy_controller.go (reconcile)` v1.2.4.
impl fmt::Display for PolicyVerdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Elected(refs) => f.write_str(&refs.ready_message()),
            Self::IntervalNotConfigured => f.write_str(
                "spec.interval must be set when spec.digestReflectionPolicy is set to 'Always'",
            ),
            Self::AccessDenied(denial) => {
                write!(f, "failed to get the referred ImageRepository: {denial}")
            }
            Self::NoRepository { name } => write!(
                f,
                "failed to get the referred ImageRepository: referenced ImageRepository does not exist: \
                 imagerepositories.image.toolkit.fluxcd.io \"{name}\" not found"
            ),
            Self::InvalidImage(error) => error.fmt(f),
            Self::WorkloadIdentityDisabled => f.write_str(
                "to use spec.serviceAccountName in the ImageRepository for provider authentication please enable \
                 the ObjectLevelWorkloadIdentity feature gate in the controller",
            ),
            Self::InvalidPolicy(error) => error.fmt(f),
            Self::NoTags { after } => {
                write!(f, "retrying in {} error: {}", to_seconds(*after), NoWinner::NoTags)
            }
            Self::NoWinner(error) => error.fmt(f),
            Self::FetchFailed(error) => error.fmt(f),
        }
    }
}

/// To the nearest second, halves away from zero. Source: Go 1.26: `src/time/time.go (Duration.Round)`.
fn to_seconds(duration: Duration) -> Duration {
    const SECOND: i64 = 1_000_000_000;
    let nanos = duration.as_nanos();
    let half = if nanos < 0 { -SECOND / 2 } else { SECOND / 2 };
    nanos.checked_add(half).map_or(duration, |nanos| {
        Duration::from_nanos(nanos - nanos % SECOND)
    })
}
