use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use serde_json::{Map, Value, json};

use super::normalize::normalize_dry_run;
use super::object::{self, same, texts};
use super::patch::escape;
use super::{Error, IgnoreRules, Operation, Patch};
use crate::inventory::Place;

/// Whether a live object differs from the result of its dry run, and in what.
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub enum Drift {
    /// There is nothing to compare with: the result has no `metadata.resourceVersion`, so the object is to be created.
    New,
    /// They differ. The patch leads from the live object to the result of the dry run, as far as that is compared. For a
    /// HorizontalPodAutoscaler it is about the forms that are compared, which went through the type.
    Changed(Patch),
    /// They are equal as far as that is compared.
    None,
}

impl Drift {
    /// Compares a live object with the result of its dry run.
    ///
    /// Compared are labels, annotations, and all that is neither `metadata` nor `status`, without the fields that the rules
    /// ignore. `live` is `None` if the object does not exist.
    ///
    /// # Errors
    ///
    /// As [`IgnoreRules::remove`].
    ///
    /// Source: fluxcd/pkg ssa v0.76.1: `manager_apply.go (hasDriftedWithIgnore)`, `manager_diff.go (hasDrifted)`.
    ///
    /// # Examples
    ///
    /// ```
    /// use fluxcd_core::ssa::{Drift, IgnoreRules};
    /// use serde_json::json;
    ///
    /// let object = |replicas| json!({
    ///     "apiVersion": "apps/v1", "kind": "Deployment",
    ///     "metadata": {"name": "web", "resourceVersion": "7"}, "spec": {"replicas": replicas},
    /// });
    /// let drift = Drift::detect(Some(&object(5)), &object(2), &IgnoreRules::default())?;
    /// assert_eq!(
    ///     drift.patch().unwrap().to_string(),
    ///     r#"[{"op":"replace","path":"/spec/replicas","value":2}]"#
    /// );
    /// # Ok::<(), fluxcd_core::ssa::Error>(())
    /// ```
    pub fn detect(
        live: Option<&Value>,
        dry_run: &Value,
        rules: &IgnoreRules,
    ) -> Result<Self, Error> {
        let absent;
        let live = match live {
            Some(live) => live,
            None => {
                absent =
                    json!({"apiVersion": dry_run.get("apiVersion"), "kind": dry_run.get("kind")});
                &absent
            }
        };
        let live = rules.remove(live, dry_run)?;
        let dry_run = rules.remove(dry_run, dry_run)?;
        if object::metadata(&dry_run, "resourceVersion").is_empty() {
            return Ok(Self::New);
        }
        let patch = compare(&live, &dry_run);
        Ok(match patch.is_empty() {
            true => Self::None,
            false => Self::Changed(patch),
        })
    }

    /// Whether the object is written.
    #[must_use]
    pub const fn is_drifted(&self) -> bool {
        !matches!(self, Self::None)
    }

    pub(super) fn into_patch(self) -> Patch {
        match self {
            Self::Changed(patch) => patch,
            Self::New | Self::None => Patch::default(),
        }
    }

    /// In what they differ; `None` without a difference or a live object.
    #[must_use]
    pub const fn patch(&self) -> Option<&Patch> {
        match self {
            Self::Changed(patch) => Some(patch),
            Self::New | Self::None => None,
        }
    }
}

fn compare(live: &Value, dry_run: &Value) -> Patch {
    let mut difference = Difference::default();
    difference.texts("annotations", Place::Annotation, live, dry_run);
    difference.texts("labels", Place::Label, live, dry_run);
    let (live, dry_run) = (prepared(live), prepared(dry_run));
    if let (Some(live), Some(dry_run)) = (Members::of(&live), Members::of(&dry_run)) {
        difference.maps(live, dry_run);
    }
    difference.patch
}

/// The object that is compared, and what of it is not. A HorizontalPodAutoscaler goes through its type; one that does not
/// fit is compared as a whole, metadata and all.
///
/// Source: fluxcd/pkg ssa v0.76.1: `manager_diff.go (prepareObjectForDiff)`.
fn prepared(object: &Value) -> (Cow<'_, Value>, Hidden) {
    const HIDDEN: Hidden = &["metadata", "status"];
    if object::top(object, "kind") != "HorizontalPodAutoscaler" {
        return (Cow::Borrowed(object), HIDDEN);
    }
    let mut converted = object.clone();
    if let Some(map) = converted.as_object_mut() {
        map.retain(|key, _| !HIDDEN.contains(&key.as_str()));
    }
    match normalize_dry_run(&mut converted) {
        Ok(()) => (Cow::Owned(converted), &[]),
        Err(_) => (Cow::Borrowed(object), &[]),
    }
}

/// Members of a map that are as good as absent.
type Hidden = &'static [&'static str];

/// A map without the members that are not compared.
#[derive(Clone, Copy)]
struct Members<'m> {
    map: &'m Map<String, Value>,
    hidden: Hidden,
}

impl<'m> Members<'m> {
    fn of((object, hidden): &'m (Cow<'_, Value>, Hidden)) -> Option<Self> {
        let map = object.as_object()?;
        Some(Self { map, hidden })
    }

    fn keys(self) -> impl Iterator<Item = &'m String> {
        let keys = self.map.keys();
        keys.filter(move |key| !self.hidden.contains(&key.as_str()))
    }

    fn get(self, key: &str) -> Option<&'m Value> {
        self.map.get(key).filter(|_| !self.hidden.contains(&key))
    }
}

impl<'m> From<&'m Map<String, Value>> for Members<'m> {
    fn from(map: &'m Map<String, Value>) -> Self {
        Self { map, hidden: &[] }
    }
}

#[derive(Default)]
struct Difference {
    path: String,
    patch: Patch,
}

impl Difference {
    /// Labels or annotations as Go reads them.
    fn texts(&mut self, key: &str, place: Place, live: &Value, dry_run: &Value) {
        let (before, after) = (texts(live, place), texts(dry_run, place));
        if before == after {
            return;
        }
        let metadata = live.get("metadata").and_then(Value::as_object);
        let readable = metadata.and_then(|metadata| metadata.get(key)?.as_object());
        if readable.is_some_and(|map| map.len() == before.len()) {
            self.path = format!("/metadata/{key}");
            self.maps((&owned(&before)).into(), (&owned(&after)).into());
            self.path.clear();
        } else if metadata.is_some() {
            let path = format!("/metadata/{key}");
            let value = owned(&after).into();
            self.patch.0.push(Operation::Add { path, value });
        } else {
            let path = "/metadata".to_owned();
            let value = json!({ key: owned(&after) });
            self.patch.0.push(Operation::Add { path, value });
        }
    }

    fn values(&mut self, before: &Value, after: &Value) {
        match (before, after) {
            (Value::Object(before), Value::Object(after)) => self.maps(before.into(), after.into()),
            (Value::Array(before), Value::Array(after)) => self.lists(before, after),
            _ if same(before, after) => {}
            _ => self.patch.0.push(Operation::Replace {
                path: self.path.clone(),
                value: after.clone(),
            }),
        }
    }

    fn maps(&mut self, before: Members<'_>, after: Members<'_>) {
        let keys: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        for key in keys {
            self.at(&escape(key), before.get(key), after.get(key));
        }
    }

    /// Item by item; what is too much goes from the end.
    fn lists(&mut self, before: &[Value], after: &[Value]) {
        let common = before.len().min(after.len());
        for (place, (before, after)) in before.iter().zip(after).enumerate() {
            self.at(&place.to_string(), Some(before), Some(after));
        }
        for (place, item) in before.iter().enumerate().skip(common).rev() {
            self.at(&place.to_string(), Some(item), None);
        }
        for (place, item) in after.iter().enumerate().skip(common) {
            self.at(&place.to_string(), None, Some(item));
        }
    }

    fn at(&mut self, segment: &str, before: Option<&Value>, after: Option<&Value>) {
        let length = self.path.len();
        _ = write!(self.path, "/{segment}");
        match (before, after) {
            (Some(before), Some(after)) => self.values(before, after),
            (None, Some(value)) => self.patch.0.push(Operation::Add {
                path: self.path.clone(),
                value: value.clone(),
            }),
            _ => self.patch.0.push(Operation::Remove {
                path: self.path.clone(),
            }),
        }
        self.path.truncate(length);
    }
}

fn owned(texts: &BTreeMap<&str, &str>) -> Map<String, Value> {
    texts
        .iter()
        .map(|(key, value)| ((*key).to_owned(), (*value).into()))
        .collect()
}
