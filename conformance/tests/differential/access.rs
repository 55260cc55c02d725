//! Who is let in by `accessFrom`.

use std::collections::BTreeMap;

use fluxcd_conformance::ops::TABLE;
use serde_json::{Map, Value, json};

use crate::agree;
use crate::rng::Rng;

#[test]
fn access_is_granted_as_upstream_grants_it() {
    agree("access.acl", acl_case);
}

/// Without it the test above could pass because nothing worth comparing is asked.
#[test]
fn access_reaches_every_outcome() {
    let mut hits = BTreeMap::<String, u64>::new();
    let acl = TABLE.iter().find(|op| op.name() == "access.acl").unwrap();
    for case in 0..20_000 {
        let outcome = match acl.run(&acl_case(&mut Rng::new(1, case))) {
            Ok(_) => "granted".to_owned(),
            Err(failure) if failure.message.contains("missing") => "missing".to_owned(),
            Err(failure) => failure.kind,
        };
        *hits.entry(outcome).or_default() += 1;
    }
    for outcome in ["granted", "missing", "denied", "namespace", "selector"] {
        let hits = hits.get(outcome).copied().unwrap_or_default();
        assert!(hits > 500, "{outcome}: {hits}");
    }
}

fn acl_case(rng: &mut Rng) -> Value {
    let mut case = json!({
        "namespace": rng.pick(&["a", "a", "a", ""]),
        "reference": {"namespace": rng.pick(&["b", "b", "b", "a", ""]), "name": "r"},
    });
    if rng.percent(85) {
        let selectors: Vec<_> = (0..rng.below(4)).map(|_| selector(rng)).collect();
        case["accessFrom"] = json!({"namespaceSelectors": selectors});
    }
    if rng.percent(85) {
        case["namespaceLabels"] = labels(rng, 3, 0);
    }
    case
}

fn selector(rng: &mut Rng) -> Value {
    match rng.below(12) {
        0 => json!({}),
        // One wrong label at most: of several, upstream names any.
        1 => json!({"matchLabels": labels(rng, 0, 1)}),
        2 => json!({"matchLabels": labels(rng, 2, 1)}),
        _ => json!({"matchLabels": labels(rng, 2, 0)}),
    }
}

fn labels(rng: &mut Rng, most: usize, wrong: usize) -> Value {
    let mut labels = Map::new();
    for _ in 0..rng.below(most + 1) {
        let key = rng.pick(&["team", "team", "stage", "example.com/x"]);
        labels.insert(key.to_owned(), json!(rng.pick(&["a", "a", "b", ""])));
    }
    for _ in 0..wrong {
        let (key, value) = (label_text(rng), label_text(rng));
        let key = match rng.below(3) {
            0 => "odd".to_owned(),
            1 => key,
            _ => format!("{key}/{}", label_text(rng)),
        };
        labels.insert(key, json!(value));
    }
    Value::Object(labels)
}

fn label_text(rng: &mut Rng) -> String {
    let length = rng.pick(&[0, 1, 1, 2, 3, 5, 8, 63, 64, 253, 254]);
    let pieces = match rng.percent(50) {
        true => &["a", "b", "1", "c"][..],
        false => &[
            "a", "A", "1", "-", "_", ".", "/", " ", "\n", "\"", "\u{7f}", "é",
        ],
    };
    (0..length).map(|_| rng.pick(pieces)).collect()
}
