//! Condition types and reasons of sources, beside those of [`meta::condition`](crate::meta::condition) and
//! [`meta::reason`](crate::meta::reason).
//!
//! Types other than `SourceVerified` and `ArtifactInStorage` are bad news: they are there only while they are `True`.
//!
//! Source: `source-controller: api/v1/*.go`, version 1.10.

// Condition types.

/// The artifact in the status is in the storage.
pub const ARTIFACT_IN_STORAGE: &str = "ArtifactInStorage";
/// There is something newer than the artifact in the status.
pub const ARTIFACT_OUTDATED: &str = "ArtifactOutdated";
/// The signature was checked.
pub const SOURCE_VERIFIED: &str = "SourceVerified";
/// Upstream could not be reached or read.
pub const FETCH_FAILED: &str = "FetchFailed";
/// The chart could not be built.
pub const BUILD_FAILED: &str = "BuildFailed";
/// The storage could not be read or written.
pub const STORAGE_OPERATION_FAILED: &str = "StorageOperationFailed";
/// An included GitRepository has no artifact.
pub const INCLUDE_UNAVAILABLE: &str = "IncludeUnavailable";

// Reasons.

/// The storage is locked by someone else.
pub const ACQUIRE_LOCK_FAILED: &str = "AcquireLockFailed";
/// The archive could not be made.
pub const ARCHIVE_OPERATION_FAILED: &str = "ArchiveOperationFailed";
/// There is nothing newer.
pub const ARTIFACT_UP_TO_DATE: &str = "ArtifactUpToDate";
/// The stored archive does not match its digest.
pub const ARTIFACT_VERIFICATION_FAILED: &str = "ArtifactVerificationFailed";
/// Credentials are missing, wrong or unusable.
pub const AUTHENTICATION_FAILED: &str = "AuthenticationFailed";
/// The bucket could not be listed or read.
pub const BUCKET_OPERATION_FAILED: &str = "BucketOperationFailed";
/// The bucket was read.
pub const BUCKET_OPERATION_SUCCEEDED: &str = "BucketOperationSucceeded";
/// The index cache could not be used.
pub const CACHE_OPERATION_FAILED: &str = "CacheOperationFailed";
/// The chart was built.
pub const CHART_PACKAGE_SUCCEEDED: &str = "ChartPackageSucceeded";
/// The chart was downloaded.
pub const CHART_PULL_SUCCEEDED: &str = "ChartPullSucceeded";
/// A directory could not be made.
pub const DIRECTORY_CREATION_FAILED: &str = "DirectoryCreationFailed";
/// Old artifacts were deleted.
pub const GARBAGE_COLLECTION_SUCCEEDED: &str = "GarbageCollectionSucceeded";
/// Git reported an error.
pub const GIT_OPERATION_FAILED: &str = "GitOperationFailed";
/// Git did what it should.
pub const GIT_OPERATION_SUCCEEDED: &str = "GitOperationSucceeded";
/// The index could not be read.
pub const INDEXATION_FAILED: &str = "IndexationFailed";
/// The provider and its settings do not fit together.
pub const INVALID_PROVIDER_CONFIGURATION: &str = "InvalidProviderConfiguration";
/// The settings for short-lived credentials do not fit together.
pub const INVALID_STS_CONFIGURATION: &str = "InvalidSTSConfiguration";
/// A new artifact was stored.
pub const NEW_ARTIFACT: &str = "NewArtifact";
/// The source of the chart has no artifact.
pub const NO_SOURCE_ARTIFACT: &str = "NoSourceArtifact";
/// The layer could not be selected or read.
pub const OCI_LAYER_OPERATION_FAILED: &str = "OCIArtifactLayerOperationFailed";
/// The artifact could not be downloaded.
pub const OCI_PULL_FAILED: &str = "OCIArtifactPullFailed";
/// The status could not be written.
pub const PATCH_OPERATION_FAILED: &str = "PatchOperationFailed";
/// A file could not be read.
pub const READ_OPERATION_FAILED: &str = "ReadOperationFailed";
/// A file could not be looked at.
pub const STAT_OPERATION_FAILED: &str = "StatOperationFailed";
/// The link to the newest artifact could not be changed.
pub const SYMLINK_UPDATE_FAILED: &str = "SymlinkUpdateFailed";
/// The address cannot be understood.
pub const URL_INVALID: &str = "URLInvalid";
/// The signature is missing, wrong or unreadable.
pub const VERIFICATION_ERROR: &str = "VerificationError";

// Reasons that source-controller writes without a constant in its API.

/// The chart could not be packaged.
pub const CHART_PACKAGE_ERROR: &str = "ChartPackageError";
/// The chart could not be downloaded.
pub const CHART_PULL_ERROR: &str = "ChartPullError";
/// The signature of the chart is missing or wrong.
pub const CHART_VERIFICATION_ERROR: &str = "ChartVerificationError";
/// An included artifact could not be copied.
pub const COPY_FAILURE: &str = "CopyFailure";
/// A dependency of the chart could not be had.
pub const DEPENDENCY_BUILD_ERROR: &str = "DependencyBuildError";
/// The repository has no commit.
pub const EMPTY_GIT_REPOSITORY: &str = "EmptyGitRepository";
/// Old artifacts could not be deleted.
pub const GARBAGE_COLLECTION_FAILED: &str = "GarbageCollectionFailed";
/// An included artifact would be copied to a path that leads outside.
pub const ILLEGAL_PATH: &str = "IllegalPath";
/// An included artifact is another one.
pub const INCLUDE_CHANGE: &str = "IncludeChange";
/// The name or version of the chart cannot be understood.
pub const INVALID_CHART_REFERENCE: &str = "InvalidChartReference";
/// The commit is not signed by a trusted key.
pub const INVALID_COMMIT_SIGNATURE: &str = "InvalidCommitSignature";
/// There is no commit or tag to verify.
pub const INVALID_GIT_OBJECT: &str = "InvalidGitObject";
/// The tag is not signed by a trusted key.
pub const INVALID_TAG_SIGNATURE: &str = "InvalidTagSignature";
/// The way of verification is not known.
pub const INVALID_VERIFICATION_MODE: &str = "InvalidVerificationMode";
/// The metadata of the chart could not be changed.
pub const METADATA_PATCH_ERROR: &str = "MetadataPatchError";
/// There is a newer chart.
pub const NEW_CHART: &str = "NewChart";
/// There is a newer revision.
pub const NEW_REVISION: &str = "NewRevision";
/// An included GitRepository has no artifact.
pub const NO_ARTIFACT: &str = "NoArtifact";
/// An included GitRepository does not exist.
pub const NOT_FOUND: &str = "NotFound";
/// The ignore rules could not be read.
pub const SOURCE_IGNORE_ERROR: &str = "SourceIgnoreError";
/// The source of the chart could not be read.
pub const SOURCE_UNAVAILABLE: &str = "SourceUnavailable";
/// The chart could not be built, and nobody knows why.
pub const UNKNOWN: &str = "Unknown";
/// The source of the chart is of a kind that holds no charts.
pub const UNSUPPORTED_SOURCE_KIND: &str = "UnsupportedSourceKind";
/// The values files could not be merged.
pub const VALUES_FILES_ERROR: &str = "ValuesFilesError";
