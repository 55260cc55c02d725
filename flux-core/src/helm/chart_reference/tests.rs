use serde_json::{Value, json};

use super::*;
use FluxVersion::{V2_9, V2_10};

fn release(namespace: &str, name: &str, spec: Value) -> HelmRelease {
    let mut spec = spec;
    spec["interval"] = json!("10m");
    let object = json!({"metadata": {"name": name, "namespace": namespace}, "spec": spec});
    serde_json::from_value(object).unwrap()
}

fn template(source_namespace: Option<&str>) -> Value {
    let mut source = json!({"kind": "HelmRepository", "name": "podinfo"});
    if let Some(namespace) = source_namespace {
        source["namespace"] = json!(namespace);
    }
    json!({"spec": {"chart": "podinfo", "sourceRef": source}})
}

fn made(release: &HelmRelease, version: FluxVersion) -> String {
    from_template(release, version).unwrap().value.to_string()
}

#[test]
fn the_made_object_goes_to_the_namespace_of_its_source() {
    let own = release("apps", "podinfo", json!({"chart": template(None)}));
    let other = release(
        "apps",
        "podinfo",
        json!({"chart": template(Some("flux-system"))}),
    );
    let empty = release("apps", "podinfo", json!({"chart": template(Some(""))}));
    for version in [V2_9, V2_10] {
        assert_eq!(made(&own, version), "HelmChart/apps/apps-podinfo");
        assert_eq!(made(&other, version), "HelmChart/flux-system/apps-podinfo");
        assert_eq!(made(&empty, version), "HelmChart/apps/apps-podinfo");
        assert_eq!(
            from_template(&own, version).unwrap().origin,
            Origin::Default
        );
        assert_eq!(from_template(&other, version).unwrap().origin, Origin::Spec);
    }
}

#[test]
fn two_releases_may_want_an_object_of_the_same_name() {
    let one = release("a-b", "c", json!({"chart": template(Some("z"))}));
    let two = release("a", "b-c", json!({"chart": template(Some("z"))}));
    assert_eq!(made(&one, V2_9), made(&two, V2_9));
}

#[test]
fn an_oci_template_is_known_to_2_10_only_and_stays_in_the_own_namespace() {
    let mut chart = template(Some("flux-system"));
    chart["kind"] = json!("OCIRepository");
    let release = release("apps", "podinfo", json!({"chart": chart}));
    assert_eq!(made(&release, V2_9), "HelmChart/flux-system/apps-podinfo");
    assert_eq!(made(&release, V2_10), "OCIRepository/apps/apps-podinfo");
}

#[test]
fn a_chart_ref_defaults_to_a_helm_chart_in_the_own_namespace() {
    let found = |reference| {
        from_chart_ref(&release("apps", "podinfo", json!({"chartRef": reference}))).unwrap()
    };
    assert_eq!(
        found(json!({"kind": "OCIRepository", "name": "x", "namespace": "z"})).to_string(),
        "OCIRepository/z/x"
    );
    assert_eq!(
        found(json!({"kind": "", "name": "x"})).to_string(),
        "HelmChart/apps/x"
    );
}

#[test]
fn without_a_template_or_a_reference_there_is_nothing() {
    let release = release("apps", "podinfo", json!({}));
    assert_eq!(from_template(&release, V2_10), None);
    assert_eq!(from_chart_ref(&release), None);
}

#[test]
fn the_status_is_read_by_its_parts() {
    for (text, old, new) in [
        ("", None, None),
        ("noslash", None, None),
        ("a/b", Some("HelmChart/a/b"), Some("HelmChart/a/b")),
        ("/", Some("HelmChart//"), Some("HelmChart//")),
        ("a/", Some("HelmChart/a/"), Some("HelmChart/a/")),
        ("a/b/c", Some("HelmChart/a/b"), Some("a/b/c")),
        (
            "HelmChart/a/b",
            Some("HelmChart/HelmChart/a"),
            Some("HelmChart/a/b"),
        ),
        ("//", Some("HelmChart//"), Some("//")),
        ("a/b/c/d", Some("HelmChart/a/b"), None),
    ] {
        let read =
            |version| ChartReference::parse_status(text, version).map(|found| found.to_string());
        assert_eq!(read(V2_9).as_deref(), old, "{text}");
        assert_eq!(read(V2_10).as_deref(), new, "{text}");
    }
}

#[test]
fn what_2_10_writes_it_reads() {
    for kind in [Kind::HelmChart, Kind::OCIRepository] {
        let reference = ChartReference::new(kind, "apps", "apps-podinfo");
        assert_eq!(
            ChartReference::parse_status(&reference.status_text(), V2_10),
            Some(reference)
        );
    }
}
