use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use fluxcd_dialect::cel::{
    Declarations, Error, ErrorKind, Program, Type, Value as Found, Variables,
};
use serde_json::{Map, Value, json};

use super::{Failure, text};

pub(super) fn check(input: &Value) -> Result<Value, Failure> {
    let names = input["variables"].as_array().into_iter().flatten();
    let declarations = Declarations::objects(names.filter_map(Value::as_str));
    let expression = text(input, "expression")?;
    let compiled = Program::compile(expression, &declarations, &Type::Bool);
    compiled.map_err(|error| Failure::new(check_kind(&error), error.explain(expression)))?;
    Ok(json!({"accepted": true}))
}

fn check_kind(error: &Error) -> &'static str {
    match error.kind() {
        ErrorKind::Output => "type",
        // The other errors of the parser, about macros and literals, count as found by the checker.
        ErrorKind::Parse if error.to_string().starts_with("Syntax error: ") => "syntax",
        _ => "check",
    }
}

pub(super) fn eval(input: &Value) -> Result<Value, Failure> {
    let program = Program::parse(text(input, "expression")?).map_err(|error| parse(&error))?;
    let data = input.get("data").unwrap_or(&Value::Null);
    let variables = Variables::of(data);
    let found = program.evaluate(&variables);
    let found = found.map_err(|error| Failure::new("evaluate", error))?;
    Ok(json!({"value": tagged(&found)}))
}

/// What keeps an expression from becoming a program is one kind.
fn parse(error: &Error) -> Failure {
    match error.kind() {
        ErrorKind::Parse | ErrorKind::Program | ErrorKind::Limit => Failure::new("parse", error),
        _ => Failure::new("unknown", error),
    }
}

fn tagged(value: &Found<'_>) -> Value {
    match value {
        Found::Null => json!({"null": true}),
        Found::Bool(value) => json!({"bool": value}),
        Found::Int(value) => json!({"int": value.to_string()}),
        Found::Uint(value) => json!({"uint": value.to_string()}),
        Found::Double(_) => json!({"double": key(value)}),
        Found::String(value) => json!({"string": **value}),
        Found::Bytes(value) => json!({"bytes": {"base64": STANDARD.encode(value)}}),
        Found::List(list) => {
            json!({"list": list.iter().map(|element| tagged(&element)).collect::<Vec<_>>()})
        }
        Found::Map(map) => {
            let entries = map.iter().map(|(k, v)| (key(&k), tagged(&v)));
            json!({"map": entries.collect::<Map<_, _>>()})
        }
        Found::Duration(value) => json!({"duration": value.to_string()}),
        Found::Timestamp(value) => json!({"timestamp": value.to_string()}),
        Found::Type(kind) => json!({"string": kind.name()}),
        Found::Optional(None) => json!({"null": true}),
        Found::Optional(Some(value)) => tagged(value),
    }
}

/// The text of a key, and of a double.
fn key(value: &Found<'_>) -> String {
    value.to_string()
}
