use std::borrow::Cow;
use std::ops::Range as Span;

use crate::version::scan::{self, Shape, is_plus, is_space, is_wild_digit};

/// A range in which `A - B` is rewritten to `>= A, <= B `, and where its bytes come from.
pub(super) struct Rewritten<'t> {
    pub(super) text: Cow<'t, str>,
    /// For each byte of the text, its place in the original. Empty where the two are the same.
    origins: Vec<usize>,
}

/// Masterminds/semver: `constraints.go (rewriteRange)`. This is a replacement of text, whatever stands around it, and much of
/// what is surprising about ranges with a hyphen comes from that.
pub(super) fn rewrite(text: &str) -> Rewritten<'_> {
    let mut rewritten = Rewritten {
        text: Cow::Borrowed(text),
        origins: Vec::new(),
    };
    let bytes = text.as_bytes();
    let has_hyphen = |window: &[u8]| matches!(window, [a, b'-', b] if is_space(*a) && is_space(*b));
    if !bytes.windows(3).any(has_hyphen) {
        return rewritten;
    }
    let mut from = 0;
    while let Some(found) = (from..bytes.len()).find_map(|start| hyphen_range(bytes, start)) {
        from = found.span.end;
        rewritten.replace(text, &found);
    }
    rewritten
}

struct Found {
    span: Span<usize>,
    low: Span<usize>,
    high: Span<usize>,
}

/// `\s* A \s+ - \s+ B \s*`, from that place on. The place may be in the middle of a number: `1.2.3.4 - 5` holds `2.3.4 - 5`.
fn hyphen_range(bytes: &[u8], start: usize) -> Option<Found> {
    let spaces = |from| scan::run(bytes, from, is_space);
    let some_spaces = |from| Some(spaces(from)).filter(|end| *end > from);
    let version = |from| -> Option<Shape> { scan::shape(bytes, from, is_wild_digit, is_plus) };

    let low_start = spaces(start);
    let low = low_start..version(low_start)?.end;
    let hyphen = some_spaces(low.end)?;
    if bytes.get(hyphen) != Some(&b'-') {
        return None;
    }
    let high_start = some_spaces(hyphen + 1)?;
    let high = high_start..version(high_start)?.end;
    Some(Found {
        span: start..spaces(high.end),
        low,
        high,
    })
}

impl Rewritten<'_> {
    /// Where a piece of the text stands in the original.
    pub(super) fn origin(&self, span: Span<usize>) -> Span<usize> {
        if self.origins.is_empty() {
            return span;
        }
        let at = |place: usize| self.origins.get(place).copied();
        let last = span.end.checked_sub(1).filter(|last| *last >= span.start);
        match (at(span.start), last.and_then(at)) {
            // Pieces that upstream moved around may lie the other way round.
            (Some(first), Some(last)) => first.min(last)..first.max(last) + 1,
            (Some(first), None) => first..first,
            _ => {
                let end = self.origins.last().map_or(0, |last| last + 1);
                end..end
            }
        }
    }

    fn replace(&mut self, original: &str, found: &Found) {
        let piece = |span: &Span<usize>| original.get(span.clone()).unwrap_or_default();
        let (low, high) = (piece(&found.low), piece(&found.high));
        let whole = piece(&found.span);
        // The first such text, even if an earlier replacement has only now made it.
        let Some(at) = self.text.find(whole) else {
            return;
        };
        if self.origins.is_empty() {
            self.origins = (0..original.len()).collect();
        }
        let (text, origins) = replacement(found, low, high);
        self.origins.splice(at..at + whole.len(), origins);
        self.text
            .to_mut()
            .replace_range(at..at + whole.len(), &text);
    }
}

fn replacement(found: &Found, low: &str, high: &str) -> (String, Vec<usize>) {
    let mut text = String::new();
    let mut origins = Vec::new();
    for (operator, operand, span) in [(">= ", low, &found.low), (", <= ", high, &found.high)] {
        text.push_str(operator);
        origins.extend(operator.bytes().map(|_| span.start));
        text.push_str(operand);
        origins.extend(span.clone());
    }
    text.push(' ');
    origins.push(found.high.end.saturating_sub(1));
    (text, origins)
}
