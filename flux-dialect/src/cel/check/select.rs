//! Fields of maps and messages, and the folds that macros become.

use super::checker::{Checker, Frame, Stage};
use super::name;
use super::types::{Term, TypeId};
use crate::cel::error::Error;
use crate::cel::tree::{Comprehension, Kind, Literal, NodeId, Test};

impl<'a> Checker<'a> {
    /// A field of the operand, which is known by now: `o.f`, `has(o.f)`, `o.?f`.
    pub(super) fn select(&mut self, id: NodeId) -> Result<(), Error> {
        let tree = self.tree;
        let (operand, field, test, is_optional) = match &tree.node(id).kind {
            Kind::Select {
                operand,
                field,
                test,
            } => (*operand, &**field, *test, false),
            Kind::Call { arguments, .. } => match (arguments.first(), arguments.get(1)) {
                (Some(operand), Some(field)) => match &tree.node(*field).kind {
                    Kind::Literal(Literal::String(field)) => {
                        (*operand, &**field, Test::Value, true)
                    }
                    _ => return Err(self.error(*field, "unsupported optional field selection")),
                },
                _ => return Err(self.error(id, "unsupported optional field selection")),
            },
            _ => return Ok(()),
        };
        let operand = self.known(operand);
        let (of, was_optional) = self.unwrap_optional(operand);
        let mut result = match self.types.table.term(of) {
            Term::Map(_, value) => value,
            Term::Message(name) => {
                match name::message(name).and_then(|message| name::field(message.fields, field)) {
                    Some(known) => self.insert_known(known),
                    None => return Err(self.error(id, format!("undefined field '{field}'"))),
                }
            }
            Term::Dyn | Term::Any => self.types.insert(Term::Dyn),
            Term::Parameter(_) => {
                let result = self.types.insert(Term::Dyn);
                self.types.is_assignable(result, of);
                result
            }
            _ => {
                let found = self.name(of);
                return Err(self.error(
                    id,
                    format!("type '{found}' does not support field selection"),
                ));
            }
        };
        if was_optional || is_optional {
            result = self.types.insert(Term::Optional(result));
        }
        if test == Test::Presence {
            result = self.types.insert(Term::Bool);
        }
        let result = self.types.known(result);
        self.set(id, result);
        Ok(())
    }

    pub(super) fn comprehension(
        &mut self,
        id: NodeId,
        of: &'a Comprehension,
        stage: Stage,
    ) -> Result<(), Error> {
        match stage {
            Stage::Start => {
                let range = self.known(of.range);
                let accumulated = self.raw(of.init);
                let element = match self.types.table.term(range) {
                    Term::List(element) => element,
                    Term::Map(key, _) => key,
                    Term::Dyn | Term::Parameter(_) => {
                        let element = self.types.insert(Term::Dyn);
                        self.types.is_assignable(element, range);
                        element
                    }
                    _ => {
                        let found = self.name(range);
                        let message = format!(
                            "expression of type '{found}' cannot be range of a comprehension (must be list, map, or dynamic)"
                        );
                        return Err(self.error(of.range, message));
                    }
                };
                self.scope.push((&of.accumulator, accumulated));
                self.scope.push((&of.variable, element));
                self.frames
                    .push(Frame::Loop(id, of, Stage::Condition(accumulated)));
                self.frames.push(Frame::Check(of.condition));
            }
            Stage::Condition(accumulated) => {
                let bool = self.types.insert(Term::Bool);
                self.assert(of.condition, bool)?;
                self.frames
                    .push(Frame::Loop(id, of, Stage::Step(accumulated)));
                self.frames.push(Frame::Check(of.step));
            }
            Stage::Step(accumulated) => {
                self.assert(of.step, accumulated)?;
                self.scope.pop();
                self.frames.push(Frame::Loop(id, of, Stage::Result));
                self.frames.push(Frame::Check(of.result));
            }
            Stage::Result => {
                self.scope.pop();
                let result = self.known(of.result);
                self.set(id, result);
            }
        }
        Ok(())
    }

    fn assert(&mut self, id: NodeId, expected: TypeId) -> Result<(), Error> {
        let of = self.raw(id);
        match self.types.is_assignable(expected, of) {
            true => Ok(()),
            false => Err(self.mismatch(id, expected, of)),
        }
    }
}
