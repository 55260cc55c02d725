//! One source of variables.

mod source;

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value;

pub use self::source::SourceError;

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

impl LayerOrigin {
    /// Whether values from here are not to be shown.
    #[must_use]
    pub const fn is_secret(&self) -> bool {
        matches!(self, Self::Secret(_))
    }

    pub(super) const fn visibility(&self) -> Visibility {
        if self.is_secret() {
            Visibility::Redacted
        } else {
            Visibility::Shown
        }
    }
}

/// `spec.postBuild.substitute`, `ConfigMap/<name>`, `Secret/<name>`.
impl fmt::Display for LayerOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Inline => f.write_str("spec.postBuild.substitute"),
            Self::ConfigMap(name) => write!(f, "ConfigMap/{name}"),
            Self::Secret(name) => write!(f, "Secret/{name}"),
        }
    }
}

/// One source of variables: names and values, and where they come from.
///
/// Values are bytes: a Secret may hold what is no text. Every newline in them is removed, not replaced by a space, as the
/// controller does it when it reads a source: a certificate becomes one line. A carriage return stays.
///
/// Source: `fluxcd/pkg: kustomize/kustomize_varsub.go (LoadVariables, SubstituteVariables)`.
///
/// ```
/// use fluxcd_core::substitute::{Layer, Variables};
/// use serde_json::json;
///
/// let vars = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "vars"}, "data": {"a": "x\ny\n", "b": "1"}});
/// let variables = Variables::new()
///     .with(Layer::from_object(&vars)?)
///     .with(Layer::inline([("b", "2")]));
/// assert_eq!(variables.value("a"), Some(&b"xy"[..]));
/// assert_eq!(variables.value("b"), Some(&b"2"[..]));
/// assert_eq!(variables.layer_of("a").unwrap().to_string(), "ConfigMap/vars");
/// # Ok::<(), fluxcd_core::substitute::SourceError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Layer {
    pub(super) origin: LayerOrigin,
    pub(super) values: BTreeMap<String, Vec<u8>>,
}

impl Layer {
    /// The variables of `spec.postBuild.substitute`. Newlines are removed from the values.
    pub fn inline<K: Into<String>, V: Into<Vec<u8>>>(
        values: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        Self::new(LayerOrigin::Inline, values, remove_newlines)
    }

    /// Inline variables whose values stay as they are: what the evaluator by itself does, and `flux envsubst`.
    pub fn verbatim<K: Into<String>, V: Into<Vec<u8>>>(
        values: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        Self::new(LayerOrigin::Inline, values, |_| {})
    }

    /// The field `data` of the ConfigMap of that name.
    pub fn config_map<K: Into<String>, V: Into<Vec<u8>>>(
        name: impl Into<String>,
        data: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        Self::new(LayerOrigin::ConfigMap(name.into()), data, remove_newlines)
    }

    /// The decoded field `data` of the Secret of that name.
    pub fn secret<K: Into<String>, V: Into<Vec<u8>>>(
        name: impl Into<String>,
        data: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        Self::new(LayerOrigin::Secret(name.into()), data, remove_newlines)
    }

    /// The layer that a ConfigMap or Secret makes, in its wire form.
    ///
    /// | kind | what is read |
    /// |---|---|
    /// | ConfigMap | `data`; never `binaryData` |
    /// | Secret | `data`, base64 as Go decodes it: padded, line breaks are skipped; and `stringData`, which a file may have and which wins, as the API server merges it |
    ///
    /// Null in the place of a text is the empty text.
    ///
    /// # Errors
    ///
    /// Another kind, no name, or fields that the API server would refuse.
    pub fn from_object(object: &Value) -> Result<Self, SourceError> {
        source::layer(object)
    }

    /// Where it comes from.
    #[must_use]
    pub const fn origin(&self) -> &LayerOrigin {
        &self.origin
    }

    /// Names and values, in the order of the names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        let values = self.values.iter();
        values.map(|(name, value)| (name.as_str(), value.as_slice()))
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

/// Values of a Secret are not shown.
impl fmt::Debug for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let values = self.values.iter();
        let shown = values.map(|(name, value)| (name, Redactable(self.origin.visibility(), value)));
        f.debug_struct("Layer")
            .field("origin", &self.origin)
            .field("values", &shown.collect::<BTreeMap<_, _>>())
            .finish()
    }
}

/// What `Debug` does with a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Visibility {
    Shown,
    Redacted,
}

/// A value for `Debug`.
pub(super) struct Redactable<'a>(pub(super) Visibility, pub(super) &'a [u8]);

impl fmt::Debug for Redactable<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Visibility::Shown => fmt::Debug::fmt(&String::from_utf8_lossy(self.1), f),
            Visibility::Redacted => f.write_str("redacted"),
        }
    }
}

fn remove_newlines(value: &mut Vec<u8>) {
    value.retain(|byte| *byte != b'\n');
}

#[cfg(test)]
mod tests;
