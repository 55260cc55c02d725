use fluxcd_api::meta::{IgnoreRule, Selector, key};
use serde_json::{Value, json};

use super::*;
use crate::FluxVersion;

const CERTIFICATE: &str = "-----BEGIN CERTIFICATE-----
MIIBbjCCARWgAwIBAgIUMWV0JyCLjtvcdpFIjfskivGhpWgwCgYIKoZIzj0EAwIw
DDEKMAgGA1UEAwwBdDAgFw0yNjExMjYwMzQ0MTVaGA8yMTI2MTEwMjAzNDQxNVow
DDEKMAgGA1UEAwwBdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABJp6YmXpUMsd
zUnq8B41IlrmcbkR4Dc6NOxdwHEaOxQjxgjH9kQ0Utu8BVNdJ0oOLbXTrhqQVdQI
Z2N1PCLL4kGjUzBRMB0GA1UdDgQWBBSrEg/3Y69+Lh8PM4nu/1N4roR31jAfBgNV
HSMEGDAWgBSrEg/3Y69+Lh8PM4nu/1N4roR31jAPBgNVHRMBAf8EBTADAQH/MAoG
CCqGSM49BAMCA0cAMEQCICNAXOSaB5IKc5jbkcTFMG20eoLkJxVot0jftbBXukMt
AiBRdnlI+IcCT+7mYiWisZkzWhzkTeK6E6apUGadar5WQw==
-----END CERTIFICATE-----
";
const BEGIN: &str = "-----BEGIN CERTIFICATE-----\n";
const END: &str = "-----END CERTIFICATE-----";

fn encode(text: impl AsRef<[u8]>) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.encode(text)
}

fn definition(bundle: &str) -> Value {
    json!({
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "spec": {"conversion": {"webhook": {"clientConfig": {"caBundle": bundle}}}},
    })
}

/// What upstream keeps and removes was asked of its own code.
#[test]
fn bundles_with_a_certificate_are_kept_and_others_removed() {
    let body = CERTIFICATE
        .strip_prefix(BEGIN)
        .unwrap()
        .split(END)
        .next()
        .unwrap();
    let whole = encode(CERTIFICATE);
    let key = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
    for kept in [
        whole.clone(),
        String::new(),
        "\n".to_owned(),
        format!("{}\n{}", &whole[..20], &whole[20..]),
        encode(format!("{key}{CERTIFICATE}")),
        encode(CERTIFICATE.replace('\n', "\r\n")),
        encode(CERTIFICATE.replace('\n', " \t\n")),
        encode(format!("junk\n{CERTIFICATE}")),
        encode([b"\xff\n", CERTIFICATE.as_bytes()].concat()),
        encode(format!("{BEGIN}{CERTIFICATE}")),
        encode(format!("{BEGIN}AAAA\n{END}\n{CERTIFICATE}")),
        encode(format!("{BEGIN}  {}\n{END}", body.replace('\n', ""))),
        encode(CERTIFICATE.trim_end()),
    ] {
        let mut object = definition(&kept);
        assert!(!remove_invalid_ca_bundle(&mut object), "{kept}");
        assert_eq!(object, definition(&kept));
    }
    for removed in [
        "invalid".to_owned(),
        CERTIFICATE.to_owned(),
        format!("{} {}", &whole[..20], &whole[20..]),
        encode("x"),
        encode(key),
        encode(format!(" {CERTIFICATE}")),
        encode(format!("junk{CERTIFICATE}")),
        encode(CERTIFICATE.replace(END, "")),
        encode(CERTIFICATE.replace(END, "-----END CERTIFICATE-----x")),
        encode(format!("{BEGIN}A: b\n\n{body}{END}")),
        encode(format!("{BEGIN}{}\n{END}", &body[..64])),
        encode(format!("{BEGIN}{}{END}", body.replace('\n', ""))),
        encode(CERTIFICATE.replace("CERTIFICATE", "TRUSTED CERTIFICATE")),
    ] {
        let mut object = definition(&removed);
        assert!(remove_invalid_ca_bundle(&mut object), "{removed}");
        assert_eq!(
            object.pointer("/spec/conversion/webhook/clientConfig"),
            Some(&json!({}))
        );
    }
    let mut other = definition("invalid");
    other["kind"] = json!("ConfigMap");
    assert!(!remove_invalid_ca_bundle(&mut other));
}

fn replace(path: &str, value: Value) -> Patch {
    let path = path.to_owned();
    Patch(vec![Operation::Replace { path, value }])
}

fn remove(path: &str) -> Patch {
    let path = path.to_owned();
    Patch(vec![Operation::Remove { path }])
}

#[test]
fn patches_follow_the_dialect_of_the_go_library() {
    let object = json!({"kind": "K", "a": {"": 1, "b": [1, 2, 3]}, "": 5});
    for (path, left) in [
        (
            "/a/b/-1",
            json!({"kind": "K", "a": {"": 1, "b": [1, 2]}, "": 5}),
        ),
        (
            "/a/b/+01",
            json!({"kind": "K", "a": {"": 1, "b": [1, 3]}, "": 5}),
        ),
        ("/a/b/9", object.clone()),
        ("/a/", json!({"kind": "K", "a": {"b": [1, 2, 3]}, "": 5})),
        ("/a//b", object.clone()),
        ("//a", object.clone()),
        ("", json!({"kind": "K", "a": {"": 1, "b": [1, 2, 3]}})),
        ("kind", object.clone()),
        ("x/kind", json!({"a": {"": 1, "b": [1, 2, 3]}, "": 5})),
    ] {
        assert_eq!(remove(path).apply(&object), Ok(left), "{path}");
    }
    for (path, kind) in [
        ("/a/b/x", PatchErrorKind::Index),
        ("/a/b/-", PatchErrorKind::Index),
        ("/a/b/", PatchErrorKind::Index),
    ] {
        assert_eq!(
            remove(path).apply(&object).unwrap_err().kind,
            kind,
            "{path}"
        );
    }
    assert_eq!(replace("/a/", json!(2)).apply(&object).unwrap()["a"][""], 2);
    assert_eq!(replace("//a", json!(2)).apply(&object), Ok(object.clone()));
    assert_eq!(replace("", json!({})).apply(&object), Ok(json!({})));
    for (path, kind) in [
        ("/new", PatchErrorKind::Missing),
        ("/kind/x", PatchErrorKind::Missing),
        ("/a/b/3", PatchErrorKind::Missing),
        ("", PatchErrorKind::Root),
    ] {
        assert_eq!(
            replace(path, json!(2)).apply(&object).unwrap_err().kind,
            kind,
            "{path}"
        );
    }
}

#[test]
fn later_operations_see_what_earlier_ones_did_also_in_the_copy_behind_two_slashes() {
    let patch = Patch([remove("//a").0, replace("//a", json!(1)).0].concat());
    let error = patch.apply(&json!({"a": 0})).unwrap_err();
    assert_eq!(
        (error.path.as_str(), error.kind),
        ("//a", PatchErrorKind::Missing)
    );
}

fn object(spec: Value) -> Value {
    json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "d", "resourceVersion": "7"}, "spec": spec})
}

fn rule(path: &str, kind: Option<&str>) -> IgnoreRule {
    let selector = |kind: &str| Selector {
        kind: Some(kind.to_owned()),
        ..Selector::default()
    };
    IgnoreRule {
        paths: vec![path.to_owned()],
        target: kind.map(selector),
    }
}

#[test]
fn of_rules_without_a_target_the_last_one_counts_unless_all_are_wanted() {
    let rules = [
        rule("/spec/a", None),
        rule("/spec/b", Some("D.*")),
        rule("/spec/c", None),
    ];
    let paths = |targetless| {
        let rules = IgnoreRules::compile(&rules, targetless).unwrap();
        rules
            .paths(&object(json!({})))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(paths(Targetless::Last), ["/spec/b", "/spec/c"]);
    assert_eq!(paths(Targetless::All), ["/spec/a", "/spec/b", "/spec/c"]);
}

/// K8: in Flux 2.9 a field that only the server knows makes the whole apply fail.
#[test]
fn a_field_that_the_payload_lacks_is_not_adopted_since_2_10() {
    let rules = IgnoreRules::compile(&[rule("/spec/replicas", None)], Targetless::Last).unwrap();
    let payload = object(json!({"paused": true}));
    let (live, dry_run) = (
        object(json!({"replicas": 5})),
        object(json!({"replicas": 1, "paused": true})),
    );
    let decide = |version| {
        let metadata = Metadata::AsItWas;
        Outcome::decide(&payload, Some(&live), &dry_run, &rules, metadata, version)
    };
    let Err(Error::Path(error)) = decide(FluxVersion::V2_9) else {
        panic!("the path is missing");
    };
    assert_eq!(error.kind, PatchErrorKind::Missing);
    let Ok(Outcome::Configured {
        payload: sent,
        ignored,
        ..
    }) = decide(FluxVersion::V2_10)
    else {
        panic!("it drifted");
    };
    assert_eq!(sent, payload);
    assert_eq!(ignored[0].how, How::Adopted(Some(&json!(5))));
}

#[test]
fn an_ignored_field_names_the_manager_that_keeps_it() {
    let rules = IgnoreRules::compile(&[rule("/spec/replicas", None)], Targetless::Last).unwrap();
    let mut live = object(json!({"replicas": 5}));
    live["metadata"]["managedFields"] = json!([
        {"manager": "kustomize-controller", "operation": "Apply", "fieldsV1": {"f:spec": {"f:replicas": {}}}},
        {"manager": "hpa", "operation": "Apply", "fieldsV1": {"f:spec": {"f:replicas": {}}}},
    ]);
    let ignored = rules.plan(&live, &object(json!({"replicas": 1})));
    assert_eq!(ignored[0].how, How::Stripped { owner: "hpa" });
}

#[test]
fn a_rule_that_takes_the_kind_away_fails() {
    let rules = IgnoreRules::compile(&[rule("/kind", None)], Targetless::Last).unwrap();
    let live = object(json!({}));
    assert_eq!(Drift::detect(Some(&live), &live, &rules), Err(Error::Kind));
}

#[test]
fn a_take_over_needs_the_whole_name_and_an_object_that_exists() {
    let desired = object(json!({}));
    let mut live = desired.clone();
    live["metadata"]["managedFields"] =
        json!([{"manager": "old-controller", "operation": "Update", "fieldsV1": {"f:spec": {}}}]);
    let patch = |live: &Value, name: &str| match Cleanup::take_over(
        &desired,
        live,
        key::MANAGER_KUSTOMIZE,
        &[name.to_owned()],
    )
    .unwrap()
    {
        Cleanup::Patch(patch) => patch.0.len(),
        Cleanup::Excluded(_) => 9,
    };
    assert_eq!(patch(&live, "old-controller"), 1);
    assert_eq!(patch(&live, "old"), 0);
    live["metadata"]["labels"] = json!({"kustomize.toolkit.fluxcd.io/ssa": "merge"});
    assert_eq!(patch(&live, "old-controller"), 9);
    live["metadata"]["resourceVersion"] = json!("");
    assert_eq!(patch(&live, "old-controller"), 0);
}

#[test]
fn the_texts_are_those_of_conditions() {
    let object = |namespace: &str| json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s", "namespace": namespace}});
    let error = ApiError::of_status(404, "", "the server could not find it");
    assert_eq!(
        dry_run_failure(&object("shop"), &error),
        "Secret/shop/s not found: the server could not find it"
    );
    assert_eq!(
        dry_run_failure(&object(""), &error),
        "Secret/s namespace not specified: the server could not find it"
    );
    let error = ApiError {
        causes: vec!["FieldManagerConflict".to_owned()],
        ..ApiError::of_status(409, "Conflict", "x")
    };
    assert_eq!(
        dry_run_failure(&object(""), &error),
        "Secret/s dry-run failed (FieldManagerConflict): x"
    );
    let error = ApiError::of_transport("connection refused");
    assert_eq!(
        dry_run_failure(&object(""), &error),
        "Secret/s dry-run failed: connection refused"
    );

    let changes: ChangeSet = [Action::Created, Action::Unchanged, Action::Skipped]
        .map(|action| Change::new(&object(""), action))
        .into_iter()
        .collect();
    assert_eq!(
        changes.to_string(),
        "Secret/s created\nSecret/s unchanged\nSecret/s skipped"
    );
    assert_eq!(changes.changes().to_string(), "Secret/s created");
    assert_eq!(changes.failure("timeout"), "timeout\nSecret/s created\n");
}

#[test]
fn labels_that_are_gone_and_labels_that_are_none_end_in_the_patch() {
    let with = |metadata: Value| json!({"kind": "K", "metadata": metadata});
    for (live, dry_run, patch) in [
        (
            json!({"labels": {"a/b": "1"}}),
            json!({}),
            r#"[{"op":"remove","path":"/metadata/labels/a~1b"}]"#,
        ),
        (
            json!({}),
            json!({"labels": {"a": null}}),
            r#"[{"op":"add","path":"/metadata/labels","value":{"a":""}}]"#,
        ),
        (
            json!({"labels": {"a": 1}}),
            json!({"labels": {"a": "1"}}),
            r#"[{"op":"add","path":"/metadata/labels","value":{"a":"1"}}]"#,
        ),
        (
            json!(null),
            json!({"labels": {"a": "1"}}),
            r#"[{"op":"add","path":"/metadata","value":{"labels":{"a":"1"}}}]"#,
        ),
    ] {
        let mut dry_run = with(dry_run);
        dry_run["metadata"]["resourceVersion"] = json!("7");
        let drift = Drift::detect(Some(&with(live)), &dry_run, &IgnoreRules::default()).unwrap();
        assert_eq!(drift.patch().unwrap().to_string(), patch);
    }
}

#[test]
fn an_autoscaler_that_does_not_fit_its_type_is_compared_as_a_whole() {
    let scaler = |spec: Value, version: &str| {
        json!({"apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler", "spec": spec,
            "metadata": {"name": "h", "resourceVersion": version}})
    };
    let drifts = |spec: Value| {
        let (live, dry_run) = (scaler(spec.clone(), "7"), scaler(spec, "8"));
        Drift::detect(Some(&live), &dry_run, &IgnoreRules::default())
            .unwrap()
            .is_drifted()
    };
    assert!(!drifts(json!({"maxReplicas": 3})));
    assert!(drifts(json!({"maxReplicas": 1.5})));
}
