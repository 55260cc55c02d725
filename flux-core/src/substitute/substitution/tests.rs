use fluxcd_api::kustomize::v1::{PostBuild, SubstituteStrategy};
use serde_json::{Value, json};

use super::{Integers, OptOut, Outcome, Substitution, is_encrypted};
use crate::substitute::{Error, ErrorKind, Layer, LayerOrigin, Mode, Type};

fn post_build(value: Value) -> PostBuild {
    serde_json::from_value(value).unwrap()
}

fn inline(values: &[(&str, &str)]) -> Substitution {
    Substitution::new(
        [Layer::inline(values.iter().copied())]
            .into_iter()
            .collect(),
    )
}

fn substituted(substitution: &Substitution, object: &Value) -> Value {
    match substitution.apply(object).unwrap() {
        Outcome::Substituted(done) => done.into_object(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn sources_are_read_in_their_order_and_inline_wins() {
    let spec = post_build(json!({
        "substitute": {"c": "inline"},
        "substituteFrom": [
            {"kind": "ConfigMap", "name": "m"},
            {"kind": "Secret", "name": "s"},
            {"kind": "Widget", "name": "w"},
        ],
    }));
    let mut asked = Vec::new();
    let substitution = Substitution::plan(&spec, |reference| {
        asked.push(reference.name.clone());
        Some(match reference.name.as_str() {
            "m" => Layer::config_map("m", [("a", "m"), ("b", "m"), ("c", "m")]),
            name => Layer::secret(name, [("b", "s"), ("c", "s")]),
        })
    });
    assert_eq!(asked, ["m", "s"]);
    let object = json!({"x": "${a}-${b}-${c}"});
    assert_eq!(
        substituted(&substitution, &object),
        json!({"x": "m-s-inline"})
    );
    let dry = Substitution::dry_run(&spec).mode(Mode::Lax);
    assert_eq!(substituted(&dry, &object), json!({"x": "--inline"}));
    assert!(dry.missing().is_empty());
}

#[test]
fn the_first_missing_source_fails_and_all_are_known() {
    let spec = post_build(json!({"substituteFrom": [
        {"kind": "Secret", "name": "s", "optional": true},
        {"kind": "Secret", "name": "t", "optional": false},
        {"kind": "ConfigMap", "name": "u"},
    ]}));
    let substitution = Substitution::plan(&spec, |_| None);
    let error = substitution.apply(&json!({"a": 1})).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::SourceMissing);
    assert_eq!(
        error.explain(),
        "substitute from 'Secret/t' error: secrets \"t\" not found"
    );
    let missing: Vec<_> = substitution
        .missing()
        .iter()
        .map(|one| one.name.as_str())
        .collect();
    assert_eq!(missing, ["s", "t", "u"]);
}

#[test]
fn opting_out_wins_over_everything_but_what_cannot_be_written() {
    let key = "kustomize.toolkit.fluxcd.io/substitute";
    let broken = inline(&[("my-key", "")]);
    for (field, word, expected) in [
        ("labels", "disabled", Some(OptOut::Label)),
        ("annotations", "disabled", Some(OptOut::Annotation)),
        ("annotations", "Disabled", None),
        ("labels", "", None),
    ] {
        let object = json!({"metadata": {field: {key: word}}, "x": "${}"});
        match expected {
            Some(how) => assert_eq!(broken.apply(&object), Ok(Outcome::OptedOut(how))),
            None => assert_eq!(
                broken.apply(&object).unwrap_err().kind(),
                ErrorKind::VariableName
            ),
        }
    }
    let object = json!({"metadata": {"labels": {key: "disabled"}}, "x": "\u{7F}"});
    let error = broken.apply(&object).unwrap_err();
    assert!(matches!(error, Error::Object(_)));
    assert_eq!(
        (error.kind(), error.explain().starts_with("yaml: ")),
        (ErrorKind::Yaml, true)
    );
}

#[test]
fn without_variables_only_the_strategy_always_evaluates() {
    let object = json!({"a": "$${x:-1}", "b": "${x:-2}"});
    let none = Substitution::plan(&post_build(json!({})), |_| None);
    assert_eq!(none.apply(&object), Ok(Outcome::NoVariables));
    let always = none.strategy(SubstituteStrategy::Always);
    assert_eq!(
        substituted(&always, &object),
        json!({"a": "${x:-1}", "b": 2})
    );
}

#[test]
fn wrong_names_fail_used_or_not() {
    let error = inline(&[("a", "1"), ("ca.crt", "")])
        .apply(&json!({"a": 1}))
        .unwrap_err();
    assert_eq!(
        error,
        Error::VariableName {
            name: "ca.crt".to_owned(),
            origin: LayerOrigin::Inline
        }
    );
    assert_eq!(
        error.explain(),
        "envsubst error: 'ca.crt' var name is invalid, must match '^[_[:alpha:]][_[:alpha:][:digit:]]*$'"
    );
}

#[test]
fn every_undefined_variable_is_told_with_its_place() {
    let object = json!({"kind": "${k}", "spec": {"${key}": 1, "list": ["a", "b ${v} ${v:-d}"]}});
    let error = inline(&[("x", "1")]).apply(&object).unwrap_err();
    assert_eq!(
        error.explain(),
        "envsubst error: variable substitution failed: variable not set (strict mode): \"k\""
    );
    let Error::Template {
        path, undefined, ..
    } = error
    else {
        panic!("{error:?}")
    };
    assert_eq!(path.to_string(), "kind");
    let found: Vec<_> = undefined
        .iter()
        .map(|(undefined, path)| format!("{} at {path}", undefined.name))
        .collect();
    assert_eq!(
        found,
        ["k at kind", "key at spec[\"${key}\"]", "v at spec.list[1]"]
    );
}

#[test]
fn a_mistake_of_form_has_the_place_of_its_text() {
    let object = json!({"a": "${x}", "b": ["", "${x y}"]});
    let error = inline(&[("x", "1")]).apply(&object).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Brace);
    assert_eq!(error.to_string(), "the text at b[1] cannot be evaluated");
}

#[test]
fn the_expression_that_breaks_the_text_is_named() {
    for (object, values, path, expression) in [
        (
            json!({"a": "${ok}", "b": "${bad}", "c": "${ok}"}),
            ("1", "@x"),
            "b",
            "${bad}",
        ),
        (
            json!({"a": "x\t${ok}", "b": "x\t${bad}", "c": "${ok}"}),
            ("1", "say \"hi\""),
            "b",
            "${bad}",
        ),
        (
            json!({"b": "${bad}x", "c": "${ok}", "d": "${ok}"}),
            ("1", "\""),
            "b",
            "${bad}",
        ),
        (
            json!({"a": "${ok}", "m": {"${bad}": 1}, "z": "${ok}"}),
            ("1", "null"),
            "m[\"${bad}\"]",
            "${bad}",
        ),
        (
            json!({"a": "${ok}${bad}${ok}"}),
            ("\"", "x\"y"),
            "a",
            "${bad}",
        ),
    ] {
        let layers = [
            Layer::inline([("ok", values.0)]),
            Layer::secret("s", [("bad", values.1)]),
        ];
        let substitution = Substitution::new(layers.into_iter().collect());
        let error = substitution.apply(&object).unwrap_err();
        assert!(
            error.explain().starts_with("envsubst error: YAMLToJSON: "),
            "{object}"
        );
        assert!(!format!("{error:?} {error}").contains("hi"), "{error:?}");
        let Error::Yaml { culprit, .. } = error else {
            panic!("{error:?}")
        };
        let culprit = culprit.unwrap();
        assert_eq!(culprit.path.to_string(), path);
        assert_eq!(culprit.expression, expression);
        assert_eq!(culprit.value, values.1.as_bytes());
        assert!(format!("{culprit:?}").contains("value: redacted"));
    }
}

#[test]
fn a_result_that_is_no_map_fails_but_for_null() {
    let object = json!({"${k}": 1, "a": 2});
    for (value, found, word) in [
        ("x", Type::String, "string"),
        ("- x", Type::List, "array"),
        ("5", Type::Number, "number"),
        ("yes", Type::Boolean, "bool"),
    ] {
        let substitution = inline(&[("k", &format!("{value}\r---\r"))]);
        let error = substitution.apply(&object).unwrap_err();
        assert_eq!(error, Error::Shape { found });
        assert_eq!(
            error.explain(),
            format!(
                "UnmarshalJSON: json: cannot unmarshal {word} into Go value of type map[string]interface {{}}"
            )
        );
    }
    assert_eq!(
        substituted(&inline(&[("k", "~\r---\r")]), &object),
        json!({})
    );
}

#[test]
fn a_leading_tab_fails_where_the_object_is_evaluated() {
    let object = json!({"data": {"Makefile": "\tgo build\n"}});
    let error = inline(&[("x", "1")]).apply(&object).unwrap_err();
    let Error::Rewrite { path, .. } = &error else {
        panic!("{error:?}")
    };
    assert_eq!(path.to_string(), "data.Makefile");
    assert!(error.explain().starts_with("UnmarshalJSON: yaml: "));
    assert_eq!(inline(&[]).apply(&object), Ok(Outcome::NoVariables));
}

#[test]
fn large_integers_are_rounded_unless_they_are_wanted() {
    let object = json!({"big": 9_007_199_254_740_993_u64, "v": "${v}"});
    let substitution = inline(&[("v", "18446744073709551615")]);
    let rounded = substituted(&substitution, &object);
    assert_eq!(rounded["big"], 9_007_199_254_740_992_u64);
    assert_eq!(rounded["v"], 18_446_744_073_709_551_616.0);
    let exact = substituted(&substitution.integers(Integers::Exact), &object);
    assert_eq!(
        exact,
        json!({"big": 9_007_199_254_740_993_u64, "v": u64::MAX})
    );
}

#[test]
fn the_text_is_what_was_read() {
    let substitution = inline(&[("v", "1")]);
    for (object, text) in [
        (json!({"a": "${v}"}), "a: 1\n"),
        (json!({"a": "é"}), "a: é\n"),
        (json!({"a": "b"}), "a: b\n"),
    ] {
        let Outcome::Substituted(done) = substitution.apply(&object).unwrap() else {
            panic!()
        };
        assert_eq!(done.text(), text.as_bytes());
        assert!(!format!("{done:?}").contains(text));
    }
}

#[test]
fn the_condition_names_the_object_as_kustomize_does() {
    let error = Error::Shape { found: Type::Null };
    let text = |object: Value| {
        error
            .explain_for(&object)
            .split(": ")
            .next()
            .unwrap()
            .to_owned()
    };
    let object = json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}});
    assert_eq!(text(object), "post build failed for 'Secret.v1.[noGrp]/s'");
    assert_eq!(
        text(json!({})),
        "post build failed for '[noKind].[noVer].[noGrp]/'"
    );
}

#[test]
fn a_mac_makes_an_object_encrypted_unless_decryption_is_off() {
    assert!(is_encrypted(
        &json!({"kind": "App", "sops": {"mac": "ENC[x]"}})
    ));
    for object in [
        json!({"kind": "Secret"}),
        json!({"sops": {"mac": null}}),
        json!({"sops": {"version": "3"}}),
        json!({"sops": {"mac": "x"}, "metadata": {"annotations": {"kustomize.toolkit.fluxcd.io/decrypt": "Disabled"}}}),
    ] {
        assert!(!is_encrypted(&object), "{object}");
    }
}

#[test]
fn what_is_public_can_be_sent() {
    fn sendable<T: Send + Sync + Clone + PartialEq + std::fmt::Debug>() {}
    sendable::<Substitution>();
    sendable::<Outcome<'_>>();
    sendable::<Error>();
    sendable::<crate::substitute::Report>();
    sendable::<crate::substitute::Variables>();
}
