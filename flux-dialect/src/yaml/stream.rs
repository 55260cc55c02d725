//! Streams of several documents: cut by text, then read one by one.

use std::borrow::Cow;

use serde_json::Value;

use super::error::{Error, ErrorKind};
use super::loader::{Failure, Loader, Stage};
use super::spans::{Segment, Span, Spans};

const SEPARATOR: &[u8] = b"---";

/// One document of a stream, before parsing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece<'a> {
    raw: &'a [u8],
    offset: usize,
    /// Lines before it.
    lines: usize,
}

impl<'a> Piece<'a> {
    /// Offset of the piece in its stream, in bytes.
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.offset
    }

    /// The bytes of the piece as they stand in the stream.
    #[must_use]
    pub const fn raw(&self) -> &'a [u8] {
        self.raw
    }

    /// The piece as upstream hands it to the parser: lines end with LF, the last one too.
    #[must_use]
    pub fn text(&self) -> Cow<'a, [u8]> {
        if !self.contains(b"\r\n") {
            return self.terminated();
        }
        let mut text = without_carriage_returns(self.raw);
        if !text.ends_with(b"\n") {
            text.push(b'\n');
        }
        Cow::Owned(text)
    }

    fn contains(&self, bytes: &[u8]) -> bool {
        memchr::memmem::find(self.raw, bytes).is_some()
    }

    /// CR LF is the same line break to the scanner as LF, and keeps offsets true. Only CR CR LF, and the two bytes in UTF-16,
    /// have to be read as upstream makes them, and cost a byte of offset each time.
    fn needs_line_feeds(&self) -> bool {
        let utf_16 = self.raw.starts_with(b"\xFF\xFE") || self.raw.starts_with(b"\xFE\xFF");
        self.contains(b"\r\r\n") || utf_16 && self.contains(b"\r\n")
    }

    /// The piece with a line break at its end.
    fn terminated(&self) -> Cow<'a, [u8]> {
        if self.needs_line_feeds() {
            return self.text();
        }
        if self.raw.ends_with(b"\n") {
            return Cow::Borrowed(self.raw);
        }
        let mut text = self.raw.to_vec();
        text.push(b'\n');
        Cow::Owned(text)
    }

    /// Reads the piece; spans and errors have their place in the whole stream.
    ///
    /// # Errors
    /// As for [`Loader::load`].
    pub fn load(&self, loader: &Loader) -> Result<(Value, Spans), Error> {
        let (value, mut spans) = loader
            .load_with_spans(&self.terminated())
            .map_err(|error| self.failed(error, loader))?;
        spans.shift(self.offset, self.raw.len());
        Ok((value, spans))
    }

    fn failed(&self, error: Error, loader: &Loader) -> Error {
        self.place(Failure::parse(error), || {
            loader.document(&self.text(), None).err()
        })
        .error
    }

    /// The document as kustomize reads it.
    fn document_v3(
        &self,
        loader: &Loader,
        spans: Option<&mut Spans>,
    ) -> Result<Option<Value>, Failure> {
        let text = if self.needs_line_feeds() {
            Cow::Owned(without_carriage_returns(self.raw))
        } else {
            Cow::Borrowed(self.raw)
        };
        let again = || {
            loader
                .document(&without_carriage_returns(self.raw), None)
                .err()
        };
        loader
            .document(&text, spans)
            .map_err(|first| self.place(first, again))
    }

    /// The failure with its place in the stream, and of the kind that upstream gives it. Upstream reads the text without the
    /// carriage returns, which moves the pieces in which it looks for bad bytes.
    fn place(&self, first: Failure, again: impl FnOnce() -> Option<Failure>) -> Failure {
        let mut failure = match self.contains(b"\r\n").then(again).flatten() {
            Some(other) if other.error.kind() != first.error.kind() => other,
            _ => first,
        };
        failure.error = failure.error.moved(self.offset, self.lines, self.raw.len());
        failure
    }
}

/// The text with LF for CR LF.
fn without_carriage_returns(raw: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = memchr::memmem::find(rest, b"\r\n") {
        text.extend_from_slice(rest.get(..at).unwrap_or_default());
        rest = rest.get(at + 1..).unwrap_or_default();
    }
    text.extend_from_slice(rest);
    text
}

/// Cuts a stream into documents by lines that begin with `---`, as Kubernetes does it: before any parsing, also within
/// block scalars and quotes. A separator with nothing before it belongs to the document behind it.
///
/// # Errors
/// [`ErrorKind::Separator`]: something else than a comment stands behind `---`. Upstream stops there, and loses the
/// document before that line; the iterator goes on with that document, and with the one behind the line.
///
/// Source: `k8s.io/apimachinery: pkg/util/yaml/decoder.go (YAMLReader.Read)`, v0.36.2.
///
/// ```
/// let pieces = fluxcd_dialect::yaml::split(b"a: 1\n--- # next\nb: 2").collect::<Result<Vec<_>, _>>()?;
/// assert_eq!(pieces[1].text().as_ref(), b"b: 2\n");
/// # Ok::<(), fluxcd_dialect::yaml::Error>(())
/// ```
pub fn split(stream: &[u8]) -> impl Iterator<Item = Result<Piece<'_>, Error>> {
    let mut start = 0;
    let mut start_line = 0;
    let mut document = 0;
    let mut late = None;
    std::iter::from_fn(move || {
        if let Some(piece) = late.take() {
            document += 1;
            return Some(Ok(piece));
        }
        let mut at = start;
        let mut line = start_line;
        while at < stream.len() {
            let rest = stream.get(at..).unwrap_or_default();
            let end = memchr::memchr(b'\n', rest).map_or(stream.len(), |newline| at + newline + 1);
            line += 1;
            if rest.starts_with(SEPARATOR) {
                let raw = stream.get(start..at).unwrap_or_default();
                let before = Piece {
                    raw,
                    offset: start,
                    lines: start_line,
                };
                let behind = text_behind_separator(stream, at + SEPARATOR.len()..end);
                if behind.is_some() || !raw.is_empty() {
                    (start, start_line) = (end, line);
                }
                if let Some(span) = behind {
                    late = Some(before).filter(|_| !raw.is_empty());
                    let span = span.start - at..span.end - at;
                    let error = Error::new(
                        ErrorKind::Separator,
                        "text behind a document separator",
                        span,
                    );
                    let error = error.located(rest.get(..end - at).unwrap_or_default(), 0);
                    return Some(Err(error
                        .moved(at, line - 1, end - at)
                        .in_document(document)));
                }
                if !raw.is_empty() {
                    document += 1;
                    return Some(Ok(before));
                }
            }
            at = end;
        }
        let raw = stream.get(start..).filter(|raw| !raw.is_empty())?;
        let piece = Piece {
            raw,
            offset: start,
            lines: start_line,
        };
        start = stream.len();
        Some(Ok(piece))
    })
}

/// The text behind `---`, unless it is blank or a comment.
fn text_behind_separator(stream: &[u8], line: Span) -> Option<Span> {
    let text = String::from_utf8_lossy(stream.get(line.clone()).unwrap_or_default());
    // Go's `unicode.IsSpace` is Unicode's `White_Space`, as here.
    let trimmed = text.trim();
    (!trimmed.is_empty() && !trimmed.starts_with('#')).then_some(line)
}

/// Reads all documents of a stream under the rules of `loader`, cut as Kubernetes does it; empty documents are null.
///
/// # Errors
/// The first one, with the index of its document.
///
/// ```
/// use fluxcd_dialect::yaml::{Loader, read};
///
/// let error = read(b"a: 1\n---\nb: *x\n", &Loader::v2()).unwrap_err();
/// assert_eq!((error.kind().as_str(), error.document(), error.line()), ("anchor", Some(1), 3));
/// ```
pub fn read(stream: &[u8], loader: &Loader) -> Result<Vec<Value>, Error> {
    split(stream)
        .enumerate()
        .map(|(index, piece)| {
            let piece = piece?;
            let value = loader.load(&piece.terminated());
            value.map_err(|error| piece.failed(error, loader).in_document(index))
        })
        .collect()
}

/// Reads all documents of a stream as kustomize reads a file: cut at `---` between lines, empty documents dropped, a
/// single `List` opened.
///
/// # Errors
/// As upstream reports them: mistakes of the parser in any document come before mistakes in anchors and merges, these
/// before the rest. Errors of the last group have the index of their document, counted without the dropped ones.
///
/// Source: `sigs.k8s.io/kustomize/kyaml: kio/byteio_reader.go (FromBytes)`, v0.21.1.
///
/// ```
/// use fluxcd_dialect::yaml::{Loader, read_v3};
/// use serde_json::json;
///
/// let text = b"kind: List\nitems:\n- on: 1\n---\n";
/// assert_eq!(read_v3(text, &Loader::v3())?, [json!({"kind": "List", "items": [{"on": 1}]})]);
/// assert_eq!(read_v3(text.trim_suffix(), &Loader::v3())?, [json!({"on": 1})]);
/// # trait Trim { fn trim_suffix(&self) -> &[u8]; }
/// # impl Trim for [u8] { fn trim_suffix(&self) -> &[u8] { self.strip_suffix(b"---\n").unwrap() } }
/// # Ok::<(), fluxcd_dialect::yaml::Error>(())
/// ```
pub fn read_v3(stream: &[u8], loader: &Loader) -> Result<Vec<Value>, Error> {
    let pieces = split_v3(stream)?;
    let mut values = Vec::with_capacity(pieces.len());
    let mut failure: Option<Failure> = None;
    for piece in &pieces {
        let mut spans = Spans::default();
        match piece.document_v3(loader, (pieces.len() == 1).then_some(&mut spans)) {
            Ok(None) => {}
            Ok(Some(value)) if pieces.len() == 1 => open_list(value, &spans, stream, &mut values)?,
            Ok(Some(value)) => values.push(value),
            Err(mut found) => {
                if found.stage > Stage::Expand {
                    found.error = found.error.in_document(values.len());
                }
                let stage = found.stage.reported();
                let is_earlier = |known: &Failure| stage < known.stage.reported();
                if failure.as_ref().is_none_or(is_earlier) {
                    failure = Some(found);
                }
                values.push(Value::Null);
            }
        }
    }
    failure.map_or(Ok(values), |failure| Err(failure.error))
}

impl Stage {
    /// Everything behind the expansion of aliases happens document by document.
    fn reported(self) -> Self {
        self.min(Self::Rewrite)
    }
}

/// Source: `sigs.k8s.io/kustomize/kyaml: kio/byteio_reader.go (splitDocuments)`: the separator is `\n---.*\n`.
fn split_v3(stream: &[u8]) -> Result<Vec<Piece<'_>>, Error> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut lines = 0;
    let mut from = 0;
    while let Some(found) = stream
        .get(from..)
        .and_then(|rest| memchr::memmem::find(rest, b"\n---"))
    {
        let line = from + found + 1;
        let text = line + SEPARATOR.len();
        let Some(newline) = stream
            .get(text..)
            .and_then(|rest| memchr::memchr(b'\n', rest))
        else {
            break;
        };
        let end = text + newline + 1;
        if let Some(span) = text_behind_separator(stream, text..end) {
            return Err(Error::new(
                ErrorKind::Separator,
                "text behind a document separator",
                span,
            )
            .located(stream, 0));
        }
        let raw = stream.get(start..line).unwrap_or_default();
        pieces.push(Piece {
            raw,
            offset: start,
            lines,
        });
        lines += memchr::memchr_iter(b'\n', raw).count() + 1;
        start = end;
        from = end;
    }
    if !stream.is_empty() {
        pieces.push(Piece {
            raw: stream.get(start..).unwrap_or_default(),
            offset: start,
            lines,
        });
    }
    Ok(pieces)
}

/// The items of a `List`, or the value itself. What is neither map nor list nor null among the items is refused.
fn open_list(
    value: Value,
    spans: &Spans,
    stream: &[u8],
    values: &mut Vec<Value>,
) -> Result<(), Error> {
    let Value::Object(mut list) = value else {
        values.push(value);
        return Ok(());
    };
    let is_list = matches!(
        list.get("kind").and_then(Value::as_str),
        Some("List" | "ResourceList")
    );
    if !is_list || !(list.contains_key("items") || list.contains_key("functionConfig")) {
        values.push(Value::Object(list));
        return Ok(());
    }
    if let Some(Value::Array(items)) = list.remove("items") {
        for (index, item) in items.into_iter().enumerate() {
            if !matches!(item, Value::Null | Value::Array(_) | Value::Object(_)) {
                let (span, _) = spans.nearest(&[Segment::from("items"), Segment::from(index)]);
                let error = Error::new(
                    ErrorKind::Shape,
                    "an item of a list must be a map or a list",
                    span,
                );
                return Err(error.located(stream, 0).in_document(index));
            }
            values.push(item);
        }
    }
    Ok(())
}
