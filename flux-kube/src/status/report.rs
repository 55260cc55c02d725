//! What became of a write.

use std::error::Error as StdError;
use std::fmt;

use fluxcd_core::condition::Conflict;

use crate::error::{Class, Error, Verb};

/// A part of an object that is written by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Section {
    /// `status.conditions`, and `status.observedGeneration` with them.
    Conditions,
    /// `metadata` and `spec`.
    Object,
    /// The rest of the status.
    Status,
}

/// What became of a section.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// There was nothing to write.
    Unchanged,
    /// It is as it was to be.
    Written,
    /// The object was being deleted, and is not there any more.
    Gone,
    /// It is not known to be written. The failure is in the [`WriteError`].
    Failed,
}

/// What became of each section.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct WriteReport {
    /// `status.conditions`.
    pub conditions: Part,
    /// `metadata` and `spec`.
    pub object: Part,
    /// The rest of the status.
    pub status: Part,
}

/// At least one section was not written. The others were: see [`WriteError::report`].
#[derive(Debug)]
pub struct WriteError {
    subject: String,
    report: WriteReport,
    failures: Vec<(Section, Failure)>,
}

/// Why a section was not written.
#[derive(Debug)]
pub enum Failure {
    /// Somebody else changed a condition that this writer does not own, in another way. To repair it, reconcile again.
    Conflict(Box<Conflict>),
    /// The API server did not take it, or did not answer.
    Api(Error),
}

impl WriteReport {
    /// Whether the API server was asked to change anything.
    #[must_use]
    pub fn is_unchanged(&self) -> bool {
        [self.conditions, self.object, self.status] == [Part::Unchanged; 3]
    }
}

impl WriteError {
    pub(super) const fn new(
        subject: String,
        report: WriteReport,
        failures: Vec<(Section, Failure)>,
    ) -> Self {
        Self {
            subject,
            report,
            failures,
        }
    }

    /// What became of each section.
    #[must_use]
    pub const fn report(&self) -> &WriteReport {
        &self.report
    }

    /// The sections that were not written, in the order in which they were tried.
    #[must_use]
    pub fn failures(&self) -> &[(Section, Failure)] {
        &self.failures
    }

    /// What the first failure means.
    #[must_use]
    pub fn class(&self) -> Class {
        let first = self.failures.first();
        first.map_or(Class::Other, |(_, failure)| failure.class())
    }
}

impl Failure {
    /// What it means.
    #[must_use]
    pub const fn class(&self) -> Class {
        match self {
            Self::Conflict(_) => Class::Conflict,
            Self::Api(error) => error.class(),
        }
    }
}

/// `conditions`, `metadata and spec`, `status`.
impl fmt::Display for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Conditions => "conditions",
            Self::Object => "metadata and spec",
            Self::Status => "status",
        })
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Conflict(conflict) => conflict.fmt(f),
            Self::Api(error) => error.fmt(f),
        }
    }
}

/// `Kustomization/apps/web: status not written: patch Kustomization/apps/web: forbidden`.
impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.subject)?;
        for (at, (section, failure)) in self.failures.iter().enumerate() {
            let separator = if at == 0 { ": " } else { "; " };
            write!(f, "{separator}{section} not written: {failure}")?;
        }
        Ok(())
    }
}

impl StdError for WriteError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.failures.first().map(|(_, failure)| match failure {
            Failure::Conflict(conflict) => conflict.as_ref() as &dyn StdError,
            Failure::Api(error) => error,
        })
    }
}

impl From<WriteError> for Error {
    fn from(error: WriteError) -> Self {
        Self::other(Verb::Patch, error.subject.clone(), error.class(), error)
    }
}
