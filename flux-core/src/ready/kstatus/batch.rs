//! `batch`. Flux has another rule for Jobs: [`compute_job`](crate::ready::compute_job).
//!
//! Source: fluxcd/cli-utils v1.2.2: `pkg/kstatus/status/core.go (jobConditions)`.

use std::borrow::Cow;

use serde_json::Value;

use super::Live;
use super::core::always_ready;
use crate::ready::object::{Conditions, integer_or, member, text_or};
use crate::ready::{Error, Reason, Status};

pub(super) const KINDS: super::Kinds = &[("CronJob", always_ready), ("Job", job)];

/// How far a Job is.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum JobReason {
    /// Current, by the rule of Flux: it is suspended.
    Suspended,
    /// Current: it has ended well.
    Complete {
        /// Pods that succeeded.
        succeeded: i64,
        /// Pods that should.
        completions: i64,
    },
    /// Failed.
    Failed {
        /// Pods that failed.
        failed: i64,
        /// Pods that should have succeeded.
        completions: i64,
    },
    /// InProgress: it has no start time.
    NotStarted {
        /// How many Pods it may run at once, by the rule of Flux: upstream's rule does not say.
        parallelism: Option<i64>,
    },
    /// Current, by the rule of kstatus: it has started.
    Running(Pods),
    /// InProgress, by the rule of Flux: it has started and not ended.
    Unfinished(Pods),
}

/// The Pods of a Job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pods {
    /// Those that succeeded.
    pub succeeded: i64,
    /// Those that run.
    pub active: i64,
    /// Those that failed.
    pub failed: i64,
}

fn job(live: &Live<'_>) -> Result<Reason, Error> {
    let facts = Facts::of(live.object);
    Ok(Reason::Job(match facts.end(&live.conditions) {
        Some(end) => end,
        None if !facts.started => JobReason::NotStarted { parallelism: None },
        None => JobReason::Running(facts.pods),
    }))
}

/// What both rules look at.
pub(in crate::ready) struct Facts {
    pub(in crate::ready) parallelism: i64,
    completions: i64,
    pub(in crate::ready) pods: Pods,
    pub(in crate::ready) started: bool,
}

impl Facts {
    pub(in crate::ready) fn of(job: &Value) -> Self {
        let (spec, status) = (member(job, "spec"), member(job, "status"));
        let parallelism = integer_or(spec, "parallelism", 1);
        Self {
            parallelism,
            completions: integer_or(spec, "completions", parallelism),
            pods: Pods {
                succeeded: integer_or(status, "succeeded", 0),
                active: integer_or(status, "active", 0),
                failed: integer_or(status, "failed", 0),
            },
            started: !text_or(status, "startTime", "").is_empty(),
        }
    }

    /// How it has ended, by the first condition that says so.
    pub(in crate::ready) fn end(&self, conditions: &Conditions<'_>) -> Option<JobReason> {
        let Self {
            completions, pods, ..
        } = *self;
        let mut met = conditions.iter().filter(|one| one.status == "True");
        met.find_map(|condition| match condition.kind {
            "Complete" => Some(JobReason::Complete {
                succeeded: pods.succeeded,
                completions,
            }),
            "Failed" => Some(JobReason::Failed {
                failed: pods.failed,
                completions,
            }),
            _ => None,
        })
    }
}

impl JobReason {
    pub(in crate::ready) fn status(&self) -> Status {
        match self {
            Self::Suspended | Self::Complete { .. } | Self::Running(_) => Status::Current,
            Self::Failed { .. } => Status::Failed,
            Self::NotStarted { .. } | Self::Unfinished(_) => Status::InProgress,
        }
    }

    pub(in crate::ready) fn word(&self) -> &str {
        match self {
            Self::Suspended | Self::Complete { .. } | Self::Running(_) => "",
            Self::Failed { .. } => "JobFailed",
            Self::NotStarted { .. } => "JobNotStarted",
            Self::Unfinished(_) => "JobInProgress",
        }
    }

    pub(in crate::ready) fn message(&self) -> Cow<'_, str> {
        match self {
            Self::Suspended => "Job is suspended".into(),
            Self::Complete {
                succeeded,
                completions,
            } => format!("Job Completed. succeeded: {succeeded}/{completions}").into(),
            Self::Failed {
                failed,
                completions,
            } => format!("Job Failed. failed: {failed}/{completions}").into(),
            Self::NotStarted { parallelism: None } => "Job not started".into(),
            Self::NotStarted {
                parallelism: Some(parallelism),
            } => format!("Job not started. active: 0/{parallelism}").into(),
            Self::Running(pods) | Self::Unfinished(pods) => format!(
                "Job in progress. success:{}, active: {}, failed: {}",
                pods.succeeded, pods.active, pods.failed
            )
            .into(),
        }
    }

    pub(in crate::ready) fn waits_for(&self) -> Cow<'_, str> {
        match self {
            Self::Suspended | Self::Complete { .. } | Self::Running(_) => "nothing".into(),
            Self::Failed { .. } => "a new Job, because it has failed".into(),
            Self::NotStarted { .. } => "its start".into(),
            Self::Unfinished(pods) => format!("its end: {} of its Pods run", pods.active).into(),
        }
    }
}
