use fluxcd_api::helm::v2::{ChartNameChangeStrategy, HelmRelease};
use fluxcd_api::meta::{Duration, Effective};

use super::{
    Crds, Gates, ServerSideApply, WaitStrategy, crds, max_history, switch, timeout, unless,
};

/// What an upgrade is told.
///
/// Source: helm-controller: `internal/action/upgrade.go (newUpgrade)`.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
#[must_use]
pub struct UpgradeOptions {
    /// How long it may take.
    pub timeout: Effective<Duration>,
    /// How it waits for its objects.
    pub wait_strategy: Effective<WaitStrategy>,
    /// Whether it waits for jobs too.
    pub wait_for_jobs: Effective<bool>,
    /// Whether hooks are left out.
    pub disable_hooks: Effective<bool>,
    /// Whether objects are not held against the schema of the server.
    pub disable_openapi_validation: Effective<bool>,
    /// Whether values are not held against the schema of the chart.
    pub skip_schema_validation: Effective<bool>,
    /// Whether objects of another owner are taken over.
    pub take_ownership: Effective<bool>,
    /// Whether objects that cannot be changed are replaced. Without effect under server-side apply.
    pub force: Effective<bool>,
    /// Whether the values of the last release lie under the new ones (`preserveValues`).
    pub reuse_values: Effective<bool>,
    /// Whether objects that a failed upgrade made are deleted.
    pub cleanup_on_fail: Effective<bool>,
    /// How many versions are kept; `0` is all of them.
    pub max_history: Effective<i64>,
    /// Whether objects are applied on the side of the server.
    pub server_side_apply: Effective<ServerSideApply>,
    /// What is done with the CRDs of the chart.
    pub crds: Crds,
    /// What follows when the chart has another name than that of the last release.
    pub chart_name_change_strategy: Effective<ChartNameChangeStrategy>,
}

impl UpgradeOptions {
    /// Reads a release.
    pub fn of(release: &HelmRelease, gates: Gates) -> Self {
        let upgrade = release.spec.upgrade.clone().unwrap_or_default();
        let strategy = upgrade.chart_name_change_strategy;
        Self {
            timeout: timeout(release, upgrade.timeout),
            wait_strategy: WaitStrategy::of(release, upgrade.disable_wait, gates),
            wait_for_jobs: unless(upgrade.disable_wait_for_jobs),
            disable_hooks: switch(upgrade.disable_hooks),
            disable_openapi_validation: switch(upgrade.disable_open_api_validation),
            skip_schema_validation: switch(upgrade.disable_schema_validation),
            take_ownership: unless(upgrade.disable_take_ownership),
            force: switch(upgrade.force),
            reuse_values: switch(upgrade.preserve_values),
            cleanup_on_fail: switch(upgrade.cleanup_on_fail),
            max_history: max_history(release),
            server_side_apply: ServerSideApply::of(upgrade.server_side_apply.as_ref()),
            crds: crds::of(upgrade.crds.as_ref()),
            chart_name_change_strategy: Effective::spec_or(
                strategy.filter(|strategy| !strategy.as_str().is_empty()),
                ChartNameChangeStrategy::Reinstall,
            ),
        }
    }
}
