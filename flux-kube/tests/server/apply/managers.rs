//! Who owns which field.

use super::*;

#[tokio::test]
async fn a_field_that_left_the_source_goes_and_one_of_another_manager_stays() {
    let Some((cluster, _server)) = cluster("fields").await else {
        return;
    };
    let object = cluster.config_map("c", &json!({"a": "1", "b": "2"}));
    cluster.apply(std::slice::from_ref(&object)).await;
    let theirs = json!({"data": {"theirs": "3"}});
    cluster.edit(&object, "somebody", &theirs).await;

    let object = cluster.config_map("c", &json!({"a": "1"}));
    let changes = cluster.apply(std::slice::from_ref(&object)).await;
    assert_eq!(
        changes.to_string(),
        format!("ConfigMap/{}/c configured", cluster.namespace)
    );
    let live = cluster.live(&object).await.unwrap();
    assert_eq!(live["data"], json!({"a": "1", "theirs": "3"}));
}

#[tokio::test]
async fn what_kubectl_applied_on_its_side_is_taken_over_and_what_left_the_source_goes() {
    let Some((cluster, _server)) = cluster("takeover").await else {
        return;
    };
    let mut before = cluster.config_map("c", &json!({"a": "1", "old": "2"}));
    before["metadata"]["annotations"] =
        json!({"kubectl.kubernetes.io/last-applied-configuration": "{}"});
    let created: DynamicObject = serde_json::from_value(before.clone()).unwrap();
    let params = kube::api::PostParams {
        field_manager: Some("kubectl-client-side-apply".to_owned()),
        ..kube::api::PostParams::default()
    };
    cluster
        .api(&before)
        .create(&params, &created)
        .await
        .unwrap();

    let object = cluster.config_map("c", &json!({"a": "1"}));
    cluster.apply(std::slice::from_ref(&object)).await;
    cluster.apply(std::slice::from_ref(&object)).await;
    let live = cluster.live(&object).await.unwrap();
    assert_eq!(live["data"], json!({"a": "1"}));
    assert_eq!(live["metadata"].get("annotations"), None);
    let managers = live["metadata"]["managedFields"].as_array().unwrap();
    let managers: Vec<_> = managers.iter().map(|entry| &entry["manager"]).collect();
    assert_eq!(managers, ["kustomize-controller"]);
    let changes = cluster.apply(&[object]).await;
    assert!(changes.changes().0.is_empty(), "{changes}");
}

#[tokio::test]
async fn fields_of_managers_that_are_overridden_go_before_the_dry_run_or_after_it() {
    let Some((mut cluster, _server)) = cluster("override").await else {
        return;
    };
    let object = cluster.config_map("c", &json!({"a": "1"}));
    cluster.apply_one(&object).await.unwrap();
    for before in [true, false] {
        let theirs = json!({"data": {"theirs": "3"}});
        cluster.edit(&object, "legacy-tool", &theirs).await;
        let managers = vec!["legacy-tool".to_owned()];
        let options = &mut cluster.options;
        *options = ApplyOptions::default();
        match before {
            true => options.override_managers_before_dry_run = managers,
            false => options.override_managers = managers,
        }
        let line = cluster.apply_one(&object).await.unwrap();
        assert_eq!(
            line,
            format!("ConfigMap/{}/c configured", cluster.namespace)
        );
        let live = cluster.live(&object).await.unwrap();
        assert_eq!(live["data"], json!({"a": "1"}), "{before}");
        let line = cluster.apply_one(&object).await.unwrap();
        assert_eq!(line, format!("ConfigMap/{}/c unchanged", cluster.namespace));
    }
}

#[tokio::test]
async fn managed_fields_move_to_the_version_of_the_source_if_that_is_asked_for() {
    let Some((mut cluster, _server)) = cluster("migrate").await else {
        return;
    };
    let scaler = |version: &str| {
        let name = json!({"name": "h", "namespace": cluster.namespace});
        let target = json!({"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"});
        json!({
            "apiVersion": format!("autoscaling/{version}"), "kind": "HorizontalPodAutoscaler", "metadata": name,
            "spec": {"maxReplicas": 3, "scaleTargetRef": target},
        })
    };
    let (old, new) = (scaler("v1"), scaler("v2"));
    cluster.apply_one(&old).await.unwrap();
    let versions = |live: Value| {
        let entries = live["metadata"]["managedFields"]
            .as_array()
            .unwrap()
            .clone();
        let versions = entries.iter().map(|entry| entry["apiVersion"].to_string());
        versions.collect::<Vec<_>>()
    };
    assert_eq!(
        versions(cluster.live(&new).await.unwrap()),
        ["\"autoscaling/v1\""]
    );
    cluster.options.migrate_api_version = true;
    cluster.apply_one(&new).await.unwrap();
    assert_eq!(
        versions(cluster.live(&new).await.unwrap()),
        ["\"autoscaling/v2\""]
    );
    let again = cluster.apply_one(&new).await.unwrap();
    assert!(again.ends_with(" unchanged"), "{again}");
}

#[tokio::test]
async fn objects_of_a_controller_of_ones_own_carry_its_group_and_its_manager() {
    let Some((cluster, _server)) = cluster("owner").await else {
        return;
    };
    let mut owner = Owner::new("apps", &cluster.namespace);
    owner.manager = "example-controller".to_owned();
    owner.group = "apps.example.com".to_owned();
    let client = cluster.client.clone();
    let applier = Applier::new(client.clone(), Mapper::new(client), owner);
    let mut objects = [cluster.config_map("c", &json!({"a": "1"}))];
    applier.prepare(&mut objects, None).unwrap();
    let applied = applier.apply_all(&objects, &cluster.options, &cluster.cancel);
    applied.await.unwrap();
    let live = cluster.live(&objects[0]).await.unwrap();
    assert_eq!(live["metadata"]["labels"]["apps.example.com/name"], "apps");
    assert_eq!(
        live["metadata"]["managedFields"][0]["manager"],
        "example-controller"
    );

    let stale = [Resource::of(&objects[0])];
    let options = PruneOptions::default();
    let by_flux = cluster
        .applier
        .prune(&stale, &options, &cluster.cancel)
        .await;
    assert!(matches!(by_flux.objects[0].outcome, Pruned::Kept(_)));
    let by_owner = applier.prune(&stale, &options, &cluster.cancel).await;
    assert!(matches!(by_owner.objects[0].outcome, Pruned::Deleted));
}
