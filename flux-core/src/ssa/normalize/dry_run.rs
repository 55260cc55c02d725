//! Objects that come back from a dry-run.

use serde_json::{Map, Value};

use super::convert::convert;
use super::shape::{Registration, canonical, registration};
use super::{Error, not_an_object, quantity, text};

/// Mends an object that the API server returned from a dry-run, before it is compared with the live one.
///
/// Kubernetes before 1.27 returns HorizontalPodAutoscalers of `autoscaling/v2` with a metric that is there twice and an
/// empty one at the end. Such an object goes through its type, as [`normalize`](super::normalize()) sends it, and loses
/// metrics without a type and those that are there already. Metrics are the same also where a quantity is written
/// otherwise. Any other kind is left as it is.
///
/// # Errors
///
/// A HorizontalPodAutoscaler, of whatever group, that is not built in or does not fit its type: the drift detection fails.
///
/// # Source
///
/// fluxcd/pkg ssa v0.76.1: `normalize/normalize.go` (DryRunUnstructured).
pub fn normalize_dry_run(object: &mut Value) -> Result<(), Error> {
    let Value::Object(members) = object else {
        return Ok(());
    };
    let (api_version, kind) = (text(members, "apiVersion"), text(members, "kind"));
    if kind != "HorizontalPodAutoscaler" {
        return Ok(());
    }
    let shape = match registration(api_version, kind) {
        Registration::Object(shape) => shape,
        Registration::Other => return Err(not_an_object(api_version, kind)),
        Registration::Unknown => {
            return Err(Error::Unregistered {
                api_version: api_version.to_owned(),
            });
        }
    };
    let mut converted = convert(members, shape)?.object;
    if canonical(api_version) == "autoscaling/v2" {
        distinct_metrics(&mut converted);
    }
    *members = converted;
    Ok(())
}

fn distinct_metrics(object: &mut Map<String, Value>) {
    let Some(spec) = object.get_mut("spec").and_then(Value::as_object_mut) else {
        return;
    };
    let Some(Value::Array(metrics)) = spec.get_mut("metrics") else {
        return;
    };
    let mut seen = Vec::new();
    metrics.retain(|metric| {
        let mut amounts = metric.clone();
        compare_by_amount(&mut amounts);
        let is_new = metric.get("type").is_some_and(|kind| kind != "") && !seen.contains(&amounts);
        if is_new {
            seen.push(amounts);
        }
        is_new
    });
    if metrics.is_empty() {
        spec.remove("metrics");
    }
}

/// Writes equal quantities alike.
fn compare_by_amount(metric: &mut Value) {
    let sources = metric.as_object_mut().into_iter().flat_map(Map::values_mut);
    for target in sources.filter_map(|source| source.get_mut("target")) {
        for key in ["value", "averageValue"] {
            if let Some(Value::String(text)) = target.get_mut(key)
                && let Some(amount) = quantity::amount(text)
            {
                *text = amount;
            }
        }
    }
}
