//! Who waits for whom: `dependsOn` as a graph, its order, and what keeps a node waiting.
//!
//! # Contract
//!
//! Nodes with their dependencies go in. Out come an order in which every node stands behind what it waits for, or the
//! cycle that makes an order impossible; the dependencies that nothing provides; and for one node the first dependency
//! that keeps it waiting; with the feature `cel`, `Gate` judges that as the controllers do, `readyExpr` included. Every answer carries its reason as data: the [`Edge`], which holds the entry of `dependsOn` as
//! it was written, with its `readyExpr`.
//!
//! The kind of the nodes plays no part, but `dependsOn` names an object of the *same* kind: one graph holds the
//! Kustomizations, another the HelmReleases.
//!
//! # Invariants
//!
//! - The same nodes in the same order give the same answer. No map order reaches a result.
//! - Time and memory grow linearly with nodes and entries. A chain of 100,000 nodes is walked without recursion.
//! - An order holds every node exactly once, and every missing dependency exactly once.
//!
//! # Traps
//!
//! - The order is not a gate. Controllers sort requests by it, and then judge each object by itself, entry by entry.
//!   So a cycle stops the sorting, while the objects on it are reconciled, and wait for one another without end.
//! - An empty namespace of an entry means that of the dependent, and not the namespace `default`.
//! - A suspended or failed dependency is a node like any other. Whether it counts as ready is not known here:
//!   [`Graph::blocked_by`] asks a closure.
//! - The path of a [`Cycle`] begins where the search began, so it may start with nodes that are not on the cycle.
//!
//! # Sources
//!
//! fluxcd/pkg runtime v0.110.1: `dependency/sort.go (Sort)`; apis/meta v1.30.1: `dependencies.go (MakeDependsOn)`,
//! `reference_types.go (DependencyReference.String)`; kustomize-controller v1.9.4:
//! `internal/controller/kustomization_controller.go (checkDependencies)`. Vectors: `conformance/graph/order.jsonl`.

use std::collections::HashMap;

pub use self::blocked::{Blocked, Why};
#[cfg(feature = "cel")]
pub use self::gate::{Expressions, Gate, NotReady, Waiting};
pub use self::node::{Node, NodeName};
pub use self::order::{Cycle, Step};

use fluxcd_api::meta::DependencyReference;

mod blocked;
#[cfg(feature = "cel")]
mod gate;
mod node;
mod order;
#[cfg(test)]
mod tests;

/// Nodes and what they wait for.
///
/// # Examples
///
/// ```
/// use fluxcd_core::graph::{Graph, Node};
///
/// let graph: Graph = [
///     Node::new("flux-system", "apps").waits_for("infrastructure"),
///     Node::new("flux-system", "infrastructure").waits_for("security/policies"),
/// ]
/// .into_iter()
/// .collect();
///
/// let order = graph.order()?;
/// let names: Vec<_> = order.iter().map(|step| step.name.to_string()).collect();
/// assert_eq!(names, ["security/policies", "flux-system/infrastructure", "flux-system/apps"]);
///
/// let missing: Vec<_> = graph.missing().map(|edge| edge.to_string()).collect();
/// assert_eq!(missing, ["flux-system/infrastructure waits for security/policies, which does not exist"]);
/// # Ok::<(), fluxcd_core::graph::Cycle>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Graph {
    vertices: Vec<Vertex>,
    index: HashMap<NodeName, usize>,
}

#[derive(Debug, Clone, PartialEq)]
struct Vertex {
    name: NodeName,
    presence: Presence,
    /// In the order of `dependsOn`, the entries of repeated nodes one after the other.
    waits_for: Vec<Link>,
    /// Dependent and place in its `waits_for`.
    wanted_by: Vec<(usize, usize)>,
}

#[derive(Debug, Clone, PartialEq)]
struct Link {
    to: usize,
    reference: DependencyReference,
}

/// Whether something goes by a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Presence {
    /// It is one of the nodes.
    Node,
    /// Only an entry of `dependsOn` names it.
    Missing,
}

/// One entry of `dependsOn`: who waits, for whom, and in what words.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Edge<'g> {
    /// The node that waits.
    pub dependent: &'g NodeName,
    /// What it waits for, with its namespace filled in.
    pub dependency: &'g NodeName,
    /// Whether the dependency exists.
    pub presence: Presence,
    /// The entry as it was written, with its `readyExpr`.
    pub reference: &'g DependencyReference,
}

impl Graph {
    /// The nodes, in the order of the input; a name that came twice stands once.
    pub fn nodes(&self) -> impl Iterator<Item = &NodeName> {
        let nodes = self
            .vertices
            .iter()
            .filter(|vertex| vertex.presence == Presence::Node);
        nodes.map(|vertex| &vertex.name)
    }

    /// The entries whose dependency is no node, in the order of the input.
    pub fn missing(&self) -> impl Iterator<Item = Edge<'_>> {
        let edges = self
            .vertices
            .iter()
            .flat_map(|vertex| self.waits_for(vertex));
        edges.filter(|edge| edge.presence == Presence::Missing)
    }

    /// What the node waits for, in the order of its `dependsOn`.
    pub fn dependencies(&self, name: &NodeName) -> impl Iterator<Item = Edge<'_>> {
        self.vertex(name)
            .into_iter()
            .flat_map(|vertex| self.waits_for(vertex))
    }

    /// Who waits for that name, in the order of the input.
    pub fn dependents(&self, name: &NodeName) -> impl Iterator<Item = Edge<'_>> {
        self.vertex(name)
            .into_iter()
            .flat_map(|vertex| self.wanted_by(vertex))
    }

    fn vertex(&self, name: &NodeName) -> Option<&Vertex> {
        self.vertices.get(*self.index.get(name)?)
    }

    fn waits_for<'g>(&'g self, vertex: &'g Vertex) -> impl Iterator<Item = Edge<'g>> {
        vertex.waits_for.iter().filter_map(|link| {
            let dependency = self.vertices.get(link.to)?;
            Some(Edge {
                dependent: &vertex.name,
                dependency: &dependency.name,
                presence: dependency.presence,
                reference: &link.reference,
            })
        })
    }

    fn wanted_by<'g>(&'g self, vertex: &'g Vertex) -> impl Iterator<Item = Edge<'g>> {
        vertex.wanted_by.iter().filter_map(|(from, place)| {
            let dependent = self.vertices.get(*from)?;
            Some(Edge {
                dependent: &dependent.name,
                dependency: &vertex.name,
                presence: vertex.presence,
                reference: &dependent.waits_for.get(*place)?.reference,
            })
        })
    }

    /// The place of that name, which is made as a missing one if it is new.
    fn intern(&mut self, name: NodeName) -> usize {
        let next = self.vertices.len();
        let place = *self.index.entry(name.clone()).or_insert(next);
        if place == next {
            self.vertices.push(Vertex {
                name,
                presence: Presence::Missing,
                waits_for: Vec::new(),
                wanted_by: Vec::new(),
            });
        }
        place
    }
}

/// Nodes of one name become one node, with the entries of all.
impl FromIterator<Node> for Graph {
    fn from_iter<I: IntoIterator<Item = Node>>(nodes: I) -> Self {
        let nodes: Vec<Node> = nodes.into_iter().collect();
        let mut graph = Self::default();
        // All nodes first: their order is that of the search, and an entry must not put a later node ahead.
        for node in &nodes {
            let place = graph.intern(node.name.clone());
            if let Some(vertex) = graph.vertices.get_mut(place) {
                vertex.presence = Presence::Node;
            }
        }
        for node in nodes {
            let from = graph.intern(node.name.clone());
            for reference in node.depends_on {
                let to = graph.intern(node.name.resolve(&reference));
                let mut place = 0;
                if let Some(vertex) = graph.vertices.get_mut(from) {
                    place = vertex.waits_for.len();
                    vertex.waits_for.push(Link { to, reference });
                }
                if let Some(vertex) = graph.vertices.get_mut(to) {
                    vertex.wanted_by.push((from, place));
                }
            }
        }
        graph
    }
}

/// A sentence: `a/x waits for a/y, until dep.status.ready`.
impl std::fmt::Display for Edge<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} waits for {}", self.dependent, self.dependency)?;
        match self.presence {
            Presence::Missing => f.write_str(", which does not exist"),
            Presence::Node => match node::non_empty(self.reference.ready_expr.as_deref()) {
                Some(expression) => write!(f, ", until {expression}"),
                None => Ok(()),
            },
        }
    }
}
