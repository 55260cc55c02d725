//! From a derived JSON schema to a structural one.

use schemars::Schema;
use schemars::transform::Transform;
use serde_json::{Map, Value};

/// Makes a derived schema one that the API server takes: nothing nullable, no null among words, no titles, no members that
/// are known to this crate only.
///
/// # Examples
///
/// ```
/// use fluxcd_api::meta::{Duration, SourceReference};
/// use fluxcd_api::schema::{Interval, Structural};
/// use schemars::JsonSchema;
///
/// #[derive(JsonSchema)]
/// #[schemars(transform = Structural)]
/// # #[allow(dead_code)]
/// struct MySpec {
///     source: Option<SourceReference>,
///     #[schemars(with = "Option<Interval>")]
///     interval: Option<Duration>,
/// }
///
/// let settings = schemars::generate::SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
/// let schema = settings.into_generator().into_root_schema_for::<MySpec>().to_value();
/// assert_eq!(schema["properties"]["interval"]["type"], "string");
/// assert_eq!(schema["properties"]["source"]["required"], serde_json::json!(["kind", "name"]));
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Structural;

impl Transform for Structural {
    fn transform(&mut self, schema: &mut Schema) {
        let mut value = std::mem::take(schema).to_value();
        rewrite(&mut value);
        if let Some(members) = value.as_object_mut() {
            members.remove("x-root-validations");
        }
        if let Ok(rewritten) = Schema::try_from(value) {
            *schema = rewritten;
        }
    }
}

/// Rewrites a schema and everything below it in place.
pub(super) fn rewrite(schema: &mut Value) {
    let Value::Object(members) = schema else {
        return;
    };
    drop_null(members);
    for word in ["title", "$schema"] {
        members.remove(word);
    }
    if let Some(Value::String(description)) = members.get_mut("description") {
        // The first paragraph speaks to everyone; what follows is for Rust programmers.
        *description = description
            .split("\n\n")
            .next()
            .unwrap_or_default()
            .replace('\n', " ");
    }
    if let Some(overlay) = members.remove("x-overlay") {
        lay_over(members, overlay);
    }
    // A member that a field takes back (`"format" = null`).
    members.retain(|_, value| !value.is_null());
    if let Some(Value::Object(properties)) = members.get_mut("properties") {
        properties.values_mut().for_each(rewrite);
    }
    for word in ["items", "additionalProperties"] {
        if let Some(below) = members.get_mut(word) {
            rewrite(below);
        }
    }
}

/// `Option` is a matter of `required`; a CRD says nothing about null.
fn drop_null(members: &mut Map<String, Value>) {
    if let Some(Value::Array(types)) = members.get_mut("type") {
        types.retain(|one| one != "null");
        if let [one] = types.as_slice() {
            let one = one.clone();
            members.insert("type".to_owned(), one);
        }
    }
    if let Some(Value::Array(words)) = members.get_mut("enum") {
        words.retain(|word| !word.is_null());
    }
    let Some(Value::Array(mut branches)) = members.remove("anyOf") else {
        return;
    };
    branches.retain(|branch| branch.get("type").is_none_or(|one| one != "null"));
    if let [Value::Object(_)] = branches.as_slice() {
        // What stands beside the branch was written at the field and wins.
        for (word, value) in branches.into_iter().filter_map(into_object).flatten() {
            members.entry(word).or_insert(value);
        }
    } else {
        members.insert("anyOf".to_owned(), Value::Array(branches));
    }
}

fn into_object(value: Value) -> Option<Map<String, Value>> {
    match value {
        Value::Object(members) => Some(members),
        _ => None,
    }
}

/// Puts the members of each path of an overlay into the schema at that path, `properties/kind` for example.
fn lay_over(members: &mut Map<String, Value>, overlay: Value) {
    for (path, additions) in into_object(overlay).into_iter().flatten() {
        let target = path
            .split('/')
            .try_fold(&mut *members, |at, step| at.get_mut(step)?.as_object_mut());
        if let (Some(target), Value::Object(additions)) = (target, additions) {
            target.extend(additions);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_optional_reference_becomes_the_reference_with_what_the_field_adds() {
        let mut schema = json!({
            "anyOf": [
                { "type": "object", "properties": { "kind": { "type": "string", "enum": ["A", "B"] } } },
                { "type": "null" }
            ],
            "description": "ours",
            "x-overlay": { "properties/kind": { "enum": ["A"] } }
        });
        rewrite(&mut schema);
        assert_eq!(
            schema,
            json!({
                "type": "object",
                "properties": { "kind": { "type": "string", "enum": ["A"] } },
                "description": "ours"
            })
        );
    }

    #[test]
    fn a_description_keeps_its_first_paragraph() {
        let mut schema = json!({ "description": "One\nsentence.\n\n# Examples\n" });
        rewrite(&mut schema);
        assert_eq!(schema, json!({ "description": "One sentence." }));
    }

    #[test]
    fn null_and_what_a_field_takes_back_leave_the_schema() {
        let mut schema = json!({ "type": ["string", "null"], "enum": ["a", null], "format": null });
        rewrite(&mut schema);
        assert_eq!(schema, json!({ "type": "string", "enum": ["a"] }));
    }
}
