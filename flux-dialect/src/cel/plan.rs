//! The tree made ready for evaluation: functions and variables found, constants computed, patterns compiled.
//!
//! cel-go v0.26.1: `interpreter/planner.go`, `interpreter/decorators.go (decOptimize, decRegexOptimizer)`,
//! `interpreter/attributes.go`.

use std::ops::Range;

use super::error::Fault;
use super::evaluate;
use super::function::{self, Function};
use super::limit::Meter;
use super::message::Message;
use super::tree::{
    Comprehension, Element, Entry, Fold, Kind, Literal, Node, NodeId, Tree, operator,
};
use super::value::{Entries, Value};
use crate::regexp::Regexp;

pub(super) use self::attribute::{Attribute, Candidate, Key, Qualifier, Root};

mod attribute;
mod call;

/// Operations that name each other by their place.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    operations: Vec<Operation>,
    root: OperationId,
}

/// The place of an operation in its plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct OperationId(usize);

#[derive(Debug, Clone)]
pub(super) struct Operation {
    pub(super) step: Step,
    pub(super) span: Range<u32>,
    pub(super) at: u32,
}

/// What to do.
#[derive(Debug, Clone)]
pub(super) enum Step {
    Constant(Value<'static>),
    /// A constant that could not be made, which is an error only where it is asked for.
    Broken(Fault),
    Attribute(Attribute),
    /// An attribute that ends in a test for presence.
    Presence(Attribute),
    And(OperationId, OperationId),
    Or(OperationId, OperationId),
    Equal(OperationId, OperationId),
    NotEqual(OperationId, OperationId),
    Call {
        function: Function,
        name: Box<str>,
        arguments: Box<[OperationId]>,
    },
    /// A function that does not exist: an error, once the arguments have none.
    Unknown {
        name: Box<str>,
        arguments: Box<[OperationId]>,
    },
    /// `matches` with a constant pattern.
    Matches(OperationId, Box<Regexp>),
    /// `or`
    OptionalOr(OperationId, OperationId),
    /// `orValue`
    OptionalOrValue(OperationId, OperationId),
    List(Box<[(OperationId, bool)]>),
    Map(Box<[(OperationId, OperationId, bool)]>),
    Message(Message, Box<[(Box<str>, OperationId, bool)]>),
    All(Loop),
    Exists(Loop),
    ExistsOne(Loop),
    /// The values of all elements for which the predicate, if there is one, holds.
    Collect {
        range: OperationId,
        predicate: Option<OperationId>,
        value: OperationId,
    },
    /// A value, bound to a variable within the second operation.
    Bind(OperationId, OperationId),
}

/// A predicate over the elements of a list or the keys of a map.
#[derive(Debug, Clone, Copy)]
pub(super) struct Loop {
    pub(super) range: OperationId,
    pub(super) predicate: OperationId,
}

/// Whether the types of an expression are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode<'c> {
    Parsed,
    /// They are, and those are the names that stand for types and other constants, in order.
    Checked(&'c [NodeId]),
}

impl Plan {
    pub(super) fn new<'t>(tree: &'t Tree, mode: Mode<'t>) -> Result<Self, Fault> {
        let mut planner = Planner {
            tree,
            mode,
            operations: Vec::with_capacity(tree.len()),
            planned: vec![None; tree.len()],
            scope: Vec::new(),
        };
        let root = planner.plan(tree.root())?;
        Ok(Self {
            operations: planner.operations,
            root,
        })
    }

    pub(super) fn root(&self) -> OperationId {
        self.root
    }

    pub(super) fn operation(&self, id: OperationId) -> &Operation {
        self.operations.get(id.0).unwrap_or(&NOTHING)
    }
}

static NOTHING: Operation = Operation {
    step: Step::Constant(Value::Null),
    span: 0..0,
    at: 0,
};

struct Planner<'t> {
    tree: &'t Tree,
    mode: Mode<'t>,
    operations: Vec<Operation>,
    /// By node: an expression that two others share is planned once. Both stand in the same scope.
    planned: Vec<Option<OperationId>>,
    /// The variables of the macros around, the innermost last; their places are those of their values.
    scope: Vec<Box<str>>,
}

impl Planner<'_> {
    fn plan(&mut self, id: NodeId) -> Result<OperationId, Fault> {
        if let Some(Some(planned)) = self.planned.get(id.place()) {
            return Ok(*planned);
        }
        let tree = self.tree;
        let node = tree.node(id);
        let planned = self.plan_node(node);
        let planned = planned.map_err(|fault| fault.at(&node.span, node.at))?;
        if let Mode::Checked(constants) = self.mode
            && constants.binary_search(&id).is_ok()
            && let Some(step) = self.step(planned)
            && let Step::Attribute(attribute) = step
            && let Some(value) = attribute.meaning()
        {
            *step = Step::Constant(value);
        }
        if let Some(slot) = self.planned.get_mut(id.place()) {
            *slot = Some(planned);
        }
        Ok(planned)
    }

    fn plan_node(&mut self, node: &Node) -> Result<OperationId, Fault> {
        match &node.kind {
            Kind::Literal(literal) => Ok(self.push(node, Step::Constant(literal_value(literal)))),
            Kind::Ident(name) => {
                let attribute = Attribute::named(name, &self.scope);
                Ok(self.push(node, Step::Attribute(attribute)))
            }
            Kind::Select {
                operand,
                field,
                test,
            } => {
                let operand = self.plan(*operand)?;
                self.select(node, operand, field, *test)
            }
            Kind::Call {
                target,
                function,
                arguments,
            } => self.call(node, *target, function, arguments),
            Kind::List(elements) => self.list(node, elements),
            Kind::Map(entries) => self.map(node, entries),
            Kind::Struct { name, fields } => {
                let bare = name.strip_prefix('.').unwrap_or(name);
                let message = Message::named(bare)
                    .ok_or_else(|| Fault::new(format!("unknown type: {name}")))?;
                let mut planned = Vec::with_capacity(fields.len());
                for field in fields {
                    let value = self.plan(field.value)?;
                    planned.push((field.name.clone(), value, field.optional));
                }
                Ok(self.push(node, Step::Message(message, planned.into())))
            }
            Kind::Comprehension(comprehension) => self.fold(node, comprehension),
        }
    }

    fn list(&mut self, node: &Node, elements: &[Element]) -> Result<OperationId, Fault> {
        let mut planned = Vec::with_capacity(elements.len());
        for element in elements {
            planned.push((self.plan(element.value)?, element.optional));
        }
        let mut constants = Vec::with_capacity(planned.len());
        for (value, optional) in &planned {
            let Some(value) = self.folded(*value) else {
                return Ok(self.push(node, Step::List(planned.into())));
            };
            constants.push(value.and_then(|value| evaluate::element(value, *optional)));
        }
        let constants = constants.into_iter().filter_map(Result::transpose);
        let step = match constants.collect::<Result<Vec<_>, Fault>>() {
            Ok(constants) => Step::Constant(constants.into()),
            Err(fault) => Step::Broken(fault),
        };
        Ok(self.push(node, step))
    }

    fn map(&mut self, node: &Node, entries: &[Entry]) -> Result<OperationId, Fault> {
        let mut planned = Vec::with_capacity(entries.len());
        for entry in entries {
            let (key, value) = (self.plan(entry.key)?, self.plan(entry.value)?);
            planned.push((key, value, entry.optional));
        }
        let folded = planned
            .iter()
            .map(|(key, value, _)| Some((self.folded(*key)?, self.folded(*value)?)));
        let Some(folded) = folded.collect::<Option<Vec<_>>>() else {
            return Ok(self.push(node, Step::Map(planned.into())));
        };
        let mut constants = Entries::default();
        for ((key, value), entry) in folded.into_iter().zip(entries) {
            let pair = key.and_then(|key| {
                let value = evaluate::entry(value?, entry.optional, &key)?;
                Ok((key, value))
            });
            match pair {
                Ok((key, value)) => constants.set(key, value)?,
                Err(fault) => return Ok(self.push(node, Step::Broken(fault))),
            }
        }
        Ok(self.push(node, Step::Constant(Value::Map(constants.finish()))))
    }

    fn fold(&mut self, node: &Node, fold: &Comprehension) -> Result<OperationId, Fault> {
        if let Fold::Bind = fold.fold {
            let init = self.plan(fold.init)?;
            let result = self.within(&fold.accumulator, |planner| planner.plan(fold.result))?;
            return Ok(self.push(node, Step::Bind(init, result)));
        }
        let range = self.plan(fold.range)?;
        let step = self.within(&fold.variable, |planner| {
            let mut over = |predicate| {
                let predicate = planner.plan(predicate)?;
                Ok::<_, Fault>(Loop { range, predicate })
            };
            Ok(match fold.fold {
                Fold::All { predicate } => Step::All(over(predicate)?),
                Fold::Exists { predicate } => Step::Exists(over(predicate)?),
                Fold::ExistsOne { predicate } => Step::ExistsOne(over(predicate)?),
                Fold::List { predicate, value } => Step::Collect {
                    range,
                    predicate: predicate.map(|id| planner.plan(id)).transpose()?,
                    value: planner.plan(value)?,
                },
                Fold::Bind => Step::Constant(Value::Null),
            })
        })?;
        Ok(self.push(node, step))
    }

    fn within<T>(
        &mut self,
        variable: &str,
        plan: impl FnOnce(&mut Self) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        self.scope.push(variable.into());
        let planned = plan(self);
        self.scope.pop();
        planned
    }

    fn push(&mut self, node: &Node, step: Step) -> OperationId {
        let id = OperationId(self.operations.len());
        self.operations.push(Operation {
            step,
            span: node.span.clone(),
            at: node.at,
        });
        id
    }

    fn step(&mut self, id: OperationId) -> Option<&mut Step> {
        self.operations
            .get_mut(id.0)
            .map(|operation| &mut operation.step)
    }

    /// The value of a constant, or why it has none.
    fn folded(&self, id: OperationId) -> Option<Result<Value<'static>, Fault>> {
        match &self.operations.get(id.0)?.step {
            Step::Constant(value) => Some(Ok(value.clone())),
            Step::Broken(fault) => Some(Err(fault.clone())),
            _ => None,
        }
    }
}

fn literal_value(literal: &Literal) -> Value<'static> {
    match literal {
        Literal::Null => Value::Null,
        Literal::Bool(value) => Value::Bool(*value),
        Literal::Int(value) => Value::Int(*value),
        Literal::Uint(value) => Value::Uint(*value),
        Literal::Double(value) => Value::Double(*value),
        Literal::String(value) => Value::from(value.to_string()),
        Literal::Bytes(value) => Value::from(value.to_vec()),
    }
}
