//! One view of every kind.

use crate::meta::{
    Condition, DependencyReference, Duration, NamespacedObjectKindReference, ObjectMeta, condition,
};
use crate::registry::Registration;

/// What every kind of Flux can say about itself, so that a dashboard needs no `match` over kinds.
///
/// What a kind does not have is absent, empty or `false`. Values are those that are written in the object: no default is
/// filled in. The accessors of the specs (`effective_*`) do that, and say where a value came from.
///
/// # Examples
///
/// ```
/// use fluxcd_api::meta::condition;
/// use fluxcd_api::resource::FluxResource;
///
/// fn line(object: &dyn FluxResource) -> String {
///     let ready = object.condition(condition::READY).map_or("Unknown", |ready| ready.status.as_str());
///     format!("{}/{}: ready {ready}, suspended {}", object.kind(), object.name(), object.suspended())
/// }
/// # let object = fluxcd_api::notification::v1::Alert::new("slack", Default::default());
/// # assert_eq!(line(&object), "Alert/slack: ready Unknown, suspended false");
/// ```
pub trait FluxResource {
    /// What the API server knows about the kind; `None` for kinds and versions that are not known here.
    fn registration(&self) -> Option<&'static Registration>;

    /// Name, namespace, labels, annotations.
    fn metadata(&self) -> &ObjectMeta;

    /// Everything below at once.
    fn view(&self) -> View<'_>;

    /// Group and version, such as `kustomize.toolkit.fluxcd.io/v1`.
    fn api_version(&self) -> String {
        self.registration()
            .map(Registration::api_version)
            .unwrap_or_default()
    }

    /// Kind, such as `Kustomization`.
    fn kind(&self) -> &str {
        self.registration()
            .map_or("", |registration| registration.kind)
    }

    /// Name of the object, empty when it has none.
    fn name(&self) -> &str {
        self.metadata().name.as_deref().unwrap_or_default()
    }

    /// Namespace of the object.
    fn namespace(&self) -> Option<&str> {
        self.metadata().namespace.as_deref()
    }

    /// The conditions of its status.
    fn conditions(&self) -> &[Condition] {
        self.view().conditions
    }

    /// The condition of that type.
    fn condition(&self, type_: &str) -> Option<&Condition> {
        condition::find(self.conditions(), type_)
    }

    /// Whether reconciliation is switched off.
    fn suspended(&self) -> bool {
        self.view().suspended
    }

    /// The interval of its spec.
    fn interval(&self) -> Option<Duration> {
        self.view().interval
    }

    /// The timeout of its spec.
    fn timeout(&self) -> Option<Duration> {
        self.view().timeout
    }

    /// The generation that its status speaks about; -1 before the first reconciliation, where the API server says so.
    fn observed_generation(&self) -> Option<i64> {
        self.view().observed_generation
    }

    /// The last token of `reconcile.fluxcd.io/requestedAt` that was acted on.
    fn last_handled_reconcile_at(&self) -> Option<&str> {
        self.view().last_handled_reconcile_at
    }

    /// What it is made from, when that is one object; the first when there are several.
    fn source_ref(&self) -> Option<NamespacedObjectKindReference> {
        self.source_refs().into_iter().next()
    }

    /// Everything that it is made from, as written: a namespace that is not written is absent.
    fn source_refs(&self) -> Vec<NamespacedObjectKindReference> {
        self.view().sources
    }

    /// What must be ready first.
    fn depends_on(&self) -> &[DependencyReference] {
        self.view().depends_on
    }
}

/// The parts of a [`FluxResource`]. Anything that a kind does not have keeps its default.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct View<'a> {
    /// Conditions of the status.
    pub conditions: &'a [Condition],
    /// Whether reconciliation is switched off.
    pub suspended: bool,
    /// Interval of the spec.
    pub interval: Option<Duration>,
    /// Timeout of the spec.
    pub timeout: Option<Duration>,
    /// Generation that the status speaks about.
    pub observed_generation: Option<i64>,
    /// Last reconcile request that was acted on.
    pub last_handled_reconcile_at: Option<&'a str>,
    /// What it is made from.
    pub sources: Vec<NamespacedObjectKindReference>,
    /// What must be ready first.
    pub depends_on: &'a [DependencyReference],
}

/// The part of a view that most statuses have.
macro_rules! status_view {
    ($status:expr) => {{
        let status = $status.as_ref();
        $crate::resource::View {
            conditions: status
                .and_then(|status| status.conditions.as_deref())
                .unwrap_or_default(),
            observed_generation: status.and_then(|status| status.observed_generation),
            last_handled_reconcile_at: status
                .and_then(|status| status.last_handled_reconcile_at.as_deref()),
            ..$crate::resource::View::default()
        }
    }};
}

pub(crate) use status_view;
