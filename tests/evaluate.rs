//! The example `evaluate`: its report on the example fleet, and what it says about files that are wrong.
//!
//! `FLUXCD_BLESS=1 cargo test --test evaluate` writes the expected reports anew; look at the difference before you
//! commit it.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::path::Path;
use std::{env, fs};

use report::{NamespaceFrom, Report};
use survey::Survey;

#[path = "../examples/evaluate/change.rs"]
mod change;
#[path = "evaluate/changes.rs"]
mod changes;
#[path = "../examples/evaluate/cluster.rs"]
mod cluster;
#[path = "../examples/evaluate/find.rs"]
mod find;
#[path = "../examples/substitute/finding.rs"]
mod finding;
#[path = "../examples/evaluate/generator.rs"]
mod generator;
#[path = "../examples/evaluate/images.rs"]
mod images;
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
#[path = "../examples/evaluate/transition.rs"]
mod transition;
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
        if let Ok(bytes) = fs::read(path) {
            survey.add_text(&name, &bytes);
        }
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
fn elections_left_to_chance_and_policies_that_are_none_are_told() {
    let object = |kind: &str, name: &str, spec: &str| {
        format!(
            "apiVersion: image.toolkit.fluxcd.io/v1\nkind: {kind}\nmetadata: {{name: {name}}}\nspec: {spec}\n---\n"
        )
    };
    let filter = "filterTags: {pattern: '^b-(.*)', extract: $1}";
    let reference = "imageRepositoryRef: {name: app}";
    let file = [
        object(
            "ImageRepository",
            "app",
            "{image: ghcr.io/org/app, interval: 1h}",
        ),
        object(
            "ImagePolicy",
            "tied",
            &format!("{{{reference}, {filter}, policy: {{numerical: {{}}}}}}"),
        ),
        object(
            "ImagePolicy",
            "none",
            &format!("{{{reference}, policy: {{semver: {{range: latest}}}}}}"),
        ),
        object(
            "ImagePolicy",
            "other",
            "{imageRepositoryRef: {name: other}, policy: {alphabetical: {}}}",
        ),
    ];
    let mut survey = Survey::default();
    survey.add("images.yaml", file.concat().as_bytes());
    assert!(survey.wanted().contains("registry/app.txt"));
    survey.add_text("registry/app.txt", b"b-9\nb-10\nb-010\n");
    let report = survey.finish("test");
    let [tied, none] = report.elections.as_slice() else {
        panic!("the third policy has no list: {:?}", report.elections);
    };
    assert_eq!(
        (tied.elected.as_deref(), tied.tied.as_slice()),
        (Some("b-010"), &["b-10".to_owned()][..])
    );
    assert_eq!(
        none.error.as_deref(),
        Some("invalid policy: improper constraint: \"latest\"")
    );
    let text = plain(&report);
    assert!(text.contains("    left to chance, or b-10\n"));
    assert!(text.contains("elects nothing: invalid policy: improper constraint"));
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

/// A Kustomization that leads to `path`, as the first one of a cluster does; `spec` is put behind the rest.
fn leading_to(name: &str, path: &str, spec: &str) -> String {
    format!(
        "---\napiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {{name: {name}, namespace: flux-system}}\n\
         spec:\n  interval: 1h\n  prune: true\n  path: {path}\n  sourceRef: {{kind: GitRepository, name: fleet}}\n{spec}"
    )
}

fn config_map(name: &str, data: &str) -> String {
    format!(
        "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}, namespace: flux-system}}\ndata: {{{data}}}\n"
    )
}

const WITH_A: &str = "  postBuild: {substitute: {a: b}}\n";
const FROM_VARS: &str = "  postBuild: {substituteFrom: [{kind: ConfigMap, name: vars}]}\n";

/// What is said about the variables of `apps`, which a cluster that starts from `cluster` leads to.
fn variables_of(apps: &str, files: &[(&str, &str)]) -> Vec<String> {
    let cluster = leading_to("flux-system", "./cluster", "") + &leading_to("apps", "./apps", apps);
    variables_in(&cluster, files)
}

fn variables_in(cluster: &str, files: &[(&str, &str)]) -> Vec<String> {
    let files = [&[("cluster/all.yaml", cluster)], files].concat();
    let report = report_of(&files);
    let mut said = Vec::new();
    for one in report.substitutions {
        let place = |finding: &report::Finding| {
            let report::Finding {
                at, path, message, ..
            } = finding;
            format!("{}:{}:{} {path}: {message}", at.file, at.line, at.column)
        };
        said.extend(one.failures.iter().map(place));
        said.extend(one.retyped.iter().map(place));
        said.extend(one.undecided);
        said.extend(one.expects.iter().map(|name| format!("expects {name}")));
        said.extend(
            one.encrypted
                .iter()
                .map(|source| format!("encrypted {source}")),
        );
        said.extend(one.missing.iter().map(|name| format!("missing {name}")));
    }
    said
}

#[test]
fn variables_come_from_the_config_maps_of_the_cluster() {
    let x = config_map("x", "k: \"${x}\", n: \"${n}\"");
    let vars = |data: &str| {
        leading_to("flux-system", "./cluster", "")
            + &leading_to("apps", "./apps", FROM_VARS)
            + &config_map("vars", data)
    };
    assert_eq!(
        variables_in(&vars("n: text"), &[("apps/x.yaml", &x)]),
        ["apps/x.yaml:5:12 data.k: undefined variable x"]
    );
    assert_eq!(
        variables_in(&vars("n: \"1\", x: text"), &[("apps/x.yaml", &x)]),
        ["apps/x.yaml:5:22 data.n: \"${n}\" becomes the number 1 (n = 1 from ConfigMap/vars)"]
    );
    // An invalid name is no matter of one place.
    assert_eq!(
        variables_in(&vars("n.m: text"), &[("apps/x.yaml", &x)]),
        ["apps/x.yaml:2:1 : ConfigMap/vars has the key \"n.m\", which is no name of a variable"]
    );
}

#[test]
fn what_the_cluster_may_know_is_undecided() {
    let x = config_map("x", "k: \"${x}\", broken: \"${a-b}\"");
    assert_eq!(
        variables_of(FROM_VARS, &[("apps/x.yaml", &x)]),
        [
            "apps/x.yaml:5:28 data.broken: missing closing brace",
            "ConfigMap flux-system/vars is not here"
        ]
    );
    let x = config_map("x", "k: \"${x}\"");
    let optional = "  postBuild: {substituteFrom: [{kind: Secret, name: vars, optional: true}], substitute: {a: b}}\n";
    assert_eq!(
        variables_of(optional, &[("apps/x.yaml", &x)]),
        ["optional Secret flux-system/vars is not here", "expects x"]
    );
    let merged = "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: vars, namespace: flux-system, annotations: {kustomize.toolkit.fluxcd.io/ssa: Merge}}\ndata: {y: z}\n";
    assert_eq!(
        variables_of(
            FROM_VARS,
            &[("apps/x.yaml", &x), ("cluster/vars.yaml", merged)]
        ),
        [
            "ConfigMap flux-system/vars may have more keys in the cluster, because of how it is applied",
            "expects x"
        ]
    );
}

#[test]
fn of_an_encrypted_source_the_names_are_known() {
    let secret = "---\napiVersion: v1\nkind: Secret\nmetadata: {name: vars, namespace: flux-system}\nstringData: {x: \"ENC[a]\"}\nsops: {mac: \"ENC[b]\"}\n";
    let cluster = leading_to("flux-system", "./cluster", "")
        + &leading_to("apps", "./apps", &FROM_VARS.replace("ConfigMap", "Secret"))
        + secret;
    let x = config_map("x", "k: \"${x}\", l: \"${y}\", m: \"${x/e/[}\"");
    assert_eq!(
        variables_in(&cluster, &[("apps/x.yaml", &x)]),
        [
            "apps/x.yaml:5:23 data.l: undefined variable y",
            "encrypted Secret/vars"
        ]
    );
    // Whether the value makes the text unreadable, or the place of what it is, is not known.
    let x = config_map("x", "k: \"${x/e/[}\"");
    assert_eq!(
        variables_in(&cluster, &[("apps/x.yaml", &x)]),
        ["encrypted Secret/vars"]
    );
    let child = leading_to("child", "./${x}", WITH_A);
    assert_eq!(
        variables_in(&cluster, &[("apps/x.yaml", &child)]),
        [
            "it has variables whose values are encrypted",
            "encrypted Secret/vars"
        ]
    );
}

#[test]
fn a_kustomization_of_another_source_is_not_judged() {
    let x = config_map("x", "k: \"${x}\"");
    let cluster = leading_to("flux-system", "./cluster", "")
        + &leading_to("apps", "./apps", WITH_A).replace("name: fleet", "name: other");
    assert_eq!(
        variables_in(&cluster, &[("apps/x.yaml", &x)]),
        ["its source GitRepository flux-system/other is not known to be this repository"]
    );
}

#[test]
fn a_directory_without_overlay_takes_everything_but_what_overlays_below_leave_out() {
    let x = config_map("x", "k: \"${x}\"");
    let files = [
        ("apps/deep/x.yaml", x.as_str()),
        ("apps/deep/no.json", "{}"),
        (
            "apps/other/kustomization.yaml",
            "resources: [sub/one.yaml, https://example.com/two.yaml]\n",
        ),
        ("apps/other/sub/one.yaml", x.as_str()),
        ("apps/other/left-out.yaml", x.as_str()),
        ("apps/.github/workflow.yaml", x.as_str()),
        ("elsewhere/x.yaml", x.as_str()),
    ];
    assert_eq!(
        variables_of(WITH_A, &files),
        [
            "apps/deep/x.yaml:5:12 data.k: undefined variable x",
            "apps/other/sub/one.yaml:5:12 data.k: undefined variable x",
            "missing https://example.com/two.yaml",
        ]
    );
}

#[test]
fn patches_keep_findings_from_the_places_that_they_change() {
    let x =
        "apiVersion: v1\nkind: Service\nmetadata: {name: x}\nspec: {a: \"${x}\", b: \"${x}\"}\n";
    let said = |patches: &str| {
        let overlay = format!("resources: [x.yaml]\n{patches}");
        variables_of(
            WITH_A,
            &[("apps/x.yaml", x), ("apps/kustomization.yaml", &overlay)],
        )
    };
    let [a, b] = [
        "apps/x.yaml:4:12 spec.a: undefined variable x",
        "apps/x.yaml:4:23 spec.b: undefined variable x",
    ];
    assert_eq!(said(""), [a, b]);
    assert_eq!(
        said(
            "patches: [{target: {kind: Service}, patch: \"[{op: replace, path: /spec/a, value: c}]\"}]\n"
        ),
        [b]
    );
    assert_eq!(
        said(
            "patches: [{target: {kind: Other}, patch: \"[{op: replace, path: /spec/a, value: c}]\"}]\n"
        ),
        [a, b]
    );
    assert_eq!(
        said(
            "patches: [{patch: \"{apiVersion: v1, kind: Service, metadata: {name: x}, spec: {b: c}}\"}]\n"
        ),
        [a]
    );
    assert_eq!(
        said(
            "patches: [{patch: \"{apiVersion: v1, kind: Service, metadata: {name: y}, spec: {b: c}}\"}]\n"
        ),
        [a, b]
    );
    // What takes it out, has it opt out, or is not known, leaves nothing.
    let none: [&str; 0] = [];
    for silent in [
        "commonAnnotations: {kustomize.toolkit.fluxcd.io/substitute: disabled}\n",
        "labels: [{pairs: {kustomize.toolkit.fluxcd.io/substitute: disabled}}]\n",
        "patches: [{target: {kind: Service}, patch: \"{kind: x, metadata: {name: x}, $patch: delete}\"}]\n",
        "patches: [{target: {name: x.*}, patch: \"[{op: add, path: /metadata/labels/kustomize.toolkit.fluxcd.io~1substitute, value: disabled}]\"}]\n",
        "patches: [{target: {labelSelector: \"a notin (b)\"}, path: nowhere.yaml}]\n",
        "replacements: [{path: somewhere.yaml}]\n",
        "components: [../nowhere]\n",
    ] {
        let mut said = said(silent);
        said.retain(|line| !line.starts_with("missing"));
        assert_eq!(said, none, "{silent}");
    }
    assert_eq!(
        said("patches: [{target: {labelSelector: \"a in (b, c)\"}, path: nowhere.yaml}]\n"),
        [a, b]
    );
}

#[test]
fn generators_are_read_unless_their_objects_opt_out() {
    let overlay = |options: &str| {
        format!(
            "configMapGenerator:\n- {{name: g, files: [a.txt, b=c.txt], literals: [\"l=${{x}}\"]{options}}}\nsecretGenerator: [{{name: s, files: [a.txt]}}]\n"
        )
    };
    let said = |options: &str| {
        let mut survey = Survey::default();
        let cluster =
            leading_to("flux-system", "./cluster", "") + &leading_to("apps", "./apps", WITH_A);
        survey.add("cluster/all.yaml", cluster.as_bytes());
        survey.add("apps/kustomization.yaml", overlay(options).as_bytes());
        assert_eq!(
            survey.wanted().into_iter().collect::<Vec<_>>(),
            ["apps/a.txt", "apps/c.txt"]
        );
        survey.add_text("apps/a.txt", b"1\n2 ${x}\n");
        survey.add_text("apps/c.txt", b"${#a} ${x}\n");
        let report = survey.finish("test");
        let findings = report
            .substitutions
            .into_iter()
            .flat_map(|one| one.failures);
        let findings = findings.map(|finding| {
            format!(
                "{}:{}:{}",
                finding.at.file, finding.at.line, finding.at.column
            )
        });
        findings.collect::<Vec<_>>()
    };
    assert_eq!(
        said(""),
        [
            "apps/a.txt:2:3",
            "apps/c.txt:1:7",
            "apps/kustomization.yaml:2:52"
        ]
    );
    let none: [&str; 0] = [];
    assert_eq!(
        said(", options: {annotations: {kustomize.toolkit.fluxcd.io/substitute: disabled}}"),
        none
    );
}

/// A patch for all Kustomizations, as the first Kustomization of a cluster has it.
fn patching(selector: &str, patch: &str) -> String {
    format!("  patches:\n  - target: {{kind: Kustomization{selector}}}\n    patch: |\n{patch}")
}

const ADDS_VARS: &str = "      kind: Kustomization\n      metadata: {name: _}\n      spec: {postBuild: {substituteFrom: [{kind: ConfigMap, name: vars}]}}\n";

#[test]
fn a_kustomization_is_judged_as_its_parent_patches_it() {
    let x = config_map("x", "k: \"${x}\"");
    let said = |patches: &str, apps: &str| {
        let cluster = leading_to("flux-system", "./cluster", "")
            + &leading_to("parent", "./clusters/apps", patches)
            + &config_map("vars", "x: text");
        variables_in(
            &cluster,
            &[("clusters/apps/apps.yaml", apps), ("apps/x.yaml", &x)],
        )
    };
    let plain = leading_to("apps", "./apps", WITH_A);
    let undefined = "apps/x.yaml:5:12 data.k: undefined variable x";
    let none: [&str; 0] = [];
    assert_eq!(said("", &plain), [undefined]);
    assert_eq!(said(&patching("", ADDS_VARS), &plain), none);
    assert_eq!(
        said(&patching(", labelSelector: a!=b", ADDS_VARS), &plain),
        none
    );
    assert_eq!(
        said(&patching(", labelSelector: a=b", ADDS_VARS), &plain),
        [undefined]
    );
    let added = "      - {op: add, path: /spec/postBuild, value: {}}\n";
    assert_eq!(
        said(&patching("", added), &plain),
        ["it is patched in a way that is not followed here"]
    );
}

#[test]
fn a_parent_puts_its_variables_into_its_children() {
    let x = config_map("x", "k: \"${x}\"");
    let apps = leading_to(
        "apps",
        "./${where}",
        "  postBuild: {substitute: {x: \"${name}\"}}\n",
    );
    let said = |parent: &str| {
        let cluster = leading_to("flux-system", "./cluster", "")
            + &leading_to("parent", "./clusters/apps", parent);
        variables_in(
            &cluster,
            &[("clusters/apps/apps.yaml", &apps), ("apps/x.yaml", &x)],
        )
    };
    assert_eq!(
        said("  postBuild: {substitute: {where: apps, name: \"17\"}}\n"),
        [
            "clusters/apps/apps.yaml:10:31 spec.postBuild.substitute.x: \"${name}\" becomes the number 17 (name = 17 from spec.postBuild.substitute)",
            "its spec.postBuild does not decode"
        ]
    );
    assert_eq!(
        said("  postBuild: {substitute: {where: apps, nome: z}}\n"),
        [
            "clusters/apps/apps.yaml:10:32 spec.postBuild.substitute.x: undefined variable name",
            "it fails in its parent"
        ]
    );
    assert_eq!(
        said("  postBuild: {substitute: {where: apps, name: z}}\n"),
        [""; 0]
    );
    assert_eq!(said(""), ["./${where} is no directory here"]);
}

#[test]
fn what_an_undecided_kustomization_leads_to_is_undecided() {
    let x = config_map("x", "k: \"${x}\"");
    let cluster = leading_to("parent", "./apps", "  targetNamespace: ${x}\n");
    let apps = leading_to("apps", "./deep", WITH_A);
    assert_eq!(
        variables_in(&cluster, &[("apps/apps.yaml", &apps), ("deep/x.yaml", &x)]),
        ["it is reached by parent, about which nothing is known"]
    );
    let cluster = leading_to("parent", "./${x}", "");
    assert_eq!(
        variables_in(&cluster, &[("apps/apps.yaml", &apps), ("deep/x.yaml", &x)]),
        ["it may be reached by parent, whose path is not known"]
    );
}

#[test]
fn a_text_that_a_patch_brings_is_found_in_the_patch() {
    let parent = "  postBuild: {substitute: {a: b}}\n";
    let cluster = leading_to("flux-system", "./cluster", "")
        + &leading_to("parent", "./clusters/apps", parent);
    let apps = leading_to("one", "./apps", "") + &leading_to("two", "./apps", "");
    let files = [
        ("clusters/apps/apps.yaml", apps.as_str()),
        (
            "clusters/apps/patch.yaml",
            "kind: Kustomization\nmetadata: {name: _}\nspec:\n  targetNamespace: ${x}\n",
        ),
        (
            "clusters/apps/kustomization.yaml",
            "resources: [apps.yaml]\npatches: [{path: patch.yaml, target: {kind: Kustomization}}]\n",
        ),
    ];
    assert_eq!(
        variables_in(&cluster, &files),
        ["clusters/apps/patch.yaml:4:20 spec.targetNamespace: undefined variable x"]
    );
}

#[test]
fn the_same_in_two_clusters_is_said_once() {
    let x = config_map("x", "k: \"${x}\"");
    let cluster = |name: &str| leading_to("flux-system", &format!("./clusters/{name}"), "");
    let apps = leading_to("apps", "./apps", WITH_A);
    let overlay = "resources: [../../all/apps.yaml, sync.yaml]\n";
    let report = report_of(&[
        ("clusters/one/sync.yaml", &cluster("one")),
        ("clusters/one/kustomization.yaml", overlay),
        ("clusters/two/sync.yaml", &cluster("two")),
        ("clusters/two/kustomization.yaml", overlay),
        ("all/apps.yaml", &apps),
        ("apps/x.yaml", &x),
    ]);
    let [one] = &report.substitutions[..] else {
        panic!("{:?}", report.substitutions)
    };
    assert_eq!(
        (one.clusters.as_slice(), one.failures.len()),
        (
            ["clusters/one".to_owned(), "clusters/two".to_owned()].as_slice(),
            1
        )
    );
}
