//! What custom health checks find.

use std::borrow::Cow;

use super::Status;

/// What a custom health check found. Upstream has no text for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ExpressionReason {
    /// InProgress: the status is about an older generation.
    GenerationNotObserved {
        /// `metadata.generation`.
        generation: i64,
        /// `status.observedGeneration`.
        observed: i64,
    },
    /// InProgress: `inProgress` is true.
    InProgress,
    /// Failed: `failed` is true.
    Failed,
    /// Current: `current` is true.
    Current,
    /// InProgress: none of them is true.
    Undecided,
}

impl ExpressionReason {
    pub(super) fn status(self) -> Status {
        match self {
            Self::Failed => Status::Failed,
            Self::Current => Status::Current,
            Self::GenerationNotObserved { .. } | Self::InProgress | Self::Undecided => {
                Status::InProgress
            }
        }
    }

    pub(super) fn waits_for(self) -> Cow<'static, str> {
        match self {
            Self::GenerationNotObserved {
                generation,
                observed,
            } => super::readiness::observation(generation, observed).into(),
            Self::InProgress => "its health check: inProgress is true".into(),
            Self::Failed => "a change, because its health check says failed".into(),
            Self::Current => "nothing".into(),
            Self::Undecided => "its health check: current is not true".into(),
        }
    }
}
