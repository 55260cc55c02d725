use fluxcd_core::ssa::{Action, Change, Drift, Error, IgnoreRules, Patch, Skip, mask};
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use super::applier::without_invalid_bundle;
use super::object::Run;
use super::{Applier, ApplyOptions, Failure};
use crate::clock;
use crate::endpoint::{self, Effect};

/// What an apply would do to an object.
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct Diff {
    /// The line that the apply would have.
    pub change: Change,
    /// In what the live object differs, if it exists and would be changed.
    pub drift: Option<Box<Difference>>,
}

/// In what a live object differs from what it should be. `metadata.managedFields` and fields that are ignored are left out,
/// and values of Secrets are hidden.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// The object as it is.
    pub live: Value,
    /// The object as the apply would make it.
    pub merged: Value,
    /// The patch from one to the other, as far as they are compared.
    pub patch: Patch,
}

impl Applier {
    /// Tells what [`apply`](Self::apply) would do, without doing it.
    ///
    /// An object that would have to be deleted and created again counts as created.
    ///
    /// Source: fluxcd/pkg ssa v0.76.1: `manager_diff.go (Diff)`.
    ///
    /// # Errors
    ///
    /// [`Failure`] of the request that failed, or of the decision that could not be taken.
    pub async fn diff(
        &self,
        object: &Value,
        options: &ApplyOptions,
        cancel: &CancellationToken,
    ) -> Result<Diff, Failure> {
        let desired = &*without_invalid_bundle(object);
        let options = &*self.options(options);
        let run = self.run(options, cancel);
        let end = clock::end(options.deadline);
        let place = run.place(desired, end).await;
        let (desired, endpoint) = place.map_err(|error| Failure::dry_run(desired, error))?;
        let desired = &*desired;
        let refused = |error| Failure::dry_run(desired, error);
        let live = endpoint.read().await.map_err(refused)?;
        let only = |object, action| {
            let change = Change::new(object, action);
            Ok(Diff {
                change,
                drift: None,
            })
        };
        if Skip::decide(desired, live.as_ref()).is_some() {
            let existing = live.as_ref().filter(|live| endpoint::uid(live).is_some());
            return only(existing.unwrap_or(desired), Action::Skipped);
        }
        let manager = &self.owner.manager;
        let dry_run = match endpoint.apply(desired, manager, Effect::DryRun).await {
            Ok(dry_run) => dry_run,
            Err(error) => {
                let recreated = live.filter(|live| run.is_recreated(desired, live, &error));
                return match recreated {
                    Some(_) => only(desired, Action::Created),
                    None => Err(refused(error)),
                };
            }
        };
        let undecidable = |error| Failure::undecidable(desired, error);
        let drift = Drift::detect(live.as_ref(), &dry_run, &options.ignore);
        let drift = match (drift.map_err(undecidable)?, &live) {
            (Drift::None, _) => return only(&dry_run, Action::Unchanged),
            (Drift::New, _) | (_, None) => return only(&dry_run, Action::Created),
            (Drift::Changed(_), Some(live)) => run.difference(live, &dry_run),
        };
        Ok(Diff {
            change: Change::new(&dry_run, Action::Configured),
            drift: Some(Box::new(drift.map_err(undecidable)?)),
        })
    }
}

impl Run<'_> {
    fn difference(&self, live: &Value, dry_run: &Value) -> Result<Difference, Error> {
        let rules = &self.options.ignore;
        let shown = |object| -> Result<Value, Error> {
            let mut object = rules.remove(object, dry_run)?.into_owned();
            if let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) {
                metadata.remove("managedFields");
            }
            Ok(object)
        };
        let (mut live, mut merged) = (shown(live)?, shown(dry_run)?);
        mask(&mut live, &mut merged)?;
        let patch = match Drift::detect(Some(&live), &merged, &IgnoreRules::default())? {
            Drift::Changed(patch) => patch,
            Drift::New | Drift::None => Patch::default(),
        };
        Ok(Difference {
            live,
            merged,
            patch,
        })
    }
}
