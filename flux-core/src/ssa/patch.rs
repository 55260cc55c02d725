use std::borrow::Cow;
use std::fmt;

use serde::Serialize;
use serde_json::Value;

use super::object;

/// A JSON patch: operations that are applied one after the other, or not at all.
///
/// In JSON it is the list that RFC 6902 has.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Patch(pub Vec<Operation>);

/// One operation of a JSON patch. Paths are JSON pointers.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "op", rename_all = "lowercase")]
pub enum Operation {
    /// Adds a member, or inserts an item before that index; `-` and one more than the last index append it.
    Add {
        /// Where.
        path: String,
        /// What.
        value: Value,
    },
    /// Removes what is there, if anything is.
    Remove {
        /// Where.
        path: String,
    },
    /// Puts a value in the place of another one, which must be there.
    Replace {
        /// Where.
        path: String,
        /// What.
        value: Value,
    },
}

/// Why a patch cannot be applied.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {kind}")]
pub struct PatchError {
    /// The path of the operation that failed.
    pub path: String,
    /// What is wrong with it.
    pub kind: PatchErrorKind,
}

/// What is wrong with a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum PatchErrorKind {
    /// Nothing is there.
    #[error("nothing is there")]
    Missing,
    /// The last segment names an item of an array, and is no index.
    #[error("an item of an array is named by no index")]
    Index,
    /// The whole object was to be replaced by something that is neither an object nor a list.
    #[error("an object cannot become something else")]
    Root,
}

impl Patch {
    /// Whether it changes nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Applies it, in the dialect of the Go library that Flux uses:
    ///
    /// - A path that is not there is no error when something is removed.
    /// - A negative index counts from the end; a sign and leading zeros are allowed.
    /// - What stands before the first slash does not count, and a path without a slash leads nowhere. A first segment that
    ///   is empty leads into a copy of the object, so that such an operation has no effect.
    /// - An empty last segment names the member with the empty key, and replacing it adds it.
    ///
    /// # Errors
    ///
    /// [`PatchError`] of the first operation that fails. The object is as it was.
    ///
    /// Source: evanphx/json-patch v5.9.11: `v5/patch.go (Patch.ApplyWithOptions)`, with the options of fluxcd/pkg ssa
    /// v0.76.1: `jsondiff/patch.go (ApplyPatchToUnstructured)`.
    ///
    /// # Examples
    ///
    /// ```
    /// use fluxcd_core::ssa::{Operation, Patch};
    /// use serde_json::json;
    ///
    /// let patch = Patch(vec![
    ///     Operation::Remove { path: "/items/-1".to_owned() },
    ///     Operation::Remove { path: "/nowhere/else".to_owned() },
    /// ]);
    /// assert_eq!(patch.apply(&json!({"items": [1, 2]}))?, json!({"items": [1]}));
    /// # Ok::<(), fluxcd_core::ssa::PatchError>(())
    /// ```
    pub fn apply(&self, object: &Value) -> Result<Value, PatchError> {
        let mut document = Document {
            root: object.clone(),
            copy: self
                .0
                .iter()
                .any(Operation::enters_copy)
                .then(|| object.clone()),
        };
        for operation in &self.0 {
            document.apply(operation).map_err(|kind| PatchError {
                path: operation.path().to_owned(),
                kind,
            })?;
        }
        Ok(document.root)
    }
}

impl Operation {
    /// Its path.
    #[must_use]
    pub fn path(&self) -> &str {
        match self {
            Self::Add { path, .. } | Self::Remove { path } | Self::Replace { path, .. } => path,
        }
    }

    fn enters_copy(&self) -> bool {
        let mut segments = self.path().split('/').skip(1);
        segments.next() == Some("") && segments.next().is_some()
    }
}

struct Document {
    root: Value,
    /// What upstream's root names by the empty key: the object as it was, with changes of its own.
    copy: Option<Value>,
}

impl Document {
    fn apply(&mut self, operation: &Operation) -> Result<(), PatchErrorKind> {
        match (operation.path(), operation) {
            ("", Operation::Add { value, .. } | Operation::Replace { value, .. }) => {
                self.replace_root(value)
            }
            // Upstream asks the root for its empty key.
            ("", Operation::Remove { .. }) => remove(&mut self.root, ""),
            (path, Operation::Add { value, .. }) => {
                let (parent, key) = self.find(path).ok_or(PatchErrorKind::Missing)?;
                add(parent, &key, value)
            }
            (path, Operation::Replace { value, .. }) => {
                let (parent, key) = self.find(path).ok_or(PatchErrorKind::Missing)?;
                replace(parent, &key, value)
            }
            (path, Operation::Remove { .. }) => match self.find(path) {
                Some((parent, key)) => remove(parent, &key),
                None => Ok(()),
            },
        }
    }

    fn replace_root(&mut self, value: &Value) -> Result<(), PatchErrorKind> {
        if !value.is_object() && !value.is_array() {
            return Err(PatchErrorKind::Root);
        }
        self.root = value.clone();
        self.copy = None;
        Ok(())
    }

    /// The object or array that holds what the path names, and the last segment.
    fn find<'p>(&mut self, path: &'p str) -> Option<(&mut Value, Cow<'p, str>)> {
        let (parents, key) = path.rsplit_once('/')?;
        let mut parents = parents.split('/').skip(1).peekable();
        let mut at = match parents.next_if_eq(&"") {
            Some(_) => self.copy.as_mut()?,
            None => &mut self.root,
        };
        for segment in parents {
            at = match segment {
                "" => return None,
                _ => child(at, &unescape(segment))?,
            };
        }
        (at.is_object() || at.is_array()).then(|| (at, unescape(key)))
    }
}

fn child<'v>(parent: &'v mut Value, key: &str) -> Option<&'v mut Value> {
    match parent {
        Value::Object(map) => map.get_mut(key),
        Value::Array(items) => {
            let place = place(items.len(), object::index(key)?)?;
            items.get_mut(place)
        }
        _ => None,
    }
}

fn add(parent: &mut Value, key: &str, value: &Value) -> Result<(), PatchErrorKind> {
    match parent {
        Value::Array(items) => {
            let place = match key {
                "-" => items.len(),
                _ => {
                    let index = object::index(key).ok_or(PatchErrorKind::Index)?;
                    place(items.len().saturating_add(1), index).ok_or(PatchErrorKind::Missing)?
                }
            };
            items.insert(place, value.clone());
        }
        Value::Object(map) => {
            map.insert(key.to_owned(), value.clone());
        }
        _ => return Err(PatchErrorKind::Missing),
    }
    Ok(())
}

fn replace(parent: &mut Value, key: &str, value: &Value) -> Result<(), PatchErrorKind> {
    match parent {
        Value::Array(items) => {
            let index = object::index(key).ok_or(PatchErrorKind::Index)?;
            let place = place(items.len(), index);
            let item = place.and_then(|place| items.get_mut(place));
            *item.ok_or(PatchErrorKind::Missing)? = value.clone();
        }
        Value::Object(map) if key.is_empty() || map.contains_key(key) => {
            map.insert(key.to_owned(), value.clone());
        }
        _ => return Err(PatchErrorKind::Missing),
    }
    Ok(())
}

fn remove(parent: &mut Value, key: &str) -> Result<(), PatchErrorKind> {
    match parent {
        Value::Array(items) => {
            let index = object::index(key).ok_or(PatchErrorKind::Index)?;
            if let Some(place) = place(items.len(), index) {
                items.remove(place);
            }
        }
        Value::Object(map) => {
            map.remove(key);
        }
        _ => {}
    }
    Ok(())
}

/// The place that an index means among so many; negative ones count from the end.
fn place(length: usize, index: i64) -> Option<usize> {
    let length = i64::try_from(length).ok()?;
    let place = if index < 0 {
        index.checked_add(length)?
    } else {
        index
    };
    usize::try_from(place).ok().filter(|_| place < length)
}

/// A segment of a JSON pointer without its escapes.
pub(super) fn unescape(segment: &str) -> Cow<'_, str> {
    match segment.contains('~') {
        true => Cow::Owned(segment.replace("~1", "/").replace("~0", "~")),
        false => Cow::Borrowed(segment),
    }
}

/// A key as a segment of a JSON pointer.
pub(super) fn escape(key: &str) -> Cow<'_, str> {
    match key.contains(['~', '/']) {
        true => Cow::Owned(key.replace('~', "~0").replace('/', "~1")),
        false => Cow::Borrowed(key),
    }
}

/// What a JSON pointer names; `None` if nothing, or if it does not begin with a slash.
///
/// Unlike in a patch, negative indices name nothing here, and the empty segment is a key like any other.
///
/// Source: go-openapi/jsonpointer v0.21.1: `pointer.go (Pointer.Get)`.
pub(super) fn look_up<'v>(object: &'v Value, pointer: &str) -> Option<&'v Value> {
    let Some(segments) = pointer.strip_prefix('/') else {
        return pointer.is_empty().then_some(object);
    };
    segments.split('/').try_fold(object, |at, segment| {
        let segment = unescape(segment);
        match at {
            Value::Object(map) => map.get(&*segment),
            Value::Array(items) => items.get(usize::try_from(object::index(&segment)?).ok()?),
            _ => None,
        }
    })
}

/// The operations as JSON.
impl fmt::Display for Patch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = serde_json::to_string(self).map_err(|_| fmt::Error)?;
        f.write_str(&text)
    }
}
