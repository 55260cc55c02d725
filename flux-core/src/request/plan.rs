use std::fmt;

use chrono::{DateTime, Datelike, Timelike, Utc};
use fluxcd_api::meta::key;
use fluxcd_api::object::FluxObject;
use fluxcd_api::resource::FluxResource;
use fluxcd_api::source::v1::HelmRepositoryType;
use serde_json::{Value, json};

/// What an object is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ask {
    /// A reconciliation now, not when the interval is over.
    Reconcile,
    /// One install or upgrade of a HelmRelease, even if nothing changed. Asks for the reconciliation as well.
    Force,
    /// That a HelmRelease forgets its failures. Asks for the reconciliation as well.
    Reset,
    /// No more reconciliations.
    Suspend,
    /// Reconciliations again.
    Resume,
}

/// How to ask.
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub enum Plan {
    /// By this JSON merge patch (RFC 7396) of the object.
    Patch(Value),
    /// The object is suspended, or not, already.
    Done,
    /// It would be in vain.
    Refuse(Refusal),
}

/// Why asking is in vain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Refusal {
    /// It is suspended, and has to be resumed first.
    Suspended,
    /// No controller reconciles it: it is only read by others.
    Static,
    /// Its kind knows no such request.
    Unknown,
}

/// How to ask an object for something, in the way of the command line of Flux.
///
/// | kind | reconcile | force, reset | suspend, resume |
/// |---|---|---|---|
/// | HelmRelease | yes | yes | `spec.suspend` |
/// | Alert, Provider | static | unknown | `spec.suspend` |
/// | HelmRepository of type `oci` | static | unknown | `spec.suspend` |
/// | ArtifactGenerator | yes | unknown | annotation `source.extensions.fluxcd.io/reconcile` |
/// | ExternalArtifact | static | unknown | unknown |
/// | every other kind of Flux | yes | unknown | `spec.suspend` |
/// | objects that are not known here | unknown | unknown | unknown |
///
/// To force and to reset at once, merge the patches of the same `now`.
///
/// Source: flux2 v2.9.4: `cmd/flux/{reconcile,suspend,resume}*.go`. The command line does not suspend ArtifactGenerators.
///
/// # Examples
///
/// ```
/// use chrono::{DateTime, Utc};
/// use fluxcd_api::object::FluxObject;
/// use fluxcd_core::request::{Ask, Plan, Refusal, plan};
/// use serde_json::json;
///
/// let object = |suspend: bool| FluxObject::decode(json!({
///     "apiVersion": "kustomize.toolkit.fluxcd.io/v1",
///     "kind": "Kustomization",
///     "metadata": {"name": "apps"},
///     "spec": {
///         "interval": "10m",
///         "prune": true,
///         "suspend": suspend,
///         "sourceRef": {"kind": "GitRepository", "name": "fleet"},
///     },
/// }));
/// let now: DateTime<Utc> = "2026-08-07T12:30:45.5Z".parse()?;
/// let patch = json!({"metadata": {"annotations": {"reconcile.fluxcd.io/requestedAt": "2026-08-07T12:30:45.5Z"}}});
/// assert_eq!(plan(&object(false)?, Ask::Reconcile, now), Plan::Patch(patch));
/// assert_eq!(plan(&object(true)?, Ask::Reconcile, now), Plan::Refuse(Refusal::Suspended));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn plan(object: &FluxObject, ask: Ask, now: DateTime<Utc>) -> Plan {
    let keys = match ask {
        Ask::Reconcile => [key::RECONCILE_REQUEST].as_slice(),
        Ask::Force => &[key::RECONCILE_REQUEST, key::FORCE_REQUEST],
        Ask::Reset => &[key::RECONCILE_REQUEST, key::RESET_REQUEST],
        Ask::Suspend => return suspend(object, true),
        Ask::Resume => return suspend(object, false),
    };
    if let Some(refusal) = refusal(object, ask) {
        return Plan::Refuse(refusal);
    }
    let token = token(now);
    let annotations = keys.iter().map(|key| ((*key).to_owned(), json!(token)));
    Plan::Patch(json!({"metadata": {"annotations": Value::from_iter(annotations)}}))
}

fn refusal(object: &FluxObject, ask: Ask) -> Option<Refusal> {
    let is_static = match object {
        FluxObject::Unknown(_) => return Some(Refusal::Unknown),
        FluxObject::HelmRelease(_) => false,
        _ if ask != Ask::Reconcile => return Some(Refusal::Unknown),
        FluxObject::Alert(_)
        | FluxObject::AlertV1Beta3(_)
        | FluxObject::ExternalArtifact(_)
        | FluxObject::Provider(_)
        | FluxObject::ProviderV1Beta3(_) => true,
        FluxObject::HelmRepository(repository) => {
            repository.spec.type_ == Some(HelmRepositoryType::Oci)
        }
        _ => false,
    };
    if is_static {
        Some(Refusal::Static)
    } else {
        object.suspended().then_some(Refusal::Suspended)
    }
}

fn suspend(object: &FluxObject, wanted: bool) -> Plan {
    match object {
        FluxObject::Unknown(_) | FluxObject::ExternalArtifact(_) => Plan::Refuse(Refusal::Unknown),
        _ if object.suspended() == wanted => Plan::Done,
        FluxObject::ArtifactGenerator(_) => {
            let value = wanted.then_some(key::DISABLED);
            Plan::Patch(json!({"metadata": {"annotations": {key::GENERATOR_RECONCILE: value}}}))
        }
        _ => Plan::Patch(json!({"spec": {"suspend": wanted.then_some(true)}})),
    }
}

/// The token of a request made at that moment: RFC 3339 with as many digits of the second as it takes.
///
/// Controllers do not read it, so any text does that was not used before.
///
/// Source: flux2 v2.9.4: `cmd/flux/reconcile.go (requestReconciliation)`, which writes local time.
///
/// # Examples
///
/// ```
/// use fluxcd_core::request::token;
///
/// let now = chrono::DateTime::from_timestamp(1_786_105_845, 120_000_000).unwrap();
/// assert_eq!(token(now), "2026-08-07T12:30:45.12Z");
/// ```
#[must_use]
pub fn token(now: DateTime<Utc>) -> String {
    let sign = if now.year() < 0 { "-" } else { "" };
    let mut text = format!(
        "{sign}{:04}{}.{:09}",
        now.year().unsigned_abs(),
        now.format("-%m-%dT%H:%M:%S"),
        now.nanosecond() % 1_000_000_000
    );
    let length = text.trim_end_matches('0').trim_end_matches('.').len();
    text.truncate(length);
    text + "Z"
}

/// The reason as a clause: `it is suspended`.
impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Suspended => "it is suspended",
            Self::Static => "no controller reconciles it",
            Self::Unknown => "its kind knows no such request",
        })
    }
}
