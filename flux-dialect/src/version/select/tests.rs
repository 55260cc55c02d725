use super::*;
use crate::version::{ErrorKind, Range};

fn range(text: &str) -> Range {
    Range::parse(text).unwrap()
}

fn told<C: AsRef<str>>(selection: &Selection<'_, C>) -> Vec<String> {
    let losers = selection.losers();
    losers
        .map(|loser| format!("{} {}", loser.candidate.as_ref(), loser.reason))
        .collect()
}

#[test]
fn every_candidate_wins_or_has_a_reason() {
    let range = range(">=1.0 <2 || 3.x");
    let tags = [
        "1.0.0", "1.2.0", "2.0.0", "v3.0.0", "3.0.0", "03.0.0", "4.0.0", "1.x.0", "3.0.0-rc",
    ];
    let selection = image(&range, tags, |tag| tag);
    assert_eq!(selection.winner(), Some(&"v3.0.0"));
    assert_eq!(selection.winner_index(), Some(3));
    assert_eq!(
        selection.tied().collect::<Vec<_>>(),
        [&"v3.0.0", &"3.0.0", &"03.0.0"]
    );
    assert_eq!(selection.candidates(), tags);
    assert_eq!(
        told(&selection),
        [
            "1.0.0 lower than the winner",
            "1.2.0 lower than the winner",
            "2.0.0 too high for <2, too low for 3.x",
            "3.0.0 equal to the winner",
            "03.0.0 equal to the winner",
            "4.0.0 too high for <2, too high for 3.x",
            "1.x.0 not a version",
            "3.0.0-rc a prerelease, and >=1.0 admits none, a prerelease, and 3.x admits none",
        ]
    );
}

#[test]
fn equal_texts_leave_the_first() {
    let range = range("*");
    let tags = ["1.0.0", "v1.0.0", "v1.0.0"];
    assert_eq!(image(&range, tags, |tag| tag).winner_index(), Some(1));
    assert_eq!(git(&range, tags, |tag| tag, |_| 0).winner_index(), Some(1));
}

#[test]
fn nothing_wins_where_nothing_is_in_range() {
    let range = range(">9");
    let selection = image(&range, ["1.0.0", "latest"], |tag| tag);
    assert_eq!((selection.winner(), selection.winner_index()), (None, None));
    assert_eq!(selection.tied().count(), 0);
    assert_eq!(selection.losers().count(), 2);
    assert_eq!(image(&range, [""; 0], |tag| tag).losers().count(), 0);
}

#[test]
fn the_latest_commit_decides_between_equal_tags_and_the_text_between_equal_commits() {
    let range = range("*");
    let tags = [
        ("1.0.0+a", 3),
        ("v1.0.0", 5),
        ("1.0.0", 5),
        ("0.9.0", 9),
        ("01.0.0", 5),
    ];
    let selection = git(&range, tags, |tag| tag.0, |tag| tag.1);
    assert_eq!(selection.winner(), Some(&("v1.0.0", 5)));
    assert_eq!(selection.tied().count(), 3);
    assert_eq!(selection.reason(0), Some(Reason::Older));
    assert_eq!(selection.reason(2), Some(Reason::Tied));
    assert_eq!(selection.reason(3), Some(Reason::Outranked));
    assert_eq!(selection.reason(5), None);
}

#[test]
fn registries_keep_their_order_and_their_spelling() {
    let range = range(">=1.0.0-0");
    let tags = [
        "1.0.0_b1",
        "1.0.0_b2",
        "1.0.0-rc_x",
        "0.9.0",
        "1.0.0_b1-sig",
    ];
    let chart = TagForm::HelmChart;
    let selection = oci(&range, tags, |tag| tag, chart, |tag| !tag.ends_with("sig"));
    assert_eq!(selection.winner(), Some(&"1.0.0_b1"));
    assert_eq!(selection.reason(4), Some(Reason::Filtered));
    assert_eq!(chart.reference("1.0.0+b_c"), "1.0.0_b_c");
    assert_eq!(TagForm::Plain.reference("1.0.0+b_c"), "1.0.0+b_c");

    let selection = oci(&range, tags, |tag| tag, TagForm::Plain, |_| true);
    assert_eq!(selection.winner(), None);
    assert_eq!(
        selection.reason(0),
        Some(Reason::NotAVersion(ErrorKind::Invalid))
    );
}

#[test]
fn an_entry_by_name_comes_before_every_range() {
    let entries = [
        ("1.0", 1),
        ("oops", 2),
        ("1.0.0", 3),
        ("1.0", 4),
        ("2.0.0", 0),
    ];
    let winner = |text| {
        let request = ChartRequest::parse(text);
        let selection = chart(&request, entries, |entry| entry.0, |entry| entry.1);
        selection.map(|selection| selection.winner_index()).ok()
    };
    // One point is too few for a range to see it, and enough to be asked for by name.
    assert_eq!(winner("1.0"), Some(Some(0)));
    assert_eq!(winner("1.x"), Some(Some(2)));
    assert_eq!(winner(""), Some(Some(4)));
    assert_eq!(winner("3"), Some(None));
    // Entries that are no versions are not in the index.
    assert_eq!(winner("oops"), None);

    let request = ChartRequest::parse("1.0");
    let selection = chart(&request, entries, |entry| entry.0, |entry| entry.1).unwrap();
    assert_eq!(
        selection.reason(1),
        Some(Reason::NotAVersion(ErrorKind::Invalid))
    );
    assert_eq!(selection.reason(3), Some(Reason::NotAsked));
}

#[test]
fn the_newest_entry_wins_and_then_the_last() {
    let request = ChartRequest::parse("1.x");
    let entries = [
        ("1.0.0+a", Some(1)),
        ("1.0.0+b", Some(2)),
        ("1.0.0+c", Some(2)),
        ("1.0.0+d", None),
    ];
    let selection = chart(&request, entries, |entry| entry.0, |entry| entry.1).unwrap();
    assert_eq!(selection.winner_index(), Some(2));
    assert_eq!(selection.tied().count(), 2);
    assert_eq!(selection.reason(3), Some(Reason::Older));
}

#[test]
fn charts_in_registries_are_pinned_named_or_in_range() {
    let tags = ["latest", "1.1.0", "1.0.0"];
    let request = ChartRequest::parse("1.0.0");
    assert_eq!(
        request.pinned().map(|version| version.text()),
        Some("1.0.0")
    );
    let request = ChartRequest::parse("latest");
    assert_eq!(
        oci_chart(&request, tags, |tag| tag).unwrap().winner(),
        Some(&"latest")
    );
    let request = ChartRequest::parse("newest");
    let failure = oci_chart(&request, tags, |tag| tag).unwrap_err();
    assert!(
        matches!(failure, NoChoice::InvalidRange(error) if error.kind() == ErrorKind::ImproperConstraint)
    );
    assert_eq!(
        oci_chart(&request, [""; 0], |tag| tag).unwrap_err(),
        NoChoice::NoVersions
    );
    let request = ChartRequest::parse("");
    assert_eq!(
        oci_chart(&request, tags, |tag| tag).unwrap().winner(),
        Some(&"1.1.0")
    );
    // Not even a tag without a name is asked for by the empty text.
    assert_eq!(
        oci_chart(&request, ["", "1.0.0"], |tag| tag)
            .unwrap()
            .winner(),
        Some(&"1.0.0")
    );
}

#[test]
fn messages_are_those_of_the_controllers() {
    let error = Range::parse(">>1").unwrap_err();
    let (git, oci) = (Selector::Git, Selector::Oci);
    let chart = Selector::Chart { name: "app" };
    let address = "oci://example.com/charts/app";
    let oci_chart = Selector::OciChart {
        name: "app",
        address,
    };
    for (selector, why, message) in [
        (
            git,
            NoChoice::InvalidRange(&error),
            r#"semver parse error: improper constraint: ">>1""#,
        ),
        (git, NoChoice::NoMatch, "no match found for semver: >>1"),
        (
            oci,
            NoChoice::InvalidRange(&error),
            r#"semver '>>1' parse error: improper constraint: ">>1""#,
        ),
        (oci, NoChoice::NoVersions, "no match found for semver: >>1"),
        (
            chart,
            NoChoice::InvalidRange(&error),
            r#"improper constraint: ">>1""#,
        ),
        (chart, NoChoice::NoVersions, "no chart version found"),
        (
            chart,
            NoChoice::NoMatch,
            "no 'app' chart with version matching '>>1' found",
        ),
        (
            oci_chart,
            NoChoice::NoVersions,
            "could not get tags for \"app\": unable to locate any tags in provided repository: oci://example.com/charts/app",
        ),
        (
            oci_chart,
            NoChoice::NoMatch,
            "could not locate a version matching provided version string >>1",
        ),
    ] {
        assert_eq!(selector.message(">>1", why), message);
    }
}
