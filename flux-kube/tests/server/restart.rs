//! The API server goes away in the middle of a reconcile, and comes back. Whatever was done by then, one more reconcile
//! reaches the wanted state, and nothing that belongs to others is touched.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use fluxcd_core::inventory::Resource;
use fluxcd_core::ssa::Action;
use fluxcd_kube::apply::{Applier, ApplyOptions, Owner};
use fluxcd_kube::client::{self, ClientOptions};
use fluxcd_kube::mapper::Mapper;
use fluxcd_kube::prune::PruneOptions;
use k8s_openapi::api::core::v1::ConfigMap;
use kube::api::{Api, DynamicObject, ListParams, PostParams};
use kube::client::Body;
use kube::core::ApiResource;
use kube::{Client, ResourceExt as _};
use serde_json::{Value, json};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::{namespace, own_server};

/// How many objects the owner has before and after; those from `DROPPED` on are replaced by others.
const OBJECTS: usize = 500;
const DROPPED: usize = 400;

/// When the server goes away: in the middle of these requests.
#[derive(Clone, Copy, Debug)]
enum During {
    DryRuns,
    Applies,
    Deletions,
}

impl During {
    fn matches(self, request: &http::Request<Body>) -> bool {
        let query = request.uri().query().unwrap_or_default();
        let is_dry_run = query.contains("dryRun=All");
        match self {
            Self::DryRuns => request.method() == http::Method::PATCH && is_dry_run,
            Self::Applies => request.method() == http::Method::PATCH && !is_dry_run,
            Self::Deletions => request.method() == http::Method::DELETE,
        }
    }
}

/// The objects before the change, and after it: the first ones with other content, the last ones gone, some new.
fn objects(namespace: &str, is_changed: bool) -> Vec<Value> {
    let (kept, new) = if is_changed {
        (DROPPED, OBJECTS - DROPPED)
    } else {
        (OBJECTS, 0)
    };
    let old = (0..kept).map(|index| {
        object(
            namespace,
            &format!("app-{index}"),
            index,
            is_changed && index % 2 == 0,
        )
    });
    let new = (0..new).map(|index| object(namespace, &format!("new-{index}"), index, false));
    old.chain(new).collect()
}

fn object(namespace: &str, name: &str, index: usize, is_changed: bool) -> Value {
    let text = if is_changed { "after" } else { "before" };
    let (kind, content) = match index % 5 {
        0..3 => ("ConfigMap", json!({"data": {"text": text}})),
        3 => (
            "Secret",
            json!({"data": {"text": if is_changed { "YWZ0ZXI=" } else { "YmVmb3Jl" }}}),
        ),
        _ => (
            "ServiceAccount",
            json!({"automountServiceAccountToken": is_changed}),
        ),
    };
    let metadata = json!({"name": name, "namespace": namespace});
    let mut object = json!({"apiVersion": "v1", "kind": kind, "metadata": metadata});
    object
        .as_object_mut()
        .unwrap()
        .extend(content.as_object().unwrap().clone());
    object
}

/// What an owner does in one run: applies what is wanted, and when all of it was, prunes what is not. Tells what it has to
/// remember, and whether all was done.
async fn reconcile(
    applier: &Applier,
    wanted: &[Value],
    inventory: &[Resource],
) -> (Vec<Resource>, bool) {
    let cancel = CancellationToken::new();
    let mut wanted = wanted.to_vec();
    applier.prepare(&mut wanted, None).unwrap();
    if applier
        .apply_staged(&wanted, &ApplyOptions::default(), &cancel)
        .await
        .is_err()
    {
        return (inventory.to_vec(), false);
    }
    let mut next: Vec<Resource> = wanted.iter().map(Resource::of).collect();
    let is_stale = |resource: &&Resource| !next.contains(resource);
    let stale: Vec<Resource> = inventory.iter().filter(is_stale).cloned().collect();
    let report = applier
        .prune(&stale, &PruneOptions::default(), &cancel)
        .await;
    let is_complete = report.is_complete();
    next.extend(report.survivors(&stale).into_iter().cloned());
    (next, is_complete)
}

/// The objects of a kind as they are.
async fn live(client: &Client, namespace: &str, kind: &str) -> Vec<DynamicObject> {
    let plural = format!("{}s", kind.to_lowercase());
    let resource = ApiResource {
        group: String::new(),
        version: "v1".to_owned(),
        api_version: "v1".to_owned(),
        kind: kind.to_owned(),
        plural,
    };
    let api: Api<DynamicObject> = Api::namespaced_with(client.clone(), namespace, &resource);
    api.list(&ListParams::default()).await.unwrap().items
}

/// Objects of others: two that the owner believes to be its own, for they were before somebody else made them anew; one
/// that has its labels, and which it never had; and one that has nothing to do with it.
async fn foreign(
    client: &Client,
    namespace: &str,
    owned: BTreeMap<String, String>,
) -> Vec<ConfigMap> {
    let api: Api<ConfigMap> = Api::namespaced(client.clone(), namespace);
    let mut others = owned.clone();
    others.insert("kustomize.toolkit.fluxcd.io/name".into(), "somebody".into());
    let mut made = Vec::new();
    for (name, labels) in [
        ("replaced-plain", None),
        ("replaced-owned", Some(others)),
        ("labelled", Some(owned)),
        ("unrelated", None),
    ] {
        let mut object = ConfigMap::default();
        object.metadata.name = Some(name.to_owned());
        object.metadata.labels = labels;
        made.push(api.create(&PostParams::default(), &object).await.unwrap());
    }
    made
}

async fn goes_away(during: During, after: usize) {
    let Some(mut server) = own_server().await else {
        return;
    };
    let observer = server.client();
    let namespace = namespace(&observer, "restart").await;

    // The state before.
    let owner = Owner::new("apps", "flux-system");
    let applier = Applier::new(
        observer.clone(),
        Mapper::new(observer.clone()),
        owner.clone(),
    );
    let (mut inventory, is_done) = reconcile(&applier, &objects(&namespace, false), &[]).await;
    assert!(is_done && inventory.len() == OBJECTS);
    let labels = live(&observer, &namespace, "ConfigMap").await;
    let labels = labels
        .iter()
        .find(|object| object.name_any() == "app-0")
        .unwrap()
        .labels()
        .clone();
    let foreign = foreign(&observer, &namespace, labels).await;
    for name in ["replaced-plain", "replaced-owned"] {
        inventory.push(Resource::of(&object(&namespace, name, 0, false)));
    }

    // The run in which the server goes away.
    let (seen, broken) = (AtomicUsize::new(0), Arc::new(Notify::new()));
    let breaks = Arc::clone(&broken);
    let mut config = server.config();
    config.default_retry = false;
    let network = Client::try_from(config).unwrap();
    let service = tower::service_fn(move |request: http::Request<Body>| {
        if during.matches(&request) && seen.fetch_add(1, Ordering::Relaxed) + 1 == after {
            breaks.notify_one();
        }
        let network = network.clone();
        async move { network.send(request).await }
    });
    let client = client::harden(service, "default", &ClientOptions::default());
    let applier = Applier::new(client.clone(), Mapper::new(client), owner);
    let wanted = objects(&namespace, true);
    let outage = async {
        broken.notified().await;
        server.kill();
        tokio::time::sleep(Duration::from_secs(2)).await;
        server.restart().await.unwrap();
    };
    let ((inventory, is_done), ()) = tokio::join!(reconcile(&applier, &wanted, &inventory), outage);
    assert!(
        !is_done,
        "{during:?}: the server was away, and nobody noticed"
    );

    // One more.
    let (inventory, is_done) = reconcile(&applier, &wanted, &inventory).await;
    assert!(is_done, "{during:?}: one more run is enough");
    assert_eq!(inventory.len(), wanted.len());
    let mut names = BTreeMap::new();
    for kind in ["ConfigMap", "Secret", "ServiceAccount"] {
        for object in live(&observer, &namespace, kind).await {
            names.insert((kind, object.name_any()), object);
        }
    }
    for foreign in &foreign {
        let now = names.remove(&("ConfigMap", foreign.name_any())).unwrap();
        assert_eq!(
            now.resource_version(),
            foreign.resource_version(),
            "{during:?}"
        );
        assert_eq!(now.uid(), foreign.uid(), "{during:?}");
    }
    for object in &wanted {
        let key = (
            object["kind"].as_str().unwrap(),
            object["metadata"]["name"].as_str().unwrap().to_owned(),
        );
        let now = names
            .remove(&key)
            .unwrap_or_else(|| panic!("{during:?}: {key:?} is missing"));
        for content in ["data", "automountServiceAccountToken"] {
            assert_eq!(
                now.data.get(content),
                object.get(content),
                "{during:?}: {key:?}"
            );
        }
    }
    assert!(names.is_empty(), "{during:?}: {:?}", names.keys());

    // Nothing is left to do.
    let mut again = wanted;
    applier.prepare(&mut again, None).unwrap();
    let changes = applier
        .apply_staged(&again, &ApplyOptions::default(), &CancellationToken::new())
        .await;
    let mut changes = changes.unwrap().0.into_iter();
    assert!(
        changes.all(|change| change.action == Action::Unchanged),
        "{during:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_goes_away_during_dry_runs_costs_one_more_reconcile() {
    goes_away(During::DryRuns, 150).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_goes_away_during_applies_costs_one_more_reconcile() {
    goes_away(During::Applies, 150).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_goes_away_during_deletions_costs_one_more_reconcile() {
    goes_away(During::Deletions, 40).await;
}
