//! Who may use an object from another namespace.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The namespaces whose objects may use this one.
///
/// Source: `fluxcd/pkg: apis/acl/acl_types.go (AccessFrom)`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct AccessFrom {
    /// One match is enough. An empty list admits nobody.
    pub namespace_selectors: Vec<NamespaceSelector>,
}

/// Chooses namespaces by their labels.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct NamespaceSelector {
    /// All of these labels must be there with these values. Absent or empty matches every namespace.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub match_labels: Option<BTreeMap<String, String>>,
}
