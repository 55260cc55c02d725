//! What the example says about two states of a repository.

use crate::survey::Survey;
use crate::{leading_to, transition};

/// What happens between two states, in plain text without the heading.
fn changes(before: &[(&str, &str)], after: &[(&str, &str)]) -> String {
    let survey = |files: &[(&str, &str)]| {
        let mut survey = Survey::default();
        for (name, text) in files {
            survey.add(name, text.as_bytes());
        }
        survey
    };
    let mut now = survey(after);
    now.follow("before", survey(before));
    let report = now.finish("after");
    let mut out = anstream::StripStream::new(Vec::new());
    transition::write(&mut out, &report).unwrap();
    let text = String::from_utf8(out.into_inner()).unwrap();
    text.replacen("\nFrom before to here\n", "", 1)
}

const DEPLOYMENT: &str =
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: shop}\n";
const NAMESPACE: &str = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n";

fn root(spec: &str) -> String {
    leading_to("apps", "./apps", spec)
}

#[test]
fn objects_are_applied_in_stages_and_what_is_gone_is_deleted() {
    let cluster = root("");
    let secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: token, namespace: shop, annotations: {kustomize.toolkit.fluxcd.io/prune: disabled}}\n";
    let class =
        "apiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\nmetadata: {name: high}\nvalue: 1\n";
    let config = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web, namespace: shop}\n";
    let before = [
        ("clusters/a/apps.yaml", cluster.as_str()),
        ("apps/config.yaml", config),
        ("apps/secret.yaml", secret),
        ("apps/web.yaml", DEPLOYMENT),
    ];
    let scaled = format!("{DEPLOYMENT}spec: {{replicas: 2}}\n");
    let after = [
        ("clusters/a/apps.yaml", cluster.as_str()),
        ("apps/class.yaml", class),
        ("apps/namespace.yaml", NAMESPACE),
        ("apps/web.yaml", &scaled),
    ];
    assert_changes(
        &before,
        &after,
        "
    applies definitions, then waits for them
      Namespace/shop created
    applies classes, then waits for them
      PriorityClass/high created
    applies rest
      Deployment/shop/web configured
    leaves Secret/shop/token because annotation kustomize.toolkit.fluxcd.io/prune is \"disabled\"
    deletes ConfigMap/shop/web
",
    );
}

#[test]
fn without_prune_nothing_is_deleted() {
    let off = root("").replace("prune: true", "prune: false");
    let before = [
        ("clusters/a/apps.yaml", off.as_str()),
        ("apps/web.yaml", DEPLOYMENT),
        ("apps/ns.yaml", NAMESPACE),
    ];
    let after = [
        ("clusters/a/apps.yaml", off.as_str()),
        ("apps/ns.yaml", NAMESPACE),
    ];
    assert_changes(
        &before,
        &after,
        "
    applies definitions, then waits for them
      1 unchanged
    leaves Deployment/shop/web because spec.prune is false
",
    );
}

#[test]
fn an_object_that_moves_is_deleted_unless_its_new_owner_comes_first() {
    let both = root("") + &leading_to("base", "./base", "");
    let before = [
        ("clusters/a/apps.yaml", both.as_str()),
        ("apps/web.yaml", DEPLOYMENT),
        ("base/ns.yaml", NAMESPACE),
    ];
    let after = [
        ("clusters/a/apps.yaml", both.as_str()),
        ("apps/ns.yaml", NAMESPACE),
        ("base/web.yaml", DEPLOYMENT),
    ];
    let text = changes(&before, &after);
    assert!(
        text.contains("deletes Deployment/shop/web, unless flux-system/base applies it first"),
        "{text}"
    );
    assert!(
        text.contains("deletes Namespace/shop, unless flux-system/apps applies it first"),
        "{text}"
    );
}

#[test]
fn a_kustomization_that_is_gone_takes_its_objects_along_as_its_policy_says() {
    for (spec, said) in [
        ("", "deletes Deployment/shop/web"),
        (
            "  deletionPolicy: Orphan\n",
            "leaves Deployment/shop/web because the policy is Orphan",
        ),
        (
            "  suspend: true\n",
            "leaves Deployment/shop/web because spec.suspend is true",
        ),
    ] {
        let (apps, other) = (root(spec), leading_to("base", "./base", ""));
        let before = [
            ("clusters/a/apps.yaml", apps.as_str()),
            ("clusters/a/base.yaml", other.as_str()),
            ("apps/web.yaml", DEPLOYMENT),
            ("base/ns.yaml", NAMESPACE),
        ];
        let after = [
            ("clusters/a/base.yaml", other.as_str()),
            ("base/ns.yaml", NAMESPACE),
        ];
        let text = changes(&before, &after);
        assert!(
            text.contains(", which is there no more") && text.contains(said),
            "{text}"
        );
    }
}

#[test]
fn what_takes_a_builder_of_overlays_is_named_and_not_followed() {
    let apps = root("");
    let overlay = "resources: [web.yaml]\n";
    let files = [
        ("clusters/a/apps.yaml", apps.as_str()),
        ("apps/kustomization.yaml", overlay),
        ("apps/web.yaml", DEPLOYMENT),
    ];
    let text = changes(&files, &files[..1]);
    assert!(text.contains("is no directory here"), "{text}");
    let text = changes(&files, &files);
    assert!(
        text.contains("not followed: apps/kustomization.yaml takes a builder of overlays"),
        "{text}"
    );
}

/// Compares what follows the line that names the only Kustomization.
#[track_caller]
fn assert_changes(before: &[(&str, &str)], after: &[(&str, &str)], expected: &str) {
    let text = changes(before, after);
    let (_, rest) = text.split_once('\n').unwrap();
    assert_eq!(rest, &expected[1..], "{text}");
}
