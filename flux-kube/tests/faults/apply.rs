//! The column *apply* of the matrix.

use std::time::Duration;

use fluxcd_core::inventory::Resource;
use fluxcd_core::ssa::Immutable;
use fluxcd_kube::apply::{Applier, ApplyOptions, Failure, OnFailure, Owner, Partial, Stopped};
use fluxcd_kube::error::{Class, Verb};
use fluxcd_kube::mapper::Mapper;
use fluxcd_kube::prune::PruneOptions;
use fluxcd_kube::testing::{Establish, FakeApi, Fault, On};
use kube::Client;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

mod matrix;
mod recreate;
mod staged;

/// A server, and who applies to it.
struct Lab {
    api: FakeApi,
    applier: Applier,
    options: ApplyOptions,
    cancel: CancellationToken,
}

impl Lab {
    fn new() -> Self {
        let api = FakeApi::new();
        let client = api.client();
        Self::with(api, client)
    }

    fn with(api: FakeApi, client: Client) -> Self {
        let owner = Owner::new("apps", "flux-system");
        let lab = Self {
            applier: Applier::new(client.clone(), Mapper::new(client), owner),
            api,
            options: ApplyOptions::default(),
            cancel: CancellationToken::new(),
        };
        lab.api
            .put(json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}}));
        lab.api.clear_requests();
        lab
    }

    /// The line of one object, or why there is none.
    async fn apply(&self, object: &Value) -> Result<String, Failure> {
        let applied = self
            .applier
            .apply(object, &self.options, &self.cancel)
            .await;
        applied.map(|change| change.to_string())
    }

    async fn apply_all(&self, objects: &[Value]) -> Result<String, Partial> {
        let applied = self.applier.apply_all(objects, &self.options, &self.cancel);
        applied.await.map(|changes| changes.to_string())
    }

    async fn apply_staged(&self, objects: &[Value]) -> Result<String, Partial> {
        let applied = self
            .applier
            .apply_staged(objects, &self.options, &self.cancel);
        applied.await.map(|changes| changes.to_string())
    }

    fn live(&self, name: &str) -> Option<Value> {
        self.api.get("v1", "ConfigMap", Some("shop"), name)
    }

    /// The requests about objects, without discovery.
    fn verbs(&self) -> Vec<Verb> {
        let requests = self.api.requests();
        let verbs = requests.iter().map(|request| request.verb);
        verbs.filter(|verb| *verb != Verb::Discover).collect()
    }

    fn count(&self, verb: Verb) -> usize {
        self.verbs().iter().filter(|found| **found == verb).count()
    }
}

fn map(name: &str) -> Value {
    json!({
        "apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": "shop"}, "data": {"a": "1"},
    })
}

fn on(verb: Verb) -> On {
    On::any().verb(verb).kind("ConfigMap")
}

#[tokio::test(start_paused = true)]
async fn a_time_without_end_is_no_panic() {
    let mut lab = Lab::new();
    lab.options.deadline = Duration::MAX;
    lab.options.stage_timeout = Duration::MAX;
    let object = map("a");
    let diff = lab.applier.diff(&object, &lab.options, &lab.cancel).await;
    assert_eq!(diff.unwrap().change.to_string(), "ConfigMap/shop/a created");
    let line = lab.apply_staged(std::slice::from_ref(&object)).await;
    assert_eq!(line.unwrap(), "ConfigMap/shop/a created");
    let mut options = PruneOptions::default();
    options.deadline = Duration::MAX;
    let stale = [Resource::of(&object)];
    let report = lab.applier.prune(&stale, &options, &lab.cancel).await;
    assert!(report.is_complete());
}

#[tokio::test(start_paused = true)]
async fn a_new_object_costs_three_requests_and_one_as_it_should_be_two() {
    let lab = Lab::new();
    assert_eq!(
        lab.apply(&map("a")).await.unwrap(),
        "ConfigMap/shop/a created"
    );
    assert_eq!(lab.verbs(), [Verb::Get, Verb::DryRun, Verb::Apply]);
    lab.api.clear_requests();
    let before = lab.live("a");
    assert_eq!(
        lab.apply(&map("a")).await.unwrap(),
        "ConfigMap/shop/a unchanged"
    );
    assert_eq!(lab.verbs(), [Verb::Get, Verb::DryRun]);
    assert_eq!(lab.live("a"), before);
}

#[tokio::test(start_paused = true)]
async fn dry_runs_come_before_writes_and_kinds_are_written_in_their_order() {
    let lab = Lab::new();
    let object = |kind: &str, name: &str| json!({"apiVersion": "v1", "kind": kind, "metadata": {"name": name, "namespace": "shop"}});
    let objects = [
        object("Service", "s"),
        object("ConfigMap", "b"),
        object("ServiceAccount", "x"),
        object("ConfigMap", "a"),
    ];
    lab.apply_all(&objects).await.unwrap();
    let requests = lab.api.requests();
    let of = |verb| {
        let requests = requests.iter().filter(move |request| request.verb == verb);
        requests
            .map(|request| request.kind.as_str())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        of(Verb::Apply),
        ["ServiceAccount", "ConfigMap", "ConfigMap", "Service"]
    );
    let first_write = requests
        .iter()
        .position(|request| request.verb == Verb::Apply);
    let last_dry_run = requests
        .iter()
        .rposition(|request| request.verb == Verb::DryRun);
    assert!(first_write > last_dry_run);
    assert!(requests.iter().all(|request| request.verb != Verb::Apply
        || request.query["force"] == "true"
            && request.query["fieldManager"] == "kustomize-controller"));
}

#[tokio::test(start_paused = true)]
async fn no_more_objects_are_in_flight_than_was_asked_for() {
    let mut lab = Lab::new();
    let objects: Vec<_> = (0..8).map(|place| map(&format!("m{place}"))).collect();
    lab.api.fault(
        on(Verb::DryRun).always(),
        Fault::Delay(Duration::from_secs(1)),
    );
    for (concurrency, seconds) in [(4, 2), (1, 8), (0, 8)] {
        lab.options.concurrency = concurrency;
        let begun = Instant::now();
        lab.apply_all(&objects).await.unwrap();
        assert_eq!(begun.elapsed().as_secs(), seconds, "{concurrency}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_has_no_address_is_refused_without_a_request() {
    let lab = Lab::new();
    let text = |object: Value| {
        let lab = &lab;
        async move { lab.apply(&object).await.unwrap_err().to_string() }
    };
    let object =
        |metadata: Value| json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata});
    assert_eq!(
        text(object(json!({"generateName": "a-", "namespace": "shop"}))).await,
        "ConfigMap/shop/ dry-run failed: resource name may not be empty"
    );
    assert_eq!(
        text(object(json!({"name": "a"}))).await,
        "ConfigMap/a namespace not specified: the server could not find the requested resource"
    );
    assert_eq!(
        text(object(json!({"name": "a/status", "namespace": "shop"}))).await,
        "ConfigMap/shop/a/status dry-run failed: invalid resource name \"a/status\""
    );
    assert_eq!(lab.verbs(), []);
    assert_eq!(
        text(json!({"apiVersion": "example.com/v1", "kind": "Widget", "metadata": {"name": "w"}}))
            .await,
        "Widget/w dry-run failed: no matches for kind \"Widget\" in version \"example.com/v1\""
    );
    assert_eq!(lab.verbs(), []);
}

#[tokio::test(start_paused = true)]
async fn an_object_that_names_no_namespace_can_get_one() {
    let mut lab = Lab::new();
    lab.options.namespace = Some("shop".to_owned());
    let object = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}});
    let namespace = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "n"}});
    let lines = lab
        .apply_staged(&[object.clone(), namespace])
        .await
        .unwrap();
    assert_eq!(lines, "Namespace/n created\nConfigMap/shop/a created");
    assert_eq!(
        lab.apply(&object).await.unwrap(),
        "ConfigMap/shop/a unchanged"
    );
    let diff = lab
        .applier
        .diff(&object, &lab.options, &lab.cancel)
        .await
        .unwrap();
    assert_eq!(diff.change.to_string(), "ConfigMap/shop/a unchanged");
}

#[tokio::test(start_paused = true)]
async fn an_object_that_says_so_is_skipped_with_one_request() {
    let lab = Lab::new();
    let mut object = map("a");
    object["metadata"]["annotations"] =
        json!({"kustomize.toolkit.fluxcd.io/reconcile": "disabled"});
    lab.api.put(object.clone());
    assert_eq!(
        lab.apply(&map("a")).await.unwrap(),
        "ConfigMap/shop/a skipped"
    );
    assert_eq!(lab.verbs(), [Verb::Get]);
}

#[tokio::test(start_paused = true)]
async fn a_repair_does_not_overwrite_what_somebody_else_wrote_meanwhile() {
    let lab = Lab::new();
    let mut object = map("a");
    object["metadata"]["annotations"] =
        json!({"kubectl.kubernetes.io/last-applied-configuration": "{}"});
    lab.api.put(object.clone());
    lab.api
        .fault(on(Verb::Patch), Fault::Delay(Duration::from_secs(5)));
    let meanwhile = async {
        sleep(Duration::from_secs(2)).await;
        object["data"]["theirs"] = "2".into();
        lab.api.put(object.clone());
    };
    let desired = map("a");
    let (line, ()) = tokio::join!(lab.apply(&desired), meanwhile);
    assert_eq!(line.unwrap(), "ConfigMap/shop/a configured");
    let live = lab.live("a").unwrap();
    assert_eq!(live["data"], json!({"a": "1", "theirs": "2"}));
    assert_eq!(live["metadata"].get("annotations"), None);
    assert_eq!(lab.count(Verb::Patch), 2);
}

#[tokio::test(start_paused = true)]
async fn an_apply_can_be_spawned() {
    let lab = Lab::new();
    let spawned = tokio::spawn(async move {
        lab.apply_staged(&[map("a")]).await.unwrap();
        lab.applier
            .diff(&map("a"), &lab.options, &lab.cancel)
            .await
            .unwrap()
            .change
            .to_string()
    });
    assert_eq!(spawned.await.unwrap(), "ConfigMap/shop/a unchanged");
}
