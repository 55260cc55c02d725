//! Objects as an expression sees them: typed ones that Go turned back into maps.
//!
//! Go knows no absent text, number, list or map: in most fields, one that is empty is left out, however it was written.
//! `suspend: false` is not there, and `dep.spec.suspend == true` an error.
//!
//! Source: k8s.io/apimachinery v0.36.2: `pkg/runtime/converter.go (ToUnstructured)`, and the tags of the types of both
//! kinds.

use serde::Serialize;
use serde_json::{Map, Value, json};

/// The object itself, which its controller reads from its cache, with its type.
pub(super) fn of(object: &impl Serialize) -> Value {
    let mut value = serde_json::to_value(object).unwrap_or_default();
    if let Some(members) = value.as_object_mut() {
        // Parts of every object, which Go cannot leave out.
        members.entry("spec").or_insert_with(|| json!({}));
        members.entry("status").or_insert_with(|| json!({}));
        prune("", members);
    }
    value
}

/// Another object, read from the API server, whose answers to typed clients lose the type.
pub(super) fn without_type(object: &impl Serialize) -> Value {
    let mut value = of(object);
    if let Some(members) = value.as_object_mut() {
        members.remove("apiVersion");
        members.remove("kind");
    }
    value
}

/// Takes away what is empty and may be left out; `of` is the field that holds the members.
fn prune(of: &str, members: &mut Map<String, Value>) {
    // Times that Go cannot leave out.
    let times: &[&str] = match of {
        "history" if members.contains_key("chartName") => &["deleted"],
        "testHooks" => &["lastCompleted", "lastStarted"],
        _ => &[],
    };
    for time in times {
        members.entry(*time).or_insert(Value::Null);
    }
    members.retain(|name, value| {
        if is_foreign(of, name) {
            return name == "values" || !value.as_object().is_some_and(Map::is_empty);
        }
        match value {
            Value::Object(hooks) if name == "testHooks" => {
                for members in hooks.values_mut().filter_map(Value::as_object_mut) {
                    prune(name, members);
                }
            }
            Value::Object(members) => prune(name, members),
            Value::Array(items) => {
                for members in items.iter_mut().filter_map(Value::as_object_mut) {
                    prune(name, members);
                }
            }
            _ => {}
        }
        !is_empty(value) || is_kept(of, name)
    });
}

/// Maps with names of the user, and what no type describes.
fn is_foreign(of: &str, name: &str) -> bool {
    match name {
        "annotations" | "fieldsV1" | "labels" | "substitute" | "values" => true,
        "metadata" => of == "history",
        _ => false,
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Bool(true) | Value::Object(_) => false,
    }
}

/// The fields that Go writes in any case, or can tell from absent ones.
fn is_kept(of: &str, name: &str) -> bool {
    match of {
        "target" => false,
        "conditions" => name != "observedGeneration",
        "history" => matches!(
            name,
            "chartName"
                | "chartVersion"
                | "configDigest"
                | "deleted"
                | "digest"
                | "lastReconciledStatus"
                | "name"
                | "namespace"
                | "status"
                | "totalReconciliations"
                | "version"
        ),
        "install" => name == "serverSideApply",
        "test" => name == "filters",
        "testHooks" => name != "phase",
        "metadata" => name == "deletionGracePeriodSeconds",
        "remediation" => matches!(
            name,
            "ignoreTestFailures" | "remediateLastFailure" | "strategy"
        ),
        "" => false,
        _ => {
            matches!(
                name,
                "blockOwnerDeletion"
                    | "chart"
                    | "controller"
                    | "current"
                    | "deletionPropagation"
                    | "entries"
                    | "id"
                    | "kind"
                    | "maxHistory"
                    | "name"
                    | "patch"
                    | "paths"
                    | "persistentClient"
                    | "provider"
                    | "prune"
                    | "v"
            ) || name == "apiVersion" && of == "healthCheckExprs"
        }
    }
}
