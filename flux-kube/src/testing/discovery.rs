//! Which kinds there are, in both forms that the API server tells it.

use std::sync::Arc;

use serde_json::{Value, json};

use super::call::Call;
use super::kinds::{Kinds, Served};
use super::refusal::Refusal;

const VERBS: [&str; 8] = [
    "create",
    "delete",
    "deletecollection",
    "get",
    "list",
    "patch",
    "update",
    "watch",
];
const STATUS_VERBS: [&str; 3] = ["get", "patch", "update"];

/// What is answered, and its type.
pub(super) fn answer(kinds: &Kinds, call: &Call) -> Option<Result<(Value, &'static str), Refusal>> {
    const PLAIN: &str = "application/json";
    const AGGREGATED: &str = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
    let steps: Vec<_> = call.recorded.path.trim_matches('/').split('/').collect();
    let is_aggregated = call.accept.contains("as=APIGroupDiscoveryList");
    let found = match *steps.as_slice() {
        ["version"] => (
            json!({"major": "1", "minor": "36", "gitVersion": "v1.36.0"}),
            PLAIN,
        ),
        ["api"] if is_aggregated => (aggregated(kinds, |group| group.is_empty()), AGGREGATED),
        ["api"] => (json!({"kind": "APIVersions", "versions": ["v1"]}), PLAIN),
        ["apis"] if is_aggregated => (aggregated(kinds, |group| !group.is_empty()), AGGREGATED),
        ["apis"] => {
            let groups = groups(kinds);
            let groups = groups.iter().filter(|name| !name.is_empty());
            let groups: Vec<_> = groups.map(|name| group(kinds, name)).collect();
            (
                json!({"kind": "APIGroupList", "apiVersion": "v1", "groups": groups}),
                PLAIN,
            )
        }
        ["apis", name] if groups(kinds).iter().any(|group| group == name) => {
            let mut group = group(kinds, name);
            if let Some(map) = group.as_object_mut() {
                map.insert("kind".to_owned(), "APIGroup".into());
                map.insert("apiVersion".to_owned(), "v1".into());
            }
            (group, PLAIN)
        }
        ["api", version] => (resources(kinds, "", version)?, PLAIN),
        ["apis", group, _] if kinds.is_broken(group) => {
            let refusal = Refusal::new(503, "ServiceUnavailable", "service unavailable");
            return Some(Err(refusal));
        }
        ["apis", group, version] => (resources(kinds, group, version)?, PLAIN),
        _ => return None,
    };
    Some(Ok(found))
}

/// Every group and version, in order.
fn group_versions(kinds: &Kinds) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    let served = kinds.iter().flat_map(|kind| {
        let versions = kind.versions.iter();
        versions.map(|version| (kind.group.clone(), version.clone()))
    });
    for each in served.chain(kinds.broken().iter().cloned()) {
        if !found.contains(&each) {
            found.push(each);
        }
    }
    found
}

fn groups(kinds: &Kinds) -> Vec<String> {
    let mut groups: Vec<_> = group_versions(kinds)
        .into_iter()
        .map(|(group, _)| group)
        .collect();
    groups.sort();
    groups.dedup();
    groups
}

fn versions(kinds: &Kinds, group: &str) -> Vec<String> {
    let all = group_versions(kinds).into_iter();
    all.filter(|(name, _)| name == group)
        .map(|(_, version)| version)
        .collect()
}

fn group(kinds: &Kinds, name: &str) -> Value {
    let versions = versions(kinds, name).into_iter();
    let versions: Vec<_> = versions
        .map(|version| json!({"groupVersion": format!("{name}/{version}"), "version": version}))
        .collect();
    json!({"name": name, "versions": versions, "preferredVersion": versions.first()})
}

fn of_version<'k>(
    kinds: &'k Kinds,
    group: &str,
    version: &str,
) -> impl Iterator<Item = &'k Arc<Served>> {
    kinds.iter().filter(move |kind| {
        kind.group == group && kind.versions.iter().any(|served| served == version)
    })
}

fn resources(kinds: &Kinds, group: &str, version: &str) -> Option<Value> {
    let mut resources = Vec::new();
    for kind in of_version(kinds, group, version) {
        let mut entry = json!({
            "name": kind.plural,
            "singularName": kind.singular,
            "namespaced": kind.namespaced,
            "kind": kind.kind,
            "verbs": VERBS,
        });
        names(&mut entry, kind);
        resources.push(entry);
        if kind.status {
            resources.push(json!({
                "name": format!("{}/status", kind.plural),
                "singularName": "",
                "namespaced": kind.namespaced,
                "kind": kind.kind,
                "verbs": STATUS_VERBS,
            }));
        }
    }
    let group_version = match group {
        "" => version.to_owned(),
        group => format!("{group}/{version}"),
    };
    (!resources.is_empty()).then(|| {
        json!({
            "kind": "APIResourceList",
            "apiVersion": "v1",
            "groupVersion": group_version,
            "resources": resources,
        })
    })
}

fn names(entry: &mut Value, kind: &Served) {
    if let Some(map) = entry.as_object_mut() {
        if !kind.short_names.is_empty() {
            map.insert("shortNames".to_owned(), kind.short_names.clone().into());
        }
        if !kind.categories.is_empty() {
            map.insert("categories".to_owned(), kind.categories.clone().into());
        }
    }
}

fn aggregated(kinds: &Kinds, wanted: impl Fn(&str) -> bool) -> Value {
    let groups = groups(kinds);
    let groups = groups.iter().filter(|group| wanted(group));
    let items: Vec<_> = groups
        .map(|group| {
            let versions = versions(kinds, group);
            let versions: Vec<_> = versions
                .iter()
                .map(|version| aggregated_version(kinds, group, version))
                .collect();
            let metadata = match group.as_str() {
                "" => json!({}),
                group => json!({"name": group}),
            };
            json!({"metadata": metadata, "versions": versions})
        })
        .collect();
    json!({
        "kind": "APIGroupDiscoveryList",
        "apiVersion": "apidiscovery.k8s.io/v2",
        "metadata": {},
        "items": items,
    })
}

fn aggregated_version(kinds: &Kinds, group: &str, version: &str) -> Value {
    if kinds.is_broken(group) {
        return json!({"version": version, "freshness": "Stale"});
    }
    let response_kind = |kind: &Served| json!({"group": "", "version": "", "kind": kind.kind});
    let resources: Vec<_> = of_version(kinds, group, version)
        .map(|kind| {
            let mut entry = json!({
                "resource": kind.plural,
                "responseKind": response_kind(kind),
                "scope": if kind.namespaced { "Namespaced" } else { "Cluster" },
                "singularResource": kind.singular,
                "verbs": VERBS,
            });
            names(&mut entry, kind);
            if let Some(map) = entry.as_object_mut().filter(|_| kind.status) {
                let status = json!([{
                    "subresource": "status",
                    "responseKind": response_kind(kind),
                    "verbs": STATUS_VERBS,
                }]);
                map.insert("subresources".to_owned(), status);
            }
            entry
        })
        .collect();
    json!({"version": version, "resources": resources, "freshness": "Current"})
}
