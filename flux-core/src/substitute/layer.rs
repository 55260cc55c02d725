//! One source of variables.

use std::collections::BTreeMap;

/// Where a layer comes from.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LayerOrigin {
    /// `spec.postBuild.substitute`.
    Inline,
    /// The ConfigMap of that name.
    ConfigMap(String),
    /// The Secret of that name.
    Secret(String),
}

/// One source of variables: names and values, where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layer {
    pub(super) origin: LayerOrigin,
    pub(super) values: BTreeMap<String, Vec<u8>>,
}

impl Layer {
    /// The variables of `spec.postBuild.substitute`.
    pub fn inline<K: Into<String>, V: Into<Vec<u8>>>(
        values: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        let values = values
            .into_iter()
            .map(|(name, value)| (name.into(), value.into()));
        Self {
            origin: LayerOrigin::Inline,
            values: values.collect(),
        }
    }
}
