//! The column "wait" of the matrix.

mod faults;
mod gone;
mod rules;

use std::time::Duration;

use fluxcd_core::inventory::ObjectId;
use fluxcd_core::ready::Status;
use fluxcd_kube::Error;
use fluxcd_kube::error::Verb;
use fluxcd_kube::mapper::Mapper;
use fluxcd_kube::testing::{FakeApi, Recorded};
use fluxcd_kube::wait::{Outcome, WaitOptions, Waiter};
use serde_json::{Value, json};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

fn waiter(api: &FakeApi) -> Waiter {
    let client = api.client();
    Waiter::new(client.clone(), Mapper::new(client)).with_clock(api.clock())
}

fn id(text: &str) -> ObjectId {
    ObjectId::parse(text).unwrap()
}

/// Five seconds between polls, one minute in all.
async fn wait(api: &FakeApi, ids: &[&str]) -> Outcome {
    let ids = ids.iter().map(|text| id(text));
    let waited = wait_by(&waiter(api), ids, &WaitOptions::default()).await;
    waited.unwrap()
}

async fn wait_by(
    waiter: &Waiter,
    ids: impl IntoIterator<Item = ObjectId>,
    options: &WaitOptions,
) -> Result<Outcome, Error> {
    waiter.wait(ids, options, &CancellationToken::new()).await
}

fn text(outcome: Outcome) -> String {
    outcome.into_result().unwrap_err().to_string()
}

/// Runs beside a test.
fn after(seconds: u64, what: impl FnOnce() + Send + 'static) {
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_secs(seconds)).await;
        what();
    });
}

fn config_map(name: &str) -> Value {
    json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": "apps"}})
}

fn deployment(name: &str, ready: u32) -> Value {
    json!({
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": {"name": name, "namespace": "apps"},
        "spec": {"replicas": 1, "selector": {"matchLabels": {"app": name}}},
        "status": {
            "observedGeneration": 1, "replicas": 1, "updatedReplicas": 1,
            "readyReplicas": ready, "availableReplicas": ready,
            "conditions": [
                {"type": "Available", "status": "True", "reason": "", "message": ""},
                {"type": "Progressing", "status": "True", "reason": "NewReplicaSetAvailable", "message": ""},
            ],
        },
    })
}

fn stateful_set(name: &str, ready: u32) -> Value {
    json!({
        "apiVersion": "apps/v1", "kind": "StatefulSet",
        "metadata": {"name": name, "namespace": "apps"},
        "spec": {"replicas": 1, "selector": {"matchLabels": {"app": name}}},
        "status": {"replicas": 1, "readyReplicas": ready, "currentReplicas": 1},
    })
}

fn pod(name: &str, waiting: &str) -> Value {
    json!({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": {"name": name, "namespace": "apps", "labels": {"app": name}},
        "status": {
            "phase": "Running",
            "containerStatuses": [{"name": "a", "state": {"waiting": {"reason": waiting}}}],
        },
    })
}

/// What was asked of a kind.
fn requests(api: &FakeApi, kind: &str) -> Vec<Recorded> {
    let mut requests = api.requests();
    requests.retain(|request| request.kind == kind);
    requests
}

fn seconds(since: Instant) -> f64 {
    since.elapsed().as_secs_f64()
}

const SHORT: Duration = Duration::from_secs(20);
