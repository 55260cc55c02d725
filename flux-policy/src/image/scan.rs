//! What a scan of a registry stores.

use std::fmt::Write;

use chrono::{DateTime, Utc};
use fluxcd_api::image::v1::ScanResult;
use fluxcd_api::meta::time;
use sha2::{Digest, Sha256};

use super::exclusion::Exclusions;

/// What a scan keeps of the tags of a registry, and what it leaves out. Tags are borrowed.
///
/// Source: `image-reflector-controller: internal/controller/imagerepository_controller.go (scan, filterOutTags,
/// sortTagsAndGetLatestTags)` v1.2.4.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scan<'a> {
    /// What is stored: the tags that no pattern matches, descending by bytes; a tag that the registry lists twice stands
    /// twice. Policies read this list, and its order decides between tags that they hold equal.
    pub stored: Vec<&'a str>,
    /// The other tags, in the order of the registry.
    pub excluded: Vec<Excluded<'a>>,
}

/// A tag that is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Excluded<'a> {
    /// The tag.
    pub tag: &'a str,
    /// The first pattern that matches it.
    pub pattern: &'a str,
}

/// Where the controller stores tags: it decides how the revision of a list is computed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum TagStorage {
    /// A database within the controller, under the canonical name of the image: repositories of the same image share
    /// one list, and the last scan wins.
    #[default]
    Database,
    /// Files, one for each ImageRepository: gate `FluxStorage`.
    Files,
}

/// How many tags `status.lastScanResult.latestTags` shows.
const LATEST_TAGS: usize = 10;

impl<'a> Scan<'a> {
    /// Sorts out what a registry lists.
    ///
    /// # Examples
    ///
    /// ```
    /// use fluxcd_policy::image::{Exclusions, Scan, TagStorage};
    ///
    /// let exclusions = Exclusions::compile(&[])?;
    /// let scan = Scan::of(&exclusions, ["1.0.1", "sha256-4f2a.sig", "1.0.2"]);
    /// assert_eq!(scan.stored, ["1.0.2", "1.0.1"]);
    /// assert_eq!(scan.excluded[0].pattern, r"^.*\.sig$");
    /// assert_eq!(scan.revision(TagStorage::Database), "496239434");
    /// # Ok::<(), fluxcd_policy::image::ExclusionError>(())
    /// ```
    #[must_use]
    pub fn of(exclusions: &'a Exclusions, tags: impl IntoIterator<Item = &'a str>) -> Self {
        let (mut stored, mut excluded) = (Vec::new(), Vec::new());
        for tag in tags {
            match exclusions.matched_by(tag) {
                Some(pattern) => excluded.push(Excluded { tag, pattern }),
                None => stored.push(tag),
            }
        }
        stored.sort_unstable_by(|a: &&str, b| b.cmp(a));
        Self { stored, excluded }
    }

    /// The first ten of the stored tags.
    #[must_use]
    pub fn latest_tags(&self) -> &[&'a str] {
        self.stored.get(..LATEST_TAGS).unwrap_or(&self.stored)
    }

    /// The checksum of the stored tags. Policies run when it changes.
    ///
    /// Adler-32 of the list as Go writes it in JSON, in decimal; or `sha256:` and the hash of the tags, each with a
    /// newline.
    ///
    /// Source: `image-reflector-controller: internal/database/badger.go (SetTags)`,
    /// `internal/storage/filesystem.go (SetTags)` v1.2.4.
    #[must_use]
    pub fn revision(&self, storage: TagStorage) -> String {
        match storage {
            TagStorage::Database => {
                let mut sum = Adler32::default();
                let mut separator = "[";
                for tag in &self.stored {
                    sum.update(separator.as_bytes());
                    write_json(tag, &mut sum);
                    separator = ",";
                }
                sum.update(if self.stored.is_empty() { b"[]" } else { b"]" });
                sum.value().to_string()
            }
            TagStorage::Files => {
                let mut hash = Sha256::new();
                for tag in &self.stored {
                    hash.update(tag);
                    hash.update("\n");
                }
                let mut text = "sha256:".to_owned();
                for byte in hash.finalize() {
                    // Writing to a text cannot fail.
                    let _ = write!(text, "{byte:02x}");
                }
                text
            }
        }
    }

    /// What becomes `status.lastScanResult` of a scan at that time.
    #[must_use]
    pub fn result(&self, storage: TagStorage, at: DateTime<Utc>) -> ScanResult {
        let latest: Vec<String> = self
            .latest_tags()
            .iter()
            .map(|&tag| tag.to_owned())
            .collect();
        ScanResult {
            revision: Some(self.revision(storage)),
            tag_count: i64::try_from(self.stored.len()).unwrap_or(i64::MAX),
            scan_time: time::from_chrono(at),
            latest_tags: Some(latest).filter(|tags| !tags.is_empty()),
        }
    }
}

/// What `Ready` of the ImageRepository says after a scan.
///
/// Source: `image-reflector-controller: internal/controller/imagerepository_controller.go (reconcile)` v1.2.4.
#[must_use]
pub fn scan_message(result: &ScanResult) -> String {
    let revision = result.revision.as_deref().unwrap_or_default();
    format!(
        "successful scan: found {} tags with checksum {revision}",
        result.tag_count
    )
}

/// A JSON text as Go's `json.Marshal` writes it, which also escapes what HTML would read.
///
/// Source: Go 1.26: `src/encoding/json/encode.go (appendString)`.
fn write_json(text: &str, sum: &mut Adler32) {
    sum.update(b"\"");
    for character in text.chars() {
        match character {
            '"' => sum.update(br#"\""#),
            '\\' => sum.update(br"\\"),
            '\u{8}' => sum.update(br"\b"),
            '\u{c}' => sum.update(br"\f"),
            '\n' => sum.update(br"\n"),
            '\r' => sum.update(br"\r"),
            '\t' => sum.update(br"\t"),
            '\0'..=' ' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' if character != ' ' => {
                sum.update(format!("\\u{:04x}", u32::from(character)).as_bytes());
            }
            _ => sum.update(character.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    sum.update(b"\"");
}

/// The checksum of RFC 1950.
struct Adler32 {
    a: u32,
    b: u32,
}

impl Default for Adler32 {
    fn default() -> Self {
        Self { a: 1, b: 0 }
    }
}

impl Adler32 {
    fn update(&mut self, bytes: &[u8]) {
        const PRIME: u32 = 65521;
        // More bytes than that could overflow the sums before they are reduced.
        for block in bytes.chunks(5552) {
            for byte in block {
                self.a += u32::from(*byte);
                self.b += self.a;
            }
            self.a %= PRIME;
            self.b %= PRIME;
        }
    }

    fn value(&self) -> u32 {
        self.b << 16 | self.a
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keep_all() -> Exclusions {
        Exclusions::compile(&["^$".to_owned()]).unwrap()
    }

    fn checksum(tags: &[&str]) -> String {
        Scan::of(&keep_all(), tags.iter().copied()).revision(TagStorage::Database)
    }

    #[test]
    fn revisions_are_those_of_both_storages() {
        let exclusions = keep_all();
        let scan = Scan::of(&exclusions, ["v1.0.0", "v1.1.0"]);
        assert_eq!(scan.revision(TagStorage::Database), "728237108");
        assert_eq!(
            scan.revision(TagStorage::Files),
            "sha256:e366b3978bba0d338c9a38a72449d1b8dcc253a09298faba49bc89e48942df11"
        );
        assert_eq!(checksum(&[]), "18153657");
    }

    #[test]
    fn the_text_of_the_revision_is_escaped_as_go_escapes_it() {
        for (tag, json) in [
            ("a \u{7f}é\u{ffff}", "[\"a \u{7f}é\u{ffff}\"]"),
            ("<a>&\"\\", r#"["\u003ca\u003e\u0026\"\\"]"#),
            ("\u{8}\u{c}\n\r\t", r#"["\b\f\n\r\t"]"#),
            (
                "\0\u{1f}\u{2028}\u{2029}",
                r#"["\u0000\u001f\u2028\u2029"]"#,
            ),
        ] {
            let mut sum = Adler32::default();
            sum.update(json.as_bytes());
            assert_eq!(checksum(&[tag]), sum.value().to_string(), "{json}");
        }
    }

    #[test]
    fn long_texts_do_not_overflow_the_checksum() {
        let mut sum = Adler32::default();
        sum.update(&vec![0xFF; 100_000]);
        // zlib.adler32(b"\xff" * 100000)
        assert_eq!(sum.value(), 0x149A_302C);
    }

    #[test]
    fn ten_tags_are_shown_and_none_is_no_list() {
        let exclusions = keep_all();
        let tags: Vec<String> = (0..11).map(|number| number.to_string()).collect();
        let scan = Scan::of(&exclusions, tags.iter().map(String::as_str));
        let result = scan.result(TagStorage::Files, DateTime::UNIX_EPOCH);
        assert_eq!(result.tag_count, 11);
        assert_eq!(result.latest_tags.unwrap().len(), 10);
        assert_eq!(scan.latest_tags().first(), Some(&"9"));
        let none = Scan::of(&exclusions, []).result(TagStorage::Database, DateTime::UNIX_EPOCH);
        assert_eq!((none.tag_count, &none.latest_tags), (0, &None));
        assert_eq!(
            scan_message(&none),
            "successful scan: found 0 tags with checksum 18153657"
        );
    }

    #[test]
    fn the_order_of_the_registry_does_not_matter() {
        let exclusions = keep_all();
        let one = Scan::of(&exclusions, ["b", "é", "a", "b"]);
        let other = Scan::of(&exclusions, ["b", "b", "a", "é"]);
        assert_eq!(one, other);
        assert_eq!(one.stored, ["é", "b", "b", "a"]);
    }
}
