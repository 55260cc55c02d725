use fluxcd_api::kustomize::v1::Kustomization;
use fluxcd_api::meta::{NamespacedObjectKindReference, ResourceInventory, ResourceRef};
use fluxcd_core::FluxVersion;
use fluxcd_core::inventory::{self, Action, Error, Finalization, ObjectId, Resource};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::{Failure, text};

pub(super) fn id(input: &Value) -> Result<Value, Failure> {
    let resource = Resource::of(input.get("object").unwrap_or(&Value::Null));
    let entry = resource.to_entry();
    Ok(json!({"id": entry.id, "v": entry.version, "subject": resource.id.subject()}))
}

pub(super) fn parse(input: &Value) -> Result<Value, Failure> {
    let id = ObjectId::parse(text(input, "id")?).map_err(failure)?;
    Ok(json!({
        "namespace": id.namespace,
        "name": id.name,
        "group": id.group,
        "kind": id.kind,
        "id": id.to_string(),
    }))
}

pub(super) fn diff(input: &Value) -> Result<Value, Failure> {
    let (old, new) = (entries(input, "old")?, entries(input, "new")?);
    let stale = inventory::diff(&old, &new, FluxVersion::V2_9).map_err(failure)?;
    Ok(json!({"stale": objects(&stale)}))
}

pub(super) fn list(input: &Value) -> Result<Value, Failure> {
    let listed = inventory::list(&entries(input, "entries")?).map_err(failure)?;
    Ok(json!({"objects": objects(&listed)}))
}

pub(super) fn merge(input: &Value) -> Result<Value, Failure> {
    let mut merged = entries(input, "entries")?;
    inventory::merge(&mut merged, &resources(input, "objects")?);
    Ok(json!({"entries": merged.entries}))
}

pub(super) fn references(input: &Value) -> Result<Value, Failure> {
    let checks: Vec<NamespacedObjectKindReference> = decode(input, "healthChecks")?;
    let ids = inventory::references(&checks).map_err(failure)?;
    let ids: Vec<_> = ids.iter().map(ObjectId::to_string).collect();
    Ok(json!({"ids": ids}))
}

pub(super) fn finalize(input: &Value) -> Result<Value, Failure> {
    let mut object = input.get("object").cloned().unwrap_or_default();
    if let Some(spec) = object.get_mut("spec").and_then(Value::as_object_mut) {
        // Required, but of no concern here.
        spec.entry("interval").or_insert(json!("1m"));
        spec.entry("prune").or_insert(json!(false));
        spec.entry("sourceRef")
            .or_insert(json!({"kind": "GitRepository", "name": "x"}));
    }
    let object: Kustomization = serde_json::from_value(object).map_err(Failure::bad_input)?;
    let inventory = object
        .status
        .as_ref()
        .and_then(|status| status.inventory.as_ref());
    let decision = Finalization::decide(&object.spec, inventory);
    Ok(json!({"delete": matches!(decision, Finalization::Delete { .. })}))
}

pub(super) fn survivors(input: &Value) -> Result<Value, Failure> {
    let stale = resources(input, "stale")?;
    let actions: Vec<Value> = decode(input, "actions")?;
    let actions = actions.iter().map(|entry| {
        let action = match text(entry, "action")? {
            "deleted" => Action::Deleted,
            "skipped" => Action::Skipped,
            _ => Action::Unknown,
        };
        let id = ObjectId::parse(text(entry, "id")?).map_err(Failure::bad_input)?;
        Ok((id, action))
    });
    let actions = actions.collect::<Result<Vec<_>, Failure>>()?;
    let survivors = inventory::survivors(&stale, &actions);
    let ids: Vec<_> = survivors
        .iter()
        .map(|resource| resource.id.to_string())
        .collect();
    Ok(json!({"survivors": ids}))
}

fn entries(input: &Value, key: &str) -> Result<ResourceInventory, Failure> {
    let entries: Vec<ResourceRef> = decode(input, key)?;
    Ok(ResourceInventory { entries })
}

fn resources(input: &Value, key: &str) -> Result<Vec<Resource>, Failure> {
    let objects: Vec<Value> = decode(input, key)?;
    Ok(objects.iter().map(Resource::of).collect())
}

fn decode<T: DeserializeOwned>(input: &Value, key: &str) -> Result<T, Failure> {
    let value = input.get(key).cloned().unwrap_or_else(|| json!([]));
    serde_json::from_value(value).map_err(Failure::bad_input)
}

fn objects(resources: &[Resource]) -> Vec<Value> {
    let object = |resource: &Resource| {
        json!({
            "group": resource.id.group,
            "version": resource.version,
            "kind": resource.id.kind,
            "namespace": resource.id.namespace,
            "name": resource.id.name,
        })
    };
    resources.iter().map(object).collect()
}

fn failure(error: Error) -> Failure {
    let kind = match error {
        Error::ApiVersion { .. } => "api-version",
        _ => "id",
    };
    Failure::new(kind, error)
}
