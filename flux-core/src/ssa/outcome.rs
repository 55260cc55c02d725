use serde_json::Value;

use super::object;
use super::{Action, Drift, Error, IgnoreRules, Ignored, Patch};
use crate::FluxVersion;

/// What an object needs after its dry run.
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub enum Outcome<'o> {
    /// It is created from the payload.
    Created,
    /// It is applied.
    Configured {
        /// In what it differs; empty if only its metadata was repaired.
        drift: Patch,
        /// What becomes of ignored fields that differ.
        ignored: Vec<Ignored<'o>>,
        /// What is sent.
        payload: Value,
    },
    /// Nothing is written.
    Unchanged,
}

/// Whether the metadata of the live object was patched during this apply, by a clean-up, a take-over or a migration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Metadata {
    /// It was.
    Repaired,
    /// It was not.
    AsItWas,
}

impl<'o> Outcome<'o> {
    /// Decides what an object needs. `payload` is the desired object; `live` is what the cluster has, after its metadata was
    /// repaired; `dry_run` is what the API server returned for the dry run of the payload.
    ///
    /// # Errors
    ///
    /// [`Error::Path`] and [`Error::Kind`] for paths of ignore rules that cannot be followed.
    ///
    /// Source: fluxcd/pkg ssa v0.76.1: `manager_apply.go (ApplyAll)`.
    ///
    /// # Examples
    ///
    /// ```
    /// use fluxcd_core::FluxVersion;
    /// use fluxcd_core::ssa::{Action, IgnoreRules, Metadata, Outcome};
    /// use serde_json::json;
    ///
    /// let object = |color: &str| json!({
    ///     "apiVersion": "v1", "kind": "ConfigMap",
    ///     "metadata": {"name": "c", "resourceVersion": "7"}, "data": {"color": color},
    /// });
    /// let (payload, live) = (object("red"), object("blue"));
    /// let rules = IgnoreRules::default();
    /// let outcome = Outcome::decide(&payload, Some(&live), &payload, &rules, Metadata::AsItWas, FluxVersion::V2_9)?;
    /// assert_eq!(outcome.action(), Action::Configured);
    /// # Ok::<(), fluxcd_core::ssa::Error>(())
    /// ```
    pub fn decide(
        payload: &Value,
        live: Option<&'o Value>,
        dry_run: &Value,
        rules: &'o IgnoreRules,
        metadata: Metadata,
        version: FluxVersion,
    ) -> Result<Self, Error> {
        let drift = Drift::detect(live, dry_run, rules)?;
        if !drift.is_drifted() && metadata == Metadata::AsItWas {
            return Ok(Self::Unchanged);
        }
        if object::metadata(dry_run, "resourceVersion").is_empty() {
            return Ok(Self::Created);
        }
        let exists = |live: &&Value| !object::metadata(live, "resourceVersion").is_empty();
        let ignored = live.filter(exists).map(|live| rules.plan(live, dry_run));
        let ignored = ignored.unwrap_or_default();
        Ok(Self::Configured {
            drift: drift.into_patch(),
            payload: Ignored::apply_all(&ignored, payload, version)?,
            ignored,
        })
    }

    /// The word for it in the change set.
    #[must_use]
    pub const fn action(&self) -> Action {
        match self {
            Self::Created => Action::Created,
            Self::Configured { .. } => Action::Configured,
            Self::Unchanged => Action::Unchanged,
        }
    }
}
