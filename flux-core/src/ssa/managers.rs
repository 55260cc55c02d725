use serde_json::{Map, Value};

use self::fields::Fields;
use super::normalize::instant::{Precision, rewrite};
use super::{Error, Operation};

mod fields;

/// A field manager whose fields are taken over.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct FieldManager {
    /// Its name.
    pub(super) name: String,
    /// How the name is compared.
    pub(super) matching: Matching,
    /// The operation of its entries.
    pub(super) operation: Owns,
}

/// How the name of a field manager is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Matching {
    /// It is that name.
    Exact,
    /// It begins with that text.
    Prefix,
}

/// How a field manager came to own its fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Owns {
    /// By server-side apply.
    ByApply,
    /// By any other request.
    ByUpdate,
}

impl FieldManager {
    fn matches(&self, entry: &Entry<'_>) -> bool {
        let operation = match self.operation {
            Owns::ByApply => APPLY,
            Owns::ByUpdate => "Update",
        };
        entry.operation == operation
            && entry.subresource.is_empty()
            && match self.matching {
                Matching::Exact => entry.manager == self.name,
                Matching::Prefix => entry.manager.starts_with(&self.name),
            }
    }
}

/// Hands what the managers own to another one, which owns it by apply: sets of fields are united. `None` if there is
/// nothing to do.
///
/// Entries of subresources stay as they are. If the new owner has an entry already, the others are added to the last of
/// them; otherwise the first that matches is renamed. An entry of the new owner that stands behind one that was added to it
/// stays in the list beside the united one, as it does upstream.
///
/// # Errors
///
/// [`Error::Fields`] if a set of fields cannot be read. Only a broken API server makes such sets.
///
/// Source: fluxcd/pkg ssa v0.76.1: `patch.go (PatchReplaceFieldsManagers)`.
pub(super) fn take_over(
    live: &Value,
    managers: &[FieldManager],
    owner: &str,
) -> Result<Option<Operation>, Error> {
    let entries = read(live);
    let is_owner = |entry: &&Entry<'_>| entry.manager == owner && entry.operation == APPLY;
    // Upstream's empty entry stands for none.
    let mut target = entries
        .iter()
        .rev()
        .find(is_owner)
        .cloned()
        .unwrap_or_default();
    let mut kept = Vec::new();
    let mut edited = false;
    for entry in entries {
        if entry == target {
            continue;
        }
        if !managers.iter().any(|manager| manager.matches(&entry)) {
            kept.push(entry);
            continue;
        }
        edited = true;
        if target == Entry::default() {
            target = Entry {
                manager: owner,
                operation: APPLY,
                ..entry
            };
        } else {
            target.fields = unite(target.fields, entry.fields)?;
        }
    }
    if !edited {
        return Ok(None);
    }
    kept.push(target);
    Ok(Some(replace(kept)))
}

/// Rewrites the API version of every entry, whoever owns it and subresources too. `None` if there is nothing to do.
///
/// Source: fluxcd/pkg ssa v0.76.1: `patch.go (PatchMigrateToVersion)`.
pub(super) fn migrate(live: &Value, api_version: &str) -> Option<Operation> {
    let mut entries = read(live);
    if entries.iter().all(|entry| entry.api_version == api_version) {
        return None;
    }
    for entry in &mut entries {
        entry.api_version = api_version;
    }
    Some(replace(entries))
}

/// The managers that own fields by apply, with their sets of fields as they are written. Entries of subresources do not
/// count, nor do those whose set is no map.
///
/// Source: fluxcd/pkg ssa v0.76.1: `manager_apply.go (parseManagedFieldsApply)`.
pub(super) fn applied(live: &Value) -> Vec<(&str, &Map<String, Value>)> {
    let entries = read(live).into_iter();
    let entries = entries.filter(|entry| entry.operation == APPLY && entry.subresource.is_empty());
    let sets = entries.filter_map(|entry| match entry.fields {
        FieldSet::Read {
            value: Value::Object(map),
            ..
        } => Some((entry.manager, map)),
        _ => None,
    });
    sets.collect()
}

/// An entry of `metadata.managedFields`. Two are equal if upstream's are, which hold pointers: so entries that have a time
/// or fields are equal only to themselves.
#[derive(Debug, Clone, Default, PartialEq)]
struct Entry<'o> {
    manager: &'o str,
    operation: &'o str,
    api_version: &'o str,
    /// As it is written; the first instant of year 1 stands for null.
    time: Option<(usize, Option<String>)>,
    fields_type: &'o str,
    fields: FieldSet<'o>,
    subresource: &'o str,
}

#[derive(Debug, Clone, Default)]
enum FieldSet<'o> {
    #[default]
    None,
    Read {
        value: &'o Value,
        place: usize,
    },
    United(Value),
}

impl PartialEq for FieldSet<'_> {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::None, Self::None) => true,
            (Self::Read { place, .. }, Self::Read { place: other, .. }) => place == other,
            _ => false,
        }
    }
}

/// All entries; none if one of them cannot be read.
///
/// Source: k8s.io/apimachinery v0.36.2: `pkg/apis/meta/v1/unstructured/unstructured.go (GetManagedFields)`.
fn read(live: &Value) -> Vec<Entry<'_>> {
    let entries = live
        .get("metadata")
        .and_then(|meta| meta.get("managedFields")?.as_array());
    let entries = entries.into_iter().flatten().enumerate();
    let entries = entries.map(|(place, entry)| Entry::read(entry.as_object()?, place));
    entries.collect::<Option<_>>().unwrap_or_default()
}

impl<'o> Entry<'o> {
    fn read(entry: &'o Map<String, Value>, place: usize) -> Option<Self> {
        let text = |key: &str| match entry.get(key) {
            None | Some(Value::Null) => Some(""),
            Some(value) => value.as_str(),
        };
        Some(Self {
            manager: text("manager")?,
            operation: text("operation")?,
            api_version: text("apiVersion")?,
            time: match entry.get("time") {
                None | Some(Value::Null) => None,
                Some(time) => Some((place, rewrite(time.as_str()?, Precision::Seconds)?)),
            },
            fields_type: text("fieldsType")?,
            fields: match entry.get("fieldsV1") {
                None | Some(Value::Null) => FieldSet::None,
                Some(value) => FieldSet::Read { value, place },
            },
            subresource: text("subresource")?,
        })
    }

    fn write(&self) -> Value {
        let texts = [
            ("manager", self.manager),
            ("operation", self.operation),
            ("apiVersion", self.api_version),
            ("fieldsType", self.fields_type),
            ("subresource", self.subresource),
        ];
        let texts = texts.into_iter().filter(|(_, text)| !text.is_empty());
        let mut entry: Map<String, Value> = texts
            .map(|(key, text)| (key.to_owned(), text.into()))
            .collect();
        if let Some((_, time)) = &self.time {
            entry.insert("time".to_owned(), time.clone().into());
        }
        if let Some(fields) = self.fields.value() {
            entry.insert("fieldsV1".to_owned(), fields.clone());
        }
        Value::Object(entry)
    }
}

impl FieldSet<'_> {
    fn value(&self) -> Option<&Value> {
        match self {
            Self::None => None,
            Self::Read { value, .. } => Some(value),
            Self::United(value) => Some(value),
        }
    }
}

fn unite<'o>(ours: FieldSet<'o>, theirs: FieldSet<'o>) -> Result<FieldSet<'o>, Error> {
    let united = match (ours.value(), theirs.value()) {
        (None, _) => return Ok(theirs),
        (_, None) => return Ok(ours),
        (Some(ours), Some(theirs)) => Fields::read(ours)
            .ok_or(Error::Fields)?
            .union(Fields::read(theirs).ok_or(Error::Fields)?),
    };
    Ok(FieldSet::United(united.write()))
}

fn replace(entries: Vec<Entry<'_>>) -> Operation {
    Operation::Replace {
        path: "/metadata/managedFields".to_owned(),
        value: entries.iter().map(Entry::write).collect(),
    }
}

const APPLY: &str = "Apply";
