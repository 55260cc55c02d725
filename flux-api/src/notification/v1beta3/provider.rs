//! Provider in its beta version: with `interval` and `proxy`.
//!
//! Source: `notification-controller: api/v1beta3/provider_types.go`, version 1.10.

use serde::{Deserialize, Serialize};

use crate::meta::{Duration, Effective, LocalObjectReference, ObjectMeta};
use crate::notification::v1::ProviderType;
use crate::registry::{self, Registered, Registration};
use crate::resource::{FluxResource, View};
use crate::wire::{kind, setters};

kind! {
    /// A service that events are sent to.
    Provider { spec: ProviderSpec }
    registration: registry::PROVIDER_V1BETA3,
    crd: [crate::notification::v1::Provider, Provider]
}

/// Which service, and how to reach it.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(
    feature = "schema",
    schemars(extend("x-kubernetes-validations" = [
        {
            "rule": "self.type == 'github' || self.type == 'gitlab' || self.type == 'gitea' || self.type == 'bitbucketserver' || self.type == 'bitbucket' || self.type == 'azuredevops' || !has(self.commitStatusExpr)",
            "message": "spec.commitStatusExpr is only supported for the 'github', 'gitlab', 'gitea', 'bitbucketserver', 'bitbucket', 'azuredevops' provider types"
        },
    ]))
)]
#[serde(rename_all = "camelCase")]
pub struct ProviderSpec {
    /// The service.
    #[cfg_attr(feature = "schema", schemars(extend("enum" = words())))]
    pub type_: ProviderType,
    /// Without effect.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<crate::schema::Interval>"))]
    pub interval: Option<Duration>,
    /// Channel, room, topic or the like.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("maxLength" = 2048)))]
    pub channel: Option<String>,
    /// Name under which messages appear.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("maxLength" = 2048)))]
    pub username: Option<String>,
    /// Address of the service. The key `address` of the Secret wins.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("maxLength" = 2048)))]
    pub address: Option<String>,
    /// Limit for sending one event. Absent: 15 seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<crate::schema::Timeout>"))]
    pub timeout: Option<Duration>,
    /// Address of a proxy. Version 1 has `proxySecretRef` instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("maxLength" = 2048, "pattern" = "^(http|https)://.*$")))]
    pub proxy: Option<String>,
    /// Secret with `address`, `username`, `password` of a proxy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proxy_secret_ref: Option<LocalObjectReference>,
    /// Secret with credentials, and maybe `address` and `headers`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret_ref: Option<LocalObjectReference>,
    /// Account whose identity is used with the services of clouds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_account_name: Option<String>,
    /// Secret with `ca.crt`, `tls.crt`, `tls.key`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cert_secret_ref: Option<LocalObjectReference>,
    /// True switches sending off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suspend: Option<bool>,
    /// CEL expression that makes the id of a commit status; for Git hosts only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commit_status_expr: Option<String>,
}

setters! {
    ProviderSpec {
        with_address => address: String,
        with_channel => channel: String,
        with_secret_ref => secret_ref: LocalObjectReference,
        with_service_account_name => service_account_name: String,
        with_suspend => suspend: bool,
        with_timeout => timeout: Duration,
        with_username => username: String,
    }
}

impl ProviderSpec {
    /// A service of that type.
    #[must_use]
    pub fn new(type_: impl Into<ProviderType>) -> Self {
        Self {
            type_: type_.into(),
            ..Self::default()
        }
    }

    /// Limit for sending one event.
    ///
    /// Source: `notification-controller: api/v1beta3/provider_types.go (GetTimeout)`.
    #[must_use]
    pub fn effective_timeout(&self) -> Effective<Duration> {
        Effective::spec_or(self.timeout, Duration::from_secs(15))
    }
}

impl FluxResource for Provider {
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
            timeout: self.spec.timeout,
            ..View::default()
        }
    }
}

/// The words of this version: `mastodon` came with version 1.
#[cfg(feature = "schema")]
fn words() -> Vec<&'static str> {
    ProviderType::WORDS
        .iter()
        .copied()
        .filter(|&word| word != ProviderType::Mastodon.as_str())
        .collect()
}
