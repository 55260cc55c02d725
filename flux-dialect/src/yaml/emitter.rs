//! Values to text, with the bytes that go-yaml writes.

mod json;
mod scalar;

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::error::{Error, ErrorKind};
use super::input::control_character;
use super::{Limits, Loader, natural, number};
use scalar::Style;
pub(super) use scalar::{has_break, is_break, is_printable};

/// Lines longer than this are folded at the next space.
const BEST_WIDTH: usize = 80;
/// Columns per level.
const INDENT: usize = 2;
/// Longer keys get a `?`.
pub(super) const MAX_SIMPLE_KEY: usize = 128;

/// Writes a value with the exact bytes of `sigs.k8s.io/yaml` `Marshal`, which is what `kubectl`, `flux export` and
/// kustomize print.
///
/// Keys stand in go-yaml's natural order (`a2` before `a10`, letters after other characters). That order is not
/// transitive; for sets of keys where it is not one, upstream's output changes from run to run, and ours is the result of
/// a stable merge sort over the keys in the order of their bytes.
///
/// Upstream writes JSON first and reads it back as YAML, and what that reader refuses cannot be written:
///
/// # Errors
/// - [`ErrorKind::Encoding`]: text with DEL, a C1 control character (NEL excepted), U+FFFE or U+FFFF;
/// - [`ErrorKind::Syntax`]: a key with NEL, a key longer than 1,022 characters of JSON text, `---` or `...` behind NEL;
/// - [`ErrorKind::Limit`]: a value nested deeper than [`Limits::depth`](super::Limits::depth).
///
/// NEL in a value is a line break for that reader, and is folded into a space.
///
/// Source: `sigs.k8s.io/yaml: yaml.go (JSONToYAML)`, `go.yaml.in/yaml/v2: encode.go, emitterc.go`, v2.4.4.
///
/// ```
/// use fluxcd_dialect::yaml::to_string;
/// use serde_json::json;
///
/// let value = json!({"a10": ["yes", "0644", 1.5], "a2": "two\nlines\n"});
/// assert_eq!(to_string(&value)?, "a2: |\n  two\n  lines\na10:\n- \"yes\"\n- \"0644\"\n- 1.5\n");
/// # Ok::<(), fluxcd_dialect::yaml::Error>(())
/// ```
pub fn to_string(value: &Value) -> Result<String, Error> {
    Emitter::new(Route::Json)
        .document(value)
        .map_err(|error| refusal(value, error))
}

/// Writes a value with the bytes of go-yaml v2 itself, keys in the order of their bytes: the text whose digest stands for
/// the values of a Helm release.
///
/// No text is refused, and NEL stays what it is.
///
/// Source: `fluxcd/pkg: chartutil/encode.go (Encode, SortMapSlice)` v1.27.1.
///
/// # Errors
/// [`ErrorKind::Limit`]: a value nested deeper than [`Limits::depth`](super::Limits::depth).
///
/// ```
/// use fluxcd_dialect::yaml::to_string_by_bytes;
/// use serde_json::json;
///
/// assert_eq!(to_string_by_bytes(&json!({"a2": 1, "a10": "\u{7f}"}))?, "a10: \"\\x7F\"\na2: 1\n");
/// # Ok::<(), fluxcd_dialect::yaml::Error>(())
/// ```
pub fn to_string_by_bytes(value: &Value) -> Result<String, Error> {
    Emitter::new(Route::Direct).document(value)
}

/// What a value goes through before it is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Route {
    /// JSON, which is read as YAML.
    Json,
    /// Nothing.
    Direct,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Position {
    Root,
    Item,
    /// The value of a key, or a key that needs a `?`.
    Entry,
    SimpleKey,
}

struct Emitter {
    route: Route,
    out: String,
    /// In characters.
    column: usize,
    indent: Option<usize>,
    /// White space or nothing stands before the next character.
    whitespace: bool,
    /// Only indentation and indicators stand on this line so far.
    indention: bool,
    /// Levels that are still allowed.
    depth: usize,
}

impl Emitter {
    fn new(route: Route) -> Self {
        Self {
            route,
            out: String::with_capacity(256),
            column: 0,
            indent: None,
            whitespace: true,
            indention: true,
            depth: Limits::default().depth,
        }
    }

    fn document(mut self, value: &Value) -> Result<String, Error> {
        self.node(value, Position::Root)?;
        self.indent = None;
        self.write_indent();
        Ok(self.out)
    }

    fn node(&mut self, value: &Value, position: Position) -> Result<(), Error> {
        match value {
            Value::Null => self.indicator("null"),
            Value::Bool(true) => self.indicator("true"),
            Value::Bool(false) => self.indicator("false"),
            Value::Number(number) => match number.as_f64().filter(|_| number.is_f64()) {
                Some(float) => self.indicator(&number::format(float)),
                None => self.indicator(&number.to_string()),
            },
            Value::String(text) if self.route == Route::Direct => self.scalar(text, position),
            Value::String(text) => {
                refuse_control(text)?;
                self.scalar(&fold_next_line(text)?, position);
            }
            Value::Array(items) if items.is_empty() => self.indicator("[]"),
            Value::Object(entries) if entries.is_empty() => self.indicator("{}"),
            Value::Array(items) => self.nested(|emitter| emitter.sequence(items, position))?,
            Value::Object(entries) => self.nested(|emitter| emitter.mapping(entries))?,
        }
        Ok(())
    }

    fn nested(&mut self, write: impl FnOnce(&mut Self) -> Result<(), Error>) -> Result<(), Error> {
        let Some(depth) = self.depth.checked_sub(1) else {
            return Err(Error::new(
                ErrorKind::Limit,
                "nested deeper than the limit",
                0..0,
            ));
        };
        let indent = self.indent;
        self.depth = depth;
        write(self)?;
        self.depth += 1;
        self.indent = indent;
        Ok(())
    }

    fn sequence(&mut self, items: &[Value], position: Position) -> Result<(), Error> {
        // Behind `key:`, a list stands at the indentation of the key.
        if position != Position::Entry || self.indention {
            self.increase_indent();
        }
        for item in items {
            self.write_indent();
            self.indicator("-");
            self.indention = true;
            self.node(item, Position::Item)?;
        }
        Ok(())
    }

    fn mapping(&mut self, entries: &Map<String, Value>) -> Result<(), Error> {
        self.increase_indent();
        let mut sorted = entries.iter().collect::<Vec<_>>();
        // Else by bytes, as the map has them.
        if self.route == Route::Json {
            natural::sort_by_key(&mut sorted, |(key, _)| key);
        }
        for (key, value) in sorted {
            if self.route == Route::Json {
                refuse_control(key)?;
                check_key(key)?;
            }
            self.write_indent();
            if key.len() <= MAX_SIMPLE_KEY && !has_break(key) {
                self.scalar(key, Position::SimpleKey);
                self.put(':');
                self.whitespace = false;
                self.indention = false;
            } else {
                self.indicator("?");
                self.indention = true;
                self.scalar(key, Position::Entry);
                self.write_indent();
                self.indicator(":");
                self.indention = true;
            }
            self.node(value, Position::Entry)?;
        }
        Ok(())
    }

    fn scalar(&mut self, text: &str, position: Position) {
        let simple_key = position == Position::SimpleKey;
        let style = scalar::style(text, simple_key);
        let indent = self.indent;
        self.indent = Some(indent.map_or(INDENT, |indent| indent + INDENT));
        let folds = !simple_key;
        match style {
            Style::Plain => self.write_plain(text, folds),
            Style::SingleQuoted => self.write_single_quoted(text, folds),
            Style::DoubleQuoted => self.write_double_quoted(text, folds),
            Style::Literal => self.write_literal(text),
        }
        self.indent = indent;
    }

    /// A word with a space before it, if there is none yet.
    fn indicator(&mut self, text: &str) {
        if !self.whitespace {
            self.put(' ');
        }
        self.out.push_str(text);
        self.column += text.len();
        self.whitespace = false;
        self.indention = false;
    }

    fn increase_indent(&mut self) {
        self.indent = Some(self.indent.map_or(0, |indent| indent + INDENT));
    }

    fn write_indent(&mut self) {
        let indent = self.indent.unwrap_or(0);
        if !self.indention || self.column > indent || (self.column == indent && !self.whitespace) {
            self.put_break();
        }
        while self.column < indent {
            self.put(' ');
        }
        self.whitespace = true;
        self.indention = true;
    }

    fn put(&mut self, character: char) {
        self.out.push(character);
        self.column += 1;
    }

    fn put_break(&mut self) {
        self.out.push('\n');
        self.column = 0;
    }
}

/// What upstream reports for a value that it refuses: its reader goes over the JSON text from the start, in pieces.
fn refusal(value: &Value, error: Error) -> Error {
    if error.kind() == ErrorKind::Limit {
        return error;
    }
    let mut json = String::new();
    json::write(value, &mut json);
    Loader::v2()
        .load(json.as_bytes())
        .err()
        .map_or(error, |error| {
            Error::new(error.kind(), error.message(), 0..0)
        })
}

fn refuse_control(text: &str) -> Result<(), Error> {
    // JSON escapes the controls below U+0020.
    let mut rest = text;
    while let Some(at) = control_character(rest.as_bytes()) {
        match rest.as_bytes().get(at) {
            Some(0..0x20) => rest = rest.get(at + 1..).unwrap_or_default(),
            _ => {
                return Err(Error::new(
                    ErrorKind::Encoding,
                    "the text holds a character that YAML refuses",
                    0..0,
                ));
            }
        }
    }
    Ok(())
}

/// Keys that the reader of upstream's intermediate JSON does not take for keys.
fn check_key(key: &str) -> Result<(), Error> {
    if key.contains('\u{85}') {
        return Err(Error::new(
            ErrorKind::Syntax,
            "a key cannot hold the line break NEL",
            0..0,
        ));
    }
    // 1,024 characters with the two quotes; no character takes more than six.
    if key.len() > 1022 / 6 && json::width(key) > 1022 {
        return Err(Error::new(
            ErrorKind::Syntax,
            "the key is longer than 1,022 characters of JSON text",
            0..0,
        ));
    }
    Ok(())
}

/// NEL stands raw in the intermediate JSON, and is folded there like any line break in double quotes.
fn fold_next_line(text: &str) -> Result<Cow<'_, str>, Error> {
    if !text.contains('\u{85}') {
        return Ok(Cow::Borrowed(text));
    }
    let mut folded = String::with_capacity(text.len());
    let mut breaks = 0;
    let mut lines = text.split('\u{85}').enumerate().peekable();
    while let Some((index, line)) = lines.next() {
        let mut content = line;
        if index > 0 {
            breaks += 1;
            if ["---", "..."].iter().any(|mark| {
                line.strip_prefix(mark).is_some_and(|rest| {
                    rest.starts_with(' ') || rest.is_empty() && lines.peek().is_some()
                })
            }) {
                return Err(Error::new(
                    ErrorKind::Syntax,
                    "found a document indicator behind the line break NEL",
                    0..0,
                ));
            }
            content = content.trim_start_matches(' ');
        }
        if content.is_empty() && lines.peek().is_some() && index > 0 {
            continue;
        }
        match breaks {
            0 => {}
            1 => folded.push(' '),
            breaks => folded.extend(std::iter::repeat_n('\n', breaks - 1)),
        }
        breaks = 0;
        folded.push_str(if lines.peek().is_some() {
            content.trim_end_matches(' ')
        } else {
            content
        });
    }
    Ok(Cow::Owned(folded))
}

#[cfg(test)]
mod tests;
