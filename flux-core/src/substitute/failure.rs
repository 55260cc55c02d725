//! Why an object cannot be substituted.

use std::fmt;

use fluxcd_api::kustomize::v1::SubstituteReference;
use fluxcd_dialect::yaml;
use serde_json::Value;

use super::error::{ErrorKind, TemplateError, Undefined};
use super::layer::{LayerOrigin, Redactable, Visibility};
use super::report::Type;
use crate::manifest::FieldPath;

/// Why an object cannot be substituted: a failure of the whole Kustomization, which applies nothing then.
///
/// [`explain`](Self::explain) gives the text that upstream has for it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The object holds a character that the controller's writer refuses, or is nested too deep. It fails before anything
    /// else is looked at, also where nothing would be substituted. Repaired in the manifest.
    #[error("the object cannot be written as YAML")]
    Object(#[source] yaml::Error),
    /// An entry of `substituteFrom` does not exist and is not optional: the first such one.
    #[error("{} does not exist", reference_name(.0))]
    SourceMissing(SubstituteReference),
    /// A source has a key that is no name of a variable.
    #[error("{origin} has the key {name:?}, which is no name of a variable")]
    VariableName {
        /// The key.
        name: String,
        /// The source whose value counts.
        origin: LayerOrigin,
    },
    /// The text of the object cannot be parsed or evaluated.
    #[error("the text at {path} cannot be evaluated")]
    Template {
        /// What is wrong; its places are bytes of the object as the controller writes it.
        #[source]
        error: TemplateError,
        /// Where in the object it is.
        path: FieldPath,
        /// Every use of an undefined variable, in the order of evaluation, with the place in the object.
        undefined: Vec<(Undefined, FieldPath)>,
    },
    /// The evaluated text is no YAML, or none that JSON can hold.
    #[error("the evaluated text cannot be read{}", culprit_place(.culprit.as_deref()))]
    Yaml {
        /// What is wrong; its places are bytes of the evaluated text.
        #[source]
        error: yaml::Error,
        /// The expression that does it; nothing if there is none.
        culprit: Option<Box<Culprit>>,
    },
    /// The evaluated text is YAML, but no map any more.
    #[error("the evaluated text is no map, but of the type {found}")]
    Shape {
        /// What it is.
        found: Type,
    },
    /// Kustomize, which the result is given to, cannot read what it writes of it.
    #[error("kustomize cannot take over what is at {path}: {why}")]
    Rewrite {
        /// Where in the result it is; a key has the place of its entry.
        path: FieldPath,
        /// What is wrong with it.
        why: Unreadable,
    },
}

/// What kustomize writes and cannot read again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Unreadable {
    /// A text of several lines that begins with a tab. It may have been there before; objects that are not evaluated keep
    /// it.
    #[error("a text of several lines that begins with a tab")]
    LeadingTab,
    /// The key `<<` with a value that cannot be merged. The controller's reader takes it for text where it stands in
    /// quotes.
    #[error("the key \"<<\" of something that is no map")]
    Merge,
}

/// An expression without whose value a text could be read.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Culprit {
    /// Where in the object it stands.
    pub path: FieldPath,
    /// The expression, from `${` to `}`.
    pub expression: String,
    /// What it was evaluated to. May be a secret; `Debug` hides it then.
    pub value: Vec<u8>,
    pub(super) visibility: Visibility,
}

impl Error {
    /// What kind of failure it is.
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::SourceMissing(_) => ErrorKind::SourceMissing,
            Self::VariableName { .. } => ErrorKind::VariableName,
            Self::Template { error, .. } => error.kind(),
            Self::Object(_) | Self::Yaml { .. } | Self::Shape { .. } | Self::Rewrite { .. } => {
                ErrorKind::Yaml
            }
        }
    }

    /// Upstream's text. What its YAML reader says is in our words.
    ///
    /// Source: `fluxcd/pkg: kustomize/kustomize_varsub.go`.
    ///
    /// ```
    /// use fluxcd_core::substitute::{Layer, Substitution, Variables};
    /// use serde_json::json;
    ///
    /// let app = json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "app"}, "spec": {"replicas": "${n}"}});
    /// let substitution = Substitution::new([Layer::inline([("m", "3")])].into_iter().collect());
    /// let error = substitution.apply(&app).unwrap_err();
    /// assert_eq!(error.explain(), "envsubst error: variable substitution failed: variable not set (strict mode): \"n\"");
    /// assert_eq!(
    ///     error.explain_for(&app),
    ///     format!("post build failed for 'Deployment.v1.apps/app': {}", error.explain()),
    /// );
    /// ```
    #[must_use]
    pub fn explain(&self) -> String {
        match self {
            Self::Object(error) => format!("yaml: {}", error.message()),
            Self::SourceMissing(reference) => {
                let (kind, name) = (reference.kind.as_str(), &reference.name);
                let resource = format!("{}s", kind.to_ascii_lowercase());
                format!("substitute from '{kind}/{name}' error: {resource} {name:?} not found")
            }
            Self::VariableName { name, .. } => format!(
                "envsubst error: '{name}' var name is invalid, must match '^[_[:alpha:]][_[:alpha:][:digit:]]*$'"
            ),
            Self::Template { error, .. } => {
                format!(
                    "envsubst error: variable substitution failed: {}",
                    error.explain()
                )
            }
            Self::Yaml { error, .. } => format!(
                "envsubst error: YAMLToJSON: yaml: line {}: {}",
                error.line(),
                error.message()
            ),
            Self::Rewrite { why, .. } => match why {
                Unreadable::LeadingTab => {
                    let tab = "found a tab character where an indentation space is expected";
                    format!("UnmarshalJSON: yaml: {tab}")
                }
                Unreadable::Merge => {
                    "yaml: map merge requires map or sequence of maps as the value".to_owned()
                }
            },
            Self::Shape { found } => {
                let found = match found {
                    Type::Boolean => "bool",
                    Type::List => "array",
                    other => other.as_str(),
                };
                format!(
                    "UnmarshalJSON: json: cannot unmarshal {found} into Go value of type map[string]interface {{}}"
                )
            }
        }
    }

    /// The message of the Ready condition, whose reason is `BuildFailed`, where this object of a build fails.
    ///
    /// Source: `kustomize-controller: internal/controller/kustomization_controller.go (build)`,
    /// `kustomize: kyaml/resid/gvk.go (String)`.
    #[must_use]
    pub fn explain_for(&self, object: &Value) -> String {
        let text = |pointer| object.pointer(pointer).and_then(Value::as_str);
        let api_version = text("/apiVersion").unwrap_or_default();
        let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
        let kind = text("/kind").unwrap_or_default();
        let [kind, version, group] = [(kind, "[noKind]"), (version, "[noVer]"), (group, "[noGrp]")]
            .map(|(word, none)| if word.is_empty() { none } else { word });
        let name = text("/metadata/name").unwrap_or_default();
        format!(
            "post build failed for '{kind}.{version}.{group}/{name}': {}",
            self.explain()
        )
    }
}

fn reference_name(reference: &SubstituteReference) -> String {
    format!("{}/{}", reference.kind.as_str(), reference.name)
}

fn culprit_place(culprit: Option<&Culprit>) -> String {
    culprit.map_or_else(String::new, |culprit| {
        format!(" because of {} at {}", culprit.expression, culprit.path)
    })
}

impl fmt::Debug for Culprit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Culprit")
            .field("path", &self.path)
            .field("expression", &self.expression)
            .field("value", &Redactable(self.visibility, &self.value))
            .finish_non_exhaustive()
    }
}
