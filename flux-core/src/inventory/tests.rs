use std::cmp::Ordering;
use std::collections::BTreeSet;

use fluxcd_api::kustomize::v1::{DeletionPolicy, KustomizationSpec};
use fluxcd_api::meta::{Duration, Origin, ResourceInventory, ResourceRef};
use fluxcd_api::registry::Scope;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{
    Action, Error, Finalization, Kept, ObjectId, Orphaned, Owner, Place, Prune, Resource, Switch,
    diff, list, merge, no_account_text, of_release, order, references, survivors,
};
use crate::FluxVersion::{V2_9, V2_10};

fn inventory(entries: &[(&str, &str)]) -> ResourceInventory {
    let entry = |(id, version): &(&str, &str)| ResourceRef {
        id: (*id).to_owned(),
        version: (*version).to_owned(),
    };
    ResourceInventory {
        entries: entries.iter().map(entry).collect(),
    }
}

fn id(namespace: &str, name: &str, group: &str, kind: &str) -> ObjectId {
    ObjectId {
        namespace: namespace.to_owned(),
        name: name.to_owned(),
        group: group.to_owned(),
        kind: kind.to_owned(),
    }
}

#[test]
fn an_api_version_with_two_slashes_leaves_group_and_kind_empty() {
    let object = json!({"apiVersion": "a/b/c", "kind": "X", "metadata": {"name": "n"}});
    assert_eq!(ObjectId::of(&object), id("", "n", "", ""));
    assert_eq!(ObjectId::of(&json!([])), ObjectId::default());
}

#[test]
fn the_error_quotes_the_part_without_an_underscore() {
    for (text, rest) in [("abc", "abc"), ("a_b", "b"), ("a_b_c", "b"), ("__", "")] {
        let rest = rest.to_owned();
        assert_eq!(ObjectId::parse(text), Err(Error::Id { rest }));
    }
}

#[test]
fn an_underscore_in_a_namespace_group_or_kind_is_lossy() {
    assert!(!id("ns", "a_b", "apps", "Deployment").is_lossy());
    for odd in [
        id("n_s", "a", "apps", "Deployment"),
        id("ns", "a", "ap_ps", "Deployment"),
        id("ns", "a", "apps", "Deploy_ment"),
        id("ns", "a__b", "apps", "Deployment"),
    ] {
        assert!(odd.is_lossy(), "{odd}");
    }
}

#[test]
fn the_group_plays_no_part_in_the_rank() {
    let odd = id("", "x", "example.com", "Namespace");
    assert!(odd < id("", "x", "apps", "Deployment"));
    assert!(odd > id("", "x", "", "Namespace"));
}

#[test]
fn of_a_repeated_id_2_9_takes_the_first_version_and_2_10_the_last() {
    let old = inventory(&[("ns_a_apps_X", "v1"), ("ns_a_apps_X", "v2")]);
    let version = |flux| {
        diff(&old, &inventory(&[]), flux).unwrap()[0]
            .version
            .clone()
    };
    assert_eq!(
        (version(V2_9), version(V2_10)),
        ("v1".to_owned(), "v2".to_owned())
    );
}

#[test]
fn a_stale_object_with_a_lossy_id_has_lost_its_version() {
    let old = inventory(&[("ns_a__b_apps_X", "v1")]);
    let stale = diff(&old, &inventory(&[]), V2_9).unwrap();
    assert_eq!(
        (stale[0].id.name.as_str(), stale[0].version.as_str()),
        ("a:b", "")
    );
    // Reading it for a deletion takes the version from the entry itself.
    assert_eq!(list(&old).unwrap()[0].version, "v1");
}

#[test]
fn a_slash_in_group_or_version_moves_the_border_between_them() {
    let listed = list(&inventory(&[("ns_a__X", "apps/v1")])).unwrap();
    assert_eq!(
        (listed[0].id.group.as_str(), listed[0].version.as_str()),
        ("apps", "v1")
    );
    let listed = list(&inventory(&[("ns_a_x/y_X", "v1")])).unwrap();
    assert_eq!(listed[0].id, id("ns", "a", "", ""));
}

#[test]
fn a_reference_without_a_namespace_means_an_object_of_the_cluster() {
    let checks = serde_json::from_value::<Vec<_>>(json!([
        {"kind": "Deployment", "name": "a"},
        {"apiVersion": "", "kind": "X", "name": "b", "namespace": "ns"},
    ]));
    let ids = references(&checks.unwrap()).unwrap();
    assert_eq!(
        ids,
        [
            id("", "a", "apps", "Deployment"),
            id("ns", "b", "apps", "X")
        ]
    );
}

#[test]
fn an_object_without_a_confirmed_action_survives() {
    let stale = list(&inventory(&[
        ("ns_a__X", "v1"),
        ("ns_b__X", "v1"),
        ("ns_c__X", "v1"),
    ]))
    .unwrap();
    let actions = [
        (id("ns", "a", "", "X"), Action::Skipped),
        (id("ns", "b", "", "X"), Action::Unknown),
    ];
    let survivors = survivors(&stale, &actions);
    assert_eq!(survivors, [&stale[1], &stale[2]]);
    let mut new = inventory(&[("ns_c__X", "v2")]);
    merge(&mut new, survivors);
    assert_eq!(new, inventory(&[("ns_c__X", "v2"), ("ns_b__X", "v1")]));
}

fn live(labels: Value, annotations: Value) -> Value {
    json!({"metadata": {"labels": labels, "annotations": annotations}})
}

const APPS: Owner<'_> = Owner {
    name: "apps",
    namespace: "flux-system",
};

#[test]
fn an_object_that_names_another_owner_stays() {
    let name = "kustomize.toolkit.fluxcd.io/name";
    let namespace = "kustomize.toolkit.fluxcd.io/namespace";
    for (labels, label, found) in [
        (json!({}), name, None),
        (
            json!({name: "Apps", namespace: "flux-system"}),
            name,
            Some("Apps"),
        ),
        (json!({name: "apps"}), namespace, None),
        (json!({name: "apps", namespace: null}), namespace, Some("")),
        // One value that is no text takes all labels with it.
        (
            json!({name: "apps", namespace: "flux-system", "x": 1}),
            name,
            None,
        ),
    ] {
        let live = live(labels, json!({}));
        let kept = Prune::decide(Some(&live), APPS);
        assert_eq!(
            kept,
            Prune::Keep(Kept::Foreign {
                label: label.into(),
                found
            })
        );
        assert_eq!(kept.action(), Action::Skipped);
    }
}

#[test]
fn a_switch_on_the_live_object_keeps_it() {
    for (key, value, keeps) in [
        ("prune", "disabled", true),
        ("prune", "DISABLED", true),
        ("prune", "di\u{17f}abled", true),
        ("prune", "disabled ", false),
        ("prune", "", false),
        ("reconcile", "Disabled", true),
        ("ssa", "ignore", true),
        ("ssa", "Merge", false),
        ("ssa", "IfNotPresent", false),
        ("substitute", "disabled", false),
    ] {
        for place in [Place::Label, Place::Annotation] {
            let mut labels = json!({
                "kustomize.toolkit.fluxcd.io/name": "apps",
                "kustomize.toolkit.fluxcd.io/namespace": "flux-system",
            });
            let mut annotations = json!({});
            let map = match place {
                Place::Label => &mut labels,
                Place::Annotation => &mut annotations,
            };
            map[format!("kustomize.toolkit.fluxcd.io/{key}")] = json!(value);
            let live = live(labels, annotations);
            let decision = Prune::decide(Some(&live), APPS);
            let kept = matches!(
                decision,
                Prune::Keep(Kept::Switch(Switch { place: found, .. })) if found == place
            );
            assert_eq!(kept, keeps, "{key}: {value}");
            assert!(keeps || decision == Prune::Delete);
        }
    }
}

#[test]
fn an_absent_object_is_reported_as_deleted() {
    assert_eq!(Prune::decide(None, APPS).action().as_str(), "deleted");
}

#[test]
fn objects_go_in_reverse_apply_order_and_only_the_waiting_policy_waits() {
    let entries = inventory(&[("_ns__Namespace", "v1"), ("ns_x_apps_Deployment", "v1")]);
    let spec = KustomizationSpec {
        interval: Duration::from_mins(5),
        ..KustomizationSpec::default().pruning()
    };
    let Finalization::Delete {
        objects,
        policy,
        wait,
    } = Finalization::decide(&spec, Some(&entries))
    else {
        panic!("kept");
    };
    let kinds: Vec<_> = objects
        .iter()
        .map(|object| object.id.kind.as_str())
        .collect();
    assert_eq!(kinds, ["Deployment", "Namespace"]);
    assert_eq!((policy.origin, wait), (Origin::Default, None));
    assert_eq!(
        no_account_text(objects.iter().rev()),
        "unable to prune objects: \nNamespace/ns\nDeployment/ns/x"
    );

    let waiting = spec.with_deletion_policy(DeletionPolicy::WaitForTermination);
    let Finalization::Delete { wait, .. } = Finalization::decide(&waiting, Some(&entries)) else {
        panic!("kept");
    };
    assert_eq!(wait.unwrap().value.to_string(), "4m30s");
}

#[test]
fn nothing_is_deleted_when_one_id_cannot_be_read() {
    let entries = inventory(&[("ns_x_apps_Deployment", "v1"), ("broken", "v1")]);
    let spec = KustomizationSpec::default().pruning();
    let decision = Finalization::decide(&spec, Some(&entries));
    assert!(matches!(decision, Finalization::Delete { objects, .. } if objects.is_empty()));
}

#[test]
fn an_unknown_policy_keeps_the_objects() {
    let entries = inventory(&[("ns_x_apps_Deployment", "v1")]);
    let spec = KustomizationSpec::default().pruning();
    let spec = spec.with_deletion_policy(DeletionPolicy::Other("delete".to_owned()));
    let decision = Finalization::decide(&spec, Some(&entries));
    assert!(matches!(
        decision,
        Finalization::Orphan(Orphaned::Policy(_))
    ));
}

#[test]
fn an_object_of_an_unknown_kind_stays_without_a_namespace_and_definitions_come_last() {
    let object = |kind: &str| json!({"apiVersion": "v1", "kind": kind, "metadata": {"name": "x"}});
    let release = of_release(
        &[object("Odd"), object("Pod")],
        &[object("Crd")],
        "apps",
        |id| (id.kind == "Pod").then_some(Scope::Namespaced),
    );
    let ids: Vec<_> = release
        .inventory
        .entries
        .iter()
        .map(|entry| &*entry.id)
        .collect();
    assert_eq!(ids, ["_x__Odd", "apps_x__Pod", "_x__Crd"]);
    assert_eq!(release.unscoped, [id("", "x", "", "Odd")]);
}

#[test]
fn reasons_read_as_clauses() {
    let live = live(
        json!({}),
        json!({"kustomize.toolkit.fluxcd.io/ssa": "IGNORE"}),
    );
    let Prune::Keep(kept) = Prune::decide(Some(&live), APPS) else {
        panic!("not kept");
    };
    assert_eq!(
        kept.to_string(),
        "label kustomize.toolkit.fluxcd.io/name is missing"
    );
    let switch = Switch::find(&live, "kustomize.toolkit.fluxcd.io/ssa", "Ignore").unwrap();
    assert_eq!(
        Kept::Switch(switch).to_string(),
        "annotation kustomize.toolkit.fluxcd.io/ssa is \"IGNORE\""
    );
    let Finalization::Orphan(reason) = Finalization::decide(
        &KustomizationSpec::default(),
        Some(&inventory(&[("a_b__X", "v1")])),
    ) else {
        panic!("deleted");
    };
    assert_eq!(
        reason.to_string(),
        "spec.prune is false, and the policy is MirrorPrune"
    );
}

fn ids() -> impl Strategy<Value = ObjectId> {
    let kind = prop::sample::select(vec!["Role", "ClusterRole", "Namespace", "X", "_", ""]);
    let group = prop::sample::select(vec!["rbac.authorization.k8s.io", "apps", "_", ""]);
    ("[a:_]{0,3}", "[a:_]{0,5}", group, kind)
        .prop_map(|(namespace, name, group, kind)| id(&namespace, &name, group, kind))
}

proptest! {
    #[test]
    fn an_id_round_trips_unless_it_is_lossy(id in ids()) {
        let read = ObjectId::parse(&id.to_string()).unwrap();
        prop_assert_eq!(read == id, !id.is_lossy());
    }

    #[test]
    fn stale_is_what_was_in_the_old_inventory_and_is_not_in_the_new_one(
        old in prop::collection::vec(ids(), 0..8),
        new in prop::collection::vec(ids(), 0..8),
    ) {
        let inventory = |ids: &[ObjectId]| ResourceInventory {
            entries: ids
                .iter()
                .map(|id| Resource { id: id.clone(), version: "v1".to_owned() }.to_entry())
                .collect(),
        };
        let read = |ids: &[ObjectId]| -> BTreeSet<ObjectId> {
            ids.iter().map(|id| ObjectId::parse(&id.to_string()).unwrap()).collect()
        };
        let stale = diff(&inventory(&old), &inventory(&new), V2_9).unwrap();
        let expected: Vec<_> = read(&old).difference(&read(&new)).cloned().collect();
        let stale: Vec<_> = stale.into_iter().map(|resource| resource.id).collect();
        prop_assert_eq!(stale, expected);
    }

    #[test]
    fn no_text_panics_and_no_inventory_differs_from_itself(text in "[a_:/]{0,9}", version in "[v/]{0,3}") {
        let inventory = inventory(&[(&text, &version)]);
        if let Ok(stale) = diff(&inventory, &inventory, V2_9) {
            prop_assert_eq!(stale, []);
        }
    }

    #[test]
    fn the_order_is_total(a in ids(), b in ids(), c in ids()) {
        prop_assert_eq!(a.cmp(&b), b.cmp(&a).reverse());
        prop_assert_eq!(a.cmp(&b) == Ordering::Equal, a == b);
        prop_assert!(!(a <= b && b <= c) || a <= c);
        prop_assert!(order::rank(&a.kind) <= order::rank(&b.kind) || a > b);
    }
}
