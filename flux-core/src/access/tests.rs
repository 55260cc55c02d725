use std::collections::BTreeMap;

use fluxcd_api::meta::{AccessFrom, Kind, NamespaceSelector, ObjectMeta};
use fluxcd_api::object::FluxObject;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Access, Allowed, Cause, Denial, Effect, Facts, Field, Identity, Reference};

fn blocked() -> Facts<'static> {
    Facts {
        no_cross_namespace_refs: true,
        ..Facts::default()
    }
}

fn decode(api_version: &str, kind: &str, spec: Value) -> FluxObject {
    let metadata = json!({"name": "x", "namespace": "a"});
    let object =
        json!({"apiVersion": api_version, "kind": kind, "metadata": metadata, "spec": spec});
    FluxObject::decode(object).unwrap()
}

/// The one reference of an object that is denied in a locked-down cluster, its effect and its message.
fn denied(object: &FluxObject) -> (Field, Effect, String) {
    let references = Reference::all(object);
    let denials = references
        .iter()
        .filter_map(|reference| reference.decide(&blocked()).denial());
    let denials: Vec<Denial> = denials.collect();
    let [denial] = denials.as_slice() else {
        panic!("{denials:?}");
    };
    (denial.reference.field, denial.effect(), denial.to_string())
}

#[test]
fn every_controller_denies_in_its_own_words() {
    let source = json!({"kind": "GitRepository", "name": "s", "namespace": "b"});
    let chart = json!({"kind": "OCIRepository", "name": "s", "namespace": "b"});
    let helm = "helm.toolkit.fluxcd.io/v2";
    for (object, field, effect, message) in [
        (
            decode(
                "kustomize.toolkit.fluxcd.io/v1",
                "Kustomization",
                json!({
                    "interval": "1m", "prune": true, "sourceRef": source,
                    "dependsOn": [{"name": "d", "namespace": "b"}],
                    "healthChecks": [{"kind": "Deployment", "name": "h", "namespace": "b"}],
                }),
            ),
            Field::KustomizationSource,
            Effect::Stalled,
            "can't access 'GitRepository/b/s', cross-namespace references have been blocked",
        ),
        (
            decode(
                helm,
                "HelmRelease",
                json!({"interval": "1m", "chartRef": chart, "dependsOn": [{"name": "d", "namespace": "b"}]}),
            ),
            Field::ChartReference,
            Effect::Stalled,
            "cross-namespace references are not allowed: cannot access OCIRepository b/s",
        ),
        (
            decode(
                helm,
                "HelmRelease",
                json!({"interval": "1m", "chart": {"spec": {"chart": "c", "sourceRef": source}}}),
            ),
            Field::ChartTemplate,
            Effect::Unreported,
            "cross-namespace references are not allowed: cannot access HelmChart b/a-x",
        ),
        (
            decode(
                "image.toolkit.fluxcd.io/v1",
                "ImagePolicy",
                json!({"imageRepositoryRef": {"name": "s", "namespace": "b"}, "policy": {}}),
            ),
            Field::ImageRepository,
            Effect::Retried,
            "cannot access 'ImageRepository/b/s', cross-namespace references have been blocked",
        ),
        (
            decode(
                "image.toolkit.fluxcd.io/v1",
                "ImageUpdateAutomation",
                json!({"interval": "1m", "sourceRef": source}),
            ),
            Field::AutomationSource,
            Effect::Stalled,
            "can't access 'GitRepository/b/s', cross-namespace references have been blocked",
        ),
        (
            decode(
                "notification.toolkit.fluxcd.io/v1beta3",
                "Alert",
                json!({"providerRef": {"name": "p"}, "eventSources": [source]}),
            ),
            Field::EventSource,
            Effect::EventDropped,
            "discarding event, access denied to cross-namespace sources: alert 'a/x' can't process event from \
             'GitRepository/b/s', cross-namespace references have been blocked",
        ),
        (
            decode(
                "notification.toolkit.fluxcd.io/v1",
                "Receiver",
                json!({"type": "generic", "resources": [source]}),
            ),
            Field::ReceiverResource,
            Effect::CallFailed,
            "cross-namespace references are not allowed",
        ),
        (
            decode(
                "source.extensions.fluxcd.io/v1beta1",
                "ArtifactGenerator",
                json!({
                    "sources": [{"alias": "s", "kind": "GitRepository", "name": "s", "namespace": "b"}],
                    "artifacts": [],
                }),
            ),
            Field::GeneratorSource,
            Effect::Stalled,
            "cross-namespace reference to source GitRepository/b/s is not allowed",
        ),
    ] {
        assert_eq!(denied(&object), (field, effect, message.to_owned()));
        for reference in Reference::all(&object) {
            let open = reference.decide(&Facts::default());
            assert_eq!(open.is_allowed(), reference.field != Field::ImageRepository);
        }
    }
}

#[test]
fn an_external_artifact_needs_its_gate_also_in_the_own_namespace() {
    let source = json!({"kind": "ExternalArtifact", "name": "s"});
    let message = "can't access 'ExternalArtifact/a/s', ExternalArtifact feature gate is disabled";
    for object in [
        decode(
            "kustomize.toolkit.fluxcd.io/v1",
            "Kustomization",
            json!({"interval": "1m", "prune": true, "sourceRef": source}),
        ),
        decode(
            "helm.toolkit.fluxcd.io/v2",
            "HelmRelease",
            json!({"interval": "1m", "chartRef": source}),
        ),
    ] {
        let reference = &Reference::all(&object)[0];
        let denial = reference.decide(&Facts::default()).denial().unwrap();
        assert_eq!(
            (&denial.cause, denial.to_string()),
            (&Cause::GateOff, message.to_owned())
        );
        let facts = Facts {
            external_artifact: true,
            ..Facts::default()
        };
        assert_eq!(
            reference.decide(&facts),
            Access::Allow(Allowed::SameNamespace)
        );
    }
}

#[test]
fn a_chart_reference_of_an_unknown_kind_is_taken_for_a_helm_chart() {
    let spec =
        json!({"interval": "1m", "chartRef": {"kind": "Odd", "name": "s", "namespace": "b"}});
    let object = decode("helm.toolkit.fluxcd.io/v2", "HelmRelease", spec);
    assert!(denied(&object).2.ends_with("cannot access HelmChart b/s"));
}

fn repository() -> Reference {
    let own = ObjectMeta {
        name: Some("p".to_owned()),
        namespace: Some("a".to_owned()),
        ..ObjectMeta::default()
    };
    Reference::new(
        Field::ImageRepository,
        &own,
        Kind::ImageRepository,
        Some("b"),
        "r",
    )
}

fn selectors(selectors: &[&[(&str, &str)]]) -> AccessFrom {
    let selector = |labels: &&[(&str, &str)]| NamespaceSelector {
        match_labels: Some(texts(labels)),
    };
    AccessFrom {
        namespace_selectors: selectors.iter().map(selector).collect(),
    }
}

fn texts(entries: &[(&str, &str)]) -> BTreeMap<String, String> {
    let text = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
    entries.iter().map(text).collect()
}

#[test]
fn one_selector_that_fits_is_enough_unless_one_before_it_is_none() {
    let labels = texts(&[("team", "a"), ("stage", "prod")]);
    let reference = repository();
    let decide = |list: &[&[(&str, &str)]]| {
        let access_from = selectors(list);
        let facts = Facts {
            access_from: Some(&access_from),
            namespace_labels: Some(&labels),
            ..Facts::default()
        };
        match reference.decide(&facts) {
            Access::Allow(Allowed::Selector(index)) => Ok(index),
            Access::Deny(denial) => Err(denial.to_string()),
            Access::Allow(other) => panic!("{other:?}"),
        }
    };
    let mismatch =
        "access denied: 'b/r' can't be accessed due to ACL labels mismatch on namespace 'a'";
    assert_eq!(decide(&[]), Err(mismatch.to_owned()));
    assert_eq!(decide(&[&[("team", "b")]]), Err(mismatch.to_owned()));
    assert_eq!(
        decide(&[&[("team", "a"), ("stage", "dev")]]),
        Err(mismatch.to_owned())
    );
    assert_eq!(decide(&[&[("team", "b")], &[]]), Ok(1));
    assert_eq!(decide(&[&[("team", "a")], &[("team", "a b")]]), Ok(0));
    let wrong = decide(&[&[("team", "a b")], &[("team", "a")]]).unwrap_err();
    assert!(wrong.starts_with(
        "access denied: values[0][team]: Invalid value: \"a b\": a valid label must be"
    ));
}

#[test]
fn without_labels_or_a_list_access_is_denied() {
    let (reference, labels) = (repository(), texts(&[]));
    let message = |facts: &Facts<'_>| reference.decide(facts).denial().unwrap().to_string();
    let facts = Facts {
        namespace_labels: Some(&labels),
        ..Facts::default()
    };
    assert_eq!(
        message(&facts),
        "access denied: 'b/r' can't be accessed due to missing ACL labels on 'accessFrom'"
    );
    let access_from = selectors(&[&[]]);
    let facts = Facts {
        access_from: Some(&access_from),
        ..Facts::default()
    };
    assert_eq!(message(&facts), "access denied: namespaces \"a\" not found");
}

#[test]
fn an_event_of_another_namespace_is_dropped() {
    let alert = ObjectMeta {
        name: Some("x".to_owned()),
        namespace: Some("a".to_owned()),
        ..Default::default()
    };
    let event = Reference::of_event(&alert, Kind::HelmRelease, "b", "y");
    let denial = event.decide(&blocked()).denial().unwrap();
    assert_eq!(denial.reason(), Some("NotificationDispatchFailed"));
    // An event without a namespace is not of the Alert's.
    assert!(
        !Reference::of_event(&alert, Kind::HelmRelease, "", "y")
            .decide(&blocked())
            .is_allowed()
    );
}

#[test]
fn the_own_account_wins_over_the_flag_and_an_empty_one_is_none() {
    let user = |spec, flag| Identity::decide("ns", spec, flag).user();
    assert_eq!(
        user(Some("own"), Some("flag")).as_deref(),
        Some("system:serviceaccount:ns:own")
    );
    assert_eq!(
        user(Some(""), Some("flag")).as_deref(),
        Some("system:serviceaccount:ns:flag")
    );
    assert_eq!(user(None, Some("")), None);
}

proptest! {
    #[test]
    fn lockdown_only_takes_away(
        field in prop::sample::select(vec![
            Field::KustomizationSource, Field::Dependency, Field::HealthCheck, Field::ChartReference,
            Field::ChartTemplate, Field::ImageRepository, Field::AutomationSource, Field::EventSource,
            Field::ReceiverResource, Field::GeneratorSource,
        ]),
        namespace in "[ab]{0,1}",
        gate in any::<bool>(),
        list in prop::option::of(prop::collection::vec(prop::collection::btree_map("[a. ]{0,1}", "[a. ]{0,1}", 0..2), 0..2)),
        labels in prop::option::of(prop::collection::btree_map("[a.]{0,1}", "[a.]{0,1}", 0..2)),
    ) {
        let own = ObjectMeta { namespace: Some("a".to_owned()), ..ObjectMeta::default() };
        let reference = Reference::new(field, &own, Kind::ExternalArtifact, Some(&namespace), "x");
        let list = list.map(|list| AccessFrom {
            namespace_selectors: list.into_iter().map(|labels| NamespaceSelector { match_labels: Some(labels) }).collect(),
        });
        let open = Facts {
            external_artifact: gate,
            access_from: list.as_ref(),
            namespace_labels: labels.as_ref(),
            ..Facts::default()
        };
        let locked = Facts { no_cross_namespace_refs: true, ..open };
        let (open, locked) = (reference.decide(&open), reference.decide(&locked));
        prop_assert!(open.is_allowed() || !locked.is_allowed());
        prop_assert!(field.is_restricted() || locked.is_allowed());
        if let Access::Deny(denial) = &locked {
            prop_assert!(reference.crosses() || denial.cause == Cause::GateOff);
        }
    }
}
