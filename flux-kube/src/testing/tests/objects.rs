use super::*;

#[tokio::test]
async fn a_created_object_gets_what_the_server_gives() {
    let api = FakeApi::new();
    let (code, made) = send(&api, "POST", MAPS, JSON, map("a", json!({"x": "1"}))).await;
    assert_eq!(code, 201);
    assert_eq!(
        made["metadata"]["creationTimestamp"],
        "2026-01-01T00:00:00Z"
    );
    assert!(made["metadata"]["uid"].is_string() && version(&made) > 0);
    assert!(
        made["metadata"].get("generation").is_none(),
        "maps have none"
    );
    assert_eq!(read(&api, &format!("{MAPS}/a")).await, (200, made));
}

#[tokio::test]
async fn refusals_are_in_the_words_of_the_api_server() {
    let api = FakeApi::new();
    api.put(map("a", json!({"x": "1"})));
    let there = map("a", json!({}));
    let cases = [
        (
            read(&api, &format!("{MAPS}/nope")).await,
            404,
            "NotFound",
            "configmaps \"nope\" not found",
        ),
        (
            send(&api, "POST", MAPS, JSON, there.clone()).await,
            409,
            "AlreadyExists",
            "configmaps \"a\" already exists",
        ),
        (
            send(
                &api,
                "POST",
                "/api/v1/namespaces/no/configmaps",
                JSON,
                json!({"metadata": {"name": "b"}}),
            )
            .await,
            404,
            "NotFound",
            "namespaces \"no\" not found",
        ),
        (
            send(&api, "POST", "/api/v1/configmaps", JSON, there.clone()).await,
            405,
            "MethodNotAllowed",
            "the server does not allow this method on the requested resource",
        ),
        (
            send(&api, "POST", MAPS, JSON, json!({"metadata": {}})).await,
            422,
            "Invalid",
            "ConfigMap \"\" is invalid: metadata.name: Required value: name or generateName is required",
        ),
        (
            send(
                &api,
                "PUT",
                &format!("{MAPS}/a"),
                JSON,
                json!({"metadata": {"resourceVersion": "1"}}),
            )
            .await,
            409,
            "Conflict",
            "Operation cannot be fulfilled on configmaps \"a\": the object has been modified; please apply your changes to the latest version and try again",
        ),
        (
            send(
                &api,
                "PATCH",
                &format!("{MAPS}/a"),
                PATCH,
                json!([{"op": "test", "path": "/data/x", "value": "2"}]),
            )
            .await,
            422,
            "Invalid",
            "the server rejected our request due to an error in our request",
        ),
        (
            send(
                &api,
                "PATCH",
                &format!("{MAPS}/a"),
                "application/strategic-merge-patch+json",
                json!({}),
            )
            .await,
            415,
            "UnsupportedMediaType",
            "the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml",
        ),
        (
            read(&api, &format!("{MAPS}/a/status")).await,
            404,
            "NotFound",
            "the server could not find the requested resource",
        ),
    ];
    for ((code, body), wanted, reason, message) in cases {
        assert_eq!(
            (code, &body["reason"], &body["message"]),
            (wanted, &json!(reason), &json!(message))
        );
        assert_eq!(
            (&body["kind"], &body["code"]),
            (&json!("Status"), &json!(wanted))
        );
    }
    let unknown = read(&api, "/apis/foo/v1/bars").await;
    assert_eq!(unknown, (404, json!("404 page not found\n")));
}

#[tokio::test]
async fn the_generation_counts_changes_of_the_spec() {
    let api = FakeApi::new();
    let first = api.put(deployment("a:1"));
    assert_eq!(first["metadata"]["generation"], 1);
    let path = "/apis/apps/v1/namespaces/default/deployments/web";
    let (_, labelled) = send(
        &api,
        "PATCH",
        path,
        MERGE,
        json!({"metadata": {"labels": {"a": "b"}}}),
    )
    .await;
    assert_eq!(labelled["metadata"]["generation"], 1);
    assert!(version(&labelled) > version(&first));
    let (_, scaled) = send(&api, "PATCH", path, MERGE, json!({"spec": {"replicas": 2}})).await;
    assert_eq!(scaled["metadata"]["generation"], 2);
    let status = json!({"status": {"observedGeneration": 2}});
    let (_, observed) = send(&api, "PATCH", &format!("{path}/status"), MERGE, status).await;
    assert_eq!(observed["metadata"]["generation"], 2);
    assert_eq!(observed["status"]["observedGeneration"], 2);
}

#[tokio::test]
async fn status_is_written_on_its_own() {
    let api = FakeApi::new();
    api.put(deployment("a:1"));
    let path = "/apis/apps/v1/namespaces/default/deployments/web";
    let both = json!({"spec": {"replicas": 3}, "status": {"replicas": 1}});
    let (_, object) = send(&api, "PATCH", path, MERGE, both.clone()).await;
    assert_eq!(
        (&object["spec"]["replicas"], object.get("status")),
        (&json!(3), None)
    );
    let both = json!({"spec": {"replicas": 4}, "status": {"replicas": 1}});
    let (_, object) = send(&api, "PATCH", &format!("{path}/status"), MERGE, both).await;
    assert_eq!(
        (&object["spec"]["replicas"], &object["status"]["replicas"]),
        (&json!(3), &json!(1))
    );
}

#[tokio::test]
async fn kinds_without_the_subresource_have_status_as_a_field() {
    let api = FakeApi::new();
    let alert = json!({"apiVersion": "notification.toolkit.fluxcd.io/v1beta3", "kind": "Alert", "metadata": {"name": "a"}});
    api.put(alert);
    let path = "/apis/notification.toolkit.fluxcd.io/v1beta3/namespaces/default/alerts/a";
    let (_, object) = send(&api, "PATCH", path, MERGE, json!({"status": {"x": 1}})).await;
    assert_eq!(object["status"]["x"], 1);
    assert_eq!(read(&api, &format!("{path}/status")).await.0, 404);
    let other = "/apis/notification.toolkit.fluxcd.io/v1/namespaces/default/alerts/a";
    let (code, object) = read(&api, other).await;
    assert_eq!(
        (code, &object["apiVersion"]),
        (200, &json!("notification.toolkit.fluxcd.io/v1"))
    );
}

#[tokio::test]
async fn a_write_that_changes_nothing_changes_nothing() {
    let api = FakeApi::new();
    let made = api.put(map("a", json!({"x": "1"})));
    let path = format!("{MAPS}/a");
    let (_, same) = send(&api, "PATCH", &path, MERGE, json!({"data": {"x": "1"}})).await;
    assert_eq!(same, made);
    let (_, same) = send(&api, "PUT", &path, JSON, made.clone()).await;
    assert_eq!(same, made);
}

#[tokio::test]
async fn a_dry_run_stores_nothing() {
    let api = FakeApi::new();
    let made = api.put(map("a", json!({"x": "1"})));
    let (code, _) = send(
        &api,
        "POST",
        &format!("{MAPS}?dryRun=All"),
        JSON,
        map("b", json!({})),
    )
    .await;
    assert_eq!(code, 201);
    let path = format!("{MAPS}/a?dryRun=All");
    let (_, dry) = send(&api, "PATCH", &path, MERGE, json!({"data": {"x": "2"}})).await;
    assert_eq!(dry["data"]["x"], "2");
    send(&api, "DELETE", &path, JSON, json!({"dryRun": ["All"]})).await;
    assert_eq!(api.objects(), [made]);
    assert!(api.requests().iter().all(|request| request.dry_run));
}

#[tokio::test]
async fn finalizers_hold_what_is_deleted() {
    let api = FakeApi::new();
    let mut object = map("a", json!({}));
    object["metadata"]["finalizers"] = json!(["example.com/hold"]);
    api.put(object);
    let path = format!("{MAPS}/a");
    let (_, held) = send(&api, "DELETE", &path, JSON, Value::Null).await;
    assert_eq!(
        held["metadata"]["deletionTimestamp"],
        "2026-01-01T00:00:00Z"
    );
    assert_eq!(
        send(&api, "DELETE", &path, JSON, Value::Null).await,
        (200, held)
    );
    let more = json!({"metadata": {"finalizers": ["example.com/hold", "example.com/more"]}});
    let (code, refusal) = send(&api, "PATCH", &path, MERGE, more).await;
    assert_eq!(code, 422);
    assert_eq!(
        refusal["message"],
        "ConfigMap \"a\" is invalid: metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{\"example.com/more\"}"
    );
    let none = json!({"metadata": {"finalizers": null}});
    assert_eq!(send(&api, "PATCH", &path, MERGE, none).await.0, 200);
    assert_eq!(api.objects(), [] as [Value; 0]);
}

#[tokio::test]
async fn a_deletion_has_preconditions() {
    let api = FakeApi::new();
    let made = api.put(map("a", json!({})));
    let uid = made["metadata"]["uid"].as_str().unwrap();
    let path = format!("{MAPS}/a");
    let wrong = json!({"preconditions": {"uid": "x"}});
    let (code, refusal) = send(&api, "DELETE", &path, JSON, wrong).await;
    assert_eq!(code, 409);
    assert_eq!(
        refusal["message"],
        format!(
            "Operation cannot be fulfilled on ConfigMap \"a\": the UID in the precondition (x) does not match the UID in record ({uid}). The object might have been deleted and then recreated"
        )
    );
    let old = json!({"preconditions": {"resourceVersion": "1"}});
    assert_eq!(send(&api, "DELETE", &path, JSON, old).await.0, 409);
    let right = json!({"preconditions": {"uid": uid}});
    let (code, done) = send(&api, "DELETE", &path, JSON, right).await;
    assert_eq!((code, &done["status"]), (200, &json!("Success")));
    assert_eq!(
        done["details"],
        json!({"name": "a", "kind": "configmaps", "uid": uid})
    );
    assert_eq!(send(&api, "DELETE", &path, JSON, Value::Null).await.0, 404);
}

#[tokio::test]
async fn a_namespace_takes_its_objects_with_it() {
    let api = FakeApi::new();
    let mut held = map("held", json!({}));
    held["metadata"]["namespace"] = json!("apps");
    held["metadata"]["finalizers"] = json!(["example.com/hold"]);
    api.put(held.clone());
    let mut free = map("free", json!({}));
    free["metadata"]["namespace"] = json!("apps");
    api.put(free);
    let (_, namespace) = send(&api, "DELETE", "/api/v1/namespaces/apps", JSON, Value::Null).await;
    assert_eq!(namespace["status"]["phase"], "Terminating");
    assert!(api.get("v1", "ConfigMap", Some("apps"), "free").is_none());
    let maps = "/api/v1/namespaces/apps/configmaps";
    let (code, refusal) = send(
        &api,
        "POST",
        maps,
        JSON,
        json!({"metadata": {"name": "late"}}),
    )
    .await;
    assert_eq!(code, 403);
    assert_eq!(
        refusal["message"],
        "configmaps \"late\" is forbidden: unable to create new content in namespace apps because it is being terminated"
    );
    let none = json!({"metadata": {"finalizers": null}});
    send(&api, "PATCH", &format!("{maps}/held"), MERGE, none).await;
    assert_eq!(api.objects(), [] as [Value; 0]);
}

#[tokio::test]
async fn dependents_go_with_their_owner_unless_they_are_to_stay() {
    for (policy, stays) in [
        ("Background", false),
        ("Foreground", false),
        ("Orphan", true),
    ] {
        let api = FakeApi::new();
        let owner = api.put(map("owner", json!({})));
        let mut child = map("child", json!({}));
        child["metadata"]["ownerReferences"] = json!([{"uid": owner["metadata"]["uid"], "kind": "ConfigMap", "name": "owner", "apiVersion": "v1"}]);
        api.put(child);
        let options = json!({"propagationPolicy": policy});
        send(&api, "DELETE", &format!("{MAPS}/owner"), JSON, options).await;
        assert_eq!(
            api.get("v1", "ConfigMap", Some("default"), "child")
                .is_some(),
            stays,
            "{policy}"
        );
    }
}

#[tokio::test]
async fn fields_that_may_not_change_do_not() {
    let api = FakeApi::new();
    api.put(deployment("a:1"));
    let path = "/apis/apps/v1/namespaces/default/deployments/web";
    let patch = json!({"spec": {"selector": {"matchLabels": {"app": "x"}}}});
    let (code, refusal) = send(&api, "PATCH", path, MERGE, patch).await;
    assert_eq!(code, 422);
    assert_eq!(
        refusal["message"],
        "Deployment.apps \"web\" is invalid: spec.selector: Invalid value: {\"matchLabels\":{\"app\":\"x\"}}: field is immutable"
    );
    assert_eq!(
        refusal["details"]["causes"][0]["reason"],
        "FieldValueInvalid"
    );
    let mut fixed = map("a", json!({"x": "1"}));
    fixed["immutable"] = json!(true);
    api.put(fixed);
    let (_, refusal) = send(
        &api,
        "PATCH",
        &format!("{MAPS}/a"),
        MERGE,
        json!({"data": {"x": "2"}}),
    )
    .await;
    assert_eq!(
        refusal["message"],
        "ConfigMap \"a\" is invalid: data: Forbidden: field is immutable when `immutable` is set"
    );
    api.immutable("", "ConfigMap", "/data/y");
    api.put(map("b", json!({"y": "1"})));
    let (code, _) = send(
        &api,
        "PATCH",
        &format!("{MAPS}/b"),
        MERGE,
        json!({"data": {"y": "2"}}),
    )
    .await;
    assert_eq!(code, 422);
}

#[tokio::test]
async fn text_of_a_secret_becomes_data() {
    let api = FakeApi::new();
    let secret = json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, "stringData": {"a": "b"}});
    let made = api.put(secret);
    assert_eq!(
        (&made["data"], &made["type"]),
        (&json!({"a": "Yg=="}), &json!("Opaque"))
    );
    assert!(made.get("stringData").is_none());
}

#[tokio::test(start_paused = true)]
async fn a_definition_is_served_once_it_is_established() {
    let things = "/apis/example.com/v1/namespaces/default/things";
    let thing = json!({"apiVersion": "example.com/v1", "kind": "Thing", "metadata": {"name": "a"}});
    for (when, before, after) in [
        (Establish::AtOnce, 201, 409),
        (
            Establish::After(std::time::Duration::from_secs(5)),
            404,
            201,
        ),
        (Establish::Never, 404, 404),
    ] {
        let api = FakeApi::new();
        api.establish(when);
        let path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
        send(&api, "POST", path, JSON, definition("Thing")).await;
        assert_eq!(
            send(&api, "POST", things, JSON, thing.clone()).await.0,
            before,
            "{when:?}"
        );
        tokio::time::sleep(std::time::Duration::from_secs(6)).await;
        assert_eq!(
            send(&api, "POST", things, JSON, thing.clone()).await.0,
            after,
            "{when:?}"
        );
        send(
            &api,
            "DELETE",
            &format!("{path}/things.example.com"),
            JSON,
            Value::Null,
        )
        .await;
        assert_eq!(read(&api, things).await.0, 404);
    }
}

#[tokio::test]
async fn names_are_generated() {
    let api = FakeApi::new();
    let body = json!({"metadata": {"generateName": "job-"}});
    let (_, one) = send(&api, "POST", MAPS, JSON, body.clone()).await;
    let (_, two) = send(&api, "POST", MAPS, JSON, body).await;
    assert!(
        one["metadata"]["name"]
            .as_str()
            .unwrap()
            .starts_with("job-")
    );
    assert_ne!(one["metadata"]["name"], two["metadata"]["name"]);
}

#[tokio::test]
async fn a_put_with_another_uid_is_another_object() {
    let api = FakeApi::new();
    let first = api.put(map("a", json!({})));
    let mut other = map("a", json!({}));
    other["metadata"]["uid"] = json!("other");
    let second = api.put(other);
    assert_eq!(second["metadata"]["uid"], "other");
    assert!(
        version(&second) > version(&first) + 1,
        "deleted, then created"
    );
    api.remove("v1", "ConfigMap", Some("default"), "a");
    assert_eq!(api.objects(), [] as [Value; 0]);
}
