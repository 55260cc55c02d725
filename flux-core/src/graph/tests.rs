use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;

fn node(name: &str, depends_on: &[&str]) -> Node {
    let node = Node::new("a", name);
    depends_on
        .iter()
        .fold(node, |node, text| node.waits_for(*text))
}

fn graph(nodes: &[(&str, &[&str])]) -> Graph {
    nodes
        .iter()
        .map(|(name, depends_on)| node(name, depends_on))
        .collect()
}

fn order(graph: &Graph) -> Vec<String> {
    let order = graph.order().unwrap();
    order.iter().map(|step| step.name.to_string()).collect()
}

#[test]
fn the_input_order_stays_where_nothing_is_waited_for() {
    let graph = graph(&[("z", &[]), ("b", &[]), ("m", &[])]);
    assert_eq!(order(&graph), ["a/z", "a/b", "a/m"]);
    assert_eq!(graph.nodes().count(), 3);
}

#[test]
fn an_entry_does_not_put_a_later_node_ahead_of_an_earlier_one() {
    let graph = graph(&[("top", &["late"]), ("early", &[]), ("late", &["early"])]);
    assert_eq!(order(&graph), ["a/early", "a/late", "a/top"]);
}

#[test]
fn missing_dependencies_stand_in_the_order_and_are_named() {
    let graph = graph(&[("x", &["lost", "other/gone"]), ("y", &["lost"])]);
    assert_eq!(order(&graph), ["a/lost", "other/gone", "a/x", "a/y"]);
    let missing: Vec<_> = graph.missing().map(|edge| edge.to_string()).collect();
    assert_eq!(
        missing,
        [
            "a/x waits for a/lost, which does not exist",
            "a/x waits for other/gone, which does not exist",
            "a/y waits for a/lost, which does not exist",
        ]
    );
    let steps = graph.order().unwrap();
    assert_eq!(steps[0].presence, Presence::Missing);
    let wanted_by: Vec<_> = steps[0]
        .wanted_by
        .iter()
        .map(|edge| edge.dependent.name.as_str())
        .collect();
    assert_eq!(wanted_by, ["x", "y"]);
}

#[test]
fn an_edge_carries_its_entry_as_it_was_written() {
    let graph = graph(&[("x", &["y@dep.spec.n == 1"]), ("y", &[])]);
    let edge = graph.dependencies(&NodeName::new("a", "x")).next().unwrap();
    assert_eq!(edge.reference.namespace.as_deref().unwrap_or_default(), "");
    assert_eq!(
        edge.reference.ready_expr.as_deref(),
        Some("dep.spec.n == 1")
    );
    assert_eq!(edge.dependency, &NodeName::new("a", "y"));
    assert_eq!(graph.dependents(edge.dependency).next(), Some(edge));
    assert_eq!(graph.dependents(&NodeName::new("b", "y")).count(), 0);
}

#[test]
fn an_empty_namespace_is_that_of_the_dependent_and_none_is_none() {
    let graph: Graph = [
        Node::new("", "x").waits_for("y").waits_for("b/z"),
        Node::new("", "y"),
        Node::new("b", "z"),
    ]
    .into_iter()
    .collect();
    assert_eq!(order(&graph), ["y", "b/z", "x"]);
    assert_eq!(graph.missing().count(), 0);
}

#[test]
fn nodes_of_one_name_are_one_node_with_the_entries_of_all() {
    let graph = graph(&[("x", &["y"]), ("x", &["z", "y"]), ("z", &[]), ("y", &[])]);
    assert_eq!(order(&graph), ["a/y", "a/z", "a/x"]);
    assert_eq!(graph.dependencies(&NodeName::new("a", "x")).count(), 3);
}

#[test]
fn a_cycle_is_told_from_the_way_to_it() {
    let cycle = graph(&[("r", &["s"]), ("s", &["x"]), ("x", &["y"]), ("y", &["x"])])
        .order()
        .unwrap_err();
    let names = |names: &[NodeName]| {
        names
            .iter()
            .map(|name| name.name.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(names(cycle.lead_in()), ["r", "s"]);
    assert_eq!(names(cycle.members()), ["x", "y"]);
    assert_eq!(names(cycle.path()), ["r", "s", "x", "y", "x"]);
    assert_eq!(
        cycle.to_string(),
        "circular dependency detected: a/r -> a/s -> a/x -> a/y -> a/x"
    );
}

#[test]
fn a_node_that_waits_for_itself_is_a_cycle() {
    let cycle = graph(&[("x", &["x"])]).order().unwrap_err();
    assert_eq!(
        cycle.to_string(),
        "circular dependency detected: a/x -> a/x"
    );
    assert_eq!(cycle.members(), [NodeName::new("a", "x")]);
    assert_eq!(cycle.lead_in(), []);
}

#[test]
fn the_first_unfulfilled_entry_decides_and_later_ones_are_not_asked_about() {
    let graph = graph(&[("x", &["y", "z", "lost"]), ("y", &[]), ("z", &[])]);
    let x = NodeName::new("a", "x");
    let asked = RefCell::new(Vec::new());
    let ask = |failing: &'static str| {
        asked.borrow_mut().clear();
        graph.blocked_by(&x, |edge| {
            asked.borrow_mut().push(edge.dependency.name.clone());
            if edge.dependency.name == failing {
                Err("not yet")
            } else {
                Ok(())
            }
        })
    };
    assert_eq!(ask("y").unwrap().why, Why::NotReady("not yet"));
    assert_eq!(*asked.borrow(), ["y"]);
    assert_eq!(ask("z").unwrap().edge.dependency.name, "z");
    assert_eq!(*asked.borrow(), ["y", "z"]);
    let blocked = ask("nothing").unwrap();
    assert_eq!(
        (blocked.edge.dependency.name.as_str(), blocked.why),
        ("lost", Why::Missing)
    );
}

#[test]
fn a_node_without_dependencies_and_a_name_that_is_no_node_are_not_blocked() {
    let graph = graph(&[("x", &[])]);
    for name in [NodeName::new("a", "x"), NodeName::new("a", "lost")] {
        assert_eq!(graph.blocked_by(&name, |_| Err(())), None);
    }
}

#[test]
fn a_chain_of_100_000_nodes_does_not_overflow_the_stack() {
    let chain = |last: &'static str| -> Graph {
        let nodes = (0..100_000).map(|i| match i {
            99_999 => node("99999", &[last]),
            _ => Node::new("a", i.to_string()).waits_for((i + 1).to_string().as_str()),
        });
        nodes.collect()
    };
    let sorted = chain("end");
    let sorted = sorted.order().unwrap();
    assert_eq!(sorted.len(), 100_001);
    assert_eq!(sorted[0].name.name, "end");
    assert_eq!(sorted[100_000].name.name, "0");
    assert_eq!(chain("0").order().unwrap_err().members().len(), 100_000);
}

/// Up to 12 nodes that may wait for any of 14 names.
fn any_nodes() -> impl Strategy<Value = Vec<(u8, Vec<u8>)>> {
    prop::collection::vec((0_u8..12, prop::collection::vec(0_u8..14, 0..4)), 0..12)
}

fn built(nodes: &[(u8, Vec<u8>)]) -> Graph {
    let nodes = nodes.iter().map(|(name, depends_on)| {
        let node = Node::new("a", name.to_string());
        depends_on
            .iter()
            .fold(node, |node, to| node.waits_for(to.to_string().as_str()))
    });
    nodes.collect()
}

/// Slow and simple: takes away, until nothing changes, what waits for nothing that is left.
fn has_cycle(nodes: &[(u8, Vec<u8>)]) -> bool {
    let mut left: BTreeMap<u8, BTreeSet<u8>> = BTreeMap::new();
    for (name, depends_on) in nodes {
        left.entry(*name).or_default().extend(depends_on);
    }
    loop {
        let free = left
            .iter()
            .find(|(_, waits_for)| waits_for.iter().all(|name| !left.contains_key(name)));
        match free.map(|(name, _)| *name) {
            Some(name) => left.remove(&name),
            None => return !left.is_empty(),
        };
    }
}

proptest! {
    #[test]
    fn an_order_exists_exactly_where_there_is_no_cycle(nodes in any_nodes()) {
        prop_assert_eq!(built(&nodes).order().is_err(), has_cycle(&nodes));
    }

    #[test]
    fn everyone_stands_once_and_behind_what_it_waits_for(nodes in any_nodes()) {
        let graph = built(&nodes);
        if let Ok(steps) = graph.order() {
            let place: BTreeMap<_, _> = steps.iter().enumerate().map(|(i, step)| (step.name, i)).collect();
            prop_assert_eq!(place.len(), steps.len());
            let mentioned: BTreeSet<_> = nodes.iter().flat_map(|(name, to)| to.iter().chain([name])).collect();
            prop_assert_eq!(steps.len(), mentioned.len());
            for step in &steps {
                for edge in &step.waits_for {
                    prop_assert!(place[edge.dependency] < place[step.name]);
                }
            }
        }
    }

    #[test]
    fn a_cycle_is_one(nodes in any_nodes()) {
        let graph = built(&nodes);
        if let Err(cycle) = graph.order() {
            let path = cycle.path();
            prop_assert_eq!(path.last(), cycle.members().first());
            for pair in path.windows(2) {
                prop_assert!(graph.dependencies(&pair[0]).any(|edge| edge.dependency == &pair[1]));
            }
        }
    }
}
