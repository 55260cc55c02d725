//! What the last reconciliations did.

use std::collections::BTreeMap;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use serde::{Deserialize, Serialize};

use super::Duration;

/// How many snapshots are kept.
pub const LIMIT: usize = 5;

/// Reconciliations that had the same input and the same end, counted together.
///
/// Source: `fluxcd/pkg: apis/meta/history.go (Snapshot)`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Snapshot {
    /// Checksum of what was reconciled.
    pub digest: String,
    /// When it ended like this for the first time.
    #[cfg_attr(feature = "schema", schemars(with = "crate::schema::Timestamp"))]
    pub first_reconciled: Time,
    /// When it ended like this the last time.
    #[cfg_attr(feature = "schema", schemars(with = "crate::schema::Timestamp"))]
    pub last_reconciled: Time,
    /// How long the last time took.
    #[cfg_attr(feature = "schema", schemars(with = "crate::schema::DurationText"))]
    pub last_reconciled_duration: Duration,
    /// How it ended: the reason of the Ready condition.
    pub last_reconciled_status: String,
    /// How many times.
    pub total_reconciliations: i64,
    /// What else was noted, such as the revision.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<BTreeMap<String, String>>,
}

impl Default for Snapshot {
    fn default() -> Self {
        Self {
            digest: String::new(),
            first_reconciled: super::time::unix_epoch(),
            last_reconciled: super::time::unix_epoch(),
            last_reconciled_duration: Duration::ZERO,
            last_reconciled_status: String::new(),
            total_reconciliations: 0,
            metadata: None,
        }
    }
}

/// Notes one reconciliation in a history whose newest entry is the first.
///
/// An entry with the same digest and status is refreshed, counted up and moved to the front; otherwise a new one is put
/// there. At most [`LIMIT`] remain. Entries are never sorted by time.
///
/// Source: `fluxcd/pkg: apis/meta/history.go (History.Upsert)`.
///
/// # Examples
///
/// ```
/// use fluxcd_api::meta::{Duration, history, time};
///
/// let mut entries = Vec::new();
/// for _ in 0..2 {
///     let now = time::unix_epoch();
///     history::upsert(&mut entries, "sha256:aa", now, Duration::from_secs(3), "ReconciliationSucceeded", None);
/// }
/// assert_eq!(entries.len(), 1);
/// assert_eq!(entries[0].total_reconciliations, 2);
/// ```
pub fn upsert(
    history: &mut Vec<Snapshot>,
    digest: &str,
    at: Time,
    took: Duration,
    status: &str,
    metadata: Option<BTreeMap<String, String>>,
) {
    let same = history
        .iter()
        .position(|entry| entry.digest == digest && entry.last_reconciled_status == status);
    let entry = match same.map(|index| history.remove(index)) {
        Some(known) => Snapshot {
            last_reconciled: at,
            last_reconciled_duration: took,
            total_reconciliations: known.total_reconciliations.saturating_add(1),
            metadata,
            ..known
        },
        None => Snapshot {
            digest: digest.to_owned(),
            first_reconciled: at.clone(),
            last_reconciled: at,
            last_reconciled_duration: took,
            last_reconciled_status: status.to_owned(),
            total_reconciliations: 1,
            metadata,
        },
    };
    history.insert(0, entry);
    history.truncate(LIMIT);
}
