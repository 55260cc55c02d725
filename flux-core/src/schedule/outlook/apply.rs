//! Kustomization and HelmRelease.

use fluxcd_api::helm::v2::condition::*;
use fluxcd_api::meta::condition::{HEALTHY, READY, STALLED};
use fluxcd_api::meta::reason::*;
use fluxcd_api::source::v1::condition::DIRECTORY_CREATION_FAILED;

use super::Outlook::{MayStall, Retries, Stalls, Well, Working};
use super::{BACKOFF, DEPENDENCY, Outlook, Reasons, Wait, row};

const RETRY_INTERVAL: Outlook = Retries(&[Wait::RetryInterval]);
const BEGIN_AGAIN: Outlook = Retries(&[Wait::BeginAgain]);
/// After a failed action: as its remediation or retry strategy says.
const REMEDIATED_OR_RETRIED: Outlook =
    MayStall(&[Wait::BeginAgain, Wait::RetryInterval, Wait::Backoff]);

pub(super) const ROWS: &[Reasons] = &[
    row(
        "HelmRelease",
        READY,
        "False",
        &[
            (ACCESS_DENIED, Stalls),
            (ARTIFACT_FAILED, Retries(&[Wait::Backoff, Wait::Dependency])),
            (CHART_MUTATE_ERROR, BACKOFF),
            (CONFIG_FACTORY_ERROR, BACKOFF),
            (DEPENDENCY_NOT_READY, DEPENDENCY),
            (FACTORY_ERROR, BACKOFF),
            (HEALTH_CHECK_CANCELED, BEGIN_AGAIN),
            (INSTALL_FAILED, REMEDIATED_OR_RETRIED),
            (INVALID_CEL_EXPRESSION, Stalls),
            (PENDING_RELEASE, REMEDIATED_OR_RETRIED),
            (REST_CLIENT_ERROR, BACKOFF),
            (RECONCILE_ERROR, BACKOFF),
            (RESOURCE_MANAGER_ERROR, BACKOFF),
            (ROLLBACK_FAILED, REMEDIATED_OR_RETRIED),
            (ROLLBACK_SUCCEEDED, REMEDIATED_OR_RETRIED),
            (SOURCE_NOT_READY, DEPENDENCY),
            (STATE_ERROR, BACKOFF),
            (TEST_FAILED, REMEDIATED_OR_RETRIED),
            (UNINSTALL_FAILED, REMEDIATED_OR_RETRIED),
            (UNINSTALL_SUCCEEDED, REMEDIATED_OR_RETRIED),
            (UPGRADE_FAILED, REMEDIATED_OR_RETRIED),
            (VALUES_ERROR, BACKOFF),
        ],
    ),
    row(
        "HelmRelease",
        READY,
        "Unknown",
        &[(AWAITING_TESTS, Working), (PROGRESSING, Working)],
    ),
    row(
        "HelmRelease",
        READY,
        "True",
        &[
            (INSTALL_SUCCEEDED, Well),
            (TEST_SUCCEEDED, Well),
            (UPGRADE_SUCCEEDED, Well),
        ],
    ),
    row(
        "HelmRelease",
        STALLED,
        "True",
        &[
            (ACCESS_DENIED, Stalls),
            (INVALID_CEL_EXPRESSION, Stalls),
            (MISSING_ROLLBACK_TARGET, Stalls),
            (RETRIES_EXCEEDED, Stalls),
        ],
    ),
    row(
        "HelmRelease",
        RELEASED,
        "False",
        &[
            (INSTALL_FAILED, REMEDIATED_OR_RETRIED),
            (PENDING_RELEASE, REMEDIATED_OR_RETRIED),
            (UNINSTALL_FAILED, BACKOFF),
            (UNINSTALL_SUCCEEDED, BEGIN_AGAIN),
            (UPGRADE_FAILED, REMEDIATED_OR_RETRIED),
        ],
    ),
    row(
        "HelmRelease",
        RELEASED,
        "True",
        &[(INSTALL_SUCCEEDED, Well), (UPGRADE_SUCCEEDED, Well)],
    ),
    row(
        "HelmRelease",
        TEST_SUCCESS,
        "False",
        &[(TEST_FAILED, REMEDIATED_OR_RETRIED)],
    ),
    row(
        "HelmRelease",
        TEST_SUCCESS,
        "Unknown",
        &[(AWAITING_TESTS, Working)],
    ),
    row(
        "HelmRelease",
        TEST_SUCCESS,
        "True",
        &[(TEST_SUCCEEDED, Well)],
    ),
    row(
        "HelmRelease",
        REMEDIATED,
        "False",
        &[
            (ROLLBACK_FAILED, REMEDIATED_OR_RETRIED),
            (UNINSTALL_FAILED, REMEDIATED_OR_RETRIED),
        ],
    ),
    row(
        "HelmRelease",
        REMEDIATED,
        "True",
        &[
            (ROLLBACK_SUCCEEDED, REMEDIATED_OR_RETRIED),
            (UNINSTALL_SUCCEEDED, REMEDIATED_OR_RETRIED),
        ],
    ),
    row("HelmRelease", DRIFTED, "True", &[(DRIFT_DETECTED, Well)]),
    row(
        "HelmRelease",
        DRIFTED,
        "False",
        &[(NO_DRIFT_DETECTED, Well)],
    ),
    row(
        "Kustomization",
        READY,
        "False",
        &[
            (ACCESS_DENIED, Stalls),
            (
                ARTIFACT_FAILED,
                Retries(&[Wait::Backoff, Wait::RetryInterval, Wait::Dependency]),
            ),
            (BUILD_FAILED, RETRY_INTERVAL),
            (DEPENDENCY_NOT_READY, DEPENDENCY),
            (DIRECTORY_CREATION_FAILED, RETRY_INTERVAL),
            (FEATURE_GATE_DISABLED, Stalls),
            (HEALTH_CHECK_CANCELED, BEGIN_AGAIN),
            (HEALTH_CHECK_FAILED, RETRY_INTERVAL),
            (INVALID_CEL_EXPRESSION, Stalls),
            (PRUNE_FAILED, RETRY_INTERVAL),
            (RECONCILIATION_FAILED, RETRY_INTERVAL),
        ],
    ),
    row("Kustomization", READY, "Unknown", &[(PROGRESSING, Working)]),
    row(
        "Kustomization",
        READY,
        "True",
        &[(RECONCILIATION_SUCCEEDED, Well)],
    ),
    row(
        "Kustomization",
        HEALTHY,
        "False",
        &[(HEALTH_CHECK_FAILED, RETRY_INTERVAL)],
    ),
    row(
        "Kustomization",
        HEALTHY,
        "Unknown",
        &[(PROGRESSING, Working)],
    ),
    row("Kustomization", HEALTHY, "True", &[(SUCCEEDED, Well)]),
];
