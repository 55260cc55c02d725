use fluxcd_api::helm::v2::HelmRelease;
use fluxcd_api::meta::{Duration, Effective, Origin};

use super::{Crds, Gates, WaitStrategy, crds, switch, timeout, unless};

/// What an install is told.
///
/// Source: helm-controller: `internal/action/install.go (newInstall)`.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
#[must_use]
pub struct InstallOptions {
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
    /// Whether a name may be used again of which Helm keeps records.
    pub replace: Effective<bool>,
    /// Whether the namespace is made. Off without a target namespace, whatever is written.
    pub create_namespace: Effective<bool>,
    /// Whether objects are applied on the side of the server.
    pub server_side_apply: Effective<bool>,
    /// What is done with the CRDs of the chart.
    pub crds: Crds,
}

impl InstallOptions {
    /// Reads a release.
    pub fn of(release: &HelmRelease, gates: Gates) -> Self {
        let install = release.spec.install.clone().unwrap_or_default();
        let has_target = release
            .spec
            .target_namespace
            .as_deref()
            .is_some_and(|name| !name.is_empty());
        Self {
            timeout: timeout(release, install.timeout),
            wait_strategy: WaitStrategy::of(release, install.disable_wait, gates),
            wait_for_jobs: unless(install.disable_wait_for_jobs),
            disable_hooks: switch(install.disable_hooks),
            disable_openapi_validation: switch(install.disable_open_api_validation),
            skip_schema_validation: switch(install.disable_schema_validation),
            take_ownership: unless(install.disable_take_ownership),
            replace: switch(install.replace),
            create_namespace: switch(install.create_namespace.filter(|_| has_target)),
            server_side_apply: match install.server_side_apply {
                None if gates.use_helm3_defaults => Effective {
                    value: false,
                    origin: Origin::Flag,
                },
                written => Effective::spec_or(written, true),
            },
            crds: crds::of(install.crds.as_ref()),
        }
    }
}
