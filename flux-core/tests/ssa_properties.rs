//! Laws of server-side apply.
#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

use fluxcd_api::meta::{IgnoreRule, Selector};
use fluxcd_core::FluxVersion;
use fluxcd_core::ssa::{
    ApiError, Change, Cleanup, CustomKinds, Drift, IgnoreRules, Immutable, LabelSelector, Metadata,
    Outcome, Patch, Skip, Stages, Target, Targetless, mask, recreate, remove_invalid_ca_bundle,
};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(|it| json!(it)),
        select(vec![
            json!(2),
            json!(2.0),
            json!(-1),
            json!(1e30),
            json!(u64::MAX)
        ]),
        "[a-c]{0,2}".prop_map(|it| json!(it)),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::Array),
            btree_map(
                select(vec!["a", "b", "0", "x/y", "~1", "name", "-"]),
                inner,
                0..4
            )
            .prop_map(|map| map
                .into_iter()
                .map(|(key, value)| (key.to_owned(), value))
                .collect::<Map<_, _>>()
                .into()),
        ]
    })
}

fn texts() -> impl Strategy<Value = Value> {
    prop_oneof![
        8 => btree_map(select(vec!["app", "x.y/z", "kustomize.toolkit.fluxcd.io/ssa", "fluxcd.io/sync-gc-mark"]),
            select(vec!["web", "", "Merge", "Ignore"]), 0..3).prop_map(|map| json!(map)),
        1 => value(),
    ]
}

fn entry() -> impl Strategy<Value = Value> {
    let managers = vec![
        "kustomize-controller",
        "kubectl-edit",
        "before-first-apply",
        "helm",
        "hpa",
        "",
    ];
    let fields = prop_oneof![
        3 => select(vec![
            json!({"f:spec": {"f:a": {}}}),
            json!({"f:spec": {".": {}, "f:b": {"k:{\"name\":\"a\"}": {}}}}),
            json!({}),
        ]),
        1 => Just(json!(null)),
    ];
    let time = select(vec![
        json!("2024-01-01T00:00:00Z"),
        json!("0001-01-01T00:00:00Z"),
        json!(null),
    ]);
    let subresource = select(vec!["", "", "status"]);
    (select(managers), select(vec!["Apply", "Update"]), fields, time, subresource).prop_map(
        |(manager, operation, fields, time, subresource)| {
            json!({
                "manager": manager, "operation": operation, "apiVersion": "v1", "fieldsType": "FieldsV1",
                "fieldsV1": fields, "time": time, "subresource": subresource,
            })
        },
    )
}

fn object() -> impl Strategy<Value = Value> {
    let kind = select(vec![
        ("v1", "ConfigMap"),
        ("apps/v1", "Deployment"),
        ("v1", "Secret"),
        ("v1", "Namespace"),
        ("storage.k8s.io/v1", "StorageClass"),
        ("example.com/v1", "Widget"),
    ]);
    (kind, texts(), texts(), vec(entry(), 0..5), value(), value()).prop_map(
        |((api_version, kind), labels, annotations, managed, spec, data)| {
            json!({
                "apiVersion": api_version, "kind": kind, "spec": spec, "data": data,
                "metadata": {
                    "name": "a", "resourceVersion": "7", "uid": "u", "labels": labels, "annotations": annotations,
                    "managedFields": managed,
                },
            })
        },
    )
}

fn rules() -> impl Strategy<Value = Vec<IgnoreRule>> {
    let path = prop_oneof![
        4 => "/(spec|data|metadata/labels)(/(a|b|0|1|-1|x~1y|~01|name)){1,2}",
        1 => "[a/0~-]{0,5}",
    ];
    let target = select(vec![None, Some(".*"), Some("Deployment"), Some("(")]);
    let rule = (vec(path, 0..3), target).prop_map(|(paths, kind)| IgnoreRule {
        paths,
        target: kind.map(|kind| Selector {
            kind: Some(kind.to_owned()),
            ..Selector::default()
        }),
    });
    vec(rule, 0..3)
}

/// What is answered; a path or a target that cannot be followed says nothing about the law.
macro_rules! answered {
    ($answer:expr) => {
        match $answer {
            Ok(answer) => answer,
            Err(_) => return Ok(()),
        }
    };
}

proptest! {
    #[test]
    fn a_drift_that_is_applied_is_none(live in object(), dry_run in object(), rules in rules()) {
        let rules = answered!(IgnoreRules::compile(&rules, Targetless::All));
        let drift = answered!(Drift::detect(Some(&live), &dry_run, &rules));
        let live = answered!(rules.remove(&live, &dry_run));
        let dry_run = answered!(rules.remove(&dry_run, &dry_run));
        let none = IgnoreRules::default();
        prop_assert_eq!(&drift, &Drift::detect(Some(&live), &dry_run, &none).unwrap());
        if let Some(patch) = drift.patch() {
            prop_assert!(!patch.is_empty());
            let mended = patch.apply(&live).unwrap();
            prop_assert_eq!(Drift::detect(Some(&mended), &dry_run, &none).unwrap(), Drift::None);
            for key in ["apiVersion", "kind", "spec", "data"] {
                prop_assert_eq!(mended.get(key), dry_run.get(key));
            }
        }
    }

    #[test]
    fn nothing_drifts_from_itself(object in object(), rules in rules()) {
        let rules = answered!(IgnoreRules::compile(&rules, Targetless::Last));
        let drift = answered!(Drift::detect(Some(&object), &object, &rules));
        prop_assert!(drift.patch().is_none());
    }

    #[test]
    fn an_object_is_written_exactly_if_it_drifted_or_was_repaired(
        live in object(), dry_run in object(), rules in rules(), repaired in any::<bool>(),
    ) {
        let rules = answered!(IgnoreRules::compile(&rules, Targetless::Last));
        let metadata = if repaired { Metadata::Repaired } else { Metadata::AsItWas };
        let drift = answered!(Drift::detect(Some(&live), &dry_run, &rules));
        let outcome = Outcome::decide(&dry_run, Some(&live), &dry_run, &rules, metadata, FluxVersion::V2_10);
        let outcome = answered!(outcome);
        prop_assert_eq!(outcome == Outcome::Unchanged, !drift.is_drifted() && !repaired);
    }

    #[test]
    fn the_stages_hold_every_object_once(objects in vec(object(), 0..8), flag in "[A-Za-z0-9/., ]{0,20}") {
        let stages = Stages::plan(&objects, &CustomKinds::parse(&flag));
        let all = [stages.definitions, stages.classes, stages.custom, stages.rest].concat();
        let addresses = |objects: Vec<&Value>| {
            let mut addresses: Vec<_> = objects.into_iter().map(std::ptr::from_ref).collect();
            addresses.sort();
            addresses
        };
        prop_assert_eq!(addresses(all), addresses(objects.iter().collect()));
    }

    #[test]
    fn a_clean_up_leaves_nothing_to_clean_up(live in object(), names in vec("(helm|hpa|kube|)", 0..2)) {
        let patch = answered!(Patch::of_cleanup(&live, MANAGER, &names));
        let clean = patch.apply(&live).unwrap();
        prop_assert_eq!(Patch::of_cleanup(&clean, MANAGER, &names).unwrap(), Patch::default());

        let desired = json!({"apiVersion": "v2", "kind": "ConfigMap"});
        let moved = Patch::of_api_version(&desired, &live).apply(&live).unwrap();
        prop_assert!(Patch::of_api_version(&desired, &moved).is_empty());

        if let Cleanup::Patch(patch) = answered!(Cleanup::take_over(&desired, &live, MANAGER, &names)) {
            let taken = patch.apply(&live).unwrap();
            prop_assert_eq!(Cleanup::take_over(&desired, &taken, MANAGER, &names).unwrap(), Cleanup::Patch(Patch::default()));
        }
    }

    #[test]
    fn no_value_of_a_secret_is_left(data in btree_map("[a-c]", "[A-Z]{4}", 0..4), other in btree_map("[a-c]", "[A-Z]{4}", 0..4)) {
        let secret = |data| json!({"apiVersion": "v1", "kind": "Secret", "data": data});
        let (mut before, mut after) = (secret(json!(data)), secret(json!(other)));
        mask(&mut before, &mut after).unwrap();
        for secret in [&before, &after] {
            for value in secret["data"].as_object().unwrap().values() {
                prop_assert!(value.as_str().unwrap().starts_with("***"));
            }
        }
        for (key, value) in &data {
            let differs = other.get(key).is_some_and(|other| other != value);
            prop_assert_eq!(before["data"][key] == "*** (before)", differs);
            prop_assert_eq!(after["data"].get(key) == Some(&json!("*** (after)")), differs);
        }
    }

    #[test]
    fn a_selector_reads_back_as_itself(text in "([!]?[a-c/]{1,3}( in | notin |=|!=|>|)[(]?[a-c0-9, ]{0,4}[)]?,?){0,3}") {
        if let Ok(selector) = LabelSelector::parse(&text) {
            prop_assert_eq!(LabelSelector::parse(&selector.to_string()), Ok(selector));
        }
    }

    #[test]
    fn nothing_panics(
        a in prop_oneof![object(), value()], b in prop_oneof![object(), value()], rules in rules(), text in ".{0,12}",
    ) {
        let rules = IgnoreRules::compile(&rules, Targetless::Last).unwrap_or_default();
        let outcome = Outcome::decide(&a, Some(&b), &a, &rules, Metadata::Repaired, FluxVersion::V2_9);
        drop(outcome);
        drop(rules.plan(&a, &b));
        drop(Patch::of_cleanup(&a, MANAGER, std::slice::from_ref(&text)));
        drop(LabelSelector::parse(&text));
        let selector = Selector { name: Some(text.clone()), label_selector: Some(text.clone()), ..Selector::default() };
        drop(Target::compile(&selector).map(|target| target.miss(&a)));
        let error = ApiError::of_status(409, text.clone(), text);
        let _ = (Skip::decide(&a, Some(&b)), recreate(&a, &b, true, &error, Immutable::Invalid));
        let _ = Change::new(&a, Outcome::Unchanged.action());
        let (mut before, mut after) = (a, b);
        drop(mask(&mut before, &mut after));
        remove_invalid_ca_bundle(&mut after);
    }
}

const MANAGER: &str = "kustomize-controller";
