use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use fluxcd_api::meta::key;
use fluxcd_api::object::FluxObject;
use fluxcd_api::registry;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{
    Ask, Handled, Ignored, Last, Plan, Refusal, Verdict, handle, is_requested, is_watched, plan,
    token,
};

fn texts(entries: &[(&str, &str)]) -> BTreeMap<String, String> {
    let text = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
    entries.iter().map(text).collect()
}

#[test]
fn every_reason_for_ignoring_is_told() {
    let last = Last {
        reconcile: "a",
        request: "a",
    };
    for (requested, forced, last, reason, remembered) in [
        (Some("b"), None, last, Ignored::Absent, "a"),
        (None, Some("b"), last, Ignored::Alone, "b"),
        (Some("b"), Some("c"), last, Ignored::OtherToken, "c"),
        (
            Some("b"),
            Some("b"),
            Last {
                request: "b",
                ..last
            },
            Ignored::Repeated,
            "b",
        ),
        (
            Some("b"),
            Some("b"),
            Last {
                reconcile: "b",
                ..last
            },
            Ignored::Late,
            "b",
        ),
        // An empty token is one, and an empty memory is that of it.
        (Some(""), Some(""), Last::default(), Ignored::Repeated, ""),
    ] {
        let mut annotations = BTreeMap::new();
        for (key, token) in [
            (key::RECONCILE_REQUEST, requested),
            (key::FORCE_REQUEST, forced),
        ] {
            annotations.extend(token.map(|token| (key.to_owned(), token.to_owned())));
        }
        let expected = Handled {
            verdict: Verdict::Ignore(reason),
            last_handled: remembered,
        };
        assert_eq!(
            handle(Some(&annotations), key::FORCE_REQUEST, last),
            expected
        );
    }
}

#[test]
fn taking_the_annotation_away_asks_for_nothing() {
    let (none, one) = (texts(&[]), texts(&[(key::RECONCILE_REQUEST, "1")]));
    let (two, empty) = (
        texts(&[(key::RECONCILE_REQUEST, "2")]),
        texts(&[(key::RECONCILE_REQUEST, "")]),
    );
    for (old, new, expected) in [
        (&none, &one, true),
        (&none, &empty, true),
        (&one, &two, true),
        (&one, &one, false),
        (&one, &none, false),
        (&none, &none, false),
    ] {
        assert_eq!(is_requested(Some(old), Some(new)), expected);
    }
    assert!(is_requested(None, Some(&one)) && !is_requested(Some(&one), None));
}

#[test]
fn the_watch_label_is_compared_to_the_letter() {
    assert!(is_watched(Some(&texts(&[(key::WATCH, "Enabled")]))));
    assert!(!is_watched(Some(&texts(&[(key::WATCH, "enabled")]))));
    assert!(!is_watched(None));
}

#[test]
fn tokens_have_as_many_digits_as_it_takes() {
    for (seconds, nanoseconds, expected) in [
        (0, 0, "1970-01-01T00:00:00Z"),
        (0, 1, "1970-01-01T00:00:00.000000001Z"),
        (1_800_000_000, 120_000_000, "2027-01-15T08:00:00.12Z"),
        (1_800_000_000, 0, "2027-01-15T08:00:00Z"),
        (-62_198_755_200, 0, "-0001-01-01T00:00:00Z"),
        (253_402_300_800, 0, "10000-01-01T00:00:00Z"),
    ] {
        let now = DateTime::from_timestamp(seconds, nanoseconds).unwrap();
        assert_eq!(token(now), expected);
    }
}

/// An object of the kind with what its type needs.
fn object(api_version: &str, kind: &str, extra: &Value) -> FluxObject {
    let mut spec = json!({
        "interval": "1m", "prune": true, "url": "x", "bucketName": "x", "endpoint": "x", "image": "x",
        "sourceRef": {"kind": "GitRepository", "name": "x"}, "imageRepositoryRef": {"name": "x"}, "policy": {},
        "providerRef": {"name": "x"}, "eventSources": [], "type": "generic", "resources": [], "sources": [],
        "artifacts": [],
    });
    match kind {
        "HelmChart" => spec["chart"] = json!("x"),
        "HelmRepository" => spec["type"] = json!("default"),
        _ => {}
    }
    let extra = extra.as_object().cloned().unwrap_or_default();
    spec.as_object_mut().unwrap().extend(extra);
    let object =
        json!({"apiVersion": api_version, "kind": kind, "metadata": {"name": "x"}, "spec": spec});
    FluxObject::decode(object).unwrap_or_else(|error| panic!("{kind}: {error}"))
}

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(0, 0).unwrap()
}

#[test]
fn each_kind_knows_its_requests() {
    for known in registry::ALL {
        let object = object(&known.api_version(), known.kind, &json!({}));
        let answers = [
            Ask::Reconcile,
            Ask::Force,
            Ask::Reset,
            Ask::Suspend,
            Ask::Resume,
        ];
        let [reconcile, force, reset, suspend, resume] =
            answers.map(|ask| plan(&object, ask, now()));
        let is_static = matches!(known.kind, "Alert" | "Provider" | "ExternalArtifact");
        assert_eq!(
            reconcile == Plan::Refuse(Refusal::Static),
            is_static,
            "{}",
            known.kind
        );
        let forces = known.kind == "HelmRelease";
        for answer in [force, reset] {
            assert_eq!(
                answer != Plan::Refuse(Refusal::Unknown),
                forces,
                "{}",
                known.kind
            );
        }
        match known.kind {
            "ExternalArtifact" => assert_eq!(suspend, Plan::Refuse(Refusal::Unknown)),
            "ArtifactGenerator" => {
                let key = "source.extensions.fluxcd.io/reconcile";
                let patch = json!({"metadata": {"annotations": {key: "Disabled"}}});
                assert_eq!((suspend, resume), (Plan::Patch(patch), Plan::Done));
            }
            _ => {
                let patch = json!({"spec": {"suspend": true}});
                assert_eq!(
                    (suspend, resume),
                    (Plan::Patch(patch), Plan::Done),
                    "{}",
                    known.kind
                );
            }
        }
    }
}

#[test]
fn a_suspended_object_is_resumed_by_taking_the_field_away() {
    let release = object(
        "helm.toolkit.fluxcd.io/v2",
        "HelmRelease",
        &json!({"suspend": true}),
    );
    assert_eq!(plan(&release, Ask::Suspend, now()), Plan::Done);
    assert_eq!(
        plan(&release, Ask::Resume, now()),
        Plan::Patch(json!({"spec": {"suspend": null}}))
    );
    assert_eq!(
        plan(&release, Ask::Force, now()),
        Plan::Refuse(Refusal::Suspended)
    );
}

#[test]
fn force_asks_for_the_reconciliation_with_the_same_token() {
    let release = object("helm.toolkit.fluxcd.io/v2", "HelmRelease", &json!({}));
    let token = "1970-01-01T00:00:00Z";
    let annotations = json!({key::RECONCILE_REQUEST: token, key::FORCE_REQUEST: token});
    let patch = json!({"metadata": {"annotations": annotations}});
    assert_eq!(plan(&release, Ask::Force, now()), Plan::Patch(patch));
}

#[test]
fn a_helm_repository_in_a_registry_and_an_unknown_object_are_not_asked() {
    let repository = object(
        "source.toolkit.fluxcd.io/v1",
        "HelmRepository",
        &json!({"type": "oci"}),
    );
    assert_eq!(
        plan(&repository, Ask::Reconcile, now()),
        Plan::Refuse(Refusal::Static)
    );
    let unknown = object("example.com/v1", "X", &json!({}));
    for ask in [Ask::Reconcile, Ask::Force, Ask::Suspend] {
        assert_eq!(plan(&unknown, ask, now()), Plan::Refuse(Refusal::Unknown));
    }
}

proptest! {
    #[test]
    fn a_request_is_acted_on_at_most_once(
        tokens in prop::collection::vec(prop::option::of("[ab]{0,1}"), 2),
        reconcile in "[ab]{0,1}",
        request in "[ab]{0,1}",
    ) {
        let keys = [key::RECONCILE_REQUEST, key::FORCE_REQUEST];
        let annotations = keys.iter().zip(&tokens);
        let annotations = annotations.filter_map(|(key, token)| Some(((*key).to_owned(), token.clone()?)));
        let annotations = annotations.collect();
        let last = Last { reconcile: &reconcile, request: &request };
        let first = handle(Some(&annotations), key::FORCE_REQUEST, last);
        let again = handle(
            Some(&annotations),
            key::FORCE_REQUEST,
            Last { request: first.last_handled, ..last },
        );
        prop_assert!(!again.acts());
        prop_assert_eq!(again.last_handled, first.last_handled);
    }
}
