//! What the API server fills in is what the accessors of the types say.

use std::collections::BTreeSet;

use fluxcd_api::object::FluxObject;
use fluxcd_api::registry;
use serde::Serialize;
use serde_json::{Value, json};

use super::{install, sample, schemas, try_create};
use crate::server;

/// Defaults of a schema: path in steps, and value.
fn defaults(schema: &Value, path: &str, found: &mut Vec<(String, Value)>) {
    if let Some(value) = schema.get("default") {
        found.push((path.to_owned(), value.clone()));
    }
    for (name, schema) in schema["properties"].as_object().into_iter().flatten() {
        defaults(schema, &format!("{path}/{name}"), found);
    }
    if schema["items"].is_object() {
        defaults(&schema["items"], &format!("{path}/0"), found);
    }
}

/// A sample that has what surrounds each default, and not the value itself.
fn without(sample: &Value, kind: &str, pointer: &str) -> Value {
    let mut object = sample.clone();
    match (kind, pointer) {
        ("ImagePolicy", "/spec/digestReflectionPolicy") => {
            object["spec"].as_object_mut().unwrap().remove("interval");
        }
        ("ImagePolicy", "/spec/policy/alphabetical/order") => {
            object["spec"]["policy"] = json!({"alphabetical": {}});
        }
        ("ImagePolicy", "/spec/policy/numerical/order") => {
            object["spec"]["policy"] = json!({"numerical": {}});
        }
        ("Bucket", "/spec/provider") => {
            object["spec"].as_object_mut().unwrap().remove("sts");
        }
        _ => {}
    }
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let parent = object
        .pointer_mut(parent)
        .unwrap_or_else(|| panic!("{kind}: {pointer}"));
    parent.as_object_mut().unwrap().remove(name);
    object
}

/// Defaults without an accessor: what reads them takes an absent value as this one, or never meets an absent one.
const NOT_ASKED: &[(&str, &str)] = &[
    ("HelmChart", "/spec/verify/provider"),
    ("HelmRelease", "/spec/chart/spec/verify/provider"),
    ("HelmRelease", "/spec/uninstall/deletionPropagation"),
    ("HelmRepository", "/spec/provider"),
    ("ImagePolicy", "/spec/policy/alphabetical/order"),
    ("ImagePolicy", "/spec/policy/numerical/order"),
    ("ImageRepository", "/spec/provider"),
    ("ImageUpdateAutomation", "/spec/sourceRef/kind"),
    ("ImageUpdateAutomation", "/spec/update"),
    ("ImageUpdateAutomation", "/spec/update/strategy"),
    ("Kustomization", "/spec/force"),
    ("Kustomization", "/spec/postBuild/substituteFrom/0/optional"),
    ("OCIRepository", "/spec/verify/provider"),
];

/// What the accessor of a field says.
fn assumed(object: &FluxObject, pointer: &str) -> Option<Value> {
    fn value(value: impl Serialize) -> Option<Value> {
        Some(serde_json::to_value(value).unwrap())
    }
    match (object, pointer) {
        (FluxObject::Alert(alert), "/spec/eventSeverity") => {
            value(alert.spec.effective_event_severity().value)
        }
        (FluxObject::AlertV1Beta3(alert), "/spec/eventSeverity") => {
            value(alert.spec.effective_event_severity().value)
        }
        (FluxObject::Bucket(bucket), "/spec/provider") => {
            value(bucket.spec.effective_provider().value)
        }
        (FluxObject::Bucket(bucket), "/spec/timeout") => {
            value(bucket.spec.effective_timeout().value)
        }
        (FluxObject::GitRepository(git), "/spec/timeout") => {
            value(git.spec.effective_timeout().value)
        }
        (FluxObject::GitRepository(git), "/spec/verify/mode") => {
            value(git.spec.verify.as_ref()?.effective_mode().value)
        }
        (FluxObject::HelmChart(chart), "/spec/version") => {
            value(chart.spec.effective_version().value)
        }
        (FluxObject::HelmChart(chart), "/spec/reconcileStrategy") => {
            value(chart.spec.effective_reconcile_strategy().value)
        }
        (FluxObject::ImagePolicy(policy), "/spec/digestReflectionPolicy") => {
            value(policy.spec.effective_digest_reflection_policy().value)
        }
        (FluxObject::ImageRepository(repository), "/spec/exclusionList") => {
            value(repository.spec.effective_exclusion_list().value)
        }
        (FluxObject::Receiver(receiver), "/spec/interval") => {
            value(receiver.spec.effective_interval().value)
        }
        _ => None,
    }
}

#[tokio::test]
async fn what_the_server_fills_in_is_what_the_accessors_assume() {
    let Some(server) = server().await else { return };
    let client = server.client();
    install(&client).await;
    let schemas = schemas();
    let mut not_asked =
        BTreeSet::from_iter(NOT_ASKED.iter().map(|(kind, at)| format!("{kind} {at}")));
    for entry in registry::ALL {
        let schema = &schemas[&(entry.kind.to_owned(), entry.version.to_owned())];
        let mut found = Vec::new();
        defaults(&schema["properties"]["spec"], "/spec", &mut found);
        for (pointer, default) in found {
            let what = format!("{} {pointer}", entry.kind);
            let object = without(&sample(entry), entry.kind, &pointer);
            let filled = try_create(&client, entry, &object).await;
            let filled = filled.unwrap_or_else(|status| panic!("{what}: {}", status.message));
            assert_eq!(filled.pointer(&pointer), Some(&default), "{what}");

            // Where the type takes a field as required, the object without it is one that only the server completes.
            let Ok(object) = FluxObject::decode(object) else {
                assert!(not_asked.remove(&what), "{what}: not read");
                continue;
            };
            let filled = FluxObject::decode(filled).unwrap();
            match (assumed(&object, &pointer), assumed(&filled, &pointer)) {
                (None, None) => {
                    assert!(not_asked.remove(&what), "{what}: no accessor");
                }
                (assumed, filled) => assert_eq!(assumed, filled, "{what}"),
            }
        }
    }
    assert!(not_asked.is_empty(), "{not_asked:?}");
}

#[tokio::test]
async fn an_object_that_nobody_reconciled_says_so_in_its_status() {
    let Some(server) = server().await else { return };
    let client = server.client();
    install(&client).await;
    let schemas = schemas();
    for entry in registry::ALL {
        let schema = &schemas[&(entry.kind.to_owned(), entry.version.to_owned())];
        let default = &schema["properties"]["status"]["default"];
        let made = try_create(&client, entry, &sample(entry)).await.unwrap();
        assert_eq!(&made["status"], default, "{}", entry.kind);
        if default.is_object() {
            assert_eq!(
                default,
                &json!({"observedGeneration": -1}),
                "{}",
                entry.kind
            );
        }
    }
}
