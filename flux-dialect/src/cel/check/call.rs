//! Calls: which overloads of a function fit.

use super::checker::{Checker, Frame};
use super::function::{self, Overload, Shape, Style};
use super::types::{Term, TypeId};
use crate::cel::error::Error;
use crate::cel::tree::{Kind, NodeId, operator};

impl Checker<'_> {
    /// One argument after the other, then the receiver, unless it is a part of the name of the function.
    pub(super) fn call(&mut self, id: NodeId, next: usize) -> Result<(), Error> {
        let Kind::Call {
            target,
            function,
            arguments,
        } = &self.tree.node(id).kind
        else {
            return Ok(());
        };
        if let Some(argument) = arguments.get(next) {
            self.frames.push(Frame::Call(id, next + 1));
            self.frames.push(Frame::Check(*argument));
            return Ok(());
        }
        let Some(target) = *target else {
            return self.resolve(id, function, None, arguments);
        };
        if next > arguments.len() {
            return self.resolve(id, function, Some(target), arguments);
        }
        let name = self
            .qualified(target)
            .map(|prefix| format!("{prefix}.{function}"));
        match name.filter(|name| function::overloads(unrooted(name)).is_some()) {
            Some(name) => self.resolve(id, &name, None, arguments),
            None => {
                self.frames.push(Frame::Call(id, next + 1));
                self.frames.push(Frame::Check(target));
                Ok(())
            }
        }
    }

    fn resolve(
        &mut self,
        id: NodeId,
        name: &str,
        target: Option<NodeId>,
        arguments: &[NodeId],
    ) -> Result<(), Error> {
        let name = unrooted(name);
        let Some(overloads) = function::overloads(name) else {
            return Err(self.undeclared(id, name));
        };
        if name == operator::AND || name == operator::OR {
            return self.logic(id, arguments);
        }
        let style = if target.is_some() {
            Style::Method
        } else {
            Style::Function
        };
        let found: Vec<TypeId> = target
            .iter()
            .chain(arguments)
            .map(|id| self.raw(*id))
            .collect();
        let mut result = None;
        let fitting = |overload: &&Overload| {
            overload.style == style && overload.arguments.len() == found.len()
        };
        for overload in overloads.iter().filter(fitting) {
            let Some(of) = self.fit(overload, &found) else {
                continue;
            };
            result = Some(match result {
                None => of,
                Some(before)
                    if self.types.table.is_dyn(before) || self.types.table.is_exact(of, before) =>
                {
                    before
                }
                Some(_) => self.types.insert(Term::Dyn),
            });
        }
        match result {
            Some(of) => {
                self.set(id, of);
                Ok(())
            }
            None => Err(self.no_overload(id, name, style, &found)),
        }
    }

    /// The result of an overload, if the arguments fit.
    fn fit(&mut self, overload: &Overload, found: &[TypeId]) -> Option<TypeId> {
        let mut unknown = [None, None];
        let expected: Vec<TypeId> = overload
            .arguments
            .iter()
            .map(|shape| self.instantiate(shape, &mut unknown))
            .collect();
        let result = self.instantiate(&overload.result, &mut unknown);
        let pairs = found.iter().copied().zip(expected);
        self.types
            .are_assignable(pairs)
            .then(|| self.types.known(result))
    }

    fn instantiate(&mut self, shape: &Shape, unknown: &mut [Option<TypeId>; 2]) -> TypeId {
        let [a, b] = unknown;
        let term = match shape {
            Shape::A => return *a.get_or_insert_with(|| self.types.unknown()),
            Shape::B => return *b.get_or_insert_with(|| self.types.unknown()),
            Shape::Bool => Term::Bool,
            Shape::Bytes => Term::Bytes,
            Shape::Double => Term::Double,
            Shape::Duration => Term::Duration,
            Shape::Dyn => Term::Dyn,
            Shape::Int => Term::Int,
            Shape::List(element) => Term::List(self.instantiate(element, unknown)),
            Shape::Map(key, value) => {
                let key = self.instantiate(key, unknown);
                Term::Map(key, self.instantiate(value, unknown))
            }
            Shape::Optional(value) => Term::Optional(self.instantiate(value, unknown)),
            Shape::String => Term::String,
            Shape::Timestamp => Term::Timestamp,
            Shape::Type(of) => Term::Type(self.instantiate(of, unknown)),
            Shape::Uint => Term::Uint,
        };
        self.types.insert(term)
    }

    fn logic(&mut self, id: NodeId, arguments: &[NodeId]) -> Result<(), Error> {
        let bool = self.types.insert(Term::Bool);
        for argument in arguments {
            let found = self.raw(*argument);
            if !self.types.is_assignable(found, bool) {
                return Err(self.mismatch(*argument, bool, found));
            }
        }
        self.set(id, bool);
        Ok(())
    }

    fn no_overload(&mut self, id: NodeId, name: &str, style: Style, found: &[TypeId]) -> Error {
        let mut names: Vec<String> = Vec::with_capacity(found.len());
        for of in found {
            let of = self.types.known(*of);
            names.push(self.name(of));
        }
        let receiver = match style {
            Style::Method if !names.is_empty() => names.remove(0) + ".",
            _ => String::new(),
        };
        let arguments = names.join(", ");
        self.error(
            id,
            format!("found no matching overload for '{name}' applied to '{receiver}({arguments})'"),
        )
    }
}

fn unrooted(name: &str) -> &str {
    name.strip_prefix('.').unwrap_or(name)
}
