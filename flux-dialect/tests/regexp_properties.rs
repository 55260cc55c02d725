//! What holds for every pattern, text and template.
#![cfg(feature = "regexp")]
#![allow(clippy::unwrap_used)]

use fluxcd_dialect::regexp::{Regexp, Template};
use proptest::collection::vec;
use proptest::prelude::*;

/// Pieces that make patterns more often than random characters do.
fn pattern() -> impl Strategy<Value = Vec<u8>> {
    let pieces = vec![
        "a",
        "b",
        "é",
        "k",
        ".",
        "*",
        "+",
        "?",
        "??",
        "{2}",
        "{0,2}",
        "{",
        "(",
        "(?:",
        "(?P<n>",
        ")",
        ")",
        "|",
        "^",
        "$",
        "[",
        "[^",
        "]",
        "-",
        "a-z",
        "\\",
        "\\d",
        "\\b",
        "\\B",
        "\\pL",
        "\\P{Greek}",
        "[:alpha:]",
        "(?i)",
        "(?m:",
        "(?s)",
        "\\Q",
        "\\E",
        "\\x{61}",
        "\\141",
        "\n",
        "()",
        "(|a)",
    ];
    let piece = prop_oneof![
        30 => proptest::sample::select(pieces).prop_map(|piece| piece.as_bytes().to_vec()),
        1 => vec(any::<u8>(), 1..3),
    ];
    vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

fn text() -> impl Strategy<Value = Vec<u8>> {
    let letters = vec![
        "a", "b", "ab", "é", "k", "\u{212A}", "1", " ", "\n", "-", "日",
    ];
    let letter = prop_oneof![
        12 => proptest::sample::select(letters).prop_map(|letter| letter.as_bytes().to_vec()),
        1 => vec(any::<u8>(), 1..3),
    ];
    vec(letter, 0..12).prop_map(|letters| letters.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn any_pattern_is_read_or_refused_with_a_place(pattern in pattern()) {
        match Regexp::parse(&pattern) {
            Ok(read) => prop_assert_eq!(read.pattern(), &pattern),
            Err(error) => {
                prop_assert_eq!(pattern.get(error.span()), Some(error.piece()));
                prop_assert!(error.to_string().starts_with("error parsing regexp: "));
                prop_assert!(!error.construct().is_empty());
            }
        }
    }

    #[test]
    fn spans_lie_within_the_match_and_cut_whole_characters(pattern in pattern(), text in text()) {
        let Ok(pattern) = Regexp::parse(&pattern) else { return Ok(()) };
        let captures = pattern.captures(&text);
        prop_assert_eq!(captures.is_some(), pattern.is_match(&text));
        prop_assert_eq!(captures.as_ref().and_then(|captures| captures.span(0)), pattern.find(&text));
        let Some(captures) = captures else { return Ok(()) };
        let whole = captures.span(0).unwrap();
        prop_assert_eq!(captures.spans().len(), pattern.groups().len() + 1);
        for span in captures.spans().flatten() {
            prop_assert!(whole.start <= span.start && span.start <= span.end && span.end <= whole.end);
            if let Ok(text) = std::str::from_utf8(&text) {
                prop_assert!(text.get(span).is_some());
            }
        }
    }

    #[test]
    fn a_text_as_a_quotation_finds_itself(text in "[^\\\\]{0,12}", before in "[0-9]{0,3}") {
        let pattern = Regexp::parse(format!("\\Q{text}\\E$")).unwrap();
        let found = pattern.find(format!("{before}{text}")).unwrap();
        prop_assert!(found.start <= before.len());
        prop_assert_eq!(found.end, before.len() + text.len());
    }

    #[test]
    fn a_template_without_a_dollar_expands_to_itself(template in vec(any::<u8>(), 0..20), text in text()) {
        let template: Vec<u8> = template.into_iter().filter(|byte| *byte != b'$').collect();
        let pattern = Regexp::parse("").unwrap();
        let captures = pattern.captures(&text).unwrap();
        let read = Template::parse(&template);
        prop_assert!(!read.has_references());
        prop_assert_eq!(&*read.expand(&captures), &*template);
    }

    #[test]
    fn any_template_expands_to_as_many_bytes_as_it_says(
        template in "([$]|[{]|[}]|[0-2]|n|é|_|-|[$][$]|[$]1|[$][{]n[}]){0,8}",
        text in text(),
    ) {
        let pattern = Regexp::parse("(?P<n>.)?(.*)").unwrap();
        let captures = pattern.captures(&text).unwrap();
        let template = Template::parse(&template);
        let expanded = template.expand(&captures);
        prop_assert_eq!(expanded.len(), template.expanded_len(&captures));
    }
}
