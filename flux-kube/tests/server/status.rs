//! Status writes that only a real API server can judge.

use std::sync::Arc;

use fluxcd_core::condition::{self, Conditions};
use fluxcd_kube::Class;
use fluxcd_kube::mapper::Mapper;
use fluxcd_kube::status::{Part, StatusOptions, StatusWriter};
use fluxcd_kube::testing::ApiServer;
use kube::api::{DynamicObject, Patch, PatchParams, PostParams};
use kube::core::{ApiResource, GroupVersionKind};
use kube::{Api, Client};
use serde_json::{Value, json};

use crate::{crds, namespace, server};

fn resource(group: &str, version: &str, kind: &str) -> ApiResource {
    ApiResource::from_gvk(&GroupVersionKind::gvk(group, version, kind))
}

fn kustomization(name: &str) -> Value {
    json!({
        "apiVersion": "kustomize.toolkit.fluxcd.io/v1", "kind": "Kustomization",
        "metadata": {"name": name},
        "spec": {"interval": "10m", "prune": true, "sourceRef": {"kind": "GitRepository", "name": "fleet"}},
    })
}

/// A namespace for Kustomizations.
struct Ground {
    client: Client,
    api: Api<DynamicObject>,
    kind: ApiResource,
    _server: Arc<ApiServer>,
}

async fn ground() -> Option<Ground> {
    let server = server().await?;
    let client = server.client();
    crds::install(&client).await;
    let namespace = namespace(&client, "status").await;
    let kind = resource("kustomize.toolkit.fluxcd.io", "v1", "Kustomization");
    Some(Ground {
        api: Api::namespaced_with(client.clone(), &namespace, &kind),
        client,
        kind,
        _server: server,
    })
}

impl Ground {
    fn writer(&self, base: &Value, options: StatusOptions) -> StatusWriter {
        StatusWriter::of_resource(self.client.clone(), &self.kind, base, options).unwrap()
    }
}

async fn create(api: &Api<DynamicObject>, object: Value) -> Value {
    let object = serde_json::from_value(object).unwrap();
    let created = api.create(&PostParams::default(), &object).await.unwrap();
    serde_json::to_value(created).unwrap()
}

async fn live(api: &Api<DynamicObject>, name: &str) -> Value {
    serde_json::to_value(api.get(name).await.unwrap()).unwrap()
}

fn mark(object: &mut Value, type_: &str, message: &str) {
    let generation = object["metadata"]["generation"].as_i64().unwrap();
    let now = chrono::DateTime::from_timestamp(1_767_225_600, 0).unwrap();
    let mut conditions = Conditions::new(condition::read(object), generation, now);
    conditions.mark_true(type_, "Succeeded", message);
    object["status"]["conditions"] = serde_json::to_value(conditions.into_list()).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn two_writers_race_and_none_loses_a_condition() {
    let Some(ground) = ground().await else { return };
    let api = &ground.api;
    let base = create(api, kustomization("apps")).await;

    let write = |type_: &'static str| {
        let mut writer = ground.writer(&base, StatusOptions::owning([type_]));
        let mut after = base.clone();
        async move {
            for round in 0..20 {
                mark(&mut after, type_, &format!("round {round}"));
                writer.write(&after).await.unwrap();
            }
        }
    };
    let race = [tokio::spawn(write("Ready")), tokio::spawn(write("Audited"))];
    for writer in race {
        writer.await.unwrap();
    }
    let live = live(api, "apps").await;
    for type_ in ["Ready", "Audited"] {
        let conditions = condition::read(&live);
        let condition = condition::find(&conditions, type_).unwrap();
        assert_eq!(condition.message, "round 19");
    }
    assert_eq!(live["status"]["observedGeneration"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_without_changes_keeps_the_resource_version() {
    let Some(ground) = ground().await else { return };
    let api = &ground.api;
    let base = create(api, kustomization("apps")).await;
    let options = StatusOptions::default();
    let mut writer = ground.writer(&base, options.clone());
    let mut after = base.clone();
    after["metadata"]["labels"] = json!({"seen": "yes"});
    after["status"]["lastAppliedRevision"] = json!("main@sha1:1");
    mark(&mut after, "Ready", "applied");
    writer.write(&after).await.unwrap();
    let written = live(api, "apps").await;
    assert_eq!(written["metadata"]["generation"], 1);
    assert_eq!(written["metadata"]["labels"]["seen"], "yes");
    assert_eq!(written["status"]["lastAppliedRevision"], "main@sha1:1");

    // The same again, by a writer whose base is from before the first write: all three parts are as they are to be.
    let mut writer = ground.writer(&base, options);
    let report = writer.write(&after).await.unwrap();
    assert_eq!(report.conditions, Part::Unchanged);
    assert_eq!(
        (report.object, report.status),
        (Part::Written, Part::Written)
    );
    let again = live(api, "apps").await;
    assert_eq!(
        again["metadata"]["resourceVersion"],
        written["metadata"]["resourceVersion"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kind_without_status_takes_its_metadata() {
    let Some(server) = server().await else { return };
    let client = server.client();
    crds::install(&client).await;
    let namespace = namespace(&client, "status").await;
    for version in ["v1", "v1beta3"] {
        let (group, kind) = ("notification.toolkit.fluxcd.io", "Provider");
        let resource = resource(group, version, kind);
        let api = Api::namespaced_with(client.clone(), &namespace, &resource);
        let name = format!("slack-{version}");
        let provider = json!({
            "apiVersion": format!("{group}/{version}"), "kind": kind, "metadata": {"name": name},
            "spec": {"type": "slack", "address": "https://slack.com/api/chat.postMessage"},
        });
        let base = create(&api, provider).await;
        let mapper = Mapper::new(client.clone());
        let gvk = GroupVersionKind::gvk(group, version, kind);
        let known = mapper.resolve(&gvk).await.unwrap();
        let options = StatusOptions::default();
        let writer = StatusWriter::of_kind(client.clone(), &known, &base, options);
        let mut after = base;
        after["metadata"]["finalizers"] = json!(["finalizers.fluxcd.io"]);
        mark(&mut after, "Ready", "initialized");
        let report = writer.unwrap().write(&after).await.unwrap();
        assert_eq!(
            (report.conditions, report.object),
            (Part::Unchanged, Part::Written)
        );
        let live = live(&api, &name).await;
        assert_eq!(
            live["metadata"]["finalizers"],
            json!(["finalizers.fluxcd.io"])
        );
        assert_eq!(live.get("status"), None);
    }
}

/// What the writer counts on: a merge patch for one object is refused for another one of the same name.
#[tokio::test(flavor = "multi_thread")]
async fn an_object_that_made_place_for_another_is_not_written_to() {
    let Some(ground) = ground().await else { return };
    let api = &ground.api;
    let base = create(api, kustomization("apps")).await;
    let options = StatusOptions::default();
    let mut writer = ground.writer(&base, options);
    api.delete("apps", &Default::default()).await.unwrap();
    let other = create(api, kustomization("apps")).await;

    let mut after = base.clone();
    after["metadata"]["labels"] = json!({"seen": "yes"});
    after["status"]["lastAppliedRevision"] = json!("main@sha1:1");
    mark(&mut after, "Ready", "applied");
    let error = writer.write(&after).await.unwrap_err();
    assert_eq!(error.class(), Class::NotFound);
    assert_eq!(error.failures().len(), 3, "{error}");
    assert_eq!(live(api, "apps").await, other);

    // The right uid in a body changes nothing.
    let body = json!({"metadata": {"uid": other["metadata"]["uid"], "labels": {"seen": "yes"}}});
    let patched = api
        .patch("apps", &PatchParams::default(), &Patch::Merge(&body))
        .await;
    assert_eq!(patched.unwrap().metadata.labels.unwrap()["seen"], "yes");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_object_goes_with_its_last_finalizer_and_that_is_no_failure() {
    let Some(ground) = ground().await else { return };
    let api = &ground.api;
    let mut object = kustomization("apps");
    object["metadata"]["finalizers"] = json!(["finalizers.fluxcd.io"]);
    create(api, object).await;
    api.delete("apps", &Default::default()).await.unwrap();
    let base = live(api, "apps").await;
    let options = StatusOptions::default();
    let mut writer = ground.writer(&base, options);
    let mut after = base;
    after["metadata"]["finalizers"] = json!(null);
    after["status"]["lastAppliedRevision"] = json!("main@sha1:1");
    let report = writer.write(&after).await.unwrap();
    assert_eq!((report.object, report.status), (Part::Written, Part::Gone));
}
