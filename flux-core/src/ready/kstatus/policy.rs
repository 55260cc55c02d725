//! `policy`.
//!
//! Source: fluxcd/cli-utils v1.2.2: `pkg/kstatus/status/core.go (pdbConditions)`.

use super::Live;
use crate::ready::{Error, Reason};

pub(super) const KINDS: super::Kinds = &[("PodDisruptionBudget", disruption_budget)];

/// The generation was looked at before, so that the controller has counted. What it counted plays no part.
fn disruption_budget(_: &Live<'_>) -> Result<Reason, Error> {
    Ok(Reason::DisruptionsComputed)
}
