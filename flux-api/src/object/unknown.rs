//! Objects whose kind or version is not known.

use serde_json::Value;

use crate::meta::{
    Condition, DependencyReference, Duration, NamespacedObjectKindReference, ObjectMeta,
};
use crate::registry::Registration;
use crate::resource::{FluxResource, View};

/// An object that is kept as a value.
///
/// Its view is made by looking where Flux puts things. What is not there, or has another shape, is absent: a later
/// version of a known kind still shows its conditions on a dashboard.
#[derive(Clone, Debug, PartialEq)]
pub struct UnknownObject {
    value: Value,
    metadata: ObjectMeta,
    conditions: Vec<Condition>,
    depends_on: Vec<DependencyReference>,
}

impl UnknownObject {
    /// Keeps that value.
    #[must_use]
    pub fn from_value(value: Value) -> Self {
        Self {
            metadata: part(&value, "/metadata").unwrap_or_default(),
            conditions: part(&value, "/status/conditions").unwrap_or_default(),
            depends_on: part(&value, "/spec/dependsOn").unwrap_or_default(),
            value,
        }
    }

    /// The value as it was.
    #[must_use]
    pub const fn value(&self) -> &Value {
        &self.value
    }

    /// The value as it was.
    #[must_use]
    pub fn into_value(self) -> Value {
        self.value
    }

    fn text(&self, pointer: &str) -> Option<&str> {
        self.value.pointer(pointer).and_then(Value::as_str)
    }
}

impl FluxResource for UnknownObject {
    fn registration(&self) -> Option<&'static Registration> {
        None
    }

    fn metadata(&self) -> &ObjectMeta {
        &self.metadata
    }

    fn api_version(&self) -> String {
        self.text("/apiVersion").unwrap_or_default().to_owned()
    }

    fn kind(&self) -> &str {
        self.text("/kind").unwrap_or_default()
    }

    fn view(&self) -> View<'_> {
        let duration = |pointer| {
            self.text(pointer)
                .and_then(|text| Duration::parse(text).ok())
        };
        let source: Option<NamespacedObjectKindReference> = part(&self.value, "/spec/sourceRef");
        View {
            conditions: &self.conditions,
            suspended: self
                .value
                .pointer("/spec/suspend")
                .and_then(Value::as_bool)
                .unwrap_or_default(),
            interval: duration("/spec/interval"),
            timeout: duration("/spec/timeout"),
            observed_generation: self
                .value
                .pointer("/status/observedGeneration")
                .and_then(Value::as_i64),
            last_handled_reconcile_at: self.text("/status/lastHandledReconcileAt"),
            sources: source.into_iter().collect(),
            depends_on: &self.depends_on,
        }
    }
}

fn part<T: serde::de::DeserializeOwned>(value: &Value, pointer: &str) -> Option<T> {
    T::deserialize(value.pointer(pointer)?).ok()
}
