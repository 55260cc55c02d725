//! Laws of the YAML room.

use fluxcd_dialect::yaml::{Loader, Segment, Spans, line_column, read, read_v3, split, to_string};
use proptest::prelude::*;
use serde_json::{Map, Value};

/// Text with everything that means something to a YAML reader, without what the writer refuses or folds.
fn text() -> impl Strategy<Value = String> {
    let special = prop::sample::select(vec![
        "yes",
        "on",
        "null",
        "~",
        "0644",
        "1e3",
        ".inf",
        "0x1F",
        "1_000",
        "12:30",
        "2001-01-01",
        "---",
        "...",
        "- ",
        "? ",
        ": ",
        ":",
        " #",
        "#",
        "&a",
        "*a",
        "!t",
        "|",
        ">",
        "'",
        "\"",
        "%",
        "@",
        "`",
        "{",
        "}",
        "[",
        "]",
        ",",
        "\n",
        "\n\n",
        " ",
        "  ",
        "\t",
        "\r",
        "\\",
        "\u{A0}",
        "\u{2028}",
        "\u{FEFF}",
        "\u{0}",
        "\u{1F600}",
        "é",
        "<<",
        "=",
        "a b",
        "word",
    ]);
    let piece = prop_oneof![
        4 => special.prop_map(str::to_owned),
        2 => "[a-z ]{0,90}",
        1 => any::<char>().prop_filter("refused", |c| !matches!(c, '\u{7F}'..='\u{9F}' | '\u{FFFE}' | '\u{FFFF}')).prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..4).prop_map(|pieces| pieces.concat())
}

fn key() -> impl Strategy<Value = String> {
    // The writer leaves the key `<<` plain, as Go's does, and readers take it for a merge.
    text().prop_filter("merge", |key| key != "<<")
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>()
            .prop_filter("integers are integers", |f| f.is_finite()
                && f.fract() != 0.0)
            .prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((key(), inner), 0..4)
                .prop_map(|entries| Value::Object(Map::from_iter(entries))),
        ]
    })
}

/// Text that has a chance to be YAML.
fn yaml() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "a",
        "b: ",
        "- ",
        "? ",
        ": ",
        "\n",
        "\n  ",
        "\n    ",
        " ",
        "\t",
        "[",
        "]",
        "{",
        "}",
        ", ",
        "'",
        "\"",
        "|\n",
        ">-\n",
        "&x ",
        "*x",
        "!!str ",
        "!t ",
        "#c",
        "<<: ",
        "---\n",
        "...\n",
        "%TAG ! x\n",
        "1",
        "~",
        "\\n",
        "\r\n",
        "\u{FEFF}",
        "é",
        "\u{85}",
    ]);
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

fn paths(value: &Value, path: &mut Vec<Segment>, found: &mut Vec<Vec<Segment>>) {
    found.push(path.clone());
    let children: Vec<(Segment, &Value)> = match value {
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(index, item)| (Segment::Index(index), item))
            .collect(),
        Value::Object(entries) => entries
            .iter()
            .map(|(key, value)| (Segment::Key(key.clone()), value))
            .collect(),
        _ => Vec::new(),
    };
    for (segment, child) in children {
        path.push(segment);
        paths(child, path, found);
        path.pop();
    }
}

fn spans_lie_within_their_parents(text: &[u8], value: &Value, spans: &Spans) {
    let mut found = Vec::new();
    paths(value, &mut Vec::new(), &mut found);
    for path in found {
        let Some(span) = spans.value(&path) else {
            continue;
        };
        assert!(
            span.start <= span.end && span.end <= text.len(),
            "{path:?} {span:?}"
        );
        if let Some((_, parent)) = path.split_last() {
            let (outer, _) = spans.nearest(parent);
            assert!(
                outer.start <= span.start && span.end <= outer.end,
                "{path:?} {span:?} in {outer:?}"
            );
        }
        let deepest = spans.at(span.start).map(|(deepest, _)| deepest);
        assert!(
            deepest.iter().any(|deepest| deepest.starts_with(&path)
                // A value that is not there holds no byte: what begins in its place is found.
                || span.is_empty() && spans.key(deepest).is_some_and(|key| key.start == span.start)),
            "{path:?} at {span:?} is {deepest:?}"
        );
    }
}

#[test]
fn a_value_that_is_not_there_leaves_its_place_to_the_next_key() {
    let text = b"? |\nb: ";
    let (value, spans) = Loader::v2().load_with_spans(text).unwrap();
    assert_eq!(spans.value(&["".into()]), Some(4..4));
    assert_eq!(
        spans.at(4).map(|(path, _)| path),
        Some(vec![Segment::from("b")])
    );
    spans_lie_within_their_parents(text, &value, &spans);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn what_is_written_is_read_again(value in value()) {
        let text = to_string(&value).unwrap();
        prop_assert_eq!(&Loader::v2().strict().load(text.as_bytes()).unwrap(), &value, "{}", text);
        if value.is_object() || value.is_array() {
            prop_assert_eq!(&Loader::v3().load(text.as_bytes()).unwrap(), &value, "{}", text);
        }
        prop_assert_eq!(to_string(&Loader::v2().load(text.as_bytes()).unwrap()).unwrap(), text);
    }

    #[test]
    fn no_text_panics_and_errors_lie_in_the_text(text in prop_oneof![yaml(), any::<String>(), text()]) {
        for loader in [Loader::v2(), Loader::v2().strict(), Loader::v3()] {
            match loader.load_with_spans(text.as_bytes()) {
                Ok((value, spans)) => spans_lie_within_their_parents(text.as_bytes(), &value, &spans),
                Err(error) => {
                    prop_assert!(error.span().start <= error.span().end && error.span().start <= text.len());
                    prop_assert_eq!(line_column(text.as_bytes(), error.span().start), (error.line(), error.column()));
                }
            }
        }
    }

    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), prefix in prop::sample::select(vec![&b""[..], b"\xFF\xFE", b"\xFE\xFF", b"\xEF\xBB\xBF"])) {
        let text = [prefix, &bytes].concat();
        for loader in [Loader::v2(), Loader::v3()] {
            let _ = loader.load(&text);
        }
        let _ = read(&text, &Loader::v2());
        let _ = read_v3(&text, &Loader::v3());
    }

    #[test]
    fn strict_reading_only_refuses_more(text in yaml()) {
        if let Ok(value) = Loader::v2().strict().load(text.as_bytes()) {
            prop_assert_eq!(Loader::v2().load(text.as_bytes()).unwrap(), value);
        }
    }

    #[test]
    fn pieces_stand_in_order_and_lose_nothing_but_separators(text in yaml()) {
        let mut end = 0;
        let mut pieces = split(text.as_bytes()).filter_map(Result::ok).collect::<Vec<_>>();
        pieces.sort_by_key(|piece| piece.offset());
        for piece in pieces {
            let between = &text.as_bytes()[end..piece.offset()];
            prop_assert!(between.is_empty() || between.starts_with(b"---"));
            prop_assert_eq!(piece.raw(), &text.as_bytes()[piece.offset()..piece.offset() + piece.raw().len()]);
            end = piece.offset() + piece.raw().len();
        }
    }

    #[test]
    fn carriage_returns_before_line_feeds_make_no_difference(text in yaml().prop_filter("plain", |text| !text.contains('\r'))) {
        let dos = text.replace('\n', "\r\n");
        prop_assert_eq!(Loader::v2().load(text.as_bytes()).map_err(|e| e.kind()), Loader::v2().load(dos.as_bytes()).map_err(|e| e.kind()));
    }

    #[test]
    fn utf_16_reads_as_utf_8(text in yaml().prop_filter("no second mark", |text| !text.starts_with('\u{FEFF}'))) {
        let little: Vec<u8> = [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        let big: Vec<u8> = [0xFE, 0xFF].into_iter().chain(text.encode_utf16().flat_map(u16::to_be_bytes)).collect();
        let expected = Loader::v2().load(text.as_bytes()).map_err(|e| e.kind());
        prop_assert_eq!(&Loader::v2().load(&little).map_err(|e| e.kind()), &expected);
        prop_assert_eq!(&Loader::v2().load(&big).map_err(|e| e.kind()), &expected);
    }
}
