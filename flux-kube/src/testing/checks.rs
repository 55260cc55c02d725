//! What must hold for an object before it is stored, and what is made of it.

use base64::Engine as _;
use serde_json::Value;

use super::json::{self as at, text};
use super::kinds::{Origin, Served};
use super::refusal::Refusal;
use super::state::Id;

/// Name and namespace of a body are those of the address.
pub(super) fn check_identity(id: &Id, body: &Value) -> Result<(), Refusal> {
    let namespace = text(body, "/metadata/namespace");
    if !namespace.is_empty() && namespace != id.0 {
        return Err(Refusal::bad_request(
            "the namespace of the provided object does not match the namespace sent on the request",
        ));
    }
    let name = text(body, "/metadata/name");
    if !name.is_empty() && name != id.1 {
        return Err(Refusal::bad_request(format!(
            "the name of the object ({name}) does not match the name on the URL ({})",
            id.1
        )));
    }
    Ok(())
}

pub(super) fn check_finalizers(
    kind: &Served,
    id: &Id,
    live: &Value,
    new: &Value,
) -> Result<(), Refusal> {
    let list = |object: &Value| {
        let list = object
            .pointer("/metadata/finalizers")
            .and_then(Value::as_array);
        let list = list.into_iter().flatten().filter_map(Value::as_str);
        list.map(str::to_owned).collect::<Vec<_>>()
    };
    let old = list(live);
    let added: Vec<_> = list(new)
        .into_iter()
        .filter(|name| !old.contains(name))
        .collect();
    if text(live, "/metadata/deletionTimestamp").is_empty() || added.is_empty() {
        return Ok(());
    }
    let added: Vec<_> = added.iter().map(|name| format!("\"{name}\"")).collect();
    let problem = format!(
        "Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{{{}}}",
        added.join(", ")
    );
    Err(Refusal::invalid(
        kind,
        &id.1,
        "metadata.finalizers",
        &problem,
    ))
}

/// Where a schema names a type, there is no null.
pub(super) fn check_nulls(kind: &Served, id: &Id, new: &Value) -> Result<(), Refusal> {
    let Origin::Custom {
        schema: Some(schema),
    } = &kind.origin
    else {
        return Ok(());
    };
    let mut found = Vec::new();
    find_nulls(schema, new, "", &mut found);
    let problems = found.iter().map(|(field, type_)| {
        let problem =
            format!("Invalid value: \"null\": {field} in body must be of type {type_}: \"null\"");
        (field.as_str(), problem)
    });
    let problems: Vec<_> = problems.collect();
    match problems.is_empty() {
        true => Ok(()),
        false => Err(Refusal::invalid_all(kind, &id.1, &problems)),
    }
}

fn find_nulls(schema: &Value, value: &Value, path: &str, found: &mut Vec<(String, String)>) {
    let type_ = text(schema, "/type");
    if value.is_null() && !type_.is_empty() {
        found.push((path.to_owned(), type_.to_owned()));
    }
    for (name, below) in value.as_object().into_iter().flatten() {
        if let Some(schema) = schema.get("properties").and_then(|all| all.get(name)) {
            let path = if path.is_empty() {
                name.clone()
            } else {
                format!("{path}.{name}")
            };
            find_nulls(schema, below, &path, found);
        }
    }
}

/// Whether two objects ask for the same: only then the generation stays.
pub(super) fn is_same_wish(kind: &Served, live: &Value, new: &Value) -> bool {
    let wish = |object: &Value| {
        let mut object = object.clone();
        at::remove(&mut object, &["metadata"]);
        if kind.status {
            at::remove(&mut object, &["status"]);
        }
        object
    };
    wish(live) == wish(new)
}

/// Text of a Secret becomes data.
pub(super) fn fold_text(kind: &Served, object: &mut Value) {
    if kind.key() != "/secrets" {
        return;
    }
    if let Some(Value::Object(plain)) = at::remove(object, &["stringData"]) {
        for (name, value) in plain {
            let text = value.as_str().unwrap_or_default();
            let encoded = base64::engine::general_purpose::STANDARD.encode(text);
            at::set(object, &["data", &name], encoded);
        }
    }
}

/// What is empty is not stored, where it means the same.
pub(super) fn drop_empty(kind: &Served, object: &mut Value) {
    if !matches!(kind.origin, Origin::Custom { schema: Some(_) }) {
        drop_nulls(object);
    }
    let metadata = ["labels", "annotations", "finalizers", "ownerReferences"];
    let metadata = metadata.map(|field| vec!["metadata", field]).into_iter();
    let data = matches!(kind.key().as_str(), "/configmaps" | "/secrets");
    let data = ["data", "binaryData"]
        .into_iter()
        .filter(|_| data)
        .map(|field| vec![field]);
    for path in metadata.chain(data).collect::<Vec<_>>() {
        let is_empty = |value: &Value| match value {
            Value::Object(map) => map.is_empty(),
            Value::Array(items) => items.is_empty(),
            value => value.is_null(),
        };
        if object
            .pointer(&format!("/{}", path.join("/")))
            .is_some_and(is_empty)
        {
            at::remove(object, &path);
        }
    }
}

fn drop_nulls(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.retain(|_, value| !value.is_null());
            map.values_mut().for_each(drop_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(drop_nulls),
        _ => {}
    }
}
