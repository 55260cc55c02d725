//! Requests by annotation.

use serde_json::{Map, Value, json};

use crate::agree;
use crate::rng::Rng;

const REQUESTED: &str = "reconcile.fluxcd.io/requestedAt";
const FORCED: &str = "reconcile.fluxcd.io/forceAt";
const RESET: &str = "reconcile.fluxcd.io/resetAt";

#[test]
fn requests_are_handled_as_upstream_handles_them() {
    agree("request.handle", |rng| {
        json!({
            "annotations": annotations(rng),
            "key": rng.pick(&[FORCED, RESET, REQUESTED, "other"]),
            "lastHandledReconcileAt": token(rng),
            "lastHandled": token(rng),
        })
    });
}

#[test]
fn helm_releases_are_forced_and_reset_as_upstream_does_it() {
    agree("helm.annotations", |rng| {
        json!({
            "metadata": {"name": "x", "namespace": "y", "annotations": annotations(rng)},
            "spec": {"interval": "1m"},
            "status": {
                "lastHandledReconcileAt": token(rng),
                "lastHandledForceAt": token(rng),
                "lastHandledResetAt": token(rng),
            },
        })
    });
}

fn annotations(rng: &mut Rng) -> Value {
    let mut annotations = Map::new();
    for key in [REQUESTED, FORCED, RESET, "other"] {
        if rng.percent(75) {
            annotations.insert(key.to_owned(), json!(token(rng)));
        }
    }
    Value::Object(annotations)
}

fn token(rng: &mut Rng) -> &'static str {
    rng.pick(&["", "t1", "t1", "t1", "t2", "T1", "2026-08-07T12:30:45Z"])
}
