//! What JSON cannot hold: infinities, and keys that are no text.
//!
//! Upstream finds these last, and only in what is left of the document by then: a value that a later key overrides does
//! no harm. So they are put into the value under a mark, and looked for at the end.

use serde_json::Value;

use super::Builder;
use crate::yaml::error::{Error, ErrorKind};
use crate::yaml::loader::Dialect;
use crate::yaml::spans::Span;

/// Marks, inside a value, what JSON cannot hold. The reader refuses the character, so that no plain text holds it.
pub(super) const MARK: &str = "\0\0fluxcd.unholdable:";

impl Builder<'_, '_> {
    /// A value that stands for one that JSON cannot hold.
    pub(super) fn unholdable(
        &mut self,
        kind: ErrorKind,
        message: &'static str,
        span: Span,
    ) -> Value {
        self.unholdable.push(Error::new(kind, message, span));
        Value::String(format!("{MARK}{}", self.unholdable.len() - 1))
    }

    pub(super) fn unholdable_key(&mut self, message: &'static str, span: Span) -> String {
        self.unholdable
            .push(Error::new(ErrorKind::Key, message, span));
        format!("{MARK}{}", self.unholdable.len() - 1)
    }

    /// What upstream reports of that which JSON cannot hold, if anything of it is part of the value.
    pub(super) fn first_unholdable(&self, value: &Value) -> Option<Error> {
        let mut found = Vec::new();
        self.collect_unholdable(value, &mut found);
        match self.dialect {
            // Keys are converted first, then the values are written.
            Dialect::V2 => found
                .iter()
                .find(|error| error.kind() == ErrorKind::Key)
                .or(found.first()),
            // In the order of the JSON text.
            Dialect::V3 => found.first(),
        }
        .map(|error| (*error).clone())
    }

    fn collect_unholdable<'b>(&'b self, value: &Value, found: &mut Vec<&'b Error>) {
        let marked = |text: &str| {
            let digits = text.strip_prefix(MARK)?.split(':').next()?;
            self.unholdable.get(digits.parse::<usize>().ok()?)
        };
        match value {
            Value::String(text) => found.extend(marked(text)),
            Value::Array(items) => items
                .iter()
                .for_each(|item| self.collect_unholdable(item, found)),
            Value::Object(entries) => {
                // A key of the wrong type is found before anything in its map.
                found.extend(entries.keys().filter_map(|key| marked(key)));
                entries
                    .values()
                    .for_each(|value| self.collect_unholdable(value, found));
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
}
