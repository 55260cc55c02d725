use fluxcd_api::meta::CommonMetadata;
use fluxcd_core::ssa::normalize::{self, Error};
use fluxcd_core::ssa::{set_common_metadata, set_owner_labels};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Failure, text};

pub(super) fn metadata(input: &Value) -> Result<Value, Failure> {
    let mut object = object(input)?;
    if let Some(owner) = input.get("owner") {
        let (name, namespace) = (text(owner, "name")?, text(owner, "namespace")?);
        set_owner_labels(&mut object, "kustomize.toolkit.fluxcd.io", name, namespace);
    }
    if let Some(common) = input.get("common") {
        let common = CommonMetadata::deserialize(common).map_err(Failure::bad_input)?;
        set_common_metadata(&mut object, &common);
    }
    Ok(json!({"object": object}))
}

pub(super) fn normalize(input: &Value) -> Result<Value, Failure> {
    let mut object = object(input)?;
    let _ = normalize::normalize(&mut object).map_err(failure)?;
    Ok(json!({"object": object}))
}

pub(super) fn normalize_dry_run(input: &Value) -> Result<Value, Failure> {
    let mut object = object(input)?;
    normalize::normalize_dry_run(&mut object).map_err(failure)?;
    Ok(json!({"object": object}))
}

fn object(input: &Value) -> Result<Value, Failure> {
    let object = input.get("object").filter(|object| object.is_object());
    object
        .cloned()
        .ok_or_else(|| Failure::bad_input("object: no object"))
}

fn failure(error: Error) -> Failure {
    let kind = match error {
        Error::NotAnObject { .. } => "panic",
        _ => "normalize",
    };
    Failure::new(kind, error)
}

/// Go writes a whole number below 10^21 without a point, and with its shortest digits, so that another integer stands there.
pub(super) fn as_go_writes(result: &Value) -> Value {
    match result {
        Value::Number(number) if number.as_i64().is_none() => {
            let float = number.as_f64().filter(|float| float.abs() < 1e21);
            let text = float.map(|float| float.to_string());
            text.and_then(|text| serde_json::from_str(&text).ok())
                .unwrap_or_else(|| result.clone())
        }
        Value::Array(items) => items.iter().map(as_go_writes).collect(),
        Value::Object(members) => members
            .iter()
            .map(|(key, value)| (key.clone(), as_go_writes(value)))
            .collect(),
        other => other.clone(),
    }
}
