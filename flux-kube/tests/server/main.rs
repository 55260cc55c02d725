//! What only a real API server can tell. Without the directory that `KUBEBUILDER_ASSETS` names, these tests skip.

mod launch;

use std::sync::{Arc, Weak};

use fluxcd_kube::testing::ApiServer;
use tokio::sync::Mutex;

/// The server that the tests of this program share; it stops with its last user. Each test has namespaces of its own.
async fn server() -> Option<Arc<ApiServer>> {
    static SHARED: Mutex<Weak<ApiServer>> = Mutex::const_new(Weak::new());
    let mut shared = SHARED.lock().await;
    if let Some(server) = shared.upgrade() {
        return Some(server);
    }
    let Some(server) = ApiServer::start().await.expect("the API server starts") else {
        println!("skipped: KUBEBUILDER_ASSETS is not set");
        return None;
    };
    let server = Arc::new(server);
    *shared = Arc::downgrade(&server);
    Some(server)
}
