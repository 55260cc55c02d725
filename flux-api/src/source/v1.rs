//! Version 1: where files and charts come from.
//!
//! Every kind here offers an [`Artifact`](crate::meta::Artifact) in its status. Reasons and condition types are in
//! [`condition`].

pub mod condition;

mod bucket;
mod external_artifact;
mod git_repository;
mod helm_chart;
mod helm_repository;
mod oci_repository;
mod verification;

pub use self::bucket::{Bucket, BucketProvider, BucketSpec, BucketStatus, BucketSts, StsProvider};
pub use self::external_artifact::{ExternalArtifact, ExternalArtifactSpec, ExternalArtifactStatus};
pub use self::git_repository::{
    GitProvider, GitRepository, GitRepositoryInclude, GitRepositoryRef, GitRepositorySpec,
    GitRepositoryStatus, GitRepositoryVerification, GitVerificationMode,
};
pub use self::helm_chart::{
    HelmChart, HelmChartSpec, HelmChartStatus, LocalSourceReference, ReconcileStrategy,
};
pub use self::helm_repository::{
    HelmRepository, HelmRepositorySpec, HelmRepositoryStatus, HelmRepositoryType,
};
pub use self::oci_repository::{
    LayerOperation, OCILayerSelector, OCIProvider, OCIRepository, OCIRepositoryRef,
    OCIRepositorySpec, OCIRepositoryStatus,
};
pub use self::verification::{
    HelmChartVerification, OCIRepositoryVerification, OidcIdentityMatch, VerificationProvider,
};
