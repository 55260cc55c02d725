use std::cmp::Ordering;

use super::election::{Tie, elect};
use super::message::NoChoice;
use super::selection::{Fate, Selection};
use super::tag::{in_flux, read};
use crate::version::{Dialect, Error, Range, Version};

/// What `spec.version` of a HelmChart asks for: a text that an entry may have to the letter, and else a range.
///
/// It need not be a range, because the letters come first; so this cannot fail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChartRequest {
    text: Box<str>,
    range: Result<Range, Error>,
}

impl ChartRequest {
    /// Reads the request. The empty text means `*`, the latest stable version.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let range = if text.is_empty() { "*" } else { text };
        Self {
            text: text.into(),
            range: Range::parse(range),
        }
    }

    /// The text that was parsed.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The request as a range, where it is one.
    ///
    /// # Errors
    ///
    /// Those of [`Range::parse`].
    pub fn range(&self) -> Result<&Range, &Error> {
        self.range.as_ref()
    }

    /// The version, if it needs no list: in a registry, a request that is a version in the dialect
    /// [`Flux`](Dialect::Flux) is taken at its word.
    ///
    /// Source: source-controller: `internal/helm/repository/oci_chart_repository.go (getChartVersion)`.
    #[must_use]
    pub fn pinned(&self) -> Option<Version<'_>> {
        Version::parse(&self.text, Dialect::Flux).ok()
    }
}

/// The entry of a Helm repository index that a HelmChart uses. All entries are of one chart, in the order of the file.
///
/// 1. Entries whose version is no [`Loose`](Dialect::Loose) one are dropped.
/// 2. The first entry whose version is the request to the letter wins.
/// 3. Else the highest [`Flux`](Dialect::Flux) version in range does; of equal ones the newest `created`, where none at all
///    (which should be the least value, as `None` is) is the oldest.
///
/// Source: source-controller: `internal/helm/repository/chart_repository.go (IndexFromBytes, getChartVersion)`.
///
/// # Errors
///
/// [`NoChoice::NoVersions`] without an entry that has a version, [`NoChoice::InvalidRange`] where step 3 needs one. A range
/// that nothing matches is no error: the selection has no winner.
///
/// # Examples
///
/// ```
/// use fluxcd_dialect::version::select::{ChartRequest, chart};
///
/// let entries = [("0.1.5+a", 10), ("0.1.5+b", 59), ("0.2.0", 0), ("1.0.0-rc.1", 0)];
/// let winner = |version| {
///     let request = ChartRequest::parse(version);
///     let selection = chart(&request, entries, |entry| entry.0, |entry| entry.1);
///     selection.ok().and_then(|selection| selection.winner().copied())
/// };
/// assert_eq!(winner(""), Some(("0.2.0", 0)));
/// assert_eq!(winner("0.1.5"), Some(("0.1.5+b", 59)));
/// assert_eq!(winner("0.1.5+a"), Some(("0.1.5+a", 10)));
/// ```
pub fn chart<'r, C, T: Ord>(
    request: &'r ChartRequest,
    entries: impl IntoIterator<Item = C>,
    text: impl Fn(&C) -> &str,
    created: impl Fn(&C) -> T,
) -> Result<Selection<'r, C>, NoChoice<'r>> {
    let entries: Vec<C> = entries.into_iter().collect();
    let listed = |one: &C| read(text(one), Dialect::Loose).map(drop);
    if entries.iter().all(|one| listed(one).is_err()) {
        return Err(NoChoice::NoVersions);
    }
    let exact = entries
        .iter()
        .position(|one| text(one) == request.text() && listed(one).is_ok());
    if exact.is_some() {
        return Ok(by_name(entries, exact, listed));
    }
    let range = request.range().map_err(NoChoice::InvalidRange)?;
    let compare = |a: &C, b: &C| created(a).cmp(&created(b));
    // What is no loose version is no version of Flux either.
    Ok(elect(range, entries, text, in_flux, compare, Tie::Last))
}

/// The tag of a chart in a registry that a HelmChart uses. Only needed where the request is not
/// [`pinned`](ChartRequest::pinned).
///
/// The first tag that is the request to the letter wins, whatever it is; else the highest [`Flux`](Dialect::Flux) version in
/// range. Tags are those that Helm's registry client lists: strict versions in canonical form, the highest first, with `+` where
/// the registry has `_`.
///
/// Source: source-controller: `internal/helm/repository/oci_chart_repository.go (getChartVersion,
/// getLastMatchingVersionOrConstraint)`.
///
/// # Errors
///
/// [`NoChoice::NoVersions`] without a tag, [`NoChoice::InvalidRange`] where a range is needed. A range that nothing matches is
/// no error: the selection has no winner.
///
/// # Examples
///
/// ```
/// use fluxcd_dialect::version::select::{ChartRequest, oci_chart};
///
/// let request = ChartRequest::parse("0.*");
/// assert_eq!(request.pinned(), None);
/// let selection = oci_chart(&request, ["0.2.0", "0.9.0", "0.10.0"], |tag| tag);
/// assert_eq!(selection.unwrap().winner(), Some(&"0.10.0"));
/// ```
pub fn oci_chart<'r, C>(
    request: &'r ChartRequest,
    tags: impl IntoIterator<Item = C>,
    text: impl Fn(&C) -> &str,
) -> Result<Selection<'r, C>, NoChoice<'r>> {
    let tags: Vec<C> = tags.into_iter().collect();
    if tags.is_empty() {
        return Err(NoChoice::NoVersions);
    }
    let is_asked = |one: &C| !request.text().is_empty() && text(one) == request.text();
    let exact = tags.iter().position(is_asked);
    if exact.is_some() {
        return Ok(by_name(tags, exact, |_| Ok(())));
    }
    let range = request.range().map_err(NoChoice::InvalidRange)?;
    let compare = |_: &C, _: &C| Ordering::Equal;
    Ok(elect(range, tags, text, in_flux, compare, Tie::First))
}

fn by_name<'r, C>(
    candidates: Vec<C>,
    winner: Option<usize>,
    listed: impl Fn(&C) -> Result<(), Fate>,
) -> Selection<'r, C> {
    let fate = |one| listed(one).err().unwrap_or(Fate::NotAsked);
    let fates = candidates.iter().map(fate).collect();
    Selection {
        candidates,
        fates,
        winner,
        misses: Vec::new(),
        groups: 0,
    }
}
