//! What only a real API server can tell. Without the directory that `KUBEBUILDER_ASSETS` names, these tests skip.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod apply;
mod client;
mod crds;
mod fake;
mod launch;
mod restart;
mod runtime;
mod status;
mod wait;

use std::io::{Write, stderr};
use std::sync::{Arc, Once, Weak};

use fluxcd_kube::testing::ApiServer;
use k8s_openapi::api::core::v1::Namespace;
use kube::api::{ObjectMeta, PostParams};
use kube::{Api, Client};
use tokio::sync::Mutex;

/// The server that the tests of this program share; it stops with its last user. Each test has namespaces of its own.
async fn server() -> Option<Arc<ApiServer>> {
    static SHARED: Mutex<Weak<ApiServer>> = Mutex::const_new(Weak::new());
    let mut shared = SHARED.lock().await;
    if let Some(server) = shared.upgrade() {
        return Some(server);
    }
    let server = Arc::new(own_server().await?);
    *shared = Arc::downgrade(&server);
    Some(server)
}

/// A server of one test. Where there is none, that is said once, in a line that tests which succeed do not swallow.
async fn own_server() -> Option<ApiServer> {
    static SAID: Once = Once::new();
    let server = ApiServer::start().await.expect("the API server starts");
    if server.is_none() {
        SAID.call_once(|| {
            stderr()
                .write_all(b"skipped: KUBEBUILDER_ASSETS is not set\n")
                .unwrap()
        });
    }
    server
}

/// A new namespace whose name begins with `prefix`.
async fn namespace(client: &Client, prefix: &str) -> String {
    let namespace = Namespace {
        metadata: ObjectMeta {
            generate_name: Some(format!("{prefix}-")),
            ..ObjectMeta::default()
        },
        ..Namespace::default()
    };
    let api: Api<Namespace> = Api::all(client.clone());
    let created = api.create(&PostParams::default(), &namespace).await;
    created.unwrap().metadata.name.unwrap()
}
