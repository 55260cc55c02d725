//! Objects of other kinds that wake a Kustomization.

use fluxcd_api::source::v1::GitRepository;
use fluxcd_kube::runtime::Config;
use fluxcd_kube::testing::{Fault, On};
use k8s_openapi::api::core::v1::{ConfigMap, Namespace, ServiceAccount};

use super::*;

fn repository(name: &str, revision: Option<&str>) -> Value {
    let mut repository = json!({
        "apiVersion": "source.toolkit.fluxcd.io/v1",
        "kind": "GitRepository",
        "metadata": {"name": name, "namespace": "apps"},
        "spec": {"interval": "1m", "url": "https://example.com/fleet"},
    });
    if let Some(revision) = revision {
        repository["status"] = json!({"artifact": {
            "digest": "sha256:0", "lastUpdateTime": "2026-01-01T00:00:00Z", "path": "a", "revision": revision, "url": "b",
        }});
    }
    repository
}

fn of_sources(runner: Runner<Kustomization>) -> Runner<Kustomization> {
    runner.watches_revisions::<GitRepository>(|object| {
        let source = &object.spec.source_ref;
        let namespace = source.namespace.clone().or_else(|| object.namespace());
        vec![Key::new(namespace.unwrap_or_default(), &source.name)]
    })
}

fn config(kind: &str, name: &str, label: Option<&str>, text: &str) -> Value {
    let mut config = json!({
        "apiVersion": "v1", "kind": kind, "metadata": {"name": name, "namespace": "apps"}, "data": {"text": text},
    });
    if let Some(label) = label {
        config["metadata"]["labels"] = json!({"reconcile.fluxcd.io/watch": label});
    }
    config
}

fn of_configs(runner: Runner<Kustomization>) -> Runner<Kustomization> {
    runner.watches_configs("reconcile.fluxcd.io/watch=Enabled", |object| {
        let path = object.spec.path.clone().unwrap_or_default();
        vec![Config::ConfigMap(key(&path)), Config::Secret(key(&path))]
    })
}

#[tokio::test(start_paused = true)]
async fn a_new_revision_wakes_what_is_made_from_a_source_and_nothing_else_of_it_does() {
    let api = FakeApi::new();
    api.put(object("a", "a"));
    api.put(repository("fleet", None));
    api.put(repository("other", None));
    let world = World::start(&api, of_sources, |_| Act::Rest);
    let mut expected = 1;
    for (name, revision, wakes) in [
        ("fleet", Some("main@sha1:1"), true),
        ("fleet", Some("main@sha1:1"), false),
        ("other", Some("main@sha1:1"), false),
        ("fleet", Some("main@sha1:2"), true),
        ("fleet", None, false),
        ("fleet", Some("main@sha1:2"), true),
    ] {
        seconds(1).await;
        let mut changed = repository(name, revision);
        changed["metadata"]["labels"] = json!({"some": format!("change-{expected}")});
        api.put(changed);
        seconds(1).await;
        expected += usize::from(wakes);
        assert_eq!(world.times("a").len(), expected, "{name} {revision:?}");
    }
    let causes: Vec<_> = world
        .runs()
        .into_iter()
        .filter_map(|run| run.cause)
        .collect();
    assert_eq!(
        causes[1..],
        [
            "GitRepository/apps/fleet",
            "GitRepository/apps/fleet",
            "GitRepository/apps/fleet"
        ]
    );
    let _ = world.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_new_revision_interrupts_a_run_and_says_so() {
    let api = FakeApi::new();
    api.put(object("a", "a"));
    api.put(repository("fleet", Some("main@sha1:1")));
    let world = World::start(&api, of_sources, |_| Act::Wait);
    seconds(60).await;
    api.put(repository("fleet", Some("main@sha1:2")));
    seconds(1).await;
    let runs = world.runs();
    assert_eq!(
        runs[0].superseded.as_deref(),
        Some("GitRepository/apps/fleet")
    );
    assert_eq!((runs.len(), runs[1].at), (2, 60_000));
    let _ = world.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_source_that_is_there_at_the_start_wakes_nothing_twice() {
    let api = FakeApi::new();
    api.put(repository("fleet", Some("main@sha1:1")));
    for index in 0..20 {
        api.put(object(&format!("app-{index}"), "a"));
    }
    let sources = On::any().verb(Verb::List).kind("GitRepository");
    api.fault(sources, Fault::Delay(Duration::from_secs(3)));
    let world = World::start(&api, of_sources, |_| Act::Take(5));
    seconds(60).await;
    assert_eq!(world.runs().len(), 20);
    let _ = world.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_revision_that_came_while_nobody_watched_is_seen_in_the_next_list() {
    let api = FakeApi::new();
    api.put(object("a", "a"));
    api.put(repository("fleet", Some("main@sha1:1")));
    let world = World::start(&api, of_sources, |_| Act::Rest);
    seconds(1).await;
    let sources = On::any().verb(Verb::Watch).kind("GitRepository");
    api.fault(sources.clone(), Fault::WatchHttpGone);
    api.interrupt(sources, Fault::Reset);
    api.put(repository("fleet", Some("main@sha1:2")));
    seconds(10).await;
    assert_eq!(world.times("a").len(), 2);
    let _ = world.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_kind_that_is_forbidden_does_not_keep_the_others_from_working() {
    let api = FakeApi::new();
    api.put(object("a", "a"));
    api.put(repository("fleet", Some("main@sha1:1")));
    api.fault(On::any().kind("GitRepository").always(), Fault::Forbidden);
    let world = World::start(&api, of_sources, |_| Act::Rest);
    seconds(29).await;
    assert_eq!(world.times("a").len(), 0);
    seconds(2).await;
    assert_eq!(world.times("a").len(), 1);
    api.clear_faults();
    // What it missed meanwhile wakes.
    seconds(60).await;
    assert_eq!(world.times("a").len(), 2);
    let _ = world.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_configuration_with_the_label_wakes_what_reads_it_and_only_its_metadata_is_asked_for() {
    for kind in ["ConfigMap", "Secret"] {
        let api = FakeApi::new();
        api.put(object("a", "read"));
        api.put(config(kind, "read", Some("Enabled"), "1"));
        api.put(config(kind, "unread", Some("Enabled"), "1"));
        let world = World::start(&api, of_configs, |_| Act::Rest);
        let mut expected = 1;
        for (name, label, text, wakes) in [
            ("read", Some("Enabled"), "2", true),
            ("unread", Some("Enabled"), "2", false),
            // Somebody stops the watching; that is a change, and the last that is seen.
            ("read", Some("Disabled"), "3", true),
            ("read", None, "4", false),
            ("read", Some("Enabled"), "4", true),
        ] {
            seconds(1).await;
            api.put(config(kind, name, label, text));
            seconds(1).await;
            expected += usize::from(wakes);
            assert_eq!(
                world.times("a").len(),
                expected,
                "{kind} {name} {label:?} {text}"
            );
        }
        api.remove("v1", kind, Some("apps"), "read");
        seconds(1).await;
        assert_eq!(world.times("a").len(), expected + 1, "{kind}");
        let _ = world.stop().await;
    }
}

#[tokio::test(start_paused = true)]
async fn what_an_object_owns_wakes_it_also_by_its_end_and_across_a_list() {
    let api = FakeApi::new();
    api.put(object("a", "a"));
    api.put(owned("a", "1"));
    let mut foreign = owned("a", "1");
    foreign["metadata"]["name"] = json!("foreign");
    foreign["metadata"]["ownerReferences"][0]["controller"] = json!(false);
    api.put(foreign.clone());
    let owns = |runner: Runner<Kustomization>| runner.owns::<ConfigMap>();
    let world = World::start(&api, owns, |_| Act::Every(600));
    seconds(1).await;
    foreign["data"] = json!({"text": "2"});
    api.put(foreign);
    seconds(1).await;
    assert_eq!(world.times("a").len(), 1);
    api.put(owned("a", "2"));
    seconds(1).await;
    assert_eq!(world.times("a").len(), 2);
    let configs = On::any().verb(Verb::Watch).kind("ConfigMap");
    api.fault(configs.clone(), Fault::WatchHttpGone);
    api.interrupt(configs, Fault::Reset);
    api.remove("v1", "ConfigMap", Some("apps"), "of-a");
    seconds(10).await;
    assert_eq!(world.times("a").len(), 3);
    assert_eq!(
        world.runs()[2].cause.as_deref(),
        Some("ConfigMap/apps/of-a")
    );
    let _ = world.stop().await;
}

#[tokio::test(start_paused = true)]
async fn an_object_of_another_kind_wakes_whom_it_named_before_and_whom_it_names_now() {
    let account = |of: &str| {
        json!({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {
            "name": "deployer", "namespace": "apps", "annotations": {"of": of},
        }})
    };
    let api = FakeApi::new();
    for name in ["a", "b", "c"] {
        api.put(object(name, "a"));
    }
    api.put(account("a"));
    let watches = |runner: Runner<Kustomization>| {
        runner.watches(|account: &ServiceAccount| {
            let of = account.annotations().get("of").map(String::as_str);
            assert_ne!(of, Some("panic"), "it panicked");
            vec![key(of.unwrap_or_default()), key("unknown")]
        })
    };
    let world = World::start(&api, watches, |_| Act::Rest);
    seconds(1).await;
    api.put(account("b"));
    seconds(1).await;
    // A function that panics wakes nobody, and is asked again.
    api.put(account("panic"));
    seconds(1).await;
    api.put(account("c"));
    seconds(1).await;
    let runs = ["a", "b", "c", "unknown"].map(|name| world.times(name).len());
    assert_eq!(runs, [2, 3, 2, 0]);
    let _ = world.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_controller_of_one_namespace_asks_for_nothing_in_others() {
    let api = FakeApi::new();
    api.put(object("a", "a"));
    let mut elsewhere = object("b", "a");
    elsewhere["metadata"]["namespace"] = json!("elsewhere");
    api.put(elsewhere);
    let client = api.client();
    let within = |_| {
        let runner = Runner::within(client, Some("apps")).watches(|_: &Namespace| Vec::new());
        of_configs(of_sources(runner.owns::<ConfigMap>()))
    };
    let world = World::start(&api, within, |_| Act::Rest);
    seconds(60).await;
    assert_eq!((world.times("a").len(), world.times("b").len()), (1, 0));
    for request in api.requests() {
        let expected = if request.kind == "Namespace" {
            ""
        } else {
            "apps"
        };
        assert_eq!(request.namespace, expected, "{}", request.path);
    }
    let _ = world.stop().await;
}
