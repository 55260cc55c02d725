//! Reading and listing.

use std::fmt::Debug;
use std::time::Duration;

use fluxcd_kube::client::{ClientOptions, harden, list_all};
use fluxcd_kube::error::{Class, Verb, classify};
use fluxcd_kube::testing::{FakeApi, Fault, On};
use futures::StreamExt;
use k8s_openapi::api::core::v1::ConfigMap;
use kube::api::{Api, ListParams, PostParams, WatchParams};
use proptest::prelude::*;
use serde_json::json;
use tokio::time::Instant;

use crate::{in_no_time, lost};

fn api(count: usize) -> FakeApi {
    let api = FakeApi::new();
    for n in 0..count {
        api.put(json!({
            "apiVersion": "v1", "kind": "ConfigMap",
            "metadata": {"name": format!("a{n}"), "namespace": "default"},
        }));
    }
    api.clear_requests();
    api
}

fn maps(api: &FakeApi) -> Api<ConfigMap> {
    Api::default_namespaced(api.client())
}

/// What became of reading `a0`, in how many requests, and in how many seconds.
async fn read(api: &FakeApi) -> (Option<Class>, usize, u64) {
    api.clear_requests();
    let begun = Instant::now();
    let result = maps(api).get("a0").await;
    let class = result.err().map(|error| classify(&error));
    (class, api.requests().len(), begun.elapsed().as_secs())
}

fn class<T: Debug>(result: kube::Result<T>) -> Class {
    classify(&result.unwrap_err())
}

#[tokio::test(start_paused = true)]
async fn an_answer_without_a_status_is_understood_by_its_code() {
    let api = api(1);
    for (code, expected) in [
        (403, Class::Forbidden),
        (404, Class::NotFound),
        (409, Class::Conflict),
        (410, Class::Gone),
    ] {
        api.fault(On::any(), Fault::Plain(code));
        let error = maps(&api).get("a0").await.unwrap_err();
        assert_eq!(classify(&error), expected);
        // kube's own questions have the right answer too.
        let kube::Error::Api(status) = error else {
            panic!("{error}")
        };
        assert_eq!(status.code, code);
        assert_eq!(status.is_not_found(), code == 404);
        assert_eq!(status.is_conflict(), code == 409);
        assert_eq!(status.is_forbidden(), code == 403);
    }
    api.fault(On::any(), Fault::Plain(404));
    assert!(maps(&api).get_opt("a0").await.unwrap().is_none());
    // Without a layer, kube takes it for an error.
    api.fault(On::any(), Fault::Plain(404));
    let raw: Api<ConfigMap> = Api::default_namespaced(api.raw_client());
    let error = raw.get("a0").await.unwrap_err();
    assert_eq!(classify(&error), Class::NotFound);
}

#[tokio::test(start_paused = true)]
async fn a_continue_token_that_is_too_old_begins_the_list_again() {
    let api = api(25);
    let params = ListParams::default().limit(10);
    let list = On::any().verb(Verb::List);
    api.fault(
        list.clone().skip(1),
        Fault::status(410, "Expired", "too old"),
    );
    let listed = list_all(&maps(&api), &params, "ConfigMap").await.unwrap();
    assert_eq!(listed.items.len(), 25);
    assert!(listed.metadata.continue_.is_none() && listed.metadata.resource_version.is_some());
    let tokens: Vec<_> = api
        .requests()
        .iter()
        .map(|request| request.query.contains_key("continue"))
        .collect();
    assert_eq!(tokens, [false, true, false, true, true]);
}

#[tokio::test(start_paused = true)]
async fn a_list_does_not_begin_again_for_ever() {
    let api = api(25);
    let params = ListParams::default().limit(10);
    // Every second page that is asked for; those that fail do not count as skipped.
    for passed in 1..=10 {
        let fault = Fault::status(410, "Expired", "too old");
        api.fault(On::any().skip(passed), fault);
    }
    let error = list_all(&maps(&api), &params, "ConfigMap")
        .await
        .unwrap_err();
    assert_eq!(error.class(), Class::Gone);
    assert_eq!(api.requests().len(), 8);
}

#[tokio::test(start_paused = true)]
async fn objects_that_appear_between_pages_are_neither_lost_nor_doubled() {
    let api = api(1200);
    let params = ListParams::default();
    let listed = list_all(&maps(&api), &params, "ConfigMap").await.unwrap();
    let mut names: Vec<_> = listed
        .items
        .iter()
        .map(|map| map.metadata.name.clone())
        .collect();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), 1200);
    assert_eq!(api.requests().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_throttled_request_waits_as_long_as_it_is_told_whatever_it_does() {
    let api = api(1);
    let fault = Fault::RetryAfter {
        code: 429,
        seconds: 30,
    };
    api.fault(On::any().times(2), fault.clone());
    assert_eq!(read(&api).await, (None, 3, 60));
    // A POST too: the server did nothing.
    api.clear_requests();
    api.fault(On::any(), fault);
    let begun = Instant::now();
    let created: ConfigMap = serde_json::from_value(json!({"metadata": {"name": "new"}})).unwrap();
    maps(&api)
        .create(&PostParams::default(), &created)
        .await
        .unwrap();
    assert_eq!((api.requests().len(), begun.elapsed().as_secs()), (2, 30));
    // What is longer than the deadline is for the caller to wait.
    api.fault(
        On::any(),
        Fault::RetryAfter {
            code: 429,
            seconds: 600,
        },
    );
    let after = Some(Duration::from_secs(600));
    let seen = read(&api).await;
    assert_eq!(seen, (Some(Class::Throttled { after }), 1, 0));
}

#[tokio::test(start_paused = true)]
async fn a_throttled_request_without_a_time_waits_longer_and_longer_until_its_deadline() {
    let api = api(1);
    api.fault(On::any().always(), Fault::Plain(429));
    let (class, requests, seconds) = read(&api).await;
    assert_eq!(class, Some(Class::Throttled { after: None }));
    assert!(
        requests <= 20 && (100..=120).contains(&seconds),
        "{requests} in {seconds} s"
    );
    let times: Vec<_> = api.requests().iter().map(|request| request.at).collect();
    let waits: Vec<_> = times.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert!(waits.windows(2).all(|pair| pair[0] <= pair[1]), "{waits:?}");
    assert!(waits[0] >= Duration::from_millis(100), "{waits:?}");
}

#[tokio::test(start_paused = true)]
async fn a_read_survives_three_failures_of_the_server_and_no_more() {
    for code in [500, 502, 503, 504] {
        let api = api(1);
        api.fault(On::any().times(3), Fault::Plain(code));
        assert_eq!(read(&api).await, (None, 4, 1), "{code}");
        api.fault(On::any().always(), Fault::Plain(code));
        let (class, requests, _) = read(&api).await;
        let expected = if code == 504 {
            Class::Timeout
        } else {
            Class::ServerTransient
        };
        assert_eq!((class, requests), (Some(expected), 4), "{code}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_read_survives_connections_that_break() {
    for fault in [
        Fault::Reset,
        Fault::ResetAfter,
        Fault::Refused,
        Fault::BreakBody,
    ] {
        let api = api(1);
        api.fault(On::any().times(3), fault.clone());
        assert_eq!(read(&api).await, (None, 4, 1), "{fault:?}");
        api.fault(On::any().always(), fault.clone());
        let (class, requests, _) = read(&api).await;
        assert_eq!((class, requests), (Some(Class::Connection), 4), "{fault:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_creation_is_never_repeated_unless_the_server_did_nothing() {
    for fault in [
        Fault::Plain(500),
        Fault::Plain(502),
        Fault::Plain(503),
        Fault::RetryAfter {
            code: 503,
            seconds: 1,
        },
        Fault::Plain(504),
        Fault::Reset,
        Fault::ResetAfter,
        Fault::Refused,
        Fault::BreakBody,
        Fault::Hang,
    ] {
        let api = api(0);
        api.fault(On::any(), fault.clone());
        let created: ConfigMap =
            serde_json::from_value(json!({"metadata": {"generateName": "n"}})).unwrap();
        let result = maps(&api).create(&PostParams::default(), &created).await;
        assert!(class(result).is_retryable(), "{fault:?}");
        assert_eq!(api.requests().len(), 1, "{fault:?}");
        assert!(api.objects().len() <= 1, "{fault:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_read_that_hangs_times_out_after_thirty_seconds_and_is_not_repeated() {
    for fault in [Fault::Hang, Fault::HangAfter, Fault::HangBody] {
        let api = api(1);
        api.fault(On::any().always(), fault.clone());
        assert_eq!(read(&api).await, (Some(Class::Timeout), 1, 30), "{fault:?}");
    }
    let api = api(1);
    api.fault(On::any(), Fault::Delay(Duration::from_secs(29)));
    assert_eq!(read(&api).await, (None, 1, 29));
}

#[tokio::test(start_paused = true)]
async fn a_watch_lasts_longer_than_a_call() {
    let api = api(1);
    let params = WatchParams::default().timeout(290);
    let listed = maps(&api).list(&ListParams::default()).await.unwrap();
    let version = listed.metadata.resource_version.unwrap();
    let maps = maps(&api);
    let stream = maps.watch(&params, &version).await.unwrap();
    let mut stream = std::pin::pin!(stream);
    let later = api.clone();
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_secs(200)).await;
        later.put(json!({
            "apiVersion": "v1", "kind": "ConfigMap",
            "metadata": {"name": "late", "namespace": "default"},
        }));
    });
    let begun = Instant::now();
    while !matches!(
        stream.next().await.unwrap().unwrap(),
        kube::api::WatchEvent::Added(_)
    ) {}
    assert_eq!(begun.elapsed().as_secs(), 200);
    // But it has to begin.
    api.fault(On::any().verb(Verb::Watch), Fault::Hang);
    let begun = Instant::now();
    let result = maps.watch(&params, &version).await.map(|_| ());
    assert_eq!(class(result), Class::Timeout);
    assert_eq!(begun.elapsed().as_secs(), 30);
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_cannot_be_read_is_not_asked_for_again() {
    for fault in [Fault::Truncate, Fault::NotJson] {
        let api = api(1);
        api.fault(On::any().always(), fault.clone());
        assert_eq!(read(&api).await, (Some(Class::Decode), 1, 0), "{fault:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_refusal_is_said_once() {
    for (fault, expected) in [
        (Fault::Forbidden, Class::Forbidden),
        (Fault::Plain(403), Class::Forbidden),
        (Fault::Plain(401), Class::Unauthorized),
        (Fault::Plain(400), Class::Invalid),
    ] {
        let api = api(1);
        api.fault(On::any().always(), fault.clone());
        assert_eq!(read(&api).await, (Some(expected), 1, 0), "{fault:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_read_is_what_is_stored_and_not_what_was_cached() {
    let api = api(1);
    read(&api).await;
    list_all(&maps(&api), &ListParams::default(), "ConfigMap")
        .await
        .unwrap();
    for request in api.requests() {
        assert!(
            !request.query.contains_key("resourceVersion"),
            "{request:?}"
        );
    }
}

/// A fault that a read can meet.
fn faults() -> impl Strategy<Value = Fault> {
    prop_oneof![
        prop::sample::select(vec![400, 403, 409, 410, 429, 500, 502, 503, 504])
            .prop_map(Fault::Plain),
        (prop::sample::select(vec![429, 503]), 0..200_u32)
            .prop_map(|(code, seconds)| Fault::RetryAfter { code, seconds }),
        (0..40_u64).prop_map(|seconds| Fault::Delay(Duration::from_secs(seconds))),
        prop::sample::select(lost()),
    ]
}

proptest! {
    /// Whatever the server does, a call ends by its deadline, in few requests with time between them; and what it returns
    /// is the last answer.
    #[test]
    fn a_read_ends_by_its_deadline_in_few_requests(script in prop::collection::vec(faults(), 0..30), unit in 0.0..1.0) {
        in_no_time(async {
            let api = api(1);
            for fault in &script {
                api.fault(On::any(), fault.clone());
            }
            let mut options = ClientOptions::default();
            options.dice = fluxcd_kube::Dice::new(move || unit);
            let raw = api.raw_client();
            let service = tower::service_fn(move |request| {
                let raw = raw.clone();
                async move { raw.send(request).await }
            });
            let maps: Api<ConfigMap> = Api::default_namespaced(harden(service, "default", &options));
            let begun = Instant::now();
            let result = maps.get("a0").await;
            assert!(begun.elapsed() <= options.deadline);
            let requests = api.requests();
            assert!(requests.len() <= 25, "{}", requests.len());
            for pair in requests.windows(2) {
                assert!(pair[1].at - pair[0].at >= options.min_delay / 2);
            }
            match (result, script.get(requests.len() - 1)) {
                (Ok(_), None | Some(Fault::Delay(_))) => {}
                (Err(error), Some(Fault::Plain(code))) => {
                    let kube::Error::Api(status) = error else { panic!("{error}") };
                    assert_eq!(status.code, *code);
                }
                (Err(_), Some(_)) => {}
                (result, fault) => panic!("{result:?} after {fault:?}"),
            }
        });
    }
}
