//! Schemas of the kinds, as the API server takes them.
//!
//! A derived JSON schema is not a CRD schema: every `Option` becomes nullable, enums become `anyOf`, root members become
//! required. This is the one place where that is put right. What a field adds by itself (limits, patterns, defaults,
//! rules) stands at the field.
//!
//! Two members are ours: `x-overlay` at a field says what this use of a shared type adds (path -> members), and
//! `x-root-validations` at a spec holds the CEL rules of the whole object. [`Structural`] takes both away; who puts a type of
//! this crate into a CRD of their own adds it as a transform.
//!
//! # Laws
//!
//! - `crd()` of a kind has exactly the facts of upstream's CustomResourceDefinition; descriptions are ours.
//! - `crd()` of every version of a kind is the same whole definition, with all served versions: applying it never takes
//!   a version away.
//!
//! # Sources
//!
//! The CRDs of Flux 2.10 as facts: `conformance/crds/2.10/`.

use std::collections::BTreeMap;

use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::{
    CustomResourceColumnDefinition, CustomResourceDefinitionNames, CustomResourceDefinitionSpec,
    CustomResourceDefinitionVersion, CustomResourceSubresourceStatus, CustomResourceSubresources,
    CustomResourceValidation, JSONSchemaProps,
};
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use crate::meta::{ObjectMeta, key};
use crate::registry::{PrinterColumn, Registered, Registration, StatusSubresource, Storage};

mod parts;
mod structural;

pub use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition;

pub use self::parts::{
    AnyValue, AnyValueMap, Conditions, DurationText, Integer, Interval, LabelSelector, NoStatus,
    Timeout, Timestamp,
};
pub use self::structural::Structural;

/// A kind whose spec and status have a schema.
pub trait Described: Registered {
    /// Type of `spec`.
    type Spec: JsonSchema;
    /// Type of `status`; [`NoStatus`] for kinds without one.
    type Status: JsonSchema;
}

/// The schema of a whole object of that kind, as it stands in its CustomResourceDefinition.
///
/// # Examples
///
/// ```
/// use fluxcd_api::kustomize::v1::Kustomization;
/// use fluxcd_api::schema;
///
/// let schema = schema::object::<Kustomization>();
/// assert_eq!(schema["properties"]["spec"]["properties"]["prune"]["type"], "boolean");
/// ```
#[must_use]
pub fn object<K: Described>() -> Value {
    let mut spec = of::<K::Spec>();
    let rules = spec
        .as_object_mut()
        .and_then(|spec| spec.remove("x-root-validations"));
    let mut properties = Map::new();
    let text = |description: &str| json!({ "type": "string", "description": description });
    properties.insert(
        "apiVersion".to_owned(),
        text("Group and version of the kind."),
    );
    properties.insert("kind".to_owned(), text("The kind of the object."));
    properties.insert("metadata".to_owned(), json!({ "type": "object" }));
    properties.insert("spec".to_owned(), spec);
    if matches!(K::REGISTRATION.status, StatusSubresource::Enabled) {
        properties.insert("status".to_owned(), of::<K::Status>());
    }
    let mut root = Map::new();
    root.insert("type".to_owned(), json!("object"));
    root.insert("properties".to_owned(), Value::Object(properties));
    if let Some(rules) = rules {
        root.insert("x-kubernetes-validations".to_owned(), rules);
    }
    Value::Object(root)
}

/// The structural schema of one type.
fn of<T: JsonSchema>() -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.inline_subschemas = true;
        settings.meta_schema = None;
    });
    let mut schema = settings
        .into_generator()
        .into_root_schema_for::<T>()
        .to_value();
    structural::rewrite(&mut schema);
    schema
}

/// One version of a definition.
pub(crate) fn version<K: Described>() -> CustomResourceDefinitionVersion {
    let registration = K::REGISTRATION;
    CustomResourceDefinitionVersion {
        name: registration.version.to_owned(),
        served: true,
        storage: matches!(registration.storage, Storage::Stored),
        deprecated: registration.deprecation.map(|_| true),
        deprecation_warning: registration.deprecation.map(str::to_owned),
        additional_printer_columns: Some(registration.columns.iter().map(column).collect()),
        schema: Some(CustomResourceValidation {
            // The schema is ours, and each kind's is compared with upstream's in a test: it is never another shape.
            open_api_v3_schema: serde_json::from_value::<JSONSchemaProps>(object::<K>()).ok(),
        }),
        subresources: match registration.status {
            StatusSubresource::Enabled => Some(CustomResourceSubresources {
                status: Some(CustomResourceSubresourceStatus(json!({}))),
                ..CustomResourceSubresources::default()
            }),
            StatusSubresource::Absent => None,
        },
        ..CustomResourceDefinitionVersion::default()
    }
}

/// The definition with these versions.
pub(crate) fn definition(
    registration: &Registration,
    versions: &[CustomResourceDefinitionVersion],
) -> CustomResourceDefinition {
    let words = |words: &[&str]| {
        Some(words.iter().map(|&word| word.to_owned()).collect()).filter(|w: &Vec<_>| !w.is_empty())
    };
    CustomResourceDefinition {
        metadata: ObjectMeta {
            name: Some(registration.crd_name.to_owned()),
            // Rules and patterns hold `${`: a Kustomization with substitutions must leave them alone.
            annotations: Some(BTreeMap::from([(
                key::KUSTOMIZE_SUBSTITUTE.to_owned(),
                key::SUBSTITUTE_DISABLED.to_owned(),
            )])),
            ..ObjectMeta::default()
        },
        spec: CustomResourceDefinitionSpec {
            group: registration.group.to_owned(),
            names: CustomResourceDefinitionNames {
                kind: registration.kind.to_owned(),
                list_kind: Some(registration.list_kind.to_owned()),
                plural: registration.plural.to_owned(),
                singular: Some(registration.singular.to_owned()),
                short_names: words(registration.short_names),
                categories: words(registration.categories),
            },
            scope: registration.scope.as_str().to_owned(),
            versions: versions.to_vec(),
            ..CustomResourceDefinitionSpec::default()
        },
        status: None,
    }
}

fn column(column: &PrinterColumn) -> CustomResourceColumnDefinition {
    CustomResourceColumnDefinition {
        name: column.name.to_owned(),
        json_path: column.json_path.to_owned(),
        type_: column.type_.to_owned(),
        priority: Some(column.priority).filter(|&priority| priority != 0),
        ..CustomResourceColumnDefinition::default()
    }
}
