//! When the failures of a HelmRelease are forgotten.

use std::fmt;

use fluxcd_api::helm::v2::{HelmRelease, HelmReleaseStatus};
use serde_json::Value;

use super::values_digest;
use crate::request;

/// Whether the failure counts of a HelmRelease start at 0 again, and the token that its status remembers in any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub struct FailureReset<'a> {
    /// Why the counts are reset; nothing where they stay.
    pub reason: Option<ResetReason>,
    /// The new `status.lastHandledResetAt`.
    pub last_handled_reset_at: &'a str,
}

/// What makes a new attempt worth while. `Display` is the text in the log of the controller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ResetReason {
    /// The spec changed since the last attempt, or there was none.
    Generation,
    /// The chart has another version.
    ChartVersion,
    /// The values have another digest. They are not compared where none was stored.
    Values,
    /// The annotation `reconcile.fluxcd.io/resetAt` asks for it.
    Requested,
}

impl<'a> FailureReset<'a> {
    /// Decides by the first reason that holds, in the order of [`ResetReason`].
    ///
    /// `chart_version` is the version of the loaded chart, with the digest of its source where that is tracked; `values`
    /// are the composed ones. A request is used up also when another reason comes first.
    ///
    /// Source: helm-controller v1.6.3: `internal/action/reset.go (MustResetFailures)`.
    ///
    /// # Examples
    ///
    /// ```
    /// use fluxcd_api::helm::v2::HelmRelease;
    /// use fluxcd_core::helm::{FailureReset, ResetReason};
    /// use serde_json::json;
    ///
    /// let release: HelmRelease = serde_json::from_value(json!({
    ///     "metadata": {"name": "app", "generation": 2},
    ///     "spec": {"interval": "10m"},
    ///     "status": {"lastAttemptedGeneration": 2, "lastAttemptedRevision": "1.0.0"},
    /// }))?;
    /// let reset = FailureReset::decide(&release, "1.1.0", &json!({}));
    /// assert_eq!(reset.reason, Some(ResetReason::ChartVersion));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn decide(release: &'a HelmRelease, chart_version: &str, values: &Value) -> Self {
        let requested = request::reset(release);
        let none = HelmReleaseStatus::default();
        let status = release.status.as_ref().unwrap_or(&none);
        let attempted = status.last_attempted_generation.unwrap_or_default();
        let revision = status
            .last_attempted_revision
            .as_deref()
            .unwrap_or_default();
        let reason = if attempted != release.metadata.generation.unwrap_or_default() {
            Some(ResetReason::Generation)
        } else if revision != chart_version {
            Some(ResetReason::ChartVersion)
        } else if stored_digest(status)
            .is_some_and(|stored| !values_digest::verify(&stored, values))
        {
            Some(ResetReason::Values)
        } else {
            requested.acts().then_some(ResetReason::Requested)
        };
        Self {
            reason,
            last_handled_reset_at: requested.last_handled,
        }
    }
}

/// Old releases of the controller stored a checksum without its algorithm.
fn stored_digest(status: &HelmReleaseStatus) -> Option<String> {
    let filled = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    let checksum = || filled(&status.last_attempted_values_checksum);
    filled(&status.last_attempted_config_digest).or_else(|| Some(format!("sha1:{}", checksum()?)))
}

impl fmt::Display for ResetReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Generation => "generation differs from last attempt",
            Self::ChartVersion => "chart version differs from last attempt",
            Self::Values => "values differ from last attempt",
            Self::Requested => "reset requested through annotation",
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_first_reason_counts_and_the_request_is_used_up() {
        let values = json!({"a": 1});
        let other = json!({"a": 2});
        let sha1 = "088313970433b9a1e04187ee3403c822591d41e5";
        for (generation, version, digest, values, reason) in [
            (1, "1", json!({}), &values, Some(ResetReason::Generation)),
            (2, "0", json!({}), &values, Some(ResetReason::ChartVersion)),
            (
                2,
                "1",
                json!({"lastAttemptedConfigDigest": "x"}),
                &values,
                Some(ResetReason::Values),
            ),
            (
                2,
                "1",
                json!({"lastAttemptedValuesChecksum": sha1}),
                &other,
                Some(ResetReason::Values),
            ),
            (
                2,
                "1",
                json!({"lastAttemptedValuesChecksum": sha1}),
                &values,
                Some(ResetReason::Requested),
            ),
            (2, "1", json!({}), &values, Some(ResetReason::Requested)),
        ] {
            let mut status =
                json!({"lastAttemptedGeneration": generation, "lastAttemptedRevision": version});
            status
                .as_object_mut()
                .unwrap()
                .extend(digest.as_object().unwrap().clone());
            let annotations = json!({
                "reconcile.fluxcd.io/requestedAt": "t",
                "reconcile.fluxcd.io/resetAt": "t",
            });
            let release: HelmRelease = serde_json::from_value(json!({
                "metadata": {"name": "x", "generation": 2, "annotations": annotations},
                "spec": {"interval": "1m"},
                "status": status,
            }))
            .unwrap();
            let reset = FailureReset::decide(&release, "1", values);
            assert_eq!((reset.reason, reset.last_handled_reset_at), (reason, "t"));
        }
    }
}
