//! Random patterns, texts that they are likely to match, and templates.
//!
//! Patterns and texts share a small alphabet. A fifth of the patterns is damaged, some hit Go's limits.

use std::collections::BTreeSet;

use fluxcd_conformance::ops::bytes_result;
use fluxcd_dialect::regexp::{ErrorKind, Regexp};
use serde_json::{Value, json};

use crate::CASES;
use crate::rng::Rng;

/// What patterns and texts are made of; letters with several cases, words and no words, one to four bytes.
#[rustfmt::skip]
const LETTERS: &[&str] = &[
    "a", "a", "a", "a", "b", "b", "b", "c", "x", "y", "A", "B", "k", "K", "\u{212A}", "s", "S",
    "ſ", "1", "2", "0", "-", "_", " ", "\n", "é", "É", "日", "😀", "ǅ", "ǆ", "Σ", "ς", "\u{FFFD}",
    "\t", "\u{B}", "ß", "ẞ", "İ", "i", "\u{345}", "ι", "٣",
];
#[rustfmt::skip]
const ATOMS: &[&str] = &[
    ".", ".", ".", "^", "$", "^", "$", r"\A", r"\z", r"\b", r"\B", r"\b", r"\d", r"\D", r"\w", r"\W", r"\s", r"\S",
    r"\pL", r"\PL", r"\p{Lu}", r"\p{^Lu}", r"\P{^Greek}", r"\p{greek}", r"\p{Han}", r"\pN", r"\p{Any}", r"\P{Any}",
    r"\p{LC}", r"\p{Cn}", r"\pC", r"\pZ", r"\pM", r"\p{Uppercase_Letter}", r"\p{ascii}", r"\p{Assigned}",
    r"\p{cased letter}", r"\pS", r"\pP", r"\.", r"\-", r"\_", r"\x61", r"\x{62}", r"\x{1F600}", r"\141", r"\0",
    r"\01", r"\n", r"\t", r"\a", r"\f", r"\v", r"\r", r"\<", r"\>", r"\/", "{", "}", "]", "a{", "a{,2}", "a{1",
    "a{b}", "a{01}", r"\Qa.b\E", r"\Q*\E", r"\Q\E", r"\Qab", "(?:)", "()", "-", ",", "&&", "~~", r"\p{Inherited}",
    r"\p{Common}", r"\x{FFFD}", r"\x{D7FF}",
];
#[rustfmt::skip]
const MEMBERS: &[&str] = &[
    "a", "b", "c", "x", "k", "s", "ſ", "é", "日", "a-c", "a-z", "A-Z", "0-9", "-", "^", "&&", "~~", "[", "[a", r"\]",
    r"\-", r"\d", r"\D", r"\w", r"\W", r"\s", r"\S", r"\pL", r"\PL", r"\p{Lu}", r"\p{^Greek}", "[:alpha:]",
    "[:^alpha:]", "[:word:]", "[:space:]", "[:^digit:]", "[:upper:]", "[:lower:]", "[:punct:]", "[:alnum:]",
    "[:ascii:]", "[:blank:]", "[:cntrl:]", "[:graph:]", "[:print:]", "[:xdigit:]", "[:^ascii:]", r"\x61",
    r"\x{1F600}", r"\n", r"\101", r"\t-\r", "\u{FFFD}", r"\x00-\x{10FFFF}", "ǆ-ǌ", "b-\u{1E942}", "\n", "&", "[:a",
    ".", "$", "(", "|", r"\x{D7F0}-\x{E010}",
];
#[rustfmt::skip]
const DAMAGE: &[&[u8]] = &[
    b"(", b")", b"[", b"]", b"\\", b"*", b"+", b"?", b"??", b"{", b"}", b"|", b"^", b"$", b".", b"(?", b"(?P<",
    b"(?<", b"(?P<n>", b"(?i", b"(?=", b"(?!", b"(?<=", b"(?>", b"(?P=n)", b"(?#", b"(?x)", b"(?i-", b"(?-)",
    b"(?--i)", b"(?:", b"(?i)", b"(?s)", b"(?m)", b"(?U)", b"(?-i)", b"(?ims-U:", b"\\1", b"\\8", b"\\C", b"\\Z",
    b"\\Q", b"\\E", b"\\x", b"\\x{", b"\\x{110000}", b"\\x{g}", b"\\xg", b"\\x{}", b"\\u", b"\\p", b"\\p{",
    b"\\p{Foo}", b"\\p{Old_Italic}", b"\\pQ", b"\\p{^", b"[[:foo:]]", b"[z-a]", b"[a-\\d]", b"[\\b]", b"[^", b"[]",
    b"[^]", b"{1001}", b"{2,1}", b"{1000}", b"{99999999999}", b"{1,1001}", b"{0}", b"{0,0}", b"{1,}", b"{40}",
    b"{30}", b"**", b"*+", b"\xff", b"\xc3", b"\xe2\x82", b"\xed\xa0\x80", b"\0", b"(?P<\xff>a)", b"(?P<a.b>",
    b"(?P<>", b"(?P<\xc3\xa9>", b"(?'a'", b"\\p{\xff}", b"\\\xff", b"[\xff]", b"\\\xc3\xa9",
];
const NAMES: &[&str] = &[
    "n",
    "name",
    "1",
    "01",
    "n",
    "_",
    "1a",
    "a1",
    "ts",
    "99999999999",
    "0",
];

/// The input of one case of `regexp.match`.
pub(crate) fn matching(rng: &mut Rng) -> Value {
    let pattern = pattern(rng);
    let texts: Vec<Value> = (0..6).map(|_| bytes_result(&text(rng, &pattern))).collect();
    json!({"pattern": bytes_result(&pattern), "texts": texts})
}

/// The input of one case of `regexp.expand`.
pub(crate) fn expansion(rng: &mut Rng) -> Value {
    let pattern = match rng.below(4) {
        0 => pattern(rng),
        // Something must match, or there is nothing to expand.
        1 => b"(?P<n>.)(.)?(?P<name>..)?".to_vec(),
        2 => b"(?P<1>.*?)(?P<01>.)(?P<n>x)?(?P<n>.*)(?P<99999999999>$)".to_vec(),
        _ => {
            let group = group(rng, 2);
            format!("{group}?({})*(?P<n>.*)", node(rng, 3)).into_bytes()
        }
    };
    json!({
        "text": bytes_result(&text(rng, &pattern)),
        "template": bytes_result(&template(rng)),
        "pattern": bytes_result(&pattern),
    })
}

/// The input of one case of `regexp.compile`: more is damaged.
pub(crate) fn compiling(rng: &mut Rng) -> Value {
    let mut pattern = pattern(rng);
    if rng.percent(50) {
        damage(rng, &mut pattern);
    }
    json!({"pattern": bytes_result(&pattern)})
}

fn pattern(rng: &mut Rng) -> Vec<u8> {
    if rng.below(1000) == 0 {
        return at_a_limit(rng);
    }
    let mut pattern = String::new();
    if rng.percent(15) {
        pattern += rng.pick(&["(?i)", "(?s)", "(?m)", "(?U)", "(?is)", "(?i-s)", "(?mU)"]);
    }
    if rng.percent(15) {
        pattern.push('^');
    }
    pattern += &alternatives(rng, 0);
    if rng.percent(15) {
        pattern.push('$');
    }
    let mut pattern = pattern.into_bytes();
    if rng.percent(20) {
        for _ in 0..rng.pick(&[1, 1, 1, 2, 3]) {
            damage(rng, &mut pattern);
        }
    }
    pattern
}

fn alternatives(rng: &mut Rng, depth: usize) -> String {
    let count = rng.pick(&[1, 1, 1, 1, 2, 2, 3, 5]);
    let alternatives: Vec<String> = (0..count).map(|_| sequence(rng, depth)).collect();
    if count > 1 && rng.percent(30) {
        // A common beginning, which Go takes out.
        let common = sequence(rng, depth + 2);
        let alternatives = alternatives.iter().map(|rest| format!("{common}{rest}"));
        return alternatives.collect::<Vec<_>>().join("|");
    }
    alternatives.join("|")
}

fn sequence(rng: &mut Rng, depth: usize) -> String {
    let count = rng.pick(&[0, 1, 1, 1, 2, 2, 3, 4]);
    (0..count).map(|_| node(rng, depth)).collect()
}

fn node(rng: &mut Rng, depth: usize) -> String {
    let mut node = match rng.below(100) {
        0..40 => quoted(rng.pick(LETTERS)),
        40..58 => rng.pick(ATOMS).to_owned(),
        58..70 => class(rng),
        _ if depth < 5 => group(rng, depth),
        _ => "a".to_owned(),
    };
    if rng.percent(35) {
        node += rng.pick(&[
            "*", "*", "+", "+", "?", "?", "{2}", "{1,2}", "{0,2}", "{2,}", "{0}", "{1}", "{0,1}",
            "{1,}", "{0,}", "{3,5}", "{,2}",
        ]);
        node += rng.pick(&["", "", "", "?"]);
    }
    node
}

fn quoted(letter: &str) -> String {
    match letter {
        "-" | "_" | " " => letter.to_owned(),
        "." => "\\.".to_owned(),
        _ => letter.to_owned(),
    }
}

fn class(rng: &mut Rng) -> String {
    let members: String = (0..rng.pick(&[1, 1, 2, 2, 3, 4]))
        .map(|_| rng.pick(MEMBERS))
        .collect();
    let begin = rng.pick(&["[", "[", "[", "[^", "[]", "[^]", "[-"]);
    format!("{begin}{members}]")
}

fn group(rng: &mut Rng, depth: usize) -> String {
    let inner = match rng.below(10) {
        0 => rng
            .pick(&["", "|a", "a|", "a*", "a?", "a*?", "|", "^|a", r"\b|b"])
            .to_owned(),
        _ => alternatives(rng, depth + 1),
    };
    let begin = match rng.below(10) {
        0..5 => "(".to_owned(),
        5..7 => "(?:".to_owned(),
        7 => format!("(?P<{}>", rng.pick(NAMES)),
        8 => format!("(?<{}>", rng.pick(NAMES)),
        _ => rng
            .pick(&[
                "(?i:", "(?s:", "(?m:", "(?U:", "(?-i:", "(?i-m:", "(?s-i:", "(?-U:", "(?im)(",
                "(?i)(?:",
            ])
            .to_owned(),
    };
    format!("{begin}{inner})")
}

fn damage(rng: &mut Rng, pattern: &mut Vec<u8>) {
    let at = rng.below(pattern.len() + 1);
    match rng.below(10) {
        0..7 => drop(pattern.splice(at..at, rng.pick(DAMAGE).iter().copied())),
        7..9 => {
            let end = (at + rng.pick(&[1, 1, 2, 4])).min(pattern.len());
            pattern.drain(at..end);
        }
        _ => pattern.truncate(at),
    }
}

/// Nested about a thousand times, or with about as many instructions or copies as are allowed.
fn at_a_limit(rng: &mut Rng) -> Vec<u8> {
    let nested = |begin: &str, inner: &str, end: &str, count: usize| {
        begin.repeat(count) + inner + &end.repeat(count)
    };
    let around = |rng: &mut Rng, count: usize| rng.between(count - 3, count + 3);
    let pattern = match rng.below(9) {
        0 => nested("(", "a", ")", around(rng, 999)),
        1 => nested("(?:", "a", ")", 1500),
        2 => nested("(a|", "b", ")", around(rng, 500)),
        3 => nested("(?:b", "a", ")*", around(rng, 500)),
        4 => nested("(?:", "a", "|c)+", around(rng, 499)),
        5 => "a{1000}".repeat(around(rng, 3355)),
        6 => "(?:xy){500}".repeat(around(rng, 3355)),
        7 => format!("(?:(?:a{{{}}}){{10}}){{10}}", around(rng, 10)),
        _ => {
            "a|".repeat(3)
                + &(1..rng.between(300, 600))
                    .map(|n| "ab".repeat(n))
                    .collect::<Vec<_>>()
                    .join("|")
        }
    };
    pattern.into_bytes()
}

fn text(rng: &mut Rng, pattern: &[u8]) -> Vec<u8> {
    let mut text: Vec<u8> = match rng.below(100) {
        0..4 => Vec::new(),
        // Something of the pattern, which often matches.
        4..15 => {
            let from = rng.below(pattern.len() + 1);
            let to = rng.between(from, pattern.len().min(from + 12));
            pattern[from..to].to_vec()
        }
        15..18 => (0..rng.between(1, 4))
            .filter_map(|_| char::from_u32((rng.next() % 0x11_0000) as u32))
            .collect::<String>()
            .into_bytes(),
        _ => {
            let count = rng.pick(&[1, 1, 2, 3, 4, 6, 8, 12, 40]);
            (0..count).flat_map(|_| rng.pick(LETTERS).bytes()).collect()
        }
    };
    if rng.percent(8) {
        let at = rng.below(text.len() + 1);
        let broken = rng.pick(&[
            &b"\xff"[..],
            b"\xc3",
            b"\xe2\x82",
            b"\xed\xa0\x80",
            b"\x80",
            b"\xf0\x9f",
        ]);
        text.splice(at..at, broken.iter().copied());
    }
    text
}

fn template(rng: &mut Rng) -> Vec<u8> {
    let pieces = [
        "$1",
        "$2",
        "$0",
        "$n",
        "$name",
        "${n}",
        "${1}",
        "${name}",
        "$$",
        "$",
        "${",
        "}",
        "${}",
        "$1x",
        "${1}x",
        "$n1",
        "$01",
        "${01}",
        "$3",
        "$99999999999",
        "$999999999",
        "$1000000000",
        "$_",
        "$1_$2",
        "-",
        "a",
        "é",
        "$né",
        "$é",
        "$日",
        "${n-a}",
        "${ n }",
        "$-",
        "$.",
        "\\1",
        "$١",
        "${n",
        "$$1",
        "$$$1",
        "x",
        "$1-$2",
        "$1.$2",
        "{n}",
        "$100000000",
        "$99",
        "$ts",
        "$N",
    ];
    let mut template: Vec<u8> = (0..rng.pick(&[0, 1, 1, 1, 2, 3, 5]))
        .flat_map(|_| rng.pick(&pieces).bytes())
        .collect();
    if rng.percent(5) {
        let at = rng.below(template.len() + 1);
        template.splice(
            at..at,
            rng.pick(&[&b"\xff"[..], b"$\xc3", b"$n\xff"])
                .iter()
                .copied(),
        );
    }
    template
}

/// The generators are worth little if they never write a construct or an error.
#[test]
fn random_patterns_hit_every_construct_and_every_kind_of_error() {
    let mut constructs: BTreeSet<&str> = ATOMS.iter().copied().collect();
    constructs.extend([
        "*",
        "+",
        "?",
        "*?",
        "+?",
        "??",
        "{2}",
        "{1,2}",
        "{2,}",
        "{2,}?",
        "|",
        "(",
        "(?:",
        "(?P<n>",
        "(?<n>",
        "(?i)",
        "(?s)",
        "(?m)",
        "(?U)",
        "(?i-s)",
        "(?i:",
        "(?-i:",
        "[^",
        "[]",
        "[:alpha:]",
        "[:^alpha:]",
        "a-z",
        r"\t-\r",
    ]);
    let mut kinds = vec![
        ErrorKind::InvalidCharRange,
        ErrorKind::InvalidEscape,
        ErrorKind::InvalidNamedCapture,
        ErrorKind::InvalidPerlOp,
        ErrorKind::InvalidRepeatOp,
        ErrorKind::InvalidRepeatSize,
        ErrorKind::InvalidUtf8,
        ErrorKind::MissingBracket,
        ErrorKind::MissingParen,
        ErrorKind::MissingRepeatArgument,
        ErrorKind::NestingDepth,
        ErrorKind::TooLarge,
        ErrorKind::TrailingBackslash,
        ErrorKind::UnexpectedParen,
    ];
    for case in 0..CASES {
        if constructs.is_empty() && kinds.is_empty() {
            break;
        }
        let rng = &mut Rng::new(1, case);
        let mut pattern = match rng.percent(1) {
            true => at_a_limit(rng),
            false => pattern(rng),
        };
        if rng.percent(50) {
            damage(rng, &mut pattern);
        }
        match Regexp::parse(&pattern) {
            Ok(_) => {
                let text = String::from_utf8(pattern).expect("a pattern is text");
                constructs.retain(|construct| !text.contains(construct));
            }
            Err(error) => kinds.retain(|kind| *kind != error.kind()),
        }
    }
    assert!(
        constructs.is_empty(),
        "in no pattern that is one: {constructs:?}"
    );
    assert!(kinds.is_empty(), "never met: {kinds:?}");
}
