//! Waiting for objects that a real server keeps, and what it does with events.

use std::sync::Arc;
use std::time::Duration;

use fluxcd_core::inventory::ObjectId;
use fluxcd_core::notify::{Report, Reporter};
use fluxcd_core::ready::Status;
use fluxcd_kube::Clock;
use fluxcd_kube::error::Class;
use fluxcd_kube::events::{ClusterEvents, EventSink, Queue, Recorder};
use fluxcd_kube::mapper::Mapper;
use fluxcd_kube::testing::ApiServer;
use fluxcd_kube::wait::{Deleted, Obstacle, WaitOptions, Waiter};
use k8s_openapi::api::core::v1::{ConfigMap, Event};
use kube::api::{Api, DeleteParams, DynamicObject, ListParams, Patch, PatchParams, PostParams};
use kube::core::{ApiResource, GroupVersionKind};
use kube::{Client, ResourceExt};
use serde_json::{Value, json};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::{namespace, server};

const POLL: Duration = Duration::from_millis(200);

fn waiter(client: &Client) -> Waiter {
    Waiter::new(client.clone(), Mapper::new(client.clone()))
}

fn options() -> WaitOptions {
    WaitOptions::within(Duration::from_secs(30)).every(POLL)
}

fn short() -> WaitOptions {
    WaitOptions::within(Duration::from_secs(1)).every(POLL)
}

fn id(namespace: &str, name: &str, group: &str, kind: &str) -> ObjectId {
    ObjectId {
        namespace: namespace.to_owned(),
        name: name.to_owned(),
        group: group.to_owned(),
        kind: kind.to_owned(),
    }
}

fn definition(group: &str, scope: &str) -> Value {
    json!({
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "metadata": {"name": format!("widgets.{group}")},
        "spec": {
            "group": group, "scope": scope,
            "names": {"kind": "Widget", "plural": "widgets", "singular": "widget"},
            "versions": [{
                "name": "v1", "served": true, "storage": true, "subresources": {"status": {}},
                "schema": {"openAPIV3Schema": {
                    "type": "object", "x-kubernetes-preserve-unknown-fields": true,
                }},
            }],
        },
    })
}

async fn apply(client: &Client, object: Value) {
    let group_version = object["apiVersion"].as_str().unwrap();
    let (group, version) = group_version.split_once('/').unwrap_or(("", group_version));
    let kind = object["kind"].as_str().unwrap();
    let kind = Mapper::new(client.clone())
        .resolve(&GroupVersionKind::gvk(group, version, kind))
        .await
        .unwrap();
    let api = kind.api(client.clone(), object["metadata"]["namespace"].as_str());
    let name = object["metadata"]["name"].as_str().unwrap();
    let params = PatchParams::apply("test").force();
    api.patch(name, &params, &Patch::Apply(&object))
        .await
        .unwrap();
}

fn widgets(client: &Client, group: &str, namespace: Option<&str>) -> Api<DynamicObject> {
    let gvk = GroupVersionKind::gvk(group, "v1", "Widget");
    let resource = ApiResource::from_gvk_with_plural(&gvk, "widgets");
    match namespace {
        Some(namespace) => Api::namespaced_with(client.clone(), namespace, &resource),
        None => Api::all_with(client.clone(), &resource),
    }
}

async fn set_ready(api: &Api<DynamicObject>, name: &str, conditions: Value) {
    let status = json!({"status": {"observedGeneration": 1, "conditions": conditions}});
    let params = PatchParams::default();
    api.patch_status(name, &params, &Patch::Merge(status))
        .await
        .unwrap();
}

/// The definition appears during the wait, then the object, then its status.
async fn custom_resources(server: &ApiServer, group: &str, scope: &str) {
    let client = server.client();
    let namespace = match scope {
        "Cluster" => String::new(),
        _ => namespace(&client, "wait").await,
    };
    let target = id(&namespace, "w", group, "Widget");
    let crd = id(
        "",
        &format!("widgets.{group}"),
        "apiextensions.k8s.io",
        "CustomResourceDefinition",
    );
    let waiter = waiter(&client);
    let (cancel, ids) = (CancellationToken::new(), [target.clone(), crd.clone()]);
    let (short, long) = (short(), options());
    let timed_out = waiter.wait(ids.clone(), &short, &cancel);
    let timed_out = timed_out.await.unwrap().into_result();
    let text = timed_out.unwrap_err().to_string();
    let lead = format!(
        "timeout waiting for: [CustomResourceDefinition/widgets.{group} status: 'NotFound', "
    );
    assert!(text.starts_with(&lead), "{text}");
    assert!(
        text.contains(&format!(
            "no matches for kind \"Widget\" in group {group:?}"
        )),
        "{text}"
    );

    let writes = async {
        sleep(2 * POLL).await;
        apply(&client, definition(group, scope)).await;
        waiter
            .wait([crd.clone()], &long, &cancel)
            .await
            .unwrap()
            .into_result()
            .unwrap();
        let api = widgets(&client, group, (scope != "Cluster").then_some(&*namespace));
        let mut object = json!({
            "apiVersion": format!("{group}/v1"), "kind": "Widget", "metadata": {"name": "w"}, "spec": {"a": 1},
        });
        if scope != "Cluster" {
            object["metadata"]["namespace"] = json!(namespace);
        }
        let object: DynamicObject = serde_json::from_value(object).unwrap();
        api.create(&PostParams::default(), &object).await.unwrap();
        let condition =
            |kind, status| json!([{"type": kind, "status": status, "reason": "a", "message": "b"}]);
        set_ready(&api, "w", condition("Ready", "False")).await;
        let pending = waiter.poll([target.clone()]).await.unwrap();
        assert_eq!(pending[&target].state.status, Status::InProgress);
        sleep(2 * POLL).await;
        set_ready(&api, "w", condition("Ready", "True")).await;
        api
    };
    let waited = waiter.wait(ids, &long, &cancel);
    let (api, waited) = tokio::join!(writes, waited);
    waited.unwrap().into_result().unwrap();

    let stalled = json!([{"type": "Stalled", "status": "True", "reason": "a", "message": "b"}]);
    set_ready(&api, "w", stalled).await;
    let failed = waiter.wait([target], &long, &cancel).await.unwrap();
    let text = failed.into_result().unwrap_err().to_string();
    assert!(text.starts_with("failed early"), "{text}");
}

#[tokio::test]
async fn custom_resources_of_a_namespace_are_waited_for_as_their_definition_appears() {
    if let Some(server) = server().await {
        custom_resources(&server, "namespaced.wait.example.com", "Namespaced").await;
    }
}

#[tokio::test]
async fn custom_resources_of_the_cluster_are_waited_for_as_their_definition_appears() {
    if let Some(server) = server().await {
        custom_resources(&server, "cluster.wait.example.com", "Cluster").await;
    }
}

#[tokio::test]
async fn an_object_is_gone_when_its_finalizers_are_and_a_kind_takes_its_objects_with_it() {
    let Some(server) = server().await else { return };
    let client = server.client();
    let namespace = namespace(&client, "gone").await;
    apply(
        &client,
        json!({
            "apiVersion": "v1", "kind": "ConfigMap",
            "metadata": {"name": "a", "namespace": namespace, "finalizers": ["example.com/hold"]},
        }),
    )
    .await;
    let maps: Api<ConfigMap> = Api::namespaced(client.clone(), &namespace);
    let uid = maps.get("a").await.unwrap().uid();
    let deleted = || Deleted {
        id: id(&namespace, "a", "", "ConfigMap"),
        uid: uid.clone(),
    };
    let (waiter, cancel) = (waiter(&client), CancellationToken::new());
    let obstacle = async || {
        let remaining = waiter
            .wait_gone([deleted()], &short(), &cancel)
            .await
            .unwrap();
        remaining.objects.into_values().next()
    };
    assert_eq!(obstacle().await, Some(Obstacle::NotDeleted));
    maps.delete("a", &DeleteParams::default()).await.unwrap();
    assert_eq!(
        obstacle().await,
        Some(Obstacle::Finalizers(vec!["example.com/hold".to_owned()]))
    );
    let release = async {
        sleep(2 * POLL).await;
        let patch = Patch::Merge(json!({"metadata": {"finalizers": null}}));
        maps.patch("a", &PatchParams::default(), &patch)
            .await
            .unwrap();
        apply(&client, json!({
            "apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a", "namespace": namespace},
        }))
        .await;
    };
    let long = options();
    let (_, gone) = tokio::join!(release, waiter.wait_gone([deleted()], &long, &cancel));
    gone.unwrap().into_result().unwrap();

    let group = "gone.wait.example.com";
    apply(&client, definition(group, "Namespaced")).await;
    let crd = id(
        "",
        &format!("widgets.{group}"),
        "apiextensions.k8s.io",
        "CustomResourceDefinition",
    );
    waiter
        .wait([crd], &long, &cancel)
        .await
        .unwrap()
        .into_result()
        .unwrap();
    let api = widgets(&client, group, Some(&namespace));
    let gvk = GroupVersionKind::gvk(group, "v1", "Widget");
    let object = DynamicObject::new("w", &ApiResource::from_gvk_with_plural(&gvk, "widgets"));
    api.create(&PostParams::default(), &object).await.unwrap();
    let widget = || [Deleted::from(id(&namespace, "w", group, "Widget"))];
    assert!(
        !waiter
            .wait_gone(widget(), &short(), &cancel)
            .await
            .unwrap()
            .objects
            .is_empty()
    );
    let remove = async {
        sleep(2 * POLL).await;
        let gvk = GroupVersionKind::gvk("apiextensions.k8s.io", "v1", "CustomResourceDefinition");
        let resource = ApiResource::from_gvk_with_plural(&gvk, "customresourcedefinitions");
        let definitions: Api<DynamicObject> = Api::all_with(client.clone(), &resource);
        let name = format!("widgets.{group}");
        definitions
            .delete(&name, &DeleteParams::default())
            .await
            .unwrap();
    };
    let (_, gone) = tokio::join!(remove, waiter.wait_gone(widget(), &long, &cancel));
    gone.unwrap().into_result().unwrap();
}

/// A recorder, its queue, and an object to tell of.
async fn recorder(client: &Client, namespace: &str) -> (Recorder, Queue, Value) {
    let maps: Api<ConfigMap> = Api::namespaced(client.clone(), namespace);
    let map: ConfigMap = serde_json::from_value(json!({"metadata": {
        "name": "told", "annotations": {"event.toolkit.fluxcd.io/env": "prod"},
    }}))
    .unwrap();
    let map = maps.create(&PostParams::default(), &map).await.unwrap();
    let queue = Queue::spawn(ClusterEvents::new(client.clone()), Queue::CAPACITY);
    let reporter = Reporter {
        controller: "demo-controller".to_owned(),
        instance: None,
    };
    let recorder = Recorder::new(reporter, Arc::new(queue.clone()));
    (recorder, queue, serde_json::to_value(map).unwrap())
}

#[tokio::test]
async fn events_of_any_length_are_kept_and_counted_and_kubectl_shows_them() {
    let Some(server) = server().await else { return };
    let client = server.client();
    let namespace = namespace(&client, "events").await;
    let (recorder, queue, object) = recorder(&client, &namespace).await;
    for _ in 0..3 {
        recorder.record(
            &object,
            Report::error("HealthCheckFailed", "it is not healthy"),
        );
    }
    recorder.record(&object, Report::info("Progressing", "ä".repeat(50_000)));
    recorder.record(
        &object,
        Report::info("R".repeat(500), "a").with("demo.example.com/revision", "main@sha1:1"),
    );
    assert_eq!(queue.flush(Duration::from_secs(30)).await, 0);
    assert_eq!((queue.tally().failed, queue.tally().delivered), (0, 5));

    let events: Api<Event> = Api::namespaced(client.clone(), &namespace);
    let found = events.list(&ListParams::default()).await.unwrap().items;
    assert_eq!(found.len(), 3);
    let by_reason = |reason: &str| {
        let mut found = found.iter();
        found
            .find(|event| {
                event
                    .reason
                    .as_deref()
                    .is_some_and(|text| text.starts_with(reason))
            })
            .unwrap()
    };
    let failed = by_reason("HealthCheckFailed");
    assert_eq!(
        (failed.count, failed.type_.as_deref()),
        (Some(3), Some("Warning"))
    );
    assert_eq!(failed.annotations()["event.toolkit.fluxcd.io/env"], "prod");
    let long = by_reason("Progressing").message.as_deref().unwrap();
    assert_eq!(long.chars().count(), 39_000);
    assert_eq!(
        by_reason("RRR").annotations()["demo.example.com/revision"],
        "main@sha1:1"
    );

    let kubectl = |arguments: &[&str]| {
        let output = server
            .kubectl()
            .args(["-n", &namespace])
            .args(arguments)
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let shown = kubectl(&[
        "get",
        "events",
        "--field-selector",
        "reason=HealthCheckFailed",
    ]);
    assert!(
        shown.contains("configmap/told") && shown.contains("it is not healthy"),
        "{shown}"
    );
    let described = kubectl(&["describe", "configmap", "told"]);
    let line = described
        .lines()
        .find(|line| line.contains("HealthCheckFailed"))
        .unwrap();
    assert!(
        line.contains("Warning") && line.contains("(x3 over") && line.contains("demo-controller"),
        "{line}"
    );
}

/// What the newer API of events takes, and the older one does not mind.
#[tokio::test]
async fn the_newer_api_of_events_refuses_what_controllers_of_flux_say() {
    let Some(server) = server().await else { return };
    let client = server.client();
    let namespace = namespace(&client, "limits").await;
    let gvk = GroupVersionKind::gvk("events.k8s.io", "v1", "Event");
    let api: Api<DynamicObject> = Api::namespaced_with(
        client.clone(),
        &namespace,
        &ApiResource::from_gvk_with_plural(&gvk, "events"),
    );
    let create = async |name: &str, note: usize, reason: usize, action: usize| {
        let event: DynamicObject = serde_json::from_value(json!({
            "apiVersion": "events.k8s.io/v1", "kind": "Event", "metadata": {"name": name, "namespace": namespace},
            "eventTime": Clock::system().now().to_rfc3339_opts(chrono::SecondsFormat::Micros, true),
            "regarding": {"apiVersion": "v1", "kind": "ConfigMap", "namespace": namespace, "name": "a"},
            "reportingController": "example.com/demo", "reportingInstance": "a", "type": "Normal",
            "note": "n".repeat(note), "reason": "r".repeat(reason), "action": "a".repeat(action),
        }))
        .unwrap();
        let created = api.create(&PostParams::default(), &event).await;
        created
            .map(|_| ())
            .map_err(|error| fluxcd_kube::error::classify(&error))
    };
    assert_eq!(create("fits", 1024, 128, 128).await, Ok(()));
    assert_eq!(create("note", 1025, 128, 128).await, Err(Class::Invalid));
    assert_eq!(create("reason", 1024, 129, 128).await, Err(Class::Invalid));
    assert_eq!(create("action", 1024, 128, 129).await, Err(Class::Invalid));
}

#[tokio::test]
async fn an_event_of_a_namespace_that_is_not_there_is_counted_as_lost() {
    let Some(server) = server().await else { return };
    let client = server.client();
    let queue = Queue::spawn(ClusterEvents::new(client), 10);
    let object = json!({
        "apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a", "namespace": "not-there"},
    });
    let event = Report::info("R", "m").about(&object, &Reporter::default(), Clock::system().now());
    queue.emit(event);
    assert_eq!(queue.flush(Duration::from_secs(30)).await, 0);
    assert_eq!(queue.tally().failed, 1);
}
