//! Labels and annotations that a controller puts on every object that it applies.

use std::collections::BTreeMap;

use fluxcd_api::meta::CommonMetadata;
use serde_json::{Map, Value};

/// Marks an object as belonging to the owner: the labels `<group>/name` and `<group>/namespace`.
///
/// The controller does this as soon as it has read the objects, before they are normalised. Labels that are no map of texts
/// are lost. An object whose metadata are no map stays as it is.
///
/// # Source
///
/// fluxcd/pkg ssa v0.76.1: `manager.go` (SetOwnerLabels).
///
/// # Examples
///
/// ```
/// use fluxcd_core::ssa::set_owner_labels;
/// use serde_json::json;
///
/// let mut object = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}});
/// set_owner_labels(&mut object, "kustomize.toolkit.fluxcd.io", "apps", "flux-system");
/// assert_eq!(object["metadata"]["labels"]["kustomize.toolkit.fluxcd.io/name"], "apps");
/// ```
pub fn set_owner_labels(object: &mut Value, group: &str, name: &str, namespace: &str) {
    let labels = [
        (format!("{group}/name"), name.to_owned()),
        (format!("{group}/namespace"), namespace.to_owned()),
    ];
    merge(object, "labels", labels.into());
}

/// Adds the labels and annotations of `spec.commonMetadata`; a key that is there already gets the new value.
///
/// The controller does this after it has normalised the objects. Labels or annotations that are no map of texts are lost
/// where there is one to add, and null counts as an empty text. An object whose metadata are no map stays as it is.
///
/// # Source
///
/// fluxcd/pkg ssa v0.76.1: `utils/meta.go` (SetCommonMetadata).
///
/// # Examples
///
/// ```
/// use fluxcd_api::meta::CommonMetadata;
/// use fluxcd_core::ssa::set_common_metadata;
/// use serde_json::json;
///
/// let common = CommonMetadata {
///     labels: Some([("team".to_owned(), "a".to_owned())].into()),
///     ..Default::default()
/// };
/// let mut object = json!({"metadata": {"labels": {"team": "b", "app": "web"}}});
/// set_common_metadata(&mut object, &common);
/// assert_eq!(object, json!({"metadata": {"labels": {"team": "a", "app": "web"}}}));
/// ```
pub fn set_common_metadata(object: &mut Value, common: &CommonMetadata) {
    for (field, added) in [
        ("labels", &common.labels),
        ("annotations", &common.annotations),
    ] {
        merge(object, field, added.clone().unwrap_or_default());
    }
}

fn merge(object: &mut Value, field: &str, added: BTreeMap<String, String>) {
    let Value::Object(members) = object else {
        return;
    };
    let metadata = members
        .get("metadata")
        .and_then(|metadata| metadata.get(field));
    let mut texts = metadata.and_then(texts).unwrap_or_default();
    let added = added.into_iter();
    texts.extend(added.map(|(key, text)| (key, Value::String(text))));
    if texts.is_empty() {
        return;
    }
    let metadata = members
        .entry("metadata")
        .or_insert_with(|| Value::Object(Map::new()));
    if let Value::Object(metadata) = metadata {
        metadata.insert(field.to_owned(), Value::Object(texts));
    }
}

/// A map in which null is an empty text; nothing if it holds anything else.
fn texts(map: &Value) -> Option<Map<String, Value>> {
    let texts = map.as_object()?.iter().map(|(key, value)| {
        let text = match value {
            Value::Null => "",
            value => value.as_str()?,
        };
        Some((key.clone(), Value::from(text)))
    });
    texts.collect()
}
