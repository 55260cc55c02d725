//! Objects of clusters, and variables of every type.

use serde_json::{Value, json};

use crate::rng::Rng;

/// The variables of [`super::grammar`], some of them absent.
pub(super) fn data(rng: &mut Rng) -> Value {
    let mut data = json!({
        "b": rng.percent(50),
        "i": rng.pick(&[3, 0, 1, -1, 7]),
        "n": rng.pick(&[-7, i64::MIN, -1]),
        "big": rng.pick(&[9_007_199_254_740_993, i64::MAX]),
        "f": rng.pick(&[2.5, 0.0, -1.0, 1e300, 3.0]),
        "s": rng.word("Hello wörld a True 日本"),
        "e": "",
        "d": rng.word("90s 1h -5m x 1h30m"),
        "ts": rng.word("2024-01-01T12:30:00Z 2024-06-30T23:59:59.5+02:00 x"),
        "z": null,
        "l": rng.pick(&[&[1, 2, 3][..], &[], &[1], &[2, 2, -1]]),
        "ls": rng.pick(&[&["b", "a", "c"][..], &[], &["a"], &["é", ""]]),
        "one": {"a": rng.pick(&[json!(1), json!({"b": 2}), json!(null)].each_ref())},
        "m": {"a": rng.pick(&[json!(1), json!("x"), json!([1])].each_ref()), "b-c": "x"},
        "o": {"k": [{"t": "A", "s": "True"}, {"t": "B", "s": "False"}]},
        "metadata": {"name": "app", "generation": rng.pick(&[1, 2, 3]), "labels": {"a/b": "c"}},
        "spec": {"suspend": rng.percent(30), "replicas": rng.below(4)},
        "status": {
            "observedGeneration": rng.pick(&[1, 2, 3]),
            "phase": rng.word("Running Failed Pending"),
            "ratio": rng.pick(&[0.5, 1.0]),
            "conditions": (0..rng.below(4)).map(|_| condition(rng)).collect::<Vec<_>>(),
        },
    });
    let members = data.as_object_mut().unwrap();
    members.retain(|_, _| !rng.percent(3));
    data
}

fn condition(rng: &mut Rng) -> Value {
    let mut condition = json!({
        "type": rng.word("Ready Stalled Reconciling Available"),
        "status": rng.word("True False Unknown"),
        "reason": rng.word("Succeeded Failed"),
        "observedGeneration": rng.pick(&[1, 2, 3]),
        "lastTransitionTime": "2024-01-01T12:30:00Z",
    });
    let members = condition.as_object_mut().unwrap();
    members.retain(|_, _| !rng.percent(8));
    condition
}
