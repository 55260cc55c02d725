//! The row "POST anything" of the matrix, and what else can happen to events.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, Utc};
use fluxcd_api::event::v1beta1::{Event, Severity};
use fluxcd_core::notify::{Report, Reporter};
use fluxcd_kube::client::{ClientOptions, Web};
use fluxcd_kube::error::Verb;
use fluxcd_kube::events::{
    ClusterEvents, Deliver, EventSink, Memory, Queue, Recorder, Tally, Webhook,
};
use fluxcd_kube::testing::{FakeApi, Fault, On, Recorded};
use fluxcd_kube::{Class, Error};
use http::header::RETRY_AFTER;
use http::{Request, Response};
use kube::client::Body;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

fn kustomization() -> Value {
    json!({
        "apiVersion": "kustomize.toolkit.fluxcd.io/v1", "kind": "Kustomization",
        "metadata": {
            "name": "apps", "namespace": "default", "uid": "u1",
            "annotations": {"event.toolkit.fluxcd.io/env": "prod"},
        },
    })
}

fn event_at(object: &Value, message: &str, now: DateTime<Utc>) -> Event {
    let instance = Some("kustomize-controller-0".to_owned());
    let controller = "kustomize-controller".to_owned();
    let reporter = Reporter {
        controller,
        instance,
    };
    Report::info("Progressing", message).about(object, &reporter, now)
}

fn event(message: &str) -> Event {
    event_at(&kustomization(), message, DateTime::UNIX_EPOCH)
}

fn cluster_events(api: &FakeApi) -> ClusterEvents {
    ClusterEvents::new(api.client()).with_clock(api.clock())
}

/// Writes of events; the server watches the time.
fn writes(api: &FakeApi) -> Vec<Recorded> {
    let mut requests = api.requests();
    requests.retain(|request| request.kind == "Event");
    requests
}

fn stored(api: &FakeApi) -> Vec<Value> {
    let mut objects = api.objects();
    objects.retain(|object| object["kind"] == "Event");
    objects
}

#[tokio::test(start_paused = true)]
async fn an_event_is_written_as_the_controllers_write_it() {
    let api = FakeApi::new();
    cluster_events(&api)
        .deliver(&event("applied"))
        .await
        .unwrap();
    let mut stored = stored(&api);
    let metadata = stored[0]["metadata"].take();
    assert_eq!(
        metadata["annotations"],
        json!({"event.toolkit.fluxcd.io/env": "prod"})
    );
    assert_eq!(metadata["namespace"], "default");
    let name = metadata["name"].as_str().unwrap();
    assert_eq!(
        name,
        format!(
            "apps.{:x}",
            api.clock().now().timestamp_nanos_opt().unwrap()
        )
    );
    assert_eq!(
        stored,
        [json!({
            "apiVersion": "v1", "kind": "Event", "metadata": null,
            "involvedObject": {
                "apiVersion": "kustomize.toolkit.fluxcd.io/v1", "kind": "Kustomization",
                "namespace": "default", "name": "apps", "uid": "u1",
            },
            "reason": "Progressing", "message": "applied", "type": "Normal",
            "source": {"component": "kustomize-controller"},
            "firstTimestamp": "1970-01-01T00:00:00Z", "lastTimestamp": "1970-01-01T00:00:00Z", "count": 1,
            "reportingComponent": "kustomize-controller", "reportingInstance": "",
        })]
    );
}

#[tokio::test(start_paused = true)]
async fn an_event_that_happened_before_is_counted() {
    let api = FakeApi::new();
    let mut events = cluster_events(&api);
    for second in [0, 60, 120] {
        let now = DateTime::from_timestamp(second, 0).unwrap();
        events
            .deliver(&event_at(&kustomization(), "applied", now))
            .await
            .unwrap();
    }
    let first = &stored(&api)[0];
    assert_eq!((stored(&api).len(), &first["count"]), (1, &json!(3)));
    assert_eq!(first["firstTimestamp"], "1970-01-01T00:00:00Z");
    assert_eq!(first["lastTimestamp"], "1970-01-01T00:02:00Z");
    let verbs: Vec<Verb> = writes(&api)
        .into_iter()
        .map(|request| request.verb)
        .collect();
    assert_eq!(verbs, [Verb::Create, Verb::Patch, Verb::Patch]);

    // Events do not live long.
    let name = first["metadata"]["name"].as_str().unwrap();
    api.remove("v1", "Event", Some("default"), name);
    events.deliver(&event("applied")).await.unwrap();
    assert_eq!(stored(&api)[0]["count"], 4);
}

#[tokio::test(start_paused = true)]
async fn similar_events_are_combined_and_too_many_are_not_written() {
    let api = FakeApi::new();
    let mut events = cluster_events(&api);
    for number in 0..40 {
        events
            .deliver(&event(&format!("message {number}")))
            .await
            .unwrap();
    }
    let stored = stored(&api);
    assert_eq!((stored.len(), writes(&api).len()), (10, 25));
    let combined: Vec<&Value> = stored.iter().filter(|event| event["count"] != 1).collect();
    assert_eq!(combined.len(), 1);
    assert_eq!(
        combined[0]["message"],
        "(combined from similar events): message 24"
    );
    assert_eq!(combined[0]["count"], 16);
    assert_eq!(combined[0]["metadata"].get("annotations"), None);

    // Five minutes give room for one more, ten more have forgotten what was similar.
    let later = |minutes: i64| DateTime::from_timestamp(minutes * 60, 0).unwrap();
    events
        .deliver(&event_at(&kustomization(), "a", later(5)))
        .await
        .unwrap();
    events
        .deliver(&event_at(&kustomization(), "b", later(5)))
        .await
        .unwrap();
    assert_eq!(writes(&api).len(), 26);
    events
        .deliver(&event_at(&kustomization(), "c", later(16)))
        .await
        .unwrap();
    let last = writes(&api).pop().unwrap();
    assert_eq!(
        (last.verb, &last.body.unwrap()["message"]),
        (Verb::Create, &json!("c"))
    );

    // Another object has room of its own.
    let mut other = kustomization();
    other["metadata"]["uid"] = json!("u2");
    events
        .deliver(&event_at(&other, "a", later(16)))
        .await
        .unwrap();
    assert_eq!(writes(&api).len(), 28);
}

#[tokio::test(start_paused = true)]
async fn a_post_is_not_repeated_but_after_429() {
    for fault in [
        Fault::status(500, "InternalError", "a"),
        Fault::Plain(502),
        Fault::status(503, "ServiceUnavailable", "a"),
        Fault::status(504, "Timeout", "a"),
        Fault::Reset,
        Fault::ResetAfter,
        Fault::Refused,
        Fault::Truncate,
        Fault::Hang,
        Fault::Forbidden,
        Fault::Deny("no".to_owned()),
    ] {
        let api = FakeApi::new();
        let queue = Queue::spawn(cluster_events(&api), 10);
        api.fault(On::any().kind("Event"), fault.clone());
        queue.emit(event("lost"));
        assert_eq!(queue.flush(Duration::from_secs(60)).await, 0);
        let tally = queue.tally();
        assert_eq!((tally.failed, tally.delivered), (1, 0), "{fault:?}");
        assert_eq!(writes(&api).len(), 1, "{fault:?}");
        // The next goes through.
        queue.emit(event("not lost"));
        assert_eq!(queue.flush(Duration::from_secs(60)).await, 0);
        assert_eq!(queue.tally().delivered, 1, "{fault:?}");
    }
    for fault in [
        Fault::RetryAfter {
            code: 429,
            seconds: 3,
        },
        Fault::Plain(429),
    ] {
        let api = FakeApi::new();
        api.fault(On::any().kind("Event").times(2), fault);
        cluster_events(&api).deliver(&event("late")).await.unwrap();
        assert_eq!((writes(&api).len(), stored(&api).len()), (3, 1));
    }
}

#[tokio::test(start_paused = true)]
async fn objects_of_the_whole_cluster_and_odd_names_have_events_too() {
    let api = FakeApi::new();
    let mut events = cluster_events(&api);
    let role = |name: &str| {
        json!({
            "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": name},
        })
    };
    for name in ["system:view", "Ünïcode", &"x".repeat(250)] {
        events
            .deliver(&event_at(&role(name), "a", DateTime::UNIX_EPOCH))
            .await
            .unwrap();
    }
    let names = stored(&api)
        .into_iter()
        .map(|event| event["metadata"]["name"].as_str().unwrap().to_owned());
    let names: Vec<String> = names.collect();
    assert_eq!(names.len(), 3);
    assert!(
        names.iter().all(|name| name.starts_with("event.")),
        "{names:?}"
    );
    assert!(
        writes(&api)
            .iter()
            .all(|request| request.namespace == "default")
    );
}

/// Takes its time.
struct Slow(Arc<Mutex<Vec<String>>>);

impl Deliver for Slow {
    async fn deliver(&mut self, event: &Event) -> Result<(), Error> {
        sleep(Duration::from_secs(10)).await;
        self.0.lock().unwrap().push(event.message.clone());
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn a_full_queue_drops_the_oldest_and_holds_up_nobody() {
    let sent = Arc::new(Mutex::new(Vec::new()));
    let queue = Queue::spawn(Slow(sent.clone()), 2);
    let begun = Instant::now();
    queue.emit(event("0"));
    sleep(Duration::from_secs(1)).await;
    for number in 1..=5 {
        queue.emit(event(&number.to_string()));
    }
    assert_eq!(begun.elapsed(), Duration::from_secs(1));
    let expected = |delivered, dropped, waiting| {
        let tally = queue.tally();
        let Tally { failed, .. } = tally;
        assert_eq!(
            (tally.delivered, tally.dropped, tally.waiting, failed),
            (delivered, dropped, waiting, 0)
        );
    };
    expected(0, 3, 3);

    // The time to flush is over before everything is sent.
    assert_eq!(queue.flush(Duration::from_secs(15)).await, 2);
    assert_eq!(begun.elapsed(), Duration::from_secs(16));
    assert_eq!(queue.flush(Duration::from_secs(60)).await, 0);
    assert_eq!(begun.elapsed(), Duration::from_secs(30));
    expected(3, 3, 0);
    assert_eq!(*sent.lock().unwrap(), ["0", "4", "5"]);
}

#[tokio::test(start_paused = true)]
async fn what_is_left_when_the_queue_is_dropped_is_still_sent() {
    let sent = Arc::new(Mutex::new(Vec::new()));
    let queue = Queue::spawn(Slow(sent.clone()), 10);
    queue.emit(event("a"));
    queue.clone().emit(event("b"));
    drop(queue);
    sleep(Duration::from_secs(30)).await;
    assert_eq!(*sent.lock().unwrap(), ["a", "b"]);
    assert_eq!(Arc::strong_count(&sent), 1, "the task has ended");
}

#[test]
fn every_sink_gets_every_event() {
    let (one, other) = (Memory::default(), Memory::default());
    let both: Vec<Arc<dyn EventSink>> =
        vec![Arc::new(one.clone()), Arc::new(()), Arc::new(other.clone())];
    let recorder = Recorder::new(Reporter::default(), Arc::new(both));
    recorder.record(&kustomization(), Report::error("Failed", "no"));
    let (one, other) = (one.take(), other.take());
    assert_eq!((one.len(), &one), (1, &other));
    assert!(one[0].has_metadata("event.toolkit.fluxcd.io/env", "prod"));
    assert_eq!(one[0].severity, Severity::Error);
}

type Posted = Arc<Mutex<Vec<(u64, Value)>>>;

/// Answers with these in turn, then with 202, and keeps what came when.
fn webhook(answers: &[&'static str]) -> (Webhook, Posted) {
    let posted = Arc::new(Mutex::new(Vec::new()));
    let (kept, begun) = (posted.clone(), Instant::now());
    let answers = Arc::new(Mutex::new(VecDeque::from(answers.to_vec())));
    let service = tower::service_fn(move |request: Request<Body>| {
        let (kept, answers) = (kept.clone(), answers.clone());
        async move {
            assert_eq!(
                request.uri(),
                "http://notification-controller.flux-system.svc./"
            );
            assert_eq!(request.headers()["content-type"], "application/json");
            let body = request.into_body().collect_bytes().await.unwrap();
            let body = serde_json::from_slice(&body).unwrap();
            kept.lock().unwrap().push((begun.elapsed().as_secs(), body));
            let answer = answers.lock().unwrap().pop_front();
            match answer.unwrap_or("202") {
                "reset" => Err(std::io::Error::from(std::io::ErrorKind::ConnectionReset)),
                "hang" => std::future::pending().await,
                code => {
                    let (code, after) = code.split_once(' ').unwrap_or((code, ""));
                    let mut answer = Response::builder().status(code);
                    if !after.is_empty() {
                        answer = answer.header(RETRY_AFTER, after);
                    }
                    Ok(answer.body(Body::from(Vec::new())).unwrap())
                }
            }
        }
    });
    let address = "http://notification-controller.flux-system.svc./";
    (Webhook::new(Web::with(service), address).unwrap(), posted)
}

#[tokio::test(start_paused = true)]
async fn notification_controller_gets_the_event() {
    let (mut webhook, posted) = webhook(&[]);
    webhook.deliver(&event("applied")).await.unwrap();
    assert_eq!(
        posted.lock().unwrap()[0].1,
        json!({
            "involvedObject": {
                "kind": "Kustomization", "namespace": "default", "name": "apps", "uid": "u1",
                "apiVersion": "kustomize.toolkit.fluxcd.io/v1",
            },
            "severity": "info", "timestamp": "1970-01-01T00:00:00Z", "message": "applied", "reason": "Progressing",
            "metadata": {"event.toolkit.fluxcd.io/env": "prod"},
            "reportingController": "kustomize-controller", "reportingInstance": "kustomize-controller-0",
        })
    );
}

#[tokio::test(start_paused = true)]
async fn neither_traces_nor_objects_of_the_whole_cluster_are_posted() {
    let (mut webhook, posted) = webhook(&[]);
    let mut trace = event("a");
    trace.severity = Severity::Trace;
    let mut node = event("a");
    node.involved_object.namespace = None;
    webhook.deliver(&trace).await.unwrap();
    webhook.deliver(&node).await.unwrap();
    assert!(posted.lock().unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn answers_of_notification_controller() {
    type Case = (&'static [&'static str], Option<Class>, &'static [u64]);
    let cases: &[Case] = &[
        (&["202"], None, &[0]),
        // It has the event already.
        (&["429 300"], None, &[0]),
        (&["400"], Some(Class::Invalid), &[0]),
        (&["413"], Some(Class::Invalid), &[0]),
        (&["301"], Some(Class::Invalid), &[0]),
        (&["501"], Some(Class::Invalid), &[0]),
        (&["500"], None, &[0, 1]),
        (&["500 9"], None, &[0, 1]),
        (&["502", "504", "599", "500"], None, &[0, 1, 3, 7, 15]),
        (&["503 7", "503 3600"], None, &[0, 7, 37]),
        (
            &["503", "503", "503", "503", "503"],
            Some(Class::ServerTransient),
            &[0, 1, 3, 7, 15],
        ),
        (&["reset", "reset"], None, &[0, 1, 3]),
        (
            &["reset", "reset", "reset", "reset", "reset"],
            Some(Class::Connection),
            &[0, 1, 3, 7, 15],
        ),
        (&["hang"], None, &[0, 6]),
        (&["hang", "429"], None, &[0, 6]),
        (
            &["hang", "hang", "hang", "hang", "hang"],
            Some(Class::Timeout),
            &[0, 6, 13, 22, 35],
        ),
    ];
    for (answers, error, times) in cases {
        let (mut webhook, posted) = webhook(answers);
        let sent = webhook.deliver(&event("a")).await;
        assert_eq!(sent.err().map(|error| error.class()), *error, "{answers:?}");
        let at: Vec<u64> = posted.lock().unwrap().iter().map(|(at, _)| *at).collect();
        assert_eq!(at, *times, "{answers:?}");
    }
}

#[test]
fn an_address_that_is_none_is_refused_at_the_start() {
    for address in [
        "",
        "/events",
        "not an address",
        "notification-controller:80",
    ] {
        let error = Webhook::new(Web::new(&ClientOptions::default()), address).unwrap_err();
        assert_eq!(error.class(), Class::Invalid, "{address}");
    }
}
