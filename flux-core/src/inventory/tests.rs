use std::cmp::Ordering;

use proptest::prelude::*;
use serde_json::json;

use super::{Error, ObjectId, order};

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
    fn the_order_is_total(a in ids(), b in ids(), c in ids()) {
        prop_assert_eq!(a.cmp(&b), b.cmp(&a).reverse());
        prop_assert_eq!(a.cmp(&b) == Ordering::Equal, a == b);
        prop_assert!(!(a <= b && b <= c) || a <= c);
        prop_assert!(order::rank(&a.kind) <= order::rank(&b.kind) || a > b);
    }
}
