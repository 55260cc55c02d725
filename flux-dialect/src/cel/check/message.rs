//! Messages that an expression makes.

use super::checker::{Checker, Frame, Named};
use super::name::{self, Known};
use super::types::{Term, TypeId};
use crate::cel::error::Error;
use crate::cel::tree::{Kind, NodeId};

/// The message that is made: its type, and its fields; none where upstream does not find them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shaped {
    of: TypeId,
    fields: Option<&'static [(&'static str, Known)]>,
}

impl Checker<'_> {
    /// What the name before the braces stands for.
    pub(super) fn message(&mut self, id: NodeId, name: &str) -> Result<Shaped, Error> {
        let Some(Named { of: named, .. }) = self.ident(name) else {
            return Err(self.undeclared(id, name.strip_prefix('.').unwrap_or(name)));
        };
        let of = match self.types.table.term(named) {
            Term::Type(of) => of,
            Term::TypeOfTypes => named,
            _ => {
                let found = self.types.table.outer_name(named);
                return Err(self.error(id, format!("'{found}' is not a type")));
            }
        };
        let is = |of, term| self.types.table.term(of) == term;
        let message = match self.types.table.term(of) {
            Term::Null => return Ok(Shaped { of, fields: None }),
            Term::Any => "google.protobuf.Any",
            Term::Duration => "google.protobuf.Duration",
            Term::Dyn => "google.protobuf.Value",
            Term::List(element) if is(element, Term::Dyn) => "google.protobuf.ListValue",
            Term::Map(key, value) if is(key, Term::String) && is(value, Term::Dyn) => {
                "google.protobuf.Struct"
            }
            Term::Message(name) => name,
            Term::Timestamp => "google.protobuf.Timestamp",
            Term::Wrapper(value) => match self.types.table.term(value) {
                Term::Bool => "google.protobuf.BoolValue",
                Term::Bytes => "google.protobuf.BytesValue",
                Term::Double => "google.protobuf.DoubleValue",
                Term::Int => "google.protobuf.Int64Value",
                Term::String => "google.protobuf.StringValue",
                _ => "google.protobuf.UInt64Value",
            },
            _ => "",
        };
        match name::message(message) {
            Some(message) => Ok(Shaped {
                of,
                fields: Some(message.fields),
            }),
            None => {
                let found = self.types.table.outer_name(of);
                Err(self.error(id, format!("'{found}' is not a message type")))
            }
        }
    }

    pub(super) fn fields(&mut self, id: NodeId, next: usize, shaped: Shaped) -> Result<(), Error> {
        let Kind::Struct { fields, .. } = &self.tree.node(id).kind else {
            return Ok(());
        };
        if let Some(field) = next.checked_sub(1).and_then(|last| fields.get(last)) {
            let Some(known) = shaped.fields else {
                return Err(self.error(
                    field.value,
                    "unexpected failed resolution of 'google.protobuf.NullValue'",
                ));
            };
            let Some(known) = name::field(known, &field.name) else {
                return Err(self.error(field.value, format!("undefined field '{}'", field.name)));
            };
            let expected = self.insert_known(known);
            let found = self.element(field.value, field.optional)?;
            if !self.types.is_assignable(expected, found) {
                let (expected, found) = (self.name(expected), self.name(found));
                let message = format!(
                    "expected type of field '{}' is '{expected}' but provided type is '{found}'",
                    field.name
                );
                return Err(self.error(field.value, message));
            }
        }
        if let Some(field) = fields.get(next) {
            self.frames.push(Frame::Struct(id, next + 1, shaped));
            self.frames.push(Frame::Check(field.value));
        } else {
            self.set(id, shaped.of);
        }
        Ok(())
    }
}
