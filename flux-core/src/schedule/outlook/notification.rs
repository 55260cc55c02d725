//! Receiver. Alert and Provider have no status.

use fluxcd_api::meta::condition::READY;
use fluxcd_api::meta::reason::*;
use fluxcd_api::notification::v1::reason::*;

use super::Outlook::{Stalls, Well, Working};
use super::{BACKOFF, Reasons, row};

pub(super) const ROWS: &[Reasons] = &[
    row(
        "Receiver",
        READY,
        "False",
        &[
            (INVALID_CEL_EXPRESSION, Stalls),
            (TOKEN_NOT_FOUND, BACKOFF),
            (VALIDATION_FAILED, Stalls),
        ],
    ),
    row("Receiver", READY, "Unknown", &[(PROGRESSING, Working)]),
    row("Receiver", READY, "True", &[(SUCCEEDED, Well)]),
];
