use super::machine::emit;
use super::translate::translate;
use super::*;

fn matched(pattern: &str, text: &str) -> Option<Vec<Option<String>>> {
    let pattern = Regexp::parse(pattern).unwrap();
    let captures = pattern.captures(text)?;
    let spans = captures.spans();
    Some(
        spans
            .map(|span| span.map(|span| text[span].to_owned()))
            .collect(),
    )
}

fn whole(pattern: &str, text: &str) -> Option<String> {
    matched(pattern, text)?.remove(0)
}

#[test]
fn groups_in_loops_that_match_nothing_are_as_in_go() {
    let groups = |pattern, text| {
        let groups = matched(pattern, text).unwrap().into_iter();
        groups
            .map(|group| group.unwrap_or("-".into()))
            .collect::<Vec<_>>()
            .join("/")
    };
    assert_eq!(groups("(|a)*", "aa"), "/");
    assert_eq!(groups("(|a)+", "aa"), "/");
    assert_eq!(groups("(a*)*", "b"), "/");
    assert_eq!(groups("(a*)+", "aab"), "aa/aa");
    assert_eq!(groups("(a+|b)*", "aabb"), "aabb/b");
    assert_eq!(groups("(a|b)*?c", "abc"), "abc/b");
    assert_eq!(groups("(a){0}(b)?", "b"), "b/-/b");
    assert_eq!(groups("(a)|(b)", "b"), "b/-/b");
}

#[test]
fn classes_with_a_letter_know_ascii_only_and_case_knows_unicode() {
    assert_eq!(whole(r"\d", "٣"), None);
    assert_eq!(whole(r"\w+", "éa"), Some("a".into()));
    assert_eq!(whole(r"\s", "\u{B}"), None);
    assert_eq!(whole(r"\bfoo", "éfoo"), Some("foo".into()));
    assert_eq!(whole("(?i)k", "\u{212A}"), Some("\u{212A}".into()));
    assert_eq!(whole("(?i)[^k]", "\u{212A}"), None);
    assert_eq!(whole(r"(?i)\W", "ſ"), None);
    // After Unicode 15.
    assert_eq!(whole(r"\pL", "\u{10D50}"), None);
    assert_eq!(whole(r"(?i)\p{LC}+", "\u{345}"), None);
    assert_eq!(whole(r"(?i)\p{Lu}+", "\u{345}é"), Some("\u{345}é".into()));
}

#[test]
fn ends_of_lines_and_texts_are_told_apart() {
    assert_eq!(whole("a$", "a\n"), None);
    assert_eq!(whole("(?m)a$", "a\n"), Some("a".into()));
    assert_eq!(whole(r"(?m)a\z", "a\n"), None);
    assert_eq!(whole("(?m)^b", "a\nb"), Some("b".into()));
    assert_eq!(whole(r"\Ab", "a\nb"), None);
    assert_eq!(whole("a.b", "a\nb"), None);
    assert_eq!(whole("(?s)a.b", "a\nb"), Some("a\nb".into()));
    assert_eq!(whole("a[^x]b", "a\nb"), Some("a\nb".into()));
}

#[test]
fn a_byte_that_begins_no_character_is_one_that_stands_for_it() {
    let pattern = Regexp::parse("^a(.)(\u{FFFD})b$").unwrap();
    let captures = pattern.captures(b"a\xE2\x82b").unwrap();
    let spans: Vec<_> = captures.spans().collect();
    assert_eq!(spans, [Some(0..4), Some(1..2), Some(2..3)]);
    assert_eq!(captures.piece(2), Some(&b"\x82"[..]));
    assert!(pattern.is_match("a\u{FFFD}\u{FFFD}b") && !pattern.is_match("aéb"));
    assert_eq!(Regexp::parse("b").unwrap().find(b"\xFF\xFFb"), Some(2..3));
}

#[test]
fn nothing_matches_within_a_character() {
    let pattern = Regexp::parse(r"\B|日a").unwrap();
    assert!(pattern.is_match("a日a") && !pattern.is_match("a日b"));
    assert_eq!(pattern.find("a日a"), Some(1..5));
    assert_eq!(Regexp::parse(r"\B").unwrap().find("aéb"), None);
    assert_eq!(Regexp::parse(r"\B").unwrap().find("aéé"), Some(3..3));
}

#[test]
fn surrogates_are_read_and_match_nothing() {
    for pattern in [
        r"\x{D800}",
        r"[\x{D800}-\x{DFFF}]",
        r"\p{Cs}",
        r"(?i)\x{DFFF}",
    ] {
        let pattern = Regexp::parse(pattern).unwrap();
        assert!(!pattern.is_match("\u{FFFD}") && !pattern.is_match(b"\xED\xA0\x80"));
    }
    assert!(
        Regexp::parse(r"[\x{D7FF}-\x{E000}]")
            .unwrap()
            .is_match("\u{E000}")
    );
}

#[test]
fn both_machines_agree() {
    let patterns = [
        "(|a)*",
        "(a*)+",
        "(a+|b)*c?",
        "(?:(a)|(b)|c)+?$",
        "^(a{2,4}?)(b{0,2})",
        "(a|ab)(c|bcd)(d*)",
        r"\b(\w+)\b",
        "(?i)(k+)(ſ)",
        "(?m)^(.*)$",
        "[^a]+?(b|$)",
        "(?U)(a+)(b*)c",
        "x{3,}y|(x)*",
        "(?:)|a",
        "(^|b)*",
        r"(\Ba)?",
        "(a?){3}b",
        "((a){1,2}b)*",
        r"(\pL+)-(\PL+)",
        "(?s).*é(.)",
    ];
    let texts = [
        "",
        "a",
        "aa",
        "ab",
        "abcd",
        "aaabbb",
        "abab\nxb",
        "xxxxy",
        "kK\u{212A}ſ",
        "é日-1é2",
        "b a",
        "aab\naac",
        "ccc",
    ];
    for pattern in patterns {
        let tree = parse::parse(pattern.as_bytes()).unwrap();
        let theirs = translate(&tree.root).unwrap();
        let ours = emit(&tree.root, 10_000).unwrap();
        for text in texts {
            let width = 2 * (tree.names.len() + 1);
            let (mut a, mut b) = (vec![None; width], vec![None; width]);
            let input = regex_automata::Input::new(text);
            let found = theirs.search_slots(&input, &mut a).is_some();
            assert_eq!(
                found,
                ours.search(text.as_bytes(), &mut b),
                "{pattern} {text:?}"
            );
            assert!(!found || a == b, "{pattern} {text:?}");
            assert_eq!(
                found,
                ours.search(text.as_bytes(), &mut []),
                "{pattern} {text:?}"
            );
        }
    }
}

#[test]
fn patterns_that_are_deep_or_large_run_on_the_machine_of_our_own() {
    let deep = "(".repeat(900) + "a+" + &")".repeat(900) + "b";
    let pattern = Regexp::parse(&deep).unwrap();
    let captures = pattern.captures("xaab").unwrap();
    assert_eq!(
        (captures.span(0), captures.span(900)),
        (Some(1..4), Some(1..3))
    );
    assert_eq!(pattern.find("xaa"), None);

    let large = r"^\pL{1000}".to_owned() + &r"\pL{1000}".repeat(9) + "$";
    let pattern = Regexp::parse(&large).unwrap();
    assert!(pattern.is_match("é".repeat(10_000)));
    assert!(!pattern.is_match("é".repeat(9_999)));
}

#[test]
fn an_error_prints_go_s_message_and_knows_its_name() {
    let told = |pattern: &[u8]| {
        let error = Regexp::parse(pattern).unwrap_err();
        (error.to_string(), error.construct())
    };
    let message = |text: &str| format!("error parsing regexp: {text}");
    assert_eq!(
        told(b"a\\"),
        (
            message("trailing backslash at end of expression: ``"),
            "trailing backslash at end of expression"
        )
    );
    assert_eq!(
        told(b"a*+"),
        (
            message("invalid nested repetition operator: `*+`"),
            "possessive repetition"
        )
    );
    assert_eq!(
        told(b"(?<!a)"),
        (
            message("invalid named capture: `(?<!a)`"),
            "negative look-behind"
        )
    );
    assert_eq!(
        told(b"[b-a]"),
        (
            message("invalid character class range: `b-a`"),
            "range that ends before it begins"
        )
    );
    assert_eq!(
        told(b"\xE2\x82"),
        (
            message("invalid UTF-8: `\u{FFFD}\u{FFFD}`"),
            "invalid UTF-8"
        )
    );
}

#[test]
fn templates_read_the_longest_name() {
    let pattern = Regexp::parse("(?P<a>x)(y)(?P<01>z)?(?P<n>1)?(?P<n>2)?").unwrap();
    let captures = pattern.captures("xyz2").unwrap();
    let table = [
        ("$a/${a}1/$a-$2/$1.$2/$0", "x/x1/x-y/x.y/xyz2"),
        ("$a1$1x$A$9$99999999999", ""),
        ("$2_$1", "x"),
        ("$$1|$|a$|$-|$.|${a|\\1", "$1|$|a$|$-|$.|${a|\\1"),
        ("$01${01}", "zz"),
        ("${}${a-b}${ a }", "${}${a-b}${ a }"),
        ("$aé|$é|$日1", "||"),
        ("$n", "2"),
        ("$$$1$$", "$x$"),
        ("", ""),
    ];
    for (template, expanded) in table {
        let template = Template::parse(template);
        assert_eq!(template.expand_text(&captures), expanded);
        assert_eq!(template.expanded_len(&captures), expanded.len());
    }
    assert_eq!(&*Template::parse(b"\xFF$a").expand(&captures), b"\xFFx");
    assert!(!Template::parse("a$$").has_references() && Template::parse("$a").has_references());
}

#[test]
fn a_template_that_is_one_reference_borrows() {
    let pattern = Regexp::parse("b(.*)").unwrap();
    let captures = pattern.captures("abc").unwrap();
    assert!(matches!(
        Template::parse("$1").expand(&captures),
        std::borrow::Cow::Borrowed(b"c")
    ));
}

#[test]
fn patterns_are_equal_by_text_and_may_cross_threads() {
    fn crosses<T: Send + Sync + Clone + PartialEq + std::fmt::Debug>(_: &T) {}
    let pattern: Regexp = "a(b)".parse().unwrap();
    crosses(&pattern);
    crosses(&Template::parse("$1"));
    crosses(&pattern.captures("ab"));
    assert_eq!(pattern, Regexp::try_from("a(b)").unwrap());
    assert_ne!(pattern, Regexp::parse("a(?:b)").unwrap());
    assert_eq!(
        (pattern.to_string(), format!("{pattern:?}")),
        ("a(b)".into(), "Regexp(\"a(b)\")".into())
    );
}
