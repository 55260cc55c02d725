use std::borrow::Cow;
use std::cmp::Ordering;

use super::election::{Tie, elect};
use super::selection::{Fate, Selection};
use crate::version::{Dialect, Range, Version};

/// The tag that an ImagePolicy with a semver policy elects.
///
/// `text` is what the policy looks at: the tag, or what `filterTags` extracts from it.
///
/// Source: image-reflector-controller: `internal/policy/semver.go (SemVer.Latest)`.
///
/// # Examples
///
/// ```
/// use fluxcd_dialect::version::{Range, select};
///
/// let range = Range::parse("^1.2")?;
/// let tags = ["1.2.0", "1.10.0", "v1.10.0", "1.11.0-rc.1", "2.0.0", "latest"];
/// let selection = select::image(&range, tags, |tag| tag);
/// assert_eq!(selection.winner(), Some(&"v1.10.0"));
///
/// let losers = selection.losers().map(|loser| format!("{}: {}", loser.candidate, loser.reason));
/// assert_eq!(losers.collect::<Vec<_>>(), [
///     "1.2.0: lower than the winner",
///     "1.10.0: equal to the winner",
///     "1.11.0-rc.1: a prerelease, and ^1.2 admits none",
///     "2.0.0: too high for ^1.2",
///     "latest: not a version: fewer than two points",
/// ]);
/// # Ok::<(), fluxcd_dialect::version::Error>(())
/// ```
pub fn image<'r, C>(
    range: &'r Range,
    candidates: impl IntoIterator<Item = C>,
    text: impl Fn(&C) -> &str,
) -> Selection<'r, C> {
    // As among tags whose commits are of one time.
    git(range, candidates, text, |_| ())
}

/// The tag that a GitRepository with `ref.semver` checks out.
///
/// `time` is that of the commit to which the tag leads, as its committer has it. The time of an annotated tag does not
/// matter.
///
/// Source: fluxcd/pkg: `git/gogit/clone.go (cloneSemVer)`.
///
/// # Examples
///
/// ```
/// use fluxcd_dialect::version::{Range, select};
///
/// let range = Range::parse("<0.2.0")?;
/// let tags = [("v0.1.0+build-1", 10), ("v0.1.0+build-3", 60), ("v0.1.0+build-2", 30)];
/// let selection = select::git(&range, tags, |tag| tag.0, |tag| tag.1);
/// assert_eq!(selection.winner(), Some(&("v0.1.0+build-3", 60)));
/// # Ok::<(), fluxcd_dialect::version::Error>(())
/// ```
pub fn git<'r, C, T: Ord>(
    range: &'r Range,
    tags: impl IntoIterator<Item = C>,
    text: impl Fn(&C) -> &str,
    time: impl Fn(&C) -> T,
) -> Selection<'r, C> {
    let candidates = tags.into_iter().collect();
    let compare = |a: &C, b: &C| time(a).cmp(&time(b));
    elect(
        range,
        candidates,
        &text,
        in_flux,
        compare,
        Tie::GreatestText,
    )
}

/// How versions are spelled in the tags of a registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TagForm {
    /// As they are.
    Plain,
    /// With `_` for `+`, which a tag cannot have. This is so where `layerSelector.mediaType` names the layer of a Helm chart,
    /// `application/vnd.cncf.helm.chart.content.v1.tar+gzip`.
    HelmChart,
}

impl TagForm {
    /// The dialect in which such a tag is read.
    #[must_use]
    pub fn dialect(self) -> Dialect {
        match self {
            Self::Plain => Dialect::Flux,
            Self::HelmChart => Dialect::ChartTag,
        }
    }

    /// The tag under which a version is asked for.
    ///
    /// For every tag that a registry can hold it is the tag itself. Source: source-controller:
    /// `internal/controller/ocirepository_controller.go (convertSemVerToOCITag)`.
    #[must_use]
    pub fn reference(self, tag: &str) -> Cow<'_, str> {
        match self {
            Self::HelmChart if tag.contains('+') => Cow::Owned(tag.replace('+', "_")),
            _ => Cow::Borrowed(tag),
        }
    }
}

/// The tag that an OCIRepository with `ref.semver` pulls.
///
/// `filter` is `ref.semverFilter`: it sees the tag as the registry has it, before it is read as a version.
///
/// Source: source-controller: `internal/controller/ocirepository_controller.go (getTagBySemver, filterTags)`.
///
/// # Examples
///
/// ```
/// use fluxcd_dialect::version::{Range, select};
///
/// let range = Range::parse(">= 6.1.x-0")?;
/// let tags = ["6.1.4", "6.1.6-rc.1", "6.1.6", "6.1.7-beta"];
/// let only_candidates = |tag: &str| tag.contains("-rc");
/// let selection = select::oci(&range, tags, |tag| tag, select::TagForm::Plain, only_candidates);
/// assert_eq!(selection.winner(), Some(&"6.1.6-rc.1"));
/// # Ok::<(), fluxcd_dialect::version::Error>(())
/// ```
pub fn oci<'r, C>(
    range: &'r Range,
    tags: impl IntoIterator<Item = C>,
    text: impl Fn(&C) -> &str,
    form: TagForm,
    filter: impl Fn(&str) -> bool,
) -> Selection<'r, C> {
    elect(
        range,
        tags.into_iter().collect(),
        text,
        |tag| match filter(tag) {
            true => read(tag, form.dialect()),
            false => Err(Fate::Filtered),
        },
        |_, _| Ordering::Equal,
        Tie::First,
    )
}

pub(super) fn in_flux(text: &str) -> Result<Version<'_>, Fate> {
    read(text, Dialect::Flux)
}

pub(super) fn read(text: &str, dialect: Dialect) -> Result<Version<'_>, Fate> {
    Version::parse(text, dialect).map_err(|error| Fate::NotAVersion(error.kind()))
}
