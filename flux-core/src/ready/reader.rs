use chrono::{DateTime, Utc};
use serde_json::Value;

#[cfg(feature = "cel")]
use super::HealthChecks;
use super::generic::compute;
use super::job::compute_job;
use super::kstatus::apps::WorkloadReason;
use super::object::{Conditions, group_kind, text_or};
use super::selector::Selector;
use super::{Error, Readiness, Status};

/// Judges objects as kustomize-controller does when it waits for their health: chooses the rule, and looks at the Pods of
/// workloads.
///
/// # Examples
///
/// ```
/// use chrono::DateTime;
/// use fluxcd_core::ready::{Reader, Status};
/// use serde_json::json;
///
/// let set = json!({
///     "apiVersion": "apps/v1", "kind": "StatefulSet",
///     "metadata": {"name": "db", "namespace": "apps"},
///     "spec": {"selector": {"matchLabels": {"app": "db"}}},
/// });
/// let pod = json!({
///     "apiVersion": "v1", "kind": "Pod",
///     "metadata": {"name": "db-0", "namespace": "apps", "labels": {"app": "db"}},
///     "status": {"phase": "Running", "containerStatuses": [
///         {"name": "db", "state": {"waiting": {"reason": "CrashLoopBackOff"}}},
///     ]},
/// });
/// let (reader, now) = (Reader::new(), DateTime::UNIX_EPOCH);
/// assert_eq!(reader.read(&set, [], now)?.message(), "Replicas: 0/1");
///
/// let readiness = reader.read(&set, [&pod], now)?;
/// assert_eq!(readiness.status, Status::Failed);
/// assert_eq!(readiness.message(), "1 pods have failed");
/// # Ok::<(), fluxcd_core::ready::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reader {
    #[cfg(feature = "cel")]
    health_checks: HealthChecks,
}

/// What decides about an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// The rule of Flux for Jobs, [`compute_job`].
    Job,
    /// A custom health check, and nothing else (feature `cel`).
    HealthCheck,
    /// The object by itself, [`compute`], but it needs a selector that can be read. A Deployment: what is below it
    /// changes nothing, so it need not be fetched.
    Selecting,
    /// The object and its Pods: while it is in progress, one of them that has failed makes it fail. A StatefulSet or
    /// ReplicaSet.
    WithPods,
    /// The object by itself, [`compute`].
    Object,
}

impl Reader {
    /// Without custom health checks.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// With the health checks of `spec.healthCheckExprs`.
    #[cfg(feature = "cel")]
    #[must_use]
    pub fn with_health_checks(health_checks: HealthChecks) -> Self {
        Self { health_checks }
    }

    /// Which rule decides about objects of a kind: Jobs come before health checks, and those before all others.
    ///
    /// Source: kustomize-controller v1.9.4: `internal/controller/kustomization_controller.go (getClientAndPoller)`;
    /// fluxcd/cli-utils v1.2.2: `pkg/kstatus/polling/statusreaders/default.go (NewStatusReader)`.
    #[must_use]
    pub fn rule(&self, group: &str, kind: &str) -> Rule {
        match (group, kind) {
            ("batch", "Job") => Rule::Job,
            #[cfg(feature = "cel")]
            _ if self.health_checks.supports(group, kind) => Rule::HealthCheck,
            ("apps", "Deployment") => Rule::Selecting,
            ("apps", "ReplicaSet" | "StatefulSet") => Rule::WithPods,
            _ => Rule::Object,
        }
    }

    /// How far an object is.
    ///
    /// `related` are objects of the cluster, of which the Pods that a workload selects are looked at; for rules other than
    /// [`Rule::WithPods`] it may be empty. A failed Pod that no node takes does not count: an autoscaler may help it.
    ///
    /// Source: fluxcd/cli-utils v1.2.2: `pkg/kstatus/polling/statusreaders/{deployment,pod_controller,common}.go`.
    ///
    /// # Errors
    ///
    /// [`Error`], for which the status is Unknown.
    pub fn read<'r>(
        &self,
        object: &Value,
        related: impl IntoIterator<Item = &'r Value>,
        now: DateTime<Utc>,
    ) -> Result<Readiness, Error> {
        let (group, kind) = group_kind(object);
        let rule = self.rule(group, kind);
        #[cfg(feature = "cel")]
        if rule == Rule::HealthCheck
            && let Some(read) = self.health_checks.evaluate(object)
        {
            return read;
        }
        match rule {
            Rule::Job => compute_job(object),
            Rule::HealthCheck | Rule::Object => compute(object, now),
            Rule::Selecting => {
                Selector::of(object)?;
                compute(object, now)
            }
            Rule::WithPods => with_pods(object, related, now),
        }
    }
}

fn with_pods<'r>(
    object: &Value,
    related: impl IntoIterator<Item = &'r Value>,
    now: DateTime<Utc>,
) -> Result<Readiness, Error> {
    let selector = Selector::of(object)?;
    let readiness = compute(object, now)?;
    if readiness.status != Status::InProgress {
        return Ok(readiness);
    }
    let namespace = namespace(object);
    let failed = related
        .into_iter()
        .filter(|one| group_kind(one) == ("", "Pod"))
        .filter(|pod| namespace.is_empty() || namespace == self::namespace(pod))
        .filter(|pod| selector.matches(pod) && has_failed(pod, now));
    Ok(match failed.count() {
        0 => readiness,
        count => Readiness::from(super::Reason::from(WorkloadReason::PodsFailed(count))),
    })
}

fn has_failed(pod: &Value, now: DateTime<Utc>) -> bool {
    let unschedulable = |conditions: Conditions<'_>| {
        let mut conditions = conditions.iter();
        conditions.any(|one| {
            (one.kind, one.status, one.reason) == ("PodScheduled", "False", "Unschedulable")
        })
    };
    compute(pod, now).is_ok_and(|readiness| readiness.status == Status::Failed)
        && !Conditions::of(pod).is_ok_and(unschedulable)
}

fn namespace(object: &Value) -> &str {
    text_or(object.get("metadata"), "namespace", "")
}
