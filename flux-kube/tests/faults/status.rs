//! The column "status write" of the matrix.

mod faults;
mod laws;
mod random;

use std::time::Duration;

use fluxcd_core::condition::{self, Conditions};
use fluxcd_kube::error::Verb;
use fluxcd_kube::status::{StatusOptions, StatusWriter};
use fluxcd_kube::testing::{FakeApi, On, Recorded};
use fluxcd_kube::{Clock, Dice};
use kube::core::{ApiResource, GroupVersionKind};
use serde_json::{Value, json};

const API: &str = "kustomize.toolkit.fluxcd.io/v1";

/// An object that somebody else has written to as well, a writer for it, and what a reconciliation makes of it: a change of
/// each part.
struct Scene {
    api: FakeApi,
    writer: StatusWriter,
    after: Value,
}

fn scene() -> Scene {
    scene_with(|_| {})
}

fn scene_with(change: impl FnOnce(&mut StatusOptions)) -> Scene {
    let api = FakeApi::new();
    let base = api.put(kustomization());
    api.clear_requests();
    let mut options = options(&api);
    change(&mut options);
    let writer = StatusWriter::of_resource(api.client(), &resource(), &base, options).unwrap();
    let mut after = base;
    after["metadata"]["annotations"] = json!({"seen": "yes"});
    mark(&mut after, "True", "ReconciliationSucceeded");
    after["status"]["lastAppliedRevision"] = json!("main@sha1:2");
    Scene { api, writer, after }
}

fn options(api: &FakeApi) -> StatusOptions {
    let mut options = StatusOptions::default();
    options.clock = api.clock();
    options.dice = Dice::new(|| 0.5);
    options
}

fn kustomization() -> Value {
    json!({
        "apiVersion": API,
        "kind": "Kustomization",
        "metadata": {"name": "apps", "namespace": "default"},
        "spec": {"interval": "10m", "prune": true, "sourceRef": {"kind": "GitRepository", "name": "fleet"}},
        "status": {
            "observedGeneration": 0,
            "lastAppliedRevision": "main@sha1:1",
            "ofTheFuture": {"kept": [1, 2]},
            "conditions": [foreign()],
        },
    })
}

/// A condition of somebody else, with a member that no type here knows.
fn foreign() -> Value {
    json!({
        "type": "Audited", "status": "True", "reason": "Clean", "message": "no findings",
        "lastTransitionTime": "2025-01-01T00:00:00.5Z", "observedGeneration": 1, "auditor": "somebody",
    })
}

fn resource() -> ApiResource {
    let kind = GroupVersionKind::gvk("kustomize.toolkit.fluxcd.io", "v1", "Kustomization");
    ApiResource::from_gvk_with_plural(&kind, "kustomizations")
}

/// Sets `Ready` as a reconciliation of the object does.
fn mark(object: &mut Value, status: &str, reason: &str) {
    let generation = object["metadata"]["generation"].as_i64().unwrap();
    let now = "2026-01-01T00:00:00Z".parse().unwrap();
    let mut conditions = Conditions::new(condition::read(object), generation, now);
    match status {
        "True" => conditions.mark_true("Ready", reason, "applied"),
        _ => conditions.mark_false("Ready", reason, "not applied"),
    }
    object["status"]["conditions"] = serde_json::to_value(conditions.into_list()).unwrap();
}

impl Scene {
    fn live(&self) -> Value {
        self.api
            .get(API, "Kustomization", Some("default"), "apps")
            .unwrap()
    }

    fn live_condition(&self, type_: &str) -> Option<Value> {
        let live = self.live();
        let list = live["status"]["conditions"].as_array().unwrap();
        list.iter().find(|it| it["type"] == type_).cloned()
    }

    /// Everything is written, and nothing of others is lost.
    fn is_written(&self) {
        let live = self.live();
        assert_eq!(live["metadata"]["annotations"]["seen"], "yes");
        assert_eq!(live["status"]["lastAppliedRevision"], "main@sha1:2");
        assert_eq!(live["status"]["observedGeneration"], 1);
        assert_eq!(live["status"]["ofTheFuture"], json!({"kept": [1, 2]}));
        assert_eq!(self.live_condition("Ready").unwrap()["status"], "True");
        assert_eq!(self.live_condition("Audited"), Some(foreign()));
    }

    /// The requests so far: `G` reads, `C` writes conditions, `O` the object, `S` the rest of the status.
    fn sequence(&self) -> String {
        let letter = |request: &Recorded| {
            let body = request.body.as_ref();
            let is_locked =
                body.is_some_and(|it| it.pointer("/metadata/resourceVersion").is_some());
            match (request.verb, request.subresource.as_str()) {
                (Verb::Get, _) => 'G',
                (Verb::Patch, "status") if is_locked => 'C',
                (Verb::Patch, "status") => 'S',
                (Verb::Patch, "") => 'O',
                _ => '?',
            }
        };
        self.api.requests().iter().map(letter).collect()
    }
}

/// A write of the part that these letters name: see [`Scene::sequence`].
fn on(part: char) -> On {
    let patch = On::any().verb(Verb::Patch);
    match part {
        'C' => patch.subresource("status"),
        'O' => patch.subresource(""),
        'S' => patch.subresource("status").skip(1),
        _ => On::any().verb(Verb::Get),
    }
}

async fn elapsed<T>(work: impl Future<Output = T>) -> (T, Duration) {
    let begun = tokio::time::Instant::now();
    let done = work.await;
    (done, begun.elapsed())
}

fn fixed(time: &str) -> Clock {
    let time = time.parse().unwrap();
    Clock::new(move || time)
}
