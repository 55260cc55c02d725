//! Fields that upstream fills before the API server does, because it would do so differently.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

/// Completes an object that went through its type.
pub(super) fn complete(object: &mut Map<String, Value>, api_version: &str, kind: &str) {
    let template: &[&str] = &["template", "spec"];
    match (api_version, kind) {
        ("v1", "Pod") => containers(object, &[]),
        ("apps/v1", "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet")
        | ("batch/v1", "Job") => {
            containers(object, template);
        }
        ("batch/v1", "CronJob") => containers(object, &["jobTemplate", "spec", "template", "spec"]),
        ("v1", "Service") => {
            if let Some(ports) = object
                .get_mut("spec")
                .and_then(|spec| spec.get_mut("ports"))
            {
                protocols(ports);
            }
        }
        ("v1", "Secret") => secret(object),
        _ => {}
    }
}

/// normalize.go (normalizePodProtoDefault).
fn containers(object: &mut Map<String, Value>, path: &[&str]) {
    let spec = path
        .iter()
        .try_fold(object.get_mut("spec"), |at, key| Some(at?.get_mut(key)));
    let Some(Value::Array(containers)) = spec.flatten().and_then(|spec| spec.get_mut("containers"))
    else {
        return;
    };
    containers
        .iter_mut()
        .filter_map(|container| container.get_mut("ports"))
        .for_each(protocols);
}

fn protocols(ports: &mut Value) {
    let ports = ports.as_array_mut().into_iter().flatten();
    for port in ports.filter_map(Value::as_object_mut) {
        port.entry("protocol").or_insert_with(|| "TCP".into());
    }
}

/// normalize.go (normalizeSecret).
fn secret(object: &mut Map<String, Value>) {
    let Some(Value::Object(plain)) = object.remove("stringData") else {
        return;
    };
    let data = object
        .entry("data")
        .or_insert_with(|| Value::Object(Map::new()));
    let Value::Object(data) = data else {
        return;
    };
    for (key, value) in plain {
        let value = value.as_str().unwrap_or_default();
        data.insert(key, STANDARD.encode(value).into());
    }
}
