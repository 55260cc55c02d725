//! Apply and prune against a real API server: who owns which field, and what cannot be changed, only it knows.

use fluxcd_api::meta::{IgnoreRule, ResourceInventory};
use fluxcd_core::FluxVersion;
use fluxcd_core::inventory::{Resource, diff};
use fluxcd_core::ssa::{ChangeSet, IgnoreRules, Targetless};
use fluxcd_kube::apply::{Applier, ApplyOptions, Failure, Owner};
use fluxcd_kube::error::Class;
use fluxcd_kube::mapper::Mapper;
use fluxcd_kube::prune::{Kept, PruneOptions, Pruned};
use kube::api::{ApiResource, DynamicObject, Patch, PatchParams};
use kube::core::GroupVersionKind;
use kube::{Api, Client};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::{namespace, server};

mod managers;

struct Cluster {
    client: Client,
    applier: Applier,
    namespace: String,
    options: ApplyOptions,
    cancel: CancellationToken,
}

impl Cluster {
    fn new(client: Client, namespace: String) -> Self {
        let owner = Owner::new("apps", &namespace);
        Self {
            applier: Applier::new(client.clone(), Mapper::new(client.clone()), owner),
            client,
            namespace,
            options: ApplyOptions::default(),
            cancel: CancellationToken::new(),
        }
    }

    fn object(&self, kind: &str, name: &str, rest: &Value) -> Value {
        let api_version = match kind {
            "Deployment" => "apps/v1",
            "Job" => "batch/v1",
            _ => "v1",
        };
        let metadata = json!({"name": name, "namespace": self.namespace});
        let mut object = json!({"apiVersion": api_version, "kind": kind, "metadata": metadata});
        for (key, value) in rest.as_object().unwrap() {
            object[key] = value.clone();
        }
        object
    }

    fn config_map(&self, name: &str, data: &Value) -> Value {
        self.object("ConfigMap", name, &json!({"data": data}))
    }

    async fn apply(&self, objects: &[Value]) -> ChangeSet {
        let mut objects = objects.to_vec();
        self.applier.prepare(&mut objects, None).unwrap();
        let (options, cancel) = (&self.options, &self.cancel);
        let applied = self.applier.apply_staged(&objects, options, cancel);
        applied.await.unwrap()
    }

    async fn apply_one(&self, object: &Value) -> Result<String, Failure> {
        let applied = self
            .applier
            .apply(object, &self.options, &self.cancel)
            .await;
        applied.map(|change| change.to_string())
    }

    fn api(&self, object: &Value) -> Api<DynamicObject> {
        let Resource { id, version } = Resource::of(object);
        let resource = ApiResource::from_gvk(&GroupVersionKind::gvk(&id.group, &version, &id.kind));
        match id.namespace.as_str() {
            "" => Api::all_with(self.client.clone(), &resource),
            namespace => Api::namespaced_with(self.client.clone(), namespace, &resource),
        }
    }

    async fn live(&self, object: &Value) -> Option<Value> {
        let name = object["metadata"]["name"].as_str().unwrap();
        let live = self.api(object).get_opt(name).await.unwrap()?;
        Some(serde_json::to_value(live).unwrap())
    }

    /// Changes a live object as somebody else.
    async fn edit(&self, object: &Value, manager: &str, patch: &Value) {
        let name = object["metadata"]["name"].as_str().unwrap();
        let params = PatchParams {
            field_manager: Some(manager.to_owned()),
            ..PatchParams::default()
        };
        let patch = Patch::Merge(patch);
        self.api(object).patch(name, &params, &patch).await.unwrap();
    }
}

async fn cluster(prefix: &str) -> Option<(Cluster, impl Drop)> {
    let server = server().await?;
    let client = server.client();
    let namespace = namespace(&client, prefix).await;
    Some((Cluster::new(client, namespace), server))
}

fn version(live: &Option<Value>) -> String {
    let version = &live.as_ref().unwrap()["metadata"]["resourceVersion"];
    version.as_str().unwrap().to_owned()
}

#[tokio::test]
async fn definitions_namespaces_workloads_and_custom_resources_are_applied_in_one_go() {
    let Some((cluster, _server)) = cluster("staged").await else {
        return;
    };
    let own = format!("{}-own", cluster.namespace);
    let group = format!("{}.example.com", cluster.namespace);
    let objects = [
        json!({
            "apiVersion": format!("{group}/v1"), "kind": "Widget",
            "metadata": {"name": "w", "namespace": own}, "spec": {"size": 3},
        }),
        json!({
            "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "namespace": own},
            "spec": {
                "selector": {"matchLabels": {"app": "web"}},
                "template": {
                    "metadata": {"labels": {"app": "web"}},
                    "spec": {"containers": [{"name": "web", "image": "web:1", "ports": [{"containerPort": 80}]}]},
                },
            },
        }),
        json!({
            "apiVersion": "v1", "kind": "Service", "metadata": {"name": "web", "namespace": own},
            "spec": {"selector": {"app": "web"}, "ports": [{"port": 80}]},
        }),
        json!({
            "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
            "metadata": {"name": format!("widgets.{group}")},
            "spec": {
                "group": group, "scope": "Namespaced",
                "names": {"kind": "Widget", "plural": "widgets", "singular": "widget", "listKind": "WidgetList"},
                "versions": [{"name": "v1", "served": true, "storage": true, "schema": {"openAPIV3Schema": {
                    "type": "object",
                    "properties": {"spec": {"type": "object", "properties": {"size": {"type": "integer"}}}},
                }}}],
            },
        }),
        json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": own}}),
        json!({
            "apiVersion": "storage.k8s.io/v1", "kind": "StorageClass",
            "metadata": {"name": own}, "provisioner": "example.com/none",
        }),
    ];
    let changes = cluster.apply(&objects).await;
    let expected = format!(
        "CustomResourceDefinition/widgets.{group} created\nNamespace/{own} created\nStorageClass/{own} created\n\
         Service/{own}/web created\nDeployment/{own}/web created\nWidget/{own}/w created"
    );
    assert_eq!(changes.to_string(), expected);

    let mut before = Vec::new();
    for object in &objects {
        let live = cluster.live(object).await;
        let labels = &live.as_ref().unwrap()["metadata"]["labels"];
        assert_eq!(labels["kustomize.toolkit.fluxcd.io/name"], "apps");
        before.push(version(&live));
    }
    let again = cluster.apply(&objects).await;
    assert_eq!(again.to_string(), expected.replace("created", "unchanged"));
    for (object, before) in objects.iter().zip(before) {
        // The definition's own controller may still write its status.
        if object["kind"] != "CustomResourceDefinition" {
            assert_eq!(version(&cluster.live(object).await), before);
        }
    }
}

#[tokio::test]
async fn a_job_that_cannot_be_changed_is_created_again_only_by_force() {
    let Some((mut cluster, _server)) = cluster("force").await else {
        return;
    };
    let job = |image: &str| {
        let containers = json!([{"name": "j", "image": image}]);
        let spec =
            json!({"template": {"spec": {"restartPolicy": "Never", "containers": containers}}});
        cluster.object("Job", "j", &json!({"spec": spec}))
    };
    let (first, second) = (job("j:1"), job("j:2"));
    let mut mistake = job("j:1");
    mistake["spec"]["template"]["spec"]["restartPolicy"] = "Sometimes".into();
    cluster.apply_one(&first).await.unwrap();
    let uid = |live: Value| live["metadata"]["uid"].clone();
    let before = uid(cluster.live(&first).await.unwrap());

    let failure = cluster.apply_one(&second).await.unwrap_err();
    assert_eq!(failure.class(), Class::Invalid);
    let text = failure.to_string();
    let subject = format!("Job/{}/j", cluster.namespace);
    assert!(
        text.starts_with(&format!("{subject} dry-run failed (Invalid): ")),
        "{text}"
    );
    assert!(text.contains("field is immutable"), "{text}");
    assert_eq!(uid(cluster.live(&first).await.unwrap()), before);

    cluster.options.force = true;
    let diff = cluster
        .applier
        .diff(&second, &cluster.options, &cluster.cancel);
    assert_eq!(
        diff.await.unwrap().change.to_string(),
        format!("{subject} created")
    );
    assert_eq!(uid(cluster.live(&first).await.unwrap()), before);
    let line = cluster.apply_one(&second).await.unwrap();
    assert_eq!(line, format!("{subject} created"));
    let live = cluster.live(&second).await.unwrap();
    assert_eq!(
        live["spec"]["template"]["spec"]["containers"][0]["image"],
        "j:2"
    );
    assert_ne!(uid(live), before);
}

#[tokio::test]
async fn values_of_a_secret_do_not_appear_in_what_is_said_of_it() {
    let Some((mut cluster, _server)) = cluster("secret").await else {
        return;
    };
    let broken = cluster.object("Secret", "s", &json!({"stringData": {"pin": 987_654}}));
    let failure = cluster.apply_one(&broken).await.unwrap_err();
    let shown = format!("{failure} {} {failure:?}", failure.error());
    assert!(!shown.contains("987654"), "{shown}");
    assert!(shown.contains("***"), "{shown}");

    let secret = |value: &str| cluster.object("Secret", "s", &json!({"data": {"a": value}}));
    let (before, after) = (secret("b25l"), secret("dHdv"));
    cluster.apply_one(&before).await.unwrap();
    cluster.options.force = false;
    let diff = cluster
        .applier
        .diff(&after, &cluster.options, &cluster.cancel);
    let drift = diff.await.unwrap().drift.unwrap();
    assert_eq!(
        drift.patch.to_string(),
        r#"[{"op":"replace","path":"/data/a","value":"*** (after)"}]"#
    );
    assert_eq!(drift.live["data"]["a"], "*** (before)");
}

#[tokio::test]
async fn drift_is_a_patch_without_the_fields_that_are_ignored() {
    let Some((mut cluster, _server)) = cluster("drift").await else {
        return;
    };
    let object = cluster.config_map("c", &json!({"a": "1", "b": "1"}));
    cluster.apply_one(&object).await.unwrap();
    let edited = json!({"data": {"a": "2", "b": "2", "c": "2"}});
    cluster.edit(&object, "kubectl-edit", &edited).await;

    let ignored = IgnoreRule {
        paths: vec!["/data/b".to_owned()],
        target: None,
    };
    cluster.options.ignore = IgnoreRules::compile(&[ignored], Targetless::default()).unwrap();
    let before = version(&cluster.live(&object).await);
    let diff = cluster
        .applier
        .diff(&object, &cluster.options, &cluster.cancel);
    let drift = diff.await.unwrap().drift.unwrap();
    assert_eq!(
        drift.patch.to_string(),
        r#"[{"op":"replace","path":"/data/a","value":"1"}]"#
    );
    assert_eq!(version(&cluster.live(&object).await), before);

    // What was edited by hand goes, what is ignored stays as it is.
    cluster.apply_one(&object).await.unwrap();
    let live = cluster.live(&object).await.unwrap();
    assert_eq!(live["data"], json!({"a": "1", "b": "2"}));
}

#[tokio::test]
async fn stale_objects_go_and_those_that_are_foreign_annotated_or_of_another_owner_stay() {
    let Some((cluster, _server)) = cluster("prune").await else {
        return;
    };
    let map = |name: &str| cluster.config_map(name, &json!({}));
    let mut annotated = map("annotated");
    annotated["metadata"]["annotations"] = json!({"kustomize.toolkit.fluxcd.io/prune": "disabled"});
    let objects = [
        map("kept"),
        map("stale"),
        annotated,
        map("moved"),
        map("gone"),
    ];
    let changes = cluster.apply(&objects).await;
    let entries = |changes: &ChangeSet| ResourceInventory {
        entries: changes
            .0
            .iter()
            .map(|change| change.resource.to_entry())
            .collect(),
    };
    let mut old = entries(&changes);
    let foreign = map("foreign");
    cluster.apply_one(&foreign).await.unwrap();
    old.entries.push(Resource::of(&foreign).to_entry());
    let to_another = json!({"metadata": {"labels": {"kustomize.toolkit.fluxcd.io/name": "other"}}});
    cluster.edit(&objects[3], "somebody", &to_another).await;
    cluster
        .api(&objects[4])
        .delete("gone", &Default::default())
        .await
        .unwrap();

    let new = entries(&cluster.apply(&objects[..1]).await);
    let stale = diff(&old, &new, FluxVersion::V2_9).unwrap();
    let prune_options = PruneOptions::default();
    let report = cluster
        .applier
        .prune(&stale, &prune_options, &cluster.cancel);
    let report = report.await;
    let outcome = |name: &str| {
        let mut objects = report.objects.iter();
        let object = objects.find(|object| object.resource.id.name == name);
        &object.unwrap().outcome
    };
    assert!(matches!(outcome("stale"), Pruned::Deleted));
    assert!(matches!(outcome("gone"), Pruned::Gone));
    assert!(matches!(
        outcome("annotated"),
        Pruned::Kept(Kept::Switch { .. })
    ));
    assert!(matches!(
        outcome("moved"),
        Pruned::Kept(Kept::Foreign { .. })
    ));
    assert!(matches!(
        outcome("foreign"),
        Pruned::Kept(Kept::Foreign { found: None, .. })
    ));
    assert!(report.is_complete() && report.survivors(&stale).is_empty());
    for (object, is_there) in objects.iter().zip([true, false, true, true, false]) {
        assert_eq!(cluster.live(object).await.is_some(), is_there, "{object}");
    }
    assert!(cluster.live(&foreign).await.is_some());
}

#[tokio::test]
async fn an_object_of_the_whole_cluster_loses_its_namespace() {
    let Some((cluster, _server)) = cluster("scope").await else {
        return;
    };
    let name = format!("{}-class", cluster.namespace);
    let object = json!({
        "apiVersion": "scheduling.k8s.io/v1", "kind": "PriorityClass",
        "metadata": {"name": name, "namespace": cluster.namespace}, "value": 7,
    });
    let line = format!("PriorityClass/{name}");
    assert_eq!(
        cluster.apply_one(&object).await.unwrap(),
        format!("{line} created")
    );
    assert_eq!(
        cluster.apply_one(&object).await.unwrap(),
        format!("{line} unchanged")
    );
    let mut changed = object.clone();
    changed["description"] = "d".into();
    let changes = cluster.apply(&[changed]).await;
    assert_eq!(changes.to_string(), format!("{line} configured"));
}
