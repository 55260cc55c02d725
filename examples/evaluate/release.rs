//! What helm-controller makes of one HelmRelease, as lines of the report.

use fluxcd::api::helm::v2::HelmRelease;
use fluxcd::api::meta::{Effective, Origin};
use fluxcd::core::FluxVersion;
use fluxcd::core::helm::release_name::{self, Derivation};
use fluxcd::core::helm::remediation::{Action, Remediation, Retry};
use fluxcd::core::helm::{Gates, chart_reference};

use crate::report::{Failure, Place, Release, Sourced};

/// The names of the release and what follows its failures, with the feature gates as Flux has them by default.
pub(crate) fn release(object: String, at: Place, release: &HelmRelease) -> Release {
    let derivation = Derivation::of(release);
    let made = chart_reference::from_template(release, FluxVersion::V2_10)
        .map(|made| format!("{}, made from spec.chart", made.value));
    let named = chart_reference::from_chart_ref(release)
        .map(|named| format!("{named}, named by spec.chartRef"));
    Release {
        object,
        at,
        name: derivation.name.to_string(),
        name_from: derivation.rule.to_string(),
        shortened_from: derivation.is_shortened().then(|| derivation.raw.clone()),
        name_fault: derivation.name.fault().map(|fault| fault.to_string()),
        namespace: sourced(release_name::release_namespace(release).map(str::to_owned)),
        storage_namespace: sourced(release_name::storage_namespace(release).map(str::to_owned)),
        chart: made.or(named),
        install: failure(release, Action::Install),
        upgrade: failure(release, Action::Upgrade),
    }
}

fn failure(release: &HelmRelease, action: Action) -> Failure {
    let gates = Gates::default();
    let (remediation, retry, strategy) = match action {
        Action::Install => {
            let written = release
                .spec
                .install
                .as_ref()
                .and_then(|install| install.strategy.as_ref());
            (
                Remediation::of_install(release),
                Retry::of_install(release, gates),
                written,
            )
        }
        Action::Upgrade => {
            let written = release
                .spec
                .upgrade
                .as_ref()
                .and_then(|upgrade| upgrade.strategy.as_ref());
            (
                Remediation::of_upgrade(release),
                Retry::of_upgrade(release, gates),
                written,
            )
        }
    };
    Failure {
        strategy: match &retry {
            Some(retry) => Sourced {
                value: "RetryOnFailure".to_owned(),
                origin: origin(retry.chosen_by),
            },
            None => sourced(Effective::spec_or(
                strategy.map(|strategy| strategy.name.as_str().to_owned()),
                "RemediateOnFailure".to_owned(),
            )),
        },
        retry_interval: retry
            .map(|retry| sourced(retry.interval.map(|interval| interval.to_string()))),
        retries: sourced(remediation.retries),
        remediation: sourced(
            remediation
                .strategy
                .map(|strategy| strategy.as_str().to_owned()),
        ),
        remediate_last_failure: sourced(remediation.remediate_last_failure),
        ignore_test_failures: sourced(remediation.ignore_test_failures),
    }
}

fn sourced<T>(effective: Effective<T>) -> Sourced<T> {
    Sourced {
        value: effective.value,
        origin: origin(effective.origin),
    }
}

fn origin(origin: Origin) -> &'static str {
    match origin {
        Origin::Spec => "spec",
        Origin::Default => "default",
        Origin::Flag => "flag",
        Origin::Annotation => "annotation",
        _ => "other",
    }
}
