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
    /// The variables of `spec.postBuild.substitute`. Newlines are removed from the values.
    pub fn inline<K: Into<String>, V: Into<Vec<u8>>>(
        values: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        Self::new(LayerOrigin::Inline, values, |value| {
            value.retain(|byte| *byte != b'\n');
        })
    }

    /// Inline variables whose values stay as they are: what the evaluator by itself does, and `flux envsubst`.
    pub fn verbatim<K: Into<String>, V: Into<Vec<u8>>>(
        values: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        Self::new(LayerOrigin::Inline, values, |_| {})
    }

    fn new<K: Into<String>, V: Into<Vec<u8>>>(
        origin: LayerOrigin,
        values: impl IntoIterator<Item = (K, V)>,
        clean: fn(&mut Vec<u8>),
    ) -> Self {
        let values = values.into_iter().map(|(name, value)| {
            let mut value = value.into();
            clean(&mut value);
            (name.into(), value)
        });
        Self {
            origin,
            values: values.collect(),
        }
    }
}
