//! The CustomResourceDefinitions that the types generate, in the hands of the API server: what it takes, what it refuses,
//! what it fills in, and what it gives back.

mod defaults;
mod limits;
mod rules;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::time::Duration;

use fluxcd_api::helm::v2::HelmRelease;
use fluxcd_api::image::v1::{ImagePolicy, ImageRepository, ImageUpdateAutomation};
use fluxcd_api::kustomize::v1::Kustomization;
use fluxcd_api::notification::{v1, v1beta3};
use fluxcd_api::registry::{self, Registered, Registration, StatusSubresource};
use fluxcd_api::schema::CustomResourceDefinition;
use fluxcd_api::source::v1::{
    Bucket, ExternalArtifact, GitRepository, HelmChart, HelmRepository, OCIRepository,
};
use fluxcd_api::source_extensions::v1beta1::ArtifactGenerator;
use kube::api::{ApiResource, DynamicObject, Patch, PatchParams, PostParams};
use kube::core::{NamespaceResourceScope, Request, Status};
use kube::{Api, Client, CustomResourceExt, Resource};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::{namespace, server};

/// The definition of every kind, with all of its versions.
pub(crate) fn definitions() -> Vec<CustomResourceDefinition> {
    vec![
        v1::Alert::crd(),
        ArtifactGenerator::crd(),
        Bucket::crd(),
        ExternalArtifact::crd(),
        GitRepository::crd(),
        HelmChart::crd(),
        HelmRelease::crd(),
        HelmRepository::crd(),
        ImagePolicy::crd(),
        ImageRepository::crd(),
        ImageUpdateAutomation::crd(),
        Kustomization::crd(),
        OCIRepository::crd(),
        v1::Provider::crd(),
        v1::Receiver::crd(),
    ]
}

/// Gives the server every kind of Flux, and waits until it serves them. Any number of tests may.
pub(crate) async fn install(client: &Client) {
    let api: Api<CustomResourceDefinition> = Api::all(client.clone());
    let params = PatchParams::apply("tests").force();
    for definition in definitions() {
        let name = definition.metadata.name.clone().unwrap();
        let applied = api.patch(&name, &params, &Patch::Apply(&definition)).await;
        applied.unwrap_or_else(|error| panic!("{name}: {error}"));
    }
    for definition in definitions() {
        let name = definition.metadata.name.unwrap();
        let established = async {
            while !is_established(&api.get(&name).await.unwrap()) {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        let waited = tokio::time::timeout(Duration::from_secs(20), established).await;
        waited.unwrap_or_else(|_| panic!("{name} is not established"));
    }
    // What is established is served a moment later.
    for entry in registry::ALL {
        let served = async {
            let api: Api<DynamicObject> = Api::all_with(client.clone(), &resource(entry));
            while api.list(&Default::default()).await.is_err() {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        let waited = tokio::time::timeout(Duration::from_secs(20), served).await;
        waited.unwrap_or_else(|_| panic!("{} {} is not served", entry.kind, entry.version));
    }
}

fn is_established(definition: &CustomResourceDefinition) -> bool {
    let conditions = definition
        .status
        .iter()
        .flat_map(|s| &s.conditions)
        .flatten();
    let mut conditions = conditions.filter(|condition| condition.type_ == "Established");
    conditions.any(|condition| condition.status == "True")
}

pub(crate) fn resource(entry: &Registration) -> ApiResource {
    ApiResource {
        group: entry.group.to_owned(),
        version: entry.version.to_owned(),
        api_version: entry.api_version(),
        kind: entry.kind.to_owned(),
        plural: entry.plural.to_owned(),
    }
}

macro_rules! samples {
    ($($name:literal),+ $(,)?) => {
        [$(include_str!(concat!("../../../flux-api/tests/samples/", $name, ".json"))),+]
    };
}

/// An object of the kind that the API server takes, without status.
pub(crate) fn sample(entry: &Registration) -> Value {
    let mut sample = whole_sample(entry);
    sample.as_object_mut().unwrap().remove("status");
    sample
}

fn whole_sample(entry: &Registration) -> Value {
    let texts = samples![
        "alert_v1",
        "alert_v1beta3",
        "artifact_generator_v1beta1",
        "bucket_v1",
        "external_artifact_v1",
        "git_repository_v1",
        "helm_chart_v1",
        "helm_release_v2",
        "helm_repository_v1",
        "image_policy_v1",
        "image_repository_v1",
        "image_update_automation_v1",
        "kustomization_v1",
        "oci_repository_v1",
        "provider_v1",
        "provider_v1beta3",
        "receiver_v1",
    ];
    let mut samples = texts
        .iter()
        .map(|text| serde_json::from_str::<Value>(text).unwrap());
    let is_it =
        |s: &Value| s["apiVersion"] == entry.api_version().as_str() && s["kind"] == entry.kind;
    let mut sample = samples.find(is_it).unwrap();
    let metadata = sample["metadata"].as_object_mut().unwrap();
    metadata.remove("generation");
    metadata.remove("namespace");
    // Types read more than the API server takes.
    if entry.kind == "Provider" {
        sample["spec"]["type"] = json!("github");
    }
    sample
}

/// What the server says when it is asked to create the object, without creating it.
async fn try_create(
    client: &Client,
    entry: &Registration,
    object: &Value,
) -> Result<Value, Box<Status>> {
    let request = Request::new(DynamicObject::url_path(&resource(entry), Some("default")));
    let params = PostParams {
        dry_run: true,
        ..PostParams::default()
    };
    let body = serde_json::to_vec(object).unwrap();
    match client.request(request.create(&params, body).unwrap()).await {
        Ok(object) => Ok(object),
        Err(kube::Error::Api(status)) => Err(status),
        Err(error) => panic!("{}: {error}", entry.kind),
    }
}

/// The schema of each version of each kind, as its definition has it.
fn schemas() -> BTreeMap<(String, String), Value> {
    let mut schemas = BTreeMap::new();
    for definition in definitions() {
        let kind = definition.spec.names.kind;
        for version in definition.spec.versions {
            let schema = version.schema.unwrap().open_api_v3_schema.unwrap();
            let schema = serde_json::to_value(schema).unwrap();
            schemas.insert((kind.clone(), version.name), schema);
        }
    }
    schemas
}

#[tokio::test]
async fn every_definition_is_established_and_every_version_served() {
    let Some(server) = server().await else { return };
    let client = server.client();
    install(&client).await;
    assert_eq!(definitions().len(), 15);
    let groups = kube::discovery::Discovery::new(client)
        .run_aggregated()
        .await;
    let groups = groups.unwrap();
    for entry in registry::ALL {
        let gvk = kube::core::GroupVersionKind::gvk(entry.group, entry.version, entry.kind);
        let (found, capabilities) = groups.resolve_gvk(&gvk).unwrap();
        assert_eq!(found, resource(entry));
        let status = capabilities
            .subresources
            .iter()
            .any(|(sub, _)| sub.plural == "status");
        let expected = matches!(entry.status, StatusSubresource::Enabled);
        assert_eq!(status, expected, "{} {}", entry.kind, entry.version);
    }
}

/// Creates the sample through the typed `Api`, writes its status, and reads both: the type has to hold all that the server
/// stores, and to write it back without a change. `lost` is what a version that is not the stored one has and that one has
/// not.
async fn round_trip<K>(client: &Client, namespace: &str, lost: &[&str])
where
    K: Resource<DynamicType = (), Scope = NamespaceResourceScope>,
    K: Registered + Serialize + DeserializeOwned + Clone + Debug + PartialEq,
{
    let entry = K::REGISTRATION;
    let what = format!("{} {}", entry.kind, entry.version);
    let mut whole = whole_sample(entry);
    let sent: K = serde_json::from_value(whole.clone()).unwrap();
    let typed: Api<K> = Api::namespaced(client.clone(), namespace);
    let raw = async |name: &str| {
        let request = Request::new(K::url_path(&(), Some(namespace)));
        let request = request.get(name, &Default::default()).unwrap();
        client.request::<Value>(request).await.unwrap()
    };

    for member in lost {
        let spec = whole["spec"].as_object_mut().unwrap();
        assert!(spec.remove(*member).is_some(), "{what}: {member}");
    }
    let mut made = typed.create(&PostParams::default(), &sent).await;
    if let Ok(made) = &made {
        assert!(
            includes(&json!(made)["spec"], &whole["spec"]),
            "{what}: {made:#?}"
        );
    }
    let name = made
        .as_mut()
        .unwrap_or_else(|error| panic!("{what}: {error}"))
        .meta()
        .name
        .clone();
    let name = name.unwrap();

    let mut object = raw(&name).await;
    if matches!(entry.status, StatusSubresource::Enabled) {
        let unwritten = [Value::Null, json!({"observedGeneration": -1})];
        assert!(
            unwritten.contains(&object["status"]),
            "{what}: status was written with the object"
        );
        object["status"] = whole["status"].clone();
        let with_status: K = serde_json::from_value(object).unwrap();
        typed
            .replace_status(&name, &PostParams::default(), &with_status)
            .await
            .unwrap();
        object = raw(&name).await;
        assert_eq!(object["status"], whole["status"], "{what}");
    } else {
        let refused = typed
            .replace_status(&name, &PostParams::default(), &made.unwrap())
            .await;
        assert!(refused.is_err(), "{what} has no status");
    }

    let read = typed.get(&name).await.unwrap();
    assert_eq!(json!(read), object, "{what}");
    let written = typed
        .replace(&name, &PostParams::default(), &read)
        .await
        .unwrap();
    assert_eq!(written, read, "{what}: written as it was read");
}

/// Whether a value holds all of another.
fn includes(whole: &Value, part: &Value) -> bool {
    match (whole, part) {
        (Value::Object(whole), Value::Object(part)) => part
            .iter()
            .all(|(key, part)| whole.get(key).is_some_and(|whole| includes(whole, part))),
        (Value::Array(whole), Value::Array(part)) => {
            whole.len() == part.len() && whole.iter().zip(part).all(|(w, p)| includes(w, p))
        }
        (whole, part) => whole == part,
    }
}

#[tokio::test]
async fn every_kind_is_read_and_written_back_without_a_change() {
    let Some(server) = server().await else { return };
    let client = server.client();
    install(&client).await;
    let namespace = namespace(&client, "round-trip").await;
    round_trip::<v1::Alert>(&client, &namespace, &[]).await;
    round_trip::<ArtifactGenerator>(&client, &namespace, &[]).await;
    round_trip::<Bucket>(&client, &namespace, &[]).await;
    round_trip::<ExternalArtifact>(&client, &namespace, &[]).await;
    round_trip::<GitRepository>(&client, &namespace, &[]).await;
    round_trip::<HelmChart>(&client, &namespace, &[]).await;
    round_trip::<HelmRelease>(&client, &namespace, &[]).await;
    round_trip::<HelmRepository>(&client, &namespace, &[]).await;
    round_trip::<ImagePolicy>(&client, &namespace, &[]).await;
    round_trip::<ImageRepository>(&client, &namespace, &[]).await;
    round_trip::<ImageUpdateAutomation>(&client, &namespace, &[]).await;
    round_trip::<Kustomization>(&client, &namespace, &[]).await;
    round_trip::<OCIRepository>(&client, &namespace, &[]).await;
    round_trip::<v1::Provider>(&client, &namespace, &[]).await;
    round_trip::<v1::Receiver>(&client, &namespace, &[]).await;

    // Who knows a kind by another name finds the same objects.
    let get = |names: &str| {
        let out = server
            .kubectl()
            .args(["get", names, "-A", "-o", "name"])
            .output()
            .unwrap();
        let found = String::from_utf8(out.stdout).unwrap();
        assert!(
            out.status.success(),
            "{names}: {}",
            String::from_utf8_lossy(&out.stderr)
        );
        found.lines().map(str::to_owned).collect::<Vec<_>>()
    };
    let line = |entry: &Registration| format!("{}.{}/", entry.singular, entry.group);
    for entry in registry::ALL {
        let names = [&[entry.singular, entry.plural], entry.short_names].concat();
        let found = get(&names.join(","));
        let of_it = found.iter().filter(|found| found.starts_with(&line(entry)));
        assert!(
            !found.is_empty() && of_it.count() == found.len(),
            "{names:?}: {found:?}"
        );
    }
    let categories = registry::ALL.iter().flat_map(|entry| entry.categories);
    for category in categories.collect::<BTreeSet<_>>() {
        let found = get(category);
        let members = registry::ALL
            .iter()
            .filter(|entry| entry.categories.contains(category));
        for line in members.map(|entry| line(entry)) {
            let is_found = found.iter().any(|found| found.starts_with(&line));
            assert!(is_found, "{category}: {line}");
        }
    }

    // The versions that are served besides the stored one, under names of their own.
    for name in ["alerts", "providers"] {
        let out = server
            .kubectl()
            .args(["delete", name, "--all", "-n", &namespace])
            .output();
        assert!(out.unwrap().status.success());
    }
    round_trip::<v1beta3::Alert>(&client, &namespace, &["summary"]).await;
    round_trip::<v1beta3::Provider>(&client, &namespace, &["interval", "proxy"]).await;
}
