//! Why each tag lost.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use fluxcd_dialect::version::{Dialect, Version};

use super::error::NoWinner;
use super::policy::{Elected, TagPolicy};
use super::reason::Reason;
use super::rule::Rule;

/// What a policy made of a list of tags: the outcome, and a reason for every tag but the winner.
///
/// `Display` prints both, with the losers grouped by reason; a list of a hundred thousand tags stays readable.
///
/// ```
/// use fluxcd_policy::image::{Reason, TagPolicy};
/// use serde_json::json;
///
/// let policy = TagPolicy::compile(&serde_json::from_value(json!({
///     "imageRepositoryRef": {"name": "app"},
///     "policy": {"semver": {"range": "1.x"}},
/// }))?)?;
/// let tags = ["1.9.0", "1.10.0", "2.0.0", "2.1.0", "latest"];
/// let explanation = policy.explain(&tags);
/// assert!(matches!(explanation.reason(4), Some(Reason::NotAVersion(_))));
/// assert_eq!(explanation.to_string(), "\
/// 1.10.0 is elected from 5 tags by semver 1.x
///   1 is outranked: 1.9.0
///   2 are too high for 1.x: 2.0.0, 2.1.0
///   1 is not a version (fewer than two points): latest
/// ");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct Explanation<'p, 't> {
    policy: &'p TagPolicy,
    outcome: Result<Elected<'t>, NoWinner>,
    tags: Vec<&'t str>,
    /// Nothing for the winner.
    reasons: Vec<Option<Reason<'p, 't>>>,
}

pub(super) fn explain<'p, 't, T: AsRef<str>>(
    policy: &'p TagPolicy,
    tags: &'t [T],
) -> Explanation<'p, 't> {
    let outcome = policy.select(tags);
    let tags: Vec<&'t str> = tags.iter().map(AsRef::as_ref).collect();
    let mut judge = Judge::new(policy, &outcome, &tags);
    let reasons = tags.iter().map(|tag| judge.reason(tag)).collect();
    Explanation {
        policy,
        outcome,
        tags,
        reasons,
    }
}

struct Judge<'a, 'p, 't> {
    policy: &'p TagPolicy,
    outcome: &'a Result<Elected<'t>, NoWinner>,
    /// For each value the smallest tag, and whether that one was judged already.
    smallest: HashMap<Cow<'t, str>, (&'t str, bool)>,
}

impl<'a, 'p, 't> Judge<'a, 'p, 't> {
    fn new(
        policy: &'p TagPolicy,
        outcome: &'a Result<Elected<'t>, NoWinner>,
        tags: &[&'t str],
    ) -> Self {
        let mut smallest = HashMap::<_, (&'t str, bool)>::with_capacity(tags.len());
        for tag in tags {
            if let Ok(value) = value(policy, tag) {
                let kept = smallest.entry(value).or_insert((tag, false));
                kept.0 = kept.0.min(tag);
            }
        }
        Self {
            policy,
            outcome,
            smallest,
        }
    }

    fn reason(&mut self, tag: &'t str) -> Option<Reason<'p, 't>> {
        let value = match value(self.policy, tag) {
            Ok(value) => value,
            Err(reason) => return Some(reason),
        };
        if let Some((into, judged)) = self.smallest.get_mut(&value) {
            if *into != tag {
                let into = *into;
                return Some(Reason::Collapsed { into, value });
            }
            if std::mem::replace(judged, true) {
                return Some(Reason::Repeated);
            }
        }
        match self.outcome {
            Ok(elected) if elected.tag() == tag => None,
            Ok(elected) => Some(self.lost(&value, elected.value())),
            Err(_) => Some(self.failed(&value)),
        }
    }

    /// Why a value lost to the winner.
    fn lost(&self, value: &str, winner: &str) -> Reason<'p, 't> {
        let tied = match &self.policy.rule {
            Rule::SemVer(range) => {
                let version = match Version::parse(value, Dialect::Flux) {
                    Ok(version) => version,
                    Err(error) => return Reason::NotAVersion(error.kind()),
                };
                let verdict = range.verdict(&version);
                if !verdict.is_admitted() {
                    return Reason::OutOfRange(verdict);
                }
                Version::parse(winner, Dialect::Flux).is_ok_and(|winner| winner == version)
            }
            Rule::Alphabetical(_) => false,
            Rule::Numerical(_) => {
                let [value, winner] = [value, winner].map(fluxcd_dialect::float::parse);
                value
                    .partial_cmp(&winner)
                    .is_none_or(std::cmp::Ordering::is_eq)
            }
        };
        if tied {
            Reason::Tied
        } else {
            Reason::Outranked
        }
    }

    /// Why a value did not win where none did.
    fn failed(&self, value: &str) -> Reason<'p, 't> {
        match &self.policy.rule {
            Rule::SemVer(_) => self.lost(value, ""),
            _ if fluxcd_dialect::float::parse(value).is_none() => Reason::NotANumber,
            _ => Reason::PolicyFails,
        }
    }
}

/// The value that is compared of a tag, or why it takes no part.
fn value<'p, 't>(policy: &'p TagPolicy, tag: &'t str) -> Result<Cow<'t, str>, Reason<'p, 't>> {
    if let Some(pattern) = policy.exclusions.matched_by(tag) {
        return Err(Reason::Excluded { pattern });
    }
    match &policy.filter {
        None => Ok(Cow::Borrowed(tag)),
        Some(filter) => filter.value(tag).ok_or(Reason::Filtered),
    }
}

impl<'p, 't> Explanation<'p, 't> {
    /// The tag that is elected.
    ///
    /// # Errors
    ///
    /// Why none is.
    pub const fn outcome(&self) -> Result<&Elected<'t>, &NoWinner> {
        self.outcome.as_ref()
    }

    /// All tags, in the order in which they came.
    #[must_use]
    pub fn tags(&self) -> &[&'t str] {
        &self.tags
    }

    /// Why the tag at that place was not elected; nothing for the winner, and where there is no tag.
    #[must_use]
    pub fn reason(&self, index: usize) -> Option<&Reason<'p, 't>> {
        self.reasons.get(index)?.as_ref()
    }

    /// Every tag that was not elected, with the reason, in the order in which they came.
    pub fn losers(&self) -> impl Iterator<Item = (&'t str, &Reason<'p, 't>)> {
        let both = self.tags.iter().zip(&self.reasons);
        both.filter_map(|(tag, reason)| Some((*tag, reason.as_ref()?)))
    }

    /// The losers by reason: those that came closest first, and the reasons that exclude without looking last.
    #[must_use]
    pub fn groups(&self) -> Vec<Group<'t>> {
        let mut groups: Vec<Group<'t>> = Vec::new();
        let mut places = HashMap::new();
        for (tag, reason) in self.losers() {
            let text = reason.text();
            let place =
                *places
                    .entry((reason.stage(), text))
                    .or_insert_with_key(|(stage, text)| {
                        groups.push(Group {
                            stage: *stage,
                            why: text.clone(),
                            tags: Vec::new(),
                        });
                        groups.len() - 1
                    });
            if let Some(group) = groups.get_mut(place) {
                group.tags.push(tag);
            }
        }
        groups.sort_by(|a, b| a.stage.cmp(&b.stage).then_with(|| a.why.cmp(&b.why)));
        groups
    }
}

/// Tags that lost for one reason.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Group<'t> {
    stage: u8,
    /// The reason, to be read behind `is` or `are`.
    pub why: Cow<'static, str>,
    /// The tags, in the order in which they came.
    pub tags: Vec<&'t str>,
}

/// How many tags of a group are printed.
const SHOWN: usize = 5;

impl fmt::Display for Explanation<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (count, rule) = (self.tags.len(), self.policy.rule());
        let tags = if count == 1 { "tag" } else { "tags" };
        match &self.outcome {
            Ok(elected) => {
                write!(
                    f,
                    "{} is elected from {count} {tags} by {rule}",
                    elected.tag()
                )?;
                if elected.value() != elected.tag() {
                    write!(f, ", as {:?}", elected.value())?;
                }
                writeln!(f)?;
                if elected.tied().len() > 1 {
                    writeln!(f, "  Flux elects any of: {}", list(elected.tied()))?;
                }
            }
            Err(error) => writeln!(
                f,
                "no tag is elected from {count} {tags} by {rule}: {error}"
            )?,
        }
        for Group { why, tags, .. } in self.groups() {
            let verb = if tags.len() == 1 { "is" } else { "are" };
            writeln!(f, "  {} {verb} {why}: {}", tags.len(), list(&tags))?;
        }
        Ok(())
    }
}

fn list(tags: &[&str]) -> String {
    let shown = tags.get(..SHOWN).unwrap_or(tags);
    let more = match tags.len() - shown.len() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    shown.join(", ") + &more
}
