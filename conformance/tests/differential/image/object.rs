//! ImageRepositories and ImagePolicies with a past.

use serde_json::{Value, json};

use super::policy::{filter, policy};
use super::tag::{Shape, tags};
use crate::rng::Rng;

pub(crate) fn scan_due(rng: &mut Rng) -> Value {
    let images = [
        "ghcr.io/org/app",
        "docker.io/alpine",
        "alpine",
        "index.docker.io/library/alpine",
        "ghcr.io/org/app:v1",
        "",
    ];
    let lists = [
        "",
        "a",
        "b",
        "a b",
        "b a",
        "a a b",
        "a b b",
        r"^.*\.sig$",
        r"^.*\.sig$ a",
    ];
    let list = |rng: &mut Rng| -> Vec<&str> { rng.pick(&lists).split_whitespace().collect() };
    let mut metadata = json!({"name": "app", "namespace": "default"});
    if rng.percent(30) {
        metadata["annotations"] =
            json!({"reconcile.fluxcd.io/requestedAt": rng.pick(&["", "a", "b"])});
    }
    let image = rng.pick(&images);
    let interval = rng.pick(&[
        "10m",
        "10m",
        "1s",
        "0s",
        "1h30m",
        "999ms",
        "-5m",
        "2562047h47m16s",
    ]);
    let mut spec = json!({"image": image, "interval": interval});
    if rng.percent(60) {
        spec["exclusionList"] = json!(list(rng));
    }
    let mut status = json!({});
    if rng.percent(95) {
        let canonical = rng.pick(&["ghcr.io/org/app", "index.docker.io/library/alpine", ""]);
        status["canonicalImageName"] = json!(if image.starts_with("ghcr") && rng.percent(80) {
            "ghcr.io/org/app"
        } else {
            canonical
        });
    }
    if rng.percent(95) {
        status["observedExclusionList"] = match spec.get("exclusionList") {
            Some(list) if rng.percent(60) && list != &json!([]) => list.clone(),
            _ if rng.percent(70) => json!([r"^.*\.sig$"]),
            _ => json!(list(rng)),
        };
    }
    if rng.percent(30) {
        status["lastHandledReconcileAt"] = json!(rng.pick(&["", "a", "b"]));
    }
    if rng.percent(95) {
        let mut last = json!({"tagCount": 1});
        last["scanTime"] = match rng.below(20) {
            0 => json!(null),
            1 => json!("0001-01-01T00:00:00Z"),
            2 => json!("1600-01-01T00:00:00Z"),
            3 => json!("2600-01-01T00:00:00Z"),
            _ => json!(format!(
                "2026-03-01T11:{:02}:{:02}Z",
                rng.between(40, 59),
                rng.below(60)
            )),
        };
        status["lastScanResult"] = last;
    }
    let stored = if rng.percent(90) {
        vec!["1.0.0"]
    } else {
        Vec::new()
    };
    let now = format!(
        "2026-03-01T{:02}:{:02}:{:02}.{:03}Z",
        rng.pick(&[11, 12, 12]),
        rng.below(60),
        rng.below(60),
        rng.below(1000)
    );
    json!({
        "repository": {"metadata": metadata, "spec": spec, "status": status},
        "stored": stored,
        "now": now,
    })
}

pub(crate) fn update_refs(rng: &mut Rng) -> Value {
    let digests = ["1", "2"].map(|digit| format!("sha256:{}", digit.repeat(64)));
    let digest = |rng: &mut Rng| digests[rng.below(2)].clone();
    let reference = |rng: &mut Rng| {
        let mut reference =
            json!({"name": rng.word("ghcr.io/org/app ghcr.io/org/old"), "tag": rng.word("1 1 2")});
        if rng.percent(60) {
            reference["digest"] = json!(digest(rng));
        }
        reference
    };
    let mut spec = json!({"imageRepositoryRef": {"name": "app"}, "policy": {}});
    if rng.percent(90) {
        spec["digestReflectionPolicy"] = json!(rng.pick(&[
            "Always",
            "IfNotPresent",
            "IfNotPresent",
            "Never",
            "",
            "Other"
        ]));
    }
    if rng.percent(40) {
        spec["interval"] = json!(rng.pick(&["5m", "0s", "1h", "1.5s"]));
    }
    let mut status = json!({});
    if rng.percent(80) {
        status["latestRef"] = reference(rng);
    }
    if rng.percent(50) {
        status["observedPreviousRef"] = reference(rng);
    }
    let tag = rng.pick(&[
        "1",
        "1",
        "1",
        "2",
        "not a tag",
        "",
        "é",
        "a/b",
        "1@sha256:abc",
    ]);
    json!({
        "image": rng.pick(&["ghcr.io/org/app", "ghcr.io/org/app", "docker.io/alpine", "alpine"]),
        "spec": spec,
        "status": status,
        "tag": tag,
        "registryDigest": if rng.percent(20) { String::new() } else { digest(rng) },
    })
}

pub(crate) fn policy_status(rng: &mut Rng) -> Value {
    let shape = Shape::any(rng);
    let mut input = update_refs(rng);
    let mut spec = input["spec"].take();
    spec["policy"] = policy(rng, shape);
    if rng.percent(30) {
        spec["filterTags"] = filter(rng, shape);
    }
    if rng.percent(40) {
        spec["imageRepositoryRef"]["namespace"] =
            json!(rng.pick(&["default", "infra", "infra", ""]));
    }
    let mut status = input["status"].take();
    if rng.percent(70) {
        status["observedGeneration"] = json!(rng.pick(&[-1, 1, 2, 2]));
    }
    if rng.percent(60) {
        let types = rng.pick(&[
            "Ready",
            "Ready",
            "Ready Reconciling",
            "Ready Stalled",
            "Stalled",
            "Reconciling",
            "Ready Other",
            "",
        ]);
        let condition = |type_: &str| {
            let (status, reason) = match type_ {
                "Ready" => (
                    rng.word("True False False Unknown"),
                    rng.word("Succeeded Failed InvalidPolicy Progressing"),
                ),
                _ => (
                    "True",
                    rng.word("InvalidPolicy ProgressingWithRetry Progressing"),
                ),
            };
            let message = rng.pick(&["old", "reconciliation in progress", "no tags in database"]);
            json!({
                "type": type_, "status": status, "reason": reason, "message": message,
                "lastTransitionTime": "2026-01-01T00:00:00Z", "observedGeneration": 1,
            })
        };
        let conditions: Vec<Value> = types.split_whitespace().map(condition).collect();
        status["conditions"] = json!(conditions);
    }
    let mut metadata =
        json!({"name": "app", "namespace": "default", "generation": rng.pick(&[1, 2, 2])});
    if rng.percent(10) {
        metadata["annotations"] = json!({"reconcile.fluxcd.io/requestedAt": "a"});
    }
    let namespace = spec["imageRepositoryRef"]["namespace"]
        .as_str()
        .filter(|text| !text.is_empty())
        .unwrap_or("default");
    let image = match rng.below(20) {
        0 => rng.pick(&[
            "https://ghcr.io/org/app",
            "ghcr.io/org/app:v1",
            "ghcr.io/Org/app",
            "",
        ]),
        _ => "ghcr.io/org/app",
    };
    let mut repository = json!({"image": image, "interval": "1m", "provider": rng.pick(&["generic", "generic", "aws", ""])});
    if repository["provider"] != "generic" && rng.percent(20) {
        repository["serviceAccountName"] = json!("sa");
    } else {
        // Other providers would be asked for credentials.
        repository["provider"] = json!("generic");
    }
    if rng.percent(70) {
        let selectors: Vec<Value> = (0..rng.pick(&[0, 1, 1, 2]))
            .map(|_| {
                rng.pick(&[
                    r#"{}"#,
                    r#"{"matchLabels": {"team": "a"}}"#,
                    r#"{"matchLabels": {"team": "b", "env": "x"}}"#,
                ])
            })
            .map(|text| text.parse().unwrap())
            .collect();
        repository["accessFrom"] = json!({"namespaceSelectors": selectors});
    }
    let repository = json!({
        "metadata": {"name": "app", "namespace": namespace},
        "spec": repository,
        "status": {"canonicalImageName": "ghcr.io/org/app"},
    });
    let labels: Value = rng
        .pick(&[r#"{}"#, r#"{"team": "a"}"#, r#"{"team": "b", "env": "x"}"#])
        .parse()
        .unwrap();
    let namespaces = if rng.percent(95) {
        json!({"default": labels})
    } else {
        json!({})
    };
    let mut stored = tags(rng, shape);
    // Without tags the controller waits for five seconds.
    stored.push("1.0.0".to_owned());
    stored.sort_unstable_by(|a, b| b.cmp(a));
    let mut input = json!({
        "policy": {"metadata": metadata, "spec": spec, "status": status},
        "repository": if rng.percent(95) { repository } else { Value::Null },
        "namespaces": namespaces,
        "stored": stored,
        "registryDigest": input["registryDigest"].take(),
    });
    if rng.percent(10) {
        input["noCrossNamespaceRefs"] = json!(true);
    }
    input
}
