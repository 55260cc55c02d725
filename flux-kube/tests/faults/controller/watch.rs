//! What the API server does to watches.

use std::fmt;

use fluxcd_kube::testing::{Fault, On};
use tracing::field::{Field, Visit};
use tracing::span;

use super::*;

fn lists() -> On {
    On::any().verb(Verb::List).kind("Kustomization")
}

fn watches() -> On {
    On::any().verb(Verb::Watch).kind("Kustomization")
}

/// A fault is over after a while, and then everything is as if it had never been.
async fn heals(on: On, fault: Fault) {
    let api = FakeApi::new();
    api.put(object("old", "a"));
    api.put(object("goes", "a"));
    api.fault(on, fault.clone());
    let world = World::start(&api, |runner| runner, |_| Act::Rest);
    seconds(20).await;
    api.put(object("old", "b"));
    api.put(object("new", "a"));
    remove(&api, "goes");
    seconds(600).await;
    assert!(
        world.asked(Verb::List) < 130,
        "{fault:?}: {}",
        world.asked(Verb::List)
    );
    assert!(
        world.asked(Verb::Watch) < 130,
        "{fault:?}: {}",
        world.asked(Verb::Watch)
    );
    api.clear_faults();
    seconds(600).await;
    assert_eq!(world.generations("old").last(), Some(&2), "{fault:?}");
    assert_eq!(world.generations("new"), [1], "{fault:?}");
    let twice = world.generations("old").len() > 2 || world.generations("goes").len() > 1;
    assert!(!twice, "{fault:?}: {:?}", world.runs());
    assert_eq!(world.stop().await.failed, 0, "{fault:?}");
}

#[tokio::test(start_paused = true)]
async fn a_list_that_fails_is_repeated_with_growing_waits() {
    for fault in [
        Fault::status(500, "InternalError", "etcdserver: leader changed"),
        Fault::Plain(502),
        Fault::Plain(503),
        Fault::Plain(504),
        Fault::Plain(401),
        Fault::Plain(404),
        Fault::Plain(410),
        Fault::Plain(429),
        Fault::Reset,
        Fault::Refused,
        Fault::Hang,
        Fault::HangBody,
        Fault::Truncate,
        Fault::BreakBody,
        Fault::NotJson,
        Fault::Forbidden,
    ] {
        heals(lists().always(), fault).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_watch_that_fails_is_repeated_with_growing_waits_and_loses_nothing() {
    for fault in [
        Fault::status(500, "InternalError", "etcdserver: leader changed"),
        Fault::status(504, "Timeout", "Too large resource version: 12, current: 3"),
        Fault::Plain(502),
        Fault::Plain(503),
        Fault::Plain(504),
        Fault::Plain(401),
        Fault::Plain(404),
        Fault::Plain(409),
        Fault::Plain(410),
        Fault::Plain(429),
        Fault::Reset,
        Fault::Refused,
        Fault::Hang,
        Fault::HangAfter,
        Fault::Truncate,
        Fault::NotJson,
        Fault::Forbidden,
        Fault::WatchGone,
        Fault::WatchHttpGone,
        Fault::WatchEnd,
    ] {
        heals(watches().always(), fault).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_watch_that_ends_with_an_error_inside_goes_on_where_it_was_or_lists_again() {
    for fault in [
        Fault::WatchGone,
        Fault::WatchEnd,
        Fault::Reset,
        Fault::Truncate,
        Fault::NotJson,
        Fault::status(500, "InternalError", "etcdserver: leader changed"),
    ] {
        let api = FakeApi::new();
        api.put(object("old", "a"));
        let world = World::start(&api, |runner| runner, |_| Act::Rest);
        for path in ["b", "c", "d"] {
            seconds(5).await;
            api.interrupt(watches(), fault.clone());
            api.put(object("old", path));
        }
        seconds(60).await;
        assert_eq!(world.generations("old"), [1, 2, 3, 4], "{fault:?}");
        let _ = world.stop().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_continue_token_that_is_too_old_starts_the_list_again_without_pages() {
    let api = FakeApi::new();
    for index in 0..600 {
        api.put(object(&format!("app-{index}"), "a"));
    }
    api.fault(
        lists().skip(1),
        Fault::status(410, "Expired", "The provided continue parameter is too old"),
    );
    let world = World::start(&api, |runner| runner, |_| Act::Rest);
    seconds(30).await;
    let limits: Vec<_> = api
        .requests()
        .into_iter()
        .filter(|request| request.verb == Verb::List)
        .collect();
    let limits: Vec<_> = limits
        .iter()
        .map(|request| request.query.get("limit").cloned())
        .collect();
    assert_eq!(
        limits,
        [Some("500".to_owned()), Some("500".to_owned()), None]
    );
    let report = world.stop().await;
    assert_eq!((report.done, report.failed), (600, 0));
}

#[tokio::test(start_paused = true)]
async fn after_410_at_the_start_what_was_deleted_meanwhile_is_forgotten() {
    let api = FakeApi::new();
    api.put(object("goes", "a"));
    api.put(object("stays", "a"));
    let world = World::start(&api, |runner| runner, |_| Act::Every(60));
    seconds(5).await;
    api.fault(watches(), Fault::WatchHttpGone);
    api.interrupt(watches(), Fault::WatchEnd);
    remove(&api, "goes");
    api.compact();
    seconds(600).await;
    assert_eq!(world.times("goes").len(), 1);
    assert!(world.times("stays").len() > 9);
    assert_eq!(world.asked(Verb::List), 2);
    let _ = world.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_reset_watch_resumes_from_the_last_version_and_does_not_list() {
    let api = FakeApi::new();
    api.put(object("a", "a"));
    let world = World::start(&api, |runner| runner, |_| Act::Rest);
    settle().await;
    let seen = api.put(object("a", "b"));
    settle().await;
    api.interrupt(watches(), Fault::Reset);
    settle().await;
    api.put(object("a", "c"));
    seconds(30).await;
    assert_eq!(world.generations("a"), [1, 2, 3]);
    assert_eq!(world.asked(Verb::List), 1);
    let requests = api.requests();
    let last = requests
        .iter()
        .rfind(|request| request.verb == Verb::Watch)
        .unwrap();
    assert_eq!(
        last.query["resourceVersion"],
        seen["metadata"]["resourceVersion"].as_str().unwrap()
    );
    let _ = world.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_server_that_asks_for_time_gets_it() {
    let api = FakeApi::new();
    api.put(object("a", "a"));
    api.fault(
        watches().times(2),
        Fault::RetryAfter {
            code: 429,
            seconds: 200,
        },
    );
    let world = World::start(&api, |runner| runner, |_| Act::Rest);
    seconds(1000).await;
    let requests = api.requests();
    let watches: Vec<_> = requests
        .iter()
        .filter(|request| request.verb == Verb::Watch)
        .collect();
    assert!(
        watches[1].at - watches[0].at >= Duration::from_secs(100),
        "{:?}",
        watches[1].at - watches[0].at
    );
    let _ = world.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_silent_connection_is_noticed_and_what_was_missed_is_told() {
    let api = FakeApi::new();
    api.put(object("a", "a"));
    let world = World::start(
        &api,
        |runner| runner.freshness(Duration::from_secs(60)),
        |_| Act::Rest,
    );
    seconds(5).await;
    api.interrupt(watches(), Fault::Hang);
    api.put(object("a", "b"));
    seconds(50).await;
    assert_eq!(world.generations("a"), [1]);
    seconds(20).await;
    assert_eq!(world.generations("a"), [1, 2]);
    let _ = world.stop().await;
}

#[tokio::test(start_paused = true)]
async fn an_object_without_events_is_reconciled_by_its_interval_and_a_request_is_seen_at_the_next_list()
 {
    let api = FakeApi::new();
    api.put(object("a", "a"));
    let world = World::start(&api, |runner| runner, |_| Act::Every(60));
    seconds(5).await;
    api.interrupt(watches(), Fault::Hang);
    let mut requested = object("a", "a");
    requested["metadata"]["annotations"] = json!({"reconcile.fluxcd.io/requestedAt": "now"});
    api.put(requested);
    seconds(200).await;
    assert_eq!(world.times("a"), [0, 60_000, 120_000, 180_000]);
    // When the silence is noticed, the version is too old already.
    api.compact();
    seconds(100).await;
    let runs = world.runs();
    let asked = runs
        .iter()
        .find(|run| run.at > 0 && run.cause.is_some())
        .unwrap();
    assert!(asked.at > 290_000, "{asked:?}");
    let _ = world.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_kind_that_is_not_served_yet_is_found_when_it_is() {
    let api = FakeApi::new();
    let resource = kube::core::ApiResource::erase::<Kustomization>(&());
    api.unserve("kustomize.toolkit.fluxcd.io", "kustomizations");
    let world = World::start(&api, |runner| runner, |_| Act::Rest);
    seconds(600).await;
    assert!(world.asked(Verb::List) < 40);
    api.serve(resource, kube::core::discovery::Scope::Namespaced);
    api.put(object("a", "a"));
    seconds(60).await;
    assert_eq!(world.generations("a"), [1]);
    let _ = world.stop().await;
}

#[tokio::test(start_paused = true)]
async fn an_object_that_cannot_be_decoded_stops_no_other() {
    let api = FakeApi::new();
    let mut poison = object("poison", "a");
    poison["spec"]["interval"] = json!({"not": "a duration"});
    api.put(poison);
    api.put(object("a", "a"));
    let world = World::start(
        &api,
        |runner| runner.finalizer(FINALIZER),
        |_| Act::Every(60),
    );
    seconds(130).await;
    assert_eq!(world.times("a").len(), 3);
    assert_eq!(world.times("poison").len(), 0);
    api.put(object("poison", "a"));
    settle().await;
    assert_eq!(world.times("poison").len(), 1);
    let report = world.stop().await;
    assert_eq!(report.failed, 1);
}

/// Counts what is logged, by level.
#[derive(Default)]
struct Log(Mutex<Vec<(tracing::Level, String)>>);

struct Text(String);

impl Visit for Text {
    fn record_debug(&mut self, _: &Field, value: &dyn fmt::Debug) {
        self.0 += &format!("{value:?} ");
    }
}

struct Shared(Arc<Log>);

impl tracing::Subscriber for Shared {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        metadata.target().starts_with("fluxcd_kube")
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &tracing::Event<'_>) {
        let mut text = Text(String::new());
        event.record(&mut text);
        self.0
            .0
            .lock()
            .unwrap()
            .push((*event.metadata().level(), text.0));
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

#[tokio::test(start_paused = true)]
async fn a_forbidden_watch_is_logged_once_in_five_minutes_and_goes_on() {
    let log = Arc::new(Log::default());
    // With one subscriber in the whole program, the threads of other tests would decide that nobody listens.
    let _second = tracing::Dispatch::new(Shared(Arc::default()));
    let guard = tracing::subscriber::set_default(Shared(Arc::clone(&log)));
    let api = FakeApi::new();
    api.put(object("a", "a"));
    let world = World::start(&api, |runner| runner, |_| Act::Every(60));
    seconds(1).await;
    api.fault(On::any().always(), Fault::Forbidden);
    api.interrupt(watches(), Fault::WatchEnd);
    seconds(890).await;
    let of = |level| {
        let log = log.0.lock().unwrap();
        log.iter()
            .filter(|(found, text)| *found == level && text.contains("watch"))
            .count()
    };
    assert_eq!(of(tracing::Level::WARN), 3);
    assert!(world.times("a").len() >= 14);
    api.clear_faults();
    seconds(60).await;
    api.put(object("a", "b"));
    settle().await;
    assert_eq!((of(tracing::Level::WARN), of(tracing::Level::INFO)), (3, 1));
    assert_eq!(world.generations("a").last(), Some(&2));
    drop(guard);
    let _ = world.stop().await;
}
