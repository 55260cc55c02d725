use super::*;
use crate::regexp::ErrorKind::*;

fn refusal(pattern: &[u8]) -> (ErrorKind, &[u8]) {
    let fault = parse(pattern).unwrap_err();
    (fault.kind, &pattern[fault.span])
}

#[test]
fn the_piece_at_fault_is_the_one_that_go_quotes() {
    let table: &[(&str, ErrorKind, &str)] = &[
        ("a**", InvalidRepeatOp, "**"),
        ("ab*??+c", InvalidRepeatOp, "*??"),
        ("a{2}{3}?b", InvalidRepeatOp, "{2}{3}?"),
        ("*a", MissingRepeatArgument, "*"),
        ("(+?)", MissingRepeatArgument, "+?"),
        ("a|{2}", MissingRepeatArgument, "{2}"),
        ("a{1001}?", InvalidRepeatSize, "{1001}"),
        ("a{2,1}", InvalidRepeatSize, "{2,1}"),
        ("(a{100}){11}?", InvalidRepeatSize, "{11}?"),
        (
            "a{99999999999999999999}",
            InvalidRepeatSize,
            "{99999999999999999999}",
        ),
        ("(?i", InvalidPerlOp, "(?i"),
        ("x(?=a)", InvalidPerlOp, "(?="),
        ("(?i--s)", InvalidPerlOp, "(?i--"),
        ("(?-)", InvalidPerlOp, "(?-)"),
        ("(?P<", InvalidPerlOp, "(?P"),
        ("(?P<n", InvalidNamedCapture, "(?P<n"),
        ("(?P<a-b>c)", InvalidNamedCapture, "(?P<a-b>"),
        ("(?<=a)b", InvalidNamedCapture, "(?<=a)b"),
        ("(?<>a)", InvalidNamedCapture, "(?<>"),
        (r"a\8b", InvalidEscape, r"\8"),
        (r"\x{110000}", InvalidEscape, r"\x{110000"),
        (r"\x{}", InvalidEscape, r"\x{}"),
        (r"\x1", InvalidEscape, r"\x1"),
        (r"\x", InvalidEscape, r"\x"),
        (r"\é", InvalidEscape, r"\é"),
        (r"a\", TrailingBackslash, r"\"),
        ("[z-a]", InvalidCharRange, "z-a"),
        (r"[a-\d]", InvalidEscape, r"\d"),
        ("[[:foo:]]", InvalidCharRange, "[:foo:]"),
        (r"\pX", InvalidCharRange, r"\pX"),
        (r"\p", InvalidCharRange, r"\p"),
        (r"a\p{Greek", InvalidCharRange, r"\p{Greek"),
        (r"[\p{^Foo}]", InvalidCharRange, r"\p{^Foo}"),
        ("x[a", MissingBracket, "[a"),
        ("[]", MissingBracket, "[]"),
        ("a(b", MissingParen, "a(b"),
        ("a)b", UnexpectedParen, "a)b"),
    ];
    for (pattern, kind, piece) in table {
        assert_eq!(
            refusal(pattern.as_bytes()),
            (*kind, piece.as_bytes()),
            "{pattern}"
        );
    }
}

#[test]
fn bytes_that_are_no_text_are_refused_from_where_they_begin() {
    let table: &[(&[u8], &[u8])] = &[
        (b"a\xFFb", b"\xFFb"),
        (b"\\Qa\xC3b\\Ec", b"\xC3b"),
        (b"[a\xFF]", b"\xFF]"),
        (b"(?P<n\xFF>a)", b"\xFF"),
        (b"(?P<n\xFF", b"\xFF"),
        (b"\\p{L\xFF}a", b"\xFF"),
        (b"\\\xFFa", b"\xFFa"),
        (b"(?\xFFa)", b"\xFFa)"),
    ];
    for (pattern, piece) in table {
        assert_eq!(refusal(pattern), (InvalidUtf8, *piece), "{pattern:?}");
    }
}

#[test]
fn the_first_fault_from_left_to_right_is_reported() {
    assert_eq!(refusal(b"a)(?=").0, UnexpectedParen);
    assert_eq!(refusal(b"(a(?=").0, InvalidPerlOp);
    assert_eq!(refusal(b"(a{2}{3}[").0, InvalidRepeatOp);
    // A size beyond all bounds is seen before there is nothing to repeat.
    assert_eq!(refusal(b"{1001}").0, InvalidRepeatSize);
}

#[test]
fn braces_that_are_no_repetition_are_text() {
    for pattern in [
        "a{", "a{,3}", "a{1", "a{b}", "a{01}", "a{1,b}", "a{ 1}", "{", "{}", "a}",
    ] {
        assert!(parse(pattern.as_bytes()).is_ok(), "{pattern}");
    }
}

#[test]
fn what_alternatives_have_in_common_is_taken_out() {
    let tree = |pattern: &str| parse(pattern.as_bytes()).unwrap().root;
    for (pattern, same) in [
        ("abc|abd", "ab[c-d]"),
        ("abc|abd|aef|bcx|bcy", "a(?:b[c-d]|ef)|bc[x-y]"),
        ("[ab]c|[ab]de", "[ab](?:c|de)"),
        ("a|b|[0-9]", "[a-b0-9]"),
        ("a||b", "a||b"),
    ] {
        let shape = |node: &Node| format!("{:?}", bare(node));
        assert_eq!(shape(&tree(pattern)), shape(&tree(same)), "{pattern}");
    }
    // Not what can match in several ways.
    assert_eq!(tree("a*b|a*c").op, Op::Alternate);
    // Alternatives that are empty, side by side.
    assert_eq!(tree("(?:a|||)b").subs[0].subs.len(), 2);
}

/// The tree without flags and figures.
fn bare(node: &Node) -> Node {
    let mut bare = Node::new(node.op.clone(), Flags::NONE);
    bare.subs = node.subs.iter().map(self::bare).collect();
    bare
}

#[test]
fn limits_are_go_s_to_the_level_and_to_the_copy() {
    let nested = |count: usize| "(".repeat(count) + "a" + &")".repeat(count);
    assert!(parse(nested(999).as_bytes()).is_ok());
    assert_eq!(refusal(nested(1000).as_bytes()).0, NestingDepth);
    // Groups that capture nothing add no level.
    let plain = "(?:".repeat(5000) + "a" + &")".repeat(5000);
    assert!(parse(plain.as_bytes()).is_ok());

    assert!(parse("a{1000}".repeat(3355).as_bytes()).is_ok());
    let large = "a{1000}".repeat(3356);
    assert_eq!(refusal(large.as_bytes()), (TooLarge, large.as_bytes()));
    assert!(parse(b"((a{10}){10}){10}").is_ok());
    assert_eq!(refusal(b"((a{10}){10}){11}").0, InvalidRepeatSize);
    assert!(parse(b"(?:(?:a{0}){1000}){1000}").is_err());
}

#[test]
fn a_class_can_be_named_as_go_names_it() {
    for name in [
        "L",
        "l",
        "Lu",
        "LU",
        "lC",
        "C",
        "Cn",
        "Any",
        "any",
        "ASCII",
        "assigned",
        "Greek",
        "gREEK",
        "Han",
        "Uppercase_Letter",
        "uppercase letter",
        "Upper-Case-Letter",
        "^L",
        "digit",
        "punct",
        "cntrl",
    ] {
        assert!(parse(format!("\\p{{{name}}}").as_bytes()).is_ok(), "{name}");
    }
    // Scripts with a line below are lost in Go's tables.
    for name in [
        "",
        "^",
        "Old_Italic",
        "OldItalic",
        "SignWriting",
        "Lx",
        "LC ^",
        "Alphabetic",
        "Greek\n",
    ] {
        assert!(
            parse(format!("\\p{{{name}}}").as_bytes()).is_err(),
            "{name}"
        );
    }
}
