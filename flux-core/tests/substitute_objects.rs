//! Laws of substitution in whole objects.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use fluxcd_core::substitute::{
    Error, Integers, Layer, Mode, Outcome, Report, Substitution, Type, Variables,
};
use fluxcd_dialect::yaml::{Loader, Segment, to_string};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// Pieces of text that mean something to YAML, to the evaluator, or to the writer.
fn piece() -> impl Strategy<Value = String> {
    let expressions = prop::sample::select(vec![
        "${a}",
        "${b}",
        "${c}",
        "${d:-x}",
        "${d:=1}",
        "${b^^}",
        "${#a}",
        "${a:1}",
        "${a/x/y}",
        "${a/x",
        "${a:-${b}}",
        "${b:-a: b}",
        "$$",
        "$${a}",
        "$",
        "}",
        "${",
    ]);
    let words = prop::sample::select(vec![
        "a",
        "b c",
        " ",
        "  ",
        "\n",
        ": ",
        "#",
        " #",
        "\"",
        "'",
        "- ",
        "\t",
        "[",
        "}",
        "&",
        "*",
        "!",
        "|",
        ">",
        "%",
        "@",
        "?",
        ",",
        "0",
        "1.5",
        "yes",
        "null",
        "<<",
        "\\",
        "---",
        "...",
        "é",
        "🙂",
        "\u{85}",
        "\u{2028}",
        "\u{FEFF}",
        "a long word or two to fold lines with it ",
    ]);
    prop_oneof![
        3 => words.prop_map(str::to_owned),
        2 => expressions.prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ]
}

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(piece(), 0..6).prop_map(|pieces| pieces.concat())
}

/// Text without `$`, mostly of printable ASCII.
fn plain_text() -> impl Strategy<Value = String> {
    let ascii = "[ -#%-~\n]{0,12}( [a-z]{1,9}){0,12}[ -#%-~\n]{0,6}";
    prop_oneof![3 => ascii.boxed(), 1 => text().prop_map(|text| text.replace('$', "")).boxed()]
}

fn number() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<i16>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        (-1000_i32..1000).prop_map(|number| Value::from(f64::from(number) / 8.0)),
    ]
}

fn value<S: Strategy<Value = String> + 'static>(text: fn() -> S) -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        4 => text().prop_map(Value::from),
        1 => number(),
        1 => any::<bool>().prop_map(Value::from),
        1 => Just(Value::Null),
    ];
    leaf.prop_recursive(4, 24, 4, move |inner| {
        let keys = prop_oneof![text(), "[a-z]{1,3}"];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((keys, inner), 0..4)
                .prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

fn object<S: Strategy<Value = String> + 'static>(text: fn() -> S) -> impl Strategy<Value = Value> {
    prop::collection::vec((text(), value(text)), 0..5)
        .prop_map(|entries| Value::Object(entries.into_iter().collect()))
}

fn variables() -> impl Strategy<Value = Vec<(String, String)>> {
    let values = prop_oneof![
        prop::sample::select(vec![
            "",
            "3",
            "yes",
            "null",
            "a",
            "<<",
            "x: y",
            "\"",
            "'",
            "[1]",
            "a\rb",
            "- x",
            "&x",
            "*x",
            "1e400",
            "18446744073709551615",
        ])
        .prop_map(str::to_owned),
        text(),
    ];
    prop::collection::vec(
        (prop::sample::select(vec!["a", "b", "c", "d"]), values),
        1..4,
    )
    .prop_map(|all| {
        all.into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect()
    })
}

fn substitution(values: &[(String, String)], mode: Mode) -> Substitution {
    Substitution::new(Variables::new().with(Layer::inline(values.iter().cloned()))).mode(mode)
}

fn run(substitution: &Substitution, object: &Value) -> Result<(Value, Report), Error> {
    match substitution.apply(object)? {
        Outcome::Substituted(done) => {
            let report = done.report();
            Ok((done.into_object(), report))
        }
        other => panic!("{other:?}"),
    }
}

/// Puts the changes into an object, as [`fluxcd_core::substitute::Change`] says.
fn replay(object: &Value, report: &Report) -> Value {
    let mut object = object.clone();
    for change in report.changes().iter().rev() {
        remove(&mut object, &change.path);
    }
    for change in report.changes() {
        if let Some(after) = &change.after {
            *place(&mut object, change.target()) = after.clone();
        }
    }
    object
}

fn remove(value: &mut Value, path: &[Segment]) {
    match path {
        [] => *value = Value::Null,
        [Segment::Key(key)] => {
            value
                .as_object_mut()
                .and_then(|entries| entries.remove(key));
        }
        [Segment::Index(index)] => {
            let items = value.as_array_mut().unwrap();
            if index + 1 == items.len() {
                items.pop();
            } else if let Some(item) = items.get_mut(*index) {
                *item = Value::Null;
            }
        }
        [Segment::Key(key), rest @ ..] => {
            if let Some(value) = value.get_mut(key) {
                remove(value, rest);
            }
        }
        [Segment::Index(index), rest @ ..] => {
            if let Some(item) = value.get_mut(*index) {
                remove(item, rest);
            }
        }
    }
}

fn place<'a>(value: &'a mut Value, path: &[Segment]) -> &'a mut Value {
    path.iter().fold(value, |value, segment| match segment {
        Segment::Key(key) => {
            if value.is_null() {
                *value = json!({});
            }
            value
                .as_object_mut()
                .unwrap()
                .entry(key.clone())
                .or_insert(Value::Null)
        }
        Segment::Index(index) => {
            if value.is_null() {
                *value = json!([]);
            }
            let items = value.as_array_mut().unwrap();
            if *index >= items.len() {
                items.resize(index + 1, Value::Null);
            }
            &mut items[*index]
        }
    })
}

/// The object with every number as a 64-bit float, for comparing.
fn floats(value: &Value) -> Value {
    match value {
        Value::Number(number) => Value::from(number.as_f64().unwrap() + 0.0),
        Value::Array(items) => items.iter().map(floats).collect(),
        Value::Object(entries) => {
            let entries = entries
                .iter()
                .map(|(key, value)| (key.clone(), floats(value)));
            Value::Object(entries.collect::<Map<_, _>>())
        }
        other => other.clone(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn no_value_panics(value in value(text), values in variables(), names in prop::collection::vec(any::<String>(), 0..2)) {
        for mode in [Mode::Strict, Mode::Lax] {
            if let Ok(Outcome::Substituted(done)) = substitution(&values, mode).apply(&value) {
                let _ = done.report();
            }
            let odd = Layer::inline(names.iter().map(|name| (name.clone(), "")));
            if let Err(error) = Substitution::new(Variables::new().with(odd)).apply(&value) {
                prop_assert!(!error.explain_for(&value).is_empty());
            }
        }
    }

    #[test]
    fn the_order_within_a_layer_does_not_matter(object in object(text), values in variables()) {
        let mut unique = values;
        unique.sort();
        unique.dedup_by(|one, other| one.0 == other.0);
        let reversed: Vec<_> = unique.iter().rev().cloned().collect();
        prop_assert_eq!(
            run(&substitution(&unique, Mode::Lax), &object),
            run(&substitution(&reversed, Mode::Lax), &object)
        );
    }

    #[test]
    fn what_strict_mode_gives_lax_mode_gives_too(object in object(text), values in variables()) {
        if let Ok(strict) = run(&substitution(&values, Mode::Strict), &object) {
            prop_assert_eq!(run(&substitution(&values, Mode::Lax), &object), Ok(strict));
        }
    }

    #[test]
    fn the_changes_put_into_the_object_give_the_result(object in object(text), values in variables()) {
        if let Ok((result, report)) = run(&substitution(&values, Mode::Lax), &object) {
            prop_assert_eq!(report.changes().is_empty(), result == object);
            prop_assert_eq!(replay(&object, &report), result);
            for change in report.changes() {
                prop_assert!(change.before.is_some() || change.after.is_some());
                if let Some((before, after)) = change.retyped {
                    prop_assert_eq!(change.before.as_ref().map(Type::of), Some(before));
                    prop_assert_eq!(change.after.as_ref().map(Type::of), Some(after));
                }
            }
        }
    }

    /// What differs: numbers are rounded, U+0085 becomes a space, a key `<<` is merged, and some texts cannot be carried
    /// over at all.
    #[test]
    fn an_object_without_dollars_stays_as_it_is(object in object(plain_text)) {
        let substitution = substitution(&[("a".to_owned(), "1".to_owned())], Mode::Strict);
        let Ok((result, report)) = run(&substitution, &object) else {
            return Ok(());
        };
        let text = object.to_string();
        if !text.contains('\u{85}') && !text.contains("\"<<\"") {
            prop_assert_eq!(floats(&result), floats(&object));
        }
        prop_assert!(report.changes().iter().all(|change| change.uses.is_empty()));
        // Whether or not the text was written and read, the result is the same.
        let exact = substitution.integers(Integers::Exact);
        let (result, _) = run(&exact, &object).unwrap();
        let text = to_string(&object).unwrap();
        prop_assert_eq!(result, Loader::v2().load(text.as_bytes()).unwrap());
    }

    #[test]
    fn a_second_substitution_finds_nothing_to_round(object in object(plain_text)) {
        let substitution = substitution(&[("a".to_owned(), "1".to_owned())], Mode::Strict);
        if let Ok((once, _)) = run(&substitution, &object) {
            prop_assert_eq!(run(&substitution, &once).map(|(twice, _)| twice), Ok(once));
        }
    }
}
