//! Versions, ranges and selections.

use std::collections::BTreeMap;

use fluxcd_dialect::version::{Dialect, Verdict};
use fluxcd_dialect::version::{ErrorKind, Operator, Prereleases, Range, Version, Why};
use serde_json::{Value, json};

use crate::agree;
use crate::rng::Rng;

/// Inputs that are looked at to see what the generators reach.
const SAMPLE: u64 = 20_000;

#[test]
fn versions_are_read_as_upstream_reads_them() {
    agree("version.parse", parse_case);
}

#[test]
fn versions_are_ordered_as_upstream_orders_them() {
    agree("version.compare", |rng| {
        let a = near_version(rng);
        let b = if rng.percent(20) {
            a.clone() + rng.pick(&["", "+b", ".0", "-0"])
        } else {
            near_version(rng)
        };
        json!({"a": a, "b": b})
    });
}

#[test]
fn ranges_admit_what_upstream_admits() {
    agree("version.range", range_case);
}

#[test]
fn registries_are_searched_as_upstream_searches_them() {
    agree("version.select_oci", |rng| {
        let filter = match rng.percent(3) {
            true => "(",
            false => rng.word(" ^v?[0-9.]+$ -rc alpha|beta [0-3]$ ^[^-]*$ _ 1"),
        };
        let mut reference = json!({"semver": range(rng), "semverFilter": filter});
        if rng.percent(5) {
            reference = rng
                .pick(&[
                    r#"{}"#,
                    r#"{"tag": "x", "semverFilter": "("}"#,
                    r#"{"tag": "x", "semver": "1"}"#,
                    r#"{"digest": "sha256:0", "tag": "x", "semver": "1"}"#,
                ])
                .parse()
                .unwrap();
        }
        let mut input = json!({"ref": reference, "tags": tags(rng)});
        if rng.percent(40) {
            let media_type = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";
            input["layerSelector"] = json!({"mediaType": media_type});
        }
        input
    });
}

#[test]
fn charts_in_registries_are_found_as_upstream_finds_them() {
    agree("version.select_oci_chart", |rng| {
        let tags = if rng.percent(3) {
            Vec::new()
        } else {
            tags(rng)
        };
        let version = match rng.below(10) {
            0 => String::new(),
            1 => version(rng),
            2 if !tags.is_empty() => tags[rng.below(tags.len())].clone(),
            _ => range(rng),
        };
        json!({"version": version, "tags": tags})
    });
}

/// Without it the tests above could pass because nothing worth comparing is asked.
#[test]
fn ranges_reach_every_operator_every_refusal_and_every_error() {
    let mut hits = BTreeMap::<String, u64>::new();
    let mut hit = |what: String| *hits.entry(what).or_default() += 1;
    for case in 0..SAMPLE {
        let input = range_case(&mut Rng::new(1, case));
        let range = match Range::parse(input["range"].as_str().unwrap()) {
            Ok(range) => range,
            Err(error) => {
                hit(format!("{:?}", error.kind()));
                continue;
            }
        };
        for group in range.groups() {
            hit(format!(
                "{:?} {:?}",
                Prereleases::Admitted,
                group.prereleases()
            ));
        }
        for version in input["versions"].as_array().unwrap() {
            let Ok(version) = Version::parse(version.as_str().unwrap(), Dialect::Loose) else {
                hit("no version".to_owned());
                continue;
            };
            match range.verdict(&version) {
                Verdict::Admitted(group) => {
                    for comparator in group.comparators() {
                        hit(format!(
                            "{:?} {} admits",
                            comparator.operator(),
                            form(comparator.operand())
                        ));
                    }
                }
                Verdict::Refused(misses) => {
                    for miss in misses {
                        let comparator = miss.comparator;
                        let what =
                            format!("{:?} {}", comparator.operator(), form(comparator.operand()));
                        hit(format!("{what} {:?}", miss.why));
                    }
                }
            }
        }
    }
    let mut expected = vec!["no version".to_owned()];
    for kind in [
        ErrorKind::ImproperConstraint,
        ErrorKind::InvalidOperand,
        ErrorKind::RangeTooLong,
        ErrorKind::TooManyGroups,
    ] {
        expected.push(format!("{kind:?}"));
    }
    for prereleases in [Prereleases::Admitted, Prereleases::Refused] {
        expected.push(format!("{:?} {prereleases:?}", Prereleases::Admitted));
    }
    let (low, high, both) = (
        &[Why::TooLow][..],
        &[Why::TooHigh][..],
        &[Why::TooLow, Why::TooHigh][..],
    );
    for (operator, refusals) in [
        (Operator::Equal, both),
        (Operator::NotEqual, &[Why::Excluded][..]),
        (Operator::Greater, low),
        (Operator::GreaterOrEqual, low),
        (Operator::Less, high),
        (Operator::LessOrEqual, high),
        (Operator::Tilde, both),
        (Operator::Caret, both),
    ] {
        for form in ["full", "patch", "minor", "major"] {
            let what = format!("{operator:?} {form}");
            // Nothing but a prerelease of it is below 0.0.0, so nothing else is too low, and nothing at all is below it.
            let refusals = refusals.iter().map(|why| format!("{what} {why:?}"));
            let never = ["Equal major TooHigh", "Tilde major TooHigh"];
            expected.extend(refusals.filter(|refusal| !never.contains(&refusal.as_str())));
            expected.push(format!("{what} {:?}", Why::Prerelease));
            expected.push(format!("{what} admits"));
        }
    }
    for what in expected {
        let hits = hits.remove(&what);
        assert!(hits > Some(4), "{what}: {hits:?}");
    }
    assert!(hits.is_empty(), "not in the list: {hits:?}");
}

/// The first number of an operand that is a wildcard.
fn form(operand: &str) -> &'static str {
    let operand = operand.trim_start_matches('v');
    let numbers = operand.split(['-', '+']).next().unwrap_or_default();
    let mut numbers = numbers.split('.');
    for form in ["major", "minor", "patch"] {
        if matches!(numbers.next(), None | Some("x" | "X" | "*")) {
            return form;
        }
    }
    "full"
}

#[test]
fn versions_reach_every_error() {
    let mut hits = BTreeMap::<(String, ErrorKind), u64>::new();
    for case in 0..SAMPLE {
        let input = parse_case(&mut Rng::new(1, case));
        let (name, dialect) = match input["dialect"].as_str().unwrap() {
            "loose" => ("loose", Dialect::Loose),
            "strict" => ("strict", Dialect::Strict),
            _ => ("flux", Dialect::Flux),
        };
        if let Err(error) = Version::parse(input["text"].as_str().unwrap(), dialect) {
            *hits.entry((name.to_owned(), error.kind())).or_default() += 1;
        }
    }
    let common = [
        ErrorKind::Invalid,
        ErrorKind::TooLong,
        ErrorKind::NumberTooLarge,
        ErrorKind::SegmentStartsZero,
    ];
    let strict = [
        ErrorKind::Empty,
        ErrorKind::MissingNumber,
        ErrorKind::InvalidCharacters,
        ErrorKind::InvalidPrerelease,
        ErrorKind::InvalidMetadata,
    ];
    for (dialect, kinds) in [
        ("loose", &common[..]),
        ("flux", &common),
        ("flux", &[ErrorKind::TooFewDots]),
        ("strict", &common),
        ("strict", &strict),
    ] {
        for kind in kinds {
            let hits = hits.remove(&(dialect.to_owned(), *kind));
            assert!(hits > Some(4), "{dialect} {kind:?}: {hits:?}");
        }
    }
    assert!(hits.is_empty(), "not in the list: {hits:?}");
}

fn parse_case(rng: &mut Rng) -> Value {
    let dialect = rng.pick(&["loose", "strict", "flux"]);
    json!({"text": version(rng), "dialect": dialect})
}

fn range_case(rng: &mut Rng) -> Value {
    let versions: Vec<String> = (0..12)
        .map(|_| {
            if rng.percent(8) {
                version(rng)
            } else {
                near_version(rng)
            }
        })
        .collect();
    json!({"range": range(rng), "versions": versions})
}

fn tags(rng: &mut Rng) -> Vec<String> {
    let count = rng.pick(&[1, 3, 5, 8, 8, 12, 12, 20]);
    let tag = |rng: &mut Rng| match rng.below(10) {
        0 => version(rng),
        1 => near_version(rng).replace('+', "_"),
        _ => near_version(rng),
    };
    (0..count).map(|_| tag(rng)).collect()
}

fn range(rng: &mut Rng) -> String {
    let mut text = group(rng);
    for _ in 0..rng.pick(&[0, 0, 0, 0, 1, 1, 2, 3]) {
        text += match rng.percent(6) {
            true => rng.pick(&["|", " | ", "|||", "||||"]),
            false => rng.pick(&["||", " || ", "|| ", " ||"]),
        };
        text += &group(rng);
    }
    match rng.below(400) {
        0..2 => vec![text; rng.between(20, 40)].join("||"),
        2 => text + &" ".repeat(rng.between(480, 520)),
        3..28 => damaged(rng, &text),
        _ => text,
    }
}

fn group(rng: &mut Rng) -> String {
    let mut text = rng.pick(&["", "", "", "", " ", "\t"]).to_owned();
    text += &term(rng);
    for _ in 0..rng.pick(&[0, 0, 0, 1, 1, 2]) {
        text += match rng.percent(6) {
            true => rng.pick(&[",,", "", ";", "\u{b}", "\u{a0}", " && "]),
            false => rng.pick(&[" ", " ", ",", ", ", " , ", "  ", "\n", "\r\t", "\u{c}"]),
        };
        text += &term(rng);
    }
    if rng.percent(2) {
        text.insert(0, ',');
    }
    text + if rng.percent(2) {
        ","
    } else {
        rng.pick(&["", "", "", "", " "])
    }
}

fn term(rng: &mut Rng) -> String {
    if rng.percent(10) {
        let dash = match rng.percent(8) {
            true => rng.pick(&[" -", "- ", " - - "]),
            false => rng.pick(&[" - ", " - ", "  -  ", "\t-\n"]),
        };
        let operator = if rng.percent(4) { ">=" } else { "" };
        return format!("{operator}{}{dash}{}", operand(rng), operand(rng));
    }
    let operator = match rng.percent(3) {
        true => rng.word("== >> <> ! ~= >~ ^^ =! ~>= <<"),
        false => rng.word(" = != > >= => < <= =< ~ ~> ^"),
    };
    let space = rng.pick(&["", "", "", " ", "  ", "\t"]);
    format!("{operator}{space}{}", operand(rng))
}

fn operand(rng: &mut Rng) -> String {
    let mut text = rng.pick(&["", "", "", "", "", "v", "v"]).to_owned();
    let count = if rng.percent(2) {
        4
    } else {
        rng.pick(&[1, 2, 3, 3, 3])
    };
    for place in 0..count {
        if place > 0 {
            text.push('.');
        }
        text += match rng.below(200) {
            0..36 => rng.word("x X *"),
            36..38 => rng.word("xx ** 1x x1 1|2 | *1"),
            38..40 => number(rng),
            _ => rng.word("0 0 1 1 2 3"),
        };
    }
    match rng.percent(2) {
        true => text + &suffixes(rng, 50),
        false => text + &proper_suffixes(rng, 22),
    }
}

/// A version that is likely to be near others.
fn near_version(rng: &mut Rng) -> String {
    let mut text = rng.pick(&["", "", "", "v"]).to_owned();
    text += &match rng.percent(8) {
        true => "0.0.0".to_owned(),
        false => {
            let numbers: Vec<&str> = (0..3).map(|_| rng.word("0 0 1 1 1 2 2 3 10 01")).collect();
            numbers.join(".")
        }
    };
    text + &proper_suffixes(rng, 40)
}

fn version(rng: &mut Rng) -> String {
    let mut text = match rng.percent(10) {
        true => rng.pick(&["V", "vv", "v.", "-", "+", "release-"]),
        false => rng.pick(&["", "", "", "v"]),
    }
    .to_owned();
    let count = rng.pick(&[1, 2, 3, 3, 3, 3, 3, 3, 3, 4]);
    let numbers: Vec<&str> = (0..count).map(|_| number(rng)).collect();
    text += &numbers.join(".");
    text += &match rng.percent(40) {
        true => suffixes(rng, 60),
        false => proper_suffixes(rng, 50),
    };
    match rng.below(100) {
        0 => text + "-" + &rng.word("a 1 1.2").repeat(rng.between(80, 260)),
        1..12 => damaged(rng, &text),
        12 => String::new(),
        _ => text,
    }
}

fn number<'a>(rng: &mut Rng) -> &'a str {
    match rng.below(25) {
        0 => rng.word("00 007 18446744073709551615 18446744073709551616 99999999999999999999 4294967296 20240101"),
        1 => rng.pick(&["", "10", "19"]),
        _ => rng.word("0 0 1 1 2 3"),
    }
}

fn suffixes(rng: &mut Rng, chance: usize) -> String {
    suffixes_of(rng, chance, identifier)
}

fn proper_suffixes(rng: &mut Rng, chance: usize) -> String {
    suffixes_of(rng, chance, |rng| {
        rng.word("0 0 1 2 9 10 11 alpha beta rc rc1 rc9 rc10 - a-b A 18446744073709551616")
    })
}

fn suffixes_of<'a>(
    rng: &mut Rng,
    chance: usize,
    identifier: impl Fn(&mut Rng) -> &'a str,
) -> String {
    let mut text = String::new();
    for (sign, chance) in [('-', chance), ('+', 10)] {
        if rng.percent(chance) {
            text.push(sign);
            let count = rng.pick(&[1, 1, 1, 2, 3]);
            let identifiers: Vec<&str> = (0..count).map(|_| identifier(rng)).collect();
            text += &identifiers.join(".");
        }
    }
    text
}

fn identifier<'a>(rng: &mut Rng) -> &'a str {
    match rng.below(12) {
        0 => rng.word("01 00 00a 0a - -- -1 a-b 18446744073709551615 18446744073709551616 99999999999999999999 x * é"),
        1 => rng.pick(&["", "a_b", "A", "Z9"]),
        _ => rng.word("0 1 2 9 10 11 alpha beta rc rc1 rc9 rc10"),
    }
}

fn damaged(rng: &mut Rng, text: &str) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    for _ in 0..rng.between(1, 3) {
        let at = rng.below(characters.len() + 1);
        match rng.below(3) {
            0 if at < characters.len() => drop(characters.remove(at)),
            1 if at < characters.len() => {
                characters[at] = rng.pick(&[' ', '.', '-', '+', 'x', '|', '0', 'v', '\n'])
            }
            _ => {
                let pieces = [
                    '.',
                    '-',
                    '+',
                    '*',
                    '|',
                    ',',
                    ' ',
                    '=',
                    '>',
                    '~',
                    '^',
                    '!',
                    '<',
                    '0',
                    '_',
                    '"',
                    '\\',
                    '\u{7f}',
                    '\0',
                    '\u{ad}',
                    '日',
                    '\u{e000}',
                    '\u{10ffff}',
                ];
                characters.insert(at, rng.pick(&pieces));
            }
        }
    }
    characters.into_iter().collect()
}
