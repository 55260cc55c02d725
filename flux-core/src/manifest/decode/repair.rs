//! Decoding again and again, each time without what was wrong the last time.

use std::collections::BTreeSet;

use fluxcd_dialect::yaml::Segment;
use serde_json::{Value, json};

use super::super::place::FieldPath;
use super::super::problem::Fault;

/// Why a type did not take a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) path: FieldPath,
    pub(super) message: String,
}

/// A problem without its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Defect {
    pub(super) fault: Fault,
    pub(super) path: FieldPath,
}

impl Defect {
    pub(super) const fn new(fault: Fault, path: FieldPath) -> Self {
        Self { fault, path }
    }
}

/// A value on its way to become decodable.
pub(super) struct Repair<'a, T> {
    /// The value without the parts that were wrong, and with something in the place of the missing ones.
    pub(super) value: Value,
    pub(super) defects: Vec<Defect>,
    /// Paths whose values are ours, or were taken out: problems there are consequences.
    pub(super) invented: Vec<FieldPath>,
    /// How many more times the value may be decoded.
    pub(super) attempts: usize,
    /// Lists that the type takes for lists, their indices left out.
    lists: BTreeSet<Vec<Option<String>>>,
    decode: &'a dyn Fn(&Value) -> Result<T, Refusal>,
}

impl<'a, T> Repair<'a, T> {
    pub(super) fn new(
        value: &Value,
        decode: &'a dyn Fn(&Value) -> Result<T, Refusal>,
        attempts: usize,
    ) -> Self {
        Self {
            value: value.clone(),
            defects: Vec::new(),
            invented: Vec::new(),
            attempts,
            lists: BTreeSet::new(),
            decode,
        }
    }

    /// The object that is left when everything wrong is taken out; nothing if that cannot be done, or takes too long.
    pub(super) fn run(&mut self) -> Option<T> {
        let mut refusal = match self.attempt()? {
            Ok(object) => return Some(object),
            Err(refusal) => refusal,
        };
        loop {
            let Defect { fault, path } = self.defect(&refusal)?;
            let present = at(&mut self.value, &path).map(|value| value.is_null());
            // A null field is an absent one. A null item is none.
            let null = present == Some(true) && matches!(path.last(), Some(Segment::Key(_)));
            if !null && !self.invented.iter().any(|known| path.starts_with(known)) {
                self.defects.push(Defect::new(fault, path.clone()));
            }
            let result = if present.is_some() && self.remove(&path) {
                if !null {
                    self.invented.push(path);
                }
                self.attempt()?
            } else {
                self.invented.push(path.clone());
                self.fill(&path)?
            };
            match result {
                Ok(object) => return Some(object),
                Err(next) => refusal = next,
            }
        }
    }

    /// Puts something in a place that takes the type further; nothing if there is no such thing.
    fn fill(&mut self, path: &FieldPath) -> Option<Result<T, Refusal>> {
        for filler in fillers() {
            self.put(path, filler)?;
            let result = self.attempt()?;
            let refused = result.as_ref().err().is_some_and(|refusal| {
                let next = Self::diagnose(refusal);
                // A map that lacks fields of its own is the right filler.
                let lacks = next.fault == Fault::MissingField && next.path.len() > path.len();
                next.path.starts_with(path) && !lacks
            });
            if !refused {
                return Some(result);
            }
        }
        None
    }

    /// Nothing when there were too many.
    fn attempt(&mut self) -> Option<Result<T, Refusal>> {
        self.attempts = self.attempts.checked_sub(1)?;
        Some((self.decode)(&self.value))
    }

    /// What a refusal says. A missing field is reported at its parent; serde names it in the text.
    pub(super) fn diagnose(refusal: &Refusal) -> Defect {
        if let Some(field) = missing_field(refusal) {
            return Defect::new(Fault::MissingField, refusal.path.join(field));
        }
        let message = refusal.message.clone();
        Defect::new(Fault::WrongType { message }, refusal.path.clone())
    }

    /// What a refusal means.
    fn defect(&mut self, refusal: &Refusal) -> Option<Defect> {
        let defect = Self::diagnose(refusal);
        let list = self.list_for_map(&defect.path)?;
        Some(list.map_or(defect, |list| Defect::new(list_for_map(), list)))
    }

    /// The outermost list on a path that the type takes for a map. Derived code reads a list as a struct, field by field,
    /// and then complains about one of the items; Go does not.
    fn list_for_map(&mut self, path: &FieldPath) -> Option<Option<FieldPath>> {
        for end in 0..=path.len() {
            let list: FieldPath = path.iter().take(end).cloned().collect();
            let Some(Value::Array(_)) = at(&mut self.value, &list) else {
                continue;
            };
            let name = list.iter().map(|segment| match segment {
                Segment::Key(key) => Some(key.clone()),
                Segment::Index(_) => None,
            });
            let name: Vec<_> = name.collect();
            if self.lists.contains(&name) {
                continue;
            }
            let original =
                at(&mut self.value, &list).map(|place| std::mem::replace(place, json!({})));
            let result = self.attempt();
            if let (Some(place), Some(original)) = (at(&mut self.value, &list), original) {
                *place = original;
            }
            let refused = result?
                .is_err_and(|refusal| refusal.path == list && missing_field(&refusal).is_none());
            if !refused {
                return Some(Some(list));
            }
            self.lists.insert(name);
        }
        Some(None)
    }

    /// Takes a field out of its map. Items stay in their lists: the paths of those behind them would change.
    fn remove(&mut self, path: &FieldPath) -> bool {
        let (Some(Segment::Key(key)), Some(parent)) = (path.last(), path.parent()) else {
            return false;
        };
        let parent = at(&mut self.value, &parent).and_then(Value::as_object_mut);
        parent.is_some_and(|parent| parent.remove(key).is_some())
    }

    /// Nothing if there is no such place.
    fn put(&mut self, path: &FieldPath, filler: Value) -> Option<()> {
        let (last, parent) = (path.last()?, path.parent()?);
        match (last, at(&mut self.value, &parent)?) {
            (Segment::Key(key), Value::Object(members)) => {
                members.insert(key.clone(), filler);
            }
            (Segment::Index(index), Value::Array(items)) => *items.get_mut(*index)? = filler,
            _ => return None,
        }
        Some(())
    }
}

/// The field that serde misses in a struct.
fn missing_field(refusal: &Refusal) -> Option<&str> {
    let rest = refusal.message.strip_prefix("missing field `")?;
    rest.split_once('`').map(|(field, _)| field)
}

/// What is wrong with a list in the place of a map.
pub(super) fn list_for_map() -> Fault {
    let message = "invalid type: sequence, expected a map".to_owned();
    Fault::WrongType { message }
}

/// Values one of which fits nearly any field: text, a duration, a number, a flag, a map, a list, a time.
fn fillers() -> [Value; 7] {
    [
        json!("a"),
        json!("1m"),
        json!(1),
        json!(false),
        json!({}),
        json!([]),
        json!("2000-01-01T00:00:00Z"),
    ]
}

pub(super) fn at<'v>(value: &'v mut Value, path: &[Segment]) -> Option<&'v mut Value> {
    path.iter().try_fold(value, |value, segment| match segment {
        Segment::Key(key) => value.get_mut(key.as_str()),
        Segment::Index(index) => value.get_mut(*index),
    })
}
