//! Expressions: their values and their types.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use self::grammar::Mode;
use crate::rng::Rng;
use crate::{agree, operation, ours};

mod data;
mod donor;
mod grammar;
mod literal;
mod production;

/// Inputs that are looked at to see what the generators reach.
const SAMPLE: u64 = 20_000;
/// How often each thing must occur among them.
const ENOUGH: usize = 5;

#[test]
fn expressions_have_the_values_that_upstream_gives_them() {
    let vectors = vectors();
    agree("cel.eval", |rng| evaluation(rng, &vectors));
}

#[test]
fn expressions_have_the_types_that_upstream_gives_them() {
    let vectors = vectors();
    agree("cel.check", |rng| check(rng, &vectors));
}

fn evaluation(rng: &mut Rng, vectors: &[String]) -> Value {
    let letter = rng.pick(b"bbiudsytrlLomOTqqq");
    let expression = text(rng, Mode::Data, letter, vectors);
    json!({"expression": expression, "data": data::data(rng)})
}

fn check(rng: &mut Rng, vectors: &[String]) -> Value {
    let letter = rng.pick(b"bbbbbbbbbbq");
    let expression = text(rng, Mode::Declared, letter, vectors);
    json!({"expression": expression, "variables": ["self", "dep"], "type": "bool"})
}

fn text(rng: &mut Rng, mode: Mode, letter: u8, vectors: &[String]) -> String {
    let donor = donor::pick(rng, vectors);
    match rng.below(100) {
        0..76 => {
            let depth = rng.pick(&[1, 2, 2, 3, 3, 4]);
            grammar::expression(rng, mode, letter, depth)
        }
        76..83 => {
            let whole = grammar::expression(rng, mode, letter, 3);
            donor::damage(rng, &whole, donor)
        }
        83..85 => donor.to_owned(),
        _ => {
            let whole = donor::pick(rng, vectors);
            donor::damage(rng, whole, donor)
        }
    }
}

/// The expressions of the vector file.
fn vectors() -> Vec<String> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("cel/cel.jsonl");
    let content = fs::read_to_string(file).unwrap();
    let expressions = content.lines().map(|line| {
        let case: Value = serde_json::from_str(line).unwrap();
        case["input"]["expression"].as_str().unwrap().to_owned()
    });
    expressions.collect()
}

/// Without it the tests above could pass because nothing worth comparing is asked.
#[test]
fn expressions_reach_every_outcome_and_every_function() {
    let vectors = vectors();
    let evaluated = sample("cel.eval", |rng| evaluation(rng, &vectors));
    holds(&evaluated, &["ok", "parse", "evaluate"]);
    let checked = sample("cel.check", |rng| check(rng, &vectors));
    holds(&checked, &["ok", "syntax", "check", "type"]);
    for (name, outcomes) in [("cel.eval", &evaluated), ("cel.check", &checked)] {
        for piece in OPERATORS
            .split_whitespace()
            .chain(FUNCTIONS.split_whitespace())
        {
            // A function that never has a value, or always one, was not really tried.
            for expected in ["ok", "error"] {
                let hits = outcomes.iter().filter(|(text, outcome)| {
                    let outcome = if outcome == "ok" { "ok" } else { "error" };
                    outcome == expected && text.contains(piece)
                });
                assert!(hits.count() >= ENOUGH, "{name} {piece} {expected}");
            }
        }
    }
}

const OPERATORS: &str = "! - + * / % < <= > >= == != && || ? : .? [? [ { in";
const FUNCTIONS: &str = "size( .size( type( dyn( int( uint( double( string( bytes( bool( timestamp( duration( \
    has( .all( .exists( .exists_one( .map( .filter( .optMap( .optFlatMap( \
    .contains( .startsWith( .endsWith( .matches( matches( .charAt( .indexOf( .lastIndexOf( .lowerAscii( .upperAscii( \
    .replace( .reverse( .split( .substring( .trim( .join( .format( strings.quote( base64.encode( base64.decode( \
    sets.contains( sets.equivalent( sets.intersects( \
    optional.of( optional.none( optional.ofNonZeroValue( optional.unwrap( .unwrapOpt( .hasValue( .value( .or( .orValue( \
    .first( .last( \
    .getFullYear( .getMonth( .getDayOfYear( .getDayOfMonth( .getDate( .getDayOfWeek( .getHours( .getMinutes( .getSeconds( \
    .getMilliseconds( Int64Value{ Timestamp{ google.protobuf.Duration{";

/// What the library makes of the first inputs; the tests against the oracle show that upstream does, too.
fn sample(name: &str, generate: impl Fn(&mut Rng) -> Value) -> Vec<(String, String)> {
    let op = operation(name);
    let outcomes = (0..SAMPLE).map(|case| {
        let input = generate(&mut Rng::new(1, case));
        let outcome = ours(op, &input).map_or_else(|failure| failure.kind, |_| "ok".to_owned());
        (input["expression"].as_str().unwrap().to_owned(), outcome)
    });
    outcomes.collect()
}

/// Every one of these outcomes occurs, and no other.
fn holds(outcomes: &[(String, String)], expected: &[&str]) {
    let mut counts = BTreeMap::<&str, usize>::new();
    for (_, outcome) in outcomes {
        *counts.entry(outcome).or_default() += 1;
    }
    for outcome in expected {
        let hits = counts.remove(outcome);
        assert!(hits >= Some(ENOUGH), "{outcome}: {hits:?}");
    }
    assert!(counts.is_empty(), "not in the list: {counts:?}");
}
