//! Substitution: texts with expressions, and whole objects.

use std::collections::{BTreeMap, BTreeSet};

use fluxcd_conformance::ops::bytes;
use fluxcd_core::substitute::Template;
use fluxcd_dialect::yaml::{self, Loader};
use serde_json::Value;

use crate::rng::Rng;
use crate::{agree, operation, ours};

mod cluster;
mod expression;
mod object;
mod style;

/// Inputs that are looked at to see what the generators reach.
const SAMPLE: u64 = 8000;
/// How often each thing must occur among them.
const ENOUGH: u64 = 5;

#[test]
fn expressions_are_evaluated_as_envsubst_evaluates_them() {
    agree("substitute.eval", expression::input);
}

#[test]
fn objects_are_substituted_as_the_controller_substitutes_them() {
    agree("substitute.object", object::input);
}

/// Without it the tests above could pass because nothing worth comparing is asked.
#[test]
fn expressions_reach_every_operator_and_every_error() {
    let sample = Sample::take("substitute.eval", expression::input);
    sample.holds(&["ok", "name", "brace", "argument", "bad", "unset", "panic"]);
    let mut operators = BTreeMap::<String, u64>::new();
    for (input, outcome) in &sample.outcomes {
        if outcome.is_err() {
            continue;
        }
        let text = bytes(input, "text").unwrap();
        for reference in Template::parse(&text).unwrap().references() {
            let place = if reference.is_nested() { " nested" } else { "" };
            let key = format!("{:?}{place}", reference.operator());
            *operators.entry(key).or_default() += 1;
        }
    }
    for operator in OPERATORS.split_whitespace() {
        for place in ["", " nested"] {
            let hits = operators.remove(&format!("{operator}{place}"));
            assert!(hits >= Some(ENOUGH), "{operator}{place}: {hits:?}");
        }
    }
    assert!(operators.is_empty(), "not in the list: {operators:?}");
}

const OPERATORS: &str = "Value Default Length UpperFirst Upper LowerFirst Lower MixedCase Substring \
    TrimShortestPrefix TrimLongestPrefix TrimShortestSuffix TrimLongestSuffix \
    ReplaceFirst ReplaceAll ReplacePrefix ReplaceSuffix";

/// As above: every outcome and error, and what happens to values of every type.
#[test]
fn objects_reach_every_outcome_every_error_and_every_type() {
    let sample = Sample::take("substitute.object", object::input);
    sample.holds(&[
        "ok",
        "name",
        "brace",
        "argument",
        "bad",
        "unset",
        "panic",
        "variable-name",
        "source-missing",
        "yaml",
        "manifest",
        "spec",
    ]);
    let mut effects = BTreeMap::<&str, u64>::new();
    for (input, outcome) in &sample.outcomes {
        let Ok(result) = outcome else { continue };
        let manifest = bytes(input, "manifest").unwrap();
        let before = yaml::read_v3(&manifest, &Loader::v3()).unwrap().remove(0);
        let mut found = BTreeSet::new();
        match result["json"].as_str() {
            None => drop(found.insert("opted out")),
            Some(json) => {
                let after = serde_json::from_str(json).unwrap();
                match before == after {
                    true if manifest.contains(&b'$') => drop(found.insert("left alone")),
                    _ => collect_effects(&before, &after, &mut found),
                }
            }
        }
        for effect in found {
            *effects.entry(effect).or_default() += 1;
        }
    }
    for effect in EFFECTS {
        assert!(
            effects.get(effect) >= Some(&ENOUGH),
            "{effect}: {effects:?}"
        );
    }
}

const EFFECTS: &[&str] = &[
    "opted out",
    "left alone",
    "text to text",
    "text to number",
    "text to boolean",
    "text to null",
    "text to list",
    "text to map",
    "rounded number",
    "lost key",
    "new key",
];

/// What differs, by the places that both have.
fn collect_effects(before: &Value, after: &Value, found: &mut BTreeSet<&str>) {
    match (before, after) {
        (Value::String(before), Value::String(after)) if before == after => {}
        (Value::String(_), Value::String(_)) => drop(found.insert("text to text")),
        (Value::String(_), Value::Number(_)) => drop(found.insert("text to number")),
        (Value::String(_), Value::Bool(_)) => drop(found.insert("text to boolean")),
        (Value::String(_), Value::Null) => drop(found.insert("text to null")),
        (Value::String(_), Value::Array(_)) => drop(found.insert("text to list")),
        (Value::String(_), Value::Object(_)) => drop(found.insert("text to map")),
        (Value::Number(before), Value::Number(after)) if before.as_u64() != after.as_u64() => {
            found.insert("rounded number");
        }
        (Value::Array(before), Value::Array(after)) => {
            for (before, after) in before.iter().zip(after) {
                collect_effects(before, after, found);
            }
        }
        (Value::Object(before), Value::Object(after)) => {
            if before.keys().any(|key| !after.contains_key(key)) {
                found.insert("lost key");
            }
            if after.keys().any(|key| !before.contains_key(key)) {
                found.insert("new key");
            }
            for (key, before) in before {
                if let Some(after) = after.get(key) {
                    collect_effects(before, after, found);
                }
            }
        }
        _ => {}
    }
}

/// What the library answers to the first inputs of a generator; the tests against the oracle show that upstream does, too.
struct Sample {
    outcomes: Vec<(Value, Result<Value, String>)>,
}

impl Sample {
    fn take(name: &str, generate: impl Fn(&mut Rng) -> Value) -> Self {
        let op = operation(name);
        let outcomes = (0..SAMPLE).map(|case| {
            let input = generate(&mut Rng::new(1, case));
            let outcome = ours(op, &input).map_err(|failure| failure.kind);
            (input, outcome)
        });
        Self {
            outcomes: outcomes.collect(),
        }
    }

    /// `ok` and every one of these kinds of errors occur, and no other.
    fn holds(&self, expected: &[&str]) {
        let mut counts = BTreeMap::<&str, u64>::new();
        for (_, outcome) in &self.outcomes {
            let outcome = outcome.as_ref().map_or_else(String::as_str, |_| "ok");
            *counts.entry(outcome).or_default() += 1;
        }
        for outcome in expected {
            let hits = counts.remove(outcome);
            assert!(hits >= Some(ENOUGH), "{outcome}: {hits:?}");
        }
        assert!(counts.is_empty(), "not in the list: {counts:?}");
    }
}
