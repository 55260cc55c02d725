use std::borrow::Cow;
use std::fmt;

use fluxcd_core::inventory::{self, Action, Place, Resource, Switch, survivors};
use fluxcd_core::ssa::{Change, ChangeSet, deletion_failure};

use crate::apply::Failure;

/// What became of stale objects, in the order of their deletion.
#[derive(Debug)]
#[must_use = "what could not be deleted has to stay in the inventory"]
pub struct PruneReport {
    /// Each of them.
    pub objects: Vec<PrunedObject>,
}

/// What became of one stale object.
#[derive(Debug)]
pub struct PrunedObject {
    /// The object.
    pub resource: Resource,
    /// What became of it.
    pub outcome: Pruned,
}

/// What became of a stale object.
#[derive(Debug)]
pub enum Pruned {
    /// It was deleted, now or before; it is gone as soon as its finalizers are.
    Deleted,
    /// It was not there, or its kind was not.
    Gone,
    /// It stays, and is forgotten.
    Kept(Kept),
    /// It could not be deleted. It survives, and is tried again in the next run.
    Failed(Failure),
    /// Nothing was done to it, because the work was cancelled. It survives.
    Pending,
}

/// Why a stale object stays: [`inventory::Kept`], and what only the API server can tell.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kept {
    /// A label that names the owner is missing, or names another one.
    Foreign {
        /// The label.
        label: Cow<'static, str>,
        /// Its value, if it is there.
        found: Option<String>,
    },
    /// It says so itself.
    Switch {
        /// Where it says so.
        place: Place,
        /// The key.
        key: &'static str,
        /// The value as it is written.
        value: String,
    },
    /// While it was about to be deleted, somebody else put another object in its place.
    Replaced,
    /// A reason that the decision has and this list does not, as a clause.
    Other(String),
}

impl PruneReport {
    /// The lines of the event. What was not begun has none.
    #[must_use]
    pub fn changes(&self) -> ChangeSet {
        let changes = self.actions().map(|(resource, action)| Change {
            resource: resource.clone(),
            action: action.into(),
        });
        changes.collect()
    }

    /// The stale objects that have to be [merged](inventory::merge) into the new inventory, in the order given.
    #[must_use]
    pub fn survivors<'s>(&self, stale: &'s [Resource]) -> Vec<&'s Resource> {
        let actions = self.actions();
        let actions: Vec<_> = actions
            .map(|(resource, action)| (resource.id.clone(), action))
            .collect();
        survivors(stale, &actions)
    }

    /// The objects that were deleted just now: those of which it may be waited for the end.
    pub fn deleted(&self) -> impl Iterator<Item = &Resource> {
        let deleted = |object: &&PrunedObject| matches!(object.outcome, Pruned::Deleted);
        self.objects
            .iter()
            .filter(deleted)
            .map(|object| &object.resource)
    }

    /// The objects that could not be deleted.
    pub fn failures(&self) -> impl Iterator<Item = &Failure> {
        self.objects
            .iter()
            .filter_map(|object| match &object.outcome {
                Pruned::Failed(failure) => Some(failure),
                _ => None,
            })
    }

    /// The text of the condition, if an object could not be deleted.
    #[must_use]
    pub fn condition(&self) -> Option<String> {
        self.failures().next()?;
        Some(deletion_failure(self.failures()))
    }

    /// Whether nothing survives.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        let survives =
            |object: &PrunedObject| matches!(object.outcome, Pruned::Failed(_) | Pruned::Pending);
        !self.objects.iter().any(survives)
    }

    fn actions(&self) -> impl Iterator<Item = (&Resource, Action)> {
        self.objects.iter().filter_map(|object| {
            let action = match object.outcome {
                Pruned::Deleted | Pruned::Gone => Action::Deleted,
                Pruned::Kept(_) => Action::Skipped,
                Pruned::Failed(_) => Action::Unknown,
                Pruned::Pending => return None,
            };
            Some((&object.resource, action))
        })
    }
}

impl From<inventory::Kept<'_>> for Kept {
    fn from(kept: inventory::Kept<'_>) -> Self {
        match kept {
            inventory::Kept::Foreign { label, found } => Self::Foreign {
                label,
                found: found.map(str::to_owned),
            },
            inventory::Kept::Switch(switch) => Self::Switch {
                place: switch.place,
                key: switch.key,
                value: switch.value.to_owned(),
            },
            other => Self::Other(other.to_string()),
        }
    }
}

/// The reason as a clause: `annotation kustomize.toolkit.fluxcd.io/prune is "disabled"`.
impl fmt::Display for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Foreign { label, found } => {
                let (label, found) = (label.clone(), found.as_deref());
                inventory::Kept::Foreign { label, found }.fmt(f)
            }
            Self::Switch { place, key, value } => {
                let (place, key) = (*place, *key);
                inventory::Kept::Switch(Switch { place, key, value }).fmt(f)
            }
            Self::Replaced => f.write_str("another object has its name"),
            Self::Other(reason) => f.write_str(reason),
        }
    }
}
