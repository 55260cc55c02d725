use fluxcd_core::manifest;
use fluxcd_dialect::yaml::{self, Limits, Loader};
use serde::Deserialize;
use serde_json::{Deserializer, Value, json};

use super::{Failure, bytes, bytes_result, text};

pub(super) fn json(input: &Value) -> Result<Value, Failure> {
    let strict = input.get("strict").and_then(Value::as_bool);
    let loader = if strict.unwrap_or_default() {
        Loader::v2().strict()
    } else {
        Loader::v2()
    };
    let value = loader.load(&bytes(input, "text")?).map_err(refusal)?;
    Ok(json!({"json": value.to_string()}))
}

pub(super) fn split(input: &Value) -> Result<Value, Failure> {
    let stream = bytes(input, "text")?;
    let pieces = yaml::split(&stream).collect::<Result<Vec<_>, _>>();
    let pieces = pieces.map_err(refusal)?;
    let pieces: Vec<_> = pieces
        .iter()
        .map(|piece| bytes_result(&piece.text()))
        .collect();
    Ok(json!({"documents": pieces}))
}

pub(super) fn read(input: &Value) -> Result<Value, Failure> {
    let read = yaml::read(&bytes(input, "text")?, &Loader::v2());
    read.map(|values| texts("documents", &values))
        .map_err(refusal)
}

pub(super) fn read_v3(input: &Value) -> Result<Value, Failure> {
    let read = yaml::read_v3(&bytes(input, "text")?, &Loader::v3());
    read.map(|values| texts("documents", &values))
        .map_err(refusal)
}

pub(super) fn objects(input: &Value) -> Result<Value, Failure> {
    let read = manifest::objects(&bytes(input, "text")?, Limits::default());
    read.map(|values| texts("objects", &values))
        .map_err(|error| {
            let failure = Failure::new(error.kind().as_str(), &error);
            failure.in_document(index(error.document()))
        })
}

pub(super) fn write(input: &Value) -> Result<Value, Failure> {
    let value = parse(text(input, "json")?).map_err(Failure::bad_input)?;
    let written = yaml::to_string(&value).map_err(refusal)?;
    Ok(json!({"yaml": written}))
}

/// Results hold JSON as text, because a vector has no integers above 2^53; they are equal if the values are.
pub(super) fn normalise(result: &Value) -> Value {
    match result {
        Value::String(text) => parse(text).unwrap_or_else(|_| result.clone()),
        Value::Array(items) => items.iter().map(normalise).collect(),
        Value::Object(members) => members
            .iter()
            .map(|(key, value)| (key.clone(), normalise(value)))
            .collect(),
        other => other.clone(),
    }
}

fn texts(key: &str, values: &[Value]) -> Value {
    let texts: Vec<String> = values.iter().map(Value::to_string).collect();
    json!({ key: texts })
}

/// Documents may nest deeper than the 128 levels that the parser goes by itself.
fn parse(text: &str) -> serde_json::Result<Value> {
    let mut deserializer = Deserializer::from_str(text);
    deserializer.disable_recursion_limit();
    let value = Value::deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(value)
}

fn refusal(error: yaml::Error) -> Failure {
    let failure = Failure::new(error.kind().as_str(), &error);
    match error.document() {
        Some(document) => failure.in_document(index(document)),
        None => failure,
    }
}

fn index(document: usize) -> u64 {
    u64::try_from(document).unwrap_or(u64::MAX)
}
