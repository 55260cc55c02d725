//! `spec.valuesFrom` of a HelmRelease.
//!
//! Source: `fluxcd/pkg: chartutil/values.go (ChartValuesFromReferences, ErrValuesReference)` v1.27.1.

use std::fmt;

use fluxcd_api::helm::v2::ValuesReference;

use super::{EntriesKind, Lookup};
use crate::Error;

/// A reference to values, and what is there.
#[derive(Debug, Clone, PartialEq)]
pub struct ValuesLayer {
    /// The reference as it is written.
    pub reference: ValuesReference,
    /// Namespace of the HelmRelease, and so of what it refers to.
    pub namespace: String,
    /// What is there.
    pub content: Content,
}

/// What a reference to values leads to.
#[derive(Clone, PartialEq, Eq)]
pub enum Content {
    /// The entry: YAML, or one value for a path.
    Found(Vec<u8>),
    /// There is no such object.
    NoObject,
    /// There is no such entry in it.
    NoKey,
    /// Neither a ConfigMap nor a Secret.
    UnknownKind,
}

/// Values that a HelmRelease cannot do without. `Display` is upstream's message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "could not resolve{optional} {kind} chart values reference '{object}' with key '{key}': {reason}"
)]
pub struct ValuesFault {
    optional: &'static str,
    kind: String,
    object: String,
    key: String,
    reason: String,
}

impl Lookup {
    /// What `spec.valuesFrom` refers to, in its order, for an object in that namespace. How the layers are put together is
    /// not done here.
    ///
    /// # Errors
    ///
    /// What the API server says, but for an object that does not exist.
    pub async fn values(
        &self,
        namespace: &str,
        references: &[ValuesReference],
    ) -> Result<Vec<ValuesLayer>, Error> {
        let key = |reference: &ValuesReference| {
            let kind = EntriesKind::named(reference.kind.as_str())?;
            Some((kind, reference.name.clone()))
        };
        let shelf = self
            .shelf(namespace, references.iter().filter_map(key))
            .await?;
        let layers = references.iter().map(|reference| {
            let entry = reference.effective_values_key().value;
            let content = match key(reference).map(|key| shelf.get(&key)) {
                None => Content::UnknownKind,
                Some(Some(Some(entries))) => match entries.bytes(entry) {
                    Some(value) => Content::Found(value.to_vec()),
                    None => Content::NoKey,
                },
                Some(_) => Content::NoObject,
            };
            ValuesLayer {
                reference: reference.clone(),
                namespace: namespace.to_owned(),
                content,
            }
        });
        Ok(layers.collect())
    }
}

impl ValuesLayer {
    /// Where it is from: `Secret/apps/db`.
    #[must_use]
    pub fn origin(&self) -> String {
        let Self {
            reference,
            namespace,
            ..
        } = self;
        format!("{}/{namespace}/{}", reference.kind.as_str(), reference.name)
    }

    /// The first of the layers that is missing and not optional. A kind that is neither of the two is never optional.
    #[must_use]
    pub fn fault(layers: &[Self]) -> Option<ValuesFault> {
        let is_optional = |layer: &Self| layer.reference.optional == Some(true);
        let (at, layer) = layers
            .iter()
            .enumerate()
            .find(|(_, layer)| match layer.content {
                Content::Found(_) => false,
                Content::NoObject | Content::NoKey => !is_optional(layer),
                Content::UnknownKind => true,
            })?;
        let ValuesReference { kind, name, .. } = &layer.reference;
        let is_same = |other: &Self| other.reference.kind == *kind && other.reference.name == *name;
        let reason = match layer.content {
            Content::NoKey => "key not found".to_owned(),
            Content::UnknownKind => "unsupported values reference kind".to_owned(),
            // Upstream reads an object once, and has forgotten what the API server said.
            _ if layers.iter().take(at).any(is_same) => "resource not found".to_owned(),
            _ => format!("{}s {name:?} not found", kind.as_str().to_lowercase()),
        };
        Some(ValuesFault {
            optional: if is_optional(layer) { " optional" } else { "" },
            kind: kind.as_str().to_owned(),
            object: format!("{}/{name}", layer.namespace),
            key: layer.reference.effective_values_key().value.to_owned(),
            reason,
        })
    }
}

/// Without the values.
impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Found(_) => "Found(redacted)",
            Self::NoObject => "NoObject",
            Self::NoKey => "NoKey",
            Self::UnknownKind => "UnknownKind",
        })
    }
}
