//! Whole objects.

mod culprit;
mod inert;

use std::borrow::Cow;
use std::fmt;

use fluxcd_api::kustomize::v1::{
    PostBuild, SubstituteKind, SubstituteReference, SubstituteStrategy,
};
use fluxcd_api::meta::key::{
    DISABLED, KUSTOMIZE_DECRYPT, KUSTOMIZE_SUBSTITUTE, SUBSTITUTE_DISABLED,
};
use fluxcd_dialect::yaml::{self, Loader};
use serde_json::{Map, Value};

use super::failure::Error;
use super::layer::Layer;
use super::report::{Report, Type};
use super::template::{Mode, Template};
use super::variables::Variables;

/// What `spec.postBuild` of one Kustomization does to every object of its build.
///
/// The sources are read once, here; upstream reads them again for every object.
///
/// | step | what | outcome |
/// |---|---|---|
/// | 1 | the object is written as YAML | [`Error::Object`] |
/// | 2 | label or annotation `kustomize.toolkit.fluxcd.io/substitute: disabled` | [`Outcome::OptedOut`] |
/// | 3 | `substituteFrom` in its order; later entries win | [`Error::SourceMissing`] |
/// | 4 | `substitute`, which wins over all of them | |
/// | 5 | no variable at all, and the strategy is not `Always` | [`Outcome::NoVariables`]: `$$` and defaults stay too |
/// | 6 | every name, used or not | [`Error::VariableName`] |
/// | 7 | the text is evaluated as a whole, keys, names and `kind` included | [`Error::Template`] |
/// | 8 | the text is read as YAML: a value may have another type now, a key may hide another one | [`Error::Yaml`], [`Error::Shape`], [`Error::Rewrite`], [`Outcome::Substituted`] |
///
/// Nothing checks that the result still has a kind or a name. Objects are decrypted before that
/// ([`is_encrypted`]).
///
/// Sources: `fluxcd/pkg: kustomize/kustomize_varsub.go (SubstituteVariables)` v1.35.4, `kustomize-controller:
/// internal/controller/kustomization_controller.go (build)`.
///
/// ```
/// use fluxcd_api::kustomize::v1::PostBuild;
/// use fluxcd_core::substitute::{Layer, Outcome, Substitution};
/// use serde_json::json;
///
/// let post_build: PostBuild = serde_json::from_value(json!({
///     "substitute": {"replicas": "3"},
///     "substituteFrom": [{"kind": "ConfigMap", "name": "vars"}],
/// }))?;
/// let substitution = Substitution::plan(&post_build, |reference| {
///     Some(Layer::config_map(&reference.name, [("domain", "example.com")]))
/// });
/// let app = json!({"kind": "App", "spec": {"replicas": "${replicas}", "host": "app.${domain}"}});
/// let Outcome::Substituted(done) = substitution.apply(&app)? else { unreachable!() };
/// assert_eq!(*done.object(), json!({"kind": "App", "spec": {"replicas": 3, "host": "app.example.com"}}));
/// for change in done.report().changes() {
///     println!("{}: {:?} -> {:?}", change.path, change.before, change.after);
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct Substitution {
    variables: Variables,
    missing: Vec<SubstituteReference>,
    strategy: SubstituteStrategy,
    mode: Mode,
    integers: Integers,
    /// What every object fails with that does not opt out.
    refusal: Option<Error>,
}

/// What becomes of numbers that a 64-bit float does not hold, anywhere in an object that is evaluated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Integers {
    /// The nearest float, with the digits that Go's JSON gives it: what the controller applies.
    #[default]
    Rounded,
    /// They stay as they are.
    Exact,
}

/// What became of an object.
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub enum Outcome<'a> {
    /// It asks to be left alone.
    OptedOut(OptOut),
    /// There is no variable, and the strategy is not `Always`: it is left alone.
    NoVariables,
    /// Its text was evaluated.
    Substituted(Substituted<'a>),
}

/// How an object asks to be left alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OptOut {
    /// By a label.
    Label,
    /// By an annotation.
    Annotation,
}

/// An object after substitution.
#[derive(Clone, PartialEq)]
pub struct Substituted<'a> {
    pub(super) before: &'a Value,
    pub(super) after: Cow<'a, Value>,
    /// Nothing where there was nothing to evaluate.
    pub(super) texts: Option<Texts>,
    pub(super) variables: &'a Variables,
    pub(super) mode: Mode,
}

/// What the controller evaluates, and what it reads again.
#[derive(Clone, PartialEq)]
pub(super) struct Texts {
    pub(super) template: String,
    /// Nothing if it is the template.
    pub(super) rendered: Option<Vec<u8>>,
}

impl Substitution {
    /// Substitution with these variables, wherever they are from.
    pub fn new(variables: Variables) -> Self {
        Self {
            refusal: variables.check_names().err(),
            variables,
            missing: Vec::new(),
            strategy: SubstituteStrategy::WithVariables,
            mode: Mode::default(),
            integers: Integers::default(),
        }
    }

    /// Substitution as a Kustomization has it; `lookup` is asked for every ConfigMap and Secret of `substituteFrom` in its
    /// order, in the namespace of the Kustomization, and answers nothing for one that does not exist. References of other
    /// kinds are passed over without a word, as upstream does it.
    pub fn plan(
        post_build: &PostBuild,
        mut lookup: impl FnMut(&SubstituteReference) -> Option<Layer>,
    ) -> Self {
        let mut missing = Vec::new();
        let mut variables = Variables::new();
        for reference in post_build.substitute_from.iter().flatten() {
            if matches!(reference.kind, SubstituteKind::Other(_)) {
                continue;
            }
            match lookup(reference) {
                Some(layer) => variables = variables.with(layer),
                None => missing.push(reference.clone()),
            }
        }
        if let Some(inline) = &post_build.substitute {
            variables = variables.with(Layer::inline(inline.clone()));
        }
        let strategy = post_build.substitute_strategy.clone();
        let mut plan =
            Self::new(variables).strategy(strategy.unwrap_or(SubstituteStrategy::WithVariables));
        let required = |reference: &&SubstituteReference| reference.optional != Some(true);
        if let Some(reference) = missing.iter().find(required) {
            plan.refusal = Some(Error::SourceMissing(reference.clone()));
        }
        plan.missing = missing;
        plan
    }

    /// As `flux build kustomization --dry-run` does it: `substituteFrom` is not read.
    pub fn dry_run(post_build: &PostBuild) -> Self {
        let inline = PostBuild {
            substitute_from: None,
            ..post_build.clone()
        };
        Self::plan(&inline, |_| None)
    }

    /// With that mode instead of strict.
    pub const fn mode(mut self, mode: Mode) -> Self {
        self.mode = mode;
        self
    }

    /// With that strategy.
    pub fn strategy(mut self, strategy: SubstituteStrategy) -> Self {
        self.strategy = strategy;
        self
    }

    /// With that treatment of large numbers.
    pub const fn integers(mut self, integers: Integers) -> Self {
        self.integers = integers;
        self
    }

    /// All variables that were found, with their layers.
    #[must_use]
    pub const fn variables(&self) -> &Variables {
        &self.variables
    }

    /// Every entry of `substituteFrom` that does not exist, in their order, optional or not.
    #[must_use]
    pub fn missing(&self) -> &[SubstituteReference] {
        &self.missing
    }

    /// Substitutes one object, as it was built and decrypted.
    ///
    /// # Errors
    ///
    /// As the table above says.
    pub fn apply<'a>(&'a self, object: &'a Value) -> Result<Outcome<'a>, Error> {
        let text = if inert::is_inert(object) {
            None
        } else {
            Some(yaml::to_string(object).map_err(Error::Object)?)
        };
        if let Some(how) = OptOut::of(object) {
            return Ok(Outcome::OptedOut(how));
        }
        if let Some(refusal) = &self.refusal {
            return Err(refusal.clone());
        }
        if self.variables.is_empty() && self.strategy != SubstituteStrategy::Always {
            return Ok(Outcome::NoVariables);
        }
        let (after, texts) = match text {
            None => (Cow::Borrowed(object), None),
            Some(template) => {
                let (after, rendered) = self.evaluate(&template)?;
                (Cow::Owned(after), Some(Texts { template, rendered }))
            }
        };
        Ok(Outcome::Substituted(Substituted {
            before: object,
            after,
            texts,
            variables: &self.variables,
            mode: self.mode,
        }))
    }

    /// The object, and the text that it was read from if that is another one.
    fn evaluate(&self, text: &str) -> Result<(Value, Option<Vec<u8>>), Error> {
        let rendered = Template::parse(text)
            .and_then(|template| template.render(&self.variables, self.mode))
            .map_err(|error| culprit::of_template(text, error))?;
        let mut value = Loader::v2()
            .load(&rendered)
            .map_err(|error| culprit::of_yaml(text, error, &self.variables, self.mode))?;
        match &value {
            Value::Object(_) => {}
            // Go reads a null into a map that stays empty.
            Value::Null => value = Value::Object(Map::new()),
            other => {
                return Err(Error::Shape {
                    found: Type::of(other),
                });
            }
        }
        inert::settle(&mut value, self.integers).map_err(|(why, path)| Error::Rewrite {
            why,
            path: path.into_iter().rev().collect(),
        })?;
        let rendered = match rendered {
            Cow::Borrowed(_) => None,
            Cow::Owned(rendered) => Some(rendered),
        };
        Ok((value, rendered))
    }
}

impl OptOut {
    /// How the object asks to be left alone, if it does: [`KUSTOMIZE_SUBSTITUTE`] with the value `disabled`, in lower case.
    /// A label is looked at first.
    #[must_use]
    pub fn of(object: &Value) -> Option<Self> {
        let metadata = object.get("metadata")?;
        let has = |field: &str| {
            let value = metadata.get(field)?.get(KUSTOMIZE_SUBSTITUTE)?;
            (value.as_str() == Some(SUBSTITUTE_DISABLED)).then_some(())
        };
        let label = has("labels").map(|()| Self::Label);
        label.or_else(|| has("annotations").map(|()| Self::Annotation))
    }
}

impl Substituted<'_> {
    /// The result.
    #[must_use]
    pub fn object(&self) -> &Value {
        &self.after
    }

    /// The result, by itself.
    #[must_use]
    pub fn into_object(self) -> Value {
        self.after.into_owned()
    }

    /// The evaluated text, which the result was read from.
    #[must_use]
    pub fn text(&self) -> Cow<'_, [u8]> {
        match &self.texts {
            Some(Texts {
                rendered: Some(rendered),
                ..
            }) => Cow::Borrowed(rendered),
            Some(Texts { template, .. }) => Cow::Borrowed(template.as_bytes()),
            None => {
                let text = yaml::to_string(self.before);
                Cow::Owned(text.unwrap_or_default().into_bytes())
            }
        }
    }

    /// Everything that differs from the object as it was built, and which variables did it. Takes several times as long as
    /// the substitution.
    #[must_use]
    pub fn report(&self) -> Report {
        Report::new(self)
    }
}

/// Without the object and its texts, which may hold secrets.
impl fmt::Debug for Substituted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Substituted").finish_non_exhaustive()
    }
}

/// Whether the controller decrypts the object as a whole before it substitutes: it has a SOPS block at the top, with a
/// MAC in it, and no annotation `kustomize.toolkit.fluxcd.io/decrypt: disabled` (in any case). What the object looks like
/// before that says nothing about expressions in its encrypted values.
///
/// Substitution itself treats encrypted fields as text like any other. Values in the `data` of a Secret are base64, and
/// opaque to it, encrypted or not.
///
/// Source: `kustomize-controller: internal/decryptor/decryptor.go (isSOPSEncryptedResource, IsDecryptionDisabled)`.
///
/// ```
/// use fluxcd_core::substitute::is_encrypted;
/// use serde_json::json;
///
/// assert!(is_encrypted(&json!({"kind": "Secret", "sops": {"mac": "ENC[AES256_GCM,data:...]"}})));
/// assert!(!is_encrypted(&json!({"kind": "Secret", "sops": {"mac": ""}})));
/// ```
#[must_use]
pub fn is_encrypted(object: &Value) -> bool {
    let has_mac = match object.pointer("/sops/mac") {
        None | Some(Value::Null) => false,
        Some(Value::String(mac)) => !mac.is_empty(),
        Some(Value::Array(items)) => !items.is_empty(),
        Some(Value::Object(entries)) => !entries.is_empty(),
        Some(Value::Bool(_) | Value::Number(_)) => true,
    };
    let annotations = object.pointer("/metadata/annotations");
    let decrypt = annotations.and_then(|all| all.get(KUSTOMIZE_DECRYPT)?.as_str());
    has_mac && !decrypt.is_some_and(|word| word.eq_ignore_ascii_case(DISABLED))
}

#[cfg(test)]
mod tests;
