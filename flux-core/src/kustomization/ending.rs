//! Where a run ends, and what follows.

use fluxcd_api::event::v1beta1::Severity;
use fluxcd_api::meta::{Duration, Effective, reason};
use fluxcd_api::source::v1::condition::DIRECTORY_CREATION_FAILED;

use super::{Conclusion, Ready, Stalled};
use crate::FluxVersion;
use crate::schedule::{Because, Next, Requeue, Timing};

#[cfg(test)]
mod tests;

/// Where a run of kustomize-controller ends, in the order in which it can.
///
/// `error` is the text of the error, without what the controller writes around it.
///
/// | ending | `Ready` | `Stalled` | event | next run |
/// |---|---|---|---|---|
/// | `Deleted`, `Suspended` | stays | stays | - | on a change |
/// | `DeletionBlocked` | stays | stays | - | growing waits |
/// | `DeletionFailed` | stays | stays | error | growing waits |
/// | `FinalizerAdded` | stays | stays | - | at once |
/// | `InvalidHealthChecks`, `InvalidReadyExpression` | `InvalidCELExpression` | yes, generation observed | error | on a change |
/// | `FeatureGateDisabled` (2.9) | `FeatureGateDisabled` | yes | error | on a change |
/// | `AccessDenied` | `AccessDenied` | yes | error | on a change |
/// | `SourceNotFound` | `ArtifactFailed` | stays | - | retry interval |
/// | `SourceFailed` | `ArtifactFailed` | stays | - | growing waits |
/// | `NoArtifact`, `ArtifactNotFound`, `ArtifactChanged` (2.10) | `ArtifactFailed` | stays | - | wait for dependencies |
/// | `DependencyNotReady` | `DependencyNotReady` | stays | info | wait for dependencies |
/// | `Superseded` | `HealthCheckCanceled` | stays | info | at once |
/// | `Failed`, `ArtifactChanged` (2.9) | reason of the [`Step`] | stays | error | retry interval |
/// | `Succeeded` | `True`, `ReconciliationSucceeded` | stays | - | interval |
///
/// *Stays* says that the ending does not touch it. From [`Progress::Fetching`](super::Progress) on, a run has removed a
/// `Stalled` of an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ending<'a> {
    /// The object is deleted, and what belongs to it was cleaned up, as far as it must be.
    Deleted,
    /// The object is deleted, but there is no access to what belongs to it.
    DeletionBlocked,
    /// The object is deleted, but what belongs to it could not be.
    DeletionFailed,
    /// The finalizer was missing, and was added.
    FinalizerAdded,
    /// `spec.suspend`.
    Suspended,
    /// `spec.healthCheckExprs` cannot be used.
    InvalidHealthChecks {
        /// Why not.
        error: &'a str,
    },
    /// Decryption with a service account needs the gate `ObjectLevelWorkloadIdentity`. Flux 2.10 has no such gate, and
    /// no run that ends here.
    FeatureGateDisabled,
    /// The source is in another namespace, or of a kind, that is not allowed.
    AccessDenied {
        /// What is denied.
        error: &'a str,
    },
    /// The source does not exist.
    SourceNotFound {
        /// The error of the API server.
        error: &'a str,
    },
    /// The source could not be read, or its kind is not known.
    SourceFailed {
        /// Why not.
        error: &'a str,
    },
    /// The source has no artifact.
    NoArtifact,
    /// A `readyExpr` cannot be compiled.
    InvalidReadyExpression {
        /// Why not.
        error: &'a str,
    },
    /// A dependency is missing or not ready, or that could not be found out.
    DependencyNotReady {
        /// Which one, and why.
        error: &'a str,
    },
    /// The artifact is gone from where the source says that it is.
    ArtifactNotFound,
    /// The artifact is not the one of which the source speaks.
    ArtifactChanged {
        /// How the digests differ.
        error: &'a str,
    },
    /// Waiting for health was given up, because a new run was asked for.
    Superseded {
        /// Who asked: `<kind>/<namespace>/<name>`.
        by: &'a str,
    },
    /// A step failed.
    Failed {
        /// Which one.
        at: Step,
        /// Why.
        error: &'a str,
    },
    /// All steps went well.
    Succeeded {
        /// The revision that was applied.
        revision: &'a str,
    },
}

/// A step of a run that can fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// Writing down how far the run is.
    Status,
    /// Making a directory for the artifact.
    Directory,
    /// Fetching the artifact.
    Fetch,
    /// Finding `spec.path` in it, which leads to an error that names a file.
    Path,
    /// Making a client for the account of the object.
    Client,
    /// Building the objects: overlay, decryption, substitution.
    Build,
    /// Applying them, and noting what was applied.
    Apply,
    /// Deleting what is no longer built.
    Prune,
    /// Waiting for health.
    HealthCheck,
}

const GATE_OFF: &str = "to use spec.decryption.serviceAccountName for decryption authentication \
    please enable the ObjectLevelWorkloadIdentity feature gate in the controller";

/// Stands before the error of an ending that only a change of the spec can mend.
const TERMINAL: &str = "Reconciliation failed terminally due to configuration error: ";

impl Ending<'_> {
    /// Decides what follows.
    ///
    /// `requeue_dependency` is [`REQUEUE_DEPENDENCY`](crate::schedule::REQUEUE_DEPENDENCY) or what the flag says.
    ///
    /// # Examples
    ///
    /// ```
    /// use fluxcd_api::kustomize::v1::{Kustomization, KustomizationSpec};
    /// use fluxcd_api::meta::{Duration, Effective};
    /// use fluxcd_core::FluxVersion;
    /// use fluxcd_core::kustomization::{Ending, Step};
    /// use fluxcd_core::schedule::{REQUEUE_DEPENDENCY, Timing};
    ///
    /// let spec = KustomizationSpec { interval: Duration::from_mins(10), ..Default::default() };
    /// let timing = Timing::from(&Kustomization::new("apps", spec));
    /// let wait = Effective::default_value(REQUEUE_DEPENDENCY);
    /// let conclude = |ending: Ending| ending.conclude(&timing, wait, FluxVersion::V2_9);
    ///
    /// let failed = conclude(Ending::Failed { at: Step::Build, error: "accumulating resources" });
    /// assert_eq!(failed.ready.unwrap().reason, "BuildFailed");
    /// assert_eq!(failed.next.to_string(), "after 10m0s: the interval between failures, by default");
    ///
    /// let waiting = conclude(Ending::NoArtifact);
    /// assert_eq!(waiting.ready.unwrap().message, "Source artifact not found, retrying in 30s");
    /// ```
    pub fn conclude(
        &self,
        timing: &Timing,
        requeue_dependency: Effective<Duration>,
        version: FluxVersion,
    ) -> Conclusion {
        let wait = Next {
            requeue: Requeue::after(requeue_dependency.value),
            because: Because::RequeueDependency(requeue_dependency.origin),
        };
        let retry_in = format!("retrying in {}", requeue_dependency.value);
        match *self {
            Self::Deleted => Conclusion::of(next(Requeue::OnChange, Because::Deleted)),
            Self::DeletionBlocked => Conclusion::of(ERROR),
            Self::DeletionFailed => Conclusion::of(ERROR).with_event(
                Severity::Error,
                "Finalize",
                "pruning for deleted resource failed",
            ),
            Self::FinalizerAdded => Conclusion::of(BEGIN_AGAIN),
            Self::Suspended => Conclusion::of(next(Requeue::OnChange, Because::Suspended)),
            Self::InvalidHealthChecks { error } => {
                Conclusion::of(next(Requeue::Terminal, Because::Stalled))
                    .failing(reason::INVALID_CEL_EXPRESSION, format!("{TERMINAL}{error}"))
                    .stalling(Stalled::Observed, "HealthCheck")
            }
            Self::FeatureGateDisabled => Conclusion::of(next(Requeue::OnChange, Because::Stalled))
                .failing(reason::FEATURE_GATE_DISABLED, GATE_OFF)
                .stalling(Stalled::Yes, "Reconcile"),
            Self::AccessDenied { error } => {
                Conclusion::of(next(Requeue::Terminal, Because::Stalled))
                    .failing(reason::ACCESS_DENIED, error)
                    .stalling(Stalled::Yes, "ResolveSource")
            }
            Self::SourceNotFound { error } => {
                Conclusion::of(timing.after_failure()).failing(reason::ARTIFACT_FAILED, error)
            }
            Self::SourceFailed { error } => {
                Conclusion::of(ERROR).failing(reason::ARTIFACT_FAILED, error)
            }
            Self::NoArtifact => Conclusion::of(wait).failing(
                reason::ARTIFACT_FAILED,
                format!("Source artifact not found, {retry_in}"),
            ),
            // The error is marked as one that is not retried, and says so.
            Self::InvalidReadyExpression { error } => {
                Conclusion::of(next(Requeue::Terminal, Because::Stalled))
                    .failing(
                        reason::INVALID_CEL_EXPRESSION,
                        format!("{TERMINAL}terminal error: {error}"),
                    )
                    .stalling(Stalled::Observed, "CheckDependencies")
            }
            Self::DependencyNotReady { error } => Conclusion::of(wait)
                .failing(reason::DEPENDENCY_NOT_READY, error)
                .with_event(
                    Severity::Info,
                    "CheckDependencies",
                    format!("Dependencies do not meet ready condition, {retry_in}"),
                ),
            Self::ArtifactNotFound => Conclusion::of(wait).failing(
                reason::ARTIFACT_FAILED,
                format!("Source is not ready, artifact not found, {retry_in}"),
            ),
            Self::ArtifactChanged { error } => match version {
                FluxVersion::V2_9 => Self::Failed {
                    at: Step::Fetch,
                    error,
                }
                .conclude(timing, requeue_dependency, version),
                FluxVersion::V2_10 => Conclusion::of(wait).failing(
                    reason::ARTIFACT_FAILED,
                    format!("Source is not ready, artifact digest changed, {retry_in}"),
                ),
            },
            Self::Superseded { by } => Conclusion::of(BEGIN_AGAIN)
                .failing(
                    reason::HEALTH_CHECK_CANCELED,
                    format!("New reconciliation triggered by {by}"),
                )
                .with_event(
                    Severity::Info,
                    "HealthCheck",
                    format!("Health checks canceled due to new reconciliation triggered by {by}"),
                ),
            Self::Failed { at, error } => {
                at.conclude(Conclusion::of(timing.after_failure()), error)
            }
            Self::Succeeded { revision } => Conclusion {
                ready: Some(Ready {
                    is_true: true,
                    reason: reason::RECONCILIATION_SUCCEEDED,
                    message: format!("Applied revision: {revision}"),
                }),
                ..Conclusion::of(timing.after_success())
            },
        }
    }

    /// What the history of the object calls it; an ending without a word leaves no trace there.
    #[must_use]
    pub const fn history_status(&self) -> Option<&'static str> {
        match self {
            Self::Succeeded { .. } => Some(reason::RECONCILIATION_SUCCEEDED),
            Self::Failed { at, .. } => match at {
                Step::Apply | Step::Prune | Step::HealthCheck => at.reason(),
                _ => None,
            },
            _ => None,
        }
    }
}

impl Step {
    /// The reason of `Ready` where the step fails; `None` where that is not told.
    #[must_use]
    pub const fn reason(self) -> Option<&'static str> {
        match self {
            Self::Status => None,
            Self::Directory => Some(DIRECTORY_CREATION_FAILED),
            Self::Fetch | Self::Path => Some(reason::ARTIFACT_FAILED),
            Self::Client | Self::Apply => Some(reason::RECONCILIATION_FAILED),
            Self::Build => Some(reason::BUILD_FAILED),
            Self::Prune => Some(reason::PRUNE_FAILED),
            Self::HealthCheck => Some(reason::HEALTH_CHECK_FAILED),
        }
    }

    fn conclude(self, conclusion: Conclusion, error: &str) -> Conclusion {
        let (ready, event) = match self {
            Self::Status => ("", "failed to update status: "),
            Self::Directory => ("tmp dir error: ", "tmp dir error: "),
            Self::Path => (
                "kustomization path not found: ",
                "kustomization path not found: ",
            ),
            Self::Client => ("", "failed to build kube client: "),
            _ => ("", ""),
        };
        let conclusion =
            conclusion.with_event(Severity::Error, "Reconcile", format!("{event}{error}"));
        match self.reason() {
            Some(reason) => conclusion.failing(reason, format!("{ready}{error}")),
            None => conclusion,
        }
    }
}

const ERROR: Next = next(Requeue::Backoff, Because::Error);
const BEGIN_AGAIN: Next = next(Requeue::Now, Because::BeginAgain);

const fn next(requeue: Requeue, because: Because) -> Next {
    Next { requeue, because }
}
