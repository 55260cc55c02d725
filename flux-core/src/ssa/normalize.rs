//! What Flux makes of an object before it applies it.
//!
//! Objects of built-in kinds go through the Go types of Kubernetes and back. So a field that the type does not know is
//! dropped **without a word**, fields that must be there appear (`resources: {}`, `strategy: {}`), and quantities and
//! times are written in their canonical form. An object that does not fit its type stays as it is, again without a word.
//! [`Normalization`] tells both, which the controllers do not.
//!
//! After that, for every object:
//!
//! | what | of which |
//! |---|---|
//! | `protocol: TCP` for ports without one | `containers` (not `initContainers`) of Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, Job, CronJob; ports of a Service |
//! | `stringData` moves into `data`, and wins there | Secret |
//! | `metadata.creationTimestamp` becomes `null` | every object whose metadata are a map or missing |
//! | `status` is removed | every kind but CustomResourceDefinition |
//!
//! Role and ClusterRole of `rbac.authorization.k8s.io/v1` are left alone altogether.
//!
//! ```
//! use fluxcd_core::ssa::normalize::{Conversion, normalize};
//! use serde_json::json;
//!
//! let mut service = json!({
//!     "apiVersion": "v1",
//!     "kind": "Service",
//!     "metadata": {"name": "web"},
//!     "spec": {"ports": [{"port": 80, "targetport": 8080}]},
//! });
//! let done = normalize(&mut service)?;
//! assert_eq!(done.conversion, Conversion::Converted);
//! assert_eq!(done.dropped[0].to_string(), "spec.ports[0].targetport");
//! assert_eq!(service["spec"]["ports"][0], json!({"port": 80, "protocol": "TCP", "targetPort": 0}));
//! # Ok::<(), fluxcd_core::ssa::normalize::Error>(())
//! ```
//!
//! # Laws
//!
//! - Twice is once for an object that fits its type. One that does not, because of its `status`, fits the next time. And a
//!   time within the first second of year 1 is kept once and dropped then.
//! - No field appears that the type does not know.
//! - What is dropped, and that an object did not fit, depends on the object and its kind only.
//!
//! # Traps
//!
//! - Names are case-sensitive, and `null` is the same as nothing.
//! - An integer that does not fit 32 bits is cut, not refused: `replicas: 4294967297` becomes 1. A number with a fraction
//!   does not fit; `2.0` does.
//! - A quantity keeps its text where upstream takes it for canonical: `+5` and `05` stay, `1000m` becomes `1`. `1000E`
//!   becomes `1`, because there is no suffix for it.
//! - A kind of an API version that Kubernetes dropped is still known where client-go has it: `extensions/v1beta1` Ingress.
//! - A custom resource of the kind `Status`, `APIGroup`, `APIGroupList`, `APIResourceList` or `APIVersions` cannot be
//!   normalised at all: the Go library knows these kinds in every group, and the controller panics. So do lists.
//!
//! # Differences
//!
//! - Upstream panics where [`Error::NotAnObject`] is returned; the reconciliation fails in both.
//! - A whole number beyond 64 bits becomes what it becomes on amd64; Go leaves that to the processor.
//! - A quantity with a huge exponent and more than 18 digits keeps upstream computing for as long as it takes; here it is
//!   answered at once.
//!
//! # Sources
//!
//! fluxcd/pkg ssa v0.76.1: `normalize/normalize.go`; k8s.io/apimachinery v0.36.2: `pkg/runtime/converter.go`,
//! `pkg/api/resource`, `pkg/util/intstr`, `pkg/apis/meta/v1/{time,micro_time}.go`; structured-merge-diff v6.3.2:
//! `value/reflectcache.go`; the kinds of k8s.io/client-go v0.36.2: `kubernetes/scheme`.
//! Vectors: `conformance/ssa/`, the operation `ssa.normalize`.

use serde_json::{Map, Value};

use self::convert::{Converted, convert};
use self::shape::{Registration, canonical, registration};
use crate::manifest::FieldPath;

mod convert;
mod defaults;
mod dry_run;
pub(super) mod instant;
mod quantity;
mod shape;
mod shapes;
#[cfg(test)]
mod tests;

pub use self::dry_run::normalize_dry_run;

/// What was done to an object.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "an object that did not fit its type, and what was dropped, is told nowhere else"]
pub struct Normalization {
    /// Whether the object went through the type of its kind.
    pub conversion: Conversion,
    /// The fields that the type of the kind does not know, in the order of the type's fields. They are gone.
    pub dropped: Vec<FieldPath>,
}

/// Whether an object went through the Go type of its kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Conversion {
    /// It did.
    Converted,
    /// Role and ClusterRole are left alone.
    Exempt,
    /// There is no built-in type: a custom resource.
    Unknown,
    /// The object does not fit. It stays as it is, and the API server judges it.
    Mismatch(Mismatch),
}

/// Why an object does not fit its type. Whoever wrote the object repairs it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path}: expected {expected}")]
#[non_exhaustive]
pub struct Mismatch {
    /// The first field that does not fit, in the order of the type's fields.
    pub path: FieldPath,
    /// What the type holds there: `integer`, `text`, `list`, `quantity` and so on.
    pub expected: &'static str,
}

/// Why the reconciliation fails on an object.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Kubernetes' library knows the kind, and it is no object: a list, `Status`, `DeleteOptions`. Whoever wrote the object
    /// repairs it.
    #[error("{api_version} {kind} is no object")]
    NotAnObject {
        /// As the object has it.
        api_version: String,
        /// As the object has it.
        kind: String,
    },
    /// Of [`normalize_dry_run`] alone: a HorizontalPodAutoscaler of an API version that is not built in.
    #[error("no HorizontalPodAutoscaler is known in {api_version:?}")]
    Unregistered {
        /// As the object has it.
        api_version: String,
    },
    /// Of [`normalize_dry_run`] alone: a HorizontalPodAutoscaler that does not fit its type.
    #[error(transparent)]
    Mismatch(#[from] Mismatch),
}

/// Normalises an object before it is applied.
///
/// What that means stands [above](self).
///
/// # Errors
///
/// [`Error::NotAnObject`]; the object is unchanged then.
pub fn normalize(object: &mut Value) -> Result<Normalization, Error> {
    let mut done = Normalization {
        conversion: Conversion::Unknown,
        dropped: Vec::new(),
    };
    let Value::Object(members) = object else {
        return Ok(done);
    };
    let (api_version, kind) = (text(members, "apiVersion"), text(members, "kind"));
    let is_crd = kind.eq_ignore_ascii_case("customresourcedefinition")
        && api_version.starts_with("apiextensions.k8s.io/");
    if api_version == "rbac.authorization.k8s.io/v1" && matches!(kind, "Role" | "ClusterRole") {
        done.conversion = Conversion::Exempt;
        return Ok(done);
    }
    match registration(api_version, kind) {
        Registration::Unknown => {}
        Registration::Other => return Err(not_an_object(api_version, kind)),
        Registration::Object(shape) => match convert(members, shape) {
            Err(mismatch) => done.conversion = Conversion::Mismatch(mismatch),
            Ok(Converted {
                object: mut converted,
                dropped,
            }) => {
                defaults::complete(&mut converted, canonical(api_version), kind);
                *members = converted;
                done.conversion = Conversion::Converted;
                done.dropped = dropped;
            }
        },
    }
    let metadata = members
        .entry("metadata")
        .or_insert_with(|| Value::Object(Map::new()));
    if let Value::Object(metadata) = metadata {
        metadata.insert("creationTimestamp".to_owned(), Value::Null);
    }
    if !is_crd {
        members.remove("status");
    }
    Ok(done)
}

fn not_an_object(api_version: &str, kind: &str) -> Error {
    Error::NotAnObject {
        api_version: api_version.to_owned(),
        kind: kind.to_owned(),
    }
}

fn text<'a>(object: &'a Map<String, Value>, key: &str) -> &'a str {
    object.get(key).and_then(Value::as_str).unwrap_or_default()
}
