//! Ids, inventories, what is stale, in which order.

use std::collections::BTreeMap;

use fluxcd_conformance::ops::TABLE;
use fluxcd_core::inventory::{ObjectId, order};
use serde_json::{Value, json};

use crate::agree;
use crate::rng::Rng;

/// Inputs that are looked at to see what the generators reach.
const SAMPLE: u64 = 20_000;

#[test]
fn objects_are_named_as_upstream_names_them() {
    agree("inventory.id", |rng| json!({"object": object(rng)}));
}

#[test]
fn ids_are_read_as_upstream_reads_them() {
    agree("inventory.parse", |rng| json!({"id": id(rng)}));
}

#[test]
fn what_is_stale_is_what_upstream_says() {
    agree("inventory.diff", diff_case);
}

#[test]
fn inventories_are_listed_as_upstream_lists_them() {
    // Upstream's sort keeps the order of equal objects up to twelve of them.
    agree("inventory.list", |rng| json!({"entries": entries(rng, 12)}));
}

#[test]
fn survivors_are_merged_as_upstream_merges_them() {
    agree("inventory.merge", |rng| {
        let objects: Vec<_> = (0..rng.below(4)).map(|_| object(rng)).collect();
        json!({"entries": entries(rng, 5), "objects": objects})
    });
}

#[test]
fn health_checks_are_read_as_upstream_reads_them() {
    agree("inventory.references", |rng| {
        let check = |rng: &mut Rng| {
            let mut check = json!({"kind": kind(rng), "name": name(rng)});
            if rng.percent(70) {
                check["apiVersion"] = json!(api_version(rng));
            }
            if rng.percent(70) {
                check["namespace"] = json!(namespace(rng));
            }
            check
        };
        let checks: Vec<_> = (0..rng.below(4)).map(|_| check(rng)).collect();
        json!({"healthChecks": checks})
    });
}

/// Without it the tests above could pass because nothing worth comparing is asked.
#[test]
fn inventories_reach_every_outcome() {
    let mut hits = BTreeMap::<&str, u64>::new();
    let diff = TABLE.iter().find(|op| op.name() == "inventory.diff");
    for case in 0..SAMPLE {
        let rng = &mut Rng::new(1, case);
        let mut hit = |what: &'static str| *hits.entry(what).or_default() += 1;
        let id = ObjectId::of(&object(rng));
        if id.is_lossy() {
            hit("lossy");
        }
        match order::rank(&id.kind) {
            ..0 => hit("first"),
            0 => hit("between"),
            1.. => hit("last"),
        }
        match diff.unwrap().run(&diff_case(rng)) {
            Err(_) => hit("unreadable"),
            Ok(result) => {
                let stale = result["stale"].as_array().unwrap();
                hit(match stale.len() {
                    0 => "nothing stale",
                    1 => "one stale",
                    _ => "several stale",
                });
                for object in stale {
                    match object["version"].as_str().unwrap() {
                        "" => hit("version lost"),
                        _ => hit("version kept"),
                    }
                }
            }
        }
    }
    for what in [
        "lossy",
        "first",
        "between",
        "last",
        "unreadable",
        "nothing stale",
        "one stale",
        "several stale",
        "version lost",
        "version kept",
    ] {
        let hits = hits.get(what).copied().unwrap_or_default();
        assert!(hits > 100, "{what}: {hits}");
    }
}

fn diff_case(rng: &mut Rng) -> Value {
    let old = entries(rng, 6);
    let mut new = entries(rng, 3);
    for entry in &old {
        if rng.percent(40) {
            let mut entry = entry.clone();
            if rng.percent(20) {
                entry["v"] = json!("v9");
            }
            new.push(entry);
        }
    }
    json!({"old": old, "new": new})
}

fn entries(rng: &mut Rng, most: usize) -> Vec<Value> {
    let count = rng.below(most + 1);
    let mut entries = Vec::new();
    for _ in 0..count {
        let id = match (rng.below(20), entries.last()) {
            (0, Some(Value::Object(last))) => last["id"].as_str().unwrap().to_owned(),
            (1, _) => id(rng),
            _ => ObjectId::of(&object(rng)).to_string(),
        };
        let version = match rng.percent(4) {
            true => rng.pick(&["", "/", "a/b", "apps/v1", "v1/"]),
            false => rng.word("v1 v1 v2 v1beta1"),
        };
        entries.push(json!({"id": id, "v": version}));
    }
    entries
}

/// An id, or a text that is near one.
fn id(rng: &mut Rng) -> String {
    match rng.below(4) {
        0 => ObjectId::of(&object(rng)).to_string(),
        1 => (0..rng.below(12))
            .map(|_| rng.pick(&["_", "_", "__", "a", ":", "é", "/", "Role"]))
            .collect(),
        _ => {
            let parts = [namespace(rng), name(rng), group(rng), kind(rng)];
            parts.join(if rng.percent(10) { "" } else { "_" })
        }
    }
}

fn object(rng: &mut Rng) -> Value {
    let mut object = json!({
        "apiVersion": api_version(rng),
        "kind": kind(rng),
        "metadata": {"name": name(rng), "namespace": namespace(rng)},
    });
    if rng.percent(4) {
        let odd = match rng.below(4) {
            0 => Value::Null,
            1 => json!(1),
            2 => json!([]),
            _ => json!({}),
        };
        match rng.below(5) {
            0 => object["apiVersion"] = odd,
            1 => object["kind"] = odd,
            2 => object["metadata"] = odd,
            3 => object["metadata"]["name"] = odd,
            _ => object["metadata"]["namespace"] = odd,
        }
    }
    object
}

fn api_version(rng: &mut Rng) -> String {
    match rng.below(12) {
        0 => rng
            .pick(&["", "/", "//", "a/b/c", "/v1", "apps/", "v1/"])
            .to_owned(),
        1..4 => "v1".to_owned(),
        _ => format!("{}/{}", group(rng), rng.word("v1 v2 v1beta1")),
    }
}

fn namespace(rng: &mut Rng) -> &'static str {
    match rng.percent(4) {
        true => rng.pick(&["_", "a_b", "é", "_x"]),
        false => rng.pick(&["", "", "a", "b", "flux-system"]),
    }
}

fn name(rng: &mut Rng) -> &'static str {
    rng.pick(&[
        "a",
        "b",
        "web",
        "z-1",
        "app.example.com",
        "system:view",
        ":",
        ":x",
        "x:",
        "a::b",
        "a__b",
        "a_:b",
        "a_b",
        "_",
        "__",
        "x_",
        "_x",
        "",
        "é",
    ])
}

fn group(rng: &mut Rng) -> &'static str {
    match rng.percent(4) {
        true => rng.pick(&["_", "x_y", "x/y", "/", "é"]),
        false => rng.pick(&[
            "",
            "",
            "apps",
            "batch",
            "rbac.authorization.k8s.io",
            "rbac.authorization.k8s.io",
            "example.com",
            "admissionregistration.k8s.io",
            "helm.toolkit.fluxcd.io",
        ]),
    }
}

fn kind(rng: &mut Rng) -> &'static str {
    match rng.percent(8) {
        true => rng.pick(&["", "_", "role", "namespace", "Class", "List", "a_b", "é"]),
        false => rng.pick(&[
            "Role",
            "ClusterRole",
            "RoleBinding",
            "ClusterRoleBinding",
            "CustomResourceDefinition",
            "Namespace",
            "ClusterClass",
            "RuntimeClass",
            "PriorityClass",
            "StorageClass",
            "VolumeSnapshotClass",
            "IngressClass",
            "GatewayClass",
            "ResourceQuota",
            "ServiceAccount",
            "ConfigMap",
            "Secret",
            "Service",
            "LimitRange",
            "Deployment",
            "StatefulSet",
            "CronJob",
            "PodDisruptionBudget",
            "MutatingWebhookConfiguration",
            "ValidatingWebhookConfiguration",
            "Widget",
            "Job",
            "DaemonSet",
            "HelmRelease",
        ]),
    }
}
