//! Waiting for the end of objects.

use super::*;
use fluxcd_kube::Class;
use fluxcd_kube::testing::{Fault, On};
use fluxcd_kube::wait::{Deleted, Obstacle, Remaining};
use k8s_openapi::api::core::v1::ConfigMap;
use kube::api::{Api, DeleteParams};

const A: &str = "apps_a__ConfigMap";

async fn gone(api: &FakeApi, objects: impl IntoIterator<Item = Deleted>) -> Remaining {
    let (options, cancel) = (WaitOptions::within(SHORT), CancellationToken::new());
    waiter(api)
        .wait_gone(objects, &options, &cancel)
        .await
        .unwrap()
}

fn held(name: &str) -> Value {
    let mut map = config_map(name);
    map["metadata"]["finalizers"] = json!(["example.com/hold"]);
    map
}

async fn delete(api: &FakeApi, name: &str) {
    let maps: Api<ConfigMap> = Api::namespaced(api.client(), "apps");
    maps.delete(name, &DeleteParams::default()).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn an_object_is_gone_when_its_finalizers_are() {
    let api = FakeApi::new();
    api.put(held("a"));
    delete(&api, "a").await;
    let server = api.clone();
    after(7, move || {
        server.remove("v1", "ConfigMap", Some("apps"), "a")
    });
    let begun = Instant::now();
    gone(&api, [id(A).into(), id("apps_never__ConfigMap").into()])
        .await
        .into_result()
        .unwrap();
    assert_eq!(seconds(begun), 10.0);
    // What is gone is not read again.
    assert_eq!(
        requests(&api, "ConfigMap")
            .iter()
            .filter(|request| request.name == "never")
            .count(),
        1
    );
}

#[tokio::test(start_paused = true)]
async fn what_remains_says_what_keeps_it() {
    let api = FakeApi::new();
    api.put(held("a"));
    api.put(config_map("b"));
    api.put(deployment("web", 1));
    delete(&api, "a").await;
    api.fault(On::any().kind("Deployment").always(), Fault::Forbidden);
    let ids = [A, "apps_b__ConfigMap", "apps_web_apps_Deployment"];
    let begun = Instant::now();
    let remaining = gone(&api, ids.map(|text| id(text).into())).await;
    assert_eq!(seconds(begun), 20.0);
    let obstacle = |text| &remaining.objects[&id(text)];
    assert_eq!(
        *obstacle(A),
        Obstacle::Finalizers(vec!["example.com/hold".to_owned()])
    );
    assert_eq!(*obstacle("apps_b__ConfigMap"), Obstacle::NotDeleted);
    assert!(matches!(
        obstacle("apps_web_apps_Deployment"),
        Obstacle::Unreadable(_)
    ));
    let text = remaining.into_result().unwrap_err().to_string();
    let lead = "ConfigMap/apps/a termination timeout: context deadline exceeded; ConfigMap/apps/b termination timeout: ";
    assert!(text.starts_with(lead), "{text}");
}

#[tokio::test(start_paused = true)]
async fn another_object_of_that_name_is_another_object() {
    let api = FakeApi::new();
    api.put(config_map("a"));
    let uid = Some("of the one that was deleted".to_owned());
    let deleted = Deleted { id: id(A), uid };
    assert!(gone(&api, [deleted]).await.objects.is_empty());
    assert!(!gone(&api, [id(A).into()]).await.objects.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_kind_that_is_gone_takes_its_objects_with_it() {
    let api = FakeApi::new();
    let widget = id("apps_x_demo.example.com_Widget");
    assert!(gone(&api, [widget.into()]).await.objects.is_empty());

    let ids =
        ["a", "b", "c", "d"].map(|name| Deleted::from(id(&format!("apps_{name}_apps_Deployment"))));
    for name in ["a", "b", "c", "d"] {
        api.put(deployment(name, 1));
    }
    let server = api.clone();
    after(7, move || server.unserve("apps", "deployments"));
    let begun = Instant::now();
    assert!(gone(&api, ids).await.objects.is_empty());
    assert_eq!(seconds(begun), 10.0);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_fails_for_a_while_is_waited_for() {
    for fault in [
        Fault::status(500, "InternalError", "a"),
        Fault::Plain(503),
        Fault::RetryAfter {
            code: 429,
            seconds: 2,
        },
        Fault::Reset,
        Fault::Refused,
        Fault::Truncate,
        Fault::NotJson,
        Fault::Forbidden,
    ] {
        let api = FakeApi::new();
        api.fault(On::any().kind("ConfigMap").times(2), fault.clone());
        assert!(
            gone(&api, [id(A).into()]).await.objects.is_empty(),
            "{fault:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_was_seen_of_an_object_while_the_server_hangs() {
    let api = FakeApi::new();
    api.fault(On::any().always(), Fault::Hang);
    let begun = Instant::now();
    let remaining = gone(&api, [id(A).into()]).await;
    assert_eq!(remaining.objects[&id(A)], Obstacle::Unseen);
    assert_eq!(seconds(begun), 20.0);

    let cancel = CancellationToken::new();
    cancel.cancel();
    let waited = waiter(&api)
        .wait_gone([id(A).into()], &WaitOptions::default(), &cancel)
        .await;
    assert_eq!(waited.unwrap_err().class(), Class::Cancelled);
}
