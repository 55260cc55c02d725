//! What follows a failed install or upgrade.
//!
//! # Contract
//!
//! Each of the two actions has a [`Remediation`] (undo it, some number of times) and perhaps a [`Retry`] (do it again
//! after a while, undo nothing). Which action's pair is in force depends on `status.lastAttemptedReleaseAction` alone:
//! [`active`], [`active_retry`].
//!
//! # Traps
//!
//! - Without `remediation` there still is one, with no retries: the first failure exhausts it.
//! - The two actions differ. The last failure of an upgrade is remediated by default when there are retries, that of an
//!   install is not. A negative number of retries is unlimited, and is not "retries" in that sense: with `-1` the default
//!   is false for both.
//! - A retry strategy of install covers install only. A release that was stored by the failed install is upgraded next,
//!   and that failure is judged by what the spec says about upgrades.
//! - An explicit `RemediateOnFailure` beats the gate `DefaultToRetryOnFailure`.
//!
//! # Sources
//!
//! helm-controller v1.6.3: `api/v2/helmrelease_types.go (GetActiveRemediation, GetActiveRetry, Install.GetRemediation,
//! Install.GetRetry, InstallRemediation, UpgradeRemediation, InstallStrategy, UpgradeStrategy)`.

use fluxcd_api::helm::v2::{
    ActionStrategy, ActionStrategyName, HelmRelease, ReleaseAction, RemediationStrategy,
};
use fluxcd_api::meta::{Duration, Effective, Origin};

use super::Gates;

#[cfg(test)]
mod tests;

/// How a failed action is undone, every value with its origin.
///
/// # Examples
///
/// ```
/// use fluxcd_api::helm::v2::HelmRelease;
/// use fluxcd_api::meta::Origin;
/// use fluxcd_core::helm::Remediation;
/// use fluxcd_core::helm::remediation::Attempts;
/// use serde_json::json;
///
/// let release: HelmRelease = serde_json::from_value(json!({
///     "metadata": {"name": "podinfo", "namespace": "apps"},
///     "spec": {"interval": "10m", "upgrade": {"remediation": {"retries": 3}}},
/// }))?;
/// let upgrade = Remediation::of_upgrade(&release);
/// assert!(upgrade.remediate_last_failure.value);
/// assert_eq!(upgrade.remediate_last_failure.origin, Origin::Default);
/// assert_eq!(upgrade.attempts(3), Attempts::Left(0));
/// assert_eq!(upgrade.attempts(4), Attempts::Exhausted);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct Remediation {
    /// The action that it belongs to.
    pub action: Action,
    /// How many failures are undone; negative is unlimited.
    pub retries: Effective<i64>,
    /// Whether a failed Helm test counts as a success. Unless the action says so itself, `spec.test.ignoreFailures` does.
    pub ignore_test_failures: Effective<bool>,
    /// Whether the failure that exhausts the retries is undone too.
    pub remediate_last_failure: Effective<bool>,
    /// What undoing means. An install can only be uninstalled.
    pub strategy: Effective<RemediationStrategy>,
}

/// That a failed action is done again and not undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub struct Retry {
    /// How long to wait, and whether that was written.
    pub interval: Effective<Duration>,
    /// Who chose to retry: the spec, or the gate `DefaultToRetryOnFailure`.
    pub chosen_by: Origin,
}

/// An action that can fail and be remediated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// The release did not exist.
    Install,
    /// It did.
    Upgrade,
}

/// How many failures may still follow until the retries are exhausted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Attempts {
    /// Any number.
    Unlimited,
    /// That many.
    Left(u64),
    /// The action has failed more often than the retries allow.
    Exhausted,
}

impl Remediation {
    /// That of `spec.install`.
    pub fn of_install(release: &HelmRelease) -> Self {
        let written = release
            .spec
            .install
            .as_ref()
            .and_then(|install| install.remediation.as_ref());
        Self {
            action: Action::Install,
            retries: Effective::spec_or(written.and_then(|remediation| remediation.retries), 0),
            ignore_test_failures: ignore_test_failures(
                release,
                written.and_then(|remediation| remediation.ignore_test_failures),
            ),
            remediate_last_failure: Effective::spec_or(
                written.and_then(|remediation| remediation.remediate_last_failure),
                false,
            ),
            strategy: Effective::default_value(RemediationStrategy::Uninstall),
        }
    }

    /// That of `spec.upgrade`.
    pub fn of_upgrade(release: &HelmRelease) -> Self {
        let written = release
            .spec
            .upgrade
            .as_ref()
            .and_then(|upgrade| upgrade.remediation.as_ref());
        let retries = Effective::spec_or(written.and_then(|remediation| remediation.retries), 0);
        Self {
            action: Action::Upgrade,
            retries,
            ignore_test_failures: ignore_test_failures(
                release,
                written.and_then(|remediation| remediation.ignore_test_failures),
            ),
            remediate_last_failure: Effective::spec_or(
                written.and_then(|remediation| remediation.remediate_last_failure),
                retries.value > 0,
            ),
            strategy: Effective::spec_or(
                written.and_then(|remediation| remediation.strategy.clone()),
                RemediationStrategy::Rollback,
            ),
        }
    }

    /// How often the action has failed, by the status of the release.
    #[must_use]
    pub fn failures(&self, release: &HelmRelease) -> i64 {
        let status = release.status.as_ref();
        let failures = match self.action {
            Action::Install => status.and_then(|status| status.install_failures),
            Action::Upgrade => status.and_then(|status| status.upgrade_failures),
        };
        failures.unwrap_or_default()
    }

    /// What is left of the retries after that many failures.
    #[must_use]
    pub fn attempts(&self, failures: i64) -> Attempts {
        match self.retries.value {
            ..0 => Attempts::Unlimited,
            retries if failures > retries => Attempts::Exhausted,
            retries => Attempts::Left(retries.abs_diff(failures)),
        }
    }

    /// Whether undoing an upgrade removes the release, so that it is installed anew.
    #[must_use]
    pub fn is_uninstall_after_upgrade(&self) -> bool {
        self.action == Action::Upgrade && self.strategy.value == RemediationStrategy::Uninstall
    }
}

impl Retry {
    /// That of `spec.install`, if a failed install is retried.
    #[must_use]
    pub fn of_install(release: &HelmRelease, gates: Gates) -> Option<Self> {
        let install = release.spec.install.as_ref();
        Self::of(install.and_then(|install| install.strategy.as_ref()), gates)
    }

    /// That of `spec.upgrade`, if a failed upgrade is retried.
    #[must_use]
    pub fn of_upgrade(release: &HelmRelease, gates: Gates) -> Option<Self> {
        let upgrade = release.spec.upgrade.as_ref();
        Self::of(upgrade.and_then(|upgrade| upgrade.strategy.as_ref()), gates)
    }

    fn of(strategy: Option<&ActionStrategy>, gates: Gates) -> Option<Self> {
        let chosen_by = match strategy {
            Some(strategy) if strategy.name == ActionStrategyName::RetryOnFailure => Origin::Spec,
            None if gates.default_to_retry_on_failure => Origin::Flag,
            _ => return None,
        };
        let interval = strategy.and_then(|strategy| strategy.retry_interval);
        Some(Self {
            interval: Effective::spec_or(interval, Duration::from_mins(5)),
            chosen_by,
        })
    }
}

/// The remediation that is in force: that of the action that the controller attempted last. Nothing before the first.
#[must_use]
pub fn active(release: &HelmRelease) -> Option<Remediation> {
    Some(match last_action(release)? {
        Action::Install => Remediation::of_install(release),
        Action::Upgrade => Remediation::of_upgrade(release),
    })
}

/// The retry that is in force, if that of the action that the controller attempted last is retried.
#[must_use]
pub fn active_retry(release: &HelmRelease, gates: Gates) -> Option<Retry> {
    match last_action(release)? {
        Action::Install => Retry::of_install(release, gates),
        Action::Upgrade => Retry::of_upgrade(release, gates),
    }
}

fn last_action(release: &HelmRelease) -> Option<Action> {
    match release
        .status
        .as_ref()?
        .last_attempted_release_action
        .as_ref()?
    {
        ReleaseAction::Install => Some(Action::Install),
        ReleaseAction::Upgrade => Some(Action::Upgrade),
        _ => None,
    }
}

fn ignore_test_failures(release: &HelmRelease, written: Option<bool>) -> Effective<bool> {
    let test = release.spec.test.as_ref();
    Effective::spec_or(
        written.or(test.and_then(|test| test.ignore_failures)),
        false,
    )
}
