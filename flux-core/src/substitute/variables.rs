//! All layers of variables, merged.

use std::collections::BTreeMap;

use super::layer::Layer;

/// Variables by name; of several layers the last one wins.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Variables {
    values: BTreeMap<String, Vec<u8>>,
}

impl Variables {
    /// The value of a variable; nothing if it does not exist.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&[u8]> {
        self.values.get(name).map(Vec::as_slice)
    }
}

impl FromIterator<Layer> for Variables {
    fn from_iter<I: IntoIterator<Item = Layer>>(layers: I) -> Self {
        let mut values = BTreeMap::new();
        for layer in layers {
            values.extend(layer.values);
        }
        Self { values }
    }
}
