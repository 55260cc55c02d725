//! Provider: a service that events are sent to.
//!
//! Source: `notification-controller: api/v1/provider_types.go`, version 1.10.

use serde::{Deserialize, Serialize};

use crate::meta::{Duration, Effective, LocalObjectReference, ObjectMeta};
use crate::registry::{self, Registered, Registration};
use crate::resource::{FluxResource, View};
use crate::wire::{kind, open_enum, setters};

kind! {
    /// A service that events are sent to.
    Provider { spec: ProviderSpec }
    registration: registry::PROVIDER_V1,
    crd: [Provider, crate::notification::v1beta3::Provider]
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
    pub type_: ProviderType,
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

open_enum! {
    /// The service that a Provider sends to.
    ProviderType {
        Slack = "slack",
        Discord = "discord",
        MsTeams = "msteams",
        Rocket = "rocket",
        Generic = "generic",
        GenericHmac = "generic-hmac",
        GitHub = "github",
        GitLab = "gitlab",
        Gitea = "gitea",
        GiteaPullRequestComment = "giteapullrequestcomment",
        BitbucketServer = "bitbucketserver",
        Bitbucket = "bitbucket",
        AzureDevOps = "azuredevops",
        GoogleChat = "googlechat",
        GooglePubSub = "googlepubsub",
        Webex = "webex",
        Sentry = "sentry",
        AzureEventHub = "azureeventhub",
        Telegram = "telegram",
        Lark = "lark",
        Matrix = "matrix",
        Opsgenie = "opsgenie",
        Alertmanager = "alertmanager",
        Grafana = "grafana",
        GitHubDispatch = "githubdispatch",
        GitHubPullRequestComment = "githubpullrequestcomment",
        GitLabMergeRequestComment = "gitlabmergerequestcomment",
        PagerDuty = "pagerduty",
        DataDog = "datadog",
        Nats = "nats",
        Zulip = "zulip",
        Otel = "otel",
        Zoom = "zoom",
        IncidentIo = "incident.io",
        Mastodon = "mastodon",
    }
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
    /// Source: `notification-controller: api/v1/provider_types.go (GetTimeout)`.
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
            timeout: self.spec.timeout,
            ..View::default()
        }
    }
}
