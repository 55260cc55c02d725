//! The entries of a ConfigMap or Secret.

use std::collections::BTreeMap;
use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use fluxcd_core::substitute::Layer;
use serde_json::Value;

/// What entries are from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntriesKind {
    /// A ConfigMap.
    ConfigMap,
    /// A Secret, whose values are never printed.
    Secret,
}

/// The `data` of a ConfigMap or Secret, and which one it is.
#[derive(Clone, PartialEq, Eq)]
pub struct Entries {
    kind: EntriesKind,
    namespace: String,
    name: String,
    resource_version: String,
    values: BTreeMap<String, Vec<u8>>,
}

/// Why an object holds no entries. It says nothing of the values.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unreadable {
    #[error("data is no map of texts")]
    Map,
    #[error("{0:?} in data is no base64")]
    Base64(String),
}

impl EntriesKind {
    pub(super) fn named(kind: &str) -> Option<Self> {
        [Self::ConfigMap, Self::Secret]
            .into_iter()
            .find(|known| known.as_str() == kind)
    }

    /// The kind on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ConfigMap => "ConfigMap",
            Self::Secret => "Secret",
        }
    }
}

impl Entries {
    pub(super) fn read(
        kind: EntriesKind,
        namespace: &str,
        name: &str,
        object: &Value,
    ) -> Result<Self, Unreadable> {
        let data = match object.get("data") {
            None | Some(Value::Null) => None,
            Some(Value::Object(data)) => Some(data),
            Some(_) => return Err(Unreadable::Map),
        };
        let read = |(key, value): (&String, &Value)| {
            let text = value.as_str().ok_or(Unreadable::Map)?;
            let value = match kind {
                EntriesKind::ConfigMap => text.as_bytes().to_vec(),
                EntriesKind::Secret => STANDARD
                    .decode(text)
                    .map_err(|_| Unreadable::Base64(key.clone()))?,
            };
            Ok((key.clone(), value))
        };
        let values = data.into_iter().flatten().map(read);
        let version = object.pointer("/metadata/resourceVersion");
        Ok(Self {
            kind,
            namespace: namespace.to_owned(),
            name: name.to_owned(),
            resource_version: version
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned(),
            values: values.collect::<Result<_, _>>()?,
        })
    }

    /// ConfigMap or Secret.
    #[must_use]
    pub const fn kind(&self) -> EntriesKind {
        self.kind
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where it is from: `Secret/apps/db`.
    #[must_use]
    pub fn origin(&self) -> String {
        format!("{}/{}/{}", self.kind.as_str(), self.namespace, self.name)
    }

    /// The resource version that was read.
    #[must_use]
    pub fn resource_version(&self) -> &str {
        &self.resource_version
    }

    /// The entry under that key.
    #[must_use]
    pub fn bytes(&self, key: &str) -> Option<&[u8]> {
        self.values.get(key).map(Vec::as_slice)
    }

    /// The entry under that key, where it is text.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<&str> {
        std::str::from_utf8(self.bytes(key)?).ok()
    }

    /// All entries, in the order of their keys: what `fluxcd_core::access::kube_config::secret_key` chooses from.
    #[must_use]
    pub const fn values(&self) -> &BTreeMap<String, Vec<u8>> {
        &self.values
    }
}

/// The layer of variables that it makes.
impl From<&Entries> for Layer {
    fn from(entries: &Entries) -> Self {
        let values = entries.values.clone();
        match entries.kind {
            EntriesKind::ConfigMap => Self::config_map(&entries.name, values),
            EntriesKind::Secret => Self::secret(&entries.name, values),
        }
    }
}

/// Keys, and of ConfigMaps the values.
impl fmt::Debug for Entries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut map = f.debug_map();
        map.entry(&"from", &self.origin());
        for (key, value) in &self.values {
            match self.kind {
                EntriesKind::ConfigMap => map.entry(key, &String::from_utf8_lossy(value)),
                EntriesKind::Secret => map.entry(key, &"(redacted)"),
            };
        }
        map.finish()
    }
}
