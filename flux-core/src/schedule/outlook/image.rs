//! ImageRepository, ImagePolicy, ImageUpdateAutomation.

use fluxcd_api::image::v1::reason::*;
use fluxcd_api::meta::condition::READY;
use fluxcd_api::meta::reason::*;

use super::Outlook::{Retries, Stalls, Well, Working};
use super::{BACKOFF, Reasons, Wait, row};

pub(super) const ROWS: &[Reasons] = &[
    row(
        "ImagePolicy",
        READY,
        "False",
        &[
            (ACCESS_DENIED, BACKOFF),
            (
                DEPENDENCY_NOT_READY,
                Retries(&[Wait::Backoff, Wait::Dependency]),
            ),
            (FAILED, BACKOFF),
            (FAILURE, BACKOFF),
            (FEATURE_GATE_DISABLED, Stalls),
            (IMAGE_URL_INVALID, Stalls),
            (INTERVAL_NOT_CONFIGURED, Stalls),
            (INVALID_POLICY, Stalls),
        ],
    ),
    row("ImagePolicy", READY, "Unknown", &[(PROGRESSING, Working)]),
    row("ImagePolicy", READY, "True", &[(SUCCEEDED, Well)]),
    row(
        "ImageRepository",
        READY,
        "False",
        &[
            (AUTHENTICATION_FAILED, BACKOFF),
            (FAILED, BACKOFF),
            (FAILURE, BACKOFF),
            (FEATURE_GATE_DISABLED, Stalls),
            (IMAGE_URL_INVALID, Stalls),
            (READ_OPERATION_FAILED, BACKOFF),
        ],
    ),
    row(
        "ImageRepository",
        READY,
        "Unknown",
        &[(PROGRESSING, Working)],
    ),
    row("ImageRepository", READY, "True", &[(SUCCEEDED, Well)]),
    row(
        "ImageUpdateAutomation",
        READY,
        "False",
        &[
            (ACCESS_DENIED, Stalls),
            (FAILED, BACKOFF),
            (FEATURE_GATE_DISABLED, Stalls),
            (GIT_OPERATION_FAILED, BACKOFF),
            (INVALID_POLICY_SELECTOR, Stalls),
            (INVALID_SOURCE_CONFIGURATION, Stalls),
            (INVALID_UPDATE_STRATEGY, Stalls),
            (REMOVED_TEMPLATE_FIELD, Stalls),
            (SOURCE_MANAGER_FAILED, BACKOFF),
            (UPDATE_FAILED, BACKOFF),
        ],
    ),
    row(
        "ImageUpdateAutomation",
        READY,
        "Unknown",
        &[(PROGRESSING, Working)],
    ),
    row("ImageUpdateAutomation", READY, "True", &[(SUCCEEDED, Well)]),
];
