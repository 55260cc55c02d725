use std::fmt;

use serde_json::Value;

use crate::inventory::{self, Resource};

/// What became of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// It did not exist and was applied.
    Created,
    /// It was changed.
    Configured,
    /// It is as it should be, and nothing was written.
    Unchanged,
    /// It was left alone because it, or the source, says so.
    Skipped,
    /// It was deleted, or did not exist any more.
    Deleted,
    /// The API server refused, or did not answer.
    Unknown,
}

/// One line of a change set.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Change {
    /// The object.
    pub resource: Resource,
    /// What became of it.
    pub action: Action,
}

/// What became of several objects, in the order in which they were handled.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChangeSet(pub Vec<Change>);

impl Action {
    /// Whether it counts as a change in events and logs: all but unchanged and skipped.
    ///
    /// Source: kustomize-controller v1.9.4: `internal/controller/utils.go (HasChanged)`.
    #[must_use]
    pub const fn is_change(self) -> bool {
        !matches!(self, Self::Unchanged | Self::Skipped)
    }
}

impl Change {
    /// The line of an object in its wire form.
    ///
    /// A skipped object is named by its live form if it exists, and by the desired one otherwise: the API server may
    /// have taken a namespace away that the source has.
    ///
    /// Source: fluxcd/pkg ssa v0.76.1: `manager.go (changeSetEntry)`.
    ///
    /// # Examples
    ///
    /// ```
    /// use fluxcd_core::ssa::{Action, Change};
    /// use serde_json::json;
    ///
    /// let object = json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "namespace": "shop"}});
    /// let change = Change::new(&object, Action::Configured);
    /// assert_eq!(change.to_string(), "Deployment/shop/web configured");
    /// ```
    #[must_use]
    pub fn new(object: &Value, action: Action) -> Self {
        Self {
            resource: Resource::of(object),
            action,
        }
    }
}

impl ChangeSet {
    /// The lines that say that something changed: the text of the event. Empty if nothing changed, and then there is no
    /// event.
    ///
    /// Source: kustomize-controller v1.9.4: `internal/controller/kustomization_controller.go (apply)`.
    #[must_use]
    pub fn changes(&self) -> Self {
        Self(
            self.0
                .iter()
                .filter(|change| change.action.is_change())
                .cloned()
                .collect(),
        )
    }

    /// The text of an apply that failed half way: the error, and below it what had been changed until then.
    ///
    /// Source: kustomize-controller v1.9.4: `internal/controller/kustomization_controller.go (apply)`.
    #[must_use]
    pub fn failure(&self, error: impl fmt::Display) -> String {
        let changes = self.0.iter().filter(|change| change.action.is_change());
        let lines: String = changes.map(|change| format!("{change}\n")).collect();
        format!("{error}\n{lines}")
    }
}

/// The word for it.
impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Created => "created",
            Self::Configured => "configured",
            Self::Unchanged => "unchanged",
            Self::Skipped => "skipped",
            Self::Deleted => "deleted",
            Self::Unknown => "unknown",
        })
    }
}

/// `Kind/namespace/name action`.
impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.resource.id.subject(), self.action)
    }
}

/// The lines, without a last line break.
///
/// Source: fluxcd/pkg ssa v0.76.1: `changeset.go (ChangeSet.String)`.
impl fmt::Display for ChangeSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, change) in self.0.iter().enumerate() {
            let line_break = if place == 0 { "" } else { "\n" };
            write!(f, "{line_break}{change}")?;
        }
        Ok(())
    }
}

impl FromIterator<Change> for ChangeSet {
    fn from_iter<I: IntoIterator<Item = Change>>(changes: I) -> Self {
        Self(changes.into_iter().collect())
    }
}

impl From<inventory::Action> for Action {
    fn from(action: inventory::Action) -> Self {
        match action {
            inventory::Action::Deleted => Self::Deleted,
            inventory::Action::Skipped => Self::Skipped,
            inventory::Action::Unknown => Self::Unknown,
        }
    }
}
