//! GitRepository: a revision of a Git repository.
//!
//! Source: `source-controller: api/v1/gitrepository_types.go`, version 1.10.

use serde::{Deserialize, Serialize};

use crate::meta::{Artifact, Condition, Duration, Effective, LocalObjectReference, ObjectMeta};
use crate::registry::{self, Registered, Registration};
use crate::resource::{FluxResource, View, status_view};
use crate::wire::{kind, open_enum, setters};

kind! {
    /// Fetches a revision of a Git repository.
    GitRepository { spec: GitRepositorySpec, status: GitRepositoryStatus }
    registration: registry::GIT_REPOSITORY_V1,
    crd: [GitRepository]
}

/// Which revision is fetched, from where, and how.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(
    feature = "schema",
    schemars(extend("x-kubernetes-validations" = [
        {
            "rule": "!has(self.serviceAccountName) || (has(self.provider) && (self.provider == 'azure' || self.provider == 'aws'))",
            "message": "serviceAccountName can only be set when provider is 'azure' or 'aws'"
        },
    ]))
)]
#[serde(rename_all = "camelCase")]
pub struct GitRepositorySpec {
    /// Address of the repository: HTTP, HTTPS or SSH. The short form `user@host:path` is not accepted.
    #[cfg_attr(feature = "schema", schemars(extend("pattern" = "^(http|https|ssh)://.*$")))]
    pub url: String,
    /// Secret with credentials, or with the key and the known hosts for SSH.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret_ref: Option<LocalObjectReference>,
    /// How to log in. Absent: `generic`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<GitProvider>,
    /// Account whose identity is used with the providers of clouds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_account_name: Option<String>,
    /// How often the repository is asked.
    #[cfg_attr(feature = "schema", schemars(with = "crate::schema::Interval"))]
    pub interval: Duration,
    /// Limit for one fetch.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<crate::schema::Timeout>", extend("default" = "60s")))]
    pub timeout: Option<Duration>,
    /// Which revision. Absent: branch `master`.
    #[serde(rename = "ref", skip_serializing_if = "Option::is_none")]
    pub reference: Option<GitRepositoryRef>,
    /// Whose signature the revision must carry. Absent: it is not verified.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verify: Option<GitRepositoryVerification>,
    /// Secret with `address`, `username`, `password` of a proxy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proxy_secret_ref: Option<LocalObjectReference>,
    /// Rules for files that are left out, in the form of `.gitignore`. They replace the default rules.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ignore: Option<String>,
    /// True switches reconciliation off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suspend: Option<bool>,
    /// True also fetches submodules.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recurse_submodules: Option<bool>,
    /// Other GitRepositories whose files are copied into the artifact.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub include: Option<Vec<GitRepositoryInclude>>,
    /// Directories that are fetched; the rest is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sparse_checkout: Option<Vec<String>>,
}

/// Files of another GitRepository that become part of the artifact.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct GitRepositoryInclude {
    /// The other GitRepository.
    pub repository: LocalObjectReference,
    /// Directory to copy. Absent: the root.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from_path: Option<String>,
    /// Where to put it. Absent: a directory with the name of the other GitRepository.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to_path: Option<String>,
}

/// Which revision: `commit` wins over `name`, then `tag`, `semver` and `branch`.
///
/// Upstream's field documentation says that `semver` wins over `tag`; the code asks for the tag first.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct GitRepositoryRef {
    /// Head of this branch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub branch: Option<String>,
    /// This tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    /// The newest tag in this version range.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub semver: Option<String>,
    /// This reference by its full name, such as `refs/pull/420/head`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Exactly this commit. With `branch`, only that branch is fetched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
}

/// Whose signature a revision must carry.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct GitRepositoryVerification {
    /// What is verified.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("default" = "HEAD")))]
    pub mode: Option<GitVerificationMode>,
    /// Secret with the public keys of trusted authors.
    pub secret_ref: LocalObjectReference,
}

/// What source-controller last did.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(extend("default" = {"observedGeneration": -1})))]
#[serde(rename_all = "camelCase")]
pub struct GitRepositoryStatus {
    /// Generation that this status speaks about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,
    /// Ready, FetchFailed, SourceVerified, and others.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "schema",
        schemars(with = "Option<crate::schema::Conditions>")
    )]
    pub conditions: Option<Vec<Condition>>,
    /// What was fetched last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub artifact: Option<Artifact>,
    /// The artifacts that were copied in, in the order of `spec.include`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub included_artifacts: Option<Vec<Artifact>>,
    /// `spec.ignore` when the artifact was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observed_ignore: Option<String>,
    /// `spec.recurseSubmodules` when the artifact was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observed_recurse_submodules: Option<bool>,
    /// `spec.include` when the artifact was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observed_include: Option<Vec<GitRepositoryInclude>>,
    /// `spec.sparseCheckout` when the artifact was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observed_sparse_checkout: Option<Vec<String>>,
    /// What was verified.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("enum" = null)))]
    pub source_verification_mode: Option<GitVerificationMode>,
    /// Checksum of the keys that the revision was verified with (2.10).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_verification_fingerprint: Option<String>,
    /// The last reconcile request that was acted on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_handled_reconcile_at: Option<String>,
}

open_enum! {
    /// How to log in to a Git host.
    GitProvider { Generic = "generic", Aws = "aws", Azure = "azure", GitHub = "github" }
}

open_enum! {
    /// What is verified of a revision.
    GitVerificationMode {
        /// Old spelling of `HEAD`.
        LowercaseHead = "head",
        /// The commit.
        Head = "HEAD",
        /// The tag that is checked out.
        Tag = "Tag",
        /// Both.
        TagAndHead = "TagAndHEAD",
    }
}

setters! {
    GitRepositorySpec {
        with_ignore => ignore: String,
        with_include => include: Vec<GitRepositoryInclude>,
        with_provider => provider: GitProvider,
        with_reference => reference: GitRepositoryRef,
        with_secret_ref => secret_ref: LocalObjectReference,
        with_service_account_name => service_account_name: String,
        with_sparse_checkout => sparse_checkout: Vec<String>,
        with_suspend => suspend: bool,
        with_timeout => timeout: Duration,
        with_verify => verify: GitRepositoryVerification,
    }
}

impl GitRepositorySpec {
    /// Branch `master` of that repository.
    #[must_use]
    pub fn new(url: impl Into<String>, interval: Duration) -> Self {
        Self {
            url: url.into(),
            interval,
            ..Self::default()
        }
    }

    /// The same with another branch.
    #[must_use]
    pub fn with_branch(self, branch: impl Into<String>) -> Self {
        self.with_reference(GitRepositoryRef {
            branch: Some(branch.into()),
            ..GitRepositoryRef::default()
        })
    }

    /// Which revision: the written reference, else branch `master`. A reference whose fields are all empty counts as
    /// unset.
    ///
    /// Source: `fluxcd/pkg: git/gogit/client.go (Clone)`.
    ///
    /// # Examples
    ///
    /// ```
    /// use fluxcd_api::meta::{Duration, Origin};
    /// use fluxcd_api::source::v1::GitRepositorySpec;
    ///
    /// let spec = GitRepositorySpec::new("https://github.com/org/fleet", Duration::from_mins(1));
    /// let reference = spec.effective_reference();
    /// assert_eq!((reference.value.branch.as_deref(), reference.origin), (Some("master"), Origin::Default));
    /// ```
    #[must_use]
    pub fn effective_reference(&self) -> Effective<GitRepositoryRef> {
        let master = GitRepositoryRef {
            branch: Some("master".to_owned()),
            ..GitRepositoryRef::default()
        };
        Effective::spec_or(
            self.reference
                .clone()
                .filter(|reference| !reference.is_empty()),
            master,
        )
    }

    /// How to log in; an empty word counts as unset.
    ///
    /// Source: `source-controller: api/v1/gitrepository_types.go (GetProvider)`.
    #[must_use]
    pub fn effective_provider(&self) -> Effective<GitProvider> {
        let written = self
            .provider
            .clone()
            .filter(|provider| !provider.as_str().is_empty());
        Effective::spec_or(written, GitProvider::Generic)
    }

    /// Limit for one fetch: the API server writes 60 seconds where none is given.
    #[must_use]
    pub fn effective_timeout(&self) -> Effective<Duration> {
        Effective::spec_or(self.timeout, Duration::from_secs(60))
    }
}

impl GitRepositoryRef {
    /// Whether no field says anything.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        [
            &self.branch,
            &self.tag,
            &self.semver,
            &self.name,
            &self.commit,
        ]
        .into_iter()
        .all(|field| field.as_deref().is_none_or(str::is_empty))
    }
}

impl GitRepositoryInclude {
    /// Where the files are put: the written directory, else the name of the other GitRepository.
    ///
    /// Source: `source-controller: api/v1/gitrepository_types.go (GetToPath)`.
    #[must_use]
    pub fn effective_to_path(&self) -> Effective<&str> {
        let written = self.to_path.as_deref().filter(|path| !path.is_empty());
        Effective::spec_or(written, self.repository.name.as_str())
    }
}

impl GitRepositoryVerification {
    /// What is verified; a word that is not known counts as unset.
    ///
    /// Source: `source-controller: api/v1/gitrepository_types.go (GetMode)`.
    #[must_use]
    pub fn effective_mode(&self) -> Effective<GitVerificationMode> {
        match &self.mode {
            Some(GitVerificationMode::Head | GitVerificationMode::LowercaseHead) => {
                Effective::spec_or(Some(GitVerificationMode::Head), GitVerificationMode::Head)
            }
            Some(mode @ (GitVerificationMode::Tag | GitVerificationMode::TagAndHead)) => {
                Effective::spec_or(Some(mode.clone()), GitVerificationMode::Head)
            }
            Some(GitVerificationMode::Other(_)) | None => {
                Effective::default_value(GitVerificationMode::Head)
            }
        }
    }
}

impl FluxResource for GitRepository {
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
