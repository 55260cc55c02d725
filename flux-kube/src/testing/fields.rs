//! Sets of fields, as `managedFields` holds them, and the merging of objects by them.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use super::shape::{List, Shape};

/// A set of places in an object. Steps are those of `fieldsV1`: `f:name`, `k:{"name":"a"}`, `v:"a"`.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Fields {
    /// Whether this place is in the set.
    here: bool,
    below: BTreeMap<String, Self>,
}

/// What is owned of a value with something below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Nodes {
    /// What is below it, and the entries of maps: whoever applies it.
    Leaves,
    /// The value as well: whoever adds it.
    All,
}

impl Fields {
    fn leaf() -> Self {
        Self {
            here: true,
            below: BTreeMap::new(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        !self.here && self.below.is_empty()
    }

    pub(super) fn parse(value: &Value) -> Self {
        let mut fields = Self::default();
        for (step, below) in value.as_object().into_iter().flatten() {
            if step == "." {
                fields.here = true;
                continue;
            }
            let below = match below.as_object().is_none_or(Map::is_empty) {
                true => Self::leaf(),
                false => Self::parse(below),
            };
            fields.below.insert(step.clone(), below);
        }
        fields
    }

    pub(super) fn to_value(&self) -> Value {
        let mut map = Map::new();
        if self.here && !self.below.is_empty() {
            map.insert(".".to_owned(), json!({}));
        }
        for (step, below) in &self.below {
            map.insert(step.clone(), below.to_value());
        }
        Value::Object(map)
    }

    /// The fields that an apply of this value owns.
    pub(super) fn of(value: &Value, shape: Shape<'_>) -> Self {
        Self::of_at(value, shape, 0, Nodes::Leaves)
    }

    fn of_at(value: &Value, shape: Shape<'_>, depth: usize, nodes: Nodes) -> Self {
        let mut fields = Self::default();
        match value {
            Value::Object(map) if !map.is_empty() && !shape.is_whole_map() => {
                for (name, value) in map {
                    let mut below = Self::of_at(value, shape.field(name, depth), depth + 1, nodes);
                    below.here |= nodes == Nodes::Leaves && shape.is_entry(name);
                    fields.below.insert(format!("f:{name}"), below);
                }
                fields.here = nodes == Nodes::All && !shape.is_always_there();
            }
            Value::Array(items) if !items.is_empty() && shape.list() != List::Whole => {
                let list = shape.list();
                for item in items {
                    let mut below = match list {
                        List::Keys(_) => Self::of_at(item, shape.item(), depth + 1, nodes),
                        _ => Self::default(),
                    };
                    below.here = true;
                    fields.below.insert(step_of(item, &list), below);
                }
                fields.here = nodes == Nodes::All && !shape.is_always_there();
            }
            _ => fields.here = true,
        }
        fields
    }

    pub(super) fn unite(&mut self, other: &Self) {
        self.here |= other.here;
        for (step, theirs) in &other.below {
            self.below.entry(step.clone()).or_default().unite(theirs);
        }
    }

    /// Takes away what the other set has.
    pub(super) fn subtract(&mut self, other: &Self) {
        self.here &= !other.here;
        for (step, theirs) in &other.below {
            if let Some(ours) = self.below.get_mut(step) {
                ours.subtract(theirs);
                if ours.is_empty() {
                    self.below.remove(step);
                }
            }
        }
    }

    /// The places in both sets, as messages name them.
    pub(super) fn common(&self, other: &Self) -> Vec<String> {
        let mut found = Vec::new();
        self.collect_common(other, "", &mut found);
        found
    }

    fn collect_common(&self, other: &Self, path: &str, found: &mut Vec<String>) {
        if self.here && other.here {
            found.push(path.to_owned());
        }
        for (step, ours) in &self.below {
            if let Some(theirs) = other.below.get(step) {
                ours.collect_common(theirs, &format!("{path}{}", display(step)), found);
            }
        }
    }

    pub(super) fn take(&mut self, step: &str) -> Option<Self> {
        self.below.remove(step)
    }

    /// Keeps only what is below this step.
    pub(super) fn only(&mut self, step: &str) {
        self.here = false;
        self.below.retain(|name, _| name == step);
    }

    pub(super) fn below_mut(&mut self, step: &str) -> Option<&mut Self> {
        self.below.get_mut(step)
    }

    /// Drops places with nothing in them.
    pub(super) fn tidy(&mut self) {
        self.below.retain(|_, below| {
            below.tidy();
            !below.is_empty()
        });
    }
}

/// `f:data` as `.data`, `k:{"name":"a"}` as `[name="a"]`, `v:"a"` as `[="a"]`.
fn display(step: &str) -> String {
    match step.split_once(':') {
        Some(("k", keys)) => {
            let keys: BTreeMap<String, Value> = serde_json::from_str(keys).unwrap_or_default();
            let mut text = "[".to_owned();
            for (index, (name, value)) in keys.iter().enumerate() {
                let comma = if index == 0 { "" } else { "," };
                _ = write!(text, "{comma}{name}={value}");
            }
            text + "]"
        }
        Some(("v", value)) => format!("[={value}]"),
        Some((_, name)) => format!(".{name}"),
        None => step.to_owned(),
    }
}

/// The step to an item of a list.
fn step_of(item: &Value, list: &List<'_>) -> String {
    let List::Keys(keys) = list else {
        return format!("v:{item}");
    };
    let keys = keys.iter().filter_map(|&key| {
        let value = item.get(key).cloned();
        let default = || (key == "protocol").then(|| "TCP".into());
        Some((key, value.or_else(default)?))
    });
    let keys: BTreeMap<&str, Value> = keys.collect();
    format!("k:{}", json!(keys))
}

/// The live object with what is applied laid over it.
pub(super) fn merge(live: &Value, applied: &Value, shape: Shape<'_>) -> Value {
    merge_at(live, applied, shape, 0)
}

fn merge_at(live: &Value, applied: &Value, shape: Shape<'_>, depth: usize) -> Value {
    match (live, applied) {
        (Value::Object(live), Value::Object(applied)) if !shape.is_whole_map() => {
            let mut merged = live.clone();
            for (name, value) in applied {
                if value.is_null() {
                    merged.remove(name);
                    continue;
                }
                let below = live.get(name).unwrap_or(&Value::Null);
                let value = merge_at(below, value, shape.field(name, depth), depth + 1);
                merged.insert(name.clone(), value);
            }
            Value::Object(merged)
        }
        (Value::Array(live), Value::Array(applied)) if shape.list() != List::Whole => {
            let list = shape.list();
            let mut merged: Vec<(String, Value)> = Vec::new();
            for item in applied {
                let step = step_of(item, &list);
                let below = live.iter().find(|live| step_of(live, &list) == step);
                let below = below.unwrap_or(&Value::Null);
                merged.push((step, merge_at(below, item, shape.item(), depth + 1)));
            }
            // What only the live list has stays behind the item that it stood behind.
            let mut place = 0;
            for item in live {
                let step = step_of(item, &list);
                match merged.iter().position(|(other, _)| *other == step) {
                    Some(found) => place = found + 1,
                    None => {
                        merged.insert(place, (step, item.clone()));
                        place += 1;
                    }
                }
            }
            merged.into_iter().map(|(_, item)| item).collect()
        }
        (_, Value::Object(_)) => without_nulls(applied),
        _ => applied.clone(),
    }
}

fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let kept = map.iter().filter(|(_, value)| !value.is_null());
            kept.map(|(name, value)| (name.clone(), without_nulls(value)))
                .collect()
        }
        _ => value.clone(),
    }
}

/// Takes `gone` out of a value, except for what is in `kept`.
pub(super) fn remove(value: &mut Value, gone: &Fields, kept: &Fields, shape: Shape<'_>) {
    remove_at(value, gone, Some(kept), shape, 0);
}

fn remove_at(
    value: &mut Value,
    gone: &Fields,
    kept: Option<&Fields>,
    shape: Shape<'_>,
    depth: usize,
) {
    match value {
        Value::Object(map) => {
            let names: Vec<String> = map.keys().cloned().collect();
            for name in names {
                let step = format!("f:{name}");
                let Some(below) = gone.below.get(&step) else {
                    continue;
                };
                let kept = kept.and_then(|kept| kept.below.get(&step));
                let is_gone = match map.get_mut(&name) {
                    Some(_) if below.here && !stays(kept, shape.is_entry(&name)) => true,
                    Some(value) => {
                        let had = !is_nothing(value);
                        remove_at(value, below, kept, shape.field(&name, depth), depth + 1);
                        let is_emptied = had && is_nothing(value);
                        if is_emptied && kept.is_some() {
                            *value = Value::Null;
                        }
                        is_emptied && !value.is_null()
                    }
                    None => false,
                };
                if is_gone {
                    map.remove(&name);
                }
            }
        }
        Value::Array(items) => {
            let list = shape.list();
            items.retain_mut(|item| {
                let step = step_of(item, &list);
                let Some(below) = gone.below.get(&step) else {
                    return true;
                };
                let kept = kept.and_then(|kept| kept.below.get(&step));
                if below.here && !stays(kept, true) {
                    return false;
                }
                let mut below = below.clone();
                if let List::Keys(keys) = &list {
                    for key in keys {
                        below.below.remove(&format!("f:{key}"));
                    }
                }
                remove_at(item, &below, kept, shape.item(), depth + 1);
                true
            });
        }
        _ => {}
    }
}

/// Entries and items stay for those who own them as such, members also for those who own something below them.
fn stays(kept: Option<&Fields>, is_entry: bool) -> bool {
    kept.is_some_and(|kept| kept.here || !is_entry)
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Object(map) => map.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

/// What changed from one value to another.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Changes {
    /// New, or of another value.
    pub(super) set: Fields,
    /// Not there any more.
    pub(super) gone: Fields,
}

pub(super) fn changes(before: &Value, after: &Value, shape: Shape<'_>) -> Changes {
    let mut changes = changes_at(before, after, shape, 0);
    changes.set.tidy();
    changes.gone.tidy();
    changes
}

fn changes_at(before: &Value, after: &Value, shape: Shape<'_>, depth: usize) -> Changes {
    let mut changes = Changes::default();
    if before == after {
        return changes;
    }
    match (before, after) {
        (Value::Object(old), Value::Object(new)) if !shape.is_whole_map() => {
            for (name, value) in new {
                let step = format!("f:{name}");
                let shape = shape.field(name, depth);
                match old.get(name) {
                    Some(old) => {
                        let below = changes_at(old, value, shape, depth + 1);
                        changes.set.below.insert(step.clone(), below.set);
                        changes.gone.below.insert(step, below.gone);
                    }
                    None => {
                        let added = Fields::of_at(value, shape, depth + 1, Nodes::All);
                        changes.set.below.insert(step, added);
                    }
                }
            }
            for (name, value) in old.iter().filter(|(name, _)| !new.contains_key(*name)) {
                let removed = Fields::of_at(value, shape.field(name, depth), depth + 1, Nodes::All);
                changes.gone.below.insert(format!("f:{name}"), removed);
            }
        }
        (Value::Array(old), Value::Array(new)) if shape.list() != List::Whole => {
            let list = shape.list();
            let find = |items: &[Value], step: &str| {
                let found = items.iter().find(|item| step_of(item, &list) == step);
                found.cloned()
            };
            let whole = |item: &Value| {
                let mut fields = Fields::of_at(&json!([item]), shape, depth, Nodes::All);
                fields.here = false;
                fields
            };
            for item in new {
                let step = step_of(item, &list);
                match find(old, &step) {
                    Some(old) => {
                        let below = changes_at(&old, item, shape.item(), depth + 1);
                        changes.set.below.insert(step.clone(), below.set);
                        changes.gone.below.insert(step, below.gone);
                    }
                    None => changes.set.unite(&whole(item)),
                }
            }
            let removed = old
                .iter()
                .filter(|item| find(new, &step_of(item, &list)).is_none());
            for item in removed {
                changes.gone.unite(&whole(item));
            }
        }
        // Null is what has nothing in it.
        (Value::Null, Value::Object(_) | Value::Array(_)) => {
            changes.set = Fields::of_at(after, shape, depth, Nodes::All);
            changes.set.here = false;
        }
        (Value::Object(_) | Value::Array(_), Value::Null) => {
            changes.gone = Fields::of_at(before, shape, depth, Nodes::All);
            changes.gone.here = false;
        }
        _ => {
            changes.set = Fields::of_at(after, shape, depth, Nodes::All);
            changes.gone = Fields::of_at(before, shape, depth, Nodes::All);
            changes.gone.subtract(&changes.set);
        }
    }
    changes
}
