use std::fmt;
use std::sync::Arc;

use super::Value;

/// The elements of a list, borrowed from JSON or shared.
#[derive(Clone)]
pub struct List<'v>(Repr<'v>);

#[derive(Clone)]
enum Repr<'v> {
    Json(&'v [serde_json::Value]),
    Shared(Arc<Vec<Value<'v>>>),
}

impl<'v> List<'v> {
    /// The number of elements.
    #[must_use]
    pub fn len(&self) -> usize {
        match &self.0 {
            Repr::Json(list) => list.len(),
            Repr::Shared(list) => list.len(),
        }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The element at that place, counted from 0.
    #[must_use]
    pub fn at(&self, index: usize) -> Option<Value<'v>> {
        match &self.0 {
            Repr::Json(list) => list.get(index).map(Value::from),
            Repr::Shared(list) => list.get(index).cloned(),
        }
    }

    /// All elements, in order.
    pub fn iter(&self) -> impl Iterator<Item = Value<'v>> + '_ {
        (0..self.len()).map_while(|index| self.at(index))
    }
}

impl<'v> From<&'v Vec<serde_json::Value>> for List<'v> {
    fn from(list: &'v Vec<serde_json::Value>) -> Self {
        Self(Repr::Json(list))
    }
}

impl<'v> From<Vec<Value<'v>>> for List<'v> {
    fn from(list: Vec<Value<'v>>) -> Self {
        Self(Repr::Shared(Arc::new(list)))
    }
}

impl fmt::Debug for List<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}
