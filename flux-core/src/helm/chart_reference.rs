//! Which source object holds the chart of a HelmRelease.
//!
//! # Contract
//!
//! A HelmRelease either refers to a source object (`spec.chartRef`) or has one made for it (`spec.chart`, a template).
//! Either way a [`ChartReference`] names the object. For the template it is also kept in `status.helmChart`, as text.
//!
//! # Traps
//!
//! - The made object is called `<namespace>-<name>` and never shortened: with the namespace `a-b` and the name `c` it is
//!   called as with `a` and `b-c`, and the two collide if both charts land in the namespace of one source.
//! - A template goes to the namespace of its source, not to that of the HelmRelease.
//!
//! # Differences
//!
//! Flux 2.10 has templates of the kind OCIRepository, and so a third part in `status.helmChart`. Where the two minors
//! decide differently, a function takes a [`FluxVersion`]. A controller of 2.9 that meets `OCIRepository/apps/podinfo`
//! takes the first two parts for a namespace and a name: a downgrade looks at a wrong object.
//!
//! # Sources
//!
//! helm-controller v1.6.3: `api/v2/helmrelease_types.go (GetHelmChartName, HelmChartTemplate.GetNamespace,
//! GetHelmChart)`; API module v1.7.1: `(GetHelmChartTemplateReference, GetHelmChartReference, SetChart)`. How often the
//! made object looks for a new chart is `HelmReleaseSpec::effective_template_interval` of `fluxcd-api`.

use std::fmt;

use fluxcd_api::helm::v2::HelmRelease;
use fluxcd_api::meta::{Effective, Kind, Origin};

use crate::FluxVersion;

#[cfg(test)]
mod tests;

/// A source object that holds a chart. `Display` is `<kind>/<namespace>/<name>`, the key of the controller's index.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ChartReference {
    /// `HelmChart`, `OCIRepository` or `ExternalArtifact`; whatever was written, if it is something else.
    pub kind: Kind,
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
}

/// The source object that is made from `spec.chart`, or nothing without a template.
///
/// The origin of the result is that of its namespace: `Spec` if the source is in a namespace of its own.
///
/// # Examples
///
/// ```
/// use fluxcd_api::helm::v2::HelmRelease;
/// use fluxcd_core::FluxVersion;
/// use fluxcd_core::helm::chart_reference::from_template;
/// use serde_json::json;
///
/// let release: HelmRelease = serde_json::from_value(json!({
///     "metadata": {"name": "podinfo", "namespace": "apps"},
///     "spec": {"interval": "10m", "chart": {"spec": {"chart": "podinfo", "sourceRef": {
///         "kind": "HelmRepository", "name": "podinfo", "namespace": "flux-system",
///     }}}},
/// }))?;
/// let made = from_template(&release, FluxVersion::V2_9).unwrap();
/// assert_eq!(made.value.to_string(), "HelmChart/flux-system/apps-podinfo");
/// assert_eq!(made.value.status_text(), "flux-system/apps-podinfo");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[must_use]
pub fn from_template(
    release: &HelmRelease,
    version: FluxVersion,
) -> Option<Effective<ChartReference>> {
    let template = release.spec.chart.as_ref()?;
    let kind = match version {
        // A server of 2.9 does not know the field and drops it.
        FluxVersion::V2_9 => Kind::HelmChart,
        FluxVersion::V2_10 => template.effective_kind().value.into(),
    };
    let source = template
        .spec
        .source_ref
        .as_ref()
        .filter(|_| kind == Kind::HelmChart);
    let written = source.and_then(|source| non_empty(source.namespace.as_ref()));
    let own = own_namespace(release);
    let name = release.metadata.name.as_deref().unwrap_or_default();
    let namespace = match written {
        Some(value) => Effective {
            value,
            origin: Origin::Spec,
        },
        None => Effective::default_value(own),
    };
    Some(namespace.map(|namespace| ChartReference {
        kind,
        namespace: namespace.to_owned(),
        name: format!("{own}-{name}"),
    }))
}

/// The source object that `spec.chartRef` names, or nothing without one.
#[must_use]
pub fn from_chart_ref(release: &HelmRelease) -> Option<ChartReference> {
    let reference = release.spec.chart_ref.as_ref()?;
    let namespace = non_empty(reference.namespace.as_ref());
    Some(ChartReference {
        kind: match reference.kind.as_str() {
            "" => Kind::HelmChart,
            _ => reference.kind.clone(),
        },
        namespace: namespace.unwrap_or(own_namespace(release)).to_owned(),
        name: reference.name.clone(),
    })
}

impl ChartReference {
    /// Reads `status.helmChart`; nothing where the controller finds no reference in it.
    ///
    /// | parts | 2.9 | 2.10 |
    /// |---|---|---|
    /// | `noslash`, empty | nothing | nothing |
    /// | `a/b` | HelmChart `b` in `a` | the same |
    /// | `a/b/c` | HelmChart `b` in `a` | kind `a`, `c` in `b` |
    /// | more | HelmChart, the first two | nothing |
    ///
    /// # Examples
    ///
    /// ```
    /// use fluxcd_core::FluxVersion;
    /// use fluxcd_core::helm::ChartReference;
    ///
    /// let read = |version| ChartReference::parse_status("OCIRepository/apps/podinfo", version).unwrap().to_string();
    /// assert_eq!(read(FluxVersion::V2_10), "OCIRepository/apps/podinfo");
    /// assert_eq!(read(FluxVersion::V2_9), "HelmChart/OCIRepository/apps");
    /// ```
    #[must_use]
    pub fn parse_status(text: &str, version: FluxVersion) -> Option<Self> {
        let mut parts = text.split('/');
        let (first, second) = (parts.next()?, parts.next()?);
        let rest = match version {
            FluxVersion::V2_9 => (None, None),
            FluxVersion::V2_10 => (parts.next(), parts.next()),
        };
        match rest {
            (None, _) => Some(Self::new(Kind::HelmChart, first, second)),
            (Some(third), None) => Some(Self::new(Kind::from(first), second, third)),
            (Some(_), Some(_)) => None,
        }
    }

    /// The text for `status.helmChart`: `<namespace>/<name>`, with the kind in front unless it is HelmChart.
    #[must_use]
    pub fn status_text(&self) -> String {
        match self.kind {
            Kind::HelmChart => format!("{}/{}", self.namespace, self.name),
            _ => self.to_string(),
        }
    }

    fn new(kind: Kind, namespace: &str, name: &str) -> Self {
        Self {
            kind,
            namespace: namespace.to_owned(),
            name: name.to_owned(),
        }
    }
}

impl fmt::Display for ChartReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.kind, self.namespace, self.name)
    }
}

fn own_namespace(release: &HelmRelease) -> &str {
    release.metadata.namespace.as_deref().unwrap_or_default()
}

/// Go cannot tell an empty text from an absent one.
fn non_empty(text: Option<&String>) -> Option<&str> {
    text.map(String::as_str).filter(|text| !text.is_empty())
}
