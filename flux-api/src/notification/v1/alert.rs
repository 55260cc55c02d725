//! Alert: which events are sent where.
//!
//! Source: `notification-controller: api/v1/{alert,reference}_types.go`, version 1.10.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::meta::{Effective, Kind, LocalObjectReference, ObjectMeta};
use crate::registry::{self, Registered, Registration};
use crate::resource::{FluxResource, View};
use crate::wire::{kind, open_enum, setters};

kind! {
    /// Sends the events of some objects through a [`Provider`](super::Provider).
    Alert { spec: AlertSpec }
    registration: registry::ALERT_V1,
    crd: [Alert, crate::notification::v1beta3::Alert]
}

/// Which events are sent, and through what.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct AlertSpec {
    /// The Provider that sends.
    pub provider_ref: LocalObjectReference,
    /// The least severity that is sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("default" = "info")))]
    pub event_severity: Option<EventSeverity>,
    /// The objects whose events are sent.
    pub event_sources: Vec<EventSource>,
    /// Go regular expressions: only messages that match one are sent. Absent: all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inclusion_list: Option<Vec<String>>,
    /// Metadata that is added to each event. It wins over annotations of the object, and the controller wins over it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event_metadata: Option<BTreeMap<String, String>>,
    /// Go regular expressions: messages that match one are not sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exclusion_list: Option<Vec<String>>,
    /// True switches sending off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suspend: Option<bool>,
}

/// Objects whose events are sent.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct EventSource {
    /// Group and version; absent means the ones that Flux serves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api_version: Option<String>,
    /// Their kind.
    #[cfg_attr(feature = "schema", schemars(extend("enum" = crate::notification::v1::EVENT_KINDS)))]
    pub kind: Kind,
    /// Their name; `*` is all.
    #[cfg_attr(feature = "schema", schemars(extend("minLength" = 1, "maxLength" = 253)))]
    pub name: String,
    /// Their namespace. Absent: that of the Alert.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("minLength" = 1, "maxLength" = 253)))]
    pub namespace: Option<String>,
    /// With the name `*`: only objects with all of these labels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub match_labels: Option<BTreeMap<String, String>>,
}

open_enum! {
    /// How bad an event is. `trace` exists in events, but no Alert sends it.
    EventSeverity { Info = "info", Error = "error" }
}

setters! {
    AlertSpec {
        with_event_metadata => event_metadata: BTreeMap<String, String>,
        with_event_severity => event_severity: EventSeverity,
        with_exclusion_list => exclusion_list: Vec<String>,
        with_inclusion_list => inclusion_list: Vec<String>,
        with_suspend => suspend: bool,
    }
}

impl AlertSpec {
    /// Sends all events of these objects.
    #[must_use]
    pub fn new(provider: impl Into<String>, event_sources: Vec<EventSource>) -> Self {
        Self {
            provider_ref: LocalObjectReference {
                name: provider.into(),
            },
            event_sources,
            ..Self::default()
        }
    }

    /// The least severity that is sent; the API server writes `info` where nothing is given.
    #[must_use]
    pub fn effective_event_severity(&self) -> Effective<EventSeverity> {
        let written = self
            .event_severity
            .clone()
            .filter(|word| !word.as_str().is_empty());
        Effective::spec_or(written, EventSeverity::Info)
    }
}

impl EventSource {
    /// One object, or all of a kind with the name `*`, in the namespace of the Alert.
    #[must_use]
    pub fn new(kind: impl Into<Kind>, name: impl Into<String>) -> Self {
        Self {
            kind: kind.into(),
            name: name.into(),
            ..Self::default()
        }
    }
}

impl FluxResource for Alert {
    fn registration(&self) -> Option<&'static Registration> {
        Some(Self::REGISTRATION)
    }

    fn metadata(&self) -> &ObjectMeta {
        &self.metadata
    }

    fn view(&self) -> View<'_> {
        View {
            suspended: self.spec.suspend.unwrap_or_default(),
            ..View::default()
        }
    }
}
