//! References to other objects.
//!
//! Source: `fluxcd/pkg: apis/meta/reference_types.go`.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Kind;

/// An object of a known kind in the same namespace, most often a Secret.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct LocalObjectReference {
    /// Its name.
    pub name: String,
}

impl From<&str> for LocalObjectReference {
    fn from(name: &str) -> Self {
        Self {
            name: name.to_owned(),
        }
    }
}

impl From<String> for LocalObjectReference {
    fn from(name: String) -> Self {
        Self { name }
    }
}

/// An object of a known kind, maybe in another namespace.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct NamespacedObjectReference {
    /// Its name.
    pub name: String,
    /// Its namespace; absent means the namespace of the referring object.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
}

impl NamespacedObjectReference {
    /// An object in the namespace of the one that refers to it.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            namespace: None,
        }
    }
}

impl fmt::Display for NamespacedObjectReference {
    /// `namespace/name`, or the name alone.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self
            .namespace
            .as_deref()
            .filter(|namespace| !namespace.is_empty())
        {
            Some(namespace) => write!(f, "{namespace}/{}", self.name),
            None => f.write_str(&self.name),
        }
    }
}

/// An object of any kind.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct NamespacedObjectKindReference {
    /// Group and version; absent means whatever the reader of the field takes for granted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api_version: Option<String>,
    /// Its kind.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Its namespace; absent means the namespace of the referring object.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
}

/// An object of Flux that something is made from or applied to.
///
/// # Examples
///
/// ```
/// use fluxcd_api::meta::{Kind, SourceReference};
///
/// let source = SourceReference::new(Kind::GitRepository, "fleet").in_namespace("flux-system");
/// assert_eq!(source.to_string(), "GitRepository/flux-system/fleet");
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SourceReference {
    /// Group and version; absent means the ones that Flux serves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api_version: Option<String>,
    /// Its kind.
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// Its namespace; absent means the namespace of the referring object.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
}

impl SourceReference {
    /// A reference into the namespace of the object that holds it.
    #[must_use]
    pub fn new(kind: impl Into<Kind>, name: impl Into<String>) -> Self {
        Self {
            kind: kind.into(),
            name: name.into(),
            ..Self::default()
        }
    }

    /// The same in that namespace.
    #[must_use]
    pub fn in_namespace(mut self, namespace: impl Into<String>) -> Self {
        self.namespace = Some(namespace.into());
        self
    }
}

impl fmt::Display for SourceReference {
    /// `kind/namespace/name`, or `kind/name`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self
            .namespace
            .as_deref()
            .filter(|namespace| !namespace.is_empty())
        {
            Some(namespace) => write!(f, "{}/{namespace}/{}", self.kind, self.name),
            None => write!(f, "{}/{}", self.kind, self.name),
        }
    }
}

/// One entry of a Secret in the same namespace.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SecretKeyReference {
    /// Name of the Secret.
    pub name: String,
    /// Which entry; absent means the ones that the reader of the field tries.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

/// How to reach another cluster. Exactly one of the two is set.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(
    feature = "schema",
    schemars(extend("x-kubernetes-validations" = [
        {
            "rule": "has(self.configMapRef) != has(self.secretRef)",
            "message": "exactly one of spec.kubeConfig.configMapRef or spec.kubeConfig.secretRef must be specified"
        },
    ]))
)]
#[serde(rename_all = "camelCase")]
pub struct KubeConfigReference {
    /// A ConfigMap that says how to log in with the identity of a cloud or cluster, without a stored credential. Its
    /// keys are the `KUBECONFIG_*` constants of `meta::key`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub config_map_ref: Option<LocalObjectReference>,
    /// A Secret that holds a kubeconfig file, under `value` or `value.yaml` unless a key is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret_ref: Option<SecretKeyReference>,
}

impl From<SourceReference> for NamespacedObjectKindReference {
    fn from(source: SourceReference) -> Self {
        Self {
            api_version: source.api_version,
            kind: source.kind.as_str().to_owned(),
            name: source.name,
            namespace: source.namespace,
        }
    }
}
