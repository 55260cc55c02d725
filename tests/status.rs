//! The example `status`: its report on the cluster beside it, and what it says about objects that wait for one another.
//!
//! `FLUXCD_BLESS=1 cargo test --test status` writes the expected report anew; look at the difference before you commit it.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::path::Path;
use std::{env, fs};

use chrono::DateTime;
use cluster::Cluster;
use report::Report;

#[path = "../examples/status/age.rs"]
mod age;
#[path = "../examples/status/chain.rs"]
mod chain;
#[path = "../examples/status/cluster.rs"]
mod cluster;
#[path = "../examples/status/report.rs"]
mod report;
#[path = "../examples/status/text.rs"]
mod text;

fn read(input: &str) -> Cluster {
    let now = DateTime::parse_from_rfc3339("2026-11-02T09:30:00Z").unwrap();
    Cluster::read(input.as_bytes(), now.to_utc())
}

fn report_of(input: &str) -> Report {
    let cluster = read(input);
    assert_eq!(cluster.problems, [""; 0]);
    Report::of(&cluster)
}

fn plain(report: &Report) -> String {
    let mut out = anstream::StripStream::new(Vec::new());
    text::write(&mut out, report).unwrap();
    String::from_utf8(out.into_inner()).unwrap()
}

fn kustomization(name: &str, depends_on: &str, ready: &str) -> String {
    format!(
        "apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {{name: {name}, namespace: a}}
spec: {{interval: 1m, prune: true, sourceRef: {{kind: GitRepository, name: s}}, dependsOn: [{depends_on}]}}
status: {{conditions: [{{type: Ready, status: '{ready}', reason: DependencyNotReady, message: m,
  lastTransitionTime: '2026-11-02T09:00:00Z'}}]}}
---
"
    )
}

#[test]
fn the_cluster_beside_the_example_is_reported_as_before() {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    let input = fs::read_to_string(manifest.join("examples/status/cluster.yaml")).unwrap();
    let expected = manifest.join("tests/status/cluster.txt");
    let text = plain(&report_of(&input));
    if env::var_os("FLUXCD_BLESS").is_some() {
        fs::write(&expected, &text).unwrap();
    }
    assert_eq!(text, fs::read_to_string(&expected).unwrap());
}

#[test]
fn json_and_several_documents_are_read_alike() {
    let documents = kustomization("x", "", "True") + &kustomization("w", "", "True");
    let values: Vec<_> = read(&documents)
        .objects
        .into_iter()
        .map(|it| it.value)
        .collect();
    let list = serde_json::json!({"apiVersion": "v1", "kind": "List", "items": values});
    assert_eq!(report_of(&list.to_string()), report_of(&documents));
    assert_eq!(report_of(&documents).counts["Current"], 2);
}

#[test]
fn a_chain_ends_where_objects_wait_for_one_another() {
    let input =
        kustomization("x", "{name: w}", "False") + &kustomization("w", "{name: x}", "False");
    let report = report_of(&input);
    let chains = report.blocked.iter().map(|blocked| {
        let links: Vec<_> = blocked
            .chain
            .iter()
            .map(|link| link.object.as_str())
            .collect();
        (blocked.object.as_str(), links)
    });
    let (x, w) = ("Kustomization/a/x", "Kustomization/a/w");
    assert_eq!(
        chains.collect::<Vec<_>>(),
        [(x, vec![w, x]), (w, vec![x, w])]
    );
}

#[test]
fn a_dependency_that_is_not_in_the_input_is_only_named_if_the_object_waits_for_it() {
    let blocked = report_of(&kustomization("x", "{name: w, namespace: b}", "False")).blocked;
    let link = &blocked[0].chain[0];
    assert_eq!(
        (link.object.as_str(), link.status),
        ("Kustomization/b/w", None)
    );
    assert_eq!(
        report_of(&kustomization("x", "{name: w}", "True")).blocked,
        []
    );
}

#[test]
fn a_broken_document_hides_no_object() {
    let cluster = read(&format!("a: [\n---\n{}", kustomization("x", "", "True")));
    assert_eq!((cluster.objects.len(), cluster.problems.len()), (1, 1));
}

#[test]
fn an_object_that_does_not_decode_is_reported_and_judged_all_the_same() {
    let cluster = read(&kustomization("x", "{}", "True"));
    assert_eq!(cluster.objects[0].row.status, "Current");
    assert!(
        cluster.problems[0].starts_with("Kustomization/a/x: "),
        "{:?}",
        cluster.problems
    );
}
