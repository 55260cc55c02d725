use fluxcd_api::meta::Origin;
use fluxcd_api::object::FluxObject;
use fluxcd_api::resource::FluxResource;

/// As whom a controller acts when it applies what an object describes.
///
/// The same holds on another cluster: `spec.kubeConfig` chooses the cluster, and the user is impersonated there.
///
/// # Examples
///
/// ```
/// use fluxcd_api::meta::Origin;
/// use fluxcd_core::access::Identity;
///
/// let identity = Identity::decide("team-a", None, Some("tenant"));
/// assert_eq!(identity.user().as_deref(), Some("system:serviceaccount:team-a:tenant"));
/// assert!(matches!(identity, Identity::ServiceAccount { origin: Origin::Flag, .. }));
/// assert_eq!(Identity::decide("team-a", None, None), Identity::Controller);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Identity<'a> {
    /// As itself: with all rights of the controller.
    Controller,
    /// As a service account, which must exist in the namespace of the object.
    ServiceAccount {
        /// Namespace of the object and of the account.
        namespace: &'a str,
        /// Name of the account.
        name: &'a str,
        /// `Spec` for `spec.serviceAccountName`, `Flag` for `--default-service-account`.
        origin: Origin,
    },
}

impl<'a> Identity<'a> {
    /// Decides by the namespace of the object, its `spec.serviceAccountName`, and the flag
    /// `--default-service-account`. Empty names count as absent.
    ///
    /// Source: fluxcd/pkg runtime v0.110.3: `client/impersonator.go (setImpersonationConfig)`.
    pub fn decide(namespace: &'a str, spec: Option<&'a str>, flag: Option<&'a str>) -> Self {
        let candidates = [(spec, Origin::Spec), (flag, Origin::Flag)].into_iter();
        let mut named = candidates.filter_map(|(name, origin)| Some((name?, origin)));
        match named.find(|(name, _)| !name.is_empty()) {
            None => Self::Controller,
            Some((name, origin)) => Self::ServiceAccount {
                namespace,
                name,
                origin,
            },
        }
    }

    /// The identity behind a Kustomization or HelmRelease; nothing for kinds that apply nothing. The service accounts of
    /// other kinds are for logging in to a cloud, and are impersonated by nobody.
    #[must_use]
    pub fn of(object: &'a FluxObject, flag: Option<&'a str>) -> Option<Self> {
        let name = match object {
            FluxObject::Kustomization(object) => &object.spec.service_account_name,
            FluxObject::HelmRelease(object) => &object.spec.service_account_name,
            _ => return None,
        };
        let namespace = object.namespace().unwrap_or_default();
        Some(Self::decide(namespace, name.as_deref(), flag))
    }

    /// The user to impersonate. No groups are sent: the API server knows those of a service account.
    #[must_use]
    pub fn user(&self) -> Option<String> {
        match self {
            Self::Controller => None,
            Self::ServiceAccount {
                namespace, name, ..
            } => Some(format!("system:serviceaccount:{namespace}:{name}")),
        }
    }
}
