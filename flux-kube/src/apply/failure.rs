use std::error::Error as StdError;
use std::fmt;

use fluxcd_core::inventory::{ObjectId, Resource};
use fluxcd_core::ready::Unready;
use fluxcd_core::ssa::{self, ApiError, ChangeSet, Step, dry_run_failure};
use serde_json::{Value, json};

use crate::error::{Class, Error, Verb};

/// An object that could not be applied or deleted.
///
/// `Display` is upstream's text, as it stands in conditions and events. Values of a Secret do not appear in it, nor in the
/// error.
#[derive(Debug)]
pub struct Failure(Box<Failed>);

#[derive(Debug)]
struct Failed {
    resource: Resource,
    step: Option<Step>,
    error: Error,
    text: String,
}

/// An apply that did not reach its end: what was done, what failed, and what was not begun.
///
/// `Display` is the text of the failures, a line for each; [`condition`](Self::condition) is that of the condition.
#[derive(Debug)]
pub struct Partial {
    /// What became of the objects that did not fail, in apply order.
    pub changes: ChangeSet,
    /// The objects that failed, in apply order within a stage.
    pub failures: Vec<Failure>,
    /// The objects that were not written because of that. One that was deleted to be created again is never among them.
    pub pending: Vec<Resource>,
    /// What else ended it.
    pub stopped: Option<Stopped>,
}

/// Why an apply ended between objects.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Stopped {
    /// It was cancelled.
    Cancelled,
    /// Definitions or classes did not become ready in time, so that nothing can be built on them.
    Unready(Unready),
}

impl Failure {
    pub(crate) fn dry_run(object: &Value, error: Error) -> Self {
        Self::new(object, None, error, |error| {
            dry_run_failure(object, &api_error(error))
        })
    }

    pub(crate) fn at(object: &Value, step: Step, error: Error) -> Self {
        let text = |error: &Error| step.failure(object, api_error(error).message);
        Self::new(object, Some(step), error, text)
    }

    /// A stale object, of which no more is known than its name.
    pub(crate) fn stale(resource: &Resource, step: Step, error: Error) -> Self {
        let ObjectId {
            namespace,
            name,
            kind,
            ..
        } = &resource.id;
        let object = json!({
            "apiVersion": resource.api_version(),
            "kind": kind,
            "metadata": {"name": name, "namespace": namespace},
        });
        Self::at(&object, step, error)
    }

    /// What the object, or an ignore rule, has that no decision can be taken on.
    pub(crate) fn undecidable(object: &Value, error: ssa::Error) -> Self {
        let resource = Resource::of(object);
        let text = error.to_string();
        let error = Error::other(Verb::DryRun, resource.id.subject(), Class::Invalid, error);
        Self(Box::new(Failed {
            resource,
            step: None,
            error,
            text,
        }))
    }

    fn new(
        object: &Value,
        step: Option<Step>,
        error: Error,
        text: impl FnOnce(&Error) -> String,
    ) -> Self {
        let error = error.masked(|message| ssa::mask_text(object, message));
        Self(Box::new(Failed {
            resource: Resource::of(object),
            step,
            text: text(&error),
            error,
        }))
    }

    /// The object.
    #[must_use]
    pub const fn resource(&self) -> &Resource {
        &self.0.resource
    }

    /// The request that failed; `None` for the dry run, and what comes before it.
    #[must_use]
    pub const fn step(&self) -> Option<Step> {
        self.0.step
    }

    /// Why it failed.
    #[must_use]
    pub const fn error(&self) -> &Error {
        &self.0.error
    }

    /// What it means.
    #[must_use]
    pub const fn class(&self) -> Class {
        self.0.error.class()
    }
}

impl Partial {
    /// The text of the condition: what failed, and below it what had been changed until then.
    #[must_use]
    pub fn condition(&self) -> String {
        self.changes.failure(self)
    }

    /// Whether it was cancelled.
    #[must_use]
    pub const fn is_cancelled(&self) -> bool {
        matches!(self.stopped, Some(Stopped::Cancelled))
    }
}

/// An error as the decisions see it.
pub(crate) fn api_error(error: &Error) -> ApiError {
    let Some(status) = error.status() else {
        return ApiError::of_transport(error.reason());
    };
    let details = status.details.as_ref();
    let causes = details.into_iter().flat_map(|details| &details.causes);
    ApiError {
        causes: causes.map(|cause| cause.reason.clone()).collect(),
        ..ApiError::of_status(status.code, &*status.reason, &*status.message)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.text)
    }
}

impl StdError for Failure {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&self.0.error)
    }
}

impl fmt::Display for Partial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let failures = self.failures.iter().map(ToString::to_string);
        let stopped = self.stopped.iter().map(ToString::to_string);
        let lines: Vec<String> = failures.chain(stopped).collect();
        f.write_str(&lines.join("\n"))
    }
}

impl StdError for Partial {}

impl fmt::Display for Stopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cancelled => f.write_str("the apply was cancelled"),
            Self::Unready(unready) => unready.fmt(f),
        }
    }
}
