use std::fmt;

use serde_json::Value;

/// Why an object cannot be judged. Whoever waits takes it as [`Status::Unknown`](super::Status::Unknown) and asks again,
/// until the time is over.
///
/// Nearly always the writer of the object's status has to repair it: a controller that writes fields of its own under the
/// names that Kubernetes uses. The texts of `Conditions` and `Phase` are upstream's.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// `metadata.deletionTimestamp` is no text.
    #[error("looking up metadata.deletionTimestamp from resource: it is no text")]
    DeletionTimestamp,
    /// `metadata.generation` is no integer.
    #[error("looking up metadata.generation from resource: it is no integer")]
    Generation,
    /// `status.observedGeneration` is no integer. An explicit null is none, and neither is `2.0`.
    #[error("looking up status.observedGeneration from resource: it is no integer")]
    ObservedGeneration,
    /// `status.conditions` has another shape than a list of maps of texts.
    #[error(transparent)]
    Conditions(#[from] Misshapen),
    /// A Pod in a phase that nobody knows.
    #[error("unknown phase {0}")]
    Phase(String),
    /// `status.containerStatuses` of a Pod is no list.
    #[error("status.containerStatuses is no list")]
    ContainerStatuses,
    /// A container status of a Pod has a shape on which the controllers crash.
    #[error("a container status has another shape than the API says")]
    Crash,
    /// `spec.selector` of a workload is absent or none that selects: the objects below it cannot be found.
    #[error("{0}")]
    Selector(String),
    /// The `apiVersion` of a health check has more than one slash.
    #[error("unexpected GroupVersion string: {0}")]
    ApiVersion(String),
    /// An expression of a custom health check could not be evaluated, or its result is no boolean.
    #[error("{0}")]
    Expression(String),
}

/// What stands where a part of `status.conditions` belongs. `Display` is upstream's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Misshapen {
    part: Part,
    found: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// The status, or one condition.
    Map,
    List,
    /// Type, reason or message.
    Text,
    /// The status of a condition.
    ConditionStatus,
}

impl Misshapen {
    pub(super) fn new(part: Part, found: &Value) -> Self {
        let found = match found {
            Value::Null => "invalid",
            Value::Bool(_) => "bool",
            Value::Number(number) if number.is_i64() => "int64",
            Value::Number(_) => "float64",
            Value::String(_) => "string",
            Value::Array(_) => "slice",
            Value::Object(_) => "map",
        };
        Self { part, found }
    }
}

impl std::error::Error for Misshapen {}

impl fmt::Display for Misshapen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.part, self.found) {
            (Part::Map, found) => write!(f, "cannot restore struct from: {found}"),
            (Part::List, found) => write!(f, "cannot restore slice from {found}"),
            (Part::Text, "int64") => f.write_str("cannot convert int64 to string"),
            (Part::ConditionStatus, "int64") => {
                f.write_str("cannot convert int64 to v1.ConditionStatus")
            }
            (Part::Text | Part::ConditionStatus, _) => f.write_str("unrecognized type: string"),
        }
    }
}
