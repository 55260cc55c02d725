//! Who keeps whom.

use std::collections::BTreeSet;

use fluxcd::api::object::FluxObject;
use fluxcd::api::resource::FluxResource;
use fluxcd::core::inventory::ObjectId;
use fluxcd::core::ready;
use serde_json::Value;

use crate::cluster::{Cluster, Object};
use crate::report::{Blocked, Link};

/// For each object that is not ready and waits for others: the way to the one where the trouble is.
pub(crate) fn blocked(cluster: &Cluster) -> Vec<Blocked> {
    let waiting = cluster.objects.iter().filter(|object| !object.is_current());
    let chains = waiting.map(|object| Blocked {
        object: object.row.object.clone(),
        chain: chain(cluster, object),
    });
    chains.filter(|blocked| !blocked.chain.is_empty()).collect()
}

/// Each one waits for the next. Objects that wait for one another end it where it would begin again.
fn chain(cluster: &Cluster, start: &Object) -> Vec<Link> {
    let mut chain = Vec::new();
    let mut seen = BTreeSet::from([&start.id]);
    let mut at = start;
    while let Some((through, id)) = blocker(cluster, at) {
        let found = cluster.find(&id);
        chain.push(Link {
            through,
            object: id.subject(),
            status: found.map(|object| object.row.status),
            message: found
                .map(|object| object.row.message.clone())
                .unwrap_or_default(),
        });
        match found.filter(|object| seen.insert(&object.id)) {
            Some(next) => at = next,
            None => break,
        }
    }
    chain
}

/// The first object that keeps another one: what it depends on, what it is made from, what it checks, the Pods it runs.
fn blocker(cluster: &Cluster, object: &Object) -> Option<(&'static str, ObjectId)> {
    let waits = |id: &ObjectId| cluster.find(id).is_some_and(|found| !found.is_current());
    let flux = object.flux.as_ref();
    if let Some(flux) = flux {
        let mut dependencies = dependencies(flux, &object.id);
        // One that is not in the input may be ready all the same, unless the object says that it waits.
        let says_so = object.row.reason.as_deref() == Some("DependencyNotReady");
        let is_blocker = |id: &ObjectId| waits(id) || says_so && cluster.find(id).is_none();
        if let Some(id) = dependencies.find(is_blocker) {
            return Some(("depends on", id));
        }
        if let Some(id) = sources(flux, &object.id).into_iter().find(waits) {
            return Some(("is made from", id));
        }
    }
    let mut applied = applied(flux, &object.value).into_iter();
    if let Some(id) = applied.find(waits) {
        return Some(("checks", id));
    }
    pods(cluster, object).map(|pod| ("runs", pod.id.clone()))
}

/// What `dependsOn` names: objects of the same kind.
fn dependencies(flux: &FluxObject, id: &ObjectId) -> impl Iterator<Item = ObjectId> {
    flux.depends_on().iter().map(|reference| ObjectId {
        name: reference.name.clone(),
        namespace: or_own(reference.namespace.as_deref(), id),
        ..id.clone()
    })
}

fn sources(flux: &FluxObject, id: &ObjectId) -> Vec<ObjectId> {
    let references = flux.source_refs().into_iter();
    let ids = references.map(|reference| ObjectId {
        namespace: or_own(reference.namespace.as_deref(), id),
        name: reference.name,
        group: "source.toolkit.fluxcd.io".to_owned(),
        kind: reference.kind.to_string(),
    });
    ids.collect()
}

fn or_own(namespace: Option<&str>, id: &ObjectId) -> String {
    let written = namespace.filter(|namespace| !namespace.is_empty());
    written.unwrap_or(&id.namespace).to_owned()
}

/// What the object has applied and waits for: for a Kustomization what it checks, for a HelmRelease everything.
fn applied(flux: Option<&FluxObject>, value: &Value) -> Vec<ObjectId> {
    let entries = value
        .pointer("/status/inventory/entries")
        .and_then(Value::as_array);
    let ids = entries.into_iter().flatten();
    let ids = ids.filter_map(|entry| ObjectId::parse(entry.get("id")?.as_str()?).ok());
    match flux {
        Some(FluxObject::Kustomization(kustomization)) => {
            let checked = ready::health_checks(kustomization, ids);
            checked.ok().flatten().unwrap_or_default()
        }
        _ => ids.collect(),
    }
}

/// The first Pod of a workload that is not ready.
fn pods<'c>(cluster: &'c Cluster, object: &Object) -> Option<&'c Object> {
    let labels = object
        .value
        .pointer("/spec/selector/matchLabels")?
        .as_object()?;
    let mut pods = cluster.objects.iter().filter(|pod| {
        pod.id.kind == "Pod" && pod.id.namespace == object.id.namespace && !pod.is_current()
    });
    pods.find(|pod| {
        let mut labels = labels.iter();
        labels.all(|(key, wanted)| {
            let label = pod
                .value
                .pointer("/metadata/labels")
                .and_then(|all| all.get(key));
            label == Some(wanted)
        })
    })
}
