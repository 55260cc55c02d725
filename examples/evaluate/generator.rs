//! The ConfigMaps and Secrets that a `kustomization.yaml` generates.

use std::collections::BTreeMap;
use std::rc::Rc;

use serde_json::{Map, Value, json};

use crate::overlay::{Built, Origin};
use crate::patch::Patch;
use crate::place::resolve;
use crate::store::{Store, generator_file, list, text, texts};

/// What a generator adds to a build.
pub(crate) enum Generated {
    /// An object.
    Object(Built),
    /// Data of an object that is there already.
    Data(Patch),
}

/// What the generators of an overlay add.
pub(crate) fn objects(store: &Store, directory: &str, overlay: &Value) -> Vec<Generated> {
    let kinds = [
        ("configMapGenerator", "ConfigMap"),
        ("secretGenerator", "Secret"),
    ];
    let entries = kinds
        .iter()
        .flat_map(|(field, kind)| list(overlay, field).map(move |entry| (*kind, entry)));
    let generated = entries.map(|(kind, entry)| {
        let mut data = Map::new();
        let mut files = BTreeMap::new();
        // Of what is not here, or no text, nothing is known, but no expression is seen in binary data either.
        let mut exact = ["envs", "env"]
            .iter()
            .all(|field| entry.get(field).is_none());
        for (key, path) in texts(entry, "files").map(generator_file) {
            let file = resolve(directory, path).unwrap_or_default();
            match store.text(&file).map(str::from_utf8) {
                Some(Ok(text)) => {
                    data.insert(key.to_owned(), text.into());
                    files.insert(key.to_owned(), file);
                }
                _ => exact = false,
            }
        }
        for (key, value) in texts(entry, "literals").filter_map(|entry| entry.split_once('=')) {
            data.insert(key.to_owned(), value.trim_matches(['"', '\'']).into());
        }
        let name = text(entry, "/name");
        match text(entry, "/behavior") {
            "merge" => return Generated::Data(Patch::data(kind, name, &data.into())),
            "replace" => {
                let target = json!({"kind": kind, "name": name});
                return Generated::Data(Patch::unknown(Some(&target)));
            }
            _ => {}
        }
        // In a Secret, kustomize writes base64: nothing in there is an expression.
        let field = if kind == "Secret" {
            "stringData"
        } else {
            "data"
        };
        let value = json!({
            "apiVersion": "v1",
            "kind": kind,
            "metadata": metadata(overlay, entry),
            field: data,
        });
        let file = store.overlay(directory).map(|(file, _)| file.to_owned());
        let origin = Origin::Generated(file.unwrap_or_default(), files);
        let mut object = Built::new(origin, Rc::new(value));
        object.exact = exact;
        object.hashed = option(overlay, entry, "disableNameSuffixHash") != Some(&Value::Bool(true));
        Generated::Object(object)
    });
    generated.collect()
}

/// An option of a generator, its own before that of all generators.
fn option<'a>(overlay: &'a Value, entry: &'a Value, field: &str) -> Option<&'a Value> {
    let own = entry.get("options").and_then(|options| options.get(field));
    own.or_else(|| overlay.get("generatorOptions")?.get(field))
}

/// Name, namespace, labels and annotations.
fn metadata(overlay: &Value, entry: &Value) -> Value {
    let merged = |field: &str| {
        let options = [overlay.get("generatorOptions"), entry.get("options")];
        let all = options.into_iter().flatten();
        let all = all.filter_map(|options| options.get(field)?.as_object());
        all.flatten()
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect::<Map<_, _>>()
    };
    json!({
        "name": text(entry, "/name"),
        "namespace": text(entry, "/namespace"),
        "labels": merged("labels"),
        "annotations": merged("annotations"),
    })
}
