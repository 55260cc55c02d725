//! Which variables stand behind a piece of text.

use std::ops::Range;

use fluxcd_dialect::yaml::{Loader, Segment, Spans};

use super::offsets::Offsets;
use super::{Taken, Use};
use crate::substitute::layer::Visibility;
use crate::substitute::substitution::{Substituted, Texts};
use crate::substitute::template::{Operator, Reference, Template, Traced};
use crate::substitute::variables::Variables;

/// Everything that is known about the two texts of an object.
pub(super) struct Source {
    /// Of all expressions, nested ones too, in the order of their ends.
    uses: Vec<(Range<usize>, Use)>,
    /// The outermost ones.
    expressions: Vec<Traced>,
    offsets: Offsets,
    before: Spans,
    after: Spans,
}

/// A part of the object as built, or of the result.
pub(super) enum Region {
    Before(Range<usize>),
    After(Range<usize>),
    /// It has no place of its own.
    Unknown,
}

/// What became of the key of an entry.
pub(super) enum NewKey {
    /// It is this one now.
    Is(String),
    /// It is this one, but the entry is not in the result: a later one has the same key, or it was merged.
    Lost(String),
    Unknown,
}

impl Source {
    /// Nothing if there is no text, or none that evaluates: a substituted object has one.
    pub(super) fn new(done: &Substituted<'_>) -> Option<Self> {
        let Texts { template: text, .. } = done.texts.as_ref()?;
        let template = Template::parse(text).ok()?;
        let trace = template.trace(done.variables, done.mode).ok()?;
        let spans = |text: &[u8]| {
            let loaded = Loader::v2().load_with_spans(text);
            loaded.map(|(_, spans)| spans).unwrap_or_default()
        };
        Some(Self {
            offsets: Offsets::new(text.as_bytes(), &trace.expressions),
            before: spans(text.as_bytes()),
            after: spans(&trace.text),
            uses: uses(&template, done.variables),
            expressions: trace.expressions,
        })
    }

    /// The key that the entry at `path` has now, under `parent` in the result.
    pub(super) fn new_key(&self, path: &[Segment], parent: &[Segment]) -> NewKey {
        let Some(key) = self.before.key(path) else {
            return NewKey::Unknown;
        };
        // What stands before a key in the text, a tag or an anchor, is not part of it; its end always is.
        for offset in [key.start, key.end] {
            let Some(offset) = self.offsets.forward(offset) else {
                continue;
            };
            let Some((target, fluxcd_dialect::yaml::Part::Key)) = self.after.at(offset) else {
                continue;
            };
            let Some((Segment::Key(word), above)) = target.split_last() else {
                continue;
            };
            if above != parent {
                continue;
            }
            let winner = self.after.key(&target);
            let wins = winner.is_some_and(|key| key.start <= offset && offset <= key.end);
            return if wins && word != "<<" {
                NewKey::Is(word.clone())
            } else {
                NewKey::Lost(word.clone())
            };
        }
        NewKey::Unknown
    }

    /// The key of an entry of the object as built.
    pub(super) fn key(&self, path: &[Segment]) -> Region {
        self.before
            .key(path)
            .map_or(Region::Unknown, Region::Before)
    }

    /// A node of the object as built, with its key.
    pub(super) fn node(&self, path: &[Segment]) -> Region {
        node(&self.before, path).map_or(Region::Unknown, Region::Before)
    }

    /// A node of the result, with its key.
    pub(super) fn new_node(&self, path: &[Segment]) -> Region {
        node(&self.after, path).map_or(Region::Unknown, Region::After)
    }

    /// The variables that a region asks for.
    pub(super) fn uses(&self, region: &Region) -> Vec<Use> {
        let uses = self.uses_in(self.expressions(region));
        uses.cloned().collect()
    }

    /// Whether a Secret has a part in a region.
    pub(super) fn visibility(&self, region: &Region) -> Visibility {
        let expressions = match region {
            Region::Unknown => self.expressions.as_slice(),
            Region::Before(_) | Region::After(_) => self.expressions(region),
        };
        Visibility::of(self.uses_in(expressions))
    }

    fn uses_in(&self, expressions: &[Traced]) -> impl Iterator<Item = &Use> {
        expressions.iter().flat_map(|traced| {
            let Range { start, end } = traced.expression;
            let first = self.uses.partition_point(|(span, _)| span.end <= start);
            let behind = self.uses.partition_point(|(span, _)| span.end <= end);
            let uses = self.uses.get(first..behind).unwrap_or_default();
            uses.iter().map(|(_, uses)| uses)
        })
    }

    fn expressions(&self, region: &Region) -> &[Traced] {
        let all = &self.expressions;
        let (start, end) = match region {
            Region::Before(range) => (
                all.partition_point(|traced| traced.expression.end <= range.start),
                all.partition_point(|traced| traced.expression.start < range.end),
            ),
            // An empty result at the edge of a node is part of it.
            Region::After(range) => (
                all.partition_point(|traced| traced.result.end < range.start),
                all.partition_point(|traced| traced.result.start <= range.end),
            ),
            Region::Unknown => (0, 0),
        };
        all.get(start..end).unwrap_or_default()
    }
}

fn node(spans: &Spans, path: &[Segment]) -> Option<Range<usize>> {
    let value = spans.value(path)?;
    let start = spans.key(path).map_or(value.start, |key| key.start);
    Some(start..value.end)
}

/// All uses of variables in a template, with their expressions, in the order of evaluation.
pub(in crate::substitute) fn uses(
    template: &Template<'_>,
    variables: &Variables,
) -> Vec<(Range<usize>, Use)> {
    let references = template.references();
    references
        .map(|reference| (reference.span().clone(), taken(reference, variables)))
        .collect()
}

fn taken(reference: Reference<'_>, variables: &Variables) -> Use {
    let name = reference.name();
    let value = variables.value(name);
    let falls_back = reference.operator() == Operator::Default;
    let taken = match variables.layer_of(name) {
        _ if falls_back && value.is_none_or(<[u8]>::is_empty) => Taken::Default,
        Some(origin) => Taken::Value(origin.clone()),
        None => Taken::Unset,
    };
    Use {
        name: name.to_owned(),
        taken,
        nested: reference.is_nested(),
    }
}
