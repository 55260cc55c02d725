use super::comparator::{Comparator, Operator, Wildcard};
use super::interval::{Cut, Interval, Side};
use super::{Group, Prereleases};
use crate::version::value::Precedence;

/// A group in words: an interval with holes.
pub(super) fn group(group: &Group) -> String {
    let intervals = group.comparators.iter().map(Interval::of);
    let whole = intervals.fold(Interval::EVERYTHING, Interval::intersect);
    if whole.is_empty(group.prereleases) {
        return "no version at all".to_owned();
    }
    let mut words = bounds(&whole, group.prereleases);
    let holes = group.comparators.iter();
    let holes = holes.filter(|comparator| comparator.operator == Operator::NotEqual);
    words.extend(holes.map(|comparator| format!("not {}", hole(comparator, group.prereleases))));
    // Whether an exact version is a prerelease can be seen.
    if whole.exact().is_none() {
        words.push(match group.prereleases {
            Prereleases::Admitted => "prereleases too".to_owned(),
            Prereleases::Refused => "no prereleases".to_owned(),
        });
    }
    words.join(", ")
}

fn bounds(interval: &Interval<'_>, prereleases: Prereleases) -> Vec<String> {
    let text = |version| text(version, prereleases);
    if let Some(version) = interval.exact() {
        return vec![format!("exactly {}", text(version))];
    }
    let lower = match interval.from {
        // Where prereleases are out, nothing is lower than 0.0.0 either.
        Cut::At(version, Side::Before)
            if interval.from == Cut::LOWEST
                || version.numbers == [0; 3] && prereleases == Prereleases::Refused =>
        {
            None
        }
        Cut::At(version, Side::Before) => Some(format!("at least {}", text(version))),
        Cut::At(version, Side::After) => Some(format!("above {}", text(version))),
        Cut::End => None,
    };
    let upper = match interval.to {
        Cut::At(version, Side::Before) => Some(format!("below {}", text(version))),
        Cut::At(version, Side::After) => Some(format!("at most {}", text(version))),
        Cut::End => None,
    };
    match (lower, upper) {
        (None, None) => vec!["any version".to_owned()],
        (lower, upper) => lower.into_iter().chain(upper).collect(),
    }
}

/// Where prereleases are out, a bound at the lowest prerelease is one at the release.
fn text(version: Precedence<'_>, prereleases: Prereleases) -> String {
    let [major, minor, patch] = version.numbers;
    match (prereleases, version.prerelease) {
        (Prereleases::Refused, _) | (_, "") => format!("{major}.{minor}.{patch}"),
        (Prereleases::Admitted, prerelease) => format!("{major}.{minor}.{patch}-{prerelease}"),
    }
}

/// What `!=` leaves out.
fn hole(comparator: &Comparator, prereleases: Prereleases) -> String {
    let [major, minor, patch] = comparator.numbers;
    let prerelease = comparator.prerelease();
    let hyphen = if prerelease.is_empty() { "" } else { "-" };
    match comparator.wildcard {
        Wildcard::None | Wildcard::Major => format!("{major}.{minor}.{patch}{hyphen}{prerelease}"),
        Wildcard::Minor => format!("{major}.x"),
        Wildcard::Patch if prerelease.is_empty() && prereleases == Prereleases::Admitted => {
            format!("the releases {major}.{minor}.x")
        }
        Wildcard::Patch => format!("{major}.{minor}.x{hyphen}{prerelease}"),
    }
}
