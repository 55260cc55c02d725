use std::ops::Range as Span;

use super::comparator::{Comparator, Operator, Wildcard};
use super::hyphen::{self, Rewritten};
use super::{Group, Prereleases};
use crate::version::scan::{self, Shape, is_plus, is_space, is_wild_digit};
use crate::version::{Error, ErrorKind, MAX_GROUPS, MAX_RANGE_LEN, MAX_VERSION_LEN};

/// Masterminds/semver: `constraints.go (NewConstraint)`. The order of the checks is upstream's: it decides which of several
/// faults is told.
pub(super) fn groups(text: &str) -> Result<Vec<Group>, Error> {
    if text.len() > MAX_RANGE_LEN {
        return Err(Error::new(ErrorKind::RangeTooLong, 0..text.len()));
    }
    let rewritten = hyphen::rewrite(text);
    let mut alternatives = Vec::new();
    let mut at = 0;
    for alternative in rewritten.text.split("||") {
        alternatives.push((at, alternative));
        at += alternative.len() + 2;
    }
    if let Some((first, _)) = alternatives.get(MAX_GROUPS) {
        let span = rewritten.origin(*first..rewritten.text.len());
        return Err(Error::new(ErrorKind::TooManyGroups, span));
    }
    alternatives
        .into_iter()
        .map(|(at, alternative)| group(alternative, at, &rewritten))
        .collect()
}

fn group(text: &str, at: usize, whole: &Rewritten<'_>) -> Result<Group, Error> {
    let origin = |span: &Span<usize>| whole.origin(at + span.start..at + span.end);
    let pieces = pieces(text).ok_or_else(|| Error::improper(text, origin(&(0..text.len()))))?;
    let comparators = pieces
        .iter()
        .map(|piece| {
            let comparator = comparator(text, piece, origin(&piece.span()));
            comparator.ok_or_else(|| Error::new(ErrorKind::InvalidOperand, origin(&piece.operand)))
        })
        .collect::<Result<Vec<_>, _>>()?;
    let names_one = comparators.iter().any(|one| !one.prerelease.is_empty());
    let prereleases = match names_one {
        true => Prereleases::Admitted,
        false => Prereleases::Refused,
    };
    Ok(Group {
        comparators,
        prereleases,
    })
}

/// A comparator whose operand has the form of a version.
struct Piece {
    operator: Operator,
    spelling: Span<usize>,
    operand: Span<usize>,
    shape: Shape,
}

impl Piece {
    fn span(&self) -> Span<usize> {
        match self.spelling.is_empty() {
            true => self.operand.clone(),
            false => self.spelling.start..self.operand.end,
        }
    }
}

/// Cuts a group into comparators; `None` where its syntax is at fault.
///
/// This is the language of upstream's `validConstraintRegex`. Neither an operator nor a version can end where it could go on,
/// so there is one way to read a text, and what upstream cuts out of a valid group always is a comparator.
fn pieces(text: &str) -> Option<Vec<Piece>> {
    let bytes = text.as_bytes();
    let spaces = |from| scan::run(bytes, from, is_space);
    let mut pieces = Vec::new();
    let mut at = spaces(0);
    loop {
        let operator_end = scan::run(bytes, at, |byte| b"=!<>~^".contains(&byte));
        let operator = Operator::parse(text.get(at..operator_end)?)?;
        let operand = spaces(operator_end);
        let shape = scan::shape(bytes, operand, is_wild_digit, is_plus)?;
        let end = shape.end;
        pieces.push(Piece {
            operator,
            spelling: at..operator_end,
            operand: operand..end,
            shape,
        });
        let next = spaces(end);
        at = match bytes.get(next) {
            None => return Some(pieces),
            Some(b',') => spaces(next + 1),
            Some(_) if next > end => next,
            Some(_) => return None,
        };
    }
}

/// Masterminds/semver: `constraints.go (parseConstraint)`. `None` where the operand is no version.
fn comparator(text: &str, piece: &Piece, span: Span<usize>) -> Option<Comparator> {
    let part = |span: &Span<usize>| text.get(span.clone()).unwrap_or_default();
    let spelled = piece.shape.numbers.each_ref().map(part);
    let prerelease = part(&piece.shape.prerelease);
    let wild = spelled
        .iter()
        .position(|number| matches!(*number, "" | "x" | "X" | "*"));

    let given = spelled.iter().take(wild.unwrap_or(3));
    let mut numbers = [0; 3];
    for (number, spelled) in numbers.iter_mut().zip(given.clone()) {
        *number = scan::number(spelled)?;
    }
    if scan::padded_identifier(prerelease).is_some() {
        return None;
    }
    // With a wildcard, upstream reads a version that it puts together: the numbers, zeros for the rest, the prerelease.
    let length = match wild {
        None => piece.operand.len(),
        Some(wild) => {
            let numbers: usize = given.map(|number| number.len()).sum();
            let points_and_zeros = 2 + (3 - wild);
            let hyphen = usize::from(!prerelease.is_empty());
            numbers + points_and_zeros + hyphen + prerelease.len()
        }
    };
    if length > MAX_VERSION_LEN {
        return None;
    }
    let operand = part(&piece.operand);
    Some(Comparator {
        operator: piece.operator,
        text: format!("{}{operand}", part(&piece.spelling)).into(),
        span,
        wildcard: match wild {
            None => Wildcard::None,
            Some(0) => Wildcard::Major,
            Some(1) => Wildcard::Minor,
            Some(_) => Wildcard::Patch,
        },
        numbers,
        prerelease: prerelease.into(),
    })
}
