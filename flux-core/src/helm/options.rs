//! What each Helm action is told, every value with its origin.
//!
//! # Contract
//!
//! [`Options::of`] reads a HelmRelease under the [`Gates`] of the controller. What can only be known with the records of
//! the release in hand stays open: [`ServerSideApply::Auto`] follows the last release (upgrade) or the one that is rolled
//! back to. With server-side apply, conflicts are always forced and `force` does nothing.
//!
//! # Traps
//!
//! - The schema documents that upgrades skip CRDs by default. The code creates them, for both actions.
//! - `install.skipCRDs` is never read, and `rollback.recreate` neither.
//! - `install.createNamespace` counts only with a target namespace.
//! - `maxHistory: 0` is unlimited; it is told to upgrade and rollback, not to install.
//! - The gate `UseHelm3Defaults` turns server-side apply off for installs only.
//!
//! # Sources
//!
//! helm-controller v1.6.3: `internal/action/{install,upgrade,rollback,uninstall,test}.go (newInstall, newUpgrade,
//! newRollback, newUninstall, newTest)`, `{crds,post_render,ssa,wait}.go (crdPolicyOrDefault, toHelmPostRenderStrategy,
//! toHelmSSAValue, getWaitStrategy)`, and the accessors of `api/v2/helmrelease_types.go`.

use fluxcd_api::helm::v2::{DriftDetectionMode, HelmRelease, PostRenderStrategy};
use fluxcd_api::meta::{Duration, Effective, Origin};

use super::Gates;

pub use self::apply::ServerSideApply;
pub use self::crds::{Crds, UnknownCrdsPolicy};
pub use self::install::InstallOptions;
pub use self::rollback::RollbackOptions;
pub use self::test::TestOptions;
pub use self::uninstall::UninstallOptions;
pub use self::upgrade::UpgradeOptions;
pub use self::wait::WaitStrategy;

mod apply;
mod crds;
mod install;
mod rollback;
mod test;
mod uninstall;
mod upgrade;
mod wait;

#[cfg(test)]
mod tests;

/// Everything that a spec sets for Helm, with defaults.
///
/// # Examples
///
/// ```
/// use fluxcd_api::helm::v2::HelmRelease;
/// use fluxcd_api::meta::Origin;
/// use fluxcd_core::helm::{Gates, Options};
/// use serde_json::json;
///
/// let release: HelmRelease = serde_json::from_value(json!({
///     "metadata": {"name": "podinfo", "namespace": "apps"},
///     "spec": {"interval": "10m", "timeout": "2m", "install": {"disableWait": true}},
/// }))?;
/// let options = Options::of(&release, Gates::default().with_use_helm3_defaults(true));
///
/// assert_eq!(options.install.timeout.value.to_string(), "2m0s");
/// assert_eq!(options.install.timeout.origin, Origin::Spec);
/// assert_eq!(options.install.wait_strategy.value.as_str(), "hookOnly");
/// assert_eq!(options.upgrade.wait_strategy.value.as_str(), "legacy");
/// assert_eq!(options.upgrade.wait_strategy.origin, Origin::Flag);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
#[must_use]
pub struct Options {
    /// How long until the release is looked at again after a success, before jitter.
    pub requeue_after: Effective<Duration>,
    /// How long an action may take that has no timeout of its own.
    pub timeout: Effective<Duration>,
    /// How many versions of a release are kept; `0` is all of them.
    pub max_history: Effective<i64>,
    /// Whether one client serves all steps of a reconciliation.
    pub persistent_client: Effective<bool>,
    /// How post-renderers treat hooks.
    pub post_render_strategy: Effective<PostRenderStrategy>,
    /// What is done about changes in the cluster.
    pub drift_detection: Effective<DriftDetectionMode>,
    /// What an install is told.
    pub install: InstallOptions,
    /// What an upgrade is told.
    pub upgrade: UpgradeOptions,
    /// What a rollback is told.
    pub rollback: RollbackOptions,
    /// What an uninstall is told.
    pub uninstall: UninstallOptions,
    /// What a test is told.
    pub test: TestOptions,
}

impl Options {
    /// Reads a release.
    pub fn of(release: &HelmRelease, gates: Gates) -> Self {
        let spec = &release.spec;
        Self {
            requeue_after: Effective {
                value: spec.interval,
                origin: Origin::Spec,
            },
            timeout: timeout(release, None),
            max_history: max_history(release),
            persistent_client: Effective::spec_or(spec.persistent_client, true),
            post_render_strategy: post_render_strategy(release, gates),
            drift_detection: drift_detection(release),
            install: InstallOptions::of(release, gates),
            upgrade: UpgradeOptions::of(release, gates),
            rollback: RollbackOptions::of(release, gates),
            uninstall: UninstallOptions::of(release, gates),
            test: TestOptions::of(release),
        }
    }

    /// Whether changes in the cluster are looked for at all. A word that Flux does not know is as good as `disabled`.
    ///
    /// Source: helm-controller: `api/v2/helmrelease_types.go (MustDetectChanges)`.
    #[must_use]
    pub fn detects_changes(&self) -> bool {
        matches!(
            self.drift_detection.value,
            DriftDetectionMode::Enabled | DriftDetectionMode::Warn
        )
    }
}

/// The action's own timeout, else that of the release.
fn timeout(release: &HelmRelease, own: Option<Duration>) -> Effective<Duration> {
    let otherwise = release.spec.effective_timeout();
    own.map_or(otherwise, |own| Effective::spec_or(Some(own), own))
}

fn max_history(release: &HelmRelease) -> Effective<i64> {
    Effective::spec_or(release.spec.max_history, 5)
}

fn post_render_strategy(release: &HelmRelease, gates: Gates) -> Effective<PostRenderStrategy> {
    let written = release.spec.post_render_strategy.clone();
    match written.filter(|strategy| !strategy.as_str().is_empty()) {
        None if gates.use_helm3_defaults => Effective {
            value: PostRenderStrategy::NoHooks,
            origin: Origin::Flag,
        },
        written => Effective::spec_or(written, PostRenderStrategy::Combined),
    }
}

fn drift_detection(release: &HelmRelease) -> Effective<DriftDetectionMode> {
    let written = release
        .spec
        .drift_detection
        .as_ref()
        .and_then(|drift| drift.mode.clone());
    let written = written.filter(|mode| !mode.as_str().is_empty());
    Effective::spec_or(written, DriftDetectionMode::Disabled)
}

/// A switch that is off unless it is written.
fn switch(written: Option<bool>) -> Effective<bool> {
    Effective::spec_or(written, false)
}

/// A switch with the opposite sense of the field that is written: `disableX` absent is "X on".
fn unless(written: Option<bool>) -> Effective<bool> {
    switch(written).map(|disabled| !disabled)
}
