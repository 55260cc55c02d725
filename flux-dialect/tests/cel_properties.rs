//! What holds for every expression.
#![cfg(feature = "cel")]
#![allow(clippy::unwrap_used)]

use fluxcd_dialect::cel::{Error, Program, Timestamp, Value, Variables};
use proptest::prelude::*;
use serde_json::json;

const PIECES: [&str; 56] = [
    "x",
    "y",
    "x.a",
    "1",
    "2u",
    "0.5",
    "'a'",
    "b'a'",
    "r'\\d'",
    "null",
    "true",
    "false",
    "[",
    "]",
    "{",
    "}",
    "(",
    ")",
    ",",
    ":",
    "?",
    ".",
    ".?",
    "[?",
    " + ",
    " - ",
    " * ",
    " / ",
    " % ",
    " == ",
    " != ",
    " < ",
    " >= ",
    " in ",
    " && ",
    " || ",
    "!",
    "-",
    "has(x.a)",
    ".all(e, ",
    ".exists(e, ",
    ".exists_one(e, ",
    ".map(e, ",
    ".filter(e, ",
    ".optMap(e, ",
    "e",
    "size(",
    ".matches(",
    "int(",
    "string(",
    "timestamp(",
    ".format([",
    "])",
    "optional.of(",
    "optional.none()",
    ".orValue(",
];

/// Pieces of expressions in any order, half of them closed.
fn soup() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(&PIECES[..]), 1..12).prop_map(|pieces| {
        let text = pieces.concat();
        let count = |wanted| text.chars().filter(|found| *found == wanted).count();
        let open = count('(').saturating_sub(count(')'));
        text.clone() + &")".repeat(open)
    })
}

fn json_values() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(|value| json!(value)),
        any::<i64>().prop_map(|value| json!(value)),
        any::<f64>().prop_map(|value| json!(value)),
        (-3_i64..3).prop_map(|value| json!(value)),
        (-3_i32..3).prop_map(|value| json!(f64::from(value))),
        "[a-c]{0,2}".prop_map(|value| json!(value)),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(serde_json::Value::from),
            prop::collection::btree_map("[a-c]", inner, 0..4).prop_map(|map| json!(map)),
        ]
    })
}

fn data() -> impl Strategy<Value = serde_json::Value> {
    (json_values(), json_values()).prop_map(|(x, y)| json!({"x": x, "y": y}))
}

/// The value under the data, as text that tells types apart.
fn shown(source: &str, data: &serde_json::Value) -> Result<String, Error> {
    let program = Program::parse(source)?;
    let variables = Variables::of(data);
    Ok(format!("{:?}", program.evaluate(&variables)?))
}

fn is_true(source: &str, data: &serde_json::Value) -> Option<bool> {
    let program = Program::parse(source).unwrap();
    program.evaluate_bool(&Variables::of(data)).ok()
}

proptest! {
    #[test]
    fn errors_have_their_place_in_the_source(source in prop_oneof![soup(), any::<String>()], data in data()) {
        if let Err(error) = shown(&source, &data) {
            prop_assert!(source.get(error.span()).is_some(), "{:?} of {source:?}", error.span());
            prop_assert!(!error.to_string().is_empty());
            prop_assert!(error.explain(&source).contains(&error.to_string()));
        }
    }

    #[test]
    fn the_same_program_gives_the_same_value(source in soup(), data in data()) {
        prop_assert_eq!(shown(&source, &data), shown(&source, &data));
    }

    #[test]
    fn brackets_and_blanks_change_nothing(source in soup(), data in data()) {
        if let Ok(value) = shown(&source, &data) {
            prop_assert_eq!(shown(&format!(" (\n{source} // )\n)\t"), &data).unwrap(), value);
        }
    }

    #[test]
    fn variables_come_back_as_they_went_in(data in data()) {
        let program = Program::parse("[x, y]").unwrap();
        let variables = Variables::of(&data);
        let value = program.evaluate(&variables).unwrap().to_json();
        prop_assert_eq!(value, json!([data["x"], data["y"]]));
    }

    #[test]
    fn equality_is_symmetric_and_what_membership_asks(data in data()) {
        let equal = is_true("x == y", &data).unwrap();
        prop_assert_eq!(is_true("y == x", &data), Some(equal));
        prop_assert_eq!(is_true("x != y", &data), Some(!equal));
        prop_assert_eq!(is_true("x in [y]", &data), Some(equal));
        prop_assert_eq!(is_true("[x] == [y] && {'k': x} == {'k': y}", &data), Some(equal));
        prop_assert_eq!(is_true("x == x", &data), Some(true));
    }

    #[test]
    fn either_operand_absorbs_what_the_other_does_wrong(data in data()) {
        for (sign, end) in [("&&", false), ("||", true)] {
            let both = is_true(&format!("x.a {sign} y.a"), &data);
            prop_assert_eq!(is_true(&format!("y.a {sign} x.a"), &data), both);
            let ends = [is_true("x.a", &data), is_true("y.a", &data)].contains(&Some(end));
            prop_assert_eq!(both == Some(end), ends);
        }
    }

    #[test]
    fn macros_agree_with_one_another(data in data()) {
        let all = is_true("x.all(e, e == 1)", &data);
        prop_assert_eq!(is_true("!x.exists(e, e != 1)", &data), all);
        prop_assert_eq!(is_true("x.filter(e, e == 1).size() == x.size()", &data), all);
        prop_assert_eq!(is_true("x.map(e, e == 1) == x.map(e, true)", &data), all);
        let one = is_true("x.exists_one(e, e == 1)", &data);
        prop_assert_eq!(is_true("x.map(e, e == 1, e).size() == 1", &data), one);
    }

    #[test]
    fn a_quoted_text_is_the_literal_of_the_text(text in any::<String>()) {
        let data = json!({"x": text});
        let program = Program::parse("strings.quote(x)").unwrap();
        let variables = Variables::of(&data);
        let quoted = program.evaluate(&variables).unwrap().to_string();
        let literal = Program::parse(&quoted).unwrap();
        let none = Variables::new();
        prop_assert_eq!(literal.evaluate(&none).unwrap(), Value::from(text));
    }

    #[test]
    fn timestamps_are_read_as_they_are_written(
        seconds in -62_135_596_800_i64..253_402_300_800,
        nanos in 0_u32..1_000_000_000,
    ) {
        let timestamp = Timestamp::new(seconds, nanos).unwrap();
        prop_assert_eq!(Timestamp::parse(&timestamp.to_string()), Some(timestamp));
    }

    #[test]
    fn damaged_timestamps_are_no_panic(text in "[0-9TZ:.,+-]{0,32}") {
        let _ = Timestamp::parse(&text);
    }
}
