//! When two results are the same.

use serde_json::{Number, Value};

use crate::case::Want;
use crate::ops::{Failure, Op};

/// Whether the library answered as upstream did.
///
/// Results must be equal as JSON values after the normalisation of the operation; of errors the kind must agree, the
/// document where the case names one, and the message where the operation says that it is a contract.
#[must_use]
pub fn agrees(op: &Op, want: &Want, got: &Result<Value, Failure>) -> bool {
    match (want, got) {
        (Want::Ok(want), Ok(got)) => same(&op.normalise(want), &op.normalise(got)),
        (
            Want::Error {
                kind,
                message,
                document,
            },
            Err(got),
        ) => {
            *kind == got.kind
                && (document.is_none() || *document == got.document)
                && op.contract(kind, message) == op.contract(kind, &got.message)
        }
        _ => false,
    }
}

/// Whether two JSON values are equal: integers as integers, other numbers as 64-bit floats, the order of members aside.
///
/// # Examples
///
/// ```
/// use fluxcd_conformance::compare::same;
/// use serde_json::json;
///
/// assert!(same(&json!({"a": 1, "b": 2}), &json!({"b": 2.0, "a": 1})));
/// assert!(!same(&json!(9007199254740993_u64), &json!(9007199254740992_u64)));
/// ```
#[must_use]
pub fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => same_number(a, b),
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len()
                && a.iter()
                    .all(|(key, a)| b.get(key).is_some_and(|b| same(a, b)))
        }
        _ => a == b,
    }
}

fn same_number(a: &Number, b: &Number) -> bool {
    match (integer(a), integer(b)) {
        (Some(a), Some(b)) => a == b,
        // One integer and one float: 2^53 + 1 must not pass for its neighbour.
        (Some(integer), None) => b.as_f64().is_some_and(|float| is_integer(float, integer)),
        (None, Some(integer)) => a.as_f64().is_some_and(|float| is_integer(float, integer)),
        (None, None) => a.as_f64() == b.as_f64(),
    }
}

fn integer(number: &Number) -> Option<i128> {
    number
        .as_i64()
        .map(i128::from)
        .or_else(|| number.as_u64().map(i128::from))
}

fn is_integer(float: f64, integer: i128) -> bool {
    float.fract() == 0.0 && float as i128 == integer
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn op() -> Op {
        Op::new("x.y", |_| Ok(Value::Null))
    }

    fn refusal(kind: &str, message: &str) -> Want {
        Want::Error {
            kind: kind.into(),
            message: message.into(),
            document: None,
        }
    }

    #[test]
    fn values_of_different_kinds_differ() {
        let values = [
            json!(null),
            json!(false),
            json!(0),
            json!(""),
            json!([]),
            json!({}),
        ];
        for (i, a) in values.iter().enumerate() {
            for (j, b) in values.iter().enumerate() {
                assert_eq!(same(a, b), i == j, "{a} {b}");
            }
        }
    }

    #[test]
    fn a_member_too_many_a_member_too_few_and_an_order_of_items_differ() {
        assert!(!same(&json!({"a": 1}), &json!({"a": 1, "b": null})));
        assert!(!same(
            &json!({"a": 1, "b": null}),
            &json!({"a": 1, "c": null})
        ));
        assert!(!same(&json!([1, 2]), &json!([2, 1])));
        assert!(!same(&json!([1]), &json!([1, 1])));
    }

    #[test]
    fn integers_are_exact_and_floats_are_floats() {
        let number = |text| serde_json::from_str::<Value>(text).unwrap();
        assert!(same(&number("1000"), &number("1e3")));
        assert!(same(&number("0.1"), &number("1e-1")));
        assert!(!same(
            &number("9007199254740993"),
            &number("9007199254740992.0")
        ));
        assert!(same(
            &number("9007199254740992"),
            &number("9007199254740992.0")
        ));
        assert!(!same(&number("18446744073709551615"), &number("-1")));
        assert!(!same(&number("1"), &number("1.5")));
    }

    #[test]
    fn the_kind_of_an_error_must_agree() {
        let got = Err(Failure::new("cycle", "a -> a"));
        assert!(agrees(&op(), &refusal("cycle", "other words"), &got));
        assert!(!agrees(&op(), &refusal("missing", "a -> a"), &got));
    }

    #[test]
    fn the_message_must_agree_where_it_is_a_contract() {
        let op = op().message_is_contract();
        let got = Err(Failure::new("cycle", "a -> a"));
        assert!(agrees(&op, &refusal("cycle", "a -> a"), &got));
        assert!(!agrees(&op, &refusal("cycle", "a -> b"), &got));
    }

    #[test]
    fn the_part_of_the_message_that_is_a_contract_must_agree() {
        let op = op().message_is_contract_as(|kind, message| match kind {
            "missing" => message.get(..3).unwrap_or(message),
            _ => "",
        });
        let want = refusal("missing", "no a: not found");
        assert!(agrees(&op, &want, &Err(Failure::new("missing", "no b"))));
        assert!(!agrees(&op, &want, &Err(Failure::new("missing", "no"))));
        assert!(!agrees(&op, &want, &Err(Failure::new("missing", ""))));
        assert!(agrees(
            &op,
            &refusal("cycle", "a -> a"),
            &Err(Failure::new("cycle", ""))
        ));
    }

    #[test]
    fn the_document_must_agree_where_the_case_names_one() {
        let want = Want::Error {
            kind: "syntax".into(),
            message: String::new(),
            document: Some(1),
        };
        assert!(agrees(
            &op(),
            &want,
            &Err(Failure::new("syntax", "").in_document(1))
        ));
        assert!(!agrees(
            &op(),
            &want,
            &Err(Failure::new("syntax", "").in_document(0))
        ));
        assert!(!agrees(&op(), &want, &Err(Failure::new("syntax", ""))));
        let anywhere = refusal("syntax", "");
        assert!(agrees(
            &op(),
            &anywhere,
            &Err(Failure::new("syntax", "").in_document(1))
        ));
    }

    #[test]
    fn a_result_is_no_error_and_an_error_is_no_result() {
        assert!(!agrees(
            &op(),
            &Want::Ok(Value::Null),
            &Err(Failure::new("k", ""))
        ));
        assert!(!agrees(&op(), &refusal("k", ""), &Ok(Value::Null)));
    }

    #[test]
    fn both_sides_are_normalised() {
        let op = op().normalised_by(|value| {
            value
                .as_str()
                .map_or(Value::Null, |text| json!(text.to_lowercase()))
        });
        assert!(agrees(&op, &Want::Ok(json!("A")), &Ok(json!("a"))));
        assert!(!agrees(&op, &Want::Ok(json!("A")), &Ok(json!("b"))));
    }
}
