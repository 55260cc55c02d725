use serde_json::{Value, json};

use super::{Layer, LayerOrigin, SourceError};

fn values(layer: &Layer) -> Vec<(&str, &[u8])> {
    layer.iter().collect()
}

fn object(kind: &str, field: &str, data: Value) -> Value {
    json!({"apiVersion": "v1", "kind": kind, "metadata": {"name": "n"}, field: data})
}

fn from(kind: &str, field: &str, data: Value) -> Result<Layer, SourceError> {
    Layer::from_object(&object(kind, field, data))
}

#[test]
fn newlines_are_removed_and_carriage_returns_are_not() {
    let layer = Layer::inline([("a", "x\ny\r\n\n"), ("b", "\n")]);
    assert_eq!(values(&layer), [("a", &b"xy\r"[..]), ("b", b"")]);
    assert_eq!(values(&Layer::verbatim([("a", "\n")])), [("a", &b"\n"[..])]);
}

#[test]
fn a_config_map_gives_its_data_and_no_binary_data() {
    let layer = from("ConfigMap", "data", json!({"a": "1\n", "b": null})).unwrap();
    assert_eq!(values(&layer), [("a", &b"1"[..]), ("b", b"")]);
    assert_eq!(layer.origin(), &LayerOrigin::ConfigMap("n".to_owned()));
    let layer = from("ConfigMap", "binaryData", json!({"a": "MQ=="})).unwrap();
    assert_eq!(values(&layer), []);
}

#[test]
fn a_secret_gives_what_go_decodes() {
    let data = json!({"a": "/w==", "b": "cA0K\r\ncQo=", "c": null, "d": "YR==", "e": "TVE=\n"});
    let layer = from("Secret", "data", data).unwrap();
    let expected: [(&str, &[u8]); 5] = [
        ("a", b"\xFF"),
        ("b", b"p\rq"),
        ("c", b""),
        ("d", b"a"),
        ("e", b"MQ"),
    ];
    assert_eq!(values(&layer), expected);
    for text in ["YQ", "YQ=", "Y===", "YQ==YQ==", "@", "Y Q=", "-_=="] {
        let error = from("Secret", "data", json!({"k": text})).unwrap_err();
        let key = "k".to_owned();
        assert_eq!(error, SourceError::NotBase64 { key }, "{text}");
    }
}

#[test]
fn string_data_wins() {
    let mut secret = object("Secret", "data", json!({"a": "MQ==", "b": "MQ=="}));
    secret["stringData"] = json!({"b": "2\n", "c": null});
    let layer = Layer::from_object(&secret).unwrap();
    assert_eq!(values(&layer), [("a", &b"1"[..]), ("b", b"2"), ("c", b"")]);
}

#[test]
fn what_is_no_source_says_what_is_wrong() {
    let not_text = |field, key: &str| SourceError::NotText {
        field,
        key: key.to_owned(),
    };
    let field = "data";
    assert_eq!(
        from("ConfigMap", field, json!([])),
        Err(SourceError::NotAMap { field })
    );
    assert_eq!(
        from("ConfigMap", field, json!({"a": 1})),
        Err(not_text(field, "a"))
    );
    let field = "stringData";
    assert_eq!(
        from("Secret", field, json!({"b": true})),
        Err(not_text(field, "b"))
    );
    assert_eq!(from("Widget", "data", json!({})), Err(SourceError::Kind));
    let mut nameless = object("Secret", "data", json!({}));
    nameless["metadata"] = json!({});
    assert_eq!(Layer::from_object(&nameless), Err(SourceError::Name));
    nameless["apiVersion"] = json!("example.com/v1");
    assert_eq!(Layer::from_object(&nameless), Err(SourceError::Kind));
    assert_eq!(Layer::from_object(&Value::Null), Err(SourceError::Kind));
}

#[test]
fn values_of_a_secret_are_not_shown() {
    let layer = Layer::secret("s", [("token", "hunter2")]);
    assert_eq!(
        format!("{layer:?}"),
        r#"Layer { origin: Secret("s"), values: {"token": redacted} }"#
    );
    assert!(format!("{:?}", Layer::inline([("a", "shown")])).contains("shown"));
}
