use std::fmt;

use serde_json::Value;

use crate::inventory::ObjectId;

/// A request that can fail beside the dry run, whose text is [`dry_run_failure`](super::dry_run_failure).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// Entries of `metadata.managedFields` are moved to another API version.
    Migrate,
    /// Fields are taken over before the dry run. Since Flux 2.10.
    TakeOver,
    /// The object is deleted, to be created again.
    Recreate,
    /// It is waited for until that object is gone.
    WaitForDeletion,
    /// The metadata are cleaned up after the dry run.
    Cleanup,
    /// The object is applied.
    Apply,
    /// A stale object is read.
    Query,
    /// A stale object is deleted.
    Delete,
}

impl Step {
    /// The text of its failure, as it stands in the conditions and events of a Kustomization.
    ///
    /// Source: fluxcd/pkg ssa v0.83.0: `manager_apply.go (ApplyAll, migrateAPIVersion)`, `manager_delete.go (Delete)`.
    ///
    /// # Examples
    ///
    /// ```
    /// use fluxcd_core::ssa::Step;
    /// use serde_json::json;
    ///
    /// let object = json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s", "namespace": "shop"}});
    /// assert_eq!(Step::Apply.failure(&object, "timeout"), "Secret/shop/s apply failed: timeout");
    /// ```
    #[must_use]
    pub fn failure(self, object: &Value, error: impl fmt::Display) -> String {
        let subject = ObjectId::of(object).subject();
        let what = match self {
            Self::Migrate => {
                let api_version = super::object::top(object, "apiVersion");
                return format!(
                    "{subject} failed to migrate API version: failed to migrate managed fields API version to \
                     {api_version}: {error}"
                );
            }
            Self::TakeOver => "metadata.managedFields takeover failed",
            Self::Recreate => "immutable field detected, failed to delete object",
            Self::WaitForDeletion => {
                "immutable field detected, failed to wait for object to be deleted"
            }
            Self::Cleanup => "metadata.managedFields cleanup failed",
            Self::Apply => "apply failed",
            Self::Query => "query failed",
            Self::Delete => "delete failed",
        };
        format!("{subject} {what}: {error}")
    }
}

/// The text of a clean-up in which some objects could not be deleted: all of their failures.
///
/// Source: fluxcd/pkg ssa v0.76.1: `manager_delete.go (DeleteAll)`.
///
/// # Examples
///
/// ```
/// use fluxcd_core::ssa::deletion_failure;
///
/// let failures = ["Secret/shop/s delete failed: timeout"];
/// assert_eq!(deletion_failure(failures), "delete failed, errors: Secret/shop/s delete failed: timeout;");
/// ```
#[must_use]
pub fn deletion_failure(failures: impl IntoIterator<Item = impl fmt::Display>) -> String {
    let failures = failures.into_iter().map(|failure| format!("{failure};"));
    format!("delete failed, errors: {}", failures.collect::<String>())
}
