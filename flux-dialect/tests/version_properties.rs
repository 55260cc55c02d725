//! Laws of the version room.
#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

use fluxcd_dialect::version::select::{self, ChartRequest, Reason, Selection, TagForm};
use fluxcd_dialect::version::{Dialect, Error, Range, Version};
use proptest::prelude::*;

const DIALECTS: [Dialect; 4] = [
    Dialect::Loose,
    Dialect::Strict,
    Dialect::Flux,
    Dialect::ChartTag,
];

/// Versions that are often near each other.
fn version() -> impl Strategy<Value = String> {
    "(v?)(0|1|2|01)(\\.(0|1|2|02)){2}(-(0|1|10|a|rc|rc1|-)(\\.(0|1|9|b)){0,2})?(\\+(a|b|1))?"
}

fn range() -> impl Strategy<Value = String> {
    let term =
        "(|=|!=|>|<|>=|=>|<=|=<|~|~>|\\^)( )?(0|1|2|x)(\\.(0|1|2|x|\\*)){0,2}(-(0|a|rc1|b\\.1))?";
    let hyphen = "(0|1|1\\.1|1\\.x)(-a)? - (1|2|2\\.0|2\\.1\\.1)(-rc1)?";
    let terms = prop::collection::vec(prop_oneof![5 => term, 1 => hyphen], 1..4);
    let groups = prop::collection::vec(terms.prop_map(|terms| terms.join(", ")), 1..4);
    groups.prop_map(|groups| groups.join(" || "))
}

/// Text out of the characters that mean something here.
fn noise() -> impl Strategy<Value = String> {
    prop_oneof![
        "[v0-2xX*|.+^~<>=!, \\-a]{0,24}",
        "\\PC{0,12}",
        any::<String>()
    ]
}

fn check_span(text: &str, error: &Error) {
    assert!(
        text.get(error.span()).is_some(),
        "{text:?}: {:?}",
        error.span()
    );
    assert!(!error.to_string().is_empty());
}

/// The laws of every selection; `select` runs it on any list of candidates.
fn check_selection(tags: &[String], select: impl Fn(&[&str]) -> Option<(usize, Vec<usize>)>) {
    let all: Vec<&str> = tags.iter().map(String::as_str).collect();
    let winner = select(&all);
    if let Some((winner, losers)) = &winner {
        assert_eq!(losers.len() + 1, all.len());
        assert!(!losers.contains(winner));
    }
    for removed in 0..all.len() {
        let mut fewer = all.clone();
        fewer.remove(removed);
        let after = select(&fewer).map(|(winner, _)| fewer[winner]);
        match winner {
            Some((winner, _)) if winner != removed => assert_eq!(after, Some(all[winner])),
            Some(_) => {}
            None => assert_eq!(after, None),
        }
    }
}

fn outcome<C>(selection: &Selection<'_, C>) -> Option<(usize, Vec<usize>)> {
    let losers = selection.losers().map(|loser| loser.index).collect();
    Some((selection.winner_index()?, losers))
}

proptest! {
    #[test]
    fn no_text_panics_and_every_place_lies_in_it(text in noise()) {
        for dialect in DIALECTS {
            if let Err(error) = Version::parse(&text, dialect) {
                check_span(&text, &error);
            }
        }
        match Range::parse(&text) {
            Ok(range) => {
                prop_assert!(!range.explain().is_empty());
                for group in range.groups() {
                    for comparator in group.comparators() {
                        prop_assert!(text.get(comparator.span()).is_some());
                    }
                }
            }
            Err(error) => check_span(&text, &error),
        }
    }

    #[test]
    fn texts_survive(version in version(), range in range()) {
        for dialect in DIALECTS {
            let Ok(parsed) = Version::parse(&version, dialect) else { continue };
            prop_assert_eq!(parsed.to_string(), &*version);
            let canonical = parsed.canonical();
            let again = Version::parse(&canonical, Dialect::Strict).unwrap();
            prop_assert_eq!(again, parsed);
            prop_assert_eq!(again.canonical(), &*canonical);
            prop_assert_eq!(again.metadata(), parsed.metadata());
        }
        let parsed = Range::parse(&range).unwrap();
        prop_assert_eq!(parsed.to_string(), &*range);
        prop_assert_eq!(Range::parse(&parsed.to_string()), Ok(parsed));
    }

    #[test]
    fn the_order_is_total(a in version(), b in version(), c in version()) {
        let [a, b, c] = [&a, &b, &c].map(|text| Version::parse(text, Dialect::Loose).unwrap());
        prop_assert_eq!(a.cmp(&b), b.cmp(&a).reverse());
        prop_assert_eq!(a.cmp(&b).is_eq(), a == b);
        if a <= b && b <= c {
            prop_assert!(a <= c);
        }
        let mut sorted = [c, a, b];
        sorted.sort();
        prop_assert!(sorted.is_sorted());
    }

    #[test]
    fn a_verdict_is_what_matches_says(range in range(), a in version(), b in version()) {
        let range = Range::parse(&range).unwrap();
        let [a, b] = [&a, &b].map(|text| Version::parse(text, Dialect::Loose).unwrap());
        prop_assert_eq!(range.verdict(&a).is_admitted(), range.matches(&a));
        if a == b {
            prop_assert_eq!(range.matches(&a), range.matches(&b));
        }
        // A range is the union of its alternatives.
        let text = range.text().to_owned();
        let any = text.split("||").any(|group| Range::parse(group).unwrap().matches(&a));
        prop_assert_eq!(any, range.matches(&a));
    }

    #[test]
    fn losers_do_not_matter(range in range(), tags in prop::collection::vec(version(), 0..12)) {
        let request = ChartRequest::parse(&range);
        let range = Range::parse(&range).unwrap();
        check_selection(&tags, |tags| outcome(&select::image(&range, tags, |tag| tag)));
        check_selection(&tags, |tags| outcome(&select::git(&range, tags, |tag| tag, |tag| tag.len())));
        for form in [TagForm::Plain, TagForm::HelmChart] {
            let few = |tag: &str| !tag.contains('b');
            check_selection(&tags, |tags| outcome(&select::oci(&range, tags, |tag| tag, form, few)));
        }
        check_selection(&tags, |tags| outcome(&select::oci_chart(&request, tags, |tag| tag).ok()?));
        check_selection(&tags, |tags| {
            outcome(&select::chart(&request, tags, |tag| tag, |tag| tag.len()).ok()?)
        });
    }

    #[test]
    fn the_order_of_tags_does_not_matter(
        range in range(),
        tags in prop::collection::vec(version(), 0..12),
        by in 0_usize..12,
    ) {
        let range = Range::parse(&range).unwrap();
        let mut turned = tags.clone();
        turned.rotate_left(by.min(tags.len()));
        let image = |tags: &[String]| select::image(&range, tags, |tag| tag).winner().cloned().cloned();
        prop_assert_eq!(image(&tags), image(&turned));
        let git = |tags: &[String]| {
            let selection = select::git(&range, tags, |tag| tag, |tag| tag.len());
            selection.winner().cloned().cloned()
        };
        prop_assert_eq!(git(&tags), git(&turned));
    }

    #[test]
    fn reasons_are_true(range in range(), tags in prop::collection::vec(version(), 1..12)) {
        let range = Range::parse(&range).unwrap();
        let selection = select::image(&range, &tags, |tag| tag);
        let read = |tag: &String| Version::parse(tag, Dialect::Flux).is_ok_and(|tag| range.matches(&tag));
        let winner = selection.winner().map(|tag| Version::parse(tag, Dialect::Flux).unwrap());
        for loser in selection.losers() {
            let version = Version::parse(loser.candidate, Dialect::Flux).unwrap();
            match loser.reason {
                Reason::Refused(misses) => {
                    prop_assert_eq!(misses.len(), range.groups().len());
                    prop_assert!(!read(loser.candidate));
                }
                Reason::Outranked => prop_assert!(Some(version) < winner),
                Reason::Tied => prop_assert_eq!(Some(version), winner),
                other => prop_assert!(false, "{other}"),
            }
        }
    }
}
