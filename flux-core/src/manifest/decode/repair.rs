//! Decoding again and again, each time without what was wrong the last time.

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
            let (fault, path) = self.diagnose(&refusal);
            let present = at(&mut self.value, &path).cloned();
            let null = present.as_ref().is_some_and(Value::is_null);
            if !null && !self.invented.iter().any(|known| path.starts_with(known)) {
                self.defects.push(Defect::new(fault, path.clone()));
            }
            let mut next = None;
            if present.is_some() && self.remove(&path) {
                if !null {
                    self.invented.push(path);
                }
                next = Some(self.attempt()?);
            } else {
                self.invented.push(path.clone());
                for filler in fillers() {
                    self.put(&path, filler)?;
                    let result = self.attempt()?;
                    let fits = match &result {
                        Ok(_) => true,
                        // A map that lacks fields of its own is the right filler.
                        Err(refusal) => {
                            let (fault, at) = self.diagnose(refusal);
                            !at.starts_with(&path)
                                || (fault == Fault::MissingField && at.len() > path.len())
                        }
                    };
                    if fits {
                        next = Some(result);
                        break;
                    }
                }
            }
            match next? {
                Ok(object) => return Some(object),
                Err(next) => refusal = next,
            }
        }
    }

    /// Nothing when there were too many.
    fn attempt(&mut self) -> Option<Result<T, Refusal>> {
        self.attempts = self.attempts.checked_sub(1)?;
        Some((self.decode)(&self.value))
    }

    /// A missing field is reported at its parent; serde names it in the text.
    fn diagnose(&self, refusal: &Refusal) -> (Fault, FieldPath) {
        let missing = refusal.message.strip_prefix("missing field `");
        if let Some((field, _)) = missing.and_then(|rest| rest.split_once('`')) {
            return (Fault::MissingField, refusal.path.join(field));
        }
        let message = refusal.message.clone();
        (Fault::WrongType { message }, refusal.path.clone())
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
