//! Calls that stand for other expressions.
//!
//! cel-go v0.26.1: `parser/macro.go`, `cel/library.go (optMap, optFlatMap)`.

use std::borrow::Cow;
use std::ops::Range;

use super::error::Error;
use super::parse::{Parsed, Parser};
use super::tree::{
    ACCUMULATOR, Comprehension, Element, Fold, Kind, Literal, NodeId, Test, operator,
};

impl Parser<'_> {
    /// What a call stands for, or nothing where it is no macro.
    pub(super) fn expand(
        &mut self,
        function: &str,
        target: Option<NodeId>,
        arguments: &[NodeId],
        span: &Range<u32>,
        at: u32,
    ) -> Parsed<Option<NodeId>> {
        let mut expansion = Expansion {
            parser: self,
            span,
            at,
        };
        let expanded = match (function, target, arguments) {
            ("has", None, [field]) => expansion.has(*field),
            ("all", Some(range), [variable, predicate]) => {
                expansion.all(range, *variable, *predicate)
            }
            ("exists", Some(range), [variable, predicate]) => {
                expansion.exists(range, *variable, *predicate)
            }
            ("exists_one", Some(range), [variable, predicate]) => {
                expansion.exists_one(range, *variable, *predicate)
            }
            ("map", Some(range), [variable, value]) => {
                expansion.list(range, *variable, None, *value)
            }
            ("map", Some(range), [variable, predicate, value]) => {
                expansion.list(range, *variable, Some(*predicate), *value)
            }
            ("filter", Some(range), [variable, predicate]) => {
                expansion.list(range, *variable, Some(*predicate), *variable)
            }
            ("optMap", Some(target), [variable, value]) => {
                let bound = expansion.bind(function, target, *variable, *value)?;
                let bound = expansion.call("optional.of", None, &[bound])?;
                expansion.if_present(target, bound)
            }
            ("optFlatMap", Some(target), [variable, value]) => {
                let bound = expansion.bind(function, target, *variable, *value)?;
                expansion.if_present(target, bound)
            }
            _ => return Ok(None),
        };
        expanded.map(Some)
    }
}

/// Makes the nodes of one macro, all of which have its place.
struct Expansion<'p, 's> {
    parser: &'p mut Parser<'s>,
    span: &'p Range<u32>,
    at: u32,
}

impl Expansion<'_, '_> {
    fn has(&mut self, field: NodeId) -> Parsed<NodeId> {
        match self.parser.node(field).map(|node| &node.kind) {
            Some(Kind::Select { operand, field, .. }) => {
                let test = Kind::Select {
                    operand: *operand,
                    field: field.clone(),
                    test: Test::Presence,
                };
                self.push(test)
            }
            _ => Err(self.error(field, "invalid argument to has() macro")),
        }
    }

    fn all(&mut self, range: NodeId, variable: NodeId, predicate: NodeId) -> Parsed<NodeId> {
        let variable = self.variable(variable, "argument must be a simple name")?;
        let init = self.literal(Literal::Bool(true))?;
        let result = self.accumulator()?;
        let condition = self.operation(operator::NOT_STRICTLY_FALSE, &[result])?;
        let step = self.operation(operator::AND, &[result, predicate])?;
        let parts = [range, init, condition, step, result];
        self.fold(variable, parts, Fold::All { predicate })
    }

    fn exists(&mut self, range: NodeId, variable: NodeId, predicate: NodeId) -> Parsed<NodeId> {
        let variable = self.variable(variable, "argument must be a simple name")?;
        let init = self.literal(Literal::Bool(false))?;
        let result = self.accumulator()?;
        let not = self.operation(operator::NOT, &[result])?;
        let condition = self.operation(operator::NOT_STRICTLY_FALSE, &[not])?;
        let step = self.operation(operator::OR, &[result, predicate])?;
        let parts = [range, init, condition, step, result];
        self.fold(variable, parts, Fold::Exists { predicate })
    }

    fn exists_one(&mut self, range: NodeId, variable: NodeId, predicate: NodeId) -> Parsed<NodeId> {
        let variable = self.variable(variable, "argument must be a simple name")?;
        let init = self.literal(Literal::Int(0))?;
        let condition = self.literal(Literal::Bool(true))?;
        let count = self.accumulator()?;
        let one = self.literal(Literal::Int(1))?;
        let more = self.operation(operator::ADD, &[count, one])?;
        let step = self.operation(operator::CONDITIONAL, &[predicate, more, count])?;
        let result = self.operation(operator::EQUALS, &[count, one])?;
        let parts = [range, init, condition, step, result];
        self.fold(variable, parts, Fold::ExistsOne { predicate })
    }

    fn list(
        &mut self,
        range: NodeId,
        variable: NodeId,
        predicate: Option<NodeId>,
        value: NodeId,
    ) -> Parsed<NodeId> {
        let variable = self.variable(variable, "argument is not an identifier")?;
        let init = self.push(Kind::List(Vec::new()))?;
        let condition = self.literal(Literal::Bool(true))?;
        let result = self.accumulator()?;
        let element = Element {
            value,
            optional: false,
        };
        let element = self.push(Kind::List(vec![element]))?;
        let mut step = self.operation(operator::ADD, &[result, element])?;
        if let Some(predicate) = predicate {
            step = self.operation(operator::CONDITIONAL, &[predicate, step, result])?;
        }
        let parts = [range, init, condition, step, result];
        self.fold(variable, parts, Fold::List { predicate, value })
    }

    /// `value`, in which the variable is what the optional `target` holds.
    fn bind(
        &mut self,
        function: &str,
        target: NodeId,
        variable: NodeId,
        value: NodeId,
    ) -> Parsed<NodeId> {
        let Some(name) = self.name(variable) else {
            let message = format!("{function}() variable name must be a simple identifier");
            return Err(self.error(variable, message));
        };
        let init = self.call("value", Some(target), &[])?;
        let comprehension = Comprehension {
            range: self.push(Kind::List(Vec::new()))?,
            variable: "#unused".into(),
            accumulator: String::from(name.clone()).into(),
            init,
            condition: self.literal(Literal::Bool(false))?,
            step: self.push(Kind::Ident(name))?,
            result: value,
            fold: Fold::Bind,
        };
        self.push(Kind::Comprehension(Box::new(comprehension)))
    }

    fn if_present(&mut self, target: NodeId, value: NodeId) -> Parsed<NodeId> {
        let present = self.call("hasValue", Some(target), &[])?;
        let none = self.call("optional.none", None, &[])?;
        self.operation(operator::CONDITIONAL, &[present, value, none])
    }

    fn fold(&mut self, variable: Box<str>, parts: [NodeId; 5], fold: Fold) -> Parsed<NodeId> {
        let [range, init, condition, step, result] = parts;
        let comprehension = Comprehension {
            range,
            variable,
            accumulator: ACCUMULATOR.into(),
            init,
            condition,
            step,
            result,
            fold,
        };
        self.push(Kind::Comprehension(Box::new(comprehension)))
    }

    fn variable(&self, id: NodeId, otherwise: &'static str) -> Parsed<Box<str>> {
        let name = self.name(id).ok_or_else(|| self.error(id, otherwise))?;
        if *name == *"__result__" {
            let message = "iteration variable overwrites accumulator variable";
            return Err(self.error(id, message));
        }
        Ok(name)
    }

    fn name(&self, id: NodeId) -> Option<Box<str>> {
        match &self.parser.node(id)?.kind {
            Kind::Ident(name) => Some(name.clone()),
            _ => None,
        }
    }

    fn accumulator(&mut self) -> Parsed<NodeId> {
        self.push(Kind::Ident(ACCUMULATOR.into()))
    }

    fn literal(&mut self, literal: Literal) -> Parsed<NodeId> {
        self.push(Kind::Literal(literal))
    }

    fn operation(&mut self, name: &'static str, arguments: &[NodeId]) -> Parsed<NodeId> {
        self.parser
            .operation(name, arguments, self.span.clone(), self.at)
    }

    fn call(
        &mut self,
        function: &'static str,
        target: Option<NodeId>,
        arguments: &[NodeId],
    ) -> Parsed<NodeId> {
        self.push(Kind::Call {
            target,
            function: function.into(),
            arguments: arguments.to_vec(),
        })
    }

    fn push(&mut self, kind: Kind) -> Parsed<NodeId> {
        self.parser.push(kind, self.span.clone(), self.at)
    }

    fn error(&self, id: NodeId, message: impl Into<Cow<'static, str>>) -> Box<Error> {
        let (span, at) = match self.parser.node(id) {
            Some(node) => (node.span.clone(), node.at),
            None => (self.span.clone(), self.at),
        };
        self.parser.error(message, span, at)
    }
}
