//! Lists and maps, and what the literals of both may hold.

use super::checker::{Checker, Frame};
use super::types::{Term, TypeId};
use crate::cel::error::Error;
use crate::cel::tree::{Kind, NodeId};

impl Checker<'_> {
    pub(super) fn list(
        &mut self,
        id: NodeId,
        next: usize,
        mut joined: Option<TypeId>,
    ) -> Result<(), Error> {
        let Kind::List(elements) = &self.tree.node(id).kind else {
            return Ok(());
        };
        if let Some(element) = next.checked_sub(1).and_then(|last| elements.get(last)) {
            let of = self.element(element.value, element.optional)?;
            joined = Some(self.join(joined, of));
        }
        if let Some(element) = elements.get(next) {
            self.frames.push(Frame::List(id, next + 1, joined));
            self.frames.push(Frame::Check(element.value));
        } else {
            let element = joined.unwrap_or_else(|| self.types.unknown());
            self.find(id, Term::List(element));
        }
        Ok(())
    }

    pub(super) fn map(
        &mut self,
        id: NodeId,
        next: usize,
        mut joined: [Option<TypeId>; 2],
    ) -> Result<(), Error> {
        let Kind::Map(entries) = &self.tree.node(id).kind else {
            return Ok(());
        };
        let part = |index: usize| {
            let entry = entries.get(index / 2)?;
            Some(match index % 2 {
                0 => (entry.key, false),
                _ => (entry.value, entry.optional),
            })
        };
        if let Some((last, optional)) = next.checked_sub(1).and_then(part) {
            let of = self.element(last, optional)?;
            let [key, value] = joined;
            joined = match next % 2 {
                1 => [Some(self.join(key, of)), value],
                _ => [key, Some(self.join(value, of))],
            };
        }
        if let Some((child, _)) = part(next) {
            self.frames.push(Frame::Map(id, next + 1, joined));
            self.frames.push(Frame::Check(child));
        } else {
            let [key, value] = joined.map(|of| of.unwrap_or_else(|| self.types.unknown()));
            self.find(id, Term::Map(key, value));
        }
        Ok(())
    }

    /// The type of an element, or what it holds where it may be absent.
    pub(super) fn element(&mut self, id: NodeId, optional: bool) -> Result<TypeId, Error> {
        let of = self.raw(id);
        if !optional {
            return Ok(of);
        }
        match self.unwrap_optional(of) {
            (value, true) => Ok(value),
            _ if self.types.table.is_dyn(of) => Ok(of),
            _ => {
                let found = self.name(of);
                let message = format!("expected type 'optional_type({found})' but found '{found}'");
                Err(self.error(id, message))
            }
        }
    }

    /// The common type of the elements so far and one more.
    fn join(&mut self, before: Option<TypeId>, of: TypeId) -> TypeId {
        match before {
            None => of,
            Some(before) if self.types.is_assignable(before, of) => {
                self.types.most_general(before, of)
            }
            Some(_) => self.types.insert(Term::Dyn),
        }
    }
}

/// Refuses literals of which the elements, keys or values have several types, but within the arguments of `format`.
///
/// cel-go: `cel/validator.go` (`homogeneousAggregateLiteralValidator`). Upstream panics where an element that may be absent
/// is dynamic; here that is an error, too.
pub(super) fn require_one_type(checker: &Checker<'_>) -> Result<(), Error> {
    let tree = checker.tree;
    let mut exempt = vec![false; tree.len()];
    let mut problem = None;
    // Parents before children.
    let nodes: Vec<_> = tree.nodes().collect();
    for (id, node) in nodes.into_iter().rev() {
        let is_exempt = exempt.get(id.place()).copied().unwrap_or_default();
        let formats = matches!(&node.kind, Kind::Call { function, .. } if function == "format");
        if is_exempt || formats {
            node.kind.each_child(|child| {
                if let Some(slot) = exempt.get_mut(child.place()) {
                    *slot = true;
                }
            });
        }
        if is_exempt || checker.found(id).is_none() {
            continue;
        }
        let checked = match &node.kind {
            Kind::List(elements) => {
                let elements = elements
                    .iter()
                    .map(|element| (element.value, element.optional));
                checker.require_same(elements)
            }
            Kind::Map(entries) => {
                let keys = entries.iter().map(|entry| (entry.key, false));
                let values = entries.iter().map(|entry| (entry.value, entry.optional));
                checker
                    .require_same(keys)
                    .and_then(|()| checker.require_same(values))
            }
            _ => Ok(()),
        };
        // The last one that is found is the first one of the text.
        problem = checked.err().or(problem);
    }
    problem.map_or(Ok(()), Err)
}

impl Checker<'_> {
    fn require_same(&self, elements: impl Iterator<Item = (NodeId, bool)>) -> Result<(), Error> {
        let mut first = None;
        for (id, optional) in elements {
            let Some(found) = self.found(id) else {
                continue;
            };
            let found = match self.unwrap_optional(found) {
                (value, true) if optional => value,
                _ if optional => {
                    let name = self.name(found);
                    let message =
                        format!("expected type 'optional_type({name})' but found '{name}'");
                    return Err(self.error(id, message));
                }
                _ => found,
            };
            let first = *first.get_or_insert(found);
            if !self.types.table.is_exact(first, found) {
                return Err(self.mismatch(id, first, found));
            }
        }
        Ok(())
    }
}
