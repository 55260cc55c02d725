//! The example `source_consumer`, on a real API server, with `kubectl` as its user. Without the directory that
//! `KUBEBUILDER_ASSETS` names, this test says so and returns.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::fs;
use std::io::{Write, stderr};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use fluxcd::api::meta::Artifact;
use fluxcd::api::source::v1::{Bucket, ExternalArtifact, GitRepository, HelmChart, OCIRepository};
use fluxcd::kube::testing::{ApiServer, Artifacts};
use kube::CustomResourceExt;
use serde_json::{Value, json};
use source_consumer::{Settings, run};
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

#[allow(dead_code, reason = "its main function is not called here")]
#[path = "../examples/source_consumer.rs"]
mod source_consumer;

/// A cluster, a server of artifacts, and the directory of the consumer.
struct Ground {
    server: ApiServer,
    artifacts: Artifacts,
    directory: PathBuf,
}

impl Ground {
    /// What `kubectl` prints.
    fn kubectl(&self, arguments: &[&str], input: &str) -> String {
        let mut command = self.server.kubectl();
        command
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(input.as_bytes())
            .unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "kubectl {arguments:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn apply(&self, object: &Value) {
        self.kubectl(&["apply", "-f", "-"], &object.to_string());
    }

    /// Writes the status that source-controller would write.
    fn offer(&self, kind: &str, artifact: &Artifact) {
        let status = json!({"status": {"artifact": artifact}}).to_string();
        self.kubectl(
            &[
                "patch",
                kind,
                "app",
                "--subresource",
                "status",
                "--type",
                "merge",
                "-p",
                &status,
            ],
            "",
        );
    }

    fn patch(&self, patch: &Value) {
        let patch = patch.to_string();
        self.kubectl(
            &[
                "patch",
                "gitrepository",
                "app",
                "--type",
                "merge",
                "-p",
                &patch,
            ],
            "",
        );
    }

    fn publish(&self, revision: &str, content: &str) -> Artifact {
        let path = format!("gitrepository/default/app/{revision}.tar.gz");
        let files = [("deploy/app.yaml", content), (revision, "")];
        self.artifacts.publish(&path, revision, &files).unwrap()
    }

    fn content(&self) -> Option<String> {
        let place = self.directory.join("gitrepository/default/app");
        fs::read_to_string(place.join("deploy/app.yaml")).ok()
    }

    /// The events of a type, without those that say the same.
    fn events(&self, type_: &str) -> String {
        let fields = format!("type={type_},involvedObject.name=app");
        let columns = "custom-columns=:.reason,:.message,:.involvedObject.kind";
        let printed = self.kubectl(
            &["get", "events", "--field-selector", &fields, "-o", columns],
            "",
        );
        printed
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .collect::<Vec<_>>()
            .join("\n")
    }
}

async fn eventually(what: &str, is_so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < Duration::from_secs(60), "never: {what}");
        sleep(Duration::from_millis(100)).await;
    }
}

/// That nothing happens can only be waited for.
async fn in_a_moment() {
    sleep(Duration::from_secs(2)).await;
}

fn names(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).into_iter().flatten();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn source(kind: &str, spec: &Value) -> Value {
    json!({
        "apiVersion": "source.toolkit.fluxcd.io/v1", "kind": kind,
        "metadata": {"name": "app", "namespace": "default"},
        "spec": spec,
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn the_directory_holds_what_the_sources_offer() {
    let Some(server) = ApiServer::start().await.unwrap() else {
        // Not swallowed, as what a test that succeeds prints.
        return stderr()
            .write_all(b"skipped: KUBEBUILDER_ASSETS is not set\n")
            .unwrap();
    };
    let scratch = tempfile::tempdir().unwrap();
    let ground = Ground {
        server,
        artifacts: Artifacts::listen().await.unwrap(),
        directory: scratch.path().join("sources"),
    };
    for definition in [
        Bucket::crd(),
        ExternalArtifact::crd(),
        GitRepository::crd(),
        HelmChart::crd(),
        OCIRepository::crd(),
    ] {
        ground.apply(&serde_json::to_value(definition).unwrap());
    }
    ground.kubectl(
        &[
            "wait",
            "--for=condition=Established",
            "crd",
            "--all",
            "--timeout=60s",
        ],
        "",
    );

    // As it runs in a cluster, with the rights that stand beside it.
    ground.kubectl(&["create", "namespace", "flux-system"], "");
    for file in ["rbac.yaml", "source.yaml"] {
        let path = format!(
            "{}/examples/source_consumer/{file}",
            env!("CARGO_MANIFEST_DIR")
        );
        ground.kubectl(&["apply", "-f", &path], "");
    }
    let user = "system:serviceaccount:flux-system:source-consumer";
    let client = ground
        .server
        .client_for(user, &["system:serviceaccounts", "system:authenticated"]);

    let shutdown = CancellationToken::new();
    let settings = Settings {
        directory: ground.directory.clone(),
        ..Settings::default()
    };
    let consumer = tokio::spawn(run(client, settings, shutdown.clone()));
    revisions(&ground).await;
    what_is_not_there(&ground).await;
    other_kinds(&ground).await;
    shutdown.cancel();
    consumer.await.unwrap();
}

async fn revisions(ground: &Ground) {
    ground.apply(&source(
        "GitRepository",
        &json!({"interval": "10m", "url": "https://git.test/app"}),
    ));
    in_a_moment().await;
    assert_eq!(
        names(&ground.directory),
        [""; 0],
        "there is no artifact yet"
    );

    ground.offer("gitrepository", &ground.publish("main@sha1:1", "one"));
    eventually("the first revision", || {
        ground.content().as_deref() == Some("one")
    })
    .await;
    ground.offer("gitrepository", &ground.publish("main@sha1:2", "two"));
    eventually("the second revision", || {
        ground.content().as_deref() == Some("two")
    })
    .await;
    let place = ground.directory.join("gitrepository/default/app");
    assert_eq!(names(&place), ["deploy", "main@sha1:2"]);
    // Other files of the same revision.
    ground.offer("gitrepository", &ground.publish("main@sha1:2", "three"));
    eventually("other bytes", || {
        ground.content().as_deref() == Some("three")
    })
    .await;
    let fetched = |revision: &str, bytes: usize| {
        format!("ArtifactFetched   fetched 2 files, {bytes} bytes, of {revision}   GitRepository")
    };
    let expected = [
        fetched("main@sha1:1", 3),
        fetched("main@sha1:2", 3),
        fetched("main@sha1:2", 5),
    ];
    eventually("the events", || {
        let mut lines: Vec<_> = ground.events("Normal").lines().map(squeezed).collect();
        lines.sort();
        lines == expected.clone().map(|line| squeezed(&line))
    })
    .await;
    assert_eq!(ground.events("Warning"), "");
}

fn squeezed(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

async fn what_is_not_there(ground: &Ground) {
    // Gone from the server: the source will offer another one.
    let artifact = ground.publish("main@sha1:4", "four");
    ground.artifacts.remove(&artifact.path);
    ground.offer("gitrepository", &artifact);
    in_a_moment().await;
    assert_eq!(ground.content().as_deref(), Some("three"));
    assert_eq!(ground.events("Warning"), "");

    // Tampered with.
    let artifact = ground.publish("main@sha1:5", "five");
    ground.publish("main@sha1:5", "evil");
    ground.offer("gitrepository", &artifact);
    eventually("a warning", || !ground.events("Warning").is_empty()).await;
    let warning = squeezed(&ground.events("Warning"));
    let expected = format!(
        "ArtifactFailed failed to verify archive: computed digest doesn't match provided '{}' \
         (check whether file size exceeds max download size) GitRepository",
        artifact.digest
    );
    assert_eq!(warning, expected);
    assert_eq!(ground.content().as_deref(), Some("three"));
    assert_eq!(
        names(&ground.directory.join("gitrepository/default")),
        ["app"]
    );

    ground.patch(&json!({"spec": {"suspend": true}}));
    in_a_moment().await;
    ground.offer("gitrepository", &ground.publish("main@sha1:6", "six"));
    in_a_moment().await;
    assert_eq!(
        ground.content().as_deref(),
        Some("three"),
        "the source is suspended"
    );
    ground.patch(&json!({"spec": {"suspend": false}}));
    eventually("the source is resumed", || {
        ground.content().as_deref() == Some("six")
    })
    .await;
}

async fn other_kinds(ground: &Ground) {
    for (kind, spec) in [
        (
            "Bucket",
            json!({"interval": "10m", "bucketName": "app", "endpoint": "s3.test"}),
        ),
        ("ExternalArtifact", json!({})),
        (
            "HelmChart",
            json!({"interval": "10m", "chart": "app", "sourceRef": {"kind": "HelmRepository", "name": "app"}}),
        ),
        (
            "OCIRepository",
            json!({"interval": "10m", "url": "oci://oci.test/app"}),
        ),
    ] {
        ground.apply(&source(kind, &spec));
        let kind = kind.to_lowercase();
        let path = format!("{kind}/default/app/sha256:1.tar.gz");
        let artifact = ground
            .artifacts
            .publish(&path, "sha256:1", &[("kind", &kind)])
            .unwrap();
        ground.offer(&kind, &artifact);
        let file = ground.directory.join(&kind).join("default/app/kind");
        eventually(&kind, || {
            fs::read_to_string(&file).is_ok_and(|text| text == kind)
        })
        .await;
    }
}
