use fluxcd_api::kustomize::v1::Kustomization;
use fluxcd_api::meta::Duration;
use fluxcd_core::schedule::{Backoff, Jitter, Setting, Timing};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Failure, integer, integer_result};

/// What a unit is counted in, so that it is exact.
const UNITS: f64 = (1_u64 << 53) as f64;

pub(super) fn kustomization(input: &Value) -> Result<Value, Failure> {
    let mut object = input.clone();
    // Go knows no required fields: what is absent or null is zero, but for a duration, which must be a text.
    let required = json!({"interval": "0s", "prune": false, "sourceRef": {"kind": "", "name": ""}});
    let spec = object.get_mut("spec").and_then(Value::as_object_mut);
    if let (Some(spec), Some(required)) = (spec, required.as_object()) {
        for (key, zero) in required {
            let member = spec.entry(key).or_insert_with(|| zero.clone());
            if member.is_null() && key != "interval" {
                *member = zero.clone();
            }
        }
    }
    let kustomization =
        Kustomization::deserialize(object).map_err(|error| Failure::new("decode", error))?;
    let timing = Timing::from(&kustomization);
    let duration = |setting: Option<Setting>| json!(setting.map(|setting| setting.duration));
    Ok(json!({
        "timeout": duration(timing.timeout),
        "retryInterval": duration(timing.retry_interval),
        "requeueAfter": duration(timing.interval),
        "deletionPolicy": kustomization.spec.effective_deletion_policy().value,
        "substituteStrategy": kustomization.spec.effective_substitute_strategy().value,
    }))
}

pub(super) fn backoff(input: &Value) -> Result<Value, Failure> {
    let nanos = |key| integer(input, key).map(Duration::from_nanos);
    let backoff = Backoff {
        min: nanos("min")?,
        max: nanos("max")?,
    };
    let failures = integer(input, "failures")?;
    let failures = u32::try_from(failures).map_err(Failure::bad_input)?;
    let delay = backoff.delay(failures);
    Ok(json!({"delay": integer_result(delay.as_nanos())}))
}

pub(super) fn jitter(input: &Value) -> Result<Value, Failure> {
    let percentage = integer(input, "percentage")?;
    let percentage = u8::try_from(percentage).map_err(Failure::bad_input)?;
    let jitter =
        Jitter::percentage(percentage).map_err(|error| Failure::new("percentage", error))?;
    let interval = Duration::from_nanos(integer(input, "interval")?);
    let unit = integer(input, "unit")? as f64 / UNITS;
    let spread = jitter.spread(interval, unit);
    Ok(json!({"interval": integer_result(spread.as_nanos())}))
}
