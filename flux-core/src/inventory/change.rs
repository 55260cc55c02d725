//! From one inventory to the next.

use std::collections::{HashMap, HashSet};

use fluxcd_api::meta::{NamespacedObjectKindReference, ResourceInventory};

use super::id::group_and_version;
use super::{Action, Error, ObjectId, Resource};
use crate::FluxVersion;

/// The objects of an inventory in apply order; an object that stands in it twice comes twice.
///
/// # Errors
///
/// [`Error::Id`] for the first id that cannot be read.
pub fn list(inventory: &ResourceInventory) -> Result<Vec<Resource>, Error> {
    let resources = inventory.entries.iter().map(Resource::parse);
    let mut resources = resources.collect::<Result<Vec<_>, _>>()?;
    resources.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(resources)
}

/// The objects of the old inventory that are not in the new one, each once, in apply order. They are deleted in the
/// reverse order.
///
/// Versions play no part in what is the same object. A stale object gets the version of the old entry that has its id to
/// the letter: the first such entry in Flux 2.9, the last in 2.10. An id that is [lossy](ObjectId::is_lossy) has none,
/// so the object keeps no version, and cannot be deleted.
///
/// Source: kustomize-controller v1.9.6 and v1.10.1: `internal/inventory/inventory.go (Diff)`.
///
/// # Errors
///
/// [`Error::Id`] for the first id that cannot be read, those of the old inventory first.
///
/// # Examples
///
/// ```
/// use fluxcd_api::meta::{ResourceInventory, ResourceRef};
/// use fluxcd_core::FluxVersion;
/// use fluxcd_core::inventory::diff;
///
/// let entry = |id: &str| ResourceRef { id: id.to_owned(), version: "v1".to_owned() };
/// let old = ResourceInventory { entries: vec![entry("ns_x_apps_Deployment"), entry("_ns__Namespace")] };
/// let new = ResourceInventory { entries: vec![entry("_ns__Namespace")] };
/// let stale = diff(&old, &new, FluxVersion::V2_9)?;
/// assert_eq!(stale.len(), 1);
/// assert_eq!(stale[0].id.subject(), "Deployment/ns/x");
/// # Ok::<(), fluxcd_core::inventory::Error>(())
/// ```
pub fn diff(
    old: &ResourceInventory,
    new: &ResourceInventory,
    flux: FluxVersion,
) -> Result<Vec<Resource>, Error> {
    let ids = |inventory: &ResourceInventory| {
        let ids = inventory.entries.iter();
        ids.map(|entry| ObjectId::parse(&entry.id))
            .collect::<Result<HashSet<_>, _>>()
    };
    let (old_ids, new_ids) = (ids(old)?, ids(new)?);

    let mut versions = HashMap::new();
    for entry in &old.entries {
        let version = versions.entry(&*entry.id).or_insert(&entry.version);
        if flux >= FluxVersion::V2_10 {
            *version = &entry.version;
        }
    }
    let mut stale: Vec<_> = old_ids
        .difference(&new_ids)
        .map(|id| {
            let version = versions.get(&*id.to_string());
            Resource::from_wire(id.clone(), version.map_or("", |version| version))
        })
        .collect();
    stale.sort();
    Ok(stale)
}

/// Appends objects to an inventory, unless their ids stand in it already.
///
/// Source: kustomize-controller v1.9.6: `internal/inventory/inventory.go (Merge)`.
pub fn merge<'a>(
    inventory: &mut ResourceInventory,
    resources: impl IntoIterator<Item = &'a Resource>,
) {
    let entries = &mut inventory.entries;
    let mut known: HashSet<_> = entries.iter().map(|entry| entry.id.clone()).collect();
    for resource in resources {
        let entry = resource.to_entry();
        if known.insert(entry.id.clone()) {
            entries.push(entry);
        }
    }
}

/// The stale objects that still have to go after a clean-up that failed, in the order given: those that were neither
/// deleted nor skipped. They are [merged](merge) into the new inventory, so that the next run tries again. A clean-up
/// without errors leaves none.
///
/// Source: kustomize-controller v1.9.6: `internal/controller/kustomization_controller.go (pruneSurvivors)`.
#[must_use]
pub fn survivors<'s>(stale: &'s [Resource], actions: &[(ObjectId, Action)]) -> Vec<&'s Resource> {
    let settled = actions
        .iter()
        .filter(|(_, action)| matches!(action, Action::Deleted | Action::Skipped));
    // By text: ids that are written alike count as one.
    let settled: HashSet<_> = settled.map(|(id, _)| id.to_string()).collect();
    let survives = |resource: &&Resource| !settled.contains(&resource.id.to_string());
    stale.iter().filter(survives).collect()
}

/// The objects that `spec.healthChecks` names, in its order. An empty `apiVersion` means `apps/v1`. There is no default
/// for the namespace: without one, an object of the whole cluster is meant.
///
/// Source: kustomize-controller v1.9.6: `internal/inventory/inventory.go (ReferenceToObjMetadataSet)`.
///
/// # Errors
///
/// [`Error::ApiVersion`] for the first reference with more than one slash: the author of the Kustomization can repair
/// it.
pub fn references(checks: &[NamespacedObjectKindReference]) -> Result<Vec<ObjectId>, Error> {
    let id = |check: &NamespacedObjectKindReference| {
        let api_version = check.api_version.as_deref().unwrap_or_default();
        let api_version = match api_version {
            "" => "apps/v1",
            written => written,
        };
        let (group, _) = group_and_version(api_version).ok_or_else(|| Error::ApiVersion {
            text: api_version.to_owned(),
        })?;
        Ok(ObjectId {
            namespace: check.namespace.clone().unwrap_or_default(),
            name: check.name.clone(),
            group: group.to_owned(),
            kind: check.kind.clone(),
        })
    };
    checks.iter().map(id).collect()
}
