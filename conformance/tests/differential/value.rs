//! Random JSON values, durations and dependency graphs.

use serde_json::{Map, Value, json};

use crate::rng::Rng;

const TOKENS: &str = "a b yes no on off y n Y true False null ~ 0 1 -1 007 0755 08 0o17 0x1F 0b101 1_000 1e3 1.5 .5 5. -0 .inf .nan \
    1e400 190:20:30 1:30 = << - -- --- ... *a &a !x @x %x `x |x >x {a} [a] a, '' \" \\ # #c : ? ! 2024-01-01 2001-12-14t21:59:43Z \
    v1 http://x.y/z a:b a#b é 日本 😀 image: a: x=y ${x} 10.0.0.0/8 0.0.0.0 1.2.3 +1 1__0 0x";
const PIECES: &[&str] = &[
    "a",
    "b",
    "word ",
    "word ",
    " ",
    " ",
    "\n",
    "\n\n",
    "\t",
    ":",
    ": ",
    "#",
    " #",
    "-",
    "- ",
    "'",
    "\"",
    "\\",
    "é",
    "日",
    "1",
    "0x",
    "~",
    "!",
    "&",
    "*",
    "%",
    "@",
    "`",
    "{",
    "}",
    "[",
    "]",
    ",",
    "|",
    ">",
    "?",
    "=",
    "---",
    "...",
    "  ",
    "\n  ",
    "\n- ",
    "\n#",
    "https://example.com/a/long/path/",
    "key=value ",
];
const RARE: &[&str] = &[
    "😀",
    "\u{a0}",
    "\u{85}",
    "\u{2028}",
    "\u{2029}",
    "\u{feff}",
    "\u{0}",
    "\u{7}",
    "\u{1b}",
    "\u{7f}",
    "\u{80}",
    "\u{9f}",
    "\r",
    "\r\n",
    "\u{fffe}",
    "\u{fffd}",
    "\u{e000}",
    "\u{10ffff}",
    "\u{d7ff}",
];
const EDGES: &[&str] = &[
    ".",
    "1.",
    ".5",
    "0",
    "00",
    "1e3",
    "0x1",
    "1_0",
    "٣",
    "9223372036854775807",
    "9223372036854775808",
    "0.9999999999999999999",
];
const KEYS: &str = "a b name a1 a10 a2 a01 B _x a-b a.b a/b 1 10 2 true é A aa ab v1 v2 v10";

/// A value of any shape.
pub(crate) fn json_value(rng: &mut Rng, depth: usize) -> Value {
    match rng.below(100) {
        _ if depth > 3 => Value::String(string(rng)),
        0..35 => Value::String(string(rng)),
        35..47 => number(rng),
        47..52 => match rng.below(6) {
            0 => Value::Null,
            1 => json!(true),
            2 => json!(false),
            3 => json!([]),
            4 => json!({}),
            _ => json!(""),
        },
        52..70 => (0..rng.between(1, 4))
            .map(|_| json_value(rng, depth + 1))
            .collect(),
        _ => {
            let mut map = Map::new();
            for _ in 0..rng.between(1, 5) {
                let key = if rng.percent(75) {
                    rng.word(KEYS).to_owned()
                } else {
                    string(rng)
                };
                map.insert(key, json_value(rng, depth + 1));
            }
            Value::Object(map)
        }
    }
}

fn number(rng: &mut Rng) -> Value {
    let bits = rng.next();
    match rng.below(8) {
        0 => json!(bits),
        1 => json!(bits as i64),
        2 => json!((bits % 2_000_000) as i64 - 1_000_000),
        3 => json!(rng.pick(&[1e21, 1e-7, 123_456.5, 1_234_567.5, 0.1, -0.0, 1e6, 5e-324])),
        4 => json!(f64::from_bits(bits)),
        5 => json!((bits % 100_000) as f64 / 1000.0),
        6 => json!((bits as f64) * 10f64.powi(rng.below(60) as i32 - 40)),
        _ => json!(f64::from((bits as u32) >> 8) * 0.5),
    }
}

fn string(rng: &mut Rng) -> String {
    match rng.below(10) {
        0..4 => rng.word(TOKENS).to_owned(),
        4 => {
            let count = rng.between(2, 40);
            (0..count)
                .map(|_| rng.word(TOKENS))
                .collect::<Vec<_>>()
                .join(" ")
        }
        _ => {
            let longest = rng.pick(&[3, 8, 30]);
            let count = rng.between(0, longest);
            let rare = if rng.percent(20) { 10 } else { 0 };
            (0..count)
                .map(|_| {
                    if rng.percent(rare) {
                        rng.pick(RARE)
                    } else {
                        rng.pick(PIECES)
                    }
                })
                .collect()
        }
    }
}

/// A Kubernetes object, a list of them, or something that lacks a part of one.
pub(crate) fn object(rng: &mut Rng, depth: usize) -> Value {
    let mut object = json!({});
    let kinds = [
        "ConfigMap",
        "ConfigMap",
        "Secret",
        "Kustomization",
        "kustomization",
        "List",
        "ConfigMapList",
        "",
    ];
    for (key, present) in [
        ("apiVersion", 95),
        ("kind", 95),
        ("metadata", 92),
        ("items", 20),
        ("data", 40),
    ] {
        if !rng.percent(present) {
            continue;
        }
        object[key] = match key {
            _ if rng.percent(4) => json_value(rng, 3),
            "apiVersion" => json!(
                rng.word("v1 v1 kustomize.config.k8s.io/v1beta1 kustomize.toolkit.fluxcd.io/v1")
            ),
            "kind" => json!(rng.pick(&kinds)),
            "metadata" => reference(rng, "a b c"),
            "items" if depth < 2 => (0..rng.between(0, 3))
                .map(|_| self::object(rng, depth + 1))
                .collect(),
            _ => json_value(rng, 2),
        };
    }
    object
}

/// The text of a duration, mostly one that Go reads.
pub(crate) fn duration(rng: &mut Rng) -> String {
    let sign = if rng.percent(3) {
        &["--", " ", "−", "+-"]
    } else {
        &["", "", "-", "+"]
    };
    let mut out = rng.pick(sign).to_owned();
    for _ in 0..rng.pick(&[0, 1, 1, 1, 1, 1, 2, 2, 2, 3, 3, 5]) {
        out += &match rng.below(40) {
            0 => String::new(),
            1 => rng.next().to_string(),
            2..8 => (rng.next() >> rng.between(10, 63)).to_string(),
            8..18 => format!("{}.{}", rng.below(100), rng.next() >> rng.below(64)),
            18..20 => rng.pick(EDGES).to_owned(),
            _ => rng.below(5000).to_string(),
        };
        out += if rng.percent(93) {
            rng.word("ns us µs μs ms s m h")
        } else {
            rng.pick(&[
                "", "d", "S", "w", "M", " s", "s ", "é", "\"", "\\", "\n", "\u{7f}", "😀", "mss",
                "hm", "-1s",
            ])
        };
    }
    out
}

/// Nodes of a few names, so that cycles, repeats and missing nodes are common.
pub(crate) fn graph(rng: &mut Rng) -> Value {
    let names = rng.pick(&[
        "a b c",
        "a b c d e f g h",
        "a b c d e f g h i j k l m n o p q r s t u v",
    ]);
    let wanted = rng.pick(&[0, 1, 1, 2, 3]);
    let nodes: Vec<Value> = (0..rng.between(0, names.split(' ').count()))
        .map(|_| {
            let mut node = reference(rng, names);
            if rng.percent(70) {
                let count = rng.between(0, wanted);
                node["dependsOn"] = (0..count).map(|_| reference(rng, names)).collect();
            }
            node
        })
        .collect();
    json!({ "nodes": nodes })
}

fn reference(rng: &mut Rng, names: &str) -> Value {
    let mut node = json!({ "name": rng.word(names) });
    if rng.percent(30) {
        node["namespace"] = json!(rng.word("x y "));
    }
    node
}

/// A HelmRelease of which only what concerns remediation is set.
pub(crate) fn release(rng: &mut Rng) -> Value {
    let mut spec = json!({ "interval": "10m" });
    for action in ["install", "upgrade"] {
        if rng.percent(80) {
            spec[action] = action_spec(rng, action);
        }
    }
    if rng.percent(30) {
        spec["test"] = json!({ "enable": true, "ignoreFailures": rng.percent(50) });
    }
    let mut status = json!({});
    for counter in ["installFailures", "upgradeFailures", "failures"] {
        if rng.percent(70) {
            status[counter] = json!(rng.below(6));
        }
    }
    if rng.percent(80) {
        status["lastAttemptedReleaseAction"] =
            json!(rng.word("install upgrade upgrade install rollback "));
    }
    let mut input = json!({ "metadata": { "name": "app", "namespace": "apps" }, "spec": spec, "status": status });
    if rng.percent(50) {
        input["defaultToRetryOnFailure"] = json!(rng.percent(70));
    }
    input
}

fn action_spec(rng: &mut Rng, action: &str) -> Value {
    let mut spec = json!({});
    if rng.percent(70) {
        let mut remediation = json!({});
        if rng.percent(70) {
            remediation["retries"] = json!(rng.between(0, 5) as i64 - 1);
        }
        for flag in ["ignoreTestFailures", "remediateLastFailure"] {
            if rng.percent(40) {
                remediation[flag] = json!(rng.percent(50));
            }
        }
        if action == "upgrade" && rng.percent(40) {
            remediation["strategy"] = json!(rng.word("rollback uninstall"));
        }
        spec["remediation"] = remediation;
    }
    if rng.percent(40) {
        let mut strategy = json!({ "name": rng.word("RetryOnFailure RemediateOnFailure") });
        if rng.percent(50) {
            strategy["retryInterval"] = json!(rng.word("5m 1h30m 90s 0s"));
        }
        spec["strategy"] = strategy;
    }
    spec
}
