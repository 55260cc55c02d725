//! One test for each fault.

use std::time::Duration;

use fluxcd_kube::Class;
use fluxcd_kube::status::{Part, Section, WriteError};
use fluxcd_kube::testing::Fault;
use serde_json::json;

use super::{elapsed, fixed, mark, on, scene, scene_with};

fn sections(error: &WriteError) -> Vec<Section> {
    error
        .failures()
        .iter()
        .map(|(section, _)| *section)
        .collect()
}

#[tokio::test(start_paused = true)]
async fn without_faults_each_part_takes_one_patch() {
    let mut scene = scene();
    let report = scene.writer.write(&scene.after).await.unwrap();
    assert_eq!(
        [report.conditions, report.object, report.status],
        [Part::Written; 3]
    );
    assert_eq!(scene.sequence(), "GCOS");
    scene.is_written();
}

#[tokio::test(start_paused = true)]
async fn two_writers_race_and_both_conditions_are_there() {
    let mut scene = scene();
    // While the patch is under way, somebody else writes.
    scene
        .api
        .fault(on('C'), Fault::Delay(Duration::from_secs(2)));
    let api = scene.api.clone();
    let mut other = scene.live();
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_secs(1)).await;
        let list = other["status"]["conditions"].as_array_mut().unwrap();
        list.push(json!({
            "type": "Scanned", "status": "True", "reason": "Clean", "message": "",
            "lastTransitionTime": "2026-01-01T00:00:00Z",
        }));
        api.put(other);
    });
    scene.writer.write(&scene.after).await.unwrap();
    assert_eq!(scene.sequence(), "GCGCOS");
    assert!(scene.live_condition("Scanned").is_some());
    scene.is_written();
}

#[tokio::test(start_paused = true)]
async fn a_conflict_is_met_five_times_and_then_the_other_parts_are_written() {
    for fault in [
        Fault::status(409, "Conflict", "modified"),
        Fault::Plain(409),
    ] {
        let mut scene = scene();
        let locked = on('C').times(5);
        scene.api.fault(locked, fault);
        let (error, time) = elapsed(scene.writer.write(&scene.after)).await;
        let error = error.unwrap_err();
        assert_eq!(error.class(), Class::Conflict);
        assert_eq!(sections(&error), [Section::Conditions]);
        assert_eq!(scene.sequence(), "GCGCGCGCGCOS");
        assert_eq!(time, Duration::from_millis(4 * 150));
        let live = scene.live();
        assert_eq!(live["metadata"]["annotations"]["seen"], "yes");
        assert_eq!(live["status"]["lastAppliedRevision"], "main@sha1:2");
        // What was not said is not claimed to be observed.
        assert_eq!(live["status"]["observedGeneration"], 0);
    }
}

#[tokio::test(start_paused = true)]
async fn a_condition_that_somebody_else_changed_is_a_conflict_that_no_repetition_mends() {
    let mut scene = scene_with(|options| {
        options.owned = fluxcd_kube::status::Owned::Types(Vec::new());
    });
    let mut other = scene.live();
    mark(&mut other, "False", "SomebodyElse");
    scene.api.put(other);
    let error = scene.writer.write(&scene.after).await.unwrap_err();
    assert_eq!(error.class(), Class::Conflict);
    assert_eq!(sections(&error), [Section::Conditions]);
    assert!(
        error
            .to_string()
            .contains("\"Ready\" was modified by a different process"),
        "{error}"
    );
    assert_eq!(scene.sequence(), "GOS");
    assert_eq!(
        scene.live_condition("Ready").unwrap()["reason"],
        "SomebodyElse"
    );
}

#[tokio::test(start_paused = true)]
async fn an_answer_without_a_body_is_told_by_its_code() {
    for (code, class) in [
        (404, Class::NotFound),
        (410, Class::Gone),
        (403, Class::Forbidden),
    ] {
        let mut scene = scene();
        scene.api.fault(on('C'), Fault::Plain(code));
        let error = scene.writer.write(&scene.after).await.unwrap_err();
        assert_eq!(error.class(), class);
        assert_eq!(scene.sequence(), "GCOS");
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_is_busy_is_asked_again_when_it_says() {
    for part in ['C', 'O', 'S'] {
        let mut scene = scene();
        let fault = Fault::RetryAfter {
            code: 429,
            seconds: 17,
        };
        scene.api.fault(on(part), fault);
        let (report, time) = elapsed(scene.writer.write(&scene.after)).await;
        report.unwrap();
        assert!(
            time >= Duration::from_secs(17) && time < Duration::from_secs(30),
            "{time:?}"
        );
        let expected = "GCOS".replace(part, &format!("{part}{part}"));
        assert_eq!(scene.sequence(), expected);
        scene.is_written();
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_is_busy_and_does_not_say_for_how_long_is_not_asked_in_a_hot_loop() {
    let mut scene = scene();
    scene.api.fault(
        on('C').always(),
        Fault::status(429, "TooManyRequests", "busy"),
    );
    let (error, time) = elapsed(scene.writer.write(&scene.after)).await;
    // The time of a part was over before the server was less busy.
    assert_eq!(error.unwrap_err().class(), Class::Timeout);
    assert!(time <= Duration::from_secs(121), "{time:?}");
    let sent = scene.sequence().len();
    assert!(sent <= 40, "{sent} requests");
}

#[tokio::test(start_paused = true)]
async fn a_failure_of_the_server_repeats_the_parts_without_lock_and_reads_before_the_one_with_it() {
    for fault in [
        Fault::status(500, "InternalError", "etcdserver: leader changed"),
        Fault::Plain(502),
        Fault::status(503, "ServiceUnavailable", "no"),
        Fault::Plain(503),
        Fault::Plain(504),
        Fault::Reset,
        Fault::Refused,
    ] {
        for (part, expected) in [('C', "GCGCOS"), ('O', "GCOOS"), ('S', "GCOSS")] {
            let mut scene = scene();
            scene.api.fault(on(part), fault.clone());
            scene.writer.write(&scene.after).await.unwrap();
            assert_eq!(scene.sequence(), expected, "{fault:?}");
            scene.is_written();
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_done_although_it_failed_is_found_and_not_sent_again() {
    for fault in [
        Fault::ResetAfter,
        Fault::Truncate,
        Fault::NotJson,
        Fault::BreakBody,
    ] {
        for part in ['C', 'O', 'S'] {
            let mut scene = scene();
            scene.api.fault(on(part), fault.clone());
            let report = scene.writer.write(&scene.after).await.unwrap();
            assert_eq!(
                [report.conditions, report.object, report.status],
                [Part::Written; 3]
            );
            scene.is_written();
            // A patch with a lock is never sent twice; the others do no harm.
            let sent = scene.sequence().matches('C').count();
            assert_eq!(sent, 1, "{fault:?} {part}: {}", scene.sequence());
        }
    }
}

#[tokio::test(start_paused = true)]
async fn no_answer_is_a_timeout_after_thirty_seconds_and_then_the_object_is_read() {
    for fault in [Fault::Hang, Fault::HangAfter, Fault::HangBody] {
        for part in ['C', 'O', 'S'] {
            let mut scene = scene();
            scene.api.fault(on(part), fault.clone());
            let (report, time) = elapsed(scene.writer.write(&scene.after)).await;
            report.unwrap();
            assert!(
                time >= Duration::from_secs(30) && time < Duration::from_secs(32),
                "{time:?}"
            );
            scene.is_written();
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_never_answers_takes_the_time_of_the_deadline_and_each_part_its_share() {
    let mut scene = scene();
    scene.api.fault(on('C').times(usize::MAX), Fault::Hang);
    scene.api.fault(on('O').times(usize::MAX), Fault::Hang);
    scene.api.fault(on('G').always(), Fault::Hang);
    let grace = Duration::from_secs(6);
    let (error, time) = elapsed(scene.writer.write_within(&scene.after, grace)).await;
    let error = error.unwrap_err();
    assert_eq!(time, grace);
    assert_eq!(error.class(), Class::Timeout);
    assert_eq!(
        sections(&error),
        [Section::Conditions, Section::Object, Section::Status]
    );
}

#[tokio::test(start_paused = true)]
async fn what_is_forbidden_is_said_once_and_the_other_parts_are_written() {
    for (part, section) in [
        ('C', Section::Conditions),
        ('O', Section::Object),
        ('S', Section::Status),
        ('G', Section::Conditions),
    ] {
        let mut scene = scene();
        scene.api.fault(on(part).always(), Fault::Forbidden);
        if part == 'C' {
            // The rest of the status is another permission in this test only.
            scene.api.clear_faults();
            scene.api.fault(on('C'), Fault::Forbidden);
        }
        let error = scene.writer.write(&scene.after).await.unwrap_err();
        assert_eq!(
            (error.class(), sections(&error)),
            (Class::Forbidden, vec![section])
        );
        assert!(scene.sequence().len() <= 4, "{}", scene.sequence());
        let parts = error.report();
        let failed = [parts.conditions, parts.object, parts.status];
        assert_eq!(
            failed.iter().filter(|part| **part == Part::Failed).count(),
            1
        );
    }
}

#[tokio::test(start_paused = true)]
async fn failures_of_all_parts_are_reported_together() {
    let mut scene = scene();
    scene.api.fault(on('C').always(), Fault::Forbidden);
    scene
        .api
        .fault(on('O').always(), Fault::Deny("no".to_owned()));
    let error = scene.writer.write(&scene.after).await.unwrap_err();
    assert_eq!(
        sections(&error),
        [Section::Conditions, Section::Object, Section::Status]
    );
    let text = error.to_string();
    for said in [
        "conditions not written",
        "metadata and spec not written",
        "; status not written",
    ] {
        assert!(text.contains(said), "{text}");
    }
    // The base stays, so that the next write repairs it all.
    scene.api.clear_faults();
    scene.writer.write(&scene.after).await.unwrap();
    scene.is_written();
}

#[tokio::test(start_paused = true)]
async fn an_identity_that_has_expired_is_said_and_not_asked_again_and_again() {
    let mut scene = scene();
    scene
        .api
        .fault(on('C'), Fault::status(401, "Unauthorized", "Unauthorized"));
    let error = scene.writer.write(&scene.after).await.unwrap_err();
    assert_eq!(error.class(), Class::Unauthorized);
    assert_eq!(sections(&error), [Section::Conditions]);
    assert_eq!(scene.sequence(), "GCOS");
}

#[tokio::test(start_paused = true)]
async fn a_stale_cache_leaves_nothing_unwritten() {
    let mut scene = scene();
    // The run before, which the cache has not seen: `Ready` is False at the server, and was absent in the base.
    let mut unseen = scene.live();
    mark(&mut unseen, "False", "BuildFailed");
    scene.api.put(unseen);
    let audited = scene.live_condition("Audited");
    // This run finds `Ready` absent in its base and wants it absent: that is a change at the server.
    let mut after = scene.after.clone();
    let list = after["status"]["conditions"].as_array_mut().unwrap();
    list.retain(|it| it["type"] != "Ready");
    scene.writer.write(&after).await.unwrap();
    assert_eq!(scene.live_condition("Ready"), None);
    assert_eq!(scene.live_condition("Audited"), audited);
}

#[tokio::test(start_paused = true)]
async fn the_time_of_a_transition_is_ours_whatever_the_clock_of_the_server_says() {
    let mut scene = scene_with(|options| options.clock = fixed("2031-05-06T07:08:09Z"));
    mark(&mut scene.after, "False", "BuildFailed");
    let mut live = scene.live();
    mark(&mut live, "True", "ReconciliationSucceeded");
    scene.api.put(live);
    scene.writer.write(&scene.after).await.unwrap();
    let ready = scene.live_condition("Ready").unwrap();
    assert_eq!(ready["lastTransitionTime"], "2031-05-06T07:08:09Z");
}

#[tokio::test(start_paused = true)]
async fn the_last_words_of_a_shutdown_are_written_within_its_grace() {
    let mut scene = scene();
    scene
        .api
        .fault(on('C'), Fault::Delay(Duration::from_secs(1)));
    let (report, time) = elapsed(
        scene
            .writer
            .write_within(&scene.after, Duration::from_secs(5)),
    )
    .await;
    report.unwrap();
    assert!(time < Duration::from_secs(5));
    scene.is_written();
}
