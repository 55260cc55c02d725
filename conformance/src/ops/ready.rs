use chrono::{DateTime, Utc};
use fluxcd_core::ready::{self, Error, Reader, Readiness, Status};
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
    Ok(match Reader::new().read(object(input)?, related, now()) {
        Ok(readiness) => json!({
            "status": readiness.status.as_str(),
            "message": readiness.message(),
        }),
        Err(error) => unknown(&error),
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
    let mut result = json!({
        "status": readiness.status.as_str(),
        "message": readiness.message(),
    });
    if let Some(condition) = readiness.condition() {
        result["condition"] = json!(condition.kind);
        result["reason"] = json!(condition.reason);
    }
    result
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

/// Of the errors only that of an unknown phase has a text that is a contract.
pub(super) fn contract<'a>(kind: &str, message: &'a str) -> &'a str {
    match kind {
        "phase" => message,
        _ => "",
    }
}
