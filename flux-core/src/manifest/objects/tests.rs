use proptest::prelude::*;
use serde_json::json;

use super::*;

fn read(stream: impl AsRef<[u8]>) -> Result<Vec<Value>, (&'static str, usize)> {
    objects(stream.as_ref(), Limits::default())
        .map_err(|error| (error.kind().as_str(), error.document()))
}

fn object(name: &str) -> Value {
    json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}})
}

#[test]
fn json_values_stand_one_after_the_other_with_or_without_blanks() {
    for between in ["", " ", "\n", "\r\n  "] {
        // A blank for Go's guess and none for its JSON: read as YAML, of which the first document is taken.
        let stream = format!("\u{a0}{}{between}{}", object("a"), object("b"));
        assert_eq!(read(&stream).unwrap(), [object("a")], "{between:?}");
        let stream = format!(" {}{between}{}{between}", object("a"), object("b"));
        assert_eq!(
            read(&stream).unwrap(),
            [object("a"), object("b")],
            "{between:?}"
        );
    }
}

#[test]
fn yaml_may_follow_one_json_object_and_not_two() {
    let (a, b, c) = (object("a"), object("b"), object("c"));
    let yaml = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n";
    assert_eq!(read(format!("{a}\n---\n{yaml}")).unwrap(), [a.clone(), c]);
    assert_eq!(read(format!("{a}{b}\n---\n{yaml}")), Err(("json", 2)));
    // A single separator needs no document behind it, but four bytes to be looked at.
    assert_eq!(read(format!("{a}\n---\n")).unwrap().len(), 1);
    assert_eq!(read(format!("{a}---")), Err(("json", 1)));
    assert_eq!(read(format!("{a}\n---")).unwrap(), [a]);
}

#[test]
fn where_neither_reads_it_the_error_is_that_of_json() {
    let error = objects(b"{\"a\": }", Limits::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Json);
    assert_eq!(error.place().to_string(), "1:7");
    let untyped = format!("{}\n{{\"kind\": 1}}", object("a"));
    assert_eq!(read(untyped), Err(("kind-missing", 1)));
}

#[test]
fn the_brace_is_looked_for_in_the_first_two_thousand_bytes() {
    let two = |blanks: usize| format!("{}{}{}", " ".repeat(blanks), object("a"), object("b"));
    assert_eq!(read(two(2047)).unwrap().len(), 2);
    assert_eq!(read(two(2048)).unwrap(), [object("a")]);
}

#[test]
fn numbers_of_json_are_those_of_go() {
    let number = |text: &str| {
        let stream = format!(
            "{{\"apiVersion\": \"v1\", \"kind\": \"X\", \"metadata\": {{\"name\": \"a\"}}, \"n\": {text}}}"
        );
        Ok::<_, (&str, usize)>(read(stream)?[0]["n"].to_string())
    };
    for (text, want) in [
        ("-0", "0"),
        ("9223372036854775807", "9223372036854775807"),
        ("-9223372036854775808", "-9223372036854775808"),
        ("9223372036854775808", "9223372036854776000"),
        ("1.0", "1"),
        ("1e3", "1000"),
        ("1.5E-1", "0.15"),
        // No JSON number: YAML reads the second one as text, the first as octal.
        ("010", "8"),
        ("1e999", "\"1e999\""),
    ] {
        assert_eq!(number(text).as_deref(), Ok(want), "{text}");
    }
    let behind = format!("{0}{0}{{\"kind\": \"X\", \"n\": 1e999}}", object("a"));
    assert_eq!(read(behind), Err(("shape", 2)));
}

#[test]
fn text_of_json_is_that_of_go() {
    let text = |raw: &[u8]| {
        let stream = [
            &b"{\"apiVersion\":\"v1\",\"kind\":\"X\",\"metadata\":{\"name\":\"a\"},\"t\":\""[..],
            raw,
            b"\"}",
        ]
        .concat();
        read(stream).map(|found| found[0]["t"].as_str().unwrap().to_owned())
    };
    let escapes: &[u8] = br#"\"\\\/\b\f\n\r\t\u00e9\uD835\uDD4F"#;
    assert_eq!(text(escapes).unwrap(), "\"\\/\u{8}\u{c}\n\r\té𝕏");
    assert_eq!(
        text(br"\uD835x\uDD4F\uD835\u0041").unwrap(),
        "\u{fffd}x\u{fffd}\u{fffd}A"
    );
    assert_eq!(text(b"\xe2\x82!").unwrap(), "\u{fffd}\u{fffd}!");
    assert_eq!(text(br"\uD835\u00"), Err(("json", 0)));
    assert_eq!(text(br"\q"), Err(("json", 0)));
}

#[test]
fn what_kustomize_reads_itself_is_dropped_in_any_letters() {
    for (kind, group, kept) in [
        ("Kustomization", "kustomize.config.k8s.io", 0),
        ("KUSTOMİZATİON", "kustomize.config.k8s.io", 0),
        ("Component", "kustomize.config.k8s.io", 1),
        ("Kustomization", "kustomize.toolkit.fluxcd.io", 1),
    ] {
        let stream = format!("apiVersion: {group}/v1\nkind: {kind}\nmetadata: {{name: a}}\n");
        assert_eq!(read(stream).unwrap().len(), kept, "{kind} {group}");
    }
}

#[test]
fn an_api_version_with_two_slashes_leaves_no_kind() {
    let stream = "apiVersion: a/b/c\nkind: X\nmetadata: {name: a}\n";
    assert_eq!(read(stream), Err(("kind-missing", 0)));
}

#[test]
fn the_document_and_place_of_an_error_are_those_in_the_stream() {
    let stream = format!("{}\n---\nkind: X\n---\n- a\n", object("a"));
    let error = objects(stream.as_bytes(), Limits::default()).unwrap_err();
    assert_eq!((error.kind(), error.document()), (ErrorKind::Shape, 2));
    assert_eq!(error.place().line, 5);
    let error = objects(b"kind: List\nitems: [a]\n", Limits::default()).unwrap_err();
    assert_eq!((error.kind(), error.document()), (ErrorKind::Shape, 0));
}

#[test]
fn nesting_beyond_the_limit_is_an_error_in_both() {
    let limits = Limits::default().with_depth(10);
    for deep in [
        "[".repeat(11),
        "[".repeat(1_000_000),
        "{\"a\":".repeat(1_000_000),
    ] {
        let error = objects(format!("{{\"a\": {deep}").as_bytes(), limits).unwrap_err();
        assert_eq!(error.kind().as_str(), "limit");
    }
}

proptest! {
    #[test]
    fn no_bytes_panic(stream in prop::collection::vec(any::<u8>(), 0..200)) {
        let _result = read(&stream);
        let _result = read([b"{", stream.as_slice()].concat());
    }

    #[test]
    fn json_reads_as_serde_reads_it(text in "\\PC{0,20}", number in any::<i64>(), fraction in -1e15..1e15f64) {
        let mut value = object("a");
        value["data"] = json!([text, number, fraction, null, true, {"x": text}]);
        let read = read(value.to_string()).unwrap().remove(0);
        prop_assert_eq!(&read["data"][0], &value["data"][0]);
        prop_assert_eq!(&read["data"][1], &value["data"][1]);
        prop_assert_eq!(read["data"][2].as_f64(), value["data"][2].as_f64());
        prop_assert_eq!(&read["data"][5], &value["data"][5]);
    }

    #[test]
    fn yaml_and_json_give_the_same_objects(number in any::<f64>().prop_filter("finite", |number| number.is_finite()), unsigned in any::<u64>()) {
        let mut value = object("a");
        value["data"] = json!([number, unsigned]);
        let yaml = yaml::to_string(&value).unwrap();
        prop_assert_eq!(read(yaml), read(value.to_string()));
    }
}
