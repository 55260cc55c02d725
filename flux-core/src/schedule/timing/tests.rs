use fluxcd_api::kustomize::v1::KustomizationSpec;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

const V2_9: FluxVersion = FluxVersion::V2_9;

fn timing(api_version: &str, kind: &str, spec: Value) -> Timing {
    let object = json!({
        "apiVersion": api_version,
        "kind": kind,
        "metadata": {"name": "a"},
        "spec": spec,
    });
    Timing::of(&FluxObject::decode(object).unwrap(), V2_9)
}

fn texts(timing: &Timing) -> [String; 3] {
    [timing.interval, timing.timeout, timing.retry_interval]
        .map(|setting| setting.map_or_else(|| "-".to_owned(), |setting| setting.to_string()))
}

#[test]
fn a_kustomization_derives_its_limits_from_its_interval() {
    let texts = |spec| {
        texts(&timing(
            "kustomize.toolkit.fluxcd.io/v1",
            "Kustomization",
            spec,
        ))
    };
    let with = |mut spec: Value| {
        spec["prune"] = json!(true);
        spec["sourceRef"] = json!({"kind": "GitRepository", "name": "a"});
        texts(spec)
    };
    for (spec, expected) in [
        (
            json!({"interval": "5m"}),
            [
                "5m0s, as written",
                "4m30s, the interval less 30s",
                "5m0s, the interval",
            ],
        ),
        (
            json!({"interval": "1m", "timeout": "30s", "retryInterval": "2h"}),
            ["1m0s, as written", "30s, as written", "2h0m0s, as written"],
        ),
        (
            json!({"interval": "10s", "retryInterval": "1s"}),
            [
                "10s, as written",
                "30s, the shortest, instead of -20s",
                "1s, as written",
            ],
        ),
        (
            json!({"interval": "1h", "timeout": "10s"}),
            [
                "1h0m0s, as written",
                "30s, the shortest, instead of 10s",
                "1h0m0s, the interval",
            ],
        ),
    ] {
        assert_eq!(with(spec), expected);
    }
}

#[test]
fn every_kind_has_the_defaults_of_its_controller() {
    let source = "source.toolkit.fluxcd.io/v1";
    let image = "image.toolkit.fluxcd.io/v1";
    let notification = "notification.toolkit.fluxcd.io/v1";
    let interval =
        || json!({"interval": "1m", "sourceRef": {"kind": "GitRepository", "name": "a"}});
    let written = "1m0s, as written";
    let minute = "1m0s, by default";
    for (api_version, kind, spec, expected, spread) in [
        (
            "helm.toolkit.fluxcd.io/v2",
            "HelmRelease",
            interval(),
            [written, "5m0s, by default"],
            true,
        ),
        (
            source,
            "GitRepository",
            json!({"interval": "1m", "url": "u"}),
            [written, minute],
            true,
        ),
        (
            source,
            "OCIRepository",
            json!({"interval": "1m", "url": "u"}),
            [written, minute],
            true,
        ),
        (
            source,
            "OCIRepository",
            json!({"url": "u"}),
            ["-", minute],
            true,
        ),
        (
            source,
            "Bucket",
            json!({"interval": "1m", "timeout": "5s", "bucketName": "b", "endpoint": "e"}),
            [written, "5s, as written"],
            true,
        ),
        (
            source,
            "HelmRepository",
            json!({"url": "u"}),
            [minute, minute],
            true,
        ),
        (
            source,
            "HelmRepository",
            json!({"interval": "0s", "url": "u"}),
            [minute, minute],
            true,
        ),
        (
            source,
            "HelmRepository",
            json!({"interval": "1m", "type": "oci", "url": "u"}),
            ["-", minute],
            false,
        ),
        (
            source,
            "HelmChart",
            json!({"interval": "1m", "chart": "c", "sourceRef": {"kind": "Bucket", "name": "a"}}),
            [written, "-"],
            true,
        ),
        (
            "source.extensions.fluxcd.io/v1beta1",
            "ArtifactGenerator",
            json!({"sources": [], "artifacts": []}),
            ["1h0m0s, by default", "-"],
            true,
        ),
        (
            image,
            "ImageRepository",
            json!({"interval": "1m", "image": "i"}),
            [written, "1m0s, the interval"],
            false,
        ),
        (
            image,
            "ImageRepository",
            json!({"interval": "1m", "timeout": "1ms", "image": "i"}),
            [written, "1s, the shortest, instead of 1ms"],
            false,
        ),
        (
            image,
            "ImagePolicy",
            json!({"imageRepositoryRef": {"name": "a"}, "policy": {}}),
            ["-", "-"],
            false,
        ),
        (
            image,
            "ImagePolicy",
            json!({"imageRepositoryRef": {"name": "a"}, "policy": {}, "digestReflectionPolicy": "Always"}),
            ["10m0s, by default", "-"],
            false,
        ),
        (
            image,
            "ImageUpdateAutomation",
            interval(),
            [written, "-"],
            false,
        ),
        (
            notification,
            "Receiver",
            json!({"type": "generic", "resources": [], "secretRef": {"name": "a"}}),
            ["10m0s, by default", "-"],
            false,
        ),
        (
            notification,
            "Provider",
            json!({"type": "slack"}),
            ["-", "15s, by default"],
            false,
        ),
        (
            notification,
            "Alert",
            json!({"providerRef": {"name": "a"}, "eventSources": []}),
            ["-", "-"],
            false,
        ),
    ] {
        let timing = timing(api_version, kind, spec);
        assert_eq!(texts(&timing)[..2], expected, "{kind}");
        assert_eq!(timing.spread, spread, "{kind}");
        assert_eq!(timing.retry_interval, None, "{kind}");
    }
}

#[test]
fn the_annotation_of_a_generator_counts_from_2_10_on() {
    let mut generator = ArtifactGenerator::default();
    let annotations = generator.metadata.annotations.get_or_insert_default();
    annotations.insert(
        "source.extensions.fluxcd.io/reconcileEvery".to_owned(),
        "5m".to_owned(),
    );
    let every = |version| {
        Timing::of_generator(&generator, version)
            .interval
            .unwrap()
            .to_string()
    };
    assert_eq!(every(V2_9), "1h0m0s, by default");
    assert_eq!(every(FluxVersion::V2_10), "5m0s, as an annotation says");
}

#[test]
fn without_an_interval_there_is_no_timer() {
    let next = Timing::default().after_success();
    assert_eq!(next.to_string(), "on a change only: nothing is due");
    let interval = written(Duration::ZERO);
    assert_eq!(
        Timing::every(interval).after_success().requeue,
        Requeue::OnChange
    );
    assert_eq!(Timing::default().after_failure().requeue, Requeue::Backoff);
}

proptest! {
    #[test]
    fn the_rule_of_a_timeout_says_how_long_it_is(interval: i64, written: Option<i64>) {
        let written = written.map(Duration::from_nanos);
        let interval = Duration::from_nanos(interval);
        let spec = KustomizationSpec { interval, timeout: written, ..KustomizationSpec::default() };
        let timing = Timing::from(&Kustomization::new("a", spec));
        let timeout = timing.timeout.unwrap();
        let shortest = Duration::from_secs(30);
        prop_assert!(timeout.duration >= shortest);
        match timeout.rule {
            Rule::Written => prop_assert_eq!(Some(timeout.duration), written),
            Rule::IntervalLess(less) => prop_assert_eq!(
                timeout.duration.as_nanos(),
                interval.as_nanos().wrapping_sub(less.as_nanos())
            ),
            Rule::Shortest { instead_of } => {
                prop_assert!(instead_of < shortest && timeout.duration == shortest);
            }
            rule => prop_assert!(false, "{:?}", rule),
        }
    }
}
