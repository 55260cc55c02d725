use std::io::{Seek, SeekFrom, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use tar::{Builder, Header};

use super::super::demand::Demand;
use super::*;

/// One entry: type, name, mode, content.
type Given<'a> = (EntryType, &'a [u8], u32, &'a [u8]);

fn entry(builder: &mut Builder<impl Write>, (kind, name, mode, content): Given<'_>) {
    let mut header = Header::new_gnu();
    header.set_entry_type(kind);
    header.set_mode(mode);
    header.set_mtime(1_700_000_000);
    header.set_size(content.len() as u64);
    // Names are written as they are, for the library refuses the bad ones.
    header.as_old_mut().name[..name.len()].copy_from_slice(name);
    if kind == EntryType::Symlink || kind == EntryType::Link {
        header.set_link_name_literal("../../outside").unwrap();
    }
    header.set_cksum();
    builder.append(&header, content).unwrap();
}

fn archive(entries: &[Given<'_>]) -> Vec<u8> {
    let mut builder = Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    for given in entries {
        entry(&mut builder, *given);
    }
    builder.into_inner().unwrap().finish().unwrap()
}

fn file(name: &str, content: &'static str) -> Given<'static> {
    let name = name.to_owned().leak().as_bytes();
    (EntryType::Regular, name, 0o640, content.as_bytes())
}

/// A directory with a file beside the place of the tree, so that one sees whether anything else changes.
struct Ground(tempfile::TempDir);

impl Ground {
    fn new() -> Self {
        let ground = tempfile::tempdir().unwrap();
        fs::write(ground.path().join("outside"), "untouched").unwrap();
        Self(ground)
    }

    fn place(&self) -> PathBuf {
        self.0.path().join("tree")
    }

    fn extract(&self, bytes: &[u8], options: &ExtractOptions) -> Result<Tree, ExtractError> {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        file.seek(SeekFrom::Start(0)).unwrap();
        extract(file, &self.place(), options, &Demand::default().served())
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.place().join(path)).unwrap()
    }

    /// The names that stand in the ground, when the file beside is as it was.
    fn names(&self) -> Vec<String> {
        let outside = self.0.path().join("outside");
        assert!(fs::symlink_metadata(&outside).unwrap().is_file());
        assert_eq!(fs::read_to_string(outside).unwrap(), "untouched");
        let entries = fs::read_dir(self.0.path()).unwrap();
        let name = |entry: io::Result<fs::DirEntry>| entry.unwrap().file_name().into_string();
        let mut names: Vec<_> = entries.map(|entry| name(entry).unwrap()).collect();
        names.sort();
        names
    }
}

fn refused(bytes: &[u8], options: &ExtractOptions) -> String {
    let ground = Ground::new();
    let error = ground.extract(bytes, options).unwrap_err();
    assert_eq!(ground.names(), ["outside"], "{error}");
    error.to_string()
}

#[test]
fn files_and_directories_are_extracted_with_modes_and_times() {
    let ground = Ground::new();
    let bytes = archive(&[
        (EntryType::Directory, b"./", 0o755, b""),
        (EntryType::Directory, b"locked/", 0o555, b""),
        file("locked/a", "one"),
        (EntryType::Regular, b"implied/b/run.sh", 0o4777, b"two"),
        (EntryType::Symlink, b"link", 0o777, b""),
        (
            EntryType::XGlobalHeader,
            b"pax_global_header",
            0o666,
            b"11 comment=1\n",
        ),
    ]);
    let tree = ground.extract(&bytes, &ExtractOptions::default()).unwrap();
    assert_eq!((tree.files, tree.bytes, tree.links), (2, 6, 1));
    assert_eq!(ground.read("locked/a"), "one");
    let mode = |path: &str| {
        fs::metadata(ground.place().join(path))
            .unwrap()
            .permissions()
            .mode()
    };
    assert_eq!(mode("locked") & 0o700, 0o700);
    assert_eq!(mode("implied/b/run.sh") & 0o7700, 0o700);
    assert_eq!(mode("implied") & 0o777, 0o750);
    let metadata = fs::metadata(ground.place().join("locked/a")).unwrap();
    assert_eq!(metadata.mtime(), 1_700_000_000);
    assert!(fs::symlink_metadata(ground.place().join("link")).is_err());
    assert!(!ground.place().join("pax_global_header").exists());
}

#[test]
fn no_file_is_younger_than_now() {
    let ground = Ground::new();
    let options = ExtractOptions {
        clock: Clock::new(|| chrono::DateTime::from_timestamp(1_600_000_000, 0).unwrap()),
        ..ExtractOptions::default()
    };
    ground
        .extract(&archive(&[file("a", "")]), &options)
        .unwrap();
    let metadata = fs::metadata(ground.place().join("a")).unwrap();
    assert_eq!(metadata.mtime(), 1_600_000_000);
}

#[test]
fn the_tree_takes_the_place_of_the_old_one() {
    let ground = Ground::new();
    let options = ExtractOptions::default();
    ground
        .extract(&archive(&[file("a", "1"), file("b", "1")]), &options)
        .unwrap();
    ground
        .extract(&archive(&[file("a", "2")]), &options)
        .unwrap();
    assert_eq!(ground.read("a"), "2");
    assert!(!ground.place().join("b").exists());
    // What fails leaves it as it is.
    ground
        .extract(&archive(&[file("a", "3"), file("../x", "")]), &options)
        .unwrap_err();
    assert_eq!(ground.read("a"), "2");
    assert_eq!(ground.names(), ["outside", "tree"]);
}

#[test]
fn where_names_cannot_be_exchanged_one_is_moved_aside() {
    let ground = Ground::new();
    fs::create_dir(ground.place()).unwrap();
    fs::write(ground.place().join("a"), "1").unwrap();
    let fresh = temporary(ground.0.path()).unwrap();
    fs::write(fresh.path().join("a"), "2").unwrap();
    super::super::swap::replace(fresh, &ground.place()).unwrap();
    assert_eq!(ground.read("a"), "2");
    assert_eq!(ground.names(), ["outside", "tree"]);
}

#[test]
fn an_archive_without_entries_is_an_empty_directory() {
    let ground = Ground::new();
    let tree = ground
        .extract(&archive(&[]), &ExtractOptions::default())
        .unwrap();
    assert_eq!(tree, Tree::default());
    assert_eq!(fs::read_dir(ground.place()).unwrap().count(), 0);
}

#[test]
fn a_place_that_is_no_directory_is_left_alone() {
    let ground = Ground::new();
    symlink(ground.0.path(), ground.place()).unwrap();
    let error = ground.extract(&archive(&[file("a", "")]), &ExtractOptions::default());
    let text = format!("dir '{}' must be a directory", ground.place().display());
    assert_eq!(error.unwrap_err().to_string(), text);
    assert_eq!(ground.names(), ["outside", "tree"]);
    let above = extract(
        tempfile::tempfile().unwrap(),
        &ground.0.path().join(".."),
        &ExtractOptions::default(),
        &Demand::default().served(),
    );
    assert!(matches!(above, Err(ExtractError::NotADirectory(_))));
}

#[test]
fn names_that_lead_out_of_the_directory_are_refused() {
    for (name, text) in [
        (
            "../outside",
            r#"tar contained invalid name error "../outside""#,
        ),
        (
            "/etc/passwd",
            r#"tar contained invalid name error "/etc/passwd""#,
        ),
        (
            "a/../../outside",
            r#"tar contained invalid name error "a/../../outside""#,
        ),
        ("..", r#"tar contained invalid name error "..""#),
        ("a\\b", r#"tar contained invalid name error "a\\b""#),
    ] {
        let bytes = archive(&[file("good", "x"), file(name, "tampered")]);
        assert_eq!(refused(&bytes, &ExtractOptions::default()), text);
    }
    let bytes = archive(&[(EntryType::Directory, b"../outside/", 0o755, b"")]);
    refused(&bytes, &ExtractOptions::default());
}

#[test]
fn a_long_name_that_leads_out_is_refused_as_well() {
    let mut builder = Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    let long = format!("{}/../../outside", "a".repeat(200));
    entry(
        &mut builder,
        (
            EntryType::GNULongName,
            b"././@LongLink",
            0o644,
            long.as_bytes(),
        ),
    );
    entry(&mut builder, file("harmless", "tampered"));
    let bytes = builder.into_inner().unwrap().finish().unwrap();
    assert!(refused(&bytes, &ExtractOptions::default()).starts_with("tar contained invalid name"));
}

#[test]
fn a_link_that_an_earlier_entry_plants_is_not_followed() {
    let ground = Ground::new();
    // First a link to the file outside, then a file of that name, then one below it.
    let planted = (EntryType::Symlink, &b"d"[..], 0o777, &b""[..]);
    ground
        .extract(
            &archive(&[planted, file("d", "tampered")]),
            &ExtractOptions::default(),
        )
        .unwrap();
    assert_eq!(ground.read("d"), "tampered");
    ground
        .extract(
            &archive(&[planted, file("d/outside", "tampered")]),
            &ExtractOptions::default(),
        )
        .unwrap();
    assert_eq!(ground.read("d/outside"), "tampered");
    assert_eq!(ground.names(), ["outside", "tree"]);
}

#[test]
fn what_is_no_file_is_refused() {
    for (kind, text) in [
        (EntryType::Link, "hard link"),
        (EntryType::Char, "device"),
        (EntryType::Block, "device"),
        (EntryType::Fifo, "pipe"),
    ] {
        let bytes = archive(&[(kind, b"x", 0o644, b"")]);
        let text = format!("tar file entry x contained unsupported file type {text}");
        assert_eq!(refused(&bytes, &ExtractOptions::default()), text);
    }
    let bytes = archive(&[(EntryType::Symlink, b"x", 0o644, b"content")]);
    refused(&bytes, &ExtractOptions::default());
}

#[test]
fn limits_hold() {
    let options = |max_bytes, max_entries| ExtractOptions {
        max_bytes,
        max_entries,
        ..ExtractOptions::default()
    };
    let bytes = archive(&[file("a", "12345"), file("b", "67890")]);
    Ground::new().extract(&bytes, &options(10, 2)).unwrap();
    let text = r#"tar "b" is bigger than max archive size of 9 bytes"#;
    assert_eq!(refused(&bytes, &options(9, 2)), text);
    assert_eq!(
        refused(&bytes, &options(10, 1)),
        "tar has more than 1 entries"
    );
    // What is left out counts as well.
    let comment = (EntryType::XGlobalHeader, &b"g"[..], 0o644, &[b'a'; 20][..]);
    let text = r#"tar "g" is bigger than max archive size of 10 bytes"#;
    assert_eq!(refused(&archive(&[comment]), &options(10, 2)), text);
}

#[test]
fn a_bomb_does_not_go_off() {
    // Zeros, a thousandth of their size when compressed, where it says how much it is, and where it does not.
    let zeros = |kind| {
        let mut builder = Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
        let mut header = Header::new_gnu();
        header.set_entry_type(kind);
        header.set_path("bomb").unwrap();
        header.set_mode(0o644);
        header.set_size(128 << 20);
        header.set_cksum();
        builder
            .append(&header, io::repeat(0).take(128 << 20))
            .unwrap();
        builder.into_inner().unwrap().finish().unwrap()
    };
    let text = r#"tar "bomb" is bigger than max archive size of 104857600 bytes"#;
    assert_eq!(
        refused(&zeros(EntryType::Regular), &ExtractOptions::default()),
        text
    );
    let text = refused(&zeros(EntryType::GNULongName), &ExtractOptions::default());
    assert_eq!(text, "tar error: headers are too long");
}

#[test]
fn damage_is_found() {
    let bytes = archive(&[file("a", "some content that does not fit into a header")]);
    assert_eq!(
        refused(b"", &ExtractOptions::default()),
        "requires gzip-compressed body: gzip: invalid header"
    );
    assert_eq!(
        refused(b"PK\x03\x04", &ExtractOptions::default()),
        "requires gzip-compressed body: gzip: invalid header"
    );
    for length in [20, bytes.len() / 2] {
        assert!(refused(&bytes[..length], &ExtractOptions::default()).starts_with("tar error: "));
    }
}

#[test]
fn a_cancelled_extraction_leaves_nothing() {
    let ground = Ground::new();
    let served = Demand::default().served();
    let bytes = archive(&[file("a", "1")]);
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(&bytes).unwrap();
    file.seek(SeekFrom::Start(0)).unwrap();
    let result = extract(file, &ground.place(), &ExtractOptions::default(), &served);
    assert!(matches!(result, Err(ExtractError::Cancelled)));
    assert_eq!(ground.names(), ["outside"]);
}

fn kinds() -> impl Strategy<Value = EntryType> {
    (0_u8..=255).prop_map(EntryType::new)
}

fn part() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "..", ".", "", "a", "b", "outside", "tree", "link", "a\\b", "\u{e9}",
    ])
}

fn entries() -> impl Strategy<Value = Vec<(EntryType, String, u32, Vec<u8>)>> {
    let name = prop::collection::vec(part(), 1..5).prop_map(|parts| parts.join("/"));
    let kind = prop_oneof![
        3 => Just(EntryType::Regular),
        2 => Just(EntryType::Directory),
        1 => Just(EntryType::Symlink),
        1 => kinds(),
    ];
    let content = prop_oneof![Just(Vec::new()), prop::collection::vec(any::<u8>(), 0..600)];
    prop::collection::vec((kind, name, 0_u32..0o10000, content), 0..6)
}

proptest! {
    #[test]
    fn whatever_the_entries_are_nothing_outside_changes(entries in entries(), damage in any::<Option<prop::sample::Index>>()) {
        let given: Vec<Given<'_>> = entries.iter().map(|(kind, name, mode, content)| {
            (*kind, name.as_bytes(), *mode, content.as_slice())
        }).collect();
        let mut builder = Builder::new(Vec::new());
        for given in given {
            entry(&mut builder, given);
        }
        let mut bytes = builder.into_inner().unwrap();
        if let Some(damage) = damage {
            let at = damage.index(bytes.len());
            bytes[at] ^= 0x55;
        }
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(&bytes).unwrap();
        let ground = Ground::new();
        let extracted = ground.extract(&encoder.finish().unwrap(), &ExtractOptions::default());
        let expected: &[_] = if extracted.is_ok() { &["outside", "tree"] } else { &["outside"] };
        prop_assert_eq!(ground.names(), expected);
    }

    #[test]
    fn whatever_the_bytes_are_nothing_outside_changes(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(&bytes).unwrap();
        for bytes in [bytes, encoder.finish().unwrap()] {
            let ground = Ground::new();
            let _ = ground.extract(&bytes, &ExtractOptions::default());
            prop_assert!(ground.names().iter().all(|name| name == "outside" || name == "tree"));
        }
    }
}
