//! When an ImageRepository is scanned.

use chrono::{DateTime, TimeDelta, Utc};
use fluxcd_api::image::v1::ImageRepository;
use fluxcd_api::meta::{Duration, key, time};

use super::reference::{ImageReference, ReferenceError};

/// Whether a scan is due, and when to look again.
#[must_use]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScanDue<'a> {
    /// Why the registry is scanned now; `None` when it is not.
    pub reason: Option<ScanReason<'a>>,
    /// When to look again: the interval after a scan, else what is left of it.
    pub after: Duration,
}

/// Why a registry is scanned. `Display` is the text that the controller writes: the condition says `scanning: ` and this.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ScanReason<'a> {
    /// There is no result of an earlier scan.
    #[error("first scan")]
    FirstScan,
    /// The annotation `reconcile.fluxcd.io/requestedAt` is another than the one that was handled last, older or newer.
    #[error("reconcile requested")]
    ReconcileRequested {
        /// Its value.
        token: &'a str,
    },
    /// The image is another than the one that was scanned.
    #[error("new image name")]
    NewImageName {
        /// The canonical name of the image that was scanned; empty if there is none.
        observed: &'a str,
    },
    /// The exclusion list is another than the one of the last scan.
    #[error("updated exclusion list")]
    UpdatedExclusionList,
    /// Nothing is stored: the storage was lost, or the image really has no tags. The controller sets `Ready` to `Unknown`
    /// meanwhile, so that policies notice the change.
    #[error("no tags in database")]
    NoTagsStored,
    /// Less than a second of the interval is left.
    #[error("triggered by interval")]
    Interval {
        /// The time since the last scan.
        elapsed: Duration,
    },
}

/// What the storage knows of the canonical name in the status of an ImageRepository.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StoredTags {
    /// No tag.
    None,
    /// At least one tag.
    Some,
}

/// Below this the controller does not wait.
const LEAST_WAIT: Duration = Duration::from_secs(1);

impl<'a> ScanDue<'a> {
    /// Decides whether a registry is scanned now. The first rule that holds decides:
    ///
    /// | rule | reason |
    /// |---|---|
    /// | no `status.lastScanResult` | [`FirstScan`](ScanReason::FirstScan) |
    /// | the request annotation differs from `status.lastHandledReconcileAt` | [`ReconcileRequested`](ScanReason::ReconcileRequested) |
    /// | the canonical name differs from `status.canonicalImageName` | [`NewImageName`](ScanReason::NewImageName) |
    /// | the exclusion list, with its default, differs from `status.observedExclusionList` | [`UpdatedExclusionList`](ScanReason::UpdatedExclusionList) |
    /// | nothing is stored | [`NoTagsStored`](ScanReason::NoTagsStored) |
    /// | less than a second of the interval is left | [`Interval`](ScanReason::Interval) |
    ///
    /// Lists of the same length are equal when every item of the first is in the second: order does not count, and how
    /// often an item stands does not either.
    ///
    /// Source: `image-reflector-controller: internal/controller/imagerepository_controller.go (shouldScan,
    /// isEqualSliceContent)` v1.2.4.
    ///
    /// # Errors
    ///
    /// `spec.image` is no image name, and none of the first two rules holds.
    ///
    /// # Examples
    ///
    /// ```
    /// use chrono::DateTime;
    /// use fluxcd_api::image::v1::{ImageRepository, ImageRepositorySpec};
    /// use fluxcd_api::meta::Duration;
    /// use fluxcd_policy::image::{ScanDue, ScanReason, StoredTags};
    ///
    /// let spec = ImageRepositorySpec::new("ghcr.io/org/app", Duration::from_mins(10));
    /// let repository = ImageRepository::new("app", spec);
    /// let due = ScanDue::decide(&repository, StoredTags::None, DateTime::UNIX_EPOCH)?;
    /// assert_eq!(due.reason, Some(ScanReason::FirstScan));
    /// assert_eq!(due.after, Duration::from_mins(10));
    /// # Ok::<(), fluxcd_policy::image::ReferenceError>(())
    /// ```
    pub fn decide(
        repository: &'a ImageRepository,
        stored: StoredTags,
        now: DateTime<Utc>,
    ) -> Result<Self, ReferenceError> {
        let (spec, status) = (&repository.spec, repository.status.as_ref());
        let scan = |reason| Self {
            reason: Some(reason),
            after: spec.interval,
        };
        let Some((status, last)) = status.and_then(|it| Some((it, it.last_scan_result.as_ref()?)))
        else {
            return Ok(scan(ScanReason::FirstScan));
        };

        let annotations = repository.metadata.annotations.as_ref();
        let token = annotations.and_then(|them| them.get(key::RECONCILE_REQUEST));
        let handled = status.last_handled_reconcile_at.as_deref();
        if let Some(token) = token.filter(|token| *token != handled.unwrap_or_default()) {
            return Ok(scan(ScanReason::ReconcileRequested { token }));
        }

        let image = ImageReference::parse(&spec.image, spec.insecure.unwrap_or_default())?;
        let observed = status.canonical_image_name.as_deref().unwrap_or_default();
        if image.canonical() != observed {
            return Ok(scan(ScanReason::NewImageName { observed }));
        }

        let written = spec.effective_exclusion_list().value;
        let observed = status.observed_exclusion_list.as_deref();
        if !is_same_list(&written, observed.unwrap_or_default()) {
            return Ok(scan(ScanReason::UpdatedExclusionList));
        }

        if stored == StoredTags::None {
            return Ok(scan(ScanReason::NoTagsStored));
        }

        // Without a time, Go counts from the beginning of the year 1.
        let scanned = last.scan_time.as_ref().and_then(time::to_chrono);
        let scanned = scanned.or_else(|| DateTime::from_timestamp(-62_135_596_800, 0));
        let elapsed = elapsed(now, scanned.unwrap_or_default());
        // Go's subtraction wraps around where it overflows.
        let left = spec.interval.as_nanos().wrapping_sub(elapsed.as_nanos());
        let left = Duration::from_nanos(left);
        Ok(if left < LEAST_WAIT {
            scan(ScanReason::Interval { elapsed })
        } else {
            Self {
                reason: None,
                after: left,
            }
        })
    }
}

fn is_same_list(written: &[String], observed: &[String]) -> bool {
    let is_observed = |pattern: &String| observed.contains(pattern);
    written.len() == observed.len() && written.iter().all(is_observed)
}

/// The time between, at most what a duration can hold.
///
/// Source: Go 1.26: `src/time/time.go (Time.Sub)`.
fn elapsed(now: DateTime<Utc>, then: DateTime<Utc>) -> Duration {
    let between = now.signed_duration_since(then);
    match between.num_nanoseconds() {
        Some(nanos) => Duration::from_nanos(nanos),
        None if between < TimeDelta::zero() => Duration::MIN,
        None => Duration::MAX,
    }
}

#[cfg(test)]
mod tests {
    use fluxcd_api::image::v1::{ImageRepositorySpec, ImageRepositoryStatus, ScanResult};

    use super::*;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_700_000_000, 0).unwrap()
    }

    /// Scanned before that many milliseconds.
    fn scanned(millis: i64) -> ImageRepository {
        let spec = ImageRepositorySpec::new("ghcr.io/org/app", Duration::from_mins(10));
        let mut repository = ImageRepository::new("app", spec);
        let last = ScanResult {
            scan_time: time::from_chrono(now() - TimeDelta::milliseconds(millis)),
            ..ScanResult::default()
        };
        repository.status = Some(ImageRepositoryStatus {
            canonical_image_name: Some("ghcr.io/org/app".to_owned()),
            observed_exclusion_list: Some(vec![r"^.*\.sig$".to_owned()]),
            last_scan_result: Some(last),
            ..ImageRepositoryStatus::default()
        });
        repository
    }

    fn status(repository: &mut ImageRepository) -> &mut ImageRepositoryStatus {
        repository.status.as_mut().unwrap()
    }

    fn decide(repository: &ImageRepository) -> ScanDue<'_> {
        ScanDue::decide(repository, StoredTags::Some, now()).unwrap()
    }

    #[test]
    fn what_is_left_of_the_interval_is_waited_for_down_to_a_second() {
        for (millis, left) in [(180_000, 420_000), (599_000, 1_000), (-5_000, 605_000)] {
            let repository = scanned(millis);
            let due = decide(&repository);
            assert_eq!(due.reason, None);
            assert_eq!(due.after, Duration::from_millis(left));
        }
        let repository = scanned(599_001);
        let due = decide(&repository);
        let elapsed = Duration::from_millis(599_001);
        assert_eq!(due.reason, Some(ScanReason::Interval { elapsed }));
        assert_eq!(due.after, Duration::from_mins(10));
    }

    #[test]
    fn a_time_that_is_missing_is_long_ago() {
        let mut repository = scanned(0);
        status(&mut repository).last_scan_result = Some(ScanResult::default());
        let elapsed = Duration::MAX;
        assert_eq!(
            decide(&repository).reason,
            Some(ScanReason::Interval { elapsed })
        );
    }

    #[test]
    fn a_request_is_another_token_and_not_a_newer_one() {
        let mut repository = scanned(0);
        let annotations = repository.metadata.annotations.get_or_insert_default();
        annotations.insert(key::RECONCILE_REQUEST.to_owned(), "1".to_owned());
        let token = "1";
        assert_eq!(
            decide(&repository).reason,
            Some(ScanReason::ReconcileRequested { token })
        );
        status(&mut repository).last_handled_reconcile_at = Some("2".to_owned());
        assert_eq!(
            decide(&repository).reason,
            Some(ScanReason::ReconcileRequested { token })
        );
        status(&mut repository).last_handled_reconcile_at = Some("1".to_owned());
        assert_eq!(decide(&repository).reason, None);
    }

    #[test]
    fn the_rules_hold_in_their_order() {
        let mut repository = scanned(3_600_000);
        let due = ScanDue::decide(&repository, StoredTags::None, now()).unwrap();
        assert_eq!(due.reason, Some(ScanReason::NoTagsStored));
        repository.spec.exclusion_list = Some(vec!["a".to_owned()]);
        assert_eq!(
            decide(&repository).reason,
            Some(ScanReason::UpdatedExclusionList)
        );
        repository.spec.image = "ghcr.io/org/other".to_owned();
        let observed = "ghcr.io/org/app";
        assert_eq!(
            decide(&repository).reason,
            Some(ScanReason::NewImageName { observed })
        );
        repository.spec.image = "a:1".to_owned();
        assert!(ScanDue::decide(&repository, StoredTags::Some, now()).is_err());
        repository.status = None;
        assert_eq!(decide(&repository).reason, Some(ScanReason::FirstScan));
    }

    #[test]
    fn lists_are_equal_when_the_items_of_one_are_in_the_other() {
        for (written, observed, is_same) in [
            ("a b", "b a", true),
            ("a a b", "a b b", true),
            ("a b b", "a a c", false),
            ("a", "a a", false),
            ("", "", true),
        ] {
            let list = |text: &str| -> Vec<String> {
                text.split_whitespace().map(str::to_owned).collect()
            };
            assert_eq!(
                is_same_list(&list(written), &list(observed)),
                is_same,
                "{written}"
            );
        }
    }
}
