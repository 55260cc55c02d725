//! The variables of a Kustomization, as far as the repository has them.

use std::collections::BTreeSet;
use std::rc::Rc;

use fluxcd::api::kustomize::v1::{PostBuild, SubstituteKind, SubstituteReference};
use fluxcd::core::substitute::{Layer, LayerOrigin, Outcome, Substitution, Template, is_encrypted};
use fluxcd::dialect::yaml;
use serde::Deserialize;
use serde_json::Value;

use crate::overlay::Built;
use crate::store::text;

/// Annotation that says how an object is applied.
const SSA: &str = "kustomize.toolkit.fluxcd.io/ssa";

/// A ConfigMap or Secret of a cluster.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Source {
    kind: String,
    namespace: String,
    name: String,
    /// Its data, or why they are not known.
    layer: Result<Layer, String>,
    /// Whether the cluster may have more keys than the repository.
    open: bool,
    /// Whether it is encrypted: the keys are known, the values are not.
    sealed: bool,
}

/// What a Kustomization does to the objects that it builds.
pub(crate) enum Parent {
    /// Nothing.
    Plain,
    /// It is not in the repository.
    Unknown,
    /// Nothing is known about what it leads to, for that reason.
    Doubted(String),
    /// It substitutes.
    Plan(Box<Plan>),
}

/// `spec.postBuild` and what its sources hold.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    /// Strict; sources that are not known are taken as empty.
    pub(crate) substitution: Substitution,
    /// Why a variable may have a value that is not in the repository.
    pub(crate) undecided: Vec<String>,
    /// The sources of which only the names are known, not the values.
    pub(crate) sealed: BTreeSet<LayerOrigin>,
    /// Whether a source is not known at all.
    pub(crate) unknown: bool,
    /// Whether one that is not optional is not known: whatever it holds, substitution takes place or fails.
    pub(crate) required: bool,
}

impl Source {
    /// The source that an object of a build is, if it can be one.
    pub(crate) fn of(object: &Built, parent: &Parent) -> Option<Self> {
        let [kind, namespace, name] = ["/kind", "/metadata/namespace", "/metadata/name"]
            .map(|pointer| text(&object.value, pointer));
        if !matches!(kind, "ConfigMap" | "Secret") || object.hashed {
            return None;
        }
        let sealed = is_encrypted(&object.value);
        let layer = parent.render(object).and_then(|value| {
            if sealed {
                return Ok(sealed_layer(&value, kind, name));
            } else if value.to_string().contains("ENC[") {
                return Err("is encrypted".to_owned());
            }
            Layer::from_object(&value).map_err(|error| error.to_string())
        });
        let ssa = object.value.pointer("/metadata/annotations");
        let ssa = ssa.and_then(|annotations| annotations.get(SSA)?.as_str());
        let ssa = ssa.unwrap_or("override").to_ascii_lowercase();
        let layer = match ssa.as_str() {
            "override" | "merge" => layer,
            _ => Err("may be another one in the cluster, because of how it is applied".to_owned()),
        };
        Some(Self {
            kind: kind.to_owned(),
            namespace: namespace.to_owned(),
            name: name.to_owned(),
            layer,
            open: ssa == "merge",
            sealed,
        })
    }
}

/// The variables of an encrypted ConfigMap or Secret: names stay readable.
fn sealed_layer(value: &Value, kind: &str, name: &str) -> Layer {
    let fields = ["data", "stringData"].iter();
    let entries = fields.filter_map(|field| value.get(field)?.as_object());
    let names = entries
        .flatten()
        .map(|(name, _)| (name.clone(), "encrypted"));
    match kind {
        "Secret" => Layer::secret(name, names),
        _ => Layer::config_map(name, names),
    }
}

impl Parent {
    /// What a Kustomization does.
    pub(crate) fn of(kustomization: &Value, sources: &[Source]) -> Self {
        match Plan::new(kustomization, sources) {
            Ok(plan) => plan.map_or(Self::Plain, |plan| Self::Plan(Box::new(plan))),
            Err(_) => Self::Unknown,
        }
    }

    /// An object as it is applied, or why that is not known.
    pub(crate) fn render(&self, object: &Built) -> Result<Rc<Value>, String> {
        if let Self::Doubted(reason) = self {
            return Err(reason.clone());
        }
        if !object.exact || object.is_silenced() {
            return Err("is patched in a way that is not followed here".to_owned());
        }
        let plan = match self {
            _ if !object.value.to_string().contains('$') => return Ok(Rc::clone(&object.value)),
            Self::Plain => return Ok(Rc::clone(&object.value)),
            Self::Plan(plan) if plan.undecided.is_empty() => plan,
            Self::Plan(_) | Self::Unknown | Self::Doubted(_) => {
                return Err("has variables that its parent may know".to_owned());
            }
        };
        if plan.is_sealed(&yaml::to_string(&object.value).unwrap_or_default()) {
            return Err("has variables whose values are encrypted".to_owned());
        }
        match plan.substitution.apply(&object.value) {
            Ok(Outcome::Substituted(done)) => Ok(Rc::new(done.into_object())),
            Ok(_) => Ok(Rc::clone(&object.value)),
            Err(_) => Err("fails in its parent".to_owned()),
        }
    }
}

impl Plan {
    /// The plan of a Kustomization; nothing if it does not substitute.
    ///
    /// # Errors
    ///
    /// `spec.postBuild` does not decode.
    pub(crate) fn new(kustomization: &Value, sources: &[Source]) -> Result<Option<Self>, String> {
        let Some(post_build) = kustomization.pointer("/spec/postBuild") else {
            return Ok(None);
        };
        if post_build.is_null() {
            return Ok(None);
        }
        let post_build = PostBuild::deserialize(post_build)
            .map_err(|error| format!("spec.postBuild does not decode: {error}"))?;
        let namespace = text(kustomization, "/metadata/namespace");
        let mut plan = Self {
            substitution: Substitution::dry_run(&post_build),
            undecided: Vec::new(),
            sealed: BTreeSet::new(),
            unknown: false,
            required: false,
        };
        plan.substitution = Substitution::plan(&post_build, |reference| {
            Some(plan.layer(reference, namespace, sources))
        });
        Ok(Some(plan))
    }

    /// Whether a value that is not known has a part in what becomes of a text.
    pub(crate) fn is_sealed(&self, text: &str) -> bool {
        if self.sealed.is_empty() {
            return false;
        }
        let variables = self.substitution.variables();
        let Ok(template) = Template::parse(text) else {
            return true;
        };
        template.references().any(|reference| {
            let origin = variables.layer_of(reference.name());
            origin.is_some_and(|origin| self.sealed.contains(origin))
        })
    }

    fn layer(
        &mut self,
        reference: &SubstituteReference,
        namespace: &str,
        sources: &[Source],
    ) -> Layer {
        let kind = reference.kind.as_str();
        let mut found = sources.iter().filter(|source| {
            source.kind == kind && source.name == reference.name && source.namespace == namespace
        });
        let first = found.next();
        let layer = match first {
            Some(first) if found.any(|other| other != first) => {
                Err("is here more than once".to_owned())
            }
            Some(first) => first.layer.clone(),
            None => Err("is not here".to_owned()),
        };
        let optional = if reference.optional == Some(true) {
            "optional "
        } else {
            ""
        };
        let title = format!("{optional}{kind} {namespace}/{}", reference.name);
        match layer {
            Ok(layer) => {
                if first.is_some_and(|source| source.sealed) {
                    self.sealed.insert(layer.origin().clone());
                }
                if first.is_some_and(|source| source.open) {
                    let reason = "may have more keys in the cluster, because of how it is applied";
                    self.undecided.push(format!("{title} {reason}"));
                }
                layer
            }
            Err(reason) => {
                self.undecided.push(format!("{title} {reason}"));
                self.unknown = true;
                self.required |= reference.optional != Some(true);
                let none: [(String, String); 0] = [];
                match reference.kind {
                    SubstituteKind::Secret => Layer::secret(&reference.name, none),
                    _ => Layer::config_map(&reference.name, none),
                }
            }
        }
    }
}
