use super::*;
use k8s_openapi::api::core::v1::ConfigMap;
use kube::api::{Api, DynamicObject, ListParams, PartialObjectMeta};
use kube::discovery::Discovery;

#[tokio::test]
async fn lists_come_in_pages_of_one_moment() {
    let api = FakeApi::new();
    for name in ["a", "b", "c", "d", "e"] {
        api.put(map(name, json!({})));
    }
    let names = |list: &Value| {
        let items = list["items"].as_array().unwrap().iter();
        items
            .map(|item| item["metadata"]["name"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let (_, first) = read(&api, &format!("{MAPS}?limit=2")).await;
    assert_eq!(
        (&first["kind"], names(&first)),
        (
            &json!("ConfigMapList"),
            vec!["a".to_owned(), "b".to_owned()]
        )
    );
    assert_eq!(first["metadata"]["remainingItemCount"], 3);
    assert!(first["items"][0].get("kind").is_none());
    api.remove("v1", "ConfigMap", Some("default"), "c");
    api.put(map("cc", json!({})));
    let token = first["metadata"]["continue"].as_str().unwrap();
    let (_, second) = read(&api, &format!("{MAPS}?limit=2&continue={token}")).await;
    assert_eq!(names(&second), ["c", "d"]);
    api.compact();
    let (code, gone) = read(&api, &format!("{MAPS}?limit=2&continue={token}")).await;
    assert_eq!((code, &gone["reason"]), (410, &json!("Expired")));
}

#[tokio::test]
async fn selectors_choose() {
    let api = FakeApi::new();
    for (name, tier) in [("a", "web"), ("b", "db"), ("c", "web")] {
        let mut object = map(name, json!({}));
        object["metadata"]["labels"] = json!({"tier": tier});
        api.put(object);
    }
    let maps: Api<ConfigMap> = Api::all(api.raw_client());
    let count =
        async |params: ListParams| maps.list(&params).await.map(|list| list.items.len()).ok();
    assert_eq!(
        count(ListParams::default().labels("tier in (web)")).await,
        Some(2)
    );
    assert_eq!(
        count(ListParams::default().labels("tier!=web")).await,
        Some(1)
    );
    assert_eq!(
        count(ListParams::default().fields("metadata.name=c")).await,
        Some(1)
    );
    assert_eq!(
        count(ListParams::default().fields("metadata.name!=c")).await,
        Some(2)
    );
    assert_eq!(
        count(ListParams::default().labels("tier in web")).await,
        None
    );
    let path = "/apis/kustomize.toolkit.fluxcd.io/v1/kustomizations?fieldSelector=spec.path%3D.";
    let (code, refusal) = read(&api, path).await;
    assert_eq!(
        (code, &refusal["message"]),
        (400, &json!("field label not supported: spec.path"))
    );
}

#[tokio::test]
async fn metadata_can_be_asked_for_alone() {
    let api = FakeApi::new();
    api.put(map("a", json!({"x": "1"})));
    let maps: Api<PartialObjectMeta<ConfigMap>> = Api::default_namespaced(api.raw_client());
    let list = maps.list_metadata(&ListParams::default()).await.unwrap();
    assert_eq!(list.items[0].metadata.name.as_deref(), Some("a"));
    assert_eq!(list.types.kind, "PartialObjectMetadataList");
}

#[tokio::test]
async fn discovery_tells_all_kinds_in_both_forms() {
    let api = FakeApi::new();
    api.serve_broken("metrics.k8s.io", "v1beta1");
    let count = |discovery: &Discovery| {
        discovery
            .groups()
            .flat_map(|group| group.versioned_resources(group.preferred_version_or_latest()))
            .count()
    };
    let aggregated = Discovery::new(api.raw_client())
        .run_aggregated()
        .await
        .unwrap();
    assert_eq!(api.requests().len(), 2);
    let plain = Discovery::new(api.raw_client())
        .exclude(&["metrics.k8s.io"])
        .run()
        .await
        .unwrap();
    assert_eq!(count(&aggregated), count(&plain));
    let kustomization = aggregated.get("kustomize.toolkit.fluxcd.io").unwrap();
    let (resource, _) = kustomization.recommended_kind("Kustomization").unwrap();
    let kustomizations: Api<DynamicObject> = Api::all_with(api.raw_client(), &resource);
    assert_eq!(
        kustomizations
            .list(&ListParams::default())
            .await
            .unwrap()
            .items
            .len(),
        0
    );
    assert!(
        api.requests()
            .iter()
            .all(|request| request.verb == crate::error::Verb::Discover
                || request.kind == "Kustomization")
    );
    assert_eq!(read(&api, "/apis/metrics.k8s.io/v1beta1").await.0, 503);
}
