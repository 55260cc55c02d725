//! A range in the first line, versions in the others: no panic; every place lies in the text; what a range says of a version
//! is the same by every way.
#![no_main]

use fluxcd_dialect::version::select::{self, ChartRequest, Selection, TagForm};
use fluxcd_dialect::version::{Dialect, Error, MAX_VERSION_LEN, Range, Verdict, Version};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let versions: Vec<&str> = rest.split('\n').collect();
    for text in &versions {
        check_version(text);
    }
    check_range(first, &versions);
});

fn check_version(text: &str) {
    let [strict, flux, loose, chart] = [
        Dialect::Strict,
        Dialect::Flux,
        Dialect::Loose,
        Dialect::ChartTag,
    ]
    .map(|dialect| Version::parse(text, dialect));
    for outcome in [&strict, &flux, &loose, &chart] {
        match outcome {
            Ok(version) => {
                assert_eq!(version.text(), text);
                let canonical = version.canonical();
                if canonical.len() <= MAX_VERSION_LEN {
                    let again = Version::parse(&canonical, Dialect::Strict).expect("canonical");
                    assert_eq!(again, *version);
                    assert_eq!(again.canonical(), canonical);
                }
            }
            Err(error) => check_error(text, error),
        }
    }
    // Each dialect is a part of the next one.
    assert!(strict.is_err() || flux.is_ok(), "{text:?}");
    assert!(flux.is_err() || loose.is_ok() && chart.is_ok(), "{text:?}");
}

fn check_range(text: &str, versions: &[&str]) {
    let range = match Range::parse(text) {
        Ok(range) => range,
        Err(error) => return check_error(text, &error),
    };
    assert_eq!(Range::parse(&range.to_string()).as_ref(), Ok(&range));
    assert!(!range.explain().is_empty());
    for comparator in range.groups().iter().flat_map(|group| group.comparators()) {
        assert!(text.get(comparator.span()).is_some(), "{comparator}");
    }

    let read: Vec<Version<'_>> = versions
        .iter()
        .filter_map(|text| Version::parse(text, Dialect::Flux).ok())
        .collect();
    for version in &read {
        let verdict = range.verdict(version);
        assert_eq!(verdict.is_admitted(), range.matches(version), "{version}");
        if let Verdict::Refused(misses) = &verdict {
            assert_eq!(misses.len(), range.groups().len());
        }
        for other in &read {
            assert_eq!(version.cmp(other), other.cmp(version).reverse());
            if version == other {
                assert_eq!(range.matches(version), range.matches(other));
            }
        }
    }

    let best = read.iter().filter(|version| range.matches(version)).max();
    let request = ChartRequest::parse(text);
    let image = select::image(&range, versions, |tag| tag);
    check_selection(&image, versions);
    let winner = image.winner().map(|tag| Version::parse(tag, Dialect::Flux));
    assert_eq!(winner.transpose().expect("a version wins").as_ref(), best);
    check_selection(
        &select::git(&range, versions, |tag| tag, |tag| tag.len()),
        versions,
    );
    for form in [TagForm::Plain, TagForm::HelmChart] {
        let selection = select::oci(&range, versions, |tag| tag, form, |tag| tag.len() % 5 > 0);
        check_selection(&selection, versions);
    }
    if let Ok(selection) = select::chart(&request, versions, |tag| tag, |tag| tag.len()) {
        check_selection(&selection, versions);
    }
    if let Ok(selection) = select::oci_chart(&request, versions, |tag| tag) {
        check_selection(&selection, versions);
    }
}

/// Each candidate has won or has one reason.
fn check_selection(selection: &Selection<'_, &&str>, versions: &[&str]) {
    let won = usize::from(selection.winner_index().is_some());
    assert_eq!(selection.losers().count() + won, versions.len());
    assert_eq!(selection.tied().count() > 0, won == 1);
    for loser in selection.losers() {
        assert_eq!(Some(loser.reason), selection.reason(loser.index));
        assert!(!loser.reason.to_string().is_empty());
    }
}

fn check_error(text: &str, error: &Error) {
    let span = error.span();
    assert!(
        text.get(span.clone()).is_some(),
        "{text:?}: {span:?} cuts a character or lies outside"
    );
    assert!(!error.to_string().is_empty());
}
