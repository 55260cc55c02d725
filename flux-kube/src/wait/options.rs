use std::collections::BTreeSet;
use std::time::Duration;

use fluxcd_core::inventory::ObjectId;
use fluxcd_core::ready::OnFailure;

/// How long to wait, and what a failure means.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use fluxcd_kube::wait::WaitOptions;
///
/// let options = WaitOptions::within(Duration::from_secs(300)).every(Duration::from_secs(2));
/// assert_eq!(options.interval, Duration::from_secs(2));
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct WaitOptions {
    /// When the wait gives up. One minute, as upstream has it; controllers take the timeout of the object.
    pub timeout: Duration,
    /// From the begin of one poll to the begin of the next. Five seconds; less than a tenth of a second counts as that.
    pub interval: Duration,
    /// What the first failed object means for the others.
    pub on_failure: OnFailure,
    /// Jobs that are deleted when they have ended, see [`has_ttl`](fluxcd_core::ready::has_ttl): not to be found is to be
    /// healthy.
    pub jobs_with_ttl: BTreeSet<ObjectId>,
}

impl WaitOptions {
    /// Gives up after that time.
    #[must_use]
    pub fn within(timeout: Duration) -> Self {
        Self {
            timeout,
            ..Self::default()
        }
    }

    /// Polls that often.
    #[must_use]
    pub fn every(mut self, interval: Duration) -> Self {
        self.interval = interval;
        self
    }

    /// What the first failed object means for the others.
    #[must_use]
    pub fn on_failure(mut self, on_failure: OnFailure) -> Self {
        self.on_failure = on_failure;
        self
    }

    /// Takes these for Jobs that are deleted when they have ended.
    #[must_use]
    pub fn with_ttl(mut self, jobs: impl IntoIterator<Item = ObjectId>) -> Self {
        self.jobs_with_ttl.extend(jobs);
        self
    }
}

impl Default for WaitOptions {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(60),
            interval: Duration::from_secs(5),
            on_failure: OnFailure::default(),
            jobs_with_ttl: BTreeSet::new(),
        }
    }
}
