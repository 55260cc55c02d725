use std::borrow::Cow;

use fluxcd_api::meta::{IgnoreRule, key};
use serde_json::{Map, Value};

use super::object::{self, reread, same};
use super::patch::{look_up, unescape};
use super::{Error, Operation, Patch, Target, managers};
use crate::FluxVersion;

/// `spec.ignore` of a Kustomization, ready to be asked: fields that are left to others.
///
/// Rules are asked about the object as the dry run returned it. They do not count for objects that are created.
///
/// # Differences
///
/// Upstream keeps the rules in a map, so that their order is random. It matters where two paths overlap, or index the same
/// list. Here it is that of the specification.
#[derive(Debug, Clone, PartialEq)]
pub struct IgnoreRules {
    rules: Vec<Rule>,
    manager: Cow<'static, str>,
}

#[derive(Debug, Clone, PartialEq)]
struct Rule {
    target: Option<Target>,
    paths: Vec<String>,
}

/// Which of several rules without a target count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Targetless {
    /// The last one, as in the running controllers: the others are lost without a word.
    #[default]
    Last,
    /// All of them, as their author meant.
    All,
}

/// What becomes of an ignored field of an object that is written for another reason.
#[derive(Debug, Clone, PartialEq)]
pub struct Ignored<'o> {
    /// Its path, as the rule has it.
    pub path: &'o str,
    /// What becomes of it.
    pub how: How<'o>,
}

/// How an ignored field that differs is kept as it is.
#[derive(Debug, Clone, PartialEq)]
pub enum How<'o> {
    /// It is left out of what is sent, because another manager owns it by apply, and keeps it.
    Stripped {
        /// That manager; the first that owns it.
        owner: &'o str,
    },
    /// What is sent gets the live value, because without it the field would be removed or changed. A field that the live
    /// object lacks becomes null.
    Adopted(Option<&'o Value>),
}

impl IgnoreRules {
    /// Reads rules.
    ///
    /// # Errors
    ///
    /// [`Error::Target`] of the first rule whose target cannot be read.
    ///
    /// Source: fluxcd/pkg ssa v0.76.1: `jsondiff/unstructured.go (CompileIgnoreRules)`.
    pub fn compile(rules: &[IgnoreRule], targetless: Targetless) -> Result<Self, Error> {
        let mut compiled = Vec::new();
        for rule in rules {
            if targetless == Targetless::Last && rule.target.is_none() {
                compiled.retain(|rule: &Rule| rule.target.is_some());
            }
            compiled.push(Rule {
                target: rule.target.as_ref().map(Target::compile).transpose()?,
                paths: rule.paths.clone(),
            });
        }
        Ok(Self {
            rules: compiled,
            ..Self::default()
        })
    }

    /// The same for objects whose fields another manager owns than kustomize-controller: its own fields are adopted, those of
    /// others are left out.
    #[must_use]
    pub fn managed_by(mut self, manager: impl Into<String>) -> Self {
        self.manager = Cow::Owned(manager.into());
        self
    }

    /// The paths that are ignored in an object.
    pub fn paths(&self, object: &Value) -> impl Iterator<Item = &str> {
        let rules = self.rules.iter();
        let rules = rules.filter(|rule| match &rule.target {
            None => true,
            Some(target) => target.miss(object).is_none(),
        });
        rules.flat_map(|rule| rule.paths.iter().map(String::as_str))
    }

    /// Takes the fields that are ignored in `dry_run` away from an object.
    ///
    /// # Errors
    ///
    /// [`Error::Path`] for a path into a list whose last segment is no index; [`Error::Kind`] if the kind is taken away.
    ///
    /// Source: fluxcd/pkg ssa v0.76.1: `manager_apply.go (removeIgnoredFields)`.
    pub fn remove<'o>(&self, object: &'o Value, dry_run: &Value) -> Result<Cow<'o, Value>, Error> {
        let paths = self.paths(dry_run).map(str::to_owned);
        let operations: Vec<_> = paths.map(|path| Operation::Remove { path }).collect();
        apply(Cow::Borrowed(object), operations)
    }

    /// What becomes of the ignored fields in which the live object and the result of its dry run differ.
    ///
    /// Who owns a field stands in `metadata.managedFields` of the live object. An item of a list is found there by its
    /// keys; one that is not found has no other owner, and so has one whose keys are numbers, such as ports, and one of a
    /// list within a list.
    ///
    /// Source: fluxcd/pkg ssa v0.76.1: `manager_apply.go (computeDriftedPaths)`.
    pub fn plan<'o>(&'o self, live: &'o Value, dry_run: &Value) -> Vec<Ignored<'o>> {
        let applied = managers::applied(live);
        let differing = self.paths(dry_run).filter(|path| {
            let (live, dry_run) = (look_up(live, path), look_up(dry_run, path));
            let equal = match (live, dry_run) {
                (Some(live), Some(dry_run)) => same(live, dry_run),
                (live, dry_run) => live.is_none() && dry_run.is_none(),
            };
            !equal || !(path.is_empty() || path.starts_with('/'))
        });
        let ignored = differing.map(|path| Ignored {
            path,
            how: match other_owner(live, path, &applied, &self.manager) {
                Some(owner) => How::Stripped { owner },
                None => How::Adopted(look_up(live, path)),
            },
        });
        ignored.collect()
    }
}

impl Default for IgnoreRules {
    fn default() -> Self {
        Self {
            rules: Vec::new(),
            manager: Cow::Borrowed(key::MANAGER_KUSTOMIZE),
        }
    }
}

impl<'o> Ignored<'o> {
    /// What is sent after all that: first the fields that are stripped go, then the others get their live values.
    ///
    /// # Errors
    ///
    /// [`Error::Path`] if a path cannot be followed. In Flux 2.9 that includes a field that is adopted and which the payload
    /// does not have, for example because the server filled it in; since 2.10 such a field is left out.
    ///
    /// Source: fluxcd/pkg ssa v0.76.1 and v0.83.0: `manager_apply.go (applyDriftResult)`.
    pub fn apply_all(
        ignored: &[Self],
        payload: &Value,
        version: FluxVersion,
    ) -> Result<Value, Error> {
        let (mut stripped, mut adopted) = (Vec::new(), Vec::new());
        for Ignored { path, how } in ignored {
            let path = (*path).to_owned();
            match how {
                How::Stripped { .. } => stripped.push(Operation::Remove { path }),
                How::Adopted(_)
                    if version >= FluxVersion::V2_10 && look_up(payload, &path).is_none() => {}
                How::Adopted(value) => {
                    let value = value.cloned().unwrap_or_default();
                    adopted.push(Operation::Replace { path, value });
                }
            }
        }
        let payload = apply(Cow::Borrowed(payload), stripped)?;
        apply(payload, adopted).map(Cow::into_owned)
    }
}

/// Applies a patch as upstream does, which writes the object as JSON and reads it again.
///
/// Source: fluxcd/pkg ssa v0.76.1: `jsondiff/patch.go (ApplyPatchToUnstructured)`.
fn apply(object: Cow<'_, Value>, operations: Vec<Operation>) -> Result<Cow<'_, Value>, Error> {
    if operations.is_empty() {
        return Ok(object);
    }
    let mut object = Patch(operations).apply(&object)?;
    reread(&mut object);
    match object::group_version_kind(&object) {
        (_, _, "") => Err(Error::Kind),
        _ => Ok(Cow::Owned(object)),
    }
}

/// The first manager other than that one that owns what the path names.
///
/// Source: fluxcd/pkg ssa v0.76.1: `manager_apply.go (isFieldOwnedByOtherApplyManager)`.
fn other_owner<'o>(
    live: &Value,
    path: &str,
    applied: &[(&'o str, &Map<String, Value>)],
    own: &str,
) -> Option<&'o str> {
    let elements = elements(live, path, applied)?;
    let mut others = applied.iter().filter(|(manager, _)| *manager != own);
    let owner = others.find(|(_, fields)| owns(fields, &elements));
    owner.map(|(manager, _)| *manager)
}

fn owns(fields: &Map<String, Value>, elements: &[String]) -> bool {
    let Some((last, parents)) = elements.split_last() else {
        return false;
    };
    walk(fields, parents).is_some_and(|fields| fields.contains_key(last))
}

fn walk<'f>(fields: &'f Map<String, Value>, elements: &[String]) -> Option<&'f Map<String, Value>> {
    elements
        .iter()
        .try_fold(fields, |fields, element| fields.get(element)?.as_object())
}

/// The path in the words of `managedFields`; `None` where it has none.
///
/// Source: fluxcd/pkg ssa v0.76.1: `manager_apply.go (pointerToFieldsV1Segments)`.
fn elements(
    live: &Value,
    path: &str,
    applied: &[(&str, &Map<String, Value>)],
) -> Option<Vec<String>> {
    let path = path.strip_prefix('/').unwrap_or(path);
    if path.is_empty() {
        return None;
    }
    let mut elements = Vec::new();
    // What the segments so far name, through maps only: a list within a list has no keys.
    let mut at = Some(live);
    for segment in path.split('/') {
        let segment = unescape(segment);
        let (element, next) = match object::index(&segment) {
            None => (
                format!("f:{segment}"),
                at.and_then(|at| at.as_object()?.get(&*segment)),
            ),
            Some(index) => {
                let item = at?.as_array()?.get(usize::try_from(index).ok()?)?;
                (item_key(item.as_object()?, &elements, applied)?, None)
            }
        };
        elements.push(element);
        at = next;
    }
    Some(elements)
}

/// The element that names an item of a list by its keys, of those that any manager has; of several, the first by its text.
///
/// Source: fluxcd/pkg ssa v0.76.1: `manager_apply.go (resolveArrayMergeKey)`.
fn item_key(
    item: &Map<String, Value>,
    parents: &[String],
    applied: &[(&str, &Map<String, Value>)],
) -> Option<String> {
    let lists = applied
        .iter()
        .filter_map(|(_, fields)| walk(fields, parents));
    let elements = lists.flat_map(|fields| fields.keys());
    let matching = elements.filter(|element| {
        element
            .strip_prefix("k:")
            .is_some_and(|keys| names(keys, item))
    });
    matching.min().cloned()
}

fn names(keys: &str, item: &Map<String, Value>) -> bool {
    match serde_json::from_str(keys) {
        Ok(Value::Object(keys)) => keys.into_iter().all(|(key, mut value)| {
            as_floats(&mut value);
            same(item.get(&key).unwrap_or(&Value::Null), &value)
        }),
        Ok(Value::Null) => true,
        _ => false,
    }
}

/// Upstream reads every number of the keys as a float, which no integer of the item equals.
fn as_floats(value: &mut Value) {
    match value {
        Value::Number(number) => *value = number.as_f64().into(),
        Value::Array(items) => items.iter_mut().for_each(as_floats),
        Value::Object(map) => map.values_mut().for_each(as_floats),
        _ => {}
    }
}
