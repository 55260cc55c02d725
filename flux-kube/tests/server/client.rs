//! Clients on a real API server: classes of its answers, identities, kubeconfigs, kinds.

use std::fs;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use fluxcd_api::meta::{KubeConfigReference, LocalObjectReference, SecretKeyReference};
use fluxcd_core::access::Identity;
use fluxcd_core::access::kube_config::Insecure;
use fluxcd_kube::client::{ClientOptions, Clients, KubeConfig, Observer, list_all};
use fluxcd_kube::error::{Class, classify};
use fluxcd_kube::mapper::Mapper;
use fluxcd_kube::testing::ApiServer;
use http::Request;
use k8s_openapi::api::core::v1::{ConfigMap, Secret, ServiceAccount};
use kube::api::{
    Api, ApiResource, DeleteParams, DynamicObject, ListParams, Patch, PatchParams, PostParams,
    Preconditions, WatchParams,
};
use kube::core::GroupVersionKind;
use kube::discovery::Scope;
use kube::{Client, Config};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::{namespace, server};

fn made<K: DeserializeOwned>(value: Value) -> K {
    serde_json::from_value(value).unwrap()
}

async fn apply(client: &Client, mapper: &Mapper, namespace: Option<&str>, object: Value) {
    let kind = mapper.resolve_object(&object).await.unwrap();
    let name = object["metadata"]["name"].as_str().unwrap().to_owned();
    let api = kind.api(client.clone(), namespace);
    let params = PatchParams::apply("test").force();
    api.patch(&name, &params, &Patch::Apply(object))
        .await
        .unwrap();
}

/// An account of the namespace that may read its ConfigMaps.
async fn reader(client: &Client, namespace: &str) {
    let mapper = Mapper::new(client.clone());
    let account =
        json!({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "reader"}});
    let role = json!({
        "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": {"name": "reader"},
        "rules": [{"apiGroups": [""], "resources": ["configmaps"], "verbs": ["get", "list"]}],
    });
    let binding = json!({
        "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": {"name": "reader"},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "reader"},
        "subjects": [{"kind": "ServiceAccount", "name": "reader", "namespace": namespace}],
    });
    for object in [account, role, binding] {
        apply(client, &mapper, Some(namespace), object).await;
    }
}

/// The kubeconfig of the server, with its certificate inline.
fn inline(server: &ApiServer) -> Value {
    let text = fs::read_to_string(server.kubeconfig()).unwrap();
    let mut config: Value = serde_json::from_str(&text).unwrap();
    let cluster = config["clusters"][0]["cluster"].as_object_mut().unwrap();
    let path = cluster.remove("certificate-authority").unwrap();
    let certificate = fs::read(path.as_str().unwrap()).unwrap();
    cluster.insert(
        "certificate-authority-data".into(),
        STANDARD.encode(certificate).into(),
    );
    config
}

async fn reads(client: Client, namespace: &str) -> Result<usize, Class> {
    let api: Api<ConfigMap> = Api::namespaced(client, namespace);
    let listed = list_all(&api, &ListParams::default(), "ConfigMap").await;
    listed
        .map(|listed| listed.items.len())
        .map_err(|error| error.class())
}

#[tokio::test]
async fn an_account_that_is_impersonated_may_do_what_its_roles_allow_and_nothing_else() {
    let Some(server) = server().await else { return };
    let client = server.client();
    let (own, other) = (
        namespace(&client, "own").await,
        namespace(&client, "other").await,
    );
    reader(&client, &own).await;
    let clients = Clients::connect(server.config(), &ClientOptions::default()).unwrap();
    let identity = Identity::decide(&own, Some("reader"), None);
    let tenant = clients.local(&identity).unwrap();
    assert_eq!(reads(tenant.clone(), &own).await, Ok(0));
    assert_eq!(reads(tenant.clone(), &other).await, Err(Class::Forbidden));
    assert_eq!(
        reads(clients.local(&Identity::Controller).unwrap(), &other).await,
        Ok(0)
    );

    // A request that names somebody else is the account's nevertheless.
    let path = format!("/api/v1/namespaces/{other}/configmaps");
    let request = Request::get(path)
        .header("Impersonate-User", "admin")
        .header("Impersonate-Group", "system:masters");
    let request = request.body(Vec::new()).unwrap();
    let error = tenant.request_text(request).await.unwrap_err();
    assert_eq!(classify(&error), Class::Forbidden);
    assert!(
        error
            .to_string()
            .contains(&format!("system:serviceaccount:{own}:reader")),
        "{error}"
    );

    assert!(clients.can_impersonate(&identity).await);
    assert!(
        !clients
            .can_impersonate(&Identity::decide(&own, Some("nobody"), None))
            .await
    );
    // An account that does not exist has the rights of its groups only.
    let nobody = clients
        .local(&Identity::decide(&own, Some("nobody"), None))
        .unwrap();
    assert_eq!(reads(nobody, &own).await, Err(Class::Forbidden));
}

#[tokio::test]
async fn a_kubeconfig_of_a_tenant_leads_to_its_cluster_where_the_account_is_impersonated() {
    let Some(server) = server().await else { return };
    let client = server.client();
    let own = namespace(&client, "remote").await;
    reader(&client, &own).await;
    let mut config = inline(&server);
    let user = config["users"][0]["user"].as_object_mut().unwrap();
    user.insert("as".into(), "stranger".into());
    user.insert(
        "exec".into(),
        json!({"command": "false", "apiVersion": "client.authentication.k8s.io/v1"}),
    );
    let secret: Secret = made(json!({
        "metadata": {"name": "cluster"}, "stringData": {"value.yaml": config.to_string()},
    }));
    let secrets: Api<Secret> = Api::namespaced(client.clone(), &own);
    secrets
        .create(&PostParams::default(), &secret)
        .await
        .unwrap();

    let clients = Clients::connect(server.config(), &ClientOptions::default()).unwrap();
    let reference = KubeConfigReference {
        secret_ref: Some(SecretKeyReference {
            name: "cluster".into(),
            key: None,
        }),
        ..KubeConfigReference::default()
    };
    let remote = clients
        .resolve(Some(&reference), &own, &Identity::Controller)
        .await
        .unwrap();
    assert!(reads(remote, "kube-system").await.is_ok());
    let identity = Identity::decide(&own, Some("reader"), None);
    let tenant = clients
        .resolve(Some(&reference), &own, &identity)
        .await
        .unwrap();
    assert_eq!(reads(tenant.clone(), &own).await, Ok(0));
    assert_eq!(reads(tenant, "kube-system").await, Err(Class::Forbidden));

    // A token that the cluster does not know.
    config["users"][0]["user"]["token"] = "wrong".into();
    let config = KubeConfig::parse("apps/x", config.to_string().as_bytes(), Insecure::default());
    let stranger = clients
        .remote(&config.unwrap(), &Identity::Controller)
        .await
        .unwrap();
    assert_eq!(reads(stranger, &own).await, Err(Class::Unauthorized));
    // The kubeconfig as it lies on the disk names a file.
    let text = fs::read(server.kubeconfig()).unwrap();
    let error = KubeConfig::parse("apps/x", &text, Insecure::default()).unwrap_err();
    assert!(
        error.to_string().contains("certificate-authority file"),
        "{error}"
    );
}

#[tokio::test]
async fn a_cluster_that_believes_in_tokens_of_accounts_is_reached_with_one() {
    let Some(server) = server().await else { return };
    let client = server.client();
    let own = namespace(&client, "generic").await;
    reader(&client, &own).await;
    // The audience that the server accepts is the one that it takes when none is asked for.
    let path = format!("/api/v1/namespaces/{own}/serviceaccounts/reader/token");
    let body =
        json!({"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}});
    let request = Request::post(path).header("content-type", "application/json");
    let request = request.body(body.to_string().into_bytes()).unwrap();
    let issued: Value = client.request(request).await.unwrap();
    let config = inline(&server);
    let cluster = &config["clusters"][0]["cluster"];
    let ca_cert = STANDARD
        .decode(cluster["certificate-authority-data"].as_str().unwrap())
        .unwrap();
    let map: ConfigMap = made(json!({"metadata": {"name": "cluster"}, "data": {
        "provider": "generic",
        "address": cluster["server"],
        "ca.crt": String::from_utf8(ca_cert).unwrap(),
        "audiences": issued["spec"]["audiences"][0],
        "serviceAccountName": "reader",
    }}));
    let maps: Api<ConfigMap> = Api::namespaced(client.clone(), &own);
    maps.create(&PostParams::default(), &map).await.unwrap();

    let clients = Clients::connect(server.config(), &ClientOptions::default()).unwrap();
    let reference = KubeConfigReference {
        config_map_ref: Some(LocalObjectReference {
            name: "cluster".into(),
        }),
        ..KubeConfigReference::default()
    };
    let remote = clients
        .resolve(Some(&reference), &own, &Identity::Controller)
        .await
        .unwrap();
    assert!(remote.valid_until().is_some());
    assert_eq!(reads(remote.clone(), &own).await, Ok(1));
    assert_eq!(reads(remote, "kube-system").await, Err(Class::Forbidden));
}

#[tokio::test]
async fn what_the_server_answers_has_its_class() {
    let Some(server) = server().await else { return };
    let client = server.client();
    let own = namespace(&client, "classes").await;
    let maps: Api<ConfigMap> = Api::namespaced(client.clone(), &own);
    let map: ConfigMap = made(json!({"metadata": {"name": "a"}}));
    let created = maps.create(&PostParams::default(), &map).await.unwrap();
    let class = |result: kube::Result<ConfigMap>| classify(&result.unwrap_err());

    assert_eq!(class(maps.get("missing").await), Class::NotFound);
    assert_eq!(
        class(maps.create(&PostParams::default(), &map).await),
        Class::AlreadyExists
    );
    let mut old = created.clone();
    let fresh = made(json!({"metadata": {"name": "a"}, "data": {"k": "v"}}));
    maps.replace("a", &PostParams::default(), &fresh)
        .await
        .unwrap();
    old.data = None;
    assert_eq!(
        class(maps.replace("a", &PostParams::default(), &old).await),
        Class::Conflict
    );
    let wrong = made(json!({"metadata": {"name": "No Name"}}));
    assert_eq!(
        class(maps.create(&PostParams::default(), &wrong).await),
        Class::Invalid
    );
    let foreign = Preconditions {
        uid: Some("other".into()),
        resource_version: None,
    };
    let params = DeleteParams::default().preconditions(foreign);
    let error = maps.delete("a", &params).await.map(|_| ()).unwrap_err();
    assert_eq!(classify(&error), Class::Conflict);
    let stranger: Api<ConfigMap> = Api::namespaced(server.client_for("stranger", &[]), &own);
    assert_eq!(class(stranger.get("a").await), Class::Forbidden);
    let mut config: Config = server.config();
    config.auth_info.token = Some(String::from("wrong").into());
    let unknown = fluxcd_kube::client::connect(config, &ClientOptions::default()).unwrap();
    let unknown: Api<ConfigMap> = Api::namespaced(unknown, &own);
    assert_eq!(class(unknown.get("a").await), Class::Unauthorized);
    let old = ListParams {
        continue_token: Some("nonsense".into()),
        ..ListParams::default()
    };
    assert_eq!(
        classify(&maps.list(&old).await.unwrap_err()),
        Class::Invalid
    );

    // For a kind that is not served, the server answers in plain text.
    let resource = ApiResource::from_gvk_with_plural(
        &GroupVersionKind::gvk("none.example.com", "v1", "Widget"),
        "widgets",
    );
    let widgets: Api<DynamicObject> = Api::namespaced_with(client.clone(), &own, &resource);
    let error = widgets.get("a").await.unwrap_err();
    assert_eq!(classify(&error), Class::NotFound);
    assert!(widgets.get_opt("a").await.unwrap().is_none());
}

#[tokio::test]
async fn kinds_are_found_and_a_new_definition_within_a_moment() {
    let Some(server) = server().await else { return };
    let client = server.client();
    let mapper = Mapper::new(client.clone());
    for (group, version, kind, plural, scope) in [
        ("", "v1", "ConfigMap", "configmaps", Scope::Namespaced),
        ("", "v1", "Namespace", "namespaces", Scope::Cluster),
        ("apps", "v1", "Deployment", "deployments", Scope::Namespaced),
        (
            "networking.k8s.io",
            "v1",
            "Ingress",
            "ingresses",
            Scope::Namespaced,
        ),
        (
            "rbac.authorization.k8s.io",
            "v1",
            "ClusterRole",
            "clusterroles",
            Scope::Cluster,
        ),
        (
            "networking.k8s.io",
            "v1",
            "NetworkPolicy",
            "networkpolicies",
            Scope::Namespaced,
        ),
    ] {
        let found = mapper
            .resolve(&GroupVersionKind::gvk(group, version, kind))
            .await
            .unwrap();
        assert_eq!(
            (found.resource.plural.as_str(), &found.scope),
            (plural, &scope)
        );
        assert_eq!(mapper.resolve_kind(group, kind).await.unwrap(), found);
    }
    let deployment = mapper.resolve_kind("apps", "Deployment").await.unwrap();
    assert!(deployment.has_status());
    assert!(
        mapper
            .resolve_kind("autoscaling", "HorizontalPodAutoscaler")
            .await
            .unwrap()
            .resource
            .version
            == "v2"
    );

    let gvk = GroupVersionKind::gvk("mapper.example.com", "v1", "Gadget");
    assert_eq!(
        mapper.resolve(&gvk).await.unwrap_err().class(),
        Class::NotFound
    );
    let definition = json!({
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "metadata": {"name": "gadgetry.mapper.example.com"},
        "spec": {
            "group": "mapper.example.com", "scope": "Cluster",
            "names": {"kind": "Gadget", "plural": "gadgetry"},
            "versions": [{"name": "v1", "served": true, "storage": true, "schema": {
                "openAPIV3Schema": {"type": "object"},
            }}],
        },
    });
    apply(&client, &mapper, None, definition).await;
    let found = async {
        loop {
            if let Ok(kind) = mapper.resolve(&gvk).await {
                break kind;
            }
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
    };
    let found = tokio::time::timeout(Duration::from_secs(20), found)
        .await
        .unwrap();
    assert_eq!(
        (found.resource.plural.as_str(), found.is_namespaced()),
        ("gadgetry", false)
    );
}

#[tokio::test]
async fn a_list_is_whole_and_a_watch_ends_when_it_is_told() {
    let Some(server) = server().await else { return };
    let client = server.client();
    let own = namespace(&client, "pages").await;
    let calls = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let seen = calls.clone();
    let mut options = ClientOptions::default();
    options.observer = Some(Observer::new(move |call| {
        seen.lock().unwrap().push((call.operation, call.status));
    }));
    let observed = fluxcd_kube::client::connect(server.config(), &options).unwrap();
    let accounts: Api<ServiceAccount> = Api::namespaced(observed, &own);
    for n in 0..12 {
        let account = made(json!({"metadata": {"name": format!("a{n}")}}));
        accounts
            .create(&PostParams::default(), &account)
            .await
            .unwrap();
    }
    calls.lock().unwrap().clear();
    let params = ListParams::default().limit(5);
    let listed = list_all(&accounts, &params, "ServiceAccount")
        .await
        .unwrap();
    assert_eq!(listed.items.len(), 12);
    assert_eq!(*calls.lock().unwrap(), [(Some("list"), Some(200)); 3]);

    let version = listed.metadata.resource_version.unwrap();
    let params = WatchParams::default().timeout(1);
    let stream = accounts.watch(&params, &version).await.unwrap();
    let events = futures::StreamExt::collect::<Vec<_>>(stream).await;
    assert!(events.iter().all(Result::is_ok));
}

#[tokio::test]
async fn a_server_with_a_foreign_certificate_is_asked_once() {
    let Some(server) = server().await else { return };
    let attempts = std::sync::Arc::new(std::sync::atomic::AtomicU32::new(0));
    let seen = attempts.clone();
    let mut options = ClientOptions::default();
    options.observer = Some(Observer::new(move |call| {
        seen.fetch_add(call.attempts, std::sync::atomic::Ordering::Relaxed);
    }));
    let mut config = server.config();
    config.root_cert = None;
    let client = fluxcd_kube::client::connect(config, &options).unwrap();
    let error = client.apiserver_version().await.unwrap_err();
    assert_eq!(classify(&error), Class::Other);
    assert_eq!(
        attempts.load(std::sync::atomic::Ordering::Relaxed),
        1,
        "{error:?}"
    );
}
