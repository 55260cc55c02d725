//! A controller on a real API server, which goes away and comes back.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use fluxcd_api::kustomize::v1::Kustomization;
use fluxcd_api::meta;
use fluxcd_api::source::v1::GitRepository;
use fluxcd_core::schedule::Requeue;
use fluxcd_kube::cache::Key;
use fluxcd_kube::runtime::{Config, Ctx, Outcome, Reconciler, Runner};
use futures::{StreamExt as _, TryStreamExt as _};
use k8s_openapi::api::core::v1::ConfigMap;
use kube::api::{Api, DeleteParams, Patch, PatchParams, PostParams, WatchEvent, WatchParams};
use kube::{Client, ResourceExt as _};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::crds::install;
use crate::{namespace, own_server, server};

const FINALIZER: &str = "finalizers.fluxcd.io";

/// What a run saw: generation, what woke it, whether it was the last.
type Run = (i64, String, bool);

#[derive(Clone, Default)]
struct Probe(Arc<Mutex<Vec<Run>>>);

impl Probe {
    fn note(&self, object: &Kustomization, ctx: &Ctx<Kustomization>, is_final: bool) {
        let cause = ctx.cause().map(|cause| cause.kind.clone());
        let generation = object.metadata.generation.unwrap_or_default();
        self.0
            .lock()
            .unwrap()
            .push((generation, cause.unwrap_or_default(), is_final));
    }

    /// Waits until so many runs have been, and nothing follows; returns the last.
    async fn until(&self, count: usize) -> Run {
        for _ in 0..600 {
            if self.0.lock().unwrap().len() >= count {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        tokio::time::sleep(Duration::from_millis(300)).await;
        let runs = self.0.lock().unwrap().clone();
        assert_eq!(runs.len(), count, "{runs:?}");
        runs.last().unwrap().clone()
    }
}

impl Reconciler<Kustomization> for Probe {
    async fn reconcile(&self, object: Arc<Kustomization>, ctx: &Ctx<Kustomization>) -> Outcome {
        self.note(&object, ctx, false);
        let api: Api<Kustomization> = Api::namespaced(ctx.client().clone(), &ctx.key().namespace);
        let status = json!({"status": {"observedGeneration": object.metadata.generation, "lastAppliedRevision": ctx.clock().now().to_rfc3339()}});
        let written = api
            .patch_status(
                &ctx.key().name,
                &PatchParams::default(),
                &Patch::Merge(status),
            )
            .await;
        written
            .map(|_| Requeue::After(meta::Duration::from_secs(600)))
            .into()
    }

    async fn finalize(&self, object: Arc<Kustomization>, ctx: &Ctx<Kustomization>) -> Outcome {
        self.note(&object, ctx, true);
        Outcome::done()
    }
}

fn run(
    client: Client,
    namespace: &str,
    probe: &Probe,
    shutdown: &CancellationToken,
) -> tokio::task::JoinHandle<()> {
    let key = |object: &Kustomization| {
        Key::new(
            object.namespace().unwrap_or_default(),
            &object.spec.source_ref.name,
        )
    };
    let runner = Runner::<Kustomization>::within(client, Some(namespace))
        .finalizer(FINALIZER)
        .watches_revisions::<GitRepository>(move |object| vec![key(object)])
        .watches_configs("reconcile.fluxcd.io/watch=Enabled", move |object| {
            vec![Config::ConfigMap(key(object))]
        });
    let (probe, shutdown) = (probe.clone(), shutdown.clone());
    tokio::spawn(async move {
        let report = runner.run(probe, shutdown).await;
        assert_eq!((report.panicked, report.dropped.len()), (0, 0));
    })
}

async fn merge<K>(api: &Api<K>, patch: Value)
where
    K: Clone + serde::de::DeserializeOwned + std::fmt::Debug,
{
    api.patch("fleet", &PatchParams::default(), &Patch::Merge(patch))
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_controller_works_on_while_the_server_goes_away_and_comes_back() {
    let Some(mut server) = own_server().await else {
        return;
    };
    let client = server.client();
    install(&client).await;
    let namespace = namespace(&client, "runtime").await;
    let objects: Api<Kustomization> = Api::namespaced(client.clone(), &namespace);
    let repositories: Api<GitRepository> = Api::namespaced(client.clone(), &namespace);
    let configs: Api<ConfigMap> = Api::namespaced(client.clone(), &namespace);
    let (probe, shutdown) = (Probe::default(), CancellationToken::new());
    let controller = run(server.client(), &namespace, &probe, &shutdown);

    // Created: the finalizer first. What a run writes to the status wakes nothing.
    let spec = json!({"interval": "10m", "path": "./a", "prune": true, "sourceRef": {"kind": "GitRepository", "name": "fleet"}});
    let object =
        serde_json::from_value(json!({"metadata": {"name": "fleet"}, "spec": spec})).unwrap();
    objects
        .create(&PostParams::default(), &object)
        .await
        .unwrap();
    assert_eq!(probe.until(1).await, (1, "Kustomization".into(), false));
    assert_eq!(
        objects.get("fleet").await.unwrap().finalizers(),
        [FINALIZER]
    );

    // A request, and no longer one.
    let request = |token: Value| json!({"metadata": {"annotations": {"reconcile.fluxcd.io/requestedAt": token}}});
    merge(&objects, request(json!("now"))).await;
    assert_eq!(probe.until(2).await.0, 1);
    merge(&objects, request(Value::Null)).await;
    probe.until(2).await;

    // A revision of its source, and a configuration.
    let repository = json!({"metadata": {"name": "fleet"}, "spec": {"interval": "1m", "url": "https://example.com/a"}});
    repositories
        .create(
            &PostParams::default(),
            &serde_json::from_value(repository).unwrap(),
        )
        .await
        .unwrap();
    let artifact = |revision: &str| {
        json!({"status": {"artifact": {"digest": "sha256:0", "lastUpdateTime": "2026-01-01T00:00:00Z", "path": "a",
            "revision": revision, "url": "http://example.com"}}})
    };
    let params = PatchParams::default();
    for revision in ["main@sha1:1", "main@sha1:1"] {
        repositories
            .patch_status("fleet", &params, &Patch::Merge(artifact(revision)))
            .await
            .unwrap();
    }
    assert_eq!(probe.until(3).await.1, "GitRepository");
    let labels = json!({"reconcile.fluxcd.io/watch": "Enabled"});
    let config = json!({"metadata": {"name": "fleet", "labels": labels}, "data": {"a": "b"}});
    configs
        .create(
            &PostParams::default(),
            &serde_json::from_value(config).unwrap(),
        )
        .await
        .unwrap();
    assert_eq!(probe.until(4).await.1, "ConfigMap");

    // The server goes away, and what it is told after its return is seen.
    server.kill();
    tokio::time::sleep(Duration::from_secs(3)).await;
    server.restart().await.unwrap();
    is_told_inside_of_the_watch(&configs).await;
    merge(&objects, json!({"spec": {"path": "./b"}})).await;
    assert_eq!(probe.until(5).await, (2, "Kustomization".into(), false));
    repositories
        .patch_status("fleet", &params, &Patch::Merge(artifact("main@sha1:2")))
        .await
        .unwrap();
    assert_eq!(probe.until(6).await.1, "GitRepository");

    // Another controller, to which everything is new, and which was not there when the object was deleted.
    shutdown.cancel();
    controller.await.unwrap();
    objects
        .delete("fleet", &DeleteParams::default())
        .await
        .unwrap();
    let shutdown = CancellationToken::new();
    let controller = run(server.client(), &namespace, &probe, &shutdown);
    assert!(probe.until(7).await.2);
    assert!(objects.get_opt("fleet").await.unwrap().is_none());
    shutdown.cancel();
    controller.await.unwrap();
}

/// What the scripted server and the loop assume of a real one.
#[tokio::test(flavor = "multi_thread")]
async fn a_patch_whose_test_fails_is_refused_without_a_cause_and_a_bad_finalizer_with_one() {
    let Some(server) = server().await else {
        return;
    };
    let client = server.client();
    let namespace = namespace(&client, "finalizer").await;
    let api: Api<ConfigMap> = Api::namespaced(client.clone(), &namespace);
    let mut object = ConfigMap::default();
    object.metadata.name = Some("a".to_owned());
    api.create(&PostParams::default(), &object).await.unwrap();
    let mut answers = Vec::new();
    for patch in [
        json!([{"op": "test", "path": "/metadata/uid", "value": "other"}]),
        json!([{"op": "test", "path": "/metadata/finalizers", "value": ["other"]}]),
        json!([{"op": "add", "path": "/metadata/finalizers", "value": ["no name"]}]),
    ] {
        let path = format!("/api/v1/namespaces/{namespace}/configmaps/a");
        let request = http::Request::patch(path)
            .header("content-type", "application/json-patch+json")
            .body(patch.to_string().into_bytes());
        let Err(kube::Error::Api(status)) = client.request::<Value>(request.unwrap()).await else {
            panic!("{patch} is taken");
        };
        let causes = status.details.map_or(0, |details| details.causes.len());
        answers.push((status.code, status.reason, causes > 0));
    }
    let expected = [false, false, true].map(|has_causes| (422, "Invalid".to_owned(), has_causes));
    assert_eq!(answers, expected);
}

/// Core API servers say that a version is too old inside of the watch; others answer 410. The loop takes it either way.
async fn is_told_inside_of_the_watch(configs: &Api<ConfigMap>) {
    let stream = configs.watch(&WatchParams::default(), "1").await;
    let mut stream = stream.expect("the watch begins").boxed();
    let event = tokio::time::timeout(Duration::from_secs(20), stream.try_next()).await;
    let event = event.unwrap().unwrap();
    let Some(WatchEvent::Error(status)) = event else {
        panic!("{event:?}");
    };
    assert_eq!((status.code, status.reason.as_str()), (410, "Expired"));
}
