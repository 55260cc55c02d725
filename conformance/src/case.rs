//! One line of a vector file.

use std::fmt;

use serde_json::{Map, Value};

/// A decision that the upstream code took: an operation, its input, and what came out.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// Unique in its file.
    pub id: String,
    /// The operation, `<room>.<verb>`.
    pub op: String,
    /// The input, an object; its keys are described in the `OPS.md` of the room.
    pub input: Value,
    /// What upstream answered.
    pub want: Want,
}

/// What upstream answered.
#[derive(Debug, Clone, PartialEq)]
pub enum Want {
    /// A result.
    Ok(Value),
    /// A refusal.
    Error {
        /// A short word from the list of the room; must agree.
        kind: String,
        /// Upstream's text; must agree only where the operation says so.
        message: String,
        /// The zero-based index of the document at fault, in a stream of documents; must agree where it stands.
        document: Option<u64>,
    },
}

/// Why a line is no case.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The line is longer than [`LINE_LIMIT`]; holds its length in bytes.
    TooLong(usize),
    /// The line is not a JSON object.
    NotJson(String),
    /// A key is absent or has the wrong type.
    Key(&'static str),
    /// Both `ok` and `error` stand in the line.
    BothResults,
    /// Neither `ok` nor `error` stands in the line.
    NoResult,
}

/// The longest line that a vector file may have, in bytes and without its newline.
pub const LINE_LIMIT: usize = 64 * 1024;

impl Case {
    /// Reads one line.
    ///
    /// # Errors
    ///
    /// [`Fault`] says which rule of the format the line breaks.
    ///
    /// # Examples
    ///
    /// ```
    /// use fluxcd_conformance::case::{Case, Fault};
    ///
    /// let line = br#"{"id": "parse-1", "op": "duration.parse", "input": {"text": "1m"}, "ok": {}}"#;
    /// assert_eq!(Case::parse(line).unwrap().op, "duration.parse");
    ///
    /// let line = br#"{"id": "parse-1", "op": "duration.parse", "input": {"text": "1m"}}"#;
    /// assert_eq!(Case::parse(line), Err(Fault::NoResult));
    /// ```
    pub fn parse(line: &[u8]) -> Result<Self, Fault> {
        if line.len() > LINE_LIMIT {
            return Err(Fault::TooLong(line.len()));
        }
        let mut object: Map<String, Value> =
            serde_json::from_slice(line).map_err(|error| Fault::NotJson(error.to_string()))?;
        let want = match (object.remove("ok"), object.remove("error")) {
            (Some(_), Some(_)) => return Err(Fault::BothResults),
            (None, None) => return Err(Fault::NoResult),
            (Some(ok), None) => Want::Ok(ok),
            (None, Some(error)) => Want::Error {
                kind: text(&error, "kind").ok_or(Fault::Key("error.kind"))?,
                message: text(&error, "message").unwrap_or_default(),
                document: error.get("document").and_then(Value::as_u64),
            },
        };
        let mut take = |key| object.remove(key).ok_or(Fault::Key(key));
        let (Value::String(id), Value::String(op)) = (take("id")?, take("op")?) else {
            return Err(Fault::Key("id, op"));
        };
        let input = take("input")?;
        if !input.is_object() {
            return Err(Fault::Key("input"));
        }
        Ok(Self {
            id,
            op,
            input,
            want,
        })
    }
}

fn text(object: &Value, key: &str) -> Option<String> {
    object.get(key)?.as_str().map(str::to_owned)
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong(length) => write!(f, "line of {length} bytes, {LINE_LIMIT} are allowed"),
            Self::NotJson(cause) => write!(f, "no JSON object: {cause}"),
            Self::Key(key) => write!(f, "key absent or of the wrong type: {key}"),
            Self::BothResults => f.write_str("both ok and error"),
            Self::NoResult => f.write_str("neither ok nor error"),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn parse(value: Value) -> Result<Case, Fault> {
        Case::parse(value.to_string().as_bytes())
    }

    #[test]
    fn a_null_result_is_a_result() {
        let case = parse(json!({"id": "a", "op": "x.y", "input": {}, "ok": null})).unwrap();
        assert_eq!(case.want, Want::Ok(Value::Null));
    }

    #[test]
    fn an_error_needs_a_kind_only() {
        let case = parse(
            json!({"id": "a", "op": "x.y", "input": {}, "error": {"kind": "k", "document": 2}}),
        );
        let want = Want::Error {
            kind: "k".into(),
            message: String::new(),
            document: Some(2),
        };
        assert_eq!(case.unwrap().want, want);
        let fault = parse(json!({"id": "a", "op": "x.y", "input": {}, "error": {}})).unwrap_err();
        assert_eq!(fault, Fault::Key("error.kind"));
    }

    #[test]
    fn both_results_and_no_result_are_refused() {
        let both = json!({"id": "a", "op": "x.y", "input": {}, "ok": 1, "error": {"kind": "k"}});
        assert_eq!(parse(both), Err(Fault::BothResults));
        assert_eq!(
            parse(json!({"id": "a", "op": "x.y", "input": {}})),
            Err(Fault::NoResult)
        );
    }

    #[test]
    fn keys_of_the_wrong_type_are_refused() {
        for (case, key) in [
            (json!({"op": "x.y", "input": {}, "ok": 1}), "id"),
            (json!({"id": "a", "input": {}, "ok": 1}), "op"),
            (
                json!({"id": 1, "op": "x.y", "input": {}, "ok": 1}),
                "id, op",
            ),
            (json!({"id": "a", "op": "x.y", "ok": 1}), "input"),
            (
                json!({"id": "a", "op": "x.y", "input": [], "ok": 1}),
                "input",
            ),
        ] {
            assert_eq!(parse(case), Err(Fault::Key(key)));
        }
    }

    #[test]
    fn a_line_that_is_no_object_is_refused() {
        for line in ["", "[]", "{", "{} {}", "\u{feff}{}"] {
            let fault = Case::parse(line.as_bytes()).unwrap_err();
            assert!(matches!(fault, Fault::NotJson(_)), "{line:?}: {fault}");
        }
        assert!(matches!(Case::parse(b"\"\xff\""), Err(Fault::NotJson(_))));
    }

    #[test]
    fn the_limit_of_a_line_is_exact() {
        let case = |pad: usize| {
            json!({"id": "a".repeat(pad), "op": "x.y", "input": {}, "ok": 1}).to_string()
        };
        let pad = LINE_LIMIT - case(0).len();
        assert!(Case::parse(case(pad).as_bytes()).is_ok());
        assert_eq!(
            Case::parse(case(pad + 1).as_bytes()),
            Err(Fault::TooLong(LINE_LIMIT + 1))
        );
    }
}
