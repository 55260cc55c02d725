//! The macros over lists and maps.
//!
//! Upstream expands them into a fold with an accumulator; what follows gives the same values and the same errors.
//!
//! cel-go v0.26.1: `interpreter/interpretable.go (evalFold)`, `parser/macro.go`.

use super::{Evaluation, Fault, OperationId, Outcome, Value};
use crate::cel::plan::Loop;
use crate::cel::value::TypeName;

impl<'v> Evaluation<'v> {
    /// False ends it, and absorbs what went wrong before.
    pub(super) fn all(&mut self, over: Loop) -> Outcome<'v> {
        self.quantify(over, false)
    }

    /// True ends it, and absorbs what went wrong before.
    pub(super) fn exists(&mut self, over: Loop) -> Outcome<'v> {
        self.quantify(over, true)
    }

    fn quantify(&mut self, over: Loop, end: bool) -> Outcome<'v> {
        let mut wrong = None;
        let ended = self.each(over.range, |evaluation| {
            match evaluation.holds(over.predicate) {
                Ok(holds) => return Ok(holds == end),
                Err(fault) if fault.is_fatal() => return Err(fault),
                Err(fault) => wrong = wrong.take().or(Some(fault)),
            }
            Ok(false)
        })?;
        match wrong {
            Some(fault) if !ended => Err(fault),
            _ => Ok(Value::Bool(ended == end)),
        }
    }

    /// Nothing ends it, and nothing absorbs what goes wrong.
    pub(super) fn exists_one(&mut self, over: Loop) -> Outcome<'v> {
        let mut count = Ok(0_u64);
        self.each(over.range, |evaluation| {
            match evaluation.holds(over.predicate) {
                Ok(holds) => count = count.clone().map(|count| count + u64::from(holds)),
                Err(fault) if fault.is_fatal() => return Err(fault),
                Err(fault) => count = Err(fault),
            }
            Ok(false)
        })?;
        Ok(Value::Bool(count? == 1))
    }

    /// `map` and `filter`. A predicate that goes wrong replaces what went wrong before, a value does not.
    pub(super) fn collect(
        &mut self,
        range: OperationId,
        predicate: Option<OperationId>,
        value: OperationId,
    ) -> Outcome<'v> {
        let mut collected = Ok(Vec::new());
        self.each(range, |evaluation| {
            let holds = predicate.map_or(Ok(true), |predicate| evaluation.holds(predicate));
            match holds {
                Ok(false) => return Ok(false),
                Ok(true) => {}
                Err(fault) if fault.is_fatal() => return Err(fault),
                Err(fault) => {
                    collected = Err(fault);
                    return Ok(false);
                }
            }
            let Ok(list) = &mut collected else {
                return Ok(false);
            };
            evaluation.meter.make(size_of::<Value<'_>>())?;
            match evaluation.value(value) {
                Ok(value) => list.push(value),
                Err(fault) if fault.is_fatal() => return Err(fault),
                Err(fault) => collected = Err(fault),
            }
            Ok(false)
        })?;
        Ok(collected?.into())
    }

    fn holds(&mut self, predicate: OperationId) -> Result<bool, Fault> {
        match self.value(predicate)? {
            Value::Bool(holds) => Ok(holds),
            _ => Err(Fault::no_overload()),
        }
    }

    /// Binds the variable to each element or key until `visit` says that it is enough, and tells whether it did.
    fn each(
        &mut self,
        range: OperationId,
        mut visit: impl FnMut(&mut Self) -> Result<bool, Fault>,
    ) -> Result<bool, Fault> {
        let range = self.value(range)?;
        let place = self.locals.len();
        self.locals.push(Value::Null);
        let mut bound = |evaluation: &mut Self, element: Value<'v>| {
            evaluation.meter.step()?;
            if let Some(slot) = evaluation.locals.get_mut(place) {
                *slot = element;
            }
            visit(evaluation)
        };
        let ended = match &range {
            Value::List(list) => list
                .iter()
                .try_fold(false, |ended, element| Ok(ended || bound(self, element)?)),
            Value::Map(map) => map
                .iter()
                .try_fold(false, |ended, (key, _)| Ok(ended || bound(self, key)?)),
            other => {
                let kind = go_name(other.kind());
                Err(Fault::new(format!("got '{kind}', expected iterable type")))
            }
        };
        self.locals.truncate(place);
        ended
    }
}

/// The type as upstream's language names it.
fn go_name(kind: TypeName) -> &'static str {
    match kind {
        TypeName::Bool => "types.Bool",
        TypeName::Bytes => "types.Bytes",
        TypeName::Double => "types.Double",
        TypeName::Duration => "types.Duration",
        TypeName::Int => "types.Int",
        TypeName::Null => "types.Null",
        TypeName::Optional => "*types.Optional",
        TypeName::String => "types.String",
        TypeName::Timestamp => "types.Timestamp",
        TypeName::Type => "*types.Type",
        TypeName::Uint => "types.Uint",
        TypeName::List | TypeName::Map => kind.name(),
    }
}
