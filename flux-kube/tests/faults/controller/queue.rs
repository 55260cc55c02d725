//! When an object is run, and when it is not.

use std::sync::atomic::{AtomicBool, Ordering};

use super::*;

#[tokio::test(start_paused = true)]
async fn an_object_that_fails_waits_longer_each_time_and_a_success_makes_the_wait_short_again() {
    let api = FakeApi::new();
    api.put(object("a", "a"));
    let works = Arc::new(AtomicBool::new(false));
    let now = Arc::clone(&works);
    let world = World::start(
        &api,
        |runner| runner,
        move |_| {
            if now.load(Ordering::Relaxed) {
                Act::Every(100)
            } else {
                Act::Fail
            }
        },
    );
    seconds(12).await;
    assert_eq!(world.times("a"), [0, 750, 2250, 5250, 11_250]);
    works.store(true, Ordering::Relaxed);
    seconds(15).await;
    works.store(false, Ordering::Relaxed);
    seconds(100).await;
    let times = world.times("a");
    assert_eq!(times[5..], [23_250, 123_250, 124_000, 125_500], "{times:?}");
    let failures: Vec<_> = world.runs().iter().map(|run| run.failures).collect();
    assert_eq!(failures, [0, 1, 2, 3, 4, 5, 0, 1, 2]);
    let _ = world.stop().await;
}

#[tokio::test(start_paused = true)]
async fn the_wait_after_failures_has_an_end() {
    let api = FakeApi::new();
    api.put(object("a", "a"));
    let world = World::start(&api, |runner| runner, |_| Act::Fail);
    seconds(4 * 3600).await;
    let times = world.times("a");
    let waits: Vec<_> = times.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert_eq!(waits[10..13], [768_000, 900_000, 900_000]);
    let _ = world.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_write_to_its_own_status_does_not_wake_an_object_nor_end_its_back_off() {
    let api = FakeApi::new();
    api.put(object("a", "a"));
    let world = World::start(&api, |runner| runner, |_| Act::Write);
    seconds(12).await;
    assert_eq!(world.times("a"), [0, 750, 2250, 5250, 11_250]);
    assert_eq!(
        world.runs().iter().find(|run| run.superseded.is_some()),
        None
    );
    let _ = world.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_write_to_what_it_owns_does_not_end_the_back_off_of_an_object() {
    let api = FakeApi::new();
    api.put(object("a", "a"));
    let owns =
        |runner: Runner<Kustomization>| runner.owns::<k8s_openapi::api::core::v1::ConfigMap>();
    let world = World::start(&api, owns, |_| Act::Touch);
    seconds(12).await;
    assert_eq!(world.times("a"), [0, 750, 2250, 5250, 11_250]);
    assert_eq!(
        world.runs().iter().find(|run| run.superseded.is_some()),
        None
    );
    let _ = world.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_change_of_its_spec_ends_the_back_off_and_so_does_a_request() {
    let api = FakeApi::new();
    api.put(object("a", "a"));
    let world = World::start(&api, |runner| runner, |_| Act::Fail);
    seconds(20).await;
    api.put(object("a", "b"));
    settle().await;
    let mut requested = object("a", "b");
    requested["metadata"]["annotations"] = json!({"reconcile.fluxcd.io/requestedAt": "now"});
    api.put(requested);
    settle().await;
    // Taking the request away asks for nothing.
    api.put(object("a", "b"));
    seconds(2).await;
    assert_eq!(world.times("a")[5..], [20_000, 20_100]);
    assert_eq!(world.generations("a")[5..], [2, 2]);
    let _ = world.stop().await;
}

#[tokio::test(start_paused = true)]
async fn an_object_that_stalled_waits_for_a_change() {
    let api = FakeApi::new();
    api.put(object("a", "a"));
    let world = World::start(&api, |runner| runner, |_| Act::Stall);
    seconds(7200).await;
    assert_eq!(world.times("a"), [0]);
    api.put(object("a", "b"));
    settle().await;
    assert_eq!(world.generations("a"), [1, 2]);
    let _ = world.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_change_while_an_object_is_run_interrupts_it_and_runs_it_again_at_once() {
    let api = FakeApi::new();
    api.put(object("a", "a"));
    let world = World::start(
        &api,
        |runner| runner,
        |object| {
            if object.metadata.generation == Some(1) {
                Act::Wait
            } else {
                Act::Rest
            }
        },
    );
    seconds(60).await;
    assert_eq!(world.times("a"), [0]);
    api.put(object("a", "b"));
    settle().await;
    let runs = world.runs();
    assert_eq!(runs[0].superseded.as_deref(), Some("Kustomization/apps/a"));
    assert_eq!((runs.len(), runs[1].generation, runs[1].at), (2, 2, 60_000));
    let _ = world.stop().await;
}

#[tokio::test(start_paused = true)]
async fn one_worker_runs_one_object_and_four_objects_run_at_the_same_time() {
    let api = FakeApi::new();
    for index in 0..10 {
        api.put(object(&format!("app-{index}"), "a"));
    }
    let world = World::start(&api, |runner| runner, |_| Act::Take(10));
    settle().await;
    assert_eq!(world.runs().len(), 4);
    for path in ["b", "c", "d"] {
        api.put(object("app-0", path));
        settle().await;
    }
    assert_eq!(world.generations("app-0"), [1]);
    seconds(40).await;
    // Ahead of the six that only the start has woken.
    assert_eq!(
        world.runs().iter().position(|run| run.generation == 4),
        Some(4)
    );
    assert_eq!(world.generations("app-0"), [1, 4]);
    let _ = world.stop().await;
}

#[tokio::test(start_paused = true)]
async fn after_a_start_a_change_does_not_wait_for_all_that_was_there() {
    let api = FakeApi::new();
    for index in 0..40 {
        api.put(object(&format!("app-{index:02}"), "a"));
    }
    let world = World::start(&api, |runner| runner, |_| Act::Take(10));
    seconds(5).await;
    api.put(object("app-39", "b"));
    seconds(10).await;
    assert_eq!(world.generations("app-39"), [2]);
    seconds(100).await;
    assert_eq!(world.runs().len(), 40);
    let _ = world.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_run_that_hangs_or_panics_stops_no_other_object() {
    let api = FakeApi::new();
    for name in ["hangs", "panics", "works"] {
        api.put(object(name, "a"));
    }
    let world = World::start(
        &api,
        |runner| runner,
        |object| match object.name_any().as_str() {
            "hangs" => Act::Take(1 << 20),
            "panics" => Act::Panic,
            _ => Act::Every(10),
        },
    );
    seconds(12).await;
    assert_eq!(world.times("works"), [0, 10_000]);
    assert_eq!(world.times("panics"), [0, 750, 2250, 5250, 11_250]);
    let report = world.stop().await;
    assert_eq!((report.panicked, report.dropped), (5, vec![key("hangs")]));
}
