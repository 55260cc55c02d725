//! How Helm installs, upgrades, tests, rolls back and uninstalls.
//!
//! What is absent here has its default in the controller; `fluxcd-core` computes those together with their origin.

use serde::{Deserialize, Serialize};

use crate::meta::Duration;
use crate::wire::open_enum;

/// How the first release is made.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Install {
    /// Limit for this action. Absent: `spec.timeout`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<crate::schema::Interval>"))]
    pub timeout: Option<Duration>,
    /// What is done when it fails.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remediation: Option<InstallRemediation>,
    /// Whether a failure is taken back or tried again in place.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "schema",
        schemars(extend("x-kubernetes-validations" = [
            {
                "rule": "!has(self.retryInterval) || self.name != 'RemediateOnFailure'",
                "message": ".retryInterval cannot be set when .name is 'RemediateOnFailure'"
            },
        ]))
    )]
    pub strategy: Option<ActionStrategy>,
    /// True refuses objects that exist already and do not belong to the release.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disable_take_ownership: Option<bool>,
    /// True does not wait for the health of the objects.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disable_wait: Option<bool>,
    /// True does not wait for the end of Jobs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disable_wait_for_jobs: Option<bool>,
    /// True runs no hooks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disable_hooks: Option<bool>,
    /// True does not compare objects with the schemas of the cluster.
    #[serde(
        rename = "disableOpenAPIValidation",
        skip_serializing_if = "Option::is_none"
    )]
    pub disable_open_api_validation: Option<bool>,
    /// True does not compare values with the schema of the chart.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disable_schema_validation: Option<bool>,
    /// True uses a name again whose release was deleted but is still on record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replace: Option<bool>,
    /// Without effect; `crds: Skip` is what it meant.
    #[serde(rename = "skipCRDs", skip_serializing_if = "Option::is_none")]
    pub skip_crds: Option<bool>,
    /// What happens to the CRDs of the chart. Absent: `Create`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub crds: Option<CrdsPolicy>,
    /// True makes the target namespace.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub create_namespace: Option<bool>,
    /// Whether objects are applied by the server. Absent: as the controller is set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub server_side_apply: Option<bool>,
}

/// What is done when an install fails: it is removed, and tried again.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct InstallRemediation {
    /// How many times it is tried again; negative is without end. Absent: 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<crate::schema::Integer>"))]
    pub retries: Option<i64>,
    /// True does not count a failed test as a failure. Absent: `spec.test.ignoreFailures`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ignore_test_failures: Option<bool>,
    /// Whether the last failure is removed too. Absent: false.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remediate_last_failure: Option<bool>,
}

/// What happens after a failed install or upgrade.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ActionStrategy {
    /// The way to go on.
    pub name: ActionStrategyName,
    /// When it is tried again, for `RetryOnFailure`. Absent: 5 minutes.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<crate::schema::Interval>"))]
    pub retry_interval: Option<Duration>,
}

/// How a release is replaced by a newer one.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Upgrade {
    /// Limit for this action. Absent: `spec.timeout`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<crate::schema::Interval>"))]
    pub timeout: Option<Duration>,
    /// What is done when it fails.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remediation: Option<UpgradeRemediation>,
    /// Whether a failure is taken back or tried again in place.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "schema",
        schemars(extend("x-kubernetes-validations" = [
            {
                "rule": "!has(self.retryInterval) || self.name == 'RetryOnFailure'",
                "message": ".retryInterval can only be set when .name is 'RetryOnFailure'"
            },
        ]))
    )]
    pub strategy: Option<ActionStrategy>,
    /// What happens when the chart gets another name. Absent: `Reinstall`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chart_name_change_strategy: Option<ChartNameChangeStrategy>,
    /// True refuses objects that exist already and do not belong to the release.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disable_take_ownership: Option<bool>,
    /// True does not wait for the health of the objects.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disable_wait: Option<bool>,
    /// True does not wait for the end of Jobs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disable_wait_for_jobs: Option<bool>,
    /// True runs no hooks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disable_hooks: Option<bool>,
    /// True does not compare objects with the schemas of the cluster.
    #[serde(
        rename = "disableOpenAPIValidation",
        skip_serializing_if = "Option::is_none"
    )]
    pub disable_open_api_validation: Option<bool>,
    /// True does not compare values with the schema of the chart.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disable_schema_validation: Option<bool>,
    /// True replaces objects instead of changing them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub force: Option<bool>,
    /// True starts from the values of the last release instead of those of the chart.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preserve_values: Option<bool>,
    /// True deletes objects that a failed upgrade created.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cleanup_on_fail: Option<bool>,
    /// What happens to the CRDs of the chart. Absent: `Skip`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub crds: Option<CrdsPolicy>,
    /// Whether objects are applied by the server. Absent: `auto`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub server_side_apply: Option<ServerSideApplyMode>,
}

/// What is done when an upgrade fails: it is taken back, and tried again.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct UpgradeRemediation {
    /// How many times it is tried again; negative is without end. Absent: 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<crate::schema::Integer>"))]
    pub retries: Option<i64>,
    /// True does not count a failed test as a failure. Absent: `spec.test.ignoreFailures`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ignore_test_failures: Option<bool>,
    /// Whether the last failure is taken back too. Absent: true when `retries` is above zero.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remediate_last_failure: Option<bool>,
    /// How it is taken back. Absent: `rollback`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub strategy: Option<RemediationStrategy>,
}

/// Whether and how chart tests are run.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Test {
    /// True runs them after each install and upgrade.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enable: Option<bool>,
    /// Limit for this action. Absent: `spec.timeout`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<crate::schema::Interval>"))]
    pub timeout: Option<Duration>,
    /// True does not count a failed test as a failure of the release.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ignore_failures: Option<bool>,
    /// Which tests are run. Absent: all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filters: Option<Vec<TestFilter>>,
}

/// Chooses a test by name.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct TestFilter {
    /// Name of the test.
    #[cfg_attr(feature = "schema", schemars(extend("minLength" = 1, "maxLength" = 253)))]
    pub name: String,
    /// True runs all but this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exclude: Option<bool>,
}

/// How a failed upgrade is taken back.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Rollback {
    /// Limit for this action. Absent: `spec.timeout`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<crate::schema::Interval>"))]
    pub timeout: Option<Duration>,
    /// True does not wait for the health of the objects.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disable_wait: Option<bool>,
    /// True does not wait for the end of Jobs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disable_wait_for_jobs: Option<bool>,
    /// True runs no hooks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disable_hooks: Option<bool>,
    /// Without effect; Helm dropped it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recreate: Option<bool>,
    /// True replaces objects instead of changing them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub force: Option<bool>,
    /// True deletes objects that a failed rollback created.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cleanup_on_fail: Option<bool>,
    /// Whether objects are applied by the server. Absent: `auto`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub server_side_apply: Option<ServerSideApplyMode>,
}

/// How a release is removed.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Uninstall {
    /// Limit for this action. Absent: `spec.timeout`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<crate::schema::Interval>"))]
    pub timeout: Option<Duration>,
    /// True runs no hooks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disable_hooks: Option<bool>,
    /// True keeps the records of the release.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keep_history: Option<bool>,
    /// True does not wait until the objects are gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disable_wait: Option<bool>,
    /// What happens to objects that belong to the deleted ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("default" = "background")))]
    pub deletion_propagation: Option<DeletionPropagation>,
}

open_enum! {
    /// What happens after a failed install or upgrade.
    ActionStrategyName {
        /// It is taken back as `remediation` says.
        RemediateOnFailure = "RemediateOnFailure",
        /// It stays, and is tried again.
        RetryOnFailure = "RetryOnFailure",
    }
}

open_enum! {
    /// What happens when the chart of a release gets another name.
    ChartNameChangeStrategy {
        /// The release is upgraded.
        InPlaceUpdate = "InPlaceUpdate",
        /// The release is removed and installed again.
        Reinstall = "Reinstall",
    }
}

open_enum! {
    /// What happens to the CRDs of a chart.
    CrdsPolicy {
        /// Nothing.
        Skip = "Skip",
        /// Missing ones are created.
        Create = "Create",
        /// Missing ones are created, existing ones replaced. Fields that are gone may take data with them.
        CreateReplace = "CreateReplace",
    }
}

open_enum! {
    /// What happens to objects that belong to deleted ones.
    DeletionPropagation {
        /// They are deleted later.
        Background = "background",
        /// They are deleted first.
        Foreground = "foreground",
        /// They stay.
        Orphan = "orphan",
    }
}

open_enum! {
    /// How a failed upgrade is taken back.
    RemediationStrategy {
        /// To the last release that worked.
        Rollback = "rollback",
        /// By removing the release.
        Uninstall = "uninstall",
    }
}

open_enum! {
    /// Whether objects are applied by the server.
    ServerSideApplyMode {
        /// They are.
        Enabled = "enabled",
        /// They are not.
        Disabled = "disabled",
        /// As in the release before.
        Auto = "auto",
    }
}
