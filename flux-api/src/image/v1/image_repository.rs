//! ImageRepository: the tags of an image in a registry.
//!
//! Source: `image-reflector-controller: api/v1/imagerepository_types.go`, version 1.3.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use serde::{Deserialize, Serialize};

use crate::meta::{AccessFrom, Condition, Duration, Effective, LocalObjectReference, ObjectMeta};
use crate::registry::{self, Registered, Registration};
use crate::resource::{FluxResource, View, status_view};
use crate::source::v1::OCIProvider;
use crate::wire::{kind, setters};

kind! {
    /// Scans the tags of an image.
    ImageRepository { spec: ImageRepositorySpec, status: ImageRepositoryStatus }
    registration: registry::IMAGE_REPOSITORY_V1,
    crd: [ImageRepository]
}

/// Which image is scanned, and how.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ImageRepositorySpec {
    /// Name of the image, without scheme and tag.
    pub image: String,
    /// How often it is scanned.
    #[cfg_attr(feature = "schema", schemars(with = "crate::schema::Interval"))]
    pub interval: Duration,
    /// Limit for one scan. Absent: `interval`; never below a second.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<crate::schema::Timeout>"))]
    pub timeout: Option<Duration>,
    /// Secret with the login of the registry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret_ref: Option<LocalObjectReference>,
    /// Secret with `address`, `username`, `password` of a proxy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proxy_secret_ref: Option<LocalObjectReference>,
    /// Account whose pull secrets or whose identity is used.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("maxLength" = 253)))]
    pub service_account_name: Option<String>,
    /// Secret with `ca.crt`, `tls.crt`, `tls.key` for the registry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cert_secret_ref: Option<LocalObjectReference>,
    /// True switches scanning off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suspend: Option<bool>,
    /// Who may use it from other namespaces. Absent: nobody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_from: Option<AccessFrom>,
    /// Go regular expressions of tags that are left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("default" = ["^.*\\.sig$"], "maxItems" = 25)))]
    pub exclusion_list: Option<Vec<String>>,
    /// How to log in.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("default" = "generic")))]
    pub provider: Option<OCIProvider>,
    /// True allows plain HTTP.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub insecure: Option<bool>,
}

/// What image-reflector-controller last did.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(extend("default" = {"observedGeneration": -1})))]
#[serde(rename_all = "camelCase")]
pub struct ImageRepositoryStatus {
    /// Ready, Reconciling, Stalled.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "schema",
        schemars(with = "Option<crate::schema::Conditions>")
    )]
    pub conditions: Option<Vec<Condition>>,
    /// Generation that this status speaks about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,
    /// Name of the image with its registry written out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub canonical_image_name: Option<String>,
    /// What the last scan found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_scan_result: Option<ScanResult>,
    /// `spec.exclusionList` at the last scan.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observed_exclusion_list: Option<Vec<String>>,
    /// The last reconcile request that was acted on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_handled_reconcile_at: Option<String>,
}

/// What a scan found.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ScanResult {
    /// Checksum of the list of tags.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revision: Option<String>,
    /// How many tags were kept.
    #[cfg_attr(feature = "schema", schemars(with = "crate::schema::Integer"))]
    pub tag_count: i64,
    /// When it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "schema",
        schemars(with = "Option<crate::schema::Timestamp>")
    )]
    pub scan_time: Option<Time>,
    /// The first ten tags in descending order, as a sample.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latest_tags: Option<Vec<String>>,
}

setters! {
    ImageRepositorySpec {
        with_access_from => access_from: AccessFrom,
        with_exclusion_list => exclusion_list: Vec<String>,
        with_provider => provider: OCIProvider,
        with_secret_ref => secret_ref: LocalObjectReference,
        with_suspend => suspend: bool,
        with_timeout => timeout: Duration,
    }
}

impl ImageRepositorySpec {
    /// Scans that image.
    #[must_use]
    pub fn new(image: impl Into<String>, interval: Duration) -> Self {
        Self {
            image: image.into(),
            interval,
            ..Self::default()
        }
    }

    /// Limit for one scan: the written timeout, else the interval; never below a second.
    ///
    /// Source: `image-reflector-controller: api/v1/imagerepository_types.go (GetTimeout)`.
    #[must_use]
    pub fn effective_timeout(&self) -> Effective<Duration> {
        let shortest = Duration::from_secs(1);
        let chosen = Effective::spec_or(self.timeout, self.interval);
        if chosen.value < shortest {
            Effective::default_value(shortest)
        } else {
            chosen
        }
    }

    /// Tags that are left out: signatures of cosign, also where the list is empty.
    ///
    /// ```
    /// use fluxcd_api::image::v1::ImageRepositorySpec;
    ///
    /// let mut spec = ImageRepositorySpec::default();
    /// spec.exclusion_list = Some(Vec::new());
    /// assert_eq!(spec.effective_exclusion_list().value, [r"^.*\.sig$"]);
    /// ```
    ///
    /// Source: `image-reflector-controller: api/v1/imagerepository_types.go (GetExclusionList)`.
    #[must_use]
    pub fn effective_exclusion_list(&self) -> Effective<Vec<String>> {
        let written = self.exclusion_list.clone().filter(|list| !list.is_empty());
        Effective::spec_or(written, vec![r"^.*\.sig$".to_owned()])
    }
}

impl FluxResource for ImageRepository {
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
