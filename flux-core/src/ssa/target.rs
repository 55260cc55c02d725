use std::fmt;

use fluxcd_api::meta::Selector;
use fluxcd_dialect::regexp::{self, Regexp};
use serde_json::Value;

use super::label_selector::{LabelSelector, LabelSelectorError};
use super::object;
use crate::inventory::Place;

/// Which objects an ignore rule is for, ready to be asked.
///
/// Every part that is set must match. Group, version, kind, name and namespace are patterns that must match as a whole;
/// an empty part is not set.
///
/// Source: fluxcd/pkg ssa v0.76.1: `jsondiff/selector.go (SelectorRegex)`.
///
/// # Examples
///
/// ```
/// use fluxcd_api::meta::Selector;
/// use fluxcd_core::ssa::{Part, Target};
/// use serde_json::json;
///
/// let selector = Selector { kind: Some("Deploy.*|StatefulSet".to_owned()), name: Some("web".to_owned()), ..Selector::default() };
/// let target = Target::compile(&selector)?;
/// let object = json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web-1"}});
/// assert_eq!(target.miss(&object), Some(Part::Name));
/// # Ok::<(), fluxcd_core::ssa::TargetError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    namespace: Option<Regexp>,
    name: Option<Regexp>,
    group: Option<Regexp>,
    version: Option<Regexp>,
    kind: Option<Regexp>,
    labels: Option<LabelSelector>,
    annotations: Option<LabelSelector>,
}

/// A part of a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// `group`.
    Group,
    /// `version`.
    Version,
    /// `kind`.
    Kind,
    /// `name`.
    Name,
    /// `namespace`.
    Namespace,
    /// `labelSelector`.
    Labels,
    /// `annotationSelector`.
    Annotations,
}

/// Why a target is none. Whoever wrote it can repair it; until then every apply fails.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("invalid {part}: {fault}")]
pub struct TargetError {
    /// The part at fault.
    pub part: Part,
    /// What is wrong with it.
    pub fault: TargetFault,
}

/// What is wrong with a part of a target.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TargetFault {
    /// It is no pattern.
    #[error(transparent)]
    Pattern(regexp::Error),
    /// It is no selector.
    #[error(transparent)]
    Selector(LabelSelectorError),
}

impl Target {
    /// Reads a target.
    ///
    /// # Errors
    ///
    /// [`TargetError`] of the first part that is at fault.
    pub fn compile(selector: &Selector) -> Result<Self, TargetError> {
        let group = pattern(Part::Group, selector.group.as_deref())?;
        let version = pattern(Part::Version, selector.version.as_deref())?;
        let kind = pattern(Part::Kind, selector.kind.as_deref())?;
        let name = pattern(Part::Name, selector.name.as_deref())?;
        let namespace = pattern(Part::Namespace, selector.namespace.as_deref())?;
        let labels = requirements(Part::Labels, selector.label_selector.as_deref())?;
        let annotations = requirements(Part::Annotations, selector.annotation_selector.as_deref())?;
        Ok(Self {
            namespace,
            name,
            group,
            version,
            kind,
            labels,
            annotations,
        })
    }

    /// The first part that does not match the object; `None` if it is one of those that are meant.
    #[must_use]
    pub fn miss(&self, object: &Value) -> Option<Part> {
        let (group, version, kind) = object::group_version_kind(object);
        let misses = |pattern: &Option<Regexp>, text: &str| {
            pattern
                .as_ref()
                .is_some_and(|pattern| !pattern.is_match(text))
        };
        let lacks = |selector: &Option<LabelSelector>, place: Place| {
            let lacks = |selector: &LabelSelector| !selector.matches(&object::texts(object, place));
            selector.as_ref().is_some_and(lacks)
        };
        match () {
            () if misses(&self.namespace, object::metadata(object, "namespace")) => {
                Some(Part::Namespace)
            }
            () if misses(&self.name, object::metadata(object, "name")) => Some(Part::Name),
            () if misses(&self.group, group) => Some(Part::Group),
            () if misses(&self.version, version) => Some(Part::Version),
            () if misses(&self.kind, kind) => Some(Part::Kind),
            () if lacks(&self.labels, Place::Label) => Some(Part::Labels),
            () if lacks(&self.annotations, Place::Annotation) => Some(Part::Annotations),
            () => None,
        }
    }
}

fn pattern(part: Part, text: Option<&str>) -> Result<Option<Regexp>, TargetError> {
    let fail = |error| TargetError {
        part,
        fault: TargetFault::Pattern(error),
    };
    match text {
        None | Some("") => Ok(None),
        Some(text) => Regexp::parse(format!("^(?:{text})$"))
            .map(Some)
            .map_err(fail),
    }
}

fn requirements(part: Part, text: Option<&str>) -> Result<Option<LabelSelector>, TargetError> {
    let fail = |error| TargetError {
        part,
        fault: TargetFault::Selector(error),
    };
    match text {
        None | Some("") => Ok(None),
        Some(text) => LabelSelector::parse(text).map(Some).map_err(fail),
    }
}

/// As upstream's errors name it: `kind regex`, `label selector`.
impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Group => "group regex",
            Self::Version => "version regex",
            Self::Kind => "kind regex",
            Self::Name => "name regex",
            Self::Namespace => "namespace regex",
            Self::Labels => "label selector",
            Self::Annotations => "annotation selector",
        })
    }
}
