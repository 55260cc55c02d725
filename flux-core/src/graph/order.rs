use std::fmt;

use super::{Edge, Graph, NodeName, Presence};

/// One place in the order, with its reasons.
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct Step<'g> {
    /// Who stands here.
    pub name: &'g NodeName,
    /// Whether it is a node. What is missing has its place too: upstream sorts it in.
    pub presence: Presence,
    /// Why it stands behind others: what it waits for, in the order of its `dependsOn`.
    pub waits_for: Vec<Edge<'g>>,
    /// Why it stands before others: who waits for it, in the order of the input.
    pub wanted_by: Vec<Edge<'g>>,
}

/// Nodes that wait for one another. `Display` is upstream's message.
///
/// No order exists then, not even of the nodes that have no part in it: the controllers log the message and request
/// nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Cycle {
    path: Vec<NodeName>,
    lead_in: usize,
}

impl Cycle {
    /// The way of the search, from the node where it began to the one that it met again, which is the last.
    #[must_use]
    pub fn path(&self) -> &[NodeName] {
        &self.path
    }

    /// The nodes on the cycle, each once, from the one that the search reached first.
    #[must_use]
    pub fn members(&self) -> &[NodeName] {
        let end = self.path.len().saturating_sub(1);
        self.path.get(self.lead_in..end).unwrap_or_default()
    }

    /// The nodes before the cycle: they wait for it, without being on it.
    #[must_use]
    pub fn lead_in(&self) -> &[NodeName] {
        self.path.get(..self.lead_in).unwrap_or_default()
    }
}

impl fmt::Display for Cycle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("circular dependency detected: ")?;
        for (place, name) in self.path.iter().enumerate() {
            let arrow = if place == 0 { "" } else { " -> " };
            write!(f, "{arrow}{name}")?;
        }
        Ok(())
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Mark {
    Unseen,
    OnPath,
    Done,
}

impl Graph {
    /// The order in which the controllers request the nodes: each behind what it waits for.
    ///
    /// The search goes depth first, through the nodes in the order of the input and through the entries in the order of
    /// `dependsOn`; where nothing is waited for, the input order stays. Missing dependencies stand in the order too, as
    /// [`Presence::Missing`].
    ///
    /// Source: fluxcd/pkg runtime: `dependency/sort.go (Sort)`.
    ///
    /// # Errors
    ///
    /// [`Cycle`], the first that the search meets.
    ///
    /// # Examples
    ///
    /// ```
    /// use fluxcd_core::graph::{Graph, Node};
    ///
    /// let graph: Graph = [
    ///     Node::new("a", "front").waits_for("back"),
    ///     Node::new("a", "back").waits_for("queue@dep.status.ready"),
    ///     Node::new("a", "queue"),
    /// ]
    /// .into_iter()
    /// .collect();
    /// let order = graph.order()?;
    /// assert_eq!(order[0].name.name, "queue");
    /// assert_eq!(order[0].wanted_by[0].to_string(), "a/back waits for a/queue, until dep.status.ready");
    ///
    /// let graph: Graph = [
    ///     Node::new("a", "x").waits_for("y"),
    ///     Node::new("a", "y").waits_for("z"),
    ///     Node::new("a", "z").waits_for("y"),
    /// ]
    /// .into_iter()
    /// .collect();
    /// let cycle = graph.order().unwrap_err();
    /// assert_eq!(cycle.to_string(), "circular dependency detected: a/x -> a/y -> a/z -> a/y");
    /// assert_eq!(cycle.members().len(), 2);
    /// # Ok::<(), fluxcd_core::graph::Cycle>(())
    /// ```
    pub fn order(&self) -> Result<Vec<Step<'_>>, Cycle> {
        let places = self.sorted_places()?;
        let vertices = places
            .into_iter()
            .filter_map(|place| self.vertices.get(place));
        Ok(vertices
            .map(|vertex| Step {
                name: &vertex.name,
                presence: vertex.presence,
                waits_for: self.waits_for(vertex).collect(),
                wanted_by: self.wanted_by(vertex).collect(),
            })
            .collect())
    }

    /// The recursion of upstream, with a stack of our own.
    fn sorted_places(&self) -> Result<Vec<usize>, Cycle> {
        let mut marks = vec![Mark::Unseen; self.vertices.len()];
        let mut sorted = Vec::with_capacity(self.vertices.len());
        // A vertex, and how many of its entries have been followed.
        let mut path: Vec<(usize, usize)> = Vec::new();
        // Missing ones come last in `vertices`, so none of them is seen before those who want it.
        for root in 0..self.vertices.len() {
            if mark(&mut marks, root, Mark::Unseen, Mark::OnPath) {
                path.push((root, 0));
            }
            while let Some((place, followed)) = path.last_mut() {
                let vertex = self.vertices.get(*place);
                let Some(link) = vertex.and_then(|vertex| vertex.waits_for.get(*followed)) else {
                    mark(&mut marks, *place, Mark::OnPath, Mark::Done);
                    sorted.push(*place);
                    path.pop();
                    continue;
                };
                *followed += 1;
                if mark(&mut marks, link.to, Mark::Unseen, Mark::OnPath) {
                    path.push((link.to, 0));
                } else if marks.get(link.to) == Some(&Mark::OnPath) {
                    return Err(self.cycle(&path, link.to));
                }
            }
        }
        Ok(sorted)
    }

    fn cycle(&self, path: &[(usize, usize)], again: usize) -> Cycle {
        let places = path.iter().map(|(place, _)| *place);
        let names = places.clone().chain([again]);
        Cycle {
            path: names
                .filter_map(|place| Some(self.vertices.get(place)?.name.clone()))
                .collect(),
            lead_in: places.take_while(|place| *place != again).count(),
        }
    }
}

/// Turns a mark, if it is that one.
fn mark(marks: &mut [Mark], place: usize, from: Mark, to: Mark) -> bool {
    match marks.get_mut(place) {
        Some(mark) if *mark == from => {
            *mark = to;
            true
        }
        _ => false,
    }
}
