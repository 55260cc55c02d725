//! Files to documents.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::sync::Arc;

use fluxcd_dialect::yaml::{self, Loader, Segment, Span, Spans};
use serde_json::Value;

use super::error::{Error, ErrorKind};
use super::place::{FieldPath, Place};
use super::text::{Cursor, Source, Text};

/// The documents of a file, in order, each with a result of its own.
///
/// | rule | |
/// |---|---|
/// | separators | lines that begin with `---`, before any parsing, as Kubernetes cuts a stream |
/// | text behind `---` | a document of its own with an error; the documents around it are read |
/// | lists | an object whose kind ends in `List` and that has a list of `items`, or a null there, is opened, also within another one |
/// | repeated keys | the last one wins; each repetition is a [`Problem`](super::Problem) of the decoded document |
/// | empty documents | are [`empty`](Document::is_empty) documents |
/// | encodings | UTF-8 with or without byte order mark, UTF-16 with one |
///
/// The loader decides on the dialect and on the limits, which hold for each document: [`Loader::v2`] reads as the
/// controllers read what kustomize built, [`Loader::v3`] as kustomize reads files. With v3 or a strict loader a repeated
/// key is an error of the document.
///
/// Sources: `k8s.io/apimachinery: pkg/util/yaml/decoder.go (YAMLReader.Read)`; for lists `sigs.k8s.io/kustomize/api:
/// resource/factory.go (inlineAnyEmbeddedLists)`.
///
/// # Examples
///
/// ```
/// use fluxcd_core::manifest::documents;
/// use fluxcd_dialect::yaml::Loader;
///
/// let file = b"kind: [\n---\napiVersion: v1\nkind: List\nitems:\n- kind: A\n- kind: B\n";
/// let found: Vec<_> = documents(file, Loader::v2()).collect();
/// assert_eq!(found[0].content().unwrap_err().place().line, 2);
/// assert_eq!((found[1].kind(), found[2].kind()), (Some("A"), Some("B")));
/// assert_eq!(found[2].place().to_string(), "7:3");
/// ```
pub fn documents(file: &[u8], loader: Loader) -> impl Iterator<Item = Document<'_>> {
    let text = Arc::new(Text::new(file));
    Documents {
        cursor: text.start(),
        broken: text.broken,
        text,
        loader,
        index: 0,
        waiting: VecDeque::new(),
    }
}

struct Documents<'a> {
    text: Arc<Text<'a>>,
    loader: Loader,
    /// Where the next document begins.
    cursor: Cursor,
    index: usize,
    waiting: VecDeque<Document<'a>>,
    /// Whether the last document is still to be reported as broken.
    broken: bool,
}

impl<'a> Iterator for Documents<'a> {
    type Item = Document<'a>;

    fn next(&mut self) -> Option<Document<'a>> {
        loop {
            if let Some(document) = self.waiting.pop_front() {
                return Some(document);
            }
            self.read()?;
        }
    }
}

impl<'a> Documents<'a> {
    /// Reads the next piece of the text; nothing at its end.
    fn read(&mut self) -> Option<()> {
        let text = Arc::clone(&self.text);
        let start = self.cursor.at;
        let end_of_line = |from: usize| {
            memchr::memchr(b'\n', text.slice(from..text.bytes.len()))
                .map_or(text.bytes.len(), |newline| from + newline + 1)
        };
        // Each call sees what is left of the text: the place of an error costs a walk over one document, not over all.
        let first = yaml::split(text.slice(start..text.bytes.len())).next();
        let cut_off = match &first {
            Some(Ok(piece)) => start + piece.offset() + piece.raw().len() == text.bytes.len(),
            Some(Err(_)) => false,
            None => true,
        };
        if self.broken && cut_off {
            self.broken = false;
            self.refuse_rest();
            return Some(());
        }
        match first? {
            Ok(piece) => {
                let end = start + piece.offset() + piece.raw().len();
                self.load(start + piece.offset(), end);
                self.cursor.advance(&text, end_of_line(end));
            }
            Err(error) => {
                let line = start
                    + memchr::memrchr(b'\n', text.slice(start..start + error.span().start))
                        .map_or(0, |newline| newline + 1);
                if line > start {
                    self.load(start, line);
                }
                let mut cursor = self.cursor;
                cursor.advance(&text, line);
                let source = self.source(line..end_of_line(line), cursor);
                let span = error.span();
                let shift = |at: usize| at + start - line;
                let error = Error::new(
                    ErrorKind::Yaml(error.kind()),
                    error.message(),
                    source.place(shift(span.start)..shift(span.end)),
                    self.index,
                );
                self.cursor.advance(&text, end_of_line(line));
                self.push(source, Err(error));
            }
        }
        Some(())
    }

    /// Reports what is left of the text, up to where it is no UTF-16.
    fn refuse_rest(&mut self) {
        let end = self.text.bytes.len();
        let source = self.source(self.cursor.at..end, self.cursor);
        let left = source.range.len();
        let error = Error::new(
            ErrorKind::Yaml(yaml::ErrorKind::Encoding),
            "invalid UTF-16",
            source.place(left..left),
            self.index,
        );
        let text = Arc::clone(&self.text);
        self.cursor.advance(&text, end);
        self.push(source, Err(error));
    }

    fn source(&self, range: Span, start: Cursor) -> Source<'a> {
        Source {
            text: Arc::clone(&self.text),
            range,
            start,
            spans: Spans::default(),
            repeated: Vec::new(),
        }
    }

    /// Parses a piece and opens its lists.
    fn load(&mut self, start: usize, end: usize) {
        let mut cursor = self.cursor;
        cursor.advance(&self.text, start);
        let mut source = self.source(start..end, cursor);
        let raw = self.text.slice(start..end);
        let mut text = Cow::Borrowed(raw);
        if !raw.ends_with(b"\n") {
            text.to_mut().push(b'\n');
        }
        let loaded = self.loader.load_with_spans(&text);
        drop(text);
        match loaded {
            Ok((value, spans)) => {
                source.repeated = spans.repeated();
                source.spans = spans;
                self.push(source, Ok(value));
            }
            Err(error) => {
                let place = source.place(error.span().clone());
                let kind = ErrorKind::Yaml(error.kind());
                let error = Error::new(kind, error.message(), place, self.index);
                self.push(source, Err(error));
            }
        }
    }

    fn push(&mut self, source: Source<'a>, content: Result<Value, Error>) {
        let source = Arc::new(source);
        let document = |base, content| Document {
            index: self.index,
            base,
            content,
            source: Arc::clone(&source),
        };
        match content {
            Err(error) => self
                .waiting
                .push_back(document(FieldPath::default(), Err(error))),
            Ok(value) => {
                // A stack with the next object on top: lists in lists need no recursion.
                let mut closed = vec![(FieldPath::default(), value)];
                while let Some((base, mut value)) = closed.pop() {
                    match items(&mut value) {
                        Some(items) => {
                            let list = base.join("items");
                            let numbered = items.into_iter().enumerate().rev();
                            closed.extend(numbered.map(|(n, item)| (list.join(n), item)));
                        }
                        None => self.waiting.push_back(document(base, Ok(value))),
                    }
                }
            }
        }
        self.index += 1;
    }
}

/// Takes the items out of a list; nothing if it is none.
fn items(value: &mut Value) -> Option<Vec<Value>> {
    let object = value.as_object_mut()?;
    if !object.get("kind")?.as_str()?.ends_with("List") {
        return None;
    }
    match object.get_mut("items")? {
        Value::Array(items) => Some(std::mem::take(items)),
        Value::Null => Some(Vec::new()),
        _ => None,
    }
}

/// One document of a file, or one item of a list in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Document<'a> {
    index: usize,
    pub(super) base: FieldPath,
    content: Result<Value, Error>,
    pub(super) source: Arc<Source<'a>>,
}

impl Document<'_> {
    /// Index of the document in its file, counted from 0. The items of a list have that of the list.
    #[must_use]
    pub const fn index(&self) -> usize {
        self.index
    }

    /// Where in its document the object stands: empty, or `items[3]` in a list.
    #[must_use]
    pub const fn base(&self) -> &FieldPath {
        &self.base
    }

    /// The value.
    ///
    /// # Errors
    ///
    /// Why the document cannot be read, with the place in the file.
    pub const fn content(&self) -> Result<&Value, &Error> {
        self.content.as_ref()
    }

    /// The value; nothing if the document cannot be read.
    #[must_use]
    pub fn value(&self) -> Option<&Value> {
        self.content.as_ref().ok()
    }

    /// The value, by itself.
    ///
    /// # Errors
    ///
    /// As for [`content`](Self::content).
    pub fn into_content(self) -> Result<Value, Error> {
        self.content
    }

    /// Whether there is nothing in it, or comments only.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.value().is_some_and(Value::is_null)
    }

    /// `apiVersion`, if it is text.
    #[must_use]
    pub fn api_version(&self) -> Option<&str> {
        self.value()?.get("apiVersion")?.as_str()
    }

    /// `kind`, if it is text.
    #[must_use]
    pub fn kind(&self) -> Option<&str> {
        self.value()?.get("kind")?.as_str()
    }

    /// `metadata.name`, if it is text.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.value()?.get("metadata")?.get("name")?.as_str()
    }

    /// `metadata.namespace`, if it is text.
    #[must_use]
    pub fn namespace(&self) -> Option<&str> {
        self.value()?.get("metadata")?.get("namespace")?.as_str()
    }

    /// Where the object stands in the file; for a document that cannot be read or is empty, all of its text.
    #[must_use]
    pub fn place(&self) -> Place {
        let all = 0..self.source.range.len();
        let value = self.value().filter(|value| !value.is_null());
        let span = value.map(|_| self.source.spans.nearest(&self.base).0);
        self.source.place(span.unwrap_or(all))
    }

    /// Where the value at a path stands, or the closest part of the path that has a place: what came through an alias
    /// has none of its own.
    ///
    /// # Examples
    ///
    /// ```
    /// use fluxcd_core::manifest::documents;
    /// use fluxcd_dialect::yaml::Loader;
    ///
    /// let file = b"# fleet\nspec:\n  interval: 1x\n";
    /// let document = documents(file, Loader::v2()).next().unwrap();
    /// let path = ["spec".into(), "interval".into()];
    /// assert_eq!(document.place_of(&path).to_string(), "3:13");
    /// assert_eq!(document.place_of_key(&path).to_string(), "3:3");
    /// ```
    #[must_use]
    pub fn place_of(&self, path: &[Segment]) -> Place {
        self.source.place(self.span_of(path))
    }

    /// Where the key of the field at a path stands; for an item of a list, and for what came through an alias, as for
    /// [`place_of`](Self::place_of).
    #[must_use]
    pub fn place_of_key(&self, path: &[Segment]) -> Place {
        self.source.place(self.span_of_key(path))
    }

    pub(super) fn span_of(&self, path: &[Segment]) -> Span {
        self.source.spans.nearest(&self.full(path)).0
    }

    pub(super) fn span_of_key(&self, path: &[Segment]) -> Span {
        let full = self.full(path);
        let spans = &self.source.spans;
        spans.key(&full).unwrap_or_else(|| spans.nearest(&full).0)
    }

    pub(super) fn full(&self, path: &[Segment]) -> Vec<Segment> {
        [&*self.base, path].concat()
    }
}

#[cfg(test)]
mod tests;
