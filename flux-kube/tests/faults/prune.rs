//! The column *delete / prune* of the matrix.

use std::time::Duration;

use fluxcd_core::inventory::Resource;
use fluxcd_kube::apply::{Applier, Owner};
use fluxcd_kube::error::{Class, Verb};
use fluxcd_kube::mapper::Mapper;
use fluxcd_kube::prune::{Kept, PruneOptions, PruneReport, Pruned};
use fluxcd_kube::testing::{FakeApi, Fault, On};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

struct Lab {
    api: FakeApi,
    applier: Applier,
    options: PruneOptions,
    cancel: CancellationToken,
}

impl Lab {
    /// A server with ConfigMaps that are stale.
    fn new(names: &[&str]) -> Self {
        let api = FakeApi::new();
        let mapper = Mapper::new(api.client());
        let owner = Owner::new("apps", "flux-system");
        for name in names {
            api.put(map(name));
        }
        Self {
            applier: Applier::new(api.client(), mapper, owner),
            api,
            options: PruneOptions::default(),
            cancel: CancellationToken::new(),
        }
    }

    async fn prune(&self, names: &[&str]) -> PruneReport {
        self.prune_all(&names.iter().map(|name| stale(name)).collect::<Vec<_>>())
            .await
    }

    async fn prune_all(&self, stale: &[Resource]) -> PruneReport {
        self.applier.prune(stale, &self.options, &self.cancel).await
    }

    fn is_there(&self, name: &str) -> bool {
        self.api
            .get("v1", "ConfigMap", Some("shop"), name)
            .is_some()
    }

    fn requests(&self, verb: Verb) -> Vec<String> {
        let requests = self.api.requests();
        let requests = requests.iter().filter(|request| request.verb == verb);
        requests.map(|request| request.name.clone()).collect()
    }
}

fn map(name: &str) -> Value {
    let labels = json!({
        "kustomize.toolkit.fluxcd.io/name": "apps", "kustomize.toolkit.fluxcd.io/namespace": "flux-system",
    });
    json!({
        "apiVersion": "v1", "kind": "ConfigMap",
        "metadata": {"name": name, "namespace": "shop", "labels": labels},
    })
}

fn stale(name: &str) -> Resource {
    Resource::of(&map(name))
}

fn on(verb: Verb) -> On {
    On::any().verb(verb).kind("ConfigMap")
}

fn outcome(report: &PruneReport) -> &Pruned {
    &report.objects[0].outcome
}

/// Prunes one object under a fault; whether it survives.
async fn under(on: On, fault: Fault) -> (Lab, PruneReport, Duration) {
    let lab = Lab::new(&["a"]);
    lab.api.fault(on, fault);
    let begun = Instant::now();
    let report = lab.prune(&["a"]).await;
    (lab, report, begun.elapsed())
}

fn class(report: &PruneReport) -> Class {
    match outcome(report) {
        Pruned::Failed(failure) => failure.class(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn objects_go_in_the_reverse_of_the_order_in_which_they_came() {
    let lab = Lab::new(&["a", "b"]);
    let mut account = map("x");
    account["kind"] = "ServiceAccount".into();
    let mut service = map("x");
    service["kind"] = "Service".into();
    let mut resources = vec![stale("a"), stale("b")];
    for object in [account, service] {
        resources.push(Resource::of(&object));
        lab.api.put(object);
    }
    let report = lab.prune_all(&resources).await;
    assert_eq!(
        report.changes().to_string(),
        "Service/shop/x deleted\nConfigMap/shop/b deleted\nConfigMap/shop/a deleted\nServiceAccount/shop/x deleted"
    );
    assert_eq!(lab.requests(Verb::Get).len(), 4);
    let requests = lab.api.requests();
    let deletions = requests
        .iter()
        .filter(|request| request.verb == Verb::Delete);
    for deletion in deletions {
        let body = deletion.body.as_ref().unwrap();
        assert_eq!(body["propagationPolicy"], "Background");
        assert!(body["preconditions"]["uid"].is_string(), "{body}");
        assert!(
            body["preconditions"]["resourceVersion"].is_string(),
            "{body}"
        );
    }
    assert_eq!(report.deleted().count(), 4);
}

#[tokio::test(start_paused = true)]
async fn what_is_foreign_or_says_so_stays() {
    let lab = Lab::new(&[]);
    let mut other = map("other");
    other["metadata"]["labels"]["kustomize.toolkit.fluxcd.io/name"] = "web".into();
    let mut annotated = map("annotated");
    annotated["metadata"]["annotations"] = json!({"kustomize.toolkit.fluxcd.io/prune": "Disabled"});
    let mut foreign = map("foreign");
    foreign["metadata"]["labels"] = json!({});
    for object in [other, annotated, foreign] {
        lab.api.put(object);
    }
    let report = lab.prune(&["other", "annotated", "foreign"]).await;
    let reasons: Vec<String> = report
        .objects
        .iter()
        .map(|object| match &object.outcome {
            Pruned::Kept(kept) => kept.to_string(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(
        reasons,
        [
            "label kustomize.toolkit.fluxcd.io/name names another owner, \"web\"",
            "label kustomize.toolkit.fluxcd.io/name is missing",
            "annotation kustomize.toolkit.fluxcd.io/prune is \"Disabled\"",
        ]
    );
    assert!(report.is_complete() && report.condition().is_none());
    assert!(lab.requests(Verb::Delete).is_empty());
}

#[tokio::test(start_paused = true)]
async fn an_object_that_took_the_place_of_the_stale_one_stays() {
    let lab = Lab::new(&["a"]);
    lab.api
        .fault(on(Verb::Delete), Fault::Delay(Duration::from_secs(5)));
    let replace = async {
        sleep(Duration::from_secs(2)).await;
        lab.api.remove("v1", "ConfigMap", Some("shop"), "a");
        lab.api.put(map("a"));
    };
    let (report, ()) = tokio::join!(lab.prune(&["a"]), replace);
    assert!(
        matches!(outcome(&report), Pruned::Kept(Kept::Replaced)),
        "{report:?}"
    );
    assert_eq!(report.changes().to_string(), "ConfigMap/shop/a skipped");
    assert!(lab.is_there("a") && report.is_complete());
}

#[tokio::test(start_paused = true)]
async fn an_object_that_another_owner_takes_meanwhile_stays() {
    let lab = Lab::new(&["a"]);
    lab.api
        .fault(on(Verb::Delete), Fault::Delay(Duration::from_secs(5)));
    let take = async {
        sleep(Duration::from_secs(2)).await;
        let mut taken = map("a");
        taken["metadata"]["labels"]["kustomize.toolkit.fluxcd.io/name"] = "web".into();
        lab.api.put(taken);
    };
    let (report, ()) = tokio::join!(lab.prune(&["a"]), take);
    assert!(
        matches!(outcome(&report), Pruned::Kept(Kept::Foreign { .. })),
        "{report:?}"
    );
    assert!(lab.is_there("a"));
}

#[tokio::test(start_paused = true)]
async fn an_object_that_is_on_its_way_out_is_not_deleted_again() {
    let lab = Lab::new(&[]);
    let mut held = map("a");
    held["metadata"]["finalizers"] = json!(["example.com/hold"]);
    lab.api.put(held);
    for _ in 0..2 {
        let report = lab.prune(&["a"]).await;
        assert!(matches!(outcome(&report), Pruned::Deleted), "{report:?}");
        assert_eq!(report.deleted().count(), 1);
    }
    assert!(lab.is_there("a"));
    assert_eq!(lab.requests(Verb::Delete).len(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_object_that_never_stands_still_survives() {
    let lab = Lab::new(&["a"]);
    lab.api.fault(on(Verb::Delete).always(), Fault::Plain(409));
    let report = lab.prune(&["a"]).await;
    assert_eq!(class(&report), Class::Conflict);
    assert_eq!(lab.requests(Verb::Delete).len(), 5);
}

#[tokio::test(start_paused = true)]
async fn what_is_not_there_is_gone_whoever_says_so() {
    let lab = Lab::new(&[]);
    assert!(matches!(outcome(&lab.prune(&["a"]).await), Pruned::Gone));
    for verb in [Verb::Get, Verb::Delete] {
        let (_, report, _) = under(on(verb), Fault::Plain(404)).await;
        assert!(matches!(outcome(&report), Pruned::Gone), "{report:?}");
        assert_eq!(report.changes().to_string(), "ConfigMap/shop/a deleted");
    }
}

#[tokio::test(start_paused = true)]
async fn neither_a_410_nor_an_unknown_identity_makes_an_object_gone() {
    let unauthorized = Fault::status(401, "Unauthorized", "Unauthorized");
    for (fault, expected) in [
        (Fault::Plain(410), Class::Gone),
        (unauthorized, Class::Unauthorized),
    ] {
        for verb in [Verb::Get, Verb::Delete] {
            let (lab, report, _) = under(on(verb), fault.clone()).await;
            assert_eq!(class(&report), expected, "{verb}");
            assert_eq!(report.survivors(&[stale("a")]), [&stale("a")]);
            assert!(lab.requests(verb).len() == 1 && lab.is_there("a"));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_busy_server_is_waited_for() {
    for fault in [
        Fault::RetryAfter {
            code: 429,
            seconds: 7,
        },
        Fault::Plain(429),
    ] {
        for verb in [Verb::Get, Verb::Delete] {
            let (lab, report, took) = under(on(verb), fault.clone()).await;
            assert!(matches!(outcome(&report), Pruned::Deleted));
            assert!(took > Duration::from_millis(50), "{took:?}");
            assert_eq!(lab.requests(verb).len(), 2);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_fails_or_a_connection_that_breaks_is_tried_again() {
    let broken = [Fault::Reset, Fault::Refused];
    let failing = [500, 502, 503, 504].map(Fault::Plain);
    for fault in broken.into_iter().chain(failing) {
        for verb in [Verb::Get, Verb::Delete] {
            let (lab, report, _) = under(on(verb).times(3), fault.clone()).await;
            assert!(matches!(outcome(&report), Pruned::Deleted), "{fault:?}");
            assert_eq!(lab.requests(verb).len(), 4);
            let (lab, report, _) = under(on(verb).always(), fault.clone()).await;
            assert!(matches!(outcome(&report), Pruned::Failed(_)), "{fault:?}");
            assert!(lab.requests(verb).len() == 4 && lab.is_there("a"));
            assert_eq!(report.survivors(&[stale("a")]), [&stale("a")]);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_deletion_whose_answer_got_lost_was_a_deletion() {
    for fault in [
        Fault::ResetAfter,
        Fault::BreakBody,
        Fault::Truncate,
        Fault::NotJson,
        Fault::HangAfter,
        Fault::HangBody,
    ] {
        let (lab, report, _) = under(on(Verb::Delete), fault.clone()).await;
        assert!(
            matches!(outcome(&report), Pruned::Deleted | Pruned::Gone),
            "{fault:?} {report:?}"
        );
        assert!(report.is_complete() && !lab.is_there("a"));
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_that_hangs_ends_after_thirty_seconds_and_the_object_survives() {
    for verb in [Verb::Get, Verb::Delete] {
        let (lab, report, took) = under(on(verb), Fault::Hang).await;
        assert_eq!(class(&report), Class::Timeout);
        assert_eq!(took.as_secs(), 30);
        assert!(lab.is_there("a") && !report.is_complete());
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_to_a_read_that_cannot_be_read_deletes_nothing() {
    for fault in [Fault::Truncate, Fault::NotJson] {
        let (lab, report, _) = under(on(Verb::Get), fault).await;
        assert_eq!(class(&report), Class::Decode);
        assert!(lab.requests(Verb::Delete).is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_forbidden_or_denied_survives_and_the_others_go() {
    for fault in [Fault::Forbidden, Fault::Deny("not today".to_owned())] {
        let lab = Lab::new(&["a", "b", "c"]);
        lab.api.fault(on(Verb::Delete).name("b"), fault);
        let all = ["a", "b", "c"].map(stale);
        let report = lab.prune_all(&all).await;
        assert_eq!(
            report.changes().to_string(),
            "ConfigMap/shop/c deleted\nConfigMap/shop/b unknown\nConfigMap/shop/a deleted"
        );
        assert_eq!(report.survivors(&all), [&stale("b")]);
        let text = report.condition().unwrap();
        assert!(
            text.starts_with("delete failed, errors: ConfigMap/shop/b delete failed: "),
            "{text}"
        );
        assert_eq!(
            ["a", "b", "c"].map(|name| lab.is_there(name)),
            [false, true, false]
        );

        // The next run tries again.
        assert!(lab.prune_all(&[stale("b")]).await.is_complete());
        assert!(!lab.is_there("b"));
    }
}

#[tokio::test(start_paused = true)]
async fn a_read_that_is_forbidden_deletes_nothing() {
    let (lab, report, _) = under(on(Verb::Get), Fault::Forbidden).await;
    assert_eq!(class(&report), Class::Forbidden);
    let text = report.condition().unwrap();
    assert!(
        text.starts_with("delete failed, errors: ConfigMap/shop/a query failed: "),
        "{text}"
    );
    assert!(lab.is_there("a"));
}

#[tokio::test(start_paused = true)]
async fn an_object_whose_kind_is_gone_is_gone_but_not_one_whose_server_is_away() {
    let lab = Lab::new(&[]);
    let widget = |group: &str| {
        Resource::of(&json!({
            "apiVersion": format!("{group}/v1"), "kind": "Widget", "metadata": {"name": "w", "namespace": "shop"},
        }))
    };
    let report = lab.prune_all(&[widget("example.com")]).await;
    assert!(matches!(outcome(&report), Pruned::Gone), "{report:?}");

    lab.api.serve_broken("away.example.com", "v1");
    let away = Lab {
        applier: Applier::new(
            lab.api.client(),
            Mapper::new(lab.api.client()),
            Owner::new("apps", "flux-system"),
        ),
        ..lab
    };
    let report = away.prune_all(&[widget("away.example.com")]).await;
    assert!(matches!(outcome(&report), Pruned::Failed(_)), "{report:?}");
}

#[tokio::test(start_paused = true)]
async fn an_object_is_found_in_another_version_when_its_own_is_not_served_any_more() {
    let lab = Lab::new(&[]);
    let labels = map("w")["metadata"]["labels"].clone();
    lab.api.put(json!({
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": {"name": "w", "namespace": "shop", "labels": labels},
    }));
    let old = json!({
        "apiVersion": "apps/v1beta1", "kind": "Deployment", "metadata": {"name": "w", "namespace": "shop"},
    });
    let report = lab.prune_all(&[Resource::of(&old)]).await;
    assert!(matches!(outcome(&report), Pruned::Deleted), "{report:?}");
}

#[tokio::test(start_paused = true)]
async fn an_object_that_lost_its_version_survives() {
    let lab = Lab::new(&[]);
    let lost = Resource {
        version: String::new(),
        ..stale("a")
    };
    let report = lab.prune_all(&[lost]).await;
    assert!(matches!(outcome(&report), Pruned::Failed(_)), "{report:?}");
}

#[tokio::test(start_paused = true)]
async fn a_shutdown_ends_between_objects_and_the_rest_survives() {
    let mut lab = Lab::new(&["a", "b", "c"]);
    lab.options.concurrency = 1;
    lab.api.fault(
        on(Verb::Delete).always(),
        Fault::Delay(Duration::from_secs(10)),
    );
    let shutdown = async {
        sleep(Duration::from_secs(15)).await;
        lab.cancel.cancel();
    };
    let all = ["a", "b", "c"].map(stale);
    let (report, ()) = tokio::join!(lab.prune_all(&all), shutdown);
    assert_eq!(
        report.changes().to_string(),
        "ConfigMap/shop/c deleted\nConfigMap/shop/b deleted"
    );
    assert!(!report.is_complete());
    assert_eq!(report.survivors(&all), [&stale("a")]);
    assert!(lab.is_there("a"));
}

#[tokio::test(start_paused = true)]
async fn a_prune_can_be_spawned() {
    let lab = Lab::new(&["a"]);
    let report = tokio::spawn(async move { lab.prune(&["a"]).await })
        .await
        .unwrap();
    assert!(report.is_complete());
}
