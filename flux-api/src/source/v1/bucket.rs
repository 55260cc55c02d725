//! Bucket: the objects of an S3-compatible bucket, a Google Cloud bucket or an Azure container.
//!
//! Source: `source-controller: api/v1/{bucket,sts}_types.go`, version 1.10.

use serde::{Deserialize, Serialize};

use crate::meta::{Artifact, Condition, Duration, Effective, LocalObjectReference, ObjectMeta};
use crate::registry::{self, Registered, Registration};
use crate::resource::{FluxResource, View, status_view};
use crate::wire::{kind, open_enum, setters};

kind! {
    /// Fetches the objects of a bucket.
    Bucket { spec: BucketSpec, status: BucketStatus }
    registration: registry::BUCKET_V1,
    crd: [Bucket]
}

/// Which objects are fetched, from where, and how.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(
    feature = "schema",
    schemars(extend("x-kubernetes-validations" = [
        {
            "rule": "self.provider == 'aws' || self.provider == 'generic' || !has(self.sts)",
            "message": "STS configuration is only supported for the 'aws' and 'generic' Bucket providers"
        },
        {
            "rule": "self.provider != 'aws' || !has(self.sts) || self.sts.provider == 'aws'",
            "message": "'aws' is the only supported STS provider for the 'aws' Bucket provider"
        },
        {
            "rule": "self.provider != 'generic' || !has(self.sts) || self.sts.provider == 'ldap'",
            "message": "'ldap' is the only supported STS provider for the 'generic' Bucket provider"
        },
        {
            "rule": "!has(self.sts) || self.sts.provider != 'aws' || !has(self.sts.secretRef)",
            "message": "spec.sts.secretRef is not required for the 'aws' STS provider"
        },
        {
            "rule": "!has(self.sts) || self.sts.provider != 'aws' || !has(self.sts.certSecretRef)",
            "message": "spec.sts.certSecretRef is not required for the 'aws' STS provider"
        },
        {
            "rule": "self.provider != 'generic' || !has(self.serviceAccountName)",
            "message": "ServiceAccountName is not supported for the 'generic' Bucket provider"
        },
        {
            "rule": "!has(self.secretRef) || !has(self.serviceAccountName)",
            "message": "cannot set both .spec.secretRef and .spec.serviceAccountName"
        },
    ]))
)]
#[serde(rename_all = "camelCase")]
pub struct BucketSpec {
    /// Whose interface the bucket speaks, and how to log in.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("default" = "generic")))]
    pub provider: Option<BucketProvider>,
    /// Name of the bucket or container.
    pub bucket_name: String,
    /// Host and port, or an address.
    pub endpoint: String,
    /// Where short-lived credentials come from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sts: Option<BucketSts>,
    /// True allows plain HTTP.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub insecure: Option<bool>,
    /// Region of the bucket.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Only objects whose key starts like this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prefix: Option<String>,
    /// Secret with the credentials of the provider.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret_ref: Option<LocalObjectReference>,
    /// Account whose identity is used with the providers of clouds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_account_name: Option<String>,
    /// Secret with `ca.crt`, `tls.crt`, `tls.key`; for provider `generic`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cert_secret_ref: Option<LocalObjectReference>,
    /// Secret with `address`, `username`, `password` of a proxy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proxy_secret_ref: Option<LocalObjectReference>,
    /// How often the bucket is listed.
    #[cfg_attr(feature = "schema", schemars(with = "crate::schema::Interval"))]
    pub interval: Duration,
    /// Limit for one fetch.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<crate::schema::Timeout>", extend("default" = "60s")))]
    pub timeout: Option<Duration>,
    /// Rules for objects that are left out, in the form of `.gitignore`. They replace the default rules.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ignore: Option<String>,
    /// True switches reconciliation off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suspend: Option<bool>,
}

/// Where short-lived credentials come from.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct BucketSts {
    /// The kind of service.
    pub provider: StsProvider,
    /// Address of the service.
    #[cfg_attr(feature = "schema", schemars(extend("pattern" = "^(http|https)://.*$")))]
    pub endpoint: String,
    /// Secret with `username` and `password` for LDAP.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret_ref: Option<LocalObjectReference>,
    /// Secret with `ca.crt`, `tls.crt`, `tls.key` for LDAP.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cert_secret_ref: Option<LocalObjectReference>,
}

/// What source-controller last did.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(extend("default" = {"observedGeneration": -1})))]
#[serde(rename_all = "camelCase")]
pub struct BucketStatus {
    /// Generation that this status speaks about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,
    /// Ready, FetchFailed, and others.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "schema",
        schemars(with = "Option<crate::schema::Conditions>")
    )]
    pub conditions: Option<Vec<Condition>>,
    /// Address of the newest artifact in the storage.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// What was fetched last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub artifact: Option<Artifact>,
    /// `spec.ignore` when the artifact was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observed_ignore: Option<String>,
    /// The last reconcile request that was acted on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_handled_reconcile_at: Option<String>,
}

open_enum! {
    /// Whose interface a bucket speaks.
    BucketProvider { Generic = "generic", Aws = "aws", Gcp = "gcp", Azure = "azure" }
}

open_enum! {
    /// The kind of service that issues short-lived credentials.
    StsProvider { Aws = "aws", Ldap = "ldap" }
}

setters! {
    BucketSpec {
        with_ignore => ignore: String,
        with_prefix => prefix: String,
        with_provider => provider: BucketProvider,
        with_region => region: String,
        with_secret_ref => secret_ref: LocalObjectReference,
        with_service_account_name => service_account_name: String,
        with_suspend => suspend: bool,
        with_timeout => timeout: Duration,
    }
}

impl BucketSpec {
    /// All objects of that bucket.
    #[must_use]
    pub fn new(
        bucket_name: impl Into<String>,
        endpoint: impl Into<String>,
        interval: Duration,
    ) -> Self {
        Self {
            bucket_name: bucket_name.into(),
            endpoint: endpoint.into(),
            interval,
            ..Self::default()
        }
    }

    /// Whose interface it speaks; the API server writes `generic` where nothing is given.
    #[must_use]
    pub fn effective_provider(&self) -> Effective<BucketProvider> {
        let written = self
            .provider
            .clone()
            .filter(|word| !word.as_str().is_empty());
        Effective::spec_or(written, BucketProvider::Generic)
    }

    /// Limit for one fetch; the API server writes 60 seconds where none is given.
    #[must_use]
    pub fn effective_timeout(&self) -> Effective<Duration> {
        Effective::spec_or(self.timeout, Duration::from_secs(60))
    }
}

impl FluxResource for Bucket {
    fn registration(&self) -> Option<&'static Registration> {
        Some(Self::REGISTRATION)
    }

    fn metadata(&self) -> &ObjectMeta {
        &self.metadata
    }

    fn view(&self) -> View<'_> {
        View {
            suspended: self.spec.suspend.unwrap_or_default(),
            interval: Some(self.spec.interval),
            timeout: self.spec.timeout,
            ..status_view!(self.status)
        }
    }
}
