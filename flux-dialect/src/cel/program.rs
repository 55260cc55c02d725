use std::borrow::Cow;
use std::collections::BTreeMap;

use super::error::{Error, ErrorKind};
use super::evaluate::Evaluation;
use super::limit::{Limits, Meter};
use super::plan::{Mode, Plan};
use super::tree::Tree;
use super::value::Value;

/// An expression that is ready to be evaluated, as often as wanted.
///
/// # Examples
///
/// ```
/// use fluxcd_dialect::cel::{Program, Variables};
/// use serde_json::json;
///
/// let program = Program::parse("status.conditions.filter(e, e.type == 'Ready').all(e, e.status == 'True')")?;
/// let object = json!({"status": {"conditions": [{"type": "Ready", "status": "True"}]}});
/// assert!(program.evaluate_bool(&Variables::of(&object))?);
///
/// // A field that is not there is an error, and not false.
/// let error = program.evaluate_bool(&Variables::of(&json!({"status": {}}))).unwrap_err();
/// assert_eq!(error.to_string(), "no such key: conditions");
/// # Ok::<(), fluxcd_dialect::cel::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Program {
    source: Box<str>,
    options: Options,
    pub(super) tree: Tree,
    plan: Plan,
}

/// How expressions are read, and how much they may take.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Options {
    /// Whether fields may stand between back quotes: ``m.`a-b` ``. Flux 2.10 allows it, Flux 2.9 does not.
    pub quoted_fields: bool,
    /// The limits.
    pub limits: Limits,
}

impl Program {
    /// Reads an expression, as Flux 2.9 does.
    ///
    /// # Errors
    ///
    /// Of the kinds [`Parse`](ErrorKind::Parse), [`Program`](ErrorKind::Program) and [`Limit`](ErrorKind::Limit). Names
    /// and types are not looked at.
    pub fn parse(source: &str) -> Result<Self, Error> {
        Self::parse_with(source, &Options::default())
    }

    /// Reads an expression with other than the default options.
    ///
    /// # Errors
    ///
    /// As for [`parse`](Self::parse).
    pub fn parse_with(source: &str, options: &Options) -> Result<Self, Error> {
        Self::of(
            source,
            super::parse::parse(source, options)?,
            Mode::Parsed,
            options,
        )
    }

    /// The program of the tree of that source.
    pub(super) fn of(
        source: &str,
        tree: Tree,
        mode: Mode<'_>,
        options: &Options,
    ) -> Result<Self, Error> {
        let plan = Plan::new(&tree, mode).map_err(|fault| fault.into_error(ErrorKind::Program))?;
        Ok(Self {
            source: source.into(),
            options: options.clone(),
            tree,
            plan,
        })
    }

    /// The text from which it was read.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The value under these variables.
    ///
    /// # Errors
    ///
    /// Of the kinds [`Evaluate`](ErrorKind::Evaluate) and [`Limit`](ErrorKind::Limit).
    pub fn evaluate<'v>(&'v self, variables: &'v Variables<'v>) -> Result<Value<'v>, Error> {
        let meter = Meter::new(&self.options.limits);
        Evaluation::new(&self.plan, variables, meter)
            .value(self.plan.root())
            .map_err(|fault| fault.into_error(ErrorKind::Evaluate))
    }

    /// The value under these variables, which must be true or false.
    ///
    /// # Errors
    ///
    /// As for [`evaluate`](Self::evaluate), and of the kind [`Type`](ErrorKind::Type) for every other value.
    pub fn evaluate_bool(&self, variables: &Variables<'_>) -> Result<bool, Error> {
        match self.evaluate(variables)? {
            Value::Bool(value) => Ok(value),
            other => {
                let message = format!("result is of type {}, not bool", other.kind().name());
                let end = u32::try_from(self.source.len()).unwrap_or(u32::MAX);
                Err(Error::new(ErrorKind::Type, message, 0..end, 0))
            }
        }
    }
}

/// Programs of the same text and options are the same.
impl PartialEq for Program {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source && self.options == other.options
    }
}

/// The variables of an evaluation, by name.
///
/// # Examples
///
/// ```
/// use fluxcd_dialect::cel::{Program, Variables};
/// use serde_json::json;
///
/// let program = Program::parse("dep.spec.version == self.spec.version")?;
/// let (this, dependency) = (json!({"spec": {"version": 2}}), json!({"spec": {"version": 2.0}}));
/// let variables = Variables::new().with("self", &this).with("dep", &dependency);
/// assert!(program.evaluate_bool(&variables)?);
/// # Ok::<(), fluxcd_dialect::cel::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Variables<'v> {
    object: Option<&'v serde_json::Map<String, serde_json::Value>>,
    values: BTreeMap<Cow<'v, str>, Value<'v>>,
}

impl<'v> Variables<'v> {
    /// No variables.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The members of an object; nothing else has any.
    #[must_use]
    pub fn of(object: &'v serde_json::Value) -> Self {
        Self {
            object: object.as_object(),
            values: BTreeMap::new(),
        }
    }

    /// The same variables and one more, which goes before another one of its name.
    #[must_use]
    pub fn with(mut self, name: impl Into<Cow<'v, str>>, value: impl Into<Value<'v>>) -> Self {
        self.values.insert(name.into(), value.into());
        self
    }

    pub(super) fn find(&self, name: &str) -> Option<Value<'v>> {
        if let Some(value) = self.values.get(name) {
            return Some(value.clone());
        }
        self.object?.get(name).map(Value::from)
    }
}
