use fluxcd_api::meta::DependencyReference;
use fluxcd_core::graph::{Graph, Node, NodeName};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Failure, text};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireNode {
    #[serde(default)]
    namespace: String,
    name: String,
    #[serde(default)]
    depends_on: Vec<DependencyReference>,
}

pub(super) fn order(input: &Value) -> Result<Value, Failure> {
    let nodes = input.get("nodes").unwrap_or(&Value::Null);
    let nodes = Vec::<WireNode>::deserialize(nodes).map_err(Failure::bad_input)?;
    let nodes = nodes.into_iter().map(|node| Node {
        name: NodeName::new(node.namespace, node.name),
        depends_on: node.depends_on,
    });
    let graph = Graph::from_iter(nodes);
    let order = graph
        .order()
        .map_err(|cycle| Failure::new("cycle", cycle))?;
    let names: Vec<_> = order.iter().map(|step| step.name.to_string()).collect();
    Ok(json!({"order": names}))
}

pub(super) fn parse(input: &Value) -> Result<Value, Failure> {
    let reference = DependencyReference::from(text(input, "text")?);
    Ok(json!({
        "namespace": reference.namespace.clone().unwrap_or_default(),
        "name": reference.name,
        "readyExpr": reference.ready_expr.clone().unwrap_or_default(),
        "text": reference.to_string(),
    }))
}
