//! Where an entry of an archive may lie.

use std::path::{Component, Path, PathBuf};

/// How many directories may stand in one another. Deleting a tree keeps one file open for each.
const MAX_DEPTH: usize = 128;

/// Why an entry has no place in the directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Refusal {
    /// It has no name.
    Empty,
    /// Its name contains a backslash, which separates directories on some systems.
    Backslash,
    /// Its name begins at the root of the file system, or at a drive.
    Absolute,
    /// Its name leads upwards.
    Upwards,
    /// It lies in more directories than any source has.
    TooDeep,
    /// Its name cannot be one on this system.
    Unreadable,
}

/// Decides where the entry of that name lies, seen from the directory into which the archive is extracted: the empty path
/// is that directory itself.
///
/// Source: fluxcd/pkg tar v1.2.0: `untar.go (validRelPath)`, which lets `..` pass at the end of a name.
pub(super) fn place(name: &[u8]) -> Result<PathBuf, Refusal> {
    if name.is_empty() {
        return Err(Refusal::Empty);
    }
    if name.contains(&b'\\') {
        return Err(Refusal::Backslash);
    }
    if name.starts_with(b"/") {
        return Err(Refusal::Absolute);
    }
    // Upstream refuses `a../b` as well.
    if name.windows(3).any(|part| part == b"../") {
        return Err(Refusal::Upwards);
    }
    if name.contains(&0) {
        return Err(Refusal::Unreadable);
    }
    let mut place = PathBuf::new();
    for component in path(name)?.components() {
        match component {
            Component::Normal(part) => place.push(part),
            Component::CurDir => {}
            Component::ParentDir => return Err(Refusal::Upwards),
            Component::RootDir | Component::Prefix(_) => return Err(Refusal::Absolute),
        }
    }
    if place.components().count() > MAX_DEPTH {
        return Err(Refusal::TooDeep);
    }
    Ok(place)
}

#[cfg(unix)]
fn path(name: &[u8]) -> Result<&Path, Refusal> {
    use std::os::unix::ffi::OsStrExt;
    Ok(Path::new(std::ffi::OsStr::from_bytes(name)))
}

#[cfg(not(unix))]
fn path(name: &[u8]) -> Result<&Path, Refusal> {
    let name = std::str::from_utf8(name).map_err(|_| Refusal::Unreadable)?;
    Ok(Path::new(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_lies_below_the_directory_or_nowhere() {
        let deep = "a/".repeat(MAX_DEPTH + 1);
        for (name, expected) in [
            ("a", Ok("a")),
            ("abc/fileX", Ok("abc/fileX")),
            ("./a//b/./c/", Ok("a/b/c")),
            (".", Ok("")),
            ("./", Ok("")),
            ("..a", Ok("..a")),
            ("a..", Ok("a..")),
            ("...", Ok("...")),
            ("a b\n", Ok("a b\n")),
            ("", Err(Refusal::Empty)),
            ("/", Err(Refusal::Absolute)),
            ("/etc/passwd", Err(Refusal::Absolute)),
            ("..", Err(Refusal::Upwards)),
            ("../a", Err(Refusal::Upwards)),
            ("a/..", Err(Refusal::Upwards)),
            ("a/../b", Err(Refusal::Upwards)),
            ("a../b", Err(Refusal::Upwards)),
            ("a\\..\\b", Err(Refusal::Backslash)),
            ("C:\\a", Err(Refusal::Backslash)),
            ("a\0b", Err(Refusal::Unreadable)),
            (&deep, Err(Refusal::TooDeep)),
        ] {
            assert_eq!(
                place(name.as_bytes()),
                expected.map(PathBuf::from),
                "{name:?}"
            );
        }
    }
}
