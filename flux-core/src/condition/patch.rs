//! What happened to a list of conditions, and doing the same to another one.
//!
//! Source: `fluxcd/pkg: runtime/conditions/patch.go (NewPatch, Apply)` v0.110.1.

use std::fmt;

use fluxcd_api::meta::Condition;
use fluxcd_dialect::quote::Quoted;

use super::Conditions;
use super::getter::find;
use super::setter::is_same_state;

/// The changes from one list of conditions to another.
///
/// # Laws
///
/// - Applied to the list that it was made from it gives the other list, where [`Conditions`] made that one at the same time
///   for the same generation; up to the order, and but that a condition that came back to its old state has its old time.
/// - Applied twice it does what it does applied once.
/// - Under [`Ownership::All`] it never conflicts, nor with the types of [`Ownership::Types`].
///
/// # Examples
///
/// ```
/// use chrono::DateTime;
/// use fluxcd_core::condition::{Conditions, Ownership, Patch};
///
/// let now = DateTime::UNIX_EPOCH;
/// let mut ours = Conditions::new(Vec::new(), 1, now);
/// ours.mark_true("Ready", "Succeeded", "applied");
/// let patch = Patch::between(&[], ours.list());
///
/// // Meanwhile somebody else wrote another condition, which stays.
/// let mut latest = Conditions::new(Vec::new(), 1, now);
/// latest.mark_true("Audited", "Clean", "no findings");
/// latest.apply(&patch, Ownership::Types(&["Ready"]))?;
/// assert_eq!(latest.list().len(), 2);
/// # Ok::<(), Box<fluxcd_core::condition::Conflict>>(())
/// ```
#[must_use]
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Patch {
    /// Additions and changes in the order of the list after them, then removals in the order of the list before.
    pub changes: Vec<Change>,
}

/// One change of a list of conditions.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// It was not there before.
    Add(Condition),
    /// It was another one before. A different time or generation is a change as well.
    Change {
        /// As it was.
        before: Condition,
        /// As it is.
        after: Condition,
    },
    /// It is not there any more.
    Remove(Condition),
}

/// Whose conditions are taken without looking at what others did to them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ownership<'a> {
    /// Those of these types.
    Types(&'a [&'a str]),
    /// All.
    All,
}

/// Somebody else changed a condition in another way. Nothing to repair: reconcile again, on what is there now.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub struct Conflict {
    /// What both wanted to do.
    pub kind: ConflictKind,
    /// As it is on the latest object, if it is there.
    pub latest: Option<Condition>,
    /// What could not be done.
    pub change: Change,
}

/// How two writers collide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ConflictKind {
    /// Both added it, with different states.
    Add,
    /// Both changed it, to different states.
    Change,
    /// One changed what the other removed.
    Deleted,
    /// One removed what the other changed.
    Remove,
}

impl Patch {
    /// The changes from `before` to `after`.
    pub fn between(before: &[Condition], after: &[Condition]) -> Self {
        let written = after
            .iter()
            .filter_map(|after| match find(before, &after.type_) {
                None => Some(Change::Add(after.clone())),
                Some(before) if is_equal(before, after) => None,
                Some(before) => Some(Change::Change {
                    before: before.clone(),
                    after: after.clone(),
                }),
            });
        let removed = before
            .iter()
            .filter(|before| find(after, &before.type_).is_none())
            .map(|before| Change::Remove(before.clone()));
        Self {
            changes: written.chain(removed).collect(),
        }
    }

    /// The changes that give the latest object what `after` says: of the conditions that are owned, those in which the latest
    /// object differs from `after`; of the others, those from `before` to `after`.
    ///
    /// `before` may come from a cache that has not seen the writer's own last write. [`Patch::between`] would then miss a
    /// condition that was written, and is to be written back. What is owned is never compared with `before`. Conditions that
    /// are neither in `before` nor in `after` nor in [`Ownership::Types`] are left alone.
    ///
    /// # Differences
    ///
    /// Upstream compares with `before` only.
    ///
    /// # Examples
    ///
    /// ```
    /// use chrono::DateTime;
    /// use fluxcd_core::condition::{Conditions, Ownership, Patch};
    ///
    /// let mut before = Conditions::new(Vec::new(), 1, DateTime::UNIX_EPOCH);
    /// before.mark_true("Ready", "Succeeded", "applied");
    /// let mut latest = before.clone();
    /// latest.mark_false("Ready", "Failed", "the run that the cache has not seen");
    ///
    /// let after = before.list();
    /// assert!(Patch::between(before.list(), after).is_empty());
    /// let patch = Patch::against(before.list(), after, latest.list(), Ownership::Types(&["Ready"]));
    /// assert_eq!(patch.changes.len(), 1);
    /// ```
    pub fn against(
        before: &[Condition],
        after: &[Condition],
        latest: &[Condition],
        ownership: Ownership<'_>,
    ) -> Self {
        let is_owned = |type_: &str| match ownership {
            Ownership::Types(types) => types.contains(&type_),
            Ownership::All => find(before, type_).or_else(|| find(after, type_)).is_some(),
        };
        let foreign = before.iter().filter(|it| !is_owned(&it.type_));
        let owned = latest.iter().filter(|it| is_owned(&it.type_));
        let base: Vec<Condition> = foreign.chain(owned).cloned().collect();
        Self::between(&base, after)
    }

    /// Whether there is nothing to do.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }
}

impl Change {
    /// The type of the condition.
    #[must_use]
    pub fn type_(&self) -> &str {
        match self {
            Self::Add(it) | Self::Remove(it) | Self::Change { after: it, .. } => &it.type_,
        }
    }

    /// Whether it collides with what the latest object says.
    fn conflict(&self, latest: Option<&Condition>) -> Option<ConflictKind> {
        match (self, latest) {
            (Self::Add(_) | Self::Remove(_), None) => None,
            (Self::Change { .. }, None) => Some(ConflictKind::Deleted),
            (Self::Add(after), Some(latest)) => {
                (!is_same_state(latest, after)).then_some(ConflictKind::Add)
            }
            (Self::Change { before, after }, Some(latest)) => {
                let is_free = is_equal(latest, before) || is_same_state(latest, after);
                (!is_free).then_some(ConflictKind::Change)
            }
            (Self::Remove(before), Some(latest)) => {
                (!is_same_state(latest, before)).then_some(ConflictKind::Remove)
            }
        }
    }

    /// Whether the latest object says already what this change is to make it say.
    fn is_done(&self, latest: Option<&Condition>) -> bool {
        match self {
            Self::Add(_) => latest.is_some(),
            Self::Change { before, .. } => latest.is_some_and(|latest| !is_equal(latest, before)),
            Self::Remove(_) => latest.is_none(),
        }
    }
}

impl Ownership<'_> {
    fn covers(self, type_: &str) -> bool {
        match self {
            Self::Types(types) => types.contains(&type_),
            Self::All => true,
        }
    }
}

impl Conditions {
    /// Makes the same changes here, on the latest conditions of the object.
    ///
    /// | change | the latest has | outcome |
    /// |---|---|---|
    /// | owned | anything | made |
    /// | add | none | made |
    /// | add | the same state | stays, with its time |
    /// | add | another state | [`ConflictKind::Add`] |
    /// | change | none | [`ConflictKind::Deleted`] |
    /// | change | what it was before | made |
    /// | change | something else, of the state it is to have | stays, with its time |
    /// | change | something else | [`ConflictKind::Change`] |
    /// | remove | none | nothing to do |
    /// | remove | the state it had before | made |
    /// | remove | another state | [`ConflictKind::Remove`] |
    ///
    /// The state is status, reason and message. Conditions are written as by [`Conditions::set`]: their generation becomes
    /// that of this object, their time that of this object where the state changes here.
    ///
    /// # Errors
    ///
    /// The first [`Conflict`]. Nothing changes then.
    ///
    /// # Differences
    ///
    /// Two times are equal here when they are the same instant. The Go SDK compares their zones as well, so that there a
    /// condition that was written and one that was read differ, and changing one twice conflicts unless it is owned.
    pub fn apply(&mut self, patch: &Patch, ownership: Ownership<'_>) -> Result<(), Box<Conflict>> {
        let mut result = self.clone();
        for change in &patch.changes {
            let latest = result.find(change.type_());
            if !ownership.covers(change.type_()) {
                if let Some(kind) = change.conflict(latest) {
                    return Err(Box::new(Conflict {
                        kind,
                        latest: latest.cloned(),
                        change: change.clone(),
                    }));
                }
                if change.is_done(latest) {
                    continue;
                }
            }
            match change {
                Change::Add(after) | Change::Change { after, .. } => result.set(after.clone()),
                Change::Remove(before) => result.delete(&before.type_),
            }
        }
        *self = result;
        Ok(())
    }
}

/// An absent generation is 0.
fn is_equal(a: &Condition, b: &Condition) -> bool {
    is_same_state(a, b)
        && a.last_transition_time == b.last_transition_time
        && a.observed_generation.unwrap_or_default() == b.observed_generation.unwrap_or_default()
}

/// The beginning of the text of the Go SDK, which goes on with a difference whose form is no contract.
impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let type_ = Quoted(self.change.type_());
        let (deed, operation) = match self.kind {
            ConflictKind::Add => ("modified", "Add"),
            ConflictKind::Change => ("modified", "Change"),
            ConflictKind::Deleted => ("deleted", "Change"),
            ConflictKind::Remove => ("modified", "Remove"),
        };
        write!(
            f,
            "error patching conditions: The condition {type_} was {deed} by a different process and this caused a \
             merge/{operation}Condition conflict"
        )
    }
}

/// `Add Ready`, `Change Ready`, `Remove Ready`.
impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verb = match self {
            Self::Add(_) => "Add",
            Self::Change { .. } => "Change",
            Self::Remove(_) => "Remove",
        };
        write!(f, "{verb} {}", self.type_())
    }
}
