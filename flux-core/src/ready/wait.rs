use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use fluxcd_api::kustomize::v1::Kustomization;
use serde_json::Value;

use super::object::{group, integer, text_or};
use super::{Error, Readiness, Status};
use crate::inventory::ObjectId;

/// Waits for the health of a set of objects: takes what each poll sees, and decides after each whether to go on.
///
/// Nothing here polls or sleeps. A poll may end early: [`decide`](Self::decide) can be asked after each
/// [`observe`](Self::observe), as upstream does.
///
/// Source: fluxcd/pkg ssa v0.76.1: `manager_wait.go (WaitForSetWithContext)`.
///
/// # Examples
///
/// ```
/// use fluxcd_core::inventory::ObjectId;
/// use fluxcd_core::ready::{Decision, Status, Time, Wait};
///
/// let id = |text| ObjectId::parse(text);
/// let (app, cache) = (id("apps_app_apps_Deployment")?, id("apps_cache_apps_StatefulSet")?);
/// let mut wait = Wait::new([app.clone(), cache.clone()]);
/// assert_eq!(wait.decide(Time::Left), Decision::Wait);
///
/// wait.observe(&app, Status::Current);
/// wait.observe(&cache, Status::InProgress);
/// assert_eq!(wait.decide(Time::Left), Decision::Wait);
/// let Decision::TimedOut(unready) = wait.decide(Time::Over) else { panic!() };
/// assert_eq!(
///     unready.to_string(),
///     "timeout waiting for: [StatefulSet/apps/cache status: 'InProgress']",
/// );
///
/// wait.observe(&cache, Status::Current);
/// assert_eq!(wait.decide(Time::Left), Decision::Done);
/// # Ok::<(), fluxcd_core::inventory::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Wait {
    states: BTreeMap<ObjectId, State>,
    jobs_with_ttl: BTreeSet<ObjectId>,
    on_failure: OnFailure,
    observed: bool,
}

/// What a poll saw of one object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    /// How far it is.
    pub status: Status,
    /// Why that could not be told.
    pub error: Option<String>,
}

/// What the first failed object means for the others.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum OnFailure {
    /// Nobody waits for them any more. What the controllers do, unless the gate `DisableFailFastBehavior` is on.
    #[default]
    Stop,
    /// They are waited for until each is Current or Failed.
    WaitForOthers,
}

/// Whether the time limit is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Time {
    /// Not yet.
    Left,
    /// It is.
    Over,
}

/// Whether to go on.
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub enum Decision {
    /// Poll again.
    Wait,
    /// All are healthy.
    Done,
    /// Some have failed.
    Failed(Unready),
    /// The time is over.
    TimedOut(Unready),
}

/// The objects for which a wait has failed. `Display` is upstream's message; the controller writes
/// `health check failed after <duration>: ` before it.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub struct Unready {
    lead: &'static str,
    /// The objects, in apply order; without a state where nothing at all was seen before the time was over.
    pub objects: Vec<(ObjectId, Option<State>)>,
}

impl Wait {
    /// Waits for these objects, of which nothing is known yet.
    #[must_use]
    pub fn new(objects: impl IntoIterator<Item = ObjectId>) -> Self {
        let unknown = |id| (id, State::from(Status::Unknown));
        Self {
            states: objects.into_iter().map(unknown).collect(),
            jobs_with_ttl: BTreeSet::new(),
            on_failure: OnFailure::default(),
            observed: false,
        }
    }

    /// Takes these for Jobs that are deleted when they have ended, see [`has_ttl`]: not to be found is to be healthy.
    #[must_use]
    pub fn with_ttl(mut self, jobs: impl IntoIterator<Item = ObjectId>) -> Self {
        self.jobs_with_ttl.extend(jobs);
        self
    }

    /// What the first failed object means.
    #[must_use]
    pub fn on_failure(mut self, on_failure: OnFailure) -> Self {
        self.on_failure = on_failure;
        self
    }

    /// Takes what was seen of an object. One that is not waited for changes nothing.
    pub fn observe(&mut self, object: &ObjectId, state: impl Into<State>) {
        if let Some(known) = self.states.get_mut(object) {
            *known = state.into();
            self.observed = true;
        }
    }

    /// What was seen last, in apply order.
    pub fn states(&self) -> impl Iterator<Item = (&ObjectId, &State)> {
        self.states.iter()
    }

    /// What is not healthy yet, in apply order.
    pub fn pending(&self) -> impl Iterator<Item = (&ObjectId, &State)> {
        self.states()
            .filter(|(id, state)| !self.is_healthy(id, state))
    }

    /// Whether to go on. A failure stops at once or as [`OnFailure`] says; without any, all must be healthy.
    pub fn decide(&self, time: Time) -> Decision {
        if time == Time::Over {
            let unready = self.unready("timeout waiting for", |_| true);
            return match unready.objects.is_empty() {
                true => Decision::Done,
                false => Decision::TimedOut(unready),
            };
        }
        let failed = |state: &State| state.status == Status::Failed;
        let any_failed = self.pending().any(|(_, state)| failed(state));
        let all_ended = self.pending().all(|(_, state)| failed(state));
        let stops = all_ended || any_failed && self.on_failure == OnFailure::Stop;
        match (stops, any_failed) {
            (false, _) => Decision::Wait,
            (true, false) => Decision::Done,
            (true, true) => {
                Decision::Failed(self.unready("failed early due to stalled resources", failed))
            }
        }
    }

    fn unready(&self, lead: &'static str, listed: impl Fn(&State) -> bool) -> Unready {
        // As long as nothing at all was seen, a Job that may be gone is not missed.
        let hidden = |id: &ObjectId| !self.observed && self.jobs_with_ttl.contains(id);
        let listed = self
            .pending()
            .filter(|(id, state)| listed(state) && !hidden(id));
        let seen = |state: &State| self.observed.then(|| state.clone());
        Unready {
            lead,
            objects: listed
                .map(|(id, state)| (id.clone(), seen(state)))
                .collect(),
        }
    }

    fn is_healthy(&self, id: &ObjectId, state: &State) -> bool {
        match state.status {
            Status::Current => true,
            Status::NotFound => self.jobs_with_ttl.contains(id),
            _ => false,
        }
    }
}

impl From<Status> for State {
    fn from(status: Status) -> Self {
        Self {
            status,
            error: None,
        }
    }
}

impl From<&Result<Readiness, Error>> for State {
    fn from(read: &Result<Readiness, Error>) -> Self {
        match read {
            Ok(readiness) => readiness.status.into(),
            Err(error) => Self {
                status: Status::Unknown,
                error: Some(error.to_string()),
            },
        }
    }
}

impl fmt::Display for Unready {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut entries: Vec<String> = self.objects.iter().map(entry).collect();
        entries.sort_unstable();
        write!(f, "{}: [{}]", self.lead, entries.join(", "))
    }
}

fn entry((id, state): &(ObjectId, Option<State>)) -> String {
    let subject = id.subject();
    match state {
        None => format!("can't determine status for {subject}"),
        Some(State {
            status,
            error: None,
        }) => format!("{subject} status: '{status}'"),
        Some(State {
            status,
            error: Some(error),
        }) => format!("{subject} status: '{status}': {error}"),
    }
}

/// Whether an applied object is a Job that is deleted when it has ended: `spec.ttlSecondsAfterFinished` is an integer, 0
/// included.
///
/// Source: fluxcd/pkg ssa v0.76.1: `utils/job.go (ExtractJobsWithTTL)`.
#[must_use]
pub fn has_ttl(object: &Value) -> bool {
    let is_job = text_or(Some(object), "kind", "") == "Job"
        && text_or(Some(object), "apiVersion", "").starts_with("batch/");
    is_job
        && matches!(
            integer(object, &["spec", "ttlSecondsAfterFinished"]),
            Ok(Some(_))
        )
}

/// The objects that a Kustomization waits for after it was applied; `None` if it does not wait at all, which removes its
/// condition `Healthy`.
///
/// With `spec.wait` these are the applied objects, of which the caller leaves out those that were skipped, and
/// `spec.healthChecks` plays no part. Otherwise they are the `spec.healthChecks`, whose empty `apiVersion` means `apps/v1`
/// and whose empty namespace stays empty. The Kustomization never waits for itself, whatever the group: a set in which
/// nothing else was is empty and healthy.
///
/// Source: kustomize-controller v1.9.4: `internal/controller/kustomization_controller.go (checkHealth)`,
/// `internal/inventory/inventory.go (ReferenceToObjMetadataSet)`.
///
/// # Errors
///
/// [`Error::ApiVersion`]: the writer of `spec.healthChecks` has to repair it.
///
/// # Examples
///
/// ```
/// use fluxcd_api::kustomize::v1::Kustomization;
/// use fluxcd_core::inventory::ObjectId;
/// use fluxcd_core::ready;
/// use serde_json::json;
///
/// let mut apps: Kustomization = serde_json::from_value(json!({
///     "apiVersion": "kustomize.toolkit.fluxcd.io/v1", "kind": "Kustomization",
///     "metadata": {"name": "apps", "namespace": "flux-system"},
///     "spec": {
///         "interval": "10m", "prune": true, "sourceRef": {"kind": "GitRepository", "name": "fleet"},
///         "healthChecks": [{"kind": "Deployment", "name": "app", "namespace": "apps"}],
///     },
/// }))?;
/// let applied = [ObjectId::parse("flux-system_apps_kustomize.toolkit.fluxcd.io_Kustomization")?];
/// let targets = ready::health_checks(&apps, applied.clone())?.unwrap();
/// assert_eq!(targets[0].subject(), "Deployment/apps/app");
///
/// apps.spec.wait = Some(true);
/// assert_eq!(ready::health_checks(&apps, applied)?, Some(vec![]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn health_checks(
    kustomization: &Kustomization,
    applied: impl IntoIterator<Item = ObjectId>,
) -> Result<Option<Vec<ObjectId>>, Error> {
    let spec = &kustomization.spec;
    let mut objects: Vec<ObjectId> = match spec.wait {
        Some(true) => applied.into_iter().collect(),
        _ => spec
            .health_checks
            .iter()
            .flatten()
            .map(|check| {
                let version = check.api_version.as_deref().filter(|text| !text.is_empty());
                let version = version.unwrap_or("apps/v1");
                let group = group(version).ok_or_else(|| Error::ApiVersion(version.to_owned()))?;
                Ok(ObjectId {
                    namespace: check.namespace.clone().unwrap_or_default(),
                    name: check.name.clone(),
                    group: group.to_owned(),
                    kind: check.kind.clone(),
                })
            })
            .collect::<Result<_, Error>>()?,
    };
    if objects.is_empty() {
        return Ok(None);
    }
    let metadata = &kustomization.metadata;
    objects.retain(|id| {
        id.kind != "Kustomization"
            || Some(&id.name) != metadata.name.as_ref()
            || id.namespace != metadata.namespace.as_deref().unwrap_or_default()
    });
    Ok(Some(objects))
}
