//! The example `evaluate`: its report on the example fleet, and what it says about files that are wrong.
//!
//! `FLUXCD_BLESS=1 cargo test --test evaluate` writes the expected reports anew; look at the difference before you
//! commit it.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::path::Path;
use std::{env, fs};

use report::{NamespaceFrom, Report};
use survey::Survey;

#[path = "../examples/evaluate/find.rs"]
mod find;
#[path = "../examples/substitute/finding.rs"]
mod finding;
#[path = "../examples/evaluate/generator.rs"]
mod generator;
#[path = "../examples/evaluate/locate.rs"]
mod locate;
#[path = "../examples/evaluate/order.rs"]
mod order;
#[path = "../examples/evaluate/overlay.rs"]
mod overlay;
#[path = "../examples/evaluate/patch.rs"]
mod patch;
#[path = "../examples/evaluate/place.rs"]
mod place;
#[path = "../examples/evaluate/plan.rs"]
mod plan;
#[path = "../examples/evaluate/release.rs"]
mod release;
#[path = "../examples/evaluate/report.rs"]
mod report;
#[path = "../examples/evaluate/selector.rs"]
mod selector;
#[path = "../examples/evaluate/store.rs"]
mod store;
#[path = "../examples/evaluate/substitution.rs"]
mod substitution;
#[path = "../examples/evaluate/survey.rs"]
mod survey;
#[path = "../examples/evaluate/text.rs"]
mod text;
#[path = "../examples/evaluate/variables.rs"]
mod variables;
#[path = "../examples/evaluate/walk.rs"]
mod walk;

fn survey_of(directory: &str) -> Report {
    let found = find::manifests(&Path::new(env!("CARGO_MANIFEST_DIR")).join(directory));
    assert_eq!(found.unreadable, []);
    let mut survey = Survey::default();
    for file in found.files {
        survey.add(&file.name, &fs::read(&file.path).unwrap());
    }
    for name in survey.wanted() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join(directory)
            .join(&name);
        survey.add_text(&name, &fs::read(path).unwrap());
    }
    survey.finish(directory)
}

fn report_of(files: &[(&str, &str)]) -> Report {
    let mut survey = Survey::default();
    for (name, text) in files {
        survey.add(name, text.as_bytes());
    }
    survey.finish("test")
}

fn plain(report: &Report) -> String {
    let mut out = anstream::StripStream::new(Vec::new());
    text::write(&mut out, report).unwrap();
    String::from_utf8(out.into_inner()).unwrap()
}

fn assert_report(directory: &str, expected: &str) {
    let actual = plain(&survey_of(directory));
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/evaluate")
        .join(expected);
    if env::var_os("FLUXCD_BLESS").is_some() {
        fs::write(&file, &actual).unwrap();
    }
    let expected = fs::read_to_string(&file).unwrap();
    let differs = actual
        .lines()
        .zip(expected.lines())
        .position(|(actual, expected)| actual != expected);
    let line = differs.unwrap_or_else(|| actual.lines().count().min(expected.lines().count()));
    assert!(
        actual == expected,
        "{} differs from line {}:\n  expected {:?}\n  actual   {:?}",
        file.display(),
        line + 1,
        expected.lines().nth(line),
        actual.lines().nth(line),
    );
}

#[test]
fn a_file_that_cannot_be_read_is_a_problem_without_a_line() {
    let mut survey = Survey::default();
    survey.add_unreadable("secret.yaml", "permission denied");
    assert!(plain(&survey.finish("test")).ends_with("  secret.yaml: permission denied\n"));
}

#[test]
fn the_example_fleet_is_reported_as_before() {
    assert_report("examples/fleet", "fleet.txt");
}

#[test]
fn every_mistake_is_reported_where_it_stands() {
    assert_report("tests/evaluate/broken", "broken.txt");
}

#[test]
fn the_example_fleet_holds_every_kind_that_people_write() {
    let report = survey_of("examples/fleet");
    let found: Vec<_> = report
        .kinds
        .iter()
        .filter(|kind| kind.complete > 0)
        .collect();
    for registration in fluxcd::api::registry::ALL {
        let has = found.iter().any(|kind| {
            kind.kind == registration.kind && kind.api_version == registration.api_version()
        });
        // Only a generator writes an ExternalArtifact.
        assert_eq!(
            has,
            registration.kind != "ExternalArtifact",
            "{}",
            registration.kind
        );
    }
    assert!(report.problems.is_empty());
}

#[test]
fn the_report_says_the_same_in_json() {
    let report = survey_of("examples/fleet");
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(
        json["fragments"].as_array().map(Vec::len),
        Some(report.fragments.len())
    );
    let release = &json["releases"][0];
    assert_eq!(
        release["name"],
        "reports-of-the-finance-division-quarterl-844c44dde802"
    );
    assert_eq!(release["namespace"]["origin"], "spec");
    assert_eq!(
        json["orders"][0]["steps"][1]["waits_for"][0]["object"],
        "flux-system/infra-sources"
    );
    assert_eq!(
        json["orders"][0]["steps"][1]["waits_for"][0]["path"],
        "spec.dependsOn[0]"
    );
}

fn kustomization(namespace: &str, name: &str, depends_on: &[&str]) -> String {
    let namespace = if namespace.is_empty() {
        String::new()
    } else {
        format!(", namespace: {namespace}")
    };
    let depends_on: Vec<_> = depends_on
        .iter()
        .map(|name| format!("{{name: {name}}}"))
        .collect();
    format!(
        "---\napiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {{name: {name}{namespace}}}\n\
         spec: {{interval: 1h, prune: true, sourceRef: {{kind: GitRepository, name: fleet}}, dependsOn: [{}]}}\n",
        depends_on.join(", "),
    )
}

fn steps(report: &Report) -> Vec<Vec<&str>> {
    let steps = report.orders.iter().map(|order| {
        order
            .steps
            .iter()
            .map(|step| step.object.as_str())
            .collect()
    });
    steps.collect()
}

#[test]
fn a_cycle_is_named_and_leaves_no_order() {
    let files = [
        kustomization("a", "one", &["two"]),
        kustomization("a", "two", &["one"]),
        kustomization("a", "six", &[]),
    ]
    .concat();
    let report = report_of(&[("all.yaml", &files)]);
    assert_eq!(
        report.orders[0].cycle.as_deref(),
        Some("circular dependency detected: a/one -> a/two -> a/one")
    );
    assert_eq!(steps(&report), [["a/one", "a/two", "a/six"]]);
    assert!(plain(&report).contains("Kustomizations, which have no order"));
}

#[test]
fn what_is_waited_for_but_not_there_is_said() {
    let report = report_of(&[("x.yaml", &kustomization("a", "x", &["gone"]))]);
    let edge = &report.orders[0].steps[0].waits_for[0];
    assert_eq!((edge.object.as_str(), edge.found), ("a/gone", false));
    assert!(plain(&report).contains("waits for a/gone, which is not in this repository"));
}

#[test]
fn two_clusters_have_an_order_each_and_share_the_rest() {
    let cluster = [
        kustomization("a", "apps", &["infra"]),
        kustomization("a", "infra", &["shared"]),
    ]
    .concat();
    let report = report_of(&[
        ("clusters/one/all.yaml", &cluster),
        ("clusters/two/sub/all.yaml", &cluster),
        ("shared.yaml", &kustomization("a", "shared", &[])),
    ]);
    let parts: Vec<_> = report
        .orders
        .iter()
        .map(|order| order.part.as_str())
        .collect();
    assert_eq!(parts, ["clusters/one", "clusters/two", ""]);
    assert_eq!(
        steps(&report),
        [
            vec!["a/infra", "a/apps"],
            vec!["a/infra", "a/apps"],
            vec!["a/shared"]
        ]
    );
    assert!(
        report
            .orders
            .iter()
            .flat_map(|order| &order.steps)
            .flat_map(|step| &step.waits_for)
            .all(|edge| edge.found)
    );
}

#[test]
fn the_outermost_overlay_gives_the_namespace() {
    let object = kustomization("", "x", &[]);
    let inner = (
        "base/kustomization.yaml",
        "kind: Kustomization\nnamespace: inner\nresources: [x.yaml]\n",
    );
    let outer = (
        "top/kustomization.yaml",
        "namespace: outer\nresources: [../base]\n",
    );
    let report = report_of(&[("base/x.yaml", &object), inner, outer]);
    let step = &report.orders[0].steps[0];
    assert_eq!(
        (step.object.as_str(), step.namespace_from),
        ("outer/x", NamespaceFrom::Overlay)
    );

    let other = (
        "other/kustomization.yaml",
        "namespace: different\nresources: [../base]\n",
    );
    let report = report_of(&[("base/x.yaml", &object), inner, outer, other]);
    let step = &report.orders[0].steps[0];
    assert_eq!(
        (step.object.as_str(), step.namespace_from),
        ("?/x", NamespaceFrom::Unknown)
    );
}

#[test]
fn a_target_namespace_reaches_everything_below_its_path() {
    let target = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: t, namespace: a}\n\
                  spec: {interval: 1h, prune: true, path: ./apps, targetNamespace: web, sourceRef: {kind: Bucket, name: b}}\n";
    let object = kustomization("", "x", &[]);
    let report = report_of(&[("t.yaml", target), ("apps/deep/x.yaml", &object)]);
    assert_eq!(steps(&report), [["a/t", "web/x"]]);
    // A kustomization.yaml on the way decides for itself what it takes in.
    let overlay = (
        "apps/deep/kustomization.yaml",
        "namespace: mine\nresources: []\n",
    );
    let report = report_of(&[("t.yaml", target), ("apps/deep/x.yaml", &object), overlay]);
    assert_eq!(steps(&report), [["a/t", "?/x"]]);
}

#[test]
fn a_dependency_finds_the_only_object_of_its_name_when_the_namespace_is_not_known() {
    let report = report_of(&[
        ("x.yaml", &kustomization("", "x", &["one"])),
        ("one.yaml", &kustomization("b", "one", &[])),
    ]);
    assert_eq!(steps(&report), [["b/one", "?/x"]]);
}

#[test]
fn a_fragment_has_a_place_in_the_order_if_it_is_a_resource_and_no_patch() {
    let fragment = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: piece, namespace: a}\n\
                    spec: {dependsOn: [{name: whole}]}\n";
    let whole = kustomization("a", "whole", &["piece-of-another"]);
    let files = |overlay| {
        [
            ("a/piece.yaml", fragment),
            ("a/whole.yaml", whole.as_str()),
            ("a/kustomization.yaml", overlay),
        ]
    };
    assert_eq!(
        steps(&report_of(&files("resources: [piece.yaml, whole.yaml]\n"))),
        [["a/whole", "a/piece"]]
    );
    assert_eq!(
        steps(&report_of(&files(
            "resources: [whole.yaml]\npatches: [{path: piece.yaml}]\n"
        ))),
        [["a/whole"]]
    );
}

#[cfg(unix)]
#[test]
fn the_search_leaves_out_git_and_survives_a_loop_of_links() {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("evaluate-search");
    let _ = fs::remove_dir_all(&root);
    fs::create_dir_all(root.join("a/.git")).unwrap();
    fs::write(root.join("a/.git/no.yaml"), "").unwrap();
    fs::write(root.join("a/one.yaml"), "").unwrap();
    fs::write(root.join("a/two.yml"), "").unwrap();
    fs::write(root.join("a/three.json"), "").unwrap();
    fs::write(root.join("a/four.txt"), "").unwrap();
    std::os::unix::fs::symlink("..", root.join("a/up")).unwrap();
    std::os::unix::fs::symlink("nowhere.yaml", root.join("a/dangling.yaml")).unwrap();
    let names: Vec<_> = find::manifests(&root)
        .files
        .into_iter()
        .map(|file| file.name)
        .collect();
    assert_eq!(
        names,
        ["a/dangling.yaml", "a/one.yaml", "a/three.json", "a/two.yml"]
    );
}
