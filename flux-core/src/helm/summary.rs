//! What `Ready` of a HelmRelease says, after `Released`, `TestSuccess` and `Remediated`.
//!
//! # Rules
//!
//! - Where tests are off, `TestSuccess` goes.
//! - Without any condition, nothing is said.
//! - The conditions that count are `Remediated`, `TestSuccess` where tests run and their failures matter, and `Released`.
//!   They are put to the front, the newer generation first and in this order within one. `Ready` repeats the first.
//! - After a remediation, `Ready` is `False`, however well that went.
//! - A `Ready` that is `True` removes `Stalled`.
//! - What is current of post-renderers and common metadata counts as observed from now on.
//!
//! # Traps
//!
//! - The order is that of an insertion sort with a comparison that is none: an older condition of higher rank that stands
//!   before a newer one stays before it.
//! - Where none of the three is there, `Ready` repeats whatever condition is first: itself, most often.
//! - `remediation.ignoreTestFailures` of an action plays no part; only `test.ignoreFailures` does.
//! - What counts as observed need not have been applied: a failed upgrade and a rollback are summarised too.
//!
//! # Sources
//!
//! helm-controller v1.6.3: `internal/reconcile/release.go (summarize)`. Vectors: `conformance/helm/conditions.jsonl`.

use fluxcd_api::helm::v2::HelmRelease;
use fluxcd_api::helm::v2::condition::{RELEASED, REMEDIATED, TEST_SUCCESS};
use fluxcd_api::meta::Condition;
use fluxcd_api::meta::condition::{READY, STALLED};

use super::observed::Observed;
use super::options::TestOptions;
use crate::condition::Conditions;

/// Brings `Ready` in line with what is known of the release.
///
/// Returns what counts as observed from now on: an absent field empties its digest in the status. `None` where there is
/// nothing to summarise; the digests in the status stay then.
///
/// # Differences
///
/// Upstream's sort is another one from 21 conditions on. A HelmRelease has eight types of them.
///
/// # Examples
///
/// ```
/// use chrono::DateTime;
/// use fluxcd_api::helm::v2::HelmRelease;
/// use fluxcd_core::condition::Conditions;
/// use fluxcd_core::helm::summary::summarise;
///
/// let mut conditions = Conditions::new(Vec::new(), 1, DateTime::UNIX_EPOCH);
/// conditions.mark_false("Released", "UpgradeFailed", "timed out");
/// conditions.mark_true("Remediated", "RollbackSucceeded", "back at v1");
/// summarise(&mut conditions, &HelmRelease::default());
/// let ready = conditions.find("Ready").unwrap();
/// assert_eq!((&*ready.status, &*ready.reason), ("False", "RollbackSucceeded"));
/// ```
pub fn summarise(conditions: &mut Conditions, release: &HelmRelease) -> Option<Observed> {
    let test = TestOptions::of(release);
    if !test.enable.value {
        conditions.delete(TEST_SUCCESS);
    }
    let counting: &[&str] = if test.enable.value && !test.ignore_failures.value {
        &[REMEDIATED, TEST_SUCCESS, RELEASED]
    } else {
        &[REMEDIATED, RELEASED]
    };
    let first = first(conditions.list(), counting)?.clone();
    let status = match first.type_.as_str() {
        REMEDIATED => "False",
        _ => first.status.as_str(),
    };
    if status == "True" {
        conditions.delete(STALLED);
    }
    conditions.set(Condition {
        type_: READY.to_owned(),
        status: status.to_owned(),
        ..first
    });
    Some(Observed::of(&release.spec))
}

/// The first one of the sorted conditions.
fn first<'a>(conditions: &'a [Condition], counting: &[&str]) -> Option<&'a Condition> {
    let rank = |condition: &Condition| counting.iter().position(|it| *it == condition.type_);
    let goes_before = |a: &Condition, b: &Condition| match (rank(a), rank(b)) {
        (None, _) => false,
        (Some(_), None) => true,
        (Some(of_a), Some(of_b)) => generation(a) >= generation(b) && of_a < of_b,
    };
    let mut sorted: Vec<&Condition> = Vec::new();
    for condition in conditions {
        let stays_behind = sorted.iter().rposition(|it| !goes_before(condition, it));
        sorted.insert(stays_behind.map_or(0, |place| place + 1), condition);
    }
    sorted.first().copied()
}

fn generation(condition: &Condition) -> i64 {
    condition.observed_generation.unwrap_or_default()
}
