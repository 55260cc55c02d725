use fluxcd_api::kustomize::v1::Kustomization;
use fluxcd_api::meta::DependencyReference;
use fluxcd_core::graph::{Expressions, Gate, Graph, Node, NodeName, NotReady};
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

pub(super) fn ready(input: &Value) -> Result<Value, Failure> {
    let read = |value: &Value| Kustomization::deserialize(value).map_err(Failure::bad_input);
    let object = read(&input["self"])?;
    let others = input["objects"].as_array().into_iter().flatten();
    let others: Vec<Kustomization> = others.map(read).collect::<Result<_, _>>()?;
    let mut gate = Gate::default();
    if input["additive"] == true {
        gate.expressions = Expressions::Add;
    }
    let find = |name: &NodeName| others.iter().find(|other| Node::from(*other).name == *name);
    let Some(waiting) = gate.kustomization(&object, text(input, "artifactRevision")?, find) else {
        return Ok(json!({"ready": true}));
    };
    let kind = match waiting.why {
        NotReady::Missing => "missing",
        NotReady::ExpressionInvalid(_) => "expression-invalid",
        NotReady::ExpressionFailed(_) => "expression-failed",
        NotReady::ExpressionFalse => "expression-false",
        NotReady::Outdated { .. } | NotReady::Condition(_) => "not-ready",
        NotReady::Revision { .. } => "revision",
        _ => "unknown",
    };
    Err(Failure::new(kind, waiting))
}

/// The texts of expressions and of the API server are none.
pub(super) fn ready_contract<'a>(kind: &str, message: &'a str) -> &'a str {
    match kind {
        "expression-failed" | "expression-invalid" => "",
        "missing" => message.split(':').next().unwrap_or_default(),
        _ => message,
    }
}
