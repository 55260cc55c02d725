//! The value of a plan.
//!
//! cel-go v0.26.1: `interpreter/interpretable.go`, `cel/library.go (evalOptionalOr)`.

use super::error::Fault;
use super::function::{self, Function};
use super::limit::Meter;
use super::message::Message;
use super::plan::{Operation, OperationId, Plan, Step};
use super::program::Variables;
use super::value::{Entries, Value, equal};

pub(super) use self::attribute::is_key;

mod attribute;
mod fold;

/// One evaluation.
pub(super) struct Evaluation<'v> {
    plan: &'v Plan,
    variables: &'v Variables<'v>,
    /// What the variables of the macros around hold, the innermost last.
    locals: Vec<Value<'v>>,
    meter: Meter,
}

type Outcome<'v> = Result<Value<'v>, Fault>;

impl<'v> Evaluation<'v> {
    pub(super) fn new(plan: &'v Plan, variables: &'v Variables<'v>, meter: Meter) -> Self {
        Self {
            plan,
            variables,
            locals: Vec::new(),
            meter,
        }
    }

    pub(super) fn value(&mut self, id: OperationId) -> Outcome<'v> {
        let operation = self.plan.operation(id);
        self.meter.step()?;
        let found = self.step(operation);
        found.map_err(|fault| fault.at(&operation.span, operation.at))
    }

    fn step(&mut self, operation: &'v Operation) -> Outcome<'v> {
        match &operation.step {
            Step::Constant(value) => Ok(value.borrowed()),
            Step::Broken(fault) => Err(fault.clone()),
            Step::Attribute(attribute) => self.resolve(attribute).map_err(Fault::settled),
            Step::Presence(attribute) => match self.resolve(attribute).map_err(Fault::settled)? {
                Value::Optional(found) => Ok(Value::Bool(found.is_some())),
                other => Ok(other),
            },
            Step::And(a, b) => self.logic(*a, *b, false),
            Step::Or(a, b) => self.logic(*a, *b, true),
            Step::Equal(a, b) => self.equal(*a, *b).map(Value::Bool),
            Step::NotEqual(a, b) => self.equal(*a, *b).map(|equal| Value::Bool(!equal)),
            Step::Call {
                function,
                name,
                arguments,
            } => self.call(*function, name, arguments),
            Step::Unknown { name, arguments } => self.unknown(name, arguments),
            Step::Matches(text, regexp) => {
                let text = self.value(*text)?;
                let matches = |text: &str, meter: &mut Meter| {
                    function::text::matches_compiled(text, regexp, meter).map(Value::Bool)
                };
                match text.opened() {
                    Value::String(text) => matches(text, &mut self.meter),
                    Value::Type(kind) => matches(kind.name(), &mut self.meter),
                    _ => Err(Fault::no_overload()),
                }
            }
            Step::OptionalOr(a, b) => match self.value(*a)? {
                Value::Optional(None) => self.value(*b),
                other => Ok(other),
            },
            Step::OptionalOrValue(a, b) => match self.value(*a)? {
                Value::Optional(None) => self.value(*b),
                Value::Optional(Some(value)) => Ok((*value).clone()),
                other => Ok(other),
            },
            Step::List(elements) => self.list(elements),
            Step::Map(entries) => self.map(entries),
            Step::Message(message, fields) => self.message(*message, fields),
            Step::All(over) => self.all(*over),
            Step::Exists(over) => self.exists(*over),
            Step::ExistsOne(over) => self.exists_one(*over),
            Step::Collect {
                range,
                predicate,
                value,
            } => self.collect(*range, *predicate, *value),
            Step::Bind(init, result) => {
                let init = self.value(*init)?;
                self.locals.push(init);
                let result = self.value(*result);
                self.locals.pop();
                result
            }
        }
    }

    /// `&&`, which false ends, or `||`, which true ends. The end absorbs what went wrong before it.
    fn logic(&mut self, a: OperationId, b: OperationId, end: bool) -> Outcome<'v> {
        let mut wrong = None;
        for term in [a, b] {
            match self.value(term) {
                Ok(Value::Bool(value)) if value == end => return Ok(Value::Bool(end)),
                Ok(Value::Bool(_)) => {}
                Ok(_) => wrong = wrong.or_else(|| Some(Fault::no_overload())),
                Err(fault) if fault.is_fatal() => return Err(fault),
                Err(fault) => wrong = wrong.or(Some(fault)),
            }
        }
        wrong.map_or(Ok(Value::Bool(!end)), Err)
    }

    fn equal(&mut self, a: OperationId, b: OperationId) -> Result<bool, Fault> {
        let a = self.value(a)?;
        let b = self.value(b)?;
        equal(&a, &b, &mut self.meter)
    }

    fn call(&mut self, function: Function, name: &str, arguments: &[OperationId]) -> Outcome<'v> {
        match arguments {
            // The one function that takes an error for an argument.
            [a] if function == Function::NotStrictlyFalse => match self.value(*a) {
                Err(fault) if fault.is_fatal() => Err(fault),
                value => Ok(Value::Bool(!matches!(value, Ok(Value::Bool(false))))),
            },
            [a] => {
                let arguments = [self.value(*a)?];
                function::call(function, name, &arguments, &mut self.meter)
            }
            [a, b] => {
                let arguments = [self.value(*a)?, self.value(*b)?];
                function::call(function, name, &arguments, &mut self.meter)
            }
            _ => {
                let arguments = self.values(arguments)?;
                function::call(function, name, &arguments, &mut self.meter)
            }
        }
    }

    fn unknown(&mut self, name: &str, arguments: &[OperationId]) -> Outcome<'v> {
        let arguments = self.values(arguments)?;
        match arguments.first() {
            Some(first) => Err(function::unknown_to(name, first)),
            None => Err(Fault::no_overload()),
        }
    }

    fn values(&mut self, operations: &[OperationId]) -> Result<Vec<Value<'v>>, Fault> {
        operations.iter().map(|id| self.value(*id)).collect()
    }

    fn list(&mut self, elements: &[(OperationId, bool)]) -> Outcome<'v> {
        self.meter.make(elements.len() * size_of::<Value<'_>>())?;
        let mut list = Vec::with_capacity(elements.len());
        for (element, optional) in elements {
            let value = self.value(*element)?;
            list.extend(self::element(value, *optional)?);
        }
        Ok(list.into())
    }

    fn map(&mut self, entries: &[(OperationId, OperationId, bool)]) -> Outcome<'v> {
        self.meter
            .make(2 * entries.len() * size_of::<Value<'_>>())?;
        let mut map = Entries::default();
        for (key, value, optional) in entries {
            let key = self.value(*key)?;
            let value = self.value(*value)?;
            let value = entry(value, *optional, &key)?;
            map.set(key, value)?;
        }
        Ok(Value::Map(map.finish()))
    }

    fn message(
        &mut self,
        message: Message,
        fields: &[(Box<str>, OperationId, bool)],
    ) -> Outcome<'v> {
        let mut values = Vec::with_capacity(fields.len());
        for (name, value, optional) in fields {
            let value = self.value(*value)?;
            let key = Value::from(name.to_string());
            if let Some(value) = entry(value, *optional, &key)? {
                values.push((&**name, value));
            }
        }
        message.value(&values)
    }
}

/// An element of a list, or nothing where an optional one has none.
pub(super) fn element(value: Value<'_>, optional: bool) -> Result<Option<Value<'_>>, Fault> {
    match (optional, value) {
        (false, value) => Ok(Some(value)),
        (true, Value::Optional(value)) => Ok(value.map(|it| (*it).clone())),
        (true, other) => Err(Fault::new(format!(
            "cannot initialize optional list element from non-optional value {other}"
        ))),
    }
}

/// The value of an entry, or nothing where an optional one has none.
pub(super) fn entry<'v>(
    value: Value<'v>,
    optional: bool,
    key: &Value<'_>,
) -> Result<Option<Value<'v>>, Fault> {
    match (optional, value) {
        (false, value) => Ok(Some(value)),
        (true, Value::Optional(value)) => Ok(value.map(|it| (*it).clone())),
        (true, other) => Err(Fault::new(format!(
            "cannot initialize optional entry '{key}' from non-optional value {other}"
        ))),
    }
}
