//! Which bytes of a template became which bytes of the result.

use std::ops::Range;

use crate::substitute::template::Traced;

/// The pieces of a template that are not copied, in their order: expressions, and `$$`, which becomes `$`.
#[derive(Default)]
pub(super) struct Offsets {
    pieces: Vec<(Range<usize>, Range<usize>)>,
}

impl Offsets {
    pub(super) fn new(template: &[u8], expressions: &[Traced]) -> Self {
        let mut offsets = Self::default();
        let mut from = 0;
        for traced in expressions {
            offsets.escapes(template, from..traced.expression.start);
            offsets
                .pieces
                .push((traced.expression.clone(), traced.result.clone()));
            from = traced.expression.end;
        }
        offsets.escapes(template, from..template.len());
        offsets
    }

    /// Pairs of dollars count from the left.
    fn escapes(&mut self, template: &[u8], gap: Range<usize>) {
        let mut from = gap.start;
        while let Some(at) = template
            .get(from..gap.end)
            .and_then(|rest| memchr::memmem::find(rest, b"$$"))
        {
            let start = from + at;
            let result = self.shifted(start);
            self.pieces.push((start..start + 2, result..result + 1));
            from = start + 2;
        }
    }

    /// For a place behind all pieces.
    fn shifted(&self, offset: usize) -> usize {
        self.pieces.last().map_or(offset, |(template, result)| {
            result.end + offset.saturating_sub(template.end)
        })
    }

    /// Where a byte of the template is in the result; the first byte of a piece is where its result begins. Nothing within
    /// an expression.
    pub(super) fn forward(&self, offset: usize) -> Option<usize> {
        let behind = self
            .pieces
            .partition_point(|(template, _)| template.end <= offset);
        let (before, after) = self.pieces.split_at_checked(behind)?;
        let inside = |(template, _): &(Range<usize>, _)| template.start < offset;
        if after.first().is_some_and(inside) {
            return None;
        }
        Some(before.last().map_or(offset, |(template, result)| {
            result.end + (offset - template.end)
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::Offsets;
    use crate::substitute::{Layer, Mode, Template, Variables};

    #[test]
    fn bytes_behind_expressions_and_escapes_are_found() {
        let text = "a$$b$$$${x}c${x}$$$${y:-$$}d$Z";
        let variables = Variables::new().with(Layer::inline([("x", "long value")]));
        let template = Template::parse(text).unwrap();
        let trace = template.trace(&variables, Mode::Strict).unwrap();
        let offsets = Offsets::new(text.as_bytes(), &trace.expressions);
        let result = String::from_utf8(trace.text.to_vec()).unwrap();
        assert_eq!(result, "a$b$${x}clong value$${y:-$}d$Z");
        for mark in ["a", "b", "c", "d", "Z"] {
            let at = text.find(mark).unwrap();
            let found = result.find(mark);
            assert_eq!(offsets.forward(at), found, "{mark}");
        }
        let expression = text.find("c${").unwrap() + 1;
        assert_eq!(offsets.forward(expression), result.find("long"));
        assert_eq!(offsets.forward(expression + 1), None);
    }
}
