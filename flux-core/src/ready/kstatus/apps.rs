//! `apps`: objects that keep a number of Pods.
//!
//! Source: fluxcd/cli-utils v1.2.2: `pkg/kstatus/status/core.go (deploymentConditions, stsConditions,
//! replicasetConditions, daemonsetConditions, checkGenerationSet)`.

use std::borrow::Cow;

use super::Live;
use crate::ready::generic::{generation, observed_generation};
use crate::ready::object::{integer_or, kind, member, text_or};
use crate::ready::readiness::Told;
use crate::ready::{Error, Reason, Status};

pub(super) const KINDS: super::Kinds = &[
    ("DaemonSet", daemon_set),
    ("Deployment", deployment),
    ("ReplicaSet", replica_set),
    ("StatefulSet", stateful_set),
];

/// How far a Deployment, StatefulSet, ReplicaSet or DaemonSet is.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum WorkloadReason {
    /// Current: a StatefulSet whose Pods are updated by hand. Nothing is counted.
    OnDelete,
    /// InProgress: there are fewer than there should be.
    Fewer {
        /// What is counted.
        counted: Counted,
        /// How many there are.
        have: i64,
        /// How many there should be. Available replicas are held against the updated ones in a Deployment, not against
        /// those that its spec asks for.
        want: i64,
    },
    /// InProgress: that many more replicas than the spec asks for.
    Extra(i64),
    /// InProgress: the current revision of a StatefulSet is not the updated one.
    RevisionMismatch,
    /// Current: a StatefulSet with a partition has updated the replicas behind it.
    PartitionComplete {
        /// How many are updated.
        updated: i64,
    },
    /// Current: a StatefulSet with its replicas, or a DaemonSet with its Pods.
    Scheduled(i64),
    /// Failed: a Deployment that made no progress in time. The status of its condition is not looked at.
    DeadlineExceeded(Told),
    /// InProgress: a Deployment with a deadline, whose new ReplicaSet is not said to be available.
    ReplicaSetNotAvailable,
    /// InProgress: a Deployment whose condition `Available` is not true.
    NotAvailable,
    /// Current: a Deployment with its replicas.
    DeploymentAvailable(i64),
    /// InProgress: a ReplicaSet that cannot make Pods.
    ReplicaFailure,
    /// Current: a ReplicaSet with its replicas.
    ReplicaSetAvailable(i64),
    /// InProgress: a DaemonSet (the kind is given) without `metadata.generation`.
    NoGeneration(String),
    /// InProgress: a DaemonSet (the kind is given) without `status.observedGeneration`.
    NoObservedGeneration(String),
    /// InProgress: a DaemonSet whose controller has not said how many nodes it wants.
    NoDesiredNumber,
    /// Failed: that many Pods of a StatefulSet or ReplicaSet, which is in progress, have failed.
    PodsFailed(usize),
}

/// What there is too little of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Counted {
    /// Replicas.
    Replicas,
    /// Those that are ready.
    Ready,
    /// Those that are available.
    Available,
    /// Those of the new revision.
    Updated,
    /// Replicas of a StatefulSet that are updated, behind its partition.
    PartitionUpdated,
    /// Those that have the labels of the template.
    Labelled,
    /// Replicas of a StatefulSet of the current revision.
    CurrentReplicas,
    /// Nodes of a DaemonSet that run its Pod.
    CurrentNodes,
}

fn stateful_set(live: &Live<'_>) -> Result<Reason, Error> {
    let (spec, status) = (member(live.object, "spec"), member(live.object, "status"));
    let strategy = spec.and_then(|spec| member(spec, "updateStrategy"));
    if text_or(strategy, "type", "") == "OnDelete" {
        return Ok(WorkloadReason::OnDelete.into());
    }
    let replicas = integer_or(spec, "replicas", 1);
    let there = integer_or(status, "replicas", 0);
    let ready = integer_or(status, "readyReplicas", 0);
    if let Some(reason) = Counted::Replicas
        .fewer(there, replicas)
        .or_else(|| Counted::Ready.fewer(ready, replicas))
        .or_else(|| extra(there, replicas))
    {
        return Ok(reason);
    }
    let rolling_update = strategy.and_then(|strategy| member(strategy, "rollingUpdate"));
    match integer_or(rolling_update, "partition", -1) {
        -1 => {}
        partition => {
            let updated = integer_or(status, "updatedReplicas", 0);
            let behind = replicas.wrapping_sub(partition);
            let fewer = Counted::PartitionUpdated.fewer(updated, behind);
            return Ok(fewer.unwrap_or(WorkloadReason::PartitionComplete { updated }.into()));
        }
    }
    let current = integer_or(status, "currentReplicas", 0);
    if let Some(reason) = Counted::CurrentReplicas.fewer(current, replicas) {
        return Ok(reason);
    }
    let revision = |key| text_or(status, key, "");
    Ok(
        match revision("currentRevision") == revision("updateRevision") {
            true => WorkloadReason::Scheduled(there).into(),
            false => WorkloadReason::RevisionMismatch.into(),
        },
    )
}

pub(super) fn deployment(live: &Live<'_>) -> Result<Reason, Error> {
    let (spec, status) = (member(live.object, "spec"), member(live.object, "status"));
    // Without a deadline the controller reports no progress. This number is how clients say "none".
    let no_deadline = i64::from(i32::MAX);
    let mut progressing = integer_or(spec, "progressDeadlineSeconds", no_deadline) == no_deadline;
    let mut available = false;
    for condition in live.conditions.iter() {
        match condition.kind {
            "Progressing" if condition.reason == "ProgressDeadlineExceeded" => {
                return Ok(WorkloadReason::DeadlineExceeded(condition.told()).into());
            }
            "Progressing" => {
                progressing |=
                    condition.status == "True" && condition.reason == "NewReplicaSetAvailable";
            }
            "Available" => available |= condition.status == "True",
            _ => {}
        }
    }
    let replicas = integer_or(spec, "replicas", 1);
    let there = integer_or(status, "replicas", 0);
    let updated = integer_or(status, "updatedReplicas", 0);
    let have_available = integer_or(status, "availableReplicas", 0);
    let ready = integer_or(status, "readyReplicas", 0);
    let short = Counted::Replicas
        .fewer(there, replicas)
        .or_else(|| Counted::Updated.fewer(updated, replicas))
        .or_else(|| extra(there, replicas))
        .or_else(|| Counted::Available.fewer(have_available, updated))
        .or_else(|| Counted::Ready.fewer(ready, replicas));
    Ok(match (short, progressing, available) {
        (Some(reason), ..) => reason,
        (None, false, _) => WorkloadReason::ReplicaSetNotAvailable.into(),
        (None, true, false) => WorkloadReason::NotAvailable.into(),
        (None, true, true) => WorkloadReason::DeploymentAvailable(there).into(),
    })
}

pub(super) fn replica_set(live: &Live<'_>) -> Result<Reason, Error> {
    if live.conditions.find("ReplicaFailure", "True").is_some() {
        return Ok(WorkloadReason::ReplicaFailure.into());
    }
    let status = member(live.object, "status");
    let replicas = integer_or(member(live.object, "spec"), "replicas", 1);
    let have = |key| integer_or(status, key, 0);
    let there = have("replicas");
    let short = Counted::Labelled
        .fewer(have("fullyLabeledReplicas"), replicas)
        .or_else(|| Counted::Available.fewer(have("availableReplicas"), replicas))
        .or_else(|| Counted::Ready.fewer(have("readyReplicas"), replicas))
        .or_else(|| extra(there, replicas));
    Ok(short.unwrap_or(WorkloadReason::ReplicaSetAvailable(there).into()))
}

pub(super) fn daemon_set(live: &Live<'_>) -> Result<Reason, Error> {
    if generation(live.object)?.is_none() {
        return Ok(WorkloadReason::NoGeneration(kind(live.object).to_owned()).into());
    }
    if observed_generation(live.object)?.is_none() {
        return Ok(WorkloadReason::NoObservedGeneration(kind(live.object).to_owned()).into());
    }
    let status = member(live.object, "status");
    let desired = match integer_or(status, "desiredNumberScheduled", -1) {
        -1 => return Ok(WorkloadReason::NoDesiredNumber.into()),
        desired => desired,
    };
    let have = |key| integer_or(status, key, 0);
    let short = Counted::CurrentNodes
        .fewer(have("currentNumberScheduled"), desired)
        .or_else(|| Counted::Updated.fewer(have("updatedNumberScheduled"), desired))
        .or_else(|| Counted::Available.fewer(have("numberAvailable"), desired))
        .or_else(|| Counted::Ready.fewer(have("numberReady"), desired));
    Ok(short.unwrap_or(WorkloadReason::Scheduled(desired).into()))
}

fn extra(there: i64, replicas: i64) -> Option<Reason> {
    (there > replicas).then(|| WorkloadReason::Extra(there.wrapping_sub(replicas)).into())
}

impl From<WorkloadReason> for Reason {
    fn from(reason: WorkloadReason) -> Self {
        Self::Workload(reason)
    }
}

impl Counted {
    fn fewer(self, have: i64, want: i64) -> Option<Reason> {
        let reason = WorkloadReason::Fewer {
            counted: self,
            have,
            want,
        };
        (want > have).then_some(Reason::Workload(reason))
    }

    /// The reason of the condition, the lead of upstream's message, and what is counted in plain words.
    fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Replicas => ("LessReplicas", "Replicas", "replicas"),
            Self::Ready => ("LessReady", "Ready", "ready replicas"),
            Self::Available => ("LessAvailable", "Available", "available replicas"),
            Self::Updated => ("LessUpdated", "Updated", "updated replicas"),
            Self::PartitionUpdated => (
                "PartitionRollout",
                "updated",
                "updated replicas behind its partition",
            ),
            Self::Labelled => ("LessLabelled", "Labelled", "replicas with all labels"),
            Self::CurrentReplicas => ("LessCurrent", "current", "replicas of its current revision"),
            Self::CurrentNodes => ("LessCurrent", "Current", "nodes with its Pod"),
        }
    }
}

impl WorkloadReason {
    pub(in crate::ready) fn status(&self) -> Status {
        match self {
            Self::OnDelete
            | Self::PartitionComplete { .. }
            | Self::Scheduled(_)
            | Self::DeploymentAvailable(_)
            | Self::ReplicaSetAvailable(_) => Status::Current,
            Self::DeadlineExceeded(_) | Self::PodsFailed(_) => Status::Failed,
            Self::Fewer { .. }
            | Self::Extra(_)
            | Self::RevisionMismatch
            | Self::ReplicaSetNotAvailable
            | Self::NotAvailable
            | Self::ReplicaFailure
            | Self::NoGeneration(_)
            | Self::NoObservedGeneration(_)
            | Self::NoDesiredNumber => Status::InProgress,
        }
    }

    pub(in crate::ready) fn word(&self) -> Option<&str> {
        Some(match self {
            Self::Fewer { counted, .. } => counted.words().0,
            Self::Extra(_) => "ExtraPods",
            Self::RevisionMismatch => "RevisionMismatch",
            Self::DeadlineExceeded(told) => &told.reason,
            Self::ReplicaSetNotAvailable => "ReplicaSetNotAvailable",
            Self::NotAvailable => "DeploymentNotAvailable",
            Self::ReplicaFailure => "ReplicaFailure",
            Self::NoGeneration(_) => "NoGeneration",
            Self::NoObservedGeneration(_) => "NoObservedGeneration",
            Self::NoDesiredNumber => "NoDesiredNumber",
            Self::OnDelete
            | Self::PartitionComplete { .. }
            | Self::Scheduled(_)
            | Self::DeploymentAvailable(_)
            | Self::ReplicaSetAvailable(_)
            | Self::PodsFailed(_) => return None,
        })
    }

    pub(in crate::ready) fn message(&self) -> Cow<'_, str> {
        match self {
            Self::OnDelete => "StatefulSet is using the ondelete update strategy".into(),
            Self::Fewer {
                counted,
                have,
                want,
            } => format!("{}: {have}/{want}", counted.words().1).into(),
            Self::Extra(extra) => format!("Pending termination: {extra}").into(),
            Self::RevisionMismatch => "Waiting for updated revision to match current".into(),
            Self::PartitionComplete { updated } => {
                format!("Partition rollout complete. updated: {updated}").into()
            }
            Self::Scheduled(replicas) => {
                format!("All replicas scheduled as expected. Replicas: {replicas}").into()
            }
            Self::DeadlineExceeded(_) => "Progress deadline exceeded".into(),
            Self::ReplicaSetNotAvailable => "ReplicaSet not Available".into(),
            Self::NotAvailable => "Deployment not Available".into(),
            Self::DeploymentAvailable(replicas) => {
                format!("Deployment is available. Replicas: {replicas}").into()
            }
            Self::ReplicaFailure => "Replica Failure condition. Check Pods".into(),
            Self::ReplicaSetAvailable(replicas) => {
                format!("ReplicaSet is available. Replicas: {replicas}").into()
            }
            Self::NoGeneration(kind) => format!("{kind} metadata.generation not found").into(),
            Self::NoObservedGeneration(kind) => {
                format!("{kind} status.observedGeneration not found").into()
            }
            Self::NoDesiredNumber => "Missing .status.desiredNumberScheduled".into(),
            Self::PodsFailed(count) => format!("{count} pods have failed").into(),
        }
    }

    pub(in crate::ready) fn waits_for(&self) -> Cow<'_, str> {
        match self {
            Self::Fewer {
                counted,
                have,
                want,
            } => format!("{want} {}: there are {have}", counted.words().2).into(),
            Self::Extra(extra) => format!("{extra} replicas to end").into(),
            Self::RevisionMismatch => "its updated revision to be the current one".into(),
            Self::DeadlineExceeded(told) => {
                told.behind("a change, because its time for progress is over")
            }
            Self::ReplicaSetNotAvailable => "its new ReplicaSet to be available".into(),
            Self::NotAvailable => "condition Available".into(),
            Self::ReplicaFailure => "Pods, which cannot be made".into(),
            Self::NoGeneration(_) => "a generation".into(),
            Self::NoObservedGeneration(_) | Self::NoDesiredNumber => {
                "the first look of its controller".into()
            }
            Self::PodsFailed(count) => format!("{count} failed Pods").into(),
            Self::OnDelete
            | Self::PartitionComplete { .. }
            | Self::Scheduled(_)
            | Self::DeploymentAvailable(_)
            | Self::ReplicaSetAvailable(_) => "nothing".into(),
        }
    }
}
