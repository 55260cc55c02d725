//! What is read is written back: samples, and objects made out of the CRD facts.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    missing_docs
)]

use std::path::Path;

use fluxcd_api::object::FluxObject;
use fluxcd_api::registry;
use fluxcd_api::resource::FluxResource;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::generate::{Choices, Node};

mod generate;

fn directory(path: &str) -> Vec<(String, Value)> {
    let mut files: Vec<_> = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(path))
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap();
            (
                path.file_stem().unwrap().to_string_lossy().into_owned(),
                serde_json::from_str(&text).unwrap(),
            )
        })
        .collect();
    files.sort_by(|left, right| left.0.cmp(&right.0));
    files
}

fn assert_round_trip(name: &str, value: &Value) -> FluxObject {
    let object = FluxObject::decode(value.clone())
        .unwrap_or_else(|error| panic!("{name}: {error}\n{value:#}"));
    assert!(
        !matches!(object, FluxObject::Unknown(_)),
        "{name} is not known"
    );
    let encoded = object.encode().unwrap();
    assert_eq!(&encoded, value, "{name}");
    assert_eq!(FluxObject::decode(encoded).unwrap(), object, "{name}");
    object
}

#[test]
fn every_sample_is_written_back_unchanged() {
    for (name, value) in directory("tests/samples") {
        assert_round_trip(&name, &value);
    }
}

#[test]
fn there_is_a_sample_of_every_kind_version() {
    let samples = directory("tests/samples");
    for entry in registry::ALL {
        let found = samples.iter().any(|(_, value)| {
            value["apiVersion"] == entry.api_version().as_str() && value["kind"] == entry.kind
        });
        assert!(found, "no sample of {} {}", entry.kind, entry.version);
    }
}

#[test]
fn every_kind_version_has_a_file_of_its_own() {
    for entry in registry::ALL {
        let group = entry
            .group
            .trim_end_matches(".fluxcd.io")
            .trim_end_matches(".toolkit")
            .replace('.', "_");
        let mut file = String::new();
        for letter in entry.kind.replace("OCI", "Oci").chars() {
            if letter.is_uppercase() && !file.is_empty() {
                file.push('_');
            }
            file.extend(letter.to_lowercase());
        }
        let path = format!("src/{group}/{}/{file}.rs", entry.version);
        assert!(
            Path::new(env!("CARGO_MANIFEST_DIR")).join(&path).is_file(),
            "{path} is missing"
        );
    }
}

#[test]
fn every_sample_shows_what_it_holds_in_the_common_view() {
    for (name, value) in directory("tests/samples") {
        let object = FluxObject::decode(value.clone()).unwrap();
        let text = |pointer: &str| value.pointer(pointer).and_then(Value::as_str);
        assert_eq!(object.kind(), text("/kind").unwrap(), "{name}");
        assert_eq!(object.api_version(), text("/apiVersion").unwrap(), "{name}");
        assert_eq!(object.name(), text("/metadata/name").unwrap(), "{name}");
        assert_eq!(object.namespace(), text("/metadata/namespace"), "{name}");
        assert_eq!(
            object
                .interval()
                .map(|interval| interval.to_string())
                .as_deref(),
            text("/spec/interval"),
            "{name}"
        );
        assert_eq!(
            object
                .timeout()
                .map(|timeout| timeout.to_string())
                .as_deref(),
            text("/spec/timeout"),
            "{name}"
        );
        let length = |pointer: &str| {
            value
                .pointer(pointer)
                .and_then(Value::as_array)
                .map_or(0, Vec::len)
        };
        assert_eq!(
            object.conditions().len(),
            length("/status/conditions"),
            "{name}"
        );
        assert_eq!(
            object.depends_on().len(),
            length("/spec/dependsOn"),
            "{name}"
        );
        let generation = value
            .pointer("/status/observedGeneration")
            .and_then(Value::as_i64);
        assert_eq!(object.observed_generation(), generation, "{name}");
        assert_eq!(
            object.last_handled_reconcile_at(),
            text("/status/lastHandledReconcileAt"),
            "{name}"
        );
        let disabled = text("/metadata/annotations/source.extensions.fluxcd.io~1reconcile")
            == Some("disabled");
        let suspended = value
            .pointer("/spec/suspend")
            .and_then(Value::as_bool)
            .unwrap_or(disabled);
        assert_eq!(object.suspended(), suspended, "{name}");
        let source = [
            "/spec/sourceRef",
            "/spec/chartRef",
            "/spec/chart/spec/sourceRef",
            "/spec/imageRepositoryRef",
            "/spec/sources/0",
        ]
        .iter()
        .find_map(|pointer| text(&format!("{pointer}/name")));
        assert_eq!(
            object.source_ref().map(|source| source.name).as_deref(),
            source,
            "{name}"
        );
    }
}

/// The kind versions of a minor with the shapes of their objects.
fn shapes(minor: &str) -> Vec<(String, String, Node)> {
    let mut shapes = Vec::new();
    for (_, file) in directory(&format!("../conformance/crds/{minor}")) {
        for version in file["versions"].as_array().unwrap() {
            let api_version = format!(
                "{}/{}",
                file["group"].as_str().unwrap(),
                version["name"].as_str().unwrap()
            );
            let node = Node::of(version["fields"].as_object().unwrap());
            shapes.push((api_version, file["kind"].as_str().unwrap().to_owned(), node));
        }
    }
    shapes
}

#[test]
fn generated_objects_of_both_minors_are_written_back_unchanged() {
    for minor in ["2.9", "2.10"] {
        for (api_version, kind, node) in shapes(minor) {
            let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
                cases: 200,
                failure_persistence: None,
                ..ProptestConfig::default()
            });
            let choices = proptest::collection::vec(any::<u8>(), 0..600);
            runner
                .run(&choices, |choices| {
                    let value = node.object(&api_version, &kind, &mut Choices(&choices));
                    assert_round_trip(&kind, &value);
                    Ok(())
                })
                .unwrap_or_else(|error| panic!("{minor} {kind}: {error}"));
        }
    }
}

/// Puts a member that no type knows into every object below, but not into maps and free-form values, which keep it.
fn with_news(value: &Value, node_path: &str, paths: &[String]) -> Value {
    match value {
        Value::Object(members) => {
            let mut changed: serde_json::Map<_, _> = members
                .iter()
                .map(|(name, below)| {
                    let path = if node_path.is_empty() {
                        name.clone()
                    } else {
                        format!("{node_path}.{name}")
                    };
                    (name.clone(), with_news(below, &path, paths))
                })
                .collect();
            let has_members = paths
                .iter()
                .any(|path| path.starts_with(&format!("{node_path}.")));
            let known = node_path.is_empty() || (has_members && !node_path.starts_with("metadata"));
            if known {
                changed.insert("memberOfTomorrow".to_owned(), json!({ "a": [1] }));
            }
            Value::Object(changed)
        }
        Value::Array(items) => items
            .iter()
            .map(|item| with_news(item, &format!("{node_path}[]"), paths))
            .collect(),
        other => other.clone(),
    }
}

#[test]
fn members_of_a_later_flux_are_ignored_wherever_they_stand() {
    let files = directory("../conformance/crds/2.10");
    for (name, value) in directory("tests/samples") {
        let file = &files
            .iter()
            .find(|(_, file)| file["kind"] == value["kind"])
            .unwrap()
            .1;
        let version = value["apiVersion"]
            .as_str()
            .unwrap()
            .rsplit('/')
            .next()
            .unwrap();
        let versions = file["versions"].as_array().unwrap();
        let version = versions
            .iter()
            .find(|candidate| candidate["name"] == version)
            .unwrap();
        let paths: Vec<String> = version["fields"]
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect();
        let newer = with_news(&value, "", &paths);
        assert_ne!(newer, value);
        assert_eq!(
            FluxObject::decode(newer).unwrap().encode().unwrap(),
            value,
            "{name}"
        );
    }
}

#[test]
fn an_object_without_spec_is_a_fragment_but_for_external_artifacts() {
    for entry in registry::ALL {
        let value = json!({ "apiVersion": entry.api_version(), "kind": entry.kind, "metadata": { "name": "a" } });
        let decoded = FluxObject::decode(value.clone());
        if entry.kind == "ExternalArtifact" {
            assert_eq!(decoded.unwrap().encode().unwrap(), value);
        } else {
            assert!(
                decoded
                    .unwrap_err()
                    .to_string()
                    .contains("missing field `spec`"),
                "{}",
                entry.kind
            );
        }
    }
}

#[test]
fn durations_come_back_in_the_form_of_go() {
    let mut value = directory("tests/samples")
        .into_iter()
        .find(|(name, _)| name == "kustomization_v1")
        .unwrap()
        .1;
    value["spec"]["interval"] = json!("90m");
    let encoded = FluxObject::decode(value).unwrap().encode().unwrap();
    assert_eq!(encoded["spec"]["interval"], "1h30m0s");
}

proptest! {
    #[test]
    fn no_value_makes_the_decoder_panic(choices in proptest::collection::vec(any::<u8>(), 0..200), at in any::<prop::sample::Index>()) {
        let (api_version, kind, node) = {
            let mut shapes = shapes("2.10");
            let index = at.index(shapes.len());
            shapes.swap_remove(index)
        };
        let mut value = node.object(&api_version, &kind, &mut Choices(&choices));
        // Break one member of the spec by giving it another shape.
        if let Some(spec) = value["spec"].as_object_mut() {
            let names: Vec<_> = spec.keys().cloned().collect();
            if !names.is_empty() {
                spec.insert(names[at.index(names.len())].clone(), json!([[{}], null]));
            }
        }
        if let Err(error) = FluxObject::decode(value) {
            prop_assert!(error.path().is_some_and(|path| path.starts_with("spec")));
        }
    }
}
