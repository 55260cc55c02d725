//! A policy, compiled once to elect from many lists of tags.

use std::borrow::Cow;

use fluxcd_api::image::v1::ImagePolicySpec;

use super::error::{NoWinner, PolicyError, SelectError};
use super::exclusion::Exclusions;
use super::explain::{self, Explanation};
use super::filter::TagFilter;
use super::rule::Rule;

/// A policy, compiled.
///
/// ```
/// use fluxcd_policy::image::{NoWinner, TagPolicy};
/// use serde_json::json;
///
/// let policy = TagPolicy::compile(&serde_json::from_value(json!({
///     "imageRepositoryRef": {"name": "app"},
///     "policy": {"semver": {"range": "1.x"}},
/// }))?)?;
/// let elected = policy.select(&["1.9.0", "1.10.0", "1.11.0-rc.1", "2.0.0", "latest"])?;
/// assert_eq!(elected.tag(), "1.10.0");
/// assert_eq!(policy.select(&["latest"]), Err(NoWinner::NothingInRange));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct TagPolicy {
    pub(super) rule: Rule,
    pub(super) filter: Option<TagFilter>,
    pub(super) exclusions: Exclusions,
}

/// The tag that a policy elects.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct Elected<'t> {
    tag: &'t str,
    value: Cow<'t, str>,
    tied: Vec<&'t str>,
}

impl TagPolicy {
    /// Compiles a policy, with the exclusions that an ImageRepository has by default: signatures.
    ///
    /// # Errors
    ///
    /// The first of: an invalid range or order, no policy at all; an invalid pattern.
    pub fn compile(spec: &ImagePolicySpec) -> Result<Self, PolicyError> {
        let rule = Rule::compile(&spec.policy)?;
        let filter = spec.filter_tags.as_ref().map(TagFilter::compile);
        Ok(Self {
            rule,
            filter: filter.transpose()?,
            exclusions: Exclusions::default(),
        })
    }

    /// With the exclusions of an ImageRepository.
    pub fn excluding(mut self, exclusions: Exclusions) -> Self {
        self.exclusions = exclusions;
        self
    }

    /// What values are compared by.
    #[must_use]
    pub const fn rule(&self) -> &Rule {
        &self.rule
    }

    /// The tag that wins among those that a registry lists, in whatever order.
    ///
    /// | step | |
    /// |---|---|
    /// | exclusions | a tag that matches one of the patterns takes no part |
    /// | `filterTags` | a tag that the pattern does not match takes no part; of others the extract is compared |
    /// | equal extracts | stand for the smallest of their tags by bytes |
    /// | the policy | elects the highest version in the range, or the greatest or smallest text or number |
    /// | equal ranks | the greatest text of equal versions wins, the smallest of equal numbers |
    ///
    /// Upstream decides between equal ranks like this without `filterTags`. With it, the winner is another one from run to
    /// run: [`Elected::tied`] has all of them.
    ///
    /// Source: `image-reflector-controller: internal/controller/imagerepository_controller.go (filterOutTags,
    /// sortTagsAndGetLatestTags)`, `internal/controller/imagepolicy_controller.go (applyPolicy)`.
    ///
    /// # Errors
    ///
    /// Why no tag wins.
    pub fn select<'t, T: AsRef<str>>(&self, tags: &'t [T]) -> Result<Elected<'t>, NoWinner> {
        let tags = tags.iter().map(AsRef::as_ref);
        let mut stored = tags
            .filter(|tag| self.exclusions.matched_by(tag).is_none())
            .peekable();
        if stored.peek().is_none() {
            return Err(NoWinner::NoTags);
        }
        let Some(filter) = &self.filter else {
            let best = self.rule.best(&stored.collect::<Vec<_>>())?;
            return Ok(Elected {
                tag: best.winner,
                value: Cow::Borrowed(best.winner),
                tied: vec![best.winner],
            });
        };
        let passing: Vec<(Cow<'t, str>, &'t str)> = stored
            .filter_map(|tag| Some((filter.value(tag)?, tag)))
            .collect();
        if passing.is_empty() {
            return Err(NoWinner::NothingPasses);
        }
        let values: Vec<&str> = passing.iter().map(|(value, _)| &**value).collect();
        let best = self.rule.best(&values)?;
        let tag_of = |wanted: &str| {
            let same = passing.iter().filter(|(value, _)| *value == wanted);
            same.map(|(_, tag)| *tag).min()
        };
        let mut tied = match best.tied.as_slice() {
            [_] => Vec::new(),
            tied => tags_of(&passing, tied),
        };
        let tag = tag_of(best.winner).unwrap_or_default();
        if tied.is_empty() {
            tied.push(tag);
        }
        let value = Cow::Owned(best.winner.to_owned());
        Ok(Elected { tag, value, tied })
    }

    /// The outcome, and why each of the other tags lost.
    pub fn explain<'p, 't, T: AsRef<str>>(&'p self, tags: &'t [T]) -> Explanation<'p, 't> {
        explain::explain(self, tags)
    }
}

/// Elects a tag as the controller does it in one go, with the errors in the order in which it meets them: that the pattern
/// of `filterTags` is none comes out only where there are tags to filter.
///
/// # Errors
///
/// The policy is none, or elects no tag.
///
/// # Examples
///
/// ```
/// use fluxcd_api::image::v1::ImagePolicySpec;
/// use fluxcd_policy::image::{Exclusions, elect};
/// use serde_json::json;
///
/// let spec: ImagePolicySpec = serde_json::from_value(json!({
///     "imageRepositoryRef": {"name": "app"},
///     "policy": {"alphabetical": {}},
///     "filterTags": {"pattern": "("},
/// }))?;
/// let error = elect(&spec, &Exclusions::default(), &["1.0.0.sig"]).unwrap_err();
/// assert_eq!((error.reason(), error.to_string().as_str()), ("DependencyNotReady", "no tags in database"));
/// let error = elect(&spec, &Exclusions::default(), &["1.0.0"]).unwrap_err();
/// assert_eq!(error.reason(), "InvalidPolicy");
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn elect<'t, T: AsRef<str>>(
    spec: &ImagePolicySpec,
    exclusions: &Exclusions,
    tags: &'t [T],
) -> Result<Elected<'t>, SelectError> {
    Ok(compile_for(spec, exclusions, tags)?.select(tags)?)
}

/// The policy for these tags: whether its pattern is one does not matter where there is nothing to filter.
pub(super) fn compile_for<T: AsRef<str>>(
    spec: &ImagePolicySpec,
    exclusions: &Exclusions,
    tags: &[T],
) -> Result<TagPolicy, SelectError> {
    let excluded = |tag: &T| exclusions.matched_by(tag.as_ref()).is_some();
    match TagPolicy::compile(spec) {
        Ok(policy) => Ok(policy.excluding(exclusions.clone())),
        Err(PolicyError::Pattern { .. }) if tags.iter().all(excluded) => {
            Err(NoWinner::NoTags.into())
        }
        Err(error) => Err(error.into()),
    }
}

/// For each of some values the tag that stands for it, in the order of the tags.
fn tags_of<'t>(passing: &[(Cow<'t, str>, &'t str)], values: &[&str]) -> Vec<&'t str> {
    let mut values = values.to_vec();
    values.sort_unstable();
    values.dedup();
    let mut smallest: Vec<Option<&'t str>> = vec![None; values.len()];
    for (value, tag) in passing {
        if let Some(kept) = values
            .binary_search(&&**value)
            .ok()
            .and_then(|at| smallest.get_mut(at))
        {
            *kept = Some(kept.map_or(*tag, |kept| kept.min(tag)));
        }
    }
    let mut tags: Vec<_> = smallest.into_iter().flatten().collect();
    tags.sort_unstable();
    tags
}

impl<'t> Elected<'t> {
    /// The tag.
    #[must_use]
    pub const fn tag(&self) -> &'t str {
        self.tag
    }

    /// What of the tag was compared: the extract of `filterTags`, or the tag itself.
    #[must_use]
    pub fn value(&self) -> &str {
        &self.value
    }

    /// All tags that upstream could have elected as well, the winner among them, sorted; the winner alone where nothing is
    /// left to chance.
    #[must_use]
    pub fn tied(&self) -> &[&'t str] {
        &self.tied
    }
}
