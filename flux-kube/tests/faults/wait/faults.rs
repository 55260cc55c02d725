//! What an API server can do to a wait.

use super::*;
use fluxcd_kube::Class;
use fluxcd_kube::testing::{Fault, On};

const DB: &str = "apps_db_apps_StatefulSet";
const WEB: &str = "apps_web_apps_Deployment";
const MAP: &str = "apps_a__ConfigMap";

/// Everything is healthy, but the fault.
fn api(fault: Fault, on: On) -> FakeApi {
    let api = FakeApi::new();
    api.put(stateful_set("db", 1));
    api.put(deployment("web", 1));
    api.put(config_map("a"));
    api.fault(on, fault);
    api
}

fn web() -> On {
    On::any().kind("Deployment")
}

#[tokio::test(start_paused = true)]
async fn a_404_without_a_status_body_is_an_object_that_is_not_there() {
    let api = api(Fault::Plain(404), web().always());
    let outcome = wait(&api, &[WEB, MAP]).await;
    assert_eq!(
        text(outcome),
        "timeout waiting for: [Deployment/apps/web status: 'NotFound']"
    );
}

#[tokio::test(start_paused = true)]
async fn a_409_or_410_without_a_status_body_leaves_the_object_unknown_until_the_next_poll() {
    for code in [409, 410] {
        let api = api(Fault::Plain(code), web());
        let begun = Instant::now();
        assert!(wait(&api, &[WEB, MAP]).await.is_ready());
        assert_eq!(seconds(begun), 5.0, "{code}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_continue_token_that_expired_begins_the_list_again_in_the_same_poll() {
    let api = FakeApi::new();
    let names: Vec<String> = (0..600).map(|number| format!("c{number:03}")).collect();
    for name in &names {
        api.put(config_map(name));
    }
    let ids: Vec<String> = names
        .iter()
        .map(|name| format!("apps_{name}__ConfigMap"))
        .collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let gone = Fault::status(410, "Expired", "The provided continue parameter is too old");
    api.fault(On::any().verb(Verb::List).kind("ConfigMap").skip(1), gone);
    let begun = Instant::now();
    assert!(wait(&api, &ids).await.is_ready());
    assert_eq!(seconds(begun), 0.0);
    assert_eq!(requests(&api, "ConfigMap").len(), 4);
}

#[tokio::test(start_paused = true)]
async fn a_continue_token_that_always_expires_leaves_the_objects_unknown_after_three_lists() {
    let api = FakeApi::new();
    let ids: Vec<String> = (0..501)
        .map(|number| format!("apps_c{number}__ConfigMap"))
        .collect();
    for number in 0..501 {
        api.put(config_map(&format!("c{number}")));
    }
    let gone = Fault::status(410, "Expired", "too old");
    // The pages after the first are those that have a token.
    for begun in 1..=3 {
        api.fault(On::any().verb(Verb::List).skip(begun), gone.clone());
    }
    let readings = waiter(&api)
        .poll(ids.iter().map(|text| id(text)))
        .await
        .unwrap();
    let state = &readings[&id("apps_c7__ConfigMap")].state;
    assert_eq!(
        (state.status, state.error.as_deref()),
        (Status::Unknown, Some("too old"))
    );
    assert_eq!(requests(&api, "ConfigMap").len(), 6);
}

#[tokio::test(start_paused = true)]
async fn a_429_is_no_news_with_retry_after_or_without() {
    let busy = [
        Fault::RetryAfter {
            code: 429,
            seconds: 400,
        },
        Fault::status(429, "TooManyRequests", "too many requests"),
        Fault::Plain(429),
    ];
    for fault in busy {
        let api = FakeApi::new();
        api.put(deployment("web", 0));
        api.put(config_map("a"));
        // The first poll sees what is, those behind it nothing.
        api.fault(web().skip(1).always(), fault.clone());
        let outcome = wait(&api, &[WEB, MAP]).await;
        assert_eq!(
            text(outcome),
            "timeout waiting for: [Deployment/apps/web status: 'InProgress']",
        );
        let count = requests(&api, "Deployment").len();
        assert!(count <= 16, "{fault:?}: {count} requests");
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_was_too_busy_is_heard_when_it_answers() {
    let api = api(
        Fault::RetryAfter {
            code: 429,
            seconds: 7,
        },
        web().times(2),
    );
    let begun = Instant::now();
    assert!(wait(&api, &[WEB, MAP]).await.is_ready());
    assert_eq!(seconds(begun), 14.0);
}

#[tokio::test(start_paused = true)]
async fn a_kind_that_fails_with_5xx_is_unknown_and_fails_no_other() {
    for code in [500, 502, 503, 504] {
        let api = FakeApi::new();
        api.put(stateful_set("db", 0));
        api.put(deployment("web", 1));
        api.fault(
            web().always(),
            Fault::status(code, "", "etcd has no leader"),
        );
        let mut failed = stateful_set("db", 0);
        failed["status"]["conditions"] =
            json!([{"type": "Stalled", "status": "True", "reason": "a", "message": ""}]);
        let server = api.clone();
        after(12, move || drop(server.put(failed)));
        let begun = Instant::now();
        let outcome = wait(&api, &[WEB, DB]).await;
        assert_eq!(
            outcome.readings[&id(WEB)].state.error.as_deref(),
            Some("etcd has no leader")
        );
        assert_eq!(seconds(begun), 15.0, "{code}");
        assert_eq!(
            text(outcome),
            "failed early due to stalled resources: [StatefulSet/apps/db status: 'Failed']",
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_kind_that_fails_for_a_while_is_waited_for() {
    for fault in [
        Fault::status(500, "InternalError", "a"),
        Fault::Plain(502),
        Fault::status(503, "ServiceUnavailable", "a"),
        Fault::Plain(504),
        Fault::Reset,
        Fault::Refused,
        Fault::ResetAfter,
        Fault::BreakBody,
    ] {
        let api = api(fault.clone(), web().times(9));
        assert!(wait(&api, &[WEB, DB, MAP]).await.is_ready(), "{fault:?}");
        assert_eq!(requests(&api, "Deployment").len(), 10, "{fault:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_nobody_reaches_leaves_everything_unknown_until_the_time_is_over() {
    for fault in [Fault::Reset, Fault::Refused] {
        let api = api(fault, On::any().always());
        let begun = Instant::now();
        let outcome = wait(&api, &[WEB, MAP]).await;
        assert_eq!(seconds(begun), 60.0);
        let states = outcome
            .readings
            .values()
            .map(|reading| reading.state.status);
        assert!(states.into_iter().all(|status| status == Status::Unknown));
        let count = api.requests().len();
        assert!(count < 200, "{count} requests");
    }
}

#[tokio::test(start_paused = true)]
async fn the_deadline_ends_a_poll_that_hangs() {
    for (fault, on) in [
        (Fault::Hang, web().always()),
        (Fault::HangAfter, web().always()),
        (Fault::HangBody, web().always()),
        (Fault::Delay(Duration::from_secs(25)), web().always()),
        (Fault::Hang, On::any().always()),
    ] {
        let api = api(fault.clone(), on);
        let begun = Instant::now();
        let options = WaitOptions::within(SHORT);
        let outcome = wait_by(&waiter(&api), [id(WEB), id(DB)], &options).await;
        let outcome = outcome.unwrap();
        assert_eq!(seconds(begun), 20.0, "{fault:?}");
        assert_eq!(outcome.readings[&id(WEB)].state.status, Status::Unknown);
    }
}

#[tokio::test(start_paused = true)]
async fn a_kind_that_hangs_holds_up_no_other() {
    let api = api(Fault::Hang, web().always());
    api.put(stateful_set("db", 0));
    let server = api.clone();
    after(8, move || drop(server.put(stateful_set("db", 1))));
    let options = WaitOptions::within(SHORT);
    let outcome = wait_by(&waiter(&api), [id(WEB), id(DB)], &options).await;
    let outcome = outcome.unwrap();
    assert_eq!(outcome.readings[&id(DB)].state.status, Status::Current);
    assert_eq!(requests(&api, "StatefulSet").len(), 4);
}

#[tokio::test(start_paused = true)]
async fn a_name_that_leads_elsewhere_is_asked_for_nowhere() {
    let api = FakeApi::new();
    api.put(config_map("a"));
    let names = ["..", "a/../../secrets/b", "a?x", "a#", ""];
    let ids = names.map(|name| ObjectId {
        name: name.to_owned(),
        ..id(MAP)
    });
    let elsewhere = ObjectId {
        namespace: "apps/secrets".to_owned(),
        ..id(MAP)
    };
    for target in ids.into_iter().chain([elsewhere]) {
        let readings = waiter(&api).poll([target.clone()]).await.unwrap();
        let state = &readings[&target].state;
        assert_eq!(state.status, Status::Unknown, "{target:?}");
        assert!(state.error.as_deref().unwrap().starts_with("invalid name"));
    }
    let paths = api.requests().into_iter().map(|request| request.path);
    assert!(paths.into_iter().all(|path| path == "/api"));
}

#[tokio::test(start_paused = true)]
async fn a_kind_whose_many_reads_hang_holds_up_no_other() {
    let api = api(Fault::Hang, On::any().kind("ConfigMap").skip(1).always());
    for number in 0..300 {
        api.put(config_map(&format!("c{number}")));
    }
    let maps = (0..20).map(|number| id(&format!("apps_c{number}__ConfigMap")));
    api.put(deployment("web", 0));
    let server = api.clone();
    after(12, move || drop(server.put(deployment("web", 1))));
    let options = WaitOptions::within(SHORT);
    let outcome = wait_by(&waiter(&api), maps.chain([id(WEB)]), &options).await;
    let web = &outcome.unwrap().readings[&id(WEB)];
    assert_eq!(web.state.status, Status::Current);
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_cannot_be_read_leaves_the_object_unknown_until_the_next_poll() {
    for fault in [Fault::Truncate, Fault::NotJson] {
        let api = api(fault.clone(), web());
        let begun = Instant::now();
        assert!(wait(&api, &[WEB, MAP]).await.is_ready(), "{fault:?}");
        assert_eq!(seconds(begun), 5.0, "{fault:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_forbidden_is_unknown_with_the_reason() {
    let api = api(Fault::Forbidden, web().always());
    let outcome = wait(&api, &[WEB, MAP]).await;
    let text = text(outcome);
    let lead = "timeout waiting for: [Deployment/apps/web status: 'Unknown': deployments.apps \"web\" is forbidden: ";
    assert!(text.starts_with(lead), "{text}");
}

#[tokio::test(start_paused = true)]
async fn who_may_only_list_lists_and_who_may_only_read_reads() {
    let only_list = api(Fault::Forbidden, web().verb(Verb::Get).always());
    assert!(wait(&only_list, &[WEB]).await.is_ready());

    let only_get = FakeApi::new();
    for name in ["a", "b", "c", "d"] {
        only_get.put(deployment(name, 0));
    }
    only_get.fault(web().verb(Verb::List).always(), Fault::Forbidden);
    let ids = ["a", "b", "c", "d"].map(|name| id(&format!("apps_{name}_apps_Deployment")));
    let options = WaitOptions::within(Duration::from_secs(9));
    let waited = wait_by(&waiter(&only_get), ids, &options).await;
    let outcome = waited.unwrap();
    let statuses = outcome
        .readings
        .values()
        .map(|reading| reading.state.status);
    assert!(
        statuses
            .into_iter()
            .all(|status| status == Status::InProgress)
    );
    // What is forbidden is asked for once.
    let lists = requests(&only_get, "Deployment").into_iter();
    assert_eq!(
        lists.filter(|request| request.verb == Verb::List).count(),
        1
    );
}

#[tokio::test(start_paused = true)]
async fn a_kind_that_is_not_served_yet_is_waited_for() {
    let api = FakeApi::new();
    let id = "apps_x_demo.example.com_Widget";
    let outcome = wait(&api, &[id]).await;
    assert_eq!(
        text(outcome),
        "timeout waiting for: [Widget/apps/x status: 'Unknown': no matches for kind \"Widget\" in group \"demo.example.com\"]",
    );

    let server = api.clone();
    after(12, move || {
        let gvk = kube::core::GroupVersionKind::gvk("demo.example.com", "v1", "Widget");
        let resource = kube::core::ApiResource::from_gvk_with_plural(&gvk, "widgets");
        server.serve(resource, kube::discovery::Scope::Namespaced);
        server.put(json!({
            "apiVersion": "demo.example.com/v1", "kind": "Widget",
            "metadata": {"name": "x", "namespace": "apps"},
            "status": {"conditions": [{"type": "Ready", "status": "True", "reason": "a", "message": ""}]},
        }));
    });
    let begun = Instant::now();
    assert!(wait(&api, &[id]).await.is_ready());
    assert!(seconds(begun) <= 15.0);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_watched_and_every_read_is_live() {
    let api = FakeApi::new();
    api.put(deployment("web", 0));
    let server = api.clone();
    after(17, move || drop(server.put(deployment("web", 1))));
    let begun = Instant::now();
    assert!(wait(&api, &[WEB]).await.is_ready());
    assert_eq!(seconds(begun), 20.0);
    for request in api.requests() {
        assert!(
            matches!(request.verb, Verb::Discover | Verb::Get | Verb::List),
            "{request:?}"
        );
        assert!(
            !request.query.contains_key("resourceVersion"),
            "{request:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn an_identity_that_expired_is_waited_for() {
    let unauthorized = Fault::status(401, "Unauthorized", "Unauthorized");
    let api = api(unauthorized, web().times(4));
    assert!(wait(&api, &[WEB]).await.is_ready());
}

#[tokio::test(start_paused = true)]
async fn a_token_that_is_cancelled_ends_the_wait_at_once() {
    let api = api(Fault::Hang, web().always());
    let cancel = CancellationToken::new();
    let token = cancel.clone();
    after(7, move || token.cancel());
    let begun = Instant::now();
    let ended: Result<_, Error> = waiter(&api)
        .wait([id(WEB)], &WaitOptions::default(), &cancel)
        .await;
    assert_eq!(ended.unwrap_err().class(), Class::Cancelled);
    assert_eq!(seconds(begun), 7.0);
}
