//! All layers of variables, merged.

use std::collections::BTreeMap;

use super::layer::Layer;

/// Variables by name; of several layers the last one wins. Newlines are removed from every value.
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
            for (name, mut value) in layer.values {
                value.retain(|byte| *byte != b'\n');
                values.insert(name, value);
            }
        }
        Self { values }
    }
}
