//! What patches and other transformers of kustomize may do to an object.
//!
//! Nothing is applied here, with one exception: [`Patch::merge`]. For the rest it is enough to know which parts of an object
//! stay as they are in its file.

use fluxcd::api::meta::key::{KUSTOMIZE_SUBSTITUTE, SUBSTITUTE_DISABLED};
use fluxcd::dialect::yaml::{self, Loader, Segment};
use serde_json::{Map, Value, json};

use crate::selector::{self, Match};
use crate::store::text;

/// One transformer.
#[derive(Clone, Debug)]
pub(crate) struct Patch {
    target: Target,
    what: What,
    /// The file that it stands in, if it is known.
    pub(crate) file: Option<String>,
}

#[derive(Clone, Debug)]
enum Target {
    All,
    /// The selector of an entry of `patches`.
    Selector(Value),
    /// The object that a strategic merge patch names.
    Named(Value),
}

#[derive(Clone, Debug)]
enum What {
    /// A strategic merge patch.
    Merge(Value),
    /// JSON patches: path and value of each operation.
    Operations(Vec<(Vec<String>, Value)>),
    /// Something that sets fields of that name.
    Fields(&'static str),
    /// Something that cannot be read.
    Unknown,
}

impl Patch {
    /// The patches in a text, which hit what the selector says or what they name.
    pub(crate) fn parse(patch: &[u8], selector: Option<&Value>) -> Vec<Self> {
        let mut patches = Vec::new();
        for piece in yaml::split(patch) {
            let value = piece.and_then(|piece| piece.load(&Loader::v3()));
            let what = match value {
                Ok((Value::Null, _)) => continue,
                Ok((Value::Array(operations), _)) => {
                    What::Operations(operations.iter().flat_map(operation).collect())
                }
                Ok((value @ Value::Object(_), _)) => What::Merge(value),
                _ => What::Unknown,
            };
            let target = match (selector, &what) {
                (Some(selector), _) => Target::Selector(selector.clone()),
                (None, What::Merge(value)) => Target::Named(value.clone()),
                (None, _) => Target::All,
            };
            patches.push(Self::new(target, what));
        }
        patches
    }

    /// Something that does not say what it does: whatever it may hit is not known any more.
    pub(crate) fn unknown(selector: Option<&Value>) -> Self {
        let target = selector.map_or(Target::All, |value| Target::Selector(value.clone()));
        Self::new(target, What::Unknown)
    }

    /// Something that sets fields of that name in all objects.
    pub(crate) const fn fields(name: &'static str) -> Self {
        Self::new(Target::All, What::Fields(name))
    }

    /// Something that merges these metadata into all objects.
    pub(crate) fn metadata(field: &str, entries: &Value) -> Self {
        let metadata = json!({"metadata": {field: entries}});
        Self::new(Target::All, What::Merge(metadata))
    }

    /// What merges these data into the object of that kind and name.
    pub(crate) fn data(kind: &str, name: &str, data: &Value) -> Self {
        let patch = json!({"kind": kind, "metadata": {"name": name}, "data": data});
        Self::new(Target::Named(patch.clone()), What::Merge(patch))
    }

    const fn new(target: Target, what: What) -> Self {
        let file = None;
        Self { target, what, file }
    }

    /// Whether it is applied to the object.
    pub(crate) fn matches(&self, object: &Value) -> Match {
        match &self.target {
            Target::All => Match::Yes,
            Target::Selector(selector) => selector::matches(selector, object),
            Target::Named(patch) => selector::names(patch, object),
        }
    }

    /// Whether it leaves nothing to say about an object that it hits: it deletes it, or has it opt out of substitution.
    pub(crate) fn silences(&self) -> bool {
        let opts_out = |entries: Option<&Value>| {
            let value = entries.and_then(|entries| entries.get(KUSTOMIZE_SUBSTITUTE));
            value.and_then(Value::as_str) == Some(SUBSTITUTE_DISABLED)
        };
        match &self.what {
            What::Merge(patch) => {
                let metadata = ["/metadata/annotations", "/metadata/labels"];
                text(patch, "/$patch") == "delete"
                    || metadata
                        .iter()
                        .any(|pointer| opts_out(patch.pointer(pointer)))
            }
            What::Operations(operations) => operations.iter().any(|(path, value)| {
                match path.iter().map(String::as_str).collect::<Vec<_>>()[..] {
                    [] => true,
                    ["metadata"] => {
                        opts_out(value.get("annotations")) || opts_out(value.get("labels"))
                    }
                    ["metadata", "annotations" | "labels"] => opts_out(Some(value)),
                    ["metadata", "annotations" | "labels", key] => key == KUSTOMIZE_SUBSTITUTE,
                    _ => false,
                }
            }),
            What::Fields(_) => false,
            What::Unknown => true,
        }
    }

    /// Whether what stands at a path of the object may be another thing afterwards.
    pub(crate) fn touches(&self, path: &[Segment]) -> bool {
        match &self.what {
            What::Merge(patch) => merge_touches(patch, path),
            What::Operations(operations) => operations.iter().any(|(operation, _)| {
                let mut both = operation.iter().zip(path);
                both.all(|(one, other)| match other {
                    Segment::Key(key) => one == key,
                    Segment::Index(_) => true,
                })
            }),
            What::Fields(name) => path.last() == Some(&Segment::from(*name)),
            What::Unknown => true,
        }
    }

    /// Applies a strategic merge patch to an object in which lists are replaced as a whole, as they are in custom
    /// resources. Whether that is possible.
    pub(crate) fn merge(&self, object: &mut Value) -> bool {
        match &self.what {
            What::Merge(Value::Object(patch)) => {
                // The patch names the object, and does not rename it.
                let mut patch = patch.clone();
                if let Some(metadata) = patch.get_mut("metadata").and_then(Value::as_object_mut) {
                    metadata.remove("name");
                    metadata.remove("namespace");
                }
                patch.remove("kind");
                patch.remove("apiVersion");
                !has_directives(&patch) && {
                    merge(object, &patch);
                    true
                }
            }
            What::Fields(_) => true,
            _ => false,
        }
    }
}

/// The places that an operation changes, with what it puts there.
fn operation(operation: &Value) -> Vec<(Vec<String>, Value)> {
    if text(operation, "/op") == "test" {
        return Vec::new();
    }
    let value = operation.get("value").cloned().unwrap_or_default();
    let paths = ["/path", "/from"].iter().filter_map(|pointer| {
        let path = operation.pointer(pointer)?.as_str()?.strip_prefix('/')?;
        let parts = path.split('/');
        Some(parts.map(|part| part.replace("~1", "/").replace("~0", "~")))
    });
    paths.map(|path| (path.collect(), value.clone())).collect()
}

fn merge_touches(patch: &Value, path: &[Segment]) -> bool {
    let keys: Vec<_> = path
        .iter()
        .map_while(|segment| match segment {
            Segment::Key(key) => Some(key.as_str()),
            Segment::Index(_) => None,
        })
        .collect();
    // These name the object, and stay.
    if matches!(
        keys[..],
        ["kind" | "apiVersion"] | ["metadata", "name" | "namespace"]
    ) {
        return false;
    }
    let mut at = patch;
    for key in keys {
        let Value::Object(entries) = at else {
            return true;
        };
        if entries.keys().any(|key| key.starts_with('$')) {
            return true;
        }
        match entries.get(key) {
            Some(value) => at = value,
            None => return false,
        }
    }
    true
}

fn has_directives(patch: &Map<String, Value>) -> bool {
    patch.iter().any(|(key, value)| {
        key.starts_with('$')
            || value.as_object().is_some_and(has_directives)
            || value
                .as_array()
                .is_some_and(|items| items.iter().any(|item| item.get("$patch").is_some()))
    })
}

fn merge(object: &mut Value, patch: &Map<String, Value>) {
    if !object.is_object() {
        *object = Value::Object(Map::new());
    }
    let Some(entries) = object.as_object_mut() else {
        return;
    };
    for (key, value) in patch {
        match value {
            Value::Null => {
                entries.remove(key);
            }
            Value::Object(patch) => merge(entries.entry(key.clone()).or_insert(Value::Null), patch),
            value => {
                entries.insert(key.clone(), value.clone());
            }
        }
    }
}
