use std::fmt;

use fluxcd_api::helm::v2::HelmRelease;
use fluxcd_api::kustomize::v1::Kustomization;
use fluxcd_api::meta::DependencyReference;
use fluxcd_api::resource::FluxResource;

/// The name of an object in its namespace; written `namespace/name`, or `name` alone without a namespace.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeName {
    /// The namespace, empty where it is not known.
    pub namespace: String,
    /// The name.
    pub name: String,
}

/// An object and what it waits for.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Node {
    /// Which object.
    pub name: NodeName,
    /// Its `spec.dependsOn`.
    pub depends_on: Vec<DependencyReference>,
}

impl NodeName {
    /// The object of that name in that namespace.
    pub fn new(namespace: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            namespace: namespace.into(),
            name: name.into(),
        }
    }

    /// The object that an entry of `dependsOn` means, written by this one: an absent or empty namespace is its own.
    ///
    /// Source: fluxcd/pkg runtime: `dependency/sort.go (Sort)`.
    ///
    /// # Examples
    ///
    /// ```
    /// use fluxcd_api::meta::DependencyReference;
    /// use fluxcd_core::graph::NodeName;
    ///
    /// let apps = NodeName::new("team-a", "apps");
    /// let resolve = |text: &str| apps.resolve(&DependencyReference::from(text)).to_string();
    /// assert_eq!(resolve("database"), "team-a/database");
    /// assert_eq!(resolve("flux-system/infrastructure"), "flux-system/infrastructure");
    /// ```
    #[must_use]
    pub fn resolve(&self, reference: &DependencyReference) -> Self {
        let namespace = non_empty(reference.namespace.as_deref()).unwrap_or(&self.namespace);
        Self::new(namespace, &reference.name)
    }
}

impl Node {
    /// An object that waits for nothing yet.
    pub fn new(namespace: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            name: NodeName::new(namespace, name),
            depends_on: Vec::new(),
        }
    }

    /// The same object with one more entry, perhaps from text: `[namespace/]name[@readyExpr]`.
    #[must_use]
    pub fn waits_for(mut self, reference: impl Into<DependencyReference>) -> Self {
        self.depends_on.push(reference.into());
        self
    }

    /// An object of any kind with its `spec.dependsOn`; kinds that have none wait for nothing.
    #[must_use]
    pub fn of(object: &(impl FluxResource + ?Sized)) -> Self {
        let metadata = object.metadata();
        Self {
            name: NodeName {
                namespace: metadata.namespace.clone().unwrap_or_default(),
                name: metadata.name.clone().unwrap_or_default(),
            },
            depends_on: object.view().depends_on.to_vec(),
        }
    }
}

impl From<&Kustomization> for Node {
    fn from(object: &Kustomization) -> Self {
        Self::of(object)
    }
}

impl From<&HelmRelease> for Node {
    fn from(object: &HelmRelease) -> Self {
        Self::of(object)
    }
}

impl fmt::Display for NodeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.namespace.is_empty() {
            f.write_str(&self.name)
        } else {
            write!(f, "{}/{}", self.namespace, self.name)
        }
    }
}

/// Go cannot tell an empty text from an absent one.
pub(super) fn non_empty(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.is_empty())
}
