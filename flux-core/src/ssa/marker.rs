use std::fmt;

use fluxcd_api::meta::key;
use serde_json::Value;

use crate::inventory::Switch;

/// A label or an annotation that steers how an object is applied, and whose it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Marker<'o> {
    /// The object that carries it.
    pub side: Side,
    /// What stands there.
    pub switch: Switch<'o>,
}

/// One of the two objects that are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    /// The object as the source has it.
    Desired,
    /// The object as the cluster has it.
    Live,
}

/// A key with the value that it must have.
pub(super) type Wanted = (&'static str, &'static str);

pub(super) const RECONCILE_DISABLED: Wanted = (key::KUSTOMIZE_RECONCILE, key::DISABLED);
pub(super) const SSA_IGNORE: Wanted = (key::KUSTOMIZE_SSA, key::IGNORE);
pub(super) const SSA_IF_NOT_PRESENT: Wanted = (key::KUSTOMIZE_SSA, key::IF_NOT_PRESENT);
pub(super) const SSA_MERGE: Wanted = (key::KUSTOMIZE_SSA, key::MERGE);
pub(super) const FORCE_ENABLED: Wanted = (key::KUSTOMIZE_FORCE, key::ENABLED);

/// The first of the switches that the object has.
pub(super) fn find<'o>(object: &'o Value, side: Side, wanted: &[Wanted]) -> Option<Marker<'o>> {
    let mut switches = wanted
        .iter()
        .map(|(key, value)| Switch::find(object, key, value));
    let switch = switches.find_map(|switch| switch)?;
    Some(Marker { side, switch })
}

/// The same, on the desired object and then on the live one.
pub(super) fn find_on_either<'o>(
    desired: &'o Value,
    live: Option<&'o Value>,
    wanted: &[Wanted],
) -> Option<Marker<'o>> {
    find(desired, Side::Desired, wanted).or_else(|| find(live?, Side::Live, wanted))
}

/// `annotation kustomize.toolkit.fluxcd.io/ssa is "Ignore" on the live object`.
impl fmt::Display for Marker<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let side = match self.side {
            Side::Desired => "desired",
            Side::Live => "live",
        };
        write!(f, "{} on the {side} object", self.switch)
    }
}
