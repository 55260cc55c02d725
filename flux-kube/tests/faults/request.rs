//! Requests to objects of Flux, and waiting for them, under faults.

use std::time::Duration;

use fluxcd_api::meta::NamespacedObjectKindReference;
use fluxcd_core::request::{Ask, Refusal};
use fluxcd_kube::Class;
use fluxcd_kube::error::Verb;
use fluxcd_kube::mapper::Mapper;
use fluxcd_kube::request::{Answer, Requests, WaitOptions, Waited};
use fluxcd_kube::testing::{FakeApi, Fault, On};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

const API: &str = "source.toolkit.fluxcd.io/v1";

fn api() -> (FakeApi, Requests) {
    let api = FakeApi::new();
    api.put(json!({
        "apiVersion": API, "kind": "OCIRepository",
        "metadata": {"name": "podinfo", "namespace": "default"},
        "spec": {"url": "oci://ghcr.io/stefanprodan/manifests/podinfo", "interval": "5m"},
    }));
    let requests = Requests::new(api.client(), Mapper::new(api.client()));
    let requests = requests.with_clock(api.clock());
    (api, requests)
}

fn podinfo() -> NamespacedObjectKindReference {
    NamespacedObjectKindReference {
        kind: "OCIRepository".to_owned(),
        name: "podinfo".to_owned(),
        namespace: Some("default".to_owned()),
        ..NamespacedObjectKindReference::default()
    }
}

fn live(api: &FakeApi) -> Value {
    api.get(API, "OCIRepository", Some("default"), "podinfo")
        .unwrap()
}

/// What the controller of the object does with a request, after a while.
fn handle_after(api: &FakeApi, time: Duration) {
    let api = api.clone();
    tokio::spawn(async move {
        sleep(time).await;
        let mut object = live(&api);
        let token = object["metadata"]["annotations"]["reconcile.fluxcd.io/requestedAt"].clone();
        object["status"]["lastHandledReconcileAt"] = token;
        api.put(object);
    });
}

fn patches(api: &FakeApi) -> usize {
    let requests = api.requests();
    requests.iter().filter(|it| it.verb == Verb::Patch).count()
}

#[tokio::test(start_paused = true)]
async fn a_request_is_sent_and_waited_for() {
    let (api, requests) = api();
    assert_eq!(
        requests.ask(&podinfo(), Ask::Reconcile).await.unwrap(),
        Answer::Sent
    );
    let begun = Instant::now();
    handle_after(&api, Duration::from_secs(7));
    let waited = requests
        .wait(&podinfo(), &WaitOptions::default())
        .await
        .unwrap();
    assert!(matches!(waited, Waited::Handled(_)));
    assert_eq!(begun.elapsed(), Duration::from_secs(8));
}

#[tokio::test(start_paused = true)]
async fn what_is_in_vain_is_not_sent() {
    let (api, requests) = api();
    assert_eq!(
        requests.ask(&podinfo(), Ask::Resume).await.unwrap(),
        Answer::Done
    );
    assert_eq!(
        requests.ask(&podinfo(), Ask::Suspend).await.unwrap(),
        Answer::Sent
    );
    let before = patches(&api);
    let answer = requests.ask(&podinfo(), Ask::Reconcile).await.unwrap();
    assert_eq!(answer, Answer::Refused(Refusal::Suspended));
    let answer = requests.ask(&podinfo(), Ask::Force).await.unwrap();
    assert_eq!(answer, Answer::Refused(Refusal::Unknown));
    assert_eq!(patches(&api), before);
    assert_eq!(live(&api)["spec"]["suspend"], true);
}

#[tokio::test(start_paused = true)]
async fn a_request_that_was_done_although_it_failed_is_not_another_one() {
    for fault in [Fault::ResetAfter, Fault::Truncate, Fault::HangAfter] {
        let (api, requests) = api();
        api.fault(On::any().verb(Verb::Patch), fault);
        assert_eq!(
            requests.ask(&podinfo(), Ask::Reconcile).await.unwrap(),
            Answer::Sent
        );
        let token =
            live(&api)["metadata"]["annotations"]["reconcile.fluxcd.io/requestedAt"].clone();
        let sent: Vec<_> = api
            .requests()
            .into_iter()
            .filter_map(|it| it.body)
            .collect();
        for body in sent {
            let same = &body["metadata"]["annotations"]["reconcile.fluxcd.io/requestedAt"];
            assert_eq!(*same, token);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_wait_outlives_what_passes_by_itself() {
    for fault in [
        Fault::Plain(503),
        Fault::status(500, "InternalError", "no"),
        Fault::Reset,
        Fault::NotJson,
        Fault::Hang,
    ] {
        let (api, requests) = api();
        let _ = requests.ask(&podinfo(), Ask::Reconcile).await.unwrap();
        handle_after(&api, Duration::from_secs(1));
        api.fault(On::any().verb(Verb::Get).times(8), fault);
        let mut options = WaitOptions::default();
        options.deadline = Duration::from_secs(900);
        let waited = requests.wait(&podinfo(), &options).await.unwrap();
        assert!(matches!(waited, Waited::Handled(_)));
    }
}

#[tokio::test(start_paused = true)]
async fn a_wait_ends_at_its_deadline_also_in_a_call_without_answer() {
    for fault in [None, Some(Fault::Hang)] {
        let (api, requests) = api();
        let _ = requests.ask(&podinfo(), Ask::Reconcile).await.unwrap();
        if let Some(fault) = fault {
            api.fault(On::any().verb(Verb::Get).always(), fault);
        }
        let mut options = WaitOptions::default();
        options.deadline = Duration::from_secs(45);
        let begun = Instant::now();
        let error = requests.wait(&podinfo(), &options).await.unwrap_err();
        assert_eq!(error.class(), Class::Timeout);
        assert_eq!(begun.elapsed(), Duration::from_secs(45));
    }
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_is_cancelled_ends_at_once() {
    let (api, requests) = api();
    let _ = requests.ask(&podinfo(), Ask::Reconcile).await.unwrap();
    api.fault(On::any().verb(Verb::Get).always(), Fault::Hang);
    let cancel = CancellationToken::new();
    let mut options = WaitOptions::default();
    options.cancel = cancel.clone();
    tokio::spawn(async move {
        sleep(Duration::from_secs(3)).await;
        cancel.cancel();
    });
    let begun = Instant::now();
    let error = requests.wait(&podinfo(), &options).await.unwrap_err();
    assert_eq!(
        (error.class(), begun.elapsed()),
        (Class::Cancelled, Duration::from_secs(3))
    );
}

#[tokio::test(start_paused = true)]
async fn a_wait_ends_where_nothing_is_to_be_waited_for() {
    let (api, requests) = api();
    let options = WaitOptions::default();
    assert_eq!(
        requests.wait(&podinfo(), &options).await.unwrap(),
        Waited::Absent
    );

    api.fault(On::any().verb(Verb::Get), Fault::Forbidden);
    let error = requests.wait(&podinfo(), &options).await.unwrap_err();
    assert_eq!(error.class(), Class::Forbidden);

    api.remove(API, "OCIRepository", Some("default"), "podinfo");
    let error = requests.wait(&podinfo(), &options).await.unwrap_err();
    assert_eq!(error.class(), Class::NotFound);
    let error = requests.ask(&podinfo(), Ask::Reconcile).await.unwrap_err();
    assert_eq!(error.class(), Class::NotFound);
}

#[tokio::test(start_paused = true)]
async fn a_later_request_of_somebody_else_is_waited_for_as_well() {
    let (api, requests) = api();
    let _ = requests.ask(&podinfo(), Ask::Reconcile).await.unwrap();
    let other = api.clone();
    tokio::spawn(async move {
        sleep(Duration::from_secs(1)).await;
        let mut object = live(&other);
        object["metadata"]["annotations"]["reconcile.fluxcd.io/requestedAt"] = json!("later");
        other.put(object);
    });
    handle_after(&api, Duration::from_secs(5));
    let waited = requests
        .wait(&podinfo(), &WaitOptions::default())
        .await
        .unwrap();
    assert!(matches!(waited, Waited::Handled(_)));
    assert_eq!(live(&api)["status"]["lastHandledReconcileAt"], "later");
}
