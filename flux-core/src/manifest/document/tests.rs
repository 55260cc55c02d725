use proptest::prelude::*;

use super::*;

fn read(file: &[u8]) -> Vec<Document<'_>> {
    documents(file, Loader::v2()).collect()
}

fn values(file: &[u8]) -> Vec<Value> {
    let read = read(file).into_iter();
    read.map(|document| document.into_content().unwrap())
        .collect()
}

fn slice<'a>(file: &'a [u8], place: &Place) -> &'a str {
    std::str::from_utf8(&file[place.span.clone()]).unwrap()
}

#[test]
fn a_broken_document_hides_no_other() {
    let file = b"kind: A\n---\nkind: [\n---\nkind: C\n--- text\nkind: D\n---\n\xff\n";
    let found = read(file);
    let kinds: Vec<_> = found.iter().map(Document::kind).collect();
    assert_eq!(kinds, [Some("A"), None, Some("C"), None, Some("D"), None]);
    let errors: Vec<_> = found
        .iter()
        .filter_map(|document| document.content().err())
        .map(|error| {
            (
                error.kind().as_str(),
                error.document(),
                error.place().to_string(),
            )
        })
        .collect();
    assert_eq!(
        errors,
        [
            ("syntax", 1, "4:1".to_owned()),
            ("separator", 3, "6:4".to_owned()),
            ("encoding", 5, "9:1".to_owned()),
        ]
    );
    let indices: Vec<_> = found.iter().map(Document::index).collect();
    assert_eq!(indices, [0, 1, 2, 3, 4, 5]);
}

#[test]
fn an_error_says_where_in_words() {
    let error = read(b"a: 1\n---\nb: *c\n")
        .remove(1)
        .into_content()
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("{} at line 3 column 4", error.message())
    );
    assert_eq!(error.kind(), ErrorKind::Yaml(yaml::ErrorKind::Anchor));
    assert_eq!(error.place().span, 12..14);
}

#[test]
fn objects_say_what_they_are() {
    let file = b"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: b}\n---\nkind: 1\n---\n# nothing\n";
    let found = read(file);
    let first = &found[0];
    assert_eq!(
        (
            first.api_version(),
            first.kind(),
            first.name(),
            first.namespace()
        ),
        (Some("v1"), Some("ConfigMap"), Some("a"), Some("b"))
    );
    assert_eq!((found[1].api_version(), found[1].kind()), (None, None));
    assert!(found[2].is_empty() && !found[1].is_empty());
    assert_eq!(slice(file, &found[2].place()), "# nothing\n");
}

#[test]
fn lists_are_opened_in_order_and_their_items_keep_their_places() {
    let file = b"kind: AList
items:
- kind: A
  metadata: {name: 1a}
- kind: List
  items:
  - kind: B
  - text
- kind: C
";
    let found = read(file);
    let bases: Vec<_> = found
        .iter()
        .map(|document| document.base().to_string())
        .collect();
    assert_eq!(
        bases,
        [
            "items[0]",
            "items[1].items[0]",
            "items[1].items[1]",
            "items[2]"
        ]
    );
    assert_eq!(found[0].place().to_string(), "3:3");
    assert_eq!(slice(file, &found[1].place()).trim_end(), "kind: B");
    let name = found[0].place_of(&["metadata".into(), "name".into()]);
    assert_eq!(
        (slice(file, &name), name.to_string()),
        ("1a", "4:20".into())
    );
    assert!(found.iter().all(|document| document.index() == 0));
}

#[test]
fn a_kind_that_ends_in_list_without_items_is_no_list() {
    assert_eq!(values(b"kind: AllowList\nspec: {}\n").len(), 1);
    assert_eq!(values(b"kind: List\nitems: {}\n").len(), 1);
    assert_eq!(values(b"kind: Widget\nitems: [{kind: A}]\n").len(), 1);
    assert_eq!(values(b"kind: List\nitems: []\n").len(), 0);
    assert_eq!(values(b"kind: List\nitems: ~\n").len(), 0);
}

#[test]
fn a_byte_order_mark_takes_no_column() {
    let file = "\u{feff}kind: é\nb: 1\n".as_bytes();
    let found = read(file);
    let kind = found[0].place_of(&["kind".into()]);
    assert_eq!((slice(file, &kind), kind.to_string()), ("é", "1:7".into()));
    assert_eq!(found[0].place_of_key(&["b".into()]).to_string(), "2:1");
    let error = read("\u{feff}a: *b".as_bytes())
        .remove(0)
        .into_content()
        .unwrap_err();
    assert_eq!(error.place().to_string(), "1:4");
}

#[test]
fn carriage_returns_change_no_place() {
    let file = b"kind: A\r\ndata: |\r\n  x\r\n---\r\nkind: B\r\n";
    let found = read(file);
    assert_eq!(found[0].value().unwrap()["data"], "x\n");
    let kind = found[1].place_of(&["kind".into()]);
    assert_eq!((slice(file, &kind), kind.to_string()), ("B", "5:7".into()));
}

#[test]
fn utf_16_is_cut_into_documents_and_places_are_those_of_its_bytes() {
    let text = "kind: é\n---\nkind: 𝕏\n---\n- [\n";
    for (mark, bytes) in [
        ([0xFF, 0xFE], u16::to_le_bytes as fn(u16) -> [u8; 2]),
        ([0xFE, 0xFF], u16::to_be_bytes),
    ] {
        let units = text.encode_utf16().flat_map(bytes);
        let file: Vec<u8> = mark.into_iter().chain(units).collect();
        let found = read(&file);
        assert_eq!((found[0].kind(), found[1].kind()), (Some("é"), Some("𝕏")));
        let kind = found[1].place_of(&["kind".into()]);
        // Mark, 12 units before the second document, 6 units of "kind: ".
        assert_eq!(
            (kind.span.clone(), kind.to_string()),
            (38..42, "3:7".into())
        );
        assert_eq!(found[2].content().unwrap_err().place().line, 6);
        // Half a character at the end: only the document around it is lost.
        let cut = &file[..file.len() - 1];
        let broken = read(cut);
        assert_eq!((broken[0].kind(), broken[1].kind()), (Some("é"), Some("𝕏")));
        let error = broken[2].content().unwrap_err();
        assert_eq!((error.kind().as_str(), broken.len()), ("encoding", 3));
        assert_eq!(error.place().to_string(), "5:4");
    }
}

#[test]
fn the_dialect_is_the_callers() {
    let on = |loader| {
        documents(b"a: on\n", loader)
            .next()
            .unwrap()
            .into_content()
            .unwrap()
    };
    assert_eq!(on(Loader::v2())["a"], true);
    assert_eq!(on(Loader::v3())["a"], "on");
    let twice = documents(b"a: 1\na: 2\n", Loader::v3()).next().unwrap();
    let error = twice.content().unwrap_err();
    assert_eq!(
        (error.kind().as_str(), error.place().line),
        ("duplicate", 2)
    );
}

#[test]
fn the_limits_hold_for_each_document() {
    let limits = yaml::Limits::default().with_depth(2);
    let found: Vec<_> =
        documents(b"a: {b: {c: {}}}\n---\na: 1\n", Loader::v2().limits(limits)).collect();
    let error = found[0].content().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Yaml(yaml::ErrorKind::Limit));
    assert!(found[1].content().is_ok());
}

#[test]
fn a_million_empty_documents_are_read_one_by_one() {
    let file = b"\n---\n".repeat(1_000_000);
    let mut last = None;
    let mut count = 0;
    for document in documents(&file, Loader::v2()) {
        assert!(document.is_empty());
        last = Some(document.place());
        count += 1;
    }
    assert_eq!((count, last.unwrap().line), (1_000_000, 1_999_999));
}

#[test]
fn many_broken_documents_cost_no_more_than_they_hold() {
    let file = b"--- a\n[\n".repeat(100_000);
    let errors =
        documents(&file, Loader::v2()).filter_map(|document| document.into_content().err());
    let lines: Vec<_> = errors.map(|error| error.place().line).collect();
    assert_eq!(lines.len(), 200_000);
    assert_eq!(lines[lines.len() - 2..], [199_999, 200_001]);
}

#[test]
fn a_truncated_file_has_its_whole_documents_and_an_error_or_a_shorter_value() {
    let file = b"kind: A\nspec: {a: [1, \"b\"]}\n---\nkind: B\ndata: 'x'\n";
    for end in 0..file.len() {
        let found = read(&file[..end]);
        if end > 31 {
            assert_eq!(found[0].kind(), Some("A"));
        }
        assert!(found.len() <= 2);
    }
    assert_eq!(read(&file[..20])[0].content().unwrap_err().place().line, 2);
}

/// Text that is likely to be structure.
fn structure() -> impl Strategy<Value = Vec<u8>> {
    let word = prop::sample::select(vec![
        "---",
        "--- ",
        "\n",
        "\n",
        "\r\n",
        "a: ",
        "- ",
        "kind: List\n",
        "items:\n",
        "kind: AList\n",
        "{",
        "}",
        "[",
        "]",
        "\"",
        "'",
        "&a ",
        "*a",
        "|\n",
        " ",
        "  ",
        "#",
        "é",
        "\u{feff}",
        "<<: ",
        "a",
        "1",
        ",",
        "? ",
        "\t",
    ]);
    prop::collection::vec(word, 0..40).prop_map(|words| words.concat().into_bytes())
}

fn check(file: &[u8]) {
    let mut previous = 0;
    let mut index = 0;
    for document in documents(file, Loader::v2()) {
        let range = document.source.range.clone();
        assert!(
            range.start >= previous || document.base().len() > 1,
            "documents overlap"
        );
        previous = range.start;
        let place = document.place();
        assert!(place.span.start <= place.span.end && place.span.end <= file.len());
        // An empty list takes an index and gives no document.
        assert!(document.index() >= index, "documents out of order");
        index = document.index();
        if let Err(error) = document.content() {
            let place = error.place();
            assert!(place.span.start <= place.span.end && place.span.end <= file.len());
        }
        if let Some(Value::Object(members)) = document.value() {
            for key in members.keys() {
                for place in [
                    document.place_of(&[key.as_str().into()]),
                    document.place_of_key(&[key.as_str().into()]),
                ] {
                    assert!(place.span.start <= place.span.end && place.span.end <= file.len());
                    let before = &file[..place.span.start];
                    if !file.starts_with(&[0xFF, 0xFE]) && !file.starts_with(&[0xFE, 0xFF]) {
                        let newlines = before.iter().filter(|byte| **byte == b'\n').count();
                        assert_eq!(place.line, newlines + 1);
                    }
                }
            }
        }
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_with_places_in_bounds(file in prop::collection::vec(any::<u8>(), 0..200)) {
        check(&file);
    }

    #[test]
    fn any_structure_is_read_with_places_in_bounds(file in structure()) {
        check(&file);
    }

    #[test]
    fn utf_16_reads_as_utf_8(file in structure()) {
        let text = String::from_utf8(file.clone()).unwrap();
        let wide: Vec<u8> = [0xFE, 0xFF].into_iter().chain(text.encode_utf16().flat_map(u16::to_be_bytes)).collect();
        check(&wide);
        prop_assume!(!text.starts_with('\u{feff}'));
        let narrow: Vec<_> = read(&file).into_iter().map(|document| (document.place().line, document.place().column, document.into_content().ok())).collect();
        let wide: Vec<_> = read(&wide).into_iter().map(|document| (document.place().line, document.place().column, document.into_content().ok())).collect();
        prop_assert_eq!(narrow, wide);
    }

    #[test]
    fn documents_are_the_pieces_of_the_stream(file in structure()) {
        let pieces: Vec<_> = yaml::split(&file).filter_map(Result::ok).map(|piece| {
            let text = piece.text().into_owned();
            Loader::v2().load(&text).ok()
        }).collect();
        let mut found = Vec::new();
        let mut last = None;
        for document in read(&file) {
            let separator = document.content().err().map(Error::kind) == Some(ErrorKind::Yaml(yaml::ErrorKind::Separator));
            if separator || last == Some(document.index()) {
                continue;
            }
            last = Some(document.index());
            found.push(document);
        }
        // Empty lists leave no document.
        prop_assert!(found.len() <= pieces.len());
        let alone: Vec<_> = found.iter().filter(|document| document.base().is_empty()).map(|document| document.value().cloned()).collect();
        let lists = |value: &Option<Value>| value.clone().is_some_and(|mut value| items(&mut value).is_some());
        let pieces: Vec<_> = pieces.into_iter().filter(|value| !lists(value)).collect();
        prop_assert_eq!(alone, pieces);
    }
}
