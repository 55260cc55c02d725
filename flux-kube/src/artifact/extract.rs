//! Archives become directories, whole or not at all.

use std::cell::Cell;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use flate2::bufread::MultiGzDecoder;
use fluxcd_dialect::quote::Quoted;
use tar::{Entry, EntryType};
use tempfile::TempDir;
use thiserror::Error;

use super::demand::Served;
use super::place::{Refusal, place};
use super::swap::swap;
use crate::Clock;

#[cfg(test)]
mod tests;

/// What may stand between two files of an archive: their headers, and names that are too long for one.
const MAX_HEADERS: u64 = 3 << 20;

/// Of a directory that the archive only implies.
const DIRECTORY_MODE: u32 = 0o750;

/// How much an archive may hold.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ExtractOptions {
    /// How many bytes all files may have together; 100 MiB. [`u64::MAX`] is no limit.
    pub max_bytes: u64,
    /// How many entries there may be; 250,000.
    pub max_entries: usize,
    /// No file is younger than this clock says.
    pub clock: Clock,
}

impl Default for ExtractOptions {
    fn default() -> Self {
        Self {
            max_bytes: 100 << 20,
            max_entries: 250_000,
            clock: Clock::system(),
        }
    }
}

/// What was extracted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Tree {
    /// How many files.
    pub files: usize,
    /// How many bytes they have together.
    pub bytes: u64,
    /// How many symbolic links were left out.
    pub links: usize,
}

/// Why an archive was not extracted. Nothing of it is left then.
///
/// The texts are those of fluxcd/pkg where it has such an error.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ExtractError {
    /// It is not compressed with gzip.
    #[error("requires gzip-compressed body: gzip: invalid header")]
    NotGzip,
    /// It is no tar archive, or it is damaged.
    #[error("tar error: {0}")]
    Damaged(#[source] io::Error),
    /// An entry has no place in the directory.
    #[error("tar contained invalid name error {}", Quoted(name))]
    Name {
        /// Its name.
        name: String,
        /// Why not.
        refusal: Refusal,
    },
    /// The files have more bytes than they may.
    #[error(
        "tar {} is bigger than max archive size of {limit} bytes",
        Quoted(name)
    )]
    TooLarge {
        /// The entry that is too much.
        name: String,
        /// How many they may have.
        limit: u64,
    },
    /// There are more entries than there may be.
    #[error("tar has more than {limit} entries")]
    TooMany {
        /// How many there may be.
        limit: usize,
    },
    /// An entry is neither a file nor a directory nor a symbolic link.
    #[error("tar file entry {name} contained unsupported file type {kind}")]
    Unsupported {
        /// Its name.
        name: String,
        /// What it is.
        kind: &'static str,
    },
    /// There is something else in the place of the directory.
    #[error("dir '{}' must be a directory", .0.display())]
    NotADirectory(PathBuf),
    /// The disk refused.
    #[error("{}: {source}", path.display())]
    Io {
        /// What was written.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// Whoever asked for it does not wait any more.
    #[error("cancelled")]
    Cancelled,
}

/// Extracts a compressed archive and puts the tree in the place of `directory`.
pub(super) fn extract(
    archive: File,
    directory: &Path,
    options: &ExtractOptions,
    demand: &Served,
) -> Result<Tree, ExtractError> {
    let refused = || ExtractError::NotADirectory(directory.to_owned());
    if fs::symlink_metadata(directory).is_ok_and(|found| !found.is_dir()) {
        return Err(refused());
    }
    // A path such as `a/..` has no name to put the tree at.
    let parent = match (directory.file_name(), directory.parent()) {
        (Some(_), Some(parent)) if parent != Path::new("") => parent,
        (Some(_), Some(_)) => Path::new("."),
        _ => return Err(refused()),
    };
    make_directory(parent, DIRECTORY_MODE).map_err(at(parent))?;
    let fresh = temporary(parent).map_err(at(parent))?;
    let tree = unpack(archive, fresh.path(), options, demand)?;
    let swapped = demand.finish(|| swap(fresh, directory));
    // With what was there before, whose deletion nobody has to wait for.
    drop(
        swapped
            .ok_or(ExtractError::Cancelled)?
            .map_err(at(directory))?,
    );
    Ok(tree)
}

fn at(path: &Path) -> impl Fn(io::Error) -> ExtractError {
    move |source| ExtractError::Io {
        path: path.to_owned(),
        source,
    }
}

/// Extracts into a directory of which only this function knows, so nobody plants links there, and neither does it.
fn unpack(
    archive: impl Read,
    root: &Path,
    options: &ExtractOptions,
    demand: &Served,
) -> Result<Tree, ExtractError> {
    let decoder = MultiGzDecoder::new(BufReader::with_capacity(1 << 16, archive));
    if decoder.header().is_none() {
        return Err(ExtractError::NotGzip);
    }
    let left = Cell::new(0);
    let mut archive = tar::Archive::new(Metered {
        inner: decoder,
        left: &left,
        demand,
    });
    let damaged = |error| match demand.is_over() {
        true => ExtractError::Cancelled,
        false => ExtractError::Damaged(error),
    };
    let now = options.clock.now().into();
    let mut tree = Tree::default();
    let mut total = 0_u64;
    let mut unread = 0;
    let mut entries = archive.entries().map_err(damaged)?;
    for count in 0.. {
        left.set(MAX_HEADERS.saturating_add(unread));
        let Some(entry) = entries.next() else {
            break;
        };
        let mut entry = entry.map_err(damaged)?;
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        if count >= options.max_entries {
            let limit = options.max_entries;
            return Err(ExtractError::TooMany { limit });
        }
        total = total.saturating_add(entry.size());
        if total > options.max_bytes {
            let limit = options.max_bytes;
            return Err(ExtractError::TooLarge { name, limit });
        }
        let rest = match place(&entry.path_bytes()) {
            Ok(place) => root.join(place),
            Err(refusal) => return Err(ExtractError::Name { name, refusal }),
        };
        unread = entry.size();
        match Kind::of(&mut entry).map_err(damaged)? {
            Kind::File => {
                left.set(unread);
                write_file(&mut entry, &rest, now, &damaged)?;
                tree.files += 1;
                tree.bytes += unread;
                unread = 0;
            }
            Kind::Directory => {
                let mode = entry.header().mode().map_err(damaged)? & 0o777;
                // Its owner must be able to delete it.
                make_directory(&rest, mode | 0o700).map_err(at(&rest))?;
            }
            Kind::Link => tree.links += 1,
            Kind::Comment => {}
            Kind::Unsupported(kind) => return Err(ExtractError::Unsupported { name, kind }),
        }
    }
    Ok(tree)
}

fn write_file<R: Read>(
    entry: &mut Entry<'_, R>,
    path: &Path,
    now: SystemTime,
    damaged: &impl Fn(io::Error) -> ExtractError,
) -> Result<(), ExtractError> {
    let mode = entry.header().mode().map_err(damaged)? & 0o777;
    let modified = entry.header().mtime().map_err(damaged)?;
    let modified = SystemTime::UNIX_EPOCH.checked_add(std::time::Duration::from_secs(modified));
    if let Some(parent) = path.parent() {
        make_directory(parent, DIRECTORY_MODE).map_err(at(parent))?;
    }
    let mut file = make_file(path, mode).map_err(at(path))?;
    let mut buffer = vec![0; 1 << 16];
    let mut left = entry.size();
    while left > 0 {
        let read = entry.read(&mut buffer).map_err(damaged)?;
        let bytes = buffer.get(..read).unwrap_or_default();
        if bytes.is_empty() {
            return Err(damaged(io::ErrorKind::UnexpectedEof.into()));
        }
        file.write_all(bytes).map_err(at(path))?;
        left = left.saturating_sub(read as u64);
    }
    let modified = modified.map_or(now, |modified| modified.min(now));
    file.set_modified(modified).map_err(at(path))
}

/// What an entry is.
enum Kind {
    File,
    Directory,
    Link,
    /// Of the whole archive, as `git archive` writes it.
    Comment,
    Unsupported(&'static str),
}

impl Kind {
    fn of<R: Read>(entry: &mut Entry<'_, R>) -> io::Result<Self> {
        let kind = entry.header().entry_type();
        let data = entry.size() > 0;
        // Before there was a type for directories, a slash made one.
        let old = entry.header().as_old().linkflag == [0] && entry.path_bytes().ends_with(b"/");
        Ok(match kind {
            EntryType::Regular if old && !data => Self::Directory,
            EntryType::Regular | EntryType::Continuous => {
                for extension in entry.pax_extensions()?.into_iter().flatten() {
                    if extension?.key_bytes().starts_with(b"GNU.sparse.") {
                        return Ok(Self::Unsupported("sparse file"));
                    }
                }
                Self::File
            }
            EntryType::GNUSparse => Self::File,
            EntryType::XGlobalHeader => Self::Comment,
            EntryType::Directory if !data => Self::Directory,
            EntryType::Symlink if !data => Self::Link,
            // Readers do not agree on where the next entry begins.
            EntryType::Directory => Self::Unsupported("directory with content"),
            EntryType::Symlink => Self::Unsupported("symbolic link with content"),
            EntryType::Link => Self::Unsupported("hard link"),
            EntryType::Char | EntryType::Block => Self::Unsupported("device"),
            EntryType::Fifo => Self::Unsupported("pipe"),
            _ => Self::Unsupported("unknown"),
        })
    }
}

fn make_directory(path: &Path, mode: u32) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, mode);
    #[cfg(not(unix))]
    let _ = mode;
    builder.recursive(true).create(path)
}

/// A new file, or the one of an earlier entry of that name, emptied.
fn make_file(path: &Path, mode: u32) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode);
    #[cfg(not(unix))]
    let _ = mode;
    options.open(path)
}

fn temporary(parent: &Path) -> io::Result<TempDir> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".artifact-");
    #[cfg(unix)]
    let mode = std::os::unix::fs::PermissionsExt::from_mode(DIRECTORY_MODE);
    #[cfg(unix)]
    builder.permissions(mode);
    builder.tempdir_in(parent)
}

/// Gives no more bytes than there are left, and none when it is cancelled: a megabyte of zeros takes a kilobyte.
struct Metered<'a, R> {
    inner: R,
    left: &'a Cell<u64>,
    demand: &'a Served,
}

impl<R: Read> Read for Metered<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.demand.is_over() {
            return Err(io::Error::other("cancelled"));
        }
        let read = self.inner.read(buffer)?;
        let left = self.left.get().checked_sub(read as u64);
        let too_long = || io::Error::other("headers are too long");
        self.left.set(left.ok_or_else(too_long)?);
        Ok(read)
    }
}
