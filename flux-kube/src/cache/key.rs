use std::fmt;

use serde_json::Value;

/// Namespace and name of an object whose kind is known. Keys sort by namespace, then by name.
///
/// # Examples
///
/// ```
/// use fluxcd_kube::cache::Key;
///
/// assert_eq!(Key::new("apps", "web").to_string(), "apps/web");
/// assert_eq!(Key::new("", "node-1").to_string(), "node-1");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// Its namespace, empty for an object of the whole cluster.
    pub namespace: String,
    /// Its name.
    pub name: String,
}

impl Key {
    /// The key of that namespace, empty for an object of the whole cluster, and name.
    #[must_use]
    pub fn new(namespace: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            namespace: namespace.into(),
            name: name.into(),
        }
    }

    /// The key of an object in its wire form. `None` without a name.
    #[must_use]
    pub fn of(object: &Value) -> Option<Self> {
        let metadata = object.get("metadata")?;
        let text = |name| metadata.get(name).and_then(Value::as_str);
        let name = text("name").filter(|name| !name.is_empty())?;
        Some(Self::new(text("namespace").unwrap_or_default(), name))
    }

    /// The namespace, if it is in one.
    #[must_use]
    pub fn namespace(&self) -> Option<&str> {
        Some(self.namespace.as_str()).filter(|namespace| !namespace.is_empty())
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.namespace.is_empty() {
            write!(f, "{}/", self.namespace)?;
        }
        f.write_str(&self.name)
    }
}
