use chrono::DateTime;
use fluxcd_api::event::v1beta1::Severity;
use fluxcd_api::kustomize::v1::{Kustomization, KustomizationSpec};
use fluxcd_api::meta::{Condition, Duration, Effective, time};
use fluxcd_core::FluxVersion;
use fluxcd_core::condition::Conditions;
use fluxcd_core::kustomization::{Ending, Health, Progress, RunEvent, Step};
use fluxcd_core::schedule::{Requeue, Timing};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Failure, integer, text};

pub(super) fn ending(input: &Value) -> Result<Value, Failure> {
    let spec = input.get("spec").unwrap_or(&Value::Null);
    let spec = KustomizationSpec {
        interval: duration(text(spec, "interval")?)?,
        retry_interval: spec
            .get("retryInterval")
            .and_then(Value::as_str)
            .map(duration)
            .transpose()?,
        suspend: spec.get("suspend").and_then(Value::as_bool),
        ..KustomizationSpec::default()
    };
    let (interval, suspended) = (spec.interval, spec.suspend == Some(true));
    let timing = Timing::from(&Kustomization::new("app", spec));
    let generation = integer(input, "generation")?;
    let list = input.get("conditions").unwrap_or(&Value::Null);
    let list = Vec::<Condition>::deserialize(list).map_err(Failure::bad_input)?;
    let mut conditions = Conditions::new(list, generation, DateTime::UNIX_EPOCH);

    let timeout = timing.timeout.map_or(Duration::ZERO, |it| it.duration);
    for progress in progress(input)? {
        progress.mark(&mut conditions, text(input, "revision")?, timeout);
    }
    if input.get("health").is_some() {
        Health::Unchecked.mark(&mut conditions);
    }
    let ending = read_ending(input)?;
    let wait = Effective::default_value(duration(text(input, "requeueDependency")?)?);
    let conclusion = ending.conclude(&timing, wait, FluxVersion::V2_9);
    let applied = conclusion.apply(&mut conditions);

    let mut events: Vec<RunEvent> = conclusion.event.into_iter().collect();
    if applied.is_ready && !suspended {
        events.push(RunEvent::finished(Duration::ZERO, interval));
    }
    let events = events.iter().map(|event| {
        let type_ = match event.severity {
            Severity::Error => "Warning",
            _ => "Normal",
        };
        json!({"type": type_, "reason": event.reason(&conditions), "message": event.message})
    });
    let observed = match applied.observes_generation {
        true => generation,
        false => integer(input, "observedGeneration")?,
    };
    Ok(json!({
        "conditions": conditions.list().iter().map(wire).collect::<Vec<_>>(),
        "events": events.collect::<Vec<_>>(),
        "history": ending.history_status(),
        "next": match conclusion.next.requeue {
            Requeue::After(time) => time.to_string(),
            other => format!("{other:?}"),
        },
        "observedGeneration": observed,
    }))
}

fn read_ending(input: &Value) -> Result<Ending<'_>, Failure> {
    let error = input
        .get("error")
        .and_then(Value::as_str)
        .unwrap_or_default();
    Ok(match text(input, "ending")? {
        "Deleted" => Ending::Deleted,
        "DeletionBlocked" => Ending::DeletionBlocked,
        "DeletionFailed" => Ending::DeletionFailed,
        "FinalizerAdded" => Ending::FinalizerAdded,
        "Suspended" => Ending::Suspended,
        "InvalidHealthChecks" => Ending::InvalidHealthChecks { error },
        "FeatureGateDisabled" => Ending::FeatureGateDisabled,
        "AccessDenied" => Ending::AccessDenied { error },
        "SourceNotFound" => Ending::SourceNotFound { error },
        "SourceFailed" => Ending::SourceFailed { error },
        "NoArtifact" => Ending::NoArtifact,
        "InvalidReadyExpression" => Ending::InvalidReadyExpression { error },
        "DependencyNotReady" => Ending::DependencyNotReady { error },
        "ArtifactNotFound" => Ending::ArtifactNotFound,
        "ArtifactChanged" => Ending::ArtifactChanged { error },
        "Failed" => Ending::Failed {
            at: step(text(input, "at")?)?,
            error,
        },
        "Succeeded" => Ending::Succeeded {
            revision: text(input, "revision")?,
        },
        other => return Err(Failure::bad_input(format!("ending: {other}"))),
    })
}

fn step(word: &str) -> Result<Step, Failure> {
    Ok(match word {
        "Status" => Step::Status,
        "Directory" => Step::Directory,
        "Fetch" => Step::Fetch,
        "Path" => Step::Path,
        "Client" => Step::Client,
        "Build" => Step::Build,
        "Apply" => Step::Apply,
        "Prune" => Step::Prune,
        other => return Err(Failure::bad_input(format!("at: {other}"))),
    })
}

/// The steps up to the last one.
fn progress(input: &Value) -> Result<&'static [Progress], Failure> {
    use Progress::{Building, DetectingDrift, Fetching};
    Ok(match input.get("progress").and_then(Value::as_str) {
        None => &[],
        Some("Fetching") => &[Fetching],
        Some("Building") => &[Fetching, Building],
        Some("DetectingDrift") => &[Fetching, Building, DetectingDrift],
        Some(other) => return Err(Failure::bad_input(format!("progress: {other}"))),
    })
}

fn duration(text: &str) -> Result<Duration, Failure> {
    Duration::parse(text).map_err(Failure::bad_input)
}

fn wire(condition: &Condition) -> Value {
    json!({
        "type": condition.type_,
        "status": condition.status,
        "reason": condition.reason,
        "message": condition.message,
        "observedGeneration": condition.observed_generation.unwrap_or_default(),
        "moved": time::to_chrono(&condition.last_transition_time) == Some(DateTime::UNIX_EPOCH),
    })
}
