//! What a wait sees, how it reads it, and when it ends.

use std::sync::{Arc, Mutex};

use super::*;
use fluxcd_core::ready::{OnFailure, Reader};
use fluxcd_kube::Class;
use fluxcd_kube::client::{ClientOptions, harden};
use fluxcd_kube::testing::{Fault, On};
use fluxcd_kube::wait::Kstatus;
use http::Request;
use http::header::DATE;
use kube::client::Body;
use kube::core::DynamicObject;
use kube::runtime::wait::{Condition, await_condition};

#[tokio::test(start_paused = true)]
async fn nothing_is_waited_for_without_objects() {
    let api = FakeApi::new();
    let begun = Instant::now();
    assert!(wait(&api, &[]).await.is_ready());
    assert_eq!((seconds(begun), api.requests().len()), (0.0, 0));
}

#[tokio::test(start_paused = true)]
async fn the_first_failure_ends_the_wait_or_that_of_the_last() {
    let api = FakeApi::new();
    let mut failed = deployment("web", 0);
    failed["status"]["conditions"] = json!([{"type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded", "message": ""}]);
    api.put(failed);
    api.put(stateful_set("db", 0));
    let server = api.clone();
    after(12, move || drop(server.put(stateful_set("db", 1))));

    let ids = ["apps_web_apps_Deployment", "apps_db_apps_StatefulSet"];
    let begun = Instant::now();
    let outcome = wait(&api, &ids).await;
    assert_eq!(
        text(outcome),
        "failed early due to stalled resources: [Deployment/apps/web status: 'Failed']",
    );
    assert_eq!(seconds(begun), 0.0);

    let options = WaitOptions::default().on_failure(OnFailure::WaitForOthers);
    let outcome = wait_by(&waiter(&api), ids.map(id), &options).await;
    assert!(!outcome.unwrap().is_ready());
    assert_eq!(seconds(begun), 15.0);
}

#[tokio::test(start_paused = true)]
async fn a_job_that_is_deleted_when_it_has_ended_is_healthy() {
    let api = FakeApi::new();
    let job = id("apps_migrate_batch_Job");
    let options = WaitOptions::default().with_ttl([job.clone()]);
    let cancel = CancellationToken::new();
    assert!(
        waiter(&api)
            .wait([job.clone()], &options, &cancel)
            .await
            .unwrap()
            .is_ready()
    );
    let outcome = wait_by(&waiter(&api), [job], &WaitOptions::default())
        .await
        .unwrap();
    assert_eq!(
        text(outcome),
        "timeout waiting for: [Job/apps/migrate status: 'NotFound']"
    );
}

#[tokio::test(start_paused = true)]
async fn a_workload_in_progress_fails_with_its_pods() {
    let api = FakeApi::new();
    api.put(stateful_set("db", 0));
    api.put(pod("db", "CrashLoopBackOff"));
    api.put(pod("other", "CrashLoopBackOff"));
    let outcome = wait(&api, &["apps_db_apps_StatefulSet"]).await;
    let reading = &outcome.readings[&id("apps_db_apps_StatefulSet")];
    assert_eq!(
        reading.readiness.as_ref().unwrap().message(),
        "1 pods have failed"
    );
    let pods = requests(&api, "Pod");
    assert_eq!(pods.len(), 1);
    assert_eq!(pods[0].query["labelSelector"], "app=db");
}

#[tokio::test(start_paused = true)]
async fn pods_are_listed_once_for_many_workloads_and_not_at_all_for_those_that_are_current() {
    let api = FakeApi::new();
    let names = ["a", "b", "c", "d"];
    for name in names {
        api.put(stateful_set(name, 0));
        api.put(pod(name, "ContainerCreating"));
    }
    let ids = || names.map(|name| id(&format!("apps_{name}_apps_StatefulSet")));
    waiter(&api).poll(ids()).await.unwrap();
    assert_eq!(requests(&api, "Pod").len(), 1);
    for name in names {
        api.put(stateful_set(name, 1));
    }
    api.clear_requests();
    waiter(&api).poll(ids()).await.unwrap();
    assert_eq!(requests(&api, "Pod").len(), 0);
}

#[tokio::test(start_paused = true)]
async fn pods_that_may_not_be_listed_leave_their_workload_unknown_while_it_is_in_progress() {
    let api = FakeApi::new();
    api.put(stateful_set("db", 0));
    api.fault(On::any().kind("Pod").always(), Fault::Forbidden);
    let db = id("apps_db_apps_StatefulSet");
    let readings = waiter(&api).poll([db.clone()]).await.unwrap();
    assert_eq!(readings[&db].state.status, Status::Unknown);
    api.put(stateful_set("db", 1));
    let readings = waiter(&api).poll([db.clone()]).await.unwrap();
    assert_eq!(readings[&db].state.status, Status::Current);
}

#[tokio::test(start_paused = true)]
async fn many_objects_are_listed_and_few_among_many_are_read_one_by_one() {
    let api = FakeApi::new();
    for number in 0..100 {
        api.put(config_map(&format!("c{number}")));
    }
    let ids = (0..5).map(|number| id(&format!("apps_c{number}__ConfigMap")));
    api.put(deployment("web", 0));
    let ids = ids.chain([id("apps_web_apps_Deployment")]);
    let options = WaitOptions::within(Duration::from_secs(6));
    let waited = wait_by(&waiter(&api), ids, &options).await;
    assert!(!waited.unwrap().is_ready());
    let verbs = requests(&api, "ConfigMap")
        .into_iter()
        .map(|request| request.verb);
    let verbs: Vec<Verb> = verbs.collect();
    // Nobody knew how many there are; then everybody does.
    assert_eq!(verbs, [[Verb::List].as_slice(), &[Verb::Get; 5]].concat());
}

#[tokio::test(start_paused = true)]
async fn an_object_of_a_namespaced_kind_needs_a_namespace() {
    let api = FakeApi::new();
    let waited = wait_by(
        &waiter(&api),
        [id("_a__ConfigMap")],
        &WaitOptions::default(),
    )
    .await;
    let error = waited.unwrap_err();
    assert_eq!(error.class(), Class::Invalid);
    let text = "resource ConfigMap a is namespace scoped, but namespace is not set";
    assert!(error.to_string().ends_with(text), "{error}");
}

#[tokio::test(start_paused = true)]
async fn objects_of_the_whole_cluster_are_waited_for() {
    let api = FakeApi::new();
    let server = api.clone();
    after(3, move || {
        drop(server.put(json!({
            "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole",
            "metadata": {"name": "system:view"},
        })));
    });
    let outcome = wait(
        &api,
        &["_system__view_rbac.authorization.k8s.io_ClusterRole"],
    )
    .await;
    assert!(outcome.is_ready());
}

#[tokio::test(start_paused = true)]
async fn progress_is_told_when_something_has_changed() {
    let api = FakeApi::new();
    api.put(deployment("web", 0));
    api.put(config_map("a"));
    let server = api.clone();
    after(12, move || drop(server.put(deployment("web", 1))));
    let told = Arc::new(Mutex::new(Vec::new()));
    let keep = told.clone();
    let ids = [id("apps_web_apps_Deployment"), id("apps_a__ConfigMap")];
    let (options, cancel) = (WaitOptions::default(), CancellationToken::new());
    let waiter = waiter(&api);
    let waited = waiter.wait_with(ids, &options, &cancel, |progress| {
        keep.lock()
            .unwrap()
            .push((progress.elapsed.as_secs(), progress.pending));
    });
    assert!(waited.await.unwrap().is_ready());
    assert_eq!(*told.lock().unwrap(), [(0, 1), (0, 1), (15, 0)]);
}

#[tokio::test(start_paused = true)]
async fn a_poll_that_takes_longer_than_the_interval_is_not_made_up_for() {
    let api = FakeApi::new();
    api.put(deployment("web", 0));
    api.fault(
        On::any().kind("Deployment").always(),
        Fault::Delay(Duration::from_secs(7)),
    );
    let begun = Instant::now();
    wait(&api, &["apps_web_apps_Deployment"])
        .await
        .into_result()
        .unwrap_err();
    let at = requests(&api, "Deployment").into_iter();
    let at: Vec<u64> = at.map(|request| (request.at - begun).as_secs()).collect();
    assert_eq!(at, [0, 10, 20, 30, 40, 50]);
}

#[tokio::test(start_paused = true)]
async fn no_interval_makes_a_hot_loop() {
    let api = FakeApi::new();
    api.put(deployment("web", 0));
    let options = WaitOptions::within(Duration::from_secs(1)).every(Duration::ZERO);
    let cancel = CancellationToken::new();
    let ids = || [id("apps_web_apps_Deployment")];
    assert!(
        !waiter(&api)
            .wait(ids(), &options, &cancel)
            .await
            .unwrap()
            .is_ready()
    );
    assert_eq!(requests(&api, "Deployment").len(), 10);
    // And none overflows.
    let options = WaitOptions::within(Duration::MAX).every(Duration::MAX);
    api.put(deployment("web", 1));
    assert!(
        waiter(&api)
            .wait(ids(), &options, &cancel)
            .await
            .unwrap()
            .is_ready()
    );
}

/// A Pod that no node takes is given 15 seconds, by the clock that wrote its creation time.
#[tokio::test(start_paused = true)]
async fn a_clock_that_goes_wrong_fails_no_pod() {
    let api = FakeApi::new();
    let mut pending = pod("a", "");
    pending["status"] = json!({"phase": "Pending", "conditions": [
        {"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "no node"},
    ]});
    api.put(pending);
    let server = api.clone();
    let dated = tower::service_fn(move |request: Request<Body>| {
        let (client, now) = (server.raw_client(), server.clock().now());
        async move {
            let mut answer = client.send(request).await?;
            answer
                .headers_mut()
                .insert(DATE, now.to_rfc2822().parse().unwrap());
            Ok::<_, kube::Error>(answer)
        }
    });
    let client = harden(dated, "default", &ClientOptions::default());
    let clock = api.clock();
    let fast = fluxcd_kube::Clock::new(move || clock.now() + Duration::from_secs(3600));
    let waiter = Waiter::new(client.clone(), Mapper::new(client)).with_clock(fast);
    let begun = Instant::now();
    let waited = wait_by(&waiter, [id("apps_a__Pod")], &WaitOptions::default()).await;
    let outcome = waited.unwrap();
    assert!(text(outcome).starts_with("failed early"));
    assert_eq!(seconds(begun), 15.0);
}

/// K9: kube's own function ends with the first error.
#[tokio::test(start_paused = true)]
async fn kube_waits_for_the_readiness_of_any_object_until_its_watch_fails() {
    let api = FakeApi::new();
    api.put(deployment("web", 0));
    let resource = kube::core::ApiResource::from_gvk_with_plural(
        &kube::core::GroupVersionKind::gvk("apps", "v1", "Deployment"),
        "deployments",
    );
    let deployments: kube::Api<DynamicObject> =
        kube::Api::namespaced_with(api.client(), "apps", &resource);
    let server = api.clone();
    after(30, move || drop(server.put(deployment("web", 1))));
    let ready = || Kstatus::new(Reader::new(), api.clock());
    let found = await_condition(deployments.clone(), "web", ready())
        .await
        .unwrap();
    assert!(ready().matches_object(found.as_ref()));

    api.put(deployment("web", 0));
    api.fault(
        On::any().kind("Deployment").verb(Verb::List),
        Fault::status(410, "Expired", "too old"),
    );
    assert!(await_condition(deployments, "web", ready()).await.is_err());

    api.fault(
        On::any().kind("Deployment"),
        Fault::status(410, "Expired", "too old"),
    );
    let server = api.clone();
    after(30, move || drop(server.put(deployment("web", 1))));
    assert!(wait(&api, &["apps_web_apps_Deployment"]).await.is_ready());
}
