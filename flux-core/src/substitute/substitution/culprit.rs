//! Which expression makes an object fail.

use fluxcd_dialect::yaml::{self, Loader, Spans};

use crate::manifest::FieldPath;
use crate::substitute::error::TemplateError;
use crate::substitute::failure::{Culprit, Error};
use crate::substitute::layer::Visibility;
use crate::substitute::report::uses;
use crate::substitute::template::{Mode, Template, Traced};
use crate::substitute::variables::Variables;

/// How many expressions are tried, each at the price of reading the text.
const TRIES: usize = 64;

/// With the places in the object.
pub(super) fn of_template(text: &str, error: TemplateError) -> Error {
    let spans = spans(text);
    let undefined = error.undefined().iter();
    let undefined = undefined.map(|found| (found.clone(), path_at(&spans, found.span.start)));
    Error::Template {
        path: path_at(&spans, error.span().start),
        undefined: undefined.collect(),
        error,
    }
}

/// With the expression without whose value the text could be read up to its end, or further: the closest before the
/// mistake, then any other. If there is no such one, the closest before the mistake.
pub(super) fn of_yaml(text: &str, error: yaml::Error, variables: &Variables, mode: Mode) -> Error {
    let culprit = find(text, &error, variables, mode).map(Box::new);
    Error::Yaml { error, culprit }
}

fn find(text: &str, error: &yaml::Error, variables: &Variables, mode: Mode) -> Option<Culprit> {
    let template = Template::parse(text).ok()?;
    let trace = template.trace(variables, mode).ok()?;
    let place = error.span().start;
    let behind = trace
        .expressions
        .partition_point(|traced| traced.result.start <= place);
    let (before, after) = trace.expressions.split_at_checked(behind)?;
    let left = trace.text.len() - place.min(trace.text.len());
    let mut tried = before.iter().rev().chain(after).take(TRIES);
    let found = tried.find(|traced| reads_further(&trace.text, traced, left));
    let traced = found.or(before.last()).or(after.first())?;
    let uses = uses(&template, variables);
    let inside = uses.iter().filter(|(span, _)| {
        traced.expression.start <= span.start && span.end <= traced.expression.end
    });
    Some(Culprit {
        path: path_at(&spans(text), traced.expression.start),
        expression: text.get(traced.expression.clone())?.to_owned(),
        value: trace.text.get(traced.result.clone())?.to_vec(),
        visibility: Visibility::of(inside.map(|(_, one)| one)),
    })
}

/// Whether a harmless word in the place of an expression leaves less than that many bytes unread.
fn reads_further(text: &[u8], traced: &Traced, left: usize) -> bool {
    let head = text.get(..traced.result.start).unwrap_or_default();
    let tail = text.get(traced.result.end..).unwrap_or_default();
    let text = [head, b"x", tail].concat();
    match Loader::v2().load(&text) {
        Ok(_) => true,
        Err(error) => text.len().saturating_sub(error.span().start) < left,
    }
}

fn spans(text: &str) -> Spans {
    let loaded = Loader::v2().load_with_spans(text.as_bytes());
    loaded.map(|(_, spans)| spans).unwrap_or_default()
}

fn path_at(spans: &Spans, offset: usize) -> FieldPath {
    let found = spans.at(offset).map(|(path, _)| path);
    found.unwrap_or_default().into()
}
