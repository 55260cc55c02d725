//! A stream of objects, as the controllers read what they have built.

use fluxcd_dialect::yaml::{self, Limits, Loader};
use serde_json::Value;

use super::error::{Error, ErrorKind};
use super::json::{self, Fault};
use super::place::Place;

/// How far into a stream upstream looks for the brace that makes it JSON, in bytes.
const LOOK_AHEAD: usize = 2048;

/// The Kubernetes objects of a stream, as kustomize-controller reads its own build result.
///
/// | rule | |
/// |---|---|
/// | JSON | if the first character that is no blank is `{`: values one after the other |
/// | YAML | else; also from where JSON broke off, as long as at most one object was read |
/// | lists | everything with a list of `items` is one: its items are taken unchecked, once |
/// | dropped | empty documents, objects without `apiVersion` or `metadata.name`, kustomize's own `Kustomization` |
/// | several JSON values read as YAML | the first one is taken, those behind it are lost |
/// | numbers | integers of 64 bits with sign, else 64-bit floats |
///
/// Other than [`documents`](super::documents) it stops at the first mistake: the controller applies all or nothing.
///
/// # Errors
///
/// As upstream, for the first document that is broken. Where a stream is neither JSON nor YAML, the error is that of JSON.
/// Nesting beyond the limit is of the kind `limit` in both.
///
/// Source: `fluxcd/pkg: ssa/utils/object.go (ReadObjects)`, v0.76.1, over `k8s.io/apimachinery:
/// pkg/util/yaml/decoder.go (YAMLOrJSONDecoder.Decode)`, v0.36.2.
///
/// # Examples
///
/// ```
/// use fluxcd_core::manifest::objects;
/// use fluxcd_dialect::yaml::Limits;
///
/// let stream = br#"{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "apps"}}
/// ---
/// apiVersion: v1
/// kind: List
/// items: [{kind: unchecked}]
/// "#;
/// let found = objects(stream, Limits::default())?;
/// assert_eq!(found[0]["metadata"]["name"], "apps");
/// assert_eq!(found[1]["kind"], "unchecked");
/// # Ok::<(), fluxcd_core::manifest::Error>(())
/// ```
pub fn objects(stream: &[u8], limits: Limits) -> Result<Vec<Value>, Error> {
    let mut reader = Reader {
        stream,
        found: Vec::new(),
        count: 0,
    };
    let (result, document) = match reader.read(limits) {
        Ok(()) => return Ok(reader.found),
        Err(fault) => (fault, reader.count),
    };
    let (line, column) = yaml::line_column(stream, result.span.start);
    let place = Place {
        span: result.span,
        line,
        column,
    };
    Err(Error::new(result.kind, result.message, place, document))
}

struct Reader<'a> {
    stream: &'a [u8],
    found: Vec<Value>,
    /// Documents that were read.
    count: usize,
}

impl Reader<'_> {
    fn read(&mut self, limits: Limits) -> Result<(), Fault> {
        let head = self.stream.get(..LOOK_AHEAD).unwrap_or(self.stream);
        if !is_json(head) {
            return self.read_yaml(0, limits, None);
        }
        let mut at = 0;
        loop {
            let fault = match json::next(self.stream, at, limits) {
                Ok(None) => return Ok(()),
                Ok(Some((value, end))) => match check(&value, at..end) {
                    Ok(()) => {
                        at = end;
                        self.accept(value, at)?;
                        continue;
                    }
                    Err(fault) => fault,
                },
                Err(fault) => fault,
            };
            if self.count > 1 {
                return Err(fault);
            }
            return match blanks(self.stream, at) {
                Some(start) => self.read_yaml(start, limits, Some(fault)),
                None => Err(fault),
            };
        }
    }

    /// `fault` is why the stream is no JSON from there on. It is what a first document is reported with.
    fn read_yaml(
        &mut self,
        start: usize,
        limits: Limits,
        mut fault: Option<Fault>,
    ) -> Result<(), Fault> {
        let loader = Loader::v2().limits(limits);
        let rest = self.stream.get(start..).unwrap_or_default();
        for piece in yaml::split(rest) {
            let read = piece.and_then(|piece| {
                let at = start + piece.offset();
                let value = piece.load(&loader)?.0;
                Ok((value, at..at + piece.raw().len()))
            });
            let read = read.map_err(|error| {
                let span = error.span();
                let span = start + span.start..start + span.end;
                Fault::new(ErrorKind::Yaml(error.kind()), error.message(), span)
            });
            let checked = read.and_then(|(value, span)| {
                if !value.is_null() {
                    check(&value, span.clone())?;
                }
                Ok((value, span))
            });
            match checked {
                Ok((mut value, span)) => {
                    fault = None;
                    convert_numbers(&mut value);
                    self.accept(value, span.start)?;
                }
                Err(error) => return Err(fault.unwrap_or(error)),
            }
        }
        Ok(())
    }

    fn accept(&mut self, mut value: Value, at: usize) -> Result<(), Fault> {
        if let Some(Value::Array(items)) = value.get_mut("items") {
            for item in std::mem::take(items) {
                if !item.is_object() {
                    let message = "an item of a list is no object";
                    return Err(Fault::new(ErrorKind::Shape, message, at..at));
                }
                self.found.push(item);
            }
        } else if is_kubernetes_object(&value) && !is_kustomization(&value) {
            self.found.push(value);
        }
        self.count += 1;
        Ok(())
    }
}

/// Source: `k8s.io/apimachinery: pkg/util/yaml/decoder.go (IsJSONBuffer)`.
fn is_json(head: &[u8]) -> bool {
    let text = head.utf8_chunks().next().map_or("", |chunk| chunk.valid());
    text.trim_start_matches(is_space).starts_with('{')
}

/// Where YAML begins behind JSON: behind the first line break, or at what is no blank. Nothing where fewer than four bytes
/// are left before that is clear: upstream reads four at a time.
///
/// Source: `k8s.io/apimachinery: pkg/util/yaml/decoder.go (YAMLOrJSONDecoder.consumeWhitespace)`.
fn blanks(stream: &[u8], mut at: usize) -> Option<usize> {
    loop {
        let four = stream.get(at..at.checked_add(4)?)?;
        let character = four.utf8_chunks().next()?.valid().chars().next()?;
        if character == char::REPLACEMENT_CHARACTER {
            return None;
        }
        if !is_space(character) {
            return Some(at);
        }
        at += character.len_utf8();
        if character == '\n' {
            return Some(at);
        }
    }
}

/// Go's `unicode.IsSpace`, which is Unicode's `White_Space`.
const fn is_space(character: char) -> bool {
    character.is_whitespace()
}

/// Source: `k8s.io/apimachinery: pkg/apis/meta/v1/unstructured/helpers.go (unstructuredJSONScheme.Decode)`.
fn check(value: &Value, span: yaml::Span) -> Result<(), Fault> {
    if !value.is_object() && !value.is_null() {
        return Err(Fault::new(ErrorKind::Shape, "no object", span));
    }
    // An apiVersion that is none leaves the object without a kind.
    let version = text(value, &["apiVersion"]);
    if text(value, &["kind"]).is_empty() || version.matches('/').count() > 1 {
        return Err(Fault::new(
            ErrorKind::KindMissing,
            "an object without kind",
            span,
        ));
    }
    Ok(())
}

/// Source: `fluxcd/pkg: ssa/utils/is.go (IsKubernetesObject)`.
fn is_kubernetes_object(value: &Value) -> bool {
    !text(value, &["kind"]).is_empty()
        && !text(value, &["apiVersion"]).is_empty()
        && !text(value, &["metadata", "name"]).is_empty()
}

/// Source: `fluxcd/pkg: ssa/utils/is.go (IsKustomization)`.
fn is_kustomization(value: &Value) -> bool {
    let lower = text(value, &["kind"])
        .chars()
        .map(|character| match character {
            // The one letter that Rust lowers to two characters, and Go to one.
            'İ' => 'i',
            other => other.to_lowercase().next().unwrap_or(other),
        });
    lower.eq("kustomization".chars())
        && text(value, &["apiVersion"]).starts_with("kustomize.config.k8s.io/")
}

/// The text at a path; empty if there is none.
fn text<'a>(value: &'a Value, path: &[&str]) -> &'a str {
    path.iter()
        .try_fold(value, |value, key| value.get(key))
        .and_then(Value::as_str)
        .unwrap_or_default()
}

/// YAML goes through JSON text, in which a float without fraction looks like an integer.
fn convert_numbers(value: &mut Value) {
    match value {
        Value::Number(number) if !number.is_i64() => {
            if let Some(converted) = number.as_f64().and_then(json::float) {
                *number = converted;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(convert_numbers),
        Value::Object(members) => members.values_mut().for_each(convert_numbers),
        _ => {}
    }
}

#[cfg(test)]
mod tests;
