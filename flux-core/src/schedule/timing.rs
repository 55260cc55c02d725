//! Interval, timeout and retry interval of every kind, each with the rule that set it.

use std::fmt;

use fluxcd_api::helm::v2::HelmRelease;
use fluxcd_api::image::v1::{ImagePolicy, ImageRepository, ImageUpdateAutomation};
use fluxcd_api::kustomize::v1::Kustomization;
use fluxcd_api::meta::{Duration, Effective, Origin};
use fluxcd_api::notification::v1::Receiver;
use fluxcd_api::object::FluxObject;
use fluxcd_api::source::v1::{
    Bucket, GitRepository, HelmChart, HelmRepository, HelmRepositoryType, OCIRepository,
};
use fluxcd_api::source_extensions::v1beta1::ArtifactGenerator;

use super::{Because, Jitter, Next, Requeue};
use crate::FluxVersion;

#[cfg(test)]
mod tests;

/// What an object says about time, with the defaults of its controller.
///
/// | kind | interval | timeout | after a failure | spread |
/// |---|---|---|---|---|
/// | Kustomization | written | written, else interval less 30 s; 30 s at least | retry interval, else interval | yes |
/// | HelmRelease | written | written, else 5 m | growing waits, or what [`helm::remediation`](crate::helm::remediation) says | yes |
/// | GitRepository, Bucket | written | written, else 60 s | growing waits | yes |
/// | OCIRepository | written, else none | written, else 60 s | growing waits | yes |
/// | HelmRepository | written unless zero, else 1 m; none for OCI | written, else 60 s | growing waits | yes |
/// | HelmChart | written | none of its own | growing waits | yes |
/// | ArtifactGenerator | 1 h, or the annotation of 2.10 | none of its own | growing waits | yes, unless there was nothing to do |
/// | ImageRepository | written | written, else interval; 1 s at least | growing waits | no |
/// | ImagePolicy | none, or for `Always` written unless zero, else 10 m | none of its own | growing waits | no |
/// | ImageUpdateAutomation | written | that of its GitRepository, else 1 m | growing waits | no |
/// | Receiver | written, else 10 m | none of its own | growing waits | no |
/// | Alert, Provider, ExternalArtifact | none | of a Provider, for one request: written, else 15 s | - | - |
///
/// # Examples
///
/// ```
/// use fluxcd_api::kustomize::v1::{Kustomization, KustomizationSpec};
/// use fluxcd_api::meta::Duration;
/// use fluxcd_core::schedule::Timing;
///
/// let spec = KustomizationSpec { interval: Duration::from_mins(10), ..Default::default() };
/// let timing = Timing::from(&Kustomization::new("apps", spec));
/// assert_eq!(timing.timeout.unwrap().to_string(), "9m30s, the interval less 30s");
/// assert_eq!(timing.retry_interval.unwrap().to_string(), "10m0s, the interval");
/// assert_eq!(timing.after_failure().to_string(), "after 10m0s: the interval between failures, by default");
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[must_use]
pub struct Timing {
    /// How long after a success the object is looked at again, before it is spread; `None` without a timer.
    pub interval: Option<Setting>,
    /// How long one run may take; `None` where the object has no limit of its own.
    pub timeout: Option<Setting>,
    /// How long after a failure the object is looked at again; `None` where waits grow.
    pub retry_interval: Option<Setting>,
    /// Whether the controller spreads the interval.
    pub spread: bool,
}

/// A length of time, and why it is that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Setting {
    /// How long.
    pub duration: Duration,
    /// Why.
    pub rule: Rule,
}

/// Why a setting is what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Rule {
    /// The spec says so.
    Written,
    /// An annotation says so.
    Annotation,
    /// Nobody says anything.
    Default,
    /// Nobody says anything, so it is the interval.
    Interval,
    /// Nobody says anything, so it is the interval less that time.
    IntervalLess(Duration),
    /// It would be shorter, but that is the shortest.
    Shortest {
        /// What was written, or follows from the interval.
        instead_of: Duration,
    },
}

impl Timing {
    /// Reads an object of any kind. A kind that is not known has no settings.
    pub fn of(object: &FluxObject, version: FluxVersion) -> Self {
        match object {
            FluxObject::ArtifactGenerator(it) => Self::of_generator(it, version),
            FluxObject::Bucket(it) => Self::from(&**it),
            FluxObject::GitRepository(it) => Self::from(&**it),
            FluxObject::HelmChart(it) => Self::from(&**it),
            FluxObject::HelmRelease(it) => Self::from(&**it),
            FluxObject::HelmRepository(it) => Self::from(&**it),
            FluxObject::ImagePolicy(it) => Self::from(&**it),
            FluxObject::ImageRepository(it) => Self::from(&**it),
            FluxObject::ImageUpdateAutomation(it) => Self::from(&**it),
            FluxObject::Kustomization(it) => Self::from(&**it),
            FluxObject::OCIRepository(it) => Self::from(&**it),
            FluxObject::Provider(it) => Self::limited(it.spec.effective_timeout()),
            FluxObject::ProviderV1Beta3(it) => Self::limited(it.spec.effective_timeout()),
            FluxObject::Receiver(it) => Self::from(&**it),
            _ => Self::default(),
        }
    }

    /// Reads an ArtifactGenerator: the annotation `source.extensions.fluxcd.io/reconcileEvery` counts from 2.10 on.
    pub fn of_generator(generator: &ArtifactGenerator, version: FluxVersion) -> Self {
        let interval = match version {
            FluxVersion::V2_9 => ArtifactGenerator::default().effective_interval(),
            FluxVersion::V2_10 => generator.effective_interval(),
        };
        Self::of_source(interval, None)
    }

    /// When the next run begins after a success, before the interval is spread.
    pub fn after_success(&self) -> Next {
        match self.interval {
            Some(interval) => Next {
                requeue: Requeue::after(interval.duration),
                because: Because::Interval(interval.rule.origin()),
            },
            None => Next {
                requeue: Requeue::OnChange,
                because: Because::Nothing,
            },
        }
    }

    /// When the next run begins after a failure that may go away by itself.
    pub fn after_failure(&self) -> Next {
        match self.retry_interval {
            Some(interval) => Next {
                requeue: Requeue::after(interval.duration),
                because: Because::RetryInterval(interval.rule.origin()),
            },
            None => Next {
                requeue: Requeue::Backoff,
                because: Because::Error,
            },
        }
    }

    /// What the controller spreads the interval by: that, or nothing.
    #[must_use]
    pub fn jitter(&self, jitter: Jitter) -> Jitter {
        if self.spread { jitter } else { Jitter::NONE }
    }

    fn every(interval: Effective<Duration>) -> Self {
        Self {
            interval: Some(Setting::from(interval)),
            ..Self::default()
        }
    }

    fn limited(timeout: Effective<Duration>) -> Self {
        Self {
            timeout: Some(Setting::from(timeout)),
            ..Self::default()
        }
    }

    fn of_source(interval: Effective<Duration>, timeout: Option<Effective<Duration>>) -> Self {
        Self {
            timeout: timeout.map(Setting::from),
            spread: true,
            ..Self::every(interval)
        }
    }
}

impl From<&Kustomization> for Timing {
    fn from(kustomization: &Kustomization) -> Self {
        let spec = &kustomization.spec;
        let (less, interval) = (Duration::from_secs(30), spec.interval);
        let rest = Duration::from_nanos(interval.as_nanos().wrapping_sub(less.as_nanos()));
        let (timeout, retry) = (spec.effective_timeout(), spec.effective_retry_interval());
        let asked = spec.timeout.unwrap_or(rest);
        Self {
            timeout: Some(Setting::derived(timeout, Rule::IntervalLess(less), asked)),
            retry_interval: Some(Setting::derived(retry, Rule::Interval, retry.value)),
            ..Self::of_source(written(interval), None)
        }
    }
}

impl From<&HelmRelease> for Timing {
    fn from(release: &HelmRelease) -> Self {
        let spec = &release.spec;
        Self::of_source(written(spec.interval), Some(spec.effective_timeout()))
    }
}

impl From<&GitRepository> for Timing {
    fn from(repository: &GitRepository) -> Self {
        let spec = &repository.spec;
        Self::of_source(written(spec.interval), Some(spec.effective_timeout()))
    }
}

impl From<&Bucket> for Timing {
    fn from(bucket: &Bucket) -> Self {
        let spec = &bucket.spec;
        Self::of_source(written(spec.interval), Some(spec.effective_timeout()))
    }
}

impl From<&OCIRepository> for Timing {
    fn from(repository: &OCIRepository) -> Self {
        let spec = &repository.spec;
        Self {
            interval: spec.interval.map(|interval| written(interval).into()),
            ..Self::of_source(written(Duration::ZERO), Some(spec.effective_timeout()))
        }
    }
}

/// One of type `oci` is not reconciled: it only holds settings for others.
impl From<&HelmRepository> for Timing {
    fn from(repository: &HelmRepository) -> Self {
        let spec = &repository.spec;
        match spec.effective_type().value {
            HelmRepositoryType::Oci => Self::limited(spec.effective_timeout()),
            _ => Self::of_source(spec.effective_interval(), Some(spec.effective_timeout())),
        }
    }
}

impl From<&HelmChart> for Timing {
    fn from(chart: &HelmChart) -> Self {
        Self::of_source(written(chart.spec.interval), None)
    }
}

impl From<&ImageRepository> for Timing {
    fn from(repository: &ImageRepository) -> Self {
        let spec = &repository.spec;
        let asked = spec.timeout.unwrap_or(spec.interval);
        let timeout = Setting::derived(spec.effective_timeout(), Rule::Interval, asked);
        Self {
            timeout: Some(timeout),
            ..Self::every(written(spec.interval))
        }
    }
}

impl From<&ImagePolicy> for Timing {
    fn from(policy: &ImagePolicy) -> Self {
        let interval = policy.spec.effective_interval();
        if interval.value.is_zero() {
            Self::default()
        } else {
            Self::every(interval)
        }
    }
}

impl From<&ImageUpdateAutomation> for Timing {
    fn from(automation: &ImageUpdateAutomation) -> Self {
        Self::every(written(automation.spec.interval))
    }
}

impl From<&Receiver> for Timing {
    fn from(receiver: &Receiver) -> Self {
        Self::every(receiver.spec.effective_interval())
    }
}

fn written(duration: Duration) -> Effective<Duration> {
    Effective::spec_or(Some(duration), Duration::ZERO)
}

impl Setting {
    /// A setting that is `otherwise` where it is not written, unless it is not what was asked for.
    fn derived(chosen: Effective<Duration>, otherwise: Rule, asked: Duration) -> Self {
        let rule = match chosen.origin {
            _ if chosen.value > asked => Rule::Shortest { instead_of: asked },
            Origin::Default => otherwise,
            _ => Rule::Written,
        };
        Self {
            duration: chosen.value,
            rule,
        }
    }
}

impl From<Effective<Duration>> for Setting {
    fn from(effective: Effective<Duration>) -> Self {
        let rule = match effective.origin {
            Origin::Spec => Rule::Written,
            Origin::Annotation => Rule::Annotation,
            _ => Rule::Default,
        };
        Self {
            duration: effective.value,
            rule,
        }
    }
}

impl From<Setting> for Effective<Duration> {
    fn from(setting: Setting) -> Self {
        Self {
            value: setting.duration,
            origin: setting.rule.origin(),
        }
    }
}

impl Rule {
    /// Where the setting came from. What follows from the interval is a default.
    #[must_use]
    pub const fn origin(self) -> Origin {
        match self {
            Self::Written => Origin::Spec,
            Self::Annotation => Origin::Annotation,
            _ => Origin::Default,
        }
    }
}

/// `30s, the shortest, instead of 10s`.
impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, ", self.duration)?;
        match self.rule {
            Rule::Written => f.write_str("as written"),
            Rule::Annotation => f.write_str("as an annotation says"),
            Rule::Default => f.write_str("by default"),
            Rule::Interval => f.write_str("the interval"),
            Rule::IntervalLess(less) => write!(f, "the interval less {less}"),
            Rule::Shortest { instead_of } => write!(f, "the shortest, instead of {instead_of}"),
        }
    }
}
