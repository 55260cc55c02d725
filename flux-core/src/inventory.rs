//! Which objects belong to a Kustomization or a HelmRelease: what they are called, which of them are no longer wanted,
//! and which of those are deleted.
//!
//! # Contract
//!
//! Objects and entries of `status.inventory` go in. Out come ids and inventories, the stale objects, and for each of
//! them whether it is deleted or kept, with the label or annotation that keeps it. Deleting is left to the caller.
//!
//! | function | answer |
//! |---|---|
//! | [`ObjectId`], [`Resource`] | the name of an object, without and with its version |
//! | [`order`] | the order in which objects are applied |
//! | [`diff`], [`list`], [`merge`] | stale objects, all objects, an inventory with the objects that survived |
//! | [`Prune::decide`], [`survivors`] | whether an object is deleted; what is left to be deleted after a failure |
//! | [`Finalization::decide`] | whether the objects go with their Kustomization |
//! | [`references`] | what `spec.healthChecks` names |
//! | [`of_release`] | the inventory of a HelmRelease |
//!
//! A new inventory holds every object that was applied, in that order, also those that were skipped or did not change:
//! [`Resource::to_entry`] of each.
//!
//! # Laws
//!
//! - An object is stale only if it was in the old inventory and is not in the new one.
//! - An id reads back as itself, unless [`ObjectId::is_lossy`] says that it does not.
//! - The order is total: two objects of the same place have the same id.
//!
//! # Traps
//!
//! - Two underscores in the name of any object become a colon when the id is read. Its object is then taken for stale
//!   under a name that does not exist, and without a version.
//! - Whether an object is deleted is decided by its labels and annotations in the cluster, not by those in a manifest.
//! - The name of the owner is a label. A Kustomization that takes an object over must apply it before the former owner
//!   prunes it; otherwise it is deleted and created anew.
//! - `spec.prune: false` does not keep stale objects in the inventory: they stay in the cluster and are forgotten.
//! - On deletion of a Kustomization, an inventory with one id that cannot be read deletes nothing, silently.
//!
//! # Sources
//!
//! kustomize-controller v1.9.6, and v1.10.1 for Flux 2.10: `internal/inventory/inventory.go`,
//! `internal/controller/kustomization_controller.go (prune, pruneSurvivors, finalize)`; helm-controller v1.6.3:
//! `internal/inventory`; fluxcd/cli-utils v1.2.2: `pkg/object`; fluxcd/pkg ssa v0.76.1: `sort.go`, `manager_delete.go`,
//! `utils`. Vectors: `conformance/inventory`.

pub use self::change::{diff, list, merge, references, survivors};
pub use self::error::Error;
pub use self::finalize::{Finalization, Orphaned, no_account_text};
pub use self::id::ObjectId;
pub use self::prune::{Action, Kept, Owner, Prune};
pub use self::release::{ReleaseInventory, of_release};
pub use self::resource::Resource;
pub(crate) use self::switch::texts;
pub use self::switch::{Place, Switch};

mod change;
mod error;
mod finalize;
mod id;
pub mod order;
mod prune;
mod release;
mod resource;
mod switch;
#[cfg(test)]
mod tests;
