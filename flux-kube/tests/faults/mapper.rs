//! Finding kinds.

use std::time::Duration;

use fluxcd_kube::error::{Class, Verb};
use fluxcd_kube::mapper::Mapper;
use fluxcd_kube::testing::{Establish, FakeApi, Fault, On};
use kube::core::GroupVersionKind;
use serde_json::json;

fn widget() -> GroupVersionKind {
    GroupVersionKind::gvk("example.com", "v1", "Widget")
}

fn definition() -> serde_json::Value {
    json!({
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "metadata": {"name": "widgets.example.com"},
        "spec": {
            "group": "example.com", "scope": "Cluster",
            "names": {"kind": "Widget", "plural": "widgets"},
            "versions": [{"name": "v1", "served": true, "storage": true}],
        },
    })
}

#[tokio::test(start_paused = true)]
async fn a_kind_that_is_not_served_yet_is_looked_for_again_but_not_all_the_time() {
    let api = FakeApi::new();
    let mapper = Mapper::new(api.client());
    for _ in 0..100 {
        let error = mapper.resolve(&widget()).await.unwrap_err();
        assert_eq!(error.class(), Class::NotFound);
        assert_eq!(
            error.to_string(),
            "discover Widget: no matches for kind \"Widget\" in version \"example.com/v1\""
        );
    }
    // One question about all groups, and one about the group that is not among them.
    assert_eq!(api.requests().len(), 2);
    api.put(definition());
    tokio::time::sleep(Duration::from_secs(1)).await;
    let kind = mapper.resolve(&widget()).await.unwrap();
    assert_eq!(
        (kind.resource.plural.as_str(), kind.is_namespaced()),
        ("widgets", false)
    );
    assert_eq!(api.requests().len(), 3);
    assert_eq!(mapper.resolve(&widget()).await.unwrap(), kind);
    assert_eq!(api.requests().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_kind_that_was_just_established_is_found_after_forgetting() {
    let api = FakeApi::new();
    api.establish(Establish::After(Duration::from_millis(200)));
    let mapper = Mapper::new(api.client());
    mapper.resolve(&widget()).await.unwrap_err();
    api.put(definition());
    tokio::time::sleep(Duration::from_millis(300)).await;
    mapper.forget();
    mapper.resolve(&widget()).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn discovery_that_is_forbidden_or_away_is_not_taken_for_a_kind_that_is_not_there() {
    for (fault, expected) in [
        (Fault::Forbidden, Class::Forbidden),
        (Fault::Plain(503), Class::ServerTransient),
        (Fault::Hang, Class::Timeout),
        (Fault::Truncate, Class::Decode),
    ] {
        let api = FakeApi::new();
        api.fault(On::any().verb(Verb::Discover).always(), fault.clone());
        let mapper = Mapper::new(api.client());
        let error = mapper.resolve(&widget()).await.unwrap_err();
        assert_eq!(error.class(), expected, "{fault:?}");
        api.clear_faults();
        let error = mapper.resolve(&widget()).await.unwrap_err();
        assert_eq!(error.class(), Class::NotFound, "{fault:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_group_whose_server_is_away_does_not_take_the_others_with_it() {
    let api = FakeApi::new();
    api.serve_broken("metrics.k8s.io", "v1beta1");
    let mapper = Mapper::new(api.client());
    let deployment = GroupVersionKind::gvk("apps", "v1", "Deployment");
    assert_eq!(
        mapper.resolve(&deployment).await.unwrap().resource.plural,
        "deployments"
    );
    let metrics = GroupVersionKind::gvk("metrics.k8s.io", "v1beta1", "PodMetrics");
    let error = mapper.resolve(&metrics).await.unwrap_err();
    assert_eq!(error.class(), Class::ServerTransient);
}

#[tokio::test(start_paused = true)]
async fn many_who_ask_at_once_cost_one_question() {
    let api = FakeApi::new();
    api.fault(
        On::any().verb(Verb::Discover),
        Fault::Delay(Duration::from_secs(5)),
    );
    let mapper = Mapper::new(api.client());
    let deployment = GroupVersionKind::gvk("apps", "v1", "Deployment");
    let asks = (0..50).map(|_| mapper.resolve(&deployment));
    let kinds = futures::future::join_all(asks).await;
    assert!(kinds.iter().all(Result::is_ok));
    assert_eq!(api.requests().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_is_known_outlives_discovery() {
    let api = FakeApi::new();
    let mapper = Mapper::new(api.client());
    let deployment = GroupVersionKind::gvk("apps", "v1", "Deployment");
    mapper.resolve(&deployment).await.unwrap();
    tokio::time::sleep(Duration::from_secs(601)).await;
    api.clear_requests();
    api.fault(On::any().verb(Verb::Discover).always(), Fault::Plain(503));
    for _ in 0..10 {
        mapper.resolve(&deployment).await.unwrap();
    }
    assert_eq!(api.requests().len(), 4);
    // A definition that is gone is noticed when discovery is there again.
    api.clear_faults();
    api.unserve("apps", "deployments");
    tokio::time::sleep(Duration::from_secs(601)).await;
    let error = mapper.resolve(&deployment).await.unwrap_err();
    assert_eq!(error.class(), Class::NotFound);
}

#[tokio::test(start_paused = true)]
async fn a_kind_without_a_version_is_found_in_the_one_that_the_server_prefers() {
    let api = FakeApi::new();
    let mapper = Mapper::new(api.client());
    let receiver = mapper
        .resolve_kind("notification.toolkit.fluxcd.io", "Receiver")
        .await
        .unwrap();
    assert_eq!(
        receiver.resource.api_version,
        "notification.toolkit.fluxcd.io/v1"
    );
    let pod = mapper.resolve_kind("", "Pod").await.unwrap();
    assert_eq!(pod.resource.api_version, "v1");
    let error = mapper
        .resolve_kind("example.com", "Widget")
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "discover Widget: no matches for kind \"Widget\" in group \"example.com\""
    );
    api.put(definition());
    tokio::time::sleep(Duration::from_secs(1)).await;
    let widget = mapper.resolve_kind("example.com", "Widget").await.unwrap();
    assert_eq!(widget.resource.api_version, "example.com/v1");
    assert!(
        mapper
            .resolve_object(&json!({"kind": "Pod"}))
            .await
            .is_err()
    );
}
