//! What objects refer to, under faults and under the rules of access.

use fluxcd_api::helm::v2::ValuesReference;
use fluxcd_api::kustomize::v1::PostBuild;
use fluxcd_api::meta::{Kind, ObjectMeta};
use fluxcd_core::access::{Cause, Facts, Field, Reference};
use fluxcd_kube::Class;
use fluxcd_kube::error::Verb;
use fluxcd_kube::lookup::{Content, Followed, Lookup, ValuesLayer};
use fluxcd_kube::mapper::Mapper;
use fluxcd_kube::testing::{FakeApi, Fault, On};
use serde_json::{Value, json};

fn api() -> (FakeApi, Lookup) {
    let api = FakeApi::new();
    api.put(json!({
        "apiVersion": "v1", "kind": "ConfigMap",
        "metadata": {"name": "vars", "namespace": "team-a"},
        "data": {"domain": "example.com", "values.yaml": "replicas: 2\n"},
    }));
    api.put(json!({
        "apiVersion": "v1", "kind": "Secret",
        "metadata": {"name": "db", "namespace": "team-a"},
        "data": {"password": "aHVudGVyMg==", "values.yaml": "YTogMQ=="},
    }));
    api.put(json!({
        "apiVersion": "v1", "kind": "Namespace",
        "metadata": {"name": "team-a", "labels": {"team": "a"}},
    }));
    let lookup = Lookup::new(api.client(), Mapper::new(api.client()));
    (api, lookup)
}

fn image_repository(api: &FakeApi, access_from: Value) {
    api.put(json!({
        "apiVersion": "image.toolkit.fluxcd.io/v1", "kind": "ImageRepository",
        "metadata": {"name": "app", "namespace": "images"},
        "spec": {"image": "ghcr.io/org/app", "interval": "5m", "accessFrom": access_from},
    }));
    api.clear_requests();
}

fn reference(field: Field, kind: Kind, namespace: &str, name: &str) -> Reference {
    let own = ObjectMeta {
        name: Some("own".to_owned()),
        namespace: Some("team-a".to_owned()),
        ..ObjectMeta::default()
    };
    Reference::new(field, &own, kind, Some(namespace), name)
}

fn reads(api: &FakeApi) -> Vec<String> {
    let requests = api.requests();
    let reads = requests.iter().filter(|it| it.verb == Verb::Get);
    reads.map(|it| format!("{}/{}", it.kind, it.name)).collect()
}

#[tokio::test(start_paused = true)]
async fn what_flags_deny_is_not_read() {
    let (api, lookup) = api();
    api.clear_requests();
    let mut facts = Facts::default();
    facts.no_cross_namespace_refs = true;
    let reference = reference(
        Field::KustomizationSource,
        Kind::GitRepository,
        "flux-system",
        "fleet",
    );
    let Followed::Denied(denial) = lookup.follow(&reference, &facts).await.unwrap() else {
        panic!("followed");
    };
    assert_eq!(denial.cause, Cause::Blocked);
    assert_eq!(
        denial.to_string(),
        "can't access 'GitRepository/flux-system/fleet', cross-namespace references have been blocked"
    );
    assert!(api.requests().is_empty());
}

#[tokio::test(start_paused = true)]
async fn within_one_namespace_the_namespace_is_not_read() {
    let (api, lookup) = api();
    image_repository(&api, json!(null));
    api.put(json!({
        "apiVersion": "image.toolkit.fluxcd.io/v1", "kind": "ImageRepository",
        "metadata": {"name": "own", "namespace": "team-a"}, "spec": {"image": "ghcr.io/org/own"},
    }));
    let reference = reference(
        Field::ImageRepository,
        Kind::ImageRepository,
        "team-a",
        "own",
    );
    let followed = lookup.follow(&reference, &Facts::default()).await.unwrap();
    assert!(matches!(followed, Followed::Found(_)));
    assert_eq!(reads(&api), ["ImageRepository/own"]);
}

#[tokio::test(start_paused = true)]
async fn another_namespace_is_let_in_by_its_labels() {
    let selectors = |labels: Value| json!({"namespaceSelectors": [{"matchLabels": labels}]});
    let reference = reference(
        Field::ImageRepository,
        Kind::ImageRepository,
        "images",
        "app",
    );
    for (access_from, cause, reads_namespace) in [
        (selectors(json!({"team": "a"})), None, true),
        (selectors(json!({"team": "b"})), Some(Cause::NoMatch), true),
        (json!(null), Some(Cause::NoAccessFrom), false),
    ] {
        let (api, lookup) = api();
        image_repository(&api, access_from);
        let followed = lookup.follow(&reference, &Facts::default()).await.unwrap();
        match (followed, cause) {
            (Followed::Found(_), None) => {}
            (Followed::Denied(denial), Some(cause)) => assert_eq!(denial.cause, cause),
            (followed, cause) => panic!("{followed:?}, {cause:?}"),
        }
        let is_read = reads(&api).contains(&"Namespace/team-a".to_owned());
        assert_eq!(is_read, reads_namespace);
    }
}

#[tokio::test(start_paused = true)]
async fn a_read_that_failed_is_no_denial() {
    let (api, lookup) = api();
    image_repository(&api, json!({"namespaceSelectors": [{"matchLabels": {}}]}));
    let reference = reference(
        Field::ImageRepository,
        Kind::ImageRepository,
        "images",
        "app",
    );
    for (fault, class) in [
        (Fault::Forbidden, Class::Forbidden),
        (Fault::Hang, Class::Timeout),
        (Fault::NotJson, Class::Decode),
    ] {
        for kind in ["ImageRepository", "Namespace"] {
            api.fault(On::any().verb(Verb::Get).kind(kind), fault.clone());
            let error = lookup
                .follow(&reference, &Facts::default())
                .await
                .unwrap_err();
            assert_eq!(error.class(), class, "{kind}");
        }
    }
    // A namespace that is not there is: nobody is let in from nowhere.
    api.fault(
        On::any().verb(Verb::Get).kind("Namespace"),
        Fault::Plain(404),
    );
    let followed = lookup.follow(&reference, &Facts::default()).await.unwrap();
    let Followed::Denied(denial) = followed else {
        panic!("{followed:?}");
    };
    assert_eq!(denial.cause, Cause::NoNamespace);
}

#[tokio::test(start_paused = true)]
async fn an_object_that_is_not_there_is_missing() {
    let (api, lookup) = api();
    let reference = reference(
        Field::KustomizationSource,
        Kind::GitRepository,
        "team-a",
        "fleet",
    );
    let followed = lookup.follow(&reference, &Facts::default()).await.unwrap();
    assert_eq!(followed, Followed::Missing);
    // An answer without a body says the same.
    api.fault(On::any().verb(Verb::Get), Fault::Plain(404));
    assert_eq!(lookup.config_map("team-a", "vars").await.unwrap(), None);
}

#[tokio::test(start_paused = true)]
async fn variables_come_in_the_order_of_the_spec_and_each_object_is_read_once() {
    let (api, lookup) = api();
    api.clear_requests();
    let post_build: PostBuild = serde_json::from_value(json!({
        "substitute": {"domain": "inline.example.com"},
        "substituteFrom": [
            {"kind": "ConfigMap", "name": "vars"},
            {"kind": "Secret", "name": "db"},
            {"kind": "ConfigMap", "name": "vars"},
            {"kind": "ConfigMap", "name": "none", "optional": true},
            {"kind": "Unknown", "name": "passed-over"},
        ],
    }))
    .unwrap();
    let substitution = lookup.substitution("team-a", &post_build).await.unwrap();
    let variables = substitution.variables();
    assert_eq!(variables.value("domain"), Some(&b"inline.example.com"[..]));
    assert_eq!(variables.value("password"), Some(&b"hunter2"[..]));
    assert_eq!(
        variables.layer_of("password").unwrap().to_string(),
        "Secret/db"
    );
    let missing: Vec<_> = substitution.missing().iter().map(|it| &*it.name).collect();
    assert_eq!(missing, ["none"]);
    assert_eq!(
        reads(&api),
        ["ConfigMap/none", "ConfigMap/vars", "Secret/db"]
    );
    assert!(!format!("{substitution:?}").contains("hunter2"));
}

#[tokio::test(start_paused = true)]
async fn a_source_of_variables_that_cannot_be_read_is_not_taken_for_missing() {
    let (api, lookup) = api();
    let post_build: PostBuild = serde_json::from_value(json!({
        "substituteFrom": [{"kind": "ConfigMap", "name": "vars", "optional": true}],
    }))
    .unwrap();
    api.fault(On::any().verb(Verb::Get), Fault::Forbidden);
    let error = lookup
        .substitution("team-a", &post_build)
        .await
        .unwrap_err();
    assert_eq!(error.class(), Class::Forbidden);
    // What passes by itself is repeated.
    api.fault(On::any().verb(Verb::Get).times(2), Fault::Plain(503));
    let substitution = lookup.substitution("team-a", &post_build).await.unwrap();
    assert!(substitution.missing().is_empty());
}

#[tokio::test(start_paused = true)]
async fn values_come_in_the_order_of_the_spec_and_say_what_is_missing() {
    let (_api, lookup) = api();
    let references =
        |list: Value| -> Vec<ValuesReference> { serde_json::from_value(list).unwrap() };
    let layers = references(json!([
        {"kind": "Secret", "name": "db"},
        {"kind": "ConfigMap", "name": "vars", "valuesKey": "domain", "targetPath": "host"},
        {"kind": "ConfigMap", "name": "none", "optional": true},
        {"kind": "ConfigMap", "name": "vars", "valuesKey": "none", "optional": true},
    ]));
    let layers = lookup.values("team-a", &layers).await.unwrap();
    let contents: Vec<_> = layers.iter().map(|layer| &layer.content).collect();
    let found = |text: &str| Content::Found(text.into());
    assert_eq!(
        contents,
        [
            &found("a: 1"),
            &found("example.com"),
            &Content::NoObject,
            &Content::NoKey
        ]
    );
    assert_eq!(layers[0].origin(), "Secret/team-a/db");
    assert_eq!(ValuesLayer::fault(&layers), None);
    assert!(!format!("{layers:?}").contains("a: 1"));

    for (list, text) in [
        (
            json!([{"kind": "Secret", "name": "none"}]),
            "could not resolve Secret chart values reference 'team-a/none' with key 'values.yaml': \
             secrets \"none\" not found",
        ),
        (
            json!([{"kind": "Secret", "name": "none", "optional": true}, {"kind": "Secret", "name": "none"}]),
            "could not resolve Secret chart values reference 'team-a/none' with key 'values.yaml': \
             resource not found",
        ),
        (
            json!([{"kind": "ConfigMap", "name": "vars", "valuesKey": "x"}]),
            "could not resolve ConfigMap chart values reference 'team-a/vars' with key 'x': key not found",
        ),
        (
            json!([{"kind": "Pod", "name": "p", "optional": true}]),
            "could not resolve optional Pod chart values reference 'team-a/p' with key 'values.yaml': \
             unsupported values reference kind",
        ),
    ] {
        let layers = lookup.values("team-a", &references(list)).await.unwrap();
        assert_eq!(ValuesLayer::fault(&layers).unwrap().to_string(), text);
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_in_a_secret_is_printed_nowhere() {
    let (api, lookup) = api();
    let secret = lookup.secret("team-a", "db").await.unwrap().unwrap();
    assert_eq!(secret.text("password"), Some("hunter2"));
    let debug = format!("{secret:?}");
    assert!(
        debug.contains("password") && !debug.contains("hunter2"),
        "{debug}"
    );
    api.put(json!({
        "apiVersion": "v1", "kind": "Secret",
        "metadata": {"name": "broken", "namespace": "team-a"}, "data": {"password": "hunter2!"},
    }));
    let error = lookup.secret("team-a", "broken").await.unwrap_err();
    assert_eq!(error.class(), Class::Decode);
    assert!(
        !format!("{error} {error:?}").contains("hunter2"),
        "{error:?}"
    );
}

/// A name goes into the path of a request as it is: it must not lead anywhere else.
#[tokio::test(start_paused = true)]
async fn a_name_does_not_lead_to_another_object() {
    let (api, lookup) = api();
    api.clear_requests();
    for (namespace, name) in [
        ("team-a", "../../other/secrets/db"),
        ("team-a", "db/status"),
        ("team-a", "db?x=y"),
        ("team-a", "%2e%2e"),
        ("team-a", ""),
        ("../team-a", "db"),
    ] {
        let error = lookup.secret(namespace, name).await.unwrap_err();
        assert_eq!(error.class(), Class::Invalid, "{namespace} {name}");
    }
    assert!(api.requests().is_empty());
}
