//! The object before and after, side by side.

use std::collections::BTreeMap;

use fluxcd_dialect::yaml::Segment;
use serde_json::{Map, Value};

use super::source::{NewKey, Region, Source};
use super::{Change, Type};
use crate::substitute::layer::Visibility;
use crate::substitute::substitution::Substituted;

pub(super) fn changes(done: &Substituted<'_>) -> Vec<Change> {
    let Some(source) = Source::new(done) else {
        return Vec::new();
    };
    let mut walk = Walk {
        source,
        path: Vec::new(),
        target: Vec::new(),
        changes: Vec::new(),
    };
    walk.value(done.before, &done.after);
    walk.changes
}

struct Walk {
    source: Source,
    /// Where the walk is in the object as built.
    path: Vec<Segment>,
    /// Where it is in the result.
    target: Vec<Segment>,
    changes: Vec<Change>,
}

impl Walk {
    fn value(&mut self, before: &Value, after: &Value) {
        if before == after {
            return;
        }
        match (before, after) {
            (Value::Object(before), Value::Object(after)) => self.map(before, after),
            (Value::Array(before), Value::Array(after)) => {
                for index in 0..before.len().max(after.len()) {
                    self.step(index.into(), index.into(), |walk| {
                        walk.either(before.get(index), after.get(index));
                    });
                }
            }
            _ => self.change(Some(before), Some(after)),
        }
    }

    fn either(&mut self, before: Option<&Value>, after: Option<&Value>) {
        match (before, after) {
            (Some(before), Some(after)) => self.value(before, after),
            _ => self.change(before, after),
        }
    }

    fn map(&mut self, before: &Map<String, Value>, after: &Map<String, Value>) {
        let mut new_keys = Vec::new();
        // The entry of the object as built that an entry of the result comes from.
        let mut origins = BTreeMap::new();
        for key in before.keys() {
            self.path.push(key.as_str().into());
            let new_key = self.source.new_key(&self.path, &self.target);
            self.path.pop();
            if let NewKey::Is(word) = &new_key
                && after.contains_key(word)
            {
                origins.insert(word.clone(), key.as_str());
            }
            new_keys.push(new_key);
        }
        // What is not found by its place keeps its name, unless another entry has it.
        for (key, new_key) in before.keys().zip(&new_keys) {
            let found =
                matches!(new_key, NewKey::Is(word) if origins.get(word) == Some(&key.as_str()));
            if !found && !matches!(new_key, NewKey::Lost(_)) && after.contains_key(key) {
                origins.entry(key.clone()).or_insert(key);
            }
        }
        let targets: BTreeMap<_, _> = origins.iter().map(|(new, old)| (*old, new)).collect();
        for ((key, value), new_key) in before.iter().zip(&new_keys) {
            let target = targets.get(key.as_str()).copied();
            let shown = match (target, new_key) {
                (Some(target), _) => target,
                (None, NewKey::Lost(target)) => target,
                (None, NewKey::Is(_) | NewKey::Unknown) => key,
            };
            self.step(
                key.as_str().into(),
                shown.as_str().into(),
                |walk| match target.and_then(|target| after.get(target)) {
                    None => walk.change(Some(value), None),
                    Some(after) if shown == key => walk.value(value, after),
                    Some(after) => walk.renamed(value, after),
                },
            );
        }
        for (key, value) in after {
            if !origins.contains_key(key) {
                let key = Segment::from(key.as_str());
                self.step(key.clone(), key, |walk| walk.change(None, Some(value)));
            }
        }
    }

    fn step(&mut self, old: Segment, new: Segment, visit: impl FnOnce(&mut Self)) {
        self.path.push(old);
        self.target.push(new);
        visit(self);
        self.path.pop();
        self.target.pop();
    }

    /// An entry with another key. Of what is in it, the uses are told where it changed.
    fn renamed(&mut self, before: &Value, after: &Value) {
        let goes_on = matches!(
            (before, after),
            (Value::Object(_), Value::Object(_)) | (Value::Array(_), Value::Array(_))
        );
        let whole = self.source.node(&self.path);
        let region = if goes_on {
            self.source.key(&self.path)
        } else {
            self.source.node(&self.path)
        };
        self.push(Some(before), Some(after), &region, &whole);
        if goes_on {
            self.value(before, after);
        }
    }

    fn change(&mut self, before: Option<&Value>, after: Option<&Value>) {
        let region = if before.is_some() {
            self.source.node(&self.path)
        } else {
            self.source.new_node(&self.target)
        };
        self.push(before, after, &region, &region);
    }

    fn push(
        &mut self,
        before: Option<&Value>,
        after: Option<&Value>,
        region: &Region,
        whole: &Region,
    ) {
        let types = before.zip(after);
        let types = types.map(|(before, after)| (Type::of(before), Type::of(after)));
        self.changes.push(Change {
            path: self.path.clone().into(),
            renamed: (self.target != self.path).then(|| self.target.clone().into()),
            before: before.cloned(),
            after: after.cloned(),
            uses: self.source.uses(region),
            retyped: types.filter(|(before, after)| before != after),
            visibility: match after {
                None => Visibility::Shown,
                Some(_) => self.source.visibility(whole),
            },
        });
    }
}
