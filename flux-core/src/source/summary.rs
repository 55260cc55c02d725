//! `Ready` of a source, after its other conditions.
//!
//! | kind | conditions that count, in order of their rank |
//! |---|---|
//! | GitRepository | `StorageOperationFailed`, `FetchFailed`, `IncludeUnavailable`, `ArtifactOutdated`, `ArtifactInStorage`, `SourceVerified`, `Stalled`, `Reconciling` |
//! | OCIRepository | the same without `IncludeUnavailable` |
//! | HelmChart | the same with `BuildFailed` instead of `IncludeUnavailable` |
//! | Bucket, HelmRepository | the same without `IncludeUnavailable` and `SourceVerified` |
//!
//! `ArtifactInStorage` and `SourceVerified` are good when `True`, the others are bad. A `SourceVerified` that is `False`
//! then decides alone.

use fluxcd_api::meta::Kind;
use fluxcd_api::meta::condition::{READY, RECONCILING, STALLED};
use fluxcd_api::source::v1::condition::{
    ARTIFACT_IN_STORAGE, ARTIFACT_OUTDATED, BUILD_FAILED, FETCH_FAILED, INCLUDE_UNAVAILABLE,
    SOURCE_VERIFIED, STORAGE_OPERATION_FAILED,
};

use crate::condition::{Conditions, MergeOptions};

/// Brings `Ready` of a source in line with its other conditions. Other kinds stay as they are.
///
/// Source: `source-controller: internal/reconcile/summarize/summary.go (SummarizeAndPatch)`,
/// `internal/controller/*_controller.go` v1.9.4.
///
/// # Examples
///
/// ```
/// use chrono::DateTime;
/// use fluxcd_api::meta::Kind;
/// use fluxcd_core::condition::Conditions;
/// use fluxcd_core::source::summarise;
///
/// let mut conditions = Conditions::new(Vec::new(), 1, DateTime::UNIX_EPOCH);
/// conditions.mark_true("ArtifactInStorage", "Succeeded", "stored artifact for revision 'main@sha1:1234'");
/// summarise(&Kind::GitRepository, &mut conditions);
/// assert!(conditions.is_ready());
///
/// conditions.mark_false("SourceVerified", "InvalidCommitSignature", "unknown key");
/// summarise(&Kind::GitRepository, &mut conditions);
/// assert_eq!(conditions.find("Ready").unwrap().reason, "InvalidCommitSignature");
/// ```
pub fn summarise(kind: &Kind, conditions: &mut Conditions) {
    let (count, verifies): (&[&str], bool) = match kind {
        Kind::Bucket | Kind::HelmRepository => (PLAIN, false),
        Kind::GitRepository => (GIT, true),
        Kind::HelmChart => (CHART, true),
        Kind::OCIRepository => (OCI, true),
        _ => return,
    };
    let options = MergeOptions::new()
        .with_conditions(count)
        .with_negative_polarity(NEGATIVE);
    conditions.summarise(READY, &options);
    if verifies
        && let Some(verified) = conditions.find(SOURCE_VERIFIED).cloned()
        && verified.status == "False"
    {
        conditions.mark_false(READY, &verified.reason, verified.message);
    }
}

const PLAIN: &[&str] = &[
    STORAGE_OPERATION_FAILED,
    FETCH_FAILED,
    ARTIFACT_OUTDATED,
    ARTIFACT_IN_STORAGE,
    STALLED,
    RECONCILING,
];

const OCI: &[&str] = &[
    STORAGE_OPERATION_FAILED,
    FETCH_FAILED,
    ARTIFACT_OUTDATED,
    ARTIFACT_IN_STORAGE,
    SOURCE_VERIFIED,
    STALLED,
    RECONCILING,
];

const GIT: &[&str] = &[
    STORAGE_OPERATION_FAILED,
    FETCH_FAILED,
    INCLUDE_UNAVAILABLE,
    ARTIFACT_OUTDATED,
    ARTIFACT_IN_STORAGE,
    SOURCE_VERIFIED,
    STALLED,
    RECONCILING,
];

const CHART: &[&str] = &[
    STORAGE_OPERATION_FAILED,
    FETCH_FAILED,
    BUILD_FAILED,
    ARTIFACT_OUTDATED,
    ARTIFACT_IN_STORAGE,
    SOURCE_VERIFIED,
    STALLED,
    RECONCILING,
];

/// Bad when `True`, where they count.
const NEGATIVE: &[&str] = &[
    STORAGE_OPERATION_FAILED,
    FETCH_FAILED,
    INCLUDE_UNAVAILABLE,
    BUILD_FAILED,
    ARTIFACT_OUTDATED,
    STALLED,
    RECONCILING,
];

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    fn ready(kind: &Kind, list: &[(&str, &str)]) -> Option<String> {
        let mut conditions = Conditions::new(Vec::new(), 1, DateTime::UNIX_EPOCH);
        for (type_, status) in list {
            let mark = match *status {
                "True" => Conditions::mark_true,
                _ => Conditions::mark_false,
            };
            mark(&mut conditions, type_, type_, "m");
        }
        summarise(kind, &mut conditions);
        conditions
            .find(READY)
            .map(|it| format!("{} {}", it.status, it.reason))
    }

    #[test]
    fn the_worst_condition_decides() {
        let stored = (ARTIFACT_IN_STORAGE, "True");
        let fetch = (FETCH_FAILED, "True");
        let ready = |list: &[_]| ready(&Kind::GitRepository, list).unwrap();
        assert_eq!(ready(&[stored]), "True ArtifactInStorage");
        assert_eq!(ready(&[stored, fetch]), "False FetchFailed");
        let storage = (STORAGE_OPERATION_FAILED, "True");
        assert_eq!(
            ready(&[stored, fetch, storage]),
            "False StorageOperationFailed"
        );
        let unverified = (SOURCE_VERIFIED, "False");
        assert_eq!(
            ready(&[stored, fetch, storage, unverified]),
            "False SourceVerified"
        );
        assert_eq!(ready(&[stored, (STALLED, "True")]), "False Stalled");
    }

    #[test]
    fn conditions_that_a_kind_does_not_have_do_not_count() {
        let list = [
            (ARTIFACT_IN_STORAGE, "True"),
            (BUILD_FAILED, "True"),
            (INCLUDE_UNAVAILABLE, "True"),
            (SOURCE_VERIFIED, "False"),
        ];
        let expected = [
            (Kind::Bucket, Some("True ArtifactInStorage")),
            (Kind::GitRepository, Some("False SourceVerified")),
            (Kind::HelmChart, Some("False SourceVerified")),
            (Kind::HelmRepository, Some("True ArtifactInStorage")),
            (Kind::OCIRepository, Some("False SourceVerified")),
            (Kind::Kustomization, None),
        ];
        for (kind, expected) in expected {
            assert_eq!(ready(&kind, &list).as_deref(), expected, "{kind:?}");
        }
        let unverified = &list[..3];
        assert_eq!(
            ready(&Kind::GitRepository, unverified).unwrap(),
            "False IncludeUnavailable"
        );
        assert_eq!(
            ready(&Kind::HelmChart, unverified).unwrap(),
            "False BuildFailed"
        );
        assert_eq!(
            ready(&Kind::OCIRepository, unverified).unwrap(),
            "True ArtifactInStorage"
        );
    }
}
