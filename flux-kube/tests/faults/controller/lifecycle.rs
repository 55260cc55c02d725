//! Finalizers, shutdown, leadership.

use fluxcd_core::notify::Reporter;
use fluxcd_kube::error::Class;
use fluxcd_kube::events::{Memory, Recorder};
use fluxcd_kube::runtime::{Ended, Metrics};
use fluxcd_kube::testing::{Fault, On};

use super::*;

fn with_finalizer(runner: Runner<Kustomization>) -> Runner<Kustomization> {
    runner.finalizer(FINALIZER)
}

fn finalizers(api: &FakeApi, name: &str) -> Value {
    live(api, name).unwrap()["metadata"]["finalizers"].clone()
}

/// Somebody deletes it, as the API server does it.
async fn delete(api: &FakeApi, name: &str) {
    let objects: kube::Api<Kustomization> = kube::Api::namespaced(api.raw_client(), "apps");
    objects
        .delete(name, &kube::api::DeleteParams::default())
        .await
        .unwrap();
}

#[tokio::test(start_paused = true)]
async fn an_object_gets_its_finalizer_before_it_is_first_run_and_loses_it_when_it_is_finalized() {
    let api = FakeApi::new();
    let mut first = object("a", "a");
    first["metadata"]["finalizers"] = json!(["somebody.else/s"]);
    api.put(first);
    let world = World::start(&api, with_finalizer, |_| Act::Rest);
    settle().await;
    assert_eq!(finalizers(&api, "a"), json!(["somebody.else/s", FINALIZER]));
    assert_eq!(world.times("a").len(), 1);
    delete(&api, "a").await;
    settle().await;
    assert_eq!(finalizers(&api, "a"), json!(["somebody.else/s"]));
    let runs = world.runs();
    assert_eq!((runs.len(), runs[1].is_final), (2, true));
    // What another finalizer still holds is none of this controller's business.
    seconds(3600).await;
    assert_eq!(world.runs().len(), 2);
    let _ = world.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_finalizer_that_raced_is_tried_again_and_is_no_error() {
    let test_failed = "the server rejected our request due to an error in our request";
    for fault in [
        Fault::status(422, "Invalid", test_failed),
        Fault::status(409, "Conflict", "the object has been modified"),
        Fault::Plain(409),
    ] {
        let api = FakeApi::new();
        api.put(object("a", "a"));
        api.fault(On::any().verb(Verb::Patch).times(3), fault.clone());
        let world = World::start(&api, with_finalizer, |_| Act::Rest);
        seconds(10).await;
        assert_eq!(world.times("a").len(), 1, "{fault:?}");
        // It waits longer each time.
        assert_eq!(world.times("a"), [5250], "{fault:?}");
        assert_eq!(world.stop().await.failed, 0, "{fault:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_finalizer_for_an_object_that_is_gone_is_no_error() {
    for fault in [
        Fault::Plain(404),
        Fault::status(404, "NotFound", "not found"),
    ] {
        let api = FakeApi::new();
        api.put(object("a", "a"));
        api.fault(On::any().verb(Verb::Patch).always(), fault.clone());
        let world = World::start(&api, with_finalizer, |_| Act::Rest);
        seconds(1).await;
        remove(&api, "a");
        seconds(600).await;
        assert_eq!(
            (world.asked(Verb::Patch), world.runs().len()),
            (2, 0),
            "{fault:?}"
        );
        assert_eq!(world.stop().await.failed, 0, "{fault:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_finalizer_whose_answer_is_lost_is_not_added_twice() {
    for fault in [
        Fault::ResetAfter,
        Fault::HangAfter,
        Fault::NotJson,
        Fault::Truncate,
    ] {
        let api = FakeApi::new();
        api.put(object("a", "a"));
        api.fault(On::any().verb(Verb::Patch), fault.clone());
        let world = World::start(&api, with_finalizer, |_| Act::Rest);
        seconds(60).await;
        assert_eq!(finalizers(&api, "a"), json!([FINALIZER]), "{fault:?}");
        assert_eq!(world.times("a").len(), 1, "{fault:?}");
        assert_eq!(world.asked(Verb::Patch), 1, "{fault:?}");
        let _ = world.stop().await;
    }
}

#[tokio::test(start_paused = true)]
async fn an_object_that_was_made_anew_does_not_get_what_was_meant_for_the_old_one() {
    let api = FakeApi::new();
    api.put(object("a", "a"));
    // The deletion is not seen, and the patch reaches another object.
    api.fault(On::any().verb(Verb::Watch).always(), Fault::HangAfter);
    api.fault(
        On::any().verb(Verb::Patch),
        Fault::Delay(Duration::from_secs(5)),
    );
    let world = World::start(&api, with_finalizer, |_| Act::Rest);
    seconds(1).await;
    remove(&api, "a");
    api.put(object("a", "b"));
    seconds(10).await;
    assert_eq!(finalizers(&api, "a"), Value::Null);
    let _ = world.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_finalization_that_fails_keeps_the_finalizer_and_is_tried_again() {
    let api = FakeApi::new();
    api.put(object("a", "a"));
    let fails = std::sync::atomic::AtomicUsize::new(0);
    let world = World::start(&api, with_finalizer, move |object| {
        let is_deleted = object.metadata.deletion_timestamp.is_some();
        match fails.fetch_add(
            usize::from(is_deleted),
            std::sync::atomic::Ordering::Relaxed,
        ) {
            0 | 1 if is_deleted => Act::Fail,
            2 if is_deleted => Act::Every(7),
            _ => Act::Rest,
        }
    });
    seconds(10).await;
    delete(&api, "a").await;
    seconds(9).await;
    assert_eq!(finalizers(&api, "a"), json!([FINALIZER]));
    seconds(1).await;
    assert_eq!(live(&api, "a"), None);
    assert_eq!(world.times("a")[1..], [10_000, 10_750, 12_250, 19_250]);
    let _ = world.stop().await;
}

#[tokio::test(start_paused = true)]
async fn after_the_shutdown_nothing_is_begun_and_what_runs_may_end() {
    let api = FakeApi::new();
    for index in 0..6 {
        api.put(object(&format!("app-{index}"), "a"));
    }
    let world = World::start(&api, |runner| runner, |_| Act::Take(20));
    seconds(1).await;
    let begun = Instant::now();
    let report = world.stop().await;
    assert_eq!((report.done, report.dropped.len()), (4, 0));
    assert_eq!(begun.elapsed(), Duration::from_secs(19));
    let asked = api.requests().len();
    seconds(600).await;
    assert_eq!(api.requests().len(), asked);
}

#[tokio::test(start_paused = true)]
async fn what_only_waits_ends_with_the_shutdown_and_what_does_not_end_is_dropped_at_the_deadline() {
    let api = FakeApi::new();
    api.put(object("hangs", "a"));
    api.put(object("waits", "a"));
    let grace = |runner: Runner<Kustomization>| runner.grace(Duration::from_secs(7));
    let world = World::start(&api, grace, |object| match object.name_any().as_str() {
        "hangs" => Act::Take(1 << 20),
        _ => Act::Wait,
    });
    seconds(1).await;
    let begun = Instant::now();
    let report = world.stop().await;
    assert_eq!((report.done, report.dropped), (1, vec![key("hangs")]));
    assert_eq!(begun.elapsed(), Duration::from_secs(7));
}

#[tokio::test(start_paused = true)]
async fn a_shutdown_before_the_first_list_ends_at_once() {
    let api = FakeApi::new();
    api.fault(On::any().always(), Fault::Hang);
    let world = World::start(&api, |runner| runner, |_| Act::Rest);
    seconds(5).await;
    let begun = Instant::now();
    assert_eq!(world.stop().await, RunReport::default());
    assert_eq!(begun.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn only_the_leader_works_and_who_is_no_longer_stops_at_once() {
    let api = FakeApi::new();
    api.put(object("a", "a"));
    let (leads, leader) = tokio::sync::watch::channel(false);
    let gate = |runner: Runner<Kustomization>| runner.gate(leader);
    let world = World::start(&api, gate, |_| Act::Take(10));
    seconds(5).await;
    assert_eq!(world.times("a").len(), 0);
    leads.send(true).unwrap();
    seconds(5).await;
    assert_eq!(world.times("a"), [5000]);
    leads.send(false).unwrap();
    seconds(60).await;
    assert_eq!(world.times("a"), [5000]);
    // The run that was dropped is made up for.
    leads.send(true).unwrap();
    seconds(30).await;
    assert_eq!(world.times("a"), [5000, 70_000]);
    drop(leads);
    api.put(object("a", "b"));
    seconds(60).await;
    assert_eq!(world.times("a").len(), 2);
    let report = world.stop().await;
    assert_eq!((report.done, report.dropped.len()), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn what_a_run_records_names_its_object_and_bears_its_annotations() {
    let api = FakeApi::new();
    let mut annotated = object("a", "a");
    annotated["metadata"]["annotations"] = json!({"event.toolkit.fluxcd.io/team": "red"});
    api.put(annotated);
    let memory = Memory::default();
    let reporter = Reporter {
        controller: "demo".to_owned(),
        instance: None,
    };
    let recorder = Recorder::new(reporter, Arc::new(memory.clone()));
    let events = |runner: Runner<Kustomization>| runner.events(recorder);
    let world = World::start(&api, events, |_| Act::Rest);
    settle().await;
    let _ = world.stop().await;
    let recorded = memory.take();
    let [event] = recorded.as_slice() else {
        panic!("{recorded:?}");
    };
    let about = &event.involved_object;
    let about = [
        &about.api_version,
        &about.kind,
        &about.namespace,
        &about.name,
    ];
    let about = about.map(|text| text.as_deref().unwrap_or_default());
    let version = "kustomize.toolkit.fluxcd.io/v1";
    assert_eq!(about, [version, "Kustomization", "apps", "a"]);
    let metadata = event.metadata.as_ref().unwrap();
    assert_eq!(metadata["event.toolkit.fluxcd.io/team"], "red");
}

#[derive(Default)]
struct Told(Mutex<Vec<String>>);

impl Metrics for Told {
    fn reconciled(&self, kind: &str, key: &Key, took: Duration, ended: Ended) {
        self.0
            .lock()
            .unwrap()
            .push(format!("{kind} {key} {} {ended:?}", took.as_secs()));
    }

    fn forgotten(&self, kind: &str, key: &Key) {
        self.0
            .lock()
            .unwrap()
            .push(format!("{kind} {key} forgotten"));
    }

    fn watch_failed(&self, kind: &str, class: Class) {
        self.0.lock().unwrap().push(format!("{kind} {class:?}"));
    }
}

#[tokio::test(start_paused = true)]
async fn metrics_tell_how_runs_end_and_when_an_object_is_gone() {
    let api = FakeApi::new();
    for name in ["a", "b", "c", "d"] {
        api.put(object(name, "a"));
    }
    let told = Arc::new(Told::default());
    let metrics = Arc::clone(&told);
    let world = World::start(
        &api,
        move |runner| runner.metrics(metrics),
        |object| match object.name_any().as_str() {
            "a" => Act::Take(3),
            "b" => Act::Fail,
            "c" => Act::Stall,
            _ => Act::Panic,
        },
    );
    settle().await;
    remove(&api, "b");
    remove(&api, "d");
    seconds(5).await;
    api.fault(On::any().verb(Verb::Watch), Fault::Forbidden);
    api.interrupt(On::any().verb(Verb::Watch), Fault::WatchEnd);
    seconds(5).await;
    let _ = world.stop().await;
    let mut told = told.0.lock().unwrap().clone();
    told.sort();
    let expected = [
        "Kustomization Forbidden",
        "Kustomization apps/a 3 Done",
        "Kustomization apps/b 0 Failed",
        "Kustomization apps/b forgotten",
        "Kustomization apps/c 0 Stalled",
        "Kustomization apps/d 0 Panicked",
        "Kustomization apps/d forgotten",
    ];
    assert_eq!(told, expected);
}

struct Panics;

impl Metrics for Panics {
    fn reconciled(&self, _: &str, _: &Key, _: Duration, _: Ended) {
        panic!("metrics");
    }

    fn watched(&self, _: &str, _: chrono::DateTime<chrono::Utc>) {
        panic!("metrics");
    }
}

#[tokio::test(start_paused = true)]
async fn metrics_that_panic_stop_nothing() {
    let api = FakeApi::new();
    api.put(object("a", "a"));
    let metrics = |runner: Runner<Kustomization>| runner.metrics(Arc::new(Panics));
    let world = World::start(&api, metrics, |_| Act::Every(10));
    seconds(5).await;
    api.put(object("a", "b"));
    seconds(11).await;
    assert_eq!(world.generations("a"), [1, 2, 2]);
    assert_eq!(world.stop().await.done, 3);
}
