use std::ops::Range as Span;
use std::sync::Arc;

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
    let bytes = rewritten.text.as_bytes();
    let (mut places, mut start) = (Vec::new(), 0);
    while let Some(pipes) = find_pipes(bytes, start) {
        places.push(start..pipes);
        start = pipes + 2;
    }
    places.push(start..bytes.len());
    if let Some(first) = places.get(MAX_GROUPS) {
        let span = rewritten.origin(first.start..bytes.len());
        return Err(Error::new(ErrorKind::TooManyGroups, span));
    }
    let source = Source {
        text: Arc::from(&*rewritten.text),
        rewritten: &rewritten,
    };
    places
        .into_iter()
        .map(|place| group(&source, place))
        .collect()
}

fn find_pipes(bytes: &[u8], from: usize) -> Option<usize> {
    let rest = bytes.get(from..)?;
    let found = rest.windows(2).position(|two| two == b"||")?;
    Some(from + found)
}

/// The text that is cut into comparators, and where it comes from.
struct Source<'t> {
    text: Arc<str>,
    rewritten: &'t Rewritten<'t>,
}

/// This is the language of upstream's `validConstraintRegex`. Neither an operator nor a version can end where it could go on,
/// so there is one way to read a text, and what upstream cuts out of a valid group always is a comparator.
fn group(source: &Source<'_>, place: Span<usize>) -> Result<Group, Error> {
    let text = source.text.get(..place.end).unwrap_or_default();
    let bytes = text.as_bytes();
    let spaces = |from| scan::run(bytes, from, is_space);
    let improper = || {
        let group = text.get(place.start..).unwrap_or_default();
        Error::improper(group, source.rewritten.origin(place.clone()))
    };

    let mut comparators: Vec<Comparator> = Vec::new();
    // The syntax of the whole group is judged before any operand is.
    let mut fault = None;
    let mut at = spaces(place.start);
    loop {
        let operator_end = scan::run(bytes, at, |byte| b"=!<>~^".contains(&byte));
        let spelling = text.get(at..operator_end).unwrap_or_default();
        let operator = Operator::parse(spelling).ok_or_else(improper)?;
        let operand = spaces(operator_end);
        let shape = scan::shape(bytes, operand, is_wild_digit, is_plus).ok_or_else(improper)?;
        match comparator(source, operator, at..operator_end, operand, &shape) {
            Some(comparator) => comparators.push(comparator),
            None => fault = fault.or(Some(operand..shape.end)),
        }
        let next = spaces(shape.end);
        at = match bytes.get(next) {
            None => break,
            Some(b',') => spaces(next + 1),
            Some(_) if next > shape.end => next,
            Some(_) => return Err(improper()),
        };
    }
    if let Some(operand) = fault {
        let span = source.rewritten.origin(operand);
        return Err(Error::new(ErrorKind::InvalidOperand, span));
    }
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

/// Masterminds/semver: `constraints.go (parseConstraint)`. `None` where the operand is no version.
fn comparator(
    source: &Source<'_>,
    operator: Operator,
    spelling: Span<usize>,
    operand: usize,
    shape: &Shape,
) -> Option<Comparator> {
    let operand = operand..shape.end;
    let part = |span: &Span<usize>| source.text.get(span.clone()).unwrap_or_default();
    let spelled = shape.numbers.each_ref().map(part);
    let prerelease = part(&shape.prerelease);
    let wild = spelled
        .iter()
        .position(|number| matches!(*number, "" | "x" | "X" | "*"));

    let given = spelled.iter().take(wild.unwrap_or(3));
    let mut numbers = [0; 3];
    for (number, spelled) in numbers.iter_mut().zip(given.clone()) {
        *number = scan::number(spelled.as_bytes())?;
    }
    if scan::padded_identifier(prerelease).is_some() {
        return None;
    }
    // With a wildcard, upstream reads a version that it puts together: the numbers, zeros for the rest, the prerelease.
    let length = match wild {
        None => operand.len(),
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
    let written = match spelling.is_empty() {
        true => operand.clone(),
        false => spelling.start..operand.end,
    };
    Some(Comparator {
        operator,
        wildcard: match wild {
            None => Wildcard::None,
            Some(0) => Wildcard::Major,
            Some(1) => Wildcard::Minor,
            Some(_) => Wildcard::Patch,
        },
        numbers,
        source: Arc::clone(&source.text),
        spelling: spelling.into(),
        operand: operand.into(),
        prerelease: shape.prerelease.clone().into(),
        origin: source.rewritten.origin(written).into(),
    })
}
