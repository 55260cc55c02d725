use super::*;

fn owners(object: &Value) -> Vec<(String, String, Value)> {
    let list = object["metadata"]["managedFields"].as_array().unwrap();
    let owners = list.iter().map(|entry| {
        let text = |name: &str| entry[name].as_str().unwrap().to_owned();
        (
            text("manager"),
            text("operation"),
            entry["fieldsV1"].clone(),
        )
    });
    owners.collect()
}

fn owner(name: &str, operation: &str, fields: Value) -> (String, String, Value) {
    (name.to_owned(), operation.to_owned(), fields)
}

#[tokio::test]
async fn an_apply_creates_and_owns_what_it_says() {
    let api = FakeApi::new();
    let path = format!("{MAPS}/a?fieldManager=flux");
    let (code, made) = apply(&api, &path, map("a", json!({"x": "1"}))).await;
    assert_eq!(code, 201);
    assert_eq!(
        owners(&made),
        [owner("flux", "Apply", json!({"f:data": {"f:x": {}}}))]
    );
    let again = apply(&api, &path, map("a", json!({"x": "1"}))).await;
    assert_eq!(again, (200, made));
}

#[tokio::test]
async fn an_apply_takes_away_what_it_says_no_longer() {
    let api = FakeApi::new();
    let path = format!("{MAPS}/a?fieldManager=flux");
    apply(&api, &path, map("a", json!({"x": "1", "y": "2"}))).await;
    send(
        &api,
        "PATCH",
        &format!("{MAPS}/a?fieldManager=user"),
        MERGE,
        json!({"data": {"z": "3"}}),
    )
    .await;
    let (_, live) = apply(&api, &path, map("a", json!({"x": "1"}))).await;
    assert_eq!(live["data"], json!({"x": "1", "z": "3"}));
    let mut nothing = map("a", json!({}));
    nothing.as_object_mut().unwrap().remove("data");
    let (_, live) = apply(&api, &path, nothing).await;
    assert_eq!(live["data"], json!({"z": "3"}));
    assert_eq!(
        owners(&live),
        [owner("user", "Update", json!({"f:data": {"f:z": {}}}))]
    );
}

#[tokio::test]
async fn a_field_of_another_manager_is_a_conflict() {
    let api = FakeApi::new();
    send(
        &api,
        "POST",
        &format!("{MAPS}?fieldManager=user"),
        JSON,
        map("a", json!({"x": "1", "y": "1"})),
    )
    .await;
    let path = format!("{MAPS}/a?fieldManager=flux");
    let (code, refusal) = apply(&api, &path, map("a", json!({"x": "2"}))).await;
    assert_eq!(code, 409);
    assert_eq!(
        refusal["message"],
        "Apply failed with 1 conflict: conflict with \"user\" using v1: .data.x"
    );
    assert_eq!(
        refusal["details"],
        json!({"causes": [{
            "reason": "FieldManagerConflict",
            "message": "conflict with \"user\" using v1",
            "field": ".data.x",
        }]})
    );
    let (_, refusal) = apply(&api, &path, map("a", json!({"x": "2", "y": "2"}))).await;
    assert_eq!(
        refusal["message"],
        "Apply failed with 2 conflicts: conflicts with \"user\" using v1:\n- .data.x\n- .data.y"
    );

    // The same value is none, and both own it.
    let (code, live) = apply(&api, &path, map("a", json!({"x": "1"}))).await;
    assert_eq!(code, 200);
    assert_eq!(
        owners(&live)[1].2,
        json!({"f:data": {".": {}, "f:x": {}, "f:y": {}}})
    );

    // By force it is taken.
    let (code, live) = apply(
        &api,
        &format!("{path}&force=true"),
        map("a", json!({"x": "2"})),
    )
    .await;
    assert_eq!((code, &live["data"]), (200, &json!({"x": "2", "y": "1"})));
    assert_eq!(
        owners(&live),
        [
            owner("flux", "Apply", json!({"f:data": {"f:x": {}}})),
            owner("user", "Update", json!({"f:data": {".": {}, "f:y": {}}})),
        ]
    );
}

#[tokio::test]
async fn what_two_managers_own_stays_when_one_drops_it() {
    let api = FakeApi::new();
    for manager in ["one", "two"] {
        apply(
            &api,
            &format!("{MAPS}/a?fieldManager={manager}"),
            map("a", json!({"x": "1"})),
        )
        .await;
    }
    let (_, live) = apply(
        &api,
        &format!("{MAPS}/a?fieldManager=one"),
        map("a", json!({})),
    )
    .await;
    assert_eq!(live["data"], json!({"x": "1"}));
}

#[tokio::test]
async fn containers_are_merged_by_name_and_ports_by_number_and_protocol() {
    let api = FakeApi::new();
    let path = "/apis/apps/v1/namespaces/default/deployments/web";
    let mut mine = deployment("web:1");
    mine["spec"]["template"]["spec"]["containers"][0]["ports"] = json!([{"containerPort": 80}]);
    apply(&api, &format!("{path}?fieldManager=flux"), mine.clone()).await;
    let sidecar = json!({
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web"},
        "spec": {"template": {"spec": {"containers": [
            {"name": "sidecar", "image": "proxy:1"},
            {"name": "web", "env": [{"name": "A", "value": "1"}], "ports": [{"containerPort": 81}]},
        ]}}},
    });
    let (code, live) = apply(&api, &format!("{path}?fieldManager=mesh"), sidecar).await;
    assert_eq!(code, 200);
    let containers = &live["spec"]["template"]["spec"]["containers"];
    assert_eq!(containers.as_array().unwrap().len(), 2);
    assert_eq!(containers[1]["ports"].as_array().unwrap().len(), 2);
    let fields = &owners(&live)[1].2["f:spec"]["f:template"]["f:spec"]["f:containers"];
    let web = &fields["k:{\"name\":\"web\"}"];
    assert_eq!(
        web["f:ports"]["k:{\"containerPort\":81,\"protocol\":\"TCP\"}"],
        json!({".": {}, "f:containerPort": {}})
    );

    // What flux drops goes, what the other one added stays.
    mine["spec"]["template"]["spec"]["containers"][0]
        .as_object_mut()
        .unwrap()
        .remove("ports");
    let (_, live) = apply(&api, &format!("{path}?fieldManager=flux"), mine).await;
    let web = &live["spec"]["template"]["spec"]["containers"][1];
    assert_eq!(web["ports"], json!([{"containerPort": 81}]));
    assert_eq!(web["env"], json!([{"name": "A", "value": "1"}]));
}

#[tokio::test]
async fn lists_of_custom_resources_are_whole_unless_declared() {
    let api = FakeApi::new();
    api.put(definition("Thing"));
    let path = "/apis/example.com/v1/namespaces/default/things/a";
    let thing = |rule: &str| {
        json!({
            "apiVersion": "example.com/v1", "kind": "Thing", "metadata": {"name": "a"},
            "spec": {"rules": [{"name": rule}], "names": [rule]},
        })
    };
    apply(&api, &format!("{path}?fieldManager=one"), thing("x")).await;
    let (_, refusal) = apply(&api, &format!("{path}?fieldManager=two"), thing("y")).await;
    assert_eq!(
        refusal["message"],
        "Apply failed with 1 conflict: conflict with \"one\": .spec.names"
    );
    let (_, live) = apply(
        &api,
        &format!("{path}?fieldManager=two&force=true"),
        thing("y"),
    )
    .await;
    assert_eq!(
        live["spec"],
        json!({"rules": [{"name": "x"}, {"name": "y"}], "names": ["y"]})
    );
}

#[tokio::test]
async fn applying_status_leaves_all_else() {
    let api = FakeApi::new();
    let path = "/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/default/kustomizations/a";
    let object = |spec: Value, status: Value| {
        json!({
            "apiVersion": "kustomize.toolkit.fluxcd.io/v1", "kind": "Kustomization",
            "metadata": {"name": "a"}, "spec": spec, "status": status,
        })
    };
    let (_, made) = apply(
        &api,
        &format!("{path}?fieldManager=user"),
        object(json!({"path": "./"}), json!({"x": 1})),
    )
    .await;
    assert!(made.get("status").is_none());
    let (_, live) = apply(
        &api,
        &format!("{path}/status?fieldManager=ctl"),
        object(json!({"path": "./no"}), json!({"x": 2})),
    )
    .await;
    assert_eq!(
        (&live["spec"]["path"], &live["status"]["x"]),
        (&json!("./"), &json!(2))
    );
    assert_eq!(
        live["metadata"]["managedFields"][0]["subresource"],
        "status"
    );
    assert_eq!(owners(&live)[0].2, json!({"f:status": {"f:x": {}}}));
}

#[tokio::test]
async fn an_apply_that_cannot_be_says_why() {
    let api = FakeApi::new();
    let (code, refusal) = apply(&api, &format!("{MAPS}/a"), map("a", json!({}))).await;
    assert_eq!(
        (code, &refusal["message"]),
        (
            422,
            &json!(
                "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required for apply patch"
            )
        )
    );
    let path = format!("{MAPS}/a?fieldManager=flux");
    let mut other = map("a", json!({}));
    other["kind"] = json!("Secret");
    let (code, refusal) = apply(&api, &path, other).await;
    assert_eq!(
        (code, &refusal["message"]),
        (400, &json!("invalid object type: /v1, Kind=Secret"))
    );
    let mut gone = map("a", json!({}));
    gone["metadata"]["uid"] = json!("abc");
    let (code, refusal) = apply(&api, &path, gone).await;
    assert_eq!(
        (code, &refusal["message"]),
        (
            409,
            &json!(
                "Operation cannot be fulfilled on configmaps \"a\": uid mismatch: the provided object specified uid abc, and no existing object was found"
            )
        )
    );
    let mut owned = map("a", json!({}));
    owned["metadata"]["managedFields"] = json!([{"manager": "x"}]);
    let (code, refusal) = apply(&api, &path, owned).await;
    assert_eq!(
        (code, &refusal["message"]),
        (400, &json!("metadata.managedFields must be nil"))
    );
}

#[tokio::test]
async fn managers_can_be_written_by_a_json_patch() {
    let api = FakeApi::new();
    let path = format!("{MAPS}/a?fieldManager=kubectl");
    send(
        &api,
        "POST",
        &format!("{MAPS}?fieldManager=kubectl"),
        JSON,
        map("a", json!({"x": "1"})),
    )
    .await;
    let entries = json!([{
        "manager": "flux", "operation": "Apply", "apiVersion": "v1", "time": "2026-01-01T00:00:00Z",
        "fieldsType": "FieldsV1", "fieldsV1": {"f:data": {"f:x": {}}},
    }]);
    let patch = json!([{"op": "replace", "path": "/metadata/managedFields", "value": entries}]);
    let (code, live) = send(&api, "PATCH", &path, PATCH, patch).await;
    assert_eq!((code, &live["metadata"]["managedFields"]), (200, &entries));
    let (_, live) = apply(
        &api,
        &format!("{MAPS}/a?fieldManager=flux"),
        map("a", json!({})),
    )
    .await;
    assert!(live.get("data").is_none(), "{live}");
}

#[tokio::test]
async fn finalizers_are_a_set_and_owners_are_merged_by_uid() {
    let api = FakeApi::new();
    let object = |name: &str| {
        json!({
            "apiVersion": "v1", "kind": "ConfigMap",
            "metadata": {"name": "a", "finalizers": [name], "ownerReferences": [{"uid": name, "name": name, "kind": "ConfigMap", "apiVersion": "v1"}]},
        })
    };
    apply(
        &api,
        &format!("{MAPS}/a?fieldManager=one"),
        object("e.com/1"),
    )
    .await;
    let (code, live) = apply(
        &api,
        &format!("{MAPS}/a?fieldManager=two"),
        object("e.com/2"),
    )
    .await;
    assert_eq!(code, 200);
    assert_eq!(
        live["metadata"]["finalizers"],
        json!(["e.com/1", "e.com/2"])
    );
    assert_eq!(
        live["metadata"]["ownerReferences"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    assert_eq!(
        owners(&live)[0].2["f:metadata"]["f:finalizers"],
        json!({"v:\"e.com/1\"": {}})
    );
}
