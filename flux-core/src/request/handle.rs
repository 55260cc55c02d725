use std::collections::BTreeMap;
use std::fmt;

use fluxcd_api::helm::v2::HelmRelease;
use fluxcd_api::meta::key;

/// What a controller makes of a request, and what it remembers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub struct Handled<'a> {
    /// Whether it acts.
    pub verdict: Verdict,
    /// The new value of the status field of that request. It changes also when nothing is done.
    pub last_handled: &'a str,
}

/// Whether a request is acted on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// It is new, and comes with a new request to reconcile.
    Act,
    /// It is not.
    Ignore(Ignored),
}

/// Why a request is not acted on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Ignored {
    /// There is none.
    Absent,
    /// There is no request to reconcile beside it.
    Alone,
    /// The request to reconcile has another token.
    OtherToken,
    /// It was handled before.
    Repeated,
    /// Its token was reconciled before the request came.
    Late,
}

/// What a status remembers; empty for nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Last<'a> {
    /// `status.lastHandledReconcileAt`.
    pub reconcile: &'a str,
    /// The status field of the request that is asked about.
    pub request: &'a str,
}

/// Judges the request under `key`: it is acted on when an equal token stands under `reconcile.fluxcd.io/requestedAt`, and
/// neither that token was reconciled nor this one handled before.
///
/// Source: fluxcd/pkg apis/meta v1.30.1: `annotations.go (HandleAnnotationRequest)`.
///
/// # Examples
///
/// ```
/// use fluxcd_api::meta::key;
/// use fluxcd_core::request::{Ignored, Last, Verdict, handle};
///
/// let annotations = [(key::RECONCILE_REQUEST, "b"), (key::FORCE_REQUEST, "b")];
/// let annotations = annotations.map(|(key, value)| (key.to_owned(), value.to_owned())).into();
///
/// let last = Last { reconcile: "a", request: "a" };
/// let handled = handle(Some(&annotations), key::FORCE_REQUEST, last);
/// assert_eq!((handled.verdict, handled.last_handled), (Verdict::Act, "b"));
///
/// let last = Last { reconcile: "b", request: "b" };
/// let handled = handle(Some(&annotations), key::FORCE_REQUEST, last);
/// assert_eq!(handled.verdict, Verdict::Ignore(Ignored::Repeated));
/// ```
pub fn handle<'a>(
    annotations: Option<&'a BTreeMap<String, String>>,
    key: &str,
    last: Last<'a>,
) -> Handled<'a> {
    let token = |key| annotations.and_then(|annotations| annotations.get(key));
    let Some(request) = token(key) else {
        return Handled {
            verdict: Verdict::Ignore(Ignored::Absent),
            last_handled: last.request,
        };
    };
    let verdict = match token(key::RECONCILE_REQUEST) {
        None => Verdict::Ignore(Ignored::Alone),
        Some(reconcile) if reconcile != request => Verdict::Ignore(Ignored::OtherToken),
        Some(_) if last.request == request => Verdict::Ignore(Ignored::Repeated),
        Some(_) if last.reconcile == request => Verdict::Ignore(Ignored::Late),
        Some(_) => Verdict::Act,
    };
    Handled {
        verdict,
        last_handled: request,
    }
}

/// What becomes of the force request of a HelmRelease: one install or upgrade, even if nothing changed.
///
/// Source: helm-controller api v1.6.3: `v2/annotations.go (ShouldHandleForceRequest)`.
pub fn force(release: &HelmRelease) -> Handled<'_> {
    let status = release.status.as_ref();
    let last = status.and_then(|status| status.last_handled_force_at.as_deref());
    of_release(release, key::FORCE_REQUEST, last)
}

/// What becomes of the reset request of a HelmRelease: its failure counts are forgotten.
///
/// Source: helm-controller api v1.6.3: `v2/annotations.go (ShouldHandleResetRequest)`.
pub fn reset(release: &HelmRelease) -> Handled<'_> {
    let status = release.status.as_ref();
    let last = status.and_then(|status| status.last_handled_reset_at.as_deref());
    of_release(release, key::RESET_REQUEST, last)
}

fn of_release<'a>(release: &'a HelmRelease, key: &str, last: Option<&'a str>) -> Handled<'a> {
    let status = release.status.as_ref();
    let reconcile = status.and_then(|status| status.last_handled_reconcile_at.as_deref());
    let last = Last {
        reconcile: reconcile.unwrap_or_default(),
        request: last.unwrap_or_default(),
    };
    handle(release.metadata.annotations.as_ref(), key, last)
}

impl Handled<'_> {
    /// Whether the controller acts.
    #[must_use]
    pub fn acts(&self) -> bool {
        self.verdict == Verdict::Act
    }
}

/// The reason as a clause: `its token was handled before`.
impl fmt::Display for Ignored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Absent => "there is no such annotation",
            Self::Alone => "there is no request to reconcile beside it",
            Self::OtherToken => "its token differs from that of the request to reconcile",
            Self::Repeated => "its token was handled before",
            Self::Late => "its token was reconciled before it came",
        })
    }
}
