use super::interval::{Cut, Interval, Side};
use super::*;
use crate::version::Dialect;
use crate::version::value::Precedence;

const OPERANDS: &[&str] = &[
    "*",
    "*-0",
    "*-b",
    "0",
    "1",
    "1-b",
    "0.0",
    "0.1",
    "1.1",
    "1.1-0",
    "0.0.0",
    "0.0.0-b",
    "0.0.1",
    "0.1.1",
    "1.0.0",
    "1.1.1",
    "1.1.1-b",
    "1.1.1-0",
    "18446744073709551615",
    "1.18446744073709551615",
    "1.1.18446744073709551615",
];

fn grid() -> Vec<String> {
    let mut versions = Vec::new();
    let numbers = ["0", "1", "2", "18446744073709551615"];
    for major in numbers {
        for minor in numbers {
            for patch in numbers {
                for prerelease in ["", "-0", "-0.a", "-a", "-b", "-c"] {
                    versions.push(format!("{major}.{minor}.{patch}{prerelease}"));
                }
            }
        }
    }
    versions
}

fn is_inside(interval: &Interval<'_>, version: Precedence<'_>) -> bool {
    let cut = Cut::At(version, Side::Before);
    interval.from <= cut && cut < interval.to
}

fn ranges() -> Vec<Range> {
    let operators = ["", ">", ">=", "<", "<=", "~", "^", "!="];
    let terms = operators.iter().flat_map(|operator| {
        OPERANDS
            .iter()
            .map(move |operand| format!("{operator}{operand}"))
    });
    terms.map(|term| Range::parse(&term).unwrap()).collect()
}

#[test]
fn every_comparator_is_an_interval() {
    let grid = grid();
    for range in ranges() {
        let comparator = &range.groups[0].comparators[0];
        for text in &grid {
            let version = Version::parse(text, Dialect::Loose).unwrap().precedence();
            let passes = match comparator.operator {
                Operator::NotEqual => true,
                _ => comparator.refuses(&version).is_none(),
            };
            assert_eq!(
                is_inside(&Interval::of(comparator), version),
                passes,
                "{range} {text}"
            );
        }
    }
}

#[test]
fn words_speak_of_what_is_admitted() {
    let grid = grid();
    // All pairs would take half a minute.
    let ranges: Vec<Range> = ranges().into_iter().step_by(4).collect();
    for a in &ranges {
        for b in &ranges {
            let both = Range::parse(&format!("{a}, {b}")).unwrap();
            let group = &both.groups[0];
            let whole =
                Interval::of(&group.comparators[0]).intersect(Interval::of(&group.comparators[1]));
            let mut empty = true;
            for text in &grid {
                let version = Version::parse(text, Dialect::Loose).unwrap();
                let visible =
                    group.prereleases == Prereleases::Admitted || version.prerelease().is_empty();
                if both.matches(&version) {
                    empty = false;
                    assert!(is_inside(&whole, version.precedence()), "{both} {text}");
                } else if visible && is_inside(&whole, version.precedence()) {
                    let holes = group
                        .comparators
                        .iter()
                        .filter(|one| one.operator == Operator::NotEqual);
                    assert!(holes.count() > 0, "{both} {text}");
                }
            }
            if !empty {
                assert_ne!(both.explain(), "no version at all", "{both}");
            }
        }
    }
}

#[test]
fn words_are_few() {
    for (range, words) in [
        (
            "^1.2.3-0",
            "at least 1.2.3-0, below 2.0.0-0, prereleases too",
        ),
        (
            ">=1.0.0-0 <2.0.0",
            "at least 1.0.0-0, below 2.0.0, prereleases too",
        ),
        ("1.2.3 - 2", "at least 1.2.3, below 3.0.0, no prereleases"),
        (
            ">=1, >=2.1, <4, <=3.0.0",
            "at least 2.1.0, at most 3.0.0, no prereleases",
        ),
        (">1", "at least 2.0.0, no prereleases"),
        (">1.2.3", "above 1.2.3, no prereleases"),
        ("<1", "below 1.0.0, no prereleases"),
        ("~0.0.0", "any version, no prereleases"),
        (">=0", "any version, no prereleases"),
        ("*-0", "any version, prereleases too"),
        ("^*", "below 0.0.1, no prereleases"),
        ("1.2.3-rc.1", "exactly 1.2.3-rc.1"),
        ("!=1.2", "any version, not 1.2.x, no prereleases"),
        (
            "!=1.2, >=1-0",
            "at least 1.0.0-0, not the releases 1.2.x, prereleases too",
        ),
        ("!=1.2.x-0", "any version, not 1.2.x-0, prereleases too"),
        (
            "!=1 !=2.0.0",
            "any version, not 1.x, not 2.0.0, no prereleases",
        ),
        ("1 - *", "no version at all"),
        (">18446744073709551615", "no version at all"),
        (
            "^18446744073709551615",
            "at least 18446744073709551615.0.0, no prereleases",
        ),
        (
            "~1.18446744073709551615",
            "at least 1.18446744073709551615.0, below 2.0.0, no prereleases",
        ),
        (">1.2.3 <1.2.4", "no version at all"),
        (
            "1 || 3",
            "at least 1.0.0, below 2.0.0, no prereleases; or at least 3.0.0, below 4.0.0, no prereleases",
        ),
    ] {
        assert_eq!(Range::parse(range).unwrap().explain(), words, "{range}");
    }
}
