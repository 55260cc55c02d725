//! The CustomResourceDefinitions that the types generate, against upstream's, fact by fact.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    missing_docs
)]

use std::collections::BTreeMap;

use fluxcd_api::helm::v2::HelmRelease;
use fluxcd_api::image::v1::{ImagePolicy, ImageRepository, ImageUpdateAutomation};
use fluxcd_api::kustomize::v1::Kustomization;
use fluxcd_api::notification::{v1, v1beta3};
use fluxcd_api::registry;
use fluxcd_api::source::v1::{
    Bucket, ExternalArtifact, GitRepository, HelmChart, HelmRepository, OCIRepository,
};
use fluxcd_api::source_extensions::v1beta1::ArtifactGenerator;
use kube_core::CustomResourceExt;
use serde_json::{Value, json};

mod facts;

/// The definition of each kind, in its Kubernetes form.
fn definitions() -> BTreeMap<String, Value> {
    [
        v1::Alert::crd(),
        ArtifactGenerator::crd(),
        Bucket::crd(),
        ExternalArtifact::crd(),
        GitRepository::crd(),
        HelmChart::crd(),
        HelmRelease::crd(),
        HelmRepository::crd(),
        ImagePolicy::crd(),
        ImageRepository::crd(),
        ImageUpdateAutomation::crd(),
        Kustomization::crd(),
        OCIRepository::crd(),
        v1::Provider::crd(),
        v1::Receiver::crd(),
    ]
    .into_iter()
    .map(|crd| {
        (
            crd.spec.names.kind.clone(),
            serde_json::to_value(crd).unwrap(),
        )
    })
    .collect()
}

fn report(kind: &str, differences: &[String]) -> String {
    differences
        .iter()
        .map(|difference| format!("{kind} {difference}\n"))
        .collect()
}

#[test]
fn every_definition_has_exactly_the_facts_of_flux_2_10() {
    let ours = definitions();
    let theirs = facts::read("2.10");
    assert_eq!(
        ours.keys().collect::<Vec<_>>(),
        theirs.keys().collect::<Vec<_>>()
    );
    let report: String = theirs
        .iter()
        .map(|(kind, file)| {
            report(
                kind,
                &facts::differences(&facts::of_definition(&ours[kind]), &facts::of_file(file)),
            )
        })
        .collect();
    assert!(report.is_empty(), "{}", report);
}

#[test]
fn the_fact_files_hold_what_was_counted_upstream() {
    for (minor, paths, facts) in [("2.10", 1059, 1777), ("2.9", 960, 1631)] {
        let files = facts::read(minor);
        let versions = files
            .values()
            .flat_map(|file| file["versions"].as_array().unwrap());
        let fields: Vec<_> = versions
            .flat_map(|version| version["fields"].as_object().unwrap().values())
            .collect();
        let count: usize = fields
            .iter()
            .map(|field| field.as_object().unwrap().len())
            .sum();
        assert_eq!((fields.len(), count), (paths, facts), "{minor}");
    }
}

#[test]
fn every_definition_less_the_news_of_2_10_has_exactly_the_facts_of_flux_2_9() {
    let ours = definitions();
    let (old, new) = (facts::read("2.9"), facts::read("2.10"));
    for (kind, file) in &old {
        let (old, new) = (facts::of_file(file), facts::of_file(&new[kind]));
        let mut ours = facts::of_definition(&ours[kind]);
        for place in old
            .keys()
            .chain(new.keys())
            .filter(|place| old.get(*place) != new.get(*place))
        {
            match old.get(place) {
                Some(value) => ours.insert(place.clone(), value.clone()),
                None => ours.remove(place),
            };
        }
        assert_eq!(report(kind, &facts::differences(&ours, &old)), "");
    }
}

/// What 2.9 admits must be readable: no path is gone or of another type, no word is gone, nothing more is required.
#[test]
fn every_object_of_2_9_fits_the_definitions() {
    let ours = definitions();
    for (kind, file) in facts::read("2.9") {
        let ours = facts::of_definition(&ours[&kind]);
        let old = facts::of_file(&file);
        for (place, value) in &old {
            if place.ends_with(" type") {
                assert_eq!(ours.get(place), Some(value), "{kind} {place}");
            }
            if place.ends_with(" enum") {
                let words = ours[place].as_array().unwrap();
                assert!(
                    value
                        .as_array()
                        .unwrap()
                        .iter()
                        .all(|word| words.contains(word)),
                    "{kind} {place}"
                );
            }
        }
        for place in ours.keys().filter(|place| place.ends_with(" required")) {
            let parent_is_new = !old.contains_key(&place[..place.rfind(' ').unwrap()]);
            assert!(
                old.contains_key(place) || parent_is_new,
                "{kind} {place} is new"
            );
        }
    }
}

#[test]
fn both_versions_of_a_kind_give_the_whole_definition() {
    assert_eq!(v1::Alert::crd(), v1beta3::Alert::crd());
    assert_eq!(v1::Provider::crd(), v1beta3::Provider::crd());
    assert_eq!(v1::Alert::crd().spec.versions.len(), 2);
}

#[test]
fn changing_or_dropping_any_single_fact_is_reported() {
    let files = facts::read("2.10");
    let mut mutations = 0;
    for (kind, crd) in definitions() {
        let theirs = facts::of_file(&files[&kind]);
        let mut leaves = Vec::new();
        collect(&crd["spec"], "/spec".to_owned(), &mut leaves);
        for leaf in leaves {
            let mut changed = crd.clone();
            let value = changed.pointer_mut(&leaf).unwrap();
            *value = other(value);
            let differences = facts::differences(&facts::of_definition(&changed), &theirs);
            assert!(
                !differences.is_empty(),
                "{kind}: a change of {leaf} goes unseen"
            );
            mutations += 1;
        }
        for place in theirs.keys() {
            let mut without = theirs.clone();
            without.remove(place);
            let differences = facts::differences(&facts::of_definition(&crd), &without);
            assert_eq!(differences.len(), 1, "{kind} {place}");
            assert!(
                differences[0].starts_with(place),
                "{differences:?} does not name {place}"
            );
            mutations += 1;
        }
    }
    assert!(mutations > 4_000, "only {mutations} facts were changed");
}

/// Pointers to everything in a definition that is a fact and can be replaced.
fn collect(value: &Value, pointer: String, leaves: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                // Descriptions are ours. A required name must stay a name that has a schema.
                let skipped = (name == "description" && value.is_string())
                    || (name == "required" && value.is_array());
                if !skipped {
                    collect(
                        value,
                        format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1")),
                        leaves,
                    );
                }
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                collect(value, format!("{pointer}/{index}"), leaves);
            }
        }
        _ => leaves.push(pointer),
    }
}

fn other(value: &Value) -> Value {
    match value {
        Value::Bool(value) => json!(!value),
        Value::Number(value) => json!(value.as_f64().unwrap() + 1.0),
        Value::String(value) => json!(format!("{value}x")),
        _ => json!("x"),
    }
}

#[test]
fn each_requirement_that_goes_is_reported_by_name() {
    fn walk(schema: &Value, pointer: String, path: &str, found: &mut Vec<(String, String)>) {
        for name in schema
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            found.push((
                format!("{pointer}/required"),
                format!("{path}.{}", name.as_str().unwrap()),
            ));
        }
        for (name, below) in schema
            .get("properties")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            let path = if path.is_empty() {
                name.clone()
            } else {
                format!("{path}.{name}")
            };
            walk(below, format!("{pointer}/properties/{name}"), &path, found);
        }
        for (word, mark) in [("items", "[]"), ("additionalProperties", "{}")] {
            if let Some(below) = schema.get(word) {
                walk(
                    below,
                    format!("{pointer}/{word}"),
                    &format!("{path}{mark}"),
                    found,
                );
            }
        }
    }
    let files = facts::read("2.10");
    for (kind, crd) in definitions() {
        let theirs = facts::of_file(&files[&kind]);
        for (index, version) in crd["spec"]["versions"]
            .as_array()
            .unwrap()
            .iter()
            .enumerate()
        {
            let mut found = Vec::new();
            let pointer = format!("/spec/versions/{index}/schema/openAPIV3Schema");
            walk(
                &version["schema"]["openAPIV3Schema"],
                pointer,
                "",
                &mut found,
            );
            for (pointer, path) in found {
                let mut changed = crd.clone();
                let name = path.rsplit('.').next().unwrap();
                changed
                    .pointer_mut(&pointer)
                    .unwrap()
                    .as_array_mut()
                    .unwrap()
                    .retain(|other| other != name);
                let version = version["name"].as_str().unwrap();
                assert_eq!(
                    facts::differences(&facts::of_definition(&changed), &theirs),
                    [format!(
                        "{version} {path} required: missing, upstream has true"
                    )]
                );
            }
        }
    }
}

#[test]
fn the_registry_lists_every_version_of_every_definition() {
    let listed: Vec<_> = registry::ALL
        .iter()
        .map(|entry| (entry.kind.to_owned(), entry.version.to_owned()))
        .collect();
    let mut defined = Vec::new();
    for file in facts::read("2.10").values() {
        for version in file["versions"].as_array().unwrap() {
            defined.push((
                file["kind"].as_str().unwrap().to_owned(),
                version["name"].as_str().unwrap().to_owned(),
            ));
        }
    }
    assert_eq!(listed.len(), 17);
    assert!(defined.iter().all(|version| listed.contains(version)));
    assert_eq!(defined.len(), listed.len());
}

#[test]
fn every_field_has_a_description_without_rust_in_it() {
    fn walk(schema: &Value, path: &str, missing: &mut Vec<String>) {
        for (name, below) in schema
            .get("properties")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            let path = format!("{path}.{name}");
            let description = below
                .get("description")
                .and_then(Value::as_str)
                .unwrap_or_default();
            if description.is_empty() || description.contains("](") || description.contains("[`") {
                missing.push(path.clone());
            }
            walk(below, &path, missing);
        }
        for word in ["items", "additionalProperties"] {
            if let Some(below) = schema.get(word) {
                walk(below, path, missing);
            }
        }
    }
    let mut missing = Vec::new();
    for (kind, crd) in definitions() {
        for version in crd["spec"]["versions"].as_array().unwrap() {
            let spec = &version["schema"]["openAPIV3Schema"]["properties"]["spec"];
            walk(spec, &format!("{kind} spec"), &mut missing);
        }
    }
    // The selector is not a type of ours.
    missing.retain(|path| !path.contains("policySelector."));
    assert_eq!(missing, Vec::<String>::new());
}
