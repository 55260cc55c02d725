//! The objects of the input, each with its readiness.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use fluxcd::api::meta::condition::{READY, STALLED};
use fluxcd::api::object::FluxObject;
use fluxcd::api::resource::FluxResource;
use fluxcd::core::inventory::ObjectId;
use fluxcd::core::manifest;
use fluxcd::core::ready::{self, Reader, Readiness};
use fluxcd::dialect::yaml::Loader;
use serde_json::Value;

use crate::age::age;
use crate::report::Row;

/// What was read.
#[derive(Debug, Default)]
pub(crate) struct Cluster {
    /// The objects, in the order of the input.
    pub(crate) objects: Vec<Object>,
    /// What could not be read, and where.
    pub(crate) problems: Vec<String>,
    /// Where in `objects` each one stands; of those that come twice the last.
    places: BTreeMap<ObjectId, usize>,
}

/// An object with its readiness.
#[derive(Debug)]
pub(crate) struct Object {
    /// What it is called.
    pub(crate) id: ObjectId,
    /// What it is.
    pub(crate) value: Value,
    /// What it is, if it is a kind of Flux.
    pub(crate) flux: Option<FluxObject>,
    /// What there is to say about it.
    pub(crate) row: Row,
}

impl Cluster {
    /// Reads what kubectl printed: lists are opened, and several documents may follow one another.
    pub(crate) fn read(bytes: &[u8], now: DateTime<Utc>) -> Self {
        let mut cluster = Self::default();
        let mut values = Vec::new();
        for document in manifest::documents(bytes, Loader::v2()) {
            if document.is_empty() {
                continue;
            }
            match document.into_content() {
                Ok(value) if value.get("kind").is_some() => values.push(value),
                Ok(_) => {}
                Err(error) => cluster.problems.push(error.to_string()),
            }
        }
        let by_id = values.iter().map(|value| (ObjectId::of(value), value));
        let by_id: BTreeMap<_, _> = by_id.collect();
        let rows: Vec<_> = values
            .iter()
            .map(|value| row(value, &values, &by_id, now))
            .collect();
        for (value, row) in values.into_iter().zip(rows) {
            let flux = match FluxObject::decode(value.clone()) {
                Ok(flux) => Some(flux).filter(|flux| flux.registration().is_some()),
                Err(error) => {
                    cluster.problems.push(format!("{}: {error}", row.object));
                    None
                }
            };
            let id = ObjectId::of(&value);
            cluster.places.insert(id.clone(), cluster.objects.len());
            cluster.objects.push(Object {
                id,
                value,
                flux,
                row,
            });
        }
        cluster
    }

    /// The object of that id.
    pub(crate) fn find(&self, id: &ObjectId) -> Option<&Object> {
        self.objects.get(*self.places.get(id)?)
    }
}

impl Object {
    /// Whether it is what its spec asks for.
    pub(crate) fn is_current(&self) -> bool {
        self.row.status == ready::Status::Current.as_str()
    }
}

fn row(
    value: &Value,
    all: &[Value],
    by_id: &BTreeMap<ObjectId, &Value>,
    now: DateTime<Utc>,
) -> Row {
    let readiness = reader(value, by_id).read(value, all, now);
    let told = told(value).filter(|_| !readiness.as_ref().is_ok_and(is_told_by_kind));
    let (status, message) = match &readiness {
        Ok(readiness) => (readiness.status, message(readiness, told)),
        Err(error) => (ready::Status::Unknown, error.to_string()),
    };
    let word = readiness.as_ref().ok().and_then(Readiness::condition);
    let reason = told.map(|(reason, _)| reason).or(word.map(|it| it.reason));
    let created = value.pointer("/metadata/creationTimestamp");
    let created = created.and_then(|time| DateTime::parse_from_rfc3339(time.as_str()?).ok());
    Row {
        object: ObjectId::of(value).subject(),
        status: status.as_str(),
        reason: reason
            .filter(|reason| !reason.is_empty())
            .map(str::to_owned),
        suspended: value.pointer("/spec/suspend") == Some(&Value::Bool(true)),
        age: created.and_then(|created| age(created.to_utc(), now)),
        revision: revision(value).map(str::to_owned),
        message,
    }
}

/// The judge of an object: one that knows the health checks of the Kustomization that applied it.
#[cfg(feature = "cel")]
fn reader(value: &Value, by_id: &BTreeMap<ObjectId, &Value>) -> Reader {
    use fluxcd::api::meta::key::{KUSTOMIZATION_NAME, KUSTOMIZATION_NAMESPACE};

    let label = |key: &str| value.get("metadata")?.get("labels")?.get(key)?.as_str();
    let owner = label(KUSTOMIZATION_NAME).and_then(|name| {
        let id = ObjectId {
            namespace: label(KUSTOMIZATION_NAMESPACE)?.to_owned(),
            name: name.to_owned(),
            group: "kustomize.toolkit.fluxcd.io".to_owned(),
            kind: "Kustomization".to_owned(),
        };
        by_id.get(&id)
    });
    let checks = owner.and_then(|owner| owner.pointer("/spec/healthCheckExprs"));
    let checks = checks.and_then(|checks| serde_json::from_value::<Vec<_>>(checks.clone()).ok());
    let compiled = checks.and_then(|checks| ready::HealthChecks::compile(&checks).ok());
    compiled.map_or_else(Reader::new, Reader::with_health_checks)
}

#[cfg(not(feature = "cel"))]
fn reader(_: &Value, _: &BTreeMap<ObjectId, &Value>) -> Reader {
    Reader::new()
}

/// Whether the rule of its kind says more than a condition does.
fn is_told_by_kind(readiness: &Readiness) -> bool {
    use ready::Reason::{Core, Definition, Job, Workload};
    matches!(
        readiness.reason,
        Core(_) | Definition(_) | Job(_) | Workload(_)
    )
}

/// What the object itself says about its trouble, with the word for it: kstatus may rest on another condition, which only
/// says that the controller goes on.
fn told(value: &Value) -> Option<(&str, &str)> {
    let conditions = value.pointer("/status/conditions")?.as_array()?;
    let text = |condition: &'static str, status: &str| {
        let mut conditions = conditions.iter();
        let found =
            conditions.find(|it| it.get("type").and_then(Value::as_str) == Some(condition))?;
        let field = |name| found.get(name).and_then(Value::as_str).unwrap_or_default();
        (field("status") == status).then(|| (field("reason"), field("message")))
    };
    text(STALLED, "True")
        .or_else(|| text(READY, "False"))
        .or_else(|| text(READY, "Unknown"))
}

fn message(readiness: &Readiness, told: Option<(&str, &str)>) -> String {
    match (readiness.waits_for(), told) {
        (Some(_), Some((_, message))) if !message.is_empty() => message.to_owned(),
        (Some(waits_for), _) => format!("waits for {waits_for}"),
        (None, _) => String::new(),
    }
}

/// What the object is at: an artifact, what was applied, a chart, an image.
fn revision(value: &Value) -> Option<&str> {
    let paths = [
        "/status/artifact/revision",
        "/status/lastAppliedRevision",
        "/status/history/0/chartVersion",
        "/status/latestRef/tag",
        "/status/lastAttemptedRevision",
    ];
    let mut found = paths
        .iter()
        .filter_map(|path| value.pointer(path)?.as_str());
    found.next()
}
