use std::time::Duration;

use super::*;
use crate::error::{Class, Verb, classify};
use futures::{StreamExt as _, TryStreamExt as _};
use k8s_openapi::api::core::v1::ConfigMap;
use kube::api::{Api, DeleteParams, WatchEvent, WatchParams};
use tokio::time::{Instant, timeout};

fn maps(api: &FakeApi) -> Api<ConfigMap> {
    Api::default_namespaced(api.raw_client())
}

#[tokio::test(start_paused = true)]
async fn each_fault_is_of_its_class() {
    let throttled = Class::Throttled { after: None };
    for (fault, class) in [
        (
            Fault::status(500, "InternalError", "etcdserver: leader changed"),
            Class::ServerTransient,
        ),
        (Fault::Plain(409), Class::Conflict),
        (
            Fault::RetryAfter {
                code: 429,
                seconds: 3,
            },
            throttled,
        ),
        (Fault::Forbidden, Class::Forbidden),
        (Fault::Deny("no".to_owned()), Class::Forbidden),
        (Fault::Reset, Class::Connection),
        (Fault::ResetAfter, Class::Connection),
        (Fault::Refused, Class::Connection),
        (Fault::BreakBody, Class::Connection),
        (Fault::Truncate, Class::Decode),
        (Fault::NotJson, Class::Decode),
    ] {
        let api = FakeApi::new();
        api.put(map("a", json!({})));
        api.fault(On::any(), fault.clone());
        let error = maps(&api).get("a").await.unwrap_err();
        assert_eq!(classify(&error), class, "{fault:?}");
        assert!(maps(&api).get("a").await.is_ok(), "{fault:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn silence_lasts_and_delay_ends() {
    let api = FakeApi::new();
    for fault in [Fault::Hang, Fault::HangAfter, Fault::HangBody] {
        api.put(map("a", json!({})));
        api.fault(On::any(), fault.clone());
        let (maps, params) = (maps(&api), DeleteParams::default());
        let answer = timeout(Duration::from_secs(3600), maps.delete("a", &params));
        assert!(answer.await.is_err(), "{fault:?}");
        assert_eq!(api.objects().is_empty(), fault != Fault::Hang);
    }
    api.put(map("a", json!({})));
    api.fault(On::any(), Fault::Delay(Duration::from_secs(20)));
    let begun = Instant::now();
    assert!(maps(&api).get("a").await.is_ok());
    assert_eq!(begun.elapsed(), Duration::from_secs(20));
}

#[tokio::test]
async fn the_words_of_refusals_are_those_of_the_server() {
    let api = FakeApi::new();
    api.fault(On::any().user("alice").always(), Fault::Forbidden);
    let maps: Api<ConfigMap> = Api::default_namespaced(api.client_as("alice"));
    let error = maps.get("a").await.unwrap_err();
    assert!(error.to_string().contains("configmaps \"a\" is forbidden: User \"alice\" cannot get resource \"configmaps\" in API group \"\" in the namespace \"default\""), "{error}");
    api.clear_faults();
    api.fault(On::any(), Fault::Deny("not today".to_owned()));
    let error = maps.get("a").await.unwrap_err();
    assert!(
        error
            .to_string()
            .contains("admission webhook \"deny.testing.fluxcd.rs\" denied the request: not today"),
        "{error}"
    );
}

#[tokio::test]
async fn a_script_chooses_skips_and_counts() {
    let api = FakeApi::new();
    for name in ["a", "b"] {
        api.put(map(name, json!({})));
    }
    api.fault(
        On::any()
            .verb(Verb::Get)
            .kind("ConfigMap")
            .name("a")
            .namespace("default")
            .subresource("")
            .skip(1)
            .times(2),
        Fault::Plain(500),
    );
    let mut seen = Vec::new();
    for _ in 0..4 {
        seen.push(maps(&api).get("a").await.is_ok());
        assert!(maps(&api).get("b").await.is_ok());
    }
    assert_eq!(seen, [true, false, false, true]);
    api.fault(On::any().always(), Fault::Plain(500));
    assert!(maps(&api).get("a").await.is_err());
    api.clear_faults();
    assert!(maps(&api).get("a").await.is_ok());
}

#[tokio::test]
async fn requests_are_written_down() {
    let api = FakeApi::new();
    let request = Request::patch(format!("{MAPS}/a/status?dryRun=All&fieldManager=a%20b"));
    let request = request
        .header("content-type", APPLY)
        .header("impersonate-user", "bob");
    let _ = api
        .raw_client()
        .send(request.body(Body::from(b"{\"a\":1}".to_vec())).unwrap())
        .await;
    let requests = api.requests();
    let [request] = requests.as_slice() else {
        panic!("{requests:?}")
    };
    assert_eq!((request.verb, request.dry_run), (Verb::DryRun, true));
    assert_eq!(
        (request.api_version().as_str(), request.kind.as_str()),
        ("v1", "ConfigMap")
    );
    assert_eq!(
        (
            request.namespace.as_str(),
            request.name.as_str(),
            request.subresource.as_str()
        ),
        ("default", "a", "status")
    );
    assert_eq!(request.query["fieldManager"], "a b");
    assert_eq!(
        (request.user.as_deref(), &request.body),
        (Some("bob"), &Some(json!({"a": 1})))
    );
    api.clear_requests();
    assert!(api.requests().is_empty());
}

async fn told(api: &FakeApi, version: &str, count: usize) -> Vec<String> {
    told_with(api, WatchParams::default(), version, count).await
}

async fn told_with(api: &FakeApi, params: WatchParams, version: &str, count: usize) -> Vec<String> {
    let maps = maps(api);
    let events = maps.watch(&params, version).await.unwrap();
    let events = events.take(count).map(|event| match event {
        Ok(WatchEvent::Added(object)) => format!("added {}", object.metadata.name.unwrap()),
        Ok(WatchEvent::Modified(object)) => format!("modified {}", object.metadata.name.unwrap()),
        Ok(WatchEvent::Deleted(object)) => format!("deleted {}", object.metadata.name.unwrap()),
        Ok(WatchEvent::Bookmark(mark)) => format!("at {}", mark.metadata.resource_version),
        Ok(WatchEvent::Error(status)) => format!("error {} {}", status.code, status.reason),
        Err(error) => format!("failed {:?}", classify(&error)),
    });
    events.collect().await
}

#[tokio::test(start_paused = true)]
async fn a_watch_tells_what_is_what_was_and_what_comes() {
    let api = FakeApi::new();
    let first = api.put(map("a", json!({})));
    api.put(map("a", json!({"x": "1"})));
    assert_eq!(told(&api, "0", 1).await, ["added a"]);
    let from = json::text(&first, "/metadata/resourceVersion");
    assert_eq!(told(&api, from, 1).await, ["modified a"]);
    let later = api.clone();
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_secs(5)).await;
        later.put(map("b", json!({})));
        later.remove("v1", "ConfigMap", Some("default"), "a");
    });
    assert_eq!(
        told(&api, from, 3).await,
        ["modified a", "added b", "deleted a"]
    );
}

#[tokio::test(start_paused = true)]
async fn a_watch_ends_in_time_and_says_how_far_it_is() {
    let api = FakeApi::new();
    api.put(map("a", json!({})));
    let begun = Instant::now();
    let told = told_with(&api, WatchParams::default().timeout(150), "3", 9).await;
    assert_eq!(told, ["at 3", "at 3"]);
    assert_eq!(begun.elapsed(), Duration::from_secs(150));
}

#[tokio::test(start_paused = true)]
async fn a_watch_of_what_is_selected_tells_when_it_is_no_longer() {
    let api = FakeApi::new();
    let labelled = |value: &str| {
        let mut object = map("a", json!({}));
        object["metadata"]["labels"] = json!({"on": value});
        object
    };
    let first = api.put(labelled("no"));
    for value in ["yes", "yes", "no"] {
        api.put(labelled(value));
        api.put(map("other", json!({"x": value})));
    }
    let from = json::text(&first, "/metadata/resourceVersion");
    let params = WatchParams::default().labels("on=yes");
    assert_eq!(
        told_with(&api, params, from, 2).await,
        ["added a", "deleted a"]
    );
}

#[tokio::test(start_paused = true)]
async fn a_watch_of_an_old_version_is_gone() {
    let api = FakeApi::new();
    api.put(map("a", json!({})));
    api.compact();
    assert_eq!(told(&api, "1", 2).await, ["error 410 Expired"]);
    api.fault(On::any(), Fault::WatchGone);
    assert_eq!(told(&api, "3", 2).await, ["error 410 Expired"]);
    api.fault(On::any(), Fault::WatchHttpGone);
    let error = maps(&api)
        .watch(&WatchParams::default(), "3")
        .await
        .err()
        .unwrap();
    assert_eq!(classify(&error), Class::Gone);
}

#[tokio::test(start_paused = true)]
async fn watches_break_end_and_fall_silent() {
    for (fault, wanted) in [
        (Fault::WatchEnd, vec!["modified a"]),
        (Fault::Reset, vec!["modified a", "failed Connection"]),
        (Fault::WatchGone, vec!["error 410 Expired"]),
        (Fault::Hang, vec![]),
    ] {
        let api = FakeApi::new();
        let first = api.put(map("a", json!({})));
        let from = json::text(&first, "/metadata/resourceVersion").to_owned();
        let running = maps(&api);
        let events = running.watch(&WatchParams::default(), &from).await.unwrap();
        let (other, happens) = (api.clone(), fault.clone());
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_secs(1)).await;
            other.interrupt(On::any().kind("Secret"), Fault::WatchGone);
            other.put(map("a", json!({"x": "1"})));
            other.interrupt(On::any().kind("ConfigMap"), happens);
        });
        let mut seen = Vec::new();
        let all = async {
            futures::pin_mut!(events);
            while let Some(event) = events.next().await {
                seen.push(match event {
                    Ok(WatchEvent::Modified(_)) => "modified a".to_owned(),
                    Ok(WatchEvent::Error(status)) => {
                        format!("error {} {}", status.code, status.reason)
                    }
                    Ok(_) => continue,
                    Err(error) => format!("failed {:?}", classify(&error)),
                });
            }
        };
        let _ = timeout(Duration::from_secs(10_000), all).await;
        assert_eq!(seen, wanted, "{fault:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_first_list_can_be_streamed() {
    let api = FakeApi::new();
    api.put(map("a", json!({})));
    let maps = maps(&api);
    let events = maps
        .watch(&WatchParams::default().initial_events(), "0")
        .await
        .unwrap();
    let events: Vec<_> = events.take(2).try_collect().await.unwrap();
    let [WatchEvent::Added(_), WatchEvent::Bookmark(mark)] = events.as_slice() else {
        panic!("{events:?}");
    };
    assert_eq!(
        mark.metadata.annotations["k8s.io/initial-events-end"],
        "true"
    );
}
