//! Substitution: texts with expressions.

use std::collections::BTreeMap;

use fluxcd_conformance::ops::{Op, bytes};
use fluxcd_core::substitute::Template;
use serde_json::Value;

use crate::rng::Rng;
use crate::{agree, operation, ours};

mod cluster;
mod expression;
mod object;
mod style;

/// Inputs that are looked at to see what the generators reach.
const SAMPLE: u64 = 20_000;

#[test]
fn expressions_are_evaluated_as_envsubst_evaluates_them() {
    agree("substitute.eval", expression::input);
}

#[test]
fn objects_are_substituted_as_the_controller_substitutes_them() {
    agree("substitute.object", object::input);
}

/// Without it the test above could pass because nothing worth comparing is asked.
#[test]
fn expressions_reach_every_operator_and_every_error() {
    let sample = Sample::take("substitute.eval", expression::input);
    sample.holds(&["ok", "name", "brace", "argument", "bad", "unset", "panic"]);
    let mut operators = BTreeMap::<String, u64>::new();
    for (input, outcome) in &sample.outcomes {
        let text = bytes(input, "text").unwrap();
        if outcome != "ok" {
            continue;
        }
        for reference in Template::parse(&text).unwrap().references() {
            let place = if reference.is_nested() { " nested" } else { "" };
            let key = format!("{:?}{place}", reference.operator());
            *operators.entry(key).or_default() += 1;
        }
    }
    for operator in OPERATORS.split_whitespace() {
        for place in ["", " nested"] {
            let hits = operators.remove(&format!("{operator}{place}"));
            assert!(hits > Some(9), "{operator}{place}: {hits:?}");
        }
    }
    assert!(operators.is_empty(), "not in the list: {operators:?}");
}

const OPERATORS: &str = "Value Default Length UpperFirst Upper LowerFirst Lower MixedCase Substring \
    TrimShortestPrefix TrimLongestPrefix TrimShortestSuffix TrimLongestSuffix \
    ReplaceFirst ReplaceAll ReplacePrefix ReplaceSuffix";

/// What the library answers to the first inputs of a generator; the tests against the oracle show that upstream does, too.
struct Sample {
    /// `ok` or the kind of an error.
    outcomes: Vec<(Value, String)>,
}

impl Sample {
    fn take(name: &str, generate: impl Fn(&mut Rng) -> Value) -> Self {
        let op: &Op = operation(name);
        let outcomes = (0..SAMPLE).map(|case| {
            let input = generate(&mut Rng::new(1, case));
            let outcome = match ours(op, &input) {
                Ok(_) => "ok".to_owned(),
                Err(failure) => failure.kind,
            };
            (input, outcome)
        });
        Self {
            outcomes: outcomes.collect(),
        }
    }

    /// Every one of these outcomes occurs, and no other.
    fn holds(&self, expected: &[&str]) {
        let mut counts = BTreeMap::<&str, u64>::new();
        for (_, outcome) in &self.outcomes {
            *counts.entry(outcome).or_default() += 1;
        }
        for outcome in expected {
            let hits = counts.remove(outcome);
            assert!(hits > Some(9), "{outcome}: {hits:?}");
        }
        assert!(counts.is_empty(), "not in the list: {counts:?}");
    }
}
