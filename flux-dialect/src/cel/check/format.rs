//! Calls of `format` on a literal with a literal list: whether clauses and arguments fit.
//!
//! cel-go: `ext/formatting_v2.go` (`stringFormatValidatorV2`).

use super::checker::Checker;
use super::types::Term;
use crate::cel::error::Error;
use crate::cel::tree::{Element, Kind, Literal, NodeId};

pub(super) fn check(checker: &Checker<'_>) -> Result<(), Error> {
    for (id, node) in checker.tree.nodes() {
        let Kind::Call {
            target: Some(target),
            function,
            arguments,
        } = &node.kind
        else {
            continue;
        };
        if function != "format" || checker.found(id).is_none() {
            continue;
        }
        if let Kind::Literal(Literal::String(text)) = &checker.tree.node(*target).kind
            && let [list] = arguments.as_slice()
            && let Kind::List(elements) = &checker.tree.node(*list).kind
        {
            checker.clauses(id, text, elements)?;
        }
    }
    Ok(())
}

impl Checker<'_> {
    fn clauses(&self, id: NodeId, text: &str, elements: &[Element]) -> Result<(), Error> {
        let mut arguments = elements.iter();
        let mut used = 0_usize;
        let mut rest = text.as_bytes();
        while let Some((byte, after)) = rest.split_first() {
            rest = after;
            if *byte != b'%' {
                continue;
            }
            if let Some(after) = rest.strip_prefix(b"%") {
                rest = after;
                continue;
            }
            if rest.is_empty() {
                return Err(self.error(id, "unexpected end of string"));
            }
            let Some(argument) = arguments.next() else {
                return Err(self.error(id, format!("index {used} out of range")));
            };
            used += 1;
            rest = self.clause(id, rest, argument.value)?;
        }
        match elements.len() > used {
            true => {
                let given = elements.len();
                let message = format!(
                    "too many arguments supplied to string.format (expected {used}, got {given})"
                );
                Err(self.error(id, message))
            }
            false => Ok(()),
        }
    }

    /// Reads what follows `%`, and returns what follows that.
    fn clause<'t>(&self, id: NodeId, text: &'t [u8], argument: NodeId) -> Result<&'t [u8], Error> {
        let unreadable =
            |why: &str| Err(self.error(id, format!("could not parse formatting clause: {why}")));
        let mut rest = text;
        if let Some(after) = text.strip_prefix(b".") {
            let digits = after
                .iter()
                .take_while(|byte| byte.is_ascii_digit())
                .count();
            let (digits, after) = after.split_at_checked(digits).unwrap_or_default();
            if after.is_empty() {
                return unreadable(
                    "error while parsing precision: could not find end of precision specifier",
                );
            }
            let digits = std::str::from_utf8(digits).unwrap_or_default();
            if digits.parse::<i64>().is_err() {
                let why = if digits.is_empty() {
                    "invalid syntax"
                } else {
                    "value out of range"
                };
                return unreadable(&format!(
                    "error while parsing precision: error while converting precision to integer: strconv.Atoi: parsing \
                     \"{digits}\": {why}"
                ));
            }
            rest = after;
        }
        let Some((verb, after)) = rest.split_first() else {
            return unreadable("unexpected end of string");
        };
        let fits = match verb {
            b's' => return self.text(argument).map(|()| after),
            b'd' | b'f' | b'e' => self.is_one_of(argument, &[Term::Int, Term::Uint, Term::Double]),
            b'b' => self.is_one_of(argument, &[Term::Bool, Term::Int, Term::Uint]),
            b'x' | b'X' => self.is_one_of(
                argument,
                &[Term::Int, Term::Uint, Term::String, Term::Bytes],
            ),
            b'o' => self.is_one_of(argument, &[Term::Int, Term::Uint]),
            _ => {
                return unreadable(&format!(
                    "unrecognized formatting clause \"{}\"",
                    char::from(*verb)
                ));
            }
        };
        if fits {
            return Ok(after);
        }
        let taken = match verb {
            b'd' => "decimal clause can only be used on ints, uints, and doubles",
            b'f' => "fixed-point clause can only be used on ints, uints, and doubles",
            b'e' => "scientific clause can only be used on ints, uints, and doubles",
            b'b' => "only ints, uints, and bools can be formatted as binary",
            b'o' => "octal clause can only be used on ints and uints",
            _ => "only ints, uints, bytes, and strings can be formatted as hex",
        };
        Err(self.unformattable(argument, taken))
    }

    /// `%s` takes almost everything, and lists and maps of that.
    fn text(&self, argument: NodeId) -> Result<(), Error> {
        let mut waiting = vec![argument];
        while let Some(id) = waiting.pop() {
            if matches!(
                self.formatted(id),
                Term::Any | Term::Message(_) | Term::Optional(_)
            ) {
                return Err(self.unformattable(
                    id,
                    "string clause can only be used on strings, bools, bytes, ints, doubles, maps, lists, types, \
                     durations, and timestamps",
                ));
            }
            match &self.tree.node(id).kind {
                Kind::List(elements) => {
                    waiting.extend(elements.iter().rev().map(|element| element.value))
                }
                Kind::Map(entries) => {
                    waiting.extend(
                        entries
                            .iter()
                            .rev()
                            .flat_map(|entry| [entry.value, entry.key]),
                    );
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn is_one_of(&self, argument: NodeId, terms: &[Term]) -> bool {
        let term = self.formatted(argument);
        term == Term::Dyn || terms.contains(&term)
    }

    /// The type of an argument; a wrapper counts as what it holds.
    fn formatted(&self, argument: NodeId) -> Term {
        let term = self
            .found(argument)
            .map_or(Term::Dyn, |of| self.types.table.term(of));
        match term {
            Term::Wrapper(value) => self.types.table.term(value),
            _ => term,
        }
    }

    fn unformattable(&self, argument: NodeId, taken: &str) -> Error {
        let given = self
            .found(argument)
            .map_or("dyn", |of| self.types.table.outer_name(of));
        self.error(
            argument,
            format!("error during formatting: {taken}, was given {given}"),
        )
    }
}
