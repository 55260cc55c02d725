use fluxcd_api::meta::DurationPattern;
use fluxcd_dialect::duration::{Duration, Error, ErrorKind};
use serde_json::{Value, json};

use super::{Failure, integer, integer_result, text};

pub(super) fn parse(input: &Value) -> Result<Value, Failure> {
    let duration = Duration::parse(text(input, "text")?).map_err(refusal)?;
    Ok(json!({"nanoseconds": integer_result(duration.as_nanos()), "text": duration.to_string()}))
}

pub(super) fn format(input: &Value) -> Result<Value, Failure> {
    let duration = Duration::from_nanos(integer(input, "nanoseconds")?);
    Ok(json!({"text": duration.to_string()}))
}

pub(super) fn decode(input: &Value) -> Result<Value, Failure> {
    let json = text(input, "json")?;
    match serde_json::from_str::<Option<Duration>>(json) {
        Ok(None) => Ok(json!({"absent": true})),
        Ok(Some(duration)) => Ok(json!({
            "nanoseconds": integer_result(duration.as_nanos()),
            "json": serde_json::to_string(&duration).map_err(Failure::bad_input)?,
        })),
        // serde's error has no kinds: ask the parser which one it was.
        Err(error) => Err(match serde_json::from_str::<String>(json) {
            Ok(text) => Duration::parse(&text).map_or_else(refusal, |_| Failure::bad_input(error)),
            Err(_) => Failure::new("not-a-string", error),
        }),
    }
}

pub(super) fn pattern(input: &Value) -> Result<Value, Failure> {
    let text = text(input, "text")?;
    Ok(json!({
        "interval": DurationPattern::Interval.matches(text),
        "timeout_no_hours": DurationPattern::TimeoutNoHours.matches(text),
    }))
}

fn refusal(error: Error) -> Failure {
    let kind = match error.kind() {
        ErrorKind::Invalid => "invalid",
        ErrorKind::MissingUnit => "missing-unit",
        ErrorKind::UnknownUnit => "unknown-unit",
        _ => "unnamed",
    };
    Failure::new(kind, error)
}
