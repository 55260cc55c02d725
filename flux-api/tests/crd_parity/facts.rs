//! CRDs as facts: a definition is reduced to `place -> value`, and two such maps are compared.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Map, Value, json};

/// Every fact by its place, such as `v1 spec.interval pattern`.
pub(crate) type Facts = BTreeMap<String, Value>;

/// Schema keywords and the names that facts use for them.
const KEYWORDS: &[(&str, &str)] = &[
    ("x-kubernetes-embedded-resource", "embeddedResource"),
    ("x-kubernetes-int-or-string", "intOrString"),
    ("x-kubernetes-list-map-keys", "listMapKeys"),
    ("x-kubernetes-list-type", "listType"),
    ("x-kubernetes-map-type", "mapType"),
    (
        "x-kubernetes-preserve-unknown-fields",
        "preserveUnknownFields",
    ),
    ("x-kubernetes-validations", "cel"),
];

/// The facts of a definition in its Kubernetes form.
pub(crate) fn of_definition(crd: &Value) -> Facts {
    let spec = &crd["spec"];
    let names = &spec["names"];
    let list = |value: &Value| {
        if value.is_null() {
            json!([])
        } else {
            value.clone()
        }
    };
    let mut facts = Facts::from([
        ("group".to_owned(), spec["group"].clone()),
        ("scope".to_owned(), spec["scope"].clone()),
        ("kind".to_owned(), names["kind"].clone()),
        ("listKind".to_owned(), names["listKind"].clone()),
        ("plural".to_owned(), names["plural"].clone()),
        ("singular".to_owned(), names["singular"].clone()),
        ("shortNames".to_owned(), list(&names["shortNames"])),
        ("categories".to_owned(), list(&names["categories"])),
    ]);
    for (index, version) in spec["versions"].as_array().unwrap().iter().enumerate() {
        let name = version["name"].as_str().unwrap();
        let mut put = |place: &str, value: Value| facts.insert(format!("{name} {place}"), value);
        put("index", json!(index));
        put("served", version["served"].clone());
        put("storage", version["storage"].clone());
        put(
            "deprecated",
            json!(version["deprecated"].as_bool().unwrap_or_default()),
        );
        if let Some(warning) = version.get("deprecationWarning") {
            put("deprecation_warning", warning.clone());
        }
        put(
            "status_subresource",
            json!(version.pointer("/subresources/status").is_some()),
        );
        columns(&version["additionalPrinterColumns"], name, &mut facts);
        schema(
            &version["schema"]["openAPIV3Schema"],
            "",
            false,
            name,
            &mut facts,
        );
    }
    facts
}

/// The facts of a fact file.
pub(crate) fn of_file(file: &Value) -> Facts {
    let mut facts = Facts::new();
    for (key, value) in file
        .as_object()
        .unwrap()
        .iter()
        .filter(|(key, _)| *key != "versions")
    {
        facts.insert(key.clone(), value.clone());
    }
    for (index, version) in file["versions"].as_array().unwrap().iter().enumerate() {
        let name = version["name"].as_str().unwrap();
        facts.insert(format!("{name} index"), json!(index));
        for (key, value) in version.as_object().unwrap() {
            match key.as_str() {
                "name" => {}
                "printer_columns" => columns(value, name, &mut facts),
                "fields" => {
                    for (path, field) in value.as_object().unwrap() {
                        facts.insert(format!("{name} {path}"), json!(true));
                        for (fact, value) in field.as_object().unwrap() {
                            put(&mut facts, &format!("{name} {path}"), fact, value);
                        }
                    }
                }
                _ => {
                    facts.insert(format!("{name} {key}"), value.clone());
                }
            }
        }
    }
    facts
}

/// Reads the fact files of one minor, by kind.
pub(crate) fn read(minor: &str) -> BTreeMap<String, Value> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../conformance/crds")
        .join(minor);
    std::fs::read_dir(directory)
        .unwrap()
        .map(|entry| {
            let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
            let file: Value = serde_json::from_str(&text).unwrap();
            (file["kind"].as_str().unwrap().to_owned(), file)
        })
        .collect()
}

/// Each difference in words; `ours` is held against `theirs`.
pub(crate) fn differences(ours: &Facts, theirs: &Facts) -> Vec<String> {
    let mut places: Vec<_> = ours.keys().chain(theirs.keys()).collect();
    places.sort();
    places.dedup();
    places
        .into_iter()
        .filter_map(|place| match (ours.get(place), theirs.get(place)) {
            (Some(ours), Some(theirs)) if ours == theirs => None,
            (Some(ours), Some(theirs)) => Some(format!("{place}: {ours}, upstream has {theirs}")),
            (Some(ours), None) => Some(format!("{place}: {ours}, upstream has nothing")),
            (None, Some(theirs)) => Some(format!("{place}: missing, upstream has {theirs}")),
            (None, None) => None,
        })
        .collect()
}

fn columns(columns: &Value, version: &str, facts: &mut Facts) {
    for (index, column) in columns.as_array().into_iter().flatten().enumerate() {
        for (key, value) in column.as_object().unwrap() {
            facts.insert(format!("{version} column {index} {key}"), value.clone());
        }
    }
}

fn schema(schema: &Value, path: &str, required: bool, version: &str, facts: &mut Facts) {
    let shown = if path.is_empty() { "." } else { path };
    let place = format!("{version} {shown}");
    let members = schema.as_object().unwrap();
    facts.insert(place.clone(), json!(true));
    if required {
        put(facts, &place, "required", &json!(true));
    }
    let needed: Vec<_> = members
        .get("required")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    for name in &needed {
        let known = members
            .get("properties")
            .is_some_and(|properties| properties.get(name.as_str().unwrap()).is_some());
        assert!(known, "{place} requires {name}, which has no schema");
    }
    for (keyword, value) in members {
        match keyword.as_str() {
            "description" | "required" => {}
            "properties" => {
                for (name, below) in value.as_object().unwrap() {
                    let path = if path.is_empty() {
                        name.clone()
                    } else {
                        format!("{path}.{name}")
                    };
                    let required = needed.iter().any(|needed| needed == name.as_str());
                    self::schema(below, &path, required, version, facts);
                }
            }
            "items" => self::schema(value, &format!("{path}[]"), false, version, facts),
            "additionalProperties" if value.is_object() => {
                self::schema(value, &format!("{path}{{}}"), false, version, facts);
            }
            _ => {
                let name = KEYWORDS
                    .iter()
                    .find(|(word, _)| word == keyword)
                    .map_or(keyword.as_str(), |(_, name)| name);
                put(facts, &place, name, value);
            }
        }
    }
}

/// Rules get a place each, so that a difference names the rule.
fn put(facts: &mut Facts, place: &str, fact: &str, value: &Value) {
    match value.as_array() {
        Some(rules) if fact == "cel" => {
            for (index, rule) in rules.iter().enumerate() {
                for (key, value) in rule.as_object().unwrap_or(&Map::new()) {
                    facts.insert(format!("{place} cel {index} {key}"), value.clone());
                }
            }
        }
        _ => {
            facts.insert(format!("{place} {fact}"), whole(value));
        }
    }
}

/// Limits are floating-point numbers in the typed form of a definition; `0.0` and `0` are one limit.
fn whole(value: &Value) -> Value {
    match value.as_f64() {
        #[allow(clippy::cast_possible_truncation)]
        Some(number) if number.fract() == 0.0 => json!(number as i64),
        _ => value.clone(),
    }
}
