//! Runs of source-controller.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::agree;
use crate::rng::Rng;

/// Inputs that are looked at to see what the generator reaches.
const SAMPLE: u64 = 20_000;
const TYPES: &str = "Ready Reconciling Stalled FetchFailed ArtifactInStorage SourceVerified StorageOperationFailed \
    BuildFailed IncludeUnavailable ArtifactOutdated";

#[test]
fn runs_end_as_those_of_source_controller() {
    agree("source.requeue", requeue);
}

#[test]
fn runs_make_sources_ready_as_source_controller_does() {
    agree("source.finish", |rng| {
        let mut input = requeue(rng);
        input["kind"] =
            json!(rng.word("Bucket GitRepository HelmChart HelmRepository OCIRepository"));
        input
    });
}

fn requeue(rng: &mut Rng) -> Value {
    let mut types: Vec<&str> = TYPES.split(' ').filter(|_| rng.percent(30)).collect();
    if rng.percent(50) {
        types.reverse();
    }
    let conditions = types.into_iter().map(|type_| {
        json!({
            "type": type_,
            "status": rng.pick(&["True", "True", "False", "Unknown"]),
            "reason": rng.pick(&["x", "ProgressingWithRetry", "Why"]),
            "message": rng.pick(&["m", "boom", ""]),
            "observedGeneration": rng.between(1, 4),
            "lastTransitionTime": "2026-01-01T00:00:00Z",
        })
    });
    let mut input = json!({
        "conditions": conditions.collect::<Vec<_>>(),
        "generation": rng.between(1, 4),
        "interval": rng.pick(&[60, 60, 3_600, 0]),
        "result": rng.pick(&["empty", "requeue", "success"]),
    });
    if rng.percent(75) {
        input["error"] = json!({
            "kind": rng.pick(&["stalling", "waiting", "generic", "generic_ignore", "plain"]),
            "reason": rng.pick(&["Why", "x"]),
            "message": rng.pick(&["boom", "m", ""]),
            "requeue_after": rng.pick(&[0, 0, 30, 1]),
        });
    }
    input
}

/// Without it the test above could pass because nothing worth comparing is asked.
#[test]
fn every_error_meets_every_result_and_every_condition() {
    let mut met = BTreeSet::new();
    for case in 0..SAMPLE {
        let input = requeue(&mut Rng::new(1, case));
        let error = input["error"]["kind"].as_str().unwrap_or("none");
        let is_waiting = input["error"]["requeue_after"] == 30;
        let types: Vec<_> = input["conditions"].as_array().unwrap().iter().collect();
        let has = |type_: &str| {
            let is_true = |it: &&&Value| it["type"] == type_ && it["status"] == "True";
            types.iter().find(is_true).is_some()
        };
        met.insert(format!(
            "{error} {} {is_waiting} {} {} {}",
            input["result"],
            has("Reconciling"),
            has("Stalled"),
            types.is_empty(),
        ));
    }
    // Five conditions, or none at all, with each of three results, and each of five errors that waits or not, or no error.
    assert_eq!(met.len(), 5 * 3 * (5 * 2 + 1));
}
