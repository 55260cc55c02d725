use chrono::DateTime;
use fluxcd_api::meta::condition::READY;
use fluxcd_api::meta::{Condition, Duration, Effective, Kind};
use fluxcd_core::condition::Conditions;
use fluxcd_core::schedule::Requeue;
use fluxcd_core::source::{ErrorClass, Outcome, StepError, StepResult, summarise};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Failure, integer, text};

pub(super) fn requeue(input: &Value) -> Result<Value, Failure> {
    let (outcome, conditions, _) = settle(input)?;
    let after = match outcome.asked.requeue {
        Requeue::After(time) => time.as_nanos() / 1_000_000_000,
        _ => 0,
    };
    Ok(json!({
        "requeue_after_s": after,
        "requeue_now": outcome.asked.requeue == Requeue::Now,
        "returned_error": outcome.returns_error,
        "set_observed_generation": outcome.observes_generation,
        "conditions": conditions.list().iter().map(wire).collect::<Vec<_>>(),
    }))
}

pub(super) fn finish(input: &Value) -> Result<Value, Failure> {
    let (settled, mut conditions, error) = settle(input)?;
    summarise(&Kind::from(text(input, "kind")?), &mut conditions);
    let text = match (settled.returns_error, settled.confirm(&conditions)) {
        (true, _) => error.map(|error| error.message),
        (false, confirmed) => {
            let ready = conditions.find(READY).map(|ready| ready.message.clone());
            confirmed.returns_error.then(|| ready.unwrap_or_default())
        }
    };
    Ok(json!({
        "conditions": conditions.list().iter().map(wire).collect::<Vec<_>>(),
        "error": text,
    }))
}

fn settle(input: &Value) -> Result<(Outcome, Conditions, Option<StepError>), Failure> {
    let result = match text(input, "result")? {
        "empty" => StepResult::Empty,
        "requeue" => StepResult::Requeue,
        "success" => StepResult::Success,
        other => return Err(Failure::bad_input(format!("result: {other}"))),
    };
    let error = input.get("error").map(step_error).transpose()?;
    let interval = Duration::from_secs(integer(input, "interval")?);
    let list = input.get("conditions").unwrap_or(&Value::Null);
    let list = Vec::<Condition>::deserialize(list).map_err(Failure::bad_input)?;
    let generation = integer(input, "generation")?;
    let mut conditions = Conditions::new(list, generation, DateTime::UNIX_EPOCH);
    let interval = Effective::default_value(interval);
    let outcome = Outcome::settle(&mut conditions, result, error.as_ref(), interval);
    Ok((outcome, conditions, error))
}

fn step_error(error: &Value) -> Result<StepError, Failure> {
    let class = match text(error, "kind")? {
        "stalling" => ErrorClass::Stalling,
        "waiting" => ErrorClass::Waiting(Duration::from_secs(integer(error, "requeue_after")?)),
        "generic" => ErrorClass::Generic,
        "generic_ignore" => ErrorClass::Ignored,
        "plain" => ErrorClass::Plain,
        other => return Err(Failure::bad_input(format!("error kind: {other}"))),
    };
    let said = |key| error.get(key).and_then(Value::as_str).unwrap_or_default();
    Ok(StepError::new(class, said("reason"), said("message")))
}

fn wire(condition: &Condition) -> Value {
    json!({
        "type": condition.type_,
        "status": condition.status,
        "reason": condition.reason,
        "message": condition.message,
    })
}
