//! Who owns which field: `metadata.managedFields`.

use serde_json::{Value, json};

use super::fields::{self, Changes, Fields};
use super::json;
use super::kinds::Served;
use super::refusal::Refusal;
use super::shape::Shape;

/// Whoever writes.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Writer<'w> {
    pub(super) manager: &'w str,
    pub(super) api_version: &'w str,
    pub(super) subresource: &'w str,
    pub(super) time: &'w str,
}

/// One entry.
#[derive(Debug, Clone, PartialEq)]
struct Owner {
    manager: String,
    operation: String,
    api_version: String,
    subresource: String,
    time: String,
    fields: Fields,
}

impl Owner {
    fn new(writer: &Writer<'_>, operation: &str) -> Self {
        Self {
            manager: writer.manager.to_owned(),
            operation: operation.to_owned(),
            api_version: writer.api_version.to_owned(),
            subresource: writer.subresource.to_owned(),
            time: writer.time.to_owned(),
            fields: Fields::default(),
        }
    }

    fn is(&self, writer: &Writer<'_>, operation: &str) -> bool {
        self.manager == writer.manager
            && self.operation == operation
            && self.subresource == writer.subresource
            && (operation == "Apply" || self.api_version == writer.api_version)
    }

    /// As messages name it.
    fn text(&self) -> String {
        let mut text = format!("\"{}\"", self.manager);
        if !self.subresource.is_empty() {
            text += &format!(" with subresource \"{}\"", self.subresource);
        }
        if self.operation == "Update" {
            text += &format!(" using {}", self.api_version);
        }
        text
    }
}

fn read(object: &Value) -> Option<Vec<Owner>> {
    let list = object.pointer("/metadata/managedFields")?.as_array()?;
    let owners = list.iter().map(|entry| Owner {
        manager: json::text(entry, "/manager").to_owned(),
        operation: json::text(entry, "/operation").to_owned(),
        api_version: json::text(entry, "/apiVersion").to_owned(),
        subresource: json::text(entry, "/subresource").to_owned(),
        time: json::text(entry, "/time").to_owned(),
        fields: Fields::parse(entry.get("fieldsV1").unwrap_or(&Value::Null)),
    });
    Some(owners.collect())
}

/// Applied ones first, then by time and name.
fn write(object: &mut Value, mut owners: Vec<Owner>) {
    for owner in &mut owners {
        owner.fields.tidy();
    }
    owners.retain(|owner| !owner.fields.is_empty());
    owners.sort_by(|a, b| {
        let key = |owner: &Owner| {
            let Owner {
                operation,
                time,
                manager,
                ..
            } = owner;
            (operation.clone(), time.clone(), manager.clone())
        };
        (key(a), &a.api_version, &a.subresource).cmp(&(key(b), &b.api_version, &b.subresource))
    });
    let list: Vec<_> = owners.iter().map(entry).collect();
    match list.is_empty() {
        true => _ = json::remove(object, &["metadata", "managedFields"]),
        false => json::set(object, &["metadata", "managedFields"], list),
    }
}

fn entry(owner: &Owner) -> Value {
    let mut entry = json!({
        "manager": owner.manager,
        "operation": owner.operation,
        "apiVersion": owner.api_version,
        "time": owner.time,
        "fieldsType": "FieldsV1",
        "fieldsV1": owner.fields.to_value(),
    });
    if !owner.subresource.is_empty() {
        json::set(&mut entry, &["subresource"], owner.subresource.as_str());
    }
    entry
}

/// What nobody owns, and what this way of writing cannot change.
fn strip(fields: &mut Fields, kind: &Served, subresource: &str) {
    fields.take("f:apiVersion");
    fields.take("f:kind");
    if let Some(metadata) = fields.below_mut("f:metadata") {
        for name in [
            "name",
            "namespace",
            "uid",
            "resourceVersion",
            "generation",
            "creationTimestamp",
            "deletionTimestamp",
            "deletionGracePeriodSeconds",
            "selfLink",
            "managedFields",
        ] {
            metadata.take(&format!("f:{name}"));
        }
    }
    if subresource == "status" {
        fields.only("f:status");
    } else if kind.status {
        fields.take("f:status");
    }
    fields.tidy();
}

/// Notes in the new object who owns what, after anything but an apply.
pub(super) fn track_update(
    kind: &Served,
    live: Option<&Value>,
    new: &mut Value,
    writer: &Writer<'_>,
) {
    let before = live.unwrap_or(&Value::Null);
    let mut owners = match read(new) {
        // A list with nothing in it, or with one empty entry, asks to forget all.
        Some(owners) if writer.subresource.is_empty() => owners
            .into_iter()
            .filter(|owner| !owner.manager.is_empty())
            .collect(),
        _ => read(before).unwrap_or_default(),
    };
    if owners.is_empty() && live.is_some() {
        // An object without managers gets some only when it is applied.
        return write(new, owners);
    }
    let empty = json!({});
    let base = if before.is_null() { &empty } else { before };
    let Changes { mut set, mut gone } = fields::changes(base, new, Shape::of(kind));
    strip(&mut set, kind, writer.subresource);
    strip(&mut gone, kind, writer.subresource);
    for owner in &mut owners {
        if !owner.is(writer, "Update") {
            owner.fields.subtract(&set);
        }
        owner.fields.subtract(&gone);
    }
    if !set.is_empty() {
        let place = owners.iter().position(|owner| owner.is(writer, "Update"));
        let mut owner = match place {
            Some(place) => owners.remove(place),
            None => Owner::new(writer, "Update"),
        };
        owner.fields.unite(&set);
        writer.time.clone_into(&mut owner.time);
        owners.push(owner);
    }
    write(new, owners);
}

/// Whether an apply takes fields from those who own them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Force {
    Yes,
    No,
}

/// The object after an apply, with its owners.
pub(super) fn apply(
    kind: &Served,
    live: Option<&Value>,
    applied: &Value,
    writer: &Writer<'_>,
    force: Force,
) -> Result<Value, Refusal> {
    let shape = Shape::of(kind);
    let mut wanted = Fields::of(applied, shape);
    strip(&mut wanted, kind, writer.subresource);
    let Some(live) = live else {
        let mut new = fields::merge(&json!({}), applied, shape);
        let mut owner = Owner::new(writer, "Apply");
        owner.fields = wanted;
        write(&mut new, vec![owner]);
        return Ok(new);
    };
    let mut owners = read(live).unwrap_or_else(|| {
        let first = Writer {
            manager: "before-first-apply",
            ..writer.clone()
        };
        let mut owner = Owner::new(&first, "Update");
        owner.fields = fields::changes(&json!({}), live, shape).set;
        strip(&mut owner.fields, kind, writer.subresource);
        vec![owner]
    });
    let place = owners.iter().position(|owner| owner.is(writer, "Apply"));
    let mine = place.map(|place| owners.remove(place));

    let mut merged = fields::merge(live, applied, shape);
    let mut kept = wanted.clone();
    for owner in &owners {
        kept.unite(&owner.fields);
    }
    let mut dropped = mine
        .as_ref()
        .map(|owner| owner.fields.clone())
        .unwrap_or_default();
    dropped.subtract(&wanted);
    fields::remove(&mut merged, &dropped, &kept, shape);

    let Changes { mut set, mut gone } = fields::changes(live, &merged, shape);
    strip(&mut set, kind, writer.subresource);
    strip(&mut gone, kind, writer.subresource);
    owners.sort_by(|a, b| (&a.manager, &a.operation).cmp(&(&b.manager, &b.operation)));
    let conflicts: Vec<(String, String)> = owners
        .iter()
        .flat_map(|owner| {
            let common = owner.fields.common(&set).into_iter();
            common.map(|path| (owner.text(), path))
        })
        .collect();
    if !conflicts.is_empty() && force == Force::No {
        return Err(refuse(&conflicts));
    }
    for owner in &mut owners {
        owner.fields.subtract(&set);
        owner.fields.subtract(&gone);
    }
    let is_same = set.is_empty() && gone.is_empty();
    let mut owner = match mine {
        Some(owner) if is_same && owner.fields == wanted => owner,
        _ => Owner::new(writer, "Apply"),
    };
    owner.fields = wanted;
    owners.push(owner);
    write(&mut merged, owners);
    Ok(merged)
}

fn refuse(conflicts: &[(String, String)]) -> Refusal {
    let message = match conflicts {
        [(owner, path)] => format!("Apply failed with 1 conflict: conflict with {owner}: {path}"),
        _ => {
            let mut lines: Vec<String> = Vec::new();
            let mut last = "";
            for (owner, path) in conflicts {
                if last != owner {
                    lines.push(format!("conflicts with {owner}:"));
                    last = owner;
                }
                lines.push(format!("- {path}"));
            }
            let count = conflicts.len();
            format!("Apply failed with {count} conflicts: {}", lines.join("\n"))
        }
    };
    let causes: Vec<_> = conflicts
        .iter()
        .map(|(owner, path)| {
            json!({
                "reason": "FieldManagerConflict",
                "message": format!("conflict with {owner}"),
                "field": path,
            })
        })
        .collect();
    let mut refusal = Refusal::new(409, "Conflict", message);
    refusal.details = Some(json!({"causes": causes}));
    refusal
}
