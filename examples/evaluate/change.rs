//! What Flux does on the way from one state of a repository to another.
//!
//! Followed are Kustomizations whose path has no `kustomization.yaml`: the objects in their files are those that are
//! applied. Of the others nothing is said but their names, for that takes a builder of overlays.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use fluxcd::api::kustomize::v1::KustomizationSpec;
use fluxcd::api::meta::{ResourceInventory, key};
use fluxcd::core::FluxVersion;
use fluxcd::core::inventory::{self, Finalization, ObjectId, Owner, Prune, Resource};
use fluxcd::core::ssa::{CustomKinds, Stages};
use serde::Deserialize;
use serde_json::Value;

use crate::cluster::clusters;
use crate::locate::Files;
use crate::overlay::Builder;
use crate::plan::Parent;
use crate::report::{Applied, Effect, Place, Pruned, StagePlan, Transition};
use crate::store::{Store, text};
use crate::walk::{Reached, Walk, directory};

/// Directory of the cluster, then namespace and name of the Kustomization.
type Key = (String, String);

/// A Kustomization and what it applies.
struct State {
    value: Rc<Value>,
    at: Place,
    /// The objects that it applies; the reason where nothing can be said about them.
    objects: Result<Vec<Object>, String>,
    /// Objects that are left out, with the reason.
    undecided: Vec<String>,
}

/// An object of a Kustomization.
struct Object {
    id: ObjectId,
    value: Rc<Value>,
    /// Whether it is applied like this; something may change it on the way otherwise.
    exact: bool,
}

/// What every Kustomization does that is in one of the states.
pub(crate) fn transitions(previous: &Store, current: &Store) -> Vec<Transition> {
    let (before, after) = (states(previous), states(current));
    let keys: BTreeSet<_> = before.keys().chain(after.keys()).collect();
    let transitions = keys.into_iter().map(|key| {
        let mut transition = Transition {
            cluster: if key.0.is_empty() { "." } else { &key.0 }.to_owned(),
            object: key.1.clone(),
            ..Transition::default()
        };
        match (before.get(key), after.get(key)) {
            (old, Some(new)) => change(&mut transition, key, old, new, &after),
            (Some(old), None) => end(&mut transition, key, old, &after),
            (None, None) => {}
        }
        transition
    });
    transitions.collect()
}

fn states(store: &Store) -> BTreeMap<Key, State> {
    let builder = Builder::new(store);
    let files = Files::new(store);
    let mut states = BTreeMap::new();
    for walk in clusters(store, &builder) {
        for reached in &walk.kustomizations {
            let [namespace, name] = ["/metadata/namespace", "/metadata/name"]
                .map(|pointer| text(&reached.value, pointer));
            let key = (walk.root.clone(), format!("{namespace}/{name}"));
            let at = reached.origin.as_ref().map(|origin| files.start(origin));
            let mut undecided = Vec::new();
            let objects = objects(store, &walk, reached, &mut undecided);
            states.entry(key).or_insert(State {
                value: Rc::clone(&reached.value),
                at: at.unwrap_or_default(),
                objects,
                undecided,
            });
        }
    }
    states
}

fn objects(
    store: &Store,
    walk: &Walk,
    reached: &Reached,
    undecided: &mut Vec<String>,
) -> Result<Vec<Object>, String> {
    if let Some(doubt) = &reached.doubt {
        return Err(doubt.clone());
    }
    if let Some(file) = directory(&reached.value).and_then(|path| store.overlay(&path)) {
        return Err(format!("{} takes a builder of overlays", file.0));
    }
    let parent = Parent::of(&reached.value, &walk.sources);
    let mut objects = Vec::new();
    for built in &reached.build.objects {
        let rendered = parent.render(built);
        let exact = rendered.is_ok();
        let value = rendered.clone().unwrap_or_else(|_| Rc::clone(&built.value));
        let id = ObjectId::of(&value);
        let is_open = built.hashed || built.is_silenced() || id.to_string().contains("${");
        match rendered.err().filter(|_| is_open) {
            Some(reason) => undecided.push(format!("{} {reason}", id.subject())),
            None if is_open => {
                undecided.push(format!("{} has a name that is made up", id.subject()))
            }
            None => objects.push(Object { id, value, exact }),
        }
    }
    undecided.extend(
        reached
            .build
            .missing
            .iter()
            .map(|missing| format!("{missing} is not here")),
    );
    Ok(objects)
}

/// A Kustomization that is there.
fn change(
    transition: &mut Transition,
    key: &Key,
    old: Option<&State>,
    new: &State,
    after: &BTreeMap<Key, State>,
) {
    transition.at = new.at.clone();
    transition.undecided.clone_from(&new.undecided);
    let objects = match &new.objects {
        Ok(objects) => objects,
        Err(reason) => return transition.undecided.push(reason.clone()),
    };
    let known = match old.map(|old| &old.objects) {
        None => &[][..],
        Some(Ok(objects)) => objects,
        Some(Err(reason)) => {
            transition.undecided.push(format!("before: {reason}"));
            &[]
        }
    };
    transition.stages = stages(objects, known);

    let stale = inventory::diff(&entries(known), &entries(objects), FluxVersion::V2_9);
    let mut stale = stale.unwrap_or_default();
    stale.reverse();
    let prune = new.value.pointer("/spec/prune") == Some(&Value::Bool(true));
    transition.pruned = match prune {
        true => pruned(key, &stale, known, after),
        false => forgotten(&stale, "spec.prune is false"),
    };
}

/// A Kustomization that is there no more.
fn end(transition: &mut Transition, key: &Key, old: &State, after: &BTreeMap<Key, State>) {
    transition.at = old.at.clone();
    transition.is_gone = true;
    transition.undecided.clone_from(&old.undecided);
    let objects = match &old.objects {
        Ok(objects) => objects,
        Err(reason) => return transition.undecided.push(reason.clone()),
    };
    let spec = old.value.get("spec").map(KustomizationSpec::deserialize);
    let Some(Ok(spec)) = spec else {
        return transition
            .undecided
            .push("its spec does not decode".to_owned());
    };
    transition.pruned = match Finalization::decide(&spec, Some(&entries(objects))) {
        Finalization::Delete { objects: order, .. } => pruned(key, &order, objects, after),
        Finalization::Orphan(reason) => {
            let mut order = inventory::list(&entries(objects)).unwrap_or_default();
            order.reverse();
            forgotten(&order, &reason.to_string())
        }
    };
}

fn entries(objects: &[Object]) -> ResourceInventory {
    let resources = objects
        .iter()
        .map(|object| Resource::of(&object.value).to_entry());
    ResourceInventory {
        entries: resources.collect(),
    }
}

fn stages(objects: &[Object], known: &[Object]) -> Vec<StagePlan> {
    let stages = Stages::plan(
        objects.iter().map(|object| &*object.value),
        &CustomKinds::default(),
    );
    let stages = [
        ("definitions", stages.definitions),
        ("classes", stages.classes),
        ("rest", stages.rest),
    ];
    let effect = |value: &Value| {
        let id = ObjectId::of(value);
        let new = objects.iter().find(|object| object.id == id);
        let old = known.iter().find(|object| object.id == id);
        match (old, new) {
            (None, _) => Effect::Created,
            (Some(old), Some(new)) if old.value != new.value => Effect::Configured,
            (Some(old), Some(new)) if old.exact && new.exact => Effect::Unchanged,
            (Some(_), _) => Effect::Applied,
        }
    };
    let stages = stages
        .into_iter()
        .filter(|(_, objects)| !objects.is_empty());
    let plans = stages.map(|(stage, objects)| StagePlan {
        stage,
        objects: objects
            .into_iter()
            .map(|value| Applied {
                object: ObjectId::of(value).subject(),
                effect: effect(value),
            })
            .collect(),
    });
    plans.collect()
}

/// What is deleted and what stays, in the order in which it happens. The cluster is taken to have what the previous state
/// says, applied by this Kustomization.
fn pruned(
    key: &Key,
    stale: &[Resource],
    known: &[Object],
    after: &BTreeMap<Key, State>,
) -> Vec<Pruned> {
    let (namespace, name) = key.1.split_once('/').unwrap_or_default();
    let owner = Owner { name, namespace };
    let decide = |resource: &Resource| {
        let old = known.iter().find(|object| object.id == resource.id);
        let live = old.map(|object| labelled(&object.value, owner));
        let decision = Prune::decide(live.as_ref(), owner);
        Pruned {
            object: resource.id.subject(),
            deleted: decision == Prune::Delete,
            why: match decision {
                Prune::Keep(kept) => Some(kept.to_string()),
                Prune::Gone | Prune::Delete => None,
            },
            moves_to: heir(key, &resource.id, after),
        }
    };
    stale.iter().map(decide).collect()
}

fn forgotten(stale: &[Resource], why: &str) -> Vec<Pruned> {
    let pruned = stale.iter().map(|resource| Pruned {
        object: resource.id.subject(),
        deleted: false,
        why: Some(why.to_owned()),
        moves_to: None,
    });
    pruned.collect()
}

/// Another Kustomization of the cluster that applies the object. If it comes first, its labels keep the object.
fn heir(key: &Key, id: &ObjectId, after: &BTreeMap<Key, State>) -> Option<String> {
    let others = after
        .iter()
        .filter(|(other, _)| other.0 == key.0 && *other != key);
    let mut heirs = others.filter(|(_, state)| {
        let mut objects = state.objects.iter().flatten();
        objects.any(|object| object.id == *id)
    });
    heirs.next().map(|(other, _)| other.1.clone())
}

fn labelled(value: &Value, owner: Owner<'_>) -> Value {
    let mut value = value.clone();
    let labels = [
        (key::KUSTOMIZATION_NAME, owner.name),
        (key::KUSTOMIZATION_NAMESPACE, owner.namespace),
    ];
    if let Some(Value::Object(metadata)) = value.get_mut("metadata") {
        let all = metadata
            .entry("labels")
            .or_insert_with(|| Value::Object(Default::default()));
        if !all.is_object() {
            *all = Value::Object(Default::default());
        }
        if let Value::Object(all) = all {
            all.extend(labels.map(|(label, value)| (label.to_owned(), value.into())));
        }
    }
    value
}
