//! Whether an object that is no longer wanted is deleted.

use std::borrow::Cow;
use std::fmt;

use fluxcd_api::meta::key;
use serde_json::Value;

use super::switch::{Place, Switch, texts};

/// What is done with one object that is stale, or whose Kustomization goes.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub enum Prune<'o> {
    /// It is not in the cluster. It is reported as deleted all the same.
    Gone,
    /// It is deleted, in the background: what it owns goes after it.
    Delete,
    /// It stays, and is forgotten.
    Keep(Kept<'o>),
}

/// Why an object stays.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kept<'o> {
    /// A label that names the owner is missing, or names another one: the object was taken over, or never ours.
    Foreign {
        /// The first label that differs: the name of the owner, then its namespace.
        label: Cow<'static, str>,
        /// Its value, if it is there.
        found: Option<&'o str>,
    },
    /// It says so itself: `prune` or `reconcile` is disabled, or `ssa` is `Ignore`.
    Switch(Switch<'o>),
}

/// The Kustomization whose labels an object must bear.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Owner<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its namespace.
    pub namespace: &'a str,
}

/// What became of one object, as the change lines of a clean-up say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// It was deleted, or was not there.
    Deleted,
    /// It was left alone on purpose.
    Skipped,
    /// The API server refused, so it has to be tried again.
    Unknown,
}

impl<'o> Prune<'o> {
    /// Decides on the object as it is in the cluster, in its wire form; `None` when it is not there.
    ///
    /// The rules, in this order:
    ///
    /// 1. what is not there is [`Gone`](Self::Gone);
    /// 2. both labels of the owner must be there, with exactly these values;
    /// 3. `prune: disabled`, `reconcile: disabled` or `ssa: Ignore`, as label or annotation in any case, keep it;
    /// 4. everything else is deleted.
    ///
    /// What the manifest says plays no part: it is no longer there.
    ///
    /// Source: fluxcd/pkg ssa v0.76.1: `manager_delete.go (Delete)`; kustomize-controller v1.9.6:
    /// `internal/controller/kustomization_controller.go (deleteObjects)`.
    ///
    /// # Examples
    ///
    /// ```
    /// use fluxcd_core::inventory::{Kept, Owner, Prune};
    /// use serde_json::json;
    ///
    /// let live = json!({"metadata": {"labels": {
    ///     "kustomize.toolkit.fluxcd.io/name": "apps",
    ///     "kustomize.toolkit.fluxcd.io/namespace": "flux-system",
    /// }}});
    /// let apps = Owner { name: "apps", namespace: "flux-system" };
    /// assert_eq!(Prune::decide(Some(&live), apps), Prune::Delete);
    ///
    /// let renamed = Owner { name: "workloads", ..apps };
    /// let kept = Prune::decide(Some(&live), renamed);
    /// assert!(matches!(kept, Prune::Keep(Kept::Foreign { found: Some("apps"), .. })));
    /// ```
    pub fn decide(live: Option<&'o Value>, owner: Owner<'_>) -> Self {
        let labels = [key::KUSTOMIZATION_NAME, key::KUSTOMIZATION_NAMESPACE];
        Self::decide_by(live, labels.map(Cow::Borrowed), owner)
    }

    /// The same for an owner of another group, whose labels are `<group>/name` and `<group>/namespace`: that of a controller
    /// that applies objects as Flux does. What keeps an object stays the same.
    ///
    /// # Examples
    ///
    /// ```
    /// use fluxcd_core::inventory::{Owner, Prune};
    /// use serde_json::json;
    ///
    /// let live = json!({"metadata": {"labels": {"example.com/name": "apps", "example.com/namespace": "shop"}}});
    /// let apps = Owner { name: "apps", namespace: "shop" };
    /// assert_eq!(Prune::decide_in("example.com", Some(&live), apps), Prune::Delete);
    /// assert!(matches!(Prune::decide(Some(&live), apps), Prune::Keep(_)));
    /// ```
    pub fn decide_in(group: &str, live: Option<&'o Value>, owner: Owner<'_>) -> Self {
        let labels = ["name", "namespace"].map(|label| format!("{group}/{label}").into());
        Self::decide_by(live, labels, owner)
    }

    fn decide_by(
        live: Option<&'o Value>,
        labels_of_owner: [Cow<'static, str>; 2],
        owner: Owner<'_>,
    ) -> Self {
        let Some(live) = live else {
            return Self::Gone;
        };
        let labels = texts(live, Place::Label);
        for (label, wanted) in labels_of_owner
            .into_iter()
            .zip([owner.name, owner.namespace])
        {
            let found = labels.and_then(|labels| labels.get(&*label));
            let found = found.map(|found| found.as_str().unwrap_or_default());
            if found != Some(wanted) {
                return Self::Keep(Kept::Foreign { label, found });
            }
        }
        let switch = [
            (key::KUSTOMIZE_PRUNE, key::DISABLED),
            (key::KUSTOMIZE_RECONCILE, key::DISABLED),
            (key::KUSTOMIZE_SSA, key::IGNORE),
        ]
        .into_iter()
        .find_map(|(key, value)| Switch::find(live, key, value));
        match switch {
            Some(switch) => Self::Keep(Kept::Switch(switch)),
            None => Self::Delete,
        }
    }

    /// How the change line names it, once an object to be deleted is deleted.
    #[must_use]
    pub fn action(&self) -> Action {
        match self {
            Self::Gone | Self::Delete => Action::Deleted,
            Self::Keep(_) => Action::Skipped,
        }
    }
}

impl Action {
    /// The word in the change line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Deleted => "deleted",
            Self::Skipped => "skipped",
            Self::Unknown => "unknown",
        }
    }
}

/// The reason as a clause: `annotation kustomize.toolkit.fluxcd.io/prune is "disabled"`.
impl fmt::Display for Kept<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Foreign { label, found: None } => write!(f, "label {label} is missing"),
            Self::Foreign {
                label,
                found: Some(found),
            } => write!(f, "label {label} names another owner, {found:?}"),
            Self::Switch(switch) => switch.fmt(f),
        }
    }
}
