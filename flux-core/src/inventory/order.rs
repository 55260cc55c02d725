//! The order in which objects are applied; they are deleted in the reverse one.
//!
//! Some kinds come first, in a fixed order that puts what others need before them, and the webhooks of admission come
//! last. Only the kind counts for that, whatever its group. Then group, kind, namespace and name decide, by their bytes.
//!
//! Source: fluxcd/pkg ssa v0.76.1: `sort.go (SortableUnstructureds, ReconcileOrder)`.

use std::cmp::Ordering;

use serde_json::Value;

use super::ObjectId;

/// The place of a kind: negative for those that come first, positive for those that come last, 0 for all others.
#[must_use]
pub fn rank(kind: &str) -> i8 {
    match kind {
        "CustomResourceDefinition" => -23,
        "Namespace" => -22,
        "ClusterRole" => -21,
        "ClusterClass" => -20,
        "RuntimeClass" => -19,
        "PriorityClass" => -18,
        "StorageClass" => -17,
        "VolumeSnapshotClass" => -16,
        "IngressClass" => -15,
        "GatewayClass" => -14,
        "ClusterRoleBinding" => -13,
        "ResourceQuota" => -12,
        "ServiceAccount" => -11,
        "Role" => -10,
        "RoleBinding" => -9,
        "ConfigMap" => -8,
        "Secret" => -7,
        "Service" => -6,
        "LimitRange" => -5,
        "Deployment" => -4,
        "StatefulSet" => -3,
        "CronJob" => -2,
        "PodDisruptionBudget" => -1,
        "MutatingWebhookConfiguration" => 1,
        "ValidatingWebhookConfiguration" => 2,
        _ => 0,
    }
}

/// Sorts objects in their wire form. Objects of one id keep their order, where upstream leaves it open.
///
/// # Examples
///
/// ```
/// use fluxcd_core::inventory::order;
/// use serde_json::json;
///
/// let object = |kind: &str| json!({"apiVersion": "v1", "kind": kind, "metadata": {"name": "x"}});
/// let mut objects = [object("Widget"), object("ConfigMap"), object("Namespace")];
/// order::sort(&mut objects);
/// assert_eq!(objects.map(|object| object["kind"].clone()), ["Namespace", "ConfigMap", "Widget"]);
/// ```
pub fn sort(objects: &mut [Value]) {
    objects.sort_by_cached_key(ObjectId::of);
}

/// The apply order.
impl Ord for ObjectId {
    fn cmp(&self, other: &Self) -> Ordering {
        let key = |id: &Self| rank(&id.kind);
        key(self)
            .cmp(&key(other))
            .then_with(|| self.group.cmp(&other.group))
            .then_with(|| self.kind.cmp(&other.kind))
            .then_with(|| self.namespace.cmp(&other.namespace))
            .then_with(|| self.name.cmp(&other.name))
    }
}

impl PartialOrd for ObjectId {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
