use std::fmt;

use serde_json::Value;

use super::marker::{self, Marker, Side};
use super::object;

/// Why an object is not applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Skip<'o> {
    /// `reconcile: disabled` or `ssa: Ignore`, on the desired object or on the live one.
    Excluded(Marker<'o>),
    /// `ssa: IfNotPresent` on the desired object, and the object exists.
    Present(Marker<'o>),
}

impl<'o> Skip<'o> {
    /// Whether the object is skipped; `None` applies it. `live` is the object as the cluster has it, if it does.
    ///
    /// Values are compared without regard to case, and both labels and annotations count. An object counts as present
    /// if it has a `metadata.uid`.
    ///
    /// Source: fluxcd/pkg ssa v0.76.1: `manager_apply.go (shouldSkipApply)`, with the options of kustomize-controller
    /// v1.9.4: `internal/controller/kustomization_controller.go (apply)`.
    ///
    /// # Examples
    ///
    /// ```
    /// use fluxcd_core::ssa::Skip;
    /// use serde_json::json;
    ///
    /// let desired = json!({"metadata": {"annotations": {"kustomize.toolkit.fluxcd.io/ssa": "IfNotPresent"}}});
    /// assert_eq!(Skip::decide(&desired, None), None);
    ///
    /// let live = json!({"metadata": {"uid": "1f2e"}});
    /// let skip = Skip::decide(&desired, Some(&live)).unwrap();
    /// assert_eq!(
    ///     skip.to_string(),
    ///     "it exists, and annotation kustomize.toolkit.fluxcd.io/ssa is \"IfNotPresent\" on the desired object"
    /// );
    /// ```
    #[must_use]
    pub fn decide(desired: &'o Value, live: Option<&'o Value>) -> Option<Self> {
        let switches = [marker::RECONCILE_DISABLED, marker::SSA_IGNORE];
        if let Some(marker) = marker::find_on_either(desired, live, &switches) {
            return Some(Self::Excluded(marker));
        }
        live.filter(|live| !object::metadata(live, "uid").is_empty())?;
        marker::find(desired, Side::Desired, &[marker::SSA_IF_NOT_PRESENT]).map(Self::Present)
    }

    /// The label or annotation that decided.
    #[must_use]
    pub const fn marker(&self) -> Marker<'o> {
        match self {
            Self::Excluded(marker) | Self::Present(marker) => *marker,
        }
    }
}

/// The reason, for a person.
impl fmt::Display for Skip<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Excluded(marker) => write!(f, "{marker}"),
            Self::Present(marker) => write!(f, "it exists, and {marker}"),
        }
    }
}
