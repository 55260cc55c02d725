use fluxcd_core::FluxVersion;
use fluxcd_core::flags::{Controller, FlagValue, Flags, ProblemKind};
use serde_json::{Map, Value, json};

use super::{Failure, integer_result, text};

pub(super) fn parse(input: &Value) -> Result<Value, Failure> {
    let controller = Controller::named(text(input, "controller")?);
    let controller = controller.ok_or_else(|| Failure::bad_input("controller: unknown"))?;
    let version = match input.get("version").and_then(Value::as_str) {
        Some("2.10") => FluxVersion::V2_10,
        _ => FluxVersion::V2_9,
    };
    let arguments = input.get("args").and_then(Value::as_array);
    let arguments = arguments.ok_or_else(|| Failure::bad_input("args: no list"))?;
    let arguments: Option<Vec<&str>> = arguments.iter().map(Value::as_str).collect();
    let arguments = arguments.ok_or_else(|| Failure::bad_input("args: no texts"))?;
    let flags = Flags::parse(controller, version, &arguments);
    if let Some(problem) = flags.problems.first() {
        let kind = match problem.kind {
            ProblemKind::UnknownFlag { .. } => "flag",
            ProblemKind::MissingValue { .. } => "missing",
            ProblemKind::InvalidValue { .. } => "value",
            ProblemKind::Syntax { .. } => "syntax",
            ProblemKind::Help => "help",
            ProblemKind::UnknownGate { .. } => "gate",
            ProblemKind::AccountWithoutGate { .. } => "account",
            ProblemKind::Jitter { .. } => "jitter",
            _ => "unclassified",
        };
        return Err(Failure::new(kind, problem));
    }
    let values = flags
        .settings()
        .map(|(name, given)| (name.to_owned(), value(&given.value)));
    let gates = flags
        .gates()
        .map(|(name, given)| (name.to_owned(), json!(given.value)));
    Ok(json!({"flags": values.collect::<Map<_, _>>(), "gates": gates.collect::<Map<_, _>>()}))
}

fn value(value: &FlagValue) -> Value {
    match value {
        FlagValue::Bool(value) => json!(value),
        FlagValue::Integer(value) => integer_result(*value),
        FlagValue::Float(value) => json!(value),
        FlagValue::Duration(value) => json!(value.to_string()),
        FlagValue::Text(value) => json!(value),
        FlagValue::List(value) => json!(value),
        _ => Value::Null,
    }
}
