use fluxcd_api::meta::key;
use serde_json::Value;

use super::managers::{self, FieldManager, Matching, Owns};
use super::marker::{self, Marker};
use super::object;
use super::patch::escape;
use super::{Error, Operation, Patch};
use crate::inventory::{self, Place};

/// What is repaired in the metadata of a live object beside applying it.
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub enum Cleanup<'o> {
    /// Nothing: `ssa: Merge` stands on the desired object or on the live one.
    Excluded(Marker<'o>),
    /// This patch of the live object; most often an empty one.
    Patch(Patch),
}

impl<'o> Cleanup<'o> {
    /// What is repaired after the dry run: [`Patch::of_cleanup`], unless `ssa: Merge` says otherwise. An object that is
    /// patched counts as configured.
    ///
    /// # Errors
    ///
    /// As [`Patch::of_cleanup`].
    ///
    /// Source: fluxcd/pkg ssa v0.76.1: `manager_apply.go (cleanupMetadata)`.
    pub fn decide(
        desired: &'o Value,
        live: &'o Value,
        manager: &str,
        override_managers: &[String],
    ) -> Result<Self, Error> {
        match marker::find_on_either(desired, Some(live), &[marker::SSA_MERGE]) {
            Some(marker) => Ok(Self::Excluded(marker)),
            None => Patch::of_cleanup(live, manager, override_managers).map(Self::Patch),
        }
    }

    /// What is handed to `manager`, which is kustomize-controller in Flux, before the dry run: all that the managers of
    /// `--override-manager-before-dry-run` own, whose names are compared as a whole. That flag exists since Flux 2.10. It
    /// helps where a dry run fails because of fields that nobody will own any more; it is not undone when the apply fails.
    /// An object that is patched counts as configured.
    ///
    /// Without a `metadata.resourceVersion` the live object counts as absent.
    ///
    /// # Errors
    ///
    /// [`Error::Fields`] if a set of fields cannot be read.
    ///
    /// Source: fluxcd/pkg ssa v0.83.0: `manager_apply.go (takeoverFieldManagersBeforeDryRun)`.
    pub fn take_over(
        desired: &'o Value,
        live: &'o Value,
        manager: &str,
        managers: &[String],
    ) -> Result<Self, Error> {
        if managers.is_empty() || object::metadata(live, "resourceVersion").is_empty() {
            return Ok(Self::Patch(Patch::default()));
        }
        if let Some(marker) = marker::find_on_either(desired, Some(live), &[marker::SSA_MERGE]) {
            return Ok(Self::Excluded(marker));
        }
        let managers: Vec<_> = managers
            .iter()
            .flat_map(|name| both_operations(name, Matching::Exact))
            .collect();
        let operation = managers::take_over(live, &managers, manager)?;
        Ok(Self::Patch(Patch(operation.into_iter().collect())))
    }
}

impl Patch {
    /// Removes from a live object what kubectl and old releases of Flux left in its metadata, and hands the fields of other
    /// managers to `manager`, which is kustomize-controller in Flux, so that what is not in the source any more goes away.
    ///
    /// - Annotations `kubectl.kubernetes.io/last-applied-configuration`, `kustomize.toolkit.fluxcd.io/checksum`,
    ///   `fluxcd.io/sync-checksum`; label `fluxcd.io/sync-gc-mark`.
    /// - Field managers whose name begins with `kubectl` (apply and update), `before-first-apply` (update),
    ///   that of `manager` (update) or one of `override_managers` (`--override-manager`, apply and update).
    ///
    /// # Errors
    ///
    /// [`Error::Fields`] if a set of fields cannot be read. Only a broken API server makes such sets.
    ///
    /// Sources: fluxcd/pkg ssa v0.76.1: `patch.go (PatchRemoveAnnotations, PatchRemoveLabels,
    /// PatchReplaceFieldsManagers)`; kustomize-controller v1.9.4:
    /// `internal/controller/kustomization_controller.go (apply)`.
    ///
    /// # Examples
    ///
    /// ```
    /// use fluxcd_core::ssa::Patch;
    /// use serde_json::json;
    ///
    /// let entry = |manager, operation, field: &str| json!({
    ///     "manager": manager, "operation": operation, "apiVersion": "v1",
    ///     "fieldsType": "FieldsV1", "fieldsV1": {"f:data": {field: {}}},
    /// });
    /// let live = json!({"metadata": {"managedFields": [
    ///     entry("kustomize-controller", "Apply", "f:a"),
    ///     entry("kubectl-edit", "Update", "f:b"),
    /// ]}});
    /// let repaired = Patch::of_cleanup(&live, "kustomize-controller", &[])?.apply(&live)?;
    /// let managed = &repaired["metadata"]["managedFields"];
    /// assert_eq!(managed.as_array().map(Vec::len), Some(1));
    /// assert_eq!(managed[0]["fieldsV1"], json!({"f:data": {"f:a": {}, "f:b": {}}}));
    /// # Ok::<(), fluxcd_core::ssa::Error>(())
    /// ```
    pub fn of_cleanup(
        live: &Value,
        manager: &str,
        override_managers: &[String],
    ) -> Result<Self, Error> {
        let mut patch = Self::default();
        for (place, map, keys) in [
            (Place::Annotation, "annotations", &ANNOTATIONS[..]),
            (Place::Label, "labels", &LABELS),
        ] {
            let texts = inventory::texts(live, place);
            for key in keys {
                if texts.is_some_and(|texts| texts.contains_key(*key)) {
                    let path = format!("/metadata/{map}/{}", escape(key));
                    patch.0.push(Operation::Remove { path });
                }
            }
        }
        let mut managers = Vec::from(both_operations("kubectl", Matching::Prefix));
        for name in ["before-first-apply", manager] {
            managers.push(FieldManager {
                name: name.to_owned(),
                matching: Matching::Prefix,
                operation: Owns::ByUpdate,
            });
        }
        for name in override_managers {
            managers.extend(both_operations(name, Matching::Prefix));
        }
        let fields = managers::take_over(live, &managers, manager)?;
        patch.0.extend(fields);
        Ok(patch)
    }

    /// Moves every entry of `metadata.managedFields` of a live object to the API version of the desired one: what the
    /// feature gate `MigrateAPIVersion` does before the dry run, which would fail on fields that an older version does not
    /// have. Empty if there is nothing to do; an object that is patched counts as configured.
    ///
    /// Source: fluxcd/pkg ssa v0.76.1: `patch.go (PatchMigrateToVersion)`.
    #[must_use]
    pub fn of_api_version(desired: &Value, live: &Value) -> Self {
        let api_version = object::top(desired, "apiVersion");
        Self(managers::migrate(live, api_version).into_iter().collect())
    }
}

fn both_operations(name: &str, matching: Matching) -> [FieldManager; 2] {
    [Owns::ByApply, Owns::ByUpdate].map(|operation| FieldManager {
        name: name.to_owned(),
        matching,
        operation,
    })
}

const ANNOTATIONS: [&str; 3] = [
    "kubectl.kubernetes.io/last-applied-configuration",
    key::KUSTOMIZATION_CHECKSUM,
    "fluxcd.io/sync-checksum",
];

const LABELS: [&str; 1] = ["fluxcd.io/sync-gc-mark"];
