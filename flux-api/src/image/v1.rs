//! Version 1: scanning registries, choosing tags, writing them to Git. Reasons are in [`reason`].

pub mod reason;

mod image_policy;
mod image_repository;
mod image_update_automation;

pub use self::image_policy::{
    AlphabeticalPolicy, DigestReflectionPolicy, ImagePolicy, ImagePolicyChoice, ImagePolicySpec,
    ImagePolicyStatus, ImageRef, NumericalPolicy, SemVerPolicy, SortOrder, TagFilter,
};
pub use self::image_repository::{
    ImageRepository, ImageRepositorySpec, ImageRepositoryStatus, ScanResult,
};
pub use self::image_update_automation::{
    CommitSpec, CommitUser, GitCheckoutSpec, GitSpec, ImageUpdateAutomation,
    ImageUpdateAutomationSpec, ImageUpdateAutomationStatus, PushSpec, SigningKey, SigningKeyType,
    UpdateStrategy, UpdateStrategyName,
};
