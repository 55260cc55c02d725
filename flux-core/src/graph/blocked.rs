use std::fmt;

use super::{Edge, Graph, NodeName, Presence};

/// What keeps a node waiting.
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct Blocked<'g, R> {
    /// The entry of `dependsOn` that decides: the first that is not fulfilled.
    pub edge: Edge<'g>,
    /// What is wrong with the dependency.
    pub why: Why<R>,
}

/// What is wrong with a dependency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Why<R> {
    /// It does not exist.
    Missing,
    /// It exists and is not ready, for the reason that the caller gave.
    NotReady(R),
}

impl Graph {
    /// The dependency that keeps a node waiting, or `None` if it may go ahead.
    ///
    /// The entries are looked at in the order of `dependsOn`; the first that is not fulfilled decides, and the rest is
    /// not asked about. `ready` says of an existing dependency whether it is ready, or why not. A name that is no node
    /// waits for nothing.
    ///
    /// Source: kustomize-controller: `internal/controller/kustomization_controller.go (checkDependencies)`; the same loop
    /// is in helm-controller.
    ///
    /// # Examples
    ///
    /// ```
    /// use fluxcd_core::graph::{Graph, Node, NodeName, Why};
    ///
    /// let graph: Graph = [
    ///     Node::new("a", "front").waits_for("back").waits_for("lost"),
    ///     Node::new("a", "back"),
    /// ]
    /// .into_iter()
    /// .collect();
    /// let front = NodeName::new("a", "front");
    ///
    /// let blocked = graph.blocked_by(&front, |_| Err("suspended")).unwrap();
    /// assert_eq!(blocked.why, Why::NotReady("suspended"));
    /// assert_eq!(blocked.to_string(), "a/front waits for a/back: suspended");
    ///
    /// let blocked = graph.blocked_by(&front, |_| Ok::<(), &str>(())).unwrap();
    /// assert_eq!(blocked.why, Why::Missing);
    /// ```
    pub fn blocked_by<R>(
        &self,
        name: &NodeName,
        mut ready: impl FnMut(&Edge<'_>) -> Result<(), R>,
    ) -> Option<Blocked<'_, R>> {
        self.dependencies(name).find_map(|edge| {
            let why = match edge.presence {
                Presence::Missing => Why::Missing,
                Presence::Node => Why::NotReady(ready(&edge).err()?),
            };
            Some(Blocked { edge, why })
        })
    }
}

/// A sentence for a person. The text that controllers put into conditions is another one.
impl<R: fmt::Display> fmt::Display for Blocked<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.why {
            Why::Missing => write!(f, "{}", self.edge),
            Why::NotReady(reason) => write!(f, "{}: {reason}", self.edge),
        }
    }
}
