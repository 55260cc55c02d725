//! What must be ready first.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Another object of the same kind that must be ready first.
///
/// Its short form is `[namespace/]name[@readyExpr]`: everything behind the first `@` is the expression, and may
/// hold
/// further `@` and `/`.
///
/// # Examples
///
/// ```
/// use fluxcd_api::meta::DependencyReference;
///
/// let dependency: DependencyReference = "infra/cert-manager@dep.status.ready".parse().unwrap();
/// assert_eq!(dependency.namespace.as_deref(), Some("infra"));
/// assert_eq!(dependency.ready_expr.as_deref(), Some("dep.status.ready"));
/// assert_eq!(dependency.to_string(), "infra/cert-manager@dep.status.ready");
/// ```
///
/// Source: `fluxcd/pkg: apis/meta/dependencies.go (DependencyReference)`.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct DependencyReference {
    /// Name of the object.
    pub name: String,
    /// Its namespace; absent means the namespace of the object that depends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// CEL expression over `self` and `dep` that says when it is ready, beside or instead of its conditions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ready_expr: Option<String>,
}

impl DependencyReference {
    /// A dependency in the same namespace.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self {
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

impl fmt::Display for DependencyReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(namespace) = self
            .namespace
            .as_deref()
            .filter(|namespace| !namespace.is_empty())
        {
            write!(f, "{namespace}/")?;
        }
        f.write_str(&self.name)?;
        match self
            .ready_expr
            .as_deref()
            .filter(|expression| !expression.is_empty())
        {
            Some(expression) => write!(f, "@{expression}"),
            None => Ok(()),
        }
    }
}

impl From<&str> for DependencyReference {
    fn from(text: &str) -> Self {
        let (object, expression) = match text.split_once('@') {
            Some((object, expression)) => (object, Some(expression)),
            None => (text, None),
        };
        let (namespace, name) = match object.split_once('/') {
            Some((namespace, name)) => (Some(namespace), name),
            None => (None, object),
        };
        let kept = |part: Option<&str>| part.filter(|part| !part.is_empty()).map(str::to_owned);
        Self {
            name: name.to_owned(),
            namespace: kept(namespace),
            ready_expr: kept(expression),
        }
    }
}

impl FromStr for DependencyReference {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self::from(text))
    }
}
