use std::collections::BTreeMap;

use chrono::{DateTime, SubsecRound, Utc};
use fluxcd_api::event::v1beta1::{Event, MESSAGE_LIMIT, ObjectReference, Severity};
use fluxcd_api::meta::{key, time};
use serde_json::Value;

/// What happened to an object.
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct Report {
    /// How bad it is.
    pub severity: Severity,
    /// What happened, for programs: one word.
    pub reason: String,
    /// What happened, for people.
    pub message: String,
    /// What was being done, in the events of Flux 2.10: a word of [`action`](fluxcd_api::event::action).
    pub action: Option<String>,
    /// What else had a part in it (2.10).
    pub related: Option<ObjectReference>,
    /// More about it. Keys of a controller begin with the API group of its kind and a slash.
    pub metadata: BTreeMap<String, String>,
}

/// Who says so.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reporter {
    /// Name of the controller.
    pub controller: String,
    /// Name of the Pod, or of the host.
    pub instance: Option<String>,
}

/// Why an event is not sent to notification-controller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Withheld {
    /// It is for developers of controllers.
    Trace,
    /// Its object has no kind.
    NoKind,
    /// Its object has no name.
    NoName,
    /// Its object is one of the whole cluster.
    NoNamespace,
}

impl Report {
    /// Something happened.
    pub fn info(reason: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(Severity::Info, reason, message)
    }

    /// Something went wrong.
    pub fn error(reason: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, reason, message)
    }

    /// With any severity.
    pub fn new(severity: Severity, reason: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            severity,
            reason: reason.into(),
            message: message.into(),
            action: None,
            related: None,
            metadata: BTreeMap::new(),
        }
    }

    /// With one more entry of the metadata.
    pub fn with(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.metadata.insert(key.into(), value.into());
        self
    }

    /// The event: about an object as it is in the cluster, at a time in whole seconds.
    ///
    /// # Examples
    ///
    /// ```
    /// use chrono::DateTime;
    /// use fluxcd_core::notify::{Report, Reporter, forward};
    /// use serde_json::json;
    ///
    /// let apps = json!({
    ///     "apiVersion": "kustomize.toolkit.fluxcd.io/v1", "kind": "Kustomization",
    ///     "metadata": {
    ///         "name": "apps", "namespace": "flux-system",
    ///         "annotations": {"event.toolkit.fluxcd.io/env": "prod", "other": "not copied"},
    ///     },
    /// });
    /// let reporter = Reporter { controller: "kustomize-controller".to_owned(), instance: None };
    /// let report = Report::info("ReconciliationSucceeded", "done").with("kustomize.toolkit.fluxcd.io/revision", "main@sha1:1");
    /// let event = report.about(&apps, &reporter, DateTime::UNIX_EPOCH);
    ///
    /// assert!(event.has_metadata("event.toolkit.fluxcd.io/env", "prod"));
    /// assert_eq!(event.metadata.as_ref().map(|metadata| metadata.len()), Some(2));
    /// assert_eq!(forward(&event), Ok(()));
    /// ```
    #[must_use]
    pub fn about(self, object: &Value, reporter: &Reporter, now: DateTime<Utc>) -> Event {
        let mut metadata = self.metadata;
        let annotations = object.pointer("/metadata/annotations");
        let annotations = annotations.and_then(Value::as_object).into_iter().flatten();
        for (key, value) in annotations {
            if let (true, Some(value)) = (key.starts_with(key::EVENT_PREFIX), value.as_str()) {
                metadata.insert(key.clone(), value.to_owned());
            }
        }
        let mut message = self.message;
        if let Some((end, _)) = message.char_indices().nth(MESSAGE_LIMIT) {
            message.truncate(end);
        }
        Event {
            involved_object: reference(object),
            related_object: self.related,
            severity: self.severity,
            timestamp: time::from_chrono(now.trunc_subsecs(0)).unwrap_or_else(time::unix_epoch),
            message,
            reason: self.reason,
            action: self.action,
            metadata: (!metadata.is_empty()).then_some(metadata),
            reporting_controller: reporter.controller.clone(),
            reporting_instance: reporter.instance.clone(),
        }
    }
}

/// A reference to an object, as events carry it.
///
/// Source: k8s.io/client-go v0.36.2: `tools/reference/ref.go (GetReference)`.
#[must_use]
pub fn reference(object: &Value) -> ObjectReference {
    let text = |parent: Option<&Value>, key: &str| {
        let text = parent.and_then(|parent| parent.get(key)?.as_str());
        text.filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let (object, metadata) = (Some(object), object.get("metadata"));
    ObjectReference {
        kind: text(object, "kind"),
        namespace: text(metadata, "namespace"),
        name: text(metadata, "name"),
        uid: text(metadata, "uid"),
        api_version: text(object, "apiVersion"),
        resource_version: text(metadata, "resourceVersion"),
        field_path: None,
    }
}

/// Whether an event is sent to notification-controller.
///
/// Source: fluxcd/pkg runtime v0.110.3: `events/recorder.go (AnnotatedEventf)`.
///
/// # Errors
///
/// Why not.
pub fn forward(event: &Event) -> Result<(), Withheld> {
    let object = &event.involved_object;
    let is_empty = |text: &Option<String>| text.as_deref().unwrap_or_default().is_empty();
    match event.severity {
        Severity::Trace => Err(Withheld::Trace),
        _ if is_empty(&object.kind) => Err(Withheld::NoKind),
        _ if is_empty(&object.name) => Err(Withheld::NoName),
        _ if is_empty(&object.namespace) => Err(Withheld::NoNamespace),
        _ => Ok(()),
    }
}

/// The type of the Kubernetes event: `Warning` for errors, `Normal` for all else.
#[must_use]
pub fn kubernetes_type(severity: &Severity) -> &'static str {
    match severity {
        Severity::Error => "Warning",
        _ => "Normal",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn object(namespace: &str) -> Value {
        json!({
            "apiVersion": "v1", "kind": "Node",
            "metadata": {"name": "a", "namespace": namespace, "uid": "u", "resourceVersion": "7"},
        })
    }

    fn event(report: Report, object: &Value) -> Event {
        let now = DateTime::from_timestamp(1, 999_999_999).unwrap();
        report.about(object, &Reporter::default(), now)
    }

    #[test]
    fn annotations_of_the_object_win() {
        let mut annotated = object("x");
        annotated["metadata"]["annotations"] =
            json!({"event.toolkit.fluxcd.io/env": "prod", "a": "b"});
        let report = Report::info("R", "m")
            .with("event.toolkit.fluxcd.io/env", "test")
            .with("g/k", "v");
        let metadata = event(report, &annotated).metadata.unwrap();
        assert_eq!(
            metadata.into_iter().collect::<Vec<_>>(),
            [
                ("event.toolkit.fluxcd.io/env".to_owned(), "prod".to_owned()),
                ("g/k".to_owned(), "v".to_owned()),
            ]
        );
    }

    #[test]
    fn the_wire_form_has_whole_seconds_and_no_empty_members() {
        let wire = serde_json::to_string(&event(Report::error("R", "m"), &object(""))).unwrap();
        assert_eq!(
            wire,
            r#"{"involvedObject":{"kind":"Node","name":"a","uid":"u","apiVersion":"v1","resourceVersion":"7"},"severity":"error","timestamp":"1970-01-01T00:00:01Z","message":"m","reason":"R","reportingController":""}"#,
        );
    }

    #[test]
    fn neither_traces_nor_objects_of_the_whole_cluster_are_forwarded() {
        let forward = |report, object: &Value| forward(&event(report, object));
        assert_eq!(forward(Report::info("R", "m"), &object("x")), Ok(()));
        assert_eq!(
            forward(Report::info("R", "m"), &object("")),
            Err(Withheld::NoNamespace)
        );
        let trace = Report::new(Severity::Trace, "R", "m");
        assert_eq!(forward(trace, &object("x")), Err(Withheld::Trace));
        assert_eq!(
            forward(Report::info("R", "m"), &json!({})),
            Err(Withheld::NoKind)
        );
        assert_eq!(
            forward(Report::info("R", "m"), &json!({"kind": "A"})),
            Err(Withheld::NoName)
        );
    }

    #[test]
    fn a_long_message_is_cut_between_characters() {
        let long = "ä".repeat(MESSAGE_LIMIT + 1);
        let cut = event(Report::info("R", long), &object("x")).message;
        assert_eq!(
            (cut.chars().count(), cut.len()),
            (MESSAGE_LIMIT, 2 * MESSAGE_LIMIT)
        );
    }
}
