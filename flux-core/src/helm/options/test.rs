use fluxcd_api::helm::v2::{HelmRelease, TestFilter};
use fluxcd_api::meta::{Duration, Effective};

use super::{switch, timeout};

/// What a test is told.
///
/// Source: helm-controller: `internal/action/test.go (newTest)`.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
#[must_use]
pub struct TestOptions {
    /// Whether tests run after an install or upgrade.
    pub enable: Effective<bool>,
    /// How long each hook may take.
    pub timeout: Effective<Duration>,
    /// Whether a failed test counts as a success, where the remediation of the action does not say.
    pub ignore_failures: Effective<bool>,
    /// Which tests run; all of them without a filter.
    pub filters: Vec<TestFilter>,
}

impl TestOptions {
    /// Reads a release.
    pub fn of(release: &HelmRelease) -> Self {
        let test = release.spec.test.clone().unwrap_or_default();
        Self {
            enable: switch(test.enable),
            timeout: timeout(release, test.timeout),
            ignore_failures: switch(test.ignore_failures),
            filters: test.filters.unwrap_or_default(),
        }
    }
}
