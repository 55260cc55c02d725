use serde_json::Value;

use super::kstatus::batch::{Facts, JobReason};
use super::object::{Conditions, find};
use super::{Error, Readiness, Reason};

/// How far a Job is, by the rule of Flux: a Job that runs is in progress, and a suspended one is Current.
///
/// Nothing else is looked at. A Job that is being deleted, that has an older generation observed, or that says
/// `Stalled`, is judged by this rule alone, and custom health checks of Jobs are never asked.
///
/// Source: fluxcd/pkg runtime v0.110.1: `statusreaders/job.go (ComputeJobStatus)`, whose message for an error is
/// `Failed to compute job status: ` and the error.
///
/// # Errors
///
/// [`Error::Conditions`], unless it is suspended.
///
/// # Examples
///
/// ```
/// use fluxcd_core::ready::{self, Status};
/// use serde_json::json;
///
/// let job = json!({
///     "apiVersion": "batch/v1", "kind": "Job",
///     "status": {"startTime": "2026-01-01T00:00:00Z", "active": 1},
/// });
/// let readiness = ready::compute_job(&job)?;
/// assert_eq!(readiness.status, Status::InProgress);
/// assert_eq!(readiness.message(), "Job in progress. success:0, active: 1, failed: 0");
/// # Ok::<(), ready::Error>(())
/// ```
pub fn compute_job(job: &Value) -> Result<Readiness, Error> {
    if let Ok(Some(Value::Bool(true))) = find(job, &["spec", "suspend"]) {
        return Ok(Reason::Job(JobReason::Suspended).into());
    }
    let facts = Facts::of(job);
    let reason = match facts.end(&Conditions::of(job)?) {
        Some(end) => end,
        None if facts.started => JobReason::Unfinished(facts.pods),
        None => JobReason::NotStarted {
            parallelism: Some(facts.parallelism),
        },
    };
    Ok(Reason::Job(reason).into())
}
