use fluxcd_api::helm::v2::HelmRelease;
use fluxcd_api::meta::{Duration, Effective};

use super::{Gates, ServerSideApply, WaitStrategy, max_history, switch, timeout, unless};

/// What a rollback is told. `rollback.recreate` is not: the controller only warns about it.
///
/// Source: helm-controller: `internal/action/rollback.go (newRollback)`.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
#[must_use]
pub struct RollbackOptions {
    /// How long it may take.
    pub timeout: Effective<Duration>,
    /// How it waits for its objects.
    pub wait_strategy: Effective<WaitStrategy>,
    /// Whether it waits for jobs too.
    pub wait_for_jobs: Effective<bool>,
    /// Whether hooks are left out.
    pub disable_hooks: Effective<bool>,
    /// Whether objects that cannot be changed are replaced. Without effect under server-side apply.
    pub force: Effective<bool>,
    /// Whether objects that a failed rollback made are deleted.
    pub cleanup_on_fail: Effective<bool>,
    /// How many versions are kept; `0` is all of them.
    pub max_history: Effective<i64>,
    /// Whether objects are applied on the side of the server.
    pub server_side_apply: Effective<ServerSideApply>,
}

impl RollbackOptions {
    /// Reads a release.
    pub fn of(release: &HelmRelease, gates: Gates) -> Self {
        let rollback = release.spec.rollback.clone().unwrap_or_default();
        Self {
            timeout: timeout(release, rollback.timeout),
            wait_strategy: WaitStrategy::of(release, rollback.disable_wait, gates),
            wait_for_jobs: unless(rollback.disable_wait_for_jobs),
            disable_hooks: switch(rollback.disable_hooks),
            force: switch(rollback.force),
            cleanup_on_fail: switch(rollback.cleanup_on_fail),
            max_history: max_history(release),
            server_side_apply: ServerSideApply::of(rollback.server_side_apply.as_ref()),
        }
    }
}
