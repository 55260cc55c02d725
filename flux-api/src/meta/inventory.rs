//! Which objects were applied.

use serde::{Deserialize, Serialize};

/// The objects that belong to a Kustomization or a HelmRelease.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ResourceInventory {
    /// One per object, without duplicates.
    pub entries: Vec<ResourceRef>,
}

/// One object of an inventory.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ResourceRef {
    /// `<namespace>_<name>_<group>_<kind>`. A colon in a name is written as two underscores.
    pub id: String,
    /// API version of the object, without its group.
    #[serde(rename = "v")]
    pub version: String,
}
