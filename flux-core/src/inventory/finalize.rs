//! What happens to the applied objects when their Kustomization is deleted.

use std::fmt;

use fluxcd_api::kustomize::v1::{DeletionPolicy, KustomizationSpec};
use fluxcd_api::meta::{Duration, Effective, ResourceInventory};

use super::{Resource, list};

/// What is done before the finalizer of a Kustomization is removed.
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub enum Finalization {
    /// The objects are deleted, if [`Prune`](super::Prune) does not keep them.
    Delete {
        /// In the order of deletion. Empty when an id of the inventory cannot be read: then nothing is deleted, and
        /// nobody is told.
        objects: Vec<Resource>,
        /// What asked for it.
        policy: Effective<DeletionPolicy>,
        /// How long to wait until they are gone. When the time is up, an event says so, and the finalizer is removed
        /// all the same.
        wait: Option<Effective<Duration>>,
    },
    /// They stay.
    Orphan(Orphaned),
}

/// Why the objects stay.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Orphaned {
    /// `spec.suspend` is true, whatever the policy.
    Suspended,
    /// There are none.
    NoInventory,
    /// The policy is `MirrorPrune`, written or by default, and `spec.prune` is false.
    PruneOff(Effective<DeletionPolicy>),
    /// The policy is `Orphan`, or a word that Flux does not know.
    Policy(Effective<DeletionPolicy>),
}

impl Finalization {
    /// Decides for a Kustomization by its spec and `status.inventory`.
    ///
    /// Source: kustomize-controller v1.9.6: `internal/controller/kustomization_controller.go
    /// (finalizerShouldDeleteResources, finalize)`.
    ///
    /// # Examples
    ///
    /// ```
    /// use fluxcd_api::kustomize::v1::{DeletionPolicy, KustomizationSpec};
    /// use fluxcd_api::meta::{ResourceInventory, ResourceRef};
    /// use fluxcd_core::inventory::{Finalization, Orphaned};
    ///
    /// let entry = ResourceRef { id: "ns_x_apps_Deployment".to_owned(), version: "v1".to_owned() };
    /// let inventory = ResourceInventory { entries: vec![entry] };
    ///
    /// let spec = KustomizationSpec::default();
    /// let decision = Finalization::decide(&spec, Some(&inventory));
    /// assert!(matches!(decision, Finalization::Orphan(Orphaned::PruneOff(_))));
    ///
    /// let spec = spec.with_deletion_policy(DeletionPolicy::WaitForTermination);
    /// let decision = Finalization::decide(&spec, Some(&inventory));
    /// assert!(matches!(decision, Finalization::Delete { wait: Some(_), .. }));
    /// ```
    pub fn decide(spec: &KustomizationSpec, inventory: Option<&ResourceInventory>) -> Self {
        if spec.suspend.unwrap_or_default() {
            return Self::Orphan(Orphaned::Suspended);
        }
        let Some(inventory) = inventory.filter(|inventory| !inventory.entries.is_empty()) else {
            return Self::Orphan(Orphaned::NoInventory);
        };
        let policy = spec.effective_deletion_policy();
        let wait = match policy.value {
            DeletionPolicy::MirrorPrune if !spec.prune => {
                return Self::Orphan(Orphaned::PruneOff(policy));
            }
            DeletionPolicy::MirrorPrune | DeletionPolicy::Delete => None,
            DeletionPolicy::WaitForTermination => Some(spec.effective_timeout()),
            DeletionPolicy::Orphan | DeletionPolicy::Other(_) => {
                return Self::Orphan(Orphaned::Policy(policy));
            }
        };
        let mut objects = list(inventory).unwrap_or_default();
        objects.reverse();
        Self::Delete {
            objects,
            policy,
            wait,
        }
    }
}

/// The reason as a clause: `spec.suspend is true`.
impl fmt::Display for Orphaned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Suspended => f.write_str("spec.suspend is true"),
            Self::NoInventory => f.write_str("the inventory is empty"),
            Self::PruneOff(policy) => {
                write!(f, "spec.prune is false, and the policy is {}", policy.value)
            }
            Self::Policy(policy) => write!(f, "the policy is {}", policy.value),
        }
    }
}

/// The event of a Kustomization that goes without its objects, because the service account that should delete them is
/// gone. The objects are named in apply order.
///
/// Source: kustomize-controller v1.9.6: `internal/controller/kustomization_controller.go (finalize)`.
#[must_use]
pub fn no_account_text<'a>(objects: impl IntoIterator<Item = &'a Resource>) -> String {
    let subjects = objects.into_iter().map(|object| object.id.subject());
    let subjects: Vec<_> = subjects.collect();
    format!("unable to prune objects: \n{}", subjects.join("\n"))
}
