//! Sources and ArtifactGenerator.

use fluxcd_api::meta::condition::READY;
use fluxcd_api::meta::reason::{
    ACCESS_DENIED, BUILD_FAILED as BUILD_FAILED_REASON, FAILED, FEATURE_GATE_DISABLED,
    INVALID_PATH, PROGRESSING, RECONCILIATION_FAILED, SUCCEEDED,
};
use fluxcd_api::source::v1::condition::*;
use fluxcd_api::source_extensions::v1beta1::reason::*;

use super::Outlook::{Retries, Stalls, Well, Working};
use super::{BACKOFF, DEPENDENCY, Outlook, Reasons, STALLS_OR_BACKOFF, Wait, row};

const BEGIN_AGAIN: Outlook = Retries(&[Wait::BeginAgain]);

pub(super) const ROWS: &[Reasons] = &[
    row(
        "ArtifactGenerator",
        READY,
        "False",
        &[
            (ACCESS_DENIED, Stalls),
            (BUILD_FAILED_REASON, STALLS_OR_BACKOFF),
            (RECONCILIATION_FAILED, BACKOFF),
            (SOURCE_FETCH_FAILED, DEPENDENCY),
            (VALIDATION_FAILED, Stalls),
        ],
    ),
    row(
        "ArtifactGenerator",
        READY,
        "Unknown",
        &[(PROGRESSING, Working)],
    ),
    row(
        "ArtifactGenerator",
        READY,
        "True",
        &[(RECONCILIATION_DISABLED, Well), (SUCCEEDED, Well)],
    ),
    row(
        "Bucket",
        FETCH_FAILED,
        "True",
        &[
            (AUTHENTICATION_FAILED, BACKOFF),
            (BUCKET_OPERATION_FAILED, BACKOFF),
            (FEATURE_GATE_DISABLED, Stalls),
            (INVALID_STS_CONFIGURATION, Stalls),
            (URL_INVALID, Stalls),
        ],
    ),
    row("Bucket", STORAGE_OPERATION_FAILED, "True", STORAGE),
    row(
        "Bucket",
        ARTIFACT_OUTDATED,
        "True",
        &[(NEW_REVISION, Working)],
    ),
    row("Bucket", ARTIFACT_IN_STORAGE, "True", &[(SUCCEEDED, Well)]),
    row(
        "GitRepository",
        FETCH_FAILED,
        "True",
        &[
            (AUTHENTICATION_FAILED, BACKOFF),
            (EMPTY_GIT_REPOSITORY, BACKOFF),
            (FEATURE_GATE_DISABLED, Stalls),
            (GIT_OPERATION_FAILED, BACKOFF),
            (INVALID_PROVIDER_CONFIGURATION, STALLS_OR_BACKOFF),
            (URL_INVALID, Stalls),
        ],
    ),
    row(
        "GitRepository",
        INCLUDE_UNAVAILABLE,
        "True",
        &[(NO_ARTIFACT, DEPENDENCY), (NOT_FOUND, DEPENDENCY)],
    ),
    row(
        "GitRepository",
        STORAGE_OPERATION_FAILED,
        "True",
        &[
            (ARCHIVE_OPERATION_FAILED, BACKOFF),
            (COPY_FAILURE, BACKOFF),
            (DIRECTORY_CREATION_FAILED, BACKOFF),
            (ILLEGAL_PATH, BACKOFF),
            (INVALID_PATH, BACKOFF),
            (STAT_OPERATION_FAILED, BACKOFF),
        ],
    ),
    row(
        "GitRepository",
        ARTIFACT_OUTDATED,
        "True",
        &[(INCLUDE_CHANGE, Working), (NEW_REVISION, Working)],
    ),
    row(
        "GitRepository",
        ARTIFACT_IN_STORAGE,
        "True",
        &[(SUCCEEDED, Well)],
    ),
    row(
        "GitRepository",
        SOURCE_VERIFIED,
        "False",
        &[
            (INVALID_COMMIT_SIGNATURE, BACKOFF),
            (INVALID_GIT_OBJECT, BACKOFF),
            (INVALID_TAG_SIGNATURE, BACKOFF),
            (INVALID_VERIFICATION_MODE, Stalls),
            (VERIFICATION_ERROR, BACKOFF),
        ],
    ),
    row(
        "GitRepository",
        SOURCE_VERIFIED,
        "True",
        &[(SUCCEEDED, Well)],
    ),
    row(
        "HelmChart",
        FETCH_FAILED,
        "True",
        &[
            (AUTHENTICATION_FAILED, BACKOFF),
            (CHART_PULL_ERROR, BACKOFF),
            (DIRECTORY_CREATION_FAILED, BACKOFF),
            (FAILED, STALLS_OR_BACKOFF),
            (INVALID_CHART_REFERENCE, Stalls),
            (NO_SOURCE_ARTIFACT, BEGIN_AGAIN),
            (READ_OPERATION_FAILED, BACKOFF),
            (SOURCE_UNAVAILABLE, STALLS_OR_BACKOFF),
            (URL_INVALID, Stalls),
            (UNKNOWN, BACKOFF),
        ],
    ),
    row(
        "HelmChart",
        BUILD_FAILED,
        "True",
        &[
            (CHART_PACKAGE_ERROR, BACKOFF),
            (CHART_VERIFICATION_ERROR, BACKOFF),
            (DEPENDENCY_BUILD_ERROR, BACKOFF),
            (METADATA_PATCH_ERROR, Stalls),
            (VALUES_FILES_ERROR, Stalls),
        ],
    ),
    row(
        "HelmChart",
        STORAGE_OPERATION_FAILED,
        "True",
        &[
            (ACQUIRE_LOCK_FAILED, BACKOFF),
            (ARCHIVE_OPERATION_FAILED, BACKOFF),
            (DIRECTORY_CREATION_FAILED, BACKOFF),
        ],
    ),
    row(
        "HelmChart",
        ARTIFACT_OUTDATED,
        "True",
        &[(NEW_CHART, Working)],
    ),
    row(
        "HelmChart",
        ARTIFACT_IN_STORAGE,
        "True",
        &[
            (CHART_PACKAGE_SUCCEEDED, Well),
            (CHART_PULL_SUCCEEDED, Well),
        ],
    ),
    row(
        "HelmChart",
        SOURCE_VERIFIED,
        "False",
        &[(VERIFICATION_ERROR, BACKOFF)],
    ),
    row("HelmChart", SOURCE_VERIFIED, "True", &[(SUCCEEDED, Well)]),
    row(
        "HelmRepository",
        FETCH_FAILED,
        "True",
        &[
            (AUTHENTICATION_FAILED, BACKOFF),
            (FAILED, STALLS_OR_BACKOFF),
            (INDEXATION_FAILED, BACKOFF),
            (URL_INVALID, Stalls),
        ],
    ),
    row(
        "HelmRepository",
        STORAGE_OPERATION_FAILED,
        "True",
        &[
            (ARCHIVE_OPERATION_FAILED, BACKOFF),
            (DIRECTORY_CREATION_FAILED, BACKOFF),
        ],
    ),
    row(
        "HelmRepository",
        ARTIFACT_OUTDATED,
        "True",
        &[(NEW_REVISION, Working)],
    ),
    row(
        "HelmRepository",
        ARTIFACT_IN_STORAGE,
        "True",
        &[(SUCCEEDED, Well)],
    ),
    row(
        "OCIRepository",
        FETCH_FAILED,
        "True",
        &[
            (AUTHENTICATION_FAILED, BACKOFF),
            (OCI_LAYER_OPERATION_FAILED, BACKOFF),
            (OCI_PULL_FAILED, BACKOFF),
            (READ_OPERATION_FAILED, BACKOFF),
            (URL_INVALID, Stalls),
        ],
    ),
    row("OCIRepository", STORAGE_OPERATION_FAILED, "True", STORAGE),
    row(
        "OCIRepository",
        ARTIFACT_OUTDATED,
        "True",
        &[(NEW_REVISION, Working)],
    ),
    row(
        "OCIRepository",
        ARTIFACT_IN_STORAGE,
        "True",
        &[(SUCCEEDED, Well)],
    ),
    row(
        "OCIRepository",
        SOURCE_VERIFIED,
        "False",
        &[(VERIFICATION_ERROR, BACKOFF)],
    ),
    row(
        "OCIRepository",
        SOURCE_VERIFIED,
        "True",
        &[(SUCCEEDED, Well)],
    ),
];

const STORAGE: &[(&str, Outlook)] = &[
    (ARCHIVE_OPERATION_FAILED, BACKOFF),
    (DIRECTORY_CREATION_FAILED, BACKOFF),
    (INVALID_PATH, BACKOFF),
    (STAT_OPERATION_FAILED, BACKOFF),
];
