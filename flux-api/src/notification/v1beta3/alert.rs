//! Alert in its beta version: with `summary`.
//!
//! Source: `notification-controller: api/v1beta3/alert_types.go`, version 1.10.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::meta::{Effective, LocalObjectReference, ObjectMeta};
use crate::notification::v1::{EventSeverity, EventSource};
use crate::registry::{self, Registered, Registration};
use crate::resource::{FluxResource, View};
use crate::wire::{kind, setters};

kind! {
    /// Sends the events of some objects through a [`Provider`](super::Provider).
    Alert { spec: AlertSpec }
    registration: registry::ALERT_V1BETA3,
    crd: [crate::notification::v1::Alert, Alert]
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
    /// Text that is added to each event. Version 1 has `eventMetadata` with the key `summary` instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("maxLength" = 255)))]
    pub summary: Option<String>,
    /// True switches sending off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suspend: Option<bool>,
}

setters! {
    AlertSpec {
        with_event_metadata => event_metadata: BTreeMap<String, String>,
        with_event_severity => event_severity: EventSeverity,
        with_summary => summary: String,
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
