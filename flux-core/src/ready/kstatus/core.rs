//! The core group.
//!
//! Source: fluxcd/cli-utils v1.2.2: `pkg/kstatus/status/core.go (serviceConditions, pvcConditions, podConditions)`.

use std::borrow::Cow;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use super::Live;
use crate::ready::object::{find, member, text_or};
use crate::ready::{Error, Reason, Status};

pub(super) const KINDS: super::Kinds = &[
    ("ConfigMap", always_ready),
    ("PersistentVolumeClaim", claim),
    ("Pod", pod),
    ("Secret", always_ready),
    ("Service", service),
];

/// How long a Pod may be unschedulable before it has failed.
const SCHEDULE_WINDOW: TimeDelta = TimeDelta::seconds(15);

/// How far a Service, PersistentVolumeClaim or Pod is.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum CoreReason {
    /// Current: a Service. Nobody waits for the address of a load balancer.
    ServiceReady,
    /// InProgress: a Service for a load balancer has no `spec.clusterIP`.
    NoClusterIp,
    /// Current: the claim has a volume.
    ClaimBound,
    /// InProgress: it has none.
    ClaimNotBound {
        /// Its phase; `unknown` where there is none.
        phase: String,
    },
    /// Current: the Pod ended well.
    PodSucceeded,
    /// Current, too: it ended badly.
    PodFailed,
    /// Current: it is running and `Ready`.
    PodReady,
    /// Failed: it is running, not `Ready`, and containers start again and again. Init containers are not looked at.
    PodCrashLooping {
        /// Their names.
        containers: Vec<String>,
    },
    /// InProgress: it is running and not `Ready`.
    PodNotReady,
    /// InProgress: no node takes it, but it is younger than 15 seconds.
    PodNotScheduled,
    /// Failed: no node takes it.
    PodUnschedulable,
    /// InProgress: it is in the phase `Pending`.
    PodPending,
    /// InProgress: it has no phase.
    PodNotObserved,
}

pub(super) fn always_ready(_: &Live<'_>) -> Result<Reason, Error> {
    Ok(Reason::AlwaysReady)
}

fn service(live: &Live<'_>) -> Result<Reason, Error> {
    let spec = member(live.object, "spec");
    let waits = text_or(spec, "type", "ClusterIP") == "LoadBalancer"
        && text_or(spec, "clusterIP", "").is_empty();
    Ok(Reason::Core(match waits {
        true => CoreReason::NoClusterIp,
        false => CoreReason::ServiceReady,
    }))
}

fn claim(live: &Live<'_>) -> Result<Reason, Error> {
    Ok(Reason::Core(
        match text_or(member(live.object, "status"), "phase", "unknown") {
            "Bound" => CoreReason::ClaimBound,
            phase => CoreReason::ClaimNotBound {
                phase: phase.to_owned(),
            },
        },
    ))
}

fn pod(live: &Live<'_>) -> Result<Reason, Error> {
    let phase = text_or(member(live.object, "status"), "phase", "");
    Ok(Reason::Core(match phase {
        "Succeeded" => CoreReason::PodSucceeded,
        "Failed" => CoreReason::PodFailed,
        "Running" if live.conditions.find("Ready", "True").is_some() => CoreReason::PodReady,
        "Running" => match crash_looping(live.object)? {
            containers if containers.is_empty() => CoreReason::PodNotReady,
            containers => CoreReason::PodCrashLooping { containers },
        },
        "Pending" => {
            let scheduled = live.conditions.find("PodScheduled", "False");
            match scheduled.is_some_and(|condition| condition.reason == "Unschedulable") {
                true if is_young(live.object, live.now) => CoreReason::PodNotScheduled,
                true => CoreReason::PodUnschedulable,
                false => CoreReason::PodPending,
            }
        }
        "" => CoreReason::PodNotObserved,
        _ => return Err(Error::Phase(phase.to_owned())),
    }))
}

fn is_young(pod: &Value, now: DateTime<Utc>) -> bool {
    let created = text_or(member(pod, "metadata"), "creationTimestamp", "");
    let start = now.checked_sub_signed(SCHEDULE_WINDOW);
    time(created)
        .zip(start)
        .is_some_and(|(created, start)| start < created)
}

/// A time as Go reads it: chrono allows small letters, a space in the middle, and leap seconds as well.
fn time(text: &str) -> Option<DateTime<Utc>> {
    let is_go_s = text.as_bytes().get(10) == Some(&b'T') && !text.ends_with('z');
    let time = DateTime::parse_from_rfc3339(text).ok()?.to_utc();
    (is_go_s && time.timestamp_subsec_nanos() < 1_000_000_000).then_some(time)
}

/// The containers that wait because they crash. Upstream crashes itself where a value has another type; absent ones are
/// passed over.
fn crash_looping(pod: &Value) -> Result<Vec<String>, Error> {
    let list = match find(pod, &["status", "containerStatuses"]) {
        Ok(None) => return Ok(Vec::new()),
        Ok(Some(Value::Array(list))) => list,
        _ => return Err(Error::ContainerStatuses),
    };
    let mut names = Vec::new();
    for status in list {
        if let Some(name) = crash_looping_name(status)? {
            names.push(name.to_owned());
        }
    }
    Ok(names)
}

fn crash_looping_name(status: &Value) -> Result<Option<&str>, Error> {
    let Some(name) = member_or_crash(status, "name")? else {
        return Ok(None);
    };
    let name = name.as_str().ok_or(Error::Crash)?;
    let Some(state) = member_or_crash(status, "state")? else {
        return Ok(None);
    };
    let Some(waiting) = member_or_crash(state, "waiting")? else {
        return Ok(None);
    };
    let Some(reason) = member_or_crash(waiting, "reason")? else {
        return Ok(None);
    };
    let reason = reason.as_str().ok_or(Error::Crash)?;
    Ok((reason == "CrashLoopBackOff").then_some(name))
}

fn member_or_crash<'o>(map: &'o Value, key: &str) -> Result<Option<&'o Value>, Error> {
    match map.is_object() {
        true => Ok(member(map, key)),
        false => Err(Error::Crash),
    }
}

impl CoreReason {
    pub(in crate::ready) fn status(&self) -> Status {
        match self {
            Self::ServiceReady
            | Self::ClaimBound
            | Self::PodSucceeded
            | Self::PodFailed
            | Self::PodReady => Status::Current,
            Self::PodCrashLooping { .. } | Self::PodUnschedulable => Status::Failed,
            Self::NoClusterIp
            | Self::ClaimNotBound { .. }
            | Self::PodNotReady
            | Self::PodNotScheduled
            | Self::PodPending
            | Self::PodNotObserved => Status::InProgress,
        }
    }

    pub(in crate::ready) fn word(&self) -> &str {
        match self {
            Self::NoClusterIp => "NoIPAssigned",
            Self::ClaimNotBound { .. } => "NotBound",
            Self::PodCrashLooping { .. } => "ContainerCrashLooping",
            Self::PodNotReady => "PodRunningNotReady",
            Self::PodNotScheduled => "PodNotScheduled",
            Self::PodUnschedulable => "PodUnschedulable",
            Self::PodPending => "PodPending",
            Self::PodNotObserved => "PodNotObserved",
            Self::ServiceReady
            | Self::ClaimBound
            | Self::PodSucceeded
            | Self::PodFailed
            | Self::PodReady => "",
        }
    }

    pub(in crate::ready) fn message(&self) -> Cow<'_, str> {
        match self {
            Self::ServiceReady => "Service is ready".into(),
            Self::NoClusterIp => "ClusterIP not set. Service type: LoadBalancer".into(),
            Self::ClaimBound => "PVC is Bound".into(),
            Self::ClaimNotBound { phase } => format!("PVC is not Bound. phase: {phase}").into(),
            Self::PodSucceeded => "Pod has completed successfully".into(),
            Self::PodFailed => "Pod has completed, but not successfully".into(),
            Self::PodReady => "Pod is Ready".into(),
            Self::PodCrashLooping { containers } => {
                format!("Containers in CrashLoop state: {}", containers.join(",")).into()
            }
            Self::PodNotReady => "Pod is running but is not Ready".into(),
            Self::PodNotScheduled => "Pod has not been scheduled".into(),
            Self::PodUnschedulable => "Pod could not be scheduled".into(),
            Self::PodPending => "Pod is in the Pending phase".into(),
            Self::PodNotObserved => "Pod phase not available".into(),
        }
    }

    pub(in crate::ready) fn waits_for(&self) -> Cow<'_, str> {
        match self {
            Self::NoClusterIp => "an address in the cluster".into(),
            Self::ClaimNotBound { phase } => format!("a volume: its phase is {phase}").into(),
            Self::PodCrashLooping { containers } => {
                format!("containers that crash: {}", containers.join(", ")).into()
            }
            Self::PodNotReady => "its containers to be ready".into(),
            Self::PodNotScheduled | Self::PodUnschedulable => "a node that takes it".into(),
            Self::PodPending => "its containers to start".into(),
            Self::PodNotObserved => "the first look of its controller".into(),
            Self::ServiceReady
            | Self::ClaimBound
            | Self::PodSucceeded
            | Self::PodFailed
            | Self::PodReady => "nothing".into(),
        }
    }
}
