//! Input that was made to hurt: a typed error with a place, in bounded time and memory, and never a panic.

#![expect(clippy::unwrap_used, reason = "tests")]

use fluxcd_dialect::yaml::{Error, ErrorKind, Limits, Loader, read, read_v3, split};
use serde_json::json;

const SAMPLE: &str = "%YAML 1.1\n---\n# c\na: &x {b: [1, 'two', \"th\\u0072ee\\\n  four\"], ? c : !!str d}\ne:\n- |2-\n   x\n\n  y\n- >+\n  z\n\nf: *x\n<<: *x\nü: 2001-01-01\n...\n";

fn loaders() -> [Loader; 3] {
    [Loader::v2(), Loader::v2().strict(), Loader::v3()]
}

fn limit(text: &str) -> [Error; 3] {
    loaders().map(|loader| {
        let error = loader.load(text.as_bytes()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Limit, "{error}");
        error
    })
}

#[test]
fn a_text_that_ends_anywhere_is_read_or_refused() {
    for loader in loaders() {
        for end in 0..=SAMPLE.len() {
            let text = &SAMPLE.as_bytes()[..end];
            if let Err(error) = loader.load_with_spans(text) {
                assert!(error.span().start <= end, "{error}");
                assert!(error.line() >= 1 && error.column() >= 1);
            }
        }
    }
}

#[test]
fn a_text_with_any_byte_replaced_is_read_or_refused() {
    for loader in loaders() {
        for at in 0..SAMPLE.len() {
            for byte in [
                0, b'\t', b'\n', b' ', b'"', b'*', b':', b'[', b'}', 0x80, 0xC2, 0xFF,
            ] {
                let mut text = SAMPLE.as_bytes().to_vec();
                text[at] = byte;
                if let Err(error) = loader.load(&text) {
                    assert!(error.span().start <= text.len());
                }
            }
        }
    }
}

#[test]
fn nesting_of_ten_thousand_levels_is_refused_with_its_place() {
    for error in limit(&"[".repeat(10_000)) {
        assert_eq!((error.line(), error.column()), (1, 1001));
    }
    limit(&"{a: ".repeat(10_000));
    limit(&"- ".repeat(10_000));
    limit(
        &(0..10_000)
            .map(|level| format!("{}a:\n", " ".repeat(level)))
            .collect::<String>(),
    );
    limit(&"? ".repeat(10_000));
}

#[test]
fn nesting_up_to_the_limit_is_read() {
    let text = format!("{}{}", "[".repeat(1000), "]".repeat(1000));
    assert!(
        loaders()
            .iter()
            .all(|loader| loader.load(text.as_bytes()).is_ok())
    );
    let shallow = Loader::v2().limits(Limits::default().with_depth(2));
    assert!(shallow.load(b"a: [1]").is_ok());
    assert_eq!(shallow.load(b"a: [[1]]").unwrap_err().span().start, 4);
}

#[test]
fn bombs_of_aliases_are_refused() {
    let mut text = String::from("a: &a [x,x,x,x,x,x,x,x,x]\n");
    for (name, before) in ('b'..='j').zip('a'..) {
        text += &format!(
            "{name}: &{name} [{}]\n",
            vec![format!("*{before}"); 9].join(",")
        );
    }
    for error in limit(&text) {
        assert!(error.line() > 3, "{error}");
    }
}

#[test]
fn bombs_of_merges_are_refused() {
    let mut text = String::from("a: &a {k0: 1, k1: 1, k2: 1, k3: 1}\n");
    for (name, before) in ('b'..='t').zip('a'..) {
        text += &format!(
            "{name}: &{name}\n  <<: [{}]\n  z: 1\n",
            vec![format!("*{before}"); 9].join(",")
        );
    }
    limit(&text);
}

#[test]
fn a_chain_of_doublings_is_refused_in_time() {
    let mut text = String::from("a0: &a0 [x, x]\n");
    for level in 1..200 {
        text += &format!(
            "a{level}: &a{level} [*a{before}, *a{before}]\n",
            before = level - 1
        );
    }
    limit(&text);
}

#[test]
fn more_nodes_than_allowed_are_refused() {
    let few = Loader::v2().limits(Limits::default().with_nodes(10));
    assert!(few.load(b"[1, 2, 3, 4, 5]").is_ok());
    assert_eq!(
        few.load(b"[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]")
            .unwrap_err()
            .kind(),
        ErrorKind::Limit
    );
}

#[test]
fn bytes_that_are_no_utf_8_are_refused_at_their_place() {
    for (text, at) in [
        (&b"a: \xFF\n"[..], 3),
        (b"a: b\nc: \xC3(", 8),
        (b"\xEF\xBB\xBFa: \x01", 6),
    ] {
        for loader in loaders() {
            let error = loader.load(text).unwrap_err();
            assert_eq!(
                (error.kind(), error.span().start),
                (ErrorKind::Encoding, at)
            );
        }
    }
}

#[test]
fn errors_of_a_stream_lie_in_the_stream() {
    // The reader adds the line break that the last line lacks.
    for text in [&b"["[..], b"a: 1\n---\nb: [", b"a: 1\r\n---\r\n'"] {
        let error = read(text, &Loader::v2()).unwrap_err();
        assert!(error.span().end <= text.len(), "{error}");
    }
}

#[test]
fn places_in_wide_documents_are_found_in_time() {
    let keys = (0..50_000)
        .map(|key| format!("k{key}: [1]\n"))
        .collect::<String>();
    let (_, spans) = Loader::v2().load_with_spans(keys.as_bytes()).unwrap();
    for key in 0..50_000 {
        assert!(spans.value(&[format!("k{key}").into(), 0.into()]).is_some());
    }
    let bad = "--- x\n".repeat(100_000);
    assert_eq!(
        split(bad.as_bytes()).filter(Result::is_err).count(),
        100_000
    );
}

#[test]
fn repeated_keys_are_all_named() {
    let text = b"a: 1\nb: {c: 1, c: 2, c: 3}\na: 2\n";
    let (_, spans) = Loader::v2().load_with_spans(text).unwrap();
    let repeated = spans.repeated();
    let places: Vec<_> = repeated
        .iter()
        .map(|(path, key)| (path.len(), key.start))
        .collect();
    assert_eq!(places, [(2, 15), (2, 21), (1, 27)]);
}

#[test]
fn anchors_that_contain_themselves_are_refused() {
    for text in ["&a [*a]", "&a {b: *a}", "a: &x {<<: *x}", "&a [[[*a]]]"] {
        for loader in loaders() {
            assert_eq!(
                loader.load(text.as_bytes()).unwrap_err().kind(),
                ErrorKind::Recursive,
                "{text}"
            );
        }
    }
}

#[test]
fn a_document_of_a_hundred_megabytes_is_refused_unless_it_is_allowed() {
    let text = format!("# {}\na: 1\n", "x".repeat(100 << 20)).into_bytes();
    let error = Loader::v2().load(&text).unwrap_err();
    assert_eq!(
        (error.kind(), error.span().start),
        (ErrorKind::Limit, 64 << 20)
    );
    let large = Loader::v2().limits(Limits::default().with_bytes(usize::MAX));
    assert_eq!(large.load(&text).unwrap(), json!({"a": 1}));
}

#[test]
fn a_million_empty_documents_are_counted() {
    let text = "---\n".repeat(1_000_000);
    assert_eq!(
        split(text.as_bytes()).filter(Result::is_ok).count(),
        500_000
    );
    assert_eq!(read(text.as_bytes(), &Loader::v2()).unwrap().len(), 500_000);
    assert!(read_v3(text.as_bytes(), &Loader::v3()).unwrap().is_empty());
    let text = "a: 1\n---\n".repeat(1_000_000);
    assert_eq!(
        split(text.as_bytes()).filter(Result::is_ok).count(),
        1_000_000
    );
}

#[test]
fn one_long_line_takes_time_in_proportion() {
    let flow = format!("[{}]", vec!["{\"a\": \"é\"}"; 100_000].join(", "));
    assert_eq!(
        Loader::v2()
            .load(flow.as_bytes())
            .unwrap()
            .as_array()
            .map(Vec::len),
        Some(100_000)
    );
    let quotes = format!("a: '{}'", "''".repeat(500_000));
    assert!(Loader::v2().load(quotes.as_bytes()).is_ok());
    let keys = (0..100_000)
        .map(|key| format!("k{key}: 1\n"))
        .collect::<String>();
    assert!(Loader::v2().strict().load(keys.as_bytes()).is_ok());
    let numbers = (0..20_000)
        .map(|key| format!("{key}: 1\n"))
        .collect::<String>();
    assert!(Loader::v2().strict().load(numbers.as_bytes()).is_ok());
}
