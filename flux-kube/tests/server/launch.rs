//! The launcher itself: a server that is killed comes back as it was.

use fluxcd_kube::testing::ApiServer;
use k8s_openapi::api::core::v1::{ConfigMap, Namespace, ServiceAccount};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kube::Api;
use kube::api::PostParams;

use crate::server;

#[tokio::test]
async fn a_server_is_ready_for_its_administrator_and_closed_to_others() {
    let Some(server) = server().await else { return };
    let accounts: Api<ServiceAccount> = Api::default_namespaced(server.client());
    accounts.list(&Default::default()).await.unwrap();
    let stranger: Api<ServiceAccount> =
        Api::default_namespaced(server.client_for("stranger", &["guests"]));
    let error = stranger.list(&Default::default()).await.unwrap_err();
    assert!(error.to_string().contains("\"stranger\""), "{error}");

    let out = server
        .kubectl()
        .args(["get", "namespaces", "-o", "name"])
        .output();
    let out = String::from_utf8(out.unwrap().stdout).unwrap();
    assert!(out.contains("namespace/default"), "{out}");
}

#[tokio::test]
async fn a_server_that_was_killed_comes_back_with_its_objects() {
    let Some(mut server) = ApiServer::start().await.unwrap() else {
        return;
    };
    let client = server.client();
    let maps: Api<ConfigMap> = Api::default_namespaced(client.clone());
    let map = ConfigMap {
        metadata: ObjectMeta {
            name: Some("kept".into()),
            ..ObjectMeta::default()
        },
        ..ConfigMap::default()
    };
    let created = maps.create(&PostParams::default(), &map).await.unwrap();
    server.kill();
    assert!(maps.get("kept").await.is_err());
    server.restart().await.unwrap();
    let kept = maps.get("kept").await.unwrap();
    assert_eq!(kept.metadata.uid, created.metadata.uid);
    Api::<Namespace>::all(client).get("default").await.unwrap();
}

#[tokio::test]
async fn a_directory_without_the_programs_is_an_error_that_names_them() {
    let dir = tempfile::tempdir().unwrap();
    let error = ApiServer::start_from(dir.path()).await.unwrap_err();
    let text = error.to_string();
    assert!(
        text.starts_with("connect etcd: KUBEBUILDER_ASSETS: no program "),
        "{text}"
    );
}

#[tokio::test]
async fn a_program_that_ends_leaves_its_last_words() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = tempfile::tempdir().unwrap();
    for program in ["etcd", "kube-apiserver"] {
        let path = dir.path().join(program);
        std::fs::write(&path, "#!/bin/sh\necho it is over >&2\nexit 3\n").unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    let text = ApiServer::start_from(dir.path())
        .await
        .unwrap_err()
        .to_string();
    assert!(
        text.contains("ended with exit status: 3\nit is over"),
        "{text}"
    );
}
