use std::fmt;

use kube::api::DynamicObject;
use kube::core::ApiResource;
use kube::discovery::Scope;
use kube::{Api, Client};

/// A kind as the server has it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Kind {
    /// Group, version, kind and plural.
    pub resource: ApiResource,
    /// Whether its objects lie in namespaces.
    pub scope: Scope,
    /// Its subresources (`status`, `scale`, ...), sorted.
    pub subresources: Vec<String>,
}

impl Kind {
    /// The address of its objects: in a namespace, or in all. The namespace does not matter to a kind that has none.
    #[must_use]
    pub fn api(&self, client: Client, namespace: Option<&str>) -> Api<DynamicObject> {
        match namespace {
            Some(namespace) if self.is_namespaced() => {
                Api::namespaced_with(client, namespace, &self.resource)
            }
            _ => Api::all_with(client, &self.resource),
        }
    }

    /// Whether its objects lie in namespaces.
    #[must_use]
    pub fn is_namespaced(&self) -> bool {
        self.scope == Scope::Namespaced
    }

    /// Whether its status is written apart from the rest.
    #[must_use]
    pub fn has_status(&self) -> bool {
        self.subresources.iter().any(|own| own == "status")
    }
}

/// The server does not have a kind. The text is that of the Go clients.
///
/// Source: kubernetes apimachinery v0.36.3: `pkg/api/meta/errors.go (NoKindMatchError.Error)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoMatch {
    /// Group; empty for the core group.
    pub group: String,
    /// Version, if one was asked for.
    pub version: Option<String>,
    /// Kind.
    pub kind: String,
}

impl fmt::Display for NoMatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { group, kind, .. } = self;
        match self.version.as_deref() {
            None => write!(f, "no matches for kind {kind:?} in group {group:?}"),
            Some(version) if group.is_empty() => {
                write!(f, "no matches for kind {kind:?} in version {version:?}")
            }
            Some(version) => {
                let version = format!("{group}/{version}");
                write!(f, "no matches for kind {kind:?} in version {version:?}")
            }
        }
    }
}

impl std::error::Error for NoMatch {}
