//! How objects are applied on the server side: in which order, which of them, with what, and what changed.
//!
//! # Contract
//!
//! Objects in their wire form go in, as the source has them (*desired*), as the cluster has them (*live*) and as the API
//! server answered a dry run. Out come decisions with their reasons, patches, and texts. Nothing is sent. The steps for one
//! object, in the order in which the controller takes them:
//!
//! | step | function |
//! |---|---|
//! | all objects: who owns them | [`set_owner_labels`] |
//! | all objects, as Go's types keep them | [`normalize`](mod@normalize) |
//! | all objects: `spec.commonMetadata` | [`set_common_metadata`] |
//! | all objects, in stages | [`Stages::plan`] |
//! | certificates that Kubernetes refuses | [`remove_invalid_ca_bundle`] |
//! | leave it alone? | [`Skip::decide`] |
//! | before the dry run | [`Patch::of_api_version`], [`Cleanup::take_over`] |
//! | the dry run failed | [`recreate`], else [`dry_run_failure`] |
//! | after the dry run | [`Cleanup::decide`] |
//! | create, configure or nothing; what is sent | [`Outcome::decide`], made of [`Drift`], [`IgnoreRules`] and [`Ignored`] |
//! | its line | [`Change`], [`ChangeSet`] |
//! | any other request failed | [`Step::failure`], [`ChangeSet::failure`], [`deletion_failure`] |
//!
//! [`mask`] hides the values of Secrets before a diff is shown, [`mask_text`] in what the API server says of them.
//!
//! # Laws
//!
//! - The stages hold every object exactly once.
//! - There is no drift exactly if its patch is empty, and the patch applied to the live object leaves no drift.
//! - A clean-up that is applied leaves nothing to clean up.
//! - No object, path, selector or set of fields panics.
//!
//! # Traps
//!
//! - Absent, null, `{}` and `[]` are four different values, and `2` is not `2.0`. Only for labels and annotations as a whole
//!   are absent and empty the same. With a rule that ignores a field of the object, `2` and `2.0` are the same.
//! - Owners, finalizers and `status` never count as drift.
//! - Of several ignore rules without a target only the last counts: [`Targetless`].
//! - Under `spec.force`, a mere mistake in an object deletes it: [`Immutable`].
//!
//! # Sources
//!
//! fluxcd/pkg ssa v0.76.1, with the options of kustomize-controller v1.9.4; for Flux 2.10 ssa v0.83.0. Vectors:
//! `conformance/ssa/*.jsonl`.

pub mod normalize;

pub use self::ca_bundle::remove_invalid_ca_bundle;
pub use self::change::{Action, Change, ChangeSet};
pub use self::cleanup::Cleanup;
pub use self::drift::Drift;
pub use self::error::Error;
pub use self::failure::{
    ApiError, Evidence, Force, Immutable, Recreate, dry_run_failure, recreate,
};
pub use self::ignore::{How, IgnoreRules, Ignored, Targetless};
pub use self::label_selector::{LabelSelector, LabelSelectorError};
pub use self::labels::{set_common_metadata, set_owner_labels};
pub use self::marker::{Marker, Side};
pub use self::mask::{mask, mask_text};
pub use self::outcome::{Metadata, Outcome};
pub use self::patch::{Operation, Patch, PatchError, PatchErrorKind};
pub use self::skip::Skip;
pub use self::stages::{CustomKinds, Stage, Stages};
pub use self::step::{Step, deletion_failure};
pub use self::target::{Part, Target, TargetError, TargetFault};

mod ca_bundle;
mod change;
mod cleanup;
mod drift;
mod error;
mod failure;
mod ignore;
mod label_selector;
mod labels;
mod managers;
mod marker;
mod mask;
mod object;
mod outcome;
mod patch;
mod skip;
mod stages;
mod step;
mod target;
#[cfg(test)]
mod tests;
