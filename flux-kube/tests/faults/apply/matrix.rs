//! One row after the other.

use super::*;

/// Applies one new object under a fault; how long that took.
async fn under(on: On, fault: Fault) -> (Lab, Result<String, Failure>, Duration) {
    let lab = Lab::new();
    lab.api.fault(on, fault);
    let begun = Instant::now();
    let applied = lab.apply(&map("a")).await;
    (lab, applied, begun.elapsed())
}

const CREATED: &str = "ConfigMap/shop/a created";

#[tokio::test(start_paused = true)]
async fn a_conflict_is_told_and_deletes_nothing_even_under_force() {
    let mut lab = Lab::new();
    let before = lab.api.put(map("a"));
    lab.options.force = true;
    for verb in [Verb::DryRun, Verb::Apply] {
        let conflict = Fault::status(409, "Conflict", "the object has been modified");
        lab.api.fault(on(verb), conflict);
        let mut object = map("a");
        object["data"]["a"] = "2".into();
        let failure = lab.apply(&object).await.unwrap_err();
        assert_eq!(failure.class(), Class::Conflict);
        assert!(
            failure
                .to_string()
                .ends_with("the object has been modified"),
            "{failure}"
        );
        assert_eq!(lab.count(Verb::Delete), 0);
        assert_eq!(
            lab.live("a").unwrap()["metadata"]["uid"],
            before["metadata"]["uid"]
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_create_that_somebody_else_won_is_read_again() {
    for verb in [Verb::DryRun, Verb::Apply] {
        let lab = Lab::new();
        let exists = Fault::status(409, "AlreadyExists", "configmaps \"a\" already exists");
        lab.api
            .fault(on(verb), Fault::Delay(Duration::from_secs(5)));
        lab.api.fault(on(verb), exists);
        // The first one waits, and the second one of the test loses.
        let other = async {
            sleep(Duration::from_secs(1)).await;
            lab.applier
                .apply(&map("a"), &lab.options, &lab.cancel)
                .await
                .unwrap()
        };
        let desired = map("a");
        let (first, second) = tokio::join!(lab.apply(&desired), other);
        assert!(first.is_ok());
        assert_eq!(second.resource, Resource::of(&desired));
        assert_eq!(lab.live("a").unwrap()["data"], json!({"a": "1"}));
    }
}

#[tokio::test(start_paused = true)]
async fn answers_without_a_status_are_told_by_their_code() {
    for (code, class) in [
        (404, Class::NotFound),
        (409, Class::Conflict),
        (410, Class::Gone),
        (422, Class::Invalid),
    ] {
        let (lab, applied, _) = under(on(Verb::DryRun), Fault::Plain(code)).await;
        assert_eq!(applied.unwrap_err().class(), class, "{code}");
        assert_eq!(lab.count(Verb::Apply), 0);
    }
    let (_, applied, _) = under(on(Verb::Get), Fault::Plain(404)).await;
    assert_eq!(applied.unwrap(), CREATED);
}

#[tokio::test(start_paused = true)]
async fn a_busy_server_is_waited_for_as_long_as_it_says() {
    for verb in [Verb::Get, Verb::DryRun, Verb::Apply] {
        let fault = Fault::RetryAfter {
            code: 429,
            seconds: 7,
        };
        let (lab, applied, took) = under(on(verb).times(2), fault).await;
        assert_eq!(applied.unwrap(), CREATED);
        assert!(took >= Duration::from_secs(14), "{took:?}");
        assert_eq!(lab.count(verb), 3);
    }
}

#[tokio::test(start_paused = true)]
async fn a_busy_server_that_says_nothing_is_asked_more_and_more_seldom() {
    let (lab, applied, took) = under(on(Verb::Apply).times(3), Fault::Plain(429)).await;
    assert_eq!(applied.unwrap(), CREATED);
    assert!(took > Duration::from_millis(500), "{took:?}");
    let requests = lab.api.requests();
    let applies = requests
        .iter()
        .filter(|request| request.verb == Verb::Apply);
    let times: Vec<Instant> = applies.map(|request| request.at).collect();
    let waits: Vec<Duration> = times.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert!(waits.is_sorted() && waits[0] > Duration::ZERO, "{waits:?}");
}

#[tokio::test(start_paused = true)]
async fn a_patch_of_metadata_is_sent_again_only_when_the_server_was_busy() {
    let lab = Lab::new();
    let mut object = map("a");
    object["metadata"]["annotations"] = json!({"fluxcd.io/sync-checksum": "x"});
    lab.api.put(object.clone());
    lab.api.fault(
        on(Verb::Patch),
        Fault::RetryAfter {
            code: 429,
            seconds: 3,
        },
    );
    lab.apply(&map("a")).await.unwrap();
    assert_eq!(lab.count(Verb::Patch), 2);

    // An answer that got lost: it was done, and nothing is left to do.
    lab.api.put(object);
    lab.api.clear_requests();
    lab.api.fault(on(Verb::Patch), Fault::ResetAfter);
    lab.apply(&map("a")).await.unwrap();
    assert_eq!(lab.count(Verb::Patch), 1);
    assert_eq!(lab.live("a").unwrap()["metadata"].get("annotations"), None);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_fails_is_asked_again_three_times() {
    for code in [500, 502, 503, 504] {
        for verb in [Verb::Get, Verb::DryRun, Verb::Apply] {
            let (lab, applied, _) = under(on(verb).times(3), Fault::Plain(code)).await;
            assert_eq!(applied.unwrap(), CREATED, "{code} {verb}");
            assert_eq!(lab.count(verb), 4);
            let (lab, applied, took) = under(on(verb).always(), Fault::Plain(code)).await;
            let class = applied.unwrap_err().class();
            assert!(
                matches!(class, Class::ServerTransient | Class::Timeout),
                "{class:?}"
            );
            assert_eq!(lab.count(verb), 4, "{code} {verb}");
            assert!(took < Duration::from_secs(120));
            assert!(lab.live("a").is_none());
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_breaks_is_made_again() {
    for fault in [
        Fault::Reset,
        Fault::ResetAfter,
        Fault::Refused,
        Fault::BreakBody,
    ] {
        for verb in [Verb::Get, Verb::DryRun, Verb::Apply] {
            let (lab, applied, _) = under(on(verb), fault.clone()).await;
            assert_eq!(applied.unwrap(), CREATED, "{fault:?} {verb}");
            assert_eq!(lab.count(verb), 2);
            assert_eq!(lab.live("a").unwrap()["data"], json!({"a": "1"}));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_that_hangs_ends_after_thirty_seconds() {
    for verb in [Verb::Get, Verb::DryRun, Verb::Apply] {
        let (lab, applied, took) = under(on(verb), Fault::Hang).await;
        assert_eq!(applied.unwrap_err().class(), Class::Timeout, "{verb}");
        assert_eq!(took.as_secs(), 30);
        assert_eq!(lab.count(verb), 1);
        assert!(lab.live("a").is_none());
    }
}

#[tokio::test(start_paused = true)]
async fn the_read_and_the_dry_run_of_an_object_share_one_deadline() {
    let api = FakeApi::new();
    let client = api.raw_client();
    let mut lab = Lab::with(api, client);
    lab.options.deadline = Duration::from_secs(40);
    lab.api
        .fault(on(Verb::Get), Fault::Delay(Duration::from_secs(25)));
    lab.api.fault(on(Verb::DryRun), Fault::Hang);
    let begun = Instant::now();
    let failure = lab.apply(&map("a")).await.unwrap_err();
    assert_eq!(failure.class(), Class::Timeout);
    assert_eq!(begun.elapsed().as_secs(), 40);
    assert_eq!(
        failure.to_string(),
        "ConfigMap/shop/a dry-run failed: no answer within 15s"
    );
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_got_lost_is_looked_for_on_the_server() {
    for fault in [
        Fault::Truncate,
        Fault::NotJson,
        Fault::HangAfter,
        Fault::HangBody,
    ] {
        let (lab, applied, _) = under(on(Verb::Apply), fault.clone()).await;
        assert_eq!(applied.unwrap(), CREATED, "{fault:?}");
        assert_eq!(lab.count(Verb::Apply), 1);
        assert_eq!(lab.count(Verb::Get), 2);
    }
    // Where the server cannot be asked either, nobody says that it was done.
    let lab = Lab::new();
    lab.api.fault(on(Verb::Apply), Fault::NotJson);
    lab.api
        .fault(on(Verb::Get).skip(1).always(), Fault::Refused);
    let failure = lab.apply(&map("a")).await.unwrap_err();
    assert_eq!(failure.class(), Class::Decode);
}

#[tokio::test(start_paused = true)]
async fn an_answer_to_a_read_that_cannot_be_read_is_not_asked_for_again() {
    for verb in [Verb::Get, Verb::DryRun] {
        for fault in [Fault::Truncate, Fault::NotJson] {
            let lab = Lab::new();
            lab.api.put(map("a"));
            lab.api.fault(on(verb), fault);
            let failure = lab.apply(&map("a")).await.unwrap_err();
            assert_eq!(failure.class(), Class::Decode);
            assert_eq!((lab.count(verb), lab.count(Verb::Apply)), (1, 0));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_object_that_is_forbidden_fails_and_the_others_are_applied() {
    for verb in [Verb::Get, Verb::DryRun, Verb::Apply] {
        let lab = Lab::new();
        lab.api.fault(on(verb).name("b").always(), Fault::Forbidden);
        let partial = lab
            .apply_all(&[map("a"), map("b"), map("c")])
            .await
            .unwrap_err();
        assert_eq!(
            partial.changes.to_string(),
            "ConfigMap/shop/a created\nConfigMap/shop/c created"
        );
        let failures = &partial.failures;
        assert_eq!(failures.len(), 1);
        assert_eq!(failures[0].class(), Class::Forbidden);
        assert_eq!(failures[0].resource().id.name, "b");
        assert_eq!(lab.count(verb), 3, "{verb}");
        assert!(partial.pending.is_empty() && partial.stopped.is_none());
    }
}

#[tokio::test(start_paused = true)]
async fn what_an_admission_webhook_denies_is_told_in_its_words() {
    let (_, applied, _) = under(on(Verb::DryRun), Fault::Deny("no".to_owned())).await;
    let text = applied.unwrap_err().to_string();
    assert!(
        text.starts_with("ConfigMap/shop/a dry-run failed (Forbidden): "),
        "{text}"
    );
    assert!(text.contains("no"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn held_back_as_upstream_does_nothing_of_the_stage_is_written() {
    let mut lab = Lab::new();
    lab.options.on_failure = OnFailure::HoldBack;
    lab.api.put(map("c"));
    lab.api.fault(on(Verb::DryRun).name("b"), Fault::Forbidden);
    let mut service = map("s");
    service["kind"] = "Service".into();
    let objects = [map("a"), map("b"), service];
    let partial = lab.apply_all(&objects).await.unwrap_err();
    assert!(partial.changes.0.is_empty());
    assert_eq!(
        partial.pending,
        [Resource::of(&objects[0]), Resource::of(&objects[2])]
    );
    assert_eq!((lab.count(Verb::Apply), lab.count(Verb::DryRun)), (0, 3));
}

#[tokio::test(start_paused = true)]
async fn live_objects_are_read_from_the_quorum() {
    let lab = Lab::new();
    lab.apply(&map("a")).await.unwrap();
    let requests = lab.api.requests();
    let reads = requests.iter().filter(|request| request.verb == Verb::Get);
    assert!(reads.clone().count() == 1);
    assert!(
        reads
            .into_iter()
            .all(|read| !read.query.contains_key("resourceVersion"))
    );
}

#[tokio::test(start_paused = true)]
async fn an_identity_that_is_not_known_fails_object_by_object() {
    let fault = Fault::status(401, "Unauthorized", "Unauthorized");
    let (_, applied, _) = under(on(Verb::Get).always(), fault).await;
    assert_eq!(applied.unwrap_err().class(), Class::Unauthorized);
}

#[tokio::test(start_paused = true)]
async fn a_shutdown_ends_between_objects_and_tells_what_was_done() {
    let mut lab = Lab::new();
    lab.options.concurrency = 1;
    let names = ["a", "b", "c", "d"];
    let objects = names.map(map);
    let delay = Fault::Delay(Duration::from_secs(10));
    lab.api.fault(on(Verb::Apply).always(), delay);
    let shutdown = async {
        sleep(Duration::from_secs(15)).await;
        lab.cancel.cancel();
    };
    let (partial, ()) = tokio::join!(lab.apply_all(&objects), shutdown);
    let partial = partial.unwrap_err();
    assert_eq!(
        partial.changes.to_string(),
        "ConfigMap/shop/a created\nConfigMap/shop/b created"
    );
    assert_eq!(
        partial.pending,
        [Resource::of(&objects[2]), Resource::of(&objects[3])]
    );
    assert_eq!(partial.stopped, Some(Stopped::Cancelled));
    assert_eq!(partial.to_string(), "the apply was cancelled");
    assert_eq!(
        names.map(|name| lab.live(name).is_some()),
        [true, true, false, false]
    );

    // Before it begins, nothing is sent.
    lab.api.clear_requests();
    let partial = lab.apply_staged(&objects).await.unwrap_err();
    assert!(partial.is_cancelled() && partial.pending.len() == 4);
    assert!(lab.api.requests().is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_was_changed_until_then_stands_below_the_error() {
    let lab = Lab::new();
    lab.api.fault(
        on(Verb::Apply).name("b"),
        Fault::status(403, "Forbidden", "no"),
    );
    let partial = lab.apply_all(&[map("a"), map("b")]).await.unwrap_err();
    assert_eq!(
        partial.condition(),
        "ConfigMap/shop/b apply failed: no\nConfigMap/shop/a created\n"
    );
}
