//! What is known about the nodes of a tree, and the walk that finds it.

use std::borrow::Cow;

use super::Declarations;
use super::message::Shaped;
use super::name::{self, Known};
use super::types::{Term, Type, TypeId};
use super::unify::Types;
use crate::cel::error::{Error, ErrorKind};
use crate::cel::tree::{Comprehension, Kind, Literal, NodeId, Test, Tree, operator};

/// What is known so far about the nodes of a tree.
pub(super) struct Checker<'a> {
    pub(super) tree: &'a Tree,
    declarations: &'a Declarations,
    pub(super) types: Types,
    /// By the place of the node; none for what was not looked at.
    found: Vec<Option<TypeId>>,
    /// The variables of the macros around the current node, innermost last.
    pub(super) scope: Vec<(&'a str, TypeId)>,
    pub(super) frames: Vec<Frame<'a>>,
    /// The parts that a qualified name may have and still stand for something.
    longest: usize,
    constants: Vec<NodeId>,
    pub(super) undefined: Option<Error>,
}

/// What a name stands for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Named {
    pub(super) of: TypeId,
    is_constant: bool,
}

/// What remains to be done for a node; its next child stands above it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Frame<'a> {
    Check(NodeId),
    Select(NodeId),
    /// Arguments first, then the receiver, unless both are the name of a function.
    Call(NodeId, usize),
    List(NodeId, usize, Option<TypeId>),
    /// Keys and values in turn.
    Map(NodeId, usize, [Option<TypeId>; 2]),
    Struct(NodeId, usize, Shaped),
    Loop(NodeId, &'a Comprehension, Stage),
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Stage {
    Start,
    Condition(TypeId),
    Step(TypeId),
    Result,
}

impl<'a> Checker<'a> {
    pub(super) fn new(tree: &'a Tree, declarations: &'a Declarations) -> Self {
        let dots = |name: &String| name.matches('.').count() + 1;
        Self {
            tree,
            declarations,
            types: Types::default(),
            found: vec![None; tree.len()],
            scope: Vec::new(),
            frames: Vec::new(),
            longest: declarations
                .variables
                .keys()
                .map(dots)
                .max()
                .unwrap_or(0)
                .max(name::LONGEST),
            constants: Vec::new(),
            undefined: None,
        }
    }

    pub(super) fn check(&mut self) -> Result<(), Error> {
        self.frames.push(Frame::Check(self.tree.root()));
        while let Some(frame) = self.frames.pop() {
            if self.types.are_exhausted() {
                return Ok(());
            }
            match frame {
                // Two macros use a node twice; its type is the same both times.
                Frame::Check(id) if self.found(id).is_none() => self.start(id)?,
                Frame::Check(_) => {}
                Frame::Select(id) => self.select(id)?,
                Frame::Call(id, next) => self.call(id, next)?,
                Frame::List(id, next, joined) => self.list(id, next, joined)?,
                Frame::Map(id, next, joined) => self.map(id, next, joined)?,
                Frame::Struct(id, next, shaped) => self.fields(id, next, shaped)?,
                Frame::Loop(id, of, stage) => self.comprehension(id, of, stage)?,
            }
        }
        Ok(())
    }

    fn start(&mut self, id: NodeId) -> Result<(), Error> {
        let tree = self.tree;
        match &tree.node(id).kind {
            Kind::Literal(literal) => self.find(id, literal_term(literal)),
            Kind::Ident(name) => match self.ident(name) {
                Some(of) => self.stand_for(id, name, of),
                None => return Err(self.undeclared(id, name)),
            },
            Kind::Select { operand, .. } => {
                let named = self
                    .qualified(id)
                    .and_then(|name| Some((self.ident(&name)?, name)));
                match named {
                    Some((of, name)) => self.stand_for(id, &name, of),
                    None => {
                        self.frames.push(Frame::Select(id));
                        self.frames.push(Frame::Check(*operand));
                    }
                }
            }
            Kind::Call {
                function,
                arguments,
                ..
            } if function == operator::OPTIONAL_SELECT => {
                self.frames.push(Frame::Select(id));
                self.frames
                    .extend(arguments.first().map(|operand| Frame::Check(*operand)));
            }
            Kind::Call { .. } => self.frames.push(Frame::Call(id, 0)),
            Kind::List(_) => self.frames.push(Frame::List(id, 0, None)),
            Kind::Map(_) => self.frames.push(Frame::Map(id, 0, [None, None])),
            Kind::Struct { name, .. } => {
                let shaped = self.message(id, name)?;
                self.frames.push(Frame::Struct(id, 0, shaped));
            }
            Kind::Comprehension(of) => self.frames.extend([
                Frame::Loop(id, of, Stage::Start),
                Frame::Check(of.init),
                Frame::Check(of.range),
            ]),
        }
        Ok(())
    }

    /// What a name stands for: a variable of a macro, a declared one, a type, or a constant.
    pub(super) fn ident(&mut self, name: &str) -> Option<Named> {
        let name = name.strip_prefix('.').unwrap_or(name);
        let is_constant = false;
        if let Some((_, of)) = self.scope.iter().rfind(|(variable, _)| *variable == name) {
            return Some(Named {
                of: *of,
                is_constant,
            });
        }
        if let Some(of) = self.declarations.variables.get(name) {
            let of = self.import(of);
            return Some(Named { of, is_constant });
        }
        let term = match name::type_named(name) {
            Some(known) => Term::Type(self.insert_known(known)),
            None if name == name::NULL_VALUE => Term::Int,
            None => return None,
        };
        let of = self.types.insert(term);
        Some(Named {
            of,
            is_constant: true,
        })
    }

    fn stand_for(&mut self, id: NodeId, name: &str, named: Named) {
        self.set(id, named.of);
        if !named.is_constant {
            return;
        }
        self.constants.push(id);
        let name = name.strip_prefix('.').unwrap_or(name);
        if name::message(name).is_some_and(name::Message::is_undefined) && self.undefined.is_none()
        {
            let node = self.tree.node(id);
            let message = format!("reference to undefined type: {name}");
            self.undefined = Some(Error::new(
                ErrorKind::Program,
                message,
                node.span.clone(),
                node.at,
            ));
        }
    }

    pub(super) fn constants(&mut self) -> Vec<NodeId> {
        self.constants.sort_unstable();
        std::mem::take(&mut self.constants)
    }

    /// `a.b.c`, where the expression is that and short enough to stand for something.
    pub(super) fn qualified(&self, id: NodeId) -> Option<String> {
        let mut parts = Vec::new();
        let mut at = id;
        loop {
            match &self.tree.node(at).kind {
                Kind::Ident(name) => parts.push(&**name),
                Kind::Select {
                    operand,
                    field,
                    test: Test::Value,
                } if parts.len() < self.longest => {
                    parts.push(field);
                    at = *operand;
                    continue;
                }
                _ => return None,
            }
            parts.reverse();
            return Some(parts.join("."));
        }
    }

    pub(super) fn unwrap_optional(&self, of: TypeId) -> (TypeId, bool) {
        match self.types.table.term(of) {
            Term::Optional(value) => (value, true),
            _ => (of, false),
        }
    }

    pub(super) fn insert_known(&mut self, known: Known) -> TypeId {
        let dynamic = self.types.insert(Term::Dyn);
        let term = match known {
            Known::Plain(term) => term,
            Known::List => Term::List(dynamic),
            Known::AnyList => Term::List(self.types.unknown()),
            Known::AnyMap => Term::Map(self.types.unknown(), self.types.unknown()),
            Known::Map => Term::Map(self.types.insert(Term::String), dynamic),
            Known::Wrapper(value) => Term::Wrapper(self.types.insert(value)),
        };
        self.types.insert(term)
    }

    fn import(&mut self, of: &Type) -> TypeId {
        let term = match of {
            Type::Any => Term::Any,
            Type::Bool => Term::Bool,
            Type::Bytes => Term::Bytes,
            Type::Double => Term::Double,
            Type::Duration => Term::Duration,
            Type::Dyn => Term::Dyn,
            Type::Int => Term::Int,
            Type::List(element) => Term::List(self.import(element)),
            Type::Map(key, value) => Term::Map(self.import(key), self.import(value)),
            Type::Message(name) => Term::Message(name),
            Type::Null => Term::Null,
            Type::Optional(value) => Term::Optional(self.import(value)),
            Type::String => Term::String,
            Type::Timestamp => Term::Timestamp,
            Type::Type(of) => Term::Type(self.import(of)),
            Type::TypeOfTypes => Term::TypeOfTypes,
            Type::Uint => Term::Uint,
            Type::Wrapper(value) => Term::Wrapper(self.import(value)),
        };
        self.types.insert(term)
    }

    /// Fills in what was learnt after a node had its type.
    pub(super) fn learn_all(&mut self) {
        for place in 0..self.found.len() {
            if let Some(Some(of)) = self.found.get(place).copied() {
                let known = self.types.known(of);
                self.found.splice(place..=place, [Some(known)]);
            }
        }
    }

    pub(super) fn found(&self, id: NodeId) -> Option<TypeId> {
        self.found.get(id.place()).copied().flatten()
    }

    /// The type of a node that was looked at, as it was found.
    pub(super) fn raw(&mut self, id: NodeId) -> TypeId {
        self.found(id)
            .unwrap_or_else(|| self.types.insert(Term::Dyn))
    }

    /// The same, with everything that is known by now.
    pub(super) fn known(&mut self, id: NodeId) -> TypeId {
        let of = self.raw(id);
        self.types.known(of)
    }

    pub(super) fn find(&mut self, id: NodeId, term: Term) {
        let of = self.types.insert(term);
        self.set(id, of);
    }

    pub(super) fn set(&mut self, id: NodeId, of: TypeId) {
        if let Some(slot) = self.found.get_mut(id.place()) {
            *slot = Some(of);
        }
    }

    pub(super) fn export(&self, id: NodeId) -> Type {
        let found = self.found(id).filter(|of| !self.types.table.is_huge(*of));
        found.map_or(Type::Dyn, |of| self.types.table.export(of))
    }

    pub(super) fn is_huge(&self, id: NodeId) -> bool {
        self.found(id)
            .is_some_and(|of| self.types.table.is_huge(of))
    }

    /// The type, as errors of the checker name it.
    pub(super) fn name(&self, of: TypeId) -> String {
        self.types.table.name(of)
    }

    pub(super) fn error(&self, id: NodeId, message: impl Into<Cow<'static, str>>) -> Error {
        let node = self.tree.node(id);
        Error::new(ErrorKind::Check, message, node.span.clone(), node.at)
    }

    pub(super) fn mismatch(&self, id: NodeId, expected: TypeId, found: TypeId) -> Error {
        let (expected, found) = (self.name(expected), self.name(found));
        self.error(
            id,
            format!("expected type '{expected}' but found '{found}'"),
        )
    }

    pub(super) fn undeclared(&self, id: NodeId, name: &str) -> Error {
        self.error(
            id,
            format!("undeclared reference to '{name}' (in container '')"),
        )
    }
}

fn literal_term(literal: &Literal) -> Term {
    match literal {
        Literal::Null => Term::Null,
        Literal::Bool(_) => Term::Bool,
        Literal::Int(_) => Term::Int,
        Literal::Uint(_) => Term::Uint,
        Literal::Double(_) => Term::Double,
        Literal::String(_) => Term::String,
        Literal::Bytes(_) => Term::Bytes,
    }
}
