//! The inventory of a HelmRelease.

use fluxcd_api::meta::ResourceInventory;
use fluxcd_api::registry::Scope;
use serde_json::Value;

use super::switch::{Place, texts};
use super::{ObjectId, Resource};

/// What a Helm release consists of.
#[derive(Debug, Clone, Default, PartialEq)]
#[must_use]
pub struct ReleaseInventory {
    /// The `status.inventory` of its HelmRelease.
    pub inventory: ResourceInventory,
    /// Objects without a namespace whose kind the cluster does not know: they stand in the inventory without one. Each
    /// is worth a warning.
    pub unscoped: Vec<ObjectId>,
}

/// The inventory of a release, from the objects of its manifest and of the `crds` directory of its chart.
///
/// - The order of the manifest stays, and the definitions stand behind it, whatever the CRD policy.
/// - Hooks are left out: objects with the annotation `helm.sh/hook`, be it empty.
/// - An object of the manifest without a namespace gets that of the release, if its kind is namespaced.
///
/// `scope` says what the cluster knows about group and kind of an object. The inventory is written anew when a release
/// is installed, upgraded or rolled back, and cleared by an uninstall that is no remediation.
///
/// Source: helm-controller v1.6.3: `internal/inventory/inventory.go (AddManifest, AddCRDs)`.
///
/// # Examples
///
/// ```
/// use fluxcd_api::registry::Scope;
/// use fluxcd_core::inventory::of_release;
/// use serde_json::json;
///
/// let manifest = [
///     json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"}}),
///     json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "extra"}}),
///     json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "t", "annotations": {"helm.sh/hook": "test"}}}),
/// ];
/// let release = of_release(&manifest, &[], "apps", |id| match id.kind.as_str() {
///     "Namespace" => Some(Scope::Cluster),
///     "Service" => Some(Scope::Namespaced),
///     _ => None,
/// });
/// let ids: Vec<_> = release.inventory.entries.iter().map(|entry| entry.id.as_str()).collect();
/// assert_eq!(ids, ["apps_web__Service", "_extra__Namespace"]);
/// ```
pub fn of_release(
    manifest: &[Value],
    crds: &[Value],
    namespace: &str,
    scope: impl Fn(&ObjectId) -> Option<Scope>,
) -> ReleaseInventory {
    let mut release = ReleaseInventory::default();
    let is_hook = |object: &Value| {
        let annotations = texts(object, Place::Annotation);
        annotations.is_some_and(|annotations| annotations.contains_key("helm.sh/hook"))
    };
    for object in manifest.iter().filter(|object| !is_hook(object)) {
        let mut resource = Resource::of(object);
        if resource.id.namespace.is_empty() {
            match scope(&resource.id) {
                Some(Scope::Namespaced) => namespace.clone_into(&mut resource.id.namespace),
                Some(Scope::Cluster) => {}
                None => release.unscoped.push(resource.id.clone()),
            }
        }
        release.inventory.entries.push(resource.to_entry());
    }
    let crds = crds.iter().map(|object| Resource::of(object).to_entry());
    release.inventory.entries.extend(crds);
    release
}
