//! The example `applier` on a real API server, with `kubectl` as its user. Without the directory that
//! `KUBEBUILDER_ASSETS` names, these tests skip.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

use std::io::{Write, stderr};
use std::process::Stdio;
use std::time::Duration;

use fluxcd::kube::testing::ApiServer;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

#[path = "../examples/applier.rs"]
#[allow(dead_code, reason = "its main function")]
mod applier;

/// A user of a cluster on which the controller runs.
struct User {
    server: ApiServer,
    namespace: &'static str,
}

impl User {
    /// What `kubectl` says, and whether it failed.
    fn try_kubectl(&self, arguments: &[&str], input: &str) -> Result<String, String> {
        let mut command = self.server.kubectl();
        command
            .args(["--namespace", self.namespace])
            .args(arguments);
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().expect("kubectl");
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(input.as_bytes()).unwrap();
        drop(stdin);
        let output = child.wait_with_output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        match output.status.success() {
            true => Ok(text(output.stdout)),
            false => Err(text(output.stderr)),
        }
    }

    fn kubectl(&self, arguments: &[&str]) -> String {
        let said = self.try_kubectl(arguments, "");
        said.unwrap_or_else(|error| panic!("kubectl {arguments:?}: {error}"))
    }

    fn apply(&self, object: &Value) {
        let applied = self.try_kubectl(&["apply", "-f", "-"], &object.to_string());
        applied.unwrap_or_else(|error| panic!("{error}"));
    }

    fn get(&self, kind: &str, name: &str) -> Option<Value> {
        let found = self.try_kubectl(&["get", kind, name, "-o", "json"], "");
        found.ok().map(|text| serde_json::from_str(&text).unwrap())
    }

    /// The ConfigMap that holds these objects.
    fn manifests(&self, name: &str, objects: &[Value]) {
        let texts = objects.iter().map(ToString::to_string);
        let stream = texts.collect::<Vec<_>>().join("\n---\n");
        self.apply(&json!({
            "apiVersion": "v1", "kind": "ConfigMap",
            "metadata": {"name": name, "labels": {"reconcile.fluxcd.io/watch": "Enabled"}},
            "data": {"manifests.yaml": stream},
        }));
    }

    fn set(&self, name: &str, spec: &Value) {
        let mut all =
            json!({"configMap": name, "interval": "10m", "prune": true, "timeout": "30s"});
        let members = spec.as_object().unwrap().clone();
        all.as_object_mut().unwrap().extend(members);
        self.apply(&json!({
            "apiVersion": "demo.fluxcd.rs/v1", "kind": "ManifestSet",
            "metadata": {"name": name}, "spec": all,
        }));
    }

    fn condition(&self, name: &str, type_: &str) -> Value {
        let object = self.get("manifestset", name).unwrap_or_default();
        let conditions = object["status"]["conditions"].as_array().cloned();
        let mut conditions = conditions.unwrap_or_default().into_iter();
        conditions
            .find(|it| it["type"] == type_)
            .unwrap_or_default()
    }

    /// Waits until the object is ready, or is not, for a reason and a message that has that text.
    async fn ready(&self, name: &str, status: &str, reason: &str, text: &str) {
        let says = || {
            let ready = self.condition(name, "Ready");
            let message = ready["message"].as_str().unwrap_or_default().contains(text);
            ready["status"] == status && ready["reason"] == reason && message
        };
        self.until(&format!("{name} is {status}, {reason}, {text:?}"), says)
            .await;
    }

    /// Nothing happens to the object for a while: what the controller wrote does not wake it.
    async fn rests(&self, name: &str) {
        let version =
            || self.get("manifestset", name).unwrap()["metadata"]["resourceVersion"].clone();
        let before = version();
        sleep(Duration::from_secs(2)).await;
        assert_eq!(version(), before);
    }

    async fn until(&self, what: &str, mut holds: impl FnMut() -> bool) {
        let begun = Instant::now();
        while !holds() {
            if begun.elapsed() > Duration::from_secs(40) {
                let state =
                    self.kubectl(&["get", "manifestsets,configmaps,deployments", "-o", "yaml"]);
                panic!("not within 40 s: {what}\n{state}");
            }
            sleep(Duration::from_millis(200)).await;
        }
    }
}

fn config_map(name: &str, value: &str) -> Value {
    json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": {"key": value}})
}

fn deployment(name: &str) -> Value {
    json!({
        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name},
        "spec": {
            "selector": {"matchLabels": {"app": name}},
            "template": {
                "metadata": {"labels": {"app": name}},
                "spec": {"containers": [{"name": "app", "image": "ghcr.io/stefanprodan/podinfo:6.9.0"}]},
            },
        },
    })
}

const APPLIED: (&str, &str) = ("True", "ReconciliationSucceeded");

/// One cluster and one controller, and the life of several objects in it.
#[tokio::test(flavor = "multi_thread")]
async fn a_user_meets_the_applier() {
    let Some(server) = ApiServer::start().await.unwrap() else {
        // Not swallowed, as what a test that succeeds prints.
        return stderr()
            .write_all(b"skipped: KUBEBUILDER_ASSETS is not set\n")
            .unwrap();
    };
    let client = server.client();
    applier::manifest_set::install(&client).await.unwrap();
    let shutdown = CancellationToken::new();
    let controller = tokio::spawn(applier::run(client, shutdown.clone()));
    let user = User {
        server,
        namespace: "default",
    };

    objects_appear_and_go(&user).await;
    drift_is_corrected_on_request_and_not_while_suspended(&user).await;
    what_cannot_be_applied_is_said(&user).await;
    health_is_waited_for(&user).await;
    deletion_takes_what_it_made_and_nothing_else(&user).await;

    shutdown.cancel();
    let report = controller.await.unwrap();
    assert_eq!((report.panicked, report.dropped.len()), (0, 0));
}

async fn objects_appear_and_go(user: &User) {
    user.set("web", &json!({}));
    user.ready(
        "web",
        "False",
        "ArtifactFailed",
        "configmaps \"web\" not found",
    )
    .await;
    // The ConfigMap wakes the object.
    user.manifests("web", &[config_map("a", "1"), config_map("b", "1")]);
    user.ready("web", APPLIED.0, APPLIED.1, "Applied revision: web@")
        .await;
    assert_eq!(user.get("configmap", "a").unwrap()["data"]["key"], "1");
    let set = user.get("manifestset", "web").unwrap();
    assert_eq!(
        set["status"]["observedGeneration"],
        set["metadata"]["generation"]
    );
    let entries = set["status"]["inventory"]["entries"].as_array().unwrap();
    assert_eq!(entries.len(), 2);
    assert_eq!(user.condition("web", "Reconciling"), Value::Null);
    let row = user.kubectl(&["get", "mset", "web"]);
    assert!(
        row.contains("True") && row.contains("Applied revision: web@"),
        "{row}"
    );

    let events = || user.kubectl(&["get", "events", "--field-selector=involvedObject.name=web"]);
    let tells = || events().contains("ConfigMap/default/a created");
    user.until("an event tells what was created", tells).await;
    user.rests("web").await;

    user.manifests("web", &[config_map("a", "2")]);
    user.until("b is pruned", || user.get("configmap", "b").is_none())
        .await;
    user.until("a is changed", || {
        user.get("configmap", "a").unwrap()["data"]["key"] == "2"
    })
    .await;
}

async fn drift_is_corrected_on_request_and_not_while_suspended(user: &User) {
    let drift = || {
        user.kubectl(&[
            "patch",
            "configmap",
            "a",
            "--type=merge",
            "-p",
            r#"{"data":{"key":"drift"}}"#,
        ])
    };
    let key = || user.get("configmap", "a").unwrap()["data"]["key"].clone();
    let request = |token: &str| {
        let annotation = format!("reconcile.fluxcd.io/requestedAt={token}");
        user.kubectl(&["annotate", "--overwrite", "manifestset", "web", &annotation]);
    };
    let handled =
        || user.get("manifestset", "web").unwrap()["status"]["lastHandledReconcileAt"].clone();

    drift();
    request("first");
    user.until("drift is corrected", || key() == "2").await;
    user.until("the request is handled", || handled() == "first")
        .await;

    user.kubectl(&[
        "patch",
        "manifestset",
        "web",
        "--type=merge",
        "-p",
        r#"{"spec":{"suspend":true}}"#,
    ]);
    drift();
    request("second");
    sleep(Duration::from_secs(3)).await;
    assert_eq!((key(), handled()), (json!("drift"), json!("first")));
    user.kubectl(&[
        "patch",
        "manifestset",
        "web",
        "--type=merge",
        "-p",
        r#"{"spec":{"suspend":false}}"#,
    ]);
    user.until("the drift of meanwhile is corrected", || key() == "2")
        .await;
}

async fn what_cannot_be_applied_is_said(user: &User) {
    let wrong = json!({
        "apiVersion": "v1", "kind": "Service", "metadata": {"name": "wrong"},
        "spec": {"ports": [{"port": 123_456}]},
    });
    user.manifests("failing", &[wrong, config_map("beside", "1")]);
    user.set("failing", &json!({"retryInterval": "1h"}));
    user.ready(
        "failing",
        "False",
        "ReconciliationFailed",
        "Service/default/wrong",
    )
    .await;
    let retries = || user.condition("failing", "Reconciling")["reason"] == "ProgressingWithRetry";
    user.until("it says that it is tried again", retries).await;
    user.rests("failing").await;
    // The other object is there, and is not forgotten.
    assert!(user.get("configmap", "beside").is_some());

    user.apply(&json!({
        "apiVersion": "v1", "kind": "ConfigMap",
        "metadata": {"name": "failing", "labels": {"reconcile.fluxcd.io/watch": "Enabled"}},
        "data": {"manifests.yaml": "kind: [unclosed"},
    }));
    user.ready("failing", "False", "BuildFailed", "manifests.yaml: ")
        .await;
    user.manifests("failing", &[config_map("beside", "2")]);
    user.ready("failing", APPLIED.0, APPLIED.1, "Applied revision")
        .await;
}

async fn health_is_waited_for(user: &User) {
    user.manifests("slow", &[deployment("slow")]);
    user.set("slow", &json!({"timeout": "4s", "retryInterval": "1s"}));
    user.ready(
        "slow",
        "Unknown",
        "Progressing",
        "Reconciliation in progress",
    )
    .await;
    let text = "timeout waiting for: [Deployment/default/slow status: 'InProgress']";
    user.ready("slow", "False", "HealthCheckFailed", text).await;

    // No controller of Deployments runs here: the user plays it.
    let generation = user.get("deployment", "slow").unwrap()["metadata"]["generation"].clone();
    let status = json!({"status": {
        "observedGeneration": generation, "replicas": 1, "updatedReplicas": 1, "readyReplicas": 1,
        "availableReplicas": 1,
        "conditions": [
            {"type": "Available", "status": "True"},
            {"type": "Progressing", "status": "True", "reason": "NewReplicaSetAvailable"},
        ],
    }});
    let status = status.to_string();
    user.kubectl(&[
        "patch",
        "deployment",
        "slow",
        "--subresource=status",
        "--type=merge",
        "-p",
        &status,
    ]);
    user.ready("slow", APPLIED.0, APPLIED.1, "Applied revision: slow@")
        .await;
}

async fn deletion_takes_what_it_made_and_nothing_else(user: &User) {
    user.apply(&config_map("foreign", "1"));
    for name in ["web", "failing", "slow"] {
        user.kubectl(&[
            "delete",
            "manifestset",
            name,
            "--wait=true",
            "--timeout=30s",
        ]);
    }
    for (kind, name) in [
        ("configmap", "a"),
        ("configmap", "beside"),
        ("deployment", "slow"),
    ] {
        user.until("what was applied is gone", || {
            user.get(kind, name).is_none()
        })
        .await;
    }
    for name in ["foreign", "web", "failing", "slow"] {
        assert!(user.get("configmap", name).is_some(), "{name}");
    }
}
