use std::fmt;

use fluxcd_api::helm::v2::HelmRelease;
use fluxcd_api::kustomize::v1::Kustomization;
use fluxcd_api::meta::{Condition, DependencyReference, SourceReference, condition};
use fluxcd_api::registry::Registration;
use fluxcd_api::resource::FluxResource;
use fluxcd_dialect::cel::{Declarations, Error, Program, Type, Variables};
use serde::Serialize;
use serde_json::Value;

use super::NodeName;
use super::node::non_empty;

mod fields;
#[cfg(test)]
mod tests;

/// Whether an object may go ahead, as its controller judges the entries of `dependsOn`, with their `readyExpr`.
///
/// The entries are looked at in their order; the first that is not fulfilled decides. For each:
///
/// 1. The dependency must exist. An entry without a namespace means that of the object; every namespace is allowed.
/// 2. Where there is a `readyExpr`, it must be true, and the rest is left out, unless it only [adds](Expressions::Add) to the rest.
/// 3. The status must speak about the generation of the dependency, and its condition `Ready` must be `True`.
/// 4. A Kustomization whose dependency has the same source as itself waits until that has applied the same revision.
///
/// Whether the dependency is suspended, reconciling or stalled plays no part.
///
/// Source: kustomize-controller v1.9.4: `internal/controller/kustomization_controller.go (checkDependencies,
/// evalReadyExpr)`; helm-controller v1.6.3: `internal/controller/helmrelease_controller.go (checkDependencies)`.
///
/// # Examples
///
/// ```
/// use fluxcd_api::kustomize::v1::{Kustomization, KustomizationSpec};
/// use fluxcd_core::graph::{Gate, NotReady};
///
/// let object = |name| Kustomization::new(name, KustomizationSpec::default()).in_namespace("apps");
/// let (mut front, back) = (object("front"), object("back"));
/// front.spec.depends_on = Some(vec!["back@dep.metadata.name == 'back'".into(), "lost".into()]);
///
/// let find = |name: &fluxcd_core::graph::NodeName| (name.name == "back").then_some(&back);
/// let waiting = Gate::default().kustomization(&front, "main@sha1:1", find).unwrap();
/// assert_eq!(waiting.why, NotReady::Missing);
/// assert_eq!(
///     waiting.to_string(),
///     "dependency 'apps/lost' not found: kustomizations.kustomize.toolkit.fluxcd.io \"lost\" not found",
/// );
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Gate {
    /// What an expression replaces.
    pub expressions: Expressions,
}

/// What the `readyExpr` of an entry replaces; the gate `AdditiveCELDependencyCheck` of the controllers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Expressions {
    /// Everything else: the gate is off, as it is by default.
    #[default]
    Decide,
    /// Nothing: the gate is on.
    Add,
}

/// The entry of `dependsOn` that keeps an object waiting.
///
/// Its text is what the controllers put into the condition `Ready`.
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct Waiting {
    /// What it waits for, with its namespace filled in.
    pub dependency: NodeName,
    /// The entry as it was written.
    pub reference: DependencyReference,
    /// What is not fulfilled.
    pub why: NotReady,
    registration: Option<&'static Registration>,
}

/// Why a dependency does not count as ready.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum NotReady {
    /// It does not exist.
    Missing,
    /// The `readyExpr` can never be evaluated, or is of another type than bool. Nothing but a change of the object itself
    /// helps.
    ExpressionInvalid(Error),
    /// The `readyExpr` has no value now, such as when a field is not there.
    ExpressionFailed(Error),
    /// The `readyExpr` is false.
    ExpressionFalse,
    /// Its controller has not seen it, or not as it is now.
    Outdated {
        /// `metadata.generation`.
        generation: i64,
        /// `status.observedGeneration`; 0 where there is none.
        observed: i64,
    },
    /// Its condition `Ready` is not `True`, or not there.
    Condition(Option<Condition>),
    /// It has the same source, and has applied another revision.
    Revision {
        /// `status.lastAppliedRevision`; empty where there is none.
        applied: String,
        /// The revision of the artifact.
        wanted: String,
    },
}

impl Gate {
    /// What keeps a Kustomization waiting, or `None` if it may go ahead.
    ///
    /// `artifact_revision` is that of the source which it is about to apply; `find` looks a Kustomization up, past any cache.
    pub fn kustomization<'o>(
        &self,
        object: &Kustomization,
        artifact_revision: &str,
        find: impl FnMut(&NodeName) -> Option<&'o Kustomization>,
    ) -> Option<Waiting> {
        let source = source_of(object);
        self.first(object, find, |dependency| {
            let status = dependency.status.as_ref();
            let applied = status.and_then(|status| status.last_applied_revision.as_deref());
            let applied = applied.unwrap_or_default();
            let stale = source == source_of(dependency) && applied != artifact_revision;
            stale.then(|| NotReady::Revision {
                applied: applied.to_owned(),
                wanted: artifact_revision.to_owned(),
            })
        })
    }

    /// What keeps a HelmRelease waiting, or `None` if it may go ahead. Revisions play no part.
    ///
    /// `find` looks a HelmRelease up, past any cache.
    pub fn helm_release<'o>(
        &self,
        object: &HelmRelease,
        find: impl FnMut(&NodeName) -> Option<&'o HelmRelease>,
    ) -> Option<Waiting> {
        self.first(object, find, |_| None)
    }

    fn first<'o, T: FluxResource + Serialize + 'o>(
        &self,
        object: &T,
        mut find: impl FnMut(&NodeName) -> Option<&'o T>,
        last: impl Fn(&T) -> Option<NotReady>,
    ) -> Option<Waiting> {
        let own = NodeName::new(object.namespace().unwrap_or_default(), object.name());
        let mut this = None;
        object.depends_on().iter().find_map(|reference| {
            let name = own.resolve(reference);
            let why = match find(&name) {
                None => NotReady::Missing,
                Some(dependency) => {
                    let expression = non_empty(reference.ready_expr.as_deref());
                    let refused = expression.and_then(|expression| {
                        let this = this.get_or_insert_with(|| fields::of(object));
                        refusal(expression, this, &fields::without_type(dependency))
                    });
                    match (refused, expression, self.expressions) {
                        (Some(why), ..) => why,
                        (None, Some(_), Expressions::Decide) => return None,
                        _ => unready(dependency).or_else(|| last(dependency))?,
                    }
                }
            };
            Some(Waiting {
                dependency: name,
                reference: reference.clone(),
                why,
                registration: object.registration(),
            })
        })
    }
}

/// What speaks against the dependency, by that expression.
fn refusal(expression: &str, this: &Value, dependency: &Value) -> Option<NotReady> {
    let declarations = Declarations::objects(["self", "dep"]);
    let program = match Program::compile(expression, &declarations, &Type::Bool) {
        Ok(program) => program,
        Err(error) => return Some(NotReady::ExpressionInvalid(error)),
    };
    let variables = Variables::new().with("self", this).with("dep", dependency);
    match program.evaluate_bool(&variables) {
        Ok(true) => None,
        Ok(false) => Some(NotReady::ExpressionFalse),
        Err(error) => Some(NotReady::ExpressionFailed(error)),
    }
}

fn unready(dependency: &impl FluxResource) -> Option<NotReady> {
    let generation = dependency.metadata().generation.unwrap_or_default();
    let observed = dependency.observed_generation().unwrap_or_default();
    if generation != observed {
        return Some(NotReady::Outdated {
            generation,
            observed,
        });
    }
    let ready = dependency.condition(condition::READY);
    let is_ready = ready.is_some_and(|ready| ready.status == "True");
    (!is_ready).then(|| NotReady::Condition(ready.cloned()))
}

/// What tells one source from another: the version of its API does not.
fn source_of(object: &Kustomization) -> (&fluxcd_api::meta::Kind, &str, &str) {
    let SourceReference {
        kind,
        name,
        namespace,
        ..
    } = &object.spec.source_ref;
    let namespace = non_empty(namespace.as_deref()).or(object.namespace());
    (kind, name, namespace.unwrap_or_default())
}

impl Waiting {
    /// Whether waiting is pointless: the object itself must change first. The controllers mark it as stalled, with the reason
    /// `InvalidCELExpression`; in all other cases they look again after a while.
    #[must_use]
    pub fn is_terminal(&self) -> bool {
        matches!(self.why, NotReady::ExpressionInvalid(_))
    }
}

/// The text of the controllers.
impl fmt::Display for Waiting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            dependency,
            reference,
            ..
        } = self;
        let expression = reference.ready_expr.as_deref().unwrap_or_default();
        match &self.why {
            NotReady::Missing => {
                match self
                    .registration
                    .map_or("", |registration| registration.kind)
                {
                    "HelmRelease" => write!(f, "unable to get '{dependency}' dependency: ")?,
                    _ => write!(f, "dependency '{dependency}' not found: ")?,
                }
                let resource = self
                    .registration
                    .map_or("", |registration| registration.crd_name);
                write!(f, "{resource} \"{}\" not found", dependency.name)
            }
            NotReady::ExpressionInvalid(error) => write!(
                f,
                "terminal error: failed to evaluate dependency {}: {}",
                dependency.name,
                error.explain(expression)
            ),
            NotReady::ExpressionFailed(error) => f.write_str(&error.explain(expression)),
            NotReady::ExpressionFalse => {
                write!(
                    f,
                    "dependency '{dependency}' is not ready according to readyExpr eval"
                )
            }
            NotReady::Outdated { .. } | NotReady::Condition(_) => {
                write!(f, "dependency '{dependency}' is not ready")
            }
            NotReady::Revision { .. } => {
                write!(f, "dependency '{dependency}' revision is not up to date")
            }
        }
    }
}
