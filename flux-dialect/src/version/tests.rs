use std::cmp::Ordering;

use super::*;

fn loose(text: &str) -> Version<'_> {
    Version::parse(text, Dialect::Loose).unwrap()
}

fn fault(text: &str, dialect: Dialect) -> (ErrorKind, std::ops::Range<usize>) {
    let error = Version::parse(text, dialect).unwrap_err();
    (error.kind(), error.span())
}

#[test]
fn a_version_has_three_numbers_whatever_is_written() {
    for (text, canonical) in [
        ("1", "1.0.0"),
        ("v01.02", "1.2.0"),
        ("1.2.3-rc.1+b.01", "1.2.3-rc.1+b.01"),
        ("1-2.3.4", "1.0.0-2.3.4"),
        ("1.2.3--", "1.2.3--"),
        ("1+b-1", "1.0.0+b-1"),
        ("18446744073709551615.0.0", "18446744073709551615.0.0"),
    ] {
        let version = loose(text);
        assert_eq!(
            (version.canonical().as_str(), version.text()),
            (canonical, text)
        );
        assert_eq!(version.to_string(), text);
    }
    assert_eq!(size_of::<Version<'_>>(), 48);
}

#[test]
fn the_two_points_may_stand_anywhere() {
    for text in ["1.2.3", "1.2-rc.1", "1-rc.1.2", "1+a.b.c"] {
        assert!(Version::parse(text, Dialect::Flux).is_ok(), "{text}");
    }
    for text in ["1", "1.2", "v1.2-5", "latest"] {
        assert_eq!(
            fault(text, Dialect::Flux),
            (ErrorKind::TooFewDots, 0..text.len())
        );
    }
}

#[test]
fn tags_of_charts_have_an_underscore_for_the_plus_sign() {
    let version = Version::parse("1.0.0-a_b.2", Dialect::ChartTag).unwrap();
    assert_eq!(version.canonical(), "1.0.0-a+b.2");
    assert_eq!(version.text(), "1.0.0-a_b.2");
    assert_eq!(
        fault("1.0.0_a_b", Dialect::ChartTag),
        (ErrorKind::Invalid, 7..9)
    );
    assert_eq!(fault("1.0.0_a", Dialect::Flux), (ErrorKind::Invalid, 5..7));
}

#[test]
fn faults_have_a_kind_and_a_place() {
    for (text, kind, span) in [
        ("", ErrorKind::Invalid, 0..0),
        ("é", ErrorKind::Invalid, 0..2),
        ("V1.2.3", ErrorKind::Invalid, 0..6),
        ("1.2.3.4", ErrorKind::Invalid, 5..7),
        ("1.2.3-a..b", ErrorKind::Invalid, 7..10),
        ("1.2.3-\u{e9}", ErrorKind::Invalid, 5..8),
        ("1.18446744073709551616.0", ErrorKind::NumberTooLarge, 2..22),
        ("1.2.3-a.00", ErrorKind::SegmentStartsZero, 8..10),
    ] {
        assert_eq!(fault(text, Dialect::Loose), (kind, span), "{text}");
    }
    for (text, kind, span) in [
        ("", ErrorKind::Empty, 0..0),
        ("1.2", ErrorKind::Invalid, 0..3),
        ("v1.2.3", ErrorKind::InvalidCharacters, 0..2),
        ("1.02.3", ErrorKind::SegmentStartsZero, 2..4),
        ("1..3", ErrorKind::MissingNumber, 2..2),
        ("1.2.18446744073709551616", ErrorKind::NumberTooLarge, 4..24),
        ("1.2.3-a..01", ErrorKind::InvalidPrerelease, 8..8),
        ("1.2.3-01..a", ErrorKind::SegmentStartsZero, 6..8),
        ("v.2.3-01+b_1", ErrorKind::InvalidMetadata, 9..12),
    ] {
        assert_eq!(fault(text, Dialect::Strict), (kind, span), "{text}");
    }
}

#[test]
fn identifiers_beyond_64_bits_are_text() {
    let ascending = [
        "0.0.0-0",
        "0.0.0",
        "1.0.0-2",
        "1.0.0-11",
        "1.0.0-18446744073709551615",
        "1.0.0--1",
        "1.0.0-18446744073709551616",
        "1.0.0-RC",
        "1.0.0-alpha",
        "1.0.0-alpha.1",
        "1.0.0-alpha.beta",
        "1.0.0-rc10",
        "1.0.0-rc9",
        "1.0.0",
        "1.0.1-0",
    ];
    for (i, a) in ascending.iter().enumerate() {
        for (j, b) in ascending.iter().enumerate() {
            assert_eq!(loose(a).cmp(&loose(b)), i.cmp(&j), "{a} {b}");
        }
    }
}

#[test]
fn spelling_and_metadata_do_not_count() {
    for text in ["1.0.0", "v1.0.0", "01.0", "1+a", "1.0.0+b"] {
        assert_eq!(loose(text).cmp(&loose("1")), Ordering::Equal);
        assert_eq!(loose(text), loose("1"));
    }
}

#[test]
fn errors_of_ranges_lie_in_the_text_that_was_given() {
    for (text, kind, span, message) in [
        (
            "",
            ErrorKind::ImproperConstraint,
            0..0,
            r#"improper constraint: """#,
        ),
        (
            "1 || ,",
            ErrorKind::ImproperConstraint,
            4..6,
            r#"improper constraint: " ,""#,
        ),
        (
            "1 - 2 - 3",
            ErrorKind::ImproperConstraint,
            0..9,
            r#"improper constraint: ">= 1, <= 2 - 3""#,
        ),
        // The pipes count as digits of the second version, so that the text holds one hyphen range only.
        (
            "1 - 2||4 - 5",
            ErrorKind::ImproperConstraint,
            7..12,
            r#"improper constraint: "4 - 5""#,
        ),
        // Begins in the middle of a version with four numbers.
        (
            "^3 || 1.2.3.4 - 5",
            ErrorKind::ImproperConstraint,
            5..17,
            r#"improper constraint: " 1.>= 2.3.4, <= 5 ""#,
        ),
        (
            "1 - 2 || ~ xx",
            ErrorKind::InvalidOperand,
            11..13,
            "constraint parser error",
        ),
        (
            "1 - 2.x1, <3",
            ErrorKind::InvalidOperand,
            4..8,
            "constraint parser error",
        ),
        (
            "1.2.3-01",
            ErrorKind::InvalidOperand,
            0..8,
            "constraint parser error",
        ),
        (
            "1 - 2 - 3,2 - 3",
            ErrorKind::ImproperConstraint,
            0..15,
            "improper constraint: \">= 1, <= >= 2, <= 3 ,2 - 3\"",
        ),
    ] {
        let error = Range::parse(text).unwrap_err();
        assert_eq!(
            (error.kind(), error.to_string().as_str()),
            (kind, message),
            "{text}"
        );
        assert_eq!(error.span(), span, "{text}");
    }
}

#[test]
fn the_limits_are_exact() {
    assert!(Range::parse(&format!("1{}", " ".repeat(511))).is_ok());
    let error = Range::parse(&format!("1{}", " ".repeat(512))).unwrap_err();
    assert_eq!(
        (error.kind(), error.span()),
        (ErrorKind::RangeTooLong, 0..513)
    );
    assert!(Range::parse(&["1"; 32].join("||")).is_ok());
    let error = Range::parse(&["1"; 33].join("||")).unwrap_err();
    assert_eq!(
        (error.kind(), error.span()),
        (ErrorKind::TooManyGroups, 96..97)
    );

    let long = |length: usize| format!("1.2.3-{}", "a".repeat(length - 6));
    assert!(Version::parse(&long(256), Dialect::Flux).is_ok());
    assert_eq!(
        fault(&long(257), Dialect::Flux),
        (ErrorKind::TooLong, 0..257)
    );
    // An operand is completed before it is measured, and its metadata is gone then.
    assert!(Range::parse(&format!("1-{}", "a".repeat(250))).is_ok());
    assert!(Range::parse(&format!("1-{}", "a".repeat(251))).is_err());
    assert!(Range::parse(&format!("1-a+{}", "b".repeat(300))).is_ok());
    assert!(Range::parse(&format!("1.2.3-a+{}", "b".repeat(300))).is_err());
}

#[test]
fn texts_of_ten_million_characters_are_refused_at_once() {
    let long = "1.".repeat(5_000_000);
    for dialect in [
        Dialect::Loose,
        Dialect::Strict,
        Dialect::Flux,
        Dialect::ChartTag,
    ] {
        assert_eq!(fault(&long, dialect), (ErrorKind::TooLong, 0..long.len()));
    }
    let error = Range::parse(&long).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::RangeTooLong);
    let dotless = "1".repeat(10_000_000);
    assert_eq!(fault(&dotless, Dialect::Flux).0, ErrorKind::TooFewDots);
}

#[test]
fn a_verdict_names_the_comparator_and_why() {
    let range = Range::parse("1.2 - 2, != v1.5.0 || ~> 3.1-0").unwrap();
    let words = |text| range.verdict(&loose(text)).explain();
    assert_eq!(words("1.4"), "admitted by >=1.2 <=2 !=v1.5.0");
    assert_eq!(words("1.1.9"), "too low for >=1.2, too low for ~>3.1-0");
    assert_eq!(words("3.0.0"), "too high for <=2, too low for ~>3.1-0");
    assert_eq!(words("1.5"), "excluded by !=v1.5.0, too low for ~>3.1-0");
    assert_eq!(
        words("3.2-a"),
        "a prerelease, and >=1.2 admits none, too high for ~>3.1-0"
    );
    let comparators = range.groups().iter().flat_map(Group::comparators);
    let places: Vec<&str> = comparators.map(|one| &range.text()[one.span()]).collect();
    assert_eq!(places, ["1.2", "2", "!= v1.5.0", "~> 3.1-0"]);
}

#[test]
fn errors_and_results_can_cross_threads() {
    fn crosses<T: Send + Sync>() {}
    crosses::<(Error, Range, Version<'_>, Verdict<'_>, Group, Comparator)>();
    crosses::<(select::Selection<'_, String>, select::ChartRequest)>();
}
