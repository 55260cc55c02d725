use fluxcd_api::helm::v2::{DeletionPropagation, HelmRelease};
use fluxcd_api::meta::{Duration, Effective};

use super::{Gates, WaitStrategy, switch, timeout};

/// What an uninstall is told.
///
/// Source: helm-controller: `internal/action/uninstall.go (newUninstall)`.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
#[must_use]
pub struct UninstallOptions {
    /// How long it may take.
    pub timeout: Effective<Duration>,
    /// How it waits until its objects are gone.
    pub wait_strategy: Effective<WaitStrategy>,
    /// Whether hooks are left out.
    pub disable_hooks: Effective<bool>,
    /// Whether Helm keeps its records of the release.
    pub keep_history: Effective<bool>,
    /// What happens to the objects that the deleted ones own.
    pub deletion_propagation: Effective<DeletionPropagation>,
}

impl UninstallOptions {
    /// Reads a release.
    pub fn of(release: &HelmRelease, gates: Gates) -> Self {
        let uninstall = release.spec.uninstall.clone().unwrap_or_default();
        Self {
            timeout: timeout(release, uninstall.timeout),
            wait_strategy: WaitStrategy::of(release, uninstall.disable_wait, gates),
            disable_hooks: switch(uninstall.disable_hooks),
            keep_history: switch(uninstall.keep_history),
            deletion_propagation: Effective::spec_or(
                uninstall.deletion_propagation,
                DeletionPropagation::Background,
            ),
        }
    }
}
