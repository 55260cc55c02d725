//! Patterns that are made to cost: each is answered or refused, soon, and within the stack of a test.
#![cfg(feature = "regexp")]
#![allow(clippy::unwrap_used)]

use fluxcd_dialect::regexp::{ErrorKind, Regexp, Template};

fn kind(pattern: &str) -> Option<ErrorKind> {
    Regexp::parse(pattern).err().map(|error| error.kind())
}

#[test]
fn deep_patterns_are_refused_or_run() {
    let nested = |begin: &str, end: &str, count| begin.repeat(count) + "a" + &end.repeat(count);
    assert_eq!(
        kind(&nested("(", ")", 100_000)),
        Some(ErrorKind::NestingDepth)
    );
    assert_eq!(
        kind(&nested("(?:", ")*", 2_000)),
        Some(ErrorKind::NestingDepth)
    );
    assert_eq!(
        kind(&nested("(a|", ")", 100_000)),
        Some(ErrorKind::NestingDepth)
    );
    assert_eq!(kind(&nested("(?:", ")", 100_000)), None);
    assert_eq!(kind(&"(".repeat(300_000)), Some(ErrorKind::MissingParen));
    assert_eq!(kind(&"[".repeat(300_000)), Some(ErrorKind::MissingBracket));
    for (begin, end) in [
        ("(", ")"),
        ("(a|", ")"),
        ("(?:b", ")*"),
        ("(?:b", "b?)+?"),
        ("(", "){1}"),
    ] {
        let pattern = nested(begin, end, 400);
        let pattern = Regexp::parse(&pattern).unwrap();
        assert!(pattern.captures(&("b".repeat(400) + "a")).is_some());
    }
}

#[test]
fn alternatives_that_begin_alike_are_taken_apart_or_refused() {
    let ladder = |count| {
        (1..count)
            .map(|length| "a".repeat(length))
            .collect::<Vec<_>>()
            .join("|")
    };
    assert_eq!(kind(&ladder(450)), None);
    assert_eq!(kind(&ladder(1_500)), Some(ErrorKind::NestingDepth));
}

#[test]
fn repetitions_that_multiply_out_are_refused_or_run() {
    assert_eq!(
        kind("(?:(?:(?:a{10}){10}){10}){2}"),
        Some(ErrorKind::InvalidRepeatSize)
    );
    let text = "b".repeat(20_000);
    assert_eq!(
        kind(&format!("(?:{text}){{1000}}")),
        Some(ErrorKind::TooLarge)
    );
    assert_eq!(kind(&"a{1000}".repeat(4_000)), Some(ErrorKind::TooLarge));
    assert!(
        Regexp::parse(r"\pL{1000}".repeat(40))
            .unwrap()
            .find(&text[..2_000])
            .is_none()
    );
    assert!(
        Regexp::parse("(x+x+)+y")
            .unwrap()
            .find("x".repeat(100_000))
            .is_none()
    );
}

#[test]
fn classes_by_the_thousand_are_refused_or_run() {
    for class in [r"\pL", r"(?i)\PL", "[B-\u{1E942}]", r"[\pL\pN\p{Han}]"] {
        let pattern = class.repeat(300);
        assert_eq!(kind(&pattern), None);
    }
    assert_eq!(kind(&"a|".repeat(100_000)), None);
    assert_eq!(kind(&"ab|".repeat(50_000)), None);
}

#[test]
fn groups_by_the_thousand_are_refused_or_run() {
    let pattern = Regexp::parse("(a)?".repeat(1_000)).unwrap();
    assert_eq!(
        pattern
            .captures(&"a".repeat(600))
            .unwrap()
            .spans()
            .flatten()
            .count(),
        601
    );
    assert_eq!(kind(&"(a)".repeat(100_000)), Some(ErrorKind::TooLarge));
}

/// Ten million characters; fewer where nothing is optimised.
const LONG: usize = if cfg!(debug_assertions) {
    500_000
} else {
    10_000_000
};

#[test]
fn millions_of_characters_are_read_in_proportion() {
    let text = "a".repeat(LONG);
    for (pattern, found) in [
        ("(?:a|a)*b", false),
        ("(?:a+a+)+b", false),
        ("^(?:a+)+$", true),
        (".*.*.*=.*", false),
        ("(?:a?){50}a{50}$", true),
    ] {
        assert_eq!(
            Regexp::parse(pattern).unwrap().is_match(&text),
            found,
            "{pattern}"
        );
    }
    let template = Template::parse("$0".repeat(1_000));
    let pattern = Regexp::parse("a+").unwrap();
    assert_eq!(
        template.expanded_len(&pattern.captures(&text).unwrap()),
        LONG * 1_000
    );
}

#[test]
fn millions_of_bytes_that_are_no_text_are_read_in_proportion() {
    let text = vec![0xFF; LONG];
    assert_eq!(
        Regexp::parse(".*\u{FFFD}$").unwrap().find(&text),
        Some(0..LONG)
    );
}
