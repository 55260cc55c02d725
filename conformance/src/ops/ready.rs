use chrono::{DateTime, Utc};
use fluxcd_api::meta::CustomHealthCheck;
use fluxcd_core::inventory::ObjectId;
use fluxcd_core::ready::{
    self, Decision, Error, HealthCheckError, HealthChecks, OnFailure, Reader, Readiness, State,
    Status, Time, Wait,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Failure, text};

pub(super) fn kstatus(input: &Value) -> Result<Value, Failure> {
    match ready::compute(object(input)?, now()) {
        Ok(readiness) => Ok(full(&readiness)),
        Err(error) => Err(Failure::new(kind(&error), error)),
    }
}

pub(super) fn job(input: &Value) -> Result<Value, Failure> {
    Ok(match ready::compute_job(object(input)?) {
        Ok(readiness) => full(&readiness),
        Err(error) => json!({
            "status": Status::Unknown.as_str(),
            "message": format!("Failed to compute job status: {error}"),
        }),
    })
}

pub(super) fn read(input: &Value) -> Result<Value, Failure> {
    let related = match input.get("related") {
        None => &[],
        Some(related) => related
            .as_array()
            .ok_or_else(|| Failure::bad_input("related: no list"))?
            .as_slice(),
    };
    let reader = Reader::with_health_checks(health_checks(input)?);
    Ok(match reader.read(object(input)?, related, now()) {
        Ok(readiness) => json!({
            "status": readiness.status.as_str(),
            "message": readiness.message(),
        }),
        Err(error) => unknown(&error),
    })
}

pub(super) fn cel(input: &Value) -> Result<Value, Failure> {
    let checks = health_checks(input)?;
    Ok(match checks.evaluate(object(input)?) {
        None => json!({"supported": false}),
        Some(Ok(readiness)) => json!({"supported": true, "status": readiness.status.as_str()}),
        Some(Err(error)) => json!({
            "supported": true,
            "status": Status::Unknown.as_str(),
            "cause": kind(&error),
        }),
    })
}

fn health_checks(input: &Value) -> Result<HealthChecks, Failure> {
    let mut checks = input
        .get("healthChecks")
        .cloned()
        .unwrap_or_else(|| json!([]));
    // The API server lets no check in without it, upstream's function does.
    let list = checks.as_array_mut().into_iter().flatten();
    for check in list.filter_map(Value::as_object_mut) {
        check.entry("current").or_insert_with(|| json!(""));
    }
    let checks = Vec::<CustomHealthCheck>::deserialize(checks).map_err(Failure::bad_input)?;
    HealthChecks::compile(&checks).map_err(|error| {
        let kind = match error {
            HealthCheckError::Duplicate { .. } => "duplicate",
            HealthCheckError::NoCurrent { .. } => "missing-current",
            HealthCheckError::Parse { .. } => "parse",
            _ => "unclassified",
        };
        Failure::new(kind, error)
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Script {
    objects: Vec<String>,
    #[serde(default)]
    ttl: Vec<String>,
    #[serde(default)]
    blind: bool,
    #[serde(default)]
    fail_fast: bool,
    #[serde(default)]
    changes: Vec<Change>,
}

#[derive(Deserialize)]
struct Change {
    object: usize,
    status: String,
    #[serde(default)]
    error: String,
}

/// Polls see nothing at first, then one change each, and then the time is over.
pub(super) fn wait(input: &Value) -> Result<Value, Failure> {
    let script = Script::deserialize(input).map_err(Failure::bad_input)?;
    let ids = |texts: &[String]| {
        let ids = texts.iter().map(|text| ObjectId::parse(text));
        ids.collect::<Result<Vec<_>, _>>()
            .map_err(Failure::bad_input)
    };
    let objects = ids(&script.objects)?;
    let on_failure = match script.fail_fast {
        true => OnFailure::Stop,
        false => OnFailure::WaitForOthers,
    };
    let mut wait = Wait::new(objects.clone())
        .with_ttl(ids(&script.ttl)?)
        .on_failure(on_failure);
    if !script.blind {
        for id in &objects {
            wait.observe(id, Status::Unknown);
        }
        for change in &script.changes {
            if wait.decide(Time::Left) != Decision::Wait {
                break;
            }
            let id = objects
                .get(change.object)
                .ok_or_else(|| Failure::bad_input("no such object"))?;
            let error = Some(&change.error).filter(|error| !error.is_empty());
            let (status, error) = (status(&change.status)?, error.cloned());
            wait.observe(id, State { status, error });
        }
    }
    let decision = match wait.decide(Time::Left) {
        Decision::Wait => wait.decide(Time::Over),
        decision => decision,
    };
    Ok(match decision {
        Decision::Failed(unready) | Decision::TimedOut(unready) => {
            json!({"message": unready.to_string()})
        }
        Decision::Wait | Decision::Done => json!({}),
    })
}

pub(super) fn aggregate(input: &Value) -> Result<Value, Failure> {
    let statuses = input.get("statuses").and_then(Value::as_array);
    let statuses = statuses.ok_or_else(|| Failure::bad_input("statuses: no list"))?;
    let statuses = statuses
        .iter()
        .map(|word| status(word.as_str().unwrap_or_default()))
        .collect::<Result<Vec<_>, _>>()?;
    let desired = status(text(input, "desired")?)?;
    Ok(json!({"status": ready::aggregate(statuses, desired).as_str()}))
}

/// Only the age of unschedulable Pods is held against the time: those of the vectors are of 2000 or 2090.
fn now() -> DateTime<Utc> {
    DateTime::from_timestamp_nanos(1_893_456_000_000_000_000)
}

fn object(input: &Value) -> Result<&Value, Failure> {
    let object = input.get("object").filter(|object| object.is_object());
    object.ok_or_else(|| Failure::bad_input("object: no map"))
}

fn status(word: &str) -> Result<Status, Failure> {
    const ALL: [Status; 6] = [
        Status::InProgress,
        Status::Failed,
        Status::Current,
        Status::Terminating,
        Status::NotFound,
        Status::Unknown,
    ];
    let found = ALL.into_iter().find(|status| status.as_str() == word);
    found.ok_or_else(|| Failure::bad_input(format!("{word}: no status")))
}

fn full(readiness: &Readiness) -> Value {
    let (status, message) = (readiness.status.as_str(), readiness.message());
    match readiness.condition() {
        None => json!({"status": status, "message": message}),
        Some(condition) => json!({
            "status": status,
            "message": message,
            "condition": condition.kind,
            "reason": condition.reason,
        }),
    }
}

fn unknown(error: &Error) -> Value {
    json!({"status": Status::Unknown.as_str(), "message": "", "cause": kind(error)})
}

fn kind(error: &Error) -> &'static str {
    match error {
        Error::DeletionTimestamp => "deletion-timestamp",
        Error::Generation => "generation",
        Error::ObservedGeneration => "observed-generation",
        Error::Conditions(_) => "conditions",
        Error::Phase(_) => "phase",
        Error::ContainerStatuses => "container-statuses",
        Error::Crash => "panic",
        Error::Selector(_) => "selector",
        Error::Expression(_) => "expression",
        _ => "unclassified",
    }
}

/// The texts that are a contract: that of an unknown phase, and those of health checks up to the error of an expression,
/// which the room of expressions answers for.
pub(super) fn contract<'a>(kind: &str, message: &'a str) -> &'a str {
    match kind {
        "phase" | "duplicate" | "missing-current" => message,
        "parse" => match message.match_indices(": failed to ").nth(1) {
            Some((end, _)) => message.get(..end).unwrap_or(message),
            None => message,
        },
        _ => "",
    }
}
