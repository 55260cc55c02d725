use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::ConfigMap;
use proptest::prelude::*;
use serde_json::json;

use super::*;

fn object(key: &Key, data: &Value) -> Value {
    let metadata = json!({"name": key.name, "namespace": key.namespace, "uid": "1", "managedFields": [{"manager": "a"}],
        "annotations": {"kubectl.kubernetes.io/last-applied-configuration": "{}", "b": "c"}});
    json!({"metadata": metadata, "data": data})
}

fn values(map: &ConfigMap) -> Vec<String> {
    let data = map.data.as_ref();
    data.map(|data| data.values().cloned().collect())
        .unwrap_or_default()
}

#[test]
fn what_nobody_reads_is_not_stored_and_all_else_is() {
    let cache = Cache::<Value>::new();
    let key = Key::new("a", "b");
    assert_eq!(cache.insert(object(&key, &json!({"x": 1}))), None);
    let stored = cache.get(&key).unwrap().unwrap();
    let metadata = json!({"name": "b", "namespace": "a", "uid": "1", "annotations": {"b": "c"}});
    assert_eq!(stored, json!({"metadata": metadata, "data": {"x": 1}}));
}

#[test]
fn an_object_that_cannot_be_decoded_fails_alone() {
    let cache = Cache::<ConfigMap>::new().index("value", values);
    let (good, bad) = (Key::new("a", "good"), Key::new("a", "bad"));
    cache.insert(object(&good, &json!({"x": "1"})));
    cache.insert(object(&bad, &json!("no map")));
    assert!(cache.get(&good).unwrap().is_ok());
    let error = cache.get(&bad).unwrap().unwrap_err();
    assert_eq!((error.class(), error.subject()), (Class::Decode, "a/bad"));
    let read = cache.list(Some("a"));
    assert_eq!(read.iter().filter(|read| read.is_ok()).count(), 1);
    assert_eq!(cache.by_index("value", "1"), [good]);
}

#[test]
fn a_namespace_is_listed_alone_and_a_cluster_scoped_object_has_none() {
    let cache = Cache::<ConfigMap>::new();
    let keys = [
        Key::new("", "x"),
        Key::new("a", "y"),
        Key::new("a", "z"),
        Key::new("ab", "y"),
    ];
    for key in &keys {
        cache.insert(object(key, &Value::Null));
    }
    assert_eq!(cache.keys(), keys);
    for (namespace, count) in [(None, 4), (Some("a"), 2), (Some(""), 1), (Some("b"), 0)] {
        assert_eq!(cache.list(namespace).len(), count, "{namespace:?}");
    }
}

#[test]
fn a_list_removes_what_it_does_not_name() {
    let cache = Cache::<ConfigMap>::new().index("value", values);
    let (stays, goes) = (Key::new("a", "stays"), Key::new("a", "goes"));
    cache.insert(object(&goes, &json!({"x": "1"})));
    let mut listed = BTreeSet::new();
    for event in [
        Event::Init,
        Event::InitApply(object(&stays, &json!({"x": "1"}))),
        // A list that breaks begins again, and what it had named counts no more.
        Event::Init,
        Event::InitApply(object(&stays, &json!({"x": "1"}))),
    ] {
        cache.observe(event, &mut listed);
        assert!(cache.contains(&goes));
    }
    cache.observe(Event::InitDone, &mut listed);
    let keys = [stays];
    assert_eq!(cache.keys(), keys);
    assert_eq!(cache.by_index("value", "1"), keys);
}

proptest! {
    #[test]
    fn an_index_finds_what_a_scan_finds(
        steps in proptest::collection::vec(
            ("[ab]", "[xy]", proptest::option::of(proptest::collection::vec("[1-3]", 0..3))), 0..40),
    ) {
        let cache = Cache::<ConfigMap>::new().index("value", values);
        let mut model = BTreeMap::new();
        for (namespace, name, data) in steps {
            let key = Key::new(namespace, name);
            if let Some(data) = data {
                let data: BTreeMap<_, _> = data.into_iter().map(|value| (format!("k{value}"), value)).collect();
                let replaced = cache.insert(object(&key, &json!(data)));
                prop_assert_eq!(replaced.is_some(), model.insert(key, data).is_some());
            } else {
                prop_assert_eq!(cache.remove(&key).is_some(), model.remove(&key).is_some());
            }
            for value in ["1", "2", "3"] {
                let scan = model.iter().filter(|(_, data)| data.values().any(|it| it == value));
                let scan: Vec<_> = scan.map(|(key, _)| key.clone()).collect();
                prop_assert_eq!(cache.by_index("value", value), scan);
            }
        }
        prop_assert_eq!(cache.len(), model.len());
    }
}
