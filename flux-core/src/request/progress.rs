use std::collections::BTreeMap;

use fluxcd_api::meta::key;
use fluxcd_api::resource::FluxResource;

/// How far a request to reconcile is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress<'o> {
    /// Nobody asked.
    Absent,
    /// The token is not yet in the status.
    Pending(&'o str),
    /// The token is in the status. Whether the run went well is a matter of the conditions.
    Handled(&'o str),
}

/// How far the request to reconcile that the object bears is. An empty token counts as none.
///
/// Alerts, Providers and ExternalArtifacts never handle a request.
///
/// # Examples
///
/// ```
/// use fluxcd_api::meta::key;
/// use fluxcd_api::source::v1::{Bucket, BucketStatus};
/// use fluxcd_core::request::{Progress, progress};
///
/// let mut bucket = Bucket::new("charts", Default::default());
/// assert_eq!(progress(&bucket), Progress::Absent);
///
/// let annotations = bucket.metadata.annotations.get_or_insert_default();
/// annotations.insert(key::RECONCILE_REQUEST.to_owned(), "now".to_owned());
/// assert_eq!(progress(&bucket), Progress::Pending("now"));
///
/// let handled = Some("now".to_owned());
/// bucket.status = Some(BucketStatus { last_handled_reconcile_at: handled, ..Default::default() });
/// assert_eq!(progress(&bucket), Progress::Handled("now"));
/// ```
#[must_use]
pub fn progress<'o>(object: &'o (impl FluxResource + ?Sized)) -> Progress<'o> {
    let token = requested(object.metadata().annotations.as_ref());
    match token.filter(|token| !token.is_empty()) {
        None => Progress::Absent,
        Some(token) if object.last_handled_reconcile_at() == Some(token) => {
            Progress::Handled(token)
        }
        Some(token) => Progress::Pending(token),
    }
}

/// Whether a change of annotations asks for a reconciliation: the token is there, and was not, or was another.
///
/// A controller is woken by that or by a change of `metadata.generation`. Creation and deletion always wake it.
///
/// Source: fluxcd/pkg runtime v0.110.1: `predicates/reconcile_requested.go (ReconcileRequestedPredicate)`.
#[must_use]
pub fn is_requested(
    old: Option<&BTreeMap<String, String>>,
    new: Option<&BTreeMap<String, String>>,
) -> bool {
    let token = requested(new);
    token.is_some() && token != requested(old)
}

/// Whether a change of a ConfigMap or Secret with these labels reconciles those who use it, with the default of
/// `--watch-configs-label-selector`. The value is compared to the letter.
#[must_use]
pub fn is_watched(labels: Option<&BTreeMap<String, String>>) -> bool {
    let value = labels.and_then(|labels| labels.get(key::WATCH));
    value.is_some_and(|value| value == key::WATCH_ENABLED)
}

fn requested(annotations: Option<&BTreeMap<String, String>>) -> Option<&str> {
    let token = annotations?.get(key::RECONCILE_REQUEST)?;
    Some(token)
}
