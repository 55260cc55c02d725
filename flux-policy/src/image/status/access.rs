//! Whether a policy may use the ImageRepository that it names.

use std::collections::BTreeMap;

use fluxcd_api::meta::AccessFrom;

/// Why a policy may not use an ImageRepository of another namespace. The controller tries again with growing pauses, since
/// access can be given by objects that it does not watch.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AccessDenial {
    /// The controller runs with `--no-cross-namespace-refs`.
    #[error(
        "cannot access 'ImageRepository/{repository}', cross-namespace references have been blocked"
    )]
    Blocked {
        /// Namespace and name.
        repository: String,
    },
    /// The repository has no `accessFrom`.
    #[error(
        "access denied: '{repository}' can't be accessed due to missing ACL labels on 'accessFrom'"
    )]
    NoAccessFrom {
        /// Namespace and name.
        repository: String,
    },
    /// The labels of the policy's namespace are not known.
    #[error("access denied: namespaces \"{namespace}\" not found")]
    NoNamespace {
        /// The namespace of the policy.
        namespace: String,
    },
    /// No selector in `accessFrom` matches the labels of the policy's namespace.
    #[error(
        "access denied: '{repository}' can't be accessed due to ACL labels mismatch on namespace '{namespace}'"
    )]
    NoMatch {
        /// Namespace and name.
        repository: String,
        /// The namespace of the policy.
        namespace: String,
    },
}

/// Whether an object of another namespace may use what has this `accessFrom`: one selector is enough, all labels of which
/// must be there.
///
/// Source: `fluxcd/pkg: runtime/acl/acl.go (HasAccessToRef)` v0.110.1.
pub(super) fn check(
    repository: String,
    access_from: Option<&AccessFrom>,
    namespace: &str,
    labels: Option<&BTreeMap<String, String>>,
) -> Result<(), AccessDenial> {
    let Some(access_from) = access_from else {
        return Err(AccessDenial::NoAccessFrom { repository });
    };
    let namespace = namespace.to_owned();
    let Some(labels) = labels else {
        return Err(AccessDenial::NoNamespace { namespace });
    };
    let has = |(key, value)| labels.get(key) == Some(value);
    let admits = access_from.namespace_selectors.iter().any(|selector| {
        let wanted = selector.match_labels.iter().flatten();
        wanted.into_iter().all(has)
    });
    if admits {
        Ok(())
    } else {
        Err(AccessDenial::NoMatch {
            repository,
            namespace,
        })
    }
}
