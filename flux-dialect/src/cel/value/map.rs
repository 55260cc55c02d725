use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use super::{Text, Value};
use crate::cel::error::Fault;
use crate::cel::number;

/// The entries of a map, borrowed from JSON or shared, in the order of their keys.
#[derive(Clone)]
pub struct Map<'v>(Repr<'v>);

#[derive(Clone)]
enum Repr<'v> {
    Json(&'v serde_json::Map<String, serde_json::Value>),
    Shared(Arc<Vec<(Value<'v>, Value<'v>)>>),
}

impl<'v> Map<'v> {
    /// The number of entries.
    #[must_use]
    pub fn len(&self) -> usize {
        match &self.0 {
            Repr::Json(map) => map.len(),
            Repr::Shared(entries) => entries.len(),
        }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All entries: texts by their characters, numbers by their size.
    pub fn iter(&self) -> impl Iterator<Item = (Value<'v>, Value<'v>)> + '_ {
        let (json, shared) = match &self.0 {
            Repr::Json(map) => (Some(*map), None),
            Repr::Shared(entries) => (None, Some(entries)),
        };
        let json = json.into_iter().flatten();
        let json = json.map(|(key, value)| (Value::String(Text::from(&**key)), Value::from(value)));
        json.chain(
            shared
                .into_iter()
                .flat_map(|entries| entries.iter().cloned()),
        )
    }

    /// The value under a key, which a number of another type may match.
    ///
    /// cel-go v0.26.1: `common/types/map.go (Find)`.
    pub(in crate::cel) fn find(&self, key: &Value<'_>) -> Result<Option<Value<'v>>, Fault> {
        let entries = match (&self.0, key) {
            (Repr::Json(map), Value::String(key)) => {
                return Ok(map.get(&**key).map(Value::from));
            }
            (Repr::Json(_), _) => return Ok(None),
            (Repr::Shared(entries), Value::Bytes(_)) if !entries.is_empty() => {
                return Err(Fault::fatal(UNHASHABLE));
            }
            (Repr::Shared(entries), _) => entries,
        };
        let exact = |key: &Value<'_>| {
            let place = entries.binary_search_by(|(other, _)| order(other, key));
            let (found, value) = entries.get(place.ok()?)?;
            is_same(found, key).then(|| value.clone())
        };
        if let Some(found) = exact(key) {
            return Ok(Some(found));
        }
        let found = match *key {
            Value::Double(number) => {
                let int = number::to_int_exactly(number);
                let uint = number::to_uint_exactly(number);
                let int = int.and_then(|int| exact(&Value::Int(int)));
                int.or_else(|| exact(&Value::Uint(uint?)))
            }
            Value::Int(number) => u64::try_from(number)
                .ok()
                .and_then(|uint| exact(&Value::Uint(uint))),
            Value::Uint(number) => i64::try_from(number)
                .ok()
                .and_then(|int| exact(&Value::Int(int))),
            _ => None,
        };
        Ok(found)
    }
}

impl<'v> From<&'v serde_json::Map<String, serde_json::Value>> for Map<'v> {
    fn from(map: &'v serde_json::Map<String, serde_json::Value>) -> Self {
        Self(Repr::Json(map))
    }
}

impl fmt::Debug for Map<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

/// A map that is being made, entry by entry.
#[derive(Debug, Default)]
pub(in crate::cel) struct Entries<'v>(Vec<(Value<'v>, Option<Value<'v>>)>);

impl<'v> Entries<'v> {
    /// A later value under the same key replaces the earlier one; none removes it.
    pub(in crate::cel) fn set(
        &mut self,
        key: Value<'v>,
        value: Option<Value<'v>>,
    ) -> Result<(), Fault> {
        if matches!(key, Value::Bytes(_)) {
            return Err(Fault::fatal(UNHASHABLE));
        }
        self.0.push((key, value));
        Ok(())
    }

    pub(in crate::cel) fn finish(self) -> Map<'v> {
        let mut entries = self.0;
        entries.sort_by(|(a, _), (b, _)| order(a, b));
        let mut map: Vec<(Value<'v>, Option<Value<'v>>)> = Vec::with_capacity(entries.len());
        for (key, value) in entries {
            match map.last_mut() {
                Some(last) if is_same(&last.0, &key) => last.1 = value,
                _ => map.push((key, value)),
            }
        }
        let map = map
            .into_iter()
            .filter_map(|(key, value)| Some((key, value?)));
        Map(Repr::Shared(Arc::new(map.collect())))
    }
}

/// What upstream's language says where bytes are a key; its evaluation ends there.
const UNHASHABLE: &str = "internal error: runtime error: hash of unhashable type types.Bytes";

/// The order of keys; those that are never the same as another one stand last.
fn order(a: &Value<'_>, b: &Value<'_>) -> Ordering {
    let rank = |value: &Value<'_>| match value {
        Value::Null => 0,
        Value::Bool(_) => 1,
        Value::Int(_) => 2,
        Value::Uint(_) => 3,
        Value::Double(number) if number.is_nan() => 9,
        Value::Double(_) => 4,
        Value::String(_) => 5,
        Value::Duration(_) => 6,
        Value::Timestamp(_) => 7,
        Value::Type(_) => 8,
        Value::Bytes(_) | Value::List(_) | Value::Map(_) | Value::Optional(_) => 9,
    };
    rank(a).cmp(&rank(b)).then_with(|| match (a, b) {
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        (Value::Int(a), Value::Int(b)) => a.cmp(b),
        (Value::Uint(a), Value::Uint(b)) => a.cmp(b),
        (Value::Double(a), Value::Double(b)) => a.partial_cmp(b).unwrap_or(Ordering::Equal),
        (Value::String(a), Value::String(b)) => a.cmp(b),
        (Value::Duration(a), Value::Duration(b)) => a.cmp(b),
        (Value::Timestamp(a), Value::Timestamp(b)) => a.cmp(b),
        (Value::Type(a), Value::Type(b)) => a.cmp(b),
        _ => Ordering::Equal,
    })
}

/// Whether two keys of the same order are one.
fn is_same(a: &Value<'_>, b: &Value<'_>) -> bool {
    order(a, b) == Ordering::Equal
        && match a {
            Value::Double(number) => !number.is_nan(),
            Value::Bytes(_) | Value::List(_) | Value::Map(_) | Value::Optional(_) => false,
            _ => true,
        }
}
