//! From the `dependsOn` of many objects to an order for each part of the repository.
//!
//! A repository often serves several clusters, and then holds several objects of one name. Where it does, the directories
//! in which their paths part are the *parts* of the repository, and each has an order of its own. Objects outside of all
//! parts are shared by them.

use std::collections::{BTreeMap, BTreeSet};

use fluxcd::api::meta::DependencyReference;
use fluxcd::core::graph::{Graph, Node, NodeName, Presence};

use crate::place;
use crate::report::{Edge, NamespaceFrom, Order, Place, Step};

/// Stands for a namespace that no file tells; no namespace can be called that.
pub(crate) const UNKNOWN: &str = "?";

/// An object that may wait for others of its kind.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    /// Namespace and name.
    pub(crate) name: NodeName,
    /// Where the namespace is from.
    pub(crate) namespace_from: NamespaceFrom,
    /// Where the object stands.
    pub(crate) at: Place,
    /// Its `dependsOn`, each entry with its place.
    pub(crate) depends_on: Vec<(DependencyReference, Place)>,
}

/// The orders of all objects of one kind, that of the shared ones last.
pub(crate) fn orders(kind: &str, items: &[Item]) -> Vec<Order> {
    let parts = parts(items);
    let part_of = |item: &Item| {
        let part = parts.iter().find(|part| is_below(&item.at.file, part));
        part.cloned().unwrap_or_default()
    };
    let mut members: BTreeMap<String, Vec<&Item>> = BTreeMap::new();
    for item in items {
        members.entry(part_of(item)).or_default().push(item);
    }
    let shared = members.get("").cloned().unwrap_or_default();
    let rest = members.remove_entry("");
    members
        .iter()
        .chain(rest.as_ref().map(|(part, own)| (part, own)))
        .map(|(part, own)| {
            let graph = if part.is_empty() {
                // What is shared may wait for an object of any part. What that one waits for is said in its part.
                let elsewhere = items.iter().map(|item| Item {
                    depends_on: Vec::new(),
                    ..item.clone()
                });
                graph(
                    own,
                    &elsewhere.collect::<Vec<_>>().iter().collect::<Vec<_>>(),
                )
            } else {
                graph(own, &shared)
            };
            order(kind, part, own, &graph)
        })
        .collect()
}

/// The first object of every name, the own ones before the others.
fn graph(own: &[&Item], others: &[&Item]) -> Graph {
    let mut by_name: BTreeMap<&NodeName, &Item> = BTreeMap::new();
    let mut first: Vec<&Item> = Vec::new();
    for &item in own.iter().chain(others) {
        by_name.entry(&item.name).or_insert_with(|| {
            first.push(item);
            item
        });
    }
    let names: Names = by_name.keys().fold(Names::new(), |mut names, name| {
        names.entry(&name.name).or_default().push(name);
        names
    });
    first.into_iter().map(|item| node(item, &names)).collect()
}

fn order(kind: &str, part: &str, own: &[&Item], graph: &Graph) -> Order {
    let mut by_name: BTreeMap<&NodeName, Vec<&Item>> = BTreeMap::new();
    for &item in own {
        by_name.entry(&item.name).or_default().push(item);
    }
    let (sorted, cycle) = match graph.order() {
        Ok(steps) => (steps.into_iter().map(|step| step.name).collect(), None),
        Err(cycle) => (graph.nodes().collect::<Vec<_>>(), Some(cycle.to_string())),
    };
    let steps = sorted.into_iter().filter_map(|name| {
        let (first, also) = by_name.get(name)?.split_first()?;
        let edges = graph
            .dependencies(name)
            .zip(first.depends_on.iter().enumerate());
        Some(Step {
            object: name.to_string(),
            namespace_from: first.namespace_from,
            at: first.at.clone(),
            also_at: also.iter().map(|item| item.at.clone()).collect(),
            waits_for: edges
                .map(|(edge, (index, (_, at)))| Edge {
                    object: edge.dependency.to_string(),
                    found: edge.presence == Presence::Node,
                    path: format!("spec.dependsOn[{index}]"),
                    at: at.clone(),
                    ready_expr: edge
                        .reference
                        .ready_expr
                        .clone()
                        .filter(|text| !text.is_empty()),
                })
                .collect(),
        })
    });
    Order {
        kind: kind.to_owned(),
        part: part.to_owned(),
        steps: steps.collect(),
        cycle,
    }
}

/// Who goes by a name, in any namespace.
type Names<'a> = BTreeMap<&'a str, Vec<&'a NodeName>>;

/// The object as a node. An entry that leads nowhere, while a single object has the name and one of the two namespaces is
/// not known, means that object.
fn node(item: &Item, names: &Names<'_>) -> Node {
    let mut node = Node::new(&item.name.namespace, &item.name.name);
    for (reference, _) in &item.depends_on {
        let mut reference = reference.clone();
        let same_name = names
            .get(reference.name.as_str())
            .map(Vec::as_slice)
            .unwrap_or_default();
        if let [only] = same_name
            && (only.namespace == UNKNOWN || item.name.namespace == UNKNOWN)
        {
            reference.namespace = Some(only.namespace.clone());
        }
        node = node.waits_for(reference);
    }
    node
}

/// The directories in which the paths of objects of one name part; none of them lies below another.
fn parts(items: &[Item]) -> BTreeSet<String> {
    let mut directories: BTreeMap<&NodeName, BTreeSet<&str>> = BTreeMap::new();
    for item in items {
        let same = directories.entry(&item.name).or_default();
        same.insert(place::parent(&item.at.file));
    }
    let mut parts = BTreeSet::new();
    for same in directories.values().filter(|same| same.len() > 1) {
        let split: Vec<Vec<&str>> = same
            .iter()
            .map(|directory| directory.split('/').collect())
            .collect();
        let common = (0..)
            .take_while(|&depth| {
                let first = split.first().and_then(|parts| parts.get(depth));
                first.is_some() && split.iter().all(|parts| parts.get(depth) == first)
            })
            .count();
        let deeper = split.iter().filter_map(|parts| parts.get(..=common));
        parts.extend(deeper.map(|parts| parts.join("/")));
    }
    let outermost = parts.iter().filter(|part| {
        !parts
            .iter()
            .any(|other| other != *part && is_below(part, other))
    });
    outermost.cloned().collect()
}

fn is_below(name: &str, directory: &str) -> bool {
    name.strip_prefix(directory)
        .is_some_and(|rest| rest.starts_with('/'))
}
