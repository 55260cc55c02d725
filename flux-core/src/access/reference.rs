use fluxcd_api::helm::v2::HelmRelease;
use fluxcd_api::kustomize::v1::Kustomization;
use fluxcd_api::meta::{Kind, ObjectMeta};
use fluxcd_api::notification::v1::EventSource;
use fluxcd_api::object::FluxObject;

/// One object that refers to another, which may lie in another namespace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// Which field refers to it.
    pub field: Field,
    /// Namespace of the object that has the field.
    pub own_namespace: String,
    /// Name of the object that has the field.
    pub own_name: String,
    /// Kind of the other object.
    pub kind: Kind,
    /// Its namespace, with the default filled in. Empty for a health check of an object of the whole cluster.
    pub namespace: String,
    /// Its name; `*` means all of that kind and namespace.
    pub name: String,
}

/// A field that may refer into another namespace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Field {
    /// `spec.sourceRef` of a Kustomization.
    KustomizationSource,
    /// `spec.dependsOn` of a Kustomization or HelmRelease.
    Dependency,
    /// `spec.healthChecks` of a Kustomization.
    HealthCheck,
    /// `spec.chartRef` of a HelmRelease.
    ChartReference,
    /// `spec.chart.spec.sourceRef` of a HelmRelease. What is referred to is the HelmChart that is made there.
    ChartTemplate,
    /// `spec.imageRepositoryRef` of an ImagePolicy.
    ImageRepository,
    /// `spec.sourceRef` of an ImageUpdateAutomation.
    AutomationSource,
    /// `spec.eventSources` of an Alert. The controller asks for the event, not for this entry: see
    /// [`Reference::of_event`].
    EventSource,
    /// `spec.resources` of a Receiver.
    ReceiverResource,
    /// `spec.sources` of an ArtifactGenerator.
    GeneratorSource,
}

impl Field {
    /// Where it stands in the object.
    #[must_use]
    pub fn path(self) -> &'static str {
        match self {
            Self::KustomizationSource | Self::AutomationSource => "spec.sourceRef",
            Self::Dependency => "spec.dependsOn",
            Self::HealthCheck => "spec.healthChecks",
            Self::ChartReference => "spec.chartRef",
            Self::ChartTemplate => "spec.chart.spec.sourceRef",
            Self::ImageRepository => "spec.imageRepositoryRef",
            Self::EventSource => "spec.eventSources",
            Self::ReceiverResource => "spec.resources",
            Self::GeneratorSource => "spec.sources",
        }
    }

    /// Whether there is a rule that can deny it.
    #[must_use]
    pub fn is_restricted(self) -> bool {
        !matches!(self, Self::Dependency | Self::HealthCheck)
    }
}

impl Reference {
    /// The reference in a field of an object with that metadata. A namespace that is absent or empty means the object's
    /// own.
    #[must_use]
    pub fn new(
        field: Field,
        own: &ObjectMeta,
        kind: impl Into<Kind>,
        namespace: Option<&str>,
        name: &str,
    ) -> Self {
        let own_namespace = own.namespace.as_deref().unwrap_or_default();
        let written = namespace.filter(|namespace| !namespace.is_empty());
        Self {
            field,
            own_namespace: own_namespace.to_owned(),
            own_name: own.name.clone().unwrap_or_default(),
            kind: kind.into(),
            namespace: written.unwrap_or(own_namespace).to_owned(),
            name: name.to_owned(),
        }
    }

    /// The object of an event, as the Alert that wants to send it refers to it. The namespace is that of the event.
    #[must_use]
    pub fn of_event(
        alert: &ObjectMeta,
        kind: impl Into<Kind>,
        namespace: &str,
        name: &str,
    ) -> Self {
        Self {
            namespace: namespace.to_owned(),
            ..Self::new(Field::EventSource, alert, kind, None, name)
        }
    }

    /// Everything in an object that may refer into another namespace, in the order of its fields.
    ///
    /// A HelmRelease with both a chart and a chart reference is invalid; only the latter is listed.
    ///
    /// # Examples
    ///
    /// ```
    /// use fluxcd_api::object::FluxObject;
    /// use fluxcd_core::access::{Facts, Reference};
    /// use serde_json::json;
    ///
    /// let object = FluxObject::decode(json!({
    ///     "apiVersion": "kustomize.toolkit.fluxcd.io/v1",
    ///     "kind": "Kustomization",
    ///     "metadata": {"name": "apps", "namespace": "team-a"},
    ///     "spec": {
    ///         "interval": "10m",
    ///         "prune": true,
    ///         "sourceRef": {"kind": "GitRepository", "name": "fleet", "namespace": "flux-system"},
    ///         "dependsOn": [{"name": "infrastructure", "namespace": "flux-system"}],
    ///     },
    /// }))?;
    /// let mut facts = Facts::default();
    /// facts.no_cross_namespace_refs = true;
    /// let denied: Vec<_> = Reference::all(&object)
    ///     .iter()
    ///     .filter_map(|reference| reference.decide(&facts).denial())
    ///     .map(|denial| denial.to_string())
    ///     .collect();
    /// assert_eq!(denied, ["can't access 'GitRepository/flux-system/fleet', cross-namespace references have been blocked"]);
    /// # Ok::<(), fluxcd_api::object::Error>(())
    /// ```
    #[must_use]
    pub fn all(object: &FluxObject) -> Vec<Self> {
        match object {
            FluxObject::Kustomization(object) => of_kustomization(object),
            FluxObject::HelmRelease(object) => of_helm_release(object),
            FluxObject::ImagePolicy(object) => {
                let reference = &object.spec.image_repository_ref;
                vec![Self::new(
                    Field::ImageRepository,
                    &object.metadata,
                    Kind::ImageRepository,
                    reference.namespace.as_deref(),
                    &reference.name,
                )]
            }
            FluxObject::ImageUpdateAutomation(object) => {
                let source = &object.spec.source_ref;
                vec![Self::new(
                    Field::AutomationSource,
                    &object.metadata,
                    // The controller accepts no other.
                    Kind::GitRepository,
                    source.namespace.as_deref(),
                    &source.name,
                )]
            }
            FluxObject::Alert(object) => of_alert(&object.metadata, &object.spec.event_sources),
            FluxObject::AlertV1Beta3(object) => {
                of_alert(&object.metadata, &object.spec.event_sources)
            }
            FluxObject::Receiver(object) => {
                let resources = object.spec.resources.iter().map(|resource| {
                    Self::new(
                        Field::ReceiverResource,
                        &object.metadata,
                        resource.kind.clone(),
                        resource.namespace.as_deref(),
                        &resource.name,
                    )
                });
                resources.collect()
            }
            FluxObject::ArtifactGenerator(object) => {
                let sources = object.spec.sources.iter().map(|source| {
                    Self::new(
                        Field::GeneratorSource,
                        &object.metadata,
                        source.kind.clone(),
                        source.namespace.as_deref(),
                        &source.name,
                    )
                });
                sources.collect()
            }
            _ => Vec::new(),
        }
    }

    /// Whether the two objects lie in different namespaces.
    #[must_use]
    pub fn crosses(&self) -> bool {
        self.namespace != self.own_namespace
    }
}

fn of_kustomization(object: &Kustomization) -> Vec<Reference> {
    let (own, spec) = (&object.metadata, &object.spec);
    let source = &spec.source_ref;
    let mut references = vec![Reference::new(
        Field::KustomizationSource,
        own,
        source.kind.clone(),
        source.namespace.as_deref(),
        &source.name,
    )];
    let dependencies = spec.depends_on.iter().flatten();
    references.extend(dependencies.map(|dependency| {
        let namespace = dependency.namespace.as_deref();
        Reference::new(
            Field::Dependency,
            own,
            Kind::Kustomization,
            namespace,
            &dependency.name,
        )
    }));
    references.extend(spec.health_checks.iter().flatten().map(|check| {
        let kind = check.kind.as_str();
        Reference {
            namespace: check.namespace.clone().unwrap_or_default(),
            ..Reference::new(Field::HealthCheck, own, kind, None, &check.name)
        }
    }));
    references
}

fn of_helm_release(object: &HelmRelease) -> Vec<Reference> {
    let (own, spec) = (&object.metadata, &object.spec);
    let mut references = Vec::new();
    if let Some(chart) = &spec.chart_ref {
        let kind = match &chart.kind {
            kind @ (Kind::OCIRepository | Kind::ExternalArtifact) => kind.clone(),
            // Every other word is taken for this one.
            _ => Kind::HelmChart,
        };
        let namespace = chart.namespace.as_deref();
        references.push(Reference::new(
            Field::ChartReference,
            own,
            kind,
            namespace,
            &chart.name,
        ));
    } else if let Some(chart) = &spec.chart {
        let source = chart.spec.source_ref.as_ref();
        let namespace = source.and_then(|source| source.namespace.as_deref());
        let part = |part: &Option<String>| part.clone().unwrap_or_default();
        let name = format!("{}-{}", part(&own.namespace), part(&own.name));
        references.push(Reference::new(
            Field::ChartTemplate,
            own,
            Kind::HelmChart,
            namespace,
            &name,
        ));
    }
    let dependencies = spec.depends_on.iter().flatten();
    references.extend(dependencies.map(|dependency| {
        let namespace = dependency.namespace.as_deref();
        Reference::new(
            Field::Dependency,
            own,
            Kind::HelmRelease,
            namespace,
            &dependency.name,
        )
    }));
    references
}

fn of_alert(own: &ObjectMeta, sources: &[EventSource]) -> Vec<Reference> {
    let sources = sources.iter().map(|source| {
        let (kind, namespace) = (source.kind.clone(), source.namespace.as_deref());
        Reference::new(Field::EventSource, own, kind, namespace, &source.name)
    });
    sources.collect()
}
