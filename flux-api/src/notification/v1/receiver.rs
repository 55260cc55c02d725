//! Receiver: a webhook that makes objects reconcile.
//!
//! Source: `notification-controller: api/v1/receiver_types.go`, version 1.10.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::meta::{Condition, Duration, Effective, Kind, LocalObjectReference, ObjectMeta};
use crate::registry::{self, Registered, Registration};
use crate::resource::{FluxResource, View, status_view};
use crate::wire::{kind, open_enum, setters};

kind! {
    /// Makes objects reconcile when some service calls.
    Receiver { spec: ReceiverSpec, status: ReceiverStatus }
    registration: registry::RECEIVER_V1,
    crd: [Receiver]
}

/// Who calls, how the call is verified, and what it makes reconcile.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(
    feature = "schema",
    schemars(extend("x-kubernetes-validations" = [
        {
            "rule": "self.type != 'generic-oidc' || (has(self.oidcProviders) && size(self.oidcProviders) > 0)",
            "message": "generic-oidc receivers must define at least one oidcProvider"
        },
        {
            "rule": "self.type == 'generic-oidc' || !has(self.oidcProviders) || size(self.oidcProviders) == 0",
            "message": "oidcProviders can only be set when type is generic-oidc"
        },
        {
            "rule": "self.type != 'generic-oidc' || !has(self.secretRef)",
            "message": "secretRef cannot be set when type is generic-oidc"
        },
        {
            "rule": "self.type == 'generic-oidc' || has(self.secretRef)",
            "message": "secretRef is required when type is not generic-oidc"
        },
    ]))
)]
#[serde(rename_all = "camelCase")]
pub struct ReceiverSpec {
    /// The service that calls; it decides how a call is verified.
    pub type_: ReceiverType,
    /// How often the Receiver itself is looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<crate::schema::Interval>", extend("default" = "10m")))]
    pub interval: Option<Duration>,
    /// Names of events that count, in the words of the service. Absent: all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub events: Option<Vec<String>>,
    /// What a call makes reconcile.
    pub resources: Vec<ReceiverResource>,
    /// CEL expression over `req` and `res` that chooses among the resources.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_filter: Option<String>,
    /// Secret with `token`. For every type but `generic-oidc`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret_ref: Option<LocalObjectReference>,
    /// Who may issue the tokens of callers; for `generic-oidc` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["issuerURL"])))]
    pub oidc_providers: Option<Vec<OidcProvider>>,
    /// True switches the webhook off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suspend: Option<bool>,
}

/// Objects that a call makes reconcile.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ReceiverResource {
    /// Group and version; absent means the ones that Flux serves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api_version: Option<String>,
    /// Their kind.
    #[cfg_attr(feature = "schema", schemars(extend("enum" = crate::notification::v1::EVENT_KINDS)))]
    pub kind: Kind,
    /// Their name; `*` is all.
    #[cfg_attr(feature = "schema", schemars(extend("minLength" = 1, "maxLength" = 253)))]
    pub name: String,
    /// Their namespace. Absent: that of the Receiver.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("minLength" = 1, "maxLength" = 253)))]
    pub namespace: Option<String>,
    /// With the name `*`: only objects with all of these labels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub match_labels: Option<BTreeMap<String, String>>,
    /// CEL expression over `req` and `res`, as `spec.resourceFilter`, for these objects only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter: Option<String>,
}

/// Someone who issues tokens for callers.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct OidcProvider {
    /// Address of the issuer, as in the claim `iss`.
    #[serde(rename = "issuerURL")]
    #[cfg_attr(feature = "schema", schemars(extend("pattern" = "^https?://")))]
    pub issuer_url: String,
    /// The claim `aud` that is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audience: Option<String>,
    /// Named CEL expressions for use in the validations.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variables: Option<Vec<OidcVariable>>,
    /// What must be true of the claims; all of them.
    #[cfg_attr(feature = "schema", schemars(extend("minItems" = 1)))]
    pub validations: Vec<OidcValidation>,
}

/// A named CEL expression.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct OidcVariable {
    /// Its name.
    pub name: String,
    /// The expression over `claims` and the variables before it.
    pub expression: String,
}

/// Something that must be true of the claims of a token.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct OidcValidation {
    /// CEL expression over `claims` and the variables.
    pub expression: String,
    /// What is said when it is not.
    pub message: String,
}

/// What notification-controller last did.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(extend("default" = {"observedGeneration": -1})))]
#[serde(rename_all = "camelCase")]
pub struct ReceiverStatus {
    /// Ready, Reconciling, Stalled.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "schema",
        schemars(with = "Option<crate::schema::Conditions>")
    )]
    pub conditions: Option<Vec<Condition>>,
    /// Path of the webhook, made from the token, the name and the namespace.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub webhook_path: Option<String>,
    /// Generation that this status speaks about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,
    /// The last reconcile request that was acted on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_handled_reconcile_at: Option<String>,
}

open_enum! {
    /// The service that calls a Receiver.
    ReceiverType {
        Generic = "generic",
        GenericHmac = "generic-hmac",
        GenericOidc = "generic-oidc",
        GitHub = "github",
        GitLab = "gitlab",
        Bitbucket = "bitbucket",
        Harbor = "harbor",
        DockerHub = "dockerhub",
        Quay = "quay",
        Gcr = "gcr",
        Nexus = "nexus",
        Acr = "acr",
        CdEvents = "cdevents",
    }
}

setters! {
    ReceiverSpec {
        with_events => events: Vec<String>,
        with_interval => interval: Duration,
        with_oidc_providers => oidc_providers: Vec<OidcProvider>,
        with_resource_filter => resource_filter: String,
        with_secret_ref => secret_ref: LocalObjectReference,
        with_suspend => suspend: bool,
    }
}

impl ReceiverSpec {
    /// Makes these objects reconcile.
    #[must_use]
    pub fn new(type_: impl Into<ReceiverType>, resources: Vec<ReceiverResource>) -> Self {
        Self {
            type_: type_.into(),
            resources,
            ..Self::default()
        }
    }

    /// How often the Receiver itself is looked at; the API server writes ten minutes where nothing is given.
    ///
    /// Source: `notification-controller: api/v1/receiver_types.go (GetInterval)`.
    #[must_use]
    pub fn effective_interval(&self) -> Effective<Duration> {
        Effective::spec_or(self.interval, Duration::from_mins(10))
    }
}

impl ReceiverResource {
    /// One object, or all of a kind with the name `*`, in the namespace of the Receiver.
    #[must_use]
    pub fn new(kind: impl Into<Kind>, name: impl Into<String>) -> Self {
        Self {
            kind: kind.into(),
            name: name.into(),
            ..Self::default()
        }
    }
}

impl FluxResource for Receiver {
    fn registration(&self) -> Option<&'static Registration> {
        Some(Self::REGISTRATION)
    }

    fn metadata(&self) -> &ObjectMeta {
        &self.metadata
    }

    fn view(&self) -> View<'_> {
        View {
            suspended: self.spec.suspend.unwrap_or_default(),
            interval: self.spec.interval,
            ..status_view!(self.status)
        }
    }
}
