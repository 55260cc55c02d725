use super::fold_next_line;

#[test]
fn next_line_folds_as_in_double_quotes() {
    for (text, expected) in [
        ("a\u{85}b", "a b"),
        ("a \u{85} b", "a b"),
        ("a\u{85}\u{85}b", "a\nb"),
        ("a\u{85}", "a "),
        ("\u{85}a", " a"),
        ("a\u{85} ", "a "),
    ] {
        assert_eq!(fold_next_line(text).unwrap(), expected, "{text:?}");
    }
}
