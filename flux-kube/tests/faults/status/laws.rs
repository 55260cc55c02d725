//! What holds without faults, and when the object is not what it was.

use chrono::DateTime;
use fluxcd_api::kustomize::v1::Kustomization;
use fluxcd_core::ready;
use fluxcd_kube::Class;
use fluxcd_kube::status::{Observation, Owned, Part, StatusEndpoint, StatusOptions, StatusWriter};
use fluxcd_kube::testing::{FakeApi, Fault};
use kube::core::{ApiResource, GroupVersionKind};
use kube::discovery::Scope;
use serde_json::{Value, json};

use super::{API, foreign, kustomization, mark, on, options, resource, scene, scene_with};

#[tokio::test(start_paused = true)]
async fn a_type_that_knows_less_than_the_server_loses_nothing() {
    let scene = scene();
    let mut object: Kustomization = serde_json::from_value(scene.live()).unwrap();
    let mut writer = StatusWriter::new(scene.api.client(), &object, options(&scene.api)).unwrap();
    let status = object.status.get_or_insert_default();
    status.last_applied_revision = Some("main@sha1:2".to_owned());
    writer.write(&object).await.unwrap();
    let live = scene.live();
    assert_eq!(live["status"]["ofTheFuture"], json!({"kept": [1, 2]}));
    assert_eq!(live["status"]["lastAppliedRevision"], "main@sha1:2");
    assert_eq!(scene.live_condition("Audited"), Some(foreign()));
}

/// The failure: the base has members that the type does not know, what is written has not, and the difference deletes them.
#[tokio::test(start_paused = true)]
async fn a_type_that_knows_less_loses_nothing_after_a_refresh() {
    let mut scene = scene();
    let mut object: Kustomization = scene.writer.refresh().await.unwrap();
    let status = object.status.get_or_insert_default();
    status.last_applied_revision = Some("main@sha1:2".to_owned());
    scene.writer.write(&object).await.unwrap();
    let live = scene.live();
    assert_eq!(live["status"]["ofTheFuture"], json!({"kept": [1, 2]}));
    assert_eq!(live["status"]["lastAppliedRevision"], "main@sha1:2");
    assert_eq!(scene.live_condition("Audited"), Some(foreign()));
}

#[tokio::test(start_paused = true)]
async fn a_write_without_changes_changes_no_resource_version() {
    let mut scene = scene();
    scene.writer.write(&scene.after).await.unwrap();
    let version = scene.live()["metadata"]["resourceVersion"].clone();
    scene.api.clear_requests();
    let report = scene.writer.write(&scene.after).await.unwrap();
    assert!(report.is_unchanged());
    assert_eq!(scene.sequence(), "G");
    assert_eq!(scene.live()["metadata"]["resourceVersion"], version);
}

#[tokio::test(start_paused = true)]
async fn the_next_write_of_a_run_sends_what_is_new_since_the_last_one() {
    let mut scene = scene();
    scene.writer.write(&scene.after).await.unwrap();
    scene.api.clear_requests();
    let mut after = scene.after.clone();
    after["status"]["lastAttemptedRevision"] = json!("main@sha1:3");
    scene.writer.write(&after).await.unwrap();
    assert_eq!(scene.sequence(), "GS");
    let requests = scene.api.requests();
    let body = requests[1].body.as_ref().unwrap();
    assert_eq!(
        body["status"],
        json!({"lastAttemptedRevision": "main@sha1:3"})
    );
}

#[tokio::test(start_paused = true)]
async fn an_observed_generation_comes_with_the_conditions_in_one_write() {
    let mut scene = scene();
    // Nothing but the conditions gets through.
    scene.api.fault(on('O'), Fault::Forbidden);
    scene.api.fault(on('S').times(9), Fault::Forbidden);
    scene.writer.write(&scene.after).await.unwrap_err();
    let live = scene.live();
    assert_eq!(live["status"]["observedGeneration"], 1);
    assert_eq!(scene.live_condition("Ready").unwrap()["status"], "True");
}

#[tokio::test(start_paused = true)]
async fn a_run_speaks_about_the_generation_that_it_dealt_with() {
    let mut scene = scene();
    // Meanwhile the user changes the object.
    let mut edited = scene.live();
    edited["spec"]["path"] = json!("./prod");
    assert_eq!(scene.api.put(edited)["metadata"]["generation"], 2);
    scene.writer.write(&scene.after).await.unwrap();
    let live = scene.live();
    assert_eq!(live["status"]["observedGeneration"], 1);
    assert_eq!(
        scene.live_condition("Ready").unwrap()["observedGeneration"],
        1
    );
    assert_eq!(live["spec"]["path"], "./prod");
    let state = ready::compute(&live, DateTime::UNIX_EPOCH).unwrap();
    assert_eq!(state.status, ready::Status::InProgress);
}

#[tokio::test(start_paused = true)]
async fn who_says_that_it_is_not_observed_is_not_overruled() {
    let mut scene = scene_with(|options| options.observation = Observation::AsGiven);
    scene.writer.write(&scene.after).await.unwrap();
    assert_eq!(scene.live()["status"]["observedGeneration"], 0);
}

#[tokio::test(start_paused = true)]
async fn an_object_that_made_place_for_another_is_not_written_to() {
    let mut scene = scene();
    scene
        .api
        .remove(API, "Kustomization", Some("default"), "apps");
    let other = scene.api.put(kustomization());
    let error = scene.writer.write(&scene.after).await.unwrap_err();
    assert_eq!(error.report().conditions, Part::Failed);
    assert_eq!(error.class(), Class::NotFound);
    let requests = scene.api.requests();
    let sent = requests.iter().filter_map(|it| it.body.as_ref());
    for body in sent {
        assert_ne!(body["metadata"]["uid"], other["metadata"]["uid"]);
        assert!(body["metadata"]["uid"].is_string());
    }
}

#[tokio::test(start_paused = true)]
async fn an_object_that_goes_with_its_finalizer_is_gone_and_no_failure() {
    let api = FakeApi::new();
    let mut object = kustomization();
    object["metadata"]["finalizers"] = json!(["finalizers.fluxcd.io"]);
    object["metadata"]["deletionTimestamp"] = json!("2026-01-01T00:00:00Z");
    let base = api.put(object);
    let writer = StatusWriter::of_resource(api.client(), &resource(), &base, options(&api));
    let mut after = base;
    after["metadata"]["finalizers"] = json!([]);
    after["status"]["lastAppliedRevision"] = json!("main@sha1:2");
    let report = writer.unwrap().write(&after).await.unwrap();
    assert_eq!((report.object, report.status), (Part::Written, Part::Gone));
    assert_eq!(api.get(API, "Kustomization", Some("default"), "apps"), None);
}

#[tokio::test(start_paused = true)]
async fn an_object_that_is_gone_unexpectedly_is_a_failure() {
    let mut scene = scene();
    scene
        .api
        .remove(API, "Kustomization", Some("default"), "apps");
    let error = scene.writer.write(&scene.after).await.unwrap_err();
    assert_eq!(error.class(), Class::NotFound);
}

#[tokio::test(start_paused = true)]
async fn a_kind_without_status_gets_none() {
    for (version, kind, plural) in [
        ("v1beta3", "Alert", "alerts"),
        ("v1beta3", "Provider", "providers"),
        ("v1", "Provider", "providers"),
    ] {
        let api = FakeApi::new();
        let group = "notification.toolkit.fluxcd.io";
        let base = api.put(json!({
            "apiVersion": format!("{group}/{version}"), "kind": kind,
            "metadata": {"name": "a", "namespace": "default"}, "spec": {},
        }));
        let gvk = GroupVersionKind::gvk(group, version, kind);
        let resource = ApiResource::from_gvk_with_plural(&gvk, plural);
        let writer = StatusWriter::of_resource(api.client(), &resource, &base, options(&api));
        let mut after = base;
        after["metadata"]["labels"] = json!({"seen": "yes"});
        mark(&mut after, "True", "Initialized");
        let report = writer.unwrap().write(&after).await.unwrap();
        assert_eq!(report.conditions, Part::Unchanged);
        assert_eq!(
            (report.object, report.status),
            (Part::Written, Part::Unchanged)
        );
        assert_eq!(api.requests().len(), 1);
        let live = api
            .get(&resource.api_version, kind, Some("default"), "a")
            .unwrap();
        assert_eq!(
            (&live["metadata"]["labels"]["seen"], live.get("status")),
            (&json!("yes"), None)
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_status_that_is_no_subresource_is_written_with_the_object() {
    let api = FakeApi::new();
    let gvk = GroupVersionKind::gvk("apps.example.com", "v1", "Widget");
    let resource = ApiResource::from_gvk_with_plural(&gvk, "widgets");
    api.serve(resource.clone(), Scope::Cluster);
    let base = api.put(json!({
        "apiVersion": "apps.example.com/v1", "kind": "Widget", "metadata": {"name": "a"}, "spec": {},
    }));
    let mut options = StatusOptions::owning(["Ready"]);
    options.endpoint = Some(StatusEndpoint::Object);
    let writer = StatusWriter::of_resource(api.client(), &resource, &base, options);
    let mut after = base;
    after["status"] = json!({"url": "http://a"});
    mark(&mut after, "True", "Succeeded");
    writer.unwrap().write(&after).await.unwrap();
    let subresources: Vec<_> = api
        .requests()
        .iter()
        .map(|it| it.subresource.clone())
        .collect();
    assert!(
        subresources.iter().all(String::is_empty),
        "{subresources:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn who_owns_all_conditions_still_leaves_alone_what_it_never_saw() {
    let mut scene = scene_with(|options| options.owned = Owned::All);
    let mut other = scene.live();
    let list = other["status"]["conditions"].as_array_mut().unwrap();
    list.push(json!({
        "type": "Scanned", "status": "True", "reason": "Clean", "message": "",
        "lastTransitionTime": "2026-01-01T00:00:00Z",
    }));
    scene.api.put(other);
    scene.writer.write(&scene.after).await.unwrap();
    assert!(scene.live_condition("Scanned").is_some());
    scene.is_written();
}

#[tokio::test(start_paused = true)]
async fn a_refreshed_writer_goes_on_from_what_the_server_has() {
    let mut scene = scene();
    let mut other = scene.live();
    other["status"]["lastAppliedRevision"] = json!("main@sha1:9");
    scene.api.put(other);
    let mut after: Value = scene.writer.refresh().await.unwrap();
    assert_eq!(after["status"]["lastAppliedRevision"], "main@sha1:9");
    after["status"]["lastAppliedRevision"] = json!("main@sha1:1");
    scene.writer.write(&after).await.unwrap();
    assert_eq!(scene.live()["status"]["lastAppliedRevision"], "main@sha1:1");
}

#[tokio::test(start_paused = true)]
async fn a_member_that_is_null_is_not_sent() {
    let mut scene = scene();
    scene.after["status"]["lastAttemptedRevision"] = json!(null);
    scene.after["status"]["inventory"] = json!({"entries": [{"id": "a", "v": null}]});
    scene.writer.write(&scene.after).await.unwrap();
    let requests = scene.api.requests();
    for body in requests.into_iter().filter_map(|it| it.body) {
        assert!(!body.to_string().contains("null"), "{body}");
    }
}

#[tokio::test(start_paused = true)]
async fn another_object_is_not_written() {
    let mut scene = scene();
    for member in ["kind", "apiVersion"] {
        let mut other = scene.after.clone();
        other[member] = "another".into();
        let error = scene.writer.write(&other).await.unwrap_err();
        assert_eq!(error.class(), Class::Invalid, "{member}");
    }
    for member in ["name", "namespace", "uid"] {
        let mut other = scene.after.clone();
        other["metadata"][member] = "another".into();
        let error = scene.writer.write(&other).await.unwrap_err();
        assert_eq!(error.class(), Class::Invalid, "{member}");
    }
    assert!(scene.api.requests().is_empty());
}

#[test]
fn an_object_without_a_name_has_no_writer() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let _guard = runtime.enter();
    let api = FakeApi::new();
    let nameless = json!({"metadata": {}});
    let error = StatusWriter::of_resource(api.client(), &resource(), &nameless, options(&api));
    assert_eq!(error.unwrap_err().class(), Class::Invalid);
}

/// The failure: a merge patch replaces a list, and with it the finalizer that another controller has added meanwhile; its
/// object then goes without being cleaned up.
#[tokio::test(start_paused = true)]
async fn finalizers_and_owners_of_others_stay() {
    let owner = |name: &str| json!({"apiVersion": "v1", "kind": "ConfigMap", "name": name, "uid": format!("uid-of-{name}")});
    let mut scene = scene();
    scene.after["metadata"]["finalizers"] = json!(["ours"]);
    scene.after["metadata"]["ownerReferences"] = json!([owner("ours")]);
    let mut other = scene.live();
    other["metadata"]["finalizers"] = json!(["theirs"]);
    other["metadata"]["ownerReferences"] = json!([owner("theirs")]);
    scene.api.put(other);
    scene.writer.write(&scene.after).await.unwrap();
    let metadata = scene.live()["metadata"].clone();
    assert_eq!(metadata["finalizers"], json!(["theirs", "ours"]));
    assert_eq!(
        metadata["ownerReferences"],
        json!([owner("theirs"), owner("ours")])
    );

    let mut after = scene.after.clone();
    after["metadata"]["finalizers"] = json!([]);
    // Somebody else writes while the patch is under way.
    scene
        .api
        .fault(on('O'), Fault::status(409, "Conflict", "modified"));
    scene.writer.write(&after).await.unwrap();
    assert_eq!(scene.live()["metadata"]["finalizers"], json!(["theirs"]));
    scene.is_written();

    // The answer gets lost.
    after["metadata"]["finalizers"] = json!(["ours"]);
    scene.api.fault(on('O'), Fault::ResetAfter);
    scene.writer.write(&after).await.unwrap();
    assert_eq!(
        scene.live()["metadata"]["finalizers"],
        json!(["theirs", "ours"])
    );
}
