//! Several conditions become one.
//!
//! Source: `fluxcd/pkg: runtime/conditions/{getter,merge,merge_strategies}.go` v0.110.1.

use std::cmp::Ordering;

use fluxcd_api::meta::Condition;
use fluxcd_api::meta::condition::READY;

use super::Conditions;
use super::getter::find;
use super::options::{Attribution, Generations, MergeOptions, Only};
use super::setter::{new_condition, rank};

/// An object that another one is built on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Source<'a> {
    /// Its kind, for the reason.
    pub kind: &'a str,
    /// Its name, for the reason and for the order.
    pub name: &'a str,
    /// Its conditions.
    pub conditions: &'a [Condition],
}

/// Upstream panics here: it looks for the object of a condition at a place where no object is.
///
/// [`MergeOptions::with_true_sources`] avoids it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("condition {condition} of an object has no source among {objects} objects")]
pub struct NoSource {
    /// The place of the condition within its object, from 0.
    pub condition: usize,
    /// How many objects there are.
    pub objects: usize,
}

impl Conditions {
    /// Sets `target` to what the other conditions of the object amount to. Nothing changes where none is in scope.
    ///
    /// Conditions are grouped by status and polarity. The first group of these that is there decides:
    ///
    /// | | status | polarity | a target of positive polarity becomes |
    /// |---|---|---|---|
    /// | 1 | `True` | negative | `False` |
    /// | 2 | `False` | positive | `False` |
    /// | 3 | `True` | positive | `True` |
    /// | 4 | `False` | negative | `True` |
    /// | 5 | `Unknown` | either | `Unknown` |
    ///
    /// Traps: without [`MergeOptions::with_conditions`], `Stalled` and `Reconciling` are in scope, and count as good. One
    /// good `True` outweighs every `Unknown`. Where all are `Unknown`, those of the polarity that comes first in the list
    /// give the reason.
    ///
    /// # Examples
    ///
    /// ```
    /// use chrono::DateTime;
    /// use fluxcd_core::condition::{Conditions, MergeOptions};
    ///
    /// let mut conditions = Conditions::new(Vec::new(), 1, DateTime::UNIX_EPOCH);
    /// conditions.mark_true("ArtifactInStorage", "Succeeded", "stored");
    /// conditions.mark_true("FetchFailed", "AuthenticationFailed", "401");
    /// let options = MergeOptions::new().with_negative_polarity(&["FetchFailed"]);
    /// conditions.summarise("Ready", &options);
    ///
    /// let ready = conditions.find("Ready").unwrap();
    /// assert_eq!((&*ready.status, &*ready.reason), ("False", "AuthenticationFailed"));
    /// ```
    pub fn summarise(&mut self, target: &str, options: &MergeOptions<'_>) {
        let (kind, name) = options.own_name;
        let of_others = self.list().iter().filter(|it| it.type_ != target);
        let scope: Vec<Member<'_>> = of_others
            .filter(|it| options.is_in_scope(it))
            .map(|condition| Member {
                condition,
                kind,
                name,
            })
            .collect();
        let steps = match options.step_counter {
            Only::Never => None,
            Only::Always => Some(options.conditions.map_or(scope.len(), <[_]>::len)),
            Only::If(types) => has_only(&scope, types).then_some(types.len()),
        };
        let message = match (steps, options.counter) {
            (Some(steps), _) => Message::Steps(steps),
            (None, Only::Never) => Message::First,
            (None, _) => Message::Count(0),
        };
        let is_localised = options.source_ref == Only::Always;
        if let Some(merged) = merge(scope, target, options, message, is_localised) {
            self.set(merged);
        }
    }

    /// Sets `target` to what the conditions of other objects amount to, as [`Conditions::summarise`] does. Conditions of the
    /// type of the target are in scope as well.
    ///
    /// # Errors
    ///
    /// [`NoSource`], if a condition stands further back in its object than there are objects. Nothing changes then.
    ///
    /// # Differences
    ///
    /// The Go SDK takes the place of a condition within its object for the place of the object: a source reference names
    /// the wrong object, conditions of one type are ordered by wrong names, and [`NoSource`] is a panic. This is followed,
    /// as controllers that aggregate write it; [`MergeOptions::with_true_sources`] does not follow.
    ///
    /// Upstream's order of more than 12 conditions that decide is not defined where conditions of one type have different
    /// generations or equal names; here it is by place in a status, then by name, then as given.
    pub fn aggregate(
        &mut self,
        target: &str,
        sources: &[Source<'_>],
        options: &MergeOptions<'_>,
    ) -> Result<(), NoSource> {
        let mut scope = Vec::with_capacity(sources.len());
        for source in sources {
            let mine = source.conditions.iter().enumerate();
            for (place, condition) in mine.filter(|(_, it)| options.is_in_scope(it)) {
                let owner = match options.attribution {
                    Attribution::ToItsObject => source,
                    Attribution::AsUpstream => sources.get(place).ok_or(NoSource {
                        condition: place,
                        objects: sources.len(),
                    })?,
                };
                let (kind, name) = (owner.kind, owner.name);
                scope.push(Member {
                    condition,
                    kind,
                    name,
                });
            }
        }
        let is_counted = match options.counter {
            Only::Never => false,
            Only::Always => true,
            Only::If(types) => has_only(&scope, types),
        };
        let message = match options.step_counter {
            Only::Never if is_counted => Message::Count(sources.len()),
            Only::Never => Message::First,
            _ => Message::Steps(sources.len()),
        };
        let is_localised = match options.source_ref {
            Only::Never => false,
            Only::Always => true,
            Only::If(types) => scope.iter().any(|it| types.contains(&&*it.condition.type_)),
        };
        if let Some(merged) = merge(scope, target, options, message, is_localised) {
            self.set(merged);
        }
        Ok(())
    }

    /// Sets `target` to what `Ready` of another object says, with its time where there was no `target`. Nothing changes where
    /// the other object has none; whether it has one is the answer, so that the caller can fall back to something else.
    ///
    /// # Examples
    ///
    /// ```
    /// use chrono::DateTime;
    /// use fluxcd_core::condition::Conditions;
    ///
    /// let mut conditions = Conditions::new(Vec::new(), 1, DateTime::UNIX_EPOCH);
    /// if !conditions.mirror("SourceReady", &[]) {
    ///     conditions.mark_false("SourceReady", "DependencyNotReady", "not reconciled yet");
    /// }
    /// assert!(conditions.is_false("SourceReady"));
    /// ```
    pub fn mirror(&mut self, target: &str, from: &[Condition]) -> bool {
        let Some(ready) = find(from, READY) else {
            return false;
        };
        self.set(Condition {
            type_: target.to_owned(),
            ..ready.clone()
        });
        true
    }
}

/// A condition in scope, and the object that it is taken to be of.
#[derive(Clone, Copy)]
struct Member<'a> {
    condition: &'a Condition,
    kind: &'a str,
    name: &'a str,
}

/// Conditions of one status and polarity.
struct Group<'a> {
    status: &'a str,
    is_negative: bool,
    generation: i64,
    members: Vec<Member<'a>>,
}

/// What the message is made of.
enum Message {
    First,
    Count(usize),
    Steps(usize),
}

impl MergeOptions<'_> {
    fn is_in_scope(&self, condition: &Condition) -> bool {
        let types = self.conditions;
        types.is_none_or(|types| types.contains(&&*condition.type_))
    }

    fn is_negative(&self, type_: &str) -> bool {
        self.negative_polarity.contains(&type_)
    }
}

fn has_only(scope: &[Member<'_>], types: &[&str]) -> bool {
    scope.iter().all(|it| types.contains(&&*it.condition.type_))
}

fn merge(
    scope: Vec<Member<'_>>,
    target: &str,
    options: &MergeOptions<'_>,
    message: Message,
    is_localised: bool,
) -> Option<Condition> {
    let mut groups = groups(scope, options);
    let completed = groups
        .iter()
        .find(|it| it.status == "True" && !it.is_negative)
        .map_or(0, |it| it.members.len());
    let top = groups.iter_mut().min_by_key(|it| it.priority())?;
    sort(&mut top.members);

    let head = *top.members.first()?;
    let wanted = options.conditions.unwrap_or_default().iter();
    let first = wanted
        .filter_map(|type_| top.members.iter().find(|it| it.condition.type_ == **type_))
        .next()
        .unwrap_or(&head);
    let reason = &first.condition.reason;
    let reason = match is_localised && !reason.contains('@') {
        true => format!("{reason} @ {}/{}", first.kind, first.name),
        false => reason.clone(),
    };
    let message = match message {
        Message::First => first.condition.message.clone(),
        Message::Count(objects) => {
            format!(
                "{} of {objects} {}",
                top.members.len(),
                head.condition.type_
            )
        }
        Message::Steps(steps) => format!("{completed} of {steps} completed"),
    };
    let status = match (top.status, top.is_negative == options.is_negative(target)) {
        ("True", true) | ("False", false) => "True",
        ("False", true) | ("True", false) => "False",
        _ => "Unknown",
    };
    Some(new_condition(target, status, &reason, message))
}

fn groups<'a>(scope: Vec<Member<'a>>, options: &MergeOptions<'_>) -> Vec<Group<'a>> {
    let is_latest_only = options.generations == Generations::Latest;
    let mut groups: Vec<Group<'a>> = Vec::new();
    for member in scope {
        let status = &*member.condition.status;
        let is_negative = options.is_negative(&member.condition.type_);
        let generation = member.condition.observed_generation.unwrap_or_default();
        let known = groups.iter_mut().find(|it| {
            (it.status, it.is_negative) == (status, is_negative)
                && (!is_latest_only || it.generation == generation)
        });
        match known {
            Some(group) => group.members.push(member),
            None => groups.push(Group {
                status,
                is_negative,
                generation,
                members: vec![member],
            }),
        }
    }
    if is_latest_only {
        let latest = groups.iter().map(|it| it.generation).fold(0, i64::max);
        groups.retain(|it| it.generation == latest);
    }
    groups
}

impl Group<'_> {
    fn priority(&self) -> u8 {
        match (self.status, self.is_negative) {
            ("True", true) => 0,
            ("False", false) => 1,
            ("True", false) => 2,
            ("False", true) => 3,
            ("Unknown", _) => 4,
            _ => 5,
        }
    }
}

/// Upstream compares by place in a status or, within a type, by the name of the object. With several generations of a type
/// that is no order at all, so the outcome depends on the algorithm: Go sorts up to 12 elements by insertion.
fn sort(members: &mut [Member<'_>]) {
    const BY_INSERTION: usize = 12;
    if members.len() > BY_INSERTION {
        members.sort_by(|a, b| in_place(a, b).then_with(|| a.name.cmp(b.name)));
        return;
    }
    for end in 1..members.len() {
        for at in (1..=end).rev() {
            match members.get(at - 1..=at) {
                Some([before, it]) if is_less(it, before) => members.swap(at - 1, at),
                _ => break,
            }
        }
    }
}

fn is_less(a: &Member<'_>, b: &Member<'_>) -> bool {
    match a.condition.type_ == b.condition.type_ {
        true => a.name < b.name,
        false => in_place(a, b) == Ordering::Less,
    }
}

fn in_place(a: &Member<'_>, b: &Member<'_>) -> Ordering {
    rank(a.condition).cmp(&rank(b.condition))
}
