//! Random `spec.postBuild`, and the ConfigMaps and Secrets that it names.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use super::object::NAMES;
use crate::mutate;
use crate::rng::Rng;

/// Values that most places take.
const TAME: &[&str] = &[
    "3",
    "a",
    "prod",
    "example.com",
    "1.2.3",
    "true",
    "yes",
    "03",
    "0x1F",
    "1_000",
    "1e3",
    ".5",
    "null",
    "~",
    "",
    "8080",
    "2024-01-01",
    "10.0.0.0/8",
    "9007199254740993",
    "18446744073709551616",
    "-9223372036854775808",
    "0.1",
    "1.0",
    "a-b",
    "é",
    "\"",
    "\"",
    "on",
    "eu-west-1",
    "a.b.c",
    "x/y",
    "0o17",
    "1:30",
    "08",
    "a b",
    "v1",
    "-1",
    "9007199254740991",
    "No",
    "+1",
    "1e400",
    "http://x.y/z",
    "a b c d e f g h i j k l m n o p q r s t u v w x y z",
];
/// Values that break most places, or mean something there.
const WILD: &[&str] = &[
    "a: b",
    "x:",
    "- a",
    "&x",
    "*x",
    "@x",
    "%x",
    "!x",
    "!!str 123",
    "|",
    ">",
    "#c",
    "a #b",
    " a",
    "a ",
    "[a]",
    "{a: 1}",
    "[a",
    "'3'",
    "\"3\"",
    "it's",
    "say \"hi\"",
    "c:\\temp",
    "\\n",
    "\\",
    "\\x41",
    "a\nb\n",
    "a\r\nb",
    "\r",
    "\t",
    "a\tb",
    "\u{85}",
    "\u{2028}",
    "😀",
    "<<",
    "---",
    "...",
    ".inf",
    ".nan",
    "=",
    "?",
    "-",
    ",",
    "}",
    "]",
    "{",
    "${x}",
    "$$",
    "\u{0}",
    "\u{feff}",
    "\u{fffe}",
    "\u{7f}",
    "{a: [1, 2], b: {c: d}}",
    "!!binary aGk=",
    "&a b",
    "? a",
    "[yes, 1.0, ~]",
    "{1: a, '1': b}",
    "{<<: {a: b}}",
    "!!int 3",
    "!!float 1",
    "\n",
    "''",
    "\"a\\tb\"",
    "|-",
    "[]",
    "{}",
    "{1.0: x, true: y}",
    "{a: .nan}",
    "'",
    "`",
    "a:b",
    "0b12",
    "-.inf",
    "!!set {a}",
    "\rx: y",
    "a\u{85}b: c",
];
const BAD_NAMES: &[&str] = &[
    "my-key", "a.b", "1a", "é", "a b", "", "ca.crt", "A-1", "a\n",
];

/// The keys `postBuild` and `sources` of an input.
pub(super) fn post_build(rng: &mut Rng, wild: bool) -> Value {
    let mut sources = Vec::new();
    let mut references = Vec::new();
    for index in 0..rng.pick(&[0, 0, 0, 1, 1, 2, 3]) {
        let kind = rng.word("ConfigMap Secret");
        let name = if rng.percent(95) {
            format!("s{index}")
        } else {
            "s0".to_owned()
        };
        let mut reference = json!({ "kind": kind, "name": name });
        if rng.percent(40) {
            reference["optional"] = json!(rng.percent(80));
        }
        if rng.percent(3) {
            reference["kind"] = json!(rng.word("Widget secret "));
        }
        references.push(reference);
        let source = source(rng, kind, &name, wild);
        let known =
            |other: &Value| other["kind"] == kind && other["metadata"] == source["metadata"];
        if rng.percent(90) && !sources.iter().any(known) {
            sources.push(source);
        }
    }
    let mut spec = json!({});
    if rng.percent(80) {
        spec["substitute"] = Value::Object(inline(rng, wild));
    }
    if !references.is_empty() || rng.percent(10) {
        spec["substituteFrom"] = json!(references);
    }
    match rng.below(20) {
        0..5 => spec["substituteStrategy"] = json!("Always"),
        5..7 => spec["substituteStrategy"] = json!("WithVariables"),
        7 => spec["substituteStrategy"] = json!(rng.word(" always")),
        _ => {}
    }
    // Nothing else is wrong then: upstream meets this mistake late, the library before it looks for sources.
    if rng.percent(2) {
        let (key, value) = rng.pick(&[
            ("substitute", r#"{"a": 1}"#),
            ("substitute", r#"[]"#),
            ("substitute", r#"{"a": null}"#),
            ("substitute", r#""a""#),
            ("substituteFrom", r#"{}"#),
            ("substituteFrom", r#"["a"]"#),
            ("substituteFrom", r#"[{"kind": 1}]"#),
            (
                "substituteFrom",
                r#"[{"kind": "ConfigMap", "name": "c", "optional": "yes"}]"#,
            ),
        ]);
        spec = json!({ key: serde_json::from_str::<Value>(value).unwrap() });
    }
    json!({ "postBuild": spec, "sources": sources })
}

fn inline(rng: &mut Rng, wild: bool) -> Map<String, Value> {
    let set = rng.pick(&[0, 60, 92, 92, 100]);
    let mut map = Map::new();
    for name in NAMES.split(' ') {
        if rng.percent(set) {
            map.insert(name.to_owned(), json!(value(rng, wild)));
        }
    }
    if rng.percent(3) {
        map.insert(rng.pick(BAD_NAMES).to_owned(), json!("x"));
    }
    map
}

fn source(rng: &mut Rng, kind: &str, name: &str, wild: bool) -> Value {
    let mut data = Map::new();
    for (name, value) in inline(rng, wild) {
        let text = value.as_str().unwrap_or_default();
        let coded = match kind {
            "Secret" => secret_value(rng, text),
            _ => text.to_owned(),
        };
        data.insert(name, json!(coded));
    }
    let namespace = if rng.percent(96) { "apps" } else { "default" };
    let mut source = json!({
        "apiVersion": "v1",
        "kind": kind,
        "metadata": { "name": name, "namespace": namespace },
    });
    if rng.percent(95) {
        source["data"] = Value::Object(data);
    }
    if kind == "ConfigMap" && rng.percent(15) {
        source["binaryData"] = json!({ "domain": "MQ==", "other": "Mg==" });
    }
    source
}

/// Base64, perhaps over several lines, perhaps of bytes that are no UTF-8.
fn secret_value(rng: &mut Rng, text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    if rng.percent(3) {
        bytes.push(rng.next() as u8 | 0x80);
    }
    let mut coded = STANDARD.encode(bytes);
    if rng.percent(8) {
        let at = rng.below(coded.len() + 1);
        coded.insert_str(at, rng.pick(&["\n", "\r\n"]));
    }
    coded
}

fn value(rng: &mut Rng, wild: bool) -> String {
    match rng.below(20) {
        0..5 if wild => rng.pick(WILD).to_owned(),
        5 if wild => format!("{}{}", rng.pick(WILD), rng.pick(TAME)),
        6 if wild => format!("{}{}", rng.pick(TAME), rng.pick(WILD)),
        7 if wild => String::from_utf8_lossy(&mutate::noise(rng)).into_owned(),
        _ => rng.pick(TAME).to_owned(),
    }
}
