//! Live objects, what is around them, and health checks.

use std::collections::BTreeMap;
use std::fmt::Debug;

use chrono::DateTime;
use fluxcd_api::meta::CustomHealthCheck;
use fluxcd_core::ready::{self, HealthChecks, Reader, Reason, WorkloadReason};
use serde::Deserialize;
use serde_json::json;

use self::around::{checked_object, health_checks, read_case, wait_case};
use self::object::{damaged, object, of_kind};
use crate::agree;
use crate::rng::Rng;

mod around;
mod object;

/// Inputs that are looked at to see what the generators reach.
const SAMPLE: u64 = 40_000;

#[test]
fn objects_are_judged_as_kstatus_judges_them() {
    agree("ready.kstatus", |rng| json!({ "object": object(rng) }));
}

#[test]
fn jobs_are_judged_as_flux_judges_them() {
    agree("ready.job", |rng| {
        let job = of_kind(rng, "batch/v1", "Job");
        json!({ "object": damaged(rng, job) })
    });
}

#[test]
fn objects_are_read_as_the_controller_reads_them() {
    agree("ready.read", read_case);
}

#[test]
fn health_checks_find_what_upstream_s_find() {
    agree("ready.cel", |rng| {
        let object = checked_object(rng);
        json!({ "object": object, "healthChecks": health_checks(rng) })
    });
}

#[test]
fn waits_end_where_upstream_s_end() {
    agree("ready.wait", wait_case);
}

#[test]
fn statuses_are_aggregated_as_upstream_aggregates_them() {
    agree("ready.aggregate", |rng| {
        let word = |rng: &mut Rng| match rng.percent(60) {
            true => "Current".to_owned(),
            false => rng
                .word("InProgress Failed Current Terminating NotFound Unknown")
                .to_owned(),
        };
        let statuses: Vec<String> = (0..rng.below(5)).map(|_| word(rng)).collect();
        json!({ "statuses": statuses, "desired": word(rng) })
    });
}

/// Without it the tests above could pass because nothing worth comparing is asked.
#[test]
fn objects_reach_every_reason_of_every_kind_and_every_error() {
    let mut hits = BTreeMap::<String, u64>::new();
    let now = DateTime::from_timestamp_nanos(1_893_456_000_000_000_000);
    for case in 0..SAMPLE {
        let object = object(&mut Rng::new(1, case));
        let kind = object["kind"].as_str().unwrap_or_default().to_owned();
        let what = match ready::compute(&object, now) {
            Ok(readiness) => format!("{kind} {}", name(&readiness.reason)),
            Err(error) => word(&error),
        };
        *hits.entry(what).or_default() += 1;
        let job = of_kind(&mut Rng::new(2, case), "batch/v1", "Job");
        if let Ok(readiness) = ready::compute_job(&job) {
            let what = format!("Flux {}", name(&readiness.reason));
            *hits.entry(what).or_default() += 1;
        }
        let input = read_case(&mut Rng::new(3, case));
        let related = input["related"].as_array().map_or(&[][..], Vec::as_slice);
        match Reader::new().read(&input["object"], related, now) {
            Err(error) => *hits.entry(word(&error)).or_default() += 1,
            Ok(readiness) => {
                if let Reason::Workload(WorkloadReason::PodsFailed(_)) = readiness.reason {
                    *hits.entry("PodsFailed".to_owned()).or_default() += 1;
                }
            }
        }
        let (object, checks) = (
            checked_object(&mut Rng::new(4, case)),
            health_checks(&mut Rng::new(5, case)),
        );
        let checks = Vec::<CustomHealthCheck>::deserialize(checks).unwrap_or_default();
        let read = HealthChecks::compile(&checks).map(|checks| checks.evaluate(&object));
        let what = match read {
            Err(error) => format!("HealthCheckError {}", word(&error)),
            Ok(None) => "Expression None".to_owned(),
            Ok(Some(Err(error))) => format!("Expression {}", word(&error)),
            Ok(Some(Ok(readiness))) => format!("Expression {}", name(&readiness.reason)),
        };
        *hits.entry(what).or_default() += 1;
    }
    let generic = "Deletion GenerationNotObserved Reconciling Stalled";
    let own = [
        ("Widget", "Ready NotReady NoRule"),
        ("ConfigMap", "AlwaysReady"),
        ("Secret", "AlwaysReady"),
        ("CronJob", "AlwaysReady"),
        ("PodDisruptionBudget", "DisruptionsComputed"),
        ("Service", "ServiceReady NoClusterIp"),
        ("PersistentVolumeClaim", "ClaimBound ClaimNotBound"),
        (
            "Pod",
            "PodSucceeded PodFailed PodReady PodCrashLooping PodNotReady PodNotScheduled PodUnschedulable PodPending PodNotObserved",
        ),
        (
            "Deployment",
            "Replicas Updated Extra Available Ready DeadlineExceeded ReplicaSetNotAvailable NotAvailable DeploymentAvailable",
        ),
        (
            "StatefulSet",
            "OnDelete Replicas Ready Extra PartitionUpdated PartitionComplete CurrentReplicas RevisionMismatch Scheduled",
        ),
        (
            "ReplicaSet",
            "ReplicaFailure Labelled Available Ready Extra ReplicaSetAvailable",
        ),
        (
            "DaemonSet",
            "NoGeneration NoObservedGeneration NoDesiredNumber CurrentNodes Updated Available Ready Scheduled",
        ),
        ("Job", "Complete Failed NotStarted Running"),
        (
            "CustomResourceDefinition",
            "Established NamesNotAccepted NotEstablished Installing",
        ),
    ];
    let mut expected: Vec<String> = own
        .iter()
        .flat_map(|(kind, reasons)| {
            let reasons = generic.split(' ').chain(reasons.split(' '));
            reasons.map(move |reason| format!("{kind} {reason}"))
        })
        .collect();
    let flux = "Suspended Complete Failed NotStarted Unfinished";
    expected.extend(flux.split(' ').map(|reason| format!("Flux {reason}")));
    let expressions = "None Expression GenerationNotObserved InProgress Failed Current Undecided";
    expected.extend(
        expressions
            .split(' ')
            .map(|reason| format!("Expression {reason}")),
    );
    expected
        .extend(["Duplicate", "NoCurrent", "Parse"].map(|kind| format!("HealthCheckError {kind}")));
    let errors = "DeletionTimestamp Generation ObservedGeneration Conditions Phase ContainerStatuses Crash Selector PodsFailed";
    expected.extend(errors.split(' ').map(str::to_owned));
    let missing: Vec<_> = expected
        .iter()
        .filter(|what| hits.get(*what).copied().unwrap_or_default() < 3)
        .collect();
    assert!(missing.is_empty(), "not reached: {missing:?}");
}

/// The innermost word of a reason: `Workload(Fewer { counted: Ready, ..` is `Ready`.
fn name(reason: &Reason) -> String {
    let text = format!("{reason:?}");
    let text = match text.split_once("counted: ") {
        Some((_, counted)) => counted,
        None => ["Core(", "Workload(", "Job(", "Definition(", "Expression("]
            .iter()
            .find_map(|lead| text.strip_prefix(lead))
            .unwrap_or(&text),
    };
    first_word(text)
}

/// The variant of an error.
fn word(error: &impl Debug) -> String {
    first_word(&format!("{error:?}"))
}

fn first_word(text: &str) -> String {
    let end = text.find(|c: char| !c.is_alphanumeric());
    text[..end.unwrap_or(text.len())].to_owned()
}
