//! Values and the way into them.
//!
//! cel-go v0.26.1: `interpreter/attributes.go (Resolve, applyQualifiers, refQualify)`.

use super::{Evaluation, Fault, OperationId, Outcome, Step, Value};
use crate::cel::number;
use crate::cel::plan::{Attribute, Candidate, Key, Qualifier, Root};
use crate::cel::value::List;

impl<'v> Evaluation<'v> {
    /// The value at the end of the way. A fault may say that no variable has the name.
    pub(super) fn resolve(&mut self, attribute: &'v Attribute) -> Outcome<'v> {
        match &attribute.root {
            Root::Name(candidates) => self.named(candidates, &attribute.qualifiers),
            Root::Value(operation) => {
                let value = self.value(*operation).map_err(Fault::settled)?;
                self.follow(value, &attribute.qualifiers)
            }
            Root::Conditional(condition, truthy, falsy) => {
                match self.value(*condition).map_err(Fault::settled)? {
                    Value::Bool(true) => self.resolve(truthy),
                    Value::Bool(false) => self.resolve(falsy),
                    _ => Err(Fault::no_overload()),
                }
            }
        }
    }

    fn named(&mut self, candidates: &'v [Candidate], qualifiers: &'v [Qualifier]) -> Outcome<'v> {
        let mut missing = None;
        for candidate in candidates {
            let rest = qualifiers.get(candidate.used..).unwrap_or_default();
            let value = match candidate.local {
                Some(place) => self.locals.get(place).cloned(),
                None => self.variables.find(&candidate.name),
            };
            let found = match (value, &candidate.meaning) {
                (Some(value), _) => self.follow(value, rest),
                (None, Some(meaning)) if rest.is_empty() => Ok(meaning.clone()),
                _ => Err(Fault::no_attribute(&candidate.name)),
            };
            match found {
                Err(fault) if fault.is_missing_name() => missing = missing.or(Some(fault)),
                other => return other,
            }
        }
        Err(missing.unwrap_or_else(Fault::no_overload))
    }

    /// Goes the way from a value.
    fn follow(&mut self, from: Value<'v>, qualifiers: &'v [Qualifier]) -> Outcome<'v> {
        let (mut value, mut optional) = match from {
            Value::Optional(None) => return Ok(Value::Optional(None)),
            Value::Optional(Some(value)) => (bare(&value), true),
            other => (other, false),
        };
        for qualifier in qualifiers {
            optional |= qualifier.optional;
            let mut computed = None;
            let key = match &qualifier.key {
                Key::Constant(key) => key,
                Key::Computed(operation) => &*computed.insert(self.key(*operation)?),
            };
            let found = part(&value, key, optional || qualifier.test)?;
            value = match found {
                found if qualifier.test && !optional => Value::Bool(found.is_some()),
                Some(found) => found,
                None => return Ok(Value::Optional(None)),
            };
        }
        Ok(if optional { Some(value).into() } else { value })
    }

    fn key(&mut self, operation: OperationId) -> Outcome<'v> {
        // An attribute as a key keeps its own faults, so that a missing name in it is one of the whole attribute.
        let key = match &self.plan.operation(operation).step {
            Step::Attribute(attribute) | Step::Presence(attribute) => {
                self.meter.step()?;
                self.resolve(attribute)?
            }
            _ => self.value(operation).map_err(Fault::settled)?,
        };
        is_key(&key)?;
        Ok(key)
    }
}

/// Whether a value can be a key or an index at all.
pub(in crate::cel) fn is_key(key: &Value<'_>) -> Result<(), Fault> {
    match key {
        Value::Bool(_) | Value::Int(_) | Value::Uint(_) | Value::Double(_) | Value::String(_) => {
            Ok(())
        }
        other => {
            let kind = other.kind().name();
            Err(Fault::new(format!("invalid qualifier type: {kind}")))
        }
    }
}

/// What an optional holds, as upstream takes it out on its way: optionals within are opened, too, and a type becomes its
/// name.
fn bare<'v>(value: &Value<'v>) -> Value<'v> {
    match value {
        Value::Optional(Some(value)) => bare(value),
        Value::Optional(None) => Value::Null,
        Value::Type(kind) => Value::from(kind.name()),
        other => other.clone(),
    }
}

/// The value under a key or at an index; nothing where there is none, if that is no fault.
fn part<'v>(value: &Value<'v>, key: &Value<'_>, lenient: bool) -> Result<Option<Value<'v>>, Fault> {
    let found = match value {
        Value::Map(map) => map.find(key)?,
        Value::List(list) => element(list, key)?,
        _ => None,
    };
    if found.is_some() || lenient {
        return Ok(found);
    }
    let what = match value {
        Value::List(_) => "index out of bounds",
        _ => "no such key",
    };
    Err(Fault::new(format!("{what}: {key}")))
}

fn element<'v>(list: &List<'v>, index: &Value<'_>) -> Result<Option<Value<'v>>, Fault> {
    let unsupported = || Fault::new(format!("unsupported index value {index} in list"));
    let place = match *index {
        Value::Int(index) => index,
        Value::Uint(index) => i64::try_from(index).map_err(|_| unsupported())?,
        Value::Double(index) => number::to_int_exactly(index).ok_or_else(unsupported)?,
        _ => {
            let kind = index.kind().name();
            return Err(Fault::new(format!(
                "unsupported index type '{kind}' in list"
            )));
        }
    };
    Ok(usize::try_from(place).ok().and_then(|place| list.at(place)))
}
