use std::collections::BTreeMap;
use std::fmt;

use fluxcd_api::meta::{AccessFrom, Kind, reason};

use super::selector::{InvalidSelector, admitted};
use super::{Field, Reference};

/// What a decision depends on beside the reference.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
#[non_exhaustive]
pub struct Facts<'a> {
    /// Flag `--no-cross-namespace-refs` of the controller, off by default.
    pub no_cross_namespace_refs: bool,
    /// Gate `ExternalArtifact` of kustomize-controller and helm-controller, off by default. `flux install` switches it on
    /// where it installs source-watcher.
    pub external_artifact: bool,
    /// The `spec.accessFrom` of an ImageRepository.
    pub access_from: Option<&'a AccessFrom>,
    /// The labels of the namespace of an ImagePolicy, if that exists.
    pub namespace_labels: Option<&'a BTreeMap<String, String>>,
}

/// Whether a controller follows a reference.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub enum Access {
    /// It does.
    Allow(Allowed),
    /// It does not.
    Deny(Denial),
}

/// Why a reference is followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Allowed {
    /// Both objects lie in one namespace.
    SameNamespace,
    /// No rule can deny such a reference.
    Unrestricted,
    /// The controller runs without `--no-cross-namespace-refs`.
    Unblocked,
    /// That selector in `accessFrom` of the other object, counted from 0, fits the namespace.
    Selector(usize),
}

/// A reference that is not followed. `Display` is the message of the controller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Denial {
    /// Which one.
    pub reference: Reference,
    /// The rule.
    pub cause: Cause,
}

/// The rule by which a reference is denied.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cause {
    /// The controller runs with `--no-cross-namespace-refs`.
    Blocked,
    /// The gate `ExternalArtifact` is off.
    GateOff,
    /// The ImageRepository has no `accessFrom`.
    NoAccessFrom,
    /// The namespace of the ImagePolicy does not exist.
    NoNamespace,
    /// A selector in `accessFrom` is none, and none before it fits.
    InvalidSelector(InvalidSelector),
    /// No selector in `accessFrom` fits the namespace of the ImagePolicy.
    NoMatch,
}

/// What a controller makes of a denial.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Effect {
    /// `Stalled`, reason `AccessDenied`: it waits for a change of the object.
    Stalled,
    /// `Ready` False, reason `AccessDenied`: it tries again with growing pauses, since what it depends on is not watched.
    Retried,
    /// It tries again with growing pauses, and writes no condition at all.
    Unreported,
    /// The event is not sent. The Alert gets a Kubernetes event of the type Warning.
    EventDropped,
    /// The caller of the webhook is answered with status 500. Other resources of the Receiver are reconciled.
    CallFailed,
}

impl Reference {
    /// Decides as the controller of the field does.
    ///
    /// | field | rules, in this order |
    /// |---|---|
    /// | `dependsOn`, `healthChecks` | none |
    /// | `sourceRef` of a Kustomization, `chartRef` | the flag, then the gate for an ExternalArtifact |
    /// | `imageRepositoryRef` | the flag, then `accessFrom` if the namespace is another |
    /// | every other one | the flag |
    ///
    /// [`Facts::access_from`] and [`Facts::namespace_labels`] are looked at for an ImagePolicy alone.
    pub fn decide(&self, facts: &Facts<'_>) -> Access {
        let deny = |cause| {
            let reference = self.clone();
            Access::Deny(Denial { reference, cause })
        };
        let crosses = self.crosses();
        if !self.field.is_restricted() {
            return Access::Allow(Allowed::Unrestricted);
        }
        if crosses && facts.no_cross_namespace_refs {
            return deny(Cause::Blocked);
        }
        let gated = matches!(
            self.field,
            Field::KustomizationSource | Field::ChartReference
        );
        if gated && self.kind == Kind::ExternalArtifact && !facts.external_artifact {
            return deny(Cause::GateOff);
        }
        if !crosses {
            return Access::Allow(Allowed::SameNamespace);
        }
        if self.field != Field::ImageRepository {
            return Access::Allow(Allowed::Unblocked);
        }
        match (facts.access_from, facts.namespace_labels) {
            (None, _) => deny(Cause::NoAccessFrom),
            (_, None) => deny(Cause::NoNamespace),
            (Some(access_from), Some(labels)) => match admitted(access_from, labels) {
                Ok(Some(index)) => Access::Allow(Allowed::Selector(index)),
                Ok(None) => deny(Cause::NoMatch),
                Err(error) => deny(Cause::InvalidSelector(error)),
            },
        }
    }
}

impl Access {
    /// Whether the reference is followed.
    #[must_use]
    pub fn is_allowed(&self) -> bool {
        matches!(self, Self::Allow(_))
    }

    /// The denial, if it is one.
    #[must_use]
    pub fn denial(self) -> Option<Denial> {
        match self {
            Self::Allow(_) => None,
            Self::Deny(denial) => Some(denial),
        }
    }
}

impl Denial {
    /// What the controller makes of it.
    #[must_use]
    pub fn effect(&self) -> Effect {
        match self.reference.field {
            Field::ChartTemplate => Effect::Unreported,
            Field::ImageRepository => Effect::Retried,
            Field::EventSource => Effect::EventDropped,
            Field::ReceiverResource => Effect::CallFailed,
            _ => Effect::Stalled,
        }
    }

    /// The reason of the conditions or the Kubernetes event, where there are any.
    #[must_use]
    pub fn reason(&self) -> Option<&'static str> {
        match self.effect() {
            Effect::Stalled | Effect::Retried => Some(reason::ACCESS_DENIED),
            Effect::EventDropped => Some("NotificationDispatchFailed"),
            Effect::Unreported | Effect::CallFailed => None,
        }
    }
}

impl fmt::Display for Denial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Reference {
            field,
            own_namespace,
            own_name,
            kind,
            namespace,
            name,
        } = &self.reference;
        let blocked = "cross-namespace references have been blocked";
        match (&self.cause, field) {
            (Cause::GateOff, _) => write!(
                f,
                "can't access '{kind}/{namespace}/{name}', ExternalArtifact feature gate is disabled"
            ),
            (Cause::Blocked, Field::ChartReference | Field::ChartTemplate) => write!(
                f,
                "cross-namespace references are not allowed: cannot access {kind} {namespace}/{name}"
            ),
            (Cause::Blocked, Field::ImageRepository) => {
                write!(f, "cannot access '{kind}/{namespace}/{name}', {blocked}")
            }
            (Cause::Blocked, Field::EventSource) => write!(
                f,
                "discarding event, access denied to cross-namespace sources: alert '{own_namespace}/{own_name}' can't \
                 process event from '{kind}/{namespace}/{name}', {blocked}"
            ),
            (Cause::Blocked, Field::ReceiverResource) => {
                f.write_str("cross-namespace references are not allowed")
            }
            (Cause::Blocked, Field::GeneratorSource) => write!(
                f,
                "cross-namespace reference to source {kind}/{namespace}/{name} is not allowed"
            ),
            (Cause::Blocked, _) => {
                write!(f, "can't access '{kind}/{namespace}/{name}', {blocked}")
            }
            (Cause::NoAccessFrom, _) => write!(
                f,
                "access denied: '{namespace}/{name}' can't be accessed due to missing ACL labels on 'accessFrom'"
            ),
            (Cause::NoNamespace, _) => {
                write!(f, "access denied: namespaces \"{own_namespace}\" not found")
            }
            (Cause::InvalidSelector(error), _) => write!(f, "access denied: {error}"),
            (Cause::NoMatch, _) => write!(
                f,
                "access denied: '{namespace}/{name}' can't be accessed due to ACL labels mismatch on namespace \
                 '{own_namespace}'"
            ),
        }
    }
}
