use std::borrow::Cow;
use std::fmt;

use super::Status;
use super::expression::ExpressionReason;
use super::kstatus::apiextensions::DefinitionReason;
use super::kstatus::apps::WorkloadReason;
use super::kstatus::batch::JobReason;
use super::kstatus::core::CoreReason;

/// How far an object is, and what says so.
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct Readiness {
    /// How far it is.
    pub status: Status,
    /// The rule that decided, with what it saw.
    pub reason: Reason,
}

/// The rule that decided, with what it saw.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Reason {
    /// `metadata.deletionTimestamp` is set.
    Deletion,
    /// The status is about an older generation.
    GenerationNotObserved {
        /// The kind of the object.
        kind: String,
        /// Its `metadata.generation`.
        generation: i64,
        /// Its `status.observedGeneration`.
        observed: i64,
    },
    /// The condition `Reconciling` is true.
    Reconciling(Told),
    /// The condition `Stalled` is true.
    Stalled(Told),
    /// The condition `Ready` is true.
    Ready,
    /// The condition `Ready` is false, or unknown: upstream does not tell the two apart, nor either of them from failed.
    NotReady(Told),
    /// The kind has no rule, and the object has no condition `Ready`: it counts as Current, whatever it does. A kind whose
    /// controller tells its health in another way needs a custom health check.
    NoRule,
    /// Objects of that kind are ready as soon as they exist: Secret, ConfigMap, CronJob.
    AlwaysReady,
    /// The PodDisruptionBudget is observed, so that its controller has counted.
    DisruptionsComputed,
    /// A Service, PersistentVolumeClaim or Pod.
    Core(CoreReason),
    /// A Deployment, StatefulSet, ReplicaSet or DaemonSet.
    Workload(WorkloadReason),
    /// A Job.
    Job(JobReason),
    /// A CustomResourceDefinition.
    Definition(DefinitionReason),
    /// A custom health check.
    Expression(ExpressionReason),
    /// The object does not exist.
    NotFound,
}

/// What a condition of the object says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    /// Its reason.
    pub reason: String,
    /// Its message.
    pub message: String,
}

/// A condition in which kstatus sums an object up; its status is always `True`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standard<'r> {
    /// `Reconciling` or `Stalled`.
    pub kind: &'static str,
    /// The reason in one word; that of a condition of the object can be anything.
    pub reason: &'r str,
}

impl Readiness {
    /// Of an object that does not exist.
    pub fn not_found() -> Self {
        Reason::NotFound.into()
    }

    /// The text that upstream shows to users. Empty where a condition without message decides, and for custom health
    /// checks.
    #[must_use]
    pub fn message(&self) -> Cow<'_, str> {
        self.reason.message()
    }

    /// The condition `Reconciling` of an object in progress, or `Stalled` of a failed one. Upstream returns none where
    /// generated objects or a custom health check decide.
    #[must_use]
    pub fn condition(&self) -> Option<Standard<'_>> {
        let kind = match self.status {
            Status::InProgress => "Reconciling",
            Status::Failed => "Stalled",
            _ => return None,
        };
        let reason = self.reason.word()?;
        Some(Standard { kind, reason })
    }

    /// What has to happen until the object is Current, in one line for a person; `None` if it is.
    ///
    /// This is not upstream's text but a plain sentence part, for use behind "waits for".
    ///
    /// # Examples
    ///
    /// ```
    /// use chrono::DateTime;
    /// use fluxcd_core::ready;
    /// use serde_json::json;
    ///
    /// let set = json!({
    ///     "apiVersion": "apps/v1", "kind": "StatefulSet",
    ///     "spec": {"replicas": 3}, "status": {"replicas": 3, "readyReplicas": 1},
    /// });
    /// let readiness = ready::compute(&set, DateTime::UNIX_EPOCH)?;
    /// assert_eq!(readiness.message(), "Ready: 1/3");
    /// assert_eq!(readiness.waits_for().as_deref(), Some("3 ready replicas: there are 1"));
    /// # Ok::<(), ready::Error>(())
    /// ```
    #[must_use]
    pub fn waits_for(&self) -> Option<Cow<'_, str>> {
        match self.status {
            Status::Current => None,
            _ => Some(self.reason.waits_for()),
        }
    }
}

impl From<Reason> for Readiness {
    fn from(reason: Reason) -> Self {
        let status = reason.status();
        Self { status, reason }
    }
}

/// Status and upstream's text: `InProgress: Ready: 1/3`.
impl fmt::Display for Readiness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.message() {
            message if message.is_empty() => write!(f, "{}", self.status),
            message => write!(f, "{}: {message}", self.status),
        }
    }
}

impl Reason {
    /// The status that this reason stands for.
    #[must_use]
    pub fn status(&self) -> Status {
        match self {
            Self::Deletion => Status::Terminating,
            Self::GenerationNotObserved { .. } | Self::Reconciling(_) | Self::NotReady(_) => {
                Status::InProgress
            }
            Self::Stalled(_) => Status::Failed,
            Self::Ready | Self::NoRule | Self::AlwaysReady | Self::DisruptionsComputed => {
                Status::Current
            }
            Self::Core(reason) => reason.status(),
            Self::Workload(reason) => reason.status(),
            Self::Job(reason) => reason.status(),
            Self::Definition(reason) => reason.status(),
            Self::Expression(reason) => reason.status(),
            Self::NotFound => Status::NotFound,
        }
    }

    /// The reason of the standard condition.
    fn word(&self) -> Option<&str> {
        Some(match self {
            Self::GenerationNotObserved { .. } => "LatestGenerationNotObserved",
            Self::Reconciling(told) | Self::Stalled(told) | Self::NotReady(told) => &told.reason,
            Self::Core(reason) => reason.word(),
            Self::Workload(reason) => return reason.word(),
            Self::Job(reason) => reason.word(),
            Self::Definition(reason) => reason.word(),
            _ => return None,
        })
    }

    fn message(&self) -> Cow<'_, str> {
        match self {
            Self::Deletion => "Resource scheduled for deletion".into(),
            Self::GenerationNotObserved {
                kind,
                generation,
                observed,
            } => format!(
                "{kind} generation is {generation}, but latest observed generation is {observed}"
            )
            .into(),
            Self::Reconciling(told) | Self::Stalled(told) | Self::NotReady(told) => {
                told.message.as_str().into()
            }
            Self::Ready => "Resource is Ready".into(),
            Self::NoRule => "Resource is current".into(),
            Self::AlwaysReady => "Resource is always ready".into(),
            Self::DisruptionsComputed => "AllowedDisruptions has been computed.".into(),
            Self::Core(reason) => reason.message(),
            Self::Workload(reason) => reason.message(),
            Self::Job(reason) => reason.message(),
            Self::Definition(reason) => reason.message(),
            Self::Expression(_) => "".into(),
            Self::NotFound => "Resource not found".into(),
        }
    }

    fn waits_for(&self) -> Cow<'_, str> {
        match self {
            Self::Deletion => "its deletion to end".into(),
            Self::GenerationNotObserved {
                generation,
                observed,
                ..
            } => observation(*generation, *observed).into(),
            Self::Reconciling(told) => told.behind("its controller to end"),
            Self::Stalled(told) => told.behind("a change, because its controller has given up"),
            Self::NotReady(told) => told.behind("condition Ready"),
            Self::Core(reason) => reason.waits_for(),
            Self::Workload(reason) => reason.waits_for(),
            Self::Job(reason) => reason.waits_for(),
            Self::Definition(reason) => reason.waits_for(),
            Self::Expression(reason) => reason.waits_for(),
            Self::NotFound => "its creation".into(),
            Self::Ready | Self::NoRule | Self::AlwaysReady | Self::DisruptionsComputed => {
                "nothing".into()
            }
        }
    }
}

impl Told {
    /// What the condition says behind a lead, as far as it says something.
    pub(super) fn behind(&self, lead: &'static str) -> Cow<'_, str> {
        match (self.reason.as_str(), self.message.as_str()) {
            ("", "") => lead.into(),
            ("", text) | (text, "") => format!("{lead}: {text}").into(),
            (reason, message) => format!("{lead}: {reason}, {message}").into(),
        }
    }
}

pub(super) fn observation(generation: i64, observed: i64) -> String {
    format!("its controller to look at generation {generation}: it saw {observed}")
}
