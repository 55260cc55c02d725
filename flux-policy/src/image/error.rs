//! What keeps a policy from electing a tag.

use std::fmt;

use fluxcd_dialect::{regexp, version};

/// Why a policy is none. The controller stalls with the reason `InvalidPolicy` and this text, until somebody changes the
/// policy.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PolicyError {
    /// `spec.policy.semver.range` is no range.
    Range(version::Error),
    /// `order` is neither `asc` nor `desc`, in any case.
    Order(String),
    /// `spec.policy` names none of the three policies.
    NoPolicy,
    /// `spec.filterTags.pattern` is no pattern. Upstream notices that only where there are tags.
    Pattern {
        /// The text of the pattern.
        pattern: String,
        /// What is wrong with it.
        error: regexp::Error,
    },
}

impl PolicyError {
    /// The reason of the conditions Stalled and Ready.
    pub const REASON: &'static str = "InvalidPolicy";
}

/// The text that the controller sets.
///
/// Source: `image-reflector-controller: internal/controller/imagepolicy_controller.go (applyPolicy)`,
/// `internal/policy/{factory,filter}.go`.
impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Range(error) => write!(f, "invalid policy: {error}"),
            Self::Order(order) => write!(
                f,
                "invalid policy: invalid order argument provided: '{order}', must be one of: ASC, DESC"
            ),
            Self::NoPolicy => {
                f.write_str("invalid policy: given ImagePolicyChoice object is invalid")
            }
            Self::Pattern { pattern, error } => write!(
                f,
                "failed to filter tags: invalid regular expression pattern '{pattern}': {error}"
            ),
        }
    }
}

impl std::error::Error for PolicyError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Range(error) => Some(error),
            Self::Pattern { error, .. } => Some(error),
            Self::Order(_) | Self::NoPolicy => None,
        }
    }
}

/// Why a valid policy elects no tag. The controller keeps the image that was elected last, and tries again.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NoWinner {
    /// The repository has no tags, or all of them are excluded.
    #[error("no tags in database")]
    NoTags,
    /// `filterTags` lets no tag pass.
    #[error("version list argument cannot be empty")]
    NothingPasses,
    /// No tag is a version in the range.
    #[error("unable to determine latest version from provided list")]
    NothingInRange,
    /// A value is no number; one is enough to fail the policy.
    #[error("failed to parse invalid numeric value '{value}'")]
    NotANumber {
        /// The value: of several the greatest by bytes. With `filterTags`, upstream names any of them.
        value: String,
    },
}

impl NoWinner {
    /// The reason of the condition Ready.
    #[must_use]
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::NoTags => "DependencyNotReady",
            _ => "Failure",
        }
    }
}

/// Why no tag is elected: the policy, or the tags.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SelectError {
    /// The policy is none.
    #[error(transparent)]
    Policy(#[from] PolicyError),
    /// The policy elects none of the tags.
    #[error(transparent)]
    NoWinner(#[from] NoWinner),
}

impl SelectError {
    /// The reason of the condition Ready.
    #[must_use]
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::Policy(_) => PolicyError::REASON,
            Self::NoWinner(error) => error.reason(),
        }
    }
}
