//! The event, in the shape of Flux 2.9 (`v1beta1`) and 2.10 (`v1`).
//!
//! Both are one type, because a receiver cannot tell them apart but by [`Event::action`], and must take both.
//!
//! Source: `fluxcd/pkg: apis/event/v1beta1/event.go`, `apis/event/v1/event.go`.

use std::collections::BTreeMap;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use serde::{Deserialize, Serialize};

use crate::meta::key;
use crate::wire::open_enum;

/// The longest message, in characters.
pub const MESSAGE_LIMIT: usize = 39_000;

/// Something that a controller did or could not do.
///
/// Members are written in the order of the fields, as Go does: receivers check a signature over the bytes.
///
/// # Examples
///
/// ```
/// use fluxcd_api::event::v1beta1::{Event, Severity};
///
/// let text = r#"{"involvedObject":{"kind":"Kustomization","name":"apps"},"severity":"info",
///     "timestamp":"2026-01-01T00:00:00Z","message":"ok","reason":"Progressing",
///     "metadata":{"revision":"main@sha1:aa"},"reportingController":"kustomize-controller"}"#;
/// let event: Event = serde_json::from_str(text).unwrap();
/// assert_eq!((&event.severity, event.action.as_deref()), (&Severity::Info, None));
/// assert_eq!(event.revision(), Some("main@sha1:aa"));
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Event {
    /// What it is about.
    pub involved_object: ObjectReference,
    /// What else had a part in it, such as the source (2.10).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub related_object: Option<ObjectReference>,
    /// How bad it is.
    pub severity: Severity,
    /// When it was.
    #[cfg_attr(feature = "schema", schemars(with = "crate::schema::Timestamp"))]
    pub timestamp: Time,
    /// What happened, for people. At most [`MESSAGE_LIMIT`] characters.
    pub message: String,
    /// What happened, for programs.
    pub reason: String,
    /// What was being done: a word of [`action`](crate::event::action). Absent in 2.9; always there in 2.10, maybe
    /// empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// More about it: the `EVENT_*` keys of [`key`], and others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<BTreeMap<String, String>>,
    /// Name of the controller.
    pub reporting_controller: String,
    /// Name of the Pod.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reporting_instance: Option<String>,
}

/// The object that an event is about.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ObjectReference {
    /// Its kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Its namespace.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its uid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uid: Option<String>,
    /// Its group and version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api_version: Option<String>,
    /// The version of it that the controller saw.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_version: Option<String>,
    /// The part of it that is meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field_path: Option<String>,
}

open_enum! {
    /// How bad an event is.
    Severity {
        /// For developers of controllers; not sent to providers.
        Trace = "trace",
        /// Something happened.
        Info = "info",
        /// Something went wrong.
        Error = "error",
    }
}

impl Event {
    /// Whether it has that reason.
    #[must_use]
    pub fn has_reason(&self, reason: &str) -> bool {
        self.reason == reason
    }

    /// Whether its metadata has that value under that key.
    #[must_use]
    pub fn has_metadata(&self, key: &str, value: &str) -> bool {
        self.metadata_value(key) == Some(value)
    }

    /// The revision that it is about: the value of `commit`, else of `originRevision`, else of `revision`. The first key
    /// that is there wins, also with an empty value.
    ///
    /// Source: `fluxcd/pkg: apis/event/v1/event.go (GetRevision)`.
    #[must_use]
    pub fn revision(&self) -> Option<&str> {
        [
            key::EVENT_COMMIT,
            key::EVENT_ORIGIN_REVISION,
            key::EVENT_REVISION,
        ]
        .into_iter()
        .find_map(|key| self.metadata_value(key))
    }

    fn metadata_value(&self, key: &str) -> Option<&str> {
        self.metadata.as_ref()?.get(key).map(String::as_str)
    }
}

impl Default for Event {
    fn default() -> Self {
        Self {
            involved_object: ObjectReference::default(),
            related_object: None,
            severity: Severity::default(),
            timestamp: crate::meta::time::unix_epoch(),
            message: String::new(),
            reason: String::new(),
            action: None,
            metadata: None,
            reporting_controller: String::new(),
            reporting_instance: None,
        }
    }
}
