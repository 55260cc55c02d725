//! How lists and maps of a kind are merged: by key, as sets, or as a whole.

use serde_json::Value;

use super::kinds::{Origin, Served};

/// A place in an object, as far as merging goes.
#[derive(Clone, Copy)]
pub(super) enum Shape<'s> {
    /// `metadata` of any kind, and below: the name of the field.
    Metadata(&'s str),
    /// A built-in kind: its name, the name of the field, and that of the field above.
    BuiltIn {
        kind: &'s str,
        field: &'s str,
        above: &'s str,
    },
    /// A kind with a definition: the part of its schema, if there is one.
    Declared(Option<&'s Value>),
    /// What a schema leaves open.
    Free,
}

/// How a list is merged.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum List<'s> {
    Whole,
    Set,
    Keys(Vec<&'s str>),
}

impl<'s> Shape<'s> {
    pub(super) fn of(kind: &'s Served) -> Self {
        match &kind.origin {
            Origin::BuiltIn => Self::BuiltIn {
                kind: &kind.kind,
                field: "",
                above: "",
            },
            Origin::Custom { schema } => Self::Declared(schema.as_ref()),
        }
    }

    /// The field below a map. Only the outermost `metadata` is that of the object.
    pub(super) fn field(self, name: &'s str, depth: usize) -> Self {
        match self {
            _ if depth == 0 && name == "metadata" => Self::Metadata("metadata"),
            Self::Metadata(_) => Self::Metadata(name),
            Self::BuiltIn { kind, field, .. } => Self::BuiltIn {
                kind,
                field: name,
                above: field,
            },
            Self::Declared(Some(schema)) => {
                let properties = schema.get("properties").and_then(|all| all.get(name));
                let found = properties.or_else(|| schema.get("additionalProperties"));
                found.map_or(Self::Free, |found| Self::Declared(Some(found)))
            }
            Self::Declared(None) | Self::Free => self,
        }
    }

    /// The items of a list.
    pub(super) fn item(self) -> Self {
        match self {
            Self::Declared(Some(schema)) => {
                let items = schema.get("items");
                items.map_or(Self::Free, |items| Self::Declared(Some(items)))
            }
            Self::Declared(None) | Self::Free => self,
            Self::BuiltIn { kind, field, .. } => Self::BuiltIn {
                kind,
                field: "",
                above: field,
            },
            Self::Metadata(_) => Self::Metadata(""),
        }
    }

    pub(super) fn list(self) -> List<'s> {
        match self {
            Self::Metadata("finalizers") => List::Set,
            Self::Metadata("ownerReferences") => List::Keys(vec!["uid"]),
            Self::Metadata(_) | Self::Free => List::Whole,
            Self::BuiltIn { kind, field, above } => {
                let keys: &[&str] = match field {
                    "containers"
                    | "initContainers"
                    | "ephemeralContainers"
                    | "volumes"
                    | "env"
                    | "imagePullSecrets"
                    | "resourceClaims"
                    | "schedulingGates"
                    | "webhooks" => &["name"],
                    "secrets" if kind == "ServiceAccount" => &["name"],
                    "volumeMounts" => &["mountPath"],
                    "volumeDevices" => &["devicePath"],
                    "ports" if kind == "Service" => &["port", "protocol"],
                    "ports" if above.is_empty() => &["containerPort", "protocol"],
                    "conditions" => &["type"],
                    "hostAliases" | "podIPs" | "hostIPs" => &["ip"],
                    "topologySpreadConstraints" => &["topologyKey", "whenUnsatisfiable"],
                    _ => return List::Whole,
                };
                List::Keys(keys.to_vec())
            }
            Self::Declared(schema) => {
                let text = |name: &str| schema?.get(name)?.as_str();
                match text("x-kubernetes-list-type") {
                    Some("set") => List::Set,
                    Some("map") => {
                        let keys = schema.and_then(|it| it.get("x-kubernetes-list-map-keys"));
                        let keys = keys.and_then(Value::as_array).into_iter().flatten();
                        List::Keys(keys.filter_map(Value::as_str).collect())
                    }
                    _ => List::Whole,
                }
            }
        }
    }

    /// Whether a map is replaced as a whole.
    pub(super) fn is_whole_map(self) -> bool {
        match self {
            Self::Metadata(_) | Self::Free => false,
            Self::BuiltIn { field, .. } => matches!(
                field,
                "selector"
                    | "labelSelector"
                    | "namespaceSelector"
                    | "podSelector"
                    | "objectSelector"
                    | "nodeSelector"
                    | "secretKeyRef"
                    | "configMapKeyRef"
                    | "fieldRef"
                    | "resourceFieldRef"
                    | "roleRef"
                    | "claimRef"
                    | "involvedObject"
                    | "regarding"
                    | "related"
            ),
            Self::Declared(schema) => {
                let map = schema.and_then(|schema| schema.get("x-kubernetes-map-type"));
                map.is_some_and(|map| map == "atomic")
            }
        }
    }

    /// Whether the field is an entry of a map, and not a member that the kind has anyway.
    pub(super) fn is_entry(self, name: &str) -> bool {
        match self {
            Self::Metadata(field) => matches!(field, "labels" | "annotations"),
            Self::BuiltIn { .. } | Self::Declared(None) => false,
            Self::Declared(Some(schema)) => {
                let member = schema.get("properties").and_then(|all| all.get(name));
                member.is_none() && !matches!(name, "apiVersion" | "kind" | "metadata")
            }
            Self::Free => true,
        }
    }

    /// Whether objects of the kind have the field even before it is set.
    pub(super) fn is_always_there(self) -> bool {
        match self {
            Self::Metadata(field) => field == "metadata",
            Self::BuiltIn { field, .. } => {
                matches!(
                    field,
                    "" | "metadata" | "spec" | "status" | "template" | "containers"
                )
            }
            _ => false,
        }
    }
}
