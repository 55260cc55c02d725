//! Objects of the built-in kinds, made from the table that the library converts them with.

use std::collections::BTreeSet;

use fluxcd_core::ssa::normalize::{Conversion, Error, normalize};
use serde_json::{Map, Value, json};

use crate::agree;
use crate::rng::Rng;
use crate::value::json_value;

#[path = "../../../flux-core/src/ssa/normalize/shapes.rs"]
mod shapes;
use shapes::{KINDS, OTHERS, SHAPES};

#[test]
fn objects_are_normalised_as_upstream_normalises_them() {
    agree("ssa.normalize", |rng| json!({"object": object(rng)}));
}

#[test]
fn results_of_dry_runs_are_mended_as_upstream_mends_them() {
    agree(
        "ssa.normalize_dry_run",
        |rng| json!({"object": autoscaler(rng)}),
    );
}

#[test]
fn labels_and_annotations_are_set_as_upstream_sets_them() {
    agree("ssa.metadata", |rng| {
        let texts = |rng: &mut Rng| {
            let texts = (0..rng.below(3))
                .map(|_| (rng.word("a b c x.y/z").to_owned(), json!(rng.word("a b "))))
                .collect();
            Value::Object(texts)
        };
        let map = |rng: &mut Rng| {
            let mut map = texts(rng);
            if rng.percent(20) {
                map[rng.word("a b")] = if rng.percent(50) {
                    Value::Null
                } else {
                    json!(1)
                };
            }
            match rng.below(8) {
                0 => Value::Null,
                1 => json_value(rng, 3),
                _ => map,
            }
        };
        let mut object = json!({"kind": "X"});
        match rng.below(8) {
            0 => {}
            1 => object["metadata"] = json_value(rng, 3),
            _ => {
                for field in ["labels", "annotations"] {
                    if rng.percent(70) {
                        object["metadata"][field] = map(rng);
                    }
                }
            }
        }
        let mut input = json!({"object": object});
        if rng.percent(50) {
            input["owner"] = json!({"name": rng.word("a b "), "namespace": "ns"});
        }
        if rng.percent(70) {
            input["common"] = json!({});
            for field in ["labels", "annotations"] {
                if rng.percent(70) {
                    input["common"][field] = texts(rng);
                }
            }
        }
        input
    });
}

/// How much of an object does not fit its type.
#[derive(Clone, Copy)]
struct Wrong(usize);

fn object(rng: &mut Rng) -> Value {
    let wrong = Wrong(rng.pick(&[0, 0, 0, 1, 3, 8]));
    let (version, kinds) = rng.pick(KINDS);
    let (kind, shape) = rng.pick(kinds);
    let (version, kind, shape) = match rng.below(100) {
        0..40 => (version, kind, shape),
        40..88 => {
            let (version, kind) = rng.pick(&[
                ("v1", "Pod"),
                ("v1", "Service"),
                ("v1", "Secret"),
                ("apps/v1", "Deployment"),
                ("apps/v1", "StatefulSet"),
                ("apps/v1", "DaemonSet"),
                ("apps/v1", "ReplicaSet"),
                ("batch/v1", "Job"),
                ("batch/v1", "CronJob"),
            ]);
            (version, kind, numbered(version, kind))
        }
        88..92 => (
            "apiextensions.k8s.io/v1",
            rng.pick(&["CustomResourceDefinition", "customresourcedefinition", "X"]),
            shape,
        ),
        92..95 => (
            rng.pick(&["/v1", "example.com/v1", "a/b/c", "", "apps/", "apps/v2"]),
            kind,
            shape,
        ),
        95..97 => (
            "rbac.authorization.k8s.io/v1",
            rng.pick(&["Role", "ClusterRole", "RoleBinding"]),
            shape,
        ),
        _ => {
            let (version, kinds) = rng.pick(OTHERS);
            (version, rng.pick(kinds), shape)
        }
    };
    let mut object = members(rng, SHAPES[usize::from(shape)], wrong, 0);
    object.insert("apiVersion".to_owned(), json!(version));
    object.insert("kind".to_owned(), json!(kind));
    if rng.percent(10) {
        object.insert("status".to_owned(), json!({"phase": "x"}));
    }
    if rng.percent(1) {
        object.insert(
            rng.word("metadata kind apiVersion").to_owned(),
            json_value(rng, 3),
        );
    }
    Value::Object(object)
}

fn numbered(version: &str, kind: &str) -> u16 {
    let (_, kinds) = KINDS.iter().find(|(known, _)| *known == version).unwrap();
    kinds.iter().find(|(known, _)| *known == kind).unwrap().1
}

fn autoscaler(rng: &mut Rng) -> Value {
    let version = rng.pick(&[
        "autoscaling/v2",
        "autoscaling/v2",
        "autoscaling/v2",
        "autoscaling/v1",
        "autoscaling/v2beta2",
    ]);
    let kind = if rng.percent(95) {
        "HorizontalPodAutoscaler"
    } else {
        "Deployment"
    };
    let known = if version == "autoscaling/v2beta2" {
        "autoscaling/v2"
    } else {
        version
    };
    let wrong = Wrong(rng.pick(&[0, 0, 0, 1]));
    let mut object = members(
        rng,
        SHAPES[usize::from(numbered(known, "HorizontalPodAutoscaler"))],
        wrong,
        0,
    );
    object.insert("apiVersion".to_owned(), json!(version));
    object.insert("kind".to_owned(), json!(kind));
    if rng.percent(80) {
        let target = |rng: &mut Rng| {
            let mut target = Map::new();
            for key in ["value", "averageValue"] {
                if rng.percent(60) {
                    target.insert(
                        key.to_owned(),
                        json!(rng.word("1 1000m +1 01 2 2k 2000 2e3 1Ki 1024 1n 0.5n")),
                    );
                }
            }
            json!({"type": "Value", "target": target})
        };
        let metrics: Vec<Value> = (0..rng.below(5))
            .map(|_| match rng.below(10) {
                0 => json!({}),
                1 => json!({"type": ""}),
                2 => Value::Null,
                3 => json!({"type": "Object", "object": {"target": target(rng)["target"]}}),
                _ => {
                    let target = target(rng);
                    json!({"type": "Resource", "resource": {"name": rng.word("cpu memory"), "target": target["target"]}})
                }
            })
            .collect();
        if !object.get("spec").is_some_and(Value::is_object) {
            object.insert("spec".to_owned(), json!({}));
        }
        object["spec"]["metrics"] = Value::Array(metrics);
    }
    Value::Object(object)
}

fn members(rng: &mut Rng, shape: &str, wrong: Wrong, depth: usize) -> Map<String, Value> {
    let mut members = Map::new();
    let fields: Vec<&str> = shape.split(' ').filter(|field| !field.is_empty()).collect();
    // Large types would grow without end.
    let wanted = 4 + 60 / (1 + depth);
    for field in &fields {
        let (name, kind) = field.split_once(':').unwrap();
        let name = name.trim_end_matches(['?', '!']);
        let is_way = matches!(
            name,
            "metadata" | "spec" | "template" | "jobTemplate" | "containers" | "ports"
        );
        if rng.below(fields.len()) < wanted && rng.percent(if is_way { 90 } else { 45 }) {
            members.insert(name.to_owned(), value(rng, kind, wrong, depth + 1));
        }
    }
    if rng.below(300) < wrong.0 + 6 {
        let near = fields.first().map_or("x", |field| {
            field.split_once('?').map_or("x", |(name, _)| name)
        });
        let key = match rng.below(4) {
            0 => near.to_uppercase(),
            1 => near.to_lowercase() + "s",
            _ => rng.word("- metadata Spec inline TypeMeta x.y/z").to_owned(),
        };
        members.insert(key, json_value(rng, 3));
    }
    members
}

fn value(rng: &mut Rng, kind: &str, wrong: Wrong, depth: usize) -> Value {
    if rng.below(1000) < wrong.0 * 2 {
        return match rng.below(4) {
            0 => json!(quantity(rng)),
            1 => number(rng),
            _ => json_value(rng, 2),
        };
    }
    if rng.percent(2) {
        return Value::Null;
    }
    let few = if depth > 6 { 2 } else { 4 };
    if let Some(inner) = kind.strip_prefix('*') {
        return value(rng, inner, wrong, depth);
    }
    if let Some(inner) = kind.strip_prefix("[]") {
        return (0..rng.below(few))
            .map(|_| value(rng, inner, wrong, depth + 1))
            .collect();
    }
    if let Some(inner) = kind.strip_prefix("{}") {
        let keys = (0..rng.below(few))
            .map(|_| rng.word("a b c cpu - x.y/z").to_owned())
            .collect::<BTreeSet<_>>();
        return Value::Object(
            keys.into_iter()
                .map(|key| (key, value(rng, inner, wrong, depth + 1)))
                .collect(),
        );
    }
    match kind {
        "string" => json!(rng.word("a b TCP UDP Resource é  0 true")),
        "bool" => json!(rng.percent(50)),
        "int32" | "int64" => match rng.below(100) {
            0..80 => json!(rng.below(90)),
            _ => whole(rng),
        },
        "bytes" => bytes(rng, wrong),
        "time" | "microtime" => json!(time(rng, kind, wrong)),
        "quantity" => match rng.below(10) {
            0..6 => json!(
                rng.word("1 100m 0.5 1Gi 1024Mi 1500m 128Mi 2 0 1k 1000 05 +5 -1 1e3 1E3 1e-3")
            ),
            6 => whole(rng),
            7 if wrong.0 > 0 => json!(quantity(rng)),
            _ => json!(plain_quantity(rng)),
        },
        "port" => match rng.below(4) {
            0 => json!(rng.word("http 80 a ")),
            1 => json!(rng.pick(&[8080.0, -0.0, 1e9, -3.0])),
            _ => json!(rng.below(65_536)),
        },
        "any" => json_value(rng, 2),
        shape => Value::Object(members(
            rng,
            SHAPES[shape.parse::<usize>().unwrap()],
            wrong,
            depth,
        )),
    }
}

/// A number that any integer takes; not all of them keep it.
fn whole(rng: &mut Rng) -> Value {
    match rng.below(4) {
        0 => json!(rng.pick(&[
            0.0,
            -0.0,
            1.0,
            2.0,
            1e10,
            1e18,
            1e19,
            -1e19,
            1e20,
            1e21,
            1e300,
            9007199254740993.0
        ])),
        1 => json!(rng.next() as i64),
        2 => json!(rng.next() >> rng.below(64)),
        _ => json!((rng.next() >> rng.below(64)) as f64),
    }
}

fn number(rng: &mut Rng) -> Value {
    match rng.below(4) {
        0 => json!(f64::from_bits(rng.next())),
        1 => json!(rng.below(1000) as f64 / 64.0),
        2 => json!(rng.below(1000) as f64 * 1e-9),
        _ => whole(rng),
    }
}

fn bytes(rng: &mut Rng, wrong: Wrong) -> Value {
    if wrong.0 == 0 {
        return json!(rng.pick(&["", "YQ==", "YWI=", "YWJj", "YR==", "Y\nQ=\r\n=", "\n"]));
    }
    if rng.percent(5) {
        let items = [
            json!(1),
            json!(300),
            json!(-1),
            json!(2.0),
            Value::Null,
            json!("a"),
        ];
        return (0..rng.below(4))
            .map(|_| items[rng.below(items.len())].clone())
            .collect();
    }
    json!(
        (0..rng.below(10))
            .map(|_| rng.pick(&['Y', 'Q', '=', '\n', '\r', '-', '+', '/', '9']))
            .collect::<String>()
    )
}

fn time(rng: &mut Rng, kind: &str, wrong: Wrong) -> String {
    let year = rng.word("2024 2024 2024 2024 0001 0000 9999");
    let (month, day, hour) = (1 + rng.below(12), 1 + rng.below(28), rng.below(24));
    let (minute, second) = (rng.below(60), rng.below(60));
    let fraction = match (kind, rng.below(4)) {
        ("time", 0..2) => "",
        ("time", _) => rng.pick(&[".5", ",123", ".123456789123", ".000000"]),
        (_, 0) => ".000000",
        _ => rng.pick(&[".123456", ",000001", ".+12345", ".999999"]),
    };
    let zone = rng.word("Z Z Z +00:00 -07:30 +23:59 +24:60 -24:00 +14:00");
    let mut text =
        format!("{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}{zone}");
    if rng.percent(3) {
        text = format!(
            "0001-01-01T00:00:00{}Z",
            if kind == "time" { "" } else { ".000000" }
        );
    }
    if wrong.0 > 0 && rng.percent(30) {
        let at = rng.below(text.len());
        let with = rng.word("0 1 9 - + : T Z . , 31 60 24");
        let end = (at + rng.below(3)).min(text.len());
        text.replace_range(at..end, with);
    }
    text
}

fn plain_quantity(rng: &mut Rng) -> String {
    let digits = |rng: &mut Rng, most: usize| {
        let count = rng.below(most);
        (0..count)
            .map(|_| rng.word("0 0 0 1 2 5 8 9"))
            .collect::<String>()
    };
    let sign = rng.pick(&["", "", "", "", "+", "-"]);
    let most = rng.pick(&[4, 4, 8, 20, 40]);
    let whole = digits(rng, most);
    let point = if rng.percent(40) {
        ".".to_owned() + &digits(rng, most)
    } else {
        String::new()
    };
    let suffix = match rng.below(10) {
        0..3 => "".to_owned(),
        3..8 => rng.word("n u m k M G T P E Ki Mi Gi Ti Pi Ei").to_owned(),
        _ => format!(
            "{}{}{}",
            rng.pick(&['e', 'E']),
            rng.pick(&["", "+", "-"]),
            rng.pick(&[0, 1, 2, 3, 6, 9, 10, 18, 21, 40])
        ),
    };
    // Without a digit it is none where the exponent is low, which would spoil the object.
    let whole = if whole.is_empty() && point.len() < 2 {
        "7".to_owned()
    } else {
        whole
    };
    sign.to_owned() + &whole + &point + &suffix
}

fn quantity(rng: &mut Rng) -> String {
    let plain = plain_quantity(rng);
    match rng.below(8) {
        0 => rng.word("+ - . e E Ki . .Ki -.5Ki +.e-10 e-10 0e-10 1e2147483647 10e2147483646 1e4294967299").to_owned(),
        1 => format!("{plain}{}", rng.word("i . e x n - 0 Mi")),
        2 => rng.pick(&[" ", "\u{a0}", "\t", "\u{2028}", "\u{85}"]).to_owned() + &plain,
        3 => plain + rng.pick(&[" ", "\u{3000}", "\n", "\""]),
        _ => plain,
    }
}

#[test]
fn the_generator_reaches_every_kind_and_every_outcome() {
    let (mut kinds, mut outcomes) = (BTreeSet::new(), BTreeSet::new());
    for case in 0..20_000 {
        let mut object = object(&mut Rng::new(1, case));
        let kind = format!("{} {}", object["apiVersion"], object["kind"]);
        outcomes.insert(match normalize(&mut object) {
            Ok(done) if !done.dropped.is_empty() => "dropped",
            Ok(done) => match done.conversion {
                Conversion::Converted => {
                    kinds.insert(kind);
                    "converted"
                }
                Conversion::Exempt => "exempt",
                Conversion::Unknown => "unknown",
                Conversion::Mismatch(_) => "mismatch",
            },
            Err(Error::NotAnObject { .. }) => "no object",
            Err(_) => "other",
        });
    }
    let known: usize = KINDS.iter().map(|(_, kinds)| kinds.len()).sum();
    // Role and ClusterRole are left alone.
    assert!(kinds.len() >= known - 2, "{} of {known}", kinds.len());
    let all = [
        "converted",
        "dropped",
        "exempt",
        "mismatch",
        "no object",
        "unknown",
    ];
    assert_eq!(outcomes.into_iter().collect::<Vec<_>>(), all);
}
