use std::collections::BTreeMap;

use fluxcd_api::meta::CustomHealthCheck;
use fluxcd_dialect::cel::{self, Program, Variables};
use serde_json::Value;

use super::generic::{generation, observed_generation};
use super::object::{group, group_kind};
use super::{Error, ExpressionReason, Readiness, Reason};

/// The custom health checks of a Kustomization or HelmRelease, ready to be asked.
///
/// Source: fluxcd/pkg runtime v0.110.1: `cel/status_reader.go (NewStatusReader)`,
/// `cel/status_evaluator.go (StatusEvaluator.Evaluate)`.
///
/// # Examples
///
/// ```
/// use fluxcd_api::meta::CustomHealthCheck;
/// use fluxcd_core::ready::{HealthChecks, Status};
/// use serde_json::json;
///
/// let checks = HealthChecks::compile(&[CustomHealthCheck {
///     api_version: "example.com/v1".to_owned(),
///     kind: Some("Database".to_owned()),
///     failed: Some("status.phase == 'Lost'".to_owned()),
///     current: "status.phase == 'Running'".to_owned(),
///     ..CustomHealthCheck::default()
/// }])?;
///
/// let mut database = json!({
///     "apiVersion": "example.com/v1beta1", "kind": "Database", "status": {"phase": "Starting"},
/// });
/// assert_eq!(checks.evaluate(&database).unwrap()?.status, Status::InProgress);
///
/// // An object whose controller has not written a status yet is Unknown.
/// database["status"] = json!({});
/// assert!(checks.evaluate(&database).unwrap().is_err());
///
/// assert_eq!(checks.evaluate(&json!({"apiVersion": "v1", "kind": "Pod"})), None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct HealthChecks {
    /// By group, then by kind; no kind stands for the whole group.
    checks: BTreeMap<String, BTreeMap<String, Check>>,
}

#[derive(Debug, Clone, PartialEq)]
struct Check {
    in_progress: Option<Program>,
    failed: Option<Program>,
    current: Program,
}

/// Why custom health checks cannot be used. `Display` is upstream's text; the author of the Kustomization has to repair
/// it, which stays stalled until then.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum HealthCheckError {
    /// There are two for one kind, or for one group. Their versions play no part.
    #[error("duplicate custom health check for GroupKind {group_kind} at healthchecks[{index}]")]
    Duplicate {
        /// Its place in the list.
        index: usize,
        /// `Kind.group`, as upstream writes it: `Kind` in the core group, `.group` for a whole group.
        group_kind: String,
    },
    /// `current` is empty.
    #[error("{}: expression Current not specified", failed_at(*index))]
    NoCurrent {
        /// Its place in the list.
        index: usize,
    },
    /// An expression is none.
    #[error(
        "{}: failed to parse the expression {field}: {}",
        failed_at(*index),
        error.explain(expression)
    )]
    Parse {
        /// Its place in the list.
        index: usize,
        /// Its field, `Current`, `Failed` or `InProgress`.
        field: &'static str,
        /// Its text.
        expression: String,
        /// What is wrong with it, and where.
        error: cel::Error,
    },
}

impl HealthChecks {
    /// Reads the entries of `spec.healthCheckExprs`. Names and types are not looked at before an object is there.
    ///
    /// # Errors
    ///
    /// [`HealthCheckError`], of the first entry that has one.
    pub fn compile(checks: &[CustomHealthCheck]) -> Result<Self, HealthCheckError> {
        let mut compiled = Self::default();
        for (index, check) in checks.iter().enumerate() {
            let group = group(&check.api_version).unwrap_or_default();
            let kind = check.kind.as_deref().unwrap_or_default();
            let kinds = compiled.checks.entry(group.to_owned()).or_default();
            if kinds.contains_key(kind) {
                let group_kind = match group {
                    "" => kind.to_owned(),
                    group => format!("{kind}.{group}"),
                };
                return Err(HealthCheckError::Duplicate { index, group_kind });
            }
            kinds.insert(kind.to_owned(), Check::compile(check, index)?);
        }
        Ok(compiled)
    }

    /// Whether there is one for that kind, or for its whole group.
    #[must_use]
    pub fn supports(&self, group: &str, kind: &str) -> bool {
        self.check(group, kind).is_some()
    }

    /// How far an object is; `None` if there is no health check for it.
    ///
    /// An older observed generation decides first, where both numbers are integers; deletion, `Stalled` and
    /// `Reconciling` are not looked at. Then the expressions are asked in the order `inProgress`, `failed`, `current`, and
    /// the first that is true decides. Its variables are the members of the object.
    ///
    /// # Errors
    ///
    /// [`Error::Expression`] if one of those that are asked cannot be evaluated, or is neither true nor false.
    pub fn evaluate(&self, object: &Value) -> Option<Result<Readiness, Error>> {
        let (group, kind) = group_kind(object);
        let check = self.check(group, kind)?;
        Some(
            check
                .evaluate(object)
                .map(|reason| Reason::Expression(reason).into()),
        )
    }

    fn check(&self, group: &str, kind: &str) -> Option<&Check> {
        let kinds = self.checks.get(group)?;
        kinds.get(kind).or_else(|| kinds.get(""))
    }
}

impl Check {
    fn compile(check: &CustomHealthCheck, index: usize) -> Result<Self, HealthCheckError> {
        if check.current.is_empty() {
            return Err(HealthCheckError::NoCurrent { index });
        }
        let program = |field, expression: &str| {
            Program::parse(expression).map_err(|error| HealthCheckError::Parse {
                index,
                field,
                expression: expression.to_owned(),
                error,
            })
        };
        let optional = |field, expression: &Option<String>| match expression.as_deref() {
            None | Some("") => Ok(None),
            Some(expression) => program(field, expression).map(Some),
        };
        // The order in which upstream reads them.
        let current = program("Current", &check.current)?;
        let failed = optional("Failed", &check.failed)?;
        let in_progress = optional("InProgress", &check.in_progress)?;
        Ok(Self {
            in_progress,
            failed,
            current,
        })
    }

    fn evaluate(&self, object: &Value) -> Result<ExpressionReason, Error> {
        if let (Ok(Some(generation)), Ok(Some(observed))) =
            (generation(object), observed_generation(object))
            && generation != observed
        {
            return Ok(ExpressionReason::GenerationNotObserved {
                generation,
                observed,
            });
        }
        let variables = Variables::of(object);
        let asked = [
            (self.in_progress.as_ref(), ExpressionReason::InProgress),
            (self.failed.as_ref(), ExpressionReason::Failed),
            (Some(&self.current), ExpressionReason::Current),
        ];
        for (program, reason) in asked {
            if let Some(program) = program
                && program
                    .evaluate_bool(&variables)
                    .map_err(|error| Error::Expression(error.explain(program.source())))?
            {
                return Ok(reason);
            }
        }
        Ok(ExpressionReason::Undecided)
    }
}

fn failed_at(index: usize) -> String {
    format!("failed to create custom status evaluator for healthchecks[{index}]")
}
