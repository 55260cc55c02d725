//! Patterns, word lists and lengths: each one that a sample touches refuses a value beyond it.

use fluxcd_api::registry;
use serde_json::{Value, json};

use super::{install, sample, schemas, try_create};
use crate::server;

/// Values that a schema refuses in the place of this one, one for each limit it states.
fn beyond(schema: &Value, value: &Value) -> Vec<(&'static str, Value)> {
    let length = |name: &str| {
        let length = schema[name].as_u64()?;
        Some(usize::try_from(length).unwrap())
    };
    let mut values = Vec::new();
    if schema["enum"].is_array() {
        values.push(("enum", json!("no such word")));
    }
    if schema["pattern"].is_string() {
        values.push(("pattern", json!(":\u{1}")));
    }
    if let Some(length) = length("minLength").filter(|&length| length > 0) {
        values.push(("minLength", json!("a".repeat(length - 1))));
    }
    if let Some(length) = length("maxLength") {
        values.push(("maxLength", json!("a".repeat(length + 1))));
    }
    if let Some(length) = length("minItems").filter(|&length| length > 0) {
        values.push(("minItems", json!(vec![Value::Null; length - 1])));
    }
    if let Some(length) = length("maxItems") {
        let item = value.get(0).cloned().unwrap_or(json!("a"));
        values.push(("maxItems", json!(vec![item; length + 1])));
    }
    values
}

/// Where the sample has a value: pointer, and the schema there.
fn places<'a>(
    schema: &'a Value,
    value: &Value,
    pointer: &str,
    found: &mut Vec<(String, &'a Value)>,
) {
    found.push((pointer.to_owned(), schema));
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let schema = schema["properties"]
                    .get(name)
                    .unwrap_or(&schema["additionalProperties"]);
                let name = name.replace('~', "~0").replace('/', "~1");
                places(schema, member, &format!("{pointer}/{name}"), found);
            }
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                places(&schema["items"], item, &format!("{pointer}/{at}"), found);
            }
        }
        _ => {}
    }
}

/// `/spec/a/0/b` as the API server writes it: `spec.a[0].b`.
fn field(pointer: &str) -> String {
    let mut field = String::new();
    for part in pointer.split('/').skip(1) {
        if part.parse::<usize>().is_ok() {
            field.push_str(&format!("[{part}]"));
        } else {
            field.push('.');
            field.push_str(part);
        }
    }
    field.trim_start_matches('.').to_owned()
}

#[tokio::test]
async fn values_beyond_a_limit_are_refused_where_they_are() {
    let Some(server) = server().await else { return };
    let client = server.client();
    install(&client).await;
    let schemas = schemas();
    let mut limits = std::collections::BTreeMap::<&str, usize>::new();
    for entry in registry::ALL {
        let schema = &schemas[&(entry.kind.to_owned(), entry.version.to_owned())];
        let valid = sample(entry);
        let mut found = Vec::new();
        places(
            &schema["properties"]["spec"],
            &valid["spec"],
            "/spec",
            &mut found,
        );
        for (pointer, schema) in found {
            for (limit, value) in beyond(schema, valid.pointer(&pointer).unwrap()) {
                let mut broken = valid.clone();
                *broken.pointer_mut(&pointer).unwrap() = value;
                let what = format!("{} {limit} of {pointer}", entry.kind);
                let Err(status) = try_create(&client, entry, &broken).await else {
                    panic!("{what}: taken")
                };
                let causes = &status.details.as_ref().unwrap().causes;
                let field = field(&pointer);
                assert!(
                    causes.iter().any(|cause| cause.field == field),
                    "{what}: {}",
                    status.message
                );
                *limits.entry(limit).or_default() += 1;
            }
        }
    }
    let reached: Vec<&str> = limits.keys().copied().collect();
    assert_eq!(
        reached,
        [
            "enum",
            "maxItems",
            "maxLength",
            "minItems",
            "minLength",
            "pattern"
        ],
        "{limits:?}"
    );
}
