//! Version 2: [`HelmRelease`].

pub mod condition;

mod helm_release;

pub use self::helm_release::{
    ActionStrategy, ActionStrategyName, ChartKind, ChartNameChangeStrategy, CrdsPolicy,
    DeletionPropagation, DriftDetection, DriftDetectionMode, HelmChartTemplate,
    HelmChartTemplateSpec, HelmRelease, HelmReleaseSpec, HelmReleaseStatus, Install,
    InstallRemediation, KustomizePostRenderer, PostRenderStrategy, PostRenderer, ReleaseAction,
    RemediationStrategy, Rollback, ServerSideApplyMode, Snapshot, Test, TestFilter, TestHookStatus,
    Uninstall, Upgrade, UpgradeRemediation, ValuesKind, ValuesReference, WaitStrategy,
    WaitStrategyName,
};
