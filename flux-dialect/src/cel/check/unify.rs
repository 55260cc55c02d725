//! Whether one type may stand where another is asked for, and what that tells about types that are not known yet.

use super::types::{Table, Term, TypeId};

/// Types that are looked at in one check, and the depth of one. Both end what doubles with every step or every level.
const STEPS: u32 = 1_000_000;
const DEPTH: u32 = 500;

/// What is known about types, and what unknown ones stand for.
#[derive(Debug, Default)]
pub(super) struct Types {
    pub(super) table: Table,
    meanings: Vec<Option<TypeId>>,
    /// Which meanings were given, with those that they had, so that a failed attempt is taken back.
    changes: Vec<(u32, Option<TypeId>)>,
    steps: u32,
}

/// Whether a type could stand for an unknown one.
enum Substitution {
    Valid,
    /// The unknown type stands for another already.
    Taken,
    /// The unknown type occurs within the other.
    Recursive,
}

impl Types {
    pub(super) fn insert(&mut self, term: Term) -> TypeId {
        self.table.insert(term)
    }

    /// A type of which nothing is known.
    pub(super) fn unknown(&mut self) -> TypeId {
        let place = self.meanings.len() as u32;
        self.meanings.push(None);
        self.insert(Term::Parameter(place))
    }

    /// Whether too much was looked at; what was answered since means nothing.
    pub(super) fn are_exhausted(&self) -> bool {
        self.steps > STEPS
    }

    /// Whether every type may stand at the place of the other beside it. If not, nothing is learnt.
    pub(super) fn are_assignable(
        &mut self,
        pairs: impl IntoIterator<Item = (TypeId, TypeId)>,
    ) -> bool {
        let before = self.changes.len();
        let assignable = pairs.into_iter().all(|(a, b)| self.unify(a, b, 0));
        if !assignable {
            for (place, meaning) in self.changes.drain(before..).rev() {
                if let Some(slot) = self.meanings.get_mut(place as usize) {
                    *slot = meaning;
                }
            }
        }
        assignable
    }

    /// Whether the one may stand for the other.
    pub(super) fn is_assignable(&mut self, a: TypeId, b: TypeId) -> bool {
        self.are_assignable([(a, b)])
    }

    /// The type with everything filled in that is known.
    pub(super) fn known(&mut self, of: TypeId) -> TypeId {
        self.substitute(of, 0)
    }

    /// The less specific of two types that may stand for each other.
    pub(super) fn most_general(&self, a: TypeId, b: TypeId) -> TypeId {
        if self.is_general(a, b, 0) { a } else { b }
    }

    fn substitute(&mut self, of: TypeId, depth: u32) -> TypeId {
        let of = self.last_meaning(of);
        if !self.table.has_parameters(of) || self.is_beyond(depth) {
            return of;
        }
        let term = self
            .table
            .term(of)
            .with_parts(|part| self.substitute(part, depth + 1));
        self.insert(term)
    }

    /// What an unknown type stands for, even over others; any other type itself.
    fn last_meaning(&self, mut of: TypeId) -> TypeId {
        while let Term::Parameter(place) = self.table.term(of)
            && let Some(meaning) = self.meaning(place)
        {
            of = meaning;
        }
        of
    }

    fn meaning(&self, place: u32) -> Option<TypeId> {
        self.meanings.get(place as usize).copied().flatten()
    }

    fn is_beyond(&mut self, depth: u32) -> bool {
        self.steps = self.steps.saturating_add(1);
        if depth > DEPTH {
            self.steps = u32::MAX;
        }
        self.steps > STEPS
    }

    /// cel-go: `checker/types.go` (`internalIsAssignable`).
    fn unify(&mut self, a: TypeId, b: TypeId, depth: u32) -> bool {
        if a == b || self.is_beyond(depth) {
            return true;
        }
        let (first, second) = (self.table.term(a), self.table.term(b));
        if let Term::Parameter(place) = second {
            match self.substitution(a, b, place, depth) {
                Substitution::Valid => return true,
                Substitution::Taken => return false,
                Substitution::Recursive => {}
            }
        }
        if let Term::Parameter(place) = first {
            return matches!(self.substitution(b, a, place, depth), Substitution::Valid);
        }
        if self.table.is_dyn(a) || self.table.is_dyn(b) {
            return true;
        }
        match (first, second) {
            (Term::Null, other) | (other, Term::Null) => is_nullable(other),
            (Term::Type(_) | Term::TypeOfTypes, other) => {
                matches!(other, Term::Type(_) | Term::TypeOfTypes)
            }
            (Term::List(a), Term::List(b)) | (Term::Optional(a), Term::Optional(b)) => {
                self.unify(a, b, depth + 1)
            }
            (Term::Map(a, x), Term::Map(b, y)) => {
                self.unify(a, b, depth + 1) && self.unify(x, y, depth + 1)
            }
            _ => self.table.is_exact(a, b),
        }
    }

    /// Lets the unknown type `b` at that place stand for `a`, or for what is more general than both `a` and what it stood for.
    fn substitution(&mut self, a: TypeId, b: TypeId, place: u32, depth: u32) -> Substitution {
        if a == b {
            return Substitution::Valid;
        }
        let Some(before) = self.meaning(place) else {
            if self.occurs(b, a, depth) {
                return Substitution::Recursive;
            }
            self.learn(place, a);
            return Substitution::Valid;
        };
        if self.table.is_exact(a, before) {
            return Substitution::Valid;
        }
        if !self.unify(a, before, depth + 1) {
            return Substitution::Taken;
        }
        let general = self.most_general(a, before);
        if !self.occurs(b, general, depth) {
            self.learn(place, general);
        }
        Substitution::Valid
    }

    fn learn(&mut self, place: u32, meaning: TypeId) {
        if let Some(slot) = self.meanings.get_mut(place as usize) {
            self.changes.push((place, *slot));
            *slot = Some(meaning);
        }
    }

    fn occurs(&mut self, unknown: TypeId, within: TypeId, depth: u32) -> bool {
        let mut within = within;
        while let Term::Parameter(place) = self.table.term(within) {
            match self.meaning(place) {
                _ if within == unknown => return true,
                Some(meaning) => within = meaning,
                None => return false,
            }
        }
        if self.is_beyond(depth) {
            return true;
        }
        let parts = self.table.term(within).parts().into_iter().flatten();
        let mut parts = parts
            .filter(|part| self.table.has_parameters(*part))
            .collect::<Vec<_>>()
            .into_iter();
        parts.any(|part| self.occurs(unknown, part, depth + 1))
    }

    /// cel-go: `checker/types.go` (`isEqualOrLessSpecific`).
    fn is_general(&self, a: TypeId, b: TypeId, depth: u32) -> bool {
        let is_unknown =
            |of| self.table.is_dyn(of) || matches!(self.table.term(of), Term::Parameter(_));
        if is_unknown(a) || depth > DEPTH {
            return true;
        }
        if is_unknown(b) {
            return false;
        }
        match (self.table.term(a), self.table.term(b)) {
            (Term::List(a), Term::List(b)) | (Term::Optional(a), Term::Optional(b)) => {
                self.is_general(a, b, depth + 1)
            }
            (Term::Map(a, x), Term::Map(b, y)) => {
                self.is_general(a, b, depth + 1) && self.is_general(x, y, depth + 1)
            }
            (Term::Type(_) | Term::TypeOfTypes, Term::Type(_) | Term::TypeOfTypes) => true,
            _ => self.table.is_exact(a, b),
        }
    }
}

/// Which types `null` may stand for.
fn is_nullable(term: Term) -> bool {
    matches!(
        term,
        Term::Null
            | Term::Wrapper(_)
            | Term::Optional(_)
            | Term::Message(_)
            | Term::Duration
            | Term::Timestamp
    )
}
