//! What a type did not look at.

use fluxcd_dialect::yaml::Segment;
use serde::Serialize;
use serde_json::{Value, json};

use super::super::place::FieldPath;
use super::super::problem::Fault;
use super::repair::{Defect, Refusal, at, list_for_map};

/// The unknown fields of a value from which an object was decoded, and the lists that were taken for maps.
///
/// What the encoded object lacks is unknown, unless the type refuses some other value in its place: then it knows the field
/// and only does not write it. Nulls are no fields, nor are the directives of a strategic merge.
pub(super) fn audit<T: Serialize>(
    value: &Value,
    object: &T,
    decode: &dyn Fn(&Value) -> Result<T, Refusal>,
    mut attempts: usize,
) -> Vec<Defect> {
    let Ok(encoded) = serde_json::to_value(object) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    compare(value, &encoded, &mut Vec::new(), &mut found);
    let mut probed = value.clone();
    found.retain(|defect| {
        defect.fault != Fault::UnknownField
            || ignores(&mut probed, &defect.path, decode, &mut attempts)
    });
    found
}

fn compare(value: &Value, encoded: &Value, path: &mut Vec<Segment>, found: &mut Vec<Defect>) {
    match (value, encoded) {
        (Value::Object(members), Value::Object(known)) => {
            for (key, inner) in members {
                path.push(Segment::from(key.as_str()));
                match known.get(key) {
                    Some(known) => compare(inner, known, path, found),
                    None if inner.is_null() || is_type(path) || is_directive(key) => {}
                    None => found.push(defect(Fault::UnknownField, path)),
                }
                path.pop();
            }
        }
        (Value::Array(items), Value::Array(known)) => {
            for (index, (inner, known)) in items.iter().zip(known).enumerate() {
                path.push(Segment::from(index));
                compare(inner, known, path, found);
                path.pop();
            }
        }
        // Derived code takes a list for a struct, field by field; Go does not.
        (Value::Array(_), Value::Object(_)) => {
            found.push(defect(list_for_map(), path));
        }
        _ => {}
    }
}

fn defect(fault: Fault, path: &[Segment]) -> Defect {
    Defect::new(fault, path.iter().cloned().collect::<FieldPath>())
}

/// `apiVersion`, `kind` and `metadata` of the object itself belong to every kind.
fn is_type(path: &[Segment]) -> bool {
    matches!(path, [Segment::Key(key)] if matches!(key.as_str(), "apiVersion" | "kind" | "metadata"))
}

/// Whether a type takes anything at a path.
fn ignores<T>(
    value: &mut Value,
    path: &FieldPath,
    decode: &dyn Fn(&Value) -> Result<T, Refusal>,
    attempts: &mut usize,
) -> bool {
    let Some(original) = at(value, path).map(|place| place.clone()) else {
        return true;
    };
    let probes = [json!(true), json!("?"), json!({"?": []})];
    let ignored = probes.into_iter().all(|probe| {
        let Some(left) = attempts.checked_sub(1) else {
            return true;
        };
        *attempts = left;
        if let Some(place) = at(value, path) {
            *place = probe;
        }
        decode(value).is_ok()
    });
    if let Some(place) = at(value, path) {
        *place = original;
    }
    ignored
}

/// The words by which a strategic merge says what to do with what it finds.
///
/// Source: `k8s.io/apimachinery: pkg/util/strategicpatch/patch.go`.
fn is_directive(key: &str) -> bool {
    matches!(key, "$patch" | "$retainKeys")
        || key.starts_with("$setElementOrder/")
        || key.starts_with("$deleteFromPrimitiveList/")
}

/// The path of a value that stands more than so many levels deep.
pub(super) fn deeper(value: &Value, levels: usize) -> Option<FieldPath> {
    let mut path = Vec::new();
    descend(value, levels, &mut path).then(|| path.into())
}

fn descend(value: &Value, levels: usize, path: &mut Vec<Segment>) -> bool {
    let Some(left) = levels.checked_sub(1) else {
        return value.is_object() || value.is_array();
    };
    below(value).any(|(segment, inner)| {
        path.push(segment);
        let found = descend(inner, left, path);
        if !found {
            path.pop();
        }
        found
    })
}

/// How many values there are in a value, itself included.
pub(super) fn nodes(value: &Value) -> usize {
    below(value).map(|(_, inner)| nodes(inner)).sum::<usize>() + 1
}

/// The directives anywhere in a value. No object keeps one.
pub(super) fn directives(value: &Value) -> Vec<FieldPath> {
    let mut found = Vec::new();
    collect(value, &mut Vec::new(), &mut found);
    found
}

fn collect(value: &Value, path: &mut Vec<Segment>, found: &mut Vec<FieldPath>) {
    for (segment, inner) in below(value) {
        let directive = matches!(&segment, Segment::Key(key) if is_directive(key));
        path.push(segment);
        if directive {
            found.push(path.iter().cloned().collect());
        }
        collect(inner, path, found);
        path.pop();
    }
}

/// What a value holds.
pub(super) fn below(value: &Value) -> Box<dyn Iterator<Item = (Segment, &Value)> + '_> {
    match value {
        Value::Object(members) => Box::new(
            members
                .iter()
                .map(|(key, inner)| (Segment::from(key.as_str()), inner)),
        ),
        Value::Array(items) => Box::new(
            items
                .iter()
                .enumerate()
                .map(|(index, item)| (Segment::from(index), item)),
        ),
        _ => Box::new(std::iter::empty()),
    }
}
