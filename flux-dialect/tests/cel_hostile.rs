//! Expressions that are made to cost: each is answered or refused, soon, and within the stack of a thread.
#![cfg(feature = "cel")]
#![allow(clippy::unwrap_used)]

use std::thread;

use fluxcd_dialect::cel::{ErrorKind, Program, Variables};
use serde_json::{Value, json};

/// The default of Rust's threads, which those of the asynchronous executors have, too.
const STACK: usize = 2 << 20;

/// The value, or the kind of the error, of an expression over a list of 100 numbers and a text of 1,000 letters.
fn outcome(expression: String) -> Result<Value, ErrorKind> {
    let work = move || {
        let items: Vec<u32> = (0..100).collect();
        let data = json!({"items": items, "text": "a".repeat(1_000), "one": [1]});
        let program = Program::parse(&expression).map_err(|error| error.kind())?;
        let variables = Variables::of(&data);
        let value = program.evaluate(&variables);
        value
            .map(|value| value.to_json())
            .map_err(|error| error.kind())
    };
    let thread = thread::Builder::new().stack_size(STACK).spawn(work);
    thread.unwrap().join().unwrap()
}

fn nested(open: &str, inner: &str, close: &str, count: usize) -> Result<Value, ErrorKind> {
    outcome(format!(
        "{}{inner}{}",
        open.repeat(count),
        close.repeat(count)
    ))
}

#[test]
fn long_chains_are_refused_or_cost_no_stack() {
    let chain = |sign: &str, term: &str, count| outcome(vec![term; count].join(sign));
    assert_eq!(chain("+", "1", 20_000), Err(ErrorKind::Limit));
    assert_eq!(chain("+", "1", 251), Ok(json!(251)));
    assert_eq!(chain("+", "1", 252), Err(ErrorKind::Limit));
    assert_eq!(chain("&&", "true", 16_000), Ok(json!(true)));
    assert_eq!(chain("||", "false", 14_000), Ok(json!(false)));
    assert_eq!(chain("", "!", 99_999), Err(ErrorKind::Parse));
    assert_eq!(outcome("!".repeat(99_996) + "true"), Ok(json!(true)));
    assert_eq!(outcome("-".repeat(99_999) + "1"), Ok(json!(-1)));
    assert_eq!(outcome("a".repeat(100_001)), Err(ErrorKind::Limit));
    assert_eq!(
        outcome(format!("text{}", ".trim()".repeat(251))),
        Err(ErrorKind::Limit)
    );
    assert!(outcome(format!("text{}", ".trim()".repeat(250))).is_ok());
    assert!(outcome(format!("[one]{}", ".map(x, x)".repeat(249))).is_ok());
    assert!(outcome(format!("[one{}]", ",1".repeat(49_990))).is_ok());
}

#[test]
fn deep_expressions_are_refused_or_fit_the_stack() {
    assert_eq!(nested("(", "1", ")", 40_000), Err(ErrorKind::Limit));
    assert_eq!(outcome("(".repeat(100_000)), Err(ErrorKind::Limit));
    assert_eq!(outcome("[".repeat(100_000)), Err(ErrorKind::Limit));
    assert_eq!(outcome("{1:".repeat(30_000)), Err(ErrorKind::Limit));
    for (open, inner, close) in [
        ("(", "1", ")"),
        ("[", "1", "]"),
        ("{1:", "1", "}"),
        ("dyn(", "1", ")"),
        ("!(", "true", ")"),
        ("-(", "1", ")"),
        ("true?1:", "1", ""),
        ("one.map(x,", "x", ")"),
        ("one.all(x,", "true", ")"),
        ("optional.of(1).optMap(x,", "x", ")"),
        ("[true&&", "true", "][0]"),
        ("[false||!true||", "true", "].all(x,x)"),
        ("!dyn([", "true", "].exists(x,x))"),
        ("(true&&", "true", "?true:true)"),
    ] {
        let deepest = (0..250).rev().find(|count| {
            let found = nested(open, inner, close, *count);
            found != Err(ErrorKind::Limit)
        });
        assert!(deepest.unwrap() >= 80, "{open} {deepest:?}");
    }
}

#[test]
fn loops_in_loops_are_refused_or_quick() {
    let all = |count| nested("items.all(x, ", "true", ")", count);
    assert_eq!(all(2), Ok(json!(true)));
    assert_eq!(all(4), Err(ErrorKind::Limit));
    assert_eq!(all(100), Err(ErrorKind::Limit));
    assert_eq!(nested("items.map(x, ", "x", ")", 4), Err(ErrorKind::Limit));
    // Every link evaluates what is before it twice.
    let chain = format!("optional.of(1){}", ".optMap(x, x)".repeat(200));
    assert_eq!(outcome(chain), Err(ErrorKind::Limit));
    // A refusal is not absorbed.
    let absorbed = "items.all(a, items.all(b, items.all(c, items.all(d, true)))) || true";
    assert_eq!(outcome(absorbed.into()), Err(ErrorKind::Limit));
}

#[test]
fn values_that_multiply_are_refused() {
    let longer = ".replace('a', 'aaaaaaaaaaaaaaaa')";
    assert_eq!(
        outcome(format!("text{}", longer.repeat(30))),
        Err(ErrorKind::Limit)
    );
    let doubled = nested("[", "text", "].map(t, t + t)[0]", 60);
    assert_eq!(doubled, Err(ErrorKind::Limit));
    let lists = nested("[", "items", "].map(t, t + t)[0]", 60);
    assert_eq!(lists, Err(ErrorKind::Limit));
    let formatted = nested(
        "'%s%s%s%s'.format([",
        "text",
        "].map(t, [t, t, t, t])[0])",
        40,
    );
    assert_eq!(formatted, Err(ErrorKind::Limit));
    assert_eq!(
        outcome("'%.9999999f'.format([1.0]).size()".into()),
        Ok(json!(10_000_001))
    );
    let zeros = format!("'{}'.format(items)", "%.9999999f".repeat(20));
    assert_eq!(outcome(zeros), Err(ErrorKind::Limit));
    let equal = "items.all(x, items.map(y, items) == items.map(y, items))";
    assert_eq!(outcome(equal.into()), Ok(json!(true)));
    let patterns = "items.all(x, text.matches('(\\\\pL{100}){' + '10}' + string(x)) == false)";
    assert_eq!(outcome(patterns.into()), Err(ErrorKind::Limit));
    let patterns = "items.all(x, items.all(y, text.matches('(a|b)*c' + string(x)) == false))";
    assert_eq!(outcome(patterns.into()), Ok(json!(true)));
}
