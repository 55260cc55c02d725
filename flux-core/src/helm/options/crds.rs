use fluxcd_api::helm::v2::CrdsPolicy;
use fluxcd_api::meta::Effective;

/// What is done with the CRDs of a chart, or why the action fails before it begins.
pub type Crds = Result<Effective<CrdsPolicy>, UnknownCrdsPolicy>;

/// A policy that is none. `Display` is upstream's message, which reaches the condition of the release.
#[derive(Debug, Clone, PartialEq, Eq, Hash, thiserror::Error)]
#[error(
    "invalid CRD upgrade policy '{policy}', valid values are 'Skip', 'Create' or 'CreateReplace'"
)]
pub struct UnknownCrdsPolicy {
    /// The word as it was written.
    pub policy: String,
}

/// The policy that is written, else `Create`, for upgrades too.
///
/// Source: helm-controller: `internal/action/crds.go (crdPolicyOrDefault)`.
pub(super) fn of(written: Option<&CrdsPolicy>) -> Crds {
    let written = written
        .filter(|policy| !policy.as_str().is_empty())
        .cloned();
    match written {
        Some(CrdsPolicy::Other(policy)) => Err(UnknownCrdsPolicy { policy }),
        known => Ok(Effective::spec_or(known, CrdsPolicy::Create)),
    }
}
